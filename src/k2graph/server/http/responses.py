"""Responses of HTTP: an answer with what caches go by, and a message in the form that a client would rather have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from .. import media_types
from ..pages import error_page, refusal_page

#: Characters of a query to which a page of an error leads back.
_LINKED = 20_000
#: Of an Accept header that decides in which form an error is sent.
_LONGEST_ACCEPT = 16_384
#: Where trying again may help.
LATER = {"Retry-After": "2"}


def asked_form(request: Request) -> str | None:
    """The form that a request asks for: by `format`, else by its Accept header.

    Raises:
        ValueError: where `format` is none.
    """
    asked = [value for value in request.query_params.getlist("format") if value]
    return media_types.named(asked) if asked else request.headers.get("Accept")


def tags_held(request: Request) -> set[str]:
    """The tags of the answers that a client has already."""
    return {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}


def has_already(request: Request, tag: str) -> bool:
    """Whether a client has what a tag names; `*` is whatever there is."""
    return bool(tags_held(request) & {tag, "*"})


def not_modified(tag: str) -> Response:
    """Word that the client has the answer already."""
    return with_cache_headers(Response(status_code=304), tag)


def with_cache_headers(response: Response, tag: str | None) -> Response:
    """A response with what caches go by; without a tag it is not to be kept."""
    # To an answer itself the compression adds its own word.
    response.headers["Vary"] = "Accept, Accept-Encoding" if response.status_code == 304 else "Accept"
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = "no-cache"
        response.headers["ETag"] = tag
    return response


def answer(request: Request, body: bytes, media_type: str, tag: str | None) -> Response:
    """An answer, or word that the client has it already."""
    if tag is not None and has_already(request, tag):
        return not_modified(tag)
    return with_cache_headers(Response(body, media_type=media_types.with_charset(media_type)), tag)


class Refusal(Response):
    """A message in the place of an answer."""

    def __init__(self, message: str, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        #: In words, whatever the form in which it is sent.
        self.message = message


def error(request: Request, status: int, message: str, default: str = "text/plain", headers: Mapping[str, str] | None = None) -> Refusal:
    """A message: a page where the client would rather have one, as browsers do, JSON where it would rather have that."""
    return _refusal(request, status, message, lambda: _error_page(request, status, message), default, headers)


def refused(scope: Scope, status: int, message: str) -> Refusal:
    """A message to who is given nothing else here: its page stands alone."""
    return _refusal(Request(scope), status, message, lambda: refusal_page(status, message))


def _refusal(
    request: Request,
    status: int,
    message: str,
    page: Callable[[], bytes],
    default: str = "text/plain",
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    offers = sorted(("text/plain", "application/json", media_types.PAGE), key=lambda offer: offer != default)
    accept = request.headers.get("Accept", "")
    # Of a header that is too long for anything else here the beginning is no wish either.
    chosen = media_types.choose(accept if len(accept) <= _LONGEST_ACCEPT else None, offers) or default
    if chosen == media_types.PAGE:
        body = page()
    else:
        text = json.dumps({"error": message}, ensure_ascii=False) if chosen == "application/json" else message
        body = f"{text}\n".encode()
    response = Refusal(message, body, status, media_type=media_types.with_charset(chosen), headers=dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _error_page(request: Request, status: int, message: str) -> bytes:
    scope = request.scope
    # As it was sent, since a slash within a name is none in the address of the page that a browser makes relative links of.
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    depth = max(path.count(b"/") - scope.get("root_path", "").count("/") - 1, 0)
    asked = request.query_params.getlist("query") if scope["path"].rstrip("/").endswith("/sparql") else []
    query = asked[0] if len(asked) == 1 and len(asked[0]) <= _LINKED else ""
    return error_page(status, message, depth, plain=request.app.state.pages.are_none, query=query)


def not_ready(request: Request) -> Response:
    """Pages are still being made."""
    return error(request, 503, "the pages are being made; try again in a moment", headers=LATER)
