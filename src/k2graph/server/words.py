"""The words with which a query is completed while somebody writes it: prefixes, classes, properties and concepts of a graph.

In: a graph, and how often it uses each class and property. Out: a script of its own, which the page for queries loads and caches keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from pyoxigraph import NamedNode

from .. import iris
from ..sparql.internal import internal
from ..views import embedded_json, harmless

#: More would make a file that takes longer to load than anybody likes to wait. The most used stay.
_MOST = 6_000
#: Letters of what a word means: a line beside it, not an article.
_LONGEST = 160
_KINDS = {
    "owl:Class": "class",
    "rdfs:Class": "class",
    "skos:Concept": "word",
    "skos:ConceptScheme": "word",
}


def prefixes_offered(*, plain: bool) -> dict[str, str]:
    """The prefixes that need not be declared, without ours for a graph that has nothing of ours."""
    return {prefix: start for prefix, start in iris.PREFIXES.items() if not (plain and start.startswith(iris.BASE))}


class Queried(Protocol):
    """As much of a graph as is needed here."""

    def query(self, sparql: str, *, whole: bool) -> Any:
        """Answer a query."""


def words_file(graph: Queried, classes: Mapping[str, int], properties: Mapping[str, int], *, plain: bool) -> bytes:
    """A script that sets `k2graphWords`: `prefixes`, and of each word its IRI, kind, label and meaning, the most used first.

    Args:
        graph: From where labels and meanings are.
        classes: How many things each class has.
        properties: How many triples each property has.
        plain: Whether the graph has nothing of ours, and so no prefix of ours is offered.
    """
    found: dict[str, list[str]] = {}
    for word, kind, label, meaning in getattr(graph.query(internal("words-of-vocabularies"), whole=True), "terms", ()):
        if isinstance(word, NamedNode):
            known = found.setdefault(word.value, [_KINDS.get(iris.short(kind.value), "property"), "", ""])
            for place, text in ((1, label), (2, meaning)):
                # What comes first stays, but for English, which is that of the page.
                if text is not None and (not known[place] or getattr(text, "language", None) == "en"):
                    known[place] = harmless(text.value)[:_LONGEST]
    for kind, counts in (("class", classes), ("property", properties)):
        for iri in counts:
            found.setdefault(iri, [kind, "", ""])
    used = {**classes, **properties}
    order = sorted(found, key=lambda iri: (-used.get(iri, 0), iri))[:_MOST]
    words = {"prefixes": prefixes_offered(plain=plain), "words": [[iri, *found[iri]] for iri in order]}
    return f"window.k2graphWords={embedded_json(words)};\n".encode()
