"""Where a query runs: on a file in the embedded engine, or at any SPARQL 1.1 endpoint. Both answer alike.

In: SPARQL text. Out: `Solutions`, `Triples` or a truth value, in pyoxigraph's terms.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import (
    BlankNode,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from pyoxigraph import Store as Engine

from ..errors import InputError
from ..iris import PREFIXES
from . import stored_copies
from .named_graphs import Dataset
from .rdf_files import read, written
from .results import QueryResult, Solutions, Triples
from .safety import check_query
from .syntax import why_not_sparql

if TYPE_CHECKING:
    from email.message import Message

    from .http import Deadline


class Store(Protocol):
    """Something that answers SPARQL."""

    def query(self, text: str, *, whole: bool = True) -> QueryResult:
        """Run a query, in which the graph's prefixes need no declaring; its own declarations win.

        One that names no graph is asked of all graphs of a file together, or, not `whole`, of its default graph.

        Raises:
            InputError: where the query is not SPARQL, is refused, or cannot be answered.

        """

    def __iter__(self) -> Iterator[Triple]:
        """Every triple, in no order.

        Raises:
            InputError: where they cannot be had, all of them.

        """


class EmbeddedStore:
    """A file of RDF in pyoxigraph, in memory and without a network.

    `engine` holds all of it in one graph; `dataset` holds its graphs as they are.

    Raises:
        InputError: where the file is missing or is not RDF.

    """

    def __init__(self, path: Path, *, stored: bool = False) -> None:
        self.path = path
        self._version = _version_of(path)
        # A stored copy opens at once, and answers some three times slower than what is in memory.
        self.reading = stored_copies.read(path) if stored else read(path)
        self.dataset = Dataset(self.reading.engine)
        self.engine = self.dataset.union

    @classmethod
    def of(cls, engine: Engine) -> EmbeddedStore:
        """A store of what is in memory, and in no file yet."""
        store = cls.__new__(cls)
        store.path, store.engine = Path("-"), engine
        return store

    @cached_property
    def dataset(self) -> Dataset:
        """The graphs as the file has them; of a store that was made of an engine, those of the engine."""
        return Dataset(self.engine)

    def query(self, text: str, *, whole: bool = True) -> QueryResult:
        """Run a query here."""
        check_query(text)
        engine, graphs = self.dataset.asked(text) or (self.engine if whole else self.dataset.home, {})
        try:
            return _result(engine.query(text, prefixes=PREFIXES, **graphs))
        except SyntaxError as error:
            raise InputError(why_not_sparql(text, error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise InputError(f"the query cannot be answered: {error}") from error

    def __iter__(self) -> Iterator[Triple]:
        return (quad.triple for quad in self.engine)

    def as_written(self) -> list[Triple]:
        """The triples of all graphs with every literal as the file spells it.

        Raises:
            InputError: where the file is no longer the one that was loaded.
        """
        triples = [quad.triple for quad in self.quads_as_written()]
        # The engine holds each but once: where it has as many, none stands there twice.
        return triples if len(triples) == len(self.engine) else list(dict.fromkeys(triples))

    def quads_as_written(self) -> list[Quad]:
        """The statements, each literal as the file spells it. The engine keeps the value alone: 1.5 of 1.50, and an integer of an int.

        Nodes without a name are numbered in the order of the file, so that they are the same ones each time.

        Raises:
            InputError: where the file is no longer the one that was loaded.
        """
        renamed: dict[BlankNode, BlankNode] = {}
        quads = [_numbered_in_quad(quad, renamed) for quad in written(self.path, self.reading.base)]
        if _version_of(self.path) != self._version:
            raise InputError(f"{self.path}: has changed since it was opened; open it again")
        return quads


def _numbered(term: Any, renamed: dict[BlankNode, BlankNode]) -> Any:
    """A term, its nodes without a name numbered in the order in which they come."""
    if isinstance(term, BlankNode):
        return renamed.setdefault(term, BlankNode(f"b{len(renamed)}"))
    return _numbered_in(term, renamed) if isinstance(term, Triple) else term


#: What has no name, or may hold what has none.
_UNNAMED = (BlankNode, Triple)


def _numbered_in_quad(quad: Quad, renamed: dict[BlankNode, BlankNode]) -> Quad:
    subject, predicate, value, graph = quad
    if isinstance(subject, _UNNAMED) or isinstance(value, _UNNAMED) or isinstance(graph, BlankNode):
        return Quad(*(_numbered(term, renamed) for term in (subject, predicate, value, graph)))
    return quad  # most have none, and to make another takes as long as to read it


def _numbered_in(triple: Triple, renamed: dict[BlankNode, BlankNode]) -> Triple:
    subject, value = triple.subject, triple.object
    if isinstance(subject, (BlankNode, Triple)) or isinstance(value, (BlankNode, Triple)):
        return Triple(_numbered(subject, renamed), triple.predicate, _numbered(value, renamed))
    return triple


def _version_of(path: Path) -> tuple[int, ...]:
    """What is another when a file has been written again; nothing where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def with_prefixes(sparql: str) -> str:
    """A query with the graph's prefixes declared before it, for a server that does not know them; its own declarations still win."""
    # On one line with the query's first, so that the line of a syntax error is the asker's own.
    return "".join(f"PREFIX {prefix}: <{start}> " for prefix, start in PREFIXES.items()) + sparql


