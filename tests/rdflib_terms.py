"""A graph of ours in rdflib's terms, read by another reader."""

from pathlib import Path
from typing import Any

import pyoxigraph
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat

from k2graph import iris


def plain(path: Path) -> set[tuple[rdflib.term.Node, ...]]:
    """A graph of ours in Turtle in rdflib's terms, read by another reader. It has no blank nodes."""
    found = {quad.triple for quad in pyoxigraph.parse(path=str(path), format=RdfFormat.TURTLE)}
    terms = {term: _as_rdflib(term) for triple in found for term in (triple.subject, triple.predicate, triple.object)}
    return {(terms[triple.subject], terms[triple.predicate], terms[triple.object]) for triple in found}


def _as_rdflib(term: Any) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    assert isinstance(term, Literal)
    # rdflib takes a text without a language to have no datatype.
    datatype = None if term.language or term.datatype == iris.name("xsd:string") else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
