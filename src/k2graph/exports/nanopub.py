"""Nanopublications: one TriG file with one for each finding and one for each claim.

The assertion of a finding's nanopublication is what was found, in which study and arms; its provenance is the report, with retraction. The
assertion of a claim's nanopublication is not the claim but where it stands: a claim that trials leave open is asserted to be not shown, one
that nobody tested to be untested, and why; with it goes its certainty, what that is, and each step down. Its provenance is the rule that
computed the standing, the findings it was computed from, each with its stance and, where it is not counted, the reason, and the votes that
these make, with their risk of bias. Nothing is dated or signed, so that the same graph gives the same bytes: whoever publishes them signs
them, and that dates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..addresses import parts
from ..curation.dataset_description import PERSONS_NAME, DatasetDescription
from ..evidence.model import Claim, Evidence, Finding
from ..iris import BASE, OTHERS, PREFIXES, expand
from . import Format, Part
from .arms import arms_of
from .nanopub_statements import Iri, Statement, of_arm, of_certainty, of_claim, of_entity, of_finding, of_report, of_study, of_vote

if TYPE_CHECKING:
    from pyoxigraph import Literal, Quad

_PREFIXES = {**PREFIXES, **{prefix: OTHERS[prefix] for prefix in ("np", "npx", "pav")}}
_TAGGED = ("rdfs:label", "skos:definition", "skos:note")


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
    >>> nanopub_address("https://example.org/iron/claim/iron-anaemia")
    'https://example.org/iron/nanopub/claim/iron-anaemia'
    """
    base, kind, key = parts(thing)
    return f"{base or BASE}nanopub/{kind}/{key}"


def _of_finding(finding: Finding, evidence: Evidence, of: DatasetDescription) -> Iterator[Quad]:
    this = nanopub_address(finding.id)
    report, study = evidence.reports[finding.report], evidence.studies[finding.study]
    arms = [arm for arm in arms_of(finding, evidence) if arm]
    label = f"{report.label}: {evidence.name(finding.subject)}, {finding.direction.label}, {evidence.name(finding.object)}"
    ends = [evidence.entities[end] for end in dict.fromkeys((finding.subject, finding.object))]
    provenance: list[Statement] = [(f"{this}#assertion", "prov:wasDerivedFrom", Iri(report.id)), *of_report(report)]
    yield from _nanopub(
        this,
        label,
        [
            *of_finding(finding, evidence),
            *of_study(study),
            *(each for arm in arms for each in of_arm(arm)),
            *(each for end in ends for each in of_entity(end)),
        ],
        provenance,
        finding.id,
        of,
        evidence.facts.language(report.id, report.label),
    )


def _of_claim(claim: Claim, evidence: Evidence, of: DatasetDescription) -> Iterator[Quad]:
    this = nanopub_address(claim.id)
    ends = [evidence.entities[end] for end in dict.fromkeys((claim.subject, claim.object))]
    assertion = [
        *of_claim(claim, f"{this}#standing"),
        *of_certainty(claim, this, evidence),
        *(each for end in ends for each in of_entity(end)),
    ]
    provenance: list[Statement] = [(f"{this}#assertion", "prov:wasGeneratedBy", Iri("rule:standing"))]
    for bearing in claim.bearings:
        node = f"{this}#bearing-{bearing.finding.partition(':')[2]}"
        provenance += [
            (f"{this}#assertion", "prov:wasDerivedFrom", Iri(f"{nanopub_address(bearing.finding)}#assertion")),
            (node, "rdf:type", Iri("k2g:Bearing")),
            (node, "k2g:claim", Iri(claim.id)),
            (node, "k2g:finding", Iri(bearing.finding)),
            (node, "k2g:stance", Iri(bearing.stance.id)),
            *((node, "k2g:notCounted", Iri(reason.id)) for reason in bearing.reasons),
        ]
    for vote in evidence.votes_for_standing(claim):
        provenance += [(f"{this}#assertion", "prov:wasDerivedFrom", Iri(vote.id)), *of_vote(vote)]
    yield from _nanopub(
        this, f"{claim.label}: {claim.standing.label}", assertion, provenance, claim.id, of, evidence.facts.language(claim.id, claim.label)
    )


def _nanopub(
    this: str,
    label: str,
    assertion: list[Statement],
    provenance: list[Statement],
    about: str,
    of: DatasetDescription,
    language: str | None,
) -> Iterator[Quad]:
    head: list[Statement] = [
        (this, "rdf:type", Iri("np:Nanopublication")),
        (this, "np:hasAssertion", Iri(f"{this}#assertion")),
        (this, "np:hasProvenance", Iri(f"{this}#provenance")),
        (this, "np:hasPublicationInfo", Iri(f"{this}#pubinfo")),
    ]
    pubinfo: list[Statement] = [
        (this, "rdfs:label", label),
        (this, "npx:introduces", Iri(about)),
        *((this, "dcterms:creator", Iri(author.address) if author.orcid else author.name) for author in of.authors),
        *((author.address, PERSONS_NAME, author.name) for author in of.authors if author.orcid),
        (this, "dcterms:isPartOf", Iri(of.address)),
        (this, "dcterms:license", Iri(of.licence)),
        (this, "pav:version", of.version),
    ]
    for name, statements in (("Head", head), ("assertion", assertion), ("provenance", provenance), ("pubinfo", pubinfo)):
        yield from _graph(f"{this}#{name}", statements, language)


def _graph(name: str, statements: list[Statement], language: str | None) -> Iterator[Quad]:
    """The statements that say something, in this graph; names, definitions and notes with the tag of the language that they have."""
    from pyoxigraph import NamedNode, Quad

    for subject, predicate, value in statements:
        if value not in ("", None):
            term = NamedNode(expand(value)) if isinstance(value, Iri) else _literal(value, language if predicate in _TAGGED else None)
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
    " that asserts its standing and certainty with each step down, derived from its findings with their stances and what is not counted,"
    " and from votes with their risk of bias; identifiers of entities",
    "mechanisms (claims name them), interactions, relations between entities, pooled estimates, most of a study's record; signatures and"
    " dates, which whoever publishes them adds",
    ".trig",
    write_nanopub,
    has=lambda part: bool(part.evidence.findings or part.evidence.claims),
)
