"""Effect sizes and their standard errors, from what reports give: intervals, exact p-values, arms' means, events and medians.

In: numbers as reported. Out: an `Effect`, on the scale on which effects are pooled: ratios as logarithms. Each function names where its
formula is from; *Handbook* is the Cochrane Handbook for Systematic Reviews of Interventions, version 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from ..errors import needing

#: Half the width of a 95% interval in standard errors.
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Effect:
    """An estimate and its standard error, both on the scale on which effects are pooled."""

    estimate: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of its 95% interval, by the normal distribution."""
        return self.estimate - Z * self.error, self.estimate + Z * self.error


@dataclass(frozen=True)
class Amounts:
    """What was measured in one arm: how many were analysed, their mean and standard deviation."""

    n: float
    mean: float
    deviation: float


@dataclass(frozen=True)
class Events:
    """In how many of the analysed of one arm something happened."""

    n: float
    events: float


def from_interval(value: float, low: float, high: float, *, ratio: bool) -> Effect | None:
    """An effect from its 95% interval: the standard error is the width over 2 × 1.96 (Handbook 6.3.1 for ratios, 6.5.2.3 for differences).

    None where a ratio has an end that is not above nothing, or the interval has no width.

    >>> round(from_interval(-0.38, -0.74, -0.02, ratio=False).error, 4)
    0.1837
    """
    if ratio and min(value, low, high) <= 0:
        return None
    value, low, high = (math.log(each) for each in (value, low, high)) if ratio else (value, low, high)
    return Effect(value, (high - low) / (2 * Z)) if high > low else None


def from_p(value: float, p: float, *, ratio: bool, freedom: float | None = None) -> Effect | None:
    """An effect from its exact two-sided p-value: the standard error is the distance from no effect over the test statistic.

    Args:
        value: The estimate as reported.
        p: The p-value, above 0 and below 1.
        ratio: Whether it is a ratio, which is tested as a logarithm (Handbook 6.3.2).
        freedom: Degrees of freedom of the t-test of a difference of means, those analysed in both arms less 2 (Handbook 6.5.2.3); without
            them, and for ratios, the normal distribution.

    None where the estimate shows no effect, or p is 0 or 1: then nothing follows of the error.
    """
    if ratio and value <= 0:
        return None
    estimate = math.log(value) if ratio else value
    if not estimate or not 0 < p < 1:
        return None
    if freedom is None or ratio:
        statistic = -NormalDist().inv_cdf(p / 2)
    else:
        with needing("effect sizes", "build"):
            from scipy.stats import t
        statistic = float(t.isf(p / 2, freedom))
    return Effect(estimate, abs(estimate) / statistic)


def mean_difference(exposed: Amounts, compared: Amounts) -> Effect | None:
    """The mean of the exposed less that of those compared; error √(s₁²/n₁ + s₂²/n₂) (Handbook 6.5.1.1; metafor's `escalc("MD")`)."""
    error = math.sqrt(exposed.deviation**2 / exposed.n + compared.deviation**2 / compared.n)
    return Effect(exposed.mean - compared.mean, error) if error else None


def ratio_of_means(exposed: Amounts, compared: Amounts) -> Effect | None:
    """The logarithm of the ratio of two means, for amounts above nothing; variance s₁²/(n₁m₁²) + s₂²/(n₂m₂²).

    Hedges, Gurevitch and Curtis 1999; Friedrich, Adhikari and Beyene 2008; Handbook 6.5.1.3; metafor's `escalc("ROM")`.
    """
    if min(exposed.mean, compared.mean) <= 0:
        return None
    error = math.sqrt(sum(arm.deviation**2 / (arm.n * arm.mean**2) for arm in (exposed, compared)))
    return Effect(math.log(exposed.mean / compared.mean), error) if error else None


def is_skewed(arm: Amounts, least: float) -> bool:
    """Whether amounts that cannot be below nothing look skewed: their mean is less than `least` standard deviations above nothing.

    Altman and Bland 1996; Handbook 10.5.3, where `least` is 2.
    """
    return arm.mean < least * arm.deviation


def risk_ratio(exposed: Events, compared: Events) -> Effect | None:
    """The logarithm of the risk ratio; variance 1/a − 1/n₁ + 1/c − 1/n₂ (Handbook 6.4.1.2 and 10.4.1; metafor's `escalc("RR")`).

    Half an event is added to each cell where one is empty (Handbook 10.4.4.2). None where nobody or everybody in both arms had one.
    """
    if (cells := _cells(exposed, compared)) is None:
        return None
    a, b, c, d = cells
    return Effect(math.log(a / (a + b) / (c / (c + d))), math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))


