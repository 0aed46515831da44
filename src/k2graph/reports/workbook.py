"""The tables as an empty workbook for a spreadsheet, by openpyxl: a sheet a table, with pick-lists of words and of keys.

A cell shows what is meant by it as one types. The sheet `guide` tells of every column, `words` of every word that a pick-list offers. Cells
are text, so that nothing becomes a date. The same tables and words make the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ..curation.guide import Guide
from ..curation.schema import Column, Table
from ..errors import needing
from ..text import one_line
from .word_parts import timeless

#: Rows of a table that the pick-lists reach.
ROWS = 5000
#: The most that Excel shows as one types: letters of the title and of the text of a prompt.
_TITLE, _PROMPT = 32, 255
#: As wide as a column is at the least and at the most, in letters.
_NARROW, _WIDE = 12, 40
_HEAD, _NEEDED = "FFE7EDF3", "FFC9DDF0"


def workbook(guide: Guide, table: Table | None = None) -> bytes:
    """The workbook of all tables, or of one and of those to whose keys it refers.

    Raises:
        InputError: where openpyxl is missing.
    """
    with needing("a workbook", "xlsx"):
        from openpyxl import Workbook
        from openpyxl.writer.excel import ExcelWriter
    tables = [each for each in guide.tables if table is None or each is table or each.name in {column.key_of for column in table.columns}]
    book = Workbook()
    _write_guide(book.active, guide, tables)
    sheets = {each.name: book.create_sheet(each.name[:31]) for each in tables}
    places = _write_words(book.create_sheet("words"), guide, tables)
    for each in tables:
        for other in (column.key_of for column in each.columns if column.key_of in sheets):
            places[other] = f"'{sheets[other].title}'!$A$2:$A${ROWS}"
        _write_table(sheets[each.name], guide, each, places)
    # Not `save`, which writes the time.
    book.properties.creator, book.properties.created, book.properties.modified = "", datetime(1980, 1, 1), datetime(1980, 1, 1)
    written = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED)).save()
    return timeless(written.getvalue())


def _write_guide(sheet: Any, guide: Guide, tables: Iterable[Table]) -> None:
    sheet.title = "guide"
    _write_head(sheet, ("table", "column", "needed", "meaning", "it takes", "example"), (22, 28, 8, 60, 60, 40))
    for each in tables:
        _write_row(sheet, (each.name, "", "", each.about, "", ""), is_bold=True)
        for column in each.columns:
            needed = "yes" if column.required else ""
            _write_row(sheet, (each.name, column.name, needed, guide.meaning(column), guide.takes(column), guide.example(column)))


def _write_words(sheet: Any, guide: Guide, tables: Iterable[Table]) -> dict[str, str]:
    """The words of all schemes, and where those of each stand, for pick-lists."""
    _write_head(sheet, ("scheme", "word", "called", "meaning"), (24, 34, 40, 90))
    places: dict[str, str] = {}
    for column in (column for each in tables for column in each.columns if column.scheme):
        if column.scheme not in places:
            first = sheet.max_row + 1
            for word in guide.words(column):
                _write_row(sheet, (column.scheme, word.word, word.label, word.meaning))
            places[column.scheme] = f"'{sheet.title}'!$B${first}:$B${sheet.max_row}"
    return places


def _write_table(sheet: Any, guide: Guide, table: Table, places: dict[str, str]) -> None:
    from openpyxl.utils import get_column_letter

    names = [column.name for column in table.columns]
    _write_head(sheet, names, [min(max(len(name) + 2, _NARROW), _WIDE) for name in names])
    for place, column in enumerate(table.columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].number_format = "@"
        if column.required:
            _fill(sheet.cell(1, place), _NEEDED)
        validation = _validation(guide, column, places.get(column.scheme or column.key_of))
        validation.add(f"{letter}2:{letter}{ROWS}")
        sheet.add_data_validation(validation)


def _validation(guide: Guide, column: Column, place: str | None) -> Any:
    """What is shown as one types, and the pick-list. Where a cell may hold what the list does not, nothing is refused."""
    from openpyxl.worksheet.datavalidation import DataValidation

    shown = f"{'Needed. ' if column.required else ''}{guide.meaning(column)} {guide.takes(column)}"
    is_one_word = bool(column.word_of) and not column.several
    return DataValidation(
        type="list" if place else None,
        formula1=place,
        allow_blank=not column.required,
        showErrorMessage=is_one_word,
        errorTitle="Not a word of this column" if is_one_word else None,
        error="Take one from the list; the sheet `words` says what each means." if is_one_word else None,
        showInputMessage=True,
        promptTitle=column.name[:_TITLE],
        prompt=_shortened(shown),
    )


def _shortened(text: str) -> str:
    plain = one_line(text)
    return plain if len(plain) <= _PROMPT else f"{plain[: _PROMPT - 1]}…"


def _write_head(sheet: Any, names: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for place, (name, width) in enumerate(zip(names, widths, strict=True), 1):
        cell = sheet.cell(1, place, name)
        cell.font = Font(bold=True)
        _fill(cell, _HEAD)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _fill(cell: Any, colour: str) -> None:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=colour)


def _write_row(sheet: Any, texts: Sequence[str], *, is_bold: bool = False) -> None:
    from openpyxl.styles import Alignment, Font

    row = sheet.max_row + 1
    for place, text in enumerate(texts, 1):
        cell = sheet.cell(row, place, one_line(text))
        # What begins as a formula is none.
        cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
        if is_bold:
            cell.font = Font(bold=True)
