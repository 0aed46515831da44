"""What a forest plot shows, as data: rows, the pools that some of them make, and how the axis is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...building.random_effects import Difference, Pool
from ...evidence.model import Claim, Finding, Pooled, Word
from .numbers import ArmNumbers

#: By what trials are set apart: the name of the column in a plot's data, and how it is spoken of.
BY = {"form": "form", "participants": "participants", "nutrient_status": "nutrient status"}


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval: as numbers, and as its source writes them where it does; `computed_by` names what made it."""

    measure: str
    unit: str
    is_ratio: bool
    value: float
    low: float
    high: float
    written: tuple[str, str, str]
    computed_by: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a forest: a study, or a result of one, its arms' numbers, its effect, and its share of the weight of its pool.

    `reason` says why a result is in no pool, where the graph says so; `estimate` is None where there is none, and `reported` what was told
    instead. `lights` are words of the risk of bias by domain, the overall one under "". `groups` are the subgroups to which it
    belongs, by what pools are divided (`BY`).
    """

    label: str
    form: str
    dose: str
    outcome: str
    findings: tuple[Finding, ...]
    report: str
    stance: Word | None
    arms: ArmNumbers
    n: int | None
    estimate: Estimate | None
    error: float | None = None
    share: float | None = None
    reason: str = ""
    reported: str = ""
    lights: Mapping[str, str] | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subgroup:
    """Some trials of a pool that are alike in something; `pooled` is None where they are too few, and has ratios as logarithms."""

    label: str
    trials: int
    pooled: Pool | None
    is_ratio: bool

    @property
    def interval(self) -> tuple[float, float, float] | None:
        """The pooled estimate and the ends of its interval, as the trials' own are given."""
        if self.pooled is None:
            return None
        value, low, high = self.pooled.estimate, self.pooled.low, self.pooled.high
        return (math.exp(value), math.exp(low), math.exp(high)) if self.is_ratio else (value, low, high)


@dataclass(frozen=True)
class Division:
    """A pool's trials by one thing; `silent` counts those whose records do not name it, `tested` says how the pooled subgroups differ."""

    by: str
    groups: tuple[Subgroup, ...]
    silent: int
    tested: Difference | None

    @property
    def name(self) -> str:
        """By what it divides."""
        return BY[self.by]

    @property
    def has_pools(self) -> bool:
        """Whether any of its subgroups is pooled."""
        return any(group.pooled for group in self.groups)


@dataclass(frozen=True)
class Block:
    """A pool with the rows that it pools, and no others, and how these divide into subgroups."""

    pool: Pooled
    rows: tuple[Row, ...]
    divisions: tuple[Division, ...] = ()


@dataclass(frozen=True)
class Forest:
    """Results on a claim in one measure and unit: pools with what they pool, results beside them, and results without an interval.

    `band` are the ends of what would not matter, where one is held against all that is shown, and `is_default` says that nobody published
    it for the outcome; `elsewhere` counts the results that other forests of the claim show. `sides` say what lies at either side of no
    effect; `smallest` is from how many trials on there is a pool, `outcome` names
    what its numbers are of, `outcomes` what the pools are on.
    """

    claim: Claim
    measure: str
    unit: str
    is_ratio: bool
    blocks: tuple[Block, ...]
    beside: tuple[Row, ...]
    without: tuple[Row, ...]
    sides: tuple[str, str]
    band: tuple[float, float] | None
    is_default: bool
    elsewhere: int
    smallest: int
    lights: Lights
    outcome: str
    outcomes: Mapping[str, str]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that have an effect, in their order."""
        return (*(row for block in self.blocks for row in block.rows), *self.beside)

    @property
    def pools(self) -> tuple[Pooled, ...]:
        """The pools, in their order."""
        return tuple(block.pool for block in self.blocks)

    @property
    def no_effect(self) -> float:
        """The number that says that there is no effect."""
        return 1.0 if self.is_ratio else 0.0

    @property
    def title(self) -> str:
        """Its measure and unit."""
        return f"{self.measure}{f', {self.unit}' if self.unit else ''}"


@dataclass(frozen=True)
class Lights:
    """The risk of bias at the rows of a forest: domains and words with labels, and by finding or investigation what was judged."""

    domains: tuple[tuple[str, str], ...]
    words: Mapping[str, str]
    of: Mapping[str, Mapping[str, str]]
