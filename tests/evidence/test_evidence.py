"""The graph as Python objects says what the tables say, and a part of it stands on its own."""

import dataclasses

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
    assert {ours("study", row["study"]) for row in rows("studies")} == set(evidence.studies)
    assert {ours("report", row["report"]) for row in rows("reports")} == set(evidence.reports)
    arms = [arm.id for study in evidence.studies.values() for arm in study.arms]
    assert sorted(arms) == sorted(ours("arm", row["arm"]) for row in rows("arms"))


def test_a_study_and_its_report_as_their_rows_have_them(evidence: Evidence) -> None:
    row = next(row for row in rows("reports") if row["report"] == "PMID:17287908")
    report = evidence.reports["report:pmid-17287908"]
    assert (report.title, str(report.year), report.doi, report.journal) == (row["title"], row["year"], row["doi"], row["journal"])
    assert report.studies == ("study:knapen-2007",)
    row = next(row for row in rows("studies") if row["study"] == "knapen-2007")
    study = evidence.studies["study:knapen-2007"]
    assert (study.label, str(study.n), study.reports, study.kind) == (row["label"], row["n"], ("report:pmid-17287908",), "Trial")
    assert study.design is not None
    assert study.design.notation == row["design"]
    # In arms.tsv: 45 mg of MK-4 a day against placebo, for 3 years.
    assert (study.dose, study.duration) == ("45 mg a day", "3 years")
    assert {arm.id for arm in study.arms} == {"arm:knapen-2007-mk4", "arm:knapen-2007-placebo"}


def test_from_every_finding_one_walks_to_its_report_and_its_sources(evidence: Evidence) -> None:
    for row in rows("findings"):
        finding = evidence.findings[ours("finding", row["finding"])]
        study, report = evidence.studies[finding.study], evidence.reports[finding.report]
        assert (finding.study, finding.report) == (ours("study", row["study"]), ours("report", row["report"]))
        assert finding.report in study.reports
        assert finding.study in report.studies
        assert set(finding.sources) == set(row["source_url"].split("|"))
        # A report without a number may have been read where nobody is sent to.
        assert report.address or (report.sources and not (report.pmid or report.doi or report.pmcid))
        for arm in filter(None, (finding.arm, finding.comparator_arm)):
            assert arm in {each.id for each in study.arms}


def test_a_finding_tells_what_its_own_arm_got(evidence: Evidence) -> None:
    # habu-2004 gave 45 mg a day to one arm; what a finding of another trial names is of the same row.
    habu = evidence.findings["finding:daikihabu2004-1"]
    assert (habu.dose, habu.arm, habu.comparator_arm) == ("45 mg a day", "arm:habu-2004-k2", "arm:habu-2004-control")
    given = {row["arm"]: f"{row['dose']} {row['dose_unit']}" for row in rows("arms") if row["dose"]}
    for row in rows("findings"):
        if row["arm"] in given:
            assert (evidence.findings[ours("finding", row["finding"])].dose or "").startswith(given[row["arm"]])


def test_a_mechanism_in_order(evidence: Evidence) -> None:
    chain = evidence.mechanisms["mechanism:mgp-calcification-events"]
    table = [row for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"]
    assert [(str(step.order), step.claim, step.yields) for step in chain.steps] == [
        (row["step"], f"claim:{row['claim']}", f"entity:{row['yields']}") for row in table
    ]
    # Nothing leaves out an effect of vitamin K2 along it; what trials leave open first is vascular calcification, which decides the
    # verdict.
    assert chain.stops is None
    assert [step.yields for step in chain.steps if step.order == chain.left_open] == ["entity:vascular-calcification"]
    assert chain.decided_by == "claim:vitamin-k2-level-vascular-calcification"


def test_a_part_names_nothing_that_it_lacks(evidence: Evidence) -> None:
    for kind, thing in (
        ("mechanism", "mechanism:mgp-calcification-events"),
        ("entity", "entity:mk-7"),
        ("claim", "claim:mk-7-level-dp-ucmgp"),
        ("study", "study:knapen-2007"),
        ("report", "report:pmid-17287908"),
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
            assert finding.report in part.reports
            assert finding.investigation in {*part.studies, "investigation:syntheses"}
        for interaction in part.interactions.values():
            assert {interaction.agent, interaction.drug} <= set(part.entities)
            assert set(interaction.studies) <= set(part.studies)


def test_hops_widen_what_is_near(evidence: Evidence) -> None:
    near, further = (evidence.about("entity", "entity:gas6", hops) for hops in (1, 2))
    assert all("entity:gas6" in (evidence.claims[name].subject, evidence.claims[name].object) for name in near)
    assert near < further


def test_a_study_has_its_countries_one_by_one(evidence: Evidence) -> None:
    study = next(iter(evidence.studies.values()))
    assert dataclasses.replace(study, country="Canada|United States, Italy").countries == ("Canada", "United States", "Italy")
    assert dataclasses.replace(study, country="").countries == ()
