"""The SPARQL 1.1 Graph Store HTTP Protocol at `/store`, read-only: the whole graph, in any syntax.

https://www.w3.org/TR/sparql11-http-rdf-update/. A syntax is written to a file the first time that somebody asks for it, and sent from there
in pieces, so that a graph of any size takes no memory and a slow client no worker.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from . import media
from .desk import Desk, error, headed, known, wish
from .protocol import GRAPHS

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")


class GraphStore:
    """`/store`: the default graph, which has a name too (see `protocol`), and no other. `files` are there from the start."""

    def __init__(self, desk: Desk, folder: Path, files: Mapping[str, Path]) -> None:
        self.desk, self.folder = desk, folder
        self._files = dict(files)
        self._writing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def graph(self, request: Request) -> Response:
        """The graph that `?default` or `?graph=` names."""
        given = [(name, value) for name, value in request.query_params.multi_items() if name != "format"]
        if [name for name, _ in given] not in (["default"], ["graph"]):
            said = "a graph is named by ?default or by ?graph=IRI, and by one of them alone; besides, format chooses the syntax"
            return error(request, 400, said)
        name, graph = given[0]
        if name == "graph" and not _ABSOLUTE.fullmatch(graph):
            return error(request, 400, "?graph= takes an absolute IRI")
        if name == "graph" and graph not in GRAPHS:
            return error(request, 404, f"there is no graph {graph}; all that is known is in {GRAPHS[0]}, the default graph")
        try:
            wanted = media.choose(wish(request), media.OFFERS["graph"])
        except ValueError as fault:
            return error(request, 400, str(fault))
        if wanted is None:
            return error(request, 406, f"the graph can be had as: {', '.join(media.OFFERS['graph'])}")
        return await self._sent(request, wanted)

    async def _sent(self, request: Request, wanted: str) -> Response:
        tag = self.desk.tag("store", wanted)
        if known(request, tag):
            return headed(Response(status_code=304), tag)
        async with self._writing[wanted]:
            if wanted not in self._files:
                file = self.folder / wanted.replace("/", "-")
                made = await self.desk.answer(request, {"do": "store", "with": {"wanted": wanted, "file": str(file)}}, None)
                if made.status_code != 200:
                    return made
                self._files[wanted] = file
        return headed(FileResponse(self._files[wanted], media_type=media.with_charset(wanted)), tag)
