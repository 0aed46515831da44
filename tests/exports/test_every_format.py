"""What holds of every format alike: the same graph is the same bytes, and what was asked for is written, or nothing is."""

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from exported import Export
from project import Outcome, Run, ours, rows
from shared import Shared

import k2graph
from k2graph.exports import choose, export, find_format, formats

pytestmark = pytest.mark.slow

#: Two zones whose days are never the same.
_ZONES = {"Pacific/Kiritimati": 14, "Pacific/Niue": -11}
_SCRIPT = """
import sys
from pathlib import Path
import k2graph
from k2graph.exports import choose, export, find_format, formats
part = choose(k2graph.open(sys.argv[1]))
for name in formats():
    export(part, find_format(name), Path(sys.argv[2]) / name)
"""


def contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}


@pytest.fixture(scope="module")
def again(some_of_all: Path, shared: Shared) -> Path:
    """A graph in all formats, written by another process, whose sets have another order and whose day is another than here.

    It has some of everything: what is written in the order of a set has another order where there are two of it, as where there are many.
    """
    here = datetime.now().astimezone().date()
    zone = next(zone for zone, hours in _ZONES.items() if datetime.now(timezone(timedelta(hours=hours))).date() != here)

    def make(folder: Path) -> None:
        environment = {**_ENVIRONMENT, "PYTHONHASHSEED": "1", "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, some_of_all, folder], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    return shared.once("all-formats-again", make)


@pytest.mark.parametrize("name", formats())
def test_same_graph_same_bytes(name: str, exported_some: Export, again: Path) -> None:
    one, other = contents(exported_some(name).path), contents(again / name)
    assert one
    assert sorted(one) == sorted(other)
    assert [file for file in one if one[file] != other[file]] == []


@pytest.mark.parametrize("name", formats())
def test_a_part_is_smaller_than_the_whole(name: str, some: k2graph.Graph, exported_some: Export, tmp_path: Path) -> None:
    export(choose(some, mechanism="mgp-calcification-events"), find_format(name), tmp_path / "part")
    whole, part = (sum(map(len, contents(path).values())) for path in (exported_some(name).path, tmp_path / "part"))
    assert 0 < part < whole


#: Formats that name claims in plain bytes, so that what is there can be seen without a reader.
_NAMING = (
    "csv", "cx2", "dagitty", "dot", "gexf", "graphml", "jsonld", "mermaid", "neo4j", "ntriples", "owl", "rdfxml", "sif", "trig", "turtle",
    "turtle-star",
)  # fmt: skip
#: Formats of mechanisms, of which a claim or a report alone has none; tests/exports/test_mechanisms.py has what they say of certainty.
_OF_MECHANISMS = ("dagitty", "dot", "mermaid")


@pytest.mark.parametrize("name", _NAMING)
def test_a_part_has_its_own_claims_and_no_others(name: str, tmp_path: Path, run: Run) -> None:
    assert run("export", name, "--mechanism", "mgp-calcification-events", "--output", tmp_path / "part").code == 0
    part = b"".join(contents(tmp_path / "part").values())
    steps = {row["claim"] for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"}
    assert [step for step in steps if step.encode() not in part] == []
    # Written down in no step of it.
    assert b"mk-7-level-dp-ucmgp" not in part


#: Formats in which no certainty stands (references, mappings of things, findings alone), and one that packs its texts.
_NOT_GRADED = ("bel", "bibtex", "csl-json", "parquet", "ris", "sssom", "wikidata")


@pytest.mark.parametrize("name", [name for name in formats() if name not in (*_NOT_GRADED, *_OF_MECHANISMS)])
def test_wherever_certainty_stands_it_is_told_that_no_panel_judged_it(name: str, tmp_path: Path, run: Run) -> None:
    assert run("export", name, "--about", "claim:mk-7-risk-all-cause-mortality", "--output", tmp_path / "part").code == 0
    part = b"".join(contents(tmp_path / "part").values())
    assert b"How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel." in part


#: What has no report is no reference, no citation, and nothing to say in Wikidata.
_NOT_UNTESTED = ("analysis", "bel", "bibtex", "csl-json", "ris", "wikidata", *_OF_MECHANISMS)


@pytest.mark.parametrize("name", formats())
def test_a_claim_that_nobody_tested_can_be_written_alone(name: str, tmp_path: Path, run: Run) -> None:
    claim = "bmp2-level-vascular-calcification"
    assert claim in {row["claim"] for row in rows("claims")}
    done = run("export", name, "--about", ours("claim", claim), "--output", tmp_path / "part")
    assert _is_written(name, tmp_path / "part", done) == (name not in _NOT_UNTESTED)


#: What holds no report by itself: networks, mappings and concepts of things, and statements of claims and findings.
_NOT_A_REPORT = (
    "analysis", "bel", "cx2", "gexf", "graphml", "nanopub", "review", "sif", "skos", "sssom", "va-spec", "wikidata", *_OF_MECHANISMS,
)  # fmt: skip
#: What writes no bytes in which an address could be seen.
_PACKED = ("parquet",)


@pytest.mark.parametrize("name", formats())
def test_a_report_that_bears_on_no_claim_is_in_what_is_about_it(name: str, tmp_path: Path, run: Run) -> None:
    report = "doi-10.1001-jamainternmed.2018.1127"
    assert not {row["report"] for row in rows("findings")} & {"DOI:10.1001/jamainternmed.2018.1127"}
    done = run("export", name, "--about", f"report:{report}", "--output", tmp_path / "part")
    assert _is_written(name, tmp_path / "part", done) == (name not in _NOT_A_REPORT)
    if done.code == 0 and name not in _PACKED:
        assert any(b"jamainternmed.2018.1127" in content for content in contents(tmp_path / "part").values())


def test_every_study_can_be_had_with_its_references(graph: k2graph.Graph, tmp_path: Path) -> None:
    whole = choose(graph)
    for name in whole.evidence.studies:
        part = whole.evidence.only(whole.evidence.about("study", name), {name})
        assert name in part.studies
        assert set(whole.evidence.studies[name].reports) <= set(part.reports)
        assert {finding.id for finding in part.findings_of.get(name, ())} == {
            finding.id for finding in whole.evidence.findings_of.get(name, ())
        }


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("triples", ["", "<http://e/a> a <http://e/K> ."], ids=["empty", "of others"])
def test_of_a_graph_with_nothing_of_ours_nothing_is_written(name: str, triples: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "other.ttl").write_text(triples)
    done = run("export", name, "--data", tmp_path / "other.ttl", "--output", tmp_path / "written")
    # Triples are triples, of whatever vocabulary.
    as_they_are = name in ("jsonld", "ntriples", "owl", "rdfxml", "ro-crate", "trig", "turtle", "turtle-star")
    assert _is_written(name, tmp_path / "written", done) == (as_they_are and triples != "")


def test_what_there_is_nothing_of_leaves_what_was_there(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.ris").write_text("mine")
    done = run("export", "ris", "--about", ours("claim", "bmp2-level-vascular-calcification"), "--output", tmp_path / "mine.ris")
    assert (done.code, (tmp_path / "mine.ris").read_text()) == (1, "mine")


def _is_written(name: str, path: Path, done: Outcome) -> bool:
    """Whether it was written; if not, that it says so in a sentence and ends with 1."""
    assert done.out == ""
    if done.code == 0:
        assert any(contents(path).values())
        return True
    assert (done.code, path.exists()) == (1, False)
    assert done.err.startswith(f"k2graph: there is nothing for {name} in ")
    assert done.err.splitlines()[0].endswith("; no file was written")
    return False


@pytest.mark.parametrize("table", ["nodes", "edges"])
def test_a_table_without_rows_has_its_header(table: str, tmp_path: Path, run: Run) -> None:
    assert run("export", "kgx", "--about", "report:doi-10.1001-jamainternmed.2018.1127", "--output", tmp_path / "part").code == 0
    head = (tmp_path / "part" / f"{table}.tsv").read_text(encoding="utf-8").split("\n")[0].split("\t")
    assert set(head) >= ({"id", "category", "name"} if table == "nodes" else {"id", "subject", "predicate", "object", "negated"})


#: Of ours and of others, and nothing of it complete.
INCOMPLETE = """
@prefix k2g: <https://w3id.org/k2graph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://e.org/Cat> a owl:Class .
<http://e.org/concept> a skos:Concept .
<https://w3id.org/k2graph/claim/x> a k2g:Claim .
<https://w3id.org/k2graph/finding/f> a k2g:Finding ; k2g:report <https://w3id.org/k2graph/report/r> .
"""
TRIPLES = ("jsonld", "ntriples", "owl", "rdfxml", "trig", "turtle")


@pytest.mark.parametrize("name", [*TRIPLES, "ro-crate"])
def test_a_graph_that_is_not_complete_is_written_as_triples(name: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "theirs.ttl").write_text(INCOMPLETE)
    output = tmp_path / f"x{find_format(name).suffix}"
    assert run("export", name, "--data", tmp_path / "theirs.ttl", "--output", output).code == 0
    if name in TRIPLES and name != "owl":  # which adds what OWL asks for
        given, written = (set(k2graph.open(path).triples()) for path in (tmp_path / "theirs.ttl", output))
        assert given == written
    done = run("export", name, "--data", tmp_path / "theirs.ttl", "--output", output, "--about", "claim:x")
    assert (done.code, "claim:x is not complete" in done.err) == (2, True)


@pytest.mark.parametrize("name", ["kgx", "skos"])
def test_classes_and_concepts_of_others_need_nothing(name: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "theirs.ttl").write_text(INCOMPLETE.partition("<https://w3id.org/k2graph/claim/x>")[0])
    assert run("export", name, "--data", tmp_path / "theirs.ttl", "--output", tmp_path / "x").code == 1


def test_owl_is_read_back(exported_some: Export, tmp_path: Path, run: Run) -> None:
    done = run("export", "ntriples", "--data", exported_some("owl").path, "--output", tmp_path / "x.nt")
    assert done.code == 0, done.err


def test_what_includes_nothing_more_refuses_to(tmp_path: Path, run: Run) -> None:
    for name in formats():
        done = run("export", name, "--include", "contested", "--output", tmp_path / name, "--about", "claim:mk-7-level-dp-ucmgp")
        refused = find_format(name).includes is None
        assert (
            done.err == f"k2graph: --include: {name} leaves nothing out for its result or its retraction; write it without\n"
        ) == refused


def test_a_turtle_of_others_has_no_headings_of_ours(tmp_path: Path, run: Run) -> None:
    (tmp_path / "theirs.ttl").write_text(INCOMPLETE)
    assert run("export", "turtle", "--data", tmp_path / "theirs.ttl", "--output", tmp_path / "x.ttl").code == 0
    headings = [line for line in (tmp_path / "x.ttl").read_text().splitlines() if line.startswith("#")]
    assert headings == ["# Findings", "# Claims"]
