"""All that is known of one study, or of one report.

In: a graph and the node. Out: a headed block, see `outline`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import incomplete
from ..iris import short
from ..sparql.internal import internal
from .bias import judgements
from .outline import Block

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph


def study(graph: ReadableGraph, node: NamedNode) -> Block:
    """What was studied, how and in whom; its reports, its arms, its risk of bias and what it found."""
    rows = _rows(graph, node, internal("study", study=node))
    block = Block(rows[0]["label"], [short(node.value), *_facts(graph, node, leave_out={"k2g:report", "rdfs:label"})])
    reports = [f"{line['report']}: {line['title']} ({line['key']})" + _doubt(line["retraction"]) for line in rows if line["key"]]
    arms = [_arm(line) for line in graph.rows(internal("study-arms", study=node))]
    block.blocks += [Block(heading, lines) for heading, lines in (("Reports", reports), ("Arms", arms)) if lines]
    block.blocks += judgements(graph, node)
    return _with_findings(graph, node, block)


def report(graph: ReadableGraph, node: NamedNode) -> Block:
    """Who wrote it and where it stands; on which studies it reports, and what was found in it."""
    rows = _rows(graph, node, internal("report", report=node))
    block = Block(rows[0]["title"], [rows[0]["key"], *_facts(graph, node, leave_out={"dcterms:title"})])
    if studies := [line["study"] for line in rows if line["study"]]:
        block.blocks.append(Block("Reports on", studies))
    return _with_findings(graph, node, block)


def _rows(graph: ReadableGraph, node: NamedNode, query: str) -> list[dict[str, Any]]:
    """The rows that a complete study or report has, one at least."""
    if rows := graph.rows(query):
        return rows
    raise incomplete(short(node.value))


def _facts(graph: ReadableGraph, node: NamedNode, leave_out: set[str]) -> list[str]:
    facts = graph.rows(internal("properties-of", thing=node))
    return [f"{fact['name']}: {fact['value']}" for fact in facts if fact["property"] not in leave_out]


def _doubt(retraction: str | None) -> str:
    return f" [{retraction}]" if retraction else ""


def _arm(row: Any) -> str:
    parts = [f"{row[column]} {column}" for column in ("entered", "analysed") if row[column] is not None]
    parts += [f"{row['daily']:.10g} micrograms a day"] if row["daily"] is not None else []
    return f"{row['arm']} ({'; '.join(parts)})" if parts else str(row["arm"])


def _with_findings(graph: ReadableGraph, node: NamedNode, block: Block) -> Block:
    lines = [
        f"{line['stance']}: {line['claim']}. {line['reported'] or ''}" + (f" [{line['reason']}]" if line["reason"] else "")
        for line in graph.rows(internal("findings-of", thing=node))
    ]
    addresses = graph.rows(internal("sources-of", thing=node))
    published = [line["cited_at"] for line in addresses[:1] if line["cited_at"]]
    block.blocks += [Block("Findings", lines), Block("Published at", published), Block("Read at", [line["source"] for line in addresses])]
    return block
