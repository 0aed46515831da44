"""Studies over the years as SVG by matplotlib. The same numbers give the same bytes.

Texts are drawn as text, never read as mathematics. Colours are those of `k2graph.palette`, and turn with the reader's light or dark screen.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ... import palette
from ...errors import needing
from ...evidence.model import Word
from .. import harmless
from .drawing import INK, ON_LIGHT, SOFT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SETTINGS: Any = {
    "svg.hashsalt": "k2graph",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.edgecolor": SOFT[0],
    "axes.labelcolor": INK[0],
    "text.color": INK[0],
    "xtick.color": INK[0],
    "ytick.color": INK[0],
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw_years(counts: Mapping[Word, Mapping[int, int]], looks: Sequence[palette.Look], title: str) -> bytes:
    """Stacked bars over the years, one colour and hatch a series."""
    years = sorted({year for series in counts.values() for year in series})

    def draw(figure: Figure) -> None:
        axes: Any = figure.add_subplot()
        bottom = [0] * len(years)
        for (word, series), look in zip(counts.items(), looks, strict=True):
            heights = [series.get(year, 0) for year in years]
            axes.bar(
                years, heights, 0.85, bottom, color=look.light, hatch=look.hatch, edgecolor="white", linewidth=0.3, label=harmless(word)
            )
            bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
        axes.set_ylabel(title)
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.legend(frameon=False, fontsize=8, loc="upper left", labelcolor=INK[0])

    return _svg(draw, 8.6, 3.2, 0.6)


def _svg(draw: Any, width: float, height: float, left: float, right: float = 0.15, top: float = 0.1) -> bytes:
    with needing("a plot", "plots"):
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height))
        FigureCanvasSVG(figure)
        # Margins in inches. A layout that fits itself to the texts draws everything twice.
        figure.subplots_adjust(left=left / width, right=1 - right / width, bottom=0.5 / height, top=1 - top / height)
        draw(figure)
        out = io.BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue().replace(b"<defs>", _dark(), 1)


@cache
def _dark() -> bytes:
    """Rules that turn each colour into its like for dark ground."""
    known = palette.looks()
    looks = (palette.NEUTRAL, *known.results.values(), *known.stances.values(), *known.tiers.values(), *known.risks.values())
    pairs = dict((INK, SOFT, ON_LIGHT)) | {each.light: each.dark for each in looks}
    rules = "".join(
        f'[style*="{name}: {light}"]{{{name}:{dark}!important}}' for light, dark in pairs.items() for name in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style><defs>".encode()
