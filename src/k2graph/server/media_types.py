"""Media types: which are offered, which of them a client would rather have, and how an answer is written in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

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

from ..iris import PREFIXES

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
#: What `format` takes besides media types, with those that each stands for: of a table or truth value, and of a graph.
FORMS: Mapping[str, Sequence[str]] = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    **dict.fromkeys(("ttl", "turtle", "n3"), ("text/turtle",)),
    **dict.fromkeys(("nt", "ntriples", "n-triples"), ("application/n-triples",)),
    **dict.fromkeys(("jsonld", "json-ld"), ("application/ld+json",)),
    **dict.fromkeys(("rdf", "rdfxml", "rdf+xml", "rdf-xml"), ("application/rdf+xml",)),
    "trig": ("application/trig",),
    **dict.fromkeys(("nq", "nquads", "n-quads"), ("application/n-quads",)),
    "html": (PAGE,),
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
    return _chosen(accept or "", tuple(offers))


@lru_cache(maxsize=256)  # a client asks for the same form each time
def _chosen(accept: str, offers: tuple[str, ...]) -> str | None:
    if not accept.strip():
        return offers[0]
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    liked = [(_liking(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    best, _, offer = max(liked)
    return offer if best > 0 else None


def named(values: Iterable[str]) -> str:
    """What `format` says, as the Accept header that says the same.

    Raises:
        ValueError: where it says nothing that is known, or two things.

    >>> named(["csv"]), named(["json-ld", "application/ld+json,application/x-json+ld"])
    ('text/csv', 'application/ld+json')
    """
    known = dict.fromkeys((*_RESULTS, *_GRAPHS, PAGE))
    left = list(known)
    for value in values:
        # A plus in an address is a space, unless it was written as %2B.
        ranges = value.strip().lower().replace(" ", "+") if ", " not in value else value
        meant = FORMS.get(ranges) or [each for each in known if "/" in ranges and choose(ranges, [each])]
        if not meant:
            raise ValueError(f"no format {value[:100]!r}; it is one of: {', '.join(FORMS)}, or a media type")
        left = [each for each in left if each in meant]
    if not left:
        raise ValueError("the format is given more than once, and not the same")
    return ", ".join(left)


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


def kind_of(result: object) -> str:
    """`solutions`, `boolean` or `graph`."""
    if isinstance(result, QueryBoolean):
        return "boolean"
    return "solutions" if isinstance(result, QuerySolutions) else "graph"


def with_charset(media_type: str) -> str:
    """A media type as a header says it: all text is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def result_format(media_type: str) -> QueryResultsFormat:
    """The library's format for a table or truth value."""
    return _RESULTS[media_type]


def write_graph(triples: Iterable[Triple], media_type: str, out: BinaryIO) -> None:
    """A graph, piece by piece."""
    wanted = _GRAPHS[media_type]
    serialize(triples, _Escaping(out) if wanted == RdfFormat.RDF_XML else out, wanted, prefixes=PREFIXES)  # type: ignore[arg-type]


class _Escaping(io.RawIOBase):
    """XML with its carriage returns written as references, since a reader makes a line feed of one that stands there as such."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, data: Any) -> int:
        """Pass it on."""
        self._out.write(_escaped(bytes(data)))
        return len(data)


def _escaped(xml: bytes) -> bytes:
    return xml.replace(b"\r", b"&#13;")


def write_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], media_type: str, out: BinaryIO) -> None:
    """A table, some rows at a time. The library writes rows only all at once, so JSON is written here, and it makes the rest of that.

    But for CSV, in which the library leaves an address with a comma as it is.
    """
    wanted = _RESULTS[media_type]
    batches = [rows[first : first + _BATCH] for first in range(0, len(rows), _BATCH)] or [()]
    if wanted == QueryResultsFormat.CSV:
        out.write(_csv([columns]))
        for batch in batches:
            out.write(_csv([_cell(term) for term in row] for row in batch))
        return
    for number, batch in enumerate(batches):
        head, middle, tail = _parts(_json(columns, batch), wanted)
        if number == 0:
            out.write(head)
        elif wanted == QueryResultsFormat.JSON:
            out.write(b",")
        out.write(middle)
    out.write(tail)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(term: Any) -> str:
    """A term in SPARQL 1.1 Query Results CSV §3: its value alone."""
    if term is None:
        return ""
    if isinstance(term, Triple):
        return f"<<( {term} )>>"
    return str(term) if isinstance(term, BlankNode) else str(term.value)


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
        QueryResultsFormat.TSV: (b"\n", b""),
    }[wanted]
    text = table
    if wanted != QueryResultsFormat.JSON:
        text = parse_query_results(table, QueryResultsFormat.JSON).serialize(format=wanted) or b""
    if wanted == QueryResultsFormat.XML:
        text = _escaped(text)
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
        start = f'{{"type":"literal","value":{_quoted(term.value)}'
        if term.language:
            direction = f',"its:dir":{_quoted(term.direction.value)}' if term.direction else ""
            return f'{start},"xml:lang":{_quoted(term.language)}{direction}}}'
        datatype = term.datatype.value
        return f"{start}}}" if datatype == _PLAIN else f'{start},"datatype":{_quoted(datatype)}}}'
    ends = ",".join(f'"{end}":{_term(getattr(term, end))}' for end in ("subject", "predicate", "object"))
    return f'{{"type":"triple","value":{{{ends}}}}}'
