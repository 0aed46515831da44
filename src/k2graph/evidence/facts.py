"""All that a graph says, node by node: for what `Evidence` has no field for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ..errors import incomplete
from ..sparql.answers import plain_value


class Facts:
    """Every property of every node: numbers as numbers, things under their compact names, values in a settled order."""

    def __init__(self, rows: Iterable[tuple[Any, Any, Any]]) -> None:
        value = lru_cache(maxsize=None)(plain_value)
        self._values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._nodes: dict[str, list[str]] = defaultdict(list)
        self._languages: dict[tuple[str, str], str] = {}
        for subject, predicate, term in rows:
            self._values[value(subject)][value(predicate)].append(value(term))
            if language := getattr(term, "language", None):
                self._languages[value(subject), term.value] = language
        for node in sorted(self._values):
            for values in self._values[node].values():
                values.sort(key=lambda each: (str(type(each)), each))
            for kind in self._values[node].get("rdf:type", ()):
                self._nodes[kind].append(node)

    def nodes(self, kind: str) -> list[str]:
        """The nodes of a class, by name."""
        return self._nodes.get(kind, [])

    def all(self, node: str, name: str) -> tuple[Any, ...]:
        """The values of a property."""
        return tuple(self._values[node].get(name, ())) if node in self._values else ()

    def one(self, node: str, name: str, otherwise: Any = "") -> Any:
        """The value of a property, or another."""
        return next(iter(self.all(node, name)), otherwise)

    def language(self, node: str, text: str) -> str | None:
        """The tag of the language in which a text is said of a node, if it has one."""
        return self._languages.get((node, text))

    def need(self, node: str, name: str) -> Any:
        """The value of a property that a complete graph has.

        Raises:
            InputError: where it has none.
        """
        found = self.all(node, name)
        if not found:
            raise incomplete(node, name)
        return found[0]
