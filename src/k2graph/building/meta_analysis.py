"""Pool the numbers of trials where they can be pooled.

In: a way to ask a graph that holds findings, what follows of them by rule up to what counts, and computed estimates. Out: triples of
`k2g:PooledEstimate`, one for each set of trials that any claim brings together, and of `k2g:PooledResult`, one for each trial in it. Trials
belong together where they measured the same outcome at the same site in the same measure and unit, after conversion. One effect speaks for
an investigation, chosen by rule (`k2g:choices`). How many trials make a pool is `k2g:smallestPool`. The model is in `random_effects`.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Quad

from .. import iris
from ..addresses import base_of, key_beside
from ..sparql.internal import internal
from . import effect_sizes
from .computed_estimates import Arms, Pooling, Select, arms_of_findings, decimal, effect_of_arms, pooling
from .effect_sizes import Amounts, Effect, Events
from .random_effects import Pool, pool

#: What is made here.
MADE = ("k2g:PooledEstimate", "k2g:PooledResult")
METHOD = (
    "random effects; variance between studies by restricted maximum likelihood, interval by Hartung and Knapp, "
    "both intervals by the t-distribution with k - 1 degrees of freedom (statsmodels, scipy; as metafor's rma with REML and knha)"
)
#: Significant digits that are kept: more than any report gives, fewer than platforms differ in.
_DIGITS = 5


@dataclass(frozen=True)
class Unit:
    """A unit as the tables write it, its word, and how many of the unit of comparison make one; empty where a measure has none."""

    text: str = ""
    word: NamedNode | None = None
    times: float = 1.0


@dataclass(frozen=True)
class Alike:
    """What the results of a pool have in common.

    `unit` is that in which amounts are compared, `turned` the scale where a larger number means less of the outcome.
    """

    outcome: str
    measure: NamedNode
    notation: str
    ratio: bool
    unit: Unit
    contrast: str
    site: str
    turned: str


@dataclass(frozen=True)
class Result:
    """One effect of one investigation, as it goes into a pool.

    `findings` are those it rests on, `how` the words of the formulas that made it, `chosen` the notation of the rule that chose it, `unit`
    that in which it is reported, `skewed` whether it is pooled as a ratio because its amounts look skewed or its authors gave one.
    """

    findings: tuple[str, ...]
    effect: Effect
    place: float
    follow_up: float
    unit: Unit
    how: tuple[NamedNode, ...] = ()
    chosen: str = "only"
    skewed: bool = False


#: Investigation → what speaks for it.
Chosen = Mapping[str, Result]


def pooled_estimates(select: Select) -> Iterator[Quad]:
    """The triples of every pool that the graph's numbers allow."""
    parameters = pooling(select)
    if parameters is None:
        return
    arms = arms_of_findings(select)
    pools: dict[tuple[Alike, tuple[tuple[str, Result], ...]], set[str]] = defaultdict(set)
    for claim, groups in sorted(_results(select).items()):
        chosen = {alike: {each: choose(results, alike, arms) for each, results in sorted(found.items())} for alike, found in groups.items()}
        for alike, speaking in one_measure(chosen, parameters).items():
            if len(speaking) >= parameters.smallest:
                pools[alike, tuple(sorted(speaking.items(), key=lambda each: each[0]))].add(claim)
    for (alike, members), claims in pools.items():
        yield from _described(alike, dict(members), sorted(claims), pool([result.effect for _, result in members]))


