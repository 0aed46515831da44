"""The texts of a forest plot: effects, weights, what is said of a pool, and the notes beneath that explain the signs."""

from __future__ import annotations

from collections.abc import Iterator

from ... import palette
from ...evidence.model import Pooled, Word
from .drawing import INK, Tone
from .labels import decimals, rounded, short, written
from .rows import Division, Forest, Row, Subgroup
from .scale import signed

#: What stands above the effects.
HEAD = "estimate [95% CI]"


def effect(row: Row) -> str:
    """The effect of a row with its interval, in the digits that its source gives."""
    if row.estimate is None:
        return ""
    value, low, high = map(signed, row.estimate.written)
    return f"{value} [{low} to {high}]"


def pooled(pool: Pooled) -> tuple[str, str]:
    """The estimate of a pool with its interval, and its prediction interval."""
    value, low, high = map(signed, written(pool.value, pool.ci_low, pool.ci_high, is_ratio=pool.is_ratio))
    places = decimals(pool.ci_low, pool.ci_high, is_ratio=pool.is_ratio)
    further_low, further_high = (signed(rounded(end, places)) for end in (pool.prediction_low, pool.prediction_high))
    return f"{value} [{low} to {high}]", f"[{further_low} to {further_high}]"


def weight(row: Row) -> str:
    """The share of a row in the weight of its pool."""
    return "" if row.share is None else f"{100 * row.share:.1f}%"


def heterogeneity(pool: Pooled) -> str:
    """How many were pooled, and how they vary."""
    numbers = f"k = {pool.trials}, τ² = {short(pool.tau_squared)}, I² = {pool.i_squared:.0%}, Q = {pool.q:.2f}"
    return f"{numbers}; the interval is narrower than the studies' own errors allow" if pool.is_narrow else numbers


def subgroup(group: Subgroup) -> str:
    """The pooled estimate of a subgroup with its interval; empty where it has none."""
    if group.interval is None:
        return ""
    value, low, high = map(signed, written(*group.interval, is_ratio=group.is_ratio))
    return f"{value} [{low} to {high}]"


def divided(division: Division) -> Iterator[str]:
    """What stands beneath the subgroups of a pool: those that have no row of their own, and whether they differ."""
    bare = [f"{group.label} ({group.trials})" for group in division.groups if group.pooled is None]
    bare += [f"not known ({division.silent})"] if division.silent else []
    if bare:
        yield f"{'Not pooled' if division.has_pools else f'By {division.name}, none pooled'}: {'; '.join(bare)}."
    if division.tested:
        tested = division.tested
        freedom = f"{tested.freedom} degree{'s' if tested.freedom > 1 else ''} of freedom"
        p = f"p = {tested.p:.2g}" if tested.p >= 0.001 else "p < 0.001"
        yield f"Test of difference: Q = {tested.q:.2f}, {freedom}, {p}."
    elif division.has_pools:
        yield "Whether the subgroups differ is not tested: one alone is pooled, or one is narrower than its studies' own errors allow."


def block_name(forest: Forest, pool: Pooled) -> str:
    """What sets a pool apart from others of the claim: its outcome, and where or how it was measured."""
    return f"{forest.outcomes.get(pool.outcome, pool.outcome)}{f', {pool.site}' if pool.site else ''}"


def tone_of(stance: Word | None) -> Tone:
    """The colour of a stance; ink where several results of several stances were combined."""
    if stance is None:
        return INK
    look = palette.of_stance(stance.notation)
    return look.light, look.dark


def icon(stance: Word | None) -> str:
    """The sign of a stance."""
    return palette.of_stance(stance.notation).icon if stance else ""


def notes(forest: Forest) -> Iterator[str]:
    """What explains the signs of a forest, and what is not in it."""
    stances = {row.stance for row in (*forest.rows, *forest.without) if row.stance}
    yield "    ".join(f"{icon(stance)} {stance.label}" for stance in sorted(stances, key=lambda stance: (stance.rank, stance.label)))
    if any(any(row.arms.texts) for row in forest.rows):
        yield "Exposed and compared: mean ± standard deviation (n), median [range], or events/n, as reported."
    for method in dict.fromkeys(pool.method for pool in forest.pools):
        yield f"Pooled: {method}. The area of a square is by weight. The dashed line is at the pooled estimate."
    if any(block.divisions for block in forest.blocks):
        yield (
            f"Subgroups are pooled from {forest.smallest} studies on, by the same model, each with its own τ², for this plot alone: "
            "where the claim stands rests on none of them."
        )
    if not forest.pools:
        yield f"Nothing is pooled: a pool takes {forest.smallest} or more independent trials with one outcome, measure and unit."
    computed = sorted({word.label for row in forest.rows if row.estimate for word in row.estimate.computed_by})
    if computed:
        yield f"Hollow square and dotted line: computed ({'; '.join(computed)})."
    if forest.band:
        low, high = (signed(short(end)) for end in forest.band)
        default = ", by GRADE's default" if forest.is_default else ""
        yield f"Band: effects from {low} to {high}{f' {forest.unit}' if forest.unit else ''} would not matter{default}."
    if any(row.lights for row in (*forest.rows, *forest.without)):
        domains = ", ".join(f"D{place} {label}" for place, (_, label) in enumerate(forest.lights.domains, 1))
        judged = {word for row in (*forest.rows, *forest.without) for word in (row.lights or {}).values()}
        signs = (f"{palette.of_risk(word).icon} {label}" for word, label in forest.lights.words.items() if word in judged)
        yield f"Risk of bias: {domains}; {', '.join(signs)}."
    if forest.elsewhere:
        yield f"Results in other measures or units, in other plots or too few for one: {forest.elsewhere}."
