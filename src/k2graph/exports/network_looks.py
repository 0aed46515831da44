"""How the claims look as a network in other people's programs: as on our own maps, by the same palette and the same way to lay out.

A program that draws an export without more is shown at once which claims are shown, contested or untested, and what each raises or lowers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import palette
from ..views.layout import ROW, rows_of_points
from ..views.shown import drawn_as

if TYPE_CHECKING:
    from ..evidence.model import Claim, Evidence

#: The columns in which things stand, by how they are drawn: from what something is in, over what is taken, to what comes of it.
_LANES = (("other",), ("form", "drug"), ("molecule",), ("process",), ("marker",), ("outcome",))
#: How wide the whole is for its height, and in pixels from column to column at least.
_SHAPE, _COLUMN = 1.4, 430.0
#: The height of a box, and so its width for each of its letters and beside them, in pixels.
_HEIGHT, _LETTER, _BESIDE = 32.0, 7.0, 24.0


@dataclass(frozen=True)
class ThingLook:
    """Where a thing stands, in pixels to the right and down, and how it is drawn: fill, border and shape by what kind of thing it is."""

    x: float
    y: float
    drawn: str

    @property
    def shape(self) -> palette.Shape:
        """As the palette has it."""
        return palette.SHAPES[self.drawn]


@dataclass(frozen=True)
class ClaimLook:
    """How the line of a claim is drawn: colour and line by its result, width in pixels by how many investigations, end by its direction.

    `line` is `solid`, `dashed`, `dotted` or `double`.
    """

    colour: str
    line: str
    width: float
    raises: bool


def things(evidence: Evidence) -> dict[str, ThingLook]:
    """The look of each entity, by its id."""
    drawn = {name: drawn_as(evidence, name) for name in sorted(evidence.entities)}
    lanes = [lane for lane in _LANES if not set(lane).isdisjoint(drawn.values())]
    columns = {name: next(number for number, lane in enumerate(lanes) if group in lane) for name, group in drawn.items()}
    if not columns:
        return {}
    edges = {(claim.subject, claim.object) for claim in evidence.claims.values() if columns[claim.subject] != columns[claim.object]}
    # Lines may run through boxes here, where they are hundreds: room for each to pass would make boxes as far apart as stars.
    order = {point[0]: row for point, row in rows_of_points(columns, sorted(edges)).items() if len(point) == 1}
    piles = [
        sorted((name for name in columns if columns[name] == column), key=lambda name: (order[name], name)) for column in range(len(lanes))
    ]
    wide = max(_COLUMN, _SHAPE * ROW * max(map(len, piles)) / max(1, len(lanes) - 1))
    return {
        name: ThingLook(round(column * wide, 1), round((row - (len(pile) - 1) / 2) * ROW, 1), drawn[name])
        for column, pile in enumerate(piles)
        for row, name in enumerate(pile)
    }


def of_claim(claim: Claim, evidence: Evidence) -> ClaimLook:
    """The look of a claim."""
    look = palette.of_result(claim.standing.result.notation)
    return ClaimLook(look.light, line_of(look), palette.thickness(claim.standing.investigations), evidence.is_increase(claim))


def line_of(look: palette.Look) -> str:
    """The kind of line of a look, in the words that most programs have.

    >>> line_of(palette.of_result("consistent")), line_of(palette.of_result("contested")), line_of(palette.of_result("untested"))
    ('solid', 'double', 'dotted')
    """
    return look.border if look.border != "solid" or not look.dashes else "dashed"


def rgb(colour: str) -> dict[str, int]:
    """A colour as three numbers up to 255.

    >>> rgb("#0068a8")
    {'r': 0, 'g': 104, 'b': 168}
    """
    return {name: int(colour[place : place + 2], 16) for name, place in (("r", 1), ("g", 3), ("b", 5))}


def cx2_properties(results: Iterable[str], groups: Iterable[str]) -> dict[str, Any]:
    """The `visualProperties` of a CX2 network whose nodes have `label` and `drawn`, and whose edges `result`, `width` and `effect`.

    Names and values are those of the specification of CX2 2.0 (https://cytoscape.org/cx/cx2).
    """
    results, groups = sorted(results), sorted(groups)

    def mapped(attribute: str, values: dict[str, Any]) -> dict[str, Any]:
        listed = [{"v": word, "vp": value} for word, value in values.items()]
        return {"type": "DISCRETE", "definition": {"attribute": attribute, "type": "string", "map": listed}}

    def passed(attribute: str, kind: str) -> dict[str, Any]:
        return {"type": "PASSTHROUGH", "definition": {"attribute": attribute, "type": kind}}

    looks = {word: palette.of_result(word) for word in results}
    shapes = {group: palette.SHAPES[group] for group in groups}
    colours = mapped("result", {word: look.light for word, look in looks.items()})
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": palette.GROUND},
            "node": {
                "NODE_HEIGHT": _HEIGHT,
                "NODE_BORDER_WIDTH": 1.5,
                "NODE_LABEL_COLOR": palette.INK,
                "NODE_LABEL_FONT_SIZE": 12,
                "NODE_BACKGROUND_OPACITY": 1.0,
                "nodeSizeLocked": False,
            },
            "edge": {
                "EDGE_LINE_COLOR": palette.NEUTRAL.light,
                "EDGE_LINE_STYLE": line_of(palette.NEUTRAL),
                "EDGE_OPACITY": 1.0,
                "EDGE_TARGET_ARROW_SHAPE": "triangle",
                "EDGE_TARGET_ARROW_SIZE": 8.0,
            },
        },
        "nodeMapping": {
            "NODE_LABEL": passed("label", "string"),
            "NODE_WIDTH": passed("width", "double"),
            "NODE_BACKGROUND_COLOR": mapped("drawn", {group: shape.light[0] for group, shape in shapes.items()}),
            "NODE_BORDER_COLOR": mapped("drawn", {group: shape.light[1] for group, shape in shapes.items()}),
            "NODE_BORDER_STYLE": mapped("drawn", {group: "dashed" if shape.dashed else "solid" for group, shape in shapes.items()}),
            "NODE_SHAPE": mapped("drawn", {group: _cx2_shape(shape) for group, shape in shapes.items()}),
        },
        "edgeMapping": {
            "EDGE_LINE_COLOR": colours,
            "EDGE_TARGET_ARROW_COLOR": colours,
            "EDGE_LINE_STYLE": mapped("result", {word: line_of(look) for word, look in looks.items()}),
            "EDGE_WIDTH": passed("width", "double"),
            "EDGE_TARGET_ARROW_SHAPE": mapped("effect", {"raises": "triangle", "lowers": "tee"}),
        },
    }


def width_of(label: str) -> float:
    """How wide a box is, in pixels, that holds a label in letters of twelve."""
    return round(len(label) * _LETTER + _BESIDE, 1)


def _cx2_shape(shape: palette.Shape) -> str:
    return "ellipse" if shape.shape == "ellipse" else "round-rectangle" if shape.radius else "rectangle"
