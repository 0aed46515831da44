"""Evidence tables for a systematic review: for each claim what every study set out, did and found, what counted and what did not, and why.

The same document three times: Markdown, HTML and Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from ..evidence import numbers
from ..evidence.model import Bearing, Claim, Evidence, Study
from ..reports.documents import Element, Heading, Paragraph, Points, Table, markdown, page, word
from ..reports.references import Reference
from . import Format, Part

COLUMNS = ("Study", "Design", "Population", "Intervention", "Comparator", "Outcome", "Result", "Stance", "Counted")


def write(part: Part, path: Path) -> Mapping[str, int]:
    """A folder of `review.md`, `review.html` and `review.docx`."""
    evidence = part.evidence
    elements = list(review(evidence))
    (path / "review.md").write_text(markdown(elements), encoding="utf-8", newline="\n")
    (path / "review.html").write_text(page(elements), encoding="utf-8", newline="\n")
    newest = max((study.year for study in evidence.studies.values()), default=2000)
    (path / "review.docx").write_bytes(word(elements, datetime(min(max(newest, 1980), 9999), 1, 1), ", ".join(part.dataset.creators)))
    return {"studies none of whose findings bears on a claim": len(evidence.studies) - len(_cited(evidence))}


def review(evidence: Evidence) -> Iterator[Element]:
    """The elements of the document."""
    claims = sorted(evidence.claims.values(), key=lambda claim: (claim.label, claim.id))
    yield Heading(1, "Evidence tables")
    yield Paragraph(
        f"{len(claims)} claims and {len(_cited(evidence))} studies. A standing is the result at the highest tier in which a claim was "
        "tested, by votes of independent investigations; what does not count is listed with the reason. Only first authors are known here."
    )
    meanings = (("Result", "results"), ("Stance", "stances"), ("Tested in", "tiers"))
    yield Points([f"{what} {word.label}: {word.definition}" for what, scheme in meanings for word in evidence.scheme(scheme)])
    yield Heading(2, "Claims")
    for claim in claims:
        yield from _claim(evidence, claim)
    yield Heading(2, "What was not counted, and why")
    yield from _not_counted(evidence, claims)
    yield Heading(2, "References")
    yield Points([citation(study) for study in _cited(evidence)])


def _cited(evidence: Evidence) -> list[Study]:
    named = {evidence.findings[bearing.finding].study for claim in evidence.claims.values() for bearing in claim.bearings}
    return [study for name, study in sorted(evidence.studies.items()) if name in named]


def _claim(evidence: Evidence, claim: Claim) -> Iterator[Element]:
    standing = claim.standing
    yield Heading(3, claim.label)
    points = [f"Claim: {claim.id}, proposed as {claim.direction.label}, in {_join(map(evidence.name, claim.contexts)) or 'no context'}"]
    if claim.reach:
        points.append("Implied by a mechanism; nobody else proposes it.")
    votes = numbers.votes(standing.supporting, standing.leaving_open, standing.excluding, standing.contradicting)
    points.append(f"Standing: {standing.label}" + (f"; {votes}" if standing.investigations else ""))
    if standing.steps:
        points.append(f"Certainty: {standing.certainty.label} (GRADE-informed, derived)")
    points.append(f"Best support: {standing.best_support.label if standing.best_support else 'none'}")
    points += [f"Had findings counted where {reason}: {label}" for label, reason in claim.alternatives]
    points += [f"Pooled, {evidence.name(each.outcome)}: {each.numbers}; {each.method}" for each in claim.pooled]
    points += [f"Note: {claim.note}"] if claim.note else []
    yield Points(points)
    if claim.bearings:
        yield Table(COLUMNS, [_row(evidence, bearing) for bearing in evidence.ordered(claim)])
    else:
        yield Paragraph("No finding bears on it, which is no evidence of no effect.")


def _row(evidence: Evidence, bearing: Bearing) -> tuple[str, ...]:
    finding = evidence.findings[bearing.finding]
    study = evidence.studies[finding.study]
    exposure = evidence.name(finding.subject)
    forms = [name for name in map(evidence.name, study.interventions) if name != exposure]
    alone = f"arms differ in the exposure alone: {finding.exposure_alone}" if finding.exposure_alone else ""
    return (
        _study(study),
        _join((finding.design.label, finding.level.label, f"read: {study.verified.label}")),
        _join(
            (
                study.population, study.health_status, _labelled("status", finding.status.label if finding.status else ""),
                _labelled("sex", study.sex), _labelled("age", study.age), _labelled("n", "" if study.n is None else str(study.n)),
                study.country, finding.conditions,
            )
        ),
        _join((exposure, _labelled("given", ", ".join(forms)), study.dose, study.duration, _labelled("with", study.co_intervention))),
        _join((study.comparator, finding.compared_with, alone)),
        _join((evidence.name(finding.object), finding.outcome_kind.label, finding.endpoint_role, finding.analysis)),
        _join((finding.reported, finding.numbers, finding.note)),
        bearing.stance.label,
        "yes" if bearing.counted else "no: " + _join(reason.label for reason in bearing.reasons),
    )  # fmt: skip


def _not_counted(evidence: Evidence, claims: list[Claim]) -> Iterator[Element]:
    for reason in evidence.scheme("reasons"):
        rows = [
            (claim.label, _study(evidence.studies[evidence.findings[bearing.finding].study]), bearing.stance.label)
            for claim in claims
            for bearing in evidence.ordered(claim)
            if reason in bearing.reasons
        ]
        yield Heading(3, reason.label)
        yield Paragraph(f"{len(rows)} findings. {reason.definition}")
        if rows:
            yield Table(("Claim", "Study", "Stance"), rows)


def _study(study: Study) -> str:
    """A study as tables name it, with its doubt and the key under which the references have it."""
    reference = Reference(study)
    doubt = f"{study.retraction.label.upper()}: " if study.retraction else ""
    return f"{doubt}{reference.author.family or 'no author known'} {study.year} [{reference.key}]"


def citation(study: Study) -> str:
    """A study as the references have it."""
    reference = Reference(study)
    where = " ".join(filter(None, (study.journal, study.volume + (f"({study.issue})" if study.issue else ""))))
    where += f":{study.pages}" if study.pages else ""
    ids = (_labelled("doi", study.doi), _labelled("PMID", study.pmid), _labelled("PMCID", study.pmcid), reference.url, reference.note)
    name = reference.author
    author = " ".join(filter(None, (name.family, name.given, name.suffix))) or "No author known"
    return f"[{reference.key}] {author}. {study.year}. {'. '.join(filter(None, (reference.title, where, _join(ids))))}"


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _join(texts: Iterable[str]) -> str:
    return "; ".join(filter(None, texts))


REVIEW = Format(
    "review",
    "Evidence tables for a systematic review",
    "Word, LibreOffice, pandoc, web browsers",
    "every claim with its standing, votes and pooled numbers; for each finding on it the study, design, population, intervention, "
    "comparator, outcome, numbers and stance, and whether it counted or why not; retractions; references",
    "mechanisms, interactions, relations between entities, identifiers, where each fact was read; control characters and line ends",
    "",
    write,
    extra="review",
    has=lambda part: bool(part.evidence.claims),
)
