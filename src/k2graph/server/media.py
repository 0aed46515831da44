"""Media types: which are offered, which of them a client would rather have, and how an answer is written in each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from ..names import PREFIXES

PAGE = "text/html"
_RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    # What clients ask for that know no better; they get what they asked for, under the name that they know.
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
}
_GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
#: What a query may find, and the media types of each, the first of them where the client has no wish.
OFFERS: Mapping[str, Sequence[str]] = {"solutions": tuple(_RESULTS), "boolean": tuple(_RESULTS), "graph": tuple(_GRAPHS)}
NAMED = {"solutions": "a table", "boolean": "yes or no", "graph": "a graph"}
#: Forms of the answer to a question.
ANSWERS = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "md": "text/markdown",
    "html": PAGE,
}


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that an Accept header would rather have (RFC 9110 §12.5.1), the earlier of two that it likes alike; None for none.

    >>> choose("text/html, text/*;q=0.5", ["text/csv", "text/turtle"])
    'text/csv'
    >>> choose("*/*;q=0.1, text/csv;q=0", ["text/csv", "text/turtle"])
    'text/turtle'
    >>> choose("image/png", ["text/csv"])
    """
    if not (accept or "").strip():
        return offers[0]
    ranges = [_range(part) for part in (accept or "").split(",") if part.strip()]
    liked = [(_liking(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    best, _, offer = max(liked)
    return offer if best > 0 else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [value for key, _, value in (parameter.partition("=") for parameter in parameters) if key.strip() == "q"]
    try:
        weight = float(weights[0]) if weights else 1.0
    except ValueError:
        weight = 0.0
    return name, weight if 0 <= weight <= 1 else 0.0


def _liking(offer: str, ranges: Iterable[tuple[str, float]]) -> float:
    """The weight of the most exact range that the offer falls in."""
    exactness = {offer: 3, f"{offer.partition('/')[0]}/*": 2, "*/*": 1}
    fitting = [(exactness[name], weight) for name, weight in ranges if name in exactness]
    return max(fitting)[1] if fitting else 0.0


def kind_of(found: object) -> str:
    """`solutions`, `boolean` or `graph`."""
    if isinstance(found, QueryBoolean):
        return "boolean"
    return "solutions" if isinstance(found, QuerySolutions) else "graph"


def with_charset(media_type: str) -> str:
    """A media type as a header says it: all text is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def result_format(media_type: str) -> QueryResultsFormat:
    """The library's format for a table or truth value."""
    return _RESULTS[media_type]


def write_graph(triples: Iterable[Triple], media_type: str) -> bytes:
    """A graph."""
    return serialize(triples, format=_GRAPHS[media_type], prefixes=PREFIXES) or b""


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], media_type: str, fits: Callable[[int], None]) -> bytes:
    """A table. The library writes only what a query found, which cannot be counted on the way; so JSON is written here, and it reads that.

    `fits` is told the length as it grows, and raises where that is too much.
    """
    size, written = 0, []
    for row in rows:
        cells = {column: _term(term) for column, term in zip(columns, row, strict=True) if term is not None}
        written.append(json.dumps(cells, ensure_ascii=False, separators=(",", ":")))
        size += len(written[-1])
        fits(size)
    text = f'{{"head":{{"vars":{json.dumps(list(columns))}}},"results":{{"bindings":[{",".join(written)}]}}}}'.encode()
    wanted = _RESULTS[media_type]
    if wanted == QueryResultsFormat.JSON:
        return text
    return parse_query_results(text, QueryResultsFormat.JSON).serialize(format=wanted) or b""


def _term(term: Any) -> dict[str, Any]:
    """A term in SPARQL 1.1 Query Results JSON §3.2.2, and a triple as SPARQL 1.2 says it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        said = {"type": "literal", "value": term.value}
        if term.language:
            return {**said, "xml:lang": term.language}
        plain = term.datatype.value == PREFIXES["xsd"] + "string"
        return said if plain else {**said, "datatype": term.datatype.value}
    return {"type": "triple", "value": {end: _term(getattr(term, end)) for end in ("subject", "predicate", "object")}}
