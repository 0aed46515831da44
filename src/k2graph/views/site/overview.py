"""Pages of the whole: the overview with the map, mechanisms as chains, the gap map, and studies and reports over the years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from ... import palette
from ...evidence.model import Mechanism, Word
from ...iris import name as iri
from .. import embedded_json, own
from .. import gap_map as gaps
from ..figure import WIDTHS, Figure
from ..mechanism_map import legend
from ..plots import draw_years
from ..routed import whole_map
from . import recount
from .site import Site
from .studies import first_year
from .things import CITING, reports_on

#: So many outcomes on which nutrients stand side by side lead on from the first page.
_BESIDE = 8


def front(site: Site) -> Iterator[tuple[str, bytes]]:
    """The overview, the map, and how standings come about."""
    evidence = site.evidence
    counts = Counter((c.standing.tier.id, c.standing.result.id) for c in evidence.claims.values() if not c.reach)
    drawn = whole_map(evidence, lambda thing: site.things.get(thing, ""))
    held = site.nutrients
    on_map = [each.id for each in drawn.mechanisms] if held.several else []
    chooser = {nutrient: [name for name in on_map if nutrient in held.of_mechanisms[name]] for nutrient in held.forms}
    chooser = {nutrient: some for nutrient, some in chooser.items() if some}
    data = drawn.data | ({"nutrients": chooser} if chooser else {})
    words = legend(evidence) | {"map": drawn, "picture": own(drawn.svg()), "data": own(embedded_json(data)), "map_nutrients": [*chooser]}
    scripts = ("take.js", "laid.js", "routed.js")
    yield "mechanism-map.svg", drawn.svg(alone=True).encode()
    numbers = {
        "studies": sum(study.design is not None for study in evidence.studies.values()),
        "reports": len(evidence.reports),
        "findings": len(evidence.findings),
        "claims": sum(not claim.reach for claim in evidence.claims.values()),
        "mechanisms": len(evidence.mechanisms),
        "interactions": len(evidence.interactions),
    }
    values = {"counts": counts, "tested": {tier for tier, _ in counts}, "mechanisms": _by_verdict(site), "numbers": numbers}
    yield site.page(
        "index.html", "overview.html", "What is known", tables=True, **values, **words, beside=[*site.comparisons.outcomes][:_BESIDE],
        of_each=[(nutrient, held.numbers(nutrient)) for nutrient in held.forms],
        compared=lambda outcome: site.comparisons.of(outcome)[0][1],
    )  # fmt: skip
    yield site.page("map.html", "map_page.html", "The mechanism map", scripts=scripts, **words)
    rules = [
        (evidence.facts.one(rule, "rdfs:label"), evidence.facts.one(rule, "skos:definition"))
        for rule in sorted(evidence.facts.nodes("k2g:Rule"), key=lambda each: evidence.facts.one(each, "k2g:order", 0))
    ]
    thresholds = [evidence.facts.one("k2g:thresholds", name) for name in ("k2g:supportedFrom", "k2g:unsupportedUpTo")]
    schemes = [(name, evidence.scheme(name)) for name in ("results", "tiers", "levels", "stances", "reasons", "verdicts")]
    yield site.page("how-it-decides.html", "rules.html", "How it decides", rules=rules, schemes=schemes, thresholds=thresholds)


def _by_verdict(site: Site) -> list[Mechanism]:
    return sorted(site.evidence.mechanisms.values(), key=lambda each: (each.verdict.rank, each.label))


def mechanisms(site: Site) -> Iterator[tuple[str, bytes]]:
    """All mechanisms, and a page for each with its figure in both widths."""
    evidence = site.evidence
    yield site.page("mechanisms.html", "mechanisms.html", "Mechanisms, step by step", mechanisms=_by_verdict(site))
    for mechanism in evidence.mechanisms.values():
        figure, address = Figure(evidence, mechanism.id), site.things[mechanism.id]
        drawn = {f"{address.removesuffix('.html')}-{width}mm.svg": figure.svg(width) for width in WIDTHS}
        for name, svg in drawn.items():
            yield name, svg.encode()
        names = [name.rpartition("/")[2] for name in drawn]
        yield site.page(
            address, "mechanism.html", mechanism.label, mechanism=mechanism, figure=figure, names=names,
            scripts=(*CITING, "figure.js", *recount.AT_FIRST), recounts=recount.LATER, address=iri(mechanism.id).value,
            reports=sorted({report for name in mechanism.claims for report in reports_on(evidence, evidence.claims[name])}),
            # In the page too: a picture that a page on a disk loads may not be drawn on a canvas.
            pictures=[(name, own(figure.svg(width, for_paper=True))) for name, width in zip(names, WIDTHS, strict=True)],
        )  # fmt: skip


def gap_map(site: Site) -> Iterator[tuple[str, bytes]]:
    """Which form was studied on which outcome."""
    evidence = site.evidence
    drawn = gaps.gap_map(evidence, {claim for search in site.searches for claim in search.claims})
    findings = {each.finding.id: each.finding for cell in drawn.cells.values() for each in cell.found}.values()
    studies = [evidence.studies[name] for name in sorted({finding.study for finding in findings})]
    yield site.page(
        "gap-map.html", "gap_map.html", "Gap map: forms and outcomes", drawn=drawn, scripts=("take.js", "gaps.js"),
        data=own(embedded_json(gaps.page_data(evidence, drawn, lambda thing: site.things[thing], site.nutrients))),
        tiers=evidence.tiers_of_evidence, statuses=evidence.scheme("statuses"), certainties=evidence.scheme("certainties"),
        stances=[(word.notation, evidence.phrase(word)) for word in evidence.scheme("stances")],
        participants=sorted({who for study in studies for who in study.participants}, key=evidence.name),
        in_nutrients=frozenset().union(*site.nutrients.forms.values()), designs=sorted({finding.design.label for finding in findings}),
        countries=sorted({country for study in studies for country in study.countries}),
        years=sorted({evidence.reports[finding.report].year for finding in findings}),
    )  # fmt: skip


def timeline(site: Site) -> Iterator[tuple[str, bytes]]:
    """Studies over the years of their first reports, by design, and reports by what they say."""
    evidence = site.evidence
    designs: dict[Word, dict[int, int]] = {word: defaultdict(int) for word in evidence.tiers_of_evidence}
    stances: dict[Word, dict[int, int]] = {word: defaultdict(int) for word in evidence.scheme("stances")}
    for study in evidence.studies.values():
        # A body of people within which studies were made is none itself.
        if study.design is not None and (began := first_year(evidence, study)):
            tier = evidence.words[evidence.facts.one(evidence.facts.one(study.design.id, "k2g:level"), "k2g:tier")]
            designs[tier][began] += 1
    distinct = {
        (finding.report, bearing.stance)
        for finding in evidence.findings.values()
        for bearing in evidence.bearings_of.get(finding.id, ())
        if bearing.counted
    }
    for report, stance in distinct:
        stances[stance][evidence.reports[report].year] += 1
    yield "timeline-designs.svg", draw_years(designs, [palette.of_tier(word.notation) for word in designs], "studies")
    yield "timeline-stances.svg", draw_years(stances, [palette.of_stance(word.notation) for word in stances], "reports that say so")
    years = sorted({year for series in (*designs.values(), *stances.values()) for year in series}, reverse=True)
    yield site.page("timeline.html", "timeline.html", "Studies and reports over the years", years=years, designs=designs, stances=stances)
