"""Compute the estimates and intervals that sources do not give and that follow from what they give, each with its formulas named.

In: a way to ask a graph that holds findings. Out: triples of `k2g:ComputedEstimate`, at most one for each finding and measure. The arms'
own numbers come before an exact p-value; an interval that a source gives stands. One more is computed where amounts after treatment look
skewed, or may be pooled with such: the ratio of means (`k2g:pooling` says when). The formulas are in `effect_sizes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from .. import iris
from ..addresses import base_of
from ..sparql.internal import internal
from . import effect_sizes
from .effect_sizes import Amounts, Effect, Events

#: Asks a graph, with the graph's prefixes ready, and gives rows by variable.
Select = Callable[[str], Any]
#: What is made here.
MADE = "k2g:ComputedEstimate"
_OF_EVENTS: dict[str, Callable[[Events, Events], Effect | None]] = {
    "k2g:measure-risk-ratio": effect_sizes.risk_ratio,
    "k2g:measure-odds-ratio": effect_sizes.odds_ratio,
    "k2g:measure-risk-difference": effect_sizes.risk_difference,
}


@dataclass(frozen=True)
class Pooling:
    """How many trials make a pool, and which measure is whose: `k2g:pooling` of the ontology."""

    smallest: int
    skewed_below: float
    measure_of_skewed: NamedNode
    measure_of_amounts: NamedNode
    measure_of_events: NamedNode


@dataclass(frozen=True)
class Arms:
    """The numbers of the two arms of a finding.

    `arm` and `comparator` are their names, empty where not said. `how` names the formulas that made means of medians; `after` says whether
    the numbers are of values after treatment.
    """

    arm: str
    comparator: str
    exposed: Amounts | Events
    compared: Amounts | Events
    how: tuple[str, ...]
    after: bool


def pooling(select: Select) -> Pooling | None:
    """What the ontology in the graph says of pooling."""
    for row in select(internal("pooling-parameters")):
        measures = (row[f"{of}_measure"] for of in ("skewed", "amounts", "events"))
        return Pooling(int(row["smallest"].value), float(row["skewed_below"].value), *measures)
    return None


def arms_of_findings(select: Select) -> dict[str, Arms]:
    """Finding → its arms' numbers, where both arms have them."""
    found = {}
    for row in select(internal("arms-numbers")):
        numbers = {name: float(row[name].value) for name in _NUMBERS if row[name] is not None}
        exposed, how = _arm(numbers, "1")
        compared, _ = _arm(numbers, "2")
        if exposed is not None and compared is not None:
            arm, comparator = (row[name].value if row[name] is not None else "" for name in ("arm", "comparator"))
            after = row["kind"] == iris.name("k2g:spread-after")
            found[row["finding"].value] = Arms(arm, comparator, exposed, compared, how, after)
    return found


_NUMBERS = [
    f"{name}{side}" for side in "12" for name in ("n", "mean", "sd", "events", "median", "lower", "upper", "smallest", "largest")
]  # fmt: skip


def _arm(numbers: dict[str, float], side: str) -> tuple[Amounts | Events | None, tuple[str, ...]]:
    def given(*names: str) -> list[float] | None:
        found = [numbers.get(name + side) for name in names]
        return None if None in found else found  # type: ignore[return-value]  # none of them is None

    if (amounts := given("n", "mean", "sd")) and amounts[0] > 0:
        return Amounts(*amounts), ()
    if (events := given("n", "events")) and events[0] > 0:
        return Events(*events), ()
    if (summary := given("n", "lower", "median", "upper")) and summary[0] > 1:
        return effect_sizes.from_quartiles(*summary), ("quartiles",)
    if (summary := given("n", "smallest", "median", "largest")) and summary[0] > 1:
        return effect_sizes.from_range(*summary), ("range",)
    return None, ()


def effect_of_arms(arms: Arms, measure: NamedNode) -> tuple[Effect, tuple[str, ...]] | None:
    """The effect in a measure that follows from arms' numbers, with the notations of its formulas; None where none follows."""
    name = iris.short(measure.value)
    if isinstance(arms.exposed, Events) and isinstance(arms.compared, Events):
        effect, how = _OF_EVENTS[name](arms.exposed, arms.compared) if name in _OF_EVENTS else None, "events"
    elif isinstance(arms.exposed, Amounts) and isinstance(arms.compared, Amounts):
        ratio = name == "k2g:measure-ratio-of-means"
        effect = (effect_sizes.ratio_of_means if ratio else effect_sizes.mean_difference)(arms.exposed, arms.compared)
        how = "ratio-of-means" if ratio else "means"
    else:
        return None
    return (effect, (*arms.how, how)) if effect else None


