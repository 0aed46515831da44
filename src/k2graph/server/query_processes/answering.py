"""What a worker does: each job is answered in one piece or more, which `k2graph.server.query_processes.process` passes on.

What can be wrong with a query is known before the first piece: its rows are held here till then, the text of the answer is not.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from ... import iris
from ...errors import InputError
from ...graph import Graph
from ...iris import PREFIXES
from ...sparql.internal import internal
from ...sparql.safety import MalformedError, check_query, query_form
from ...sparql.syntax import arranged, why_not_sparql
from .. import media_types
from ..reply import LOADED, LOADING, PLACE, Reply
from ..unwritable import others, unwritable

if TYPE_CHECKING:
    from ...views.question_page import NamesOfGraph

#: Bytes of a piece.
PIECE = 256 * 2**10
#: Rows that the query page shows; more of them would make a page that no browser likes.
MOST_SHOWN = 1_000
#: What a worker runs in. A traceback of the engine would push its reason out of what is read of its last words, and take seconds.
ENVIRONMENT = {**os.environ, "RUST_BACKTRACE": "0"}


@dataclass(frozen=True)
class Limits:
    """What a worker may use: seconds and rows for a query, bytes beyond what the loaded graph takes.

    Raises:
        InputError: where no query could be answered so.
    """

    timeout: float = 30.0
    max_rows: int = 250_000
    memory: int = 2 * 2**30

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= 3600:
            raise InputError(f"--timeout is more than 0 and at most 3600 seconds, not {self.timeout:g}")
        if self.memory < 64 * 2**20:
            raise InputError("--memory is 64 MiB or more, or no query could be answered")
        if self.max_rows < 1:
            raise InputError("--max-rows is 1 or more")


class RefusedError(Exception):
    """A query that is not answered: the status of HTTP that says so, and why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


Send = Callable[[Reply], None]


class Pieces(io.BytesIO):
    """A file into which an answer is written, and which sends it on piece by piece."""

    def __init__(self, media_type: str, send: Send) -> None:
        super().__init__()
        self._media_type, self._send = media_type, send
        self._held = bytearray()

    def write(self, data: Any) -> int:
        """Hold what is written, until it is enough for a piece."""
        self._held += data
        while len(self._held) > PIECE:
            self._give(PIECE, more=True)
        return len(data)

    def end(self) -> None:
        """Send the last piece."""
        self._give(PIECE, more=False)

    def _give(self, size: int, *, more: bool) -> None:
        self._send(Reply(200, self._media_type, bytes(self._held[:size]), more))
        del self._held[:size]


