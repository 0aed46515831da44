"""How the standing of a claim holds, in words: a table with a row for each scenario.

In: a graph and a claim. Out: a block for the explanation of the claim. What is tried stands in ontology/scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..building.multiverse import Alternative, Result, alternatives
from .outline import Block

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph

#: How many studies are named.
_NAMED = 3


def holding(graph: ReadableGraph, claim: NamedNode) -> Block:
    """What changes in each scenario, and what of the standing and its certainty.

    Raises:
        InputError: where the graph's standing does not follow by the rules, or what pools needs is not installed.
    """
    found = alternatives(graph, claim)
    tried = [each for each in found if each.is_known]
    moved, sure = sum(not each.holds for each in tried), sum(not each.certainty_holds for each in tried)
    lines = [f"Of {len(tried)} scenarios {moved or 'none'} would change the standing, and {sure or 'none'} the certainty."]
    if unknown := [each.scenario for each in found if not each.is_known]:
        lines.append(f"Not tried, since of no study is told by what it goes: {', '.join(unknown)}.")
    return Block("How it holds", lines, rows=[_row(each) for each in found])


def _row(each: Alternative) -> dict[str, str]:
    return {
        "scenario": each.scenario,
        "what changes in the data": changes(each),
        "method": each.method or "none",
        "standing": each.standing,
        "certainty": each.certainty,
        "holds": each.verdict,
    }


def changes(each: Alternative) -> str:
    """What a scenario changes in the data, and how many studies tell that by which it goes."""
    parts = [
        _named(each.left_out, "left out"),
        _named(each.added, "counted besides"),
        _named(each.otherwise, "read otherwise"),
    ]
    text = "; ".join(filter(None, parts)) or "no result"
    return text if each.known is None else f"{text}; told of {each.known} of {each.studies} studies"


def _named(results: Sequence[Result], how: str) -> str:
    """So many results, and the first studies by name.

    >>> _named([Result("finding:a", "Berg 2016"), Result("finding:b", "Berg 2016"), Result("finding:c", "Tal 2020")], "left out")
    '3 left out: Berg 2016, Tal 2020'
    """
    studies = [*dict.fromkeys(result.cited for result in results)]
    more = [f"{len(studies) - _NAMED} more"] if len(studies) > _NAMED else []
    return f"{len(results)} {how}: {', '.join([*studies[:_NAMED], *more])}" if results else ""
