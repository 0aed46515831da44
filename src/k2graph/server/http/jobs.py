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
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ... import __version__
from .. import media_types
from ..query_processes.answering import PIECE
from ..query_processes.pool import Busy, Died, NoMemory, Pool, TimedOut
from ..reply import Reply
from .answer_cache import AnswerCache
from .responses import LATER, answer, error, not_modified, tags_held, with_cache_headers

#: A client that has gone reads no status; the access log does (nginx has this number for it).
_GONE = 499
#: Bytes of an answer that wait here for their client, so that none but a long answer holds its worker till it is read.
_AHEAD = 4 * 2**20


class Gone(Exception):
    """The client did not wait for its answer."""


class RunningJob:
    """A job that is being done for a request: pieces of its answer, or what ended it, in the order in which they came."""

    def __init__(self, pool: Pool, job: Mapping[str, object], request: Request) -> None:
        self._pieces: asyncio.Queue[Reply | Exception] = asyncio.Queue(_AHEAD // PIECE)
        self._tasks = [asyncio.create_task(self._do(pool, job)), asyncio.create_task(self._watch(request))]

    async def _do(self, pool: Pool, job: Mapping[str, object]) -> None:
        try:
            await pool.run(job, self._pieces)
        except (Busy, TimedOut, Died) as fault:
            await self._pieces.put(fault)

    async def _watch(self, request: Request) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        await self._pieces.put(Gone())

    async def piece(self) -> Reply:
        """The next piece of the answer.

        Raises:
            Busy, TimedOut, Died, Gone: as their names say.
        """
        piece = await self._pieces.get()
        if isinstance(piece, Exception):
            raise piece
        return piece

    async def end(self) -> None:
        """Stop what is still being done."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class LongAnswer(Response):
    """An answer that is sent as it comes: the next piece is asked for once the client has taken the one before."""

    def __init__(self, jobs: Jobs, client: str, job: RunningJob, first: Reply) -> None:
        super().__init__(media_type=media_types.with_charset(first.media_type))
        del self.headers["Content-Length"]
        self._jobs, self._client, self._job, self._first = jobs, client, job, first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. What goes wrong on the way is raised, which breaks the connection."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            piece = self._first
            while piece.more:
                await send({"type": "http.response.body", "body": piece.body, "more_body": True})
                piece = await self._job.piece()
            await send({"type": "http.response.body", "body": piece.body, "more_body": False})
        finally:
            await self._jobs.leave(self._client, self._job)


@dataclass
class Jobs:
    """Where handlers have their jobs done."""

    pool: Pool
    #: Of the file that is served: the same query on the same file has the same answer.
    digest: str
    #: Jobs that one client may have under way.
    most: int
    cache: AnswerCache
    _asking: Counter[str] = field(default_factory=Counter)

    async def respond(self, request: Request, job: Mapping[str, object], tag: str | None, *, errors: str = "text/plain") -> Response:
        """The response to a job. `tag` names the answer for caches, if it may be kept; `errors` is the type of messages without a wish."""
        if tag is not None and tag in tags_held(request):
            return not_modified(tag)
        if tag is not None and (known := self.cache.get(tag)):
            return answer(request, known.body, known.media_type, tag)
        client = request.client.host if request.client else ""
        if self._asking[client] >= self.most:
            return error(request, 429, f"{self.most} queries of yours are under way, the most that one client may have", errors, LATER)
        self._asking[client] += 1
        running = RunningJob(self.pool, job, request)
        is_long = False
        try:
            reply = await running.piece()
            if reply.more and request.scope["http_version"] == "1.0":
                reply = await _whole(running, reply)
            if reply.status != 200 and reply.media_type == media_types.PAGE:
                return with_cache_headers(Response(reply.body, reply.status, media_type=media_types.with_charset(media_types.PAGE)), None)
            if reply.status == 301:
                query = f"?{request.url.query}" if request.url.query else ""
                return with_cache_headers(Response(status_code=reply.status, headers={"Location": reply.body.decode() + query}), None)
            if reply.status != 200:
                return error(request, reply.status, reply.body.decode(), errors)
            is_long = reply.more
            if is_long:
                return with_cache_headers(LongAnswer(self, client, running, reply), tag)
        except (Busy, TimedOut, Died, Gone) as fault:
            return self._failed(request, fault, errors)
        finally:
            if not is_long:
                await self.leave(client, running)
        if tag is not None:
            self.cache.put(tag, reply)
        return answer(request, reply.body, reply.media_type, tag)

    async def leave(self, client: str, job: RunningJob) -> None:
        """A client's job is done, or is to be stopped."""
        self._asking[client] -= 1
        if not self._asking[client]:
            del self._asking[client]
        await job.end()

    def _failed(self, request: Request, fault: Exception, errors: str) -> Response:
        if isinstance(fault, Gone):
            return Response(status_code=_GONE)
        if isinstance(fault, TimedOut):
            limit = f"{self.pool.limits.timeout:g}"
            return error(request, 503, f"the query took longer than {limit} s, the most that a query may take, and was stopped", errors)
        if isinstance(fault, Busy):
            return error(request, 503, f"{fault}; try again", errors, LATER)
        if isinstance(fault, NoMemory):
            limit = f"{self.pool.limits.memory // 2**20:,} MiB"
            why = f"the query needs more memory than there is, at most {limit} for each query, and was stopped; ask for less at a time"
            return error(request, 503, why, errors, LATER)
        return error(request, 500, "the query broke the engine, or is too complicated for it; others go on", errors)

    def tag(self, *what: object) -> str:
        """A weak validator (RFC 9110 §8.8.1): the order of rows that a query leaves open may differ, and so may compression."""
        text = json.dumps([__version__, self.digest, self.pool.limits.max_rows, *map(str, what)])
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


async def _whole(job: RunningJob, first: Reply) -> Reply:
    """All pieces in one, for HTTP/1.0, in which a part cannot be told from the whole."""
    body, piece = bytearray(first.body), first
    while piece.more and len(body) <= _AHEAD:
        piece = await job.piece()
        body += piece.body
    if len(body) > _AHEAD:
        limit = f"{_AHEAD // 2**20} MiB"
        return Reply(422, "", f"the answer is longer than {limit}: ask in HTTP/1.1, or take it in parts with LIMIT".encode())
    return Reply(200, first.media_type, bytes(body))
