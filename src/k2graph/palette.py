"""How a standing, a stance, a tier and a kind of thing look: one icon, one colour and one line everywhere.

Words and order are the ontology's; only their looks are here, for the map, the pages, the plots and the terminal. Results and stances
share a palette that colour-blind readers can tell apart (after Okabe and Ito, https://jfly.uni-koeln.de/color/), and no look rests on
colour alone: each has an icon and a dash pattern of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """An icon, a colour on light and on dark ground, the dashes of a line in pixels (none: solid), and a colour of terminals."""

    icon: str
    light: str
    dark: str
    dashes: tuple[int, ...] = ()
    terminal: str = ""


@dataclass(frozen=True)
class Shape:
    """How a kind of thing is drawn: one of vis-network's shapes, its fill and border on light and on dark ground."""

    label: str
    shape: str
    light: tuple[str, str]
    dark: tuple[str, str]
    radius: int = 0
    dashed: bool = False


RESULTS = {
    "consistent": Look("✔", "#0068a8", "#5ab0f0", (), "34"),
    "single": Look("✓", "#2f8fc4", "#9ad1f5", (12, 4), "36"),
    "leaning": Look("↗", "#4f7d3a", "#9ccc7e", (10, 3, 3, 3), "32"),
    "contested": Look("≈", "#b36200", "#f0a63c", (8, 3, 2, 3), "33"),
    "not-shown": Look("◇", "#6b5f86", "#b9aed6", (6, 4), "35"),
    "no-important-effect": Look("∅", "#5f6670", "#b4bcc6", (4, 4), "90"),
    "contrary": Look("✘", "#c23b17", "#ff8560", (14, 3, 2, 3, 2, 3), "31"),
    "untested": Look("?", "#7d848c", "#838b95", (2, 5), "90"),
}

STANCES = {
    "supports": RESULTS["consistent"],
    "mixed": RESULTS["contested"],
    "open": RESULTS["not-shown"],
    "excludes": RESULTS["no-important-effect"],
    "contradicts": RESULTS["contrary"],
}

#: The fuller the circle, the nearer to people.
TIERS = {
    "human-trials": "●",
    "people-not-randomised": "◕",
    "animals": "◑",
    "cells-and-assays": "◔",
    "opinion": "○",
    "nothing": "·",
}

#: Hatches of bars, which tell them apart where colour does not; their colours are those of results.
TIER_BARS = {
    "human-trials": ("consistent", ""),
    "people-not-randomised": ("single", "//"),
    "animals": ("contested", ".."),
    "cells-and-assays": ("no-important-effect", "xx"),
    "opinion": ("untested", "||"),
}
STANCE_HATCHES = {"supports": "", "mixed": "..", "open": "oo", "excludes": "xx", "contradicts": "//"}

#: By what a class says that it is drawn as (`k2g:drawnAs`).
SHAPES = {
    "form": Shape("nutrient or form", "box", ("#d3ece8", "#1d7a6d"), ("#123f3a", "#58c7b6"), 3),
    "drug": Shape("drug", "box", ("#f7dbe8", "#a8326e"), ("#4a1c33", "#ec8fbd"), 3, dashed=True),
    "molecule": Shape("molecule", "ellipse", ("#e6e2f6", "#5b4ba8"), ("#2e2857", "#a99cf0")),
    "process": Shape("process or tissue", "box", ("#eceef0", "#5a636d"), ("#2c3238", "#9aa5b1"), 16),
    "marker": Shape("biomarker", "ellipse", ("#fbf0cf", "#8a6a00"), ("#40360f", "#dcb94a"), dashed=True),
    "outcome": Shape("outcome or disease", "box", ("#ffffff", "#1f2328"), ("#15181c", "#e6e9ec"), 0),
    "other": Shape("other", "ellipse", ("#ffffff", "#8a9097"), ("#1d2126", "#838b95")),
}


def thickness(investigations: int) -> float:
    """Width of a line in pixels: the more independent investigations, the thicker, up to seven."""
    return 1.8 + 0.8 * min(investigations, 7)
