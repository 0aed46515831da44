"""VA-Spec: accepted by the `ga4gh.va_spec` models, and neutral wherever the evidence is."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from exported import Export
from hostile_texts import evidence_of, hostile_parts, with_numbers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import ours, rows
from pydantic import ValidationError

import k2graph
from k2graph.exports import Part, export
from k2graph.exports.va_spec import VA_SPEC
from k2graph.iris import expand

pytestmark = pytest.mark.slow

Json = dict[str, Any]


@pytest.fixture(scope="module")
def statements(exported: Export) -> dict[str, Json]:
    path, left_out = exported("va-spec")
    assert left_out == {
        "mechanisms as chains of steps": len(rows("mechanisms")),
        "interactions": len(rows("interactions")),
    }
    return {each["proposition"]["id"]: each for each in json.loads(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def models() -> Any:
    """The released models. Their Statement is for variants; as a profile does, ours narrows the proposition, and nothing else."""
    from ga4gh.core.models import BaseModelForbidExtra, MappableConcept
    from ga4gh.va_spec.base import core

    class ClaimProposition(core.Proposition, BaseModelForbidExtra):
        subject: MappableConcept
        object: MappableConcept

    class ClaimStatement(core.Statement):
        proposition: ClaimProposition

    return ClaimStatement


def said(extensions: list[Json]) -> Json:
    return {each["name"]: each["value"] for each in extensions}


def test_the_models_accept_every_statement_and_lose_nothing(statements: dict[str, Json], models: Any, graph: k2graph.Graph) -> None:
    assert set(statements) == {expand(claim) for claim in evidence_of(graph).claims}
    for each in statements.values():
        back = models(**each).model_dump(mode="json", exclude_none=True)
        assert back == each


def test_lines_with_the_general_proposition_are_accepted_as_released(statements: dict[str, Json]) -> None:
    from ga4gh.va_spec.base.core import Document, EvidenceLine

    lines = 0
    for each in statements.values():
        for line in each.get("hasEvidenceLines", ()):
            read = EvidenceLine(**line, targetProposition=each["proposition"])
            assert read.targetProposition.predicate == each["proposition"]["predicate"]
            assert isinstance(read.reportedIn[0], Document)
            # The rule of VA-Spec's profiles: a strength where there is a side, and none where there is none.
            assert read._validate_direction_of_evidence_provided() is read
            lines += 1
    assert lines == sum(len(each.get("hasEvidenceLines", ())) for each in statements.values()) > len(rows("findings"))


def test_the_models_refuse_what_is_wrong(statements: dict[str, Json], models: Any) -> None:
    good = statements[expand("claim:mk-7-level-dp-ucmgp")]
    for bad in (good | {"direction": "null"}, good | {"standing": "x"}, {**good, "strength": {}}):
        with pytest.raises(ValidationError):
            models(**bad)


def test_directions_follow_the_standings(statements: dict[str, Json], graph: k2graph.Graph) -> None:
    found = Counter((said(each["extensions"])["result"], each["direction"]) for each in statements.values())
    results = Counter(claim.standing.result.notation for claim in evidence_of(graph).claims.values())
    sides = {
        "consistent": "supports", "single": "supports", "leaning": "neutral", "contested": "neutral", "not-shown": "neutral",
        "untested": "neutral", "no-important-effect": "disputes", "contrary": "disputes",
    }  # fmt: skip
    assert set(sides) == {word.notation for word in evidence_of(graph).scheme("results")}
    assert found == {(result, sides[result]): count for result, count in results.items()}


def test_one_claim_is_as_the_tables_say(statements: dict[str, Json]) -> None:
    each = statements[expand("claim:mk-7-level-dp-ucmgp")]
    assert (each["direction"], each["strength"]["name"], each["classification"]["name"]) == (
        "supports", "human trials", "consistent in human trials (10)",
    )  # fmt: skip
    assert each["proposition"]["predicate"] == "decreases:affects-level-of"
    exact = {m["coding"]["code"] for m in each["proposition"]["subject"]["mappings"] if m["relation"] == "exactMatch"}
    assert exact == {row["identifier"] for row in rows("identifiers") if row["entity"] == "mk-7" and row["match"] == "exact"}
    lines = {line["hasEvidenceItems"][0]: line for line in each["hasEvidenceLines"]}
    open_one = lines[expand("finding:theuwissen-2013-dpucmgp-null")]
    assert (open_one["directionOfEvidenceProvided"], open_one["evidenceOutcome"]["name"]) == ("neutral", "leaves it open")
    # Westenfeld 2012 compared doses with placebo and is counted; Caluwé 2014 compared doses with each other and is not.
    assert "scoreOfEvidenceProvided" not in lines[expand("finding:rwestenfeld2012-1")]
    assert lines[expand("finding:rogiercaluw2014-1")]["scoreOfEvidenceProvided"] == 0
    assert said(lines[expand("finding:rogiercaluw2014-1")]["extensions"])["notCounted"] == ["cannot be attributed to the exposure"]
    # What does not count has no vote. RenaKvit lost many (appraisals.tsv: missing data high); Westenfeld 2012 was not appraised.
    risks = {(each["study"], each.get("riskOfBias")) for each in (said(line["extensions"]) for line in lines.values())}
    assert {(expand("study:renakvit"), "high"), (expand("study:dalmeijer-2012"), "low")} <= risks
    assert said(lines[expand("finding:rwestenfeld2012-1")]["extensions"])["riskOfBias"] == "not-appraised"
    assert "riskOfBias" not in said(lines[expand("finding:rogiercaluw2014-1")]["extensions"])


def test_a_standing_has_its_votes_its_certainty_and_its_scope(statements: dict[str, Json]) -> None:
    # Visser 2024, 3.00 (0.13 to 69.5) of 40, judged in two domains of five, so that some concerns stay; the working of each step is
    # in tests/evidence/test_standings.py.
    deaths = statements[expand("claim:mk-7-risk-all-cause-mortality")]
    notes = said(deaths["extensions"])
    assert (deaths["direction"], notes["result"], notes["reachedBy"]) == ("neutral", "not-shown", "counted")
    assert "strength" not in deaths
    assert [notes[name] for name in ("investigations", "supporting", "leavingOpen", "excluding", "contradicting")] == [1, 0, 1, 0, 0]
    assert (notes["certainty"], notes["scope"]) == ("very-low", "nutrient-question")
    assert notes["certaintySteps"] == [
        "risk-of-bias: 1 down, 0 of 1 at low risk of bias, 0 at high risk, 0 not appraised",
        "inconsistency: 0 down, one study, which nothing can be set beside",
        "indirectness: 1 down, all of it in one group: hospital patients",
        "imprecision: 2 down, 40 people; the interval holds important effects both ways",
        "publication: 0 down, one study; finished trials registered without results: 0",
    ]
    # What certainty is, the vocabulary says.
    (certainty,) = [each for each in deaths["extensions"] if each["name"] == "certainty"]
    assert certainty["description"] == ("How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel.")
    # Cheung 2008 leaves out an important effect on the hip: it disputes that there is one.
    hip = statements[expand("claim:vitamin-k1-level-hip-bone-mineral-density")]
    (line,) = hip["hasEvidenceLines"]
    assert (hip["direction"], line["directionOfEvidenceProvided"], said(hip["extensions"])["excluding"]) == ("disputes", "disputes", 1)
    assert line["evidenceOutcome"]["name"] == "leaves out an important effect"
    bleeding = said(statements[expand("claim:warfarin-risk-bleeding")]["extensions"])
    assert (bleeding["result"], bleeding["untestedBecause"], bleeding["certainty"]) == ("untested", "established", "not-graded")
    assert "certaintySteps" not in bleeding


def test_numbers_and_documents_are_those_of_the_tables(statements: dict[str, Json]) -> None:
    lines = {line["hasEvidenceItems"][0]: line for each in statements.values() for line in each.get("hasEvidenceLines", ())}
    (row,) = (row for row in rows("findings") if row["finding"] == "haruhikoyoshida2011-1")
    line = lines[expand(ours("finding", row["finding"]))]
    numbers = said(line["extensions"])
    assert (numbers["value"], numbers["ciLow"], numbers["ciHigh"]) == (1.15, 0.843, 1.57)
    assert line["description"] == row["reported"]
    assert line["reportedIn"][0]["doi"] == "10.1002/hep.24430"
    assert {line["reportedIn"][0].get("pmid", "") for line in lines.values()} <= {row["pmid"] for row in rows("reports")}


def test_a_line_names_its_study_and_has_its_arms_as_study_groups(statements: dict[str, Json], graph: k2graph.Graph, tmp_path: Path) -> None:
    from ga4gh.va_spec.base.core import StudyGroup

    lines = {line["hasEvidenceItems"][0]: line for each in statements.values() for line in each.get("hasEvidenceLines", ())}
    habu = said(lines[expand("finding:daikihabu2004-1")]["extensions"])
    assert (habu["study"], habu["sampleSize"], habu["dose"]) == (expand("study:habu-2004"), 40, "45 mg a day")
    arm, comparator = map(StudyGroup.model_validate, habu["studyGroups"])
    assert (arm.id, comparator.id) == (expand("arm:habu-2004-k2"), expand("arm:habu-2004-control"))
    assert [each.name for each in arm.characteristics or ()] == ["vitamin K2"]
    assert comparator.characteristics is None
    assert (habu["arm"], habu["comparatorArm"]) == (arm.id, comparator.id)
    of = {expand(ours("finding", row["finding"])): expand(ours("study", row["study"])) for row in rows("findings")}
    assert all(said(line["extensions"])["study"] == of[finding] for finding, line in lines.items())
    # As its report has it: 2 of 21 against 9 of 19.
    evidence = with_numbers(graph, "finding:daikihabu2004-1", {"n1": 21, "events1": 2, "n2": 19, "events2": 9})
    VA_SPEC.write(Part(evidence, graph, whole=False), tmp_path / "x.json")
    (line,) = [
        line
        for each in json.loads((tmp_path / "x.json").read_bytes())[:1]
        for line in each["hasEvidenceLines"]
        if line["hasEvidenceItems"] == [expand("finding:daikihabu2004-1")]
    ]
    assert [said(line["extensions"])[name] for name in ("n1", "events1", "n2", "events2")] == [21, 2, 19, 9]


def test_retracted_documents_are_marked_and_score_nothing(statements: dict[str, Json]) -> None:
    retracted = {expand(ours("report", row["report"])) for row in rows("reports") if row["retraction"] == "retracted"}
    lines = [line for each in statements.values() for line in each.get("hasEvidenceLines", ())]
    theirs = [line for line in lines if line["reportedIn"][0]["id"] in retracted]
    assert theirs
    for line in theirs:
        assert said(line["reportedIn"][0]["extensions"])["retraction"] == "retracted"
        assert line["scoreOfEvidenceProvided"] == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_texts_come_back(data: st.DataObject, some: k2graph.Graph, models: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    part: Part = data.draw(hostile_parts(some))
    path = tmp_path_factory.mktemp("hostile") / "x.json"
    assume(export(part, VA_SPEC, path).size)  # of what a format has no words for nothing is written
    evidence = part.evidence
    read = [models(**each) for each in json.loads(path.read_bytes())]
    assert [each.proposition.name for each in read] == [claim.label for claim in evidence.claims.values()]
    for each, claim in zip(read, evidence.claims.values(), strict=True):
        assert each.proposition.subject.name == evidence.entities[claim.subject].label
        for line, bearing in zip(each.hasEvidenceLines or (), claim.bearings, strict=True):
            finding = evidence.findings[bearing.finding]
            assert (line.description, line.reportedIn[0].title) == (finding.reported, evidence.reports[finding.report].title)
