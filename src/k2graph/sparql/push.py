"""Load the graph into a SPARQL server, all or nothing: into a graph beside, which then takes the place of the one that was named.

In: triples and the address of a SPARQL 1.1 Update service. Out: the graph that now holds them. Update alone is spoken, not the Graph
Store Protocol: a server that can be written to has it, and only it can put one graph in the place of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from ..errors import InputError
from .update import BATCH, DEFAULT, GRAPH, Server, insert, names_of, raise_with, removed, status_of

if TYPE_CHECKING:
    from pyoxigraph import Triple

__all__ = ["BATCH", "DEFAULT", "GRAPH", "push"]


def push(
    triples: Sequence[Triple],
    endpoint: str,
    *,
    graph: str = GRAPH,
    batch: int = BATCH,
    timeout: float = 600.0,
    progress: Callable[[int], None] | None = None,
) -> str:
    """Put triples in the place of all that a graph of a server held, and return which graph that is.

    Args:
        triples: What the graph is to hold.
        endpoint: The address of the server's SPARQL Update service. User and password, where it asks for them by basic or digest
            authentication, come from K2GRAPH_USER and K2GRAPH_PASSWORD.
        graph: The graph's name, or `default` for the server's default graph.
        batch: How many triples are sent at once.
        timeout: Seconds to wait for each answer.
        progress: Told how many triples have arrived, after each batch.

    Raises:
        InputError: where it cannot be done; the message says what is in the server now.
    """
    server = Server(endpoint, timeout)
    target, beside = names_of(graph)
    if batch < 1:
        raise InputError(f"--batch: at least one triple is sent at once, not {batch}")
    if any(isinstance(end, BlankNode) for triple in triples for end in (triple.subject, triple.object)):
        raise InputError("the graph has nodes without a name, which batches would tear apart; give them names")
    if not triples:
        raise InputError("the graph is empty; nothing was sent")
    _load(server, triples, batch, graph, beside, progress)
    try:
        server.update(f"MOVE GRAPH <{beside}> TO {target}")
    except BaseException as error:
        if 400 <= status_of(error) < 500:
            raise_with(error, f"nothing changed in {graph}; the full staging graph <{beside}> {removed(server, beside)}")
        # It may have been done though nobody said so, or be half done: what is left to do it with stays there.
        raise_with(error, f"{graph} holds what it held or all that was sent, if the server works in transactions; push again to be sure")
    return graph


def _load(server: Server, triples: Sequence[Triple], batch: int, graph: str, beside: str, progress: Callable[[int], None] | None) -> None:
    try:
        server.update(f"DROP SILENT GRAPH <{beside}>")
    except BaseException as error:
        raise_with(error, f"nothing changed in {graph}; nothing was loaded")
    try:
        for sent in insert(server, triples, beside, batch):
            if progress:
                progress(sent)
    except BaseException as error:
        raise_with(error, f"nothing changed in {graph}; the half-loaded staging graph <{beside}> {removed(server, beside)}")
