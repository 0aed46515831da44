"""Pool the numbers of trials where they can be pooled: beside the vote count, never instead of it.

In: a way to ask a graph with its derived facts. Out: triples of `k2g:PooledEstimate`, one for each claim, measure, contrast, scale and unit
in which two or more counted trials report a difference between arms with its interval, on the same outcome. Which measures can be pooled,
and which are ratios, the ontology says (`k2g:isPoolable`, `k2g:isRatio`). A random-effects model by the
method of Paule and Mandel, as statsmodels' `combine_effects` implements it; ratios are pooled as logarithms.

An investigation with several results in one measure is left out rather than counted twice or chosen from.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from .. import iris
from ..errors import needing
from ..sparql.internal import internal

#: Asks a graph, with the graph's prefixes ready, and gives rows by variable.
Select = Callable[[str], Any]
#: What is made here.
MADE = "k2g:PooledEstimate"
#: Half the width of a 95% interval in standard errors.
_Z = 1.959963984540054
#: What findings have in common that are pooled.
_ALIKE = ("claim", "object", "measure", "unit", "contrast", "scale", "ratio", "term", "unit_term")
METHOD = "random effects, Paule-Mandel between-trial variance, 95% interval from the normal distribution (statsmodels combine_effects)"


@dataclass(frozen=True)
class Estimate:
    """A pooled estimate with its 95% interval, and how much of the variation is between trials."""

    estimate: float
    low: float
    high: float
    i_squared: float


def pool(effects: list[tuple[float, float, float]], *, ratios: bool) -> Estimate:
    """Pool effects, each given with the ends of its 95% interval.

    Raises:
        InputError: where statsmodels is not installed.
    """
    with needing("pooling", "build"):
        import numpy
        from statsmodels.stats.meta_analysis import combine_effects
    scale, back = (math.log, math.exp) if ratios else (float, float)
    values = [scale(value) for value, _, _ in effects]
    variances = [((scale(high) - scale(low)) / (2 * _Z)) ** 2 for _, low, high in effects]
    result: Any = combine_effects(numpy.array(values), numpy.array(variances), method_re="iterated", use_t=False)
    row = result.summary_frame().loc["random effect"]
    # statsmodels divides by Q, which is next to nothing where trials agree.
    freedom, q = len(effects) - 1, float(result.q)
    return Estimate(back(row["eff"]), back(row["ci_low"]), back(row["ci_upp"]), (q - freedom) / q if q > freedom else 0.0)


def pooled_estimates(select: Select) -> Iterator[Quad]:
    """The triples of every estimate that the graph's numbers allow."""
    groups: dict[tuple[str, ...], dict[str, list[tuple[str, float, float, float]]]] = defaultdict(lambda: defaultdict(list))
    found: Any = select(internal("poolable-results"))
    for row in found:
        key = tuple(row[name].value if row[name] is not None else "" for name in _ALIKE)
        effect = (float(row["value"].value), float(row["low"].value), float(row["high"].value))
        groups[key][row["investigation"].value].append((row["finding"].value, *effect))
    trials: dict[str, set[str]] = defaultdict(set)
    voted: Any = select(internal("trials-of-claims"))
    for row in voted:
        trials[row["claim"].value].add(row["investigation"].value)
    for key, investigations in sorted(groups.items()):
        single = {investigation: results[0] for investigation, results in investigations.items() if len(results) == 1}
        if len(single) < 2:
            continue
        alike = dict(zip(_ALIKE, key, strict=True))
        pooled = pool([effect for _, *effect in single.values()], ratios=alike["ratio"] == "true")  # type: ignore[misc]  # three numbers each
        yield from _estimate(alike, pooled, single, trials[alike["claim"]] - set(single), set(investigations) - set(single))


def _estimate(
    alike: dict[str, str],
    pooled: Estimate,
    single: dict[str, tuple[str, float, float, float]],
    left_out: set[str],
    several: set[str],
) -> Iterator[Quad]:
    further = [each for each in (alike["contrast"], alike["scale"].rpartition("#")[2]) if each]
    node = iris.ours(
        "pooled", "--".join([*(alike[each].rpartition("/")[2] for each in ("claim", "object")), alike["measure"], alike["unit"], *further])
    )

    def says(name: str, value: NamedNode | Literal) -> Quad:
        return Quad(node, iris.name(name), value)

    yield says("rdf:type", iris.name(MADE))
    yield says("k2g:claim", NamedNode(alike["claim"]))
    yield says("k2g:outcome", NamedNode(alike["object"]))
    yield says("k2g:effectMeasure", Literal(alike["measure"]))
    yield says("k2g:measureTerm", NamedNode(alike["term"]))
    if alike["contrast"]:
        yield says("k2g:contrast", Literal(alike["contrast"]))
    if alike["scale"]:
        yield says("k2g:scale", NamedNode(alike["scale"]))
    if alike["unit"]:
        yield says("k2g:unit", Literal(alike["unit"]))
        yield says("k2g:unitTerm", NamedNode(alike["unit_term"]))
    numbers = {"k2g:value": pooled.estimate, "k2g:ciLow": pooled.low, "k2g:ciHigh": pooled.high, "k2g:iSquared": pooled.i_squared}
    for name, number in numbers.items():
        yield says(name, Literal(_three_digits(number), datatype=iris.name("xsd:decimal")))
    yield says("k2g:investigations", Literal(str(len(single)), datatype=iris.name("xsd:integer")))
    yield says("k2g:method", Literal(METHOD))
    for finding, *_ in single.values():
        yield says("k2g:finding", NamedNode(finding))
    for investigation in left_out:
        # Links, not words: the question tells which of them report several results and which none that compares.
        yield says("k2g:severalResults" if investigation in several else "k2g:noComparableResult", NamedNode(investigation))


def _three_digits(number: float) -> str:
    """Three significant digits, as a decimal without an exponent: platforms may differ in the last bits of a float."""
    if number == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(number)))
    return f"{round(number, places):.{max(0, places)}f}"
