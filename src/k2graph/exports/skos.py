"""SKOS: entities as one concept scheme and each scheme of the vocabulary as another, for thesaurus tools and mapping work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from .. import iris
from ..evidence.model import Entity, Evidence
from . import Format, Part
from .rdf import in_order

#: The scheme of entities has the address under which all entities stand: one that is ours already.
ENTITIES = NamedNode(iris.PREFIXES["entity"])
#: Relations that lead to a broader concept, as ontology/mappings.sssom.tsv has them; all others say that two belong together.
_BROADER = ("k2g:formOf", "k2g:narrowerThan")


def write_skos(part: Part, path: Path) -> Mapping[str, int]:
    """One Turtle file."""
    evidence = part.evidence
    path.write_bytes(serialize(in_order(set(concepts(evidence))), format=RdfFormat.TURTLE, prefixes=iris.PREFIXES) or b"")
    return {
        "claims, for whose standing SKOS has no words": len(evidence.claims),
        "findings, for which SKOS has no words": len(evidence.findings),
        "studies, for which SKOS has no words": len(evidence.studies),
        "mechanisms, for which SKOS has no words": len(evidence.mechanisms),
        "interactions, for which SKOS has no words": len(evidence.interactions),
    }


def concepts(evidence: Evidence) -> Iterator[Triple]:
    """All schemes and concepts."""
    yield from _scheme(ENTITIES, "entities", "Things in the world that claims are about.")
    for entity in evidence.entities.values():
        yield from _entity(evidence, entity)
    for scheme in evidence.facts.nodes("skos:ConceptScheme"):
        yield from _scheme(iris.name(scheme), evidence.facts.need(scheme, "rdfs:label"), evidence.facts.need(scheme, "skos:definition"))
    for word in evidence.words.values():
        yield from _concept(word.id, iris.name(f"k2g:{word.scheme}"), word.label, word.definition)
        yield Triple(iris.name(word.id), iris.name("skos:notation"), Literal(word.notation))
        yield from _top(iris.name(word.id), iris.name(f"k2g:{word.scheme}"))


def _entity(evidence: Evidence, entity: Entity) -> Iterator[Triple]:
    node = iris.name(entity.id)
    yield from _concept(entity.id, ENTITIES, entity.label, entity.definition)
    yield Triple(node, iris.name("rdf:type"), iris.name(entity.kind))
    for synonym in entity.synonyms:
        # A label is preferred or alternative, not both (S13).
        if synonym != entity.label:
            yield Triple(node, iris.name("skos:altLabel"), Literal(synonym))
    for each in entity.identifiers:
        yield Triple(node, iris.name(f"skos:{each.match}Match"), NamedNode(each.address))
    for relation, other in entity.relations:
        yield Triple(node, iris.name(relation), iris.name(other))
        if relation in _BROADER:
            yield Triple(node, iris.name("skos:broader"), iris.name(other))
            yield Triple(iris.name(other), iris.name("skos:narrower"), node)
        # What is above or below another is not beside it (S27).
        elif other not in _above(evidence, entity.id) and entity.id not in _above(evidence, other):
            yield Triple(node, iris.name("skos:related"), iris.name(other))
            yield Triple(iris.name(other), iris.name("skos:related"), node)
    if not any(relation in _BROADER for relation, _ in entity.relations):
        yield from _top(node, ENTITIES)


def _above(evidence: Evidence, entity: str) -> set[str]:
    """The entities that are broader, at any distance."""
    found: set[str] = set()
    waiting = [entity]
    while waiting:
        near = {other for relation, other in evidence.entities[waiting.pop()].relations if relation in _BROADER} - found
        found |= near
        waiting += sorted(near)
    return found


def _scheme(node: NamedNode, label: str, definition: str) -> Iterator[Triple]:
    yield Triple(node, iris.name("rdf:type"), iris.name("skos:ConceptScheme"))
    yield Triple(node, iris.name("skos:prefLabel"), Literal(label))
    yield Triple(node, iris.name("skos:definition"), Literal(definition))


def _concept(thing: str, scheme: NamedNode, label: str, definition: str) -> Iterator[Triple]:
    yield Triple(iris.name(thing), iris.name("rdf:type"), iris.name("skos:Concept"))
    yield Triple(iris.name(thing), iris.name("skos:inScheme"), scheme)
    yield Triple(iris.name(thing), iris.name("skos:prefLabel"), Literal(label))
    if definition:
        yield Triple(iris.name(thing), iris.name("skos:definition"), Literal(definition))


def _top(node: NamedNode, scheme: NamedNode) -> Iterator[Triple]:
    yield Triple(node, iris.name("skos:topConceptOf"), scheme)
    yield Triple(scheme, iris.name("skos:hasTopConcept"), node)


SKOS = Format(
    "skos",
    "SKOS concept schemes",
    "thesaurus tools such as Skosmos and VocBench, mapping tools, RDF libraries",
    "entities with kind, labels, definitions, relations and identifiers of other vocabularies; the schemes of the vocabulary",
    "claims, findings, studies, mechanisms and interactions",
    ".ttl",
    write_skos,
    has=lambda part: bool(part.evidence.entities or (part.whole and part.evidence.words)),
)
