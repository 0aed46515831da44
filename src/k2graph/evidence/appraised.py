"""What was judged of the risk of bias, and the votes whose risk follows from it, as Python objects."""

from __future__ import annotations

from dataclasses import dataclass

from .things import Word


@dataclass(frozen=True)
class Appraisal:
    """One judgement of the risk of bias of a study, or of its results on one outcome, in one domain.

    `judged_by` is the publication whose judgement it is; empty where it is that of the readers of this graph, of whom the first and the
    second judged each without the other. `judgement` is None where its source has no such words, and `as_printed` what that prints.
    """

    id: str
    study: str
    outcome: str
    tool: str
    domain: Word
    judgement: Word | None
    as_printed: str
    judged_by: str
    first_reading: Word | None
    second_reading: Word | None
    reason: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Vote:
    """What one investigation has to say on one claim in one tier of people, for how many it counts, and at what risk of bias."""

    id: str
    claim: str
    investigation: str
    tier: str
    votes: int
    risk: Word