def _results(select: Select) -> dict[str, dict[Alike, dict[str, list[Result]]]]:
    """Claim → what results have in common → investigation → its results."""
    how: dict[str, list[NamedNode]] = defaultdict(list)
    for row in select(internal("how-computed")):
        how[row["estimate"].value].append(row["word"])
    found: dict[str, dict[Alike, dict[str, list[Result]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    turning = {row["scale"] for row in select(internal("scales-that-turn"))}
    for row in select(internal("poolable-results")):
        contrast, site = (row[name].value if row[name] is not None else "" for name in ("contrast", "site"))
        turned = row["scale"].value if row["scale"] in turning else ""
        ratio = row["ratio"].value in {"true", "1"}
        own = unit = Unit(row["unit"].value, row["unit_term"]) if row["unit"] is not None and not ratio else Unit()
        if row["times"] is not None and not ratio:
            own, unit = replace(own, times=float(row["times"].value)), Unit(row["base"].value, row["base_term"])
        value, low, high = (float(row[name].value) * own.times for name in ("value", "low", "high"))
        if (effect := effect_sizes.from_interval(value, low, high, ratio=ratio)) is None:
            continue
        alike = Alike(row["object"].value, row["term"], row["measure"].value, ratio, unit, contrast, site, turned)
        result = Result(
            findings=(row["finding"].value,),
            effect=effect,
            place=float(row["place"].value),
            follow_up=float(row["follow_up"].value) if row["follow_up"] is not None else -math.inf,
            unit=own,
            how=tuple(how[row["estimate"].value]),
            skewed=row["skewed"] is not None or row["estimate"] == row["finding"],
        )
        found[row["claim"].value][alike][row["investigation"].value].append(result)
    return found


def choose(results: list[Result], alike: Alike, arms: Mapping[str, Arms]) -> Result:
    """The one result that speaks for an investigation: first in its plan, else after the longest follow-up, else all combined."""
    if len(results) == 1:
        return results[0]
    first = min(result.place for result in results)
    left, chosen = [result for result in results if result.place == first], "role"
    if len(left) > 1 and len({result.follow_up for result in left}) > 1:
        longest = max(result.follow_up for result in left)
        left, chosen = [result for result in left if result.follow_up == longest], "longest"
    return replace(left[0], chosen=chosen) if len(left) == 1 else _combined(left, alike, arms)


def _combined(results: list[Result], alike: Alike, arms: Mapping[str, Arms]) -> Result:
    """Several results as one: their arms where they share a comparator and have numbers, else their mean."""
    findings = tuple(sorted(finding for result in results for finding in result.findings))
    effect = effect_sizes.mean_of_results([result.effect for result in results])
    how = (*dict.fromkeys(word for result in results for word in result.how), iris.name("k2g:computed-mean-of-results"))
    own = [arms[finding] for finding in findings if finding in arms]
    units = {result.unit for result in results}
    together = _arms_together(own) if len(own) == len(findings) and len(units) == 1 else None
    if together and (made := effect_of_arms(together, alike.measure)):
        times = 1.0 if alike.ratio else units.pop().times
        effect = Effect(made[0].estimate * times, made[0].error * times)
        how = tuple(iris.name(f"k2g:computed-{word}") for word in (*made[1], "arms-combined"))
    skewed = any(result.skewed for result in results)
    return replace(results[0], findings=findings, effect=effect, how=how, chosen="combined", skewed=skewed)


def _arms_together(own: list[Arms]) -> Arms | None:
    """Arms that share a comparator as if they had been one; None where they are not said to be other arms with one comparator."""
    if {each.comparator for each in own} != {own[0].comparator or None} or len({each.arm for each in own}) < len(own):
        return None
    amounts = [each.exposed for each in own if isinstance(each.exposed, Amounts)]
    events = [each.exposed for each in own if isinstance(each.exposed, Events)]
    how = tuple(dict.fromkeys(word for each in own for word in each.how))
    if len(amounts) == len(own):
        return replace(own[0], exposed=effect_sizes.combined_amounts(*amounts), how=how)
    return replace(own[0], exposed=effect_sizes.combined_events(*events), how=how) if len(events) == len(own) else None


def one_measure(groups: Mapping[Alike, Chosen], parameters: Pooling) -> dict[Alike, Chosen]:
    """The groups, in which no trial stands both with the difference of its means and with their ratio.

    Where any trial's amounts look skewed, or its authors gave the ratio, all that have one are pooled as ratios; else none is that was
    computed.
    """
    kept = dict(groups)
    for alike, speaking in groups.items():
        if alike.measure != parameters.measure_of_skewed:
            continue
        if any(result.skewed for result in speaking.values()):
            for other, those in groups.items():
                place = (other.outcome, other.contrast, other.site, other.turned)
                if other.measure == parameters.measure_of_amounts and place == (alike.outcome, alike.contrast, alike.site, alike.turned):
                    kept[other] = {each: result for each, result in those.items() if each not in speaking}
        else:
            del kept[alike]
    return kept


def _described(alike: Alike, speaking: Chosen, claims: list[str], pooled: Pool) -> Iterator[Quad]:
    findings = sorted(finding for result in speaking.values() for finding in result.findings)
    # The trials make it the pool that it is; which claims it serves is another matter.
    parts = (alike.notation, alike.unit.text, alike.contrast, alike.site, alike.turned, *findings)
    name = f"{alike.outcome.rpartition('/')[2]}--{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:8]}"
    base = base_of(alike.outcome)
    node = iris.ours("pooled", name, base)
    # In the unit that all of them gave, where they gave the same; else in that of comparison.
    units = {result.unit for result in speaking.values()}
    unit = units.pop() if len(units) == 1 else alike.unit

    def statement(property_name: str, value: NamedNode | Literal, of: NamedNode = node) -> Quad:
        return Quad(of, iris.name(property_name), value)

    def back(number: float) -> float:
        return math.exp(number) if alike.ratio else number / unit.times

    yield statement("rdf:type", iris.name(MADE[0]))
    yield from (statement("k2g:claim", NamedNode(claim)) for claim in claims)
    yield statement("k2g:outcome", NamedNode(alike.outcome))
    yield statement("k2g:effectMeasure", Literal(alike.notation))
    yield statement("k2g:measureTerm", alike.measure)
    for property_name, text in (("k2g:contrast", alike.contrast), ("k2g:site", alike.site), ("k2g:unit", unit.text)):
        if text:
            yield statement(property_name, Literal(text))
    if unit.word is not None:
        yield statement("k2g:unitTerm", unit.word)
    if alike.turned:
        yield statement("k2g:scale", NamedNode(alike.turned))
    scale = 1.0 if alike.ratio else unit.times
    numbers: dict[str, float] = {
        "k2g:value": back(pooled.estimate),
        "k2g:ciLow": back(pooled.low),
        "k2g:ciHigh": back(pooled.high),
        "k2g:predictionLow": back(pooled.prediction_low),
        "k2g:predictionHigh": back(pooled.prediction_high),
        "k2g:tauSquared": pooled.tau_squared / scale**2,
        "k2g:iSquared": pooled.i_squared,
        "k2g:cochranQ": pooled.q,
    }
    # What only rounding sets off from nothing is nothing.
    small = 1e-9 * max(abs(number) for number in numbers.values())
    yield from (
        statement(property_name, decimal(number if abs(number) > small else 0.0, _DIGITS)) for property_name, number in numbers.items()
    )
    yield statement("k2g:isNarrow", Literal(pooled.is_narrow))
    yield statement("k2g:investigations", Literal(str(len(speaking)), datatype=iris.name("xsd:integer")))
    yield statement("k2g:method", Literal(METHOD))
    yield from (statement("k2g:finding", NamedNode(finding)) for finding in findings)
    for (investigation, result), weight in zip(speaking.items(), pooled.weights, strict=True):
        part = iris.ours("pooled", f"{name}--{key_beside(investigation, alike.outcome)}", base)
        low, high = result.effect.interval
        yield statement("rdf:type", iris.name(MADE[1]), part)
        yield statement("k2g:pool", node, part)
        yield statement("k2g:investigation", NamedNode(investigation), part)
        yield from (statement("k2g:finding", NamedNode(finding), part) for finding in result.findings)
        yield statement("k2g:chosenBy", iris.name(f"k2g:choice-{result.chosen}"), part)
        yield from (statement("k2g:computedBy", word, part) for word in result.how)
        brought = {"k2g:value": result.effect.estimate, "k2g:ciLow": low, "k2g:ciHigh": high}
        yield from (statement(property_name, decimal(back(number), _DIGITS), part) for property_name, number in brought.items())
        yield statement("k2g:standardError", decimal(result.effect.error / scale, _DIGITS), part)
        yield statement("k2g:shareOfWeight", decimal(weight, 3), part)
