"""SSSOM: validated by its command line, and the same rows when its package reads them."""

import csv
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from exported import Export
from hostile_texts import evidence_of, hostile_parts
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import ours, rows

import k2graph
from k2graph.exports import Part, export
from k2graph.exports.sssom import SSSOM

pytestmark = pytest.mark.slow

#: What pandas, with which the package reads, takes for no text.
NO_TEXT = {
    "",
    "NULL",
    "nan",
    "null",
    "NaN",
    "NA",
    "N/A",
    "n/a",
    "None",
    "<NA>",
    "-nan",
    "-NaN",
    "#N/A",
    "#NA",
    "#N/A N/A",
    "1.#IND",
    "1.#QNAN",
}


@pytest.fixture(scope="module")
def file(graph: k2graph.Graph, exported: Export) -> Path:
    path, left_out = exported("sssom")
    named = {row["entity"] for row in rows("identifiers")}
    assert left_out == {
        "claims, which are no mappings": len(evidence_of(graph).claims),
        "findings, which are no mappings": len(rows("findings")),
        "mechanisms, which are no mappings": len(rows("mechanisms")),
        "interactions, which are no mappings": len(rows("interactions")),
        "entities without an identifier elsewhere": len({row["entity"] for row in rows("entities")} - named),
    }
    return path


def validate(file: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "sssom.cli", "validate", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def read(file: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations between the package, pandas and linkml
        from sssom.parsers import parse_sssom_table

        return parse_sssom_table(str(file))


def test_the_validator_finds_no_fault(file: Path) -> None:
    assert validate(file) == (0, "")


def test_the_validator_finds_what_is_wrong(file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.sssom.tsv"
    wrong.write_text(file.read_text().replace("semapv:UnspecifiedMatching", "guessed"))
    assert validate(wrong) != (0, "")


def test_every_identifier_of_the_tables_comes_back(file: Path) -> None:
    back = read(file)
    found = {(row.subject_id, row.object_id, row.predicate_id) for row in back.df.itertuples()}
    assert found == {
        (f"k2graph.{ours('entity', row['entity'])}", row["identifier"], f"skos:{row['match']}Match") for row in rows("identifiers")
    }
    assert len(back.df) == len(rows("identifiers"))
    (mk7,) = (row for row in back.df.itertuples() if (row.subject_label, row.object_id) == ("MK-7", "CHEBI:44245"))
    assert (mk7.object_label, mk7.predicate_id) == ("menaquinone-7", "skos:exactMatch")
    assert back.converter.expand("CHEBI:44245") == "http://purl.obolibrary.org/obo/CHEBI_44245"
    assert back.converter.expand("k2graph.entity:mk-7") == "https://w3id.org/k2graph/entity/mk-7"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_labels_come_back_on_one_line(data: st.DataObject, some: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    part: Part = data.draw(hostile_parts(some))
    path = tmp_path_factory.mktemp("hostile") / "x.sssom.tsv"
    assume(export(part, SSSOM, path).size)  # of what a format has no words for nothing is written
    entities = {f"k2graph.{name}": entity for name, entity in part.evidence.entities.items()}
    lines = [line for line in path.read_bytes().decode().split("\n")[:-1] if not line.startswith("#")]
    table = list(csv.DictReader(lines, delimiter="\t"))
    assert len(table) == sum(len(entity.identifiers) for entity in entities.values())
    for row in table:
        assert row["subject_label"].split() == re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", entities[row["subject_id"]].label).split()
    if table:
        back = read(path).df
        assert list(back.object_id) == [row["object_id"] for row in table]
        for label, row in zip(back.get("subject_label", ()), table, strict=False):
            assert label == row["subject_label"] or row["subject_label"] in NO_TEXT
