"""Nanopublications: one TriG file with one for each finding and one for each claim.

The assertion of a finding's nanopublication is what was found, in which study and arms; its provenance is the report, with retraction. The
assertion of a claim's nanopublication is not the claim but where it stands: a claim that trials leave open is asserted to be not shown, one
that nobody tested to be untested, and why. Its provenance is the rule that computed the standing and the findings it was computed from,
each with its stance and, where it is not counted, the reason. Nothing is dated or signed, so that the same graph gives the same bytes:
whoever publishes them signs them, and that dates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..curation.dataset_description import DatasetDescription
from ..evidence.model import Arm, Claim, Entity, Evidence, Finding, Report, Study
from ..iris import BASE, OTHERS, PREFIXES, expand
from . import Format, Part
from .arms import arms_of, numbers_by_arm

if TYPE_CHECKING:
    from pyoxigraph import Literal, Quad

_PREFIXES = {**PREFIXES, **{prefix: OTHERS[prefix] for prefix in ("np", "npx", "pav")}}
_TAGGED = ("rdfs:label", "skos:note")
#: What a statement may have for an object: a number or text, or a name of something, which is marked by being an `_Iri`.
_Statement = tuple[str, str, "str | int | float | _Iri | None"]


class _Iri(str):
    """The address of a thing, in full or under one of the prefixes."""

    __slots__ = ()


def write_nanopub(part: Part, path: Path) -> Mapping[str, int]:
    """One TriG file."""
    from pyoxigraph import RdfFormat, serialize

    evidence = part.evidence
    quads = [quad for finding in evidence.findings.values() for quad in _of_finding(finding, evidence, part.dataset)]
    quads += [quad for claim in evidence.claims.values() for quad in _of_claim(claim, evidence, part.dataset)]
    serialize(quads, str(path), format=RdfFormat.TRIG, prefixes=_PREFIXES)
    return {"mechanisms as chains of steps": len(evidence.mechanisms), "interactions": len(evidence.interactions)}


def nanopub_address(thing: str) -> str:
    """The address of the nanopublication of a claim or finding.

    >>> nanopub_address("claim:mk-7-level-dp-ucmgp")
    'https://w3id.org/k2graph/nanopub/claim/mk-7-level-dp-ucmgp'
    """
    kind, _, local = thing.partition(":")
    return f"{BASE}nanopub/{kind}/{local}"


def _of_finding(finding: Finding, evidence: Evidence, of: DatasetDescription) -> Iterator[Quad]:
    this = nanopub_address(finding.id)
    report, study = evidence.reports[finding.report], evidence.studies[finding.study]
    arms = [arm for arm in arms_of(finding, evidence) if arm]
    label = f"{report.label}: {evidence.name(finding.subject)}, {finding.direction.label}, {evidence.name(finding.object)}"
    ends = [evidence.entities[end] for end in dict.fromkeys((finding.subject, finding.object))]
    provenance: list[_Statement] = [(f"{this}#assertion", "prov:wasDerivedFrom", _Iri(report.id)), *_report(report)]
    yield from _nanopub(
        this,
        label,
        [
            *_finding(finding, evidence),
            *_study(study),
            *(each for arm in arms for each in _arm(arm)),
            *(each for end in ends for each in _entity(end)),
        ],
        provenance,
        finding.id,
        of,
        evidence.facts.language(report.id, report.label),
    )


def _of_claim(claim: Claim, evidence: Evidence, of: DatasetDescription) -> Iterator[Quad]:
    this = nanopub_address(claim.id)
    ends = [evidence.entities[end] for end in dict.fromkeys((claim.subject, claim.object))]
    assertion = [*_claim(claim, f"{this}#standing"), *(each for end in ends for each in _entity(end))]
    provenance: list[_Statement] = [(f"{this}#assertion", "prov:wasGeneratedBy", _Iri("rule:standing"))]
    for bearing in claim.bearings:
        node = f"{this}#bearing-{bearing.finding.partition(':')[2]}"
        provenance += [
            (f"{this}#assertion", "prov:wasDerivedFrom", _Iri(f"{nanopub_address(bearing.finding)}#assertion")),
            (node, "rdf:type", _Iri("k2g:Bearing")),
            (node, "k2g:claim", _Iri(claim.id)),
            (node, "k2g:finding", _Iri(bearing.finding)),
            (node, "k2g:stance", _Iri(bearing.stance.id)),
            *((node, "k2g:notCounted", _Iri(reason.id)) for reason in bearing.reasons),
        ]
    yield from _nanopub(
        this, f"{claim.label}: {claim.standing.label}", assertion, provenance, claim.id, of, evidence.facts.language(claim.id, claim.label)
    )


def _claim(claim: Claim, standing: str) -> list[_Statement]:
    of = claim.standing
    return [
        (claim.id, "rdf:type", _Iri("k2g:ReachClaim" if claim.reach else "k2g:Claim")),
        (claim.id, "rdfs:label", claim.label),
        (claim.id, "skos:note", claim.note),
        (claim.id, "rdf:subject", _Iri(claim.subject)),
        (claim.id, "rdf:predicate", _Iri(claim.predicate.id)),
        (claim.id, "rdf:object", _Iri(claim.object)),
        (claim.id, "k2g:direction", _Iri(claim.direction.id)),
        *((claim.id, "k2g:context", _Iri(context)) for context in claim.contexts),
        *((claim.id, "k2g:neededBy", _Iri(mechanism)) for mechanism in claim.mechanisms),
        (claim.id, "k2g:standing", _Iri(standing)),
        (standing, "rdf:type", _Iri("k2g:Standing")),
        (standing, "rdfs:label", of.label),
        (standing, "k2g:testedIn", _Iri(of.tier.id)),
        (standing, "k2g:result", _Iri(of.result.id)),
        (standing, "k2g:investigations", of.investigations),
        (standing, "k2g:supportWeight", of.supporting),
        (standing, "k2g:openWeight", of.leaving_open),
        (standing, "k2g:excludeWeight", of.excluding),
        (standing, "k2g:contradictWeight", of.contradicting),
        (standing, "k2g:certainty", _Iri(of.certainty.id)),
        (standing, "k2g:reachedBy", _Iri(of.method.id) if of.method else None),
        (standing, "k2g:untestedBecause", _Iri(of.because.id) if of.because else None),
        (standing, "k2g:bestSupport", _Iri(of.best_support.id) if of.best_support else None),
    ]


def _finding(finding: Finding, evidence: Evidence) -> list[_Statement]:
    return [
        (finding.id, "rdf:type", _Iri("k2g:Finding")),
        (finding.id, "k2g:study", _Iri(finding.study)),
        (finding.id, "k2g:report", _Iri(finding.report)),
        (finding.id, "k2g:arm", _Iri(finding.arm) if finding.arm else None),
        (finding.id, "k2g:comparatorArm", _Iri(finding.comparator_arm) if finding.comparator_arm else None),
        (finding.id, "k2g:investigation", _Iri(finding.investigation)),
        (finding.id, "rdf:subject", _Iri(finding.subject)),
        (finding.id, "rdf:predicate", _Iri(finding.predicate.id)),
        (finding.id, "rdf:object", _Iri(finding.object)),
        (finding.id, "k2g:direction", _Iri(finding.direction.id)),
        (finding.id, "k2g:evidenceLevel", _Iri(finding.level.id)),
        (finding.id, "k2g:madeBy", _Iri(finding.design.id)),
        (finding.id, "k2g:outcomeKind", _Iri(finding.outcome_kind.id)),
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
        (finding.id, "k2g:pValueRelation", _Iri(finding.p_value_relation.id) if finding.p_value_relation else None),
        (finding.id, "k2g:pValueReported", finding.p_value_reported),
        *((finding.id, f"k2g:{name}", _as_object(value)) for name, value in numbers_by_arm(finding, evidence).items()),
        (finding.id, "k2g:reported", finding.reported),
        (finding.id, "k2g:conditions", finding.conditions),
        (finding.id, "skos:note", finding.note),
    ]


def _study(study: Study) -> list[_Statement]:
    return [
        (study.id, "rdf:type", _Iri("k2g:Study")),
        (study.id, "rdfs:label", study.label),
        *((study.id, "k2g:report", _Iri(report)) for report in study.reports),
        (study.id, "k2g:within", _Iri(study.within) if study.within else None),
        (study.id, "k2g:design", _Iri(study.design.id) if study.design else None),
        *((study.id, "k2g:organism", _Iri(organism)) for organism in study.organisms),
        (study.id, "k2g:sampleSize", study.n),
        *((study.id, "k2g:registryNumber", number) for number in study.registry),
    ]


def _arm(arm: Arm) -> list[_Statement]:
    return [
        (arm.id, "rdf:type", _Iri("k2g:Arm")),
        (arm.id, "rdfs:label", arm.label),
        (arm.id, "k2g:armOf", _Iri(arm.study)),
        *((arm.id, "k2g:gives", _Iri(form)) for form in arm.forms),
        (arm.id, "k2g:gotInWords", arm.got_in_words),
        (arm.id, "k2g:doseValue", arm.dose),
        (arm.id, "k2g:doseReported", arm.dose_reported),
        (arm.id, "k2g:doseUnit", arm.dose_unit),
        (arm.id, "k2g:dailyAmount", arm.daily),
        (arm.id, "k2g:coIntervention", arm.co_intervention),
        (arm.id, "k2g:entered", arm.entered),
        (arm.id, "k2g:analysed", arm.analysed),
    ]


def _report(report: Report) -> list[_Statement]:
    return [
        (report.id, "rdf:type", _Iri("k2g:Report")),
        (report.id, "rdfs:label", report.label),
        (report.id, "dcterms:title", report.title),
        (report.id, "dcterms:date", report.year),
        (report.id, "bibo:pmid", report.pmid),
        (report.id, "bibo:doi", report.doi),
        (report.id, "skos:exactMatch", _Iri(f"https://pubmed.ncbi.nlm.nih.gov/{report.pmid}/") if report.pmid else None),
        (report.id, "skos:exactMatch", _Iri(f"https://doi.org/{quote(report.doi, safe='/:;()._-')}") if report.doi else None),
        (report.id, "k2g:retraction", _Iri(report.retraction.id) if report.retraction else None),
        (report.id, "k2g:retractionNote", report.retraction_note),
    ]


def _as_object(value: str | float) -> str | float | _Iri:
    """A value of a finding; a word of a scheme is a thing."""
    return _Iri(value) if isinstance(value, str) and value.startswith("k2g:") else value


def _entity(entity: Entity) -> list[_Statement]:
    return [
        (entity.id, "rdf:type", _Iri(entity.kind)),
        (entity.id, "rdfs:label", entity.label),
        *((entity.id, each.match_property, _Iri(each.address)) for each in entity.identifiers),
    ]


def _nanopub(
    this: str,
    label: str,
    assertion: list[_Statement],
    provenance: list[_Statement],
    about: str,
    of: DatasetDescription,
    language: str | None,
) -> Iterator[Quad]:
    head: list[_Statement] = [
        (this, "rdf:type", _Iri("np:Nanopublication")),
        (this, "np:hasAssertion", _Iri(f"{this}#assertion")),
        (this, "np:hasProvenance", _Iri(f"{this}#provenance")),
        (this, "np:hasPublicationInfo", _Iri(f"{this}#pubinfo")),
    ]
    pubinfo: list[_Statement] = [
        (this, "rdfs:label", label),
        (this, "npx:introduces", _Iri(about)),
        *((this, "dcterms:creator", creator) for creator in of.creators),
        (this, "dcterms:isPartOf", _Iri(of.address)),
        (this, "dcterms:license", _Iri(of.licence)),
        (this, "pav:version", of.version),
    ]
    for name, statements in (("Head", head), ("assertion", assertion), ("provenance", provenance), ("pubinfo", pubinfo)):
        yield from _graph(f"{this}#{name}", statements, language)


def _graph(name: str, statements: list[_Statement], language: str | None) -> Iterator[Quad]:
    """The statements that say something, in this graph; labels and notes with the tag of the language that the graph has them in."""
    from pyoxigraph import NamedNode, Quad

    for subject, predicate, value in statements:
        if value not in ("", None):
            term = NamedNode(expand(value)) if isinstance(value, _Iri) else _literal(value, language if predicate in _TAGGED else None)
            yield Quad(NamedNode(expand(subject)), NamedNode(expand(predicate)), term, NamedNode(name))


def _literal(value: str | int | float, language: str | None) -> Literal:
    """A value as the graph has it: a number that is not whole is a decimal, and no double."""
    from pyoxigraph import Literal, NamedNode

    if isinstance(value, float):
        return Literal(format(Decimal(str(value)).normalize(), "f"), datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
    return Literal(value, language=language) if isinstance(value, str) else Literal(value)


NANOPUB = Format(
    "nanopub",
    "Nanopublications in TriG",
    "nanopub (Python and Java), nanopublication servers, any RDF store with named graphs",
    "one for each finding as reported with its study, arms and their numbers, derived from its report with retraction; one for each claim"
    " that asserts its standing, derived from its findings with their stances and what is not counted; identifiers of entities",
    "mechanisms (claims name them), interactions, relations between entities, pooled estimates, most of a study's record; signatures and"
    " dates, which whoever publishes them adds",
    ".trig",
    write_nanopub,
    has=lambda part: bool(part.evidence.findings or part.evidence.claims),
)
