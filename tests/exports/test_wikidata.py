"""QuickStatements: nothing but what human trials support, between items that the graph names, each with its trials."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project import Run, ours, rows

import k2graph
from k2graph.evidence.model import Evidence, Identifier
from k2graph.evidence.things import Word
from k2graph.exports import Part
from k2graph.exports.wikidata import write

pytestmark = pytest.mark.slow

#: A stand-in: the graph has no Wikidata item for a disease yet, and the tests do not look one up.
CONDITION = "Q999999999"
EXACT, CLOSE = (Word(f"k2g:match-{each}", "match-kinds", each, each, "") for each in ("exact", "close"))
CLAIM = "claim:mk-7-activity-peripheral-neuropathy"
DISEASE = "entity:peripheral-neuropathy"

Command = tuple[str, str, str, tuple[tuple[str, str], ...]]


def parse(text: str) -> list[Command]:
    """Commands as https://www.wikidata.org/wiki/Help:QuickStatements has them: item, property, value, then references, parted by tabs."""
    commands = []
    for line in text.split("\n")[:-1]:
        item, prop, value, *rest = line.split("\t")
        assert re.fullmatch(r"Q[1-9][0-9]*", item), line
        assert re.fullmatch(r"P[1-9][0-9]*", prop), line
        assert re.fullmatch(r'Q[1-9][0-9]*|"[A-Z0-9]+"', value), line
        # An identifier is its own evidence; a claim has its trials.
        assert bool(rest) == (prop == "P2175"), line
        assert len(rest) % 2 == 0, line
        references = tuple(zip(rest[::2], rest[1::2], strict=True))
        for source, string in references:
            assert re.fullmatch(r"S[1-9][0-9]*", source), line
            assert re.fullmatch(r'"[^"\t\n\r|]+"', string), line
        commands.append((item, prop, value, tuple((source, string[1:-1]) for source, string in references)))
    assert text == "" or text.endswith("\n")
    return commands


def exact(*curies: str) -> tuple[Identifier, ...]:
    return tuple(Identifier(curie, "", EXACT, "skos:exactMatch", "") for curie in curies)


def with_items(evidence: Evidence, *curies: str) -> Evidence:
    """The evidence on one claim, whose disease is called so in Wikidata."""
    part = evidence.only({CLAIM})
    return replace(part, entities={**part.entities, DISEASE: replace(part.entities[DISEASE], identifiers=exact(*curies))})


def written(evidence: Evidence, graph: k2graph.Graph, path: Path) -> tuple[list[Command], dict[str, int]]:
    left_out = write(Part(evidence, graph, whole=False), path / "out.tsv")
    commands = [command for command in parse((path / "out.tsv").read_text(encoding="utf-8")) if command[1] == "P2175"]
    return commands, {what: count for what, count in left_out.items() if count}


def test_items_get_the_identifiers_that_were_looked_up(run: Run, tmp_path: Path) -> None:
    """Worked out from identifiers.tsv: every exact identifier of these five kinds beside one exact Wikidata item."""
    kinds = {"CHEBI": "P683", "CHEMBL.COMPOUND": "P592", "DRUGBANK": "P715", "MESH": "P486", "PUBCHEM.COMPOUND": "P662"}
    exact_ones = [row for row in rows("identifiers") if row["match"] == "exact"]
    items = {row["entity"]: row["identifier"].partition(":")[2] for row in exact_ones if row["identifier"].startswith("WIKIDATA:")}
    expected = {
        (items[row["entity"]], kinds[kind], f'"{number}"')
        for row in exact_ones
        for kind, _, number in [row["identifier"].partition(":")]
        # MeSH's supplementary records, which begin with C, are no descriptors.
        if row["entity"] in items and kind in kinds and not (kind == "MESH" and number.startswith("C"))
    }
    assert run("export", "wikidata", "--output", tmp_path / "out.tsv").code == 0
    commands = parse((tmp_path / "out.tsv").read_text(encoding="utf-8"))
    assert {(item, prop, value) for item, prop, value, _ in commands} == expected
    assert ("Q27120546", "P683", '"44245"') in expected
    assert len(expected) > 40


