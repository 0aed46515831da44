"""The SPARQL 1.1 Graph Store HTTP Protocol at `/store`, read-only: the default graph or a named one, whole, in any syntax.

https://www.w3.org/TR/sparql11-http-rdf-update/. A syntax is written to a file the first time that somebody asks for it, and sent from there
in pieces, so that a graph of any size takes no memory and a slow client no worker.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ...sparql.named_graphs import DEFAULT, unknown
from .. import media_types
from .jobs import Jobs
from .responses import asked_form, error, has_already, not_modified, with_cache_headers

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")


class GraphStore:
    """`/store`: the graphs of the file.

    `own` are the names of the default graph, the usual one first, `named` those of the others. `files` hold the default graph from the
    start, by media type.
    """

    def __init__(self, jobs: Jobs, folder: Path, files: Mapping[str, Path], own: Sequence[str], named: Sequence[str]) -> None:
        self.jobs, self.folder, self.own, self.named = jobs, folder, own, frozenset(named)
        self._names = (own[0], *named)
        self._files = {(DEFAULT, wanted): file for wanted, file in files.items()}
        self._writing: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def graph(self, request: Request) -> Response:
        """The graph that `?default` or `?graph=` names."""
        given = [(name, value) for name, value in request.query_params.multi_items() if name != "format"]
        if [name for name, _ in given] not in (["default"], ["graph"]):
            rule = "a graph is named by ?default or by ?graph=IRI, and by one of them alone; besides, format chooses the syntax"
            return error(request, 400, rule)
        name, graph = given[0]
        if name == "graph" and not _ABSOLUTE.fullmatch(graph):
            return error(request, 400, "?graph= takes an absolute IRI")
        if name == "default" or graph in self.own:
            graph = DEFAULT
        elif graph not in self.named:
            return error(request, 404, str(unknown(graph, self._names)))
        try:
            wanted = media_types.choose(asked_form(request), media_types.OFFERS["graph"])
        except ValueError as fault:
            return error(request, 400, str(fault))
        if wanted is None:
            return error(request, 406, f"the graph can be had as: {', '.join(media_types.OFFERS['graph'])}")
        return await self._sent(request, graph, wanted)

    async def _sent(self, request: Request, graph: str, wanted: str) -> Response:
        tag = self.jobs.tag("store", graph, wanted)
        if has_already(request, tag):
            return not_modified(tag)
        this = (graph, wanted)
        async with self._writing[this]:
            if this not in self._files:
                file = self.folder / f"{len(self._files)}-{wanted.replace('/', '-')}"
                job = {"do": "store", "with": {"wanted": wanted, "graph": graph, "file": str(file)}}
                made = await self.jobs.respond(request, job, None)
                if made.status_code != 200:
                    return made
                self._files[this] = file
        return with_cache_headers(FileResponse(self._files[this], media_type=media_types.with_charset(wanted)), tag)
