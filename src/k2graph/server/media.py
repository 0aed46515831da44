"""Media types: which are offered, which of them a client would rather have, and how an answer is written in each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
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
_PLAIN = PREFIXES["xsd"] + "string"
#: Rows that are written at a time.
_BATCH = 1_000
_quoted = json.JSONEncoder(ensure_ascii=False).encode


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


def write_graph(triples: Iterable[Triple], media_type: str, out: BinaryIO) -> None:
    """A graph, piece by piece."""
    serialize(triples, out, _GRAPHS[media_type], prefixes=PREFIXES)


def dump_graph(engine: Store, media_type: str, file: Path) -> None:
    """The whole default graph of an engine, into a file."""
    engine.dump(file, _GRAPHS[media_type], from_graph=DefaultGraph(), prefixes=PREFIXES)


def write_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], media_type: str, out: BinaryIO) -> None:
    """A table, some rows at a time. The library writes rows only all at once, so JSON is written here, and it makes the rest of that."""
    wanted = _RESULTS[media_type]
    batches = [rows[first : first + _BATCH] for first in range(0, len(rows), _BATCH)] or [()]
    for number, batch in enumerate(batches):
        head, middle, tail = _parts(_json(columns, batch), wanted)
        if number == 0:
            out.write(head)
        elif wanted == QueryResultsFormat.JSON:
            out.write(b",")
        out.write(middle)
    out.write(tail)


def _json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table in SPARQL 1.1 Query Results JSON."""
    keys = [_quoted(column) + ":" for column in columns]
    written = ["{" + ",".join([key + _term(term) for key, term in zip(keys, row, strict=True) if term is not None]) + "}" for row in rows]
    return f'{{"head":{{"vars":{json.dumps(list(columns))}}},"results":{{"bindings":[{",".join(written)}]}}}}'.encode()


def _parts(table: bytes, wanted: QueryResultsFormat) -> tuple[bytes, bytes, bytes]:
    """A table in JSON, in another form: what comes before its rows, the rows, and what comes after. No value can hold the marks."""
    before, after = {
        QueryResultsFormat.JSON: (b'"results":{"bindings":[', b"]}}"),
        QueryResultsFormat.XML: (b"<results>", b"</results>"),
        QueryResultsFormat.CSV: (b"\n", b""),
        QueryResultsFormat.TSV: (b"\n", b""),
    }[wanted]
    text = table
    if wanted != QueryResultsFormat.JSON:
        text = parse_query_results(table, QueryResultsFormat.JSON).serialize(format=wanted) or b""
    first = text.index(before) + len(before)
    last = text.rindex(after) if after else len(text)
    return text[:first], text[first:last], text[last:]


def _term(term: Any) -> str:
    """A term in SPARQL 1.1 Query Results JSON §3.2.2, and a triple as SPARQL 1.2 says it. By hand, as most of an answer's time is here."""
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{_quoted(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{_quoted(term.value)}}}'
    if isinstance(term, Literal):
        said = f'{{"type":"literal","value":{_quoted(term.value)}'
        if term.language:
            direction = f',"its:dir":{_quoted(term.direction.value)}' if term.direction else ""
            return f'{said},"xml:lang":{_quoted(term.language)}{direction}}}'
        datatype = term.datatype.value
        return f"{said}}}" if datatype == _PLAIN else f'{said},"datatype":{_quoted(datatype)}}}'
    ends = ",".join(f'"{end}":{_term(getattr(term, end))}' for end in ("subject", "predicate", "object"))
    return f'{{"type":"triple","value":{{{ends}}}}}'
