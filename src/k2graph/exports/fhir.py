"""FHIR R5: one Bundle of Evidence, EvidenceVariable and Citation resources.

An EvidenceVariable is an entity, a Citation a study. An Evidence is a claim or a finding. The assertion of a claim's Evidence is never the
claim alone but the claim and where it stands, and its certainty is the standing, with the tier and the votes as subcomponents; each finding
is a related artifact, classified by its stance and by why it is not counted. The assertion of a finding's Evidence is what was found, also
where that is nothing; its certainty is its level. Findings of retracted studies are `retired`, and the study's state is retracted.

FHIR allows no control characters in texts but tabs and line breaks, and no other white space than these and the plain space: others become
spaces.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..evidence.model import Bearing, Claim, Entity, Evidence, Finding, Identifier, Pooled, Standing, Study, Word
from ..iris import expand
from ..mappings import mapping_prefixes
from . import Format, Part
from .mapped import Mapped

Json = dict[str, Any]

_ROLES = "http://terminology.hl7.org/CodeSystem/variable-role"
#: Python's JSON writes a number as a float. Digits that are to stay go in as a text that begins with this, as no other text does.
_DIGITS = "\0"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_MARKED = re.compile(rf'"\\u0000({_NUMBER.pattern})"', re.ASCII)


def write_fhir(part: Part, path: Path) -> Mapping[str, int]:
    """One JSON file."""
    evidence, mapped = part.evidence, Mapped(part.evidence)
    resources = [
        *((each.id, _variable(each)) for each in evidence.entities.values()),
        *((each.id, _citation(each)) for each in evidence.studies.values()),
        *((each.id, _finding(each, evidence, mapped)) for each in evidence.findings.values()),
        *((each.id, _claim(each, evidence, mapped)) for each in evidence.claims.values()),
    ]
    entries = [{"fullUrl": expand(name), "resource": resource} for name, resource in resources]
    bundle = _said(resourceType="Bundle", type="collection", entry=entries)
    text = _MARKED.sub(r"\1", json.dumps(bundle, ensure_ascii=False, indent=1))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return {"mechanisms as chains of steps": len(evidence.mechanisms), "interactions": len(evidence.interactions)}


def _variable(entity: Entity) -> Json:
    close = [each.curie for each in entity.identifiers if each.match != "exact"]
    return _said(
        resourceType="EvidenceVariable",
        id=_id(entity.id),
        url=expand(entity.id),
        identifier=[_identifier(each) for each in entity.identifiers if each.match == "exact"],
        title=_text(entity.label),
        status="active",
        description=_text(entity.definition),
        note=_notes([f"close to {', '.join(close)}"] if close else []),
        category=[{"valueCodeableConcept": {"text": entity.kind_label}}],
    )


def _identifier(identifier: Identifier) -> Json:
    return {"system": identifier.address.removesuffix(identifier.curie.partition(":")[2]), "value": identifier.curie.partition(":")[2]}


def _citation(study: Study) -> Json:
    numbers = [("https://pubmed.ncbi.nlm.nih.gov", study.pmid), ("https://doi.org", study.doi), *(("", each) for each in study.registry)]
    form = _said(
        publishedIn=_said(title=_text(study.journal)) or None,
        volume=_text(study.volume),
        issue=_text(study.issue),
        pageString=_text(study.pages),
        publicationDateText=str(study.year),
    )
    return _said(
        resourceType="Citation",
        id=_id(study.id),
        url=expand(study.id),
        title=_text(study.label),
        status="active",
        note=_notes([study.retraction_note]),
        citedArtifact=_said(
            identifier=[_said(system=system, value=number) for system, number in numbers if number],
            currentState=[_concept(study.retraction)] if study.retraction else [],
            title=[{"text": _text(study.title)}] if _text(study.title) else [],
            publicationForm=[form],
        ),
    )


def _finding(finding: Finding, evidence: Evidence, mapped: Mapped) -> Json:
    study = evidence.studies[finding.study]
    retracted = study.retraction is not None and study.retraction.notation == "retracted"
    return _said(
        resourceType="Evidence",
        id=_id(finding.id),
        url=expand(finding.id),
        title=_text(f"{study.label}: {evidence.name(finding.subject)} and {evidence.name(finding.object)}"),
        status="retired" if retracted else "active",
        citeAsReference={"reference": expand(study.id)},
        description=_text(finding.reported),
        assertion=_text(f"{evidence.name(finding.subject)}: {finding.direction.label}: {evidence.name(finding.object)}"),
        note=_notes([finding.conditions, finding.note]),
        variableDefinition=_variables(finding.subject, finding.object),
        studyDesign=[_concept(finding.design)],
        statistic=[_statistic(finding, study, mapped)],
        certainty=[{"type": {"text": "evidence level"}, "rating": _concept(finding.level)}],
    )


def _claim(claim: Claim, evidence: Evidence, mapped: Mapped) -> Json:
    standing = claim.standing
    votes = (
        ("investigations", standing.investigations),
        ("supporting", standing.supporting),
        ("leaving open", standing.leaving_open),
        ("leaving out an important effect", standing.excluding),
        ("contradicting", standing.contradicting),
    )
    certainty = _said(
        description=standing.label,
        type={"text": "standing"},
        rating=_concept(standing.result),
        subcomponent=[
            {"type": {"text": "tested in"}, "rating": _concept(standing.tier)},
            *([{"type": {"text": "best support"}, "rating": _concept(standing.best_support)}] if standing.best_support else []),
            *({"type": {"text": name}, "description": f"{count:g}"} for name, count in votes),
        ],
    )
    return _said(
        resourceType="Evidence",
        id=_id(claim.id),
        url=expand(claim.id),
        title=_text(claim.label),
        status="active",
        assertion=_text(f"{claim.label}: {standing.label}"),
        note=_notes([claim.note, "Implied by a mechanism; nobody claims it." if claim.reach else ""]),
        relatedArtifact=[_related(bearing) for bearing in claim.bearings],
        variableDefinition=_variables(claim.subject, claim.object, claim.contexts, evidence),
        statistic=[_pooled(each) for each in claim.pooled],
        certainty=[certainty, *_graded(claim.standing, mapped)],
    )


def _graded(standing: Standing, mapped: Mapped) -> list[Json]:
    """The certainty of what was tested in people, with each domain's steps down; no judgement of a panel, and said to be none."""
    system = mapping_prefixes()["fhir.certainty"].removesuffix("#")

    def aspect(word: str) -> Json:
        return {"coding": [{"system": system, "code": mapped.term(word, "fhir.certainty", akin=True)}]}

    overall = {
        "description": "GRADE-informed, derived by rule; no panel judged it",
        "type": aspect("k2g:certainty") | {"text": "certainty"},
        "rating": _concept(standing.certainty),
        "subcomponent": [{"type": aspect(each.domain.id), "description": f"{each.down} down: {each.reason}"} for each in standing.steps],
    }
    return [overall] if standing.steps else []


