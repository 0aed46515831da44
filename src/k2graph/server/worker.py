"""The process in which queries run, so that one that never ends or aborts the engine takes nothing with it but itself.

Started by `k2graph.server.workers`. In, on standard input: one job a line, as JSON. Out, on standard output: for each job a line of JSON
(`status`, `type`, `length`, `more`) and then so many bytes, which are the answer or, where the status is not 200, a message.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ..faults import InputError
from ..graph import Graph
from ..graph import open as open_graph
from ..guard import asks_for_a_dataset, check_query, query_form
from ..names import PREFIXES
from . import media

#: The guard's limits are safe on 8 MB; a query has this much and so is never near them.
STACK = 64 * 2**20
#: No answer may be longer: it passes through the memory of the server.
MOST_BYTES = 64 * 2**20
#: Rows that the query page shows; more of them would make a page that no browser likes.
MOST_SHOWN = 1_000


@dataclass(frozen=True)
class Limits:
    """What a worker may use: seconds and rows for a query, bytes beyond what the loaded graph takes."""

    timeout: float = 30.0
    max_rows: int = 100_000
    memory: int = 2 * 2**30


@dataclass(frozen=True)
class Reply:
    """An answer, or where the status is not 200 the message that takes its place."""

    status: int
    media_type: str
    body: bytes
    more: bool = False


class RefusedError(Exception):
    """A query that is not answered: the status of HTTP that says so, and why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Answerer:
    """The jobs that a worker does."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self.graph = graph
        self.engine: Any = getattr(graph.store, "engine")  # noqa: B009  # a file's store, never an endpoint's
        self.limits = limits

    def replies(self, job: Mapping[str, Any]) -> Iterator[Reply]:
        """One reply, or for the pages many. A want of memory is not caught: it ends this process, as it does where the engine meets it."""
        try:
            if job["do"] == "pages":
                yield from self._pages()
            else:
                do: Mapping[str, Callable[..., Reply]] = {"query": self._query, "ask": self._ask, "thing": self._thing}
                yield do[job["do"]](**job["with"])
        except RefusedError as refusal:
            yield _message(refusal.status, str(refusal))
        except InputError as error:
            yield _message(400, str(error))

    def _query(self, text: str, types: Mapping[str, str | None]) -> Reply:
        found = self._evaluate(text)
        kind = media.kind_of(found)
        wanted = types[kind]
        if wanted is None:
            raise RefusedError(406, f"the answer is {media.NAMED[kind]}; it can be had as: {', '.join(media.OFFERS[kind])}")
        if wanted == media.PAGE:
            return Reply(200, wanted, self._page(text, found))
        return Reply(200, wanted, self._serialised(found, wanted))

    def _evaluate(self, text: str) -> Any:
        try:
            check_query(text)
        except InputError as error:
            raise RefusedError(403, str(error)) from error
        if asks_for_a_dataset(text):
            raise RefusedError(
                400, "the query names a graph with FROM; all that is known here is in the default graph, and there is no other"
            )
        if query_form(text) not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}:
            raise RefusedError(400, "not a SPARQL query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE")
        try:
            return self.engine.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise RefusedError(400, f"not a SPARQL query: {error.msg}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise RefusedError(400, f"the query cannot be answered: {error}") from error

    def _serialised(self, found: Any, wanted: str) -> bytes:
        kind = media.kind_of(found)
        if kind == "boolean":
            return bytes(found.serialize(format=media.result_format(wanted)))
        if kind == "graph":
            return media.write_graph(self._within(found), wanted)
        return media.write_rows([variable.value for variable in found.variables], map(tuple, self._within(found)), wanted, self._fits)

    def _within(self, found: Iterable[Any]) -> Iterator[Any]:
        """The rows, as long as there are not too many: an answer that is cut off could be taken for the whole."""
        try:
            for number, row in enumerate(found, 1):
                if number > self.limits.max_rows:
                    raise RefusedError(
                        422,
                        f"the answer has more than {self.limits.max_rows:,} rows, the most that are sent; take it in parts with LIMIT",
                    )
                yield row
        except (OSError, RuntimeError, ValueError) as error:
            raise RefusedError(400, f"the query cannot be answered: {error}") from error

    @staticmethod
    def _fits(size: int) -> None:
        if size > MOST_BYTES:
            raise RefusedError(422, f"the answer is longer than {MOST_BYTES // 2**20} MiB; take it in parts with LIMIT and OFFSET")

    def _page(self, text: str, found: Any) -> bytes:
        from .pages import query_page

        kind = media.kind_of(found)
        if kind == "boolean":
            return query_page(text, truth=bool(found))
        columns = ["subject", "predicate", "object"] if kind == "graph" else [variable.value for variable in found.variables]
        rows = [tuple(row) for row in self._within(found)]
        return query_page(text, columns=columns, rows=rows[:MOST_SHOWN], count=len(rows))

    def _ask(self, question: str, parameters: Mapping[str, str], form: str) -> Reply:
        answer = self.graph.ask(question, **parameters)
        if form == "html":
            from .pages import answer_page

            return Reply(200, media.PAGE, answer_page(question, parameters, answer))
        write = {"json": answer.to_json, "csv": answer.to_csv, "tsv": answer.to_tsv, "md": answer.to_markdown}[form]
        return Reply(200, media.ANSWERS[form], write().encode())

    def _thing(self, iri: str, part: bool, wanted: str) -> Reply:
        """All that has an address as its subject, or with `part` what lies below it too."""
        where = f'?s ?p ?o . FILTER(STRSTARTS(STR(?s), "{iri}"))' if part else f"BIND(<{iri}> AS ?s) <{iri}> ?p ?o"
        triples = sorted(self._within(self.engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}")), key=str)
        if not triples:
            raise RefusedError(404, f"nothing is known of {iri}")
        if wanted == media.PAGE:
            from .pages import thing_page

            return Reply(200, wanted, thing_page(iri, triples))
        return Reply(200, wanted, media.write_graph(triples, wanted))

    def _pages(self) -> Iterator[Reply]:
        """The site: first which page tells of which thing, then each file, its name in the place of its media type."""
        from ..views.site import Site
        from .pages import MORE_PAGES

        site = Site(self.graph, MORE_PAGES)
        yield Reply(200, "", json.dumps(site.things).encode(), more=True)
        for name, content in site.files():
            yield Reply(200, name, content, more=True)
        yield Reply(200, "", b"")


def _message(status: int, text: str) -> Reply:
    return Reply(status, "text/plain", text[:2000].encode())


def main(settings: str) -> None:
    """Load a graph, say so, and do jobs until there are no more."""
    # An interrupt at the terminal reaches the whole group; when to end is the server's to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said: dict[str, Any] = json.loads(settings)
    threading.stack_size(STACK)
    thread = threading.Thread(target=_work, args=(Path(said["data"]), Limits(**said["limits"])))
    thread.start()
    thread.join()


def _work(data: Path, limits: Limits) -> None:
    answerer = Answerer(open_graph(data), limits)
    _bound_memory(limits.memory)
    jobs, out = sys.stdin.buffer, sys.stdout.buffer
    _send(out, Reply(200, "", b""))
    for line in jobs:
        job = json.loads(line)
        if job["do"] != "pages":
            _bound_processor(limits.timeout)
        for reply in answerer.replies(job):
            _send(out, reply)


def _send(out: BinaryIO, reply: Reply) -> None:
    head = {"status": reply.status, "type": reply.media_type, "length": len(reply.body), "more": reply.more}
    out.write(json.dumps(head).encode() + b"\n" + reply.body)
    out.flush()


def _bound_memory(more: int) -> None:
    """No more memory than now and so many bytes. Only Linux tells how much that is, and keeps to it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _bound_processor(seconds: float) -> None:
    """End this process some time after the limit: the server does it sooner, if it still lives."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 3, hard))


if __name__ == "__main__":
    main(sys.argv[1])
