"""The key of the routed map, drawn: what lines, signs and boxes mean, and where the picture is from, so that it can be taken away whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from ... import palette
from ...evidence.dataset import dataset_of
from ...evidence.model import Evidence
from ...palette import INK, SOFT
from .. import harmless
from ..lettering import folded, width_of
from .plan import MARGIN, SIZE

#: How wide the key is; a map that is narrower gets as wide. Between one sign and the next, and from line to line.
WIDTH, _APART, _LEADING = 700.0, 18.0, 20.0
#: How wide the sign of a line and that of a box are.
_LINE, _BOX = 40.0, 24.0
_WORDS = (
    "→ increases",
    "⊣ decreases",
    "thicker: more independent investigations",
    "thin grey: is a form, kind or state of",
    "hollow: end to end over a mechanism",
)


def key(evidence: Evidence, *, tiers: bool = False) -> tuple[str, float]:
    """The key as a group of SVG, to stand beneath a map, and how high it is; with `tiers` their signs are in it."""
    parts: list[str] = []
    x, y = MARGIN, 4.0
    for sign, wide, text in _entries(evidence, tiers):
        begins = wide + 5 * bool(wide)
        length = begins + width_of(text, SIZE)
        if x > MARGIN and x + length > WIDTH - MARGIN:
            x, y = MARGIN, y + _LEADING
        words = f'<text x="{begins:g}" y="13">{escape(text)}</text>'
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{sign}{words}</g>')
        x += length + _APART
    y += _LEADING + 4
    for line in folded(_source(evidence), WIDTH - 2 * MARGIN, SIZE, most=3):
        parts.append(f'<text x="{MARGIN:g}" y="{y + 13:.1f}" fill="{SOFT}">{escape(line)}</text>')
        y += 16
    return f'<g font-size="{SIZE:g}" fill="{INK}">{"".join(parts)}</g>', y + MARGIN


def _entries(evidence: Evidence, tiers: bool) -> Iterator[tuple[str, float, str]]:
    """Each sign, how wide it is, and what it means."""
    for word in evidence.scheme("results"):
        look = palette.of_result(word.notation)
        dashes = f' stroke-dasharray="{" ".join(f"{dash:g}" for dash in look.dashes)}"' if look.dashes else ""
        line = f'<path d="M0 9H{_LINE:g}" fill="none" stroke="{look.light}" stroke-width="2.5"{dashes}/>'
        yield line, _LINE, f"{look.icon} {harmless(word.label)}"
    for word in evidence.tiers_of_evidence if tiers else ():
        yield "", 0.0, f"{palette.of_tier(word.notation).icon} {harmless(word.label)}"
    for words in _WORDS:
        yield "", 0.0, words
    for name, shape in palette.SHAPES.items():
        if name != "other":
            yield _sign(shape), _BOX, shape.label


def _sign(shape: palette.Shape) -> str:
    rounded = 7.0 if shape.shape == "ellipse" else min(shape.radius, 6)
    dashes = ' stroke-dasharray="3 2"' if shape.dashed else ""
    fill, stroke = shape.light
    look = f'rx="{rounded:g}" fill="{fill}" stroke="{stroke}" stroke-width="1.4"{dashes}'
    return f'<rect x="0.8" y="2" width="{_BOX - 1.6:g}" height="14" {look}/>'


def _source(evidence: Evidence) -> str:
    dataset = dataset_of(evidence.facts)
    parts: Sequence[str] = (" ".join(filter(None, (dataset.title, dataset.version))), dataset.date, dataset.licence_name)
    return f"Source: {', '.join(' '.join(harmless(part).split()) for part in parts if part)}"
