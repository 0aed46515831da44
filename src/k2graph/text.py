"""Text of others made harmless for where it is shown, one function for each such place; and the names that somebody may have meant.

Text for LaTeX is made by `k2graph.reports.references`, which has a library for it.
"""

import difflib
import html
import re
from collections.abc import Iterable

# Control characters, among them the escape that moves a cursor or sets a colour: text from a graph must not do either.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
#: What XML, and so Word, cannot hold beside control characters.
_NO_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_ODD_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-F]{4}_)")
#: A decimal number as XML Schema spells it: its sign, its digits, its exponent.
NUMBER = re.compile(r"([+-]?)(\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?", re.ASCII)
# An underscore between letters begins and ends nothing.
_MARKUP = re.compile(r"[\\`*{}\[\]<>#$~^|!&@]|(?<![^\W_])_|_(?![^\W_])|:(?=[\w+-]+:|//)|(?i:(?<=www))[.-]")
_BEGINS_BLOCK = re.compile(r"^(?:(?=[-+=])|(\d+)(?=[.)](?:\s|$)))")
#: An address that stands by itself or in brackets, with all that follows it up to the next space. A link's is neither: [a](https://b).
_ADDRESS = re.compile(r"(?:(?<!\S)|(?<=\s\())(https?://[^\s<>]+)")
_BEHIND = ".,;:!?'\"])"
#: What some reader of Markdown takes for something else, or shows as something else, within <>.
_NOT_PLAIN = re.compile(r"[^!-~]|[\\`|\"%]|&#?\w+;")


def clean(text: str) -> str:
    """Text that a terminal shows and does not obey.

    >>> clean("MK-7" + chr(27) + "[31m")
    'MK-7 [31m'
    """
    return _CONTROL.sub(" ", text)


def one_line(text: str) -> str:
    """Text on one line, as any form can hold it: no characters that steer, none that XML has no place for, single spaces."""
    return " ".join(_NO_XML.sub("\ufffd", clean(text)).split())


def markdown_text(text: str, *, begins_block: bool = False, is_in_link: bool = False) -> str:
    r"""Text that every reader of Markdown shows as it is, on one line; a web address that stands by itself is a link, and whole.

    `begins_block`: nothing but the sign of a list stands before it on its line. `is_in_link`: it is the text of a link, in which there
    can be no other.

    >>> markdown_text("MK-7 [click](https://evil.example)")
    'MK-7 \\[click\\](https\\://evil.example)'
    >>> markdown_text("p <0.001, see https://example.org/a_b."), markdown_text("1. a", begins_block=True)
    ('p \\<0.001, see <https://example.org/a_b>.', '1\\. a')
    """
    parts = [one_line(text)] if is_in_link else _ADDRESS.split(one_line(text))
    shown = "".join(_link(part) if place % 2 else _escaped(part) for place, part in enumerate(parts))
    return _BEGINS_BLOCK.sub(r"\1\\", shown) if begins_block else shown


def _link(text: str) -> str:
    """An address, less the punctuation of the sentence that it stands in, as a link that shows where it leads."""
    address = text
    # A bracket belongs to the address where one within it is open.
    while address[-1] in _BEHIND and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    behind = _escaped(text[len(address) :])
    if _NOT_PLAIN.search(address):
        return f"[{_escaped(address)}](<{_escaped(address)}>){behind}"
    return f"<{address}>{behind}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def html_text(text: str) -> str:
    """Text for an element or a quoted attribute of HTML.

    >>> html_text("<b>MK-7</b>" + chr(27))
    '&lt;b&gt;MK-7&lt;/b&gt; '
    """
    return html.escape(clean(text))


def xml_text(text: str) -> str:
    r"""Text as XML 1.0 can hold it: other characters become `_xHHHH_`, as in Office Open XML (ECMA-376 part 1, 22.9.2.19).

    So does an underscore that would make the text look as if it had been written so.

    A carriage return is one of them, since every XML reader makes a line feed of it.

    >>> xml_text("a\x00b _x0000_ <c>")
    'a_x0000_b _x005F_x0000_ <c>'
    """
    return _ODD_XML.sub(lambda odd: f"_x{ord(odd[0]):04X}_", text)


def inert(cell: str) -> str:
    """Text that no spreadsheet runs as a formula: where it would, an apostrophe leads it.

    >>> inert("=1+1"), inert("-0.5"), inert("-1e-05"), inert("MK-7")
    ("'=1+1", '-0.5', '-1e-05', 'MK-7')
    """
    # https://owasp.org/www-community/attacks/CSV_Injection: spreadsheets run cells that begin like this. Numbers stay numbers.
    risky = cell[:1] in {"=", "+", "@", "\t", "\r"} or (cell[:1] == "-" and not NUMBER.fullmatch(cell))
    return "'" + cell if risky else cell


def headed(text: str) -> str:
    """A text as a heading or a sentence begins: its first letter a capital, the others as they are.

    >>> headed("serve the graph: SPARQL"), headed("")
    ('Serve the graph: SPARQL', '')
    """
    return text[:1].upper() + text[1:]


def did_you_mean(word: str, known: Iterable[str], most: int = 3) -> str:
    """The known words that are near by spelling, in whatever case, then those that share a part between hyphens; or nothing.

    >>> did_you_mean("warfrin", ["warfarin", "heparin"]), did_you_mean("interactions", ["drug-interactions"]), did_you_mean("?", ["a"])
    ("; did you mean 'warfarin'?", "; did you mean 'drug-interactions'?", '')
    """
    spelt: dict[str, list[str]] = {}
    for each in sorted(known):
        spelt.setdefault(each.casefold(), []).append(each)
    wanted = word.casefold()
    near = difflib.get_close_matches(wanted, spelt, n=most, cutoff=0.6)
    # Nothing between two hyphens is in common to many addresses, and says nothing.
    parts = {*wanted.split("-")} - {""}
    near += [each for each in spelt if each not in near and parts & {*each.split("-")}]
    meant = [each for folded in near for each in spelt[folded]]
    return "; did you mean " + " or ".join(map(repr, meant[:most])) + "?" if meant else ""
