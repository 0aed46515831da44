"""The parts of Word's own format that python-docx has no words for, the styles of a document, and its archive without the time."""

from __future__ import annotations

import io
import zipfile
from typing import Any

#: The properties of a table in the order in which the schema has them.
ORDER = ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption")


def borders() -> Any:
    """The lines of a table: between rows, and at its top and bottom."""
    lines = made("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        lines.append(made(f"w:{side}", val="single", sz="4", space="0", color="B8C0C8"))
    return lines


def margins() -> Any:
    """The space around the text of a cell."""
    space = made("w:tblCellMar")
    for side, width in (("top", "30"), ("left", "60"), ("bottom", "30"), ("right", "60")):
        space.append(made(f"w:{side}", w=width, type="dxa"))
    return space


def made(tag: str, **attributes: str) -> Any:
    """An element of Word with attributes, whose names and values are text."""
    from docx.oxml import OxmlElement

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qualified(f"w:{name}"), value)
    return element


def qualified(tag: str) -> str:
    """The name of an element or attribute of Word as lxml has it."""
    from docx.oxml.ns import qn

    return str(qn(tag))


def bookmark(name: str) -> str:
    """The name of a place as Word has it: letters, digits and underscores, led by a letter, of no more than 40."""
    return name.replace("-", "_")[:40]


def set_styles(document: Any) -> None:
    """The styles of text, of tables, of links and of contents."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt, RGBColor

    _forget_styles(document)
    normal = document.styles["Normal"]
    for style in document.styles:
        # The fonts of the template's theme are not on every machine, and each stands in for them in its own way.
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            style.font.name = "Calibri"
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                style.element.rPr.rFonts.attrib.pop(qualified(f"w:{theme}"), None)
    normal.font.size, normal.paragraph_format.space_after = Pt(9), Pt(4)
    for level, size in enumerate((15, 12, 10), 1):
        style = document.styles[f"Heading {level}"]
        style.font.size, style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(size), Pt(size), Pt(2)
    cells = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = normal
    cells.font.size, cells.paragraph_format.space_after = Pt(8), Pt(0)
    links = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    links.font.color.rgb = RGBColor(0x05, 0x50, 0xAE)
    contents = document.styles.add_style("TOC Heading", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    contents.base_style, contents.font.size, contents.font.bold = normal, Pt(14), True
    for level in range(1, 4):
        style = document.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style, style.font.bold = normal, level == 1
        style.paragraph_format.space_after, style.paragraph_format.left_indent = Pt(1), Mm(6 * (level - 1))
        style.paragraph_format.space_before = Pt(4 if level == 1 else 0)


def _forget_styles(document: Any) -> None:
    """Leave only styles that are used: python-docx goes through all of them for each paragraph, which would take half of the time."""
    used = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Title", "List Bullet", "Footer", "header", "footer"}
    for style in list(document.styles):
        if style.name not in used and not style.name.startswith("Heading "):
            style.delete()


def timeless(archive: bytes) -> bytes:
    """A ZIP archive without the time at which it was made."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return written.getvalue()
