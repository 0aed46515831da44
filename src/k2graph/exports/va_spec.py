"""GA4GH VA-Spec: one JSON array of Statements, each on one claim, with its lines of evidence and the documents in which they were read.

A Statement's direction is what the standing lets anybody say: `supports` where the result is consistent or single, `disputes` where it is
contrary or leaves out an important effect, and `neutral` where it is leaning, contested, not shown or untested; the classification says
which. A line of evidence is one finding: open and mixed findings are `neutral`, with the stance as the outcome. A finding that is not
counted scores 0 and says why. The strength of a line is its evidence level, that of a Statement the tier in which it was tested; VA-Spec
allows a neutral line none, so that level and tier are extensions as well, with the certainty and what lowers it.

A Document is a report. The released models know propositions about variants; ours are the general Proposition of the core model, as its
profiles narrow it. They have study results on variants alone, so that a line names its study, and the arms that it compares as
StudyGroups, among its extensions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..addresses import parts
from ..evidence.model import Arm, Bearing, Claim, Entity, Evidence, Finding, Report, Study, Word
from ..iris import expand
from . import Format, Part
from .arms import arms_of, in_words, numbers_by_arm
from .fhir_parts import without_empty
from .mapped import Mapped

Json = dict[str, Any]

#: The direction of what argues neither way; it has no strength.
_NEUTRAL = "neutral"


def write_va_spec(part: Part, path: Path) -> Mapping[str, int]:
    """One JSON file."""
    evidence = part.evidence
    mapped = Mapped(evidence)
    statements = [_statement(claim, evidence, mapped) for claim in evidence.claims.values()]
    path.write_text(json.dumps(statements, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return {"mechanisms as chains of steps": len(evidence.mechanisms), "interactions": len(evidence.interactions)}


def _statement(claim: Claim, evidence: Evidence, mapped: Mapped) -> Json:
    standing = claim.standing
    direction = mapped.term(standing.result.id, "va.direction") or _NEUTRAL
    counts = {
        "testedIn": standing.tier.notation,
        "result": standing.result.notation,
        "investigations": standing.investigations,
        "supporting": standing.supporting,
        "leavingOpen": standing.leaving_open,
        "excluding": standing.excluding,
        "contradicting": standing.contradicting,
        "reachedBy": standing.method.notation if standing.method else "",
        "untestedBecause": standing.because.notation if standing.because else "",
        "certainty": standing.certainty.notation,
        "certaintySteps": list(standing.steps_in_words),
        "scope": claim.scope.notation,
        "bestSupport": standing.best_support.notation if standing.best_support else "",
        "testableInPeople": claim.testable_in_people.notation if claim.testable_in_people else "",
        "mechanisms": list(map(expand, claim.mechanisms)),
    }
    return without_empty(
        id=f"{expand(claim.id)}#statement",
        type="Statement",
        name=f"{claim.label}: {standing.label}",
        proposition=_proposition(claim, evidence),
        direction=direction,
        strength=_concept(standing.tier) if direction != _NEUTRAL else None,
        classification={"name": standing.label, "primaryCoding": _coding(standing.result)},
        specifiedBy={"type": "Method", "id": expand("rule:standing"), "name": "k2graph rules of standing"},
        hasEvidenceLines=[_line(bearing, evidence, mapped) for bearing in claim.bearings],
        extensions=_extensions(counts, certainty=evidence.meaning_of_certainty),
    )


def _proposition(claim: Claim, evidence: Evidence) -> Json:
    return without_empty(
        id=expand(claim.id),
        type="Proposition",
        name=claim.label,
        description=claim.note,
        subject=_entity(evidence.entities[claim.subject]),
        predicate=f"{claim.direction.notation}:{claim.predicate.notation}",
        object=_entity(evidence.entities[claim.object]),
        extensions=_extensions(
            {
                "predicate": claim.predicate.notation,
                "direction": claim.direction.notation,
                "context": [evidence.name(context) for context in claim.contexts],
                "impliedByMechanismOnly": "yes" if claim.reach else "",
            }
        ),
    )


def _line(bearing: Bearing, evidence: Evidence, mapped: Mapped) -> Json:
    finding = evidence.findings[bearing.finding]
    direction = mapped.term(bearing.stance.id, "va.direction") or _NEUTRAL
    return without_empty(
        id=f"{expand(finding.id)}#for-{bearing.claim.partition(':')[2]}",
        type="EvidenceLine",
        description=finding.reported,
        directionOfEvidenceProvided=direction,
        strengthOfEvidenceProvided=_concept(finding.level) if direction != _NEUTRAL else None,
        scoreOfEvidenceProvided=None if bearing.counted else 0,
        evidenceOutcome=_concept(bearing.stance),
        hasEvidenceItems=[expand(finding.id)],
        reportedIn=[_document(evidence.reports[finding.report])],
        extensions=_extensions(
            {
                "notCounted": [reason.label for reason in bearing.reasons],
                "riskOfBias": risk.notation if (risk := evidence.risk_of(bearing)) else "",
                **_numbers(finding),
                **numbers_by_arm(finding, evidence),
                **_study(evidence.studies[finding.study], finding, evidence),
            }
        ),
    )


def _numbers(finding: Finding) -> Json:
    return {
        "evidenceLevel": finding.level.notation,
        "design": finding.design.notation,
        "investigation": expand(finding.investigation),
        "direction": finding.direction.notation,
        "outcomeKind": finding.outcome_kind.notation,
        "effectMeasure": finding.measure,
        "value": finding.value,
        "valueReported": finding.value_reported,
        "ciLow": finding.ci_low,
        "ciLowReported": finding.ci_low_reported,
        "ciHigh": finding.ci_high,
        "ciHighReported": finding.ci_high_reported,
        "unit": finding.unit,
        "pValue": finding.p_value,
        "pValueRelation": finding.p_value_relation.notation if finding.p_value_relation else "",
        "pValueReported": finding.p_value_reported,
        "conditions": finding.conditions,
    }


def _study(study: Study, finding: Finding, evidence: Evidence) -> Json:
    named = {"arm": finding.arm, "comparatorArm": finding.comparator_arm}
    return {
        "organism": [*map(evidence.name, study.organisms)],
        "study": expand(study.id),
        "studyName": study.label,
        "sampleSize": finding.n,
        "dose": finding.dose,
        "duration": finding.duration,
        **{role: expand(arm) for role, arm in named.items() if arm},
        "studyGroups": [_group(arm, evidence) for arm in arms_of(finding, evidence) if arm],
    }


def _group(arm: Arm, evidence: Evidence) -> Json:
    """An arm as VA-Spec has groups of those who were studied."""
    return without_empty(
        id=expand(arm.id),
        type="StudyGroup",
        name=arm.label,
        description=in_words(arm),
        memberCount=arm.entered if arm.analysed is None else arm.analysed,
        characteristics=[{"name": evidence.name(form), "primaryCoding": _own_coding(form, evidence.name(form))} for form in arm.forms],
    )


def _document(report: Report) -> Json:
    return without_empty(
        id=expand(report.id),
        type="Document",
        name=report.label,
        title=report.title,
        pmid=report.pmid,
        doi=report.doi,
        extensions=_extensions(
            {
                "retraction": report.retraction.notation if report.retraction else "",
                "retractionNote": report.retraction_note,
                "year": report.year,
            }
        ),
    )


def _entity(entity: Entity) -> Json:
    mappings = [
        {
            "coding": without_empty(system=each.curie.partition(":")[0], code=each.curie, name=each.matched_label, iris=[each.address]),
            "relation": each.match_property.removeprefix("skos:"),
        }
        for each in entity.identifiers
    ]
    return without_empty(
        id=expand(entity.id),
        conceptType=entity.kind_label,
        name=entity.label,
        primaryCoding=_own_coding(entity.id, entity.label),
        mappings=mappings,
    )


def _concept(word: Word) -> Json:
    return {"name": word.label, "primaryCoding": _coding(word)}


def _coding(word: Word) -> Json:
    return _own_coding(word.id, word.label)


def _own_coding(thing: str, name: str) -> Json:
    local = parts(thing)[2]
    return {"system": expand(thing).removesuffix(local), "code": local, "name": name, "iris": [expand(thing)]}


def _extensions(values: Json, **meanings: str) -> list[Json]:
    """Named values, those of which `meanings` tells with what they mean."""
    return [{**without_empty(name=name, description=meanings.get(name)), "value": value} for name, value in without_empty(**values).items()]


VA_SPEC = Format(
    "va-spec",
    "GA4GH VA-Spec Statements in JSON",
    "GA4GH VA-Spec tools (the ga4gh.va_spec models, with the general Proposition)",
    "every claim as a Statement with proposition, direction, tier, standing, votes, certainty with each step down; its findings as lines of"
    " evidence with stance, level, numbers, study, arms, risk of bias, what is not counted and why; documents with PMID, DOI and"
    " retraction; all identifiers of entities",
    "the steps of mechanisms (Statements name them), interactions, relations between entities, pooled estimates, most of a study's record",
    ".json",
    write_va_spec,
    has=lambda part: bool(part.evidence.claims),
)
