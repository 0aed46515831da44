"""Read data/tables: from text to typed rows, with every fault of every table found in one run.

In: a folder of .tsv files, one for each class in schema.py. Out: `Tables` with their warnings, or `TableFaults` with the file,
line and column of each fault and the way out. Nothing is half read: with one fault there are no rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from .. import iris
from ..errors import Fault, TableFaults
from ..ontology import Vocabulary, plain_spelling
from ..text import did_you_mean
from . import plausible, schema, spreadsheet
from .fields import OneOf, Refers, Spelled

R = TypeVar("R", bound=schema.Row)

# Invisible characters that could make a row read otherwise than it is: C0 and C1 controls, and bidirectional controls.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)


@dataclass
class Tables:
    """The rows of all tables, each with the line it stands on.

    `written` has the text of the cells that hold a word in another spelling, by table, line and column; `warnings` what may be a slip.
    """

    rows: dict[str, list[schema.Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    written: dict[tuple[str, int, str], str] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()

    def of(self, row_type: type[R]) -> list[R]:
        """All rows of one class."""
        return self.rows[row_type.table]  # type: ignore[return-value]  # rows[table] holds only that table's class

    def numbered(self, row_type: type[R]) -> Iterator[tuple[R, int]]:
        """All rows of one class with their line numbers."""
        return zip(self.of(row_type), self.lines[row_type.table], strict=True)


def read_tables(folder: Path, vocabulary: Vocabulary) -> Tables:
    """Read and check every table of a folder.

    Raises:
        TableFaults: with all faults found, in order of table and line.

    """
    if not folder.is_dir():
        raise TableFaults([Fault(str(folder), 0, "", "there is no such folder of tables")])
    tables, faults = Tables(), []
    keys: dict[str, set[str]] = {}
    for row_type in schema.TABLES:
        rows, lines, found = _read_table(folder / f"{row_type.table}.tsv", row_type, vocabulary, keys, tables.written)
        tables.rows[row_type.table], tables.lines[row_type.table] = rows, lines
        faults += found
    expected = {f"{row_type.table}.tsv" for row_type in schema.TABLES}
    for path in sorted(folder.glob("*.tsv")):
        if path.name not in expected:
            faults.append(Fault(path.name, 0, "", "not a known table" + did_you_mean(path.name, expected, 1)))
    faults += _references(tables, keys)
    order = {name: place for place, name in enumerate(f"{row_type.table}.tsv" for row_type in schema.TABLES)}
    faults.sort(key=lambda fault: (order.get(fault.file, len(order)), fault.line))
    # What cells say together presupposes that each means something.
    if not faults:
        found = list(plausible.all_slips(tables, vocabulary))
        faults = [fault for fault in found if not fault.is_warning]
        slips = (fault for fault in found if fault.is_warning)
        tables.warnings = tuple(sorted(slips, key=lambda fault: (order[fault.file], fault.line)))
    if faults:
        raise TableFaults(faults, tables.warnings)
    return tables


def _read_table(
    path: Path,
    row_type: type[schema.Row],
    vocabulary: Vocabulary,
    keys: dict[str, set[str]],
    written: dict[tuple[str, int, str], str],
) -> tuple[list[schema.Row], list[int], list[Fault]]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return [], [], [Fault(path.name, 0, "", "the table is missing")]
    except OSError as error:
        return [], [], [Fault(path.name, 0, "", f"cannot be read: {error.strerror}")]
    if wrong := spreadsheet.encoding_fault(raw):
        return [], [], [Fault(path.name, 0, "", wrong)]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = raw.count(b"\n", 0, error.start) + 1
        return (
            [],
            [],
            [Fault(path.name, broken, "", f"not UTF-8 (byte {raw[error.start]:#04x}); save the file as UTF-8 without a byte order mark")],
        )
    if text.startswith("\ufeff"):
        return [], [], [Fault(path.name, 1, "", "begins with a byte order mark; save the file as UTF-8 without one")]
    # Split by hand: csv would take a lone carriage return for the end of a line, and has a longest cell.
    first, *lines = (line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))
    header = first.split("\t") if text else []
    columns = {info.alias or name: name for name, info in row_type.model_fields.items()}
    if wrong := spreadsheet.separator_fault(first, columns):
        return [], [], [Fault(path.name, 1, "", wrong)]
    faults = list(_header_faults(path.name, header, columns))
    if faults:
        return [], [], faults
    known = keys.setdefault(row_type.table, set())
    rows: list[schema.Row] = []
    numbers: list[int] = []
    seen: dict[tuple[Any, ...], int] = {}
    addresses: dict[str, int] = {}
    schemes = _schemes(row_type, vocabulary)
    spelled = {
        info.alias or column: part for column, info in row_type.model_fields.items() for part in info.metadata if isinstance(part, Spelled)
    }
    numeric = {info.alias or column for column, info in row_type.model_fields.items() if _is_number(info.annotation)}
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        values = dict(zip(header, cells, strict=False))
        # A row that is refused for another cell still stands behind what refers to it: one fault, not one for each reference.
        known.add("-".join(values.get(column, "") for column in row_type.key))
        if len(cells) != len(header):
            only_tabs = len(cells) > len(header) and not any(cells[len(header) :])
            more = "; those beyond are empty: take the tabs at the end of the line away" if only_tabs else ""
            faults.append(Fault(path.name, number, "", f"{len(cells)} cells where the header has {len(header)}{more}"))
            continue
        found = [] if _is_plain(line) else list(_cell_faults(path.name, number, values, numeric))
        if not found:
            found = list(_respelled(path.name, number, values, spelled, vocabulary, written))
        if not found:
            row, found = _typed(path.name, number, row_type, values, schemes)
        faults += found
        if found:
            continue
        identity = tuple(getattr(row, column) for column in row_type.key)
        if identity in seen:
            column = row_type.key[0]
            faults.append(Fault(path.name, number, column, f"{row.identity!r} stands already on line {seen[identity]}"))
        elif row_type.type and addresses.setdefault(iris.slug(row.identity), number) != number:
            other = addresses[iris.slug(row.identity)]
            message = f"{row.identity!r} would get the same address as line {other}; make the two keys differ by a letter"
            faults.append(Fault(path.name, number, row_type.key[0], message))
        seen.setdefault(identity, number)
        rows.append(row)
        numbers.append(number)
    return rows, numbers, faults


def _is_number(annotation: Any) -> bool:
    """Whether a column holds numbers, also where they are annotated or may be missing."""
    return annotation in (int, Decimal) or any(map(_is_number, get_args(annotation)))


def _header_faults(file: str, header: list[str], columns: dict[str, str]) -> Iterator[Fault]:
    yield from (Fault(file, 1, "", message) for message in spreadsheet.nameless(header))
    for column in sorted({*header} - {""}):
        if header.count(column) > 1:
            yield Fault(file, 1, column, "the column stands twice")
        if column not in columns:
            yield Fault(file, 1, column, "not a column of this table" + did_you_mean(column, columns, 1))
    for column in columns:
        if column not in header:
            yield Fault(file, 1, column, "the column is missing")


def _is_plain(line: str) -> bool:
    """Whether a line is quickly seen to have none of the faults that `_cell_faults` looks for."""
    no_stray_space = "\t " not in line and " \t" not in line and line == line.strip(" ")
    return no_stray_space and line.isascii() and line.replace("\t", "").isprintable() and not spreadsheet.is_suspect(line)


# Columns that hold what an article says, word for word: a date there may be its own.
_QUOTATIONS = {"as_cited", "as_published"}


def _cell_faults(file: str, number: int, values: dict[str, str], numeric: set[str]) -> Iterator[Fault]:
    for column, cell in values.items():
        hidden = _HIDDEN.search(cell)
        if hidden:
            yield Fault(file, number, column, f"holds the invisible character U+{ord(hidden[0]):04X}; remove it")
        elif cell != cell.strip():
            yield Fault(file, number, column, "has a space at its beginning or end; remove it")
        elif made := spreadsheet.cell_fault(cell, is_number=column in numeric, is_quotation=column in _QUOTATIONS):
            yield Fault(file, number, column, made)


def _respelled(
    file: str,
    number: int,
    values: dict[str, str],
    spelled: dict[str, Spelled],
    vocabulary: Vocabulary,
    written: dict[tuple[str, int, str], str],
) -> Iterator[Fault]:
    """Put the word that is meant in the place of each of its spellings, and keep what was written."""
    for column, part in spelled.items():
        cell = values[column]
        word = vocabulary.word(part.scheme, cell) if cell else None
        if word is not None and word != cell:
            values[column] = word
            written[file.removesuffix(".tsv"), number, column] = cell
        elif cell and word is None:
            spelling, known = plain_spelling(cell), vocabulary.spellings.get(part.scheme, {})
            other_case = [each for each in known if each.lower() == spelling.lower()]
            # A word in other capitals is a slip as well: Mg/d is a thousand million times mg/d.
            near = did_you_mean(spelling, [known[other_case[0]]] if other_case else known, 1)
            scheme = f"is no word of k2g:{part.scheme}, in no spelling that is known"
            way_out = "write a word of it, and what is not of the word in a column beside it, or add the word to the ontology"
            yield Fault(file, number, column, f"{cell!r} {scheme}; {way_out}{near}")


def _schemes(row_type: type[schema.Row], vocabulary: Vocabulary) -> list[tuple[str, str, dict[str, Any]]]:
    """The columns that take words of a scheme: the field, the column's name, and the words."""
    return [
        (column, info.alias or column, vocabulary.schemes[part.scheme])
        for column, info in row_type.model_fields.items()
        for part in info.metadata
        if isinstance(part, OneOf)
    ]


