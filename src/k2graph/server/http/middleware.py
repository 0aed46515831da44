"""What stands around every response: one class for each thing, from the line in the log to the names that this server answers to.

Two of Starlette's do less. `CORSMiddleware` adds nothing where a request names no `Origin`, so that what a cache keeps is of no use to a
page; it sends back whatever header names it is sent, and leaves OPTIONS without `Allow`. `TrustedHostMiddleware` cannot say how another
name is allowed, and cuts an address of IPv6 at its first colon.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..pages import POLICY, POLICY_WITH_PROGRAMS, has_programs
from .jobs import Gone
from .responses import refused

if TYPE_CHECKING:
    from .metrics import Metrics

_log = logging.getLogger("k2graph.serve")
_access = logging.getLogger("k2graph.access")
#: More is not read for any purpose here. A query in an address is no header, and has a bound of its own.
_MOST_HEADERS = 100
_LONGEST_HEADER = 16_384
#: A host with or without a port, the beginning of a whole address, and the name of a field, as HTTP writes them.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+?)\.?(?::\d*)?")
_WHOLE = re.compile(rb"https?://([^/?#]+)", re.IGNORECASE)
_FIELD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BARE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES = {"text/html": f"{POLICY}; frame-ancestors 'none'", "image/svg+xml": f"{_BARE}; style-src 'unsafe-inline'"}

#: Of every response. All that is here is public and nothing can be changed, so any page may read it; never with credentials.
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After"),
)


class AccessLog:
    """A line in the log for each request, without its query, and its count for whoever runs the server."""

    def __init__(self, app: ASGIApp, metrics: Metrics | None, base: str) -> None:
        self.app, self.metrics, self.base = app, metrics, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and write the line."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status, size = 0, 0

        async def measured(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, measured)
        finally:
            if self.metrics is not None:
                self.metrics.count(scope["path"].removeprefix(self.base), status)
            spent = (time.perf_counter() - began) * 1000
            _access.info("%s %s %d %d B %.1f ms", scope["method"], quote(scope["path"])[:300], status, size, spent)


class SafeHeaders:
    """Headers that keep a browser from harm, and let the pages of others read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with these headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(message, scope["path"])
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)

    @staticmethod
    def _add(message: Message, path: str) -> None:
        policy = _POLICIES.get(Headers(raw=message["headers"]).get("content-type", "").partition(";")[0], _BARE)
        if has_programs(path):
            policy = policy.replace(POLICY, POLICY_WITH_PROGRAMS)
        # A browser puts the headers of a 304 in the place of those that it keeps, so that must not name another policy.
        named = [] if message["status"] == 304 else [(b"content-security-policy", policy.encode())]
        message["headers"] = [*message["headers"], *_SAFE, *named]


class ErrorsWithoutTraceback:
    """An end to whatever went wrong: neither the client nor the log gets more than its kind, since a traceback could quote the query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer. What has begun to be sent is broken off."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except asyncio.CancelledError:
            # uvicorn does this when the server ends and a query does not; it would log a traceback.
            if not begun:
                await refused(scope, 503, "the server is ending")(scope, receive, send)
        except (ClientDisconnect, Gone):
            pass
        except Exception as fault:
            _log.error("%s while answering", type(fault).__name__)
            if not begun:
                await refused(scope, 500, "something went wrong here")(scope, receive, send)


class Compressed(GZipMiddleware):
    """What is long is compressed, but for HTTP/1.0: how long it gets is not known when it is begun, and that version has no chunks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "http" and scope["http_version"] == "1.0":
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Gate:
    """What answers some requests itself and lets all others through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let through."""
        answer = self.answer(scope, Headers(scope=scope)) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    def answer(self, scope: Scope, headers: Headers) -> Response | None:
        """What is answered here; nothing for what is let through."""
        raise NotImplementedError


class HeaderLimits(_Gate):
    """Few headers, none of them long, in a version of HTTP that is spoken here."""

    def answer(self, scope: Scope, headers: Headers) -> Response | None:
        """The limit, where one is broken."""
        if len(headers) > _MOST_HEADERS or any(len(name) + len(value) > _LONGEST_HEADER for name, value in headers.raw):
            limits = f"at most {_MOST_HEADERS} headers, none longer than {_LONGEST_HEADER:,} bytes"
            return refused(scope, 431, f"a request has {limits}")
        if scope["http_version"] not in {"1.0", "1.1"}:
            return refused(scope, 505, "HTTP/1.1 is spoken here")
        return None


class OwnHosts(_Gate):
    """Only requests that mean this server. A page elsewhere may have its own name lead to loopback, and would then read from here."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        """`hosts` are the names of this server; None for any."""
        super().__init__(app)
        self.hosts = hosts

    def answer(self, scope: Scope, headers: Headers) -> Response | None:
        """The names that are answered to, where it is another."""
        host = headers.get("host")
        if whole := _WHOLE.match(scope["raw_path"]):
            # An address as a proxy is asked for it: the host in it goes before the header (RFC 9112 §3.2.2).
            host = whole[1].decode("ascii")
            scope["raw_path"] = scope["raw_path"][whole.end() :] or b"/"
            scope["path"] = unquote(scope["raw_path"].decode("ascii"))
            scope["headers"] = [(b"host", whole[1]), *((name, value) for name, value in scope["headers"] if name != b"host")]
        if self.hosts is None or host is None:  # what tells no host is no browser
            return None
        named = _HOST.fullmatch(host.lower())
        if named is not None and named[1] in self.hosts:
            return None
        way = "for another name of it, start it with --allow-host NAME"
        return refused(scope, 421, f"this server answers to {', '.join(sorted(self.hosts))}; {way}")


class Options(_Gate):
    """What may be asked, and from where (OPTIONS, as a browser asks it before a page of others may read)."""

    def answer(self, scope: Scope, headers: Headers) -> Response | None:
        """The methods and headers that may be sent."""
        if scope["method"] != "OPTIONS":
            return None
        methods = "GET, HEAD, POST, OPTIONS" if scope["path"].rstrip("/").endswith("/sparql") else "GET, HEAD, OPTIONS"
        # Whatever a page wishes to send may be sent, as nothing here depends on it; `*` would leave out Authorization.
        wished = _FIELD.findall(headers.get("access-control-request-headers", ""))
        allowed = {
            "Allow": methods,
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": ", ".join(dict.fromkeys(("Accept", "Content-Type", "If-None-Match", *wished))),
            "Access-Control-Max-Age": "86400",
            "Vary": "Access-Control-Request-Headers",
        }
        return Response(status_code=204, headers=allowed)
