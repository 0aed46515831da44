"""Between a request and the workers: jobs given out, what comes back as a response of HTTP, and the answers that a client has already.

A time-out is 503 and an engine that aborts is 500: the SPARQL 1.1 Protocol (§2.1.7) has 400 for what is no query and 500 for one that a
service refuses or fails to run, and leaves other codes to HTTP. 504 speaks of a server behind this one, which there is not. `Retry-After`
is sent only where trying again may help.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .. import __version__
from . import media
from .worker import Reply
from .workers import Busy, Died, Pool, TimedOut

#: A client that has gone reads no status; the access log does (nginx has this number for it).
_GONE = 499
_UNREADY = {"Retry-After": "2"}


@dataclass(frozen=True)
class Desk:
    """Where handlers have their jobs done."""

    pool: Pool
    #: Of the file that is served: the same query on the same file has the same answer.
    digest: str

    async def answer(self, request: Request, job: Mapping[str, Any], tag: str | None, *, errors: str = "text/plain") -> Response:
        """The response to a job. `tag` names the answer for caches, if it may be kept; `errors` is the type of messages without a wish."""
        if tag is not None and tag in _tags(request):
            return _headed(Response(status_code=304), tag)
        try:
            reply = await self._run(request, job)
        except TimedOut:
            limit = f"{self.pool.limits.timeout:g}"
            return error(request, 503, f"the query took longer than {limit} s, the most that a query may take, and was stopped", errors)
        except Busy:
            return error(request, 503, "more queries wait than can be answered; try again", errors, _UNREADY)
        except Died:
            return error(
                request,
                500,
                "the query broke the engine: it needs more memory than it may have, or is too complicated; others go on",
                errors,
            )
        if reply is None:
            return Response(status_code=_GONE)
        if reply.status != 200:
            return error(request, reply.status, reply.body.decode(), errors)
        return found(request, reply.body, reply.media_type, tag)

    def tag(self, *said: object) -> str:
        """A weak validator (RFC 9110 §8.8.1): the order of rows that a query leaves open may differ, and so may compression."""
        text = json.dumps([__version__, self.digest, self.pool.limits.max_rows, *map(str, said)])
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'

    async def _run(self, request: Request, job: Mapping[str, Any]) -> Reply | None:
        """The reply; None where the client has gone, whose worker is stopped."""
        work = asyncio.create_task(self.pool.run(job))
        gone = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else None
        finally:
            for task in (work, gone):
                task.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _tags(request: Request) -> set[str]:
    return {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}


def _headed(response: Response, tag: str | None) -> Response:
    # To an answer itself the compression adds its own word.
    response.headers["Vary"] = "Accept, Accept-Encoding" if response.status_code == 304 else "Accept"
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = "no-cache"
        response.headers["ETag"] = tag
    return response


def found(request: Request, body: bytes, media_type: str, tag: str | None) -> Response:
    """An answer, or word that the client has it already."""
    if tag is not None and _tags(request) & {tag, "*"}:
        return _headed(Response(status_code=304), tag)
    return _headed(Response(body, media_type=media.with_charset(media_type)), tag)


def error(request: Request, status: int, message: str, default: str = "text/plain", headers: Mapping[str, str] | None = None) -> Response:
    """A message, as JSON where the client would rather have that."""
    offers = sorted(("text/plain", "application/json"), key=lambda offer: offer != default)
    chosen = media.choose(request.headers.get("Accept"), offers) or default
    body = json.dumps({"error": message}, ensure_ascii=False) if chosen == "application/json" else message
    response = Response(body + "\n", status, media_type=media.with_charset(chosen), headers=dict(headers or {}))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def unready(request: Request) -> Response:
    """Pages are still being made."""
    return error(request, 503, "the pages are being made; try again in a moment", headers=_UNREADY)
