"""Ask a SPARQL endpoint by SPARQLWrapper, and say plainly what went wrong.

Kept from store.py because it imports SPARQLWrapper, and with it rdflib, which a local query does not need.
"""

from __future__ import annotations

import base64
import http.client
import urllib.error
import urllib.request
from typing import Any

from SPARQLWrapper import JSON, POST, SPARQLWrapper  # type: ignore[import-untyped]  # ships no types

from .faults import InputError

_WANTED = {"SELECT": "application/sparql-results+json", "ASK": "application/sparql-results+json"}
_GRAPH = "application/n-triples"


class _Stay(urllib.request.HTTPRedirectHandler):
    """urllib would follow a redirect and take the Authorization header with it, to whatever host it names."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask_endpoint(url: str, query: str, timeout: float, user: str | None, password: str | None) -> tuple[str, bytes]:
    """The media type and the whole body of an endpoint's answer.

    Raises:
        InputError: where there is no answer, or none that can be used.

    """
    wrapper = SPARQLWrapper(url)
    wrapper.setQuery(query)
    wrapper.setMethod(POST)
    wrapper.setTimeout(max(1, round(timeout)))
    wrapper.setReturnFormat(JSON)
    wanted = _WANTED.get(str(wrapper.queryType), _GRAPH)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", wanted)
    if user is not None:
        token = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
        wrapper.addCustomHttpHeader("Authorization", f"Basic {token}")
    opener = urllib.request.build_opener(_Stay)
    try:
        request = wrapper._createRequest()
        request.add_header("Accept", wanted)
        with opener.open(request, timeout=timeout) as response:
            body = response.read()
            media_type = response.headers.get_content_type()
            announced = response.headers.get("Content-Length")
    except urllib.error.HTTPError as error:
        raise InputError(f"{url}: {_meaning(error)}") from error
    except (TimeoutError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise InputError(f"{url}: no answer within {timeout:g} seconds") from error
        if isinstance(error, http.client.IncompleteRead):
            raise InputError(f"{url}: the answer broke off") from error
        raise InputError(f"{url}: no connection: {getattr(reason, 'strerror', None) or reason}") from error
    if announced is not None and len(body) != int(announced):
        raise InputError(f"{url}: the answer broke off after {len(body)} of {announced} bytes")
    if media_type != wanted:
        raise InputError(f"{url}: answered with {media_type} instead of {wanted}; is this the address of a SPARQL endpoint?")
    return media_type, body


def _meaning(error: urllib.error.HTTPError) -> str:
    code = error.code
    if code in {401, 403}:
        return f"refused the user ({code}); set K2GRAPH_USER and K2GRAPH_PASSWORD"
    if 300 <= code < 400:
        return f"redirects to {error.headers.get('Location', 'elsewhere')} ({code}); name that address yourself if you trust it"
    if code == 404:
        return "nothing there (404); is this the address of a SPARQL endpoint?"
    said = error.read(400).decode(errors="replace").strip().splitlines()
    detail = f": {said[0]}" if said and not said[0].lstrip().startswith("<") else ""
    return f"answered with an error ({code} {error.reason}){detail}"
