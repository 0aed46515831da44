"""A review to start from: outcome by outcome what is known and how surely, the forest plots, what every study found, and references.

The same document three times: Markdown, HTML and Word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path

from ..evidence.bias import read_risks
from ..evidence.model import Claim, Evidence, Finding
from ..iris import name as iri
from ..reports.documents import Contents, Element, Figure, Heading, Paragraph, Points, Strong, Table, Turn, markdown, page, word
from ..reports.elements import Link, Span
from ..reports.word import PAPERS
from ..text import headed
from ..views.plots import Forest, forests, lights_of, plots_of
from . import Format, Part
from .review_outline import Acting, Outcome, Outline, outline
from .review_texts import COLUMNS, Citations, between, citation, claim_in_words, rows

#: The columns of claims that are told in a line.
IN_A_LINE = ("Claim", "Standing", "Certainty", "References")


def write(part: Part, path: Path) -> Mapping[str, int]:
    """A folder of `review.md` with its pictures in `plots`, `review.html` and `review.docx`."""
    # Plots are drawn as they come; what they need is looked for before, so that its want is that of the review.
    import_module("matplotlib")
    evidence = part.evidence
    laid = outline(evidence, whole=part.whole)
    elements = list(_elements(part, laid))
    figures = [element for element in elements if isinstance(element, Figure)]
    if figures:
        (path / "plots").mkdir()
    for figure in figures:
        (path / figure.file).write_bytes(figure.svg)
    (path / "review.md").write_text(markdown(elements), encoding="utf-8", newline="\n")
    (path / "review.html").write_text(page(elements), encoding="utf-8", newline="\n")
    newest = max((report.year for report in evidence.reports.values()), default=2000)
    (path / "review.docx").write_bytes(word(elements, newest, ", ".join(part.dataset.creators), part.paper or "a4"))
    bearing = {bearing.finding for claim in evidence.claims.values() for bearing in claim.bearings}
    cited = {evidence.findings[name].report for name in bearing}
    shown = {finding.id for outcome in laid.outcomes for each in outcome.acting for finding in each.shown}
    return {
        "reports none of whose findings bears on a claim": len(evidence.reports) - len(cited),
        "studies none of whose findings bears on a claim": len(
            evidence.studies.keys() - {evidence.findings[name].study for name in bearing}
        ),
        "findings without a row of their own, whose reports are named (of a part, all have one)": len(bearing - shown),
    }


def review(part: Part) -> Iterator[Element]:
    """The elements of the document."""
    return _elements(part, outline(part.evidence, whole=part.whole))


def _elements(part: Part, laid: Outline) -> Iterator[Element]:
    evidence = part.evidence
    citations = Citations(evidence, laid.numbered)
    plots = _plots(part, laid, citations)
    yield Heading(1, "Evidence tables")
    yield from _opening(evidence, part)
    yield Contents()
    yield from _how_to_read(evidence)
    yield Turn(wide=True)
    places = _places(laid)
    for number, (kind, outcomes) in enumerate(laid.groups, 1):
        yield Heading(2, headed(f"{kind.label} outcomes"), f"kind-{number}")
        yield Paragraph(kind.definition)
        for outcome in outcomes:
            yield Heading(3, headed(evidence.name(outcome.thing)), places[outcome.thing, ""])
            for acting in outcome.acting:
                yield from _acting(evidence, outcome, acting, citations, places, plots)
    if laid.in_a_line:
        yield from _in_a_line(evidence, laid, citations)
    yield Turn(wide=False)
    yield Heading(2, "What was not counted, and why", "not-counted")
    yield Points(list(_not_counted(evidence, citations)))
    yield Heading(2, "References", "references")
    yield Paragraph("Only first authors are known here. Keys are those of the exports of references.")
    names = [f"ref-{number}" for number in citations.reports.values()]
    yield Points([(f"[{number}] ", *citation(evidence.reports[report])) for report, number in citations.reports.items()], names)


def _opening(evidence: Evidence, part: Part) -> Iterator[Element]:
    findings = {bearing.finding for claim in evidence.claims.values() for bearing in claim.bearings}
    studies, reports = ({getattr(evidence.findings[name], of) for name in findings} for of in ("study", "report"))
    yield Paragraph(
        f"{len(evidence.claims)} claims, {len(findings)} findings of {len(studies)} studies, {len(reports)} reports. Outcomes stand under "
        "their kinds, the broader before the narrower; under each what acts on it or goes with it, with what is known, forest plots, and a "
        "row for each result on just these two."
    )
    if part.whole:
        yield Paragraph(
            "This is the whole graph. On what it asks about, the results at the tier that decides where a claim stands have a row each, if "
            "it is one of people. Results at lower tiers are named by their references; so are those on outcomes without a result in "
            "people, and on claims outside of the question, which have a line each. In a review of a part of the graph (--about, "
            "--mechanism) every result has its row."
        )


def _how_to_read(evidence: Evidence) -> Iterator[Element]:
    yield Heading(2, "How to read it", "how-to-read")
    yield Paragraph(
        "A standing is the result at the highest tier in which a claim was tested, by votes of independent investigations. "
        f"Certainty: {evidence.meaning_of_certainty} C and a number is a claim, a number in brackets a reference. The "
        "last column of a table says on which claims a result bears, and how; what does not count has the reason beside it. An effect that "
        "its source does not give, and that follows from what it gives, is marked as computed, with the way."
    )
    meanings = (("Result", "results"), ("Stance", "stances"), ("Tested in", "tiers"))
    yield Points(
        [(Strong(f"{what} {word.label}:"), f" {word.definition}") for what, scheme in meanings for word in evidence.scheme(scheme)]
    )


def _places(laid: Outline) -> dict[tuple[str, str], str]:
    """The names of places: of an outcome, and of what acts on it there."""
    found = {}
    for number, outcome in enumerate(laid.outcomes, 1):
        found[outcome.thing, ""] = f"outcome-{number}"
        for which, acting in enumerate(outcome.acting, 1):
            found[outcome.thing, acting.thing] = f"outcome-{number}-{which}"
    return found


def _acting(
    evidence: Evidence, outcome: Outcome, acting: Acting, citations: Citations, places: Mapping[tuple[str, str], str],
    plots: Mapping[str, list[Figure]],
) -> Iterator[Element]:  # fmt: skip
    yield Heading(4, f"{headed(evidence.name(acting.thing))}: {evidence.name(outcome.thing)}", places[outcome.thing, acting.thing])
    for claim in acting.claims:
        yield Paragraph(claim_in_words(evidence, claim, citations), citations.name(claim))
        if elsewhere := _elsewhere(evidence, claim, acting, outcome, places):
            yield Paragraph(("Results that bear on it stand under ", *elsewhere, "."))
        yield from plots.get(claim.id, ())
    if acting.shown:
        title = f"{headed(evidence.name(acting.thing))} and {evidence.name(outcome.thing)}: results"
        yield Table(COLUMNS, rows(evidence, acting.shown, outcome.thing, outcome.kind, citations), title)
    if acting.in_short:
        yield Paragraph(("Without a row: ", *_briefly(evidence, acting.in_short, citations), "."))


def _elsewhere(evidence: Evidence, claim: Claim, acting: Acting, outcome: Outcome, places: Mapping[tuple[str, str], str]) -> list[Span]:
    """Links to where other results on a claim are: under narrower outcomes and forms."""
    here = {finding.id for finding in (*acting.shown, *acting.in_short)}
    others = [evidence.findings[each.finding] for each in claim.bearings if each.finding not in here]
    pairs = sorted(
        {(each.object, each.subject) for each in others} & set(places), key=lambda pair: [int(n) for n in places[pair].split("-")[1:]]
    )
    names = [evidence.name(form) if of == outcome.thing else f"{evidence.name(form)}: {evidence.name(of)}" for of, form in pairs]
    links = [Link(name, f"#{places[pair]}") for name, pair in zip(names, pairs, strict=True)]
    return between(", ", links)


def _briefly(evidence: Evidence, findings: tuple[Finding, ...], citations: Citations) -> Iterator[Span]:
    """Results by level and stance, with their references."""

    def group(finding: Finding) -> tuple[int, str, str]:
        bearings = [each for each in evidence.bearings_of[finding.id] if each.claim in citations.claims]
        stances = sorted({(each.stance.rank, each.stance.label) for each in bearings})
        return finding.level.rank, finding.level.label, ", ".join(label for _, label in stances)

    for place, ((_, level, stances), each) in enumerate(groupby(sorted(findings, key=group), key=group)):
        yield f"{'; ' if place else ''}{level}, {stances}: "
        yield from citations.to_all(finding.report for finding in each)


def _in_a_line(evidence: Evidence, laid: Outline, citations: Citations) -> Iterator[Element]:
    yield Heading(2, "Other claims, in a line", "in-a-line")
    for number, (scope, claims) in enumerate(laid.in_a_line, 1):
        yield Heading(3, headed(scope.label), f"scope-{number}")
        yield Paragraph(scope.definition)
        table = []
        for claim in claims:
            standing = claim.standing
            reports = (evidence.findings[bearing.finding].report for bearing in evidence.ordered(claim))
            certain = standing.certainty.label if standing.steps else ""
            label = f"C{citations.claims[claim.id]} {claim.label}{f' ({claim.id})'}"
            table.append((label, standing.label, certain, tuple(citations.to_all(reports))))
        yield Table(IN_A_LINE, table, headed(scope.label), [citations.name(claim) for claim in claims])


def _not_counted(evidence: Evidence, citations: Citations) -> Iterator[tuple[Span, ...]]:
    for reason in evidence.scheme("reasons"):
        bearings = [each for claim in evidence.claims.values() for each in evidence.ordered(claim) if reason in each.reasons]
        reports = {evidence.findings[each.finding].report for each in bearings}
        findings = {each.finding for each in bearings}
        counts = f" {reason.definition} {len(findings)} findings, on {len({each.claim for each in bearings})} claims"
        # Those that nothing has named yet get their numbers here, in an order that hangs on nothing else.
        numbered = {report: citations.to(report) for report in sorted(reports)}
        ordered = sorted(numbered, key=citations.reports.__getitem__)
        yield (Strong(f"{headed(reason.label)}."), counts, *([": ", *citations.to_all(ordered)] if ordered else []), ".")


def _plots(part: Part, laid: Outline, citations: Citations) -> Mapping[str, list[Figure]]:
    """The forest plots by claim, less those that show nothing that another does not show too."""
    evidence = part.evidence
    claims = [claim for outcome in laid.outcomes for acting in outcome.acting for claim in acting.claims]
    if not claims:
        return {}
    risks = read_risks(part.graph, [iri(claim.id) for claim in claims])
    drawn = [(claim, forest) for claim in claims for forest in forests(evidence, claim, lights_of(evidence, risks, claim))]
    shows = [_shows(forest) for _, forest in drawn]
    found: dict[str, list[Figure]] = defaultdict(list)
    for place, (claim, forest) in enumerate(drawn):
        mine = shows[place]
        if any(mine < other or (mine == other and before < place) for before, other in enumerate(shows) if before != place):
            continue
        plot = next(iter(plots_of(forest)))
        file = f"plots/C{citations.claims[claim.id]}-{len(found[claim.id]) + 1}.svg"
        found[claim.id].append(Figure(_alt(forest), file, plot.picture.width, plot.to_svg(), plot.picture.small_png))
    return found


def _shows(forest: Forest) -> frozenset[str]:
    results = {finding.id for row in forest.rows for finding in row.findings}
    return frozenset(results | {block.pool.id for block in forest.blocks})


def _alt(forest: Forest) -> str:
    """What is to be seen, in words."""
    pools = (f"pooled, {forest.outcomes.get(block.pool.outcome, '')}: {block.pool.numbers}" for block in forest.blocks)
    head = f"Forest plot: {forest.claim.label}; {forest.title}; {len(forest.rows)} results with intervals"
    return "; ".join((head, *pools, "the results stand in the tables"))


REVIEW = Format(
    "review",
    "Evidence tables and forest plots to start a review from, outcome by outcome",
    "Word, LibreOffice, pandoc, web browsers",
    "every claim with its standing and certainty, and where there is a table for it with each step down, votes and pooled numbers; forest "
    "plots; for each finding the report, study, design, population, intervention, comparator, outcome, numbers and stance, and whether it "
    "counted or why not; retractions; references",
    "of the whole graph, not of a part, the numbers of results below the tier that decides, and of all on claims that were not tested in "
    "people or are outside of its question, which are named by their references; mechanisms, interactions, relations between entities, "
    "identifiers, where each fact was read; control characters and line ends",
    "",
    write,
    extra="review",
    has=lambda part: bool(part.evidence.claims),
    papers=tuple(PAPERS),
)
