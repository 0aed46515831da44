"""GraphML, GEXF and CX2: the claims as a network for Cytoscape, Gephi, NDEx, by networkx.

Nodes are entities, edges are claims. An edge has its claim's words and standing, so that none is a plain edge. What certainty is stands
once, in the description of the network. What the record does not say is no attribute at all, since readers differ on empty ones. Where
things stand, and the colour, line, width and end of each claim, are in the words of each format (network_looks.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import iris
from ..text import xml_text
from . import Format, Part
from .graded import graded
from .network_looks import cx2_properties, of_claim, rgb, things, width_of

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from ..evidence.model import Evidence


def network(part: Part) -> MultiDiGraph[str]:
    """Entities and claims as a directed network; several claims between two entities stay apart, under their own keys.

    What there may be several of is a list.
    """
    import networkx

    evidence = part.evidence
    graph: Any = networkx.MultiDiGraph(**_filled({"name": part.dataset.title, "description": _description(evidence)}))
    for entity in evidence.entities.values():
        identifiers = [each.curie for each in entity.identifiers if each.is_exact]
        described = {
            "label": entity.label,
            "kind": entity.kind_label,
            "definition": entity.definition,
            "identifiers": identifiers,
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
            "context": [evidence.name(context) for context in claim.contexts],
            "testable_in_people": claim.testable_in_people.notation if claim.testable_in_people else "",
            "implied_only": claim.reach,
            "standing": standing.label,
            "tested_in": standing.tier.notation,
            "result": standing.result.notation,
            "investigations": standing.investigations,
            "supporting": standing.supporting,
            **graded(claim, evidence),
            "scope": claim.scope.notation,
            "leaving_open": standing.leaving_open,
            "excluding": standing.excluding,
            "contradicting": standing.contradicting,
            "best_support": standing.best_support.notation if standing.best_support else "",
            "mechanisms": list(claim.mechanisms),
            "studies": sorted(studies),
            "reports": sorted(reports),
        }
        graph.add_edge(claim.subject, claim.object, key=claim.id, **_filled(attributes))
    return graph


def _description(evidence: Evidence) -> str:
    return f"Certainty: {evidence.meaning_of_certainty}" if evidence.claims and evidence.meaning_of_certainty else ""


def _filled(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value not in ("", [])}


def write_graphml(part: Part, path: Path) -> Mapping[str, int]:
    """One GraphML file. Its looks have the names by which igraph draws and Gephi places things."""
    import networkx

    graph = _for_xml(network(part))
    looks = things(part.evidence)
    for name, attributes in graph.nodes(data=True):
        look = looks[name]
        fill, border = look.shape.light
        # The colour is for Gephi as three numbers.
        attributes |= {"x": look.x, "y": look.y, "color": fill, "frame.color": border, **rgb(fill)}
    for _, _, claim, attributes in graph.edges(keys=True, data=True):
        drawn = of_claim(part.evidence.claims[claim], part.evidence)
        line = drawn.line.replace("double", "longdash")
        attributes |= {"color": drawn.colour, "lty": line, "width": drawn.width, "effect": _effect(drawn.raises)}
    # Not `write_graphml`, which writes other bytes where lxml happens to be installed.
    networkx.write_graphml_xml(graph, path, named_key_ids=True)
    written = path.read_text(encoding="utf-8")
    # The library writes Python's words, and a boolean of XML Schema, as GraphML has it, is in small letters. No text holds a < as such.
    booleans = "|".join(re.findall(r'<key (?=[^>]*attr\.type="boolean")[^>]*\bid="(\w+)"', written))
    exact = re.sub(rf'(<data key="(?:{booleans})">)(True|False)</data>', lambda found: f"{found[1]}{found[2].lower()}</data>", written)
    path.write_text(exact, encoding="utf-8", newline="\n")
    return {}


def write_gexf(part: Part, path: Path) -> Mapping[str, int]:
    """One GEXF file; an edge's id is that of its claim, and its weight one more than the investigations, since none is no edge to Gephi."""
    from xml.etree.ElementTree import SubElement

    from networkx.readwrite.gexf import GEXFWriter

    graph = _for_xml(network(part))
    looks = things(part.evidence)
    for name, attributes in graph.nodes(data=True):
        look = looks[name]
        attributes["viz"] = {
            "color": {**rgb(look.shape.light[1]), "a": 1.0},
            # Up is more there.
            "position": {"x": look.x, "y": -look.y, "z": 0.0},
            "size": 12.0,
        }
    for _, _, claim, attributes in graph.edges(keys=True, data=True):
        drawn = of_claim(part.evidence.claims[claim], part.evidence)
        attributes |= {"id": claim, "weight": 1.0 + part.evidence.claims[claim].standing.investigations, "effect": _effect(drawn.raises)}
        attributes["viz"] = {"color": {**rgb(drawn.colour), "a": 1.0}, "thickness": drawn.width, "shape": drawn.line}
    writer = GEXFWriter(graph)
    meta = writer.xml.find("meta")
    # The library puts today's date here, and the same graph would be another file tomorrow; and its own name, who made nothing of it.
    del meta.attrib["lastmodifieddate"]
    meta.find("creator").text = xml_text(", ".join(part.dataset.creators))
    if description := graph.graph.get("description"):
        SubElement(meta, "description").text = description
    _forget(writer.xml, "networkx_key")
    path.write_bytes(b"<?xml version='1.0' encoding='utf-8'?>\n" + str(writer).encode())
    return {}