#: The logarithm of a ratio beyond which an interval says nothing: what is a thousand million times as much, or as little, is left open. It
#: comes of a p-value near one beside a ratio far from it.
_WITHOUT_LIMIT = math.log(1e9)


def computed_estimates(select: Select) -> Iterator[Quad]:
    """The triples of every estimate that follows from findings' numbers and that no source gives."""
    parameters = pooling(select)
    if parameters is None:
        return
    arms = arms_of_findings(select)
    measures = {
        row["measure"]: (row["notation"].value, row["ratio"].value in {"true", "1"}) for row in select(internal("poolable-measures"))
    }
    for row in select(internal("numbers-to-compute-from")):
        own = arms.get(row["finding"].value)
        given = row["term"] if row["term"] in measures else None
        made: dict[NamedNode, tuple[Effect, tuple[str, ...]]] = {}
        if row["low"] is None:
            if own and (found := effect_of_arms(own, given or _default(own, parameters))):
                made[given or _default(own, parameters)] = found
            elif given and row["p"] is not None and row["value"] is not None and (of_p := _of_p(row, own, measures[given][1])):
                made[given] = of_p
        skewed = False
        if own and own.after and isinstance(own.exposed, Amounts) and given in {None, parameters.measure_of_amounts}:
            both = (own.exposed, own.compared)
            skewed = any(effect_sizes.is_skewed(arm, parameters.skewed_below) for arm in both if isinstance(arm, Amounts))
            if found := effect_of_arms(own, parameters.measure_of_skewed):
                made[parameters.measure_of_skewed] = found
        for measure, (effect, how) in made.items():
            notation, ratio = measures[measure]
            if ratio and max(map(abs, (effect.estimate, *effect.interval))) > _WITHOUT_LIMIT:
                continue
            unit = None if ratio else (row["unit"], row["unit_term"])
            yield from _described(row["finding"], measure, notation, ratio, unit, effect, how)
            if skewed and measure == parameters.measure_of_skewed:
                yield Quad(_node(row["finding"], notation), iris.name("k2g:looksSkewed"), Literal(True))


def _default(arms: Arms, parameters: Pooling) -> NamedNode:
    return parameters.measure_of_events if isinstance(arms.exposed, Events) else parameters.measure_of_amounts


def _of_p(row: Any, arms: Arms | None, ratio: bool) -> tuple[Effect, tuple[str, ...]] | None:
    freedom = arms.exposed.n + arms.compared.n - 2 if arms and not ratio else None
    effect = effect_sizes.from_p(float(row["value"].value), float(row["p"].value), ratio=ratio, freedom=freedom)
    return (effect, ("p" if freedom is None else "p-t",)) if effect else None


def _node(finding: NamedNode, notation: str) -> NamedNode:
    return iris.ours("computed", f"{finding.value.rpartition('/')[2]}--{notation}", base_of(finding.value))


def _described(
    finding: NamedNode,
    measure: NamedNode,
    notation: str,
    ratio: bool,
    unit: tuple[Any, Any] | None,
    effect: Effect,
    how: tuple[str, ...],
) -> Iterator[Quad]:
    node, back = _node(finding, notation), math.exp if ratio else float
    yield Quad(node, iris.name("rdf:type"), iris.name(MADE))
    yield Quad(node, iris.name("k2g:computedFor"), finding)
    yield Quad(node, iris.name("k2g:effectMeasure"), Literal(notation))
    yield Quad(node, iris.name("k2g:measureTerm"), measure)
    if unit and None not in unit:
        yield Quad(node, iris.name("k2g:unit"), unit[0])
        yield Quad(node, iris.name("k2g:unitTerm"), unit[1])
    low, high = effect.interval
    numbers = {"k2g:value": back(effect.estimate), "k2g:ciLow": back(low), "k2g:ciHigh": back(high), "k2g:standardError": effect.error}
    for name, number in numbers.items():
        yield Quad(node, iris.name(name), decimal(number, 6))
    for word in how:
        yield Quad(node, iris.name("k2g:computedBy"), iris.name(f"k2g:computed-{word}"))


def decimal(number: float, digits: int) -> Literal:
    """A number with so many significant digits, as a decimal without an exponent: platforms may differ in the last bits of a float.

    >>> decimal(-0.0459321, 3).value, decimal(1234.5, 2).value
    ('-0.0459', '1200')
    """
    places = digits - 1 - math.floor(math.log10(abs(number))) if number else 0
    text = f"{round(number, places):.{max(0, places)}f}"
    # Nothing is said by a nought that is below nothing, nor by noughts at the end.
    text = (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    return Literal("0" if text == "-0" else text, datatype=iris.name("xsd:decimal"))
