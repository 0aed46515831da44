"""The graph as Python objects says what the tables say, and a part of it stands on its own."""

import pytest
from project import ours, rows

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.evidence.reader import read_evidence


@pytest.fixture(scope="module")
def evidence(graph: k2graph.Graph) -> Evidence:
    return read_evidence(graph)


def test_everything_in_the_tables_is_there(evidence: Evidence) -> None:
    for table, things, kind in (
        ("claims", evidence.claims, "claim"),
        ("entities", evidence.entities, "entity"),
        ("mechanisms", evidence.mechanisms, "mechanism"),
        ("interactions", evidence.interactions, "interaction"),
        ("findings", evidence.findings, "finding"),
    ):
        assert {ours(kind, row[kind]) for row in rows(table)} <= set(things)
    assert {row["study"] for row in rows("studies")} == {study.key for study in evidence.studies.values()}


def test_a_study_as_its_row_has_it(evidence: Evidence) -> None:
    row = next(row for row in rows("studies") if row["study"] == "PMID:17287908")
    study = evidence.studies["study:pmid-17287908"]
    assert (study.title, str(study.year), study.doi, str(study.n)) == (row["title"], row["year"], row["doi"], row["n"])
    assert study.dose == f"{row['dose_value']} {row['dose_unit']}"
    assert study.design.notation == row["design"]


def test_a_mechanism_in_order(evidence: Evidence) -> None:
    chain = evidence.mechanisms["mechanism:mgp-calcification-events"]
    table = [row for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"]
    assert [(str(step.order), step.claim, step.yields) for step in chain.steps] == [
        (row["step"], f"claim:{row['claim']}", f"entity:{row['yields']}") for row in table
    ]
    assert chain.stops is None
    assert chain.steps[chain.left_open - 1].yields == "entity:vascular-calcification"  # type: ignore[operator]
    assert chain.decided_by == "claim:vitamin-k2-level-vascular-calcification"


def test_a_part_names_nothing_that_it_lacks(evidence: Evidence) -> None:
    for kind, thing in (
        ("mechanism", "mechanism:mgp-calcification-events"),
        ("entity", "entity:mk-7"),
        ("claim", "claim:mk-7-level-dp-ucmgp"),
        ("study", "study:pmid-17287908"),
        ("interaction", next(iter(evidence.interactions))),
    ):
        part = evidence.only(evidence.about(kind, thing), {thing})
        assert part.claims
        assert len(part.findings) < len(evidence.findings)
        for claim in part.claims.values():
            assert {claim.subject, claim.object} <= set(part.entities)
            assert {bearing.finding for bearing in claim.bearings} <= set(part.findings)
            assert set(claim.mechanisms) <= set(part.mechanisms)
        for finding in part.findings.values():
            assert {finding.subject, finding.object} <= set(part.entities)
            assert finding.study in part.studies
            assert finding.investigation in part.investigations
        for interaction in part.interactions.values():
            assert {interaction.agent, interaction.drug} <= set(part.entities)
            assert set(interaction.studies) <= set(part.studies)


def test_hops_widen_what_is_near(evidence: Evidence) -> None:
    near, further = (evidence.about("entity", "entity:gas6", hops) for hops in (1, 2))
    assert all("entity:gas6" in (evidence.claims[name].subject, evidence.claims[name].object) for name in near)
    assert near < further
