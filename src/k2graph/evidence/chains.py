"""Chains of claims between two things, by networkx: how strong, in which organisms, and which way they point.

In: a graph and two things. Out: `Chain`s, those with the strongest weakest link first. A chain goes on from the thing that it has
arrived at, from what that is a state, form or narrower kind of, and from a state of it (`k2g:joins`, by rule).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import prod
from sys import maxsize
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..iris import short
from ..sparql.internal import internal

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph


@dataclass(frozen=True)
class Link:
    """One claim of a chain, with its standing and the organisms in which its counted findings were made.

    The larger its `weakness`, the weaker it is; `sign` is that of its direction; `in_people` says whether it was tested in people.
    """

    claim: str
    label: str
    subject: str
    object: str
    direction: str
    sign: int
    weakness: int
    in_people: bool
    stops: bool
    standing: str
    organisms: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Claims in order, from one thing to another.

    `direction` is the one that the signs of its links multiply to: two decreases make an increase. `held` is the direction in which the
    claim from first to last is proposed.
    """

    links: tuple[Link, ...]
    direction: str
    held: str | None = None

    @property
    def weakest(self) -> Link:
        """The first of its weakest links."""
        return max(self.links, key=lambda link: link.weakness)

    @property
    def broken(self) -> Link | None:
        """The first link that was tested and is not so (no important effect, or the opposite), if there is one: there the chain breaks."""
        return next((link for link in self.links if link.stops), None)

    @property
    def argues_against(self) -> bool:
        """Whether the chain points the other way than the claim from first to last is proposed."""
        return self.held is not None and self.held != self.direction


def find_chains(graph: ReadableGraph, start: NamedNode, end: NamedNode, most: int = 10) -> list[Chain]:
    """The strongest chains from one thing to another, at most `most`; where equally strong, the shorter first.

    Raises:
        InputError: where `most` is not 1 or more.
    """
    if most < 1:
        raise InputError(f"chains are counted from 1, not {most}")
    links = _links(graph)
    network = _network(graph, links)
    source, goal = ("from", short(start.value)), ("to", short(end.value))
    for row in graph.rows(internal("broader", thing=start)):
        network.add_edge(source, ("at", row["broader"]))
    if source not in network or goal not in network:
        return []
    longest = next((row["longest"] for row in graph.rows(internal("longest-chain"))), 0)
    held = _held(links, short(start.value), short(end.value))
    directions = {row["sign"]: row["direction"] for row in graph.rows(internal("directions"))}
    found = ([links[claim] for claim in chain] for chain in islice(_strongest(network, links, source, goal, longest), min(most, maxsize)))
    return [Chain(tuple(chain), directions[prod(link.sign for link in chain)], held) for chain in found]


def _links(graph: ReadableGraph) -> dict[str, Link]:
    organisms: dict[str, set[str]] = {}
    for row in graph.rows(internal("organisms-of-claims")):
        organisms.setdefault(row["claim"], set()).add(row["organism"])
    rows = graph.rows(internal("links"))
    # Background is no gap of what is known in people. Told apart here, since Virtuoso tells a reckoned truth as a number.
    return {
        row["claim"]: Link(
            **row | {"in_people": row.pop("background") or row["in_people"]}, organisms=tuple(sorted(organisms.get(row["claim"], ())))
        )
        for row in rows
    }


def _network(graph: ReadableGraph, links: dict[str, Link]) -> Any:
    """Things at which a chain may be, claims, and things at which a claim arrives: several claims between two things stay apart."""
    import networkx

    network = networkx.DiGraph()
    for link in links.values():
        network.add_edge(("at", link.subject), ("claim", link.claim))
        network.add_edge(("claim", link.claim), ("to", link.object))
    for row in graph.rows(internal("joins")):
        network.add_edge(("to", row["thing"]), ("at", row["next"]))
    return network


def _strongest(network: Any, links: dict[str, Link], source: Any, goal: Any, longest: int) -> Iterator[tuple[str, ...]]:
    """Chains of the strongest links alone; then with the next weaker kind of link allowed, and so on; each time the short ones first."""
    import networkx

    beginnings = {node[1] for node in network.successors(source)}
    for weakest in sorted({link.weakness for link in links.values()}):
        kept = [node for node in network if node[0] != "claim" or links[node[1]].weakness <= weakest]
        usable = network.subgraph(kept)
        steps = networkx.single_source_shortest_path_length(usable, source)
        if goal not in steps:
            continue
        left = networkx.single_source_shortest_path_length(usable.reverse(copy=False), goal)
        for length in range(max(1, -(-steps[goal] // 3)), longest + 1):
            # From, then for each claim the thing it begins at, the claim, and the thing it arrives at: three steps a claim. What is too
            # far off to be on such a way is left out before ways are looked for.
            near = [node for node in steps if node in left and steps[node] + left[node] <= 3 * length]
            paths = networkx.all_simple_paths(usable.subgraph(near).copy(), source, goal, cutoff=3 * length)
            chains = {tuple(node[1] for node in path if node[0] == "claim") for path in paths}
            yield from sorted(
                chain
                for chain in chains
                if len(chain) == length
                and max(links[claim].weakness for claim in chain) == weakest
                and _goes_on([links[claim] for claim in chain], beginnings)
            )


def _goes_on(chain: list[Link], beginnings: set[str]) -> bool:
    """Whether a chain never comes back to a thing that it has left, nor to the whole that its beginning is a form of."""
    things, arrivals = [link.subject for link in chain], [link.object for link in chain]
    repeated = len(set(things)) < len(things) or len(set(arrivals)) < len(arrivals)
    return not repeated and not beginnings & {*things[1:], *arrivals}


def _held(links: dict[str, Link], start: str, end: str) -> str | None:
    """The direction in which the claim from first to last is proposed, where somebody proposes it."""
    return min((link.direction for link in links.values() if (link.subject, link.object) == (start, end)), default=None)