def _result(found: Any) -> QueryResult:
    if isinstance(found, QueryBoolean):
        return bool(found)
    if isinstance(found, QuerySolutions):
        return Solutions(tuple(variable.value for variable in found.variables), tuple(tuple(row) for row in found))
    return Triples(tuple(found))


class Endpoint:
    """A SPARQL endpoint that the user named, through SPARQLWrapper.

    The user name and password, where it asks for them, come from K2GRAPH_USER and K2GRAPH_PASSWORD, never from an address
    or an argument, and are not sent anywhere that the endpoint redirects to. A named graph takes the place of the endpoint's
    own default graph (`default-graph-uri` of the SPARQL 1.1 Protocol).
    """

    def __init__(self, url: str, timeout: float = 60.0, graph: str | None = None) -> None:
        self.url = check_address(url)
        self.timeout = timeout
        self.graph = None if graph is None else check_graph(graph)

    def query(self, text: str, *, whole: bool = True) -> QueryResult:
        """Send a query there and read the whole answer; `k2graph.sparql.whole` says how it is known to be the whole.

        What its default graph holds is the endpoint's to say, so that `whole` changes nothing.

        Raises:
            InputError: where the query is refused, there is no answer in time, or there is only a part of it.
        """
        from .http import Deadline
        from .whole import check_rows, check_triples

        check_query(text)
        text = with_prefixes(text)
        deadline = Deadline(self.timeout)

        def ask(text: str) -> tuple[QueryResult, Message]:
            return self._ask(text, deadline)

        found, headers = ask(text)
        if isinstance(found, Solutions):
            check_rows(self.url, text, found, headers, ask)
        elif isinstance(found, Triples):
            return check_triples(self.url, text, found, headers, ask)
        return found

    def __iter__(self) -> Iterator[Triple]:
        from .http import Deadline
        from .whole import all_triples

        deadline = Deadline(self.timeout)
        return iter(all_triples(self.url, lambda text: self._ask(text, deadline)))

    def _ask(self, text: str, deadline: Deadline) -> tuple[QueryResult, Message]:
        from .http import ask_endpoint, readable

        user, password = os.environ.get("K2GRAPH_USER"), os.environ.get("K2GRAPH_PASSWORD")
        answered = ask_endpoint(self.url, text, deadline, user, password, self.graph)
        try:
            form = answered.form or QueryResultsFormat.JSON
            body = answered.body if isinstance(form, RdfFormat) else readable(answered.body, form)
            return read_result(body, form), answered.headers
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{self.url}: the answer breaks off or is damaged: {error}") from error


def read_result(body: bytes, form: RdfFormat | QueryResultsFormat) -> QueryResult:
    """An answer as it is sent, in a form of tables or of graphs.

    Raises:
        SyntaxError: where it is not in that form.
        ValueError: where it is damaged otherwise.
    """
    if isinstance(form, RdfFormat):
        return Triples(tuple(quad.triple for quad in parse(body, form)))
    return _truth(_result(parse_query_results(body, form)))


def _truth(found: QueryResult) -> QueryResult:
    """Virtuoso 7 answers an ASK with a table of one number."""
    if isinstance(found, Solutions) and found.variables == ("__ASK_RETVAL",):
        return any(term is not None and term.value == "1" for row in found.rows for term in row)
    return found


def check_address(url: str) -> str:
    """The address of a service, if it is one.

    Raises:
        InputError: where it is no web address, or holds a user or a password.
    """
    from urllib.parse import urlsplit

    try:
        scheme, place, *_ = urlsplit(url)
    except ValueError as error:
        raise InputError(f"{url!r} is not an address: {error}") from error
    # Before the address is shown in any message: it may hold a password.
    if "@" in place:
        raise InputError("an endpoint's address holds no user or password; set K2GRAPH_USER and K2GRAPH_PASSWORD")
    if scheme not in {"http", "https"} or not place:
        raise InputError(f"{url!r} is not the address of an endpoint; it begins with http:// or https://")
    return url


def check_graph(iri: str) -> str:
    """The name of a graph, if it can be one.

    Raises:
        InputError: where it is no absolute IRI.
    """
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise InputError(f"{iri!r} cannot be the name of a graph: {error}") from error
