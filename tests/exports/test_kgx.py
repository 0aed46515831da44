"""KGX: accepted by its validator with the released Biolink model, and all there again after it transformed the files."""

import csv
import importlib.resources
import json
import logging
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from exported import Export
from hostile_texts import evidence_of, hostile_parts, with_numbers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import Rows, ours, rows

import k2graph
from k2graph.exports import Part, export
from k2graph.exports.kgx import KGX

pytestmark = pytest.mark.slow

MODEL = importlib.resources.files("biolink_model") / "schema" / "biolink_model.yaml"
#: What a user of our files declares to KGX.
OUR_PREFIXES = {f"k2graph.{kind}": f"https://w3id.org/k2graph/{kind}/" for kind in ("entity", "claim", "report", "study", "finding")}


@pytest.fixture(scope="module")
def kgx() -> Iterator[Any]:
    """KGX with what it would fetch at import: the Biolink model and three contexts, from the `biolink-model` package."""
    model = yaml.safe_load(MODEL.read_text())
    prefixes = {**model["prefixes"]}
    for kind in model["classes"].values():
        prefixes |= {prefix: f"https://bioregistry.io/{prefix}:" for prefix in kind.get("id_prefixes") or [] if prefix not in prefixes}
    # One dictionary for all three contexts, as KGX keeps what it was given.
    answer = mock.Mock(text="predicate mappings: []", json=lambda: {"@context": {**prefixes, **OUR_PREFIXES}})
    with warnings.catch_warnings(), mock.patch("requests.get", return_value=answer):
        warnings.simplefilter("ignore")  # all of KGX's own dependencies: nothing here is ours
        from bmt import toolkit

        toolkit.Toolkit.__init__.__defaults__ = (str(MODEL), "unused")
        import kgx.transformer
        import kgx.validator

        logging.getLogger("KGX").setLevel(logging.ERROR)
        yield kgx


@pytest.fixture(scope="module")
def folder(exported: Export) -> Path:
    path, left_out = exported("kgx")
    assert left_out == {"mechanisms as chains of steps": len(rows("mechanisms"))}
    return path


@pytest.fixture(scope="module")
def folder_of_some(exported_some: Export) -> Path:
    """For KGX's own validator, which takes long; each kind of node and edge is there."""
    return exported_some("kgx").path


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def edges(folder: Path) -> dict[str, dict[str, Any]]:
    return {edge["id"]: edge for edge in lines(folder, "edges")}


