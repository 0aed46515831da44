"""Turtle, N-Triples, RDF/XML, TriG and Turtle of RDF 1.2: the triples themselves, in a settled order.

A claim is a node in all of them. Only RDF 1.2 has a way to say a triple without stating it, so only there do claims become triples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from .. import iris
from ..evidence.model import Evidence
from ..iris import expand
from . import Format, Part, has_triples
from .mapped import may_be_stated


def write_turtle(part: Part, path: Path) -> Mapping[str, int]:
    """Turtle as `k2graph build` writes it; of the whole graph, the same bytes."""
    from ..building.turtle import turtle

    path.write_bytes(turtle(serialize(part.triples(), format=RdfFormat.N_TRIPLES) or b"", _head(part)))
    return {}


def _head(part: Part) -> bytes:
    """The first line: only what was built here from tables says so."""
    from ..building.turtle import BUILT

    return BUILT if iris.BASE + "ontology" in part.evidence.facts.nodes("owl:Ontology") else b""


def write_ntriples(part: Part, path: Path) -> Mapping[str, int]:
    """One triple a line, lines in order."""
    lines = (serialize(part.triples(), format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    path.write_bytes(b"".join(sorted(lines)))
    return {}


def write_rdfxml(part: Part, path: Path) -> Mapping[str, int]:
    """RDF/XML; statements whose text XML cannot hold are left out."""
    return as_xml(in_order(part.triples()), path)


def as_xml(triples: list[Triple], path: Path) -> Mapping[str, int]:
    """Triples as RDF/XML, and how many XML could not hold."""
    held = [triple for triple in triples if not (isinstance(triple.object, Literal) and _NOT_XML.search(triple.object.value))]
    written = serialize(held, format=RdfFormat.RDF_XML, prefixes=iris.PREFIXES) or b""
    # A reader of XML makes a line feed of a carriage return that stands there as such.
    path.write_bytes(written.replace(b"\r", b"&#13;") + b"\n")
    return {"statements with characters that XML cannot hold": len(triples) - len(held)}


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_trig(part: Part, path: Path) -> Mapping[str, int]:
    """TriG: what was read in a report stands in the graph of its address; all else, and all that follows by rule, in the default graph.

    What a file has in named graphs stays in them.
    """
    facts = part.evidence.facts
    derived = {iris.name(each) for each in facts.nodes("rdf:Property") if facts.all(each, "k2g:derivedBy")}
    report: dict[Any, NamedNode] = {
        NamedNode(expand(finding)): NamedNode(expand(read_in))
        for finding in part.nodes("k2g:Finding")
        if isinstance(read_in := facts.one(finding, "k2g:report"), str) and ":" in read_in
    }
    elsewhere = DefaultGraph()
    graphs = part.graph.named_triples()
    quads = [
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for triple in in_order(part.triples())
        for graph in graphs.get(triple, (elsewhere if triple.predicate in derived else report.get(triple.subject, elsewhere),))
    ]
    # The sort keeps the order of triples within a graph; the default graph has no name and comes first.
    quads.sort(key=lambda quad: getattr(quad.graph_name, "value", ""))
    path.write_bytes(serialize(quads, format=RdfFormat.TRIG, prefixes=iris.PREFIXES) or b"")
    return {}


def write_turtle_star(part: Part, path: Path) -> Mapping[str, int]:
    """Turtle with claims as triples besides, which their nodes annotate."""
    from ..building.turtle import turtle

    path.write_bytes(turtle(serialize((*part.triples(), *annotated(part.evidence)), format=RdfFormat.N_TRIPLES) or b"", _head(part)))
    return {}


def annotated(evidence: Evidence) -> Iterator[Triple]:
    """Each claim's node as a reifier of the claim's triple; and the triple itself, where nothing about it has to be known to read it right.

    `rdf:reifies` does not assert what it names. The rule `may-be-stated-plainly` says which are stated.
    """
    for claim in evidence.claims.values():
        edge = Triple(*(NamedNode(expand(each)) for each in (claim.subject, claim.predicate.id, claim.object)))
        yield Triple(NamedNode(expand(claim.id)), iris.name("rdf:reifies"), edge)
        if may_be_stated(evidence, claim.id, "plain"):
            yield edge


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    """Triples by subject, property and object."""

    def place(triple: Any) -> tuple[str, str, str]:
        return triple.subject.value, triple.predicate.value, str(triple.object)

    return sorted(triples, key=place)


_ALL = "the whole graph: ontology, rules, questions, facts, findings, claims as nodes, and all that follows by rule"
_NOTHING = "nothing"
_READERS = "every RDF library and triple store"
TURTLE = Format("turtle", "RDF as Turtle", _READERS, _ALL, f"{_NOTHING} (RDF 1.1)", ".ttl", write_turtle, has=has_triples, incomplete=True)
NTRIPLES = Format(
    "ntriples",
    "RDF as N-Triples",
    _READERS + ", line tools",
    _ALL,
    f"{_NOTHING} (RDF 1.1)",
    ".nt",
    write_ntriples,
    has=has_triples,
    incomplete=True,
)
RDFXML = Format(
    "rdfxml",
    "RDF as RDF/XML",
    _READERS,
    _ALL,
    "statements with control characters, which XML cannot hold",
    ".rdf",
    write_rdfxml,
    has=has_triples,
    incomplete=True,
)
TRIG = Format(
    "trig",
    "RDF as TriG, a graph for each report",
    "RDF libraries and stores that keep named graphs",
    f"{_ALL}; what was read in a report stands in a graph that is named for it",
    f"{_NOTHING}; a reader that takes the default graph alone misses what reports say was found",
    ".trig",
    write_trig,
    has=has_triples,
    incomplete=True,
    graphs=True,
)
TURTLE_STAR = Format(
    "turtle-star",
    "RDF 1.2 as Turtle, claims as annotated triples",
    "stores with RDF 1.2 or RDF-star",
    f"{_ALL}; each claim besides as a triple that its node reifies, stated only where a rule says that all claims on it are shown",
    f"{_NOTHING}; readers of RDF 1.1 cannot read it",
    ".ttl",
    write_turtle_star,
    has=has_triples,
)
