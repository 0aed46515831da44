"""The tables of what is claimed and found, and their columns; those of claims are in `claims.py`, of reports and studies in `studies.py`.

A column that is added here is in CSV, Parquet and Neo4j, with its meaning. What ontology/tables.toml describes of these things comes by
itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import Part
from .claims import CLAIMS
from .studies import STUDIES
from .table import ID, LABEL, NOTE, RETRACTION, SOURCES, SYNTHESES, Column, Of, Table, complete


def _identifiers(part: Part) -> Iterator[Of]:
    return (Of(entity, each) for entity in part.evidence.entities.values() for each in entity.identifiers)


def _relations(part: Part) -> Iterator[Of]:
    return (Of(entity, each) for entity in part.evidence.entities.values() for each in entity.relations)


def _findings(part: Part) -> Iterator[Of]:
    return (Of(part.evidence.reports[each.report], each) for each in part.evidence.findings.values())


def _steps(part: Part) -> Iterator[Of]:
    return (Of(mechanism, each) for mechanism in part.evidence.mechanisms.values() for each in mechanism.steps)


_EVIDENCE = (
    Table(
        "entities",
        "Things in the world that claims are about.",
        lambda part: part.evidence.entities.values(),
        (
            Column("entity", ID, "id"),
            Column("label", LABEL),
            Column("kind", "What kind of thing it is.", "kind_label", holds=("rdf:type",)),
            Column("definition", "What is meant."),
            Column("synonyms", "Other names.", kind="texts"),
            Column("aspect", "k2g:aspect"),
            Column("desirable", "k2g:desirable"),
            Column("carries_evidence_to", "k2g:carriesEvidenceTo", kind="texts"),
            SOURCES,
        ),
        of=("entities",),
    ),
    Table(
        "entity_relations",
        "How entities are related, and so whether evidence on one is evidence on the other.",
        _relations,
        (
            Column("entity", "The one.", "owner.id", refers="entities"),
            Column("relation", "What the one is to the other.", "0", scheme="relations"),
            Column("other", "The other.", "1", refers="entities"),
        ),
        key=False,
    ),
    Table(
        "identifiers",
        "Identifiers of entities in other vocabularies.",
        _identifiers,
        (
            Column("entity", "k2g:entity", "owner.id", refers="entities"),
            Column("identifier", "The identifier, its vocabulary before the colon.", "curie"),
            Column("address", "k2g:address"),
            Column("match", "k2g:match", scheme="match-kinds"),
            Column("matched_label", "k2g:matchedLabel"),
        ),
        key=False,
    ),
    *CLAIMS,
    Table(
        "findings",
        "Results of studies, with their numbers as reported and what the rules made of them.",
        _findings,
        (
            Column("finding", ID, "id"),
            Column("study", "The study whose result it is.", refers="studies"),
            Column("report", "The report in which it was read.", refers="reports"),
            Column(
                "retraction", f"{RETRACTION} A finding of a retracted report is never counted.", "owner.retraction", scheme="retractions"
            ),
            Column("investigation", f"The study that has one vote with it, or {SYNTHESES}."),
            Column("subject", "What was given, or the exposure that was measured.", refers="entities"),
            Column("predicate", "What was looked for.", scheme="predicates"),
            Column("object", "What was observed.", refers="entities"),
            Column("direction", "k2g:direction", scheme="directions"),
            Column("level", "k2g:evidenceLevel", scheme="levels"),
            Column("design", "k2g:madeBy", scheme="designs"),
            Column("outcome_kind", "k2g:outcomeKind", scheme="outcome-kinds"),
            Column("endpoint_role", "k2g:endpointRole"),
            Column("analysis", "k2g:analysis"),
            Column("status", "k2g:statusOfParticipants", scheme="statuses", holds=("k2g:ownNutrientStatus",)),
            Column("measure", "k2g:effectMeasure"),
            Column("contrast", "k2g:contrast"),
            Column("is_ratio", "k2g:isRatio", kind="boolean"),
            Column("is_inverse", "k2g:scale", kind="boolean"),
            Column("value", "k2g:value", kind="number"),
            Column("value_reported", "k2g:valueReported"),
            Column("ci_low", "k2g:ciLow", kind="number"),
            Column("ci_low_reported", "k2g:ciLowReported"),
            Column("ci_high", "k2g:ciHigh", kind="number"),
            Column("ci_high_reported", "k2g:ciHighReported"),
            Column("unit", "k2g:unit"),
            Column("p_value", "k2g:pValue", kind="number"),
            Column("p_value_relation", "k2g:pValueRelation", scheme="number-relations"),
            Column("p_value_reported", "k2g:pValueReported"),
            Column("reported", "k2g:reported"),
            Column("conditions", "k2g:conditions"),
            Column("arm", "k2g:arm", refers="arms"),
            Column("comparator_arm", "k2g:comparatorArm", refers="arms"),
            Column("n", "How many it is about: all of its study, where it does not say.", kind="integer", holds=("k2g:ownSampleSize",)),
            Column("dose", "k2g:givenDose"),
            Column("duration", "k2g:givenFor"),
            Column("compared_with", "k2g:comparedWith", holds=("k2g:ownComparatorKind",)),
            Column("exposure_alone", "k2g:exposureAlone", holds=("k2g:ownArmsDifferInExposureAlone",)),
            Column("note", NOTE),
            SOURCES,
        ),
        of=("findings",),
    ),
    *STUDIES,
    Table(
        "mechanisms",
        "Chains of claims from an exposure to an outcome, and how the evidence supports them.",
        lambda part: part.evidence.mechanisms.values(),
        (
            Column("mechanism", ID, "id"),
            Column("label", LABEL),
            Column("end_to_end", "k2g:endToEnd", refers="claims"),
            Column("in_source_article", "k2g:inSourceArticle"),
            Column("verdict", "What links, reach and end to end say of it together.", scheme="verdicts"),
            Column("signs_agree", "k2g:signsAgree", kind="boolean"),
            Column("testable_links", "k2g:testableLinks", kind="integer"),
            Column("testable_links_shown", "k2g:testableLinksShown", kind="integer"),
            Column("weakest", "k2g:weakestStep", kind="integer"),
            Column("left_open", "k2g:openAtStep", kind="integer"),
            Column("decided_by", "k2g:decidedBy", refers="claims"),
            Column("reaches", "k2g:reachesStep", kind="integer"),
            Column("stops", "k2g:stopsAtStep", kind="integer"),
            Column("note", NOTE),
        ),
        of=("mechanisms",),
    ),
    Table(
        "steps",
        "Claims at their places in mechanisms.",
        _steps,
        (
            Column("mechanism", "The mechanism.", "owner.id", refers="mechanisms"),
            Column("order", "k2g:order", kind="integer"),
            Column("claim", "The claim that is the step.", refers="claims"),
            Column("yields", "k2g:yields", refers="entities"),
            Column("implied", "k2g:impliedDirection"),
            Column("reach", "k2g:reachClaim", refers="claims"),
        ),
        key=False,
    ),
    Table(
        "interactions",
        "What happens when a nutrient form and a drug meet.",
        lambda part: part.evidence.interactions.values(),
        (
            Column("interaction", ID, "id"),
            Column("label", LABEL),
            Column("agent", "k2g:agent", refers="entities"),
            Column("drug", "k2g:drug", refers="entities"),
            Column("effect", "k2g:effect"),
            Column("direction", "Which way the interaction acts."),
            Column("explanation", "k2g:explanation"),
            Column("acts_on", "k2g:actsOn", scheme="sides-acted-on"),
            Column("severity", "k2g:severity", scheme="severities"),
            Column("management", "k2g:management"),
            Column("population", "k2g:population"),
            Column("studies", "Studies that it rests on.", kind="texts"),
            Column("note", NOTE),
            Column("cited_at", "k2g:citedAt", "address"),
            SOURCES,
        ),
        of=("interactions",),
    ),
)
EVIDENCE: tuple[Table, ...] = tuple(map(complete, _EVIDENCE))
