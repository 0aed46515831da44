"""The graph as tables, one a class: their rows, and what each column means. The columns themselves are in `columns`.

In: a part of the graph. Out: cells as Python values, for what writes them as CSV, Parquet or a property graph.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ...curation.schema import schema
from ...evidence.facts import Facts
from ...evidence.model import Evidence, Word
from ...iris import BASE
from .. import Part

#: What columns mean that many tables have.
ID = f"Compact name, whose address is {BASE} with a slash for the colon; of a pack with a base of its own the address."
NOTE = "What else is to be known."
LABEL = "What people call it."
SYNTHESES = "investigation:syntheses for all syntheses taken together"
RETRACTION = "What became of the publication. Empty: nothing is known against it."


@dataclass(frozen=True)
class Column:
    """One column: what it means, or the property of ours that says so; and where it stands, if not under its own name.

    `path` leads through attributes (`standing.tier`), or is the property of a node (`k2g:amount`). `refers` is the table whose first
    column it names; `scheme` is that of the vocabulary from which its words are. `holds` names properties that it carries besides.
    """

    name: str
    meaning: str
    path: str = ""
    kind: str = "text"
    refers: str = ""
    scheme: str = ""
    holds: tuple[str, ...] = ()

    def value(self, evidence: Evidence, thing: Any) -> Any:
        """The cell for a thing, None where the record does not say. A word of a scheme is written as the tables of k2graph write it."""
        found = _values(evidence.facts, thing, self.path or self.name)
        if self.kind == "texts":
            return [self._plain(evidence, each) for each in found]
        if isinstance(found, tuple):
            found = next(iter(found), None)
        return None if found is None or found == "" else self._plain(evidence, found)

    def _plain(self, evidence: Evidence, value: Any) -> Any:
        word = evidence.words.get(value) if self.scheme and isinstance(value, str) else value
        return word.notation if isinstance(word, Word) else value


SOURCES = Column("sources", "Addresses at which it was read.", kind="texts", holds=("dcterms:source",))

# The same of things that are nodes, not attributes.
ID_COLUMN = Column("id", ID)
NOTE_COLUMN = Column("note", NOTE, "skos:note")
SOURCES_COLUMN = Column("sources", "Addresses at which it was read.", "dcterms:source", "texts")


def of_ours(name: str, meaning: str, kind: str = "text", refers: str = "", scheme: str = "") -> Column:
    """A column that is a property of ours, and means what the property means."""
    return Column(name, meaning, meaning, kind, refers, scheme)


class Of(NamedTuple):
    """An object that has no name of its own, such as a step, with the one that it belongs to."""

    owner: Any
    each: Any


def _values(facts: Facts, thing: Any, path: str) -> Any:
    if isinstance(thing, str):
        return thing if path == "id" else facts.all(thing, path)
    found = thing.each if isinstance(thing, Of) and not path.startswith("owner.") else thing
    if ":" in path:
        return facts.all(found.id, path)
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step) if found is not None else None
    return found


@dataclass(frozen=True)
class Table:
    """One table: its columns, and the things that its rows are made of. Its first column is its key, where it has one.

    `of` names the tables in data/tables whose rows these things are.
    """

    name: str
    meaning: str
    things: Callable[[Part], Iterable[Any]]
    columns: tuple[Column, ...]
    key: bool = True
    of: tuple[str, ...] = ()

    def rows(self, part: Part) -> Iterator[list[Any]]:
        """The cells of each row, in the order of the columns."""
        for thing in self.things(part):
            yield [column.value(part.evidence, thing) for column in self.columns]


def complete(table: Table) -> Table:
    """A table with what ontology/tables.toml says of its things and no column of it carries yet, each under its name there.

    A number comes with its digits as reported, where they are kept.
    """
    carried = {name for column in table.columns for name in (column.name, column.meaning, column.path, *column.holds)}
    columns = list(table.columns)
    for column in (column for name in table.of for column in schema().tables[name].columns if column.property):
        if carried.isdisjoint({column.name, column.property}):
            meaning = column.meaning or schema().meanings.get(column.property, column.property)
            kind = "texts" if column.several else _KINDS.get(schema().kind(column), "text")
            columns.append(Column(column.name, meaning, column.property, kind, scheme=column.word_of))
            carried |= {column.name, column.property}
            if column.reported and column.reported not in carried:
                columns.append(Column(f"{column.name}_reported", column.reported, column.reported))
    return replace(table, columns=tuple(columns))


_KINDS = {int: "integer", Decimal: "number"}


def meaning(column: Column, facts: Facts) -> str:
    """What a column means, in words, and from which scheme its words are."""
    text = str(facts.need(column.meaning, "skos:definition")) if column.meaning.startswith("k2g:") else column.meaning
    return f"{text} A word of the scheme {column.scheme}, see vocabulary." if column.scheme else text


def write_rows(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    """A CSV file (RFC 4180, UTF-8)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
