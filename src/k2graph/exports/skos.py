"""SKOS: entities as one concept scheme and each scheme of the vocabulary as another, for thesaurus tools and mapping work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from .. import iris
from ..evidence.model import Entity, Evidence
from . import Format, Part
from .mapped import Mapped
from .rdf import in_order

#: The scheme of entities has the address under which all entities stand: one that is ours already.
ENTITIES = NamedNode(iris.PREFIXES["entity"])
#: What is said here, and not in the graph, is in English.
_OWN = partial(Literal, language="en")


def write_skos(part: Part, path: Path) -> Mapping[str, int]:
    """One Turtle file."""
    evidence = part.evidence
    path.write_bytes(serialize(in_order(set(concepts(evidence))), format=RdfFormat.TURTLE, prefixes=iris.PREFIXES) or b"")
    return {
        "claims, for whose standing SKOS has no words": len(evidence.claims),
        "findings, for which SKOS has no words": len(evidence.findings),
        "reports, for which SKOS has no words": len(evidence.reports),
        "studies and their arms, for which SKOS has no words": len(evidence.studies),
        "mechanisms, for which SKOS has no words": len(evidence.mechanisms),
        "interactions, for which SKOS has no words": len(evidence.interactions),
    }


def concepts(evidence: Evidence) -> Iterator[Triple]:
    """All schemes and concepts."""
    mapped = Mapped(evidence)
    # All other relations say that two belong together.
    broader = {word.id for word in evidence.scheme("relations") if mapped.leads_to(word.id, "skos:broader")}
    yield from _scheme(ENTITIES, _OWN("entities"), _OWN("Things in the world that claims are about."))
    for entity in evidence.entities.values():
        yield from _entity(evidence, entity, broader)
    for scheme in evidence.facts.nodes("skos:ConceptScheme"):
        label, definition = (evidence.facts.need(scheme, name) for name in ("rdfs:label", "skos:definition"))
        yield from _scheme(_node(scheme), _text(evidence, scheme, label), _text(evidence, scheme, definition))
    for word in evidence.words.values():
        yield from _concept(evidence, word.id, _node(f"k2g:{word.scheme}"), word.label, word.definition)
        yield Triple(_node(word.id), iris.name("skos:notation"), Literal(word.notation))
        yield from _top(_node(word.id), _node(f"k2g:{word.scheme}"))


def _entity(evidence: Evidence, entity: Entity, broader: Set[str]) -> Iterator[Triple]:
    node = _node(entity.id)
    yield from _concept(evidence, entity.id, ENTITIES, entity.label, entity.definition)
    yield Triple(node, iris.name("rdf:type"), _node(entity.kind))
    for synonym in entity.synonyms:
        # A label is preferred or alternative, not both (S13).
        if synonym != entity.label:
            yield Triple(node, iris.name("skos:altLabel"), _text(evidence, entity.id, synonym))
    for each in entity.identifiers:
        yield Triple(node, iris.name(each.match_property), NamedNode(each.address))
    for relation, other in entity.relations:
        yield Triple(node, _node(relation), _node(other))
        if relation in broader:
            yield Triple(node, iris.name("skos:broader"), _node(other))
            yield Triple(_node(other), iris.name("skos:narrower"), node)
        # What is above or below another is not beside it (S27).
        elif other not in _above(evidence, entity.id, broader) and entity.id not in _above(evidence, other, broader):
            yield Triple(node, iris.name("skos:related"), _node(other))
            yield Triple(_node(other), iris.name("skos:related"), node)
    if not any(relation in broader for relation, _ in entity.relations):
        yield from _top(node, ENTITIES)


def _above(evidence: Evidence, entity: str, broader: Set[str]) -> set[str]:
    """The entities that are broader, at any distance."""
    found: set[str] = set()
    waiting = [entity]
    while waiting:
        near = {other for relation, other in evidence.entities[waiting.pop()].relations if relation in broader} - found
        found |= near
        waiting += sorted(near)
    return found


def _scheme(node: NamedNode, label: Literal, definition: Literal) -> Iterator[Triple]:
    yield Triple(node, iris.name("rdf:type"), iris.name("skos:ConceptScheme"))
    yield Triple(node, iris.name("skos:prefLabel"), label)
    yield Triple(node, iris.name("skos:definition"), definition)


def _concept(evidence: Evidence, thing: str, scheme: NamedNode, label: str, definition: str) -> Iterator[Triple]:
    yield Triple(_node(thing), iris.name("rdf:type"), iris.name("skos:Concept"))
    yield Triple(_node(thing), iris.name("skos:inScheme"), scheme)
    yield Triple(_node(thing), iris.name("skos:prefLabel"), _text(evidence, thing, label))
    if definition:
        yield Triple(_node(thing), iris.name("skos:definition"), _text(evidence, thing, definition))


def _top(node: NamedNode, scheme: NamedNode) -> Iterator[Triple]:
    yield Triple(node, iris.name("skos:topConceptOf"), scheme)
    yield Triple(scheme, iris.name("skos:hasTopConcept"), node)


def _text(evidence: Evidence, thing: str, text: str) -> Literal:
    """A text with the tag of its language that the graph has: thesaurus tools list concepts by language."""
    return Literal(text, language=evidence.facts.language(thing, text))


def _node(thing: str) -> NamedNode:
    return iris.name(thing)


SKOS = Format(
    "skos",
    "SKOS concept schemes",
    "thesaurus tools such as Skosmos and VocBench, mapping tools, RDF libraries",
    "entities with kind, labels, definitions, relations and identifiers of other vocabularies; the schemes of the vocabulary",
    "claims, findings, reports, studies and their arms, mechanisms and interactions",
    ".ttl",
    write_skos,
    has=lambda part: bool(part.evidence.entities or (part.whole and part.evidence.words)),
)
