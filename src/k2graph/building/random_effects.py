"""Random-effects meta-analysis: the variance between studies by restricted maximum likelihood, the interval of Hartung and Knapp.

In: effects with their standard errors (see `effect_sizes`). Out: a `Pool`. What `rma(method="REML", test="knha")` and `predict()` of R's
metafor give, and the Cochrane Handbook asks for (10.10.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..errors import needing
from .effect_sizes import Effect, Z


@dataclass(frozen=True)
class Pool:
    """Several studies' effects taken together, on the scale on which they were given.

    `error` is the standard error of the mean effect, `low` and `high` the ends of its 95% interval, `prediction_low` and `prediction_high`
    those between which the effect in a further such study is expected; `tau_squared` is the variance between studies, in the square of the
    effects' unit, `i_squared` its share in all variation, 0 to 1, `q` Cochran's Q, `weights` the shares of the studies in the mean, adding
    up to 1.
    `is_narrow` says that the interval is narrower than that by the normal distribution would be, as where few studies agree more than
    their errors let expect: then it tells more than the studies do (Röver, Knapp and Friede 2015).
    """

    estimate: float
    error: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau_squared: float
    i_squared: float
    q: float
    weights: tuple[float, ...]
    is_narrow: bool


def pool(effects: Sequence[Effect], level: float = 0.05) -> Pool:
    """Pool the effects of two or more studies.

    The mean and its interval are those of a weighted regression on nothing but a constant, with the weights 1/(error² + τ²): the interval
    of Hartung and Knapp (2001) is its t-interval with k − 1 degrees of freedom. statsmodels computes it.

    The prediction interval is estimate ± t × √(standard error² + τ²), the t-distribution having k − 1 degrees of freedom, as in metafor's
    `predict.rma` ("When the model was fitted with test="knha", then a t-distribution with k-p degrees of freedom is used", help page of
    metafor 3.8-1, where it is also said that Riley and others 2011 suggest k − 2, and that with k − 1 it becomes the confidence interval
    where τ² is 0). I² is τ²/(τ² + v), v being the typical variance within studies of Higgins and Thompson 2002, equation 9, as in metafor.

    Raises:
        InputError: where statsmodels is not installed.
    """
    with needing("pooling", "build"):
        import numpy
        from scipy.stats import t
        from statsmodels.regression.linear_model import WLS
    values = numpy.array([each.estimate for each in effects])
    variances = numpy.array([each.error**2 for each in effects])
    one = numpy.ones(len(effects))
    freedom = len(effects) - 1
    within = 1 / variances
    typical = freedom * within.sum() / (within.sum() ** 2 - (within**2).sum())
    tau_squared = between_studies(values, variances)
    weights = 1 / (variances + tau_squared)
    fitted: Any = WLS(values, one, weights=weights).fit()
    (estimate,), (error,), ((low, high),) = fitted.params, fitted.bse, fitted.conf_int(level)
    half = float(t.isf(level / 2, freedom)) * math.hypot(error, math.sqrt(tau_squared))
    return Pool(
        estimate=float(estimate),
        error=float(error),
        low=float(low),
        high=float(high),
        prediction_low=float(estimate) - half,
        prediction_high=float(estimate) + half,
        tau_squared=tau_squared,
        i_squared=tau_squared / (tau_squared + float(typical)),
        q=float(WLS(values, one, weights=within).fit().scale) * freedom,
        weights=tuple(float(each) for each in weights / weights.sum()),
        is_narrow=float(high - low) < 2 * Z / math.sqrt(float(weights.sum())),
    )


@dataclass(frozen=True)
class Difference:
    """Whether pools of different studies differ more than their errors let expect: Cochran's Q between them, and its p-value."""

    q: float
    freedom: int
    p: float


def difference(pools: Sequence[Pool]) -> Difference | None:
    """The test for subgroup differences of RevMan and the Handbook (10.11.3.1; Borenstein and Higgins 2013), each pool with its own τ².

    Q is that of the pools' estimates, weighted by their standard errors, against the chi-squared distribution: what metafor gives as QM for
    `rma(estimates, sei = errors, mods = ~ subgroup, method = "FE")`. None where one of them is narrow: its error
    would make more of a difference than the studies do.

    Raises:
        InputError: where scipy is not installed.
    """
    with needing("pooling", "build"):
        from scipy.stats import chi2
    if any(each.is_narrow for each in pools):
        return None
    weights = [1 / each.error**2 for each in pools]
    mean = sum(weight * each.estimate for weight, each in zip(weights, pools, strict=True)) / sum(weights)
    q = sum(weight * (each.estimate - mean) ** 2 for weight, each in zip(weights, pools, strict=True))
    return Difference(q, len(pools) - 1, float(chi2.sf(q, len(pools) - 1)))


def between_studies(values: Any, variances: Any) -> float:
    """The variance between studies, τ², by restricted maximum likelihood (Viechtbauer 2005; Handbook 10.10.4.4).

    It is where the derivative of the restricted log-likelihood in τ² crosses nothing, and nothing where the likelihood is greatest there.
    The derivative may cross more than once; the likelihood decides among the places, which are sought at ever larger variances, up to a
    hundred times the square of the effects' range and of their largest error, and found by `scipy.optimize.brentq`.

    Args:
        values: An array of the effects.
        variances: An array of their squared standard errors, none of them 0.
    """
    with needing("pooling", "build"):
        import numpy
        from scipy.optimize import brentq

    def spread(tau_squared: float) -> tuple[Any, float, Any]:
        weights = 1 / (variances + tau_squared)
        residuals = values - (weights * values).sum() / weights.sum()
        return weights, float(weights.sum()), residuals

    def slope(tau_squared: float) -> float:
        weights, total, residuals = spread(tau_squared)
        return float((weights**2 * residuals**2).sum() - total + (weights**2).sum() / total)

    def likelihood(tau_squared: float) -> float:
        weights, total, residuals = spread(tau_squared)
        return float(numpy.log(weights).sum() - math.log(total) - (weights * residuals**2).sum()) / 2

    smallest, largest = float(variances.min()), 100 * max(float(numpy.ptp(values)) ** 2, float(variances.max()))
    grid = [0.0, *numpy.geomspace(smallest * 1e-6, largest, 400)]
    peaks = [0.0, *(_root(brentq, slope, *ends) for ends in pairwise(grid) if slope(ends[0]) > 0 >= slope(ends[1]))]
    return max(peaks, key=likelihood)


def _root(solve: Any, function: Callable[[float], float], low: float, high: float) -> float:
    # Its own tolerance is absolute, and effects may be as small as one likes.
    return float(solve(function, low, high, xtol=low * 1e-13 or high * 1e-13, rtol=1e-13))