class Answerer:
    """The jobs that a worker does."""

    def __init__(self, graph: Graph, limits: Limits, within: Callable[[int | None], None]) -> None:
        """Answer from a graph.

        Args:
            graph: That of a file.
            limits: What each query may use.
            within: Bounds this process to the memory that it has and so many bytes more, or with none lifts the bound.
        """
        self.graph = graph
        store: Any = graph.store  # a file's store, never an endpoint's
        self.engine, self.dataset = store.engine, store.dataset
        self.limits, self.within = limits, within

    @cached_property
    def plain(self) -> bool:
        """Whether the graph has nothing of ours, so that the pages say nothing of ours."""
        from ..pages import has_ours

        types = self.engine.quads_for_pattern(None, iris.name("rdf:type"), None, DefaultGraph())
        return not has_ours(quad.object.value for quad in types if isinstance(quad.object, NamedNode))

    @cached_property
    def names(self) -> NamesOfGraph:
        """What the graph calls things, for the pages of questions."""
        from ...views.question_page import NamesOfGraph

        return NamesOfGraph(self.graph)

    def answer(self, job: Mapping[str, Any], send: Send) -> None:
        """Do a job. A want of memory is not caught: it ends this process, as it does where the engine meets it."""
        do: Mapping[str, Callable[..., None]] = {
            "query": self._query, "ask": self._ask, "thing": self._thing, "store": self._store, "pages": self._pages
        }  # fmt: skip
        self.dataset.copying = lambda: self._loading(send)
        try:
            do[job["do"]](send, **job.get("with", {}))
        except RefusedError as refusal:
            send(_message(refusal.status, str(refusal)))
        except InputError as error:
            send(_message(400, str(error)))

    @contextlib.contextmanager
    def _loading(self, send: Send) -> Iterator[None]:
        send(Reply(LOADING, "", b"", more=True))
        self.within(None)
        yield
        self.within(self.limits.memory)
        send(Reply(LOADED, "", b"", more=True))

    def _query(self, send: Send, text: str, types: Mapping[str, str | None], base: str | None = None, **graphs: Sequence[str]) -> None:
        result = self._evaluate(text, base, graphs)
        kind = media_types.kind_of(result)
        wanted = types[kind]
        if wanted is None:
            raise RefusedError(406, f"the answer is {media_types.NAMED[kind]}; it can be had as: {', '.join(media_types.OFFERS[kind])}")
        if wanted == media_types.PAGE:
            send(Reply(200, wanted, self._page(text, result)))
            return
        if kind == "boolean":
            send(Reply(200, wanted, result.serialize(format=media_types.result_format(wanted))))
            return
        rows = list(self._within(result))
        _fits(rows, wanted, kind)
        out = Pieces(wanted, send)
        if kind == "graph":
            media_types.write_graph(rows, wanted, out)
        else:
            media_types.write_rows(*arranged(text, [variable.value for variable in result.variables], rows), wanted, out)
        out.end()

    def _evaluate(self, text: str, base: str | None, graphs: Mapping[str, Sequence[str]]) -> Any:
        try:
            check_query(text)
        except InputError as error:
            raise RefusedError(400 if isinstance(error, MalformedError) else 403, str(error)) from error
        if query_form(text) not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}:
            raise RefusedError(400, "not a SPARQL query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE")
        try:
            return self._run(text, None, graphs)
        except SyntaxError as error:
            if base is not None:
                # Only a query that needs a base gets one: what a Host is called must not matter to any other.
                with contextlib.suppress(SyntaxError, ValueError):
                    return self._run(text, base, graphs)
            raise RefusedError(400, why_not_sparql(text, error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise RefusedError(400, f"the query cannot be answered: {error}") from error

    def _run(self, text: str, base: str | None, graphs: Mapping[str, Sequence[str]]) -> Any:
        engine, dataset = self.dataset.asked(text, **graphs, base=base) or (self.dataset.home, {})
        return engine.query(text, base_iri=base, prefixes=PREFIXES, **dataset)

    def _within(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows or triples, as long as there are not too many: an answer that is cut off could be taken for the whole."""
        try:
            for number, row in enumerate(rows, 1):
                if number > self.limits.max_rows:
                    raise RefusedError(
                        422,
                        f"the answer has more than {self.limits.max_rows:,} rows, the most that are sent; take it in parts with LIMIT",
                    )
                yield row
        except (OSError, RuntimeError, ValueError) as error:
            raise RefusedError(400, f"the query cannot be answered: {error}") from error

    def _page(self, text: str, result: Any) -> bytes:
        from ..pages import query_page

        kind = media_types.kind_of(result)
        if kind == "boolean":
            return query_page(text, kind=kind, truth=bool(result), plain=self.plain)
        columns: Sequence[str] = ["subject", "predicate", "object"]
        rows: Sequence[Any] = [tuple(row) for row in self._within(result)]
        if kind == "solutions":
            columns, rows = arranged(text, [variable.value for variable in result.variables], rows)
        return query_page(text, kind=kind, columns=columns, rows=rows[:MOST_SHOWN], count=len(rows), plain=self.plain)

    def _ask(self, send: Send, question: str, parameters: Mapping[str, str], form: str) -> None:
        if form == "html":
            from ..pages import answer_page

            status, text = answer_page(self.graph, self.names, question, parameters)
            if status != 200:
                send(Reply(status, media_types.PAGE, text))
                return
        else:
            answer = self.graph.ask(question, **parameters)
            write = {"json": answer.to_json, "csv": answer.to_csv, "tsv": answer.to_tsv, "md": answer.to_markdown}[form]
            text = write().encode()
        _send_text(send, media_types.ANSWERS[form], text)

    def _thing(self, send: Send, iri: str, part: bool, wanted: str) -> None:
        """All that has an address as its subject, or with `part` what lies below it too; where another took its place, the way there."""
        query = internal("all-below-an-address", start=Literal(iri)) if part else internal("all-of-a-thing", thing=NamedNode(iri))
        triples: Sequence[Any] = sorted((Triple(*row) for row in self._within(self.engine.query(query))), key=str)
        if not triples:
            raise RefusedError(404, f"nothing is known of {iri}")
        replaced_by = iris.name("dcterms:isReplacedBy")
        new = next((str(triple.object.value) for triple in triples if triple.predicate == replaced_by and not part), iri)
        local = new.removeprefix(iris.BASE)
        if new != iri and PLACE.fullmatch(local):
            send(Reply(301, "", f"../{local}".encode()))
            return
        if wanted == media_types.PAGE:
            from ..pages import thing_page

            send(Reply(200, wanted, thing_page(iri, triples, plain=self.plain)))
            return
        _fits(triples, wanted, "graph")
        out = Pieces(wanted, send)
        media_types.write_graph(triples, wanted, out)
        out.end()

    def _store(self, send: Send, wanted: str, graph: str, file: str) -> None:
        """A graph into a file, which is there only once it is whole."""
        unfinished, engine = Path(f"{file}.part"), self.dataset.graph(graph)

        def triples() -> Iterator[Any]:
            return (quad.triple for quad in engine.quads_for_pattern(None, None, None, DefaultGraph()))

        _fits(triples(), wanted, "graph")
        try:
            with unfinished.open("wb") as out:
                media_types.write_graph(triples(), wanted, out)
            unfinished.replace(file)
        except OSError as error:
            raise RefusedError(500, f"the graph cannot be written out here: {error.strerror or error}") from error
        send(Reply(200, wanted, b""))

    def _pages(self, send: Send) -> None:
        """The site: first which page tells of which thing, then each file, its name in the place of its media type."""
        from ...views.site import site_files
        from ...views.site.site import Site
        from ..pages import MORE_PAGES

        site = Site(self.graph, MORE_PAGES)
        send(Reply(200, "", json.dumps(site.things).encode(), more=True))
        for name, content in site_files(site):
            send(Reply(200, name, content, more=True))
        send(Reply(200, "", b""))


def _fits(rows: Iterable[Any], wanted: str, kind: str) -> None:
    """Refuse what cannot be written whole, before any of it is."""
    if reason := unwritable(rows, wanted):
        raise RefusedError(406, f"{reason}; it can be had as: {others(wanted, media_types.OFFERS[kind])}")


def _send_text(send: Send, media_type: str, text: bytes) -> None:
    out = Pieces(media_type, send)
    out.write(text)
    out.end()


def _message(status: int, text: str) -> Reply:
    return Reply(status, "text/plain", text[:2000].encode())
