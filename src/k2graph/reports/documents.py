"""A document of headings, paragraphs, lists, tables and pictures, written as Markdown, HTML or Word: the same words in each.

Whatever a text holds, it is text there: nothing in it is obeyed as markup, and no character that steers is left in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import require
from ..text import markdown_text
from .elements import Contents, Element, Figure, Heading, Link, Paragraph, Points, Strong, Table, Text, Turn, listed, names_of, spans
from .html_page import element_html, page
from .word import word

__all__ = [
    "Contents", "Document", "Element", "Figure", "Heading", "Link", "Paragraph", "Points", "Strong", "Table", "Text", "Turn", "markdown",
    "page", "word",
]  # fmt: skip


@dataclass(frozen=True)
class Document:
    """The elements of a document, which shows itself in a notebook; `newest` is the year that a Word file says it is of."""

    elements: Sequence[Element]
    newest: int = 2000

    def to_markdown(self) -> str:
        """GitHub-flavoured Markdown."""
        return markdown(self.elements)

    def to_html(self) -> str:
        """One HTML page, without scripts and without anything from elsewhere."""
        return page(self.elements)

    def to_word(self, paper: str = "a4") -> bytes:
        """A Word document, on `a4` or `letter`.

        Raises:
            InputError: where python-docx is not installed.
        """
        require("writing Word", "review", "docx")
        return word(self.elements, self.newest, paper=paper)

    def _repr_html_(self) -> str:
        return "\n".join(element_html(element, self.elements) for element in self.elements)


def markdown(elements: Iterable[Element]) -> str:
    """GitHub-flavoured Markdown; its pictures are files beside it."""
    everything = list(elements)
    return "\n".join(filter(None, (_markdown(element, everything) for element in everything)))


def _markdown(element: Element, everything: Sequence[Element]) -> str:
    match element:
        case Heading():
            return f"{_place(element.name)}{'#' * element.level} {markdown_text(element.text)}\n"
        case Paragraph():
            return f"{_place(element.name)}{_markdown_spans(element.text)}\n"
        case Points():
            named = zip(element.texts, names_of(element.names, element.texts), strict=True)
            return "".join(f"- {_anchor(name)}{_markdown_spans(text)}\n" for text, name in named)
        case Figure():
            return f"![{markdown_text(element.alt, is_in_link=True)}]({element.file})\n"
        case Contents():
            headings = listed(element, everything)
            entries = (f"{'  ' * (each.level - 2)}- [{markdown_text(each.text, is_in_link=True)}](#{each.name})\n" for each in headings)
            return f"## {markdown_text(element.text)}\n\n{''.join(entries)}"
        case Turn():
            return ""
    head = [[*map(markdown_text, element.columns)], ["---"] * len(element.columns)]
    rows = [*head, *([*map(_markdown_spans, row)] for row in element.rows)]
    names = ["", "", *names_of(element.names, element.rows)]
    return "".join(f"| {_anchor(name)}{' | '.join(row)} |\n" for row, name in zip(rows, names, strict=True))


def _place(name: str) -> str:
    return f"{_anchor(name)}\n\n" if name else ""


def _anchor(name: str) -> str:
    """The place of a name; GitHub makes names of headings by itself, which change with their words."""
    return f'<a id="{name}"></a>' if name else ""


def _markdown_spans(text: Text) -> str:
    shown, begins = [], True
    for part in spans(text):
        if isinstance(part, str):
            ends = (" " * part[:1].isspace(), " " * (len(part) > 1 and part[-1:].isspace()))
            shown.append(ends[0] + markdown_text(part, begins_block=begins) + ends[1])
        elif isinstance(part, Strong):
            shown.append(f"**{markdown_text(part.text)}**")
        else:
            target = f"#{part.place}" if part.place else f"<{part.address}>" if part.address else ""
            shown.append(f"[{markdown_text(part.text, is_in_link=True)}]({target})" if target else markdown_text(part.text))
        begins = False
    return "".join(shown)
