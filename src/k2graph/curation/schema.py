"""What ontology/tables.toml says of each table in data/tables: its columns, the form of their cells, and the property each becomes.

A cell holds one line of text; `|` separates several values; an empty cell means not known. What reads rows, makes triples of them, finds
the way back to a cell, writes the tables of exports and lists the columns in the documentation all ask here. Decision 16 says why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import iris, resources
from ..addresses import key_and_base
from ..errors import InputError

if TYPE_CHECKING:
    from ..ontology import Vocabulary


@dataclass(frozen=True)
class Form:
    """What one value looks like: a pattern, a shape of ontology/shapes.ttl that has one, or both."""

    what: str
    example: str
    pattern: str = ""
    shape: str = ""
    compact: bool = False
    whole: bool = False


#: Forms that are more than a pattern: `forms.py` reads them.
READ_BY_PROGRAM = {
    "text": Form("text", "any words"),
    "number": Form("a number", "12 or -0.35 (the unit has a column of its own)"),
    "whole": Form("a whole number", "120", whole=True),
    "date": Form("a date of the calendar", "2026-11-27"),
    "p-value": Form("a p-value", "0.03 or <0.001"),
    "author": Form(
        "the name of an author", "'Knapen, Marjo H J', or '{World Health Organization}' if it is a body or its parts are not known"
    ),
    "address": Form("the address of what was read", "https://pubmed.ncbi.nlm.nih.gov/17287908/"),
}


@dataclass(frozen=True)
class Column:
    """One column, as the head of ontology/tables.toml explains it."""

    name: str
    property: str = ""
    meaning: str = ""
    word_of: str = ""
    key_of: str = ""
    spelling_of: str = ""
    term: str = ""
    as_written: str = ""
    form: str = "text"
    several: bool = False
    required: bool = False
    reported: str = ""
    relation: str = ""
    as_read: str = ""
    points_to: str = ""
    otherwise: str = ""
    quotation: bool = False
    example: str = ""
    was: str = ""

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """All properties that the column writes, its own first."""
        every = (self.property, self.term, self.as_written, self.reported, self.relation, self.as_read, self.points_to)
        return tuple(filter(None, every))

    @cached_property
    def scheme(self) -> str:
        """The scheme of the ontology whose words it holds, if it holds any."""
        return self.word_of or self.spelling_of


@dataclass(frozen=True)
class Table:
    """One table, as the head of ontology/tables.toml explains it; `class_` is its `class`."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    class_: str = ""
    address: str = ""
    link: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.tsv"

    @cached_property
    def own_key(self) -> str:
        """The column of the key by which other tables may refer to its rows; empty where a row is known by several or by another's."""
        return self.key[0] if self.address and len(self.key) == 1 and not self.named[self.key[0]].key_of else ""

    @cached_property
    def named(self) -> Mapping[str, Column]:
        """Its columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def empty(self) -> Mapping[str, Any]:
        """A row of which nothing is known."""
        return {column.name: () if column.several else None for column in self.columns}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `row["year"]` is the cell's value, None where it is empty, and a tuple in a column of several values.

    A key stands with the base of its pack (`addresses.of_pack`); `base` is that of the pack which says the row.
    """

    table: Table
    values: Mapping[str, Any]
    base: str = iris.BASE

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    @property
    def identity(self) -> str:
        """The key as one string, as its pack writes it."""
        return "-".join(map(self.plain, self.table.key))

    def plain(self, column: str) -> str:
        """The value of a column as one string, a key as the pack writes it; empty where there is none."""
        value = self.values[column]
        is_key = column == self.table.own_key or self.table.named[column].key_of
        return "" if value is None else key_and_base(value)[0] if is_key and isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Schema:
    """Every table, each after those that it refers to; the forms of cells; what properties of other vocabularies mean in any of them."""

    tables: Mapping[str, Table]
    forms: Mapping[str, Form]
    meanings: Mapping[str, str]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    def kind(self, column: Column) -> type:
        """What the graph has of a column: text, whole numbers or decimal ones."""
        if column.form in {"number", "p-value"}:
            return Decimal
        return int if self.forms[column.form].whole else str

    def meaning(self, column: Column, vocabulary: Vocabulary) -> str:
        """What a column holds, in words."""
        own = column.meaning or self.meanings.get(column.property, "")
        return own or vocabulary.text(iris.name(column.property), "skos:definition")

    def check(self, vocabulary: Vocabulary) -> None:
        """Hold the description against an ontology.

        Raises:
            InputError: where it names a scheme, a word or a property that the ontology does not have.
        """
        for table in self:
            classes = [table.class_] if table.class_ else []
            links = [name for name in table.link[1:2] if name not in table.named]
            _known(table.name, [*classes, *links], vocabulary)
            for column in table.columns:
                where = f"{table.name}.{column.name}"
                _known(where, column.properties, vocabulary)
                words = vocabulary.schemes.get(column.scheme)
                if column.scheme and words is None:
                    raise _wrong(where, f"k2g:{column.scheme} is no scheme of the ontology; mend the name, or add the scheme")
                if column.otherwise and column.otherwise not in (words or ()):
                    raise _wrong(where, f"otherwise is {column.otherwise!r}, which is no word of k2g:{column.scheme}")
                if not self.meaning(column, vocabulary):
                    raise _wrong(where, "nothing says what it means: give it a meaning")


