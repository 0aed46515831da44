"""Between a request and the workers: jobs given out, what comes back as a response of HTTP, and the answers that are known already.

A time-out or a want of memory is 503 and an engine that aborts is 500: the SPARQL 1.1 Protocol (§2.1.7) has 400 for what is no query and
500 for one that a service refuses or fails to run, and leaves other codes to HTTP. 504 speaks of a server behind this one, which there is
not. `Retry-After` is sent only where trying again may help. What goes wrong once a long answer has begun breaks the connection, so that no
part of an answer is taken for the whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ... import __version__
from .. import media_types
from ..query_processes.answering import PIECE, Reply
from ..query_processes.pool import Busy, Died, NoMemory, Pool, TimedOut

#: A client that has gone reads no status; the access log does (nginx has this number for it).
_GONE = 499
_LATER = {"Retry-After": "2"}
#: Bytes of an answer that wait here for their client, so that none but a long answer holds its worker till it is read.
_AHEAD = 4 * 2**20


class Gone(Exception):
    """The client did not wait for its answer."""


class Work:
    """A job that is being done for a request."""

    def __init__(self, pool: Pool, job: Mapping[str, Any], request: Request) -> None:
        self._pieces: asyncio.Queue[Reply | Exception] = asyncio.Queue(_AHEAD // PIECE)
        self._tasks = [asyncio.create_task(self._do(pool, job)), asyncio.create_task(_gone(request))]

    async def _do(self, pool: Pool, job: Mapping[str, Any]) -> None:
        try:
            await pool.run(job, self._pieces)
        except (Busy, TimedOut, Died) as fault:
            await self._pieces.put(fault)

    async def piece(self) -> Reply:
        """The next piece of the answer.

        Raises:
            Busy, TimedOut, Died, Gone: as their names say.
        """
        coming, gone = asyncio.create_task(self._pieces.get()), self._tasks[1]
        await asyncio.wait({coming, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            coming.cancel()
            raise Gone
        piece = coming.result()
        if isinstance(piece, Exception):
            raise piece
        return piece

    async def end(self) -> None:
        """Stop what is still being done."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Flowing(Response):
    """A long answer, sent as it comes: the next piece is asked for once the client has taken the one before."""

    def __init__(self, desk: Desk, client: str, work: Work, first: Reply) -> None:
        super().__init__(media_type=media_types.with_charset(first.media_type))
        del self.headers["Content-Length"]
        self._desk, self._client, self._work, self._first = desk, client, work, first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. What goes wrong on the way is raised, which breaks the connection."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            piece = self._first
            while piece.more:
                await send({"type": "http.response.body", "body": piece.body, "more_body": True})
                piece = await self._work.piece()
            await send({"type": "http.response.body", "body": piece.body, "more_body": False})
        finally:
            await self._desk.leave(self._client, self._work)


class Kept:
    """Answers kept for whoever asks the same, up to so many bytes: the data do not change while they are served."""

    def __init__(self, room: int) -> None:
        self._room = self._free = room
        self._replies: OrderedDict[str, Reply] = OrderedDict()

    def get(self, tag: str) -> Reply | None:
        """The answer that has a tag."""
        if tag in self._replies:
            self._replies.move_to_end(tag)
        return self._replies.get(tag)

    def put(self, tag: str, reply: Reply) -> None:
        """Keep an answer, in the place of those that were asked for longest ago."""
        if tag in self._replies or _weight(reply) > self._room:
            return
        self._replies[tag] = reply
        self._free -= _weight(reply)
        while self._free < 0:
            _, oldest = self._replies.popitem(last=False)
            self._free += _weight(oldest)


def _weight(reply: Reply) -> int:
    return len(reply.body) + 1_000  # what is kept besides: the tag, the objects


