"""BEL: parsed by PyBEL without a warning, and no finding that leaves it open becomes an edge for its claim."""

import json
import os
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from exported import Export
from hostile_texts import evidence_of, hostile_parts
from hostile_texts import some as part_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import Rows, ours

import k2graph
from k2graph.exports import Part, export
from k2graph.exports.bel import BEL

pytestmark = pytest.mark.slow

SAYS_NOTHING = {"causesNoChange", "noCorrelation"}


@pytest.fixture(scope="module")
def written(exported_some: Export) -> tuple[Path, dict[str, int]]:
    return exported_some("bel")


def parsed(folder: Path) -> tuple[Any, Any]:
    """What PyBEL makes of the script, and of the JSON; its cache is thrown away, and none is made in the home folder."""
    with warnings.catch_warnings(), mock.patch.dict(os.environ, PYSTOW_HOME=str(folder.parent / "pystow")):
        warnings.simplefilter("ignore")  # deprecations between PyBEL, pyparsing and SQLAlchemy
        import pybel

        manager = pybel.Manager(connection="sqlite://")
        script = pybel.from_bel_script(str(folder / "k2graph.bel"), manager=manager, use_tqdm=False)
        return script, pybel.from_nodelink_file(str(folder / "k2graph.bel.nodelink.json"))


@pytest.fixture(scope="module")
def both(written: tuple[Path, dict[str, int]]) -> tuple[Any, Any]:
    return parsed(written[0])


def said(graph: Any) -> dict[str, tuple[str, str, str, set[str], set[str]]]:
    """Finding → relation, kind and number of its citation, what it says of each claim, and all its stances."""
    found = {}
    for _, _, data in graph.edges(data=True):
        notes = {name: {each.identifier for each in values} for name, values in data["annotations"].items()}
        (finding,) = notes["Finding"]
        citation = data["citation"]
        assert notes["Claim"] == {each.partition(": ")[0] for each in notes["Bearing"]}
        found[finding] = (data["relation"], citation["namespace"], citation["identifier"], notes["Bearing"], notes["Stance"])
    return found


def test_no_warning_and_both_files_say_the_same(both: tuple[Any, Any]) -> None:
    script, from_json = both
    assert script.warnings == []
    assert script.number_of_nodes() == from_json.number_of_nodes()
    assert said(script) == said(from_json)


def test_every_finding_is_there_for_every_claim_it_bears_on(both: tuple[Any, Any], some: k2graph.Graph, some_rows: Rows) -> None:
    clear = {ours("finding", row["finding"]) for row in some_rows("findings") if row["direction"] != "mixed"}
    bearings = {
        (bearing.finding, f"{claim.id}: {bearing.stance.notation}; {claim.standing.label}")
        for claim in evidence_of(some).claims.values()
        for bearing in claim.bearings
        if bearing.finding in clear
    }
    found = said(both[0])
    assert set(found) == clear
    assert {(finding, each.rpartition(";")[0]) for finding, (*_, of, _) in found.items() for each in of} == bearings


def test_a_script_that_is_wrong_is_told(tmp_path: Path, some: k2graph.Graph) -> None:
    export(part_of(some, "claim:mk-7-level-dp-ucmgp"), BEL, tmp_path / "x")
    file = tmp_path / "x" / "k2graph.bel"
    text = file.read_text()
    assert text.count('SET Stance = "open"') == 1
    file.write_text(text.replace('SET Stance = "open"', 'SET Stance = "null"'))
    assert len(parsed(tmp_path / "x")[0].warnings) == 1


def test_a_relation_is_what_was_found(both: tuple[Any, Any], some_rows: Rows) -> None:
    directions = {ours("finding", row["finding"]): row["direction"] for row in some_rows("findings")}
    for finding, (relation, *_) in said(both[0]).items():
        if directions[finding].startswith("no-"):
            assert relation in SAYS_NOTHING
        elif directions[finding].endswith("-association"):
            assert relation in {"positiveCorrelation", "negativeCorrelation", "association"}
        else:
            assert relation in {"increases", "decreases", "association"}


def test_what_leaves_it_open_is_told_as_the_report_told_it_with_its_stance(both: tuple[Any, Any], some: k2graph.Graph) -> None:
    relations: dict[str, set[str]] = {word.notation: set() for word in evidence_of(some).scheme("stances")}
    for relation, *_, stances in said(both[0]).values():
        for stance in stances:
            relations[stance].add(relation)
    assert set(relations) == {"supports", "mixed", "open", "excludes", "contradicts"}
    assert relations["excludes"] <= SAYS_NOTHING
    # A report of no significant change is the only kind that BEL's words for no change are used for: it leaves it open, or an effect out,
    # and its stance stands beside it.
    for stance, found in relations.items():
        assert bool(found & SAYS_NOTHING) == (stance in {"open", "excludes"}), stance
    # Reported as associations, with an interval that holds none: 0.91 (0.85 to 1.00) and 0.86 (0.74 to 1.00).
    assert {said(both[0])[f"finding:{each}"][0] for each in ("gcmgast2009-1", "sabinerzwakenberg2017-5")} == {"negativeCorrelation"}


