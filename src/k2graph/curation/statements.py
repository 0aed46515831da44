"""Rows as triples, each with the column that says it: what the graph is written from, and the way back from the graph to a cell.

In: the rows of a table and the ontology. Out: `Statement`s. All that a column becomes stands in schema.py; a table whose rows are no things
of their own says there which triple each row is.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..ontology import Vocabulary
from . import schema
from .fields import Maps, OneOf, Refers, Spelled
from .reader import Tables

Term = NamedNode | Literal
_TYPE = iris.name("rdf:type")
_XSD = {kind: iris.name(f"xsd:{kind}") for kind in ("integer", "decimal")}


class Statement(NamedTuple):
    """A triple, and the line and the column of the table that says it."""

    line: int
    column: str
    subject: NamedNode
    property: NamedNode
    value: Term


def address(row: schema.Row) -> NamedNode:
    """The node of a row that is a thing of its own."""
    return iris.name(row.identity) if isinstance(row, schema.OrganismRow) else iris.ours(row.kind, row.identity)


def statements(row_type: type[schema.Row], tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """What the rows of one table say. What becomes of a column is settled once, not for every row."""
    if row_type.link is not None:
        yield from _links(row_type, row_type.link, tables, vocabulary)
    if not row_type.type:
        return
    columns = [
        (column, info.alias or column, iris.name(part.property), _terms(part, info, vocabulary))
        for column, info in row_type.model_fields.items()
        for part in info.metadata
        if isinstance(part, Maps)
    ]
    class_, key = iris.name(row_type.type), row_type.key[0]
    for row, line in tables.numbered(row_type):
        node = address(row)
        yield Statement(line, key, node, _TYPE, class_)
        for column, header, property_, term in columns:
            value = getattr(row, column)
            if isinstance(value, tuple):
                for single in value:
                    yield Statement(line, header, node, property_, term(single))
            elif value is not None:
                yield Statement(line, header, node, property_, term(value))
        if isinstance(row, schema.ClaimRow) and row.context is None and row.population is None:
            yield Statement(line, "context", node, iris.name("k2g:context"), iris.name("k2g:context-any"))
        if isinstance(row, schema.IdentifierRow):
            yield Statement(line, "identifier", node, iris.name("k2g:address"), iris.identifier(row.identifier))
    yield from _spelled(row_type, tables, vocabulary)


def _links(row_type: type[schema.Row], link_of: tuple[str, str, str], tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """The triple that a row is, between things that stand elsewhere."""
    one, between, other = link_of
    subject = _terms(None, row_type.model_fields[one], vocabulary)
    value = iris.identifier if row_type is schema.IdentifierRow else _terms(None, row_type.model_fields[other], vocabulary)
    field = row_type.model_fields.get(between)
    link = partial(iris.name, between) if field is None else _link_by(field, vocabulary)
    for row, line in tables.numbered(row_type):
        words = () if field is None else (getattr(row, between),)
        yield Statement(line, other, subject(getattr(row, one)), link(*words), value(getattr(row, other)))  # type: ignore[arg-type]


def _link_by(info: Any, vocabulary: Vocabulary) -> Callable[[str], NamedNode]:
    """The property that a word stands for: itself, or the one that the ontology says it is of."""
    (scheme,) = (part.scheme for part in info.metadata if isinstance(part, OneOf))
    words = vocabulary.schemes[scheme]
    return lambda word: NamedNode(vocabulary.text(words[word], "k2g:matchProperty") or words[word].value)


def _spelled(row_type: type[schema.Row], tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """The word of a scheme beside its text, and what the table writes where that is another spelling."""
    for column, info in row_type.model_fields.items():
        for part in (part for part in info.metadata if isinstance(part, Spelled)):
            words = vocabulary.schemes.get(part.scheme, {})
            for row, line in tables.numbered(row_type):
                if getattr(row, column) in words:
                    yield Statement(line, column, address(row), iris.name(part.term), words[getattr(row, column)])
                if (row_type.table, line, column) in tables.written:
                    yield Statement(
                        line, column, address(row), iris.name(part.written), Literal(tables.written[row_type.table, line, column])
                    )


def _terms(maps: Maps | None, info: Any, vocabulary: Vocabulary) -> Callable[[Any], Term]:
    """How the values of a column become terms of a property."""
    if maps is not None and maps.part:
        take, term = maps.part, vocabulary.schemes[maps.scheme].__getitem__ if maps.scheme else _literal
        return lambda value: term(take(value))
    for part in info.metadata:
        if isinstance(part, OneOf):
            return vocabulary.schemes[part.scheme].__getitem__
        if isinstance(part, Refers):
            if part.table == "organisms":
                return iris.name
            kind = next(row_type.kind for row_type in schema.TABLES if row_type.table == part.table)
            return partial(iris.ours, kind)
    if maps is not None and maps.property == "dcterms:source":
        return lambda value: NamedNode(value) if value.startswith("http") else Literal(value)
    if maps is not None and maps.property in vocabulary.tagged:
        return partial(vocabulary.literal, maps.property)
    return _literal


def _literal(value: str | int | Decimal) -> Literal:
    if isinstance(value, int):
        return Literal(str(value), datatype=_XSD["integer"])
    if isinstance(value, Decimal):
        return Literal(format(value, "f"), datatype=_XSD["decimal"])
    return Literal(value)
