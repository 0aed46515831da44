"""Ask a SPARQL endpoint by SPARQLWrapper, and say plainly what went wrong.

`exchange` is the one way to a server, for what asks and for what pushes: no redirect, no endless wait, one clear error.
"""

from __future__ import annotations

import base64
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from .faults import InputError
from .guard import query_form
from .terminal import clean

_RESULTS = "application/sparql-results+json"
_GRAPH = "application/n-triples"
_PIECE = 1 << 16
_LONGEST = 86_400


class _Stay(urllib.request.HTTPRedirectHandler):
    """urllib would follow a redirect and take the Authorization header with it, to whatever host it names."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask_endpoint(url: str, query: str, timeout: float, user: str | None, password: str | None, graph: str | None) -> tuple[str, bytes]:
    """The media type and the whole body of an endpoint's answer.

    Raises:
        InputError: where there is no answer, or none that can be used.

    """
    check_characters(url)
    wanted = _GRAPH if query_form(query) in {"CONSTRUCT", "DESCRIBE"} else _RESULTS
    media_type, body = exchange(lambda: _request(url, query, wanted, user, password, graph), url, timeout, user)
    if media_type != wanted:
        raise InputError(f"{url}: answered with {clean(media_type)} instead of {wanted}; is this the address of a SPARQL endpoint?")
    return media_type, body


def check_characters(url: str) -> None:
    """Refuse an address that no request line could hold.

    Raises:
        InputError: where it holds a control character.
    """
    if url != clean(url):
        raise InputError(f"{url!r} is not the address of an endpoint; it holds a control character")


def exchange(
    make: Callable[[], urllib.request.Request], url: str, timeout: float, user: str | None, *handlers: urllib.request.BaseHandler
) -> tuple[str, bytes]:
    """Send a request, follow no redirect, and read the whole answer: its media type and its body.

    Raises:
        InputError: where there is none, or it is an error.
    """
    if not 0 < timeout <= _LONGEST:
        raise InputError(f"an endpoint is waited for between 0 and {_LONGEST:,} seconds, not {timeout:g}")
    deadline = time.monotonic() + timeout
    try:
        with urllib.request.build_opener(_Stay, *handlers).open(make(), timeout=timeout) as response:
            return response.headers.get_content_type(), _read(response, deadline)
    except urllib.error.HTTPError as error:
        with error:
            raise InputError(f"{url}: {_meaning(error, user)}") from error
    except http.client.IncompleteRead as error:
        raise InputError(f"{url}: the answer broke off") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise InputError(f"{url}: no answer within {timeout:g} seconds") from error
        raise InputError(f"{url}: no connection: {clean(str(getattr(reason, 'strerror', None) or reason))}") from error


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


def _read(response: Any, deadline: float) -> bytes:
    # In pieces, since a time-out of the socket would start again with every byte of a slow answer.
    pieces = []
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        if time.monotonic() > deadline:
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
    said = _said(error)
    return clean(f"answered with an error ({code} {error.reason})") + (f": {clean(said)}" if said else "")


def _said(error: urllib.error.HTTPError) -> str:
    """The first line of what an endpoint wrote with its error, where that is text for people."""
    try:
        lines = error.read(400).decode(errors="replace").strip().splitlines()
    except (OSError, http.client.HTTPException):
        return ""
    return lines[0] if lines and not lines[0].startswith("<") else ""
