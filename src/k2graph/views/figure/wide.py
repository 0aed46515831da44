"""A mechanism from left to right, for two columns of a journal or a slide; a long one goes on in a further row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from ...palette import FAINT, SOFT
from ..lettering import folded, widest_word
from .parts import Chain, Thing
from .pen import LEADING, NAME, Pen, Run, plain, stands
from .pieces import draw_box, draw_reach, foot, head, mark_of

#: The least width of a box, of what is between two, of that where a reach ends, and of what is written below a link; room within a box.
_BOX, _GAP, _BREAK, _TEXT, _PAD = 44.0, 36.0, 48.0, 76.0, 5.0
#: How many lines a name may take before its box grows, and the room at the right edge for a line that goes on in another row.
_LINES, _EDGE = 3, 12.0
#: Of what is left over in a row, the part of it that goes between the boxes.
_BETWEEN = 0.6


@dataclass(frozen=True)
class _Row:
    """The things of a row, by place in the chain, and where the left and right edges of their boxes are."""

    places: range
    edges: tuple[tuple[float, float], ...]

    def middle(self, place: int) -> float:
        left, right = self.edges[place - self.places.start]
        return (left + right) / 2

    def gap(self, place: int) -> tuple[float, float]:
        """From where to where the link to a thing goes."""
        here = place - self.places.start
        return self.edges[here - 1][1], self.edges[here][0]


def draw_wide(chain: Chain, *, for_paper: bool = False) -> str:
    """The figure as SVG."""
    pen = Pen(170)
    rows = _rows(chain, pen.width - 2)
    y = head(pen, chain)
    right = rows[0].middle(rows[0].places[-1]) if len(rows) == 1 else pen.width - 3
    left = rows[0].middle(0)
    middle, wide = (left + right) / 2, right - left - 8
    y = pen.lines(middle, y + 3, _whole(chain, wide), anchor="middle") + 5
    rail, path = y, [(left, y + 13), (left, y), (right, y)]
    y += 13
    for row in rows:
        top = y
        high = _height(chain, row)
        y = _draw_row(pen, chain, row, y, high)
        y = _draw_reach(pen, chain, row, y, top + high) + 8
        if len(rows) > 1 and row is rows[-1]:
            end = row.edges[-1][1], top + high / 2
            path += [(right, end[1]), end]
    if len(rows) == 1:
        path.append((right, rail + 13))
    pen.begin("whole")
    pen.arrow(path, chain.whole.standing)
    pen.end()
    return pen.svg(foot(pen, chain, y - 2), chain.label, chain.description, for_paper=for_paper)


def _whole(chain: Chain, width: float) -> list[list[Run]]:
    lines = plain(f"End to end: {chain.whole.label}", width)
    return [*lines, *stands(chain.whole.standing, width), *plain(chain.certainty, width, SOFT)]


def _rows(chain: Chain, width: float) -> list[_Row]:
    """As few rows as the things need; a row begins with the thing that ends the row before."""
    links = len(chain.links)
    for count in range(1, links + 1):
        steps = [links * part // count for part in range(count + 1)]
        # Longer rows first: what is left is the shorter.
        ends = [links - step for step in reversed(steps)]
        room = width if count == 1 else width - _EDGE
        ranges = [range(start, stop + 1) for start, stop in pairwise(ends)]
        if count == links or all(_needed(chain, each) <= room for each in ranges):
            return [_row(chain, each, room) for each in ranges]
    return [_row(chain, range(len(chain.things)), width)]


def _box(thing: Thing) -> float:
    """How wide a thing's box is at least: no word is broken, and its name has few lines."""
    wide = max(_BOX, widest_word(thing.name, NAME, bold=True) + 2 * _PAD)
    while wide < 110 and len(folded(thing.name, wide - 2 * _PAD, NAME, bold=True)) > _LINES:
        wide += 4
    return min(wide, 110.0)


def _gaps(chain: Chain, places: range) -> list[float]:
    boxes = [_box(chain.things[place]) for place in places]
    return [
        max(_BREAK if chain.things[place].end else _GAP, _TEXT - (one + other) / 2)
        for place, (one, other) in zip(places[1:], pairwise(boxes), strict=True)
    ]


def _needed(chain: Chain, places: range) -> float:
    return sum(_box(chain.things[place]) for place in places) + sum(_gaps(chain, places))


