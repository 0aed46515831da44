"""Judgements of the risk of bias as FHIR R5 has them: each an ArtifactAssessment of a study.

They are in the profile of Evidence-Based Medicine on FHIR (https://build.fhir.org/ig/HL7/ebm/StructureDefinition-risk-of-bias.html).
The first content is the judgement: in which domain, of which outcome (`path`; without one, of the whole study), how much risk, why, whose,
and how two readers judged before they agreed. The second names the tool.
"""

from __future__ import annotations

from ..evidence.model import Appraisal, Evidence, Word
from ..iris import expand
from .fhir_parts import Json, coded, logical_id, text_of, without_empty
from .mapped import Mapped

_PROFILE = "http://hl7.org/fhir/uv/ebm/StructureDefinition/risk-of-bias"
_KINDS_OF_CONTENT = "https://fevir.net/resources/CodeSystem/179423"
#: Vocabularies in which domains of bias, and how much risk was seen, have codes.
_SYSTEMS = ("SEVCO", "fhir.certainty")


def assessment(appraisal: Appraisal, evidence: Evidence, mapped: Mapped) -> Json:
    """A judgement as an ArtifactAssessment."""
    of = ", ".join(map(evidence.name, filter(None, (appraisal.study, appraisal.outcome))))
    printed, tool, note = map(text_of, (appraisal.as_printed, appraisal.tool, appraisal.note))
    judged = [coded(appraisal.judgement, mapped, *_SYSTEMS)] if appraisal.judgement else []
    readings = (("first reading", appraisal.first_reading), ("second reading", appraisal.second_reading))
    rating = without_empty(
        informationType="rating",
        summary=text_of(appraisal.reason),
        type=coded(appraisal.domain, mapped, *_SYSTEMS),
        classifier=[*judged, *([{"text": printed}] if printed else [])],
        author={"display": text_of(appraisal.judged_by) or "readers of this graph"},
        path=[expand(appraisal.outcome)] if appraisal.outcome else [],
        relatedArtifact=[*_report(appraisal, evidence), *({"type": "documentation", "document": {"url": at}} for at in appraisal.sources)],
        component=[_reading(name, word, mapped) for name, word in readings if word],
    )
    system = {"coding": [{"system": _KINDS_OF_CONTENT, "code": "rating-system", "display": "Rating System"}]}
    tools = [{"informationType": "classifier", "type": system, "classifier": [{"text": tool}]}] if tool else []
    comments = [{"informationType": "comment", "summary": note}] if note else []
    return {
        "resourceType": "ArtifactAssessment",
        "id": logical_id(appraisal.id),
        "meta": {"profile": [_PROFILE]},
        "title": text_of(f"Risk of bias of {of}: {appraisal.domain.label}"),
        "artifactReference": {"reference": expand(appraisal.study)},
        "content": [rating, *tools, *comments],
    }


def _reading(name: str, word: Word, mapped: Mapped) -> Json:
    return {"informationType": "rating", "type": {"text": name}, "classifier": [coded(word, mapped, *_SYSTEMS)]}


def _report(appraisal: Appraisal, evidence: Evidence) -> list[Json]:
    """The publication whose judgement it is, where it is among the reports."""
    if not appraisal.judged_by:
        return []
    found = [report.id for report in evidence.reports.values() if report.key == appraisal.judged_by]
    return [{"type": "citation", "resourceReference": {"reference": expand(each)}} for each in found]
