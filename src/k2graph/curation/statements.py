"""Rows as triples, each with the column that says it: what the graph is written from, and the way back from the graph to a cell.

In: the rows of a table and the ontology. Out: `Statement`s. All that a column becomes stands in ontology/tables.toml; a table whose rows
are no things of their own says there which triple each row is.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..addresses import key_and_base
from ..ontology import Vocabulary
from .authors import read_author
from .forms import p_number, p_relation, reported
from .schema import Column, Row, Table, schema
from .tables import Tables

Term = NamedNode | Literal
_TYPE = iris.name("rdf:type")
_XSD = {kind: iris.name(f"xsd:{kind}") for kind in ("integer", "decimal", "date")}


class Statement(NamedTuple):
    """A triple, and the line and the column of the table that says it."""

    line: int
    column: str
    subject: NamedNode
    property: NamedNode
    value: Term


def address(row: Row) -> NamedNode:
    """The node of a row that is a thing of its own."""
    return iris.ours(row.table.address, row.identity, row.base) if row.table.address else iris.name(row.identity)


def _node(table: Table, key: str) -> NamedNode:
    return iris.ours(table.address, *key_and_base(key)) if table.address else iris.name(key)


def statements(table: Table, tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """What the rows of one table say. What becomes of a column is settled once, not for every row."""
    if table.link:
        yield from _links(table, tables, vocabulary)
    if not table.class_:
        return
    columns = [(column.name, iris.name(name), term) for column in table.columns for name, term in _parts(table, column, vocabulary)]
    classes, key = vocabulary.with_wider(iris.name(table.class_)), table.key[0]
    for row, line in tables.numbered(table.name):
        node = address(row)
        # The wider classes too, so that who asks for a thing of one finds it without knowing what is below (decision 29).
        for class_ in classes:
            yield Statement(line, key, node, _TYPE, class_)
        for column, property_, term in columns:
            value = row[column]
            if isinstance(value, tuple):
                for single in value:
                    yield Statement(line, column, node, property_, term(single))
            elif value is not None:
                yield Statement(line, column, node, property_, term(value))
    yield from _otherwise(table, tables, vocabulary)
    yield from _spelled(table, tables, vocabulary)


def _parts(table: Table, column: Column, vocabulary: Vocabulary) -> Iterator[tuple[str, Callable[[Any], Term]]]:
    """The properties of every value of a column, each with how it becomes their term."""
    if column.property:
        term = _term(column, vocabulary)
        yield column.property, (lambda key: term(key_and_base(key)[0])) if column.name == table.own_key else term
    if column.reported:
        yield column.reported, lambda value: Literal(reported(value))
    if column.relation:
        words = vocabulary.schemes["number-relations"]
        yield column.relation, lambda value: words[p_relation(value)]
    if column.as_read:
        yield column.as_read, lambda value: Literal(str(read_author(value)))
    if column.points_to:
        yield column.points_to, iris.identifier


def _term(column: Column, vocabulary: Vocabulary) -> Callable[[Any], Term]:
    """How the values of a column become terms of its property."""
    if column.word_of:
        return vocabulary.schemes[column.word_of].__getitem__
    if column.key_of:
        return partial(_node, schema().tables[column.key_of])
    if column.form == "p-value":
        return lambda value: _literal(p_number(value))
    if column.form == "date":
        return lambda value: Literal(value, datatype=_XSD["date"])
    if column.form == "address":
        return lambda value: NamedNode(value) if value.startswith("http") else Literal(value)
    if column.property in vocabulary.tagged:
        return partial(vocabulary.literal, column.property)
    return _literal


def _literal(value: str | int | Decimal) -> Literal:
    if isinstance(value, int):
        return Literal(str(value), datatype=_XSD["integer"])
    if isinstance(value, Decimal):
        return Literal(format(value, "f"), datatype=_XSD["decimal"])
    return Literal(value)


def _links(table: Table, tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """The triple that a row is, between things that stand elsewhere."""
    one, between, other = table.link
    subject, column = _term(table.named[one], vocabulary), table.named[other]
    value = iris.identifier if column.points_to else _term(column, vocabulary)
    link = _link_by(table.named[between], vocabulary) if between in table.named else None
    for row, line in tables.numbered(table.name):
        property_ = link(row[between]) if link else iris.name(between)
        yield Statement(line, other, subject(row[one]), property_, value(row[other]))  # type: ignore[arg-type]  # a key is a node


def _link_by(column: Column, vocabulary: Vocabulary) -> Callable[[str], NamedNode]:
    """The property that a word stands for: itself, or the one that the ontology says it is of."""
    words = vocabulary.schemes[column.word_of]
    return lambda word: NamedNode(vocabulary.text(words[word], "k2g:matchProperty") or words[word].value)


def _otherwise(table: Table, tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """The word that holds of a row where no column of its property is filled."""
    for column in (column for column in table.columns if column.otherwise):
        alike = [each.name for each in table.columns if each.property == column.property]
        word = vocabulary.schemes[column.scheme][column.otherwise]
        for row, line in tables.numbered(table.name):
            if not any(row[name] for name in alike):
                yield Statement(line, column.name, address(row), iris.name(column.property), word)


def _spelled(table: Table, tables: Tables, vocabulary: Vocabulary) -> Iterator[Statement]:
    """The word of a scheme beside its text, and what the table writes where that is another spelling."""
    for column in (column for column in table.columns if column.spelling_of):
        words, term, as_written = vocabulary.schemes[column.spelling_of], iris.name(column.term), iris.name(column.as_written)
        for row, line in tables.numbered(table.name):
            if row[column.name] in words:
                yield Statement(line, column.name, address(row), term, words[row[column.name]])
            if (table.name, line, column.name) in tables.written:
                yield Statement(line, column.name, address(row), as_written, Literal(tables.written[table.name, line, column.name]))
