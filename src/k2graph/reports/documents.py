"""A document of headings, paragraphs, lists and tables, written as Markdown, HTML or Word: the same words in each.

Whatever a text holds, it is text there: nothing in it is obeyed as markup, and no character that steers is left in it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import require
from ..text import html_text, markdown_text, one_line


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the document's title."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that begins with a word of ours."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Columns and rows of text."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


Element = Heading | Paragraph | Points | Table


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

    def to_word(self) -> bytes:
        """A Word document.

        Raises:
            InputError: where python-docx is not installed.
        """
        require("writing Word", "review", "docx")
        return word(self.elements, self.newest)

    def _repr_html_(self) -> str:
        return "\n".join(map(_html, self.elements))


def markdown(elements: Iterable[Element]) -> str:
    """GitHub-flavoured Markdown."""
    return "\n".join(map(_markdown, elements))


def _markdown(element: Element) -> str:
    if isinstance(element, Heading):
        return f"{'#' * element.level} {markdown_text(element.text)}\n"
    if isinstance(element, Paragraph):
        return f"{markdown_text(element.text, begins_block=True)}\n"
    if isinstance(element, Points):
        return "".join(f"- {markdown_text(text, begins_block=True)}\n" for text in element.texts)
    rows = [[*map(markdown_text, element.columns)], ["---"] * len(element.columns), *([*map(markdown_text, row)] for row in element.rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word}th{background:#eee}"
)


def page(elements: Sequence[Element]) -> str:
    """One HTML page, without scripts and without anything from elsewhere."""
    title = next((element.text for element in elements if isinstance(element, Heading)), "")
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_escaped(title)}</title><style>{_STYLE}</style>'
    )
    body = "\n".join(map(_html, elements))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _html(element: Element) -> str:
    if isinstance(element, Heading):
        return f"<h{element.level}>{_escaped(element.text)}</h{element.level}>"
    if isinstance(element, Paragraph):
        return f"<p>{_escaped(element.text)}</p>"
    if isinstance(element, Points):
        return "<ul>" + "".join(f"<li>{_escaped(text)}</li>\n" for text in element.texts) + "</ul>"
    head = "".join(f"<th>{_escaped(column)}</th>" for column in element.columns)
    body = "".join("<tr>" + "".join(f"<td>{_escaped(cell)}</td>" for cell in row) + "</tr>\n" for row in element.rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _escaped(text: str) -> str:
    return html_text(one_line(text))


def word(elements: Iterable[Element], newest: int, authors: str = "") -> bytes:
    """A Word document in landscape, by python-docx, as of the year `newest`; the same elements and year make the same bytes."""
    from datetime import datetime

    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    document: Any = Document()
    _forget_styles(document)
    properties = document.core_properties
    # The earliest and the latest that a ZIP archive and Python can hold.
    made = datetime(min(max(newest, 1980), 9999), 1, 1)
    properties.author, properties.comments, properties.created, properties.modified = authors, "", made, made
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, section.page_height, section.page_width
    document.styles["Normal"].font.size = Pt(8)
    for element in elements:
        if isinstance(element, Heading):
            document.add_heading(one_line(element.text), element.level - 1)
        elif isinstance(element, Paragraph):
            document.add_paragraph(one_line(element.text))
        elif isinstance(element, Points):
            for text in element.texts:
                document.add_paragraph(one_line(text), style="List Bullet")
        else:
            _word_table(document, element)
    written = io.BytesIO()
    document.save(written)
    return _timeless(written.getvalue())


def _forget_styles(document: Any) -> None:
    """Leave only styles that are used: python-docx goes through all of them for each paragraph, which would take half of the time."""
    used = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Title", "List Bullet", "Table Grid"}
    for style in list(document.styles):
        if style.name not in used and not style.name.startswith("Heading "):
            style.delete()


def _word_table(document: Any, element: Table) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(rows=len(element.rows) + 1, cols=len(element.columns))
    table.style = "Table Grid"
    # The header is shown again on each page that the table goes on to.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    texts = [text for row in (element.columns, *element.rows) for text in row]
    # All cells at once: each other way to a cell of python-docx counts through the table anew.
    for place, (cell, text) in enumerate(zip(table._cells, texts, strict=True)):
        run = cell.paragraphs[0].add_run()
        run.add_text(one_line(text))
        if place < len(element.columns):
            run.bold = True


def _timeless(archive: bytes) -> bytes:
    """A ZIP archive without the time at which it was made."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return written.getvalue()
