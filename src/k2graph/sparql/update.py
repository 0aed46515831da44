"""A SPARQL Update service, and the graph beside the one that it is for, in which a change is made ready.

What is in the graph of a name stays as it is until the last step puts the graph beside in its place. The graph beside is named after the
one that it is for, so that the next attempt clears away what a broken one left. Two at the same time would share it: do one after the
other. How far the last step is one step is the server's affair: in Oxigraph, Jena, RDF4J and GraphDB an update is one transaction.
"""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from pyoxigraph import RdfFormat, serialize

from ..errors import InputError
from ..iris import BASE
from .store import check_address, check_graph

if TYPE_CHECKING:
    from pyoxigraph import Triple

#: The graph that is meant where no other is named, and the word for the one that has no name.
GRAPH = BASE.removesuffix("/")
DEFAULT = "default"
#: Virtuoso turns each triple into a line or so of a program of at most 10,000 lines.
BATCH = 1_000
#: Seconds for what clears away after a fault: the server may be the fault, and has been waited for already.
_CLEARING = 30.0
_BESIDE = "urn:k2graph:staging:"


def names_of(graph: str) -> tuple[str, str]:
    """The graph as SPARQL says it, and the name of the graph beside it."""
    if graph == DEFAULT:
        return "DEFAULT", f"{_BESIDE}default"
    if check_graph(graph).startswith(_BESIDE):
        raise InputError(f"{graph}: graphs of this name are k2graph's own while it loads; name another")
    return f"GRAPH <{graph}>", _BESIDE + quote(graph, safe="")


def insert(server: Server, triples: Iterable[Triple], graph: str, batch: int = BATCH) -> Iterator[int]:
    """Put triples into a graph, and say how many have arrived, after each batch."""
    sent = 0
    for some in _batches(triples, batch):
        server.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{_lines(some)}}} }}")
        sent += len(some)
        yield sent


def _batches(triples: Iterable[Triple], size: int) -> Iterator[list[Triple]]:
    # In order of their subjects, so that a push of the same graph is the same requests.
    ordered = iter(sorted(triples, key=str))
    while some := list(islice(ordered, size)):
        yield some


def _lines(triples: Sequence[Triple]) -> str:
    """N-Triples, whose terms are written and escaped as those of SPARQL are."""
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def removed(server: Server, *graphs: str, by: str = "push") -> str:
    """Remove graphs that were left beside, and say whether that was done; `by` what comes next they are removed else."""
    try:
        for graph in graphs:
            server.update(f"DROP SILENT GRAPH <{graph}>", within=_CLEARING)
    except InputError:
        return f"could not be removed; the next {by} removes it"
    return "was removed"


def status_of(error: BaseException) -> int:
    """The status of HTTP with which a server refused; 0 where it did not answer."""
    return int(getattr(error.__cause__, "code", 0))


def raise_with(error: BaseException, now: str) -> NoReturn:
    """Raise the error again, with what is in the server now."""
    if isinstance(error, InputError):
        hint = "; send fewer triples at once with --batch" if status_of(error) == 413 else ""
        raise InputError(f"{error}{hint}; {now}") from error
    if isinstance(error, KeyboardInterrupt):
        raise InputError(f"stopped; {now}") from error
    raise error


class Server:
    """A SPARQL Update service. User and password are sent only when it asks for them, and only to it."""

    def __init__(self, url: str, timeout: float) -> None:
        from .http import check_characters

        check_characters(check_address(url))
        self.url, self.timeout = url, timeout
        self.user, self.password = os.environ.get("K2GRAPH_USER"), os.environ.get("K2GRAPH_PASSWORD", "")
        self.handlers = self._authentication()

    def _authentication(self) -> list[urllib.request.BaseHandler]:
        if self.user is None:
            return []
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, self.url, self.user, self.password)
        faults = _LoginFaults((self.user + self.password).isascii())
        return [faults, urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known)]

    def update(self, text: str, within: float | None = None) -> None:
        """Run one update, in fewer seconds than else where some are given.

        Raises:
            InputError: where the server does not say that it was done.
        """
        from .http import Deadline, exchange

        deadline = Deadline(self.timeout if within is None else min(self.timeout, within))
        answered = exchange(lambda: self._request(text), self.url, deadline, self.user, *self.handlers)
        if answered.media_type in {"text/html", "application/xhtml+xml"}:
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


class _LoginFaults(urllib.request.BaseHandler):
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
