"""What a document is made of: headings, paragraphs, lists, tables, pictures, a list of contents; texts in them may be links or strong.

A place that links lead to has a name of ours, of letters, digits and hyphens; no text of a graph is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..text import one_line

#: Per cent of the width of a wide page that a letter of a table takes, and that a column has at least.
_OF_A_LETTER, _NARROWEST = 0.66, 4.0
_WEB = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A text that leads to `#name` in the document, or to an address of the web; any other target makes it plain text."""

    text: str
    target: str

    @property
    def place(self) -> str:
        """The name of the place in the document, or nothing."""
        return self.target[1:] if self.target[:1] == "#" else ""

    @property
    def address(self) -> str:
        """The address on the web, or nothing."""
        return self.target if _WEB.fullmatch(self.target) else ""


@dataclass(frozen=True)
class Strong:
    """A text that stands out."""

    text: str


Span: TypeAlias = str | Link | Strong
#: A text, or one in parts, between which no space is put.
Text: TypeAlias = str | tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the document's title. `name` is that of the place."""

    level: int
    text: str
    name: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that begins with a word of ours."""

    text: Text
    name: str = ""


@dataclass(frozen=True)
class Points:
    """A list; `names` are those of the places of its points, where they have some."""

    texts: Sequence[Text]
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """Columns and rows of text, with what the table is of for those who do not see it; `names` are those of the places of its rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Text]]
    title: str = ""
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Figure:
    """A picture: `alt` says in words what is seen, `file` is where a Markdown file has it beside itself, `width` is in pixels of a page."""

    alt: str
    file: str
    width: float
    svg: bytes
    png: Callable[[], bytes]


@dataclass(frozen=True)
class Contents:
    """The list of the headings behind it that have a name, down to a level, under a heading of its own."""

    text: str = "Contents"
    deepest: int = 3


@dataclass(frozen=True)
class Turn:
    """From here on pages are wide, or upright again; where there are no pages it is nothing."""

    wide: bool


Element: TypeAlias = Heading | Paragraph | Points | Table | Figure | Contents | Turn


def spans(text: Text) -> tuple[Span, ...]:
    """The parts of a text, each on one line, with no more than one space between two words."""
    found: list[Span] = []
    for part in (text,) if isinstance(text, str) else text:
        inner = part if isinstance(part, str) else part.text
        line = one_line(inner)
        # A space at either end of a part parts words, and so stays.
        before, after = (" " * (end.isspace() and bool(found or side)) for side, end in enumerate((inner[:1], inner[-1:])))
        if isinstance(part, Link):
            found.append(Link(line, part.target))
        elif isinstance(part, Strong):
            found.append(Strong(line))
        elif line or found:
            found.append(f"{before if line else ''}{line}{after}")
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return tuple(part for part in found if part)


def plain(text: Text) -> str:
    """A text without its links, on one line."""
    return one_line("".join(part if isinstance(part, str) else part.text for part in spans(text)))


def listed(contents: Contents, elements: Iterable[Element]) -> list[Heading]:
    """The headings that a list of contents has: those behind it that have a name, as deep as it goes."""
    headings, behind = [], False
    for element in elements:
        behind = behind or element is contents
        if behind and isinstance(element, Heading) and element.name and 1 < element.level <= contents.deepest:
            headings.append(element)
    return headings


def names_of(names: Sequence[str], things: Sequence[object]) -> list[str]:
    """The names of the places of things, of which some or all may have none."""
    return [*names, *[""] * (len(things) - len(names))]


def widths(table: Table) -> list[int]:
    """The share that each column has of the width of a table, in per cent, by how much is in it; together 100.

    >>> widths(Table(("a", "b"), [("x", "much more text than the other has")]))
    [10, 90]
    """
    if not table.columns:
        return []
    least, needs = [], []
    for place, column in enumerate(table.columns):
        texts = [column, *(plain(row[place]) for row in table.rows)]
        # Few long texts shall not take the room of many that are neither long nor short; and no word is broken where that can be helped.
        lengths = sorted(map(len, texts))
        needs.append(((sum(lengths) / len(lengths) + lengths[len(lengths) * 9 // 10]) / 2) ** 0.85)
        least.append(max(_OF_A_LETTER * min(max((len(word) for text in texts for word in text.split()), default=1), 17), _NARROWEST))
    # What a column needs at least it has before the rest is shared out; where that is too much for the page, all have less.
    free = max(100 - sum(least), 0.0)
    exact = [low * min(1, 100 / sum(least)) + free * need / sum(needs) for low, need in zip(least, needs, strict=True)]
    shares = [max(round(share), 1) for share in exact]
    widest = max(range(len(shares)), key=shares.__getitem__)
    shares[widest] += 100 - sum(shares)
    return shares
