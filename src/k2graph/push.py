"""Load the graph into a SPARQL server, all or nothing: into a graph beside, which then takes the place of the one that was named.

In: triples and the address of a SPARQL 1.1 Update service. Out: the graph that now holds them. Update alone is spoken, not the Graph
Store Protocol: a server that can be written to has it, and only it can put one graph in the place of another.

The graph beside is named after the one that it is for, so that a push clears away what a broken one before it left, and begins anew.
Two pushes to one graph at the same time would share it: do one after the other. How far the last step, the swap, is one step, is the
server's affair: in Oxigraph, Jena, RDF4J and GraphDB an update is one transaction.
"""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from pyoxigraph import BlankNode, RdfFormat, serialize

from .faults import InputError
from .names import BASE
from .store import check_address, check_graph

if TYPE_CHECKING:
    from pyoxigraph import Triple

#: The graph that is filled where no other is named, and the word for the one that has no name.
GRAPH = BASE.removesuffix("/")
DEFAULT = "default"
#: Virtuoso turns each triple into a line or so of a program of at most 10,000 lines.
BATCH = 1_000
_BESIDE = "urn:k2graph:staging:"


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
    server = _Server(endpoint, timeout)
    target, beside = _names(graph)
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
        if 400 <= _status(error) < 500:
            _tell(error, f"nothing changed in {graph}; the full staging graph <{beside}> {_removed(server, beside)}")
        # It may have been done though nobody said so, or be half done: what is left to do it with stays there.
        _tell(error, f"{graph} holds what it held or all that was sent, if the server works in transactions; push again to be sure")
    return graph


def _names(graph: str) -> tuple[str, str]:
    """The graph as SPARQL says it, and the name of the graph beside it."""
    if graph == DEFAULT:
        return "DEFAULT", f"{_BESIDE}default"
    if check_graph(graph).startswith(_BESIDE):
        raise InputError(f"{graph}: graphs of this name are k2graph's own while it loads; name another")
    return f"GRAPH <{graph}>", _BESIDE + quote(graph, safe="")


def _load(server: _Server, triples: Sequence[Triple], batch: int, graph: str, beside: str, progress: Callable[[int], None] | None) -> None:
    try:
        server.update(f"DROP SILENT GRAPH <{beside}>")
    except BaseException as error:
        _tell(error, f"nothing changed in {graph}; nothing was loaded")
    try:
        sent = 0
        for some in _batches(triples, batch):
            server.update(f"INSERT DATA {{ GRAPH <{beside}> {{\n{_lines(some)}}} }}")
            sent += len(some)
            if progress:
                progress(sent)
    except BaseException as error:
        _tell(error, f"nothing changed in {graph}; the half-loaded staging graph <{beside}> {_removed(server, beside)}")


def _batches(triples: Sequence[Triple], size: int) -> Iterator[list[Triple]]:
    # In order of their subjects, so that a push of the same graph is the same requests.
    ordered = iter(sorted(triples, key=str))
    while some := list(islice(ordered, size)):
        yield some


def _lines(triples: Sequence[Triple]) -> str:
    """N-Triples, whose terms are written and escaped as those of SPARQL are."""
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def _removed(server: _Server, beside: str) -> str:
    try:
        server.update(f"DROP SILENT GRAPH <{beside}>")
    except InputError:
        return "could not be removed; the next push removes it"
    return "was removed"


def _status(error: BaseException) -> int:
    return int(getattr(error.__cause__, "code", 0))


def _tell(error: BaseException, now: str) -> NoReturn:
    """Raise the error again, with what is in the server now."""
    if isinstance(error, InputError):
        hint = "; send fewer triples at once with --batch" if _status(error) == 413 else ""
        raise InputError(f"{error}{hint}; {now}") from error
    if isinstance(error, KeyboardInterrupt):
        raise InputError(f"stopped; {now}") from error
    raise error


class _Server:
    """A SPARQL Update service. User and password are sent only when it asks for them, and only to it."""

    def __init__(self, url: str, timeout: float) -> None:
        from .endpoint import check_characters

        check_characters(check_address(url))
        self.url, self.timeout = url, timeout
        self.user, self.password = os.environ.get("K2GRAPH_USER"), os.environ.get("K2GRAPH_PASSWORD", "")
        self.handlers = self._authentication()

    def _authentication(self) -> list[urllib.request.BaseHandler]:
        if self.user is None:
            return []
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, self.url, self.user, self.password)
        spoken = _Spoken((self.user + self.password).isascii())
        return [spoken, urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known)]

    def update(self, text: str) -> None:
        """Run one update.

        Raises:
            InputError: where the server does not say that it was done.
        """
        from .endpoint import exchange

        media_type, _ = exchange(lambda: self._request(text), self.url, self.timeout, self.user, *self.handlers)
        if media_type in {"text/html", "application/xhtml+xml"}:
            # A page to sign in, or a form: nothing that says that the update was done.
            raise InputError(f"{self.url}: answered with a web page; is this the address of a SPARQL Update service?")

    def _request(self, text: str) -> urllib.request.Request:
        # With its character set, without which some servers read UTF-8 as Latin-1.
        headers: dict[str, Any] = {
            "Content-Type": "application/sparql-update; charset=utf-8",
            "Accept": "application/sparql-results+json, */*;q=0.5",
        }
        # Only http and https: the address has been looked at.
        return urllib.request.Request(self.url, data=text.encode(), method="POST", headers=headers)  # noqa: S310


class _Spoken(urllib.request.BaseHandler):
    """Says in words what urllib's own handlers of log-ins, which come after it, would raise as faults of programming."""

    handler_order = 400

    def __init__(self, ascii_only: bool) -> None:
        self.ascii_only = ascii_only

    def http_error_401(self, request: urllib.request.Request, response: Any, code: int, message: str, headers: Any) -> None:
        kind = headers.get("WWW-Authenticate", "basic").partition(" ")[0].lower()
        fault = ""
        if kind not in {"basic", "digest"}:
            fault = "asks for a log-in that is neither basic nor digest"
        elif kind == "digest" and not self.ascii_only:
            fault = "asks for a digest log-in, in which user and password can hold only ASCII characters"
        if fault:
            response.close()
            raise InputError(f"{request.full_url}: {fault}")
