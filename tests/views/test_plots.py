"""Forest and funnel plots: what stands in them, that it can be read, and their forms."""

import csv
import io
import itertools
import math
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from debian import program
from project import Run

import k2graph
from k2graph.evidence.model import Evidence

if TYPE_CHECKING:
    from k2graph.views.plots import Plot

pytestmark = pytest.mark.extras

STIFFNESS = "mk-7-level-arterial-stiffness"
#: Half of the width of a 95% interval in standard errors.
Z = 1.959964


def drawn(evidence: Evidence, *claims: str) -> "Iterator[Plot]":
    from k2graph.views.plots import forests, plots_of

    for claim in claims or evidence.claims:
        for forest in forests(evidence, evidence.claims[claim]):
            yield from plots_of(forest)


def rows(plot: "Plot") -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(plot.to_csv().decode(), newline=""))]


def texts(plot: "Plot") -> list[tuple[str, float]]:
    """The texts of the picture with how far from above each stands, in their order."""
    found = [(each.text or "", float(each.attrib["y"])) for each in ET.fromstring(plot.to_svg()).iter() if each.tag.endswith("}text")]
    return sorted(found, key=lambda each: each[1])


@pytest.fixture(scope="module")
def stiffness(graph: k2graph.Graph) -> "Plot":
    return graph.plots(STIFFNESS)[0]


class TestWhatIsPooled:
    def test_weights_are_those_of_the_formula(self, graph: k2graph.Graph, stiffness: "Plot") -> None:
        # 1/(error² + τ²) of the intervals in findings.tsv; τ² is 0.
        ends = {"Knapen 2015": (-0.74, -0.02), "Eelderink 2023": (-0.55, -0.11), "Haroon 2023": (-0.5, 1.6)}
        weights = {name: ((high - low) / 2 / Z) ** -2 for name, (low, high) in ends.items()}
        pooled = [row for row in rows(stiffness) if row["block"] == "pooled"]
        assert {row["label"] for row in pooled} == set(ends)
        for row in pooled:
            share = weights[row["label"]] / sum(weights.values())
            assert float(row["weight"]) == pytest.approx(share, rel=5e-3)
            assert f"{100 * float(row['weight']):.1f}%" in dict(texts(stiffness))
        # Time in range: errors from the intervals, τ² 8.0556 as the pool has it; one trial's three doses are one row.
        time = next(plot for plot in graph.plots("vitamin-k1-level-time-in-therapeutic-range") if plot.forest.pools)
        pooled = [row for row in rows(time) if row["block"] == "pooled"]
        by_hand = {"3.6": 1 / (2.2449**2 + 8.0556), "13.0": 1 / (4.847**2 + 8.0556), "1.9": 1 / (2.6617**2 + 8.0556)}
        assert {row["estimate"]: float(row["weight"]) for row in pooled} == {
            estimate: pytest.approx(weight / sum(by_hand.values()), rel=5e-3) for estimate, weight in by_hand.items()
        }
        assert [row["label"].endswith("2011, 3 results combined") for row in pooled if row["estimate"] == "1.9"] == [True]

    def test_a_diamond_stands_under_what_it_pools_and_nothing_else(self, evidence: Evidence, stiffness: "Plot") -> None:
        pools = {pool.id: pool for claim in evidence.claims.values() for pool in claim.pooled}
        for plot in drawn(evidence):
            for block in plot.forest.blocks:
                assert {finding.id for row in block.rows for finding in row.findings} == set(pools[block.pool.id].findings)
                assert len(block.rows) == block.pool.trials
        blocks = [row["block"] for row in rows(stiffness)]
        # Three kinds of participants and two of status make five subgroups.
        assert blocks == ["pooled"] * 3 + ["pool", "prediction"] + ["subgroup"] * 5 + ["beside"] * 2 + ["without"] * 3
        at = dict(texts(stiffness))
        order = ["Haroon 2023", "pooled, 3 studies", "prediction interval", "Knapen 2015 (2)", "Naiyarakseree 2023"]
        assert [at[name] for name in order] == sorted(at[name] for name in order)
        assert "not pooled: the same investigation speaks through a" in " ".join(at)

    def test_the_pool_is_told_as_the_graph_has_it(self, evidence: Evidence, stiffness: "Plot") -> None:
        pool = evidence.claims[f"claim:{STIFFNESS}"].pooled[0]
        at = " ".join(text for text, _ in texts(stiffness))
        assert "−0.32 [−0.79 to 0.16]" in at
        assert "k = 3, τ² = 0, I² = 0%, Q = 2.75" in at
        assert "restricted maximum likelihood" in at
        assert {"pool": (pool.ci_low, pool.ci_high), "prediction": (pool.prediction_low, pool.prediction_high)} == {
            row["block"]: (float(row["ci_low"]), float(row["ci_high"])) for row in rows(stiffness) if row["block"] in {"pool", "prediction"}
        }