def _typed(
    file: str, number: int, row_type: type[schema.Row], values: dict[str, str], schemes: list[tuple[str, str, dict[str, Any]]]
) -> tuple[Any, list[Fault]]:
    filled = {column: cell for column, cell in values.items() if cell}
    try:
        row = row_type.model_validate(filled)
    except ValidationError as error:
        return None, [Fault(file, number, str(fault["loc"][0]), _message(fault)) for fault in error.errors()]
    faults = []
    for column, name, valid in schemes:
        word = getattr(row, column)
        if word is not None and word not in valid:
            faults.append(Fault(file, number, name, f"{word!r} is not one of: {', '.join(valid)}" + did_you_mean(word, valid, 1)))
    return row, faults


def _message(fault: Any) -> str:
    if fault["type"] == "missing":
        return "is empty; it has to be filled in"
    if "error" in fault.get("ctx", {}):
        return str(fault["ctx"]["error"])
    return str(fault["msg"])


def _references(tables: Tables, keys: dict[str, set[str]]) -> Iterator[Fault]:
    for row_type in schema.TABLES:
        for column, info in row_type.model_fields.items():
            metadata = [*info.metadata, *(part for branch in get_args(info.annotation) for part in getattr(branch, "__metadata__", ()))]
            for refers in (part for part in metadata if isinstance(part, Refers)):
                for row, number in tables.numbered(row_type):
                    value = getattr(row, column)
                    for key in value if isinstance(value, tuple) else (value,):
                        # A table that could not be read is not among the keys; its own fault is enough.
                        if key is not None and refers.table in keys and key not in keys[refers.table]:
                            message = f"{key!r} is not in {refers.table}.tsv" + did_you_mean(key, keys[refers.table], 1)
                            yield Fault(f"{row_type.table}.tsv", number, info.alias or column, message)
