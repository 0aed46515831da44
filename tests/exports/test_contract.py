"""What every export keeps to: found by name, whole or not at all, nothing left out unsaid."""

import sys
from collections.abc import Mapping
from pathlib import Path

import networkx
import pytest
from project import Run, ours, rows

import k2graph
from k2graph.errors import InputError
from k2graph.exports import Format, Part, choose, export, find_format, formats


def test_every_format_says_who_reads_it_what_it_carries_and_what_it_loses() -> None:
    assert formats()
    for name in formats():
        found = find_format(name)
        assert found.name == name
        assert all((found.title, found.readers, found.carries, found.loses))


def test_a_list_of_formats_and_a_near_miss(run: Run) -> None:
    listed = run("export").out
    assert [name for name in formats() if name not in listed] == []
    missed = run("export", "grapml")
    assert missed.code == 2
    assert "did you mean 'graphml'" in missed.err


def test_the_whole_graph_and_a_part(tmp_path: Path, run: Run) -> None:
    assert run("export", "graphml", "--output", tmp_path / "all.graphml").code == 0
    whole = networkx.read_graphml(tmp_path / "all.graphml", force_multigraph=True)
    written = {key for _, _, key in whole.edges(keys=True)}
    assert {ours("claim", row["claim"]) for row in rows("claims")} <= written
    assert run("export", "graphml", "--mechanism", "mgp-calcification-events", "--output", tmp_path / "part.graphml").code == 0
    part = networkx.read_graphml(tmp_path / "part.graphml", force_multigraph=True)
    steps = {ours("claim", row["claim"]) for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"}
    keys = {key for _, _, key in part.edges(keys=True)}
    assert steps <= keys < written
    calcification = part.get_edge_data("entity:mgp", "entity:vascular-calcification")["claim:mgp-level-vascular-calcification"]
    assert calcification["result"] == "single"
    assert calcification["tested_in"] == "animals"


def test_a_writer_that_fails_leaves_what_was_there(tmp_path: Path, graph: k2graph.Graph) -> None:
    def fails(part: Part, path: Path) -> Mapping[str, int]:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    before = tmp_path / "there"
    before.write_text("whole")
    target = Format("broken", "t", "r", "c", "l", ".txt", fails)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        export(choose(graph), target, before)
    assert before.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [before]


def test_what_a_format_does_not_write_unasked_is_counted(tmp_path: Path, graph: k2graph.Graph) -> None:
    seen: list[Part] = []

    def keeps(part: Part, path: Path) -> Mapping[str, int]:
        seen.append(part)
        return {}

    target = Format("strict", "t", "r", "c", "l", ".txt", keeps, includes=("consistent",))
    part = choose(graph)
    written = export(part, target, tmp_path / "x")
    kept = seen[0].evidence
    assert {claim.standing.result.notation for claim in kept.claims.values()} == {"consistent"}
    said = {what.split(" (")[0]: count for what, count in written.left_out.items()}
    for result in ("single", "leaning", "contested", "not-shown", "no-important-effect", "contrary", "untested"):
        there = sum(claim.standing.result.notation == result for claim in part.evidence.claims.values())
        assert said.get(f"claims whose standing is {result}", 0) == there, result
    export(part, target, tmp_path / "x", ("not-shown",))
    assert {claim.standing.result.notation for claim in seen[1].evidence.claims.values()} == {"consistent", "not-shown"}


def test_retracted_work_is_left_out_and_counted_where_a_format_does_not_take_it(tmp_path: Path, graph: k2graph.Graph) -> None:
    seen: list[Part] = []

    def keeps(part: Part, path: Path) -> Mapping[str, int]:
        seen.append(part)
        return {}

    part = choose(graph)
    results = tuple(word.notation for word in part.evidence.scheme("results"))
    target = Format("strict", "t", "r", "c", "l", ".txt", keeps, includes=results)
    written = export(part, target, tmp_path / "x")
    retracted = {ours("report", row["report"]) for row in rows("reports") if row["retraction"] == "retracted"}
    findings = [row for row in rows("findings") if ours("report", row["report"]) in retracted]
    assert not retracted & set(seen[0].evidence.reports)
    # No study of the tables has a retracted report and another.
    gone = {ours("study", row["study"]) for row in rows("studies") if ours("report", row["reports"]) in retracted}
    assert len(gone) == len(retracted) == 7
    assert set(part.evidence.studies) - set(seen[0].evidence.studies) == gone
    assert written.left_out == {"findings of retracted reports (--include retracted)": len(findings)}
    export(part, target, tmp_path / "x", ("retracted",))
    assert retracted <= set(seen[1].evidence.reports)


@pytest.mark.parametrize(("name", "package"), [("parquet", "pyarrow"), ("cx2", "ndex2")])
def test_a_missing_package_is_told_with_the_extra_that_brings_it(
    name: str, package: str, tmp_path: Path, graph: k2graph.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [each for each in sys.modules if each.partition(".")[0] == package] + [package, f"{package}.cx2"]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=rf"{name} needs {package}.*: pip install 'k2graph\[{name}\]'"):
        export(choose(graph), find_format(name), tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_words_that_name_no_result_are_refused(tmp_path: Path, run: Run) -> None:
    refused = run("export", "graphml", "--include", "nul", "--output", tmp_path / "x")
    assert refused.code == 2
    assert "'nul' is not one of" in refused.err
    assert not (tmp_path / "x").exists()


def test_a_folder_that_no_export_wrote_is_not_replaced(tmp_path: Path, graph: k2graph.Graph) -> None:
    def keeps(part: Part, path: Path) -> Mapping[str, int]:
        (path / "new.txt").write_text("new")
        return {}

    target = Format("many", "t", "r", "c", "l", "", keeps)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no many export"):
        export(choose(graph), target, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"
    for _ in range(2):
        export(choose(graph), target, tmp_path / "fresh")
    assert (tmp_path / "fresh" / "new.txt").read_text() == "new"


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another package, with a format that writes and one that does not load."""
    (tmp_path / "elsewhere.py").write_text(
        "from k2graph.exports import Format\n"
        "def write(part, path):\n"
        "    path.write_text(f'{len(part.evidence.claims)} claims')\n"
        "    return {'findings, which a count does not carry': len(part.evidence.findings)}\n"
        "COUNT = Format('count', 'A count', 'people', 'how many claims', 'all else', '.txt', write)\n"
    )
    info = tmp_path / "elsewhere-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[k2graph.exports]\ncount = elsewhere:COUNT\nbroken = nowhere.at.all:X\nnone = json:dumps\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_another_package_adds_a_format(other_package: Path, run: Run) -> None:
    outcome = run("export", "count", "--output", other_package / "count.txt")
    assert outcome.code == 0
    assert (other_package / "count.txt").read_text().endswith(" claims")
    assert f"left out {len(rows('findings')):,} findings, which a count does not carry" in outcome.err


def test_a_format_of_another_package_that_does_not_work_is_told(other_package: Path, run: Run) -> None:
    for name, told in (("broken", "does not load"), ("none", "is no k2graph.exports.Format")):
        outcome = run("export", name, "--output", other_package / "x")
        assert outcome.code == 2
        assert told in outcome.err
        assert not (other_package / "x").exists()
    listed = run("export")
    assert listed.code == 0
    assert "A count" in listed.out
    assert "'broken'" in listed.err