def odds_ratio(exposed: Events, compared: Events) -> Effect | None:
    """The logarithm of the odds ratio; variance 1/a + 1/b + 1/c + 1/d (Handbook 6.4.1.2; metafor's `escalc("OR")`).

    Empty cells are met as for the risk ratio.
    """
    if (cells := _cells(exposed, compared)) is None:
        return None
    a, b, c, d = cells
    return Effect(math.log(a * d / (b * c)), math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))


def risk_difference(exposed: Events, compared: Events) -> Effect | None:
    """The risk of the exposed less that of those compared; variance p₁(1−p₁)/n₁ + p₂(1−p₂)/n₂ (Handbook 6.4.1.4; `escalc("RD")`).

    Empty cells are met as for the risk ratio, in the error alone.
    """
    if (cells := _cells(exposed, compared)) is None:
        return None
    a, b, c, d = cells
    error = math.sqrt(a * b / (a + b) ** 3 + c * d / (c + d) ** 3)
    return Effect(exposed.events / exposed.n - compared.events / compared.n, error)


def _cells(exposed: Events, compared: Events) -> tuple[float, float, float, float] | None:
    a, c = exposed.events, compared.events
    b, d = exposed.n - a, compared.n - c
    # Arms in which nobody, or everybody, had an event tell nothing of a difference between them.
    if min(b, d) < 0 or not (a or c) or not (b or d):
        return None
    return (a, b, c, d) if all((a, b, c, d)) else (a + 0.5, b + 0.5, c + 0.5, d + 0.5)


def from_quartiles(n: float, low: float, median: float, high: float) -> Amounts:
    """Mean and standard deviation from median and quartiles of n participants, as if what was measured were normally distributed.

    Mean: Luo and others 2018 (Stat Methods Med Res 27:1785), w(q₁+q₃)/2 + (1−w)m with w = 0.7 + 0.39/n. Standard deviation: Wan and others
    2014 (BMC Med Res Methodol 14:135), (q₃−q₁) / 2Φ⁻¹((0.75n−0.125)/(n+0.25)). Handbook 6.5.2.5.
    """
    weight = 0.7 + 0.39 / n
    deviation = (high - low) / (2 * NormalDist().inv_cdf((0.75 * n - 0.125) / (n + 0.25)))
    return Amounts(n, weight * (low + high) / 2 + (1 - weight) * median, deviation)


def from_range(n: float, low: float, median: float, high: float) -> Amounts:
    """Mean and standard deviation from median, smallest and largest value of n participants, as if normally distributed.

    Mean: Luo and others 2018, w(a+b)/2 + (1−w)m with w = 4/(4+n^0.75). Standard deviation: Wan and others 2014,
    (b−a) / 2Φ⁻¹((n−0.375)/(n+0.25)). Handbook 6.5.2.6 warns of ranges: extremes hang on how many were measured.
    """
    weight = 4 / (4 + n**0.75)
    deviation = (high - low) / (2 * NormalDist().inv_cdf((n - 0.375) / (n + 0.25)))
    return Amounts(n, weight * (low + high) / 2 + (1 - weight) * median, deviation)


def combined_amounts(first: Amounts, *others: Amounts) -> Amounts:
    """Several arms as if they had been one (Handbook 23.3.4, with the formulas of 6.5.2.10 and its table 6.5.a)."""
    whole = first
    for arm in others:
        n = whole.n + arm.n
        squares = (whole.n - 1) * whole.deviation**2 + (arm.n - 1) * arm.deviation**2
        between = whole.n * arm.n / n * (whole.mean - arm.mean) ** 2
        whole = Amounts(n, (whole.n * whole.mean + arm.n * arm.mean) / n, math.sqrt((squares + between) / (n - 1)))
    return whole


def combined_events(first: Events, *others: Events) -> Events:
    """Several arms as if they had been one: sums (Handbook 23.3.4)."""
    return Events(first.n + sum(arm.n for arm in others), first.events + sum(arm.events for arm in others))


def mean_of_results(effects: list[Effect]) -> Effect:
    """The mean of several results of one study on one thing, with the mean of their errors.

    Borenstein, Hedges, Higgins and Rothstein 2009, chapters 24 and 25: the variance of a mean of results that share participants grows with
    their correlation. It is not known here, and taken to be 1, the widest: the mean is told to be no surer than its parts are.
    """
    return Effect(sum(each.estimate for each in effects) / len(effects), sum(each.error for each in effects) / len(effects))
