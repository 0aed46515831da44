"""A mechanism from top to bottom, for one column of a journal or a phone."""

from __future__ import annotations

from ...palette import SOFT
from .parts import Chain, Link, Thing
from .pen import LEADING, NAME, SMALL, Pen, Run, plain, stands
from .pieces import draw_box, draw_reach, foot, head, mark_of

#: The strips at the edges, for what the exposure reaches and for the line from end to end; room within boxes, and beside a link's line.
_STRIP, _PAD, _ARROW = 12.0, 5.0, 24.0


def draw_narrow(chain: Chain, *, for_paper: bool = False) -> str:
    """The figure as SVG."""
    pen = Pen(80)
    left, right = _STRIP, pen.width - _STRIP
    y = head(pen, chain)
    # The line from end to end begins under what is written of it, and runs down the right edge.
    lines = _whole(chain, right - 2)
    y = pen.lines(1, y + 3, lines) + 6
    boxes: list[tuple[float, float]] = []
    for place, thing in enumerate(chain.things):
        if place:
            y = _draw_link(pen, chain.links[place - 1], thing, left, right, y)
        bottom = _draw_thing(pen, thing, left, right, y)
        boxes.append((y, bottom))
        y = bottom
    middles = [(top + bottom) / 2 for top, bottom in boxes]
    edge = pen.width - 3
    pen.begin("whole")
    pen.arrow([(right, middles[0]), (edge, middles[0]), (edge, middles[-1]), (right, middles[-1])], chain.whole.standing)
    pen.end()
    if chain.reached:
        draw_reach(pen, [(left, middles[0]), (4, middles[0]), (4, middles[chain.reached]), (left, middles[chain.reached])], chain)
    return pen.svg(foot(pen, chain, y + 4), chain.label, chain.description, for_paper=for_paper)


def _whole(chain: Chain, width: float) -> list[list[Run]]:
    lines = plain(f"End to end: {chain.whole.label}", width)
    return [*lines, *stands(chain.whole.standing, width), *plain(chain.certainty, width, SOFT)]


def _draw_thing(pen: Pen, thing: Thing, left: float, right: float, y: float) -> float:
    wide = right - left - 2 * _PAD
    names = plain(thing.name, wide, size=NAME, bold=True)
    under: list[list[Run]] = []
    if thing.reach:
        words, colour = mark_of(thing)
        under += plain(f"{thing.reach.look.icon} {words}" if thing.end else words, wide, colour, bold=True) if words else []
        under += [*plain(f"exposure {thing.does}:", wide, SOFT), *stands(thing.reach, wide)]
    height = len(names) * NAME * LEADING + len(under) * SMALL * LEADING + 6
    pen.begin("box")
    draw_box(pen, thing, (left, y, right - left, height))
    pen.lines(left + _PAD, pen.lines(left + _PAD, y + 3, names, NAME), under)
    pen.end()
    return y + height


def _draw_link(pen: Pen, link: Link, thing: Thing, left: float, right: float, y: float) -> float:
    x, wide = left + _ARROW / 2 + 4, right - left - _ARROW - 12
    lines = [*plain(link.label, wide), *stands(link.standing, wide)]
    height = max(24.0 if not thing.end else 38.0, len(lines) * SMALL * LEADING + 6)
    pen.begin("link")
    pen.arrow([(x, y + 0.5), (x, y + height - 0.8)], link.standing)
    if thing.end:
        pen.gap(x, y + height * 0.45, thing.end_look, whole=thing.end == "stops", upright=True)
    pen.lines(left + _ARROW + 8, y + (height - len(lines) * SMALL * LEADING) / 2, lines)
    pen.end()
    return y + height
