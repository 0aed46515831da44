"""How a standing, a stance, a tier and a kind of thing look: one icon, one colour and one line everywhere.

The looks of words stand in ontology/looks.toml, and a word without one has a neutral look, so that nothing but a word in the ontology is
needed for another result, stance or tier. Kinds of things are drawn as their classes say, in the shapes that are here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import resources
from .errors import InputError


@dataclass(frozen=True)
class Look:
    """How a word looks, neutral where nothing is said: what each field is, ontology/looks.toml says."""

    icon: str = "•"
    light: str = "#6a7078"
    dark: str = "#9aa1a9"
    dashes: tuple[int, ...] = (1, 3)
    hatch: str = "--"
    border: str = "solid"
    terminal: str = "38;5;244"


@dataclass(frozen=True)
class Looks:
    """The looks of the words of four schemes, each by its notation."""

    results: Mapping[str, Look]
    stances: Mapping[str, Look]
    tiers: Mapping[str, Look]
    risks: Mapping[str, Look]


@dataclass(frozen=True)
class Shape:
    """How a kind of thing is drawn: one of vis-network's shapes, its fill and border on light and on dark ground."""

    label: str
    shape: str
    light: tuple[str, str]
    dark: tuple[str, str]
    radius: int = 0
    dashed: bool = False


NEUTRAL = Look()

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


#: Of drawings: ink, what is less to be seen, the ground, and the faintest lines.
INK, SOFT, GROUND, FAINT = "#1f2328", "#5a636d", "#ffffff", "#d8dce0"
ON_DARK = {INK: "#e6e9ec", SOFT: "#a2abb5", GROUND: "#15181c", FAINT: "#343a41"}
#: Fonts of drawings: those that journals ask for come first.
FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
#: Paper is never dark.
DARK_SCREEN = "@media screen and (prefers-color-scheme:dark)"


def dark_rules(within: str = "", drawn: str | None = None) -> str:
    """Rules of CSS that turn each colour of a drawing into its like for dark ground, in all or in what a selector chooses.

    `drawn`: only those for the colours that stand in a text.
    """
    pairs = ON_DARK | {each.light: each.dark for each in (NEUTRAL, *looks().results.values())}
    fills = {each.light[0]: each.dark[0] for each in SHAPES.values()} | pairs
    strokes = {each.light[1]: each.dark[1] for each in SHAPES.values()} | pairs
    rules = {
        f'[{name}="{light}"]': f"{{{name}:{dark}}}" for name, some in (("fill", fills), ("stroke", strokes)) for light, dark in some.items()
    }
    # In brackets a rule chooses by an attribute, which is written in a drawing as in the rule.
    return "".join(f"{within}{chosen}{rule}" for chosen, rule in rules.items() if drawn is None or chosen[1:-1] in drawn)


@cache
def looks() -> Looks:
    """The looks of words, read once.

    Raises:
        InputError: where the file that says them is not in order.
    """
    return read_looks(resources.LOOKS)


def of_result(notation: str) -> Look:
    """How a result looks, by its notation."""
    return looks().results.get(notation, NEUTRAL)


def of_stance(notation: str) -> Look:
    """How a stance looks, by its notation."""
    return looks().stances.get(notation, NEUTRAL)


def of_tier(notation: str) -> Look:
    """How a tier looks, by its notation.

    >>> of_tier("human-trials").icon, of_tier("a tier of tomorrow").icon
    ('●', '•')
    """
    return looks().tiers.get(notation, NEUTRAL)


def of_risk(notation: str) -> Look:
    """How a risk of bias looks, by its notation.

    >>> of_risk("low").icon
    '+'
    """
    return looks().risks.get(notation, NEUTRAL)


def read_looks(path: Path) -> Looks:
    """The looks that a file says.

    Raises:
        InputError: where it is not in order.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name}: cannot be read: {error}") from error
    results: dict[str, Look] = {}
    found = {"results": results, "stances": {}, "tiers": {}, "risks": {}}
    if unknown := sorted(set(tables) - set(found)):
        raise InputError(f"{path.name}: {unknown[0]!r} is no scheme whose words have looks; known are {', '.join(found)}")
    for scheme, words in found.items():
        for word, given in _table(f"{path.name}: {scheme}", tables.get(scheme, {})).items():
            words[word] = _look(f"{path.name}: {scheme}.{word}", given, results)
    return Looks(**found)


def _table(where: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where} is {value!r}, which is no table")
    return value


def _look(where: str, given: Any, results: Mapping[str, Look]) -> Look:
    values = asdict(NEUTRAL)
    if "like" in _table(where, given):
        if str(given["like"]) not in results:
            raise InputError(f"{where}.like is {given['like']!r}, which is no result that stands before it; known are {', '.join(results)}")
        values |= asdict(results[given["like"]])
    for name, value in given.items():
        if name == "like":
            continue
        if name not in values:
            raise InputError(f"{where}: {name!r} is not known here; known are like, {', '.join(values)}")
        if not (_is_dashes(value) if name == "dashes" else isinstance(value, str)):
            raise InputError(f"{where}.{name} is {value!r}, which is not {'a list of whole numbers' if name == 'dashes' else 'a text'}")
        values[name] = value
    return Look(**values | {"dashes": tuple(values["dashes"])})


def _is_dashes(value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int for each in value)


def thickness(investigations: int) -> float:
    """Width of a line in pixels: the more independent investigations, the thicker, up to seven."""
    return 1.8 + 0.8 * min(investigations, 7)
