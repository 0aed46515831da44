"""The way back from the graph to the tables: which cell says what a shape finds wrong.

In: what failed the shapes, and the tables of which the graph was made. Out: faults and warnings with file, line and column. An address
is made from a row and a property from a column, so the way back is to make both again, for the things that failed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from .. import iris
from ..errors import Fault
from ..ontology import Vocabulary
from ..shacl.failure import Failure, called
from ..shacl.scope import ONTOLOGY
from .joining import by_file
from .schema import Row, Table, schema
from .statements import address, statements
from .tables import Tables

_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,:;)]")


class Place(NamedTuple):
    """A cell; `table` is the place of its table among all."""

    table: int
    line: int
    column: str


def faults_of(failures: Iterable[Failure], tables: Tables, vocabulary: Vocabulary) -> list[Fault]:
    """A fault for each violation, a warning for all else, in the order of the tables. What is in no table is called by its name."""
    found = list(failures)
    origins = _Origins(found, tables, vocabulary)
    placed = {(origins.place(failure), origins.fault(failure)) for failure in found}
    return [fault for _, fault in sorted(placed, key=lambda pair: (pair[0], pair[1].file, pair[1].column, pair[1].message))]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults in the order of tables and lines, each once."""
    return by_file(dict.fromkeys(faults))


class _Origins:
    """Where the things that failed, and what is said of them, stand."""

    def __init__(self, failures: list[Failure], tables: Tables, vocabulary: Vocabulary) -> None:
        wanted = {term for failure in failures for term in (failure.focus, failure.value, *failure.named.values())}
        self.own: dict[Any, tuple[Place, Row]] = {}
        self.of: dict[tuple[Any, Any], list[tuple[Place, Any]]] = defaultdict(list)
        self.to: dict[tuple[Any, Any], list[Place]] = defaultdict(list)
        self.described, self.tables = [*schema()], tables
        for number, table in enumerate(self.described if failures else ()):
            if table.class_:
                for row, line in tables.numbered(table.name):
                    if (node := address(row)) in wanted:
                        self.own[node] = Place(number, line, table.key[0]), row
            for line, column, subject, property_, value in statements(table, tables, vocabulary):
                if subject in wanted:
                    self.of[subject, property_].append((Place(number, line, column), value))
                if value in wanted:
                    self.to[property_, value].append(Place(number, line, column))

    def place(self, failure: Failure) -> Place:
        """The cell to mend. Of two things of which either could be, it is the one that stands later."""
        thing, path = _thing(failure), failure.path
        if path is not None and path.inverse and (pointing := self.to[path.property, thing]):
            return max(pointing)
        named = {failure.value, *failure.named.values()}
        places = [self._place(each, path.property if path else None, named) for each in (thing, failure.named.get("other"))]
        first, second = places
        return max(first, second) if first.table == second.table else first

    def _place(self, thing: Any, property_: Any, named: set[Any]) -> Place:
        here = self.of[thing, property_]
        if here:
            return ([place for place, value in here if value in named] or [place for place, _ in here])[-1]
        if thing not in self.own:
            return Place(len(self.described), 0, "")
        place, row = self.own[thing]
        return place._replace(column=_column(row.table, property_) or place.column)

    def fault(self, failure: Failure) -> Fault:
        """What failed, in words for the curator: what stands in the tables is called as it is there."""
        table, line, column = self.place(failure)
        file = self.described[table].file if line else iris.short(str(getattr(_thing(failure), "value", "")))
        shape = called(failure.constraint if failure.constraint is not None else failure.shape)
        message = _ADDRESS.sub(lambda found: self._name(found[0]), failure.message)
        return self.tables.placed(Fault(file, line, column, f"{message} ({shape})", is_warning=failure.severity != "violation"))

    def _name(self, text: str) -> str:
        own = self.own.get(NamedNode(text))
        return repr(own[1].identity) if own else iris.short(text)


def _thing(failure: Failure) -> Any:
    """What to mend: the value where the whole graph was asked, else the focus."""
    return failure.value if failure.focus == ONTOLOGY else failure.focus


def _column(table: Table, property_: Any) -> str:
    """The first column that becomes a property; empty where none does."""
    return next((column.name for column in table.columns if property_ in map(iris.name, column.properties)), "")