def through(kgx: Any, folder: Path, form: str, target: Path, inspector: Any = None) -> None:
    """Transform with KGX, record by record."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas and tarfile as KGX calls them
        source = {"filename": [str(folder / f"{name}.{form}") for name in ("nodes", "edges")], "format": form}
        kgx.transformer.Transformer(stream=True).transform(source, {"filename": str(target), "format": "jsonl"}, inspector=inspector)


@pytest.mark.parametrize("form", ["jsonl", "tsv"])
def test_the_validator_finds_no_fault_and_all_comes_back(
    form: str, kgx: Any, folder_of_some: Path, tmp_path: Path, some: k2graph.Graph, some_rows: Rows
) -> None:
    kgx.validator.Validator._currently_active_toolkit = None
    validator = kgx.validator.Validator()
    assert validator.get_validation_model_version() == yaml.safe_load(MODEL.read_text())["version"]
    through(kgx, folder_of_some, form, tmp_path / "back", validator)
    assert validator.get_errors() == {}
    back = [json.loads(line) for line in (tmp_path / "back_edges.jsonl").read_text().splitlines()]
    evidence = evidence_of(some)
    kinds = Counter(edge["id"].partition(":")[0] for edge in back)
    relations = sum(len(entity.relations) for entity in evidence.entities.values())
    interactions = len(some_rows("interactions"))
    assert kinds == {"k2graph.claim": len(evidence.claims), "k2graph.interaction": interactions, "k2graph.relation": relations}
    nodes = [json.loads(line) for line in (tmp_path / "back_nodes.jsonl").read_text().splitlines()]
    assert (
        len({node["id"] for node in nodes})
        == len(nodes)
        == sum(len(some_rows(table)) for table in ("entities", "reports", "studies", "findings"))
    )
    results = Counter(edge["k2graph_result"] for edge in back if "k2graph_result" in edge)
    assert results == Counter(claim.standing.result.notation for claim in evidence.claims.values())
    negated = {edge["id"] for edge in back if edge.get("negated") is True}
    assert negated == {
        f"k2graph.{c.id}" for c in evidence.claims.values() if c.standing.result.notation in ("no-important-effect", "contrary")
    }
    # By hand: the hip of Cheung 2008 leaves out an important effect; what MK-7 does to deaths is open, and not denied.
    assert "k2graph.claim:vitamin-k1-level-hip-bone-mineral-density" in negated
    assert "k2graph.claim:mk-7-risk-all-cause-mortality" not in negated


def test_the_validator_finds_what_is_wrong(kgx: Any, folder_of_some: Path, tmp_path: Path) -> None:
    """That it would tell: one wrong predicate and one category."""
    for name in ("nodes", "edges"):
        text = (folder_of_some / f"{name}.jsonl").read_text()
        (tmp_path / f"{name}.jsonl").write_text(text.replace("biolink:part_of", "biolink:wrong_of").replace("biolink:Gene", "biolink:Gen"))
    validator = kgx.validator.Validator()
    through(kgx, tmp_path, "jsonl", tmp_path / "back", validator)
    assert set(validator.get_errors()["ERROR"]) == {"INVALID_EDGE_PREDICATE", "INVALID_CATEGORY"}


def test_without_our_prefixes_declared_they_are_all_that_it_finds(kgx: Any, folder_of_some: Path, tmp_path: Path) -> None:
    validator = kgx.validator.Validator()
    validator.prefixes = validator.prefixes - set(OUR_PREFIXES)
    through(kgx, folder_of_some, "jsonl", tmp_path / "back", validator)
    (level,) = validator.get_errors()
    assert set(validator.get_errors()[level]) == {"INVALID_NODE_PROPERTY_VALUE", "INVALID_EDGE_PROPERTY_VALUE"}
    messages = {message for kind in validator.get_errors()[level].values() for message in kind}
    assert all("CURIE prefix" in message and "k2graph." in message for message in messages)


def test_one_claim_is_as_the_tables_say(folder: Path) -> None:
    edge = edges(folder)["k2graph.claim:mk-7-level-dp-ucmgp"]
    assert (edge["subject"], edge["predicate"], edge["object"]) == ("CHEBI:44245", "biolink:affects", "MESH:C000727713")
    assert edge["qualified_predicate"] == "biolink:causes"
    assert (edge["object_aspect_qualifier"], edge["object_direction_qualifier"]) == ("abundance", "decreased")
    assert (edge["knowledge_level"], edge["negated"]) == ("knowledge_assertion", False)
    assert (edge["k2graph_tested_in"], edge["k2graph_result"], edge["k2graph_investigations"]) == ("human-trials", "consistent", 10)
    assert "k2graph.finding:theuwissen-2013-dpucmgp-null" in edge["k2graph_findings_open"]
    assert (edge["k2graph_certainty"], edge["k2graph_reached_by"], edge["k2graph_scope"]) == ("moderate", "counted", "nutrient-question")
    deaths = edges(folder)["k2graph.claim:mk-7-risk-all-cause-mortality"]
    assert (deaths["k2graph_standing"], deaths["k2graph_certainty"]) == ("not shown in human trials (1)", "very-low")
    assert (deaths["k2graph_supporting"], deaths["k2graph_leaving_open"], deaths["k2graph_excluding"]) == (0, 1, 0)
    assert (deaths["negated"], deaths["knowledge_level"]) == (False, "prediction")
    hip = edges(folder)["k2graph.claim:vitamin-k1-level-hip-bone-mineral-density"]
    assert (hip["negated"], hip["k2graph_findings_excludes"]) == (True, ["k2graph.finding:angelamcheung2008-2"])
    bleeding = edges(folder)["k2graph.claim:warfarin-risk-bleeding"]
    assert (bleeding["k2graph_result"], bleeding["k2graph_untested_because"], bleeding["negated"]) == ("untested", "established", False)
    findings = {node["id"]: node for node in lines(folder, "nodes")}
    (row,) = (row for row in rows("findings") if row["finding"] == "haruhikoyoshida2011-1")
    node = findings[f"k2graph.{ours('finding', 'haruhikoyoshida2011-1')}"]
    assert (node["k2graph_value"], node["k2graph_ci_low"], node["k2graph_ci_high"]) == (1.15, 0.843, 1.57)
    assert node["description"] == row["reported"]
    assert node["k2graph_publication"] == "DOI:10.1002/hep.24430"


def test_a_claim_has_its_certainty_with_each_step_and_the_risk_of_bias_behind_it(folder: Path) -> None:
    deaths = edges(folder)["k2graph.claim:mk-7-risk-all-cause-mortality"]
    assert deaths["k2graph_certainty_meaning"] == (
        "How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel."
    )
    # The working of each step is in tests/evidence/test_standings.py.
    assert deaths["k2graph_certainty_steps"] == [
        "risk-of-bias: 1 down, 0 of 1 at low risk of bias, 0 at high risk, 0 not appraised",
        "inconsistency: 0 down, one study, which nothing can be set beside",
        "indirectness: 1 down, all of it in one group: hospital patients",
        "imprecision: 2 down, 40 people; the interval holds important effects both ways",
        "publication: 0 down, one study; finished trials registered without results: 0",
    ]
    # Ten trials, from appraisals.tsv: Cochrane judged Dalmeijer 2012 at low risk overall; RenaKvit and Trevasc-HDK lost many (missing data
    # high); what is high of two others was judged of other outcomes; of the rest no trial is low in all five domains.
    risks = ("low", "some_concerns", "high", "cannot_be_read", "not_appraised")
    edge = edges(folder)["k2graph.claim:mk-7-level-dp-ucmgp"]
    assert [edge[f"k2graph_risk_of_bias_{risk}"] for risk in risks] == [1, 7, 2, 0, 0]
    # What was not tested in people is not graded.
    cells = edges(folder)["k2graph.claim:dhodh-activity-gamma-carboxylation"]
    assert cells["k2graph_certainty"] == "not-graded"
    assert not [name for name in cells if "risk_of_bias" in name or "steps" in name]


def test_a_study_has_its_results_its_reports_and_its_arms(folder: Path) -> None:
    nodes = {node["id"]: node for node in lines(folder, "nodes")}
    habu = nodes["k2graph.study:habu-2004"]
    # By hand from the tables: what investigators assigned is a trial.
    assert (habu["category"], habu["publications"]) == (["biolink:ClinicalTrial"], ["DOI:10.1001/jama.292.3.358"])
    assert nodes["k2graph.study:torgerson-2018"]["category"] == ["biolink:Study"]
    results = {ours("finding", row["finding"]) for row in rows("findings") if row["study"] == "habu-2004"}
    assert set(habu["has_study_results"]) == {f"k2graph.{each}" for each in results}
    assert [each.partition(": ")[0] for each in habu["k2graph_arms"]] == ["k2graph.arm:habu-2004-control", "k2graph.arm:habu-2004-k2"]
    finding = nodes["k2graph.finding:daikihabu2004-1"]
    assert finding["publications"] == ["DOI:10.1001/jama.292.3.358"]
    assert (finding["k2graph_study"], finding["k2graph_report"]) == (habu["id"], "k2graph.report:doi-10.1001-jama.292.3.358")
    assert (finding["k2graph_arm"], finding["k2graph_comparator_arm"]) == ("k2graph.arm:habu-2004-k2", "k2graph.arm:habu-2004-control")
    assert (finding["k2graph_dose"], finding["k2graph_participants"]) == ("45 mg a day", 40)
    # A paper with people, tissue and cells reports three studies.
    lacombe = nodes["k2graph.report:doi-10.1101-2022.05.13.491370"]
    assert set(lacombe["k2graph_studies"]) == {f"k2graph.study:lacombe-2022{part}" for part in ("", "-human-tissue", "-cells")}


def test_what_a_finding_says_of_each_arm_is_there(graph: k2graph.Graph, tmp_path: Path) -> None:
    """Habu 2004 as its report has it: 2 of 21 against 9 of 19; the mean is made up."""
    said = {"n1": 21, "events1": 2, "n2": 19, "events2": 9, "lowerQuartile1": 1.5, "lowerQuartile1Reported": "1.50"}
    KGX.write(Part(with_numbers(graph, "finding:daikihabu2004-1", said), graph, whole=False), tmp_path)
    node = {node["id"]: node for node in lines(tmp_path, "nodes")}["k2graph.finding:daikihabu2004-1"]
    names = ("n1", "events1", "n2", "events2", "lower_quartile1", "lower_quartile1_reported")
    assert [node[f"k2graph_{name}"] for name in names] == [21, 2, 19, 9, 1.5, "1.50"]


def test_what_is_not_shown_is_no_assertion(folder: Path) -> None:
    claims = [edge for edge in edges(folder).values() if "k2graph_result" in edge]
    asserted = {edge["k2graph_result"] for edge in claims if edge["knowledge_level"] == "knowledge_assertion"}
    assert asserted == {"consistent", "single"}
    # Only associations speak for it in the tier that its standing is of, whatever lower tiers show.
    associations = {f"k2graph.{ours('finding', row['finding'])}" for row in rows("findings") if row["direction"].endswith("association")}
    levels = {node["id"]: node["k2graph_level"] for node in lines(folder, "nodes") if "k2graph_level" in node}
    people = {name for name, level in levels.items() if level in ("people-followed", "people-observed")}
    checked = 0
    for edge in claims:
        if edge["k2graph_tested_in"] == "people-not-randomised":
            counted = set(edge.get("k2graph_findings_supports", ())) - set(edge.get("k2graph_findings_not_counted", ()))
            if counted & people <= associations:
                assert edge["knowledge_level"] == "prediction", edge["id"]
                checked += 1
    assert checked > 50


def test_retracted_publications_are_marked(folder: Path) -> None:
    retracted = {f"k2graph.{ours('report', row['report'])}" for row in rows("reports") if row["retraction"] == "retracted"}
    assert {node["id"] for node in lines(folder, "nodes") if node.get("k2graph_retraction") == "retracted"} >= retracted
    assert len(retracted) == sum(
        node["category"] == ["biolink:Publication"] and node.get("k2graph_retraction") == "retracted" for node in lines(folder, "nodes")
    )


def test_no_identifier_that_the_tables_do_not_have(folder: Path) -> None:
    given: dict[str, set[str]] = {"exact": set(), "close": set()}
    for row in rows("identifiers"):
        given[row["match"]].add(row["identifier"].replace("UNIPROT:", "UniProtKB:").replace("NCBIGENE:", "NCBIGene:"))
    entities = [node for node in lines(folder, "nodes") if "k2graph_entity" in node]
    written = {each for node in entities for each in (node["id"], *node.get("xref", ())) if not each.startswith("k2graph.")}
    assert written == given["exact"]
    assert {each for node in entities for each in node.get("k2graph_close_match", ())} == given["close"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_texts_come_back(data: st.DataObject, graph: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    part: Part = data.draw(hostile_parts(graph))
    path = tmp_path_factory.mktemp("hostile") / "x"
    assume(export(part, KGX, path).size)  # of what a format has no words for nothing is written
    evidence = part.evidence
    nodes = {node["k2graph_entity"]: node for node in lines(path, "nodes") if "k2graph_entity" in node}
    assert {name: (node["name"], node["description"]) for name, node in nodes.items()} == {
        name: (entity.label, entity.definition) for name, entity in evidence.entities.items()
    }
    found = {node["id"]: node for node in lines(path, "nodes")}
    for finding in evidence.findings.values():
        assert found[f"k2graph.{finding.id}"]["description"] == finding.reported
    for claim in evidence.claims.values():
        assert edges(path)[f"k2graph.{claim.id}"]["k2graph_label"] == claim.label
    # As KGX reads TSV: every text is there, with a space for each control character.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas on numpy
        import pandas

        for name in ("nodes", "edges"):
            frame = pandas.read_csv(path / f"{name}.tsv", sep="\t", quoting=3, dtype=str, keep_default_na=False, lineterminator="\n")
            assert list(frame["id"]) == [record["id"] for record in lines(path, name)]
            plain = [re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", record.get("name", "")) for record in lines(path, name)]
            assert name == "edges" or list(frame["name"]) == plain
    # Every record is one line with as many cells as the head has.
    for name in ("nodes", "edges"):
        text = (path / f"{name}.tsv").read_bytes().decode()
        table = list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
        assert len(table) == len(lines(path, name)) + 1
        assert {len(row) for row in table} == {len(table[0])}
