"""The server: its routes, what stands around every response, and how it starts and ends."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..graph import open as open_graph
from . import Settings
from .api import Api
from .description import Description
from .desk import Desk, Kept, error
from .graph_store import GraphStore
from .pages import POLICY, Pages
from .protocol import Sparql
from .workers import Died, Pool, Worker

_log = logging.getLogger("k2graph.serve")
_access = logging.getLogger("k2graph.access")
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


def application(settings: Settings) -> ASGIApp:
    """The server as an ASGI application.

    Raises:
        InputError: where the file is no graph.
    """
    graph = open_graph(settings.data)
    description = Description.of(graph)
    content = settings.data.read_bytes()
    del graph  # each worker has its own; this process needs none

    pages = Pages()
    # Workers that are started later read what the first ones read, whatever becomes of the file: hence a copy.
    folder = tempfile.TemporaryDirectory(prefix="k2graph-serve-")
    copy = Path(folder.name) / f"graph{settings.data.suffix}"
    copy.write_bytes(content)
    pool = Pool(copy, settings.limits, settings.max_concurrent)
    desk = Desk(pool, hashlib.sha256(content).hexdigest(), settings.max_per_client, Kept(settings.cache * 2**20))
    sparql, api = Sparql(desk, description), Api(desk, description, pages, settings.base_path)
    written = {"text/turtle": copy} if copy.suffix == ".ttl" else {}
    store = GraphStore(desk, Path(folder.name), written)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with folder:
            making = None
            try:
                await pool.start()
                making = asyncio.create_task(_make_pages(pages, copy, settings))
                print(f"k2graph answers at http://{settings.host}:{settings.port}{settings.base_path}/", flush=True)
                yield
            finally:
                if making is not None:
                    making.cancel()
                    await asyncio.gather(making, return_exceptions=True)
                await pool.close()

    # Quick rather than small: while one answer is compressed, all others wait.
    gzip = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1)
    return Frame(
        Starlette(
            routes=_routes(sparql, store, api, settings.base_path),
            middleware=[gzip],
            exception_handlers={HTTPException: _http_error},
            lifespan=lifespan,
        )
    )


async def _make_pages(pages: Pages, data: Path, settings: Settings) -> None:
    """Have the pages made by a process of its own, so that none of the work is done between two queries."""
    try:
        worker = await Worker.start(data, settings.limits)
        try:
            await pages.fill(worker)
        finally:
            await worker.end()
    except Died:
        _log.warning("the pages could not be made of this graph; all else answers")
        await pages.stop()


def _routes(sparql: Sparql, store: GraphStore, api: Api, base: str) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Route("/sparql", sparql.protocol, methods=["GET", "POST"]),
        Route("/store", store.graph),
        Route("/.well-known/void", sparql.void),
        Route("/query", sparql.page),
        Route("/questions", api.questions),
        Route("/questions/{name}", api.question),
        Route("/openapi.json", api.openapi),
        Route("/ontology", api.ontology),
        Route("/", api.top),
        Route("/{name}", api.top),
        Route("/{kind}/{local:path}", api.below),
    ]
    return [Mount(base, routes=routes)] if base else routes


async def _http_error(request: Request, raised: Exception) -> Response:
    status = getattr(raised, "status_code", 500)
    said = {404: "there is nothing here", 405: "this method is not answered here"}.get(status, "the request cannot be answered")
    return error(request, status, said, headers=getattr(raised, "headers", None))


class Frame:
    """Around every response: headers that keep a browser from harm, a line in the log, and an end to whatever went wrong.

    Neither the query nor a traceback, which could quote it, is logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
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
        except Exception as fault:  # whatever it is, the client and the log get no more than its kind
            _log.error("%s while answering", type(fault).__name__)
            if not status:
                await Response("something went wrong here\n", 500, media_type="text/plain")(scope, receive, framed)
        finally:
            spent = (time.perf_counter() - began) * 1000
            _access.info("%s %s %d %d B %.1f ms", scope["method"], quote(scope["path"])[:300], status, size, spent)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            methods = "GET, HEAD, POST, OPTIONS" if scope["path"].endswith("/sparql") else "GET, HEAD, OPTIONS"
            headers = {
                "Allow": methods,
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
                "Access-Control-Max-Age": "86400",
            }
            await Response(status_code=204, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _add_headers(message: Message) -> None:
    added = dict(_HEADERS)
    # A browser puts the headers of a 304 in the place of those that it keeps, so that must not say another policy.
    if message["status"] != 304:
        added["Content-Security-Policy"] = _policy(message)
    message["headers"] = [*message["headers"], *((name.lower().encode(), value.encode()) for name, value in added.items())]


def _policy(message: Message) -> str:
    kind = next((value.decode("latin-1") for name, value in message["headers"] if name == b"content-type"), "")
    return _POLICIES.get(kind.partition(";")[0], _BARE)