def _known(where: str, names: list[str] | tuple[str, ...], vocabulary: Vocabulary) -> None:
    """Of our own names those alone are used that the ontology defines; another vocabulary's are its own affair."""
    for name in names:
        if name.startswith("k2g:") and not vocabulary.text(iris.name(name), "skos:definition"):
            raise _wrong(where, f"the ontology does not define {name}: mend the name, or define it in ontology/k2graph.ttl")


def _wrong(where: str, message: str) -> InputError:
    return InputError(f"{resources.TABLE_SCHEMA.name}: {where}: {message}")


@cache
def schema() -> Schema:
    """The description that comes with the graph.

    Raises:
        InputError: where it is not in order.
    """
    return read_schema(resources.TABLE_SCHEMA)


def read_schema(path: Path) -> Schema:
    """Read a description of tables.

    Raises:
        InputError: where it is not in order.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name}: {error}") from None
    forms = READ_BY_PROGRAM | {name: _made(Form, f"forms.{name}", given) for name, given in found.get("forms", {}).items()}
    tables: dict[str, Table] = {}
    for name, given in found.get("tables", {}).items():
        columns = tuple(
            _made(Column, f"{name}.{column}", {**keys, "name": column}) if isinstance(keys, dict) else _not_a_table(f"{name}.{column}")
            for column, keys in given.get("columns", {}).items()
        )
        rest = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        rest = {("class_" if key == "class" else key): value for key, value in rest.items()}
        tables[name] = _made(Table, name, {**rest, "name": name, "columns": columns})
        _in_order(tables[name], tables, forms)
    return Schema(tables, forms, found.get("properties", {}))


def _not_a_table(where: str) -> Column:
    raise _wrong(where, 'what a column holds stands in braces, such as { property = "k2g:country" }')


def _made(kind: Any, where: str, given: Any) -> Any:
    """A form, a column or a table of what the file says of it."""
    if not isinstance(given, dict):
        raise _wrong(where, "what it holds has to stand in a table of TOML")
    known = {each.name: each for each in fields(kind)}
    kinds = {"str": (str, "text"), "bool": (bool, "true or false")}
    for key, value in given.items():
        if key not in known:
            raise _wrong(where, f"{key!r} is not known here; known are {', '.join(name.rstrip('_') for name in known if name != 'name')}")
        wanted, called = kinds.get(str(known[key].type), (tuple, "a list"))
        if not isinstance(value, wanted):
            raise _wrong(where, f"{key} is {value!r}, which is not {called}")
    for key, each in known.items():
        if each.default is MISSING and key not in given:
            raise _wrong(where, f"{key} is missing")
    return kind(**given)


def _in_order(table: Table, before: Mapping[str, Table], forms: Mapping[str, Form]) -> None:
    """Hold a table against itself, the tables before it and the forms."""
    for name in [*table.key, *table.link[::2]]:
        if name not in table.named:
            raise _wrong(table.name, f"{name!r} is no column of it")
    if table.address and table.address not in iris.KINDS:
        raise _wrong(table.name, f"{table.address!r} is no kind of address; known are {', '.join(iris.KINDS)}")
    for column in table.columns:
        where = f"{table.name}.{column.name}"
        if column.key_of and column.key_of not in before:
            raise _wrong(where, f"{column.key_of!r} is no table that stands before this one")
        if column.form not in forms:
            raise _wrong(where, f"{column.form!r} is no form; known are {', '.join(forms)}")
        if bool(column.spelling_of) != bool(column.term) or bool(column.term) != bool(column.as_written):
            raise _wrong(where, "spelling_of, term and as_written go together")
        if sum(map(bool, (column.word_of, column.key_of, column.spelling_of, column.form != "text"))) > 1:
            raise _wrong(where, "a cell holds a word, a key, a spelling or a value of a form; name one of them")
