"""Which side studies' estimates lie on: how many on the proposed one, between what the true share lies, and how likely that is by chance.

For what cannot be pooled: the Cochrane Handbook, 12.2.1.3, on synthesis by the direction of effects.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import needing


@dataclass(frozen=True)
class Direction:
    """How many of n studies lie on the proposed side, the exact 95% interval of the true share, and the sign test's p-value."""

    on_the_side: int
    n: int
    low: float
    high: float
    p_value: float

    @property
    def share(self) -> float:
        """The share that lies on the proposed side, 0 to 1."""
        return self.on_the_side / self.n


def direction(on_the_side: int, n: int, level: float = 0.05) -> Direction:
    """Hold the studies on the proposed side against a coin's throw.

    The interval is that of Clopper and Pearson 1934, the p-value that of the two-sided exact binomial test against one half, which is the
    sign test; `scipy.stats.binomtest` computes both, as R's `binom.test` does.

    Args:
        on_the_side: How many studies lie on the proposed side.
        n: How many tell on which side they lie, at least 1.
        level: 1 less the interval's confidence.

    Raises:
        InputError: where scipy is not installed.
    """
    with needing("the sign test", "build"):
        from scipy.stats import binomtest
    test = binomtest(on_the_side, n)
    interval = test.proportion_ci(1 - level, method="exact")
    return Direction(on_the_side, n, float(interval.low), float(interval.high), float(test.pvalue))