@dataclass
class Desk:
    """Where handlers have their jobs done."""

    pool: Pool
    #: Of the file that is served: the same query on the same file has the same answer.
    digest: str
    #: Jobs that one client may have under way.
    most: int
    kept: Kept
    _asking: Counter[str] = field(default_factory=Counter)

    async def answer(self, request: Request, job: Mapping[str, Any], tag: str | None, *, errors: str = "text/plain") -> Response:
        """The response to a job. `tag` names the answer for caches, if it may be kept; `errors` is the type of messages without a wish."""
        if tag is not None and tag in _tags(request):
            return headed(Response(status_code=304), tag)
        if tag is not None and (kept := self.kept.get(tag)):
            return found(request, kept.body, kept.media_type, tag)
        client = request.client.host if request.client else ""
        if self._asking[client] >= self.most:
            return error(request, 429, f"{self.most} queries of yours are under way, the most that one client may have", errors, _LATER)
        self._asking[client] += 1
        work = Work(self.pool, job, request)
        flows = False
        try:
            reply = await work.piece()
            if reply.more and request.scope["http_version"] == "1.0":
                reply = await _whole(work, reply)
            if reply.status != 200 and reply.media_type == media_types.PAGE:
                return headed(Response(reply.body, reply.status, media_type=media_types.with_charset(media_types.PAGE)), None)
            if reply.status != 200:
                return error(request, reply.status, reply.body.decode(), errors)
            flows = reply.more
            if flows:
                return headed(Flowing(self, client, work, reply), tag)
        except (Busy, TimedOut, Died, Gone) as fault:
            return self._failed(request, fault, errors)
        finally:
            if not flows:
                await self.leave(client, work)
        if tag is not None:
            self.kept.put(tag, reply)
        return found(request, reply.body, reply.media_type, tag)

    async def leave(self, client: str, work: Work) -> None:
        """A client's job is done, or is to be stopped."""
        self._asking[client] -= 1
        if not self._asking[client]:
            del self._asking[client]
        await work.end()

    def _failed(self, request: Request, fault: Exception, errors: str) -> Response:
        if isinstance(fault, Gone):
            return Response(status_code=_GONE)
        if isinstance(fault, TimedOut):
            limit = f"{self.pool.limits.timeout:g}"
            return error(request, 503, f"the query took longer than {limit} s, the most that a query may take, and was stopped", errors)
        if isinstance(fault, Busy):
            return error(request, 503, "more queries wait than can be answered; try again", errors, _LATER)
        if isinstance(fault, NoMemory):
            limit = f"{self.pool.limits.memory // 2**20:,} MiB"
            said = f"the query needs more memory than there is, at most {limit} for each query, and was stopped; ask for less at a time"
            return error(request, 503, said, errors, _LATER)
        said = "the query broke the engine, or is too complicated for it; others go on"
        return error(request, 500, said, errors)

    def tag(self, *said: object) -> str:
        """A weak validator (RFC 9110 §8.8.1): the order of rows that a query leaves open may differ, and so may compression."""
        text = json.dumps([__version__, self.digest, self.pool.limits.max_rows, *map(str, said)])
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


async def _whole(work: Work, first: Reply) -> Reply:
    """All pieces in one, for HTTP/1.0, in which a part cannot be told from the whole."""
    body, piece = bytearray(first.body), first
    while piece.more and len(body) <= _AHEAD:
        piece = await work.piece()
        body += piece.body
    if len(body) > _AHEAD:
        limit = f"{_AHEAD // 2**20} MiB"
        return Reply(422, "", f"the answer is longer than {limit}: ask in HTTP/1.1, or take it in parts with LIMIT".encode())
    return Reply(200, first.media_type, bytes(body))


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _tags(request: Request) -> set[str]:
    return {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}


def headed(response: Response, tag: str | None) -> Response:
    """A response with what caches go by."""
    # To an answer itself the compression adds its own word.
    response.headers["Vary"] = "Accept, Accept-Encoding" if response.status_code == 304 else "Accept"
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = "no-cache"
        response.headers["ETag"] = tag
    return response


def wish(request: Request) -> str | None:
    """The form that a request asks for: by `format`, else by its Accept header.

    Raises:
        ValueError: where `format` is none.
    """
    asked = [value for value in request.query_params.getlist("format") if value]
    return media_types.named(asked) if asked else request.headers.get("Accept")


def known(request: Request, tag: str) -> bool:
    """Whether the client has already what a tag names; `*` is whatever there is."""
    return bool(_tags(request) & {tag, "*"})


def found(request: Request, body: bytes, media_type: str, tag: str | None) -> Response:
    """An answer, or word that the client has it already."""
    if tag is not None and known(request, tag):
        return headed(Response(status_code=304), tag)
    return headed(Response(body, media_type=media_types.with_charset(media_type)), tag)


def error(request: Request, status: int, message: str, default: str = "text/plain", headers: Mapping[str, str] | None = None) -> Response:
    """A message, as JSON where the client would rather have that."""
    offers = sorted(("text/plain", "application/json"), key=lambda offer: offer != default)
    chosen = media_types.choose(request.headers.get("Accept"), offers) or default
    body = json.dumps({"error": message}, ensure_ascii=False) if chosen == "application/json" else message
    response = Response(body + "\n", status, media_type=media_types.with_charset(chosen), headers=dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def unready(request: Request) -> Response:
    """Pages are still being made."""
    return error(request, 503, "the pages are being made; try again in a moment", headers=_LATER)
