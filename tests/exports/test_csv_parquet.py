"""CSV and Parquet: Frictionless accepts the tables, DuckDB counts alike in both, and every text comes back as it was."""

import csv
import dataclasses
import json
import shutil
from itertools import cycle
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pytest
from exported import Export
from hostile_texts import NASTY, hostile, parts
from hypothesis import HealthCheck, given, settings
from project import ours, rows
from pyarrow import parquet

import k2graph
from k2graph.evidence import model as objects
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, find_format
from k2graph.exports.tabular.csv_parquet import TABLES
from k2graph.exports.tabular.table import Column
from k2graph.ontology import Vocabulary

pytestmark = pytest.mark.slow

ALL = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def folder(exported: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sheets")
    for name in ("csv", "parquet"):
        path, left_out = exported(name)
        assert left_out == {}
        (made / name).symlink_to(path)
    return made


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_frictionless_accepts_the_whole_graph(folder: Path) -> None:
    report = frictionless.validate(str(folder / "csv" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "type", "note"])[:5]
    assert {task.name for task in report.tasks} == {each.name for each in TABLES} | {"data_dictionary"}


def test_frictionless_would_notice_what_is_missing(folder: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(folder / "csv", tmp_path / "csv")
    lines = (broken / "entities.csv").read_bytes().split(b"\r\n")
    (broken / "entities.csv").write_bytes(b"\r\n".join(line for line in lines if not line.startswith(b"entity:mk-7,")))
    report = frictionless.validate(str(broken / "datapackage.json"))
    assert {found[0] for found in report.flatten(["type"])} == {"foreign-key"}


def test_as_many_rows_as_the_tables_that_it_was_built_from(folder: Path) -> None:
    for ours_, theirs in (
        ("entities", "entities"), ("identifiers", "identifiers"), ("entity_relations", "entity_relations"), ("findings", "findings"),
        ("reports", "reports"), ("studies", "studies"), ("arms", "arms"), ("groups", "groups"),
        ("mechanisms", "mechanisms"), ("steps", "mechanism_steps"), ("interactions", "interactions"),
        ("spreads", "spreads"), ("reference_intakes", "reference_intakes"), ("food_contents", "foods"), ("organisms", "organisms"),
        ("pharmacokinetics", "pharmacokinetics"), ("citation_checks", "citation_audit"),
        ("status_figures", "status_surveys"),
        ("searches", "searches"), ("left_out_records", "left_out"),
        ("unread_numbers", "not_readable"),
    ):  # fmt: skip
        assert len(table(folder, ours_)) == len(rows(theirs)), ours_
    claims = {row["claim"]: row for row in table(folder, "claims")}
    assert {name for name, row in claims.items() if row["implied_only"] == "false"} == {
        ours("claim", row["claim"]) for row in rows("claims")
    }


def test_values_as_the_tables_have_them(folder: Path) -> None:
    read = {row["finding"]: row for row in table(folder, "findings")}
    vocabulary = Vocabulary()
    for row in rows("findings"):
        got = read[ours("finding", row["finding"])]
        # A spelling that the scheme of units knows stands as its word.
        unit = vocabulary.word("units", row["unit"]) if row["unit"] else ""
        assert (got["direction"], got["unit"], got["conditions"]) == (row["direction"], unit, row["conditions"])
        assert [float(got[name]) if got[name] else None for name in ("value", "ci_low", "ci_high")] == [
            float(row[name]) if row[name] else None for name in ("value", "ci_low", "ci_high")
        ]
    retracted = {ours("report", row["report"]) for row in rows("reports") if row["retraction"] == "retracted"}
    assert {row["report"] for row in table(folder, "reports") if row["retraction"] == "retracted"} == retracted
    assert {row["report"] for row in read.values() if row["retraction"] == "retracted"} <= retracted
    claims = {row["claim"]: row for row in table(folder, "claims")}
    # By hand from the tables: one assay reported no effect, without a number; no row bears on BMP2 and calcification; an anchor does.
    dhodh = claims["claim:dhodh-activity-gamma-carboxylation"]
    assert (dhodh["standing"], dhodh["result"]) == ("not shown in cells and assays (1)", "not-shown")
    assert (dhodh["leaving_open"], dhodh["excluding"], dhodh["certainty"]) == ("1.0", "0.0", "not-graded")
    bmp2 = claims["claim:bmp2-level-vascular-calcification"]
    assert (bmp2["result"], bmp2["untested_because"], bmp2["scope"]) == ("untested", "established", "established")
    # Two of eight trials show it; of the six that tell their side all lie on the proposed one (tests/evidence/test_standings.py).
    calcium = claims["claim:vitamin-k-level-coronary-artery-calcification"]
    assert (calcium["result"], calcium["reached_by"], calcium["certainty"]) == ("not-shown", "counted", "low")
    votes = ("supporting", "leaving_open", "excluding", "contradicting", "on_proposed_side", "on_other_side")
    assert [float(calcium[name]) for name in votes] == [1, 6, 0, 0, 5, 0]
    bearings = {(row["claim"], row["finding"]): row["stance"] for row in table(folder, "bearings")}
    assert bearings["claim:vitamin-k1-level-hip-bone-mineral-density", "finding:angelamcheung2008-2"] == "excludes"
    mechanisms = {row["mechanism"]: row for row in table(folder, "mechanisms")}
    arteries = mechanisms["mechanism:mgp-calcification-events"]
    assert (arteries["verdict"], arteries["left_open"], arteries["stops"]) == ("not-shown", "3", "")
    assert arteries["decided_by"] == "claim:vitamin-k2-level-vascular-calcification"


def test_each_step_of_a_certainty_has_its_domain_and_its_reason(folder: Path) -> None:
    read = table(folder, "certainty")
    # The working of each step is in tests/evidence/test_standings.py: high, less 1, 1 and 2, is as low as it goes.
    deaths = [row for row in read if row.pop("claim") == "claim:mk-7-risk-all-cause-mortality"]
    assert {(row["tier"], row["certainty"]) for row in deaths} == {("human-trials", "very-low")}
    assert [(row["domain"], row["steps_down"], row["reason"]) for row in deaths] == [
        ("risk-of-bias", "1", "0 of 1 at low risk of bias, 0 at high risk, 0 not appraised"),
        ("inconsistency", "0", "one study, which nothing can be set beside"),
        ("indirectness", "1", "all of it in one group: hospital patients"),
        ("imprecision", "2", "40 people; the interval holds important effects both ways"),
        ("publication", "0", "one study; finished trials registered without results: 0"),
    ]
    # Each claim that was tested in people has five, and no other has any.
    claims = {row["claim"]: row for row in table(folder, "claims")}
    people = [name for name, row in claims.items() if row["tested_in"] in ("human-trials", "people-not-randomised")]
    assert sorted(row["claim"] for row in table(folder, "certainty")) == sorted(people * 5)


def test_what_certainty_is_stands_wherever_its_columns_are_described(folder: Path) -> None:
    meant = "How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel."
    told = {(row["table"], row["column"]): row["meaning"] for row in table(folder, "data_dictionary")}
    package = json.loads((folder / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    for name in ("claims", "certainty"):
        assert told[name, "certainty"].startswith(meant)
        (resource,) = [each for each in package["resources"] if each["name"] == name]
        (field,) = [each for each in resource["schema"]["fields"] if each["name"] == "certainty"]
        assert field["description"].startswith(meant)
        described = parquet.read_schema(folder / "parquet" / f"{name}.parquet").field("certainty").metadata[b"description"]
        assert described.decode().startswith(meant)


def test_a_vote_has_its_risk_of_bias_and_a_part_the_judgements_that_count(folder: Path, graph: k2graph.Graph, tmp_path: Path) -> None:
    risks = {
        row["investigation"]: row["risk_of_bias"]
        for row in table(folder, "votes")
        if (row["claim"], row["tier"]) == ("claim:mk-7-level-dp-ucmgp", "human-trials")
    }
    assert (risks["study:renakvit"], risks["study:dalmeijer-2012"], risks["study:visser-2024"]) == ("high", "low", "some-concerns")
    # Of Cheung 2008 on the density of the hip count the judgements of the whole study and of bone mineral density, not that of cancers.
    (tmp_path / "csv").mkdir()
    evidence = graph.evidence().only(["claim:vitamin-k1-level-hip-bone-mineral-density"])
    find_format("csv").write(Part(evidence, graph, whole=False), tmp_path / "csv")
    judged = {(row["study"], row["outcome"]) for row in table(tmp_path, "appraisals")}
    assert judged == {("study:cheung-2008", ""), ("study:cheung-2008", "entity:bone-mineral-density")}
    report = frictionless.validate(str(tmp_path / "csv" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "type", "note"])[:5]


def test_the_risk_of_bias_of_an_outcome_as_robvis_reads_it(folder: Path) -> None:
    read = table(folder, "risk_of_bias")
    columns = ["Study", "D1", "D2", "D3", "D4", "D5", "Overall", "Weight"]
    assert [*read[0]][:8] == columns
    # The four trials of hip BMD in findings.tsv, by hand from appraisals.tsv: of Cheung and Emaus what can be read of missing data does not
    # tell; the judgements of the Aarhus and the three-year trial on other outcomes (bone structure, arteries, fat) are not of this one.
    # Nobody judged any of them overall, or all five domains.
    nothing, some = "No information", "Some concerns"
    assert [[row[column] for column in columns] for row in read if row["outcome"] == "entity:hip-bone-mineral-density"] == [
        ["MK-7 in postmenopausal women with osteopenia (Aarhus)", nothing, nothing, "Low", "Low", nothing, some, "1"],
        ["Angela M Cheung, 2008", some, some, nothing, "Low", "Low", some, "1"],
        ["N Emaus, 2010", some, some, nothing, "Low", "Low", some, "1"],
        ["Three-year MK-7 trial in healthy postmenopausal women (VitaK, Maastricht)", nothing, nothing, nothing, "Low", some, some, "1"],
    ]
    assert {row[column] for row in read for column in columns[1:7]} == {"Low", some, "High", nothing}
    # robvis draws what has one name as one study.
    assert len({(row["outcome"], row["Study"]) for row in read}) == len(read)
    claims = {row["claim"]: row for row in table(folder, "claims")}
    assert {claims[claim]["tested_in"] for row in read for claim in json.loads(row["claims"])} == {"human-trials"}


def test_every_finding_has_the_key_of_its_report_its_study_and_its_arms(folder: Path) -> None:
    read = {row["finding"]: row for row in table(folder, "findings")}
    for row in rows("findings"):
        got = read[ours("finding", row["finding"])]
        assert (got["study"], got["report"]) == (ours("study", row["study"]), ours("report", row["report"]))
        assert [got["arm"], got["comparator_arm"]] == [row[each] and ours("arm", row[each]) for each in ("arm", "comparator_arm")]
    studies = {row["study"]: row for row in table(folder, "studies")}
    for row in rows("studies"):
        got = studies[ours("study", row["study"])]
        reports = sorted(ours("report", report) for report in row["reports"].split("|") if report)
        assert (json.loads(got["reports"] or "[]"), got["design"]) == (reports, row["design"])
        assert got["within"] == (row["within"] and ours("study", row["within"]))


def test_arms_as_the_tables_have_them(folder: Path) -> None:
    arms = {row["arm"]: row for row in table(folder, "arms")}
    for row in rows("arms"):
        got = arms[ours("arm", row["arm"])]
        assert (got["study"], got["dose_reported"], got["lasted_reported"]) == (ours("study", row["study"]), row["dose"], row["lasted"])
        assert json.loads(got["forms"] or "[]") == sorted(ours("entity", form) for form in row["forms"].split("|") if form)
    # 45 mg a day is 45,000 micrograms a day; 360 micrograms three times in seven days are 360 · 3 / 7.
    assert (float(arms["arm:habu-2004-k2"]["daily"]), arms["arm:habu-2004-k2"]["dose_unit"]) == (45_000, "mg")
    assert float(arms["arm:caluw-2014-mk7-360"]["daily"]) == pytest.approx(154.286, abs=0.001)
    assert (arms["arm:habu-2004-control"]["comparator_kind"], arms["arm:habu-2004-control"]["daily"]) == ("no treatment", "")
    findings = {row["finding"]: row for row in table(folder, "findings")}
    assert (findings["finding:daikihabu2004-1"]["dose"], findings["finding:daikihabu2004-1"]["n"]) == ("45 mg a day", "40")


_BOTH = ("read_csv('{folder}/csv/{name}.csv')", "'{folder}/parquet/{name}.parquet'")


def ask(folder: Path, query: str, **names: str) -> list[list[tuple[Any, ...]]]:
    """What DuckDB answers from the CSV files and from the Parquet files."""
    with duckdb.connect() as connection:
        return [
            connection.execute(query.format(**{each: place.format(folder=folder, name=name) for each, name in names.items()})).fetchall()
            for place in _BOTH
        ]


@pytest.mark.parametrize("name", [each.name for each in TABLES])
def test_duckdb_counts_as_many_rows_in_both(name: str, folder: Path) -> None:
    one, other = ask(folder, "SELECT count(*) FROM {table}", table=name)
    assert one == other == [(len(table(folder, name)),)]


def test_duckdb_answers_a_question_alike_from_both(folder: Path, evidence: Evidence) -> None:
    query = """SELECT result, count(DISTINCT claim), count(*) FILTER (counted) FROM {claims} AS claims
               JOIN {bearings} AS bearings USING (claim) WHERE investigations > 0 GROUP BY result ORDER BY result"""
    one, other = ask(folder, query, claims="claims", bearings="bearings")
    assert one == other
    expected: dict[str, list[int]] = {}
    for claim in evidence.claims.values():
        if claim.bearings and claim.standing.investigations:
            found = expected.setdefault(claim.standing.result.notation, [0, 0])
            found[0] += 1
            found[1] += sum(bearing.counted for bearing in claim.bearings)
    assert {row[0]: list(row[1:]) for row in one} == expected


def from_cell(column: Column, text: str) -> Any:
    """A cell of CSV as the data dictionary says to read it."""
    if text == "":
        return [] if column.kind == "texts" else None
    convert = {"text": lambda said: said.removeprefix("'"), "texts": json.loads, "boolean": json.loads, "integer": int, "number": float}
    return convert[column.kind](text)


def test_hostile_texts_come_back_as_they_were(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    @ALL
    @given(parts(some, some_evidence))
    def check(part: Part) -> None:
        for name in ("csv", "parquet"):
            (tmp_path / name).mkdir(exist_ok=True)
            find_format(name).write(part, tmp_path / name)
        csv.field_size_limit(10_000_000)
        for each in TABLES:
            expected = list(each.rows(part))
            with (tmp_path / "csv" / f"{each.name}.csv").open(encoding="utf-8", newline="") as file:
                _, *lines = csv.reader(file)
            assert not [cell for line in lines for cell in line if cell[:1] in {"=", "+", "@", "\t", "\r"}]
            assert [list(map(from_cell, each.columns, line)) for line in lines] == expected
            from_parquet = parquet.read_table(tmp_path / "parquet" / f"{each.name}.parquet").to_pylist()
            assert [list(row.values()) for row in from_parquet] == expected

    check()


def test_frictionless_and_duckdb_read_hostile_texts(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    claims = ["claim:mk-7-level-dp-ucmgp", "claim:bmp2-level-vascular-calcification"]
    # A NUL ends the text for readers that are written in C, so it is tried above and not here.
    part = Part(hostile(some_evidence.only(claims), cycle(text for text in NASTY if "\0" not in text)), some, whole=False)
    for name in ("csv", "parquet"):
        (tmp_path / name).mkdir()
        find_format(name).write(part, tmp_path / name)
    csv.field_size_limit(10_000_000)
    report = frictionless.validate(str(tmp_path / "csv" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "type", "note"])[:5]
    query = "SELECT finding, reported FROM {findings} ORDER BY finding"
    one, other = ask(tmp_path, query, findings="findings")
    assert other == sorted((finding.id, finding.reported or None) for finding in part.evidence.findings.values())
    assert [(finding, text and text.removeprefix("'")) for finding, text in one] == other


def test_nothing_of_the_evidence_is_without_a_column() -> None:
    told = {
        "entities": (objects.Entity, {"kind", "relations", "identifiers"}),
        "identifiers": (objects.Identifier, {"match_property"}),  # that of the word in `match`
        "claims": (objects.Claim, {"alternatives", "turning_points", "bearings", "pooled"}),
        "certainty": (objects.CertaintyStep, set()),
        "bearings": (objects.Bearing, set()),
        "turning_points": (objects.TurningPoint, set()),
        "pooled_estimates": (objects.Pooled, {"parts"}),
        "pooled_results": (objects.PooledResult, set()),
        "findings": (objects.Finding, {"effect_measure"}),  # it stands in `measure`, with its contrast
        "reports": (objects.Report, set()),
        "studies": (objects.Study, {"arms"}),
        "arms": (objects.Arm, set()),
        "mechanisms": (objects.Mechanism, {"steps"}),
        "steps": (objects.Step, set()),
        "interactions": (objects.Interaction, set()),
        "vocabulary": (objects.Word, set()),
    }
    columns = {each.name: {(column.path or column.name).split(".")[0] for column in each.columns} for each in TABLES}
    for name, (kind, elsewhere) in told.items():
        assert {each.name for each in dataclasses.fields(kind)} - columns[name] == elsewhere, name
