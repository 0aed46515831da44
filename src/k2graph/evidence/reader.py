"""Read a graph into `Evidence`: every property once, in a settled order, and a plain word where something is not complete.

In: a graph, in a file or behind an endpoint. Out: an `Evidence`, and within it all `Facts` for what it has no field for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ..errors import InputError
from ..iris import expand
from ..sparql.store import EmbeddedStore
from .appraised import Appraisal
from .claim_reader import read_claim
from .described import described
from .facts import Facts
from .model import Evidence
from .nodes import Nodes
from .things import Arm, Entity, Finding, Identifier, Interaction, Mechanism, Report, Step, Study

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph


def read_evidence(graph: ReadableGraph, *, incomplete: bool = False) -> Evidence:
    """All that the graph holds of what was claimed and found; a graph in a file, which stays as it was opened, is read once.

    Where it may be `incomplete` and is, it comes as facts alone.

    Raises:
        InputError: where something lacks what every such thing has; `k2graph validate` tells more.
    """
    if graph in _READ:
        return _READ[graph]
    facts = Facts(graph.triples())
    try:
        evidence = _evidence(Nodes(facts))
    except InputError:
        if not incomplete:
            raise
        return Evidence({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, facts)
    if isinstance(graph.store, EmbeddedStore):
        _READ[graph] = evidence
    return evidence


_READ: WeakKeyDictionary[ReadableGraph, Evidence] = WeakKeyDictionary()


def _evidence(read: Nodes) -> Evidence:
    nodes = read.facts.nodes
    kinds = [kind for kind in read.classes if "k2g:Entity" in read.all(kind, "rdfs:subClassOf")]
    entities = {node: _entity(read, node, kind) for kind in kinds for node in nodes(kind)}
    return Evidence(
        words=read.words,
        organisms={node: read.need(node, "rdfs:label") for node in nodes("k2g:Organism")},
        entities=dict(sorted(entities.items())),
        claims={node: read_claim(read, node) for node in nodes("k2g:Claim")},
        findings={node: _finding(read, node) for node in nodes("k2g:Finding")},
        reports={node: _report(read, node) for node in nodes("k2g:Report")},
        studies={node: _study(read, node) for node in nodes("k2g:Study")},
        mechanisms={node: _mechanism(read, node) for node in nodes("k2g:Mechanism")},
        interactions={node: _interaction(read, node) for node in nodes("k2g:Interaction")},
        appraisals={node: described(read, node, Appraisal, "appraisals") for node in nodes("k2g:Appraisal")},
        facts=read.facts,
    )


def _entity(read: Nodes, node: str, kind: str) -> Entity:
    relations = [word.id for word in read.words.values() if word.scheme == "relations"]
    return described(
        read, node, Entity, "entities",
        label=read.text(node, "rdfs:label"),
        kind=kind,
        kind_label=read.need(kind, "rdfs:label"),
        definition=read.text(node, "skos:definition"),
        relations=tuple((relation, other) for relation in sorted(relations) for other in read.texts(node, relation)),
        carries_evidence_to=read.texts(node, "k2g:carriesEvidenceTo"),
        identifiers=tuple(_identifier(read, match) for match in read.by("k2g:IdentifierMatch", "k2g:entity", node)),
    )  # fmt: skip


def _identifier(read: Nodes, node: str) -> Identifier:
    return Identifier(
        curie=read.need(node, "dcterms:identifier"),
        address=expand(read.text(node, "k2g:address")),
        match=read.word(node, "k2g:match"),
        match_property=read.need(read.need(node, "k2g:match"), "k2g:matchProperty"),
        matched_label=read.text(node, "k2g:matchedLabel"),
    )


def _finding(read: Nodes, node: str) -> Finding:
    return described(
        read, node, Finding, "findings",
        investigation=read.need(node, "k2g:investigation"),
        level=read.word(node, "k2g:evidenceLevel"),
        design=read.word(node, "k2g:madeBy"),
        status=read.word_or_none(node, "k2g:statusOfParticipants"),
        measure=read.measure(node),
        is_ratio=bool(read.one(read.text(node, "k2g:measureTerm"), "k2g:isRatio", False)),
        is_inverse=read.one(read.text(node, "k2g:scale"), "k2g:sign", 1) == -1,
        n=read.one(node, "k2g:ownSampleSize", None) or read.one(read.need(node, "k2g:study"), "k2g:sampleSize", None),
        dose=read.text(node, "k2g:givenDose"),
        duration=read.text(node, "k2g:givenFor"),
        compared_with=read.label(node, "k2g:comparedWith"),
        exposure_alone=read.label(node, "k2g:exposureAlone"),
    )  # fmt: skip


def _report(read: Nodes, node: str) -> Report:
    studies = read.by("k2g:Study", "k2g:report", node)
    return described(
        read, node, Report, "reports",
        label=read.text(node, "rdfs:label"),
        key=read.need(node, "dcterms:identifier"),
        first_author=read.text(node, "k2g:firstAuthor"),
        registry=tuple(dict.fromkeys(number for study in studies for number in read.texts(study, "k2g:registryNumber"))),
        # How a registration stands is no word on a paper that came of it.
        registration_status="; ".join(
            filter(None, (read.text(study, "k2g:registrationStatus") for study in studies if read.texts(study, "k2g:report") == (node,)))
        ),
        address=read.text(node, "k2g:citedAt"),
        studies=tuple(studies),
    )  # fmt: skip


def _study(read: Nodes, node: str) -> Study:
    kinds = read.all(node, "rdf:type")
    return described(
        read, node, Study, "studies",
        kind=next((kind for kind in ("Trial", "Cohort") if f"k2g:{kind}" in kinds), "Study"),
        dose=read.text(node, "k2g:givenDose"),
        duration=read.text(node, "k2g:givenFor"),
        arms=tuple(_arm(read, arm) for arm in read.by("k2g:Arm", "k2g:armOf", node)),
    )  # fmt: skip


def _arm(read: Nodes, node: str) -> Arm:
    label, daily = read.text(node, "rdfs:label"), read.number(node, "k2g:dailyAmount")
    return described(read, node, Arm, "arms", label=label, daily=daily)


def _mechanism(read: Nodes, node: str) -> Mechanism:
    support = read.need(node, "k2g:support")
    steps = {
        step: Step(
            order=int(read.need(step, "k2g:order")),
            claim=read.need(step, "k2g:claim"),
            yields=read.need(step, "k2g:yields"),
            implied=read.label(step, "k2g:impliedDirection"),
            reach=read.need(step, "k2g:reachClaim"),
        )
        for step in read.by("k2g:Step", "k2g:mechanism", node)
    }

    def order(property_: str) -> int | None:
        step = read.text(support, property_)
        return steps[step].order if step else None

    return described(
        read, node, Mechanism, "mechanisms",
        steps=tuple(sorted(steps.values(), key=lambda step: step.order)),
        verdict=read.word(support, "k2g:verdict"),
        signs_agree=bool(read.need(support, "k2g:signsAgree")),
        testable_links=int(read.need(support, "k2g:testableLinks")),
        testable_links_shown=int(read.need(support, "k2g:testableLinksShown")),
        weakest=order("k2g:weakestStep"),
        reaches=order("k2g:reachesStep"),
        stops=order("k2g:stopsAtStep"),
        left_open=order("k2g:openAtStep"),
        decided_by=read.need(support, "k2g:decidedBy"),
    )  # fmt: skip


def _interaction(read: Nodes, node: str) -> Interaction:
    label, address = read.text(node, "rdfs:label"), read.text(node, "k2g:citedAt")
    return described(read, node, Interaction, "interactions", label=label, address=address)
