"""CSV and Parquet: a folder with one table a class, and with each what its columns mean.

CSV comes with `datapackage.json` (https://specs.frictionlessdata.io), which says the types and how tables refer to each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...curation.dataset_description import DatasetDescription
from ...evidence.facts import Facts
from ...iris import slug
from ...text import inert
from .. import Format, Part
from .bias import BIAS
from .evidence import EVIDENCE
from .other import FIGURES
from .table import Column, Table, meaning, write_rows

TABLES: tuple[Table, ...] = (*EVIDENCE, *FIGURES, *BIAS)
_TYPES = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "texts": "array"}
_INERT = (
    "A text that a spreadsheet would run as a formula, or that begins with an apostrophe itself, is led by an apostrophe: "
    "take away one leading apostrophe to have the text. Several texts stand in one cell as a JSON array. "
    "In an empty cell the record does not say."
)


def write_csv(part: Part, path: Path) -> Mapping[str, int]:
    """A folder of CSV files (RFC 4180, UTF-8) with a data dictionary, and the same for programs as `datapackage.json`."""
    for table in TABLES:
        cells = ([cell(column, value) for column, value in zip(table.columns, row, strict=True)] for row in table.rows(part))
        write_rows(path / f"{table.name}.csv", [column.name for column in table.columns], cells)
    write_rows(path / "data_dictionary.csv", list(_DICTIONARY), dictionary(part.evidence.facts))
    package = json.dumps(_package(part.evidence.facts, part.dataset), ensure_ascii=False, indent=2)
    (path / "datapackage.json").write_text(package + "\n", encoding="utf-8")
    return {}


def cell(column: Column, value: Any) -> str:
    """A value as CSV has it: `_INERT` says how to have it back."""
    if value is None or value == []:
        return ""
    if column.kind == "texts":
        return json.dumps(value, ensure_ascii=False)
    if column.kind == "text":
        return "'" + value if value.startswith("'") else inert(value)
    return str(value).lower() if column.kind == "boolean" else repr(value)


_DICTIONARY = ("table", "column", "type", "meaning", "refers_to")


def dictionary(facts: Facts) -> Iterator[list[str]]:
    """What each column of each table means."""
    for table in TABLES:
        for column in table.columns:
            yield [table.name, column.name, _TYPES[column.kind], meaning(column, facts), column.refers]


def _package(facts: Facts, of: DatasetDescription) -> dict[str, Any]:
    fields = {
        "name": slug(of.title),
        "title": of.title,
        "version": of.version,
        "homepage": of.address,
        "licenses": [{"name": of.licence_name, "path": of.licence}] if of.licence else [],
        "contributors": [
            {"title": author.name, "role": "author", **({"path": author.address} if author.orcid else {})} for author in of.authors
        ],
    }
    return {
        **{name: value for name, value in fields.items() if value},
        "description": _INERT,
        "profile": "tabular-data-package",
        "resources": [
            *(_resource(table, facts) for table in TABLES),
            _described("data_dictionary", "What each column means.", _DICTIONARY),
        ],
    }


def _resource(table: Table, facts: Facts) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": _TYPES[column.kind], "description": meaning(column, facts), **_constraints(table, column)}
        for column in table.columns
    ]
    made = _described(table.name, table.meaning, ())
    made["schema"] = {"fields": fields}
    if table.key:
        made["schema"]["primaryKey"] = [table.columns[0].name]
    keys = {each.name: each.columns[0].name for each in TABLES}
    refers = [
        {"fields": [column.name], "reference": {"resource": column.refers, "fields": [keys[column.refers]]}}
        for column in table.columns
        if column.refers
    ]
    return {**made, "schema": {**made["schema"], "foreignKeys": refers}} if refers else made


def _constraints(table: Table, column: Column) -> dict[str, Any]:
    return {"constraints": {"required": True, "unique": True}} if table.key and column == table.columns[0] else {}


def _described(name: str, description: str, columns: Iterable[str]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "description": description,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": {"fields": [{"name": column, "type": "string"} for column in columns]},
    }


def write_parquet(part: Part, path: Path) -> Mapping[str, int]:
    """A folder of Parquet files; texts stand as they are, and each file says what its columns mean."""
    import pyarrow
    from pyarrow import parquet

    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "texts": pyarrow.list_(pyarrow.string()),
    }
    for table in TABLES:
        fields = [
            pyarrow.field(column.name, types[column.kind], metadata={"description": meaning(column, part.evidence.facts)})
            for column in table.columns
        ]
        schema = pyarrow.schema(fields, metadata={"description": table.meaning})
        names = [column.name for column in table.columns]
        rows = [dict(zip(names, row, strict=True)) for row in table.rows(part)]
        parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), path / f"{table.name}.parquet", compression="zstd")
    entries = [dict(zip(_DICTIONARY, row, strict=True)) for row in dictionary(part.evidence.facts)]
    parquet.write_table(pyarrow.Table.from_pylist(entries), path / "data_dictionary.parquet", compression="zstd")
    return {}


_CARRIES = (
    "entities with relations and identifiers; claims with standing, certainty with each step down, bearings, votes with their risk of bias "
    "and pooled numbers; findings with their numbers, "
    "those of each arm too, and the keys of their study, arms and report; reports with retractions; studies, arms, groups; mechanisms, "
    "steps, interactions, spreads, intakes, foods, kinetics, figures of status, citation checks; judgements of the risk of bias, and that "
    "of each outcome's studies in the columns that robvis reads; the vocabulary"
)
_LOSES = "tallies by level, rules, questions, which trials a pool left out, and which rule derived what"
CSV = Format(
    "csv", "CSV tables (Frictionless)", "spreadsheets, R, pandas, DuckDB, Frictionless, Open Refine", _CARRIES, _LOSES, "", write_csv
)
PARQUET = Format("parquet", "Parquet tables", "DuckDB, Spark, Arrow, pandas, Polars", _CARRIES, _LOSES, "", write_parquet)
