"""A forest plot as a picture: columns as wide as their texts, what was pooled above what was not, and what has no estimate beneath."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from ... import palette
from .drawing import BAND, INK, LEADING, ON_LIGHT, SIZE, SMALL, SOFT, Disc, Picture, Shape, Words, measured, wrapped
from .forest_texts import HEAD, block_name, divided, effect, heterogeneity, icon, notes, pooled, subgroup, tone_of, weight
from .labels import is_numbered
from .rows import Block, Division, Forest, Row
from .scale import Scale, scale_of, tick

#: The widest that a column of names, of doses and the plot itself get, in pixels, and from one column to the next.
_NAMES, _DOSES, _PLOT, _GAP = 210.0, 110.0, 240.0, 14.0
#: From the middle of a stance's sign to the effect behind it.
_SIGN = 20.0
#: From the middle of one light to the next, its radius, and from the edge of the picture to what is in it.
_STEP, _LIGHT, _EDGE = 21.0, 8.5, 8.0
#: How wide a picture is at least.
_NARROWEST = 720.0
#: Half the side of the square of a result that has all the weight, and of one that has none.
_LARGEST, _SMALLEST = 9.0, 3.0


def forest_picture(forest: Forest) -> Picture:
    """A forest plot; a point and its interval for each result, each pool beneath the results that it pools."""
    return _Drawing(forest).picture


class _Drawing:
    """A forest while it is drawn: `y` is the top of what comes next."""

    def __init__(self, forest: Forest) -> None:
        self.forest = forest
        self.picture = Picture(f"Forest plot: {forest.claim.label}; {forest.title}")
        self.y = _EDGE
        rows = forest.rows
        self.lights = any(row.lights for row in (*rows, *forest.without))
        self._columns(rows)
        self._heads()
        top = self.y
        self.behind = len(self.picture.items)
        for block in forest.blocks:
            self._block(block)
        if forest.beside:
            self._beside()
        self._scale_line(top)
        self._without()
        self._notes()
        self.picture.height = math.ceil(self.y + _EDGE)

    def _columns(self, rows: Sequence[Row]) -> None:
        """Where each column begins, as wide as the widest of its texts; a column without any is left out."""
        forest, x = self.forest, _EDGE
        estimates = [effect(row) for row in rows] + [text for pool in forest.pools for text in pooled(pool)]
        groups = [group for block in forest.blocks for division in block.divisions for group in division.groups]
        estimates += map(subgroup, groups)
        arms = [row.arms.texts for row in rows]
        self.names, names = x, max([measured(line, SIZE) for row in rows for line in wrapped(row.label, _NAMES)] or [0.0])
        x += max(names, 150.0) + _GAP
        self.room_for_names = x - self.names - _GAP
        self.doses, doses = x, [measured(line) for row in rows for line in wrapped(row.dose, _DOSES)]
        x += max(doses) + _GAP if doses else 0.0
        numbers = (
            ("n", [str(row.n or "") for row in rows]),
            ("exposed", [exposed for exposed, _ in arms]),
            ("compared", [compared for _, compared in arms]),
            ("weight", [weight(row) for row in rows]),
        )
        self.ends: dict[str, float] = {}
        for name, texts in numbers:
            if any(texts):
                x += max(measured(text, SIZE, text is name) for text in (name, *texts))
                self.ends[name] = x
                x += _GAP
        self.left = x
        effects = max([measured(HEAD, SIZE, bold=True), *map(measured, estimates)])
        lights = _GAP + _LIGHT * 2 + _STEP * len(forest.lights.domains) if self.lights else 0.0
        beside = _GAP + _SIGN + effects + lights
        # Notes need room to be read in, which the plot takes where the columns leave it.
        plot = max(_PLOT, _NARROWEST - x - beside)
        self.right = x + plot + beside
        self.signs = x + plot + _GAP
        self.estimates = self.signs + _SIGN
        self.first_light = self.estimates + effects + _GAP + _LIGHT
        self.picture.width = math.ceil(self.right + _EDGE)
        intervals = [(row.estimate.value, row.estimate.low, row.estimate.high) for row in rows if row.estimate]
        always = [forest.no_effect]
        for pool in forest.pools:
            always += [pool.ci_low, pool.ci_high]
            intervals.append((pool.value, pool.prediction_low, pool.prediction_high))
        intervals += [group.interval for group in groups if group.interval]
        self.scale: Scale = scale_of(intervals, always, is_ratio=forest.is_ratio, left=self.left, length=plot)

    def _heads(self) -> None:
        picture, y = self.picture, self.y + SIZE
        picture.words(self.names, y, "study", bold=True)
        if self.doses < min([*self.ends.values(), self.left]) - _GAP and any(row.dose for row in self.forest.rows):
            picture.words(self.doses, y, "dose", bold=True)
        for name, end in self.ends.items():
            picture.words(end, y, name, anchor="end", bold=True)
        picture.words(self.estimates, y, HEAD, bold=True)
        if self.lights:
            for column, name in enumerate([*(f"D{each}" for each in range(1, len(self.forest.lights.domains) + 1)), "all"]):
                picture.words(self.first_light + _STEP * column, y, name, anchor="middle", size=SMALL, tone=SOFT)
        self.y += SIZE + 8
        picture.line((_EDGE, self.y), (self.picture.width - _EDGE, self.y), tone=SOFT)
        self.y += 3

    def _head(self, text: str, room: float = 0.0) -> None:
        self.y += 5
        for line in wrapped(text, room or self.left - self.names - _GAP, 3, SIZE, bold=True):
            self.picture.words(self.names, self.y + SIZE, line, bold=True)
            self.y += LEADING
        self.y += 2

    def _rows(self, rows: Sequence[Row]) -> None:
        for form, several in groupby(rows, key=lambda row: row.form):
            for line in wrapped(form, self.left - self.names - _GAP, 1):
                self.picture.words(self.names, self.y + SIZE + 1, line, tone=SOFT)
                self.y += LEADING + 3
            for row in several:
                self._row(row)

    def _row(self, row: Row) -> None:
        picture = self.picture
        label = [(line, INK, SIZE) for line in wrapped(row.label, self.room_for_names)]
        if is_numbered(row.label):
            label += [(line, SOFT, SMALL) for line in wrapped(row.reported, self.room_for_names, 2, SMALL)]
        doses = wrapped(row.dose, _DOSES)
        height = LEADING * max(len(label), len(doses)) + 6
        middle = self.y + height / 2
        for place, (line, tone, size) in enumerate(label):
            picture.words(self.names, self._line(middle, len(label), place), line, tone=tone, size=size)
        for place, line in enumerate(doses):
            picture.words(self.doses, self._line(middle, len(doses), place), line)
        exposed, compared = row.arms.texts
        cells = {"n": str(row.n or ""), "exposed": exposed, "compared": compared, "weight": weight(row)}
        for name, end in self.ends.items():
            picture.words(end, self._line(middle), cells[name], anchor="end")
        self._effect(row, middle)
        picture.words(self.estimates, self._line(middle), effect(row))
        self._lit(row, middle)
        self.y += height

    def _line(self, middle: float, lines: int = 1, place: int = 0) -> float:
        """The line on which a text stands that is one of several around a middle."""
        return middle + (place - (lines - 1) / 2) * LEADING + SIZE * 0.36

    def _effect(self, row: Row, y: float) -> None:
        if row.estimate is None:
            return
        tone, estimate, computed = tone_of(row.stance), row.estimate, bool(row.estimate.computed_by)
        low, at, high = (self.scale.at(number) for number in (estimate.low, estimate.value, estimate.high))
        self.picture.line((low, y), (high, y), tone=tone, width=1.6, dashes=(2, 2) if computed else ())
        for end, number, way in ((low, estimate.low, -1), (high, estimate.high, 1)):
            if not self.scale.holds(number):
                self.picture.polygon((end + 3 * way, y), (end - 5 * way, y - 4), (end - 5 * way, y + 4), tone=tone)
        # By weight is the area, and so by its root the side.
        half = _SMALLEST if row.share is None else max(_SMALLEST, _LARGEST * math.sqrt(row.share))
        corners = ((at - half, y - half), (at + half, y - half), (at + half, y + half), (at - half, y + half))
        self.picture.polygon(*corners, tone=tone, hollow=computed)
        self.picture.words(self.signs, self._line(y), icon(row.stance), tone=tone, anchor="middle")

    def _lit(self, row: Row, y: float) -> None:
        for column, (domain, _) in enumerate((*self.forest.lights.domains, ("", ""))):
            look = palette.of_risk(row.lights[domain]) if row.lights and domain in row.lights else None
            if look and look.icon:
                x = self.first_light + _STEP * column
                self.picture.items.append(Disc(x, y, _LIGHT, (look.light, look.dark)))
                self.picture.words(x, y + SIZE * 0.36, look.icon, tone=ON_LIGHT, anchor="middle", bold=True)

    def _block(self, block: Block) -> None:
        pool = block.pool
        if len(self.forest.blocks) > 1 or pool.site or block_name(self.forest, pool) != self.forest.outcome:
            self._head(block_name(self.forest, pool))
        self._rows(block.rows)
        picture, scale, y = self.picture, self.scale, self.y + LEADING / 2 + 3
        picture.line((self.names, self.y), (self.signs, self.y), tone=SOFT, width=0.6)
        estimate, prediction = pooled(pool)
        low, at, high = (scale.at(number) for number in (pool.ci_low, pool.value, pool.ci_high))
        picture.words(self.names, self._line(y), f"pooled, {pool.trials} studies", bold=True)
        if "weight" in self.ends:
            picture.words(self.ends["weight"], self._line(y), "100%", anchor="end", bold=True)
        picture.polygon((low, y), (at, y - 7), (high, y), (at, y + 7))
        picture.words(self.estimates, self._line(y), estimate, bold=True)
        y += LEADING + 6
        low, high = scale.at(pool.prediction_low), scale.at(pool.prediction_high)
        picture.words(self.names, self._line(y), "prediction interval")
        picture.line((low, y), (high, y), width=1.6)
        for end in (low, high):
            picture.line((end, y - 4), (end, y + 4), width=1.6)
        picture.words(self.estimates, self._line(y), prediction)
        y += LEADING + 3
        for line in wrapped(heterogeneity(pool), self.left - self.names - _GAP, 3, SMALL):
            picture.words(self.names, self._line(y), line, size=SMALL, tone=SOFT)
            y += LEADING
        self.y = y
        for division in block.divisions:
            self._division(division)

    def _division(self, division: Division) -> None:
        """The subgroups of a pool: a row for each that is pooled, and a text on the others."""
        picture, scale = self.picture, self.scale
        if division.has_pools:
            self._head(f"by {division.name}")
        for group in division.groups:
            if group.interval is None:
                continue
            lines = wrapped(f"{group.label}, {group.trials} studies", self.left - self.names - _GAP, 2)
            height = LEADING * len(lines) + 6
            y = self.y + height / 2
            for place, line in enumerate(lines):
                picture.words(self.names, self._line(y, len(lines), place), line)
            at, low, high = map(scale.at, group.interval)
            picture.polygon((low, y), (at, y - 6), (high, y), (at, y + 6), hollow=True)
            picture.words(self.estimates, self._line(y), subgroup(group))
            self.y += height
        for text in divided(division):
            for line in wrapped(text, self.left - self.names - _GAP, 6, SMALL):
                picture.words(self.names, self.y + SMALL, line, size=SMALL, tone=SOFT)
                self.y += LEADING

    def _beside(self) -> None:
        """What is in no pool, under the reasons that the graph has for it."""
        for reason, rows in groupby(self.forest.beside, key=lambda row: row.reason):
            if self.forest.blocks:
                self._head(f"not pooled{f': {reason}' if reason else ''}")
            elif reason:
                self._head(reason)
            self._rows([*rows])

    def _scale_line(self, top: float) -> None:
        """The scale beneath, no effect and what would not matter behind, and what either side speaks for."""
        forest, scale, picture = self.forest, self.scale, self.picture
        self.y += 4
        behind: list[Shape | Words | Disc] = []
        if forest.band and forest.band[0] < scale.high and forest.band[1] > scale.low:
            low, high = map(scale.at, forest.band)
            behind.append(Shape(((low, top), (high, top), (high, self.y), (low, self.y)), BAND, closed=True))
        none = scale.at(forest.no_effect)
        behind.append(Shape(((none, top), (none, self.y)), SOFT))
        behind += [
            Shape(((scale.at(pool.value), top), (scale.at(pool.value), self.y)), SOFT, dashes=(3, 3))
            for pool in (forest.pools if len(forest.pools) == 1 else ())
        ]
        picture.items[self.behind : self.behind] = behind
        picture.line((scale.left, self.y), (scale.left + scale.length, self.y), tone=SOFT)
        for number in scale.ticks():
            picture.line((scale.at(number), self.y), (scale.at(number), self.y + 4), tone=SOFT)
            picture.words(scale.at(number), self.y + 16, tick(number), anchor="middle", size=SMALL)
        self.y += 20
        self._sides(none)
        for line in wrapped(f"{forest.outcome}: {forest.title}", self.picture.width - _EDGE - scale.left, 2):
            picture.words(scale.left, self.y + SIZE, line)
            self.y += LEADING
        self.y += 4

    def _sides(self, none: float) -> None:
        """What lies at the left of no effect and at the right, each with an arrow, on as many lines as they need."""
        texts = [f"← {self.forest.sides[0]}", f"{self.forest.sides[1]} →"]
        left = wrapped(texts[0], none - self.names - 8, 1, SMALL)
        right = wrapped(texts[1], self.picture.width - _EDGE - none - 8, 1, SMALL)
        for x, lines, anchor in ((none - 7, left, "end"), (none + 7, right, "start")):
            for line in lines:
                self.picture.words(x, self.y + SMALL, line, anchor=anchor, size=SMALL, tone=SOFT)
        self.y += LEADING + 2

    def _without(self) -> None:
        if not self.forest.without:
            return
        self._head("no estimate, though counted", self.right - self.names)
        x = self.names + self.room_for_names + _GAP
        end = self.first_light - _LIGHT - _GAP if self.lights else self.picture.width - _EDGE
        for row in self.forest.without:
            label = wrapped(row.label, self.room_for_names)
            texts = wrapped(row.reported or "nothing but its direction", end - x - 20, 2)
            height = LEADING * max(len(label), len(texts)) + 4
            middle = self.y + height / 2
            for place, line in enumerate(label):
                self.picture.words(self.names, self._line(middle, len(label), place), line)
            self.picture.words(x + 6, self._line(middle), icon(row.stance), tone=tone_of(row.stance), anchor="middle")
            for place, line in enumerate(texts):
                self.picture.words(x + 20, self._line(middle, len(texts), place), line, tone=SOFT)
            self._lit(row, middle)
            self.y += height

    def _notes(self) -> None:
        self.y += 6
        for note in notes(self.forest):
            self.y = self.picture.paragraph(self.names, self.y, note, self.picture.width - _EDGE - self.names)
