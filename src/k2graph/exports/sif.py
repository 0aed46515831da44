"""The claims as SIF, the simple interaction format of Cytoscape, with tables of what it has no room for.

A line is a thing, a kind of interaction and a thing, between tabs; within none of them is white space, since some readers part lines at
any. SIF has nothing but the kind of interaction to say how a claim stands, so this is its predicate, direction, result, tier and
certainty in one: `affects-level-of:decreases:consistent:human-trials:certainty-low`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..evidence.model import Claim, Evidence
from ..text import one_line
from . import Format, Part

_NODES = ("name", "label", "kind")
_EDGES = (
    "name", "source", "interaction", "target", "claim", "label", "direction", "context", "standing", "result", "tested_in", "certainty",
    "investigations",
)  # fmt: skip


def write_sif(part: Part, path: Path) -> Mapping[str, int]:
    """A folder: the network, tables of its nodes and edges as Cytoscape joins them by `name`, and what to know before reading it."""
    evidence = part.evidence
    claims = evidence.claims.values()
    kinds = {claim.id: _interaction(claim, evidence) for claim in claims}
    lines = [f"{_name(claim.subject)}\t{kinds[claim.id]}\t{_name(claim.object)}" for claim in claims]
    joined = {end for claim in claims for end in (claim.subject, claim.object)}
    lines += [_name(entity) for entity in evidence.entities if entity not in joined]
    _write(path / "network.sif", lines)
    nodes = ([_name(entity.id), entity.label, entity.kind_label] for entity in evidence.entities.values())
    _write(path / "nodes.tsv", map(_row, [_NODES, *nodes]))
    _write(path / "edges.tsv", map(_row, [_EDGES, *(_edge(claim, kinds[claim.id], evidence) for claim in claims)]))
    meaning = f"Certainty: {evidence.meaning_of_certainty}" if evidence.claims and evidence.meaning_of_certainty else ""
    _write(path / "README.txt", [*_README, *filter(None, [one_line(meaning)])])
    return {}


_README = (
    "network.sif: the claims. The kind of interaction of each is predicate:direction:result:tier:certainty; read none without its result.",
    "Import it first, then nodes.tsv and edges.tsv as tables of nodes and of edges, by the column name.",
)


def _interaction(claim: Claim, evidence: Evidence) -> str:
    standing = claim.standing
    words = [claim.predicate, claim.direction, standing.result, standing.tier]
    parts = [*(word.notation for word in words), f"certainty-{standing.certainty.notation}"]
    # Claims that differ in context alone are two edges.
    parts += [] if evidence.is_unlimited(claim) else [f"in-{context.partition(':')[2]}" for context in claim.contexts]
    return ":".join(map(_name, parts))


def _edge(claim: Claim, kind: str, evidence: Evidence) -> list[str]:
    standing = claim.standing
    source, target = _name(claim.subject), _name(claim.object)
    return [
        f"{source} ({kind}) {target}", source, kind, target, claim.id, claim.label, claim.direction.notation,
        " | ".join(evidence.name(context) for context in claim.contexts), standing.label, standing.result.notation, standing.tier.notation,
        standing.certainty.notation, str(standing.investigations),
    ]  # fmt: skip


def _name(text: str) -> str:
    """A name without white space, which ends it."""
    return re.sub(r"\s+", "_", one_line(text)) or "_"


def _row(cells: Iterable[str]) -> str:
    return "\t".join(map(one_line, cells))


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


SIF = Format(
    "sif",
    "SIF network",
    "Cytoscape, BioFabric, line tools",
    "entities with label and kind; claims, whose predicate, direction, result, tier and certainty are the kind of interaction, so that no "
    "claim is an edge like one that stands otherwise; their context and standing in words in a table of edges",
    "votes, findings, reports, mechanisms, interactions, identifiers, places and looks; white space in names is an underscore",
    "",
    write_sif,
    has=lambda part: bool(part.evidence.entities),
)
