"""What a spreadsheet program leaves behind in a table: dates, error words, quotes, exponents, letters read in another encoding.

In: the bytes of a file, a header or the text of a cell. Out: what is wrong and the way out, in words for the curator, or nothing.
"""

import re
from collections.abc import Iterable, Iterator

from ..errors import Fault

# What Excel, LibreOffice and Numbers call the months in English, German, French, Spanish, Italian, Portuguese and Dutch.
_MONTH = (
    "(?:Jan|Feb|Mar|Mär|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sept?|Oct|Okt|Nov|Dec|Dez"
    "|janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|ene|feb|mar|abr|may|jun|jul|ago|sep|dic"
    "|gen|apr|mag|giu|lug|set|ott|fev|out|mrt|mei|okt|dec)"
)
# Day and month in one cell, month and year, and a date in numbers. `Oct-4` is none of them: spreadsheets write the day first, or two digits
# of a year, and it is also the name of a gene.
_DATE = re.compile(
    rf"\d{{1,2}}(?:[-/.]|\. ){_MONTH}\.?(?:[-/. ]{{1,2}}\d{{2,4}})?|{_MONTH}\.?[-/.]\d{{2}}(?:\d\d)?"
    r"|(?:19|20)\d\d-[01]\d-[0-3]\d(?:[ T][\d:.]+)?|[0-3]?\d(?P<d>[/.])[0-3]?\d(?P=d)(?:19|20)\d\d(?: [\d:.]+)?|[01]?\d/[0-3]?\d/\d\d"
)
_ERROR = re.compile(r"#(?:N/A|NV|N/D|[\w/.¡]{3,12}[!?])")
_EXPONENT = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d{1,3}")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# Any of them in a line, in one go: nearly all lines have none.
_ANY = "|".join(each.pattern for each in (_DATE, _ERROR, _EXPONENT, _THOUSANDS))
_SUSPECT = re.compile(rf'(?:^|[\t|])(?:"|(?:{_ANY})(?=[\t|]|$))|""')

# The characters that stand for the bytes 0x80 to 0xBF where text in UTF-8 is read as Windows-1252.
_HIGH = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_LETTERS = f"[{re.escape(_HIGH)}]"
# Two or three bytes in UTF-8: Latin letters, Greek, signs and quotes. Other letters may well stand side by side.
_MOJIBAKE = re.compile(rf"[ÂÃÄÅÎÏ]{_LETTERS}|[âï]{_LETTERS}{{2}}")
# Behind these a quote or a dash may well follow in true text, such as a name in capitals.
_QUOTES = "‘’“”–—…"
# What Windows-1252 leaves open is read as the control character of that number.
_OPEN = "\x81\x8d\x8f\x90\x9d"


def is_suspect(line: str) -> bool:
    """Whether a line of ASCII could hold what `cell_fault` looks for; where it could not, cells need not be looked at one by one."""
    return bool(_SUSPECT.search(line))


def cell_fault(cell: str, *, is_number: bool, is_quotation: bool) -> str:
    """What a spreadsheet has made of a cell and the way out; empty where nothing is to be seen.

    A column of numbers has words of its own for a comma or an exponent; in a quotation a date may stand as it does in its source.
    """
    if "\ufffd" in cell:
        return "holds U+FFFD in place of a letter that was lost; type it again from the source, and save the file as UTF-8"
    spoilt = _mojibake(cell)
    if spoilt:
        return f"holds {spoilt[0]!r}, which is {spoilt[1]!r} read in another encoding; open the file as UTF-8 and type it again"
    if '""' in cell or (len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1]):
        return "is put in quotes, as a spreadsheet saves a cell; take the outer quotes away and write inner ones once"
    for value in cell.split("|"):
        if _ERROR.fullmatch(value):
            return f"{value!r} is a spreadsheet's error, not a value; put in what belongs there, or leave the cell empty"
        if not is_quotation and _DATE.fullmatch(value):
            return f"{value!r} is a date that a spreadsheet made of something else; type in what the source says, in a column of text"
        if not is_number and not is_quotation and _EXPONENT.fullmatch(value):
            return f"{value!r} is a number that a spreadsheet has cut to an exponent; type in all its digits, in a column of text"
        if not is_number and not is_quotation and _THOUSANDS.fullmatch(value):
            return f"{value!r} holds separators of thousands; write {value.replace(',', '')}"
    return ""


def _mojibake(cell: str) -> tuple[str, str] | None:
    """The first letters that were read in another encoding, and what they were."""
    if cell.isascii():
        return None
    for found in _MOJIBAKE.finditer(cell):
        letters = found[0]
        if letters[0] in "ÄÅÎÏ" and letters[1] in _QUOTES:
            continue
        raw = b"".join(letter.encode("cp1252") if letter not in _OPEN else bytes([ord(letter)]) for letter in letters)
        try:
            return letters, raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None


def utf8_fault(name: str, raw: bytes) -> Fault | None:
    """What is wrong with a file that should be UTF-8 without a byte order mark; nothing where it is."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        broken = raw.count(b"\n", 0, error.start) + 1
        return Fault(name, broken, "", f"not UTF-8 (byte {raw[error.start]:#04x}); save the file as UTF-8 without a byte order mark")
    if text.startswith("\ufeff"):
        return Fault(name, 1, "", "begins with a byte order mark; save the file as UTF-8 without one")
    return None


def encoding_fault(raw: bytes) -> str:
    """That a file is not in UTF-8 but in UTF-16, and how to save it from a spreadsheet; empty where it is not."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(raw) > 1 and 0 in raw[:2] and raw[:200].count(0) * 3 > len(raw[:200])):
        return (
            "is in UTF-16, which Excel saves as Unicode Text; open it in a text editor and save it in UTF-8, "
            "or save it from LibreOffice as Text CSV with the character set UTF-8, the field delimiter {Tab} and no text delimiter"
        )
    return ""


def separator_fault(first: str, columns: Iterable[str]) -> str:
    """That the cells of a header are divided by commas or semicolons; empty where they are not."""
    for name, separator in (("commas", ","), ("semicolons", ";")):
        names = {part.strip().strip('"') for part in first.split(separator)}
        if "\t" not in first and len(names & set(columns)) > 1:
            return (
                f"its cells are divided by {name}, not by tabs; save it as text divided by tabs, in UTF-8 "
                "(LibreOffice: Text CSV with the field delimiter {Tab} and no text delimiter)"
            )
    return ""


def nameless(header: list[str]) -> Iterator[str]:
    """What to do about each column that has no name."""
    for number, column in enumerate(header, 1):
        if not column:
            yield f"column {number} has no name; take away the tab that makes it, on every line, or give it its name"