def write_cx2(part: Part, path: Path) -> Mapping[str, int]:
    """One CX2 file; nodes and edges are numbered, and have our ids as `represents` and `claim`."""
    import json

    from ndex2.cx2 import CX2Network

    graph = network(part)
    looks = things(part.evidence)
    made = CX2Network()
    for name, value in _of_the_network(part, graph).items():
        made.add_network_attribute(name, value)
    numbers = {}
    for entity, attributes in graph.nodes(data=True):
        look, label = looks[entity], attributes.get("label", entity)
        drawn = {"drawn": look.drawn, "width": width_of(label)}
        numbers[entity] = made.add_node(attributes={"name": label, "represents": entity, **attributes, **drawn}, x=look.x, y=look.y)
    for subject, thing, claim, attributes in graph.edges(keys=True, data=True):
        drawn_as = of_claim(part.evidence.claims[claim], part.evidence)
        shown = {"interaction": attributes["predicate"], **attributes, "width": drawn_as.width, "effect": _effect(drawn_as.raises)}
        made.add_edge(source=numbers[subject], target=numbers[thing], attributes=shown)
    results = {claim.standing.result.notation for claim in part.evidence.claims.values()}
    made.set_visual_properties(cx2_properties(results, {look.drawn for look in looks.values()}))
    path.write_text(json.dumps(made.to_cx2(), ensure_ascii=False, indent=1), encoding="utf-8")
    return {}


def _forget(gexf: Any, title: str) -> None:
    """Take an attribute of edges away: the library's own key of an edge, which is its id once more."""
    for attributes in gexf.iter("attributes"):
        for attribute in [each for each in attributes if each.get("title") == title]:
            attributes.remove(attribute)
            for values in gexf.iter("attvalues"):
                for value in [each for each in values if each.get("for") == attribute.get("id")]:
                    values.remove(value)


def _effect(raises: bool) -> str:
    return "raises" if raises else "lowers"


def _of_the_network(part: Part, graph: Any) -> dict[str, str]:
    """What a CX2 network says of itself, by the names that NDEx has for it; `@context` says what stands before a colon."""
    import json

    dataset = part.dataset
    prefixes = {kind: f"{iris.BASE}{kind}/" for kind in ("claim", "entity", "mechanism", "study")}
    identifiers = {curie.partition(":")[0] for _, each in graph.nodes(data=True) for curie in each.get("identifiers", ())}
    prefixes |= {prefix: iris.IDENTIFIERS[prefix] for prefix in sorted(identifiers) if prefix in iris.IDENTIFIERS}
    found = {
        "name": dataset.title,
        "description": " ".join(filter(None, (dataset.description, graph.graph.get("description", "")))),
        "version": dataset.version,
        "rights": dataset.licence_name,
        "rightsHolder": ", ".join(dataset.creators),
        "reference": dataset.citation,
        "@context": json.dumps(prefixes) if part.evidence.entities else "",
    }
    return {name: value for name, value in found.items() if value}


def _for_xml(graph: Any) -> Any:
    """The same, with lists as one text each, and nothing in texts that XML cannot hold."""
    for attributes in (*(data for _, data in graph.nodes(data=True)), *(data for _, _, data in graph.edges(data=True))):
        for name, value in attributes.items():
            text = " | ".join(value) if isinstance(value, list) else value
            attributes[name] = xml_text(text) if isinstance(text, str) else text
    return graph


_CARRIES = (
    "entities with kind, definition and exact identifiers; "
    "claims with direction, context, standing, certainty with each step down, votes, how many at which risk of bias, mechanisms, and the "
    "studies and reports of what counted; places, and colour, line, width and end of each claim, as in our own maps"
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