def test_no_claim_of_the_graph_as_it_is_can_be_said_there_and_all_are_counted(run: Run, tmp_path: Path, evidence: Evidence) -> None:
    # No disease, outcome or biomarker that a human trial speaks of has a Wikidata item in identifiers.tsv.
    diseases = {row["entity"] for row in rows("entities") if row["type"] == "disease"}
    assert not [row for row in rows("identifiers") if row["entity"] in diseases and row["identifier"].startswith("WIKIDATA:")]
    outcome = run("export", "wikidata", "--output", tmp_path / "out.tsv")
    assert outcome.code == 0
    assert "P2175" not in (tmp_path / "out.tsv").read_text(encoding="utf-8")
    counted = {what: int(count) for count, what in re.findall(r"left out (\d+) (claims[^(\n]*)", outcome.err)}
    assert counted["claims on things without one exact Wikidata item"] == 2
    assert sum(counted.values()) == len(evidence.claims)


TRIAL = ours("report", "URL:https://www.scribd.com/document/584388458/10")
OPEN_STUDY = ours("report", "URL:https://www.scribd.com/document/584388362/7")


def with_numbers(evidence: Evidence, **numbers: str) -> Evidence:
    """The evidence on the claim, whose trial was only read on the web, as if it had such numbers; the open study has others."""
    part = with_items(evidence, f"WIKIDATA:{CONDITION}")
    reports = {TRIAL: replace(evidence.reports[TRIAL], **numbers), OPEN_STUDY: replace(evidence.reports[OPEN_STUDY], pmid="22")}
    return replace(part, reports=part.reports | reports)


@pytest.mark.parametrize(
    ("numbers", "reference"),
    [
        ({"pmid": "11", "doi": "10.1000/x"}, ("S698", "11")),
        ({"doi": "10.1000/x(1)a"}, ("S356", "10.1000/X(1)A")),
    ],
)
def test_a_claim_that_a_trial_supports_with_its_trial(
    evidence: Evidence, graph: k2graph.Graph, tmp_path: Path, numbers: dict[str, str], reference: tuple[str, str]
) -> None:
    assert {row["reports"]: row["design"] for row in rows("studies") if ours("report", row["reports"]) in {TRIAL, OPEN_STUDY}} == {
        "URL:https://www.scribd.com/document/584388458/10": "rct",
        "URL:https://www.scribd.com/document/584388362/7": "non-randomised-trial",
    }
    (mk7,) = [row["identifier"] for row in rows("identifiers") if row["entity"] == "mk-7" and row["identifier"].startswith("WIKIDATA:")]
    commands, left_out = written(with_numbers(evidence, **numbers), graph, tmp_path)
    assert commands == [(mk7.removeprefix("WIKIDATA:"), "P2175", CONDITION, (reference,))]
    assert left_out == {}


def test_a_trial_without_a_number_is_no_reference(evidence: Evidence, graph: k2graph.Graph, tmp_path: Path) -> None:
    assert written(with_numbers(evidence), graph, tmp_path) == ([], {"claims whose trials have neither PMID nor DOI": 1})


@pytest.mark.parametrize("result", ["leaning", "contested", "not-shown", "no-important-effect", "contrary", "untested"])
def test_what_trials_do_not_support_is_never_written(evidence: Evidence, graph: k2graph.Graph, tmp_path: Path, result: str) -> None:
    part = with_items(evidence, f"WIKIDATA:{CONDITION}")
    claim = part.claims[CLAIM]
    standing = replace(claim.standing, result=part.words[f"k2g:result-{result}"], is_support=False, supported_in_human_trials=False)
    part = replace(part, claims={CLAIM: replace(claim, standing=standing)})
    assert written(part, graph, tmp_path) == ([], {"claims that human trials do not support": 1})


