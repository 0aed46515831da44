"""What the rows of a plot are called: author and year, and what sets results of one study apart."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from ...evidence.model import Evidence, Finding
from ..integrity import cited, doubt

if TYPE_CHECKING:
    from collections.abc import Iterable


#: A study's name that is longer says no more than the title of its report.
_LONGEST = 70


class Named(Protocol):
    """What has a label that others may have too."""

    @property
    def label(self) -> str:
        """What it is called by itself."""

    @property
    def outcome(self) -> str:
        """On what it is, where that is another thing than that of the claim."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The results that it stands for."""


def author_and_year(evidence: Evidence, report: str) -> str:
    """The surname of the first author, and the year, with the mark of what is retracted or in doubt; without an author the study's name."""
    one = evidence.reports[report]
    surname = one.first_author_name.partition(",")[0].strip("{} ")
    mark = doubt(evidence, report)
    if not surname and (study := evidence.studies.get(next(iter(one.studies), ""))) and 0 < len(study.label) <= _LONGEST:
        return f"{study.label}{f' [{mark}]' if mark else ''}"
    return f"{surname} {one.year}{f' [{mark}]' if mark else ''}" if surname else cited(evidence, report)


def given(dose: str) -> str:
    """A dose as people write it."""
    return re.sub(r"\bug\b", "µg", dose).replace(" a day", "/d")


def written(value: float, low: float, high: float, *, is_ratio: bool) -> tuple[str, str, str]:
    """An effect that was reckoned, and its interval, all with as many decimals as the width of the interval is worth.

    >>> written(-0.31592, -0.79161, 0.15977, is_ratio=False), written(4.67, -7.52, 16.9, is_ratio=False)
    (('-0.32', '-0.79', '0.16'), ('4.7', '-7.5', '16.9'))
    """
    places = decimals(low, high, is_ratio=is_ratio)
    return rounded(value, places), rounded(low, places), rounded(high, places)


def decimals(low: float, high: float, *, is_ratio: bool) -> int:
    """How many decimals an interval is worth: some two digits of its width, and of a ratio two at least."""
    places = math.floor(2.5 - math.log10(high - low)) if high > low else 2
    return min(max(places, 2 if is_ratio else 0), 12)


def rounded(number: float, places: int) -> str:
    """A number with so many decimals; what is rounded to nothing has no sign."""
    text = f"{number:.{places}f}"
    return text if float(text) else text.removeprefix("-")


def short(number: float) -> str:
    """Three digits of a number that was reckoned; hundreds keep theirs."""
    text = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return "0" if text == "-0" else text


def apart(rows: Sequence[Named], evidence: Evidence) -> list[str]:
    """The labels of rows, no two alike: outcomes that are not the claim's, then whatever sets apart those that share a label."""
    labels = [f"{row.label}, {row.outcome}" if row.outcome else row.label for row in rows]
    for part in _PARTS:
        for places in _alike(labels):
            texts = [part(rows[place].findings[0], evidence) for place in places]
            if len(set(texts)) > 1:
                for place, text in zip(places, texts, strict=True):
                    labels[place] += f", {text}" if text else ""
    for places in _alike(labels):
        # The first keeps its name: what is pooled stands before what is not.
        for number, place in enumerate(places[1:], 2):
            labels[place] += f" ({number})"
    return labels


def is_numbered(label: str) -> bool:
    """Whether nothing but a number sets a row apart from others of its study."""
    return re.search(r" \(\d+\)$", label) is not None


def _alike(labels: Sequence[str]) -> Iterable[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        groups[label].append(place)
    return [places for places in groups.values() if len(places) > 1]


#: What may set two results apart, the plainest first.
_PARTS: tuple[Callable[[Finding, Evidence], str], ...] = (
    lambda finding, evidence: evidence.name(finding.object),
    lambda finding, evidence: evidence.name(finding.subject),
    lambda finding, _: given(finding.dose),
    lambda finding, _: finding.duration,
    lambda finding, _: finding.analysis,
    lambda finding, _: finding.conditions,
    lambda finding, _: finding.contrast,
)
