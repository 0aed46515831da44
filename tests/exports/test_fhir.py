"""FHIR R5: every resource accepted by the `fhir.resources` models, every reference met, every standing there."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from exported import Export
from hostile_texts import evidence_of, hostile_parts, with_numbers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import Rows, ours
from pydantic import ValidationError

import k2graph
from k2graph.exports import Part, export
from k2graph.exports.fhir import FHIR
from k2graph.exports.fhir_parts import text_of
from k2graph.iris import expand

pytestmark = pytest.mark.slow

Json = dict[str, Any]


@pytest.fixture(scope="module")
def file(exported_some: Export, some_rows: Rows) -> Path:
    path, left_out = exported_some("fhir")
    assert left_out == {
        "interactions": len(some_rows("interactions")),
        "mechanisms as chains of steps": len(some_rows("mechanisms")),
    }
    return path


@pytest.fixture(scope="module")
def resources(file: Path) -> dict[str, Json]:
    return {entry["fullUrl"]: entry["resource"] for entry in json.loads(file.read_bytes())["entry"]}


def read(content: bytes) -> Any:
    from fhir.resources import get_fhir_model_class

    return get_fhir_model_class("Bundle").model_validate_json(content)


def test_the_models_accept_the_bundle_and_lose_nothing(file: Path, some: k2graph.Graph, some_rows: Rows) -> None:
    bundle = read(file.read_bytes())
    evidence = evidence_of(some)
    assert Counter(entry.resource.get_resource_type() for entry in bundle.entry) == {
        "EvidenceVariable": len(some_rows("entities")),
        "Citation": len(some_rows("reports")),
        "ResearchStudy": len(some_rows("studies")),
        "Evidence": len(some_rows("findings")) + len(evidence.claims),
        "ArtifactAssessment": len(some_rows("appraisals")),
    }
    assert json.loads(bundle.model_dump_json(), parse_float=Decimal) == json.loads(file.read_bytes(), parse_float=Decimal)


@pytest.mark.parametrize("wrong", [{"status": ""}, {"standing": "null"}, {"variableDefinition": None}])
def test_the_models_refuse_what_is_wrong(wrong: Json, file: Path) -> None:
    entry = json.loads(file.read_bytes())["entry"][-1]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}
    assert read(json.dumps(bundle).encode()).entry[0].fullUrl == entry["fullUrl"]
    entry["resource"] |= wrong
    with pytest.raises(ValidationError):
        read(json.dumps(bundle).encode())


def references(of: Any) -> set[str]:
    if isinstance(of, dict):
        own = {of["reference"]} if isinstance(of.get("reference"), str) else set()
        return own.union(*map(references, of.values()))
    return set().union(*map(references, of)) if isinstance(of, list) else set()


def test_every_reference_is_met_and_every_id_is_one(resources: dict[str, Json]) -> None:
    assert references(list(resources.values())) <= set(resources)
    ids = [(each["resourceType"], each["id"]) for each in resources.values()]
    assert len(set(ids)) == len(ids)
    # The models let any text pass for an id; FHIR does not.
    assert [each for _, each in ids if not re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", each)] == []


def test_every_claim_is_asserted_with_its_standing(resources: dict[str, Json], some: k2graph.Graph) -> None:
    for name, claim in evidence_of(some).claims.items():
        each = resources[expand(name)]
        assert each["assertion"] == f"{claim.label}: {claim.standing.label}"
        standing, *graded = each["certainty"]
        assert (standing["type"]["text"], standing["description"]) == ("standing", claim.standing.label)
        assert standing["rating"]["coding"][0]["code"] == f"result-{claim.standing.result.notation}"
        # What was tested in people is graded, in five domains; the rest is not.
        assert len(graded) == int(claim.standing.tier.notation in {"human-trials", "people-not-randomised"})
        for certainty in graded:
            ours_, theirs = certainty["rating"]["coding"]
            assert ours_["code"] == f"certainty-{claim.standing.certainty.notation}"
            assert theirs == {"system": "http://terminology.hl7.org/CodeSystem/certainty-rating", "code": claim.standing.certainty.notation}
            assert len(certainty["subcomponent"]) == 5
        assert len(each.get("relatedArtifact", ())) == len(claim.bearings)


def test_one_claim_is_as_the_tables_say(resources: dict[str, Json], some_rows: Rows) -> None:
    each = resources[expand("claim:mk-7-level-dp-ucmgp")]
    assert each["assertion"] == "MK-7 lowers dp-ucMGP: consistent in human trials (10)"
    said = {part["type"]["text"]: part.get("description") for part in each["certainty"][0]["subcomponent"]}
    votes = ("investigations", "supporting", "leaving open", "leaving out an important effect", "contradicting")
    assert [said[name] for name in votes] == ["10", "10", "0", "0", "0"]
    certainty = each["certainty"][1]
    assert (certainty["rating"]["text"], certainty["description"]) == (
        "moderate",
        "How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel.",
    )
    domains = {part["type"]["coding"][0]["code"]: part["description"] for part in certainty["subcomponent"]}
    assert domains == {
        "RiskOfBias": "1 down: 1 of 10 at low risk of bias, 2 at high risk, 0 not appraised",
        "Inconsistency": "0 down: together they are consistent",
        "Indirectness": "0 down: neither from one special group alone, nor mostly through inverse markers, nor only through narrower"
        " outcomes; a surrogate or marker was measured, nothing that people notice",
        "Imprecision": "0 down: 942 people",
        "PublicationBias": "0 down: not all from one research group that is known; finished trials registered without results: 0",
    }
    stances = {of["resourceReference"]["reference"]: of["display"] for of in each["relatedArtifact"]}
    assert stances[expand("finding:theuwissen-2013-dpucmgp-null")] == "leaves it open; counted"
    assert stances[expand("finding:rogiercaluw2014-1")] == "supports; not counted"
    # Of its two trials with an interval no pool is made; of three on arterial stiffness one is.
    assert "statistic" not in each
    (pooled,) = resources[expand("claim:mk-7-level-arterial-stiffness")]["statistic"]
    assert (pooled["quantity"], pooled["sampleSize"]) == ({"value": -0.31592, "unit": "m/s"}, {"numberOfStudies": 3})
    told = {estimate["type"]["text"]: estimate for estimate in pooled["attributeEstimate"]}
    assert told["95% prediction interval"]["range"]["low"] == {"value": -0.79161, "unit": "m/s"}
    assert (told["Tau-squared"]["quantity"], told["Cochran's Q"]["quantity"]) == ({"value": 0}, {"value": 2.75})
    mk7 = resources[expand("entity:mk-7")]
    assert {"system": "http://purl.obolibrary.org/obo/CHEBI_", "value": "44245"} in mk7["identifier"]
    assert len(mk7["identifier"]) == sum(row["entity"] == "mk-7" and row["match"] == "exact" for row in some_rows("identifiers"))


def test_a_finding_of_no_significant_effect_has_its_numbers(resources: dict[str, Json], some_rows: Rows) -> None:
    each = resources[expand(ours("finding", "haruhikoyoshida2011-1"))]
    (row,) = (row for row in some_rows("findings") if row["finding"] == "haruhikoyoshida2011-1")
    assert row["direction"] == "no-effect"
    assert ": no effect: " in each["assertion"]
    (number,) = each["statistic"]
    assert (number["description"], number["quantity"]["value"]) == ("no effect", 1.15)
    interval, p = number["attributeEstimate"]
    assert (interval["range"]["low"]["value"], interval["range"]["high"]["value"]) == (0.843, 1.57)
    assert p["description"] == row["p_value"]
    report = resources[each["citeAsReference"]["reference"]]
    assert {"system": "https://doi.org", "value": "10.1002/hep.24430"} in report["citedArtifact"]["identifier"]
    (study,) = [resources[of["resourceReference"]["reference"]] for of in each["relatedArtifact"]]
    assert (study["url"], study["result"]) == (
        expand("study:yoshida-2011"),
        [{"reference": report["url"]}, {"reference": expand("report:nct00165633")}],
    )
    assert number["sampleSize"]["numberOfParticipants"] == study["recruitment"]["actualNumber"] == 548


def test_a_study_has_its_design_and_its_arms(resources: dict[str, Json], some_rows: Rows) -> None:
    habu = resources[expand("study:habu-2004")]
    assert [code["code"] for code in habu["studyDesign"][0]["coding"]] == ["design-rct", "RCT"]
    assert (habu["region"], habu["description"]) == ([{"text": "Japan"}], "women with viral liver cirrhosis")
    groups = {group["linkId"]: group for group in habu["comparisonGroup"]}
    assert set(groups) == {"a-habu-2004-k2", "a-habu-2004-control"}
    assert groups["a-habu-2004-k2"]["intendedExposure"] == [{"reference": expand("entity:vitamin-k2")}]
    control = groups["a-habu-2004-control"]
    assert control["type"]["coding"][1] == {"system": "http://hl7.org/fhir/research-study-arm-type", "code": "no-intervention"}
    assert "intendedExposure" not in control
    groups_of = {name: len(each.get("comparisonGroup", ())) for name, each in resources.items() if each["resourceType"] == "ResearchStudy"}
    arms = Counter(expand(ours("study", row["study"])) for row in some_rows("arms"))
    assert {name: count for name, count in groups_of.items() if count} == arms


def test_a_judgement_of_the_risk_of_bias_is_an_assessment_of_the_study(resources: dict[str, Json]) -> None:
    # The row of appraisals.tsv: two readers, who saw it differently before they agreed.
    each = resources[expand("appraisal:aarhus-mk7-osteopenia-bone-microarchitec-8624e94c")]
    assert each["meta"]["profile"] == ["http://hl7.org/fhir/uv/ebm/StructureDefinition/risk-of-bias"]
    assert resources[each["artifactReference"]["reference"]]["resourceType"] == "ResearchStudy"
    assert each["artifactReference"]["reference"] == expand("study:aarhus-mk7-osteopenia")
    rating, tool = each["content"]
    assert rating["path"] == [expand("entity:bone-microarchitecture")]
    sevco = "https://fevir.net/sevco"
    assert [code["code"] for code in rating["type"]["coding"]] == ["bias-selective-reporting", "SEVCO:00024"]
    (judged,) = rating["classifier"]
    assert (judged["text"], judged["coding"][1]) == ("some concerns", {"system": sevco, "code": "SEVCO:00187"})
    assert rating["summary"].startswith("no plan was found: the record NCT01922804 was not among the pages")
    assert rating["author"] == {"display": "readers of this graph"}
    readings = {part["type"]["text"]: part["classifier"][0]["text"] for part in rating["component"]}
    assert readings == {"first reading": "cannot be read", "second reading": "some concerns"}
    assert rating["relatedArtifact"][0] == {"type": "documentation", "document": {"url": "https://pubmed.ncbi.nlm.nih.gov/27625301/"}}
    assert tool["classifier"] == [{"text": "domains of RoB 2, from abstract, registry record or tables"}]


def test_a_judgement_of_others_has_their_words_and_their_report(resources: dict[str, Json]) -> None:
    assessments = [each for each in resources.values() if each["resourceType"] == "ArtifactAssessment"]
    of = {(each["artifactReference"]["reference"], each["content"][0]["type"]["text"]): each["content"][0] for each in assessments}
    # A Cochrane review of 2010 on a trial of 1989: high risk for want of a placebo; it judged the study, not one outcome.
    blinding = of[expand("study:kazzi-1989"), "blinding"]
    assert ([each["text"] for each in blinding["classifier"]], blinding["author"]) == (
        ["high risk", "High risk"],
        {"display": "PMID:20091505"},
    )
    assert {"path", "component"}.isdisjoint(blinding)
    cited, *_ = blinding["relatedArtifact"]
    assert resources[cited["resourceReference"]["reference"]]["citedArtifact"]["identifier"][0]["value"] == "20091505"
    # A review without words for how much risk: what it prints stands alone.
    overall = of[expand("study:cheung-2008"), "overall"]
    assert overall["classifier"] == [{"text": "The methodological quality of the ECKO trial was good"}]
    assert overall["type"]["coding"][1]["code"] == "RiskOfBias"


def test_what_a_finding_says_of_each_arm_is_a_statistic_of_it(some: k2graph.Graph, tmp_path: Path) -> None:
    """Habu 2004 as its report has it: 2 of 21 against 9 of 19. The other numbers are made up."""
    said = {
        "n1": 21, "events1": 2, "n2": 19, "events2": 9, "mean1": 1.5, "mean1Reported": "1.50", "sd1": 0.25,
        "median2": 2, "lowerQuartile2": 1, "upperQuartile2": 4,
    }  # fmt: skip
    evidence = with_numbers(some, "finding:daikihabu2004-1", said)
    (tmp_path / "x.json").touch()
    FHIR.write(Part(evidence, some, whole=False), tmp_path / "x.json")
    bundle = json.loads((tmp_path / "x.json").read_bytes(), parse_float=str)
    assert len(read((tmp_path / "x.json").read_bytes()).entry) == len(bundle["entry"])
    (finding,) = [entry["resource"] for entry in bundle["entry"] if entry["fullUrl"] == expand("finding:daikihabu2004-1")]
    _, arm, comparator = finding["statistic"]
    assert (arm["sampleSize"], arm["numberOfEvents"]) == ({"numberOfParticipants": 21}, 2)
    assert (comparator["sampleSize"], comparator["numberOfEvents"]) == ({"numberOfParticipants": 19}, 9)
    assert (arm["statisticType"], arm["quantity"]) == ({"text": "mean"}, {"value": "1.50"})
    assert arm["attributeEstimate"] == [{"type": {"text": "standard deviation"}, "quantity": {"value": "0.25"}}]
    assert (comparator["statisticType"], comparator["quantity"]) == ({"text": "median"}, {"value": 2})
    (quartiles,) = comparator["attributeEstimate"]
    assert (quartiles["type"]["text"], quartiles["range"]) == ("interquartile range", {"low": {"value": 1}, "high": {"value": 4}})
    assert [one["description"].split(": ")[-1] for one in (arm, comparator)] == ["vitamin K2, 45 mg a day", "no vitamin K2"]


def test_retracted_reports_their_studies_and_their_findings_are_marked(resources: dict[str, Json], some_rows: Rows) -> None:
    retracted = {expand(ours("report", row["report"])) for row in some_rows("reports") if row["retraction"] == "retracted"}
    of = {expand(ours("study", row["study"])) for row in some_rows("studies") if expand(ours("report", row["reports"])) in retracted}
    marked = {
        name
        for name, each in resources.items()
        if each["resourceType"] == "Citation"
        and any(state["text"] == "retracted" for state in each["citedArtifact"].get("currentState", ()))
    }
    assert marked == retracted
    retired = {name for name, each in resources.items() if each.get("status") == "retired"}
    assert retired == of | {
        expand(ours("finding", row["finding"])) for row in some_rows("findings") if expand(ours("report", row["report"])) in retracted
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_texts_come_back(data: st.DataObject, some: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    part: Part = data.draw(hostile_parts(some))
    path = tmp_path_factory.mktemp("hostile") / "x.json"
    assume(export(part, FHIR, path).size)  # of what a format has no words for nothing is written
    evidence = part.evidence
    back = {entry.fullUrl: entry.resource for entry in read(path.read_bytes()).entry}
    for entity in evidence.entities.values():
        assert (back[expand(entity.id)].title or "") == text_of(entity.label)
    for finding in evidence.findings.values():
        assert (back[expand(finding.id)].description or "") == text_of(finding.reported)
    for claim in evidence.claims.values():
        assert back[expand(claim.id)].assertion.endswith(f": {claim.standing.label}")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"])))
def test_a_text_without_controls_is_carried_as_it_is(text: str) -> None:
    assert text_of(text) == text