def test_support_in_another_tier_a_context_or_a_mechanism_alone_is_none(evidence: Evidence, graph: k2graph.Graph, tmp_path: Path) -> None:
    part = with_items(evidence, f"WIKIDATA:{CONDITION}")
    claim = part.claims[CLAIM]
    lower = replace(claim.standing, tier=next(word for word in part.scheme("tiers") if word.rank == 2), supported_in_human_trials=False)
    cases = [
        (replace(claim, standing=lower), "claims that human trials do not support"),
        (replace(claim, reach=True), "claims that human trials do not support"),
        (replace(claim, direction=part.words["k2g:direction-increases"]), "claims for which Wikidata has no property"),
        (replace(claim, predicate=part.words["k2g:affects-risk-of"]), "claims for which Wikidata has no property"),
    ]
    # Human trials support it, but not on the other claim on the same triple, so that it may not be told as a bare triple.
    cases.append((evidence.claims["claim:vitamin-k-level-dp-ucmgp"], "claims that may not be told without direction and context"))
    for changed, why in cases:
        assert written(replace(part, claims={CLAIM: changed}), graph, tmp_path) == ([], {why: 1})


def test_a_retracted_trial_is_no_reference(evidence: Evidence, graph: k2graph.Graph, tmp_path: Path) -> None:
    part = with_numbers(evidence, pmid="11")
    gone = next(word for word in part.scheme("retractions") if word.notation == "retracted")
    part = replace(part, reports={name: replace(report, retraction=gone) for name, report in part.reports.items()})
    assert written(part, graph, tmp_path) == ([], {"claims whose trials have neither PMID nor DOI": 1})


@pytest.mark.parametrize(
    "curies",
    [(), ("MONDO:0005244",), ("WIKIDATA:Q1", "WIKIDATA:Q2"), ("WIKIDATA:P31",), ("WIKIDATA:Q0",), ("WIKIDATA:Q1\tP31",), ("WIKIDATA:Q１",)],
)
def test_only_one_exact_item_will_do(evidence: Evidence, graph: k2graph.Graph, tmp_path: Path, curies: tuple[str, ...]) -> None:
    assert written(with_items(evidence, *curies), graph, tmp_path) == ([], {"claims on things without one exact Wikidata item": 1})


def test_a_close_match_is_another_thing(evidence: Evidence, graph: k2graph.Graph, tmp_path: Path) -> None:
    part = evidence.only({CLAIM})
    close = (Identifier(f"WIKIDATA:{CONDITION}", "", CLOSE, "skos:closeMatch", ""),)
    part = replace(part, entities={**part.entities, DISEASE: replace(part.entities[DISEASE], identifiers=close)})
    assert written(part, graph, tmp_path)[0] == []


HOSTILE = st.one_of(
    st.sampled_from(
        ['10.1000/a"\tP31\tQ5', "10.1000/a|P31", "10.1000/a\nQ1", "12\t13", "１２", "=1+1", "10.1000/ünd", "10.1000/ok(1)", "7", "07", "{}"]
    ),
    st.text(max_size=12),
    st.from_regex(r"10\.\d{4}/[ -~]{1,10}", fullmatch=True),
)


@given(HOSTILE, HOSTILE)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_record_holds_every_line_is_a_command(
    evidence: Evidence, graph: k2graph.Graph, tmp_path: Path, pmid: str, doi: str
) -> None:
    part = with_items(evidence, f"WIKIDATA:{CONDITION}")
    part = replace(part, reports={name: replace(report, pmid=pmid, doi=doi) for name, report in part.reports.items()})
    commands, left_out = written(part, graph, tmp_path)
    assert bool(commands) != bool(left_out)
    for *_, ((source, value),) in commands:
        assert (source, value) == (("S698", pmid) if source == "S698" else ("S356", doi.upper()))
