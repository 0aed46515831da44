"""Read a graph into `Evidence`: every property once, in a settled order, and a plain word where something is not complete.

In: a graph, in a file or behind an endpoint. Out: an `Evidence`, and within it all `Facts` for what it has no field for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ..iris import expand
from ..sparql.store import EmbeddedStore
from .claim_reader import read_claim
from .facts import Facts
from .model import Evidence
from .nodes import Nodes
from .things import Arm, Entity, Finding, Identifier, Interaction, Mechanism, Report, Step, Study

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph


def read_evidence(graph: ReadableGraph) -> Evidence:
    """All that the graph holds of what was claimed and found; a graph in a file, which stays as it was opened, is read once.

    Raises:
        InputError: where something lacks what every such thing has; `k2graph validate` tells more.
    """
    if graph in _READ:
        return _READ[graph]
    evidence = _evidence(Nodes(Facts((triple.subject, triple.predicate, triple.object) for triple in graph.triples())))
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
        facts=read.facts,
    )


def _entity(read: Nodes, node: str, kind: str) -> Entity:
    relations = [word.id for word in read.words.values() if word.scheme == "relations"]
    return Entity(
        id=node,
        label=read.text(node, "rdfs:label"),
        kind=kind,
        kind_label=read.classes[kind],
        definition=read.text(node, "skos:definition"),
        synonyms=read.texts(node, "skos:altLabel"),
        aspect=read.label(node, "k2g:aspect"),
        desirable=read.label(node, "k2g:desirable"),
        relations=tuple((relation, other) for relation in sorted(relations) for other in read.texts(node, relation)),
        carries_evidence_to=read.texts(node, "k2g:carriesEvidenceTo"),
        identifiers=tuple(
            Identifier(
                curie=read.need(match, "dcterms:identifier"),
                address=expand(read.text(match, "k2g:address")),
                match=read.word(match, "k2g:match"),
                match_property=read.need(read.need(match, "k2g:match"), "k2g:matchProperty"),
                matched_label=read.text(match, "k2g:matchedLabel"),
            )
            for match in read.by("k2g:IdentifierMatch", "k2g:entity", node)
        ),
        sources=read.texts(node, "dcterms:source"),
    )


def _finding(read: Nodes, node: str) -> Finding:
    return Finding(
        id=node,
        study=read.need(node, "k2g:study"),
        report=read.need(node, "k2g:report"),
        investigation=read.need(node, "k2g:investigation"),
        subject=read.need(node, "rdf:subject"),
        predicate=read.word(node, "rdf:predicate"),
        object=read.need(node, "rdf:object"),
        direction=read.word(node, "k2g:direction"),
        level=read.word(node, "k2g:evidenceLevel"),
        design=read.word(node, "k2g:madeBy"),
        outcome_kind=read.word(node, "k2g:outcomeKind"),
        endpoint_role=read.label(node, "k2g:endpointRole"),
        analysis=read.label(node, "k2g:analysis"),
        status=read.word_or_none(node, "k2g:statusOfParticipants"),
        measure=read.measure(node),
        effect_measure=read.text(node, "k2g:effectMeasure"),
        contrast=read.text(node, "k2g:contrast"),
        is_ratio=bool(read.one(read.text(node, "k2g:measureTerm"), "k2g:isRatio", False)),
        is_inverse=read.one(read.text(node, "k2g:scale"), "k2g:sign", 1) == -1,
        value=read.number(node, "k2g:value"),
        ci_low=read.number(node, "k2g:ciLow"),
        ci_high=read.number(node, "k2g:ciHigh"),
        value_reported=read.reported(node, "k2g:value"),
        ci_low_reported=read.reported(node, "k2g:ciLow"),
        ci_high_reported=read.reported(node, "k2g:ciHigh"),
        unit=read.text(node, "k2g:unit"),
        p_value=read.number(node, "k2g:pValue"),
        p_value_relation=read.word_or_none(node, "k2g:pValueRelation"),
        p_value_reported=read.reported(node, "k2g:pValue"),
        reported=read.text(node, "k2g:reported"),
        conditions=read.text(node, "k2g:conditions"),
        arm=read.text(node, "k2g:arm"),
        comparator_arm=read.text(node, "k2g:comparatorArm"),
        n=read.one(node, "k2g:ownSampleSize", None) or read.one(read.need(node, "k2g:study"), "k2g:sampleSize", None),
        dose=read.text(node, "k2g:givenDose"),
        duration=read.text(node, "k2g:givenFor"),
        compared_with=read.label(node, "k2g:comparedWith"),
        exposure_alone=read.label(node, "k2g:exposureAlone"),
        note=" ".join(read.texts(node, "skos:note")),
        sources=read.texts(node, "dcterms:source"),
    )


def _report(read: Nodes, node: str) -> Report:
    studies = read.by("k2g:Study", "k2g:report", node)
    return Report(
        id=node,
        label=read.text(node, "rdfs:label"),
        key=read.need(node, "dcterms:identifier"),
        title=read.need(node, "dcterms:title"),
        first_author=read.text(node, "k2g:firstAuthor"),
        first_author_name=read.text(node, "k2g:firstAuthorName"),
        year=int(read.need(node, "k2g:year")),
        journal=read.text(node, "k2g:journal"),
        volume=read.text(node, "bibo:volume"),
        issue=read.text(node, "bibo:issue"),
        pages=read.text(node, "bibo:pages"),
        pmid=read.text(node, "bibo:pmid"),
        pmcid=read.text(node, "k2g:pmcid"),
        doi=read.text(node, "bibo:doi"),
        registry=tuple(dict.fromkeys(number for study in studies for number in read.texts(study, "k2g:registryNumber"))),
        # How a registration stands is no word on a paper that came of it.
        registration_status="; ".join(
            filter(None, (read.text(study, "k2g:registrationStatus") for study in studies if read.texts(study, "k2g:report") == (node,)))
        ),
        retraction=read.word_or_none(node, "k2g:retraction"),
        retraction_note=read.text(node, "k2g:retractionNote"),
        verified=read.word(node, "k2g:verified"),
        address=read.text(node, "k2g:citedAt"),
        sources=read.texts(node, "dcterms:source"),
        studies=tuple(studies),
    )


def _study(read: Nodes, node: str) -> Study:
    kinds = read.all(node, "rdf:type")
    return Study(
        id=node,
        label=read.need(node, "rdfs:label"),
        kind=next((kind for kind in ("Trial", "Cohort") if f"k2g:{kind}" in kinds), "Study"),
        reports=read.texts(node, "k2g:report"),
        within=read.text(node, "k2g:within"),
        design=read.word_or_none(node, "k2g:design"),
        organisms=read.texts(node, "k2g:organism"),
        country=read.text(node, "k2g:country"),
        population=read.text(node, "k2g:population"),
        participants=read.texts(node, "k2g:participants"),
        health_status=read.text(node, "k2g:healthStatus"),
        nutrient_status=read.word_or_none(node, "k2g:nutrientStatus"),
        sex=read.text(node, "k2g:sex"),
        age=read.text(node, "k2g:age"),
        n=read.one(node, "k2g:sampleSize", None),
        interventions=read.texts(node, "k2g:intervention"),
        dose=read.text(node, "k2g:givenDose"),
        duration=read.text(node, "k2g:givenFor"),
        comparator_kind=read.label(node, "k2g:comparatorKind"),
        arms_differ_in_exposure_alone=read.label(node, "k2g:armsDifferInExposureAlone"),
        other_difference=read.text(node, "k2g:otherDifference"),
        blinding=read.word_or_none(node, "k2g:blinding"),
        paid_by=read.word_or_none(node, "k2g:paidBy"),
        funding=read.text(node, "k2g:funding"),
        groups=read.texts(node, "k2g:group"),
        registry=read.texts(node, "k2g:registryNumber"),
        registration_status=read.text(node, "k2g:registrationStatus"),
        note=" ".join(read.texts(node, "skos:note")),
        sources=read.texts(node, "dcterms:source"),
        arms=tuple(_arm(read, arm) for arm in read.by("k2g:Arm", "k2g:armOf", node)),
    )


def _arm(read: Nodes, node: str) -> Arm:
    return Arm(
        id=node,
        label=read.text(node, "rdfs:label"),
        study=read.need(node, "k2g:armOf"),
        forms=read.texts(node, "k2g:gives"),
        got_in_words=read.text(node, "k2g:gotInWords"),
        comparator_kind=read.label(node, "k2g:comparatorKind"),
        dose=read.number(node, "k2g:doseValue"),
        dose_reported=read.reported(node, "k2g:dose") or read.text(node, "k2g:doseValue"),
        dose_unit=read.text(node, "k2g:doseUnit"),
        per=read.label(node, "k2g:dosePer"),
        daily=read.number(node, "k2g:dailyAmount"),
        lasted_reported=read.reported(node, "k2g:lasted"),
        lasted_unit=read.label(node, "k2g:lastedUnit"),
        co_intervention=read.text(node, "k2g:coIntervention"),
        entered=read.one(node, "k2g:entered", None),
        analysed=read.one(node, "k2g:analysed", None),
        note=" ".join(read.texts(node, "skos:note")),
        sources=read.texts(node, "dcterms:source"),
    )


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

    return Mechanism(
        id=node,
        label=read.need(node, "rdfs:label"),
        note=" ".join(read.texts(node, "skos:note")),
        end_to_end=read.need(node, "k2g:endToEnd"),
        in_source_article=read.label(node, "k2g:inSourceArticle"),
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
    )


def _interaction(read: Nodes, node: str) -> Interaction:
    return Interaction(
        id=node,
        label=read.text(node, "rdfs:label"),
        agent=read.need(node, "k2g:agent"),
        drug=read.need(node, "k2g:drug"),
        effect=read.need(node, "k2g:effect"),
        direction=read.label(node, "k2g:direction"),
        explanation=read.text(node, "k2g:explanation"),
        acts_on=read.word(node, "k2g:actsOn"),
        severity=read.word(node, "k2g:severity"),
        management=read.text(node, "k2g:management"),
        population=read.text(node, "k2g:population"),
        studies=read.texts(node, "k2g:study"),
        note=" ".join(read.texts(node, "skos:note")),
        sources=read.texts(node, "dcterms:source"),
    )