class TestWhatElseStandsInIt:
    def test_effects_stand_as_reported_with_arms_and_doses(self, stiffness: "Plot") -> None:
        at = [text for text, _ in texts(stiffness)]
        assert {"−0.38 [−0.74 to −0.02]", "0.55 [−0.50 to 1.60]", "180 µg/d", "244", "−0.36 ± 1.48 (111)", "0.021 ± 1.22 (112)"} <= {*at}

    def test_what_counts_and_has_no_estimate_is_listed(self, evidence: Evidence, stiffness: "Plot") -> None:
        assert "no significant gain in pulse wave velocity over 24 weeks" in dict(texts(stiffness))
        for plot in drawn(evidence):
            claim = plot.forest.claim
            tier = claim.standing.tier.id
            counted = {
                bearing.finding
                for bearing in claim.bearings
                if bearing.counted
                and evidence.facts.one(evidence.findings[bearing.finding].level.id, "k2g:tier") == tier
                and evidence.findings[bearing.finding].ci_low is None
                and not evidence.facts.all(bearing.finding, "k2g:readsEstimate")
            }
            assert counted <= {finding.id for row in plot.forest.without for finding in row.findings}, claim.id

    def test_sides_follow_which_way_is_better(self, evidence: Evidence) -> None:
        sides = {plot.forest.claim.id: plot.forest.sides for plot in drawn(evidence) if not any(f.is_inverse for f in first(plot))}
        # Entities.tsv: of stiffness less is better, of bone density more, of INR neither.
        assert sides[f"claim:{STIFFNESS}"] == ("favours MK-7", "favours comparison")
        assert sides["claim:vitamin-k-level-bone-mineral-density"] == ("favours comparison", "favours vitamin K")
        assert sides["claim:vitamin-k-level-inr"] == ("lower INR", "higher INR")

    def test_an_inverse_marker_has_a_plot_of_its_own_that_names_it(self, evidence: Evidence) -> None:
        # Less undercarboxylated osteocalcin tells of more carboxylated: on one axis they would run against each other.
        seen = set()
        for plot in drawn(evidence, *(name for name in evidence.claims if name.endswith("level-carboxylated-osteocalcin"))):
            outcomes = {finding.object for finding in first(plot)}
            assert len(outcomes) == 1
            name = evidence.name(outcomes.pop())
            assert plot.forest.outcome == name
            assert plot.forest.sides == (f"lower {name}", f"higher {name}")
            seen.add(name)
        assert "undercarboxylated osteocalcin" in seen

    def test_what_would_not_matter_is_a_band(self, stiffness: "Plot", evidence: Evidence) -> None:
        # important_differences.tsv: 1 m/s of pulse wave velocity.
        assert stiffness.forest.band == (-1.0, 1.0)
        assert "Band: effects from −1 to 1 m/s would not matter." in dict(texts(stiffness))
        ratio = next(plot for plot in drawn(evidence, "claim:vitamin-k-risk-fracture") if plot.forest.is_ratio)
        assert ratio.forest.band == (0.75, 1.25)
        assert ratio.forest.is_default

    def test_no_two_rows_are_called_alike(self, evidence: Evidence) -> None:
        for plot in drawn(evidence):
            labels = Counter(row["label"] for row in rows(plot) if row["block"] in {"pooled", "beside", "without"})
            assert [label for label, count in labels.items() if count > 1] == [], plot.forest.claim.id


