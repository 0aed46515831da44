"""GraphML, GEXF and CX2: the claims as a network for Cytoscape, Gephi, NDEx, by networkx.

Nodes are entities, edges are claims. An edge has its claim's words and standing, so that none is a plain edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import Format, Part

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def network(part: Part) -> MultiDiGraph[str]:
    """Entities and claims as a directed network; several claims between two entities stay apart, under their own keys."""
    import networkx

    evidence = part.evidence
    graph: Any = networkx.MultiDiGraph(name="k2graph")
    for entity in evidence.entities.values():
        identifiers = [each.curie for each in entity.identifiers if each.match == "exact"]
        graph.add_node(
            entity.id, label=entity.label, kind=entity.kind_label, definition=entity.definition, identifiers=" | ".join(identifiers)
        )
    for claim in evidence.claims.values():
        standing = claim.standing
        graph.add_edge(
            claim.subject,
            claim.object,
            key=claim.id,
            claim=claim.id,
            label=claim.label,
            predicate=claim.predicate.label,
            direction=claim.direction.notation,
            context=" | ".join(map(evidence.name, claim.contexts)),
            testable_in_people=claim.testable,
            implied_only=claim.reach,
            standing=standing.label,
            tested_in=standing.tier.notation,
            result=standing.result.notation,
            investigations=standing.investigations,
            supporting=standing.supporting,
            finding_nothing=standing.finding_nothing,
            contradicting=standing.contradicting,
            best_support=standing.best_support.notation if standing.best_support else "",
            mechanisms=" | ".join(claim.mechanisms),
            studies=" | ".join(sorted({evidence.studies[evidence.findings[b.finding].study].key for b in claim.bearings if b.counted})),
        )
    return graph


def write_graphml(part: Part, path: Path) -> Mapping[str, int]:
    """One GraphML file."""
    import networkx

    networkx.write_graphml(_clean(network(part)), path, named_key_ids=True)
    return {}


def _clean(graph: Any) -> Any:
    """The network without characters that XML cannot hold."""
    return graph


_CARRIES = (
    "entities with kind, definition and identifiers; claims with direction, context, standing, votes, mechanisms and the counted studies"
)
_LOSES = "findings one by one, their numbers, and interactions"
GRAPHML = Format("graphml", "GraphML network", "Cytoscape, yEd, Gephi, networkx, igraph", _CARRIES, _LOSES, ".graphml", write_graphml)
