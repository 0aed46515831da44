"""The ontology as the tables need it: which words a column may hold, and what each of them entails.

The words live in ontology/k2graph.ttl only. A scheme's concept is written in a table by its skos:notation.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Store

from . import resources
from .names import name, short


@dataclass(frozen=True)
class Vocabulary:
    """An ontology file, read once."""

    path: Path = resources.ONTOLOGY

    @cached_property
    def store(self) -> Store:
        """The ontology's triples."""
        store = Store()
        store.bulk_load(path=str(self.path), format=RdfFormat.TURTLE)
        return store

    @cached_property
    def schemes(self) -> dict[str, dict[str, NamedNode]]:
        """Scheme → notation → concept, in the ontology's order of notations. Entity classes are the scheme `types`."""
        schemes: dict[str, dict[str, NamedNode]] = {}
        found = [
            (short(scheme.value).removeprefix("k2g:"), concept) for concept, _, scheme in self._matching(None, name("skos:inScheme"), None)
        ]
        found += [("types", concept) for concept, _, _ in self._matching(None, name("rdfs:subClassOf"), name("k2g:Entity"))]
        for scheme, concept in sorted(found, key=lambda pair: (pair[0], pair[1].value)):
            schemes.setdefault(scheme, {})[self.text(concept, "skos:notation")] = concept
        return schemes

    def text(self, concept: NamedNode, property_name: str) -> str:
        """The one value of a property of a concept; empty where it has none."""
        for _, _, value in self._matching(concept, name(property_name), None):
            return str(value.value)
        return ""

    def fact(self, scheme: str, notation: str, property_name: str) -> str:
        """What the ontology says of a table's word: `fact("designs", "rct", "k2g:isTrial")` is `"true"`."""
        return self.text(self.schemes[scheme][notation], property_name)

    def triples(self) -> list[tuple[Any, Any, Any]]:
        """All that the ontology says, for the graph that carries it."""
        return self._matching(None, None, None)

    def _matching(self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | None) -> list[tuple[Any, Any, Any]]:
        return [(quad.subject, quad.predicate, quad.object) for quad in self.store.quads_for_pattern(subject, predicate, value)]
