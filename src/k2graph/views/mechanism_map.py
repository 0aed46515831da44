"""The mechanism map: entities and the claims between them, layered from exposure to outcome, as one file that needs no network.

In: evidence and what of it to show. Out: HTML. pyvis builds the network for vis-network, whose code it brings; where boxes and lines lie is
that of the routed map (`routed`). The page around it is ours, since pyvis's own loads style sheets from elsewhere and writes labels as they
come.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import escape

from .. import palette
from ..atomic import write
from ..evidence.model import Claim, Evidence
from ..palette import FAINT, GROUND, INK, SOFT
from . import asset, embedded_json, environment, harmless, own, policy, style, web_address
from .integrity import doubt
from .routed import LANE_NAMES, RoutedMap
from .routed.key import WIDTH, key
from .shown import RELATIONS, Shown, drawn_as, shown
from .vis_network import vis_network

__all__ = ["Map", "Shown", "legend", "map_data", "shown"]


@dataclass(frozen=True)
class Map:
    """The map of a part of the evidence."""

    evidence: Evidence
    what: Shown

    @cached_property
    def html(self) -> str:
        """One HTML file that loads nothing."""
        scripts, sheet = (vis_network(), asset("laid.js"), asset("take.js"), asset("map.js")), style()
        return (
            environment()
            .get_template("view.html")
            .render(
                title=self.what.title,
                policy=policy(scripts, [sheet]),
                style=own(sheet),
                scripts=[own(script) for script in scripts],
                data=own(embedded_json(map_data(self.evidence, self.what))),
                **legend(self.evidence),
            )
        )

    def save(self, path: Path | str) -> None:
        """Write the file.

        Raises:
            InputError: where it cannot be written.
        """
        write(self.html.encode(), Path(path))

    def _repr_html_(self) -> str:
        # A frame of its own, sandboxed: the notebook's page and the map's cannot touch each other. Nothing is cleaned away here, since a
        # comment in a script ends with its line.
        return f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads" width="100%" height="700"></iframe>'


def legend(evidence: Evidence) -> dict[str, Any]:
    """The words of the legend and of the filters, in the ontology's order."""
    return {
        "results": evidence.scheme("results"),
        "tiers": evidence.scheme("tiers"),
        "tiers_of_evidence": evidence.tiers_of_evidence,
        "shapes": [(name, shape) for name, shape in palette.SHAPES.items() if name != "other"],
        "outcome_kinds": evidence.scheme("outcome-kinds"),
    }


def map_data(evidence: Evidence, what: Shown) -> dict[str, Any]:
    """Nodes, edges and what opens when one is chosen."""
    claims = [evidence.claims[name] for name in what.claims]
    ends = sorted({end for claim in claims for end in (claim.subject, claim.object)})
    relations = [
        (name, relation, other)
        for name in ends
        for relation, other in evidence.entities[name].relations
        if relation in RELATIONS and other in ends
    ]
    drawn = RoutedMap(evidence, what, lambda _: "")
    meaning, high = key(evidence, tiers=True)
    network = _network(evidence, claims, relations, drawn, what.whole)
    organisms, forms = set(), set()
    for edge in network["edges"]:
        organisms.update(edge.get("organisms", ()))
        forms.update(edge.get("forms", ()))
    return {
        **network,
        # Without a step there is nothing to lay out but what runs end to end.
        "orders": {"steps": (drawn.plan if drawn.claims else drawn.whole_plan).order, "whole": drawn.whole_plan.order},
        "lanes": LANE_NAMES,
        "inks": {"ink": INK, "soft": SOFT, "ground": GROUND, "faint": FAINT},
        "key": {"svg": meaning, "width": WIDTH, "height": high},
        "claims": {claim.id: _panel(evidence, claim) for claim in claims},
        "things": {name: _thing(evidence, name) for name in ends},
        "organisms": sorted(organisms),
        "forms": sorted(forms),
        "looks": {
            word.notation: {"icon": each.icon, "light": each.light, "dark": each.dark, "dashes": each.dashes}
            for word in evidence.scheme("results")
            for each in [palette.of_result(word.notation)]
        },
        "shapes": {name: {"light": each.light, "dark": each.dark} for name, each in palette.SHAPES.items()},
        "stances": [
            {"name": word.notation, "icon": palette.of_stance(word.notation).icon, "heading": evidence.heading(word)}
            for word in evidence.scheme("stances")
        ],
    }


