"""FHIR R5: one Bundle of Evidence, EvidenceVariable, Citation, ResearchStudy and ArtifactAssessment resources.

An EvidenceVariable is an entity, a Citation a report, a ResearchStudy a study with its arms as comparison groups. An Evidence is a claim or
a finding. The assertion of a claim's Evidence is never the claim alone but the claim and where it stands, and its certainty is the
standing, with the tier and the votes as subcomponents; what was tested in people has a second one, after GRADE. Each finding is a related
artifact, classified by its stance and by why it is not counted. The assertion of a finding's Evidence is what was found, also where that is
nothing; its certainty is its level. A finding cites the report in which it was read and is part of its study. An ArtifactAssessment is a
judgement of the risk of bias of a study. Findings of retracted reports are `retired`, and the report's state is retracted.

FHIR allows no control characters in texts but tabs and line breaks, and no other white space than these and the plain space: others become
spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..evidence.model import Bearing, Claim, Entity, Evidence, Finding, Identifier, Pooled
from ..iris import expand
from ..mappings import mapping_prefixes
from . import Format, Part
from .arms import arms_of
from .fhir_bias import assessment
from .fhir_parts import Json, as_json, coded, concept, logical_id, notes, quantity, text_of, without_empty
from .fhir_studies import citation, of_arms, research_study
from .mapped import Mapped

_ROLES = "http://terminology.hl7.org/CodeSystem/variable-role"


def write_fhir(part: Part, path: Path) -> Mapping[str, int]:
    """One JSON file."""
    evidence, mapped = part.evidence, Mapped(part.evidence)
    resources = [
        *((each.id, _variable(each)) for each in evidence.entities.values()),
        *((each.id, citation(each)) for each in evidence.reports.values()),
        *((each.id, research_study(each, evidence, mapped)) for each in evidence.studies.values()),
        *((each.id, _finding(each, evidence, mapped)) for each in evidence.findings.values()),
        *((each.id, assessment(each, evidence, mapped)) for each in evidence.appraisals.values()),
        *((each.id, _claim(each, evidence, mapped)) for each in evidence.claims.values()),
    ]
    entries = [{"fullUrl": expand(name), "resource": resource} for name, resource in resources]
    bundle = without_empty(resourceType="Bundle", type="collection", entry=entries)
    path.write_text(as_json(bundle), encoding="utf-8", newline="\n")
    return {"mechanisms as chains of steps": len(evidence.mechanisms), "interactions": len(evidence.interactions)}


def _variable(entity: Entity) -> Json:
    close = [each.curie for each in entity.identifiers if not each.is_exact]
    return without_empty(
        resourceType="EvidenceVariable",
        id=logical_id(entity.id),
        url=expand(entity.id),
        identifier=[_identifier(each) for each in entity.identifiers if each.is_exact],
        title=text_of(entity.label),
        status="active",
        description=text_of(entity.definition),
        note=notes([f"close to {', '.join(close)}"] if close else []),
        category=[{"valueCodeableConcept": {"text": entity.kind_label}}],
    )


def _identifier(identifier: Identifier) -> Json:
    return {"system": identifier.address.removesuffix(identifier.curie.partition(":")[2]), "value": identifier.curie.partition(":")[2]}


def _finding(finding: Finding, evidence: Evidence, mapped: Mapped) -> Json:
    report = evidence.reports[finding.report]
    return without_empty(
        resourceType="Evidence",
        id=logical_id(finding.id),
        url=expand(finding.id),
        title=text_of(f"{report.label}: {evidence.name(finding.subject)} and {evidence.name(finding.object)}"),
        status="retired" if report.retracted else "active",
        citeAsReference={"reference": expand(report.id)},
        description=text_of(finding.reported),
        assertion=text_of(f"{evidence.name(finding.subject)}: {finding.direction.label}: {evidence.name(finding.object)}"),
        note=notes([finding.conditions, finding.note, *_arms(finding, evidence)]),
        relatedArtifact=[{"type": "part-of", "resourceReference": {"reference": expand(finding.study)}}],
        variableDefinition=_variables(finding.subject, finding.object),
        studyDesign=[concept(finding.design)],
        statistic=[_statistic(finding, mapped), *of_arms(finding, evidence)],
        certainty=[{"type": {"text": "evidence level"}, "rating": concept(finding.level)}],
    )


def _arms(finding: Finding, evidence: Evidence) -> list[str]:
    own, other = arms_of(finding, evidence)
    given = " for ".join(filter(None, (finding.dose, finding.duration)))
    labelled = (("given", given), ("arm", own.label if own else ""), ("compared with", other.label if other else ""))
    return [f"{name}: {text}" for name, text in labelled if text]


def _claim(claim: Claim, evidence: Evidence, mapped: Mapped) -> Json:
    standing = claim.standing
    votes = (
        ("investigations", standing.investigations),
        ("supporting", standing.supporting),
        ("leaving open", standing.leaving_open),
        ("leaving out an important effect", standing.excluding),
        ("contradicting", standing.contradicting),
    )
    certainty = without_empty(
        description=standing.label,
        type={"text": "standing"},
        rating=concept(standing.result),
        subcomponent=[
            {"type": {"text": "tested in"}, "rating": concept(standing.tier)},
            *([{"type": {"text": "best support"}, "rating": concept(standing.best_support)}] if standing.best_support else []),
            *({"type": {"text": name}, "description": f"{count:g}"} for name, count in votes),
        ],
    )
    return without_empty(
        resourceType="Evidence",
        id=logical_id(claim.id),
        url=expand(claim.id),
        title=text_of(claim.label),
        status="active",
        assertion=text_of(f"{claim.label}: {standing.label}"),
        note=notes([claim.note, "Implied by a mechanism; nobody claims it." if claim.reach else ""]),
        relatedArtifact=[_related(bearing) for bearing in claim.bearings],
        variableDefinition=_variables(claim.subject, claim.object, claim.contexts, evidence),
        statistic=[_pooled(each) for each in claim.pooled],
        certainty=[certainty, *_graded(claim, evidence, mapped)],
    )


def _graded(claim: Claim, evidence: Evidence, mapped: Mapped) -> list[Json]:
    """The certainty of what was tested in people, with each domain's steps down; no judgement of a panel, and said to be none."""
    standing = claim.standing
    system = mapping_prefixes()["fhir.certainty"].removesuffix("#")

    def aspect(word: str) -> Json:
        return {"coding": [{"system": system, "code": mapped.term(word, "fhir.certainty", akin=True)}]}

    overall = {
        "description": text_of(evidence.meaning_of_certainty),
        "type": aspect("k2g:certainty") | {"text": "certainty"},
        "rating": coded(standing.certainty, mapped, "fhir.rating"),
        "subcomponent": [{"type": aspect(each.domain.id), "description": f"{each.down} down: {each.reason}"} for each in standing.steps],
    }
    return [without_empty(**overall)] if standing.steps else []


