"""OWL: the ontology with its properties typed as OWL asks, and everything in the graph as individuals. Decision 6 says why.

A claim is an individual with its standing. No claim becomes a property between the things that it is about: OWL would take it as true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from .. import iris
from . import Format, Part, has_triples
from .rdf import as_xml, in_order

_TYPE, _PROPERTY, _INDIVIDUAL = iris.name("rdf:type"), iris.name("rdf:Property"), iris.name("owl:NamedIndividual")
_CLASS, _CONCEPT, _IN_SCHEME = iris.name("owl:Class"), iris.name("skos:Concept"), iris.name("skos:inScheme")
#: Where OWL keeps names to itself: of these a datatype is in its map (OWL 2, sections 2.4 and 4), or it is none.
_RESERVED = tuple(iris.PREFIXES[each] for each in ("owl", "rdf", "rdfs", "xsd"))
#: Those in the map, those that RDF gives texts with a language, and the one above all.
_DATATYPES = {
    *map(iris.name, ("owl:real", "owl:rational", "rdfs:Literal")),
    *(iris.name(f"rdf:{each}") for each in ("PlainLiteral", "XMLLiteral", "langString", "dirLangString")),
    *(iris.name(f"xsd:{each}") for each in (
        "decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger", "long", "int", "short",
        "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "double", "float", "string", "normalizedString", "token",
        "language", "Name", "NCName", "NMTOKEN", "boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
    )),
}  # fmt: skip
_LOST = "datatypes that OWL 2 does not have, as those of days, years and durations"
#: What an individual is not.
_ABOVE = {_CLASS, _PROPERTY, iris.name("owl:Ontology")}
_ANNOTATION = iris.name("owl:AnnotationProperty")
#: OWL declares these itself; declaring them again would be a fault.
_BUILT_IN = {_TYPE, *map(iris.name, ("rdfs:label", "rdfs:subClassOf", "owl:versionInfo"))}


def write_owl(part: Part, path: Path) -> Mapping[str, int]:
    """One RDF/XML file, which every OWL tool reads."""
    triples = list(part.triples())
    written = as_xml(in_order(set(ontology(triples, triples if part.whole else list(part.graph.triples())))), path)
    return {**written, _LOST: sum(_has_no_datatype(triple.object) for triple in triples)}


def ontology(part: Iterable[Triple], whole: list[Triple]) -> Iterator[Triple]:
    """Triples as OWL: properties with the kind that their use in the whole graph shows, individuals declared."""
    relations = _relations(whole)
    individuals = _individuals(whole) - relations
    kinds = _properties(whole, individuals)
    for subject, predicate, value in part:
        if value == _PROPERTY or (subject in relations and (value == _CONCEPT or predicate == _IN_SCHEME)):
            continue
        yield Triple(subject, predicate, _as_owl_has_it(value))
        if subject in individuals:
            yield Triple(subject, _TYPE, _INDIVIDUAL)
        if predicate == _TYPE and value not in _ABOVE:
            yield Triple(value, _TYPE, _CLASS)
        for each in (subject, predicate):
            if each in kinds:
                yield Triple(each, _TYPE, kinds[each])


def _as_owl_has_it(value: Any) -> Any:
    """A day, a time, a year or a duration as text: OWL 2 has a datatype for an instant, and none for these."""
    return Literal(value.value) if _has_no_datatype(value) else value


def _has_no_datatype(value: Any) -> bool:
    """Whether it is of a datatype that OWL 2 has not, and whose name nobody else may give one."""
    return isinstance(value, Literal) and value.datatype not in _DATATYPES and value.datatype.value.startswith(_RESERVED)


def _relations(triples: Iterable[Triple]) -> set[Any]:
    """The relations between entities. In the graph they are concepts of a scheme besides; OWL tools want one thing under one name."""
    scheme = iris.name("k2g:relations")
    return {subject for subject, predicate, value in triples if predicate == _IN_SCHEME and value == scheme}


def _individuals(triples: Iterable[Triple]) -> set[Any]:
    return {subject for subject, predicate, value in triples if predicate == _TYPE and value not in _ABOVE}


def _properties(triples: Iterable[Triple], individuals: set[Any]) -> dict[Any, NamedNode]:
    """Each property with its kind.

    What leads from individuals to individuals is an object property, and from individuals to values a datatype property. What is said of
    classes and properties, leads out of the graph or does both is an annotation, from which nothing follows.
    """
    seen: dict[Any, set[NamedNode]] = {}
    for subject, predicate, value in triples:
        if predicate not in _BUILT_IN:
            seen.setdefault(predicate, set()).add(_kind(subject, value, individuals))
        elif value == _PROPERTY and subject not in individuals:
            seen.setdefault(subject, set())
    return {node: next(iter(kinds)) if len(kinds) == 1 else _ANNOTATION for node, kinds in seen.items()}


def _kind(subject: Any, value: Any, individuals: set[Any]) -> NamedNode:
    if subject not in individuals or (isinstance(value, NamedNode) and value not in individuals):
        return _ANNOTATION
    return iris.name("owl:ObjectProperty" if isinstance(value, NamedNode) else "owl:DatatypeProperty")


OWL = Format(
    "owl",
    "OWL ontology with individuals",
    "Protégé, ROBOT, owlready2, OWL API",
    "the whole graph: classes, properties with their OWL kinds, and as individuals entities, claims with standing, "
    "findings, reports, studies, arms and all else",
    "statements with control characters, which XML cannot hold; days, times of day, years, months and durations are texts, for which "
    "OWL 2 has no datatype; relations between entities are properties, and no longer concepts of a scheme",
    ".owl",
    write_owl,
    has=has_triples,
    incomplete=True,
)
