"""Mechanisms as Mermaid flowcharts, which GitHub, GitLab, Obsidian and notebooks draw in Markdown.

A text stands in quotation marks, and what is neither letter nor digit nor plain in it as an entity of Mermaid (`#35;`), so that no text of
the graph is Mermaid, Markdown or HTML: https://mermaid.js.org/syntax/flowchart.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from .. import palette
from ..text import one_line
from . import Format, Part
from .mechanisms import Arrow, Diagram, Thing, has_mechanisms, write_each

#: What stands for itself in a text; what could begin a list, and Mermaid's own mark of an entity (a ligature), do not.
_NOT_PLAIN = re.compile(r"[^\w ,()≈-]|[_\ufb02]|^[\d-]|-(?=-)|^\(")


def write_mermaid(part: Part, path: Path) -> Mapping[str, int]:
    """A folder with a file for each mechanism."""
    return write_each(part, path, ".mmd", mermaid)


def mermaid(drawn: Diagram) -> str:
    """A mechanism in Mermaid. Above each arrow a comment says which claim it is, and how this stands in words of the vocabulary."""
    names = {thing.id: f"t{number}" for number, thing in enumerate(drawn.things)}
    # A title of Mermaid is YAML, of which JSON is a part.
    lines = ["---", f"title: {json.dumps(drawn.label, ensure_ascii=False)}", "---", "flowchart TB"]
    lines += [line for thing in drawn.things for line in _thing(names[thing.id], thing)]
    drawn_between: set[tuple[str, str]] = set()
    lines_drawn = 0
    for number, arrow in enumerate(drawn.arrows):
        # Mermaid lays texts of lines with the same ends over each other, but no box.
        boxed = f"c{number}" if (arrow.start, arrow.end) in drawn_between else ""
        drawn_between.add((arrow.start, arrow.end))
        lines += _arrow(arrow, names[arrow.start], names[arrow.end], boxed, lines_drawn)
        lines_drawn += 2 if boxed else 1
    lines += [f'  about["{_text(drawn.verdict)}<br/>{_text(drawn.about)}"]']
    # Above all else, where no line passes.
    lines += [f"  about ~~~ {names[drawn.things[0].id]}"]
    lines += [f"  style about fill:{palette.GROUND},stroke:{palette.FAINT},color:{palette.INK}"]
    return "\n".join(lines) + "\n"


def _thing(name: str, thing: Thing) -> list[str]:
    fill, border = thing.shape.light
    opens, closes = ("([", "])") if thing.shape.shape == "ellipse" else ("(", ")") if thing.shape.radius else ("[", "]")
    dashes = ",stroke-dasharray:5 4" if thing.shape.dashed else ""
    return [
        f"  %% {one_line(thing.id)}",
        f'  {name}{opens}"{_text(thing.label)}"{closes}',
        f"  style {name} fill:{fill},stroke:{border},color:{palette.INK}{dashes}",
    ]


def _arrow(arrow: Arrow, start: str, end: str, box: str, place: int) -> list[str]:
    """An arrow, which is line number `place` of all, with its text on it or in a box halfway."""
    width = palette.thickness(arrow.claim.standing.investigations) / (1 if arrow.is_link else 2)
    dashes = " ".join(map(str, arrow.look.dashes)) or "none"
    parts = "; ".join(f"{name} {value}" for name, value in arrow.attributes.items() if name != "standing")
    place_of = f"{place},{place + 1}" if box else f"{place}"
    text = f'"{"<br/>".join(map(_text, arrow.lines))}"'
    return [
        f"  %% {one_line(parts)}",
        f"  {start} --- {box}[{text}] --> {end}" if box else f"  {start} -->|{text}| {end}",
        *([f"  style {box} fill:{palette.GROUND},stroke:{palette.FAINT},color:{palette.INK}"] if box else []),
        f"  linkStyle {place_of} stroke:{arrow.look.light},stroke-width:{width:.2f}px,stroke-dasharray:{dashes}",
    ]


def _text(text: str) -> str:
    """A text as Mermaid shows it as it is.

    >>> _text('p < 0.05: "GGCX"; 1. <b>')
    'p #60; 0#46;05#58; #34;GGCX#34;#59; 1#46; #60;b#62;'
    """
    return _NOT_PLAIN.sub(lambda found: f"#{ord(found[0])};", one_line(text))


MERMAID = Format(
    "mermaid",
    "Mechanisms as Mermaid flowcharts",
    "GitHub, GitLab, Obsidian, Quarto, Jupyter, mermaid.live",
    "each mechanism as a flowchart of its own: things by kind; links, how far the exposure reaches, and end to end as arrows with the "
    "standing and certainty of each in words, and by colour, line and width; verdict; in comments the ids of things and claims",
    "all claims that are in no mechanism, votes, findings and reports; of long texts, the end; whether a claim raises or lowers is in its "
    "words alone",
    "",
    write_mermaid,
    has=has_mechanisms,
)
