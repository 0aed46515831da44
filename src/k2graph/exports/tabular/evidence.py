"""The tables of what is claimed and found, and their columns. A column that is added here is in CSV and Parquet, with its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...evidence.model import Pooled
from .. import Part
from .table import Column, Of, Table

_ID = "Compact name; its address is https://w3id.org/k2graph/ with a slash for the colon."
_LABEL = "What people call it."
_NOTE = "What else is to be known."
_SOURCES = Column("sources", "Addresses at which it was read.", kind="texts")
_RETRACTION = "What became of the publication. Empty: nothing is known against it."


def _identifiers(part: Part) -> Iterator[Of]:
    return (Of(entity, each) for entity in part.evidence.entities.values() for each in entity.identifiers)


def _relations(part: Part) -> Iterator[Of]:
    return (Of(entity, each) for entity in part.evidence.entities.values() for each in entity.relations)


def _alternatives(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.alternatives)


def _turning_points(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.turning_points)


def _bearings(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.bearings)


def _pooled(part: Part) -> dict[str, Pooled]:
    """Every pool once, with the claims of the part that it serves."""
    claims = part.evidence.claims
    pools = {each.id: each for claim in claims.values() for each in claim.pooled}
    return {name: replace(each, claims=tuple(claim for claim in each.claims if claim in claims)) for name, each in sorted(pools.items())}


def _pools(part: Part) -> Iterator[Of]:
    return (Of(None, each) for each in _pooled(part).values())


def _pooled_results(part: Part) -> Iterator[Of]:
    return (Of(pool, each) for pool in _pooled(part).values() for each in pool.parts)


def _findings(part: Part) -> Iterator[Of]:
    return (Of(part.evidence.studies[each.study], each) for each in part.evidence.findings.values())


def _steps(part: Part) -> Iterator[Of]:
    return (Of(mechanism, each) for mechanism in part.evidence.mechanisms.values() for each in mechanism.steps)


EVIDENCE: tuple[Table, ...] = (
    Table(
        "entities",
        "Things in the world that claims are about.",
        lambda part: part.evidence.entities.values(),
        (
            Column("entity", _ID, "id"),
            Column("label", _LABEL),
            Column("kind", "What kind of thing it is.", "kind_label"),
            Column("definition", "What is meant."),
            Column("synonyms", "Other names.", kind="texts"),
            Column("aspect", "k2g:aspect"),
            Column("desirable", "k2g:desirable"),
            Column("carries_evidence_to", "k2g:carriesEvidenceTo", kind="texts"),
            _SOURCES,
        ),
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
            Column("matched_label", "k2g:matchedLabel", "label"),
        ),
        key=False,
    ),
    Table(
        "claims",
        "Propositions with their standing. Read no claim without its result: null, contrary and untested ones are here too.",
        lambda part: part.evidence.claims.values(),
        (
            Column("claim", _ID, "id"),
            Column("label", "The claim as a sentence, in the direction in which it is proposed."),
            Column("subject", "What is held to act.", refers="entities"),
            Column("predicate", "How the subject is held to stand to the object.", scheme="predicates"),
            Column("object", "What is held to be acted on.", refers="entities"),
            Column("direction", "k2g:direction", scheme="directions"),
            Column("contexts", "k2g:context", kind="texts"),
            Column("testable_in_people", "k2g:testableInPeople", "testable", scheme="yes-no-unclear"),
            Column("implied_only", "Whether only a mechanism implies it, and nobody wrote it down.", "reach", "boolean"),
            Column("standing", "Where the claim stands, in words; the next columns say it in parts.", "standing.label"),
            Column("tested_in", "k2g:testedIn", "standing.tier", scheme="tiers"),
            Column("result", "k2g:result", "standing.result", scheme="results"),
            Column("investigations", "k2g:investigations", "standing.investigations", "integer"),
            Column("supporting", "k2g:supportWeight", "standing.supporting", "number"),
            Column("finding_nothing", "k2g:nullWeight", "standing.finding_nothing", "number"),
            Column("contradicting", "k2g:contradictWeight", "standing.contradicting", "number"),
            Column("best_support", "k2g:bestSupport", "standing.best_support", scheme="tiers"),
            Column("mechanisms", "k2g:neededBy", kind="texts"),
            Column("note", _NOTE),
        ),
    ),
    Table(
        "alternative_standings",
        "The standings that claims would have, had findings counted that do not.",
        _alternatives,
        (
            Column("claim", "The claim.", "owner.id", refers="claims"),
            Column("standing", "The standing that it would have.", "0"),
            Column("had_counted", "k2g:hadCounted", "1"),
        ),
        key=False,
    ),
    Table(
        "turning_points",
        "What would turn the standings of claims, by the standing rule: so many more investigations of one stance.",
        _turning_points,
        (
            Column("claim", "The claim.", "owner.id", refers="claims"),
            Column("more", "k2g:moreInvestigations", kind="integer"),
            Column("stance", "What the further investigations say of the claim.", scheme="stances"),
            Column("tier", "The tier in which they would be made, and the claim be tested.", scheme="tiers"),
            Column("result", "The result that the claim would have there.", scheme="results"),
            Column("label", "The standing that it would have."),
            Column("in_words", "The same as a sentence."),
        ),
        key=False,
    ),
    Table(
        "bearings",
        "What each finding says of each claim, and why it is not counted where it is not.",
        _bearings,
        (
            Column("claim", "The claim.", refers="claims"),
            Column("finding", "k2g:finding", refers="findings"),
            Column("stance", "k2g:stance", scheme="stances"),
            Column("counted", "Whether it has a part in the standing.", kind="boolean"),
            Column("not_counted", "k2g:notCounted", "reasons", "texts", scheme="reasons"),
        ),
        key=False,
    ),
    Table(
        "pooled_estimates",
        "Numbers of three or more independent trials taken together.",
        _pools,
        (
            Column("pool", _ID, "id"),
            Column("claims", "The claims that it serves.", kind="texts"),
            Column("outcome", "What was measured.", refers="entities"),
            Column("site", "Where, or how, it was measured; empty where not said."),
            Column("is_inverse", "Whether a larger number means less of what was measured.", kind="boolean"),
            Column("is_ratio", "k2g:isRatio", kind="boolean"),
            Column("measure", "k2g:effectMeasure"),
            Column("unit", "k2g:unit"),
            Column("value", "k2g:value", kind="number"),
            Column("low", "k2g:ciLow", kind="number"),
            Column("high", "k2g:ciHigh", kind="number"),
            Column("prediction_low", "k2g:predictionLow", kind="number"),
            Column("prediction_high", "k2g:predictionHigh", kind="number"),
            Column("tau_squared", "k2g:tauSquared", kind="number"),
            Column("i_squared", "k2g:iSquared", kind="number"),
            Column("q", "k2g:cochranQ", kind="number"),
            Column("is_narrow", "k2g:isNarrow", kind="boolean"),
            Column("trials", "How many trials.", kind="integer"),
            Column("method", "k2g:method"),
            Column("findings", "The findings that were pooled.", kind="texts"),
        ),
    ),
    Table(
        "pooled_results",
        "What each independent trial brings to a pool.",
        _pooled_results,
        (
            Column("result", _ID, "id"),
            Column("pool", "k2g:pool", "owner.id", refers="pooled_estimates"),
            Column("investigation", "The trial; a study that is no publication of a larger one stands for itself."),
            Column("findings", "The findings from which it comes.", kind="texts"),
            Column("value", "k2g:value", kind="number"),
            Column("low", "k2g:ciLow", kind="number"),
            Column("high", "k2g:ciHigh", kind="number"),
            Column("chosen_by", "k2g:chosenBy", scheme="choices"),
            Column("computed_by", "k2g:computedBy", kind="texts", scheme="computations"),
            Column("share", "k2g:shareOfWeight", kind="number"),
        ),
    ),
    Table(
        "findings",
        "Results of studies, with their numbers as reported and what the rules made of them.",
        _findings,
        (
            Column("finding", _ID, "id"),
            Column("study", "The study that reports it.", refers="studies"),
            Column(
                "retraction", f"{_RETRACTION} A finding of a retracted study is never counted.", "owner.retraction", scheme="retractions"
            ),
            Column("investigation", "k2g:investigation", refers="investigations"),
            Column("subject", "What was given, or the exposure that was measured.", refers="entities"),
            Column("predicate", "What was looked for.", scheme="predicates"),
            Column("object", "What was observed.", refers="entities"),
            Column("direction", "k2g:direction", scheme="directions"),
            Column("level", "k2g:evidenceLevel", scheme="levels"),
            Column("design", "k2g:madeBy", scheme="designs"),
            Column("outcome_kind", "k2g:outcomeKind", scheme="outcome-kinds"),
            Column("endpoint_role", "k2g:endpointRole"),
            Column("analysis", "k2g:analysis"),
            Column("status", "k2g:statusOfParticipants", scheme="statuses"),
            Column("measure", "k2g:effectMeasure"),
            Column("contrast", "k2g:contrast"),
            Column("is_ratio", "k2g:isRatio", kind="boolean"),
            Column("is_inverse", "k2g:scale", kind="boolean"),
            Column("value", "k2g:value", kind="number"),
            Column("value_reported", "k2g:valueReported"),
            Column("low", "k2g:ciLow", kind="number"),
            Column("low_reported", "k2g:ciLowReported"),
            Column("high", "k2g:ciHigh", kind="number"),
            Column("high_reported", "k2g:ciHighReported"),
            Column("unit", "k2g:unit"),
            Column("p_value", "k2g:pValue", kind="number"),
            Column("p_value_relation", "k2g:pValueRelation", scheme="number-relations"),
            Column("p_value_reported", "k2g:pValueReported"),
            Column("reported", "k2g:reported"),
            Column("conditions", "k2g:conditions"),
            Column("compared_with", "k2g:comparedWith"),
            Column("exposure_alone", "k2g:exposureAlone"),
            Column("note", _NOTE),
            _SOURCES,
        ),
    ),
    Table(
        "studies",
        "Publications and registrations.",
        lambda part: part.evidence.studies.values(),
        (
            Column("study", _ID, "id"),
            Column("label", "First author and year."),
            Column("key", "PMID, DOI or address by which it is known."),
            Column("title", "Title."),
            Column("first_author", "k2g:firstAuthor"),
            Column("first_author_name", "k2g:firstAuthorName"),
            Column("year", "k2g:year", kind="integer"),
            Column("journal", "k2g:journal"),
            Column("volume", "Volume of the journal."),
            Column("issue", "Issue of the volume."),
            Column("pages", "Pages, or number of the article."),
            Column("pmid", "Number in PubMed."),
            Column("pmcid", "k2g:pmcid"),
            Column("doi", "Digital object identifier."),
            Column("registry", "k2g:registryNumber", kind="texts"),
            Column("registration_status", "k2g:registrationStatus"),
            Column("design", "k2g:design", scheme="designs"),
            Column("organisms", "k2g:organism", kind="texts"),
            Column("country", "k2g:country"),
            Column("population", "k2g:population"),
            Column("participants", "k2g:participants", kind="texts"),
            Column("health_status", "k2g:healthStatus"),
            Column("nutrient_status", "k2g:nutrientStatus", scheme="statuses"),
            Column("sex", "k2g:sex"),
            Column("age", "k2g:age"),
            Column("n", "k2g:sampleSize", kind="integer"),
            Column("interventions", "k2g:intervention", kind="texts"),
            Column("dose", "k2g:dose"),
            Column("duration", "k2g:duration"),
            Column("comparator", "k2g:comparator"),
            Column("co_intervention", "k2g:coIntervention"),
            Column("funding", "k2g:funding"),
            Column("retraction", _RETRACTION, scheme="retractions"),
            Column("retraction_note", "k2g:retractionNote"),
            Column("verified", "k2g:verified", scheme="verifications"),
            Column("investigations", "Trials and cohorts that it reports on.", kind="texts"),
            _SOURCES,
        ),
    ),
    Table(
        "investigations",
        "Trials and cohorts; and the one publication of an investigation that has no other.",
        lambda part: part.evidence.investigations.values(),
        (
            Column("investigation", _ID, "id"),
            Column("label", _LABEL),
            Column("kind", "Trial, Cohort, Study, or Investigation for all syntheses taken together."),
            Column("publications", "Studies that report on it.", kind="texts"),
            Column("comparator", "k2g:comparatorKind"),
            Column("exposure_alone", "k2g:armsDifferInExposureAlone"),
            Column("difference", "k2g:otherDifference"),
            Column("note", _NOTE),
        ),
    ),
    Table(
        "mechanisms",
        "Chains of claims from an exposure to an outcome, and how the evidence supports them.",
        lambda part: part.evidence.mechanisms.values(),
        (
            Column("mechanism", _ID, "id"),
            Column("label", _LABEL),
            Column("end_to_end", "k2g:endToEnd", refers="claims"),
            Column("in_source_article", "k2g:inSourceArticle"),
            Column("verdict", "What links, reach and end to end say of it together.", scheme="verdicts"),
            Column("signs_agree", "k2g:signsAgree", kind="boolean"),
            Column("testable_links", "k2g:testableLinks", kind="integer"),
            Column("testable_links_shown", "k2g:testableLinksShown", kind="integer"),
            Column("weakest", "k2g:weakestStep", kind="integer"),
            Column("reaches", "k2g:reachesStep", kind="integer"),
            Column("stops", "k2g:stopsAtStep", kind="integer"),
            Column("note", _NOTE),
        ),
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
            Column("interaction", _ID, "id"),
            Column("label", _LABEL),
            Column("agent", "k2g:agent", refers="entities"),
            Column("drug", "k2g:drug", refers="entities"),
            Column("effect", "k2g:effect"),
            Column("direction", "Which way the interaction acts."),
            Column("explanation", "k2g:explanation"),
            Column("severity", "k2g:severity", scheme="severities"),
            Column("management", "k2g:management"),
            Column("population", "k2g:population"),
            Column("studies", "Studies that it rests on.", kind="texts"),
            Column("note", _NOTE),
            _SOURCES,
        ),
    ),
)
