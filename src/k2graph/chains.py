"""Chains of claims between two things, by networkx: how strong, in which organisms, and which way they point.

In: a graph and two things. Out: `Chain`s, the one with the strongest weakest link first. A chain goes on from the thing that
it has arrived at, from what that is a state, form or narrower kind of, and from a state of it (`k2g:joins`, by rule).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from .graph import Graph

#: Chains of more claims than this explain nothing that a reader could follow.
LONGEST = 5


@dataclass(frozen=True)
class Link:
    """One claim of a chain, with its standing and the organisms in which its counted findings were made."""

    claim: str
    label: str
    direction: str
    tier: str
    tier_rank: int
    result: str
    result_rank: int
    standing: str
    organisms: tuple[str, ...]

    @property
    def weakness(self) -> tuple[int, int]:
        """Tested lower, then supported less: larger is weaker."""
        return self.tier_rank, self.result_rank


@dataclass(frozen=True)
class Chain:
    """Claims in order, from one thing to another."""

    links: tuple[Link, ...]
    contradicts: str = ""

    @property
    def weakest(self) -> Link:
        """The first of its weakest links."""
        return max(self.links, key=lambda link: link.weakness)

    @property
    def direction(self) -> str:
        """The directions multiplied: two decreases make an increase."""
        decreases = sum(link.direction == "decreases" for link in self.links)
        return "decreases" if decreases % 2 else "increases"


def find_chains(graph: Graph, start: NamedNode, end: NamedNode, most: int = 10) -> list[Chain]:
    """The strongest chains from one thing to another, at most `most`, shorter before longer where equally strong."""
    import networkx

    network: Any = networkx.DiGraph()
    links: dict[tuple[str, str], list[Link]] = {}
    for subject, thing, link in _links(graph):
        # A claim is a node between two things, so that several claims between the same two stay apart.
        network.add_edge(("at", subject), ("claim", link.claim), weakness=link.weakness)
        network.add_edge(("claim", link.claim), ("to", thing), weakness=link.weakness)
        links.setdefault(("claim", link.claim), []).append(link)
    for row in graph.query("SELECT ?thing ?next WHERE { ?thing k2g:joins ?next }"):
        network.add_edge(("to", row["thing"]), ("at", row["next"]))
    from .names import short

    source, goal = ("at", short(start.value)), ("to", short(end.value))
    for row in graph.query(f"SELECT ?broader WHERE {{ <{start.value}> k2g:carriesEvidenceTo ?broader }}"):
        network.add_edge(("from",), ("at", row["broader"]))
    if source not in network or goal not in network:
        return []
    held = _held(graph, start, end)
    return [
        Chain(chain, held if held and _direction(chain) != held else "")
        for chain in islice(_strongest(network, links, ("from",), goal), most)
    ]


def _links(graph: Graph) -> Iterator[tuple[str, str, Link]]:
    organisms: dict[str, set[str]] = {}
    for row in graph.query(
        """SELECT DISTINCT ?claim ?organism WHERE { ?bearing k2g:claim ?claim ; k2g:finding ?finding . MINUS { ?bearing k2g:notCounted ?reason }
        ?finding k2g:study ?study . ?study k2g:organism ?species . ?species rdfs:label ?organism } ORDER BY ?claim ?organism"""
    ):
        organisms.setdefault(row["claim"], set()).add(row["organism"])
    for row in graph.query(
        """SELECT ?claim ?label ?subject ?object ?direction ?tier ?tier_rank ?result ?result_rank ?standing WHERE {
        ?claim a k2g:Claim ; rdfs:label ?label ; rdf:subject ?subject ; rdf:object ?object ; k2g:context k2g:context-any ;
          k2g:direction ?way ; k2g:standing ?node .
        MINUS { ?claim a k2g:ReachClaim }
        ?way skos:notation ?direction . ?node rdfs:label ?standing ; k2g:testedIn ?tested ; k2g:result ?found .
        ?tested k2g:rank ?tier_rank ; rdfs:label ?tier . ?found k2g:rank ?result_rank ; rdfs:label ?result } ORDER BY ?claim"""
    ):
        subject, thing = row.pop("subject"), row.pop("object")
        yield subject, thing, Link(**row, organisms=tuple(sorted(organisms.get(row["claim"], ()))))


def _strongest(network: Any, links: dict[Any, list[Link]], source: Any, goal: Any) -> Iterator[tuple[Link, ...]]:
    """Chains in order of their weakest link: those of strong links alone, then with the next weaker kind allowed, and so on."""
    import networkx

    seen: set[tuple[str, ...]] = set()
    for allowed in sorted({link.weakness for several in links.values() for link in several}):
        usable = networkx.subgraph_view(network, filter_edge=lambda one, other, limit=allowed: network[one][other].get("weakness", (0, 0)) <= limit)
        if not networkx.has_path(usable, source, goal):
            continue
        for path in networkx.all_simple_paths(usable, source, goal, cutoff=3 * LONGEST + 1):
            found = tuple(links[node][0] for node in path if node[0] == "claim")
            key = tuple(link.claim for link in found)
            if key not in seen and max(link.weakness for link in found) == allowed:
                seen.add(key)
        batch = sorted((key for key in seen if _weakness(key, links) == allowed), key=lambda key: (len(key), key))
        yield from (tuple(links["claim", claim][0] for claim in key) for key in batch)


def _weakness(claims: tuple[str, ...], links: dict[Any, list[Link]]) -> tuple[int, int]:
    return max(links["claim", claim][0].weakness for claim in claims)


def _direction(chain: tuple[Link, ...]) -> str:
    return Chain(chain).direction


def _held(graph: Graph, start: NamedNode, end: NamedNode) -> str:
    """The direction in which the claim from first to last is proposed, where somebody proposes it."""
    rows = graph.query(
        f"""SELECT ?way WHERE {{ ?claim a k2g:Claim ; rdf:subject <{start.value}> ; rdf:object <{end.value}> ; k2g:context k2g:context-any ;
        k2g:direction ?direction . MINUS {{ ?claim a k2g:ReachClaim }} ?direction skos:notation ?way }}"""
    )
    return rows[0]["way"] if rows else ""
