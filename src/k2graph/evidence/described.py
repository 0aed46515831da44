"""What the tables describe, read as they describe it: a field of an object that is called as a column, or as its property, needs no code.

What kind of value it is, and whether every such thing has it, is said by ontology/tables.toml; what is no column, or is made of several,
is for `reader.py` and `claim_reader.py` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from ..curation.schema import Column, schema
from .nodes import Nodes

Made = TypeVar("Made")
#: What reads a field of a node, and what it has to know beside the node.
Way = tuple[Callable[..., Any], tuple[str, ...]]


def described(read: Nodes, node: str, kind: Callable[..., Made], table: str, /, **own: Any) -> Made:
    """An object of a kind, made of a node that is a row of a table; `own` is what the table's description does not tell how to read."""
    return kind(id=node, **{name: way(read, node, *by) for name, (way, by) in ways_of(kind, table).items() if name not in own}, **own)


@cache
def ways_of(kind: Any, table: str) -> dict[str, Way]:
    """How each field of a kind is read that is of a column."""
    columns = [column for column in schema().tables[table].columns if column.property]
    return {field.name: way for field in fields(kind) if (way := next(_of(field.name, str(field.type), columns), None)) is not None}


def _of(name: str, type_: str, columns: list[Column]) -> Iterator[Way]:
    """How a field is read, where a column has its name; the words of properties go before those of columns."""
    for called in (_words_of_property, _words_of_column):
        for column in columns:
            if name in called(column):
                yield _value(type_, column)
            elif column.reported and name in {f"{each}_reported" for each in called(column)}:
                yield Nodes.reported, (column.property, column.reported)
            elif column.relation and name == f"{column.name}_relation":
                yield Nodes.word_or_none, (column.relation,)


def _words_of_property(column: Column) -> set[str]:
    """Of `k2g:ciLow`: ci_low."""
    return _plural(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.property.partition(":")[2]).lower(), column)


def _words_of_column(column: Column) -> set[str]:
    return _plural(column.name, column)


def _plural(word: str, column: Column) -> set[str]:
    """A field of several values may be called in the plural."""
    return {word, f"{word}s", f"{word.removesuffix('y')}ies"} if column.several else {word}


def _value(type_: str, column: Column) -> Way:
    """How a field of a type is read of the property of a column."""
    if type_ == "str" and (column.word_of or column.property == "skos:note"):
        return (Nodes.label if column.word_of else _notes), (column.property,)
    if type_ == "str" and column.required:
        return _needed, (column.property,)
    return _OF_TYPE[type_], (column.property,)


def _needed(read: Nodes, node: str, name: str) -> Any:
    return read.need(node, name)


def _notes(read: Nodes, node: str, name: str) -> str:
    return " ".join(read.texts(node, name))


def _whole(read: Nodes, node: str, name: str) -> int:
    return int(read.need(node, name))


def _whole_or_none(read: Nodes, node: str, name: str) -> Any:
    return read.one(node, name, None)


#: By the type of the field as its class writes it.
_OF_TYPE: dict[str, Callable[..., Any]] = {
    "Word": Nodes.word,
    "Word | None": Nodes.word_or_none,
    "str": Nodes.text,
    "int": _whole,
    "int | None": _whole_or_none,
    "float | None": Nodes.number,
    "tuple[str, ...]": Nodes.texts,
}
