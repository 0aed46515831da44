"""Mechanisms as causal diagrams in the language of DAGitty, by which epidemiologists find what a study has to adjust for.

An arrow of a causal diagram says that an effect may be there, not that it was shown, and DAGitty draws all alike. So the label of each box,
which is drawn, ends in the standing and the certainty of the arrow that leads to it; all else stands in attributes.
The grammar is that of the program (jslib/parser/GraphDotParser.pegjs), which has no comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..text import one_line
from . import Format, Part
from .mechanisms import Diagram, has_mechanisms, write_each

#: How far boxes are apart, and what DAGitty calls things that are none.
_APART, _TAKEN = 1.0, {"graph", "node", "edge"}


def write_dagitty(part: Part, path: Path) -> Mapping[str, int]:
    """A folder with a file for each mechanism."""
    return write_each(part, path, ".txt", dagitty)


def dagitty(drawn: Diagram) -> str | None:
    """A mechanism in DAGitty; None where its chain comes back to where it was, which no such diagram may."""
    order = {thing.id: place for place, thing in enumerate(drawn.things)}
    if any(order[arrow.end] <= order[arrow.start] for arrow in drawn.links):
        return None
    names = _names(drawn)
    into = {arrow.end: arrow for arrow in drawn.links}
    whole = next(arrow for arrow in drawn.arrows if "end to end" in arrow.role)
    lines = [f"about={_quoted(f'{drawn.label}. {drawn.verdict}. {drawn.about}')}"]
    for place, thing in enumerate(drawn.things):
        arrow = into.get(thing.id)
        into_it = [f"[arrow from {drawn.things[place - 1].label}: {arrow.claim.standing.label}; {arrow.lines[2]}]"] if arrow else []
        of = {"label": " ".join([thing.label, *into_it]), "pos": f"0,{place * _APART:g}", "entity": thing.id}
        of |= {"reach": thing.reach} if thing.reach else {}
        of |= {"end_to_end": f"{whole.claim.label}: {whole.claim.standing.label}; {whole.lines[2]}"} if thing.id == whole.end else {}
        role = ["exposure"] if thing.id == whole.start else ["outcome"] if thing.id == whole.end else []
        lines.append(f"{names[thing.id]} [{','.join([*role, _written(of)])}]")
    lines += [f"{names[arrow.start]} -> {names[arrow.end]} [{_written(arrow.attributes)}]" for arrow in drawn.links]
    return "dag {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _names(drawn: Diagram) -> dict[str, str]:
    """What the things are called where they are variables: letters, digits and underscores, each as no other."""
    found: dict[str, str] = {}
    for thing in drawn.things:
        name = re.sub(r"[^A-Za-z0-9]+", "_", thing.id.partition(":")[2] or thing.id).strip("_") or "thing"
        while name.lower() in _TAKEN or name in found.values():
            name += "_"
        found[thing.id] = name
    return found


def _written(values: Mapping[str, str]) -> str:
    return ",".join(f"{name}={_quoted(value)}" for name, value in values.items())


def _quoted(text: str) -> str:
    """A text in quotation marks. One of its own is a typographic one: readers differ on what escapes it, and on a backslash."""
    plain = one_line(text).replace('"', "\u201d").replace("\\", "\u2216")
    return f'"{plain}"'


DAGITTY = Format(
    "dagitty",
    "Mechanisms as causal diagrams of DAGitty",
    "DAGitty in the browser, R's dagitty and ggdag",
    "each mechanism as a diagram of its own, with exposure and outcome; links as arrows, whose standing and certainty stand in the label "
    "of the box that they lead to, which is drawn, and with the claim in attributes; how far the exposure reaches, and end to end, as "
    "attributes of boxes; verdict",
    "all claims that are in no mechanism, confounders, votes, findings and reports; the looks of standings, since DAGitty draws all arrows "
    "alike; quotation marks and backslashes are typographic ones",
    "",
    write_dagitty,
    has=has_mechanisms,
)
