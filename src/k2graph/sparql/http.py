"""Ask a SPARQL endpoint by SPARQLWrapper, and say plainly what went wrong.

`exchange` is the one way to a server, for what asks and for what pushes: no redirect, no endless wait, one clear error. It takes as long
as its `Deadline` says and no longer, whichever part of it is slow: the name, the connection, TLS, the headers or the body.
"""

from __future__ import annotations

import base64
import http.client
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from queue import Empty, SimpleQueue
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from ..errors import InputError
from ..text import clean
from .connections import Http, Https, Line
from .safety import query_form

_RESULTS = "application/sparql-results+json"
_GRAPH = "application/n-triples"
# What is asked for comes first; the others are what servers send all the same. JSON-LD is not among them: of JSON that is something
# else it would make an empty graph.
_TABLES = {
    _RESULTS: QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
_GRAPHS = {
    _GRAPH: RdfFormat.N_TRIPLES,
    # What N-Triples were called before they had a name of their own; whoever means Turtle by it is understood too.
    "text/plain": RdfFormat.TURTLE,
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
_PIECE = 1 << 16
_LONGEST = 86_400


class Deadline:
    """When an answer must be there, all of it.

    Raises:
        InputError: where the time is none, or longer than a day.
    """

    def __init__(self, seconds: float) -> None:
        if not 0 < seconds <= _LONGEST:
            raise InputError(f"an endpoint is waited for between 0 and {_LONGEST:,} seconds, not {seconds:g}")
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left, or a moment."""
        return max(self.end - time.monotonic(), 0.001)


@dataclass(frozen=True)
class Answered:
    """A whole answer of a server: in which form, with which headers, and its body."""

    form: QueryResultsFormat | RdfFormat | None
    media_type: str
    headers: Message
    body: bytes


class _Stay(urllib.request.HTTPRedirectHandler):
    """urllib would follow a redirect and take the Authorization header with it, to whatever host it names."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask_endpoint(url: str, query: str, deadline: Deadline, user: str | None, password: str | None, graph: str | None) -> Answered:
    """The whole of an endpoint's answer to a query.

    Raises:
        InputError: where there is no answer, or none that can be used.

    """
    check_characters(url)
    forms: dict[str, Any]
    wanted, forms = (_GRAPH, _GRAPHS) if query_form(query) in {"CONSTRUCT", "DESCRIBE"} else (_RESULTS, _TABLES)
    answered = exchange(lambda: _request(url, query, wanted, user, password, graph), url, deadline, user)
    # Where no kind is said at all, http.client has one of its own.
    if answered.media_type not in forms or "Content-Type" not in answered.headers:
        kind = clean(answered.media_type)
        raise InputError(f"{url}: answered with {kind} instead of {wanted}; is this the address of a SPARQL endpoint?")
    return Answered(forms[answered.media_type], answered.media_type, answered.headers, answered.body)


def readable(body: bytes, form: QueryResultsFormat) -> bytes:
    """A table of results whose nodes without a name are called so that SPARQL could call them so.

    Virtuoso writes `nodeID://b10001`, and others what they like, since such names mean nothing outside of the answer.
    """
    if form != QueryResultsFormat.JSON or b'"bnode"' not in body:
        return body
    import json

    try:
        found = json.loads(body)
        for row in found["results"]["bindings"]:
            for term in row.values():
                if term["type"] == "bnode":
                    term["value"] = _NO_NAME.sub(lambda match: f"-{ord(match[0]):x}-", term["value"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return body  # whatever is wrong with it, its reader says
    return json.dumps(found).encode()


def check_characters(url: str) -> None:
    """Refuse an address that no request line could hold.

    Raises:
        InputError: where it holds a control character.
    """
    if url != clean(url):
        raise InputError(f"{url!r} is not the address of an endpoint; it holds a control character")


def exchange(
    make: Callable[[], urllib.request.Request], url: str, deadline: Deadline, user: str | None, *handlers: urllib.request.BaseHandler
) -> Answered:
    """Send a request, follow no redirect, and read the whole answer.

    Raises:
        InputError: where there is none within the time, it is an error, or the server itself says that it is only a part.
    """
    line = Line()
    answers: SimpleQueue[Answered | BaseException] = SimpleQueue()

    def talk() -> None:
        try:
            answers.put(_talk(make, url, deadline, user, Http(line), Https(line), *handlers))
        except BaseException as error:  # it is raised where the answer is waited for
            answers.put(error)

    # Beside, since the time-out of a socket starts again with every byte, and that of a look-up of a name is nobody's.
    threading.Thread(target=talk, name=f"talk with {url}", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty as error:
        raise InputError(f"{url}: no answer within {deadline.seconds:g} seconds") from error
    finally:
        line.hang_up()
    if isinstance(answer, Answered):
        return answer
    try:
        raise answer
    finally:
        del answer  # which would keep itself, and the connections of its traceback, alive


def _talk(
    make: Callable[[], urllib.request.Request], url: str, deadline: Deadline, user: str | None, *handlers: urllib.request.BaseHandler
) -> Answered:
    try:
        with urllib.request.build_opener(_Stay, *handlers).open(make(), timeout=deadline.left()) as response:
            _check_whole(url, response.status, response.headers)
            return Answered(None, response.headers.get_content_type(), response.headers, _read(response, deadline))
    except urllib.error.HTTPError as error:
        with error:
            raise InputError(f"{url}: {_meaning(error, user)}") from error
    except http.client.IncompleteRead as error:
        raise InputError(f"{url}: the answer broke off") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise InputError(f"{url}: no answer within {deadline.seconds:g} seconds") from error
        raise InputError(f"{url}: no connection: {clean(str(getattr(reason, 'strerror', None) or reason))}") from error


def _check_whole(url: str, status: int, headers: Message) -> None:
    # Virtuoso's time-out "at any time" sends with status 200 what was there by then: S1TAT.
    state = headers.get("X-SQL-State")
    if state is not None:
        reason = clean(f"{state} {headers.get('X-SQL-Message', '')}").strip()
        raise InputError(f"{url}: gave only a part of the answer ({reason}); ask for less, or give the server more time")
    if status == 206:
        raise InputError(f"{url}: gave only a part of the answer (206)")


def _request(url: str, query: str, wanted: str, user: str | None, password: str | None, graph: str | None) -> urllib.request.Request:
    from SPARQLWrapper import JSON, POST, SELECT, SPARQLWrapper

    wrapper = SPARQLWrapper(url)
    if graph is not None:
        wrapper.addDefaultGraph(graph)
    # Not setQuery: it takes the first ASK, ADD or LOAD in any word, even in a comment, for the kind of query, and would send
    # a question that speaks of "additional" things as an update.
    wrapper.queryString, wrapper.queryType = query, SELECT
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(JSON)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", wanted)
    if user is not None:
        token = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
        wrapper.addCustomHttpHeader("Authorization", f"Basic {token}")
    request: urllib.request.Request = wrapper._createRequest()
    return request


def _read(response: Any, deadline: Deadline) -> bytes:
    # In pieces, so that what nobody waits for any more ends here too.
    pieces = []
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        if time.monotonic() > deadline.end:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


def _meaning(error: urllib.error.HTTPError, user: str | None) -> str:
    code = error.code
    if code == 401:
        return "refused the user or the password (401)" if user else "asks for a user (401); set K2GRAPH_USER and K2GRAPH_PASSWORD"
    if code == 403:
        return "does not allow this (403)" + ("" if user else "; if it asks for a user, set K2GRAPH_USER and K2GRAPH_PASSWORD")
    if 300 <= code < 400:
        return f"redirects to {clean(error.headers.get('Location', 'elsewhere'))} ({code}); name that address yourself if you trust it"
    if code == 404:
        return "nothing there (404); is this the address of a SPARQL endpoint?"
    line = _first_line(error)
    return clean(f"answered with an error ({code} {error.reason})") + (f": {clean(line)}" if line else "")


def _first_line(error: urllib.error.HTTPError) -> str:
    """The first line of what an endpoint wrote with its error, where that is text for people."""
    try:
        lines = error.read(400).decode(errors="replace").strip().splitlines()
    except (OSError, http.client.HTTPException):
        return ""
    return lines[0] if lines and not lines[0].startswith("<") else ""
