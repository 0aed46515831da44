"""No rule and no question takes longer than in line with the graph, on synthetic claims of two sizes; see benchmarks/growth.py."""

import dataclasses
from collections.abc import Callable
from functools import cache
from pathlib import Path

import growth
import pytest
import synthetic
from project import Folder

from k2graph import iris, resources
from k2graph.curation.reader import read_tables
from k2graph.errors import TableFaults
from k2graph.ontology import Vocabulary
from k2graph.sparql.questions import read_questions
from k2graph.sparql.rules import read_rules

pytestmark = pytest.mark.slow

#: What grows with the square of the claims has 2.
MOST = 1.3
#: How many copies of a part of the real tables, which is one in eight of their claims and what bears on them.
SMALL, LARGE = 1, 5
#: Asked where a slope is above: leaving a processor's caches bends a slope once, what grows with the square is as steep further on.
LARGER = 16
#: Seconds at the larger size that tell a slope from noise; a question's are the best of several runs. What grew with the square has taken
#: far longer there.
TELLING = {"steps": 0.15, "questions": 0.03}


@pytest.fixture(scope="module")
def measure(eighth: Path) -> Callable[..., growth.Measured]:
    """Measure so many copies of the part; of several times each step's and question's shortest counts."""
    tables = eighth.parent / "tables"
    in_part = len(Folder(tables, Vocabulary()).lines("claims")) - 1

    @cache
    def measured(copies: int, times: int = 1) -> growth.Measured:
        found = growth.measure(copies * in_part, tables=tables)
        if times == 1:
            return found
        before = measured(copies, times - 1)
        shortest = {
            what: {name: min(seconds, getattr(before, what)[name]) for name, seconds in getattr(found, what).items()} for what in TELLING
        }
        return dataclasses.replace(found, **shortest)

    return measured


@pytest.mark.parametrize("what", ["steps", "questions"])
def test_nothing_grows_faster_than_the_graph(measure: Callable[..., growth.Measured], what: str) -> None:
    measured = [measure(SMALL), measure(LARGE)]
    small, large = (getattr(each, what) for each in measured)
    telling = {name for name, seconds in large.items() if seconds >= TELLING[what]}
    assert telling
    steep = _above(measured, what, telling)
    if steep:  # beside other work a step may take longer once
        steep = _above([measure(SMALL, 2), measure(LARGE, 2)], what, set(steep))
    if steep:
        steep = _above([measured[1], measure(LARGER)], what, set(steep))
    assert steep == {}
    assert {rule.name for rule in read_rules()} <= set(measured[0].steps)
    assert {question.name for question in read_questions()} == set(measured[0].questions)
    assert set(small) == set(large)


def _above(measured: list[growth.Measured], what: str, names: set[str]) -> dict[str, float]:
    slopes = growth.exponents((each.claims, {name: getattr(each, what)[name] for name in names}) for each in measured)
    return {name: slope for name, slope in slopes.items() if slope > MOST}


def test_an_exponent_is_the_slope_between_sizes() -> None:
    times = [(claims, {"linear": claims / 1000, "square": claims**2 / 1e6, "short": 0.001}) for claims in (1_000, 10_000, 100_000)]
    slopes = growth.exponents(times)
    assert slopes == pytest.approx({"linear": 1.0, "square": 2.0})


def test_synthetic_tables_have_the_shape_of_the_real_ones_and_say_that_they_are_synthetic(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert synthetic.write_tables(tmp_path / "one", 1_200) == 2
    synthetic.write_tables(tmp_path / "two", 1_200)
    synthetic.write_tables(tmp_path / "other", 1_200, seed=2)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        real = (resources.TABLES / path.name).read_text(encoding="utf-8").splitlines()
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == real[0]
        assert len(lines) - 1 == (1 if path.name == "organisms.tsv" else 2) * (len(real) - 1)
        assert all("synthetic" in line for line in lines[1:])
    assert (tmp_path / "one" / "findings.tsv").read_bytes() != (tmp_path / "other" / "findings.tsv").read_bytes()
    try:
        tables = read_tables(tmp_path / "one", vocabulary)
    except TableFaults as error:
        pytest.fail(str(error))
    assert not [row for row in tables.rows["reports"] if row["pmid"] or row["pmcid"] or row["doi"]]
    assert not [row for row in tables.rows["studies"] if row["registry"]]
    kinds = {"report": "reports", "study": "studies", "claim": "claims", "finding": "findings", "interaction": "interactions"}
    there = {iris.ours(kind, row.identity).value for kind, table in kinds.items() for row in tables.rows[table]}
    assert {row["new"] for row in tables.rows["redirects"]} <= there


def test_a_lean_graph_holds_what_its_findings_rest_on_and_no_more(tmp_path: Path, vocabulary: Vocabulary) -> None:
    synthetic.write_tables(tmp_path / "lean", 600, lean=True)
    tables = read_tables(tmp_path / "lean", vocabulary)
    findings, studies = tables.rows["findings"], tables.rows["studies"]
    assert len(findings) < len(tables.rows["claims"]) / 5
    made = {row["study"] for row in findings}
    assert {row["study"] for row in studies} == made | {row["within"] for row in studies if row["within"]}
    read = {row["report"] for row in findings} | {report for row in studies for report in row["reports"]}
    assert {row["report"] for row in tables.rows["reports"]} == read
    assert {row["study"] for row in tables.rows["arms"]} <= made
    assert {row["arm"] for row in findings} - {None} <= {row["arm"] for row in tables.rows["arms"]}