def _network(
    evidence: Evidence,
    claims: list[Claim],
    relations: list[tuple[str, str, str]],
    drawn: RoutedMap,
    whole: frozenset[str],
) -> dict[str, Any]:
    from pyvis.network import Network

    network = Network(directed=True)
    steps = {step.claim for mechanism in evidence.mechanisms.values() for step in mechanism.steps}
    over = {mechanism.end_to_end for mechanism in evidence.mechanisms.values()} - steps
    for name, box in drawn.whole_plan.boxes.items():
        group = drawn_as(evidence, name)
        shape = palette.SHAPES[group]
        # What is round is a box with round ends, so that lines touch it where the plan has them end.
        radius = box.height / 2 if shape.shape == "ellipse" else min(shape.radius, 10)
        network.add_node(
            name,
            label="\n".join(box.lines) or name,
            shape="box",
            wide=round(box.width, 1),
            look=group,
            shapeProperties={"borderRadius": radius, "borderDashes": [4, 3] if shape.dashed else False},
        )
    for claim in claims:
        found = [evidence.findings[bearing.finding] for bearing in claim.bearings if bearing.counted]
        studied = [evidence.studies[finding.study] for finding in found if finding.study in evidence.studies]
        network.add_edge(
            claim.subject,
            claim.object,
            id=claim.id,
            arrows={"to": {"enabled": True, "type": "arrow" if evidence.is_increase(claim) else "bar", "scaleFactor": 1.0}},
            result=claim.standing.result.notation,
            tier=claim.standing.tier.notation,
            width=palette.thickness(claim.standing.investigations),
            label=palette.of_tier(claim.standing.tier.notation).icon,
            whole=claim.id in whole,
            hollow=claim.id in over,
            organisms=sorted({evidence.name(organism) for study in studied for organism in study.organisms}),
            forms=sorted({evidence.name(f.subject) for f in found if evidence.is_form(f.subject)}),
            kinds=sorted({finding.outcome_kind.notation for finding in found}),
        )
    for number, (subject, relation, other) in enumerate(relations):
        line = f"{relation} {other} {subject}"
        network.add_edge(subject, other, id=f"relation-{number}", line=line, relation=evidence.words[relation].label, width=1, arrows="")
    # pyvis thinks of colours and sizes of its own; the page sets them for light and for dark ground.
    return {
        "nodes": [{k: v for k, v in node.items() if k not in {"color", "font", "size"}} for node in network.nodes],
        "edges": [{k: v for k, v in edge.items() if k != "color"} for edge in network.edges],
    }


def _thing(evidence: Evidence, name: str) -> dict[str, Any]:
    entity = evidence.entities[name]
    return {
        "label": harmless(entity.label or name),
        "kind": entity.kind_label,
        "definition": harmless(entity.definition),
        "synonyms": [harmless(each) for each in entity.synonyms],
    }


def _panel(evidence: Evidence, claim: Claim) -> dict[str, Any]:
    standing = claim.standing
    return {
        "label": harmless(claim.label),
        "standing": standing.label,
        "result": standing.result.notation,
        "tier": standing.tier.notation,
        "why": standing.why,
        "best": standing.best_support.label if standing.best_support else "",
        "testable": claim.testable_in_people.label if claim.testable_in_people else "",
        "change": evidence.changes(claim),
        "mechanisms": [harmless(evidence.mechanisms[name].label) for name in claim.mechanisms if name in evidence.mechanisms],
        "findings": [
            _finding(evidence, bearing.finding, bearing.stance.notation, [str(r) for r in bearing.reasons])
            for bearing in evidence.ordered(claim)
        ],
    }


def _finding(evidence: Evidence, name: str, stance: str, reasons: list[str]) -> dict[str, Any]:
    finding = evidence.findings[name]
    report = evidence.reports[finding.report]
    about = f"{evidence.name(finding.subject)} on {evidence.name(finding.object)}"
    size = f"n={finding.n}" if finding.n else ""
    details = [about, finding.dose, finding.duration, size, evidence.studies[finding.study].population]
    return {
        "stance": stance,
        "report": harmless(report.cited),
        "doubt": doubt(evidence, report.id),
        "href": web_address(report.address),
        "level": finding.level.label,
        "details": harmless("; ".join(filter(None, details))),
        "reported": harmless(finding.reported),
        "numbers": harmless(finding.numbers),
        "reasons": reasons,
    }
