"""A mechanism as a diagram in words that any program can draw: its things, and between them its claims, each with its standing.

In: evidence and a mechanism. Out: things and arrows, for what writes them as DOT, Mermaid or DAGitty. An arrow is a link of the chain, or
how far the exposure reaches, or the claim from end to end; each has the colour and the line of its result, as our own maps have them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import palette
from ..addresses import file_stems
from ..evidence.claims import HOW_GRADED
from ..evidence.model import Claim, Evidence
from ..text import one_line
from ..views.shown import drawn_as
from . import Part

#: Letters of a name and of a sentence, at most: a diagram is for people.
_NAME, _SENTENCE = 60, 110


@dataclass(frozen=True)
class Thing:
    """A box: what stands at a place of the chain. `reach` is where the claim stands that the exposure moves it; the exposure has none."""

    id: str
    label: str
    kind: str
    shape: palette.Shape
    reach: str = ""


@dataclass(frozen=True)
class Arrow:
    """A claim between two boxes: `role` is `link`, `reach` or `end to end`, or several of these in one text."""

    start: str
    end: str
    claim: Claim
    role: str
    raises: bool

    @property
    def look(self) -> palette.Look:
        """Colour and line of its result."""
        return palette.of_result(self.claim.standing.result.notation)

    @property
    def is_link(self) -> bool:
        """Whether the chain goes along it."""
        return self.role.startswith("link")

    @property
    def lines(self) -> tuple[str, str, str]:
        """What stands at it: the claim, its standing led by the icon of its result, and its certainty."""
        standing = self.claim.standing
        claim = f"Reach: {self.claim.label}" if self.role == "reach" else self.claim.label
        return (
            shortened(claim, _SENTENCE),
            f"{self.look.icon} {shortened(standing.label, _SENTENCE)}",
            f"certainty: {shortened(standing.certainty.label, _NAME)}",
        )

    @property
    def attributes(self) -> dict[str, str]:
        """What programs read: the claim, its role, direction, standing in words and in parts, and certainty."""
        standing = self.claim.standing
        return {
            "claim": self.claim.id,
            "role": self.role,
            "direction": self.claim.direction.notation,
            "standing": standing.label,
            "result": standing.result.notation,
            "tested_in": standing.tier.notation,
            "certainty": standing.certainty.notation,
        }


@dataclass(frozen=True)
class Diagram:
    """A mechanism as it is drawn: the exposure first, then what each step arrives at."""

    id: str
    label: str
    verdict: str
    about: str
    things: tuple[Thing, ...]
    arrows: tuple[Arrow, ...]

    @property
    def links(self) -> tuple[Arrow, ...]:
        """The arrows of the chain, in their order."""
        return tuple(arrow for arrow in self.arrows if arrow.is_link)


def diagram(evidence: Evidence, name: str) -> Diagram:
    """A mechanism as it is drawn. A thing at which the chain arrives twice is one box."""
    mechanism = evidence.mechanisms[name]
    whole = evidence.claims[mechanism.end_to_end]
    places = [whole.subject, *(step.yields for step in mechanism.steps)]
    reach = {step.yields: evidence.claims[step.reach].standing.label for step in mechanism.steps}
    between: dict[tuple[str, str, str], list[str]] = {}
    for place, step in enumerate(mechanism.steps):
        between.setdefault((places[place], places[place + 1], step.claim), []).append("link")
    for step in mechanism.steps:
        between.setdefault((places[0], step.yields, step.reach), []).append("reach")
    between.setdefault((places[0], places[-1], whole.id), []).append("end to end")
    return Diagram(
        name,
        shortened(mechanism.label, _SENTENCE),
        f"Verdict: {shortened(mechanism.verdict.label, _SENTENCE)}",
        one_line(f"Certainty {HOW_GRADED}: {evidence.meaning_of_certainty}"),
        tuple(_thing(evidence, each, "" if each == places[0] else reach[each]) for each in dict.fromkeys(places)),
        tuple(
            Arrow(start, end, evidence.claims[claim], ", ".join(dict.fromkeys(roles)), evidence.is_increase(evidence.claims[claim]))
            for (start, end, claim), roles in between.items()
        ),
    )


def _thing(evidence: Evidence, name: str, reach: str) -> Thing:
    entity = evidence.entities[name]
    return Thing(name, shortened(entity.label, _NAME), entity.kind_label, palette.SHAPES[drawn_as(evidence, name)], reach)


def shortened(text: str, most: int) -> str:
    """Text on one line, and no longer than a diagram has room for; of no letters, one that can be seen.

    >>> shortened(" Vitamin  K2 ", 60), shortened("x" * 100, 5), shortened(" ", 5)
    ('Vitamin K2', 'xxxx…', '–')
    """
    line = one_line(text) or "–"
    return line if len(line) <= most else line[: most - 1] + "…"


def write_each(part: Part, folder: Path, suffix: str, text: Callable[[Diagram], str | None]) -> Mapping[str, int]:
    """A file for each mechanism of a part, called as its address ends. Where `text` gives none, it is left out and counted."""
    drawn = 0
    for name, stem in file_stems(part.evidence.mechanisms):
        written = text(diagram(part.evidence, name))
        if written is not None:
            (folder / f"{stem}{suffix}").write_text(written, encoding="utf-8", newline="\n")
            drawn += 1
    return {"mechanisms whose chain comes back to where it was": len(part.evidence.mechanisms) - drawn}


def has_mechanisms(part: Part) -> bool:
    """Whether there is any mechanism in a part."""
    return bool(part.evidence.mechanisms)
