"""Effects and pools as metafor has them: R pools them again to the same numbers, and none that was left open or contradicts is missing."""

import csv
import math
import runpy
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest
from debian import program
from exported import Export
from hostile_texts import NASTY, hostile
from project import Run, ours, rows

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, find_format

pytestmark = pytest.mark.slow

Table = dict[str, dict[str, str]]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def by_first(folder: Path, name: str) -> Table:
    return {next(iter(row.values())): row for row in table(folder, name)}


def test_r_pools_the_effects_to_the_same_numbers(exported: Export, tmp_path: Path) -> None:
    for name in ("effects.csv", "pools.csv", "pools.R"):
        (tmp_path / name).write_bytes((exported("analysis").path / name).read_bytes())
    rscript = program("Rscript", "r-base-core", "r-cran-metafor")
    done = subprocess.run([rscript, "--vanilla", "pools.R"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pools.pdf").read_bytes().startswith(b"%PDF")
    again, pools = by_first(tmp_path, "pools-by-metafor"), by_first(tmp_path, "pools")
    # By hand from findings.tsv: arterial stiffness, coronary calcification, time in therapeutic range; three trials each.
    assert [(row["outcome"], row["k"], again[name]["k"]) for name, row in pools.items()] == [
        ("arterial stiffness", "3", "3"), ("coronary artery calcification", "3", "3"), ("time in therapeutic range", "3", "3"),
    ]  # fmt: skip
    for name, row in pools.items():
        size = max(abs(float(row["ci_low"])), abs(float(row["ci_high"])))
        for field in ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high", "tau_squared", "i_squared", "q"):
            assert float(again[name][field]) == pytest.approx(float(row[field]), rel=5e-5, abs=5e-5 * size), (name, field)


def test_the_weights_of_a_pool_are_those_of_its_effects(exported: Export) -> None:
    import numpy
    from statsmodels.stats.meta_analysis import combine_effects

    effects = [row for row in table(exported("analysis").path, "effects") if "stiffness" in row["pool"]]
    # τ² is 0, so that statsmodels' fixed effect is this pool.
    made = combine_effects(*(numpy.array([float(row[name]) for row in effects]) for name in ("yi", "vi")))
    assert made.mean_effect_fe == pytest.approx(-0.31592, rel=5e-5)
    assert [float(row["weight"]) for row in effects] == pytest.approx(list(made.weights_rel_fe), abs=1e-3)


def test_python_draws_the_pools(exported: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(exported("analysis").path)
    monkeypatch.setattr(sys, "argv", ["pools.py", str(tmp_path / "pools.pdf")])
    runpy.run_path("pools.py")
    assert (tmp_path / "pools.pdf").read_bytes().count(b"/Type /Page ") == 3


def test_an_effect_as_its_source_gives_it(exported: Export) -> None:
    effects = by_first(exported("analysis").path, "effects")
    # By hand from findings.tsv: -0.38 (-0.74 to -0.02) m/s, 111 and 112 women.
    (knapen,) = (row for row in effects.values() if row["findings"] == "finding:marjohjknapen2015-1")
    assert (knapen["scale"], knapen["unit"], knapen["larger_means"], knapen["tier"]) == ("linear", "m/s", "more", "human-trials")
    assert float(knapen["yi"]) == -0.38
    assert float(knapen["sei"]) == pytest.approx(0.72 / (2 * 1.959964), rel=1e-4)
    assert float(knapen["vi"]) == pytest.approx(float(knapen["sei"]) ** 2, rel=1e-6)
    assert [knapen[name] for name in ("form", "n1", "mean1", "sd1", "n2", "mean2", "sd2", "events1")] == [
        "MK-7", "111", "-0.36", "1.48", "112", "0.021", "1.22", "",
    ]  # fmt: skip
    # Of a ratio the logarithm, with the spread of its logarithms.
    ratios = [row for row in rows("findings") if row["effect_measure"] == "hazard ratio" and row["ci_high"]]
    assert len(ratios) == 14
    for row in ratios:
        (effect,) = (each for each in effects.values() if each["findings"] == ours("finding", row["finding"]))
        value, low, high = (float(row[name]) for name in ("value", "ci_low", "ci_high"))
        assert effect["scale"] == "log"
        assert float(effect["yi"]) == pytest.approx(math.log(value), abs=1e-8)
        assert float(effect["sei"]) == pytest.approx(math.log(high / low) / (2 * 1.959964), rel=1e-5)


def test_what_is_open_contrary_or_not_counted_stands_beside_what_shows(exported: Export, evidence: Evidence) -> None:
    folder = exported("analysis").path
    effects, claims, bearings = by_first(folder, "effects"), by_first(folder, "claims"), table(folder, "bearings")
    here = {finding: name for name, row in effects.items() for finding in row["findings"].split()}
    wanted = {
        (bearing.finding, claim.id, bearing.stance.notation, bearing.counted)
        for claim in evidence.claims.values()
        for bearing in claim.bearings
        if bearing.finding in here
    }
    assert {(row["finding"], row["claim"], row["stance"], row["counted"] == "true") for row in bearings} == wanted
    assert all(here[row["finding"]] == row["effect"] for row in bearings)
    assert {stance for _, _, stance, _ in wanted} >= {"supports", "open", "excludes", "contradicts"}
    assert all(bool(row["not_counted"]) != (row["counted"] == "true") for row in bearings)
    # No effect speaks of a claim without its standing.
    assert set(claims) == {row["claim"] for row in bearings}
    for name, row in claims.items():
        standing = evidence.claims[name].standing
        assert (row["standing"], row["result"], row["certainty"]) == (standing.label, standing.result.notation, standing.certainty.notation)
    for row in table(folder, "pools"):
        assert "not shown in human trials" in row["claims"] or "contested in human trials" in row["claims"]
        assert "certainty" in row["claims"]
    # What is left out is counted.
    (left,) = exported("analysis").left_out.values()
    assert left == len(evidence.findings) - len(here)
    # A retracted report is marked wherever its effects stand.
    retracted = {row["report"] for row in rows("reports") if row["retraction"] == "retracted"}
    assert {row["report"] for row in effects.values() if row["retraction"] == "retracted"} == retracted & {
        row["report"] for row in effects.values()
    }


def test_every_column_is_told_of_and_robvis_finds_its_own(exported: Export) -> None:
    folder = exported("analysis").path
    told = {(row["table"], row["column"]): row["meaning"] for row in table(folder, "data_dictionary")}
    for name in ("effects", "pools", "claims", "bearings", "risk_of_bias"):
        head = next(csv.reader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        assert [column for column in head if not told[name, column]] == []
    assert head[:8] == ["Study", "D1", "D2", "D3", "D4", "D5", "Overall", "Weight"]
    assert "no judgement of a panel" in told["claims", "certainty"]


def test_hostile_texts_are_cells(graph: k2graph.Graph, evidence: Evidence, tmp_path: Path) -> None:
    part = hostile(evidence.only(["claim:mk-7-level-arterial-stiffness"]), cycle(NASTY))
    find_format("analysis").write(Part(part, graph, whole=False), tmp_path)
    for name in ("effects", "pools", "claims", "bearings"):
        found = table(tmp_path, name)
        assert found
        for row in found:
            assert None not in row
            assert not [cell for cell in row.values() if cell[:1] in "=+@\t\r" and cell[:1]]


def test_a_part_without_an_effect_is_not_written(run: Run, tmp_path: Path) -> None:
    done = run("export", "analysis", "--about", "claim:bmp2-level-vascular-calcification", "--output", tmp_path / "x")
    assert (done.code, (tmp_path / "x").exists()) == (1, False)
