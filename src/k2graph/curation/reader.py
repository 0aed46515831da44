"""Read data/tables: from text to typed rows, with every fault of every table found in one run.

In: a folder of .tsv files, one for each table of ontology/tables.toml, or the folders of several packs. Out: `Tables` with their warnings,
or `TableFaults` with the file, line and column of each fault and the way out. Nothing is half read: with one fault there are no rows.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .. import iris
from ..addresses import of_pack
from ..errors import Fault, TableFaults
from ..ontology import Vocabulary, plain_spelling
from ..text import did_you_mean
from . import plausible, spreadsheet
from .forms import Read, reader_of
from .joining import Joined, by_file
from .packs import Pack, gathered, shown
from .schema import Column, Row, Schema, Table, schema
from .tables import Part, Tables

# Invisible characters that could make a row read otherwise than it is: C0 and C1 controls, and bidirectional controls.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)


def check_holds_tables(folder: Path) -> None:
    """Look for a folder and for one of its tables at least, before anything is done with it. A table that is not there has no rows.

    Raises:
        TableFaults: where there is none.
    """
    if not folder.is_dir():
        raise TableFaults([Fault(str(folder), 0, "", "there is no such folder of tables")])
    # A link is a table that cannot be read, wherever it leads.
    if not any(os.path.lexists(folder / table.file) for table in schema()):
        raise TableFaults([Fault(str(folder), 0, "", "holds no tables; name the folder that does")])


def read_tables(folders: Path | Sequence[Path], vocabulary: Vocabulary) -> Tables:
    """Read and check every table of a folder, or of several, and of what their packs extend.

    Raises:
        TableFaults: with all faults found, in order of table and line.
        InputError: where the description of the tables is not in order.

    """
    return read_packs(gathered(folders), vocabulary)


def read_packs(packs: Sequence[Pack], vocabulary: Vocabulary) -> Tables:
    """The same of packs, each behind those that it extends.

    Raises:
        TableFaults: as `read_tables` does.
        InputError: as `read_tables` does.
    """
    described = schema()
    expected = [table.file for table in described]
    for pack in packs:
        check_holds_tables(pack.tables)
    described.check(vocabulary)
    joined, faults = Joined(packs), list[Fault]()
    tables, alone = joined.tables, len(packs) == 1
    for table in described:
        before = 0
        for pack in packs:
            part = Part(before, table.file if alone else shown(pack.tables / table.file), pack)
            read = _read_table(pack.tables / table.file, table, described, vocabulary)
            if read.keys is not None:
                own = bool(table.own_key)
                joined.keys[pack.tables, table.name] = {key: of_pack(key, pack.base) if own else key for key in read.keys}
            tables.written |= {(table.name, line + before, column): text for (line, column), text in read.written.items()}
            faults += [replace(fault, file=part.file) for fault in read.faults]
            faults += map(tables.placed, joined.add(pack, table, zip(read.rows, read.lines, strict=True), part))
            before += read.length
    for pack in packs:
        for path in sorted(pack.tables.glob("*.tsv")):
            if path.name not in expected:
                file = path.name if alone else shown(path)
                faults.append(Fault(file, 0, "", "not a known table" + did_you_mean(path.name, expected, 1)))
    faults = by_file(faults)
    # What cells say together presupposes that each means something.
    if not faults:
        found = [tables.placed(fault) for fault in plausible.all_slips(tables, vocabulary)]
        faults = [fault for fault in found if not fault.is_warning]
        tables.warnings = tuple(by_file(fault for fault in found if fault.is_warning))
    if faults:
        raise TableFaults(faults, tables.warnings)
    return tables


@dataclass
class _Read:
    """What a file of a table holds.

    `written` has the cells that hold a word in another spelling, by line and column; `keys` is None where the file could not be read.
    """

    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    written: dict[tuple[int, str], str] = field(default_factory=dict)
    length: int = 0
    keys: set[str] | None = None


def _read_table(path: Path, table: Table, described: Schema, vocabulary: Vocabulary) -> _Read:
    try:
        raw = path.read_bytes()
    except OSError as error:
        if not os.path.lexists(path):
            return _Read(keys=set())
        return _Read(faults=[Fault(path.name, 0, "", f"cannot be read: {error.strerror}")])
    if not raw.strip():
        # It may be what is left of a table that could not be written whole.
        return _Read(faults=[Fault(path.name, 0, "", "is empty; take it away if it has no rows, or give it its header")])
    if wrong := spreadsheet.encoding_fault(raw):
        return _Read(faults=[Fault(path.name, 0, "", wrong)])
    if fault := spreadsheet.utf8_fault(path.name, raw):
        return _Read(faults=[fault])
    text = raw.decode()
    # Split by hand: csv would take a lone carriage return for the end of a line, and has a longest cell.
    first, *lines = (line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))
    header = first.split("\t") if text else []
    if wrong := spreadsheet.separator_fault(first, table.named):
        return _Read(faults=[Fault(path.name, 1, "", wrong)])
    faults = list(_header_faults(path.name, header, table.named))
    if faults:
        return _Read(faults=faults)
    known, written = set[str](), dict[tuple[int, str], str]()
    rows: list[Row] = []
    numbers: list[int] = []
    seen: dict[tuple[Any, ...], int] = {}
    addresses: dict[str, int] = {}
    there = [column for column in table.columns if column.name in header]
    cells_of = [(column, reader_of(column, described)) for column in there]
    spelled = [column for column in there if column.spelling_of]
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        values = dict(zip(header, cells, strict=False))
        # A row that is refused for another cell still stands behind what refers to it: one fault, not one for each reference.
        known.add("-".join(values.get(column, "") for column in table.key))
        if len(cells) != len(header):
            only_tabs = len(cells) > len(header) and not any(cells[len(header) :])
            more = "; those beyond are empty: take the tabs at the end of the line away" if only_tabs else ""
            faults.append(Fault(path.name, number, "", f"{len(cells)} cells where the header has {len(header)}{more}"))
            continue
        found = [] if _is_plain(line) else list(_cell_faults(table, number, values))
        if not found:
            found = list(_respelled(table, number, values, spelled, vocabulary, written))
        if not found:
            row, found = _typed(table, number, values, cells_of, vocabulary)
        faults += found
        if found:
            continue
        identity = tuple(row[column] for column in table.key)
        if identity in seen:
            column = table.key[0]
            faults.append(Fault(path.name, number, column, f"{row.identity!r} stands already on line {seen[identity]}"))
        elif table.class_ and addresses.setdefault(iris.slug(row.identity), number) != number:
            other = addresses[iris.slug(row.identity)]
            message = f"{row.identity!r} would get the same address as line {other}; make the two keys differ by a letter"
            faults.append(Fault(path.name, number, table.key[0], message))
        seen.setdefault(identity, number)
        rows.append(row)
        numbers.append(number)
    return _Read(rows, numbers, faults, written, len(lines) + 1, known)


def _header_faults(file: str, header: list[str], columns: Mapping[str, Column]) -> Iterator[Fault]:
    yield from (Fault(file, 1, "", message) for message in spreadsheet.nameless(header))
    renamed = {column.was: column.name for column in columns.values() if column.was and column.was in header}
    for column in sorted({*header} - {""}):
        if header.count(column) > 1:
            yield Fault(file, 1, column, "the column stands twice")
        if column in renamed:
            yield Fault(file, 1, column, f"the column is called {renamed[column]} now; write that in its place")
        elif column not in columns:
            yield Fault(file, 1, column, "not a column of this table" + did_you_mean(column, columns, 1))
    # One that may be empty need not be there; no table of 50 columns is begun with all of them.
    for column in columns:
        if columns[column].required and column not in {*header, *renamed.values()}:
            yield Fault(file, 1, column, "the column is missing")


def _is_plain(line: str) -> bool:
    """Whether a line is quickly seen to have none of the faults that `_cell_faults` looks for."""
    no_stray_space = "\t " not in line and " \t" not in line and line == line.strip(" ")
    return no_stray_space and line.isascii() and line.replace("\t", "").isprintable() and not spreadsheet.is_suspect(line)


def _cell_faults(table: Table, number: int, values: dict[str, str]) -> Iterator[Fault]:
    file = table.file
    for column, cell in values.items():
        of = table.named[column]
        hidden = _HIDDEN.search(cell)
        if hidden:
            yield Fault(file, number, column, f"holds the invisible character U+{ord(hidden[0]):04X}; remove it")
        elif cell != cell.strip():
            yield Fault(file, number, column, "has a space at its beginning or end; remove it")
        # In a column of dates a date is none that a spreadsheet made, and what is no date has a fault of its own.
        elif of.form != "date" and (
            made := spreadsheet.cell_fault(cell, is_number=of.form in {"number", "whole"}, is_quotation=of.quotation)
        ):
            yield Fault(file, number, column, made)


def _respelled(
    table: Table,
    number: int,
    values: dict[str, str],
    spelled: list[Column],
    vocabulary: Vocabulary,
    written: dict[tuple[int, str], str],
) -> Iterator[Fault]:
    """Put the word that is meant in the place of each of its spellings, and keep what was written."""
    for column in spelled:
        cell = values[column.name]
        word = vocabulary.word(column.spelling_of, cell) if cell else None
        if word is not None and word != cell:
            values[column.name] = word
            written[number, column.name] = cell
        elif cell and word is None:
            spelling, known = plain_spelling(cell), vocabulary.spellings.get(column.spelling_of, {})
            other_case = [each for each in known if each.lower() == spelling.lower()]
            # A word in other capitals is a slip as well: Mg/d is a thousand million times mg/d.
            near = did_you_mean(spelling, [known[other_case[0]]] if other_case else known, 1)
            scheme = f"is no word of k2g:{column.spelling_of}, in no spelling that is known"
            way_out = "write a word of it, and what is not of the word in a column beside it, or add the word to the ontology"
            yield Fault(table.file, number, column.name, f"{cell!r} {scheme}; {way_out}{near}")


def _typed(
    table: Table, number: int, values: dict[str, str], cells_of: list[tuple[Column, Read]], vocabulary: Vocabulary
) -> tuple[Row, list[Fault]]:
    """The row of values that texts stand for, and what is wrong with each of them."""
    read, faults = dict(table.empty), []
    for column, value_of in cells_of:
        cell = values[column.name]
        try:
            if cell:
                read[column.name] = value_of(cell)
            elif column.required:
                raise ValueError("is empty; it has to be filled in")
        except ValueError as error:
            faults.append(Fault(table.file, number, column.name, str(error)))
    # A word is looked for where all cells have their forms: one fault, not two, for a row that lost a tab.
    for column in [] if faults else [column for column, _ in cells_of if column.word_of]:
        words, given = vocabulary.schemes[column.word_of], read[column.name]
        for word in given if isinstance(given, tuple) else filter(None, (given,)):
            if word not in words:
                now = vocabulary.former.get(column.word_of, {}).get(word)
                none = f"{word!r} is not one of: {', '.join(words)}" + did_you_mean(word, words, 1)
                message = f"{word!r} is called {now!r} now; write that in its place" if now else none
                faults.append(Fault(table.file, number, column.name, message))
    return Row(table, read), faults
