"""The tables for programs: a Frictionless Table Schema of one, or a Data Package of all, made of the same description.

Whatever reads these (Frictionless, csvlint, R's tableschema) checks the tables without k2graph: types, bounds, words, keys and what
refers to them. What a regular expression of XML Schema, which they use, cannot say is left to `k2graph build`, and so is a cell that holds
words in many spellings.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .forms import bounds_of, pattern_of
from .guide import Guide
from .schema import Column, Table

_KINDS = {"number": "number", "whole": "integer", "date": "date"}


def table_schema(guide: Guide, table: Table | None = None) -> bytes:
    """The schema of a table, or without one a package of all, to lie beside the tables as `datapackage.json`."""
    return (json.dumps(_schema(guide, table) if table else _package(guide), ensure_ascii=False, indent=2) + "\n").encode()


def _package(guide: Guide) -> dict[str, Any]:
    return {"profile": "tabular-data-package", "name": "tables", "resources": [_resource(guide, table) for table in guide.tables]}


def _resource(guide: Guide, table: Table) -> dict[str, Any]:
    # Every character of a cell stands for itself, quotation marks too; a sign for quoting there has to be, and this is in no cell.
    dialect = {"delimiter": "\t", "quoteChar": "\x01", "doubleQuote": False, "lineTerminator": "\n"}
    return {
        "name": table.name.replace("_", "-"),
        "path": table.file,
        "profile": "tabular-data-resource",
        "description": table.about,
        "format": "tsv",
        "mediatype": "text/tab-separated-values",
        "encoding": "utf-8",
        "dialect": dialect,
        "schema": {**_schema(guide, table), **_references(guide, table)},
    }


def _schema(guide: Guide, table: Table) -> dict[str, Any]:
    fields = [_field(guide, table, column) for column in table.columns]
    keys = [table.named[name] for name in table.key]
    # A key of which a part may be empty is none there.
    primary = {"primaryKey": [*table.key]} if all(column.required for column in keys) else {}
    return {"fields": fields, "missingValues": [""], **primary}


def _references(guide: Guide, table: Table) -> dict[str, Any]:
    """What refers to a key of another table, by cells that hold one alone."""
    found = []
    for column in table.columns:
        if column.key_of and not column.several:
            other = guide.tables.tables[column.key_of]
            resource = "" if other is table else other.name.replace("_", "-")
            found.append({"fields": [column.name], "reference": {"resource": resource, "fields": [*other.key]}})
    return {"foreignKeys": found} if found else {}


def _field(guide: Guide, table: Table, column: Column) -> dict[str, Any]:
    # An `example` of Table Schema is one value; ours tells of several forms.
    example = guide.example(column)
    constraints = {**_constraints(guide, column), **({"unique": True} if table.key == (column.name,) else {})}
    return {
        "name": column.name,
        "type": _type(guide, column),
        "description": f"{guide.meaning(column)} It takes {guide.takes(column)}{f'; for example: {example}' if example else '.'}",
        **({"constraints": constraints} if constraints else {}),
    }


def _type(guide: Guide, column: Column) -> str:
    if column.several:
        return "string"
    return _KINDS.get(column.form, "integer" if guide.tables.forms[column.form].whole else "string")


def _constraints(guide: Guide, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"required": True} if column.required else {}
    words = [each.word for each in guide.words(column)] if column.word_of else []
    if words and not column.several:
        return {**found, "enum": words}
    form = guide.tables.forms[column.form]
    one = "|".join(map(re.escape, words)) if words else pattern_of(column.form, form)
    if column.several and one:
        return {**found, "pattern": rf"({one})(\|({one}))*"}
    if _type(guide, column) == "integer":
        least, most = bounds_of(form)
        return {**found, "minimum": least, "maximum": most}
    return {**found, **({"pattern": one} if one and _type(guide, column) == "string" else {})}
