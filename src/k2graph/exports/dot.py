"""Mechanisms as DOT, for Graphviz and all that reads its language; the syntax is that of https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap

from .. import palette
from ..iris import name as iri
from ..text import one_line
from . import Format, Part
from .mechanisms import Arrow, Diagram, Thing, has_mechanisms, write_each
from .network_looks import line_of

#: Letters in a line at an arrow and in the title, at most: Graphviz breaks none.
_AT_ARROW, _IN_TITLE = 36, 80


def write_dot(part: Part, path: Path) -> Mapping[str, int]:
    """A folder with a file for each mechanism."""
    return write_each(part, path, ".dot", dot)


def dot(drawn: Diagram) -> str:
    """A mechanism in DOT: a box is called by the id of its thing, and an arrow has what programs read beside what people do."""
    title = [*wrap(drawn.label, _IN_TITLE), *wrap(drawn.verdict, _IN_TITLE), "", *wrap(drawn.about, _IN_TITLE)]
    settings = {
        "graph": {"fontname": "Arial", "fontsize": "12", "fontcolor": palette.INK, "bgcolor": palette.GROUND, "labelloc": "t"},
        "node": {"fontname": "Arial", "fontsize": "12", "fontcolor": palette.INK, "margin": "0.15,0.08"},
        "edge": {"fontname": "Arial", "fontsize": "10", "fontcolor": palette.INK},
    }
    lines = [f"{what} [{_written(values)}];" for what, values in settings.items()]
    lines += [f"graph [label={_label(title)}, URL={_quoted(iri(drawn.id).value)}];"]
    lines += [f"{_quoted(thing.id)} [{_thing(thing)}];" for thing in drawn.things]
    lines += [f"{_quoted(arrow.start)} -> {_quoted(arrow.end)} [{_arrow(arrow)}];" for arrow in drawn.arrows]
    body = "".join(f"  {line}\n" for line in lines)
    return f"digraph {_quoted(drawn.id)} {{\n{body}}}\n"


def _thing(thing: Thing) -> str:
    fill, border = thing.shape.light
    style = ["filled", *(["rounded"] if thing.shape.radius else []), *(["dashed"] if thing.shape.dashed else [])]
    shape = "ellipse" if thing.shape.shape == "ellipse" else "box"
    drawn = {"shape": shape, "style": ",".join(style), "fillcolor": fill, "color": border, "kind": thing.kind}
    return f"label={_quoted(thing.label.replace('&', '&amp;'))}, {_written(drawn)}, URL={_quoted(iri(thing.id).value)}"


def _arrow(arrow: Arrow) -> str:
    look, line = arrow.look, line_of(arrow.look)
    width = palette.thickness(arrow.claim.standing.investigations)
    drawn = {
        # Two lines with the ground between them: Graphviz has no other double line.
        "color": f"{look.light}:{palette.GROUND}:{look.light}" if line == "double" else look.light,
        "style": "solid" if line == "double" else line,
        "penwidth": f"{width if arrow.is_link else width / 2:.2f}",
        "arrowhead": "normal" if arrow.raises else "tee",
        # The chain is drawn straight, and what spans it bends around it.
        "weight": "8" if arrow.is_link else "1",
    }
    # A line begins beside the arrow, not on it.
    lines = [part for line in arrow.lines for part in wrap(line, _AT_ARROW)]
    return f"label={_label(lines, '&ensp;', 'l')}, {_written(drawn | arrow.attributes)}, URL={_quoted(iri(arrow.claim.id).value)}"


def _written(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items())


def _quoted(text: str) -> str:
    """A text as a quoted string, in which a quotation mark and a backslash end nothing."""
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _label(lines: list[str], lead: str = "", end: str = "n") -> str:
    """Lines that are shown as they are: in a label Graphviz reads the entities of HTML too. They `end` centred, or by `l` at the left."""
    return '"' + "".join(f"{lead}{_quoted(line.replace('&', '&amp;'))[1:-1]}\\{end}" for line in lines) + '"'


DOT = Format(
    "dot",
    "Mechanisms as DOT",
    "Graphviz, networkx, pydot, Gephi",
    "each mechanism as a drawing of its own: things by kind; links, how far the exposure reaches, and end to end as arrows with "
    "the standing and certainty of each in words, in parts, and by colour, line and width; whether more or less; verdict; addresses",
    "all claims that are in no mechanism, votes, findings and reports; of long texts, the end",
    "",
    write_dot,
    has=has_mechanisms,
)
