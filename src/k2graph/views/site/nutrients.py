"""Where a graph holds several nutrients: a page for each, and the questions that set nutrients side by side, answered for each outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...evidence.model import Evidence
from ...sparql.questions import word
from ..question_page import NamesOfGraph
from .effects import effects
from .questions import NamesOfEvidence, question_page
from .site import Site


def nutrients(site: Site) -> Iterator[tuple[str, bytes]]:
    """A page for each nutrient where there are several, and the answers on outcomes on which several were tested in people."""
    if not site.nutrients.several:
        return
    for nutrient in site.nutrients.forms:
        yield _page(site, nutrient)
    if site.served:
        return
    names, words = NamesOfEvidence(site), NamesOfGraph(site.graph)
    for outcome in site.comparisons.outcomes:
        for question in site.comparisons.asked:
            given = {"outcome": word(outcome)}
            title = f"{question.title.rstrip('?')}: {site.evidence.name(outcome)}"
            yield from question_page(site, question, given, names, words, site.comparisons.page(question, outcome), title)


def _page(site: Site, nutrient: str) -> tuple[str, bytes]:
    evidence, held = site.evidence, site.nutrients
    forms = held.forms[nutrient]
    met = [each for each in evidence.interactions.values() if each.agent in forms]
    counts: dict[str, int] = defaultdict(int)
    for claim in held.claims[nutrient]:
        counts[claim.subject] += 1
    intakes = evidence.facts.by("k2g:ReferenceIntake", "k2g:nutrient")
    return site.page(
        site.nutrient_page(nutrient), "nutrient.html", evidence.name(nutrient), tables=True,
        entity=evidence.entities[nutrient], numbers=held.numbers(nutrient), packs=held.packs(nutrient),
        forms=sorted(forms - {nutrient}, key=lambda form: (-counts[form], evidence.name(form).casefold(), form)), counts=counts,
        known=effects(evidence, held.in_people(nutrient)), mechanisms=held.mechanisms(nutrient),
        interactions=sorted(met, key=lambda each: (each.severity.rank, evidence.name(each.drug).casefold(), each.id)),
        intakes=_by_kind(evidence, [intake for form in forms for intake in intakes[form]]),
    )  # fmt: skip


def _by_kind(evidence: Evidence, intakes: list[str]) -> list[str]:
    """Amounts that authorities set: by what kind of value it is, so that upper levels stand together, then by authority."""
    order = ("k2g:kindOfValue", "k2g:authority", "k2g:population", "k2g:age")
    return sorted(intakes, key=lambda each: ([str(evidence.facts.one(each, name)).casefold() for name in order], each))
