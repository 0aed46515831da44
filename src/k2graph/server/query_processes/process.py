"""The process in which queries run, so that one that never ends or aborts the engine takes nothing with it but itself.

Started by `pool.py`. In, on standard input: one job a line, as JSON. Out, on standard output: for each job one piece or
more, each a line of JSON (`status`, `type`, `length`, `more`) and then so many bytes, which are the answer or a part of it or, where the
status is not 200, a message. A piece is written once the server has taken the one before.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from ...errors import InputError
from ...graph import open as open_graph
from ..reply import Reply
from .answering import Answerer, Limits

#: The guard's limits are safe on 8 MB; a query has this much and so is never near them.
STACK = 64 * 2**20
#: Seconds after which a query lets shorter ones go first, as the system's scheduler means that, and how often that is looked at.
_LONG, _LOOK, _NICE = 0.5, 0.2, 10


def main(settings: str) -> None:
    """Load a graph, say so, and do jobs until there are no more."""
    # An interrupt at the terminal reaches the whole group; when to end is the server's to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given: dict[str, Any] = json.loads(settings)
    threading.stack_size(STACK)
    jobs = Jobs(Path(given["data"]), Limits(**given["limits"]), stored=given.get("stored", False))
    while jobs.more:
        _tend(jobs, threading.Thread(target=jobs.work))


class Jobs:
    """What comes on standard input, done in a thread that has room for queries."""

    def __init__(self, data: Path, limits: Limits, *, stored: bool) -> None:
        self._data, self._limits, self._stored = data, limits, stored
        self._answerer: Answerer | None = None
        self._in, self._out = sys.stdin.buffer, sys.stdout.buffer
        #: When the job that is being done was begun; whether it has been made to wait for others; whether another thread is to go on.
        self.began: float | None = None
        self.slow = False
        self.more = True

    def work(self) -> None:
        """Load the graph, unless that was done, and do jobs until there are no more, or one has been slow."""
        self.more = self.slow = False  # an error ends the thread, and then the process
        if self._answerer is None:
            try:
                self._answerer = Answerer(open_graph(self._data, stored=self._stored), self._limits, _bound_memory)
            except InputError as error:
                print(error, file=sys.stderr)
                return
            _bound_memory(self._limits.memory)
            _send(self._out, Reply(200, "", b""))
        while line := self._in.readline():
            job = json.loads(line)
            # The pages are made once, and readers wait for them.
            self.began = time.monotonic() if job["do"] != "pages" else None
            self._answerer.answer(job, lambda reply: _send(self._out, reply))
            self.began = None
            if self.slow:
                self.more = True
                return


def _tend(jobs: Jobs, thread: threading.Thread) -> None:
    """Have a thread do jobs to its end, after others in their turn for the processor once a job takes long.

    Linux keeps this for each thread, and lets nobody but root take it back, so after such a job another thread goes on. Where the process
    that started this one was killed, nobody waits for the job: all ends.
    """
    parent = os.getppid()
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK)
        if os.getppid() != parent:
            os._exit(1)
        began = jobs.began
        if sys.platform == "linux" and not jobs.slow and began is not None and time.monotonic() - began > _LONG:
            jobs.slow = True
            os.setpriority(os.PRIO_PROCESS, thread.native_id or 0, os.getpriority(os.PRIO_PROCESS, 0) + _NICE)


def _send(out: BinaryIO, reply: Reply) -> None:
    head = {"status": reply.status, "type": reply.media_type, "length": len(reply.body), "more": reply.more}
    out.write(json.dumps(head).encode() + b"\n" + reply.body)
    out.flush()


def _bound_memory(more: int | None) -> None:
    """No more memory than now and so many bytes, or any. Only Linux tells how much that is, and keeps to it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = most if more is None else pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


if __name__ == "__main__":
    main(sys.argv[1])
