"""Rows of several packs as those of one: what a key means where it stands, and which rows are one thing.

A key is looked for in the pack that writes it, and then in those that it extends. Rows at one address are one thing where they are equal,
and a fault where they are not; so are a row and its equal in a pack that is extended, whatever the addresses would be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .. import iris
from ..addresses import key_and_base, of_pack
from ..errors import Fault
from ..text import did_you_mean
from .packs import Pack
from .schema import Column, Row, Table, schema
from .statements import address
from .tables import Part, Tables


class Joined:
    """The tables of packs, to which those of one pack after the other are added, table by table in the order of the description."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.tables = Tables(packs=tuple(packs))
        #: What each key of a pack stands for, by the folder of a pack and the table; a table that could not be read is not there.
        self.keys: dict[tuple[Path, str], dict[str, str]] = {}
        self._there: dict[Any, tuple[Row, int]] = {}
        self._reach = {pack.tables: pack.within_reach() for pack in self.tables.packs}

    def add(self, pack: Pack, table: Table, rows: Iterable[tuple[Row, int]], part: Part) -> Iterator[Fault]:
        """Add the rows of a table of a pack, whose lines are counted within its file. What is wrong comes with lines of the whole."""
        name = table.name
        there, lines = self.tables.rows.setdefault(name, []), self.tables.lines.setdefault(name, [])
        self.tables.parts.setdefault(name, []).append(part)
        for row, number, faults in self._known(pack, table, [(row, line + part.before) for row, line in rows]):
            yield from faults
            if len(self.tables.packs) > 1 and not faults:
                if (equal := self._equal(pack, row)) is not None:
                    self.tables.alike.setdefault((name, equal[1]), []).append(pack)
                    continue
                other, stands = self._there.setdefault(_identity(row), (row, number))
                if other is not row and stands <= part.before:
                    yield self._clash(row, number, other, stands)
                    continue
            there.append(row)
            lines.append(number)

    def _known(self, pack: Pack, table: Table, rows: list[tuple[Row, int]]) -> list[tuple[Row, int, list[Fault]]]:
        """The rows with keys as they are known among all packs, each with what is wrong with these."""
        columns = [column for column in table.columns if column.key_of or column.name == table.own_key]
        keys = self.keys.get((pack.tables, table.name), {})
        while True:
            found = []
            for row, line in rows:
                faults: list[Fault] = []
                cells = {column.name: self._value(pack, row, column, line, faults) for column in columns}
                found.append((Row(table, {**row.values, **cells}, pack.base), line, faults))
            # What is equal to what is extended is that. A row may refer to others of its table, which then are others.
            another = {}
            for (plain, _), (row, _, faults) in zip(rows, found, strict=True):
                equal = self._equal(pack, row) if self._reach[pack.tables] and table.own_key and not faults else None
                if equal is not None and keys[plain[table.own_key]] != equal[0][table.own_key]:
                    another[plain[table.own_key]] = equal[0][table.own_key]
            if not another:
                return found
            keys |= another

    def _value(self, pack: Pack, row: Row, column: Column, line: int, faults: list[Fault]) -> Any:
        """The value of a cell, in which a key says of which pack it is."""
        value = row[column.name]
        if value is None:
            return None
        if column.name == row.table.own_key:
            return of_pack(value, pack.base)
        found = [self._meant(pack, row, column, key, line, faults) for key in (value if isinstance(value, tuple) else (value,))]
        return tuple(found) if isinstance(value, tuple) else found[0]

    def _meant(self, pack: Pack, row: Row, column: Column, key: str, line: int, faults: list[Fault]) -> str:
        """The key as it is known among all packs."""
        scope = [pack, *self._reach[pack.tables]]
        own, *others = (self.keys.get((each.tables, column.key_of)) for each in scope)
        if own is not None and key in own:
            return own[key]
        found = dict.fromkeys(keys[key] for keys in others if keys is not None and key in keys)
        if len(found) == 1:
            return next(iter(found))
        # A table that could not be read has a fault of its own, which is enough.
        if found:
            where = " and ".join(dict.fromkeys(key_and_base(each)[1] for each in found))
            message = f"{key!r} is in {column.key_of}.tsv of several packs that this one extends ({where}); give this one a row of its own"
            faults.append(Fault(row.table.file, line, column.name, message))
        elif own is not None and None not in others:
            known = {*own, *(each for keys in others for each in keys or ())}
            none = "" if known else ", which has no rows"
            too = ", nor in that of a pack that this one extends" if others else ""
            message = f"{key!r} is not in {column.key_of}.tsv{too}{none}{did_you_mean(key, known, 1)}"
            faults.append(Fault(row.table.file, line, column.name, message))
        return key

    def _equal(self, pack: Pack, row: Row) -> tuple[Row, int] | None:
        """The row of another pack that says the same of the same, at one address or in a pack that is extended, and its line."""
        bases = [row.base, *(each.base for each in self._reach[pack.tables])]
        for base in dict.fromkeys(bases):
            known = self._there.get(_identity(row, base))
            if known is not None and self.tables.part(row.table.name, known[1]).pack is not pack and not _differing(row, known[0]):
                return known
        return None

    def _clash(self, row: Row, line: int, other: Row, stands: int) -> Fault:
        """That a thing stands in two packs, and not as the same."""
        table, differing = row.table, _differing(row, other)
        part = self.tables.part(table.name, stands)
        cells = [_in_both(column, other[column.name], row[column.name]) for column in differing]
        more = f" and {len(cells) - _MOST} cells more" if len(cells) > _MOST else ""
        where = f"{part.file}, line {stands - part.before}"
        way_out = "let one pack have it and the other extend that, make the two equal, or give one another key"
        apart = "" if row.base != iris.BASE else ", or its pack a base of its own in pack.toml"
        message = f"{row.identity!r} stands in {where}, too, with {'; '.join(cells[:_MOST])}{more}: {way_out}{apart}"
        return Fault(table.file, line, differing[0].name, message)


#: So many cells that differ are told, and so much of each.
_MOST, _LONGEST = 3, 60


def _identity(row: Row, base: str = "") -> Any:
    """What there is but once: the address of a thing, or the key of what is only a link."""
    if not row.table.class_:
        return (row.table.name, *(row[column] for column in row.table.key))
    return address(Row(row.table, row.values, base) if base else row)


def _differing(row: Row, other: Row) -> list[Column]:
    """The columns in which two rows differ. Of a link that is no thing, what stays in the table is nobody's concern."""
    table = row.table
    columns = [table.named[name] for name in table.link if name in table.named] if not table.class_ else table.columns
    return [column for column in columns if column.name != table.own_key and _as_a_set(row[column.name]) != _as_a_set(other[column.name])]


def _as_a_set(value: Any) -> Any:
    return frozenset(value) if isinstance(value, tuple) else value


def _in_both(column: Column, there: Any, here: Any) -> str:
    return f"{column.name} {_in_words(there)}, here {_in_words(here)}"


def _in_words(value: Any) -> str:
    if value is None or value == ():
        return "empty"
    text = "|".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def by_file(faults: Iterable[Fault]) -> list[Fault]:
    """Faults in the order of tables, files and lines."""
    order = {table.file: place for place, table in enumerate(schema())}
    place: dict[str, int] = defaultdict(lambda: len(order)) | order
    return sorted(faults, key=lambda fault: (place[fault.file.rpartition("/")[2]], fault.file, fault.line))