def first(plot: "Plot") -> list[k2graph.evidence.model.Finding]:
    return [finding for row in plot.forest.rows for finding in row.findings]


class TestItCanBeRead:
    def test_no_text_is_cut_or_lies_on_another(self, evidence: Evidence) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.text import Text

        wrong = []
        for plot in itertools.islice(drawn(evidence), 0, None, 6):
            figure = plot.picture.figure()
            figure.set_dpi(96)
            renderer = FigureCanvasAgg(figure).get_renderer()
            boxes = [(each.get_text(), each.get_window_extent(renderer)) for each in figure.findobj(Text) if each.get_text()]
            width, height = figure.bbox.width, figure.bbox.height
            wrong += [(text, plot.forest.claim.id) for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
            for (one, a), (other, b) in itertools.combinations(boxes, 2):
                # A line's box is higher than its letters: two lines may touch.
                if a.x0 + 1 < b.x1 and b.x0 + 1 < a.x1 and a.y0 + 3 < b.y1 and b.y0 + 3 < a.y1:
                    wrong.append((one, other, plot.forest.claim.id))
        assert wrong == []

    def test_letters_are_large_enough(self, evidence: Evidence) -> None:
        # A window of 1280 pixels has 1216 for what is on the page; what is wider is moved, never made smaller.
        for plot in drawn(evidence):
            assert {item.size for item in plot.picture.items if hasattr(item, "size")} <= {11.0, 12.0}
            assert plot.picture.width < 1400

    def test_hostile_names_stay_text(self, evidence: Evidence) -> None:
        claim = evidence.claims[f"claim:{STIFFNESS}"]
        findings = {bearing.finding for bearing in claim.bearings}
        nasty = replace(
            evidence,
            reports={name: replace(each, first_author_name='=cmd|"<script>$\\frac{x$') for name, each in evidence.reports.items()},
            findings={
                name: replace(each, dose="@SUM(1)", reported="<b>\u202e" + "x" * 70_000) if name in findings else each
                for name, each in evidence.findings.items()
            },
        )
        plot = next(drawn(nasty, claim.id))
        assert any(text.startswith('=cmd|"<script>$\\frac{x$') for text, _ in texts(plot))
        assert b"\xe2\x80\xae" not in plot.to_svg()
        cells = [cell for row in rows(plot) for cell in row.values()]
        assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"}]
        assert "'@SUM(1)" in cells
        assert plot.to_png().startswith(b"\x89PNG")
        # The scripts hold no word of a graph.
        assert (plot.to_r(), plot.to_python()) == next((each.to_r(), each.to_python()) for each in drawn(evidence, claim.id))


def test_the_same_numbers_give_the_same_bytes(graph: k2graph.Graph) -> None:
    one, other = graph.plots(STIFFNESS)[0], graph.plots(STIFFNESS)[0]
    for form in ("svg", "png", "pdf", "csv"):
        assert getattr(one, f"to_{form}")() == getattr(other, f"to_{form}")(), form
    # 300 dots an inch: so many as the picture has pixels of a page, by 300/96.
    assert int.from_bytes(one.to_png()[16:20], "big") == pytest.approx(one.picture.width * 300 / 96, abs=1)


def test_a_funnel_is_drawn_from_ten_studies_on(evidence: Evidence) -> None:
    """Of synthetic studies, since no pool of the graph has ten."""
    claim = evidence.claims[f"claim:{STIFFNESS}"]
    pool = claim.pooled[0]
    made = [(0.1 * place - 0.8, 0.1 + 0.02 * place) for place in range(12)]
    parts = tuple(
        replace(
            pool.parts[place % 3], id=f"synthetic:{place}", investigation=f"synthetic:{place}",
            value=value, ci_low=value - Z * error, ci_high=value + Z * error, share=1 / 12,
        )
        for place, (value, error) in enumerate(made)
    )  # fmt: skip

    def plots(several: int) -> "list[Plot]":
        some = replace(pool, trials=several, parts=parts[:several])
        return [*drawn(replace(evidence, claims={claim.id: replace(claim, pooled=(some,))}), claim.id)]

    assert [plot.kind for plot in plots(9)].count("funnel") == 0
    funnel = next(plot for plot in plots(12) if plot.kind == "funnel")
    tree = ET.fromstring(funnel.to_svg())
    discs = [tuple(float(each.attrib[name]) for name in ("cx", "cy")) for each in tree.iter() if each.tag.endswith("}circle")]
    # From above: by their errors, which grow from one to the next.
    discs.sort(key=lambda disc: disc[1])
    assert len(discs) == 12
    corners = next(each.attrib["d"] for each in tree.iter() if each.tag.endswith("}path") and each.attrib["d"].endswith("Z"))
    (top_x, top_y), (right, bottom), (left, _) = (tuple(map(float, point.split())) for point in corners.strip("MZ").split("L"))
    for (value, error), (x, y) in zip(made, discs, strict=True):
        half = (right - left) / 2 * (y - top_y) / (bottom - top_y)
        # A study lies outside the limits where it is more than 1.96 of its errors away from the pooled estimate.
        assert (abs(x - top_x) > half) == (abs(value - pool.value) > Z * error), (value, error)


def divided(evidence: Evidence) -> "Plot":
    """Of synthetic studies, since no subgroup of the graph has three: three of MK-7, three of K1, and one of MK-4 in people on dialysis."""
    claim = evidence.claims[f"claim:{STIFFNESS}"]
    pool = claim.pooled[0]
    finding = evidence.findings[pool.findings[0]]
    study = evidence.studies[finding.study]
    forms = ["entity:mk-7"] * 3 + ["entity:vitamin-k1"] * 3 + ["entity:mk-4"]
    # Each has an error of 0.5. Within a form the variance of what was found is 0.36, and so τ² 0.36 - 0.25.
    values = [-1.6, -1.0, -0.4, -0.4, 0.2, 0.8, 0.0]
    findings, studies, parts = {}, {}, []
    for place, (form, value) in enumerate(zip(forms, values, strict=True)):
        name = f"finding:synthetic-{place}"
        people = ("entity:dialysis-patients",) if place == 6 else ("entity:older-adults",) if place else ()
        studies[f"study:synthetic-{place}"] = replace(study, id=f"study:synthetic-{place}", participants=people)
        findings[name] = replace(finding, id=name, subject=form, study=f"study:synthetic-{place}", investigation=f"study:synthetic-{place}")
        ends = {"value": value, "ci_low": value - Z / 2, "ci_high": value + Z / 2}
        parts.append(
            replace(pool.parts[0], id=f"part:{place}", investigation=f"study:synthetic-{place}", findings=(name,), share=1 / 7, **ends)
        )
    pool = replace(pool, trials=7, parts=tuple(parts), findings=tuple(findings))
    claim = replace(claim, pooled=(pool,), bearings=())
    made = replace(evidence, claims={claim.id: claim}, findings=evidence.findings | findings, studies=evidence.studies | studies)
    return next(drawn(made, claim.id))


class TestSubgroups:
    def test_each_large_enough_has_its_own_row_and_the_difference_is_tested(self, evidence: Evidence) -> None:
        plot = divided(evidence)
        # By hand: a mean has the error √(0.36 / 3) = 0.34641, and Student's t of two degrees of freedom is 4.30265.
        half = 4.30265 * 0.34641
        forms = {row["label"]: row for row in rows(plot) if row["block"] == "subgroup" and row["by"] == "form"}
        assert {name: row["k"] for name, row in forms.items()} == {"MK-4": "1", "MK-7": "3", "vitamin K1 (phylloquinone)": "3"}
        for name, mean in (("MK-7", -1.0), ("vitamin K1 (phylloquinone)", 0.2)):
            numbers = [float(forms[name][column]) for column in ("estimate", "ci_low", "ci_high", "standard_error", "tau_squared")]
            assert numbers == pytest.approx([mean, mean - half, mean + half, 0.34641, 0.11], abs=2e-4)
        assert forms["MK-4"]["estimate"] == ""
        # Means 1.2 apart, each with the variance 0.12: Q is 1.44 / 0.24. Of chi-squared with one degree of freedom 6 leaves 0.0143.
        (tested,) = (row for row in rows(plot) if row["block"] == "difference" and row["by"] == "form")
        assert [float(tested[name]) for name in ("q", "degrees_of_freedom", "p_value")] == pytest.approx([6, 1, 0.014306], abs=2e-3)
        at = dict(texts(plot))
        assert {"by form", "MK-7, 3 studies", "−1.00 [−2.49 to 0.49]", "Not pooled: MK-4 (1).", "by participants"} <= {*at}
        assert at["pooled, 7 studies"] < at["by form"] < at["MK-7, 3 studies"] < at["Not pooled: MK-4 (1)."] < at["by participants"]
        assert "Test of difference: Q = 6.00, 1 degree of freedom, p = 0.014." in " ".join(text for text, _ in texts(plot))

    def test_what_records_do_not_name_is_counted_and_one_group_alone_is_held_against_none(self, evidence: Evidence) -> None:
        people = next(each for each in divided(evidence).forest.blocks[0].divisions if each.by == "participants")
        assert {group.label: (group.trials, group.pooled is None) for group in people.groups} == {
            "older adults": (5, False), "people on dialysis": (1, True),
        }  # fmt: skip
        assert (people.silent, people.tested) == (1, None)
        at = " ".join(text for text, _ in texts(divided(evidence)))
        assert "Not pooled: people on dialysis (1); not known (1)." in at
        assert "Whether the subgroups differ is not tested" in at

    def test_of_the_graph_they_are_named_with_how_many_and_change_nothing(self, evidence: Evidence, stiffness: "Plot") -> None:
        # studies.tsv: healthy postmenopausal women, transplant recipients and people on dialysis; two of the three deficient.
        kinds = {(row["by"], row["label"], row["k"], row["estimate"]) for row in rows(stiffness) if row["block"] == "subgroup"}
        assert kinds == {
            ("participants", "healthy adults, postmenopausal women", "1", ""),
            ("participants", "kidney transplant recipients", "1", ""),
            ("participants", "people on dialysis", "1", ""),
            ("nutrient_status", "deficient", "2", ""),
            ("nutrient_status", "unselected", "1", ""),
        }
        at = " ".join(text for text, _ in texts(stiffness))
        assert "By nutrient status, none pooled: deficient (2); unselected (1)." in at
        assert "Subgroups are pooled from 3 studies on" in at
        assert "where the claim stands rests on none of them" in at
        pool = evidence.claims[f"claim:{STIFFNESS}"].pooled[0]
        assert [block.pool for block in stiffness.forest.blocks] == [pool]

    def test_where_studies_agree_more_than_their_errors_let_expect_nothing_is_tested(self) -> None:
        from k2graph.building.effect_sizes import Effect
        from k2graph.building.random_effects import difference, pool

        alike, apart = ([Effect(value, 0.5) for value in values] for values in ((1.0, 1.01, 0.99), (-1.6, -1.0, -0.4)))
        assert difference([pool(alike), pool(apart)]) is None
        assert difference([pool(apart), pool(apart)]) is not None


class TestTheCommand:
    @pytest.mark.parametrize(
        ("ending", "begins"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".csv", b"block,"), (".R", b"#"), (".py", b"#")]
    )
    def test_it_writes_what_the_ending_says(self, run: Run, tmp_path: Path, ending: str, begins: bytes) -> None:
        place = tmp_path / f"forest{ending}"
        code, out, err = run("plot", STIFFNESS, "--output", place)
        assert (code, out) == (0, "")
        assert place.read_bytes().startswith(begins)
        assert f"{place}: {place.stat().st_size:,} bytes" in err
        assert "> 1 forest: mean difference, m/s" in err

    def test_another_plot_of_the_claim_and_none(self, run: Run) -> None:
        assert "mean difference" in run("plot", STIFFNESS, "--number", "2", "--format", "csv").out
        assert run("plot", STIFFNESS, "--number", "9").err.endswith("and no plot 9\n")
        code, out, err = run("plot", "gas6-level-axl")
        assert (code, out) in {(1, ""), (2, "")}
        assert err.startswith("k2graph: ")

    def test_what_no_terminal_shows_goes_into_a_file(self, run: Run, tmp_path: Path) -> None:
        code, out, err = run("plot", STIFFNESS, "--format", "png")
        assert (code, out, err) == (2, "", "k2graph: png goes into a file: name it with --output\n")
        assert run("plot", STIFFNESS, "--format", "png", "--output", tmp_path / "x.pdf").code == 2
        assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
