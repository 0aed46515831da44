"""The shapes in SHACL Core alone, for engines that know no constraints in SPARQL: made from the file of shapes, so that none is kept twice.

In: ontology/shapes.ttl, or another file. Out: `Core`, as Turtle, of the same shapes the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, serialize

from .. import resources
from ..iris import BASE, PREFIXES, name
from .shapes import Shapes

_SPARQL, _DECLARES = name("sh:sparql"), name("sh:declare")
#: What a shape says of itself beside what it asks for.
_ABOUT = {name(word) for word in ("rdf:type", "sh:severity", "sh:message", "sh:targetClass", "sh:targetNode", "sh:targetSubjectsOf",
                                  "sh:targetObjectsOf")}  # fmt: skip


@dataclass(frozen=True)
class Core:
    """The shapes that are left, as Turtle, how many they are, and how many constraints in SPARQL were left out."""

    turtle: bytes
    shapes: int
    left_out: int


def core(file: Path = resources.SHAPES) -> Core:
    """The shapes of a file without the constraints in SPARQL, and without the shapes that have no other.

    Raises:
        InputError: where the shapes cannot be read, or use what is not known here.
    """
    store = Shapes(file, {}).store
    constraints = {quad.object for quad in store.quads_for_pattern(None, _SPARQL, None)}
    declared = {quad.object for quad in store.quads_for_pattern(None, _DECLARES, None)}
    bare = {
        quad.subject
        for quad in store.quads_for_pattern(None, _SPARQL, None)
        if {each.predicate for each in store.quads_for_pattern(quad.subject, None, None)} <= {*_ABOUT, _SPARQL}
    }
    gone = constraints | declared | bare
    kept = Dataset(quad for quad in store if quad.predicate not in (_SPARQL, _DECLARES) and quad.subject not in gone)
    kept.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    triples = [quad.triple for quad in sorted(kept, key=_place)]
    shapes = {quad.subject for quad in kept if quad.predicate == name("rdf:type") and quad.object.value.startswith(PREFIXES["sh"])}
    written = {getattr(term, "value", "") for triple in triples for term in triple}
    prefixes = {prefix: start for prefix, start in PREFIXES.items() if any(each.startswith(start) for each in written)}
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes={**prefixes, "shape": f"{BASE}shape/"}) or b""
    return Core(text, len(shapes), len(constraints))


def _place(quad: Quad) -> tuple[bool, str, str, str]:
    """Things with a name first, each with all that is said of it."""
    return isinstance(quad.subject, BlankNode), str(quad.subject), str(quad.predicate), str(quad.object)
