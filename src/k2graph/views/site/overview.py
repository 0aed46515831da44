"""Pages of the whole: the overview with the map, mechanisms as chains, the gap map, and studies over the years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ... import palette
from ...evidence.model import Mechanism
from .. import embedded_json, own
from ..gap_map import cell_data, cells, table
from ..mechanism_map import legend, map_data, shown
from ..plots import draw_years

if TYPE_CHECKING:
    from . import Site

_DESIGNS = (
    ("human trials", "human-trials", palette.RESULTS["consistent"].light, ""),
    ("people, not randomised", "people-not-randomised", palette.RESULTS["single"].light, "//"),
    ("animals", "animals", palette.RESULTS["contested"].light, ".."),
    ("cells and assays", "cells-and-assays", palette.RESULTS["null"].light, "xx"),
    ("opinion", "opinion", palette.RESULTS["untested"].light, "||"),
)
#: In the order of the bars, with their hatches.
_STANCES = (("supports", ""), ("mixed", ".."), ("null", "xx"), ("contradicts", "//"))


def front(site: Site) -> Iterator[tuple[str, bytes]]:
    """The overview, the map, and how standings come about."""
    evidence = site.evidence
    counts = Counter((c.standing.tier.id, c.standing.result.id) for c in evidence.claims.values() if not c.reach)
    data = own(embedded_json(map_data(evidence, shown(evidence), lambda thing: site.things.get(thing, ""))))
    words = legend(evidence)
    scripts = ("vis-network.min.js", "map.js")
    numbers = {
        "studies": len(evidence.studies),
        "findings": len(evidence.findings),
        "claims": sum(not claim.reach for claim in evidence.claims.values()),
        "mechanisms": len(evidence.mechanisms),
        "interactions": len(evidence.interactions),
    }
    values = {"counts": counts, "mechanisms": _by_verdict(site), "numbers": numbers}
    yield site.page("index.html", "overview.html", "What is known", data=data, scripts=scripts, **values, **words)
    yield site.page("map.html", "map_page.html", "The mechanism map", data=data, scripts=scripts, **words)
    rules = [
        (evidence.facts.one(rule, "rdfs:label"), evidence.facts.one(rule, "skos:definition"))
        for rule in sorted(evidence.facts.nodes("k2g:Rule"), key=lambda each: evidence.facts.one(each, "k2g:order", 0))
    ]
    schemes = [(name, evidence.scheme(name)) for name in ("results", "tiers", "levels", "stances", "reasons", "verdicts")]
    yield site.page("how-it-decides.html", "rules.html", "How it decides", rules=rules, schemes=schemes)


def _by_verdict(site: Site) -> list[Mechanism]:
    return sorted(site.evidence.mechanisms.values(), key=lambda each: (each.verdict.rank, each.label))


def mechanisms(site: Site) -> Iterator[tuple[str, bytes]]:
    """All mechanisms, and a page for each."""
    yield site.page("mechanisms.html", "mechanisms.html", "Mechanisms, step by step", mechanisms=_by_verdict(site))
    for mechanism in site.evidence.mechanisms.values():
        yield site.page(site.things[mechanism.id], "mechanism.html", mechanism.label, mechanism=mechanism)


def gap_map(site: Site) -> Iterator[tuple[str, bytes]]:
    """Which form was studied on which outcome."""
    evidence = site.evidence
    found = cells(evidence)
    participants = {who for each in found.values() for f, _ in each.found for who in evidence.studies[f.study].participants}
    yield site.page(
        "gap-map.html", "gap_map.html", "Gap map: forms and outcomes", found=found, scripts=("gaps.js",),
        data=own(embedded_json(cell_data(evidence, found, lambda thing: site.things[thing]))),
        tiers=[word for word in evidence.scheme("tiers") if word.notation != "nothing"], statuses=evidence.scheme("statuses"),
        participants=sorted(participants, key=evidence.name), **table(evidence, found),
    )  # fmt: skip


def timeline(site: Site) -> Iterator[tuple[str, bytes]]:
    """Studies over the years, by design and by what they found."""
    evidence = site.evidence
    designs: dict[str, dict[int, int]] = {name: defaultdict(int) for name, *_ in _DESIGNS}
    words = {word.notation: word.label for word in evidence.scheme("stances")}
    stances: dict[str, dict[int, int]] = {words[notation]: defaultdict(int) for notation, _ in _STANCES}
    tier_of = {notation: name for name, notation, *_ in _DESIGNS}
    for study in evidence.studies.values():
        tier = evidence.words[evidence.facts.one(evidence.facts.one(study.design.id, "k2g:level"), "k2g:tier")]
        designs[tier_of[tier.notation]][study.year] += 1
        said = {b.stance.label for f in evidence.findings_of.get(study.id, ()) for b in evidence.bearings_of.get(f.id, ()) if b.counted}
        for stance in said:
            stances[stance][study.year] += 1
    yield "timeline-designs.svg", draw_years(designs, [(tone, hatch) for *_, tone, hatch in _DESIGNS], "publications")
    tones = [(palette.STANCES[notation].light, hatch) for notation, hatch in _STANCES]
    yield "timeline-stances.svg", draw_years(stances, tones, "publications that say so")
    years = sorted({study.year for study in evidence.studies.values()}, reverse=True)
    yield site.page("timeline.html", "timeline.html", "Studies over the years", years=years, designs=designs, stances=stances)