def _row(chain: Chain, places: range, width: float) -> _Row:
    boxes, gaps = [_box(chain.things[place]) for place in places], _gaps(chain, places)
    spare = max(0.0, width - sum(boxes) - sum(gaps))
    boxes = [box + spare * (1 - _BETWEEN) / len(boxes) for box in boxes]
    gaps = [gap + spare * _BETWEEN / len(gaps) for gap in gaps]
    starts = accumulate((box + gap for box, gap in zip(boxes, gaps, strict=False)), initial=1.0)
    return _Row(places, tuple((start, start + box) for start, box in zip(starts, boxes, strict=True)))


def _height(chain: Chain, row: _Row) -> float:
    """As high as the name with the most lines needs."""
    lines = (
        len(folded(chain.things[place].name, right - left - 2 * _PAD, NAME, bold=True))
        for place, (left, right) in zip(row.places, row.edges, strict=True)
    )
    return max(*lines, 2) * NAME * LEADING + 10


def _draw_row(pen: Pen, chain: Chain, row: _Row, y: float, high: float) -> float:
    """Boxes, links between them and what is written below the links; where that ends."""
    for place, (left, right) in zip(row.places, row.edges, strict=True):
        thing = chain.things[place]
        names = plain(thing.name, right - left - 2 * _PAD, size=NAME, bold=True)
        pen.begin("box")
        draw_box(pen, thing, (left, y, right - left, high), again=place == row.places.start > 0)
        pen.lines((left + right) / 2, y + (high - len(names) * NAME * LEADING) / 2, names, NAME, "middle")
        pen.end()
    bottom = y + high
    for place in row.places[1:]:
        link, thing, (left, right) = chain.links[place - 1], chain.things[place], row.gap(place)
        middle = (left + right) / 2
        pen.begin("link")
        pen.arrow([(left + 1, y + high / 2), (right - 1, y + high / 2)], link.standing)
        if thing.end:
            pen.gap(middle - 2, y + high / 2, thing.end_look, whole=thing.end == "stops")
        # Not past the middle of the boxes: there the lines to what the exposure does run down.
        half = min(middle - _limit(row, place - 1), _limit(row, place) - middle) - 3
        lines = [*plain(link.label, 2 * half), *stands(link.standing, 2 * half)]
        bottom = max(bottom, pen.lines(middle, y + high + 3, lines, anchor="middle"))
        pen.end()
    return bottom


def _limit(row: _Row, place: int) -> float:
    """How far what is written below a link may go towards a thing's box: to its middle, or over all of the first."""
    return row.edges[0][0] if place == row.places.start else row.middle(place)


def _draw_reach(pen: Pen, chain: Chain, row: _Row, y: float, boxes: float) -> float:
    """What the exposure itself does to each thing of a row, and the line to the last that it was shown to move; where all ends."""
    y += 8
    start, last = row.places.start, row.places[-1]
    for place in row.places[1:]:
        pen.line([(row.middle(place), boxes + 1), (row.middle(place), y - 2.5)], FAINT, 0.6, "1 1.5")
    if chain.reached > start:
        end = min(chain.reached, last)
        ends = [(row.middle(start), y - 4), (row.middle(start), y), (row.middle(end), y)]
        draw_reach(pen, ends if end < chain.reached else [*ends, (row.middle(end), y - 4)], chain)
    y += 4
    bottom = y
    first = row.gap(start + 1)
    if start == 0:
        asked = plain(f"What {chain.things[0].name} itself does to each:", (first[0] + first[1]) / 2 - 6, SOFT)
        bottom = pen.lines(1, y, asked)
    for place in row.places[1:]:
        thing = chain.things[place]
        left = sum(row.gap(place)) / 2 + 3
        right = row.edges[-1][1] if place == last else sum(row.gap(place + 1)) / 2 - 3
        middle = (left + right) / 2 if place == last else row.middle(place)
        wide = 2 * min(middle - left, right - middle)
        words, colour = mark_of(thing)
        lines = plain(f"{thing.end_look.icon} {words}" if thing.end else words, wide, colour, bold=True) if words else []
        lines += [*plain(f"{thing.does}:", wide, SOFT), *(stands(thing.reach, wide) if thing.reach else [])]
        bottom = max(bottom, pen.lines(middle, y, lines, anchor="middle"))
    return bottom
