"""A query on a file in a process of its own, so that one which takes too much ends alone and with one sentence.

In: SPARQL. Out: what any store gives. The process is a worker of `k2graph serve`, with its limits and its memory bound.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO

from pyoxigraph import QueryResultsFormat, RdfFormat, Triple

from ..errors import InputError
from ..sparql.results import QueryResult, Triples
from ..sparql.safety import check_query
from ..sparql.store import read_result
from .query_processes.answering import ENVIRONMENT, Limits
from .reply import LOADED, LOADING

_TYPES = dict.fromkeys(("solutions", "boolean"), "application/sparql-results+json") | {"graph": "application/n-triples"}


class StoreApart:
    """A file of triples that is loaded by another process for each query."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits

    def query(self, text: str, *, whole: bool = True) -> QueryResult:
        """Run a query there.

        Raises:
            InputError: where the file cannot be read, the query is refused, or it would take more than the limits allow.
        """
        # Here too: the worker's refusals are the same, and this one needs no process.
        check_query(text)
        settings = json.dumps({"data": str(self.path), "limits": asdict(self.limits), "stored": True})
        # -P: what lies in the folder from which k2graph was started is no part of it. No warnings: what is said there is the reason.
        command = [sys.executable, "-P", "-W", "ignore", "-m", "k2graph.server.query_processes.process", settings]
        with tempfile.TemporaryFile() as complaint, _started(command, complaint) as process:
            try:
                return self._answer(text, process, complaint)
            finally:
                process.kill()

    def __iter__(self) -> Iterator[Triple]:
        result = self.query("CONSTRUCT { ?subject ?predicate ?object } WHERE { ?subject ?predicate ?object }")
        return iter(result.triples if isinstance(result, Triples) else ())

    def _answer(self, text: str, process: subprocess.Popen[bytes], complaint: IO[bytes]) -> QueryResult:
        assert process.stdin is not None  # noqa: S101  # it was made with pipes
        assert process.stdout is not None  # noqa: S101
        if _reply(process.stdout) is None:
            raise InputError(_last_words(process, complaint) or f"{self.path}: cannot be loaded; is memory short?")
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        limit = _after(self.limits.timeout, stop)
        try:
            # Where it has ended already, there is no reply either, and that says why.
            with contextlib.suppress(BrokenPipeError), process.stdin as jobs:
                jobs.write(json.dumps({"do": "query", "with": {"text": text, "types": _TYPES}}).encode() + b"\n")
            status, media_type, body, more = 200, "", b"", True
            while more:
                reply = _reply(process.stdout)
                if reply is None:
                    raise InputError(self._why_it_ended(process, complaint, late=late.is_set()))
                status, media_type, piece, more = reply
                if status in {LOADING, LOADED}:  # The file was loaded without a limit, and a copy of it is.
                    limit.cancel()
                    if status == LOADED:
                        limit = _after(self.limits.timeout, stop)
                    continue
                body += piece
        finally:
            limit.cancel()
        if status != 200:
            raise InputError(body.decode())
        return read_result(body, RdfFormat.N_TRIPLES if media_type == _TYPES["graph"] else QueryResultsFormat.JSON)

    def _why_it_ended(self, process: subprocess.Popen[bytes], complaint: IO[bytes], *, late: bool) -> str:
        if late:
            return f"the query took longer than {self.limits.timeout:g} seconds and was stopped; ask for less, or allow more with --timeout"
        words = _last_words(process, complaint)
        if "overflowed its stack" in words:
            return "the query is too deep for the engine; ask in simpler parts"
        if "memory" in words.lower():
            mebibytes = self.limits.memory // 2**20
            return f"the query needs more than {mebibytes:,} MiB of memory and was stopped; ask for less, or allow more with --memory"
        if "total order" in words:
            return "the engine cannot put values of so many kinds in order; order by STR(…) of them"
        return f"the query was stopped from outside ({process.returncode}); is memory short?"


def _started(command: list[str], complaint: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaint, env=ENVIRONMENT)  # noqa: S603
    except OSError as error:
        raise InputError(f"{command[0]}: cannot be started, as it must be for a query: {error.strerror or error}") from error


def _after(seconds: float, do: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()
    return timer


def _reply(stream: IO[bytes]) -> tuple[int, str, bytes, bool] | None:
    """The worker's next reply; nothing where it ended before that was whole."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    body = stream.read(head["length"])
    return (head["status"], head["type"], body, head["more"]) if len(body) == head["length"] else None


def _last_words(process: subprocess.Popen[bytes], complaint: IO[bytes]) -> str:
    process.wait()
    complaint.seek(0)
    return complaint.read().decode(errors="replace").strip()
