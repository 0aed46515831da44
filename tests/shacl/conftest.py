"""What the tests of the engines for shapes share."""

import pytest
from pyoxigraph import NamedNode, Quad

from k2graph import iris, resources
from k2graph.ontology import Vocabulary
from k2graph.sparql.store import EmbeddedStore


@pytest.fixture(scope="session")
def part() -> list[Quad]:
    """The ontology and six things of each class."""
    whole = EmbeddedStore(resources.GRAPH).engine
    kept = {triple[0] for triple in Vocabulary().triples()}
    by_class: dict[object, list[NamedNode]] = {}
    for quad in whole.quads_for_pattern(None, iris.name("rdf:type"), None):
        by_class.setdefault(quad.object, []).append(quad.subject)  # type: ignore[arg-type]  # the graph has no blank nodes
    for things in by_class.values():
        kept |= set(sorted(things, key=str)[:6])
    return sorted((quad for quad in whole if quad.subject in kept), key=str)
