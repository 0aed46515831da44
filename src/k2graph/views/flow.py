"""The flow of records through searches, as the diagram of PRISMA 2020 has it (https://doi.org/10.1136/bmj.n71): boxes and arrows.

In: searches. Out: boxes with their lines, and arrows, for a template to draw. A box is as high as what stands in it.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..evidence.searches import Search, reasons_of

_LEFT, _WIDE, _GAP, _SIDE, _SIDE_WIDE = 34, 300, 56, 390, 336
_LINE, _PAD, _BETWEEN = 19, 10, 30
#: Letters that fit into a line of a box, main or at the side.
_LETTERS, _SIDE_LETTERS = 40, 45
#: Letters of a name at most.
_NAME = 100


@dataclass(frozen=True)
class Box:
    """A box: its place in pixels, its heading, and the lines beneath."""

    x: int
    y: int
    width: int
    height: int
    heading: str
    lines: tuple[str, ...]

    def baseline(self, number: int) -> int:
        """Where a line is written; the heading is line 0."""
        return self.y + _PAD + 13 + number * _LINE


@dataclass(frozen=True)
class Flow:
    """The diagram: its size, its boxes, its arrows from point to point, and the stages at its edge with where they begin and end."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int, int, int], ...]
    stages: tuple[tuple[str, int, int], ...]
    words: str


def flow(searches: Sequence[Search]) -> Flow:
    """All searches together. A record that several searches show is counted by each, as they counted it."""
    places = Counter[str]()
    for search in searches:
        places[search.index] += search.shown
    records = [record for search in searches for record in search.records]
    unlisted = sum(search.left_out for search in searches) - len(records)
    still = reasons_of(record for record in records if record.may_still_bear)
    left_out = [(word.label, count) for word, count in reasons_of(records)] + [("no reason told", unlisted)] * (unlisted > 0)
    identified = (
        f"Records shown by {_counted(len(searches), 'search', 'searches')}",
        sum(search.shown for search in searches),
        [*places.items()],
    )
    before = [
        ("shown before by the same search", sum(search.duplicates for search in searches)),
        ("in the graph already", sum(search.held for search in searches)),
        ("not looked at", sum(search.unseen for search in searches)),
    ]
    rows = [
        (identified, ("Set aside before screening", sum(count for _, count in before), [pair for pair in before if pair[1]])),
        (
            ("Records screened", sum(search.screened for search in searches), []),
            ("Left out", sum(search.left_out for search in searches), left_out),
        ),
        (
            ("Taken into the graph", sum(search.taken for search in searches), []),
            ("Left out, and may still bear on it", sum(count for _, count in still), [(word.label, count) for word, count in still]),
        ),
    ]
    boxes, arrows, stages, y = [], [], [], 0
    for number, (stage, (main, side)) in enumerate(zip(("Identification", "Screening", "Result"), rows, strict=True)):
        one, other = _box(_LEFT, y, _WIDE, _LETTERS, *main), _box(_SIDE, y, _SIDE_WIDE, _SIDE_LETTERS, *side)
        boxes += [one, other]
        if number < len(rows) - 1:
            middle = y + _PAD + _LINE // 2 + 4
            arrows.append((_LEFT + _WIDE, middle, _SIDE, middle))
        stages.append((stage, y, max(one.height, other.height)))
        y += max(one.height, other.height) + _BETWEEN
    for above, below in ((0, 2), (2, 4), (3, 5)):
        x = boxes[above].x + boxes[above].width // 2
        arrows.append((x, boxes[above].y + boxes[above].height, x, boxes[below].y))
    words = "; ".join(". ".join((box.heading, ", ".join(box.lines))).removesuffix(". ") for box in boxes)
    return Flow(_SIDE + _SIDE_WIDE + 1, y - _BETWEEN + 1, tuple(boxes), tuple(arrows), tuple(stages), words)


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _box(x: int, y: int, width: int, letters: int, heading: str, total: int, parts: Sequence[tuple[str, int]]) -> Box:
    named = [f"{name if len(name) <= _NAME else name[: _NAME - 1] + '…'}: {count:,}" for name, count in parts]
    lines = [line for text in named for line in textwrap.wrap(text, letters, subsequent_indent="   ")]
    return Box(x, y, width, 2 * _PAD + _LINE * (1 + len(lines)) - 2, f"{heading}: {total:,}", tuple(lines))
