"""Draws a figure in points of print: text, boxes, and lines as the palette has them. Whatever is written is escaped.

Colours stand as attributes, which every program that reads SVG understands; a rule for each turns it into its like on a dark screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from ... import palette
from ...palette import DARK_SCREEN, FONTS, GROUND, INK, dark_rules
from ..lettering import folded
from .parts import Standing

#: Sizes of letters: the smallest that journals take; names of things; the heading. A line is higher than its letters.
SMALL, NAME, HEADING, LEADING = 7.0, 7.5, 10.5, 1.22
#: Points in a millimetre, and around all that is drawn.
MM = 72 / 25.4
MARGIN = 4.0
#: Stands for a space at which no line ends, and never in a text.
_GLUE = "\x01"
#: Of a line on a screen, how thick it and its dashes are in print.
_THIN = 0.45
_HEAD = 5.0
#: A run of text in one colour, bold or not.
Run = tuple[str, str, bool]
Point = tuple[float, float]
#: Left, top, width and height.
Place = tuple[float, float, float, float]


class Pen:
    """A figure that grows downwards: what is drawn so far, and the width for it in points, its margins left out."""

    def __init__(self, millimetres: int) -> None:
        self.millimetres = millimetres
        self.width = millimetres * MM - 2 * MARGIN
        self._parts: list[str] = []

    def begin(self, kind: str) -> None:
        """Begin a group."""
        self._parts.append(f'<g class="{kind}">')

    def end(self) -> None:
        """End the group."""
        self._parts.append("</g>")

    def box(self, place: Place, fill: str, stroke: str, thick: float = 0.8, dashes: str = "", radius: float = 0) -> None:
        """A rectangle."""
        x, y, width, height = place
        self._parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{radius:g}" fill="{fill}" stroke="{stroke}"'
            f' stroke-width="{thick:g}"{_dashed(dashes)}/>'
        )

    def line(self, points: Iterable[Point], stroke: str, thick: float = 0.8, dashes: str = "") -> None:
        """A line from point to point."""
        path = " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
        self._parts.append(f'<path d="M{path}" fill="none" stroke="{stroke}" stroke-width="{thick:g}"{_dashed(dashes)}/>')

    def text(self, x: float, y: float, runs: Sequence[Run], size: float = SMALL, anchor: str = "start") -> None:
        """One line of text, its baseline at y."""
        spans = "".join(
            f'<tspan fill="{colour}"{" font-weight=" + quoteattr("bold") if bold else ""}>{escape(words)}</tspan>'
            for words, colour, bold in runs
        )
        self._parts.append(f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" text-anchor="{anchor}">{spans}</text>')

    def lines(self, x: float, y: float, lines: Iterable[Sequence[Run]], size: float = SMALL, anchor: str = "start") -> float:
        """Lines of text below y; where they end."""
        for runs in lines:
            y += size * LEADING
            # The baseline is above the lower end of the line by what hangs from letters.
            self.text(x, y - size * 0.26, runs, size, anchor)
        return y

    def arrow(self, points: Sequence[Point], standing: Standing) -> None:
        """A line with the look of a standing; its last stretch is straight and ends in a head, or in a bar where it decreases."""
        look, thick = standing.look, palette.thickness(standing.investigations) * _THIN
        (x0, y0), (x1, y1) = points[-2:]
        long = max(abs(x1 - x0), abs(y1 - y0)) or 1.0
        dx, dy = (x1 - x0) / long, (y1 - y0) / long
        before = _HEAD - 1 if standing.is_increase else 1.0
        self.line([*points[:-1], (x1 - dx * before, y1 - dy * before)], look.light, round(thick, 2), dashes_of(look))
        if standing.is_increase:
            back, side = (x1 - dx * _HEAD, y1 - dy * _HEAD), _HEAD * 0.55
            corners = [(x1, y1), (back[0] - dy * side, back[1] - dx * side), (back[0] + dy * side, back[1] + dx * side)]
            path = " L".join(f"{x:.2f} {y:.2f}" for x, y in corners)
            self._parts.append(f'<path d="M{path} Z" fill="{look.light}"/>')
        else:
            x, y = x1 - dx, y1 - dy
            self.line([(x - dy * _HEAD, y - dx * _HEAD), (x + dy * _HEAD, y + dx * _HEAD)], look.light, 2.0)

    def gap(self, x: float, y: float, look: palette.Look, *, whole: bool, upright: bool = False) -> None:
        """The break of a chain across a line at a place: two strokes, whole where it stops, dashed where it is left open."""
        self.begin("break")
        wide, high = (16.0, 5.0) if upright else (5.0, 16.0)
        self.box((x - wide / 2, y - high / 2, wide, high), GROUND, GROUND, 0.4)
        for by in (-2.5, 2.5):
            ends = [(x - 8, y + by + 3), (x + 8, y + by - 3)] if upright else [(x + by - 3, y + 8), (x + by + 3, y - 8)]
            self.line(ends, look.light, 1.8 if whole else 1.4, "" if whole else "3 1.8")
        self.end()

    def svg(self, height: float, title: str, description: str, *, for_paper: bool = False) -> str:
        """The whole as a document; `for_paper`: it stays light on a dark screen."""
        wide, high = self.width + 2 * MARGIN, height + 2 * MARGIN
        size = f'width="{self.millimetres}mm" height="{high / MM:.2f}mm" viewBox="{-MARGIN:g} {-MARGIN:g} {wide:.2f} {high:.2f}"'
        ground = f'<rect x="{-MARGIN:g}" y="{-MARGIN:g}" width="{wide:.2f}" height="{high:.2f}" fill="{GROUND}"/>'
        drawn = ground + "".join(self._parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d" font-family="{FONTS}">'
            f'<title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc>'
            f"{'' if for_paper else _dark_style(drawn)}{drawn}</svg>\n"
        )


def _dark_style(drawn: str) -> str:
    """What turns a figure's colours on a dark screen."""
    return f"<style>{DARK_SCREEN}{{{dark_rules(drawn=drawn)}}}</style>"


def plain(text: str, width: float, colour: str = INK, *, size: float = SMALL, bold: bool = False, most: int = 0) -> list[list[Run]]:
    """Text of one colour as lines of at most a width."""
    return [[(line, colour, bold)] for line in folded(text, width, size, bold=bold, most=most)]


def stands(standing: Standing, width: float) -> list[list[Run]]:
    """A standing as lines: its icon in its colour, its words, and where anybody tested it the icon of its tier beside the last."""
    icon = standing.look.icon
    # The icon is bold, and a little wider than what is measured as plain.
    tier = f"{_GLUE}{standing.tier_icon}" if standing.investigations else ""
    lines = [line.replace(_GLUE, " ") for line in folded(f"{icon} {standing.words}{tier}", width - 1, SMALL)]
    runs: list[list[Run]] = [[(line, INK, False)] for line in lines]
    if lines and lines[0].startswith(icon):
        runs[0] = [(icon, standing.look.light, True), (lines[0].removeprefix(icon), INK, False)]
    return runs


def dashes_of(look: palette.Look) -> str:
    """The dashes of a look, in print."""
    return " ".join(f"{dash * _THIN:g}" for dash in look.dashes)


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""
