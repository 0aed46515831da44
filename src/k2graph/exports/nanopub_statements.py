"""What nanopublications state of a claim, of how far it can be relied on, and of all that this rests on."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from ..evidence.model import Arm, Claim, Entity, Evidence, Finding, Report, Study, Vote
from .arms import numbers_by_arm

#: What a statement may have for an object: a number or text, or a name of something, which is marked by being an `Iri`.
Statement = tuple[str, str, "str | int | float | Iri | None"]


class Iri(str):
    """The address of a thing, in full or under one of the prefixes."""

    __slots__ = ()


def of_claim(claim: Claim, standing: str) -> list[Statement]:
    """A claim, and its standing as another thing."""
    of = claim.standing
    return [
        (claim.id, "rdf:type", Iri("k2g:ReachClaim" if claim.reach else "k2g:Claim")),
        (claim.id, "rdfs:label", claim.label),
        (claim.id, "skos:note", claim.note),
        (claim.id, "rdf:subject", Iri(claim.subject)),
        (claim.id, "rdf:predicate", Iri(claim.predicate.id)),
        (claim.id, "rdf:object", Iri(claim.object)),
        (claim.id, "k2g:direction", Iri(claim.direction.id)),
        *((claim.id, "k2g:context", Iri(context)) for context in claim.contexts),
        *((claim.id, "k2g:neededBy", Iri(mechanism)) for mechanism in claim.mechanisms),
        (claim.id, "k2g:standing", Iri(standing)),
        (standing, "rdf:type", Iri("k2g:Standing")),
        (standing, "rdfs:label", of.label),
        (standing, "k2g:testedIn", Iri(of.tier.id)),
        (standing, "k2g:result", Iri(of.result.id)),
        (standing, "k2g:investigations", of.investigations),
        (standing, "k2g:supportWeight", of.supporting),
        (standing, "k2g:openWeight", of.leaving_open),
        (standing, "k2g:excludeWeight", of.excluding),
        (standing, "k2g:contradictWeight", of.contradicting),
        (standing, "k2g:certainty", Iri(of.certainty.id)),
        (standing, "k2g:reachedBy", Iri(of.method.id) if of.method else None),
        (standing, "k2g:untestedBecause", Iri(of.because.id) if of.because else None),
        (standing, "k2g:bestSupport", Iri(of.best_support.id) if of.best_support else None),
    ]


def of_certainty(claim: Claim, this: str, evidence: Evidence) -> Iterator[Statement]:
    """What certainty is, and what lowers that of a standing."""
    yield claim.standing.certainty.id, "skos:inScheme", Iri("k2g:certainties")
    yield "k2g:certainties", "skos:definition", evidence.meaning_of_certainty
    for step in claim.standing.steps:
        node = f"{this}#certainty-{step.domain.notation}"
        yield node, "rdf:type", Iri("k2g:CertaintyStep")
        yield node, "k2g:ofStanding", Iri(f"{this}#standing")
        yield node, "k2g:domain", Iri(step.domain.id)
        yield node, "k2g:stepsDown", step.down
        yield node, "k2g:reason", step.reason


def of_vote(vote: Vote) -> list[Statement]:
    """A vote, and its risk of bias as the rule has it."""
    return [
        (vote.id, "rdf:type", Iri("k2g:Vote")),
        (vote.id, "k2g:claim", Iri(vote.claim)),
        (vote.id, "k2g:investigation", Iri(vote.investigation)),
        (vote.id, "k2g:tier", Iri(vote.tier)),
        (vote.id, "k2g:votes", vote.votes),
        (vote.id, "k2g:riskOfBias", Iri(vote.risk.id)),
    ]


def of_finding(finding: Finding, evidence: Evidence) -> list[Statement]:
    """A finding as reported, with the numbers of each arm."""
    return [
        (finding.id, "rdf:type", Iri("k2g:Finding")),
        (finding.id, "k2g:study", Iri(finding.study)),
        (finding.id, "k2g:report", Iri(finding.report)),
        (finding.id, "k2g:arm", Iri(finding.arm) if finding.arm else None),
        (finding.id, "k2g:comparatorArm", Iri(finding.comparator_arm) if finding.comparator_arm else None),
        (finding.id, "k2g:investigation", Iri(finding.investigation)),
        (finding.id, "rdf:subject", Iri(finding.subject)),
        (finding.id, "rdf:predicate", Iri(finding.predicate.id)),
        (finding.id, "rdf:object", Iri(finding.object)),
        (finding.id, "k2g:direction", Iri(finding.direction.id)),
        (finding.id, "k2g:evidenceLevel", Iri(finding.level.id)),
        (finding.id, "k2g:madeBy", Iri(finding.design.id)),
        (finding.id, "k2g:outcomeKind", Iri(finding.outcome_kind.id)),
        (finding.id, "k2g:effectMeasure", finding.effect_measure),
        (finding.id, "k2g:contrast", finding.contrast),
        (finding.id, "k2g:value", finding.value),
        (finding.id, "k2g:valueReported", finding.value_reported),
        (finding.id, "k2g:ciLow", finding.ci_low),
        (finding.id, "k2g:ciLowReported", finding.ci_low_reported),
        (finding.id, "k2g:ciHigh", finding.ci_high),
        (finding.id, "k2g:ciHighReported", finding.ci_high_reported),
        (finding.id, "k2g:unit", finding.unit),
        (finding.id, "k2g:pValue", finding.p_value),
        (finding.id, "k2g:pValueRelation", Iri(finding.p_value_relation.id) if finding.p_value_relation else None),
        (finding.id, "k2g:pValueReported", finding.p_value_reported),
        *((finding.id, f"k2g:{name}", _as_object(value)) for name, value in numbers_by_arm(finding, evidence).items()),
        (finding.id, "k2g:reported", finding.reported),
        (finding.id, "k2g:conditions", finding.conditions),
        (finding.id, "skos:note", finding.note),
    ]


def of_study(study: Study) -> list[Statement]:
    """A study in short."""
    return [
        (study.id, "rdf:type", Iri("k2g:Study")),
        (study.id, "rdfs:label", study.label),
        *((study.id, "k2g:report", Iri(report)) for report in study.reports),
        (study.id, "k2g:within", Iri(study.within) if study.within else None),
        (study.id, "k2g:design", Iri(study.design.id) if study.design else None),
        *((study.id, "k2g:organism", Iri(organism)) for organism in study.organisms),
        (study.id, "k2g:sampleSize", study.n),
        *((study.id, "k2g:registryNumber", number) for number in study.registry),
    ]


def of_arm(arm: Arm) -> list[Statement]:
    """What one arm got, and how many were in it."""
    return [
        (arm.id, "rdf:type", Iri("k2g:Arm")),
        (arm.id, "rdfs:label", arm.label),
        (arm.id, "k2g:armOf", Iri(arm.study)),
        *((arm.id, "k2g:gives", Iri(form)) for form in arm.forms),
        (arm.id, "k2g:gotInWords", arm.got_in_words),
        (arm.id, "k2g:doseValue", arm.dose),
        (arm.id, "k2g:doseReported", arm.dose_reported),
        (arm.id, "k2g:doseUnit", arm.dose_unit),
        (arm.id, "k2g:dailyAmount", arm.daily),
        (arm.id, "k2g:coIntervention", arm.co_intervention),
        (arm.id, "k2g:entered", arm.entered),
        (arm.id, "k2g:analysed", arm.analysed),
    ]


def of_report(report: Report) -> list[Statement]:
    """A report with its numbers and what became of it."""
    return [
        (report.id, "rdf:type", Iri("k2g:Report")),
        (report.id, "rdfs:label", report.label),
        (report.id, "dcterms:title", report.title),
        (report.id, "dcterms:date", report.year),
        (report.id, "bibo:pmid", report.pmid),
        (report.id, "bibo:doi", report.doi),
        (report.id, "skos:exactMatch", Iri(f"https://pubmed.ncbi.nlm.nih.gov/{report.pmid}/") if report.pmid else None),
        (report.id, "skos:exactMatch", Iri(f"https://doi.org/{quote(report.doi, safe='/:;()._-')}") if report.doi else None),
        (report.id, "k2g:retraction", Iri(report.retraction.id) if report.retraction else None),
        (report.id, "k2g:retractionNote", report.retraction_note),
    ]


def _as_object(value: str | float) -> str | float | Iri:
    """A value of a finding; a word of a scheme is a thing."""
    return Iri(value) if isinstance(value, str) and value.startswith("k2g:") else value


def of_entity(entity: Entity) -> list[Statement]:
    """An entity with its identifiers."""
    return [
        (entity.id, "rdf:type", Iri(entity.kind)),
        (entity.id, "rdfs:label", entity.label),
        *((entity.id, each.match_property, Iri(each.address)) for each in entity.identifiers),
    ]
