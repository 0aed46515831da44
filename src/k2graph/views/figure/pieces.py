"""What both layouts of a figure have: its heading, its foot, the boxes of things, and the line of what the exposure reaches."""

from __future__ import annotations

from collections.abc import Sequence

from ... import palette
from ...palette import INK, SOFT
from .parts import Chain, Thing
from .pen import HEADING, Pen, Place, plain


def head(pen: Pen, chain: Chain) -> float:
    """The mechanism's name and its verdict; where they end."""
    wide = pen.width - 2
    y = pen.lines(1, 0, plain(chain.label, wide, size=HEADING, bold=True), HEADING)
    return pen.lines(1, y + 1, plain(chain.verdict, wide, size=8.5, bold=True), 8.5) + 1


def foot(pen: Pen, chain: Chain, y: float) -> float:
    """How far it reaches in a sentence, what lines mean, and where it comes from; where all ends."""
    wide = pen.width - 2
    y = pen.lines(1, y, plain(chain.sentence, wide, bold=True)) + 2
    meaning = "Arrow: increases; bar: decreases. In brackets, and as the thickness of lines: independent investigations."
    y = pen.lines(1, y, plain(meaning, wide, SOFT))
    return pen.lines(1, y, plain(chain.source, wide, SOFT)) + 2


def draw_reach(pen: Pen, points: Sequence[tuple[float, float]], chain: Chain) -> None:
    """The line from the exposure to the last thing that it has been shown to move, with a dot where it begins."""
    standing = chain.things[chain.reached].reach
    look = standing.look if standing else palette.NEUTRAL
    pen.begin("reach")
    pen.line(points, look.light, 3.0)
    pen.end()


def draw_box(pen: Pen, thing: Thing, place: Place, *, again: bool = False) -> None:
    """The box of a thing, in the look of the reach's end where it ends there; `again`: it stands in the row before too."""
    fill, stroke = thing.shape.light
    thick, dashes = 0.8, "2 1.5" if thing.shape.dashed else ""
    if thing.end:
        stroke, thick, dashes = thing.end_look.light, 1.6, "" if thing.end == "stops" else "4 2"
    if again:
        stroke, thick, dashes = SOFT, 0.6, "1 1.5"
    pen.box(place, fill, stroke, thick, dashes, min(thing.shape.radius, 6) * 0.6)


def mark_of(thing: Thing) -> tuple[str, str]:
    """What is written where a reach ends, and its colour."""
    if thing.end:
        return thing.mark, thing.end_look.light
    return thing.mark, thing.reach.look.light if thing.reach else INK
