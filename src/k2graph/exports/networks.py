"""GraphML, GEXF and CX2: the claims as a network for Cytoscape, Gephi, NDEx, by networkx.

Nodes are entities, edges are claims. An edge has its claim's words and standing, so that none is a plain edge. What certainty is stands
once, in the description of the network. What the record does not say is no attribute at all, since readers differ on empty ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..text import xml_text
from . import Format, Part
from .graded import graded

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from ..evidence.model import Evidence


def network(part: Part) -> MultiDiGraph[str]:
    """Entities and claims as a directed network; several claims between two entities stay apart, under their own keys."""
    import networkx

    evidence = part.evidence
    graph: Any = networkx.MultiDiGraph(**_filled({"name": part.dataset.title, "description": _description(evidence)}))
    for entity in evidence.entities.values():
        identifiers = [each.curie for each in entity.identifiers if each.is_exact]
        described = {
            "label": entity.label,
            "kind": entity.kind_label,
            "definition": entity.definition,
            "identifiers": " | ".join(identifiers),
        }
        graph.add_node(entity.id, **_filled(described))
    for claim in evidence.claims.values():
        standing = claim.standing
        counted = [evidence.findings[bearing.finding] for bearing in claim.bearings if bearing.counted]
        studies, reports = {finding.study for finding in counted}, {evidence.reports[finding.report].key for finding in counted}
        attributes: dict[str, Any] = {
            "claim": claim.id,
            "label": claim.label,
            "predicate": claim.predicate.label,
            "direction": claim.direction.notation,
            "context": " | ".join(map(evidence.name, claim.contexts)),
            "testable_in_people": claim.testable_in_people.notation if claim.testable_in_people else "",
            "implied_only": claim.reach,
            "standing": standing.label,
            "tested_in": standing.tier.notation,
            "result": standing.result.notation,
            "investigations": standing.investigations,
            "supporting": standing.supporting,
            **{name: " | ".join(value) if isinstance(value, list) else value for name, value in graded(claim, evidence).items()},
            "scope": claim.scope.notation,
            "leaving_open": standing.leaving_open,
            "excluding": standing.excluding,
            "contradicting": standing.contradicting,
            "best_support": standing.best_support.notation if standing.best_support else "",
            "mechanisms": " | ".join(claim.mechanisms),
            "studies": " | ".join(sorted(studies)),
            "reports": " | ".join(sorted(reports)),
        }
        graph.add_edge(claim.subject, claim.object, key=claim.id, **_filled(attributes))
    return graph


def _description(evidence: Evidence) -> str:
    return f"Certainty: {evidence.meaning_of_certainty}" if evidence.claims and evidence.meaning_of_certainty else ""


def _filled(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value != ""}


def write_graphml(part: Part, path: Path) -> Mapping[str, int]:
    """One GraphML file."""
    import networkx

    # Not `write_graphml`, which writes other bytes where lxml happens to be installed.
    networkx.write_graphml_xml(_for_xml(network(part)), path, named_key_ids=True)
    written = path.read_text(encoding="utf-8")
    # The library writes Python's words, and a boolean of XML Schema, as GraphML has it, is in small letters. No text holds a < as such.
    booleans = "|".join(re.findall(r'<key (?=[^>]*attr\.type="boolean")[^>]*\bid="(\w+)"', written))
    exact = re.sub(rf'(<data key="(?:{booleans})">)(True|False)</data>', lambda found: f"{found[1]}{found[2].lower()}</data>", written)
    path.write_text(exact, encoding="utf-8", newline="\n")
    return {}


def write_gexf(part: Part, path: Path) -> Mapping[str, int]:
    """One GEXF file; an edge's id is that of its claim."""
    from xml.etree.ElementTree import SubElement

    from networkx.readwrite.gexf import GEXFWriter

    graph = _for_xml(network(part))
    for _, _, claim, attributes in graph.edges(keys=True, data=True):
        attributes["id"] = claim
    writer = GEXFWriter(graph)
    meta = writer.xml.find("meta")
    # The library puts today's date here, and the same graph would be another file tomorrow.
    del meta.attrib["lastmodifieddate"]
    if description := graph.graph.get("description"):
        SubElement(meta, "description").text = description
    path.write_bytes(b"<?xml version='1.0' encoding='utf-8'?>\n" + str(writer).encode())
    return {}


def write_cx2(part: Part, path: Path) -> Mapping[str, int]:
    """One CX2 file; nodes and edges are numbered, and have our ids as `represents` and `claim`."""
    import json

    from ndex2.cx2 import CX2Network

    graph = network(part)
    made = CX2Network()
    if part.dataset.title:
        made.set_name(part.dataset.title)
    if description := graph.graph.get("description"):
        made.add_network_attribute("description", description)
    numbers = {}
    for entity, attributes in graph.nodes(data=True):
        numbers[entity] = made.add_node(attributes={"name": attributes.get("label", entity), "represents": entity, **attributes})
    for subject, thing, attributes in graph.edges(data=True):
        made.add_edge(source=numbers[subject], target=numbers[thing], attributes={"interaction": attributes["predicate"], **attributes})
    path.write_text(json.dumps(made.to_cx2(), ensure_ascii=False, indent=1), encoding="utf-8")
    return {}


def _for_xml(graph: Any) -> Any:
    for attributes in (*(data for _, data in graph.nodes(data=True)), *(data for _, _, data in graph.edges(data=True))):
        for name, value in attributes.items():
            attributes[name] = xml_text(value) if isinstance(value, str) else value
    return graph


_CARRIES = (
    "entities with kind, definition and exact identifiers; "
    "claims with direction, context, standing, certainty with each step down, votes, how many at which risk of bias, mechanisms, and the "
    "studies and reports of what counted"
)
_LOSES = "findings one by one, their numbers, what was found and not counted, and interactions"
_XML = "; a character that XML cannot hold is written _xHHHH_"
GRAPHML = Format(
    "graphml",
    "GraphML network",
    "Cytoscape, yEd, Gephi, networkx, igraph",
    _CARRIES,
    _LOSES + _XML,
    ".graphml",
    write_graphml,
    has=lambda part: bool(part.evidence.entities),
)
GEXF = Format(
    "gexf",
    "GEXF network",
    "Gephi, sigma.js, networkx",
    _CARRIES,
    _LOSES + _XML,
    ".gexf",
    write_gexf,
    has=lambda part: bool(part.evidence.entities),
)
CX2 = Format(
    "cx2",
    "CX2 network",
    "NDEx, Cytoscape, Cytoscape Web",
    _CARRIES,
    _LOSES,
    ".cx2",
    write_cx2,
    has=lambda part: bool(part.evidence.entities),
)
