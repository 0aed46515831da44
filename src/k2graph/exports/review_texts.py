"""The texts of a review: a claim in a paragraph, a result as a row, a report as the references have it, with links between them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from ..evidence import numbers
from ..evidence.model import Bearing, Claim, Evidence, Finding, Report, Word
from ..reports.elements import Link, Span, Strong, Text
from ..reports.references import Reference
from ..reports.summary import Summary
from ..text import one_line
from ..views.plots import estimate_of
from .arms import arms_of

COLUMNS = ("Study", "Design", "People", "Given, and compared with", "Found", "Effect (95% interval)", "Stance")
_PUNCTUATION = re.compile(r"[^\w]+")
#: Stands for a text that is the same as in the row above, of the same study.
_SAME = "as above"


class Citations:
    """References by number, in the order in which a document first names them; and its claims by theirs."""

    def __init__(self, evidence: Evidence, claims: Sequence[Claim]) -> None:
        self.evidence = evidence
        self.claims = {claim.id: number for number, claim in enumerate(claims, 1)}
        self.reports: dict[str, int] = {}

    def to(self, report: str) -> Link:
        """The number of a report, which leads to its reference."""
        number = self.reports.setdefault(report, len(self.reports) + 1)
        return Link(f"[{number}]", f"#ref-{number}")

    def to_all(self, reports: Iterable[str]) -> list[Span]:
        """The numbers of reports, spaces between them, each once."""
        return between(" ", [self.to(report) for report in dict.fromkeys(reports)])

    def claim(self, claim: str) -> Link:
        """The number of a claim, which leads to it."""
        return Link(f"C{self.claims[claim]}", f"#claim-{self.claims[claim]}")

    def name(self, claim: Claim) -> str:
        """The name of a claim's place."""
        return f"claim-{self.claims[claim.id]}"


def claim_in_words(evidence: Evidence, claim: Claim, citations: Citations) -> Text:
    """Where a claim stands, by whom and how much, how sure that is and why, as a paragraph."""
    standing = claim.standing
    certain = f", certainty {standing.certainty.label}" if standing.steps else ""
    sentences = [_summed_up(evidence, claim) if standing.steps else standing.why]
    sentences += [f"Had findings counted where {reason}: {label}." for label, reason in claim.alternatives]
    if claim.reach:
        sentences.append("Implied by a mechanism; nobody else proposes it.")
    if not evidence.is_unlimited(claim):
        sentences.append(f"In: {_join(map(evidence.name, claim.contexts)) or 'no context'}.")
    if not standing.is_support:
        sentences.append(f"Best support: {standing.best_support.label if standing.best_support else 'none'}.")
    sentences += [f"Note: {claim.note}."] if claim.note else []
    return (Strong(f"C{citations.claims[claim.id]} {claim.label}: {standing.label}{certain}."), f" {' '.join(sentences)} ({claim.id})")


def _summed_up(evidence: Evidence, claim: Claim) -> str:
    """The same paragraph as that of a summary of findings."""
    standing = claim.standing
    counted = [evidence.findings[bearing.finding] for bearing in evidence.ordered(claim) if bearing.counted]
    counted = [each for each in counted if evidence.facts.one(each.level.id, "k2g:tier") == standing.tier.id]
    given = (_join_by(", ", (evidence.name(each.subject), each.dose, each.duration)) for each in counted if each.dose or each.duration)
    pooled = tuple(f"{_join_by(', ', (evidence.name(pool.outcome), pool.site))}: {pool.numbers}" for pool in claim.pooled)
    single = (
        f"{evidence.reports[each.report].cited}, {evidence.name(each.object)}: {each.numbers}" for each in counted if each.value is not None
    )
    steps = [(f"{step.domain.label}{f' by {step.down}' if step.down else ''} ({step.reason})", step.down) for step in standing.steps]
    return Summary(
        label=claim.label,
        standing=standing.label,
        tier=standing.tier.label,
        investigations=standing.investigations,
        votes=numbers.votes(standing.supporting, standing.leaving_open, standing.excluding, standing.contradicting),
        given=tuple(dict.fromkeys(given)),
        effects=pooled or tuple(single),
        pooled=bool(pooled),
        certainty=standing.certainty.label,
        lowered=tuple(text for text, down in steps if down),
        kept=tuple(text for text, down in steps if not down),
        newest=0,
    ).in_words


def rows(evidence: Evidence, findings: Sequence[Finding], outcome: str, kind: Word, citations: Citations) -> list[tuple[Text, ...]]:
    """Results on an outcome of a kind as rows; what a row shares with that above, of the same study, it does not say again."""
    made: list[tuple[Text, ...]] = []
    before: tuple[str, tuple[Text, ...]] | None = None
    for finding in findings:
        row = _row(evidence, finding, outcome, kind, citations)
        shown = row
        if before and before[0] == finding.study:
            same = [text == old and bool(text) and text is not row[0] for text, old in zip(row[:4], before[1][:4], strict=True)]
            shown = (*(_SAME if is_same else text for text, is_same in zip(row[:4], same, strict=True)), *row[4:])
        made.append(shown)
        before = (finding.study, row)
    return made


