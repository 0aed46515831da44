"""One SQLite file with the tables of the CSV export, views that join the main ones, and what Datasette says of them beside it.

Texts are as they are, several texts are a JSON array (`json_each`), true and false are 1 and 0, and what the record does not say is NULL.
Each view that has a result of a study or a pool has with it how the claim stands on which this bears.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..evidence.facts import Facts
from . import Format, Part
from .tabular.csv_parquet import TABLES, dictionary
from .tabular.table import Column, Table, meaning

if TYPE_CHECKING:
    from sqlite3 import Connection

#: What the file is called, by which Datasette knows it.
NAME = "k2graph"
_TYPES = {"text": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "texts": "TEXT"}
#: View → what it has, and how.
VIEWS = {
    "claims_in_words": (
        "Claims with the names of what they are about, and where each stands.",
        """SELECT c.claim, c.label, s.label AS subject, o.label AS object, c.direction,
          c.standing, c.result, c.tested_in, c.certainty,
          c.investigations, c.supporting, c.leaving_open, c.excluding, c.contradicting, c.best_support, c.scope
        FROM claims AS c JOIN entities AS s ON s.entity = c.subject JOIN entities AS o ON o.entity = c.object""",
    ),
    "evidence": (
        "What each finding says of each claim, with its study, numbers and report, whether it counts, and where the claim stands.",
        """SELECT c.claim, c.label, c.standing, c.result, c.tested_in, c.certainty, b.stance, b.counted, b.not_counted,
          f.finding, f.level, f.design, st.label AS study, st.population,
          e.label AS exposure, f.dose, f.duration, f.compared_with, o.label AS outcome, f.n,
          f.measure, f.value, f.ci_low, f.ci_high, f.unit, f.p_value_reported, f.reported,
          f.report, r.label AS reported_by, r.year, r.title, r.retraction, r.cited_at
        FROM bearings AS b JOIN claims AS c ON c.claim = b.claim JOIN findings AS f ON f.finding = b.finding
          JOIN studies AS st ON st.study = f.study JOIN reports AS r ON r.report = f.report
          JOIN entities AS e ON e.entity = f.subject JOIN entities AS o ON o.entity = f.object""",
    ),
    "chains": (
        "Mechanisms step by step: where each link stands, and where the claim that the exposure reaches as far.",
        """SELECT m.mechanism, m.label AS mechanism_label, m.verdict, s."order",
          c.claim, c.label AS link, c.standing, c.result, c.tested_in, c.certainty, y.label AS yields,
          r.label AS reach, r.standing AS reach_standing, r.result AS reach_result, r.certainty AS reach_certainty
        FROM steps AS s JOIN mechanisms AS m ON m.mechanism = s.mechanism JOIN claims AS c ON c.claim = s.claim
          JOIN entities AS y ON y.entity = s.yields JOIN claims AS r ON r.claim = s.reach""",
    ),
    "pools": (
        "Pooled estimates, once for each claim that they serve, with where it stands.",
        """SELECT p.pool, o.label AS outcome, p.site, p.measure, p.unit, p.trials, p.value, p.ci_low, p.ci_high,
          p.prediction_low, p.prediction_high, p.tau_squared, p.i_squared, p.is_narrow,
          c.claim, c.label, c.standing, c.result, c.tested_in, c.certainty
        FROM pooled_estimates AS p JOIN entities AS o ON o.entity = p.outcome
          JOIN pool_claims AS s ON s.pool = p.pool JOIN claims AS c ON c.claim = s.claim""",
    ),
    "votes_in_words": (
        "What each investigation says on each claim at each tier, with its risk of bias, and where the claim stands.",
        """SELECT c.claim, c.label, c.standing, c.result, c.tested_in, c.certainty, v.tier, v.investigation, st.label AS study,
          v.supporting, v.leaving_open, v.excluding, v.contradicting, v.votes, v.risk_of_bias
        FROM votes AS v JOIN claims AS c ON c.claim = v.claim LEFT JOIN studies AS st ON st.study = v.investigation""",
    ),
}
#: Queries that Datasette offers, by their names.
QUERIES = {
    "evidence-for-claim": {
        "title": "What bears on a claim, what counts first",
        "sql": "SELECT * FROM evidence WHERE claim = :claim ORDER BY counted DESC, level, year DESC",
    },
    "claims-about": {
        "title": "Claims about a thing, by its name or a part of it",
        "sql": "SELECT * FROM claims_in_words WHERE subject LIKE '%' || :name || '%' OR object LIKE '%' || :name || '%' ORDER BY label",
    },
}


def write_sqlite(part: Part, path: Path) -> Mapping[str, int]:
    """A folder with the database and its metadata."""
    import sqlite3

    with closing(sqlite3.connect(path / f"{NAME}.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("BEGIN")
        for table in TABLES:
            _fill(database, table, part)
        # What engines without SQLite's functions on arrays join by too.
        database.execute("CREATE TABLE pool_claims (pool TEXT REFERENCES pooled_estimates (pool), claim TEXT REFERENCES claims (claim))")
        pairs = ((pool.id, claim.id) for claim in part.evidence.claims.values() for pool in claim.pooled)
        database.executemany("INSERT INTO pool_claims VALUES (?, ?)", pairs)
        database.execute('CREATE TABLE data_dictionary ("table" TEXT, "column" TEXT, type TEXT, meaning TEXT, refers_to TEXT)')
        database.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?, ?)", dictionary(part.evidence.facts))
        for name, (_, select) in VIEWS.items():
            database.execute(f"CREATE VIEW {name} AS {' '.join(select.split())}")
        database.execute("COMMIT")
        # So that how the file grew leaves no trace.
        database.execute("VACUUM")
    written = json.dumps(_metadata(part), ensure_ascii=False, indent=2)
    (path / "metadata.json").write_text(written + "\n", encoding="utf-8", newline="\n")
    return {}


def _fill(database: Connection, table: Table, part: Part) -> None:
    """A table with its rows, and an index on each column by which it is joined. All names in it are of this package."""
    keys = {each.name: each.columns[0].name for each in TABLES}

    def declared(place: int, column: Column) -> str:
        key = " PRIMARY KEY NOT NULL" if table.key and place == 0 else ""
        refers = f' REFERENCES "{column.refers}" ("{keys[column.refers]}")' if column.refers else ""
        return f'"{column.name}" {_TYPES[column.kind]}{key}{refers}'

    columns = ", ".join(declared(place, column) for place, column in enumerate(table.columns))
    database.execute(f'CREATE TABLE "{table.name}" ({columns})')
    for column in table.columns:
        if column.refers:
            database.execute(f'CREATE INDEX "{table.name}_{column.name}" ON "{table.name}" ("{column.name}")')
    places = ", ".join("?" * len(table.columns))
    rows = ([_cell(value) for value in row] for row in table.rows(part))
    database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', rows)  # noqa: S608  # names of this package


def _cell(value: Any) -> Any:
    """A value as SQLite has it."""
    return (json.dumps(value, ensure_ascii=False) if value else None) if isinstance(value, list) else value


def _metadata(part: Part) -> dict[str, Any]:
    """What Datasette says of the database, its tables and their columns (https://docs.datasette.io/en/stable/metadata.html)."""
    facts, of = part.evidence.facts, part.dataset
    fields = {
        "title": of.title, "description": of.description, "license": of.licence_name, "license_url": of.licence, "source": of.citation,
        "source_url": of.address,
    }  # fmt: skip
    tables = {name: dict(entry) for name, entry in _described(facts)}
    return {
        **{name: value for name, value in fields.items() if value},
        "databases": {NAME: {"tables": tables, "queries": QUERIES}},
    }


def _described(facts: Facts) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for table in TABLES:
        columns = {column.name: meaning(column, facts) for column in table.columns}
        label = {"label_column": "label"} if "label" in columns else {}
        yield table.name, {"description": table.meaning, "columns": columns, **label}
    yield "pool_claims", {"description": "The claims that each pool serves."}
    yield "data_dictionary", {"description": "What each column means."}
    for name, (meaning_of, _) in VIEWS.items():
        yield name, {"description": meaning_of}


SQLITE = Format(
    "sqlite",
    "SQLite database with metadata for Datasette",
    "Datasette, DuckDB, R, pandas, DB Browser for SQLite, all that asks in SQL",
    "all that the CSV export has, as tables with keys; views that join claims with what bears on them, mechanisms with their steps, pools "
    "and votes, each with where the claim stands and how certain that is; what each table and column means, in the file and for Datasette",
    "what the CSV export loses",
    "",
    write_sqlite,
)
