"""What a finding says of each of the two arms that it sets against each other, and how an arm reads: the same for every format."""

from __future__ import annotations

import re
from functools import lru_cache

from ..curation.schema import schema
from ..evidence.model import Arm, Evidence, Finding


def arms_of(finding: Finding, evidence: Evidence) -> tuple[Arm | None, Arm | None]:
    """The arm of a finding and the one that it is compared with; None where it names none."""
    there = {arm.id: arm for arm in evidence.studies[finding.study].arms} if finding.study in evidence.studies else {}
    return there.get(finding.arm), there.get(finding.comparator_arm)


def numbers_by_arm(finding: Finding, evidence: Evidence) -> dict[str, int | float | str]:
    """What findings.tsv has for each arm, by the local name of its property (`mean1`, `mean1Reported`); in the order of its columns."""
    facts = evidence.facts
    return {name.partition(":")[2]: value for name in _properties() for value in facts.all(finding.id, name)[:1]}


def in_words(arm: Arm) -> str:
    """An arm as one text: what it got, for how long, with what else, and how many."""
    counts = [f"{number} {what}" for number, what in ((arm.entered, "entered"), (arm.analysed, "analysed")) if number is not None]
    beside = f"with {arm.co_intervention}" if arm.co_intervention else ""
    return "; ".join(filter(None, (arm.label, f"for {arm.duration}" if arm.duration else "", beside, *counts, arm.note)))


def snake_case(name: str) -> str:
    """A name in small letters, parted by underscores.

    >>> snake_case("lowerQuartile1Reported")
    'lower_quartile1_reported'
    """
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


@lru_cache(maxsize=1)
def _properties() -> tuple[str, ...]:
    """The properties of the columns that come twice, once for each arm, and what these numbers are of."""
    columns = schema().tables["findings"].columns
    names = {column.name for column in columns}
    twice = {name for name in names if name[-1] in "12" and {f"{name[:-1]}1", f"{name[:-1]}2"} <= names}
    chosen = [column for column in columns if column.name in {"numbers_are", *twice}]
    return tuple(name for column in chosen for name in (column.property, column.reported) if name)