def _row(evidence: Evidence, finding: Finding, outcome: str, kind: Word, citations: Citations) -> tuple[Text, ...]:
    study, report = evidence.studies[finding.study], evidence.reports[finding.report]
    own, other = arms_of(finding, evidence)
    beside = [arm.co_intervention for arm in ([own] if own else study.arms)]
    exposure = evidence.name(finding.subject)
    forms = [name for name in map(evidence.name, study.interventions) if name != exposure]
    alone = finding.exposure_alone
    arms = [arm.label.removeprefix(f"{study.label}: ") if arm else "" for arm in (own, other)]
    bearings = [each for each in evidence.bearings_of[finding.id] if each.claim in citations.claims]
    risks = dict.fromkeys(risk.label for each in bearings if (risk := evidence.risk_of(each)))
    return (
        _study(report, study.label, citations),
        _join((finding.design.label, study.blinding.label if study.blinding else "", finding.level.label,
               _labelled("risk of bias", ", ".join(risks)), f"read: {report.verified.label}")),
        _join((study.population, study.health_status, _labelled("status", finding.status.label if finding.status else ""),
               _labelled("sex", study.sex), _labelled("age", study.age), _labelled("n", "" if finding.n is None else str(finding.n)),
               study.country, finding.conditions)),
        _join((exposure, _labelled("given", ", ".join(forms)), finding.dose, finding.duration,
               *(_labelled("with", each) for each in dict.fromkeys(beside)), _labelled("arm", arms[0]),
               _labelled("against", _join((arms[1], finding.compared_with))),
               f"arms differ in the exposure alone: {alone}" if alone else "")),
        _join((evidence.name(finding.object) if finding.object != outcome else "",
               finding.outcome_kind.label if finding.outcome_kind != kind else "",
               finding.endpoint_role, finding.analysis, finding.reported, finding.note)),
        _effect(evidence, finding),
        _stance(bearings, citations),
    )  # fmt: skip


def _effect(evidence: Evidence, finding: Finding) -> str:
    """The numbers of a result, and the effect by which it is read where that was computed."""
    made = estimate_of(evidence, finding)
    if made is None or not made.computed_by:
        return finding.numbers
    how = ", ".join(word.label for word in made.computed_by)
    return _join((finding.numbers, f"computed, {how}: {numbers.effect(made.measure, *made.written, made.unit)}"))


def _study(report: Report, label: str, citations: Citations) -> Text:
    reference = Reference(report)
    doubt = f"{report.retraction.label.upper()}: " if report.retraction else ""
    cited = f"{reference.author.family or 'no author known'} {report.year}"
    # A study that is called by its first author, or as its report, has no other name.
    known = {*one_line(f"{cited} {report.first_author} {report.title}").casefold().split(), str(report.year)}
    named = "" if {*_PUNCTUATION.sub(" ", label).casefold().split()} <= {*_PUNCTUATION.sub(" ", " ".join(known)).split()} else f"; {label}"
    return (f"{doubt}{cited} ", citations.to(report.id), named)


def _stance(bearings: Iterable[Bearing], citations: Citations) -> Text:
    """The stance of a result with the claims on which it has it, and why it does not count where it does not."""
    groups: dict[tuple[Word, tuple[Word, ...]], list[str]] = defaultdict(list)
    for bearing in sorted(bearings, key=lambda each: citations.claims[each.claim]):
        groups[bearing.stance, bearing.reasons].append(bearing.claim)
    parts: list[Span] = []
    for (stance, reasons), claims in sorted(groups.items(), key=lambda group: (len(group[0][1]), citations.claims[group[1][0]])):
        why = f"; not counted: {', '.join(reason.label for reason in reasons)}" if reasons else ""
        parts += [f"{'. ' if parts else ''}{stance.label}: ", *between(", ", [citations.claim(claim) for claim in claims]), why]
    return tuple(parts)


def citation(report: Report) -> tuple[Span, ...]:
    """A report as the references have it, with links to where it is, and the key that it has in exports of references."""
    reference = Reference(report)
    where = " ".join(filter(None, (report.journal, report.volume + (f"({report.issue})" if report.issue else ""))))
    where += f":{report.pages}" if report.pages else ""
    name = reference.author
    author = " ".join(filter(None, (name.family, name.given, name.suffix))) or "No author known"
    links = [
        Link(f"{label} {number}", f"{address}{quote(number, safe='/:;()._-')}")
        for label, number, address in (
            ("doi", report.doi, "https://doi.org/"),
            ("PMID", report.pmid, "https://pubmed.ncbi.nlm.nih.gov/"),
            ("PMCID", report.pmcid, "https://pmc.ncbi.nlm.nih.gov/articles/"),
        )
        if number
    ]
    links += [] if links or not reference.url else [Link(reference.url, reference.url)]
    text = f"{'. '.join(filter(None, (author, str(report.year), reference.title.rstrip('.'), where)))}."
    note = f" {reference.note}." if reference.note else ""
    return (text, *([" ", *between(", ", links), "."] if links else []), f"{note} Key: {reference.key}")


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _join(texts: Iterable[str]) -> str:
    return _join_by("; ", texts)


def _join_by(between: str, texts: Iterable[str]) -> str:
    return between.join(filter(None, texts))


def between(text: str, links: Sequence[Link]) -> list[Span]:
    """Links with a text between each two."""
    found: list[Span] = []
    for link in links:
        found += [text, link] if found else [link]
    return found
