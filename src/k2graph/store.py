"""Where a query runs: on a file in the embedded engine, or at any SPARQL 1.1 endpoint. Both answer alike.

In: SPARQL text. Out: `Solutions`, `Triples` or a truth value, in pyoxigraph's terms.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from .datasets import Dataset
from .faults import InputError
from .guard import check_query
from .rdf_files import read

Term = Any  # pyoxigraph's NamedNode, Literal or BlankNode: the library has no common type for them


@dataclass(frozen=True)
class Solutions:
    """What a SELECT found: the names of its variables in order, and a row of terms (or None) for each solution."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True)
class Triples:
    """What a CONSTRUCT or DESCRIBE made."""

    triples: tuple[Triple, ...]


Result = Solutions | Triples | bool


class Store(Protocol):
    """Something that answers SPARQL."""

    def query(self, text: str, *, whole: bool = True) -> Result:
        """Run a query. One that names no graph is asked of all graphs of a file together, or, not `whole`, of its default graph.

        Raises:
            InputError: where the query is not SPARQL, is refused, or cannot be answered.

        """


class EmbeddedStore:
    """A file of RDF in pyoxigraph, in memory and without a network.

    `engine` holds all of it in one graph, `dataset` its graphs as they are.

    Raises:
        InputError: where the file is missing or is not RDF.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reading = read(path)
        self.dataset = Dataset(self.reading.engine)
        self.engine = self.dataset.union

    @cached_property
    def dataset(self) -> Dataset:
        """The graphs as the file has them; of a store that was made of an engine, those of the engine."""
        return Dataset(self.engine)

    def query(self, text: str, *, whole: bool = True) -> Result:
        """Run a query here."""
        check_query(text)
        engine, graphs = self.dataset.asked(text) or (self.engine if whole else self.dataset.home, {})
        try:
            return _result(engine.query(text, **graphs))
        except SyntaxError as error:
            raise InputError(f"not a SPARQL query: {error.msg}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise InputError(f"the query cannot be answered: {error}") from error

    def __iter__(self) -> Iterator[Triple]:
        return (quad.triple for quad in self.engine)


def _result(found: Any) -> Result:
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

    def query(self, text: str, *, whole: bool = True) -> Result:
        """Send a query there and read the whole answer; what its default graph holds is the endpoint's to say."""
        check_query(text)
        from .endpoint import ask_endpoint

        user, password = os.environ.get("K2GRAPH_USER"), os.environ.get("K2GRAPH_PASSWORD")
        media_type, body = ask_endpoint(self.url, text, self.timeout, user, password, self.graph)
        try:
            if media_type == "application/sparql-results+json":
                return _truth(_result(parse_query_results(body, QueryResultsFormat.JSON)))
            return Triples(tuple(quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)))
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{self.url}: the answer breaks off or is damaged: {error}") from error


def _truth(found: Result) -> Result:
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
