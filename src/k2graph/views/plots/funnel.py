"""A funnel plot of a pool as a picture: the standard error of each study against its estimate, and where 95 of 100 would lie by chance."""

from __future__ import annotations

import math

from ...evidence.model import Pooled
from .drawing import BAND, INK, SIZE, SMALL, SOFT, Disc, Picture, measured
from .forest_texts import block_name, heterogeneity, tone_of
from .rows import Forest
from .scale import Scale, scale_of, tick

#: From how many studies on a funnel can be told from chance (Cochrane Handbook 13.3.5.4).
FEWEST = 10
#: As many standard errors lie at either side of an estimate in its 95% interval.
_Z = 1.959964
_EDGE, _WIDE, _HIGH = 10.0, 520.0, 340.0


def funnels(forest: Forest) -> list[Pooled]:
    """The pools of a forest of which a funnel is drawn."""
    return [pool for pool in forest.pools if pool.trials >= FEWEST]


def funnel_picture(forest: Forest, pool: Pooled) -> Picture:
    """The funnel of one pool of a forest; its limits are those around the pooled estimate if studies differed by their errors alone."""
    rows = next(block.rows for block in forest.blocks if block.pool == pool)
    back, on = (math.exp, math.log) if pool.is_ratio else (float, float)
    points = [(row.estimate.value, row.error, row.stance) for row in rows if row.estimate and row.error]
    most = 1.08 * max(error for _, error, _ in points)
    ends = [back(on(pool.value) + side * _Z * most) for side in (-1, 1)]
    errors = Scale(0.0, most, False, 0.0, _HIGH)
    numbers = [number for number in errors.ticks() if number >= 0]
    left = _EDGE + SIZE + 12 + max(measured(tick(number), SMALL) for number in numbers)
    across = scale_of([(value, value, value) for value, _, _ in points], ends, is_ratio=pool.is_ratio, left=left, length=_WIDE)
    picture = Picture(f"Funnel plot: {forest.claim.label}; {forest.title}", left + _WIDE + _EDGE)
    top = _EDGE + SIZE + 8
    bottom = top + _HIGH
    picture.words(_EDGE, _EDGE + SIZE, f"standard error{' of the logarithm' if pool.is_ratio else ''}", size=SMALL, tone=SOFT)
    middle = across.at(pool.value)
    picture.polygon((middle, top), (across.at(ends[1]), bottom), (across.at(ends[0]), bottom), tone=BAND)
    for end in ends:
        picture.line((middle, top), (across.at(end), bottom), tone=SOFT, dashes=(4, 3))
    picture.line((middle, top), (middle, bottom), tone=SOFT)
    picture.line((left, top), (left, bottom), (left + _WIDE, bottom), tone=SOFT)
    for number in numbers:
        y = top + errors.at(number)
        picture.line((left - 4, y), (left, y), tone=SOFT)
        picture.words(left - 7, y + SMALL * 0.36, tick(number), anchor="end", size=SMALL)
    for number in across.ticks():
        picture.line((across.at(number), bottom), (across.at(number), bottom + 4), tone=SOFT)
        picture.words(across.at(number), bottom + 17, tick(number), anchor="middle", size=SMALL)
    for value, error, stance in points:
        picture.items.append(Disc(across.at(value), top + errors.at(error), 4.5, tone_of(stance)))
    y = bottom + 26
    for text, tone in (
        (f"{block_name(forest, pool)}: {forest.title}", INK),
        (f"{heterogeneity(pool)}. Line: pooled estimate; band: 95% limits if studies differed by chance alone.", SOFT),
        (f"← {forest.sides[0]}   |   {forest.sides[1]} →", SOFT),
    ):
        y = picture.paragraph(left, y, text, _WIDE, tone=tone)
    picture.height = math.ceil(y + _EDGE)
    return picture
