"""Plots as SVG by matplotlib: forests of findings in one measure, and studies over the years. The same numbers give the same bytes.

Texts are drawn as text, never read as mathematics. Colours are those of `k2graph.palette`, and turn with the reader's light or dark screen.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from .. import palette
from ..errors import needing
from ..evidence.model import Claim, Evidence, Finding, Pooled, PooledResult, Word
from . import harmless
from .integrity import cited

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _INK_DARK, _SOFT, _SOFT_DARK = "#1f2328", "#e6e9ec", "#5a636d", "#a2abb5"
_SETTINGS: Any = {
    "svg.hashsalt": "k2graph",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.edgecolor": _SOFT,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True)
class Forest:
    """Findings on a claim that share measure and unit, each with its stance's name, and what was pooled of them.

    `computed` are the effects in these pools that no source gives so: their numbers were computed, or several results combined.
    """

    measure: str
    unit: str
    rows: tuple[tuple[Finding, str], ...]
    computed: tuple[PooledResult, ...]
    pools: tuple[Pooled, ...]

    @property
    def is_ratio(self) -> bool:
        """Whether no effect is one, not nothing, and the scale that of a ratio."""
        return all(each.is_ratio for each in self.pools) and all(row.is_ratio and row.ci_low and row.ci_low > 0 for row, _ in self.rows)


@dataclass(frozen=True)
class Lights:
    """The risk of bias at the rows of a forest: the domains to show, and by finding or investigation the words of these, all under "".

    A forest of which no row has lights is drawn without them.
    """

    domains: tuple[str, ...]
    of: Mapping[str, Mapping[str, str]]

    def at(self, forest: Forest) -> list[Mapping[str, str]]:
        """The words for each finding and each computed result of a forest, in the order of its rows; none where nobody judged."""
        names = [finding.id for finding, _ in forest.rows] + [part.investigation for part in forest.computed]
        return [self.of.get(name, {}) for name in names]


def forests(evidence: Evidence, claim: Claim) -> list[Forest]:
    """One forest for each measure and unit in which two or more findings on the claim have an interval, or a pool there is."""
    # A number that runs the other way has no place on the same axis.
    groups: dict[tuple[str, str, bool], list[tuple[Finding, str]]] = defaultdict(list)
    for bearing in claim.bearings:
        finding = evidence.findings[bearing.finding]
        if None not in (finding.value, finding.ci_low, finding.ci_high):
            groups[finding.measure, finding.unit, finding.is_inverse].append((finding, bearing.stance.notation))
    found = []
    for each in claim.pooled:
        # A pool may rest on computed numbers alone.
        groups[each.measure, each.unit, each.is_inverse] += []
    for (measure, unit, inverse), rows in sorted(groups.items()):
        pools = tuple(each for each in claim.pooled if (each.measure, each.unit, each.is_inverse) == (measure, unit, inverse))
        if len(rows) > 1 or pools:
            computed = tuple(part for each in pools for part in each.parts if part.computed_by)
            rows.sort(key=lambda row: (evidence.reports[row[0].report].year, row[0].id))
            found.append(Forest(measure, unit, tuple(rows), computed, pools))
    return found


_DARK = Lights((), {})


def draw_forest(evidence: Evidence, forest: Forest, lights: Lights = _DARK) -> bytes:
    """A point and its interval for each finding, dotted where it was computed; each pool beneath, a diamond on its prediction interval.

    At the right the risk of bias of the vote in which a finding counts, where it was judged.
    """
    names = [_name(evidence, finding) for finding, _ in forest.rows]
    names += [_shortened(f"{evidence.name(part.investigation)} (computed)") for part in forest.computed]
    names += [_shortened(f"pooled{f', {each.site}' if each.site else ''} ({each.trials} trials)") for each in forest.pools]
    lines = len(names)

    def draw(figure: Figure) -> None:
        axes: Any = figure.add_subplot()
        for place, (finding, stance) in enumerate(forest.rows):
            tone = palette.of_stance(stance).light
            axes.plot([finding.ci_low, finding.ci_high], [place, place], color=tone, linewidth=1.6)
            axes.plot([finding.value], [place], marker="s", markersize=6, color=tone)
        for place, part in enumerate(forest.computed, len(forest.rows)):
            axes.plot([part.ci_low, part.ci_high], [place, place], color=_SOFT, linewidth=1.6, linestyle=(0, (1, 1)))
            axes.plot([part.value], [place], marker="s", markersize=6, markerfacecolor="none", color=_SOFT)
        for place, pooled in enumerate(forest.pools, len(forest.rows) + len(forest.computed)):
            axes.plot([pooled.prediction_low, pooled.prediction_high], [place, place], color=_INK, linewidth=1)
            axes.fill([pooled.ci_low, pooled.value, pooled.ci_high, pooled.value], [place, place - 0.28, place, place + 0.28], color=_INK)
        axes.axvline(1 if forest.is_ratio else 0, color=_SOFT, linewidth=0.8, linestyle=(0, (4, 3)))
        if forest.is_ratio:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter("{x:g}")
            axes.tick_params(axis="x", which="minor", labelsize=7)
        axes.set_yticks(range(lines), names)
        axes.set_ylim(lines - 0.4, -0.6)
        axes.set_xlabel(harmless(f"{forest.measure}{f', {forest.unit}' if forest.unit else ''}")[:90])
        if lit:
            _draw_lights(axes, lights.domains, judged)

    judged = lights.at(forest)
    lit = any(judged)
    right, top = (_LIGHTS + _STEP * (len(lights.domains) + 1), 0.2) if lit else (0.15, 0.0)
    # A letter of this size is about so wide, in inches; a browser may have another font.
    left = max(2.7, 0.3 + 0.075 * max(map(len, names)))
    return _svg(draw, left + 3.95 + right, 0.7 + top + 0.3 * lines, left, right, 0.1 + top)


#: How far right of the plot its lights begin, and from one to the next, in inches.
_LIGHTS, _STEP = 0.15, 0.23


def _draw_lights(axes: Any, domains: Sequence[str], judged: Sequence[Mapping[str, str]]) -> None:
    """A disc with its sign for each domain and each row, the overall word last, beneath what they are called."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    for column, domain in enumerate((*domains, "")):
        away = _LIGHTS + _STEP * (column + 0.5)
        # At the right edge of the axes and so many inches away; up and down by rows.
        beside = blended_transform_factory(axes.transAxes, axes.transData) + ScaledTranslation(away, 0, axes.figure.dpi_scale_trans)
        above = axes.transAxes + ScaledTranslation(away, 0.03, axes.figure.dpi_scale_trans)
        axes.text(1, 1, f"D{column + 1}" if domain else "all", transform=above, ha="center", va="bottom", fontsize=7, color=_SOFT)
        for place, words in enumerate(judged):
            look = palette.of_risk(words[domain]) if domain in words else None
            if look and look.icon:
                axes.plot([1], [place], marker="o", markersize=12, color=look.light, transform=beside, clip_on=False)
                sign = {"ha": "center", "va": "center", "fontsize": 8, "fontweight": "bold", "color": "#ffffff"}
                axes.text(1, place, look.icon, transform=beside, **sign)


def _name(evidence: Evidence, finding: Finding) -> str:
    return _shortened(f"{cited(evidence, finding.report)}: {evidence.name(finding.subject)}")


def _shortened(label: str) -> str:
    text = harmless(label)
    return text if len(text) <= 42 else text[:41] + "…"


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
        axes.legend(frameon=False, fontsize=8, loc="upper left", labelcolor=_INK)

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
    pairs = {_INK: _INK_DARK, _SOFT: _SOFT_DARK, "#ffffff": "#15181c"} | {each.light: each.dark for each in looks}
    rules = "".join(
        f'[style*="{name}: {light}"]{{{name}:{dark}!important}}' for light, dark in pairs.items() for name in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style><defs>".encode()
