"""A few worker processes, kept warm, among which queries are shared out; one that breaks a limit is killed and another takes its place.

In: jobs for the process of `process.py`. Out: its replies, or `Busy`, `TimedOut`, `Died`. Whoever stops waiting, because the client has
gone, has the worker killed too: it is the only way to stop a query. A worker whose replies nobody takes is stopped in the end like one that
finds none. Why this is no library's pool: docs/decisions/0013-pool-of-queries.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..reply import LOADED, LOADING, Reply
from .answering import ENVIRONMENT, Limits

_log = logging.getLogger("k2graph.serve")
#: For each worker so many queries may wait for it.
WAITING = 8
#: Seconds in which a worker has loaded its graph, or never will.
_LOADING = 60.0
#: Seconds in which graphs are copied for a query, if its own time-out is not longer. A copy holds no more than the file does, twice.
_COPYING = 15.0
#: Seconds in which a worker that has stopped answering has ended, and what it wrote last is read.
_ENDING = 2.0
#: What the engine, or Python, writes before it ends for want of memory.
_WANT_OF_MEMORY = (b"memory allocation of", b"MemoryError")


class Busy(Exception):
    """All workers are at work, or being started, and too many wait, or one waited too long; which of the two is what it says."""


class TimedOut(Exception):
    """The query took longer than it may."""


class Died(Exception):
    """The worker ended in the middle: the engine aborted, or ran out of memory."""


class NoMemory(Died):
    """The worker ended because it needed more memory than it may have."""


class Worker:
    """One process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.ready = False
        self._leftover: asyncio.Task[None] | None = None
        self._last_words = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, data: Path, limits: Limits) -> Worker:
        """A worker that has loaded the graph.

        Raises:
            Died: where it could not.
        """
        settings = json.dumps({"data": str(data), "limits": asdict(limits)})
        # -P: what lies in the folder from which the server was started is no part of it.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "k2graph.server.query_processes.process",
            settings,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=ENVIRONMENT,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_LOADING):
                await worker._read()
        except TimeoutError as error:
            raise Died from error
        finally:
            if not worker.ready:
                await worker.end()
        return worker

    async def replies(self, job: Mapping[str, Any]) -> AsyncIterator[Reply]:
        """Do a job: its replies.

        Raises:
            Died, NoMemory: where the process ends before the job does.
        """
        await self._give(job)
        more = True
        while more:
            reply = await self._read()
            yield reply
            more = reply.more

    async def _give(self, job: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None  # noqa: S101  # it was made with a pipe
        try:
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            await self.process.stdin.drain()
        except ConnectionError as error:
            raise await self._death() from error

    async def _read(self) -> Reply:
        assert self.process.stdout is not None  # noqa: S101
        try:
            head: dict[str, Any] = json.loads(await self.process.stdout.readuntil(b"\n"))
            body = await self.process.stdout.readexactly(head["length"])
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            raise await self._death() from error
        self.ready = True
        return Reply(head["status"], head["type"], body, head["more"])

    async def _listen(self) -> bytes:
        """The end of what it writes as its complaint, once it has ended. It is read all the time, or a worker that complains would wait."""
        assert self.process.stderr is not None  # noqa: S101
        written = b""
        with contextlib.suppress(ConnectionError):
            while part := await self.process.stderr.read(65_536):
                written = (written + part)[-4_000:]
        return written

    async def _death(self) -> Died:
        """Why it has ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                words = await asyncio.shield(self._last_words)
                # A system that runs out of memory kills without a word; nothing else does, since what is killed here is read no more.
                if any(each in words for each in _WANT_OF_MEMORY) or await self.process.wait() == -signal.SIGKILL:
                    return NoMemory()
        return Died()

    def kill(self) -> None:
        """End it now. asyncio sees a process's end only once all that it wrote was read, so the rest of an answer is thrown away."""
        if self.process.returncode is None:
            _kill(self.process)
            self._leftover = asyncio.create_task(self._throw_away())

    async def _throw_away(self) -> None:
        assert self.process.stdout is not None  # noqa: S101
        with contextlib.suppress(ConnectionError, RuntimeError):  # RuntimeError: whoever still reads it sees to that
            while await self.process.stdout.read(65_536):
                pass

    async def end(self) -> None:
        """End it now, and see it gone."""
        self.kill()
        await self.process.wait()


def _kill(process: Process) -> None:
    """End a process, and leave it to asyncio alone to take its status.

    `Process.kill` asks first whether it has ended, and takes the status where it has. The thread in which asyncio waits for it then finds
    no such child, and says so in the log.
    """
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


class Pool:
    """The workers."""

    def __init__(self, data: Path, limits: Limits, size: int) -> None:
        self.data, self.limits, self.size = data, limits, size
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._all: set[Worker] = set()
        #: How many are at work, and how many were replaced.
        self.busy = self.restarts = 0
        #: Told how many seconds each job took to its first reply or its end.
        self.watch: Callable[[float], object] = lambda _: None
        self._waiting = 0
        self._followers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start one, and the others after it, so that the first answer waits for no more than it needs.

        Raises:
            Died: where it could not load the graph.
        """
        first = await Worker.start(self.data, self.limits)
        self._followers = [asyncio.create_task(self._follow(each)) for each in (first, *[None] * (self.size - 1))]

    @property
    def living(self) -> int:
        """Workers that have the graph loaded and have not ended."""
        return sum(worker.process.returncode is None for worker in self._all)

    @property
    def waiting(self) -> int:
        """Jobs that wait for a worker."""
        return self._waiting

    async def close(self) -> None:
        """End them all."""
        for follower in self._followers:
            follower.cancel()
        await asyncio.gather(*self._followers, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._all))

    async def run(self, job: Mapping[str, Any], replies: asyncio.Queue[Reply | Exception]) -> None:
        """Do a job in a worker, and put its replies into a queue; it goes on as fast as they are taken from there.

        The time of a query is until its first reply, without the time in which graphs are loaded for it; the rest of a long answer may take
        as long again.

        Raises:
            Busy, TimedOut, Died, NoMemory: as their names say.
        """
        worker = await self._acquire()
        self.busy += 1
        now = asyncio.get_running_loop().time
        began, replied = now(), False
        try:
            async with asyncio.timeout(self.limits.timeout) as limit:
                async for reply in worker.replies(job):
                    if reply.status == LOADING:
                        limit.reschedule(now() + max(_COPYING, self.limits.timeout))
                        continue
                    if reply.status == LOADED:
                        began = now()
                        limit.reschedule(began + self.limits.timeout)
                        continue
                    if not replied:
                        replied = True
                        self.watch(now() - began)
                        limit.reschedule(now() + self.limits.timeout)
                    await replies.put(reply)
        except BaseException as error:
            if not replied:
                self.watch(now() - began)
            worker.kill()
            if isinstance(error, TimeoutError):
                raise TimedOut from error
            raise
        finally:
            self.busy -= 1
        self._idle.put_nowait(worker)

    async def _acquire(self) -> Worker:
        if self._idle.empty() and self._waiting >= self.size * WAITING:
            raise Busy("more queries wait than can be answered")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.timeout):
                while (worker := await self._idle.get()).process.returncode is not None:
                    pass  # it died while it had nothing to do
                return worker
        except TimeoutError as error:
            raise Busy(f"no process was free for the query within {self.limits.timeout:g} s") from error
        finally:
            self._waiting -= 1

    def _add(self, worker: Worker) -> None:
        self._all.add(worker)
        self._idle.put_nowait(worker)

    async def _follow(self, worker: Worker | None) -> None:
        """Keep a place filled: with another worker each time that one ends, whether it was killed here or died of itself."""
        while True:
            worker = worker or await self._another()
            self._add(worker)
            await worker.process.wait()
            self._all.discard(worker)
            self.restarts += 1
            worker = None

    async def _another(self) -> Worker:
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                return await Worker.start(self.data, self.limits)
            except (Died, OSError):
                pause = min(2 * pause + 1, 30)
                _log.warning("a worker did not start; the next try is in %.0f s", pause)
