"""What stands on the figure of a mechanism: things, links, how each stands, where the exposure's reach ends, and what is written below."""

from __future__ import annotations

from dataclasses import dataclass

from ... import iris, palette
from ...evidence.claims import HOW_GRADED
from ...evidence.dataset import dataset_of
from ...evidence.model import Claim, Evidence
from .. import harmless

#: Letters of a name, and of what else a graph says, at most: a figure is for people, and none of its texts is for ever.
_NAME, _TEXT = 60, 110
#: The looks of the two ways in which a reach ends are those of the results that end it so.
STOPS, OPEN = palette.of_result("contrary"), palette.of_result("not-shown")


@dataclass(frozen=True)
class Standing:
    """How a claim stands, in words and looks."""

    words: str
    look: palette.Look
    tier_icon: str
    investigations: int
    is_increase: bool


@dataclass(frozen=True)
class Link:
    """A claim of the chain."""

    claim: str
    label: str
    standing: Standing


@dataclass(frozen=True)
class Thing:
    """What a step arrives at: what the exposure does to it, and whether its reach ends there; `end` is empty where it does not."""

    id: str
    name: str
    shape: palette.Shape
    does: str = ""
    reach: Standing | None = None
    is_reached: bool = False
    end: str = ""

    @property
    def end_look(self) -> palette.Look:
        """How the end of the reach is drawn."""
        return STOPS if self.end == "stops" else OPEN

    @property
    def mark(self) -> str:
        """What is written where the reach ends or the last thing shown is; empty elsewhere."""
        return {"stops": "translation stops here", "open": "left open here"}.get(self.end, "shown to reach" if self.is_reached else "")


@dataclass(frozen=True)
class Chain:
    """A mechanism as it is drawn. There is one thing more than links."""

    label: str
    verdict: str
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    whole: Link
    certainty: str
    reached: int
    sentence: str
    source: str

    @property
    def description(self) -> str:
        """The figure in words, for those who do not see it."""
        parts = [f"{self.verdict}.", f"End to end: {self.whole.label}: {self.whole.standing.words}; {self.certainty}."]
        for link, thing in zip(self.links, self.things[1:], strict=True):
            parts.append(f"{link.label}: {link.standing.words}; then {thing.name}, which the exposure {thing.does}")
            parts[-1] += f": {thing.reach.words}{f', {thing.mark}' if thing.mark else ''}." if thing.reach else "."
        return " ".join([*parts, self.sentence])


def chain_of(evidence: Evidence, name: str) -> Chain:
    """A mechanism as it is drawn."""
    mechanism = evidence.mechanisms[name]
    whole = evidence.claims[mechanism.end_to_end]
    things = [Thing(whole.subject, _short(evidence.name(whole.subject), _NAME), _shape(evidence, whole.subject))]
    for step in mechanism.steps:
        things.append(
            Thing(
                step.yields,
                _short(evidence.name(step.yields), _NAME),
                _shape(evidence, step.yields),
                f"{_short(step.implied, _NAME)} it",
                _standing(evidence, evidence.claims[step.reach]),
                step.order == mechanism.reaches,
                "stops" if step.order == mechanism.stops else "open" if step.order == mechanism.left_open else "",
            )
        )
    ends = [(mechanism.stops, "Translation stops at"), (mechanism.left_open, "Left open at")]
    at = {step.order: thing.name for step, thing in zip(mechanism.steps, things[1:], strict=True)}
    sentences = [f"Shown to reach: {at.get(mechanism.reaches or 0, 'nothing along the chain')}."]
    return Chain(
        _short(mechanism.label, _TEXT),
        _short(mechanism.verdict.label, _TEXT).capitalize(),
        tuple(things),
        tuple(_link(evidence, evidence.claims[step.claim]) for step in mechanism.steps),
        _link(evidence, whole),
        f"certainty: {_short(whole.standing.certainty.label, _NAME)} {HOW_GRADED}",
        next((place for place, thing in enumerate(things) if thing.is_reached), 0),
        " ".join([*sentences, *(f"{words}: {at[order]}." for order, words in ends if order in at)]),
        _source(evidence, name),
    )


def _link(evidence: Evidence, claim: Claim) -> Link:
    return Link(claim.id, _short(claim.label, _TEXT), _standing(evidence, claim))


def _standing(evidence: Evidence, claim: Claim) -> Standing:
    standing = claim.standing
    return Standing(
        _short(standing.label, _TEXT),
        palette.of_result(standing.result.notation),
        palette.of_tier(standing.tier.notation).icon,
        standing.investigations,
        evidence.is_increase(claim),
    )


def _shape(evidence: Evidence, name: str) -> palette.Shape:
    """How its class is drawn."""
    drawn = evidence.facts.one(evidence.entities[name].kind, "k2g:drawnAs") if name in evidence.entities else ""
    return palette.SHAPES.get(drawn, palette.SHAPES["other"])


def _source(evidence: Evidence, name: str) -> str:
    """Where the figure comes from: the data set, its version and date, the mechanism's address, and the licence."""
    dataset = dataset_of(evidence.facts)
    title = " ".join(filter(None, (dataset.title, dataset.version)))
    parts = (title, dataset.date, iris.name(name).value, dataset.licence_name)
    return f"Source: {', '.join(_short(part, _TEXT) for part in parts if part)}"


def _short(label: str, most: int) -> str:
    text = " ".join(harmless(label).split())
    return text if len(text) <= most else text[: most - 1] + "…"
