"""What `k2graph diff` says of changes made by hand to the real tables."""

import json
from pathlib import Path

from conftest import Folder, Run

from k2graph import build, files, resources
from k2graph.turtle import turtle


def built(tables: Folder, path: Path) -> Path:
    files.write(turtle(build.triples_of(build.build(tables.path))), path)
    return path


def test_the_same_graph_has_no_difference(run: Run) -> None:
    outcome = run("diff", resources.GRAPH, resources.GRAPH)
    assert (outcome.code, outcome.out) == (0, "What changed\n  Nothing.\n")


def test_a_changed_finding_changes_what_follows_and_nothing_else(run: Run, tables: Folder, tmp_path: Path) -> None:
    # Fulton's null on arterial stiffness becomes an effect: four of seven trials of MK-7 support instead of three; still contested.
    # Carotid-radial or not, its value stays, so that only the direction differs.
    tables.change("findings", "rlfulton2016-2", direction="decreases")
    # A claim loses its only investigation: the trial of cramps in dialysis was retracted, say.
    tables.change("studies", "PMID:39466236", retraction="retracted", retraction_note="synthetic, for this test")
    changed = built(tables, tmp_path / "changed.ttl")
    report = json.loads(run("diff", resources.GRAPH, changed, "--format", "json").out)
    blocks = {block["heading"]: block["lines"] for block in report["blocks"]}
    assert blocks["Findings"] == ["~ finding:rlfulton2016-2: k2g:direction: k2g:direction-no-effect → k2g:direction-decreases"]
    assert blocks["Studies"] == [
        "~ study:pmid-39466236: k2g:retraction: nothing → k2g:retraction-retracted",
        "~ study:pmid-39466236: k2g:retractionNote: nothing → synthetic, for this test",
    ]
    assert "~ claim:vitamin-k2-level-muscle-cramps: consistent in human trials (2) → single in human trials (1)" in blocks["Standings"]
    assert "~ claim:mk-7-level-muscle-cramps: single in human trials (1) → untested" in blocks["Standings"]
    assert not any("claim:mk-7-level-arterial-stiffness:" in line for line in blocks["Standings"])
    assert set(blocks) == {"Findings", "Studies", "Standings"}


def test_what_came_and_went_is_named(run: Run, tables: Folder, tmp_path: Path) -> None:
    tables.remove("findings", "rlfulton2016-2")
    without = built(tables, tmp_path / "without.ttl")
    # Folded lines joined again.
    gone = " ".join(run("diff", resources.GRAPH, without).out.split())
    back = " ".join(run("diff", without, resources.GRAPH).out.split())
    assert "- finding:rlfulton2016-2: carotid-radial pulse wave velocity" in gone
    assert "+ finding:rlfulton2016-2: carotid-radial pulse wave velocity" in back
    assert "~ claim:mk-7-level-arterial-stiffness: contested in human trials (7) → contested in human trials (6)" in gone


def test_a_missing_file_is_told(run: Run, tmp_path: Path) -> None:
    outcome = run("diff", tmp_path / "none.ttl")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
