"""The scale of a plot: which part of it is shown, which numbers stand under it, and where on it a number is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .drawing import SMALL, measured

#: Intervals that are so many times as wide as the middle one end in an arrow.
_WIDEST = 5.0
#: So far apart are numbers beneath the scale, in pixels.
_APART = 9.0


@dataclass(frozen=True)
class Scale:
    """From `low` to `high` over `length` pixels that begin at `left`; a ratio's by logarithms."""

    low: float
    high: float
    is_ratio: bool
    left: float
    length: float

    def at(self, number: float) -> float:
        """Where a number is, at the nearer end where it is beyond."""
        low, high, value = (_on(each, self.is_ratio) for each in (self.low, self.high, number))
        return self.left + self.length * min(1.0, max(0.0, (value - low) / (high - low)))

    def holds(self, number: float) -> bool:
        """Whether a number is within it."""
        return self.low <= number <= self.high

    def ticks(self) -> list[float]:
        """Round numbers to stand beneath it: as many as there is room for, up to seven."""
        best: list[float] = []
        for numbers in _ratios(self) if self.is_ratio else _differences(self):
            inside = [number for number in numbers if self.holds(number)]
            if len(inside) > 7 or not self._room_for(inside):
                continue
            if len(inside) > len(best):
                best = inside
        return best or [number for number in (1.0 if self.is_ratio else 0.0,) if self.holds(number)]

    def _room_for(self, numbers: Sequence[float]) -> bool:
        ends = [(self.at(number), measured(tick(number), SMALL) / 2) for number in numbers]
        return all(one + half + _APART <= other - other_half for (one, half), (other, other_half) in pairwise(ends))


def tick(number: float) -> str:
    """A number as it stands beneath a scale."""
    return signed(f"{number:.6g}")


def signed(text: str) -> str:
    """A number with a minus sign that is as wide as a plus sign."""
    return text.replace("-", "−")


def scale_of(
    intervals: Iterable[tuple[float, float, float]], always: Iterable[float], *, is_ratio: bool, left: float, length: float
) -> Scale:
    """A scale that shows all estimates, and their intervals as far as one does not press the others together.

    Args:
        intervals: Estimates with the ends of their intervals.
        always: Numbers that are shown in any case.
        is_ratio: Whether it is one of ratios.
        left: Where it begins.
        length: How long it is.
    """
    all_of = [tuple(_on(each, is_ratio) for each in interval) for interval in intervals]
    halves = sorted(max(high - value, value - low) for value, low, high in all_of)
    widest = _WIDEST * halves[len(halves) // 2] if halves else 0.0
    points = [_on(each, is_ratio) for each in always]
    for value, low, high in all_of:
        points += [value, max(low, value - widest), min(high, value + widest)]
    low, high = min(points), max(points)
    room = 0.04 * (high - low) or 1.0
    low, high = (math.exp(end) if is_ratio else end for end in (low - room, high + room))
    return Scale(low, high, is_ratio, left, length)


def _on(number: float, is_ratio: bool) -> float:
    return math.log(number) if is_ratio else number


def _differences(scale: Scale) -> Iterator[list[float]]:
    size = math.floor(math.log10(scale.high - scale.low))
    for power in (size, size - 1, size - 2):
        for times in (5, 2.5, 2, 1):
            step = times * 10.0**power
            first, last = math.ceil(scale.low / step), math.floor(scale.high / step)
            if last - first < 50:
                # Rounded: multiples of a step are off in their last digits.
                yield [round(number * step, 12 - power) for number in range(first, last + 1)]


def _ratios(scale: Scale) -> Iterator[list[float]]:
    powers = range(math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high)) + 1)
    if len(powers) > 60:
        return
    for parts in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        # What mirrors a number stands where it does: 0.5 as far below one as 2 above it.
        yield [float(f"{part * 10.0**power:.6g}") for power in powers for part in parts]
    if scale.high / scale.low < 20:
        yield from _differences(scale)
