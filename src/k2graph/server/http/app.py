"""The server: its routes, what stands around every response, and how it starts and ends."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyoxigraph import RdfFormat
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...errors import InputError
from ...graph import open as open_graph
from ...sparql.named_graphs import DEFAULT
from .. import Settings
from ..pages import POLICY, Pages
from ..query_processes.pool import Died, Pool, Worker
from .description import Description
from .graph_store import GraphStore
from .jobs import Desk, Gone, Kept, error
from .questions_and_things import Api
from .sparql_protocol import Sparql

if TYPE_CHECKING:
    from .metrics import Metrics

Handler = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger("k2graph.serve")
#: More is not read for any purpose here. A query in an address is no header, and has a bound of its own.
_MOST_HEADERS = 100
_LONGEST_HEADER = 16_384
_access = logging.getLogger("k2graph.access")
#: A host with or without a port, and the name of a field, as HTTP writes them.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+?)\.?(?::\d*)?")
_FIELD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BARE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES = {"text/html": f"{POLICY}; frame-ancestors 'none'", "image/svg+xml": f"{_BARE}; style-src 'unsafe-inline'"}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    # All that is here is public and nothing can be changed, so any page may read it; never with credentials.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}


def application(settings: Settings) -> Frame:
    """The server as an ASGI application.

    Raises:
        InputError: where the file is no graph, or there is no place for a copy of it.
    """
    graph = open_graph(settings.data)
    description = Description.of(graph)
    read: Any = graph.store
    as_is, base = read.reading.as_is, read.reading.base
    own, named = (*read.dataset.own_names, DEFAULT), read.dataset.names()[1:]
    content = settings.data.read_bytes()
    # Workers that are started later read what the first ones read, whatever becomes of the file: hence a copy.
    try:
        folder = tempfile.TemporaryDirectory(prefix="k2graph-serve-")
        copy = Path(folder.name) / (f"graph{''.join(settings.data.suffixes[-2:])}" if base is None else "graph.nq")
        if base is None:
            copy.write_bytes(content)
        else:  # What is relative to the file's address would be another thing at that of the copy.
            read.dataset.engine.dump(copy, RdfFormat.N_QUADS)
    except OSError as error:
        raise InputError(f"a copy of the graph cannot be written ({error.strerror or error}); name a folder with room in TMPDIR") from error
    del graph, read  # each worker has its own; this process needs none

    pages = Pages(description.start_page())
    pool = Pool(copy, settings.limits, settings.max_concurrent)
    desk = Desk(pool, hashlib.sha256(content + (base or "").encode()).hexdigest(), settings.max_per_client, Kept(settings.cache * 2**20))
    sparql, api = Sparql(desk, description), Api(desk, description, pages, settings.base_path)
    written = {"text/turtle": copy} if as_is and copy.suffix == ".ttl" else {}
    store = GraphStore(desk, Path(folder.name), written, own, named)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with folder:
            making = None
            try:
                await pool.start()
                if description.plain:
                    _log.info("there is nothing here that the pages tell of; / says what the file holds, and leads to /query")
                    await pages.stop()
                else:
                    making = asyncio.create_task(_make_pages(pages, copy, settings))
                print(f"k2graph answers at http://{settings.host}:{settings.port}{settings.base_path}/", flush=True)
                yield
            finally:
                if making is not None:
                    making.cancel()
                    await asyncio.gather(making, return_exceptions=True)
                await pool.close()

    metrics = None
    if settings.metrics:
        from .metrics import Metrics

        metrics = Metrics(pool)
    # Quick rather than small: while one answer is compressed, all others wait.
    gzip = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1)
    answering = Starlette(
        routes=_routes(sparql, store, api, Watch(pool, metrics), settings.base_path),
        middleware=[gzip],
        exception_handlers={HTTPException: _http_error},
        lifespan=lifespan,
    )
    return Frame(answering, metrics, settings.base_path, settings.hosts)


async def _make_pages(pages: Pages, data: Path, settings: Settings) -> None:
    """Have the pages made by a process of its own, so that none of the work is done between two queries."""
    try:
        worker = await Worker.start(data, settings.limits)
        try:
            if reason := await pages.fill(worker):
                _log.warning(
                    "no pages are made of this file: %s; / says what it holds, and leads to /query", quote(reason, safe=" ,:;'()")[:300]
                )
        finally:
            await worker.end()
    except Died:
        _log.warning("the pages could not be made of this graph; all else answers")
        await pages.stop()


def _routes(sparql: Sparql, store: GraphStore, api: Api, watch: Watch, base: str) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        *(Route(path, sparql.protocol, methods=["GET", "POST"]) for path in ("/sparql", "/sparql/")),
        Route("/store", store.graph),
        Route("/.well-known/void", _taking(sparql.void, "format")),
        Route("/query", _taking(sparql.page, "query", "example")),
        Route("/questions", _taking(api.questions)),
        Route("/questions/{name}", api.question),
        Route("/openapi.json", _taking(api.openapi)),
        Route("/health", _taking(watch.health)),
        *([Route("/metrics", _taking(watch.counted))] if watch.metrics else []),
        Route("/ontology", api.ontology),
        Route("/", api.top),
        Route("/{name}", api.top),
        Route("/{kind}/{local:path}", api.below),
    ]
    return [Mount(base, routes=routes)] if base else routes


def _taking(handler: Handler, *known: str) -> Handler:
    """A handler that is given no other parameters than it heeds. Files of the site are, as who links to them may add words of their own."""

    async def checked(request: Request) -> Response:
        if unknown := next((name for name in request.query_params if name not in known), None):
            there = f"; there are: {', '.join(known)}" if known else ""
            return error(request, 400, f"no parameter {unknown[:100]!r} here{there}")
        return await handler(request)

    return checked


async def _http_error(request: Request, raised: Exception) -> Response:
    status = getattr(raised, "status_code", 500)
    said = {404: "there is nothing here", 405: "this method is not answered here"}.get(status, "the request cannot be answered")
    return error(request, status, said, headers=getattr(raised, "headers", None))


class Watch:
    """What those who run the server ask of it."""

    def __init__(self, pool: Pool, metrics: Metrics | None) -> None:
        self.pool, self.metrics = pool, metrics

    async def health(self, _: Request) -> Response:
        """Whether there is a worker that can answer queries."""
        well = self.pool.living > 0
        said = {"status": "ok" if well else "no worker", "workers": self.pool.living, "waiting": self.pool.waiting}
        return JSONResponse(said, 200 if well else 503, headers={"Cache-Control": "no-store"})

    async def counted(self, _: Request) -> Response:
        """What was counted, for Prometheus."""
        from .metrics import MEDIA_TYPE

        assert self.metrics is not None  # noqa: S101  # there is no such route without
        return Response(self.metrics.text(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


class Frame:
    """Around every response: headers that keep a browser from harm, a line in the log, and an end to whatever went wrong.

    Neither the query nor a traceback, which could quote it, is logged.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics | None, base: str, hosts: frozenset[str] | None) -> None:
        self.app, self.metrics, self.base, self.hosts = app, metrics, base, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, _without_traceback(send))
            return
        began = time.perf_counter()
        status, size = 0, 0

        async def framed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message)
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._answer(scope, receive, framed)
        except asyncio.CancelledError:
            # uvicorn does this when the server ends and a query does not; it would log a traceback.
            if not status:
                await Response("the server is ending\n", 503, media_type="text/plain")(scope, receive, framed)
        except (ClientDisconnect, Gone):
            pass
        except Exception as fault:  # whatever it is, the client and the log get no more than its kind
            _log.error("%s while answering", type(fault).__name__)
            if not status:
                await Response("something went wrong here\n", 500, media_type="text/plain")(scope, receive, framed)
        finally:
            if self.metrics is not None:
                self.metrics.count(scope["path"].removeprefix(self.base), status)
            spent = (time.perf_counter() - began) * 1000
            _access.info("%s %s %d %d B %.1f ms", scope["method"], quote(scope["path"])[:300], status, size, spent)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(scope["headers"]) > _MOST_HEADERS or any(len(value) > _LONGEST_HEADER for _, value in scope["headers"]):
            said = f"a request has at most {_MOST_HEADERS} headers, none longer than {_LONGEST_HEADER:,} bytes\n"
            await Response(said, 431, media_type="text/plain")(scope, receive, send)
        elif scope["http_version"] not in {"1.0", "1.1"}:
            await Response("HTTP/1.1 is spoken here\n", 505, media_type="text/plain")(scope, receive, send)
        elif not self._answers_to(Headers(scope=scope).get("host")):
            said = (
                f"this server answers to {', '.join(sorted(self.hosts or ()))}; for another name of it, start it with --allow-host NAME\n"
            )
            await Response(said, 421, media_type="text/plain")(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            methods = "GET, HEAD, POST, OPTIONS" if scope["path"].rstrip("/").endswith("/sparql") else "GET, HEAD, OPTIONS"
            # Whatever a page wishes to send may be sent, as nothing here depends on it; `*` would leave out Authorization.
            wished = _FIELD.findall(Headers(scope=scope).get("access-control-request-headers", ""))
            headers = {
                "Allow": methods,
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": ", ".join(dict.fromkeys(("Accept", "Content-Type", "If-None-Match", *wished))),
                "Access-Control-Max-Age": "86400",
                "Vary": "Access-Control-Request-Headers",
            }
            await Response(status_code=204, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _answers_to(self, host: str | None) -> bool:
        """Whether a request means this server. A page elsewhere may have its own name lead to loopback, and would then read from here.

        What tells no host is no browser.
        """
        if self.hosts is None or host is None:
            return True
        named = _HOST.fullmatch(host.lower())
        return named is not None and named[1] in self.hosts


def _without_traceback(send: Send) -> Send:
    """A start that fails is told by `serve`, in one line."""

    async def told(message: Message) -> None:
        await send({"type": message["type"]})

    return told


def _add_headers(message: Message) -> None:
    added = dict(_HEADERS)
    # A browser puts the headers of a 304 in the place of those that it keeps, so that must not say another policy.
    if message["status"] != 304:
        added["Content-Security-Policy"] = _policy(message)
    message["headers"] = [*message["headers"], *((name.lower().encode(), value.encode()) for name, value in added.items())]


def _policy(message: Message) -> str:
    kind = next((value.decode("latin-1") for name, value in message["headers"] if name == b"content-type"), "")
    return _POLICIES.get(kind.partition(";")[0], _BARE)
