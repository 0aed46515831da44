"""What came, went and changed between two versions of a graph: for reviewers, and for the notes of a release.

In: two graphs, the older first. Out: blocks for what people wrote (studies, trials, findings, claims, mechanisms), and for what
follows from it (standings, verdicts), which renders as text, Markdown or JSON.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .explain import Block

if TYPE_CHECKING:
    from .graph import Graph

_WRITTEN = (
    ("Studies", "Study"),
    ("Trials", "Trial"),
    ("Findings", "Finding"),
    ("Claims", "Claim"),
    ("Mechanisms", "Mechanism"),
    ("Steps", "Step"),
)
_FOLLOWS = (
    (
        "Standings",
        "SELECT ?thing ?value WHERE { ?thing a k2g:Claim ; k2g:standing ?s . ?s rdfs:label ?value MINUS { ?thing a k2g:ReachClaim } }",
    ),
    ("Verdicts", "SELECT ?thing ?value WHERE { ?thing k2g:support ?s . ?s k2g:verdict ?v . ?v rdfs:label ?value }"),
)


def compare(old: Graph, new: Graph) -> Block:
    """All differences, as a tree that renders as text, Markdown or JSON. A part without a difference has no block."""
    report = Block("What changed")
    for heading, kind in _WRITTEN:
        before, after = _written(old, kind), _written(new, kind)
        lines = [f"+ {thing}{_called(after[thing])}" for thing in sorted(after.keys() - before.keys())]
        lines += [f"- {thing}{_called(before[thing])}" for thing in sorted(before.keys() - after.keys())]
        for thing in sorted(before.keys() & after.keys()):
            lines += [f"~ {thing}: {change}" for change in _changes(before[thing], after[thing])]
        if lines:
            report.blocks.append(Block(heading, lines))
    for heading, query in _FOLLOWS:
        was, now = ({row["thing"]: row["value"] for row in graph.rows(query)} for graph in (old, new))
        # What came or went with its claim or mechanism is told there.
        lines = [f"~ {thing}: {was[thing]} → {now[thing]}" for thing in sorted(was.keys() & now.keys()) if was[thing] != now[thing]]
        if lines:
            report.blocks.append(Block(heading, lines))
    if not report.blocks:
        report.lines.append("Nothing.")
    return report


def _written(graph: Graph, kind: str) -> dict[str, dict[str, set[str]]]:
    """Thing → property → values, without what rules derive."""
    things: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in graph.rows(
        f"""SELECT ?thing ?property ?value WHERE {{ ?thing a k2g:{kind} ; ?property ?value . MINUS {{ ?thing a k2g:ReachClaim }}
        MINUS {{ ?property k2g:derivedBy ?rule }} }}"""
    ):
        things[row["thing"]][row["property"]].add(str(row["value"]))
    return things


def _called(properties: dict[str, set[str]]) -> str:
    said = properties.get("rdfs:label") or properties.get("k2g:reported") or properties.get("dcterms:title") or set()
    return "".join(f": {text}" for text in sorted(said)[:1])


def _changes(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    changes = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, set()), after.get(name, set())
        if old != new:
            changes.append(f"{name}: {_joined(old - new)} → {_joined(new - old)}")
    return changes


def _joined(values: Any) -> str:
    return " | ".join(sorted(values)) or "nothing"