def _related(bearing: Bearing) -> Json:
    return {
        "type": "derived-from",
        "classifier": [concept(word) for word in (bearing.stance, *bearing.reasons)],
        "display": f"{bearing.stance.label}; {'counted' if bearing.counted else 'not counted'}",
        "resourceReference": {"reference": expand(bearing.finding)},
    }


def _variables(subject: str, target: str, contexts: Iterable[str] = (), evidence: Evidence | None = None) -> list[Json]:
    found = [_role("exposure", subject), _role("measuredVariable", target)]
    for context in contexts:
        if evidence and context in evidence.entities:
            found.append(_role("population", context))
        elif evidence:
            found.append({"description": evidence.name(context), "variableRole": {"text": "baseline status"}})
    return found


def _role(role: str, entity: str) -> Json:
    return {"variableRole": {"coding": [{"system": _ROLES, "code": role}]}, "observed": {"reference": expand(entity)}}


def _statistic(finding: Finding, mapped: Mapped) -> Json:
    size = {"numberOfParticipants": finding.n, "description": "in the study"} if finding.n is not None else None
    bounds = (
        quantity(finding.ci_low, finding.unit, finding.ci_low_reported),
        quantity(finding.ci_high, finding.unit, finding.ci_high_reported),
    )
    estimates = _interval(*bounds)
    if finding.p_value_reported:
        estimates.append(_p_value(finding, mapped))
    return without_empty(
        description=finding.direction.label,
        statisticType={"text": text_of(finding.measure)} if text_of(finding.measure) else None,
        category=concept(finding.outcome_kind),
        quantity=quantity(finding.value, finding.unit, finding.value_reported),
        sampleSize=size,
        attributeEstimate=estimates,
    )


def _pooled(pooled: Pooled) -> Json:
    return without_empty(
        description=text_of(f"{pooled.method}; outcome {expand(pooled.outcome)}"),
        statisticType={"text": text_of(pooled.measure)},
        quantity=quantity(pooled.value, pooled.unit),
        sampleSize={"numberOfStudies": pooled.trials},
        attributeEstimate=[
            *_interval(quantity(pooled.ci_low, pooled.unit), quantity(pooled.ci_high, pooled.unit)),
            {
                "type": {"text": "95% prediction interval"},
                "range": {"low": quantity(pooled.prediction_low, pooled.unit), "high": quantity(pooled.prediction_high, pooled.unit)},
            },
            {"type": {"text": "Tau-squared"}, "quantity": {"value": pooled.tau_squared}},
            {"type": {"text": "I-squared"}, "quantity": {"value": pooled.i_squared}},
            {"type": {"text": "Cochran's Q"}, "quantity": {"value": pooled.q}},
        ],
    )


def _p_value(finding: Finding, mapped: Mapped) -> Json:
    # A number that is equal has no comparator.
    comparator = mapped.term(finding.p_value_relation.id, "fhir.comparator") if finding.p_value_relation else ""
    number = quantity(finding.p_value, "", finding.p_value_reported.lstrip("<>=≤≥"))
    return without_empty(
        type={"text": "p-value"},
        description=text_of(finding.p_value_reported),
        quantity={**number, **without_empty(comparator=comparator)} if number else None,
    )


def _interval(low: Json | None, high: Json | None) -> list[Json]:
    bounds = without_empty(low=low, high=high)
    return [{"type": {"text": "confidence interval"}, "range": bounds}] if bounds else []


FHIR = Format(
    "fhir",
    "FHIR R5 Bundle",
    "FHIR R5 servers and tools (Evidence-Based Medicine on FHIR)",
    "claims as Evidence with standing, tier and votes as certainty, and what was tested in people with certainty after GRADE and each step"
    " down; pooled estimates, findings by stance and what is not counted; judgements of the risk of bias as ArtifactAssessment, with both"
    " readings and whose they are; findings as"
    " Evidence with numbers, those of each arm too, design and level; reports as Citations with PMID, DOI and retraction; studies as"
    " ResearchStudy with arms as comparison groups; entities with exact identifiers",
    "mechanisms, interactions, relations between entities, most of a study's record; close identifiers are notes; control characters",
    ".json",
    write_fhir,
)
