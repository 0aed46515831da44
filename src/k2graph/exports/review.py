"""Evidence tables for a systematic review: for each claim what every study set out, did and found, what counted and what did not, and why.

A row is a finding, with the report in which it was read, and the study whose result it is.
The same document three times: Markdown, HTML and Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..evidence import numbers
from ..evidence.model import Bearing, Claim, Evidence, Finding, Report
from ..reports.documents import Element, Heading, Paragraph, Points, Table, markdown, page, word
from ..reports.references import Reference
from . import Format, Part
from .arms import arms_of

COLUMNS = ("Report", "Study", "Design", "Population", "Intervention", "Comparator", "Outcome", "Result", "Stance", "Counted")


def write(part: Part, path: Path) -> Mapping[str, int]:
    """A folder of `review.md`, `review.html` and `review.docx`."""
    evidence = part.evidence
    elements = list(review(evidence))
    (path / "review.md").write_text(markdown(elements), encoding="utf-8", newline="\n")
    (path / "review.html").write_text(page(elements), encoding="utf-8", newline="\n")
    newest = max((report.year for report in evidence.reports.values()), default=2000)
    (path / "review.docx").write_bytes(word(elements, newest, ", ".join(part.dataset.creators)))
    return {
        "reports none of whose findings bears on a claim": len(evidence.reports) - len(_cited(evidence)),
        "studies none of whose findings bears on a claim": len(evidence.studies.keys() - {finding.study for finding in _bearing(evidence)}),
    }


def review(evidence: Evidence) -> Iterator[Element]:
    """The elements of the document."""
    claims = sorted(evidence.claims.values(), key=lambda claim: (claim.label, claim.id))
    yield Heading(1, "Evidence tables")
    studies = {finding.study for finding in _bearing(evidence)}
    yield Paragraph(
        f"{len(claims)} claims, {len(studies)} studies and {len(_cited(evidence))} reports of them. A standing is the result at the "
        "highest tier in which a claim was tested, by votes of independent investigations; what does not count is listed with the "
        "reason. Only first authors are known here."
    )
    meanings = (("Result", "results"), ("Stance", "stances"), ("Tested in", "tiers"))
    yield Points([f"{what} {word.label}: {word.definition}" for what, scheme in meanings for word in evidence.scheme(scheme)])
    yield Heading(2, "Claims")
    for claim in claims:
        yield from _claim(evidence, claim)
    yield Heading(2, "What was not counted, and why")
    yield from _not_counted(evidence, claims)
    yield Heading(2, "References")
    yield Points([citation(report) for report in _cited(evidence)])


def _bearing(evidence: Evidence) -> list[Finding]:
    return [evidence.findings[bearing.finding] for claim in evidence.claims.values() for bearing in claim.bearings]


def _cited(evidence: Evidence) -> list[Report]:
    named = {finding.report for finding in _bearing(evidence)}
    return [report for name, report in sorted(evidence.reports.items()) if name in named]


def _claim(evidence: Evidence, claim: Claim) -> Iterator[Element]:
    standing = claim.standing
    yield Heading(3, claim.label)
    points = [f"Claim: {claim.id}, proposed as {claim.direction.label}, in {_join(map(evidence.name, claim.contexts)) or 'no context'}"]
    if claim.reach:
        points.append("Implied by a mechanism; nobody else proposes it.")
    votes = numbers.votes(standing.supporting, standing.leaving_open, standing.excluding, standing.contradicting)
    points.append(f"Standing: {standing.label}" + (f"; {votes}" if standing.investigations else ""))
    if standing.steps:
        points.append(f"Certainty: {standing.certainty.label}. {evidence.meaning_of_certainty}")
        points += [f"Certainty, {step.domain.label}: {step.down} down, {step.reason}" for step in standing.steps]
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
    study, report = evidence.studies[finding.study], evidence.reports[finding.report]
    own, other = arms_of(finding, evidence)
    blinding = study.blinding.label if study.blinding else ""
    beside = [arm.co_intervention for arm in ([own] if own else study.arms)]
    exposure = evidence.name(finding.subject)
    forms = [name for name in map(evidence.name, study.interventions) if name != exposure]
    alone = f"arms differ in the exposure alone: {finding.exposure_alone}" if finding.exposure_alone else ""
    return (
        _report(report),
        study.label,
        _join((finding.design.label, blinding, finding.level.label, f"read: {report.verified.label}")),
        _join(
            (
                study.population, study.health_status, _labelled("status", finding.status.label if finding.status else ""),
                _labelled("sex", study.sex), _labelled("age", study.age), _labelled("n", "" if finding.n is None else str(finding.n)),
                study.country, finding.conditions,
            )
        ),
        _join(
            (
                exposure, _labelled("given", ", ".join(forms)), finding.dose, finding.duration,
                *(_labelled("with", each) for each in dict.fromkeys(beside)), _labelled("arm", own.label if own else ""),
            )
        ),
        _join((other.label if other else "", finding.compared_with, alone)),
        _join((evidence.name(finding.object), finding.outcome_kind.label, finding.endpoint_role, finding.analysis)),
        _join((finding.reported, finding.numbers, finding.note)),
        bearing.stance.label,
        "yes" if bearing.counted else "no: " + _join(reason.label for reason in bearing.reasons),
    )  # fmt: skip


def _not_counted(evidence: Evidence, claims: list[Claim]) -> Iterator[Element]:
    for reason in evidence.scheme("reasons"):
        rows = [
            (claim.label, _report(evidence.reports[evidence.findings[bearing.finding].report]), bearing.stance.label)
            for claim in claims
            for bearing in evidence.ordered(claim)
            if reason in bearing.reasons
        ]
        yield Heading(3, reason.label)
        yield Paragraph(f"{len(rows)} findings. {reason.definition}")
        if rows:
            yield Table(("Claim", "Report", "Stance"), rows)


def _report(report: Report) -> str:
    """A report as tables name it, with its doubt and the key under which the references have it."""
    reference = Reference(report)
    doubt = f"{report.retraction.label.upper()}: " if report.retraction else ""
    return f"{doubt}{reference.author.family or 'no author known'} {report.year} [{reference.key}]"


def citation(report: Report) -> str:
    """A report as the references have it."""
    reference = Reference(report)
    where = " ".join(filter(None, (report.journal, report.volume + (f"({report.issue})" if report.issue else ""))))
    where += f":{report.pages}" if report.pages else ""
    ids = (_labelled("doi", report.doi), _labelled("PMID", report.pmid), _labelled("PMCID", report.pmcid), reference.url, reference.note)
    name = reference.author
    author = " ".join(filter(None, (name.family, name.given, name.suffix))) or "No author known"
    return f"[{reference.key}] {author}. {report.year}. {'. '.join(filter(None, (reference.title, where, _join(ids))))}"


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _join(texts: Iterable[str]) -> str:
    return "; ".join(filter(None, texts))


REVIEW = Format(
    "review",
    "Evidence tables for a systematic review",
    "Word, LibreOffice, pandoc, web browsers",
    "every claim with its standing, certainty with each step down, votes and pooled numbers; for each finding on it the report, study, "
    "design, population, intervention, comparator, outcome, numbers and stance, and whether it counted or why not; retractions; references",
    "mechanisms, interactions, relations between entities, identifiers, where each fact was read; control characters and line ends",
    "",
    write,
    extra="review",
    has=lambda part: bool(part.evidence.claims),
)
