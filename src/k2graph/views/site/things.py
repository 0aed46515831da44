"""Pages of one thing each: claims with their forests, and entities; and the lists of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial

from ...evidence.bias import read_risks
from ...evidence.model import Bearing, Claim, Evidence, Mechanism, Word
from ...iris import name as iri
from ...iris import slug
from ..plots import PYTHON, Plot, R, forests, lights_of, plots_of
from . import recount
from .effects import effects
from .in_short import AVOIDING, in_short
from .site import Site

#: What a page needs on which references can be taken away.
CITING = ("take.js", "cites.js")


def claims(site: Site) -> Iterator[tuple[str, bytes]]:
    """All claims, and a page for each with a forest for each measure."""
    evidence = site.evidence
    order = sorted(
        (claim for claim in evidence.claims.values() if not claim.reach),
        key=lambda c: (c.standing.tier.rank, c.standing.result.rank, -c.standing.investigations, c.label),
    )
    yield site.page("claims.html", "claims.html", "Claims", claims=order, tables=True, reports=partial(reports_on, evidence))
    judged = evidence.facts.by("k2g:CertaintyJudgement", "k2g:claim")
    risks = read_risks(site.graph, [iri(claim) for claim in sorted(evidence.claims)])
    yield "assets/forest.R", R.encode()
    yield "assets/forest.py", PYTHON.encode()
    for claim in evidence.claims.values():
        lights = lights_of(evidence, risks, claim)
        drawn: list[tuple[str, Plot]] = []
        for forest in forests(evidence, claim, lights):
            for plot in plots_of(forest):
                name = f"{site.things[claim.id].removesuffix('.html')}-{len(drawn) + 1}"
                yield f"{name}.svg", plot.to_svg()
                if plot.kind == "forest":
                    yield f"{name}.csv", plot.to_csv()
                drawn.append((name.rpartition("/")[2], plot))
        yield site.page(
            site.things[claim.id],
            "claim.html",
            claim.label,
            claim=claim,
            reports=reports_on(evidence, claim),
            scripts=(*CITING, *recount.AT_FIRST),
            recounts=recount.LATER,
            address=iri(claim.id).value,
            judged=judged[claim.id],
            groups=_by_stance(site, claim),
            plots=drawn,
            changes=evidence.changes(claim),
            risks=risks,
            votes=risks.votes.get(claim.id, ()),
            searches=[search for search in site.searches if claim.id in search.claims],
        )


def reports_on(evidence: Evidence, claim: Claim) -> list[str]:
    """The reports whose findings bear on a claim."""
    return sorted({evidence.findings[bearing.finding].report for bearing in claim.bearings})


def _by_stance(site: Site, claim: Claim) -> list[tuple[Word, list[Bearing]]]:
    groups: dict[Word, list[Bearing]] = {word: [] for word in site.evidence.scheme("stances")}
    for bearing in site.evidence.ordered(claim):
        groups.setdefault(bearing.stance, []).append(bearing)
    return [(word, bearings) for word, bearings in groups.items() if bearings]


def entities(site: Site) -> Iterator[tuple[str, bytes]]:
    """All things, and a page for each with what it does and what is done to it."""
    evidence = site.evidence
    order = sorted(evidence.entities.values(), key=lambda entity: (entity.kind_label, entity.label))
    yield site.page("things.html", "things.html", "Things", entities=order)
    wholes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entity in order:
        for relation, other in entity.relations:
            wholes[other].append((relation, entity.id))
    foods = evidence.facts.by("k2g:FoodContent", "k2g:food", "k2g:form")
    figures = evidence.facts.by("k2g:StatusFigure", "k2g:marker")
    avoiding = list(site.graph.ask(AVOIDING))
    for entity in evidence.entities.values():
        claims = evidence.claims_of.get(entity.id, ())
        yield site.page(
            site.things[entity.id], "entity.html", entity.label or entity.id,
            entity=entity, parts=wholes[entity.id], foods=foods[entity.id], figures=_lowest_first(site, figures[entity.id]),
            does=effects(evidence, _best_first(claim for claim in claims if claim.subject == entity.id)),
            done=effects(evidence, _best_first(claim for claim in claims if claim.object == entity.id and claim.subject != entity.id)),
            of=site.nutrients.of([entity.id]) if site.nutrients.several else [], compared=site.comparisons.of(entity.id),
            tables=True, short=in_short(evidence, entity.id, avoiding),
            mechanisms=[m for m in evidence.mechanisms.values() if _is_in(site, entity.id, m)],
            interactions=[i for i in evidence.interactions.values() if entity.id in (i.agent, i.drug)], anchor=slug,
        )  # fmt: skip


def _best_first(claims: Iterable[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (claim.standing.tier.rank, claim.standing.result.rank, claim.label))


def _lowest_first(site: Site, figures: list[str]) -> list[str]:
    """Those that say how many are low first, the largest share before all."""
    shares = {figure: site.evidence.facts.one(figure, "k2g:shareLow") for figure in figures}
    # A graph that does not conform may have anything there.
    numbers = {figure: float(share) for figure, share in shares.items() if isinstance(share, int | float)}
    return sorted(figures, key=lambda figure: (figure not in numbers, -numbers.get(figure, 0), figure))


def _is_in(site: Site, thing: str, mechanism: Mechanism) -> bool:
    ends = {mechanism.end_to_end, *(step.claim for step in mechanism.steps)}
    claims = site.evidence.claims
    return any(thing in (claims[name].subject, claims[name].object) for name in ends) or any(s.yields == thing for s in mechanism.steps)
