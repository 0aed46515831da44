"""The server: its routes, in what order all stands around a response, and how it starts and ends."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import RdfFormat
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from ...atomic import temporary_folder
from ...errors import InputError
from ...graph import open as open_graph
from ...sparql.named_graphs import DEFAULT
from ..pages import Pages
from ..query_processes.pool import Died, Pool, Worker
from ..settings import Settings
from ..words import words_file
from .answer_cache import AnswerCache
from .description import Description
from .graph_store import GraphStore
from .jobs import Jobs
from .middleware import AccessLog, Compressed, ErrorsWithoutTraceback, HeaderLimits, Options, OwnHosts, SafeHeaders
from .operation import Operation
from .questions_and_things import Api
from .responses import error
from .sparql_protocol import Sparql

Handler = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger("k2graph.serve")


def application(settings: Settings) -> Starlette:
    """The server as an ASGI application.

    Raises:
        InputError: where the file is no graph, or there is no place for a copy of it.
    """
    graph = open_graph(settings.data)
    description = Description.of(graph)
    read: Any = graph.store
    as_is, base = read.reading.as_is, read.reading.base
    pages = Pages(description.start_page(), words_file(graph, description.classes, description.properties, plain=description.plain))
    own, named = (*read.dataset.own_names, DEFAULT), read.dataset.names()[1:]
    content = settings.data.read_bytes()
    # Workers that are started later read what the first ones read, whatever becomes of the file: hence a copy.
    leaving = ExitStack()
    try:
        folder = leaving.enter_context(temporary_folder("k2graph-serve-"))
        copy = folder / (f"graph{''.join(settings.data.suffixes[-2:])}" if base is None else "graph.nq")
        if base is None:
            copy.write_bytes(content)
        else:  # What is relative to the file's address would be another thing at that of the copy.
            read.dataset.engine.dump(copy, RdfFormat.N_QUADS)
    except OSError as error:
        leaving.close()
        raise InputError(f"a copy of the graph cannot be written ({error.strerror or error}); name a folder with room in TMPDIR") from error
    del graph, read  # each worker has its own; this process needs none

    pool = Pool(copy, settings.limits, settings.max_concurrent)
    digest = hashlib.sha256(content + (base or "").encode()).hexdigest()
    jobs = Jobs(pool, digest, settings.max_per_client, AnswerCache(settings.cache * 2**20))
    sparql, api = Sparql(jobs, description), Api(jobs, description, pages, settings.base_path)
    written = {"text/turtle": copy} if as_is and copy.suffix == ".ttl" else {}
    store = GraphStore(jobs, folder, written, own, named)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with leaving:
            making = None
            try:
                await pool.start()
                if description.plain:
                    _log.info("there is nothing here that the pages tell of; / says what the file holds, and leads to /query")
                    await pages.stop()
                elif not settings.pages:
                    await pages.stop()
                else:
                    making = asyncio.create_task(_make_pages(pages, copy, settings))
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
    app = Starlette(
        routes=_routes(sparql, store, api, Operation(pool, metrics), settings.base_path),
        middleware=[
            Middleware(AccessLog, metrics=metrics, base=settings.base_path),
            Middleware(SafeHeaders),
            Middleware(ErrorsWithoutTraceback),
            Middleware(HeaderLimits),
            Middleware(OwnHosts, hosts=settings.hosts),
            Middleware(Options),
            # Quick rather than small: while one answer is compressed, all others wait.
            Middleware(Compressed, minimum_size=1000, compresslevel=1),
        ],
        exception_handlers={HTTPException: _http_error},
        lifespan=lifespan,
    )
    app.state.pages = pages
    return app


async def _make_pages(pages: Pages, data: Path, settings: Settings) -> None:
    """Have the pages made by a process of its own, so that none of the work is done between two queries."""
    try:
        worker = await Worker.start(data, settings.limits)
        try:
            if reason := await pages.fill(worker.replies({"do": "pages"})):
                _log.warning(
                    "no pages are made of this file: %s; / says what it holds, and leads to /query", quote(reason, safe=" ,:;'()")[:300]
                )
        finally:
            await worker.end()
    except Died:
        _log.warning("the pages could not be made of this graph; all else answers")
        await pages.stop()


def _routes(sparql: Sparql, store: GraphStore, api: Api, operation: Operation, base: str) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        *(Route(path, sparql.protocol, methods=["GET", "POST"]) for path in ("/sparql", "/sparql/")),
        Route("/store", store.graph),
        Route("/.well-known/void", _taking(sparql.void, "format")),
        Route("/query", _taking(sparql.page, "query", "example")),
        Route("/questions", _taking(api.questions)),
        Route("/questions/{name}", api.question),
        Route("/openapi.json", _taking(api.openapi)),
        Route("/health", _taking(operation.health)),
        *([Route("/metrics", _taking(operation.counts))] if operation.metrics else []),
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
    message = {404: "there is nothing here", 405: "this method is not answered here"}.get(status, "the request cannot be answered")
    return error(request, status, message, headers=getattr(raised, "headers", None))
