"""A document for Word, by python-docx: A4 or US Letter, upright or wide, with links, and contents that can be read before Word makes them.

The same elements and year make the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from ..text import one_line
from .elements import (
    Contents,
    Element,
    Figure,
    Heading,
    Link,
    Paragraph,
    Points,
    Strong,
    Table,
    Text,
    Turn,
    listed,
    names_of,
    plain,
    spans,
    widths,
)
from .word_parts import ORDER, bookmark, borders, made, margins, qualified, set_styles, timeless

#: The short and the long side of papers, and margins, in millimetres.
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
_MARGIN = 16
#: As wide as text is set on a wide page, in millimetres: longer lines are not read.
_LINE = 190
#: Pixels of a page in a millimetre.
_PIXELS = 96 / 25.4
#: How much of its size on a page a picture has here: its letters are then as large as those of tables.
_LETTERS = 0.88
#: Twentieths of a point, in which Word measures tables, in a millimetre.
_TWIPS = 1440 / 25.4


def word(elements: Iterable[Element], newest: int, authors: str = "", paper: str = "a4") -> bytes:
    """A Word document as of the year `newest`, on one of `PAPERS`."""
    everything = list(elements)
    writer = _Writer(everything, newest, authors, paper)
    written = io.BytesIO()
    writer.document.save(written)
    return timeless(written.getvalue())


class _Writer:
    """A document while it is written; `places` are the names that it has, for links to them, and `wide` how its pages lie."""

    def __init__(self, everything: Sequence[Element], newest: int, authors: str, paper: str) -> None:
        from docx import Document

        self.short, self.long = PAPERS[paper]

        self.document: Any = Document()
        self.everything = everything
        self.wide = False
        self.addresses: dict[str, str] = {}
        self.marks = 0
        self.names = {each.name for each in everything if isinstance(each, Heading | Paragraph)}
        self.names |= {name for each in everything if isinstance(each, Points | Table) for name in each.names}
        self.names.discard("")
        self._set_up(newest, authors)
        for element in everything:
            self._write(element)

    def _set_up(self, newest: int, authors: str) -> None:
        from datetime import datetime

        document = self.document
        set_styles(document)
        properties = document.core_properties
        # The earliest and the latest that a ZIP archive and Python can hold.
        day = datetime(min(max(newest, 1980), 9999), 1, 1)
        properties.author, properties.comments, properties.created, properties.modified = authors, "", day, day
        properties.title = next((one_line(each.text) for each in self.everything if isinstance(each, Heading)), "")
        section = document.sections[0]
        self._lay(section, wide=False)
        footer = section.footer.paragraphs[0]
        footer.alignment = 2
        self._field(footer, "PAGE", "")

    def _lay(self, section: Any, *, wide: bool) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(each) for each in ((self.long, self.short) if wide else (self.short, self.long)))
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
        section.footer_distance = section.header_distance = Mm(9)
        self.wide = wide

    @property
    def _room(self) -> float:
        """How wide a page is between its margins, in millimetres."""
        return (self.long if self.wide else self.short) - 2 * _MARGIN

    def _write(self, element: Element) -> None:
        match element:
            case Heading():
                heading = self.document.add_heading("", element.level - 1)
                self._text(heading, element.text, element.name)
            case Paragraph():
                self._text(self._paragraph(None), element.text, element.name)
            case Points():
                for text, name in zip(element.texts, names_of(element.names, element.texts), strict=True):
                    self._text(self._paragraph("List Bullet"), text, name)
            case Table():
                self._table(element)
            case Figure():
                self._figure(element)
            case Contents():
                self._contents(element)
            case Turn():
                from docx.enum.section import WD_SECTION

                self._lay(self.document.add_section(WD_SECTION.NEW_PAGE), wide=element.wide)

    def _paragraph(self, style: str | None) -> Any:
        from docx.shared import Mm

        paragraph = self.document.add_paragraph(style=style)
        if self._room > _LINE:
            paragraph.paragraph_format.right_indent = Mm(self._room - _LINE)
        return paragraph

    def _text(self, paragraph: Any, text: Text, name: str = "") -> None:
        """A text in a paragraph, with its links, and with the place of a name around it."""
        if name:
            self.marks += 1
            paragraph._p.append(made("w:bookmarkStart", id=str(self.marks), name=bookmark(name)))
        for part in spans(text):
            if isinstance(part, Link) and (part.address or part.place in self.names):
                self._link(paragraph, part)
            else:
                run = paragraph.add_run()
                run.add_text(part if isinstance(part, str) else part.text)
                if isinstance(part, Strong):
                    run.bold = True
        if name:
            paragraph._p.append(made("w:bookmarkEnd", id=str(self.marks)))

    def _link(self, paragraph: Any, link: Link, *, is_seen: bool = True) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.text.run import Run

        hyperlink = made("w:hyperlink", history="1")
        if link.place:
            hyperlink.set(qualified("w:anchor"), bookmark(link.place))
        else:
            if link.address not in self.addresses:
                related = self.document.part.relate_to(link.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                self.addresses[link.address] = related
            hyperlink.set(qualified("r:id"), self.addresses[link.address])
        run = Run(made("w:r"), paragraph)
        run.add_text(link.text)
        if is_seen:
            run.style = "Hyperlink"
        hyperlink.append(run._r)
        paragraph._p.append(hyperlink)

    def _field(self, paragraph: Any, code: str, shown: str) -> None:
        """A field of Word, with what it shows until Word reckons it."""
        for kind in ("begin", "", "separate"):
            run = paragraph.add_run()
            if kind:
                run._r.append(made("w:fldChar", fldCharType=kind))
            else:
                self._code(run, code)
        paragraph.add_run().add_text(shown)
        paragraph.add_run()._r.append(made("w:fldChar", fldCharType="end"))

    def _code(self, run: Any, code: str) -> None:
        instruction = made("w:instrText")
        instruction.text = f" {code} "
        instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run._r.append(instruction)

    def _contents(self, contents: Contents) -> None:
        self._text(self.document.add_paragraph(style="TOC Heading"), contents.text)
        paragraphs = []
        for heading in listed(contents, self.everything):
            paragraphs.append(self.document.add_paragraph(style=f"toc {heading.level - 1}"))
            if len(paragraphs) == 1:
                paragraphs[0].add_run()._r.append(made("w:fldChar", fldCharType="begin"))
                self._code(paragraphs[0].add_run(), f'TOC \\o "1-{contents.deepest - 1}" \\h \\z \\u')
                paragraphs[0].add_run()._r.append(made("w:fldChar", fldCharType="separate"))
            # The number of a page only Word knows: it comes with the first update, and until then nothing stands for it.
            self._link(paragraphs[-1], Link(one_line(heading.text), f"#{heading.name}"), is_seen=False)
        if paragraphs:
            paragraphs[-1].add_run()._r.append(made("w:fldChar", fldCharType="end"))

    def _figure(self, figure: Figure) -> None:
        from docx.shared import Mm

        paragraph = self.document.add_paragraph()
        room_below = (self.short if self.wide else self.long) - 2 * _MARGIN - 12
        picture = paragraph.add_run().add_picture(io.BytesIO(figure.png()))
        ratio = picture.height / picture.width
        width = min(figure.width / _PIXELS * _LETTERS, self._room, room_below / ratio)
        picture.width, picture.height = Mm(width), Mm(width * ratio)
        picture._inline.docPr.set("descr", one_line(figure.alt))

    def _table(self, element: Table) -> None:
        """A table whose columns are as wide as they need to be; its head is on each page, and no row goes on to the next page."""
        columns, total = len(element.columns), round(self._room * _TWIPS)
        shares = [total * share // 100 for share in widths(element)]
        table = self.document.add_table(rows=len(element.rows) + 1, cols=columns)
        table.autofit = False
        properties = table._tbl.tblPr
        for old in properties.xpath("./w:tblW"):
            properties.remove(old)
        properties.append(made("w:tblW", w=str(sum(shares)), type="dxa"))
        properties.append(borders())
        properties.append(margins())
        if element.title:
            properties.append(made("w:tblCaption", val=one_line(element.title)))
        # In the order in which the schema has them, without which Word calls the file corrupt.
        properties[:] = sorted(properties, key=lambda each: ORDER.index(each.tag.rpartition("}")[2]))
        for column, share in zip(table._tbl.tblGrid, shares, strict=True):
            column.set(qualified("w:w"), str(share))
        for place, row in enumerate(table._tbl.tr_lst):
            rules = row.get_or_add_trPr()
            rules.append(made("w:cantSplit"))
            if not place:
                rules.append(made("w:tblHeader"))
        texts: list[Text] = [text for row in (element.columns, *element.rows) for text in row]
        names = ["", *names_of(element.names, element.rows)]
        # All cells at once: each other way to a cell of python-docx counts through the table anew.
        for place, (cell, text) in enumerate(zip(table._cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            cell._tc.get_or_add_tcPr().get_or_add_tcW().set(qualified("w:w"), str(shares[place % columns]))
            cell._tc.tcPr.tcW.set(qualified("w:type"), "dxa")
            head = place < columns
            if head:
                cell._tc.tcPr.append(made("w:shd", val="clear", color="auto", fill="E9EDF1"))
                paragraph.paragraph_format.keep_with_next = True
            row, column = divmod(place, columns)
            named = names[row] if not column else ""
            self._text(paragraph, (Strong(plain(text)),) if head and plain(text) else text, named)
        # Two tables without a paragraph between them are one for Word.
        self.document.add_paragraph(style="Table Text")