def test_one_claim_is_as_the_tables_say(both: tuple[Any, Any]) -> None:
    found = said(both[0])
    relation, *_, bearings, stances = found["finding:theuwissen-2013-dpucmgp-null"]
    assert (relation, stances) == ("causesNoChange", {"open"})
    assert "claim:mk-7-level-dp-ucmgp: open; consistent in human trials (10); counted" in bearings
    # A report that the tables know by its DOI alone, of one arm.
    assert found["finding:aoun2017-1"][:3] == ("decreases", "doi", "10.1186/s12882-017-0609-3")
    nodes = {data["annotations"]["Finding"][0].identifier: (str(u), str(v)) for u, v, data in both[0].edges(data=True)}
    assert nodes["finding:aoun2017-1"] == ("a(CHEBI:44245 ! MK-7)", "a(MESH:C000727713 ! dp-ucMGP)")


def test_study_and_arms_stand_beside_the_citation(both: tuple[Any, Any], some_rows: Rows) -> None:
    notes = {data["annotations"]["Finding"][0].identifier: data["annotations"] for _, _, data in both[0].edges(data=True)}
    found = notes["finding:daikihabu2004-1"]
    assert {each.identifier for each in found["Study"]} == {"study:habu-2004"}
    assert {each.identifier for each in found["Arm"]} == {"arm:habu-2004-k2", "arm:habu-2004-control"}
    studies = {ours("finding", row["finding"]): ours("study", row["study"]) for row in some_rows("findings")}
    assert {finding: each["Study"][0].identifier for finding, each in notes.items()} == {finding: studies[finding] for finding in notes}


def test_what_is_left_out_is_counted(
    written: tuple[Path, dict[str, int]], both: tuple[Any, Any], some: k2graph.Graph, some_rows: Rows
) -> None:
    evidence = evidence_of(some)
    mixed = {ours("finding", row["finding"]) for row in some_rows("findings") if row["direction"] == "mixed"}
    bare = [claim for claim in evidence.claims.values() if not claim.bearings]
    unclear = [claim for claim in evidence.claims.values() if claim.bearings and {b.finding for b in claim.bearings} <= mixed]
    assert written[1] == {
        "claims that no finding bears on, which BEL cannot cite": len(bare),
        "claims on which only findings bear that say two things": len(unclear),
        "findings that say two things, for which BEL has no relation": len(mixed),
        "mechanisms as chains of steps": len(some_rows("mechanisms")),
        "interactions": len(some_rows("interactions")),
    }
    claims = {each.partition(": ")[0] for *_, bearings, _ in said(both[0]).values() for each in bearings}
    assert len(claims) == len(evidence.claims) - len(bare) - len(unclear)


def test_retracted_studies_are_marked(both: tuple[Any, Any], some_rows: Rows) -> None:
    retracted = {ours("report", row["report"]) for row in some_rows("reports") if row["retraction"] == "retracted"}
    of = {ours("finding", row["finding"]) for row in some_rows("findings") if ours("report", row["report"]) in retracted}
    marked = {
        data["annotations"]["Finding"][0].identifier
        for _, _, data in both[0].edges(data=True)
        if [each.identifier for each in data["annotations"].get("Retraction", ())] == ["retracted"]
    }
    assert marked == of & set(said(both[0])) != set()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_texts_come_back(data: st.DataObject, some: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    part: Part = data.draw(hostile_parts(some))
    path = tmp_path_factory.mktemp("hostile") / "x"
    assume(export(part, BEL, path).size)  # of no finding that BEL has words for, nothing is written
    script, from_json = parsed(path)
    assert script.warnings == []
    assert said(script) == said(from_json)
    evidence = part.evidence
    for _, _, edge in from_json.edges(data=True):
        finding = edge["annotations"]["Finding"][0].identifier
        reported = evidence.findings[finding].reported
        # Where several findings of one publication are told in the same words, each names itself.
        assert edge["evidence"] in {reported, f"{reported} ({finding})"}
    content = json.loads((path / "k2graph.bel.nodelink.json").read_text(encoding="utf-8"))
    names = {node["concept"]["name"] for node in content["nodes"]}
    assert names <= {entity.label for entity in evidence.entities.values()}
