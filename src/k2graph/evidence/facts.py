"""All that a graph says, node by node: for what `Evidence` has no field for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal

from .. import iris
from ..errors import incomplete
from ..sparql.answers import plain_value

_TYPE = iris.name("rdf:type")


class Facts:
    """Every property of every node: numbers as numbers, things under their compact names, values in a settled order."""

    def __init__(self, rows: Iterable[Iterable[Any]]) -> None:
        """All of these triples, of which what is asked for is made plain: most of it nobody asks for."""
        self._plain = lru_cache(maxsize=None)(plain_value)
        self._rows: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
        kinds: dict[Any, list[Any]] = defaultdict(list)
        for subject, predicate, term in rows:
            self._rows[subject].append((predicate, term))
            if predicate == _TYPE:
                kinds[term].append(subject)
        self._subjects = {self._plain(subject): subject for subject in self._rows}
        self._nodes = {self._plain(kind): sorted(map(self._plain, found)) for kind, found in kinds.items()}
        self._values: dict[str, dict[str, tuple[Any, ...]]] = {}

    def nodes(self, kind: str) -> list[str]:
        """The nodes of a class, by name."""
        return self._nodes.get(kind, [])

    def all(self, node: str, name: str) -> tuple[Any, ...]:
        """The values of a property."""
        values = self._values.get(node)
        if values is None:
            values = self._values[node] = self._values_of(node)
        return values.get(name, ())

    def _values_of(self, node: str) -> dict[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for predicate, term in self._rows.get(self._subjects.get(node), ()):
            found[self._plain(predicate)].append(self._plain(term))
        return {name: tuple(sorted(values, key=lambda each: (str(type(each)), each))) for name, values in found.items()}

    def one(self, node: str, name: str, otherwise: Any = "") -> Any:
        """The value of a property, or another."""
        return next(iter(self.all(node, name)), otherwise)

    def by(self, kind: str, *names: str) -> dict[str, list[str]]:
        """The nodes of a class by what each of these properties leads to; under no name those that lack one."""
        found: dict[str, list[str]] = defaultdict(list)
        for node in self.nodes(kind):
            for name in names:
                found[self.one(node, name)].append(node)
        return found

    def language(self, node: str, text: str) -> str | None:
        """The tag of the language in which a text is said of a node, if it has one."""
        terms = (term for _, term in self._rows.get(self._subjects.get(node), ()) if isinstance(term, Literal) and term.value == text)
        return next((term.language for term in terms if term.language), None)

    def need(self, node: str, name: str) -> Any:
        """The value of a property that a complete graph has.

        Raises:
            InputError: where it has none.
        """
        found = self.all(node, name)
        if not found:
            raise incomplete(node, name)
        return found[0]
