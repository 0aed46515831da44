"""Claims of a graph as Python objects, with where they stand, what bears on them and what would turn them."""

from __future__ import annotations

from dataclasses import dataclass

from .. import palette
from ..text import html_text
from . import numbers
from .things import Word

#: Stands behind every certainty that people read.
HOW_GRADED = "(GRADE-informed, derived)"


@dataclass(frozen=True)
class CertaintyStep:
    """By how many steps a domain lowers certainty, and why."""

    domain: Word
    down: int
    reason: str


@dataclass(frozen=True)
class Standing:
    """Where a claim stands: the highest tier in which it was tested, and with what result there.

    `supporting`, `leaving_open`, `excluding` (an important effect) and `contradicting` are votes of independent investigations at that
    tier, `spoken_for` how many of these a synthesis speaks for, `on_proposed_side` and `on_other_side` how many tell on which side their
    estimate lies. `method` says how they were taken together, `meaning` what the result says when it is reached so, `because` why
    nothing counts where nothing does; `certainty` is informed by
    GRADE and derived, with what lowers it in `steps`; `supported_in_human_trials` says whether human trials support the claim.
    """

    label: str
    tier: Word
    result: Word
    meaning: str
    is_support: bool
    investigations: int
    spoken_for: int
    supporting: float
    leaving_open: float
    excluding: float
    contradicting: float
    on_proposed_side: float
    on_other_side: float
    method: Word | None
    because: Word | None
    certainty: Word
    steps: tuple[CertaintyStep, ...]
    best_support: Word | None
    supported_in_human_trials: bool

    @property
    def steps_in_words(self) -> tuple[str, ...]:
        """What lowers its certainty, a text for each domain."""
        return tuple(f"{step.domain.notation}: {step.down} down, {step.reason}" for step in self.steps)

    @property
    def why(self) -> str:
        """The votes and the rule that make it what it is."""
        if not self.investigations:
            return self.because.definition if self.because else self.result.definition
        votes = numbers.votes(self.supporting, self.leaving_open, self.excluding, self.contradicting)
        return why(self.investigations, self.spoken_for, self.tier.label, votes, self.meaning)


@dataclass(frozen=True)
class Bearing:
    """One finding set against one claim: its stance, and why it has no part in the standing where it has none."""

    claim: str
    finding: str
    stance: Word
    reasons: tuple[Word, ...]

    @property
    def counted(self) -> bool:
        """Whether it has a part in the standing, if its investigation does not speak through another."""
        return not self.reasons


@dataclass(frozen=True)
class PooledResult:
    """What one investigation brings to a pool: an effect with its interval, the rule that chose it, its share of the weight, 0 to 1.

    `computed_by` names the formulas by which its numbers were computed or combined; empty where they are as reported.
    """

    id: str
    investigation: str
    findings: tuple[str, ...]
    value: float
    ci_low: float
    ci_high: float
    chosen_by: Word
    computed_by: tuple[Word, ...]
    share: float


@dataclass(frozen=True)
class Pooled:
    """Trials' numbers taken together.

    `site` is where, or how, the outcome was measured, empty where not said; `is_inverse` says that a larger number means less of it,
    `is_ratio` that no effect is one. `prediction_low` and `prediction_high` are the ends of the interval in which the effect of a further
    such trial is expected; `tau_squared` is the variance between trials (of ratios, of their logarithms), `i_squared` its share of all
    variation, between 0 and 1, `q` Cochran's Q. `is_narrow` warns of an interval that tells more than the trials do. The same pool serves
    every claim in `claims`.
    """

    id: str
    claims: tuple[str, ...]
    outcome: str
    site: str
    is_inverse: bool
    is_ratio: bool
    measure: str
    unit: str
    value: float
    ci_low: float
    ci_high: float
    prediction_low: float
    prediction_high: float
    tau_squared: float
    i_squared: float
    q: float
    is_narrow: bool
    trials: int
    method: str
    findings: tuple[str, ...]
    parts: tuple[PooledResult, ...]

    @property
    def numbers(self) -> str:
        """Measure, estimate, intervals and unit, of how many trials, and how they vary, as one text."""
        interval, prediction = (self.ci_low, self.ci_high), (self.prediction_low, self.prediction_high)
        return numbers.pooled(self.measure, self.value, interval, prediction, self.unit, self.trials, self.i_squared)


@dataclass(frozen=True)
class TurningPoint:
    """So many further investigations of one stance in a tier, from which on a claim would have another standing, and its label.

    `in_words` says so in a sentence.
    """

    more: int
    stance: Word
    tier: Word
    result: Word
    label: str
    in_words: str


@dataclass(frozen=True)
class Claim:
    """A proposition in the direction in which it is proposed, with its standing and all that bears on it.

    `reach` marks a claim that only a mechanism implies. `contexts` are ids of a baseline status or of groups of people.
    """

    id: str
    label: str
    subject: str
    predicate: Word
    object: str
    direction: Word
    contexts: tuple[str, ...]
    scope: Word
    testable_in_people: Word | None
    note: str
    reach: bool
    standing: Standing
    alternatives: tuple[tuple[str, str], ...]
    turning_points: tuple[TurningPoint, ...]
    bearings: tuple[Bearing, ...]
    pooled: tuple[Pooled, ...]
    mechanisms: tuple[str, ...]

    def _repr_html_(self) -> str:
        label, standing, reasons = map(html_text, (self.label, self.standing.label, self.standing.why))
        icon = palette.of_result(self.standing.result.notation).icon
        return f"<p><strong>{label}</strong><br>{icon} {standing}<br><small>{reasons}</small></p>"


def why(n: int, spoken_for: int, tier: str, votes: str, definition: str) -> str:
    """What the votes on a claim say, in words."""
    pooled = f" For {spoken_for} of them one synthesis speaks: its pooled result counts for each, and what each shows alone is not known."
    return f"Of {n} independent investigations in {tier}: {votes}.{pooled if spoken_for else ''} {definition}"


def what_would_turn(more: int, tier: str, phrase: str, label: str) -> str:
    """A turning point as a sentence; `phrase` is that of its stance.

    >>> what_would_turn(2, "human trials", "leaving it open", "contested in human trials (8)")
    '2 more investigations in human trials leaving it open would make it contested in human trials (8).'
    """
    return f"{more} more investigation{'s' if more > 1 else ''} in {tier} {phrase} would make it {label}."


def nothing_would_turn(most: int) -> str:
    """What is said of a standing that has no turning point."""
    return f"Up to {most} more investigations of one stance in that tier would leave it as it is."
