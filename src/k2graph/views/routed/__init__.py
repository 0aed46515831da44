"""The whole map as a still picture for a page: lanes from exposure to outcome, lines that cross no box, and mechanisms to choose.

In: evidence. Out: SVG whose boxes and lines are links to pages, and what a page's script needs to choose, filter and search. The picture is
whole without the script, and without any library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ... import palette
from ...evidence.model import Claim, Evidence, Mechanism
from ...palette import GROUND
from .. import harmless
from ..figure.parts import OPEN, STOPS, chain_of
from ..shown import RELATIONS, Shown, drawn_as, shown
from .drawing import drawing, size_alone
from .plan import Link, Plan, plan

#: From exposure to outcome: the shapes of the kinds of things in each lane. Cells and tissues are drawn as processes, and have a lane.
LANES = (("form", "drug"), ("molecule", "marker"), ("process", "other"), (), ("outcome",))
TISSUES, _TISSUE_LANE = frozenset({"k2g:CellType", "k2g:Tissue"}), 3
LANE_NAMES = ("nutrient or form, drug", "molecule, biomarker", "process", "cell type or tissue", "outcome or disease")


@dataclass(frozen=True)
class RoutedMap:
    """The routed map of what a map shows; `pages` gives the page of a thing, as it is reached from where the picture stands."""

    evidence: Evidence
    what: Shown
    pages: Callable[[str], str]

    @cached_property
    def claims(self) -> list[Claim]:
        """The claims that are lines, by what they say. Those that run over a whole mechanism are lines where somebody asks for them."""
        return self._sorted(name for name in self.what.claims if name not in self.what.whole)

    @cached_property
    def whole(self) -> list[Claim]:
        """The claims that run over a whole mechanism, and are no step of one, by what they say."""
        return self._sorted(self.what.whole)

    def _sorted(self, names: Iterable[str]) -> list[Claim]:
        return sorted((self.evidence.claims[name] for name in names), key=lambda claim: (claim.label.casefold(), claim.id))

    @cached_property
    def plan(self) -> Plan:
        """Where all lies."""
        return self._plan(self.claims)

    @cached_property
    def whole_plan(self) -> Plan:
        """Where all lies together with what runs over whole mechanisms."""
        return self._plan([*self.claims, *self.whole])

    def _plan(self, claims: Sequence[Claim]) -> Plan:
        evidence = self.evidence
        ends = sorted({end for claim in claims for end in (claim.subject, claim.object)})
        joins = [
            Link(f"{relation} {other} {name}", other, name)
            for name in ends
            for relation, other in evidence.entities[name].relations
            if relation in RELATIONS and other in ends
        ]
        lane_of = {shape: place for place, shapes in enumerate(LANES) for shape in shapes}
        return plan(
            {name: harmless(evidence.name(name)) or name for name in ends},
            {name: _TISSUE_LANE if evidence.entities[name].kind in TISSUES else lane_of[drawn_as(evidence, name)] for name in ends},
            [Link(claim.id, claim.subject, claim.object) for claim in claims],
            joins,
        )

    def svg(self, *, alone: bool = False) -> str:
        """The picture, to stand in a page, with what its script may bring in; `alone` as a file of its own, with its key."""
        claims = {claim.id: claim for claim in (*self.claims, *self.whole)}
        return drawing(self.evidence, self.plan, claims, LANE_NAMES, self.pages, more=None if alone else self.whole_plan)

    @property
    def size(self) -> tuple[float, float]:
        """How wide and high the picture is as a file of its own."""
        return size_alone(self.evidence, self.plan)

    @property
    def mechanisms(self) -> Sequence[Mechanism]:
        """Those of which a line is drawn, by verdict."""
        drawn = {claim.id for claim in self.claims}
        held = (each for each in self.evidence.mechanisms.values() if any(step.claim in drawn for step in each.steps))
        return sorted(held, key=lambda each: (each.verdict.rank, each.label))

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script knows: the lines, reach and break of each mechanism; names of things; where all lies, in both plans."""
        return {
            "mechanisms": {each.id: self._chosen(each) for each in self.mechanisms},
            "names": {
                name: " ".join([harmless(self.evidence.name(name)), *map(harmless, self.evidence.entities[name].synonyms)]).casefold()
                for name in self.whole_plan.boxes
            },
            "orders": {"steps": self.plan.order, "whole": self.whole_plan.order},
            "colours": {"reached": palette.of_result("consistent").light, "stops": STOPS.light, "open": OPEN.light, "ground": GROUND},
        }

    def _chosen(self, mechanism: Mechanism) -> dict[str, Any]:
        chain = chain_of(self.evidence, mechanism.id)
        things = chain.things
        # A state of a thing, at which a step arrives, may be no box; the claim's own object stands for it.
        at = [self.evidence.claims[mechanism.end_to_end].subject]
        at += [step.yields if step.yields in self.whole_plan.boxes else self.evidence.claims[step.claim].object for step in mechanism.steps]
        return {
            "name": chain.label,
            "verdict": chain.verdict,
            "sentence": chain.sentence,
            "whole": f"End to end: {chain.whole.label}: {chain.whole.standing.look.icon} {chain.whole.standing.words}; {chain.certainty}.",
            "href": self.pages(mechanism.id),
            "claims": [step.claim for step in mechanism.steps],
            "end_to_end": mechanism.end_to_end,
            "things": at,
            "reached": at[: chain.reached + 1] if chain.reached else [],
            "reaches": f"shown to reach {things[chain.reached].name}" if chain.reached else "",
            "ends": [
                {"thing": box, "claim": step.claim, "kind": thing.end, "mark": f"{thing.end_look.icon} {thing.mark}"}
                for step, thing, box in zip(mechanism.steps, things[1:], at[1:], strict=True)
                if thing.end
            ],
        }


def whole_map(evidence: Evidence, pages: Callable[[str], str]) -> RoutedMap:
    """The map of all mechanisms."""
    return RoutedMap(evidence, shown(evidence), pages)