class TestTheScripts:
    def test_r_pools_the_rows_to_the_same_numbers(self, stiffness: "Plot", tmp_path: Path) -> None:
        (tmp_path / "plot.csv").write_bytes(stiffness.to_csv())
        (tmp_path / "forest.R").write_bytes(stiffness.to_r())
        rscript = program("Rscript", "r-base-core", "r-cran-metafor")
        done = subprocess.run(
            [rscript, "--vanilla", "forest.R", "plot.csv", "plot.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "plot.pdf").read_bytes().startswith(b"%PDF")
        printed = [float(word) for word in done.stdout.splitlines()[-2].split()]
        pool = stiffness.forest.pools[0]
        ours = (pool.value, pool.ci_low, pool.ci_high, pool.prediction_low, pool.prediction_high)
        assert printed == pytest.approx(ours, abs=2e-4)

    def test_r_pools_the_subgroups_to_the_same_numbers(self, evidence: Evidence, tmp_path: Path) -> None:
        plot = divided(evidence)
        (tmp_path / "plot.csv").write_bytes(plot.to_csv())
        (tmp_path / "forest.R").write_bytes(plot.to_r())
        rscript = program("Rscript", "r-base-core", "r-cran-metafor")
        command = [rscript, "--vanilla", "forest.R", "plot.csv", "plot.pdf"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        lines = [line.split() for line in done.stdout.splitlines()]
        predicted = [[float(word) for word in lines[place + 1]] for place, words in enumerate(lines) if words[:1] == ["pred"]]
        # The pool, two forms, and the participants of whom there are five.
        assert [each[0] for each in predicted[1:3]] == pytest.approx([-1.0, 0.2], abs=2e-4)
        half = 4.30265 * 0.34641
        assert [each[1 if len(each) == 5 else 2] for each in predicted[1:3]] == pytest.approx([-1 - half, 0.2 - half], abs=2e-3)
        assert [float(word) for word in lines[-1][-2:]] == pytest.approx([6.0, 0.0143], abs=1e-3)
        assert (tmp_path / "plot.pdf").read_bytes().startswith(b"%PDF")

    def test_python_draws_the_rows(self, evidence: Evidence, tmp_path: Path) -> None:
        for number, plot in enumerate(drawn(evidence, f"claim:{STIFFNESS}", "claim:vitamin-k-risk-fracture")):
            (tmp_path / "plot.csv").write_bytes(plot.to_csv())
            (tmp_path / "forest.py").write_bytes(plot.to_python())
            subprocess.run([sys.executable, "forest.py", "plot.csv", f"{number}.png"], cwd=tmp_path, check=True)
            assert (tmp_path / f"{number}.png").stat().st_size > 5_000
            if number == 2:
                break


def test_a_scale_has_round_numbers_that_do_not_touch() -> None:
    from k2graph.views.plots.scale import scale_of

    ratios = scale_of([(0.51, 0.32, 0.79), (2.94, 1.1, 8.2)], [1.0], is_ratio=True, left=0.0, length=240.0)
    assert 1.0 in ratios.ticks()
    assert len(ratios.ticks()) >= 4
    # One interval a hundred times as wide as the others does not press them together.
    scale = scale_of([(0, -1, 1), (0, -1, 1), (0, -1, 1), (0, -100, 100)], [0.0], is_ratio=False, left=0.0, length=240.0)
    assert scale.high < 10
    assert not scale.holds(100)
    assert scale.at(100) == 240.0
    assert math.isclose(scale.at(0), 120.0)
