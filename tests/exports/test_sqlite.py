"""The SQLite file: its keys hold, texts are as they were, views have each result with how the claim stands, and Datasette knows it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from exported import Export
from hostile_texts import NASTY, hostile
from project import ours, rows

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, find_format
from k2graph.exports.sqlite import QUERIES, VIEWS
from k2graph.exports.tabular.csv_parquet import TABLES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database(exported: Export) -> Iterator[sqlite3.Connection]:
    path, left_out = exported("sqlite")
    assert left_out == {}
    with closing(sqlite3.connect(f"file:{path / 'k2graph.db'}?mode=ro", uri=True)) as opened:
        yield opened


def ask(database: sqlite3.Connection, query: str, *values: str, **named: str) -> list[Any]:
    return database.execute(query, named or values).fetchall()


def test_the_file_is_sound_and_every_key_leads_somewhere(database: sqlite3.Connection) -> None:
    assert ask(database, "PRAGMA integrity_check") == [("ok",)]
    assert ask(database, "PRAGMA foreign_key_check") == []
    assert len(ask(database, "PRAGMA foreign_key_list(findings)")) >= 6


def test_as_many_rows_as_the_tables_that_it_was_built_from(database: sqlite3.Connection) -> None:
    for name, table in (("entities", "entities"), ("findings", "findings"), ("reports", "reports"), ("steps", "mechanism_steps")):
        assert ask(database, f"SELECT COUNT(*) FROM {name}") == [(len(rows(table)),)]
    written = {ours("claim", row["claim"]) for row in rows("claims")}
    assert {name for (name,) in ask(database, "SELECT claim FROM claims WHERE implied_only = 0")} == written


def test_values_have_their_kinds(database: sqlite3.Connection) -> None:
    # By hand from findings.tsv: -0.38 (-0.74 to -0.02) m/s, p 0.040.
    found = "SELECT value, ci_low, ci_high, unit, p_value_reported, typeof(n), typeof(is_ratio) FROM findings WHERE finding = ?"
    assert ask(database, found, "finding:marjohjknapen2015-1") == [(-0.38, -0.74, -0.02, "m/s", "0.040", "integer", "integer")]
    # Several texts are an array, and what is not said is NULL.
    names = "SELECT each.value FROM entities, json_each(synonyms) AS each WHERE entity = ?"
    assert ("menaquinone-7",) in ask(database, names, "entity:mk-7")
    assert ask(database, "SELECT COUNT(*) FROM findings WHERE value = '' OR unit = ''") == [(0,)]


def test_each_view_has_with_every_result_how_the_claim_stands(database: sqlite3.Connection, evidence: Evidence) -> None:
    for view in VIEWS:
        found = ask(database, f"SELECT claim, standing, result, tested_in, certainty FROM {view}")
        assert found
        for claim, *told in found:
            standing = evidence.claims[claim].standing
            assert told == [standing.label, standing.result.notation, standing.tier.notation, standing.certainty.notation]
    for _, *told in ask(database, "SELECT claim, reach, reach_standing, reach_result, reach_certainty FROM chains"):
        assert None not in told


def test_views_lose_nothing_of_what_they_join(database: sqlite3.Connection, evidence: Evidence) -> None:
    claims = evidence.claims.values()
    expected = {
        "claims_in_words": len(claims),
        "evidence": sum(len(claim.bearings) for claim in claims),
        "chains": len(rows("mechanism_steps")),
        "pools": sum(len(claim.pooled) for claim in claims),
    }
    assert {view: ask(database, f"SELECT COUNT(*) FROM {view}")[0][0] for view in expected} == expected
    counted = ask(database, "SELECT COUNT(*) FROM evidence WHERE counted = 1")
    assert counted == [(sum(bearing.counted for claim in claims for bearing in claim.bearings),)]
    assert {stance for (stance,) in ask(database, "SELECT DISTINCT stance FROM evidence")} >= {
        "supports",
        "open",
        "excludes",
        "contradicts",
    }


def test_datasette_is_told_of_every_table_and_offers_queries_that_answer(exported: Export, database: sqlite3.Connection) -> None:
    told = json.loads((exported("sqlite").path / "metadata.json").read_bytes())
    assert (told["title"], told["license"]) == ("k2graph", "CC-BY-4.0")
    ours_ = told["databases"]["k2graph"]
    there = {name for (name,) in ask(database, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
    assert set(ours_["tables"]) == there == {*(table.name for table in TABLES), *VIEWS, "pool_claims", "data_dictionary"}
    for table in TABLES:
        columns = {row[1] for row in ask(database, f"PRAGMA table_info({table.name})")}
        assert set(ours_["tables"][table.name]["columns"]) == columns
    assert "no judgement of a panel" in ours_["tables"]["claims"]["columns"]["certainty"]
    assert ours_["queries"] == QUERIES
    # One trial tells of it, and another that is not counted.
    found = ask(database, QUERIES["evidence-for-claim"]["sql"], claim="claim:mk-7-risk-all-cause-mortality")
    assert [row[2] for row in found] == ["not shown in human trials (1)"] * len(found)
    assert found[0][7] == 1
    assert ask(database, QUERIES["claims-about"]["sql"], name="dp-ucMGP")


def test_pandas_reads_a_view(database: sqlite3.Connection) -> None:
    import pandas

    pools = pandas.read_sql_query("SELECT * FROM pools", database)
    assert set(pools["result"]) == {"contested", "not-shown"}
    assert pools["value"].dtype == "float64"


def test_hostile_texts_come_back_as_they_were(graph: k2graph.Graph, evidence: Evidence, tmp_path: Path) -> None:
    part = hostile(evidence.only(["claim:mk-7-level-arterial-stiffness", "claim:mk-7-risk-all-cause-mortality"]), cycle(NASTY))
    find_format("sqlite").write(Part(part, graph, whole=False), tmp_path)
    with closing(sqlite3.connect(tmp_path / "k2graph.db")) as opened:
        assert ask(opened, "PRAGMA foreign_key_check") == []
        labels = dict(ask(opened, "SELECT entity, label FROM entities"))
        synonyms = dict(ask(opened, "SELECT entity, synonyms FROM entities"))
    assert labels == {name: each.label or None for name, each in part.entities.items()}
    assert {name: tuple(json.loads(texts)) for name, texts in synonyms.items()} == {
        name: each.synonyms for name, each in part.entities.items()
    }