def _related(bearing: Bearing) -> Json:
    return {
        "type": "derived-from",
        "classifier": [_concept(word) for word in (bearing.stance, *bearing.reasons)],
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


def _statistic(finding: Finding, study: Study, mapped: Mapped) -> Json:
    size = {"numberOfParticipants": study.n, "description": "in the study"} if study.n is not None else None
    bounds = _quantity(finding.low, finding.unit, finding.low_reported), _quantity(finding.high, finding.unit, finding.high_reported)
    estimates = _interval(*bounds)
    if finding.p_value_reported:
        estimates.append(_p_value(finding, mapped))
    return _said(
        description=finding.direction.label,
        statisticType={"text": _text(finding.measure)} if _text(finding.measure) else None,
        category=_concept(finding.outcome_kind),
        quantity=_quantity(finding.value, finding.unit, finding.value_reported),
        sampleSize=size,
        attributeEstimate=estimates,
    )


def _pooled(pooled: Pooled) -> Json:
    return _said(
        description=_text(f"{pooled.method}; outcome {expand(pooled.outcome)}"),
        statisticType={"text": _text(pooled.measure)},
        quantity=_quantity(pooled.value, pooled.unit),
        sampleSize={"numberOfStudies": pooled.trials},
        attributeEstimate=[
            *_interval(_quantity(pooled.low, pooled.unit), _quantity(pooled.high, pooled.unit)),
            {
                "type": {"text": "95% prediction interval"},
                "range": {"low": _quantity(pooled.prediction_low, pooled.unit), "high": _quantity(pooled.prediction_high, pooled.unit)},
            },
            {"type": {"text": "Tau-squared"}, "quantity": {"value": pooled.tau_squared}},
            {"type": {"text": "I-squared"}, "quantity": {"value": pooled.i_squared}},
            {"type": {"text": "Cochran's Q"}, "quantity": {"value": pooled.q}},
        ],
    )


def _p_value(finding: Finding, mapped: Mapped) -> Json:
    # A number that is equal has no comparator.
    comparator = mapped.term(finding.p_value_relation.id, "fhir.comparator") if finding.p_value_relation else ""
    quantity = _quantity(finding.p_value, "", finding.p_value_reported.lstrip("<>=≤≥"))
    return _said(
        type={"text": "p-value"},
        description=_text(finding.p_value_reported),
        quantity={**quantity, **_said(comparator=comparator)} if quantity else None,
    )


def _interval(low: Json | None, high: Json | None) -> list[Json]:
    bounds = _said(low=low, high=high)
    return [{"type": {"text": "confidence interval"}, "range": bounds}] if bounds else []


def _quantity(value: float | None, unit: str, reported: str = "") -> Json | None:
    """A number, with the digits reported: to FHIR 1.150 is more exact than 1.15 (https://hl7.org/fhir/R5/datatypes.html#decimal)."""
    if value is None:
        return None
    return _said(value=_DIGITS + reported if _NUMBER.fullmatch(reported) else value, unit=_text(unit))


def _concept(word: Word) -> Json:
    local = word.id.partition(":")[2]
    return {"coding": [{"system": expand(word.id).removesuffix(local), "code": local, "display": word.label}], "text": word.label}


def _notes(texts: Iterable[str]) -> list[Json]:
    return [{"text": text} for text in map(_text, texts) if text]


def _id(thing: str) -> str:
    """A logical id: claims and findings share a type of resource, so that each kind has its own letter.

    FHIR allows 64 characters; what is longer ends in a digest of the whole.

    >>> _id("claim:mk-7-level-dp-ucmgp")
    'c-mk-7-level-dp-ucmgp'
    """
    kind, _, local = thing.partition(":")
    name = f"{kind[0]}-{local}"
    return name if len(name) <= 64 else f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _text(text: str) -> str:
    r"""A text that FHIR can hold; empty where nothing is left of it.

    >>> _text("a\x01b\u2028c")
    'a b c'
    """
    return re.sub(r"[^ \r\n\t\S]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", " ", text) if text.strip() else ""


def _said(**values: Any) -> Json:
    """What there is to say: FHIR allows no empty texts, lists and objects."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


FHIR = Format(
    "fhir",
    "FHIR R5 Bundle",
    "FHIR R5 servers and tools (Evidence-Based Medicine on FHIR)",
    "claims as Evidence with standing, tier and votes as certainty, pooled estimates, findings by stance and what is not counted; findings"
    " as Evidence with numbers, design and level; studies as Citations with PMID, DOI and retraction; entities with exact identifiers",
    "mechanisms, interactions, relations between entities, most of a study's record; close identifiers are notes; control characters",
    ".json",
    write_fhir,
)
