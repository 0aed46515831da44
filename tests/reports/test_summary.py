"""A summary of findings: its rows worked out by hand from the tables, its forms, and what is told of what nobody tested in people."""

import io
import re
from pathlib import Path

import pytest
from project import Run, rows

from k2graph import Graph, InputError
from k2graph.evidence.model import Evidence
from k2graph.reports.documents import Heading, Paragraph, Points, Table
from k2graph.reports.summary import COLUMNS, summary_of_claim


def table_of(graph: Graph, thing: str) -> dict[str, dict[str, str]]:
    (table,) = [each for each in graph.summary(thing).elements if isinstance(each, Table)]
    assert table.columns == COLUMNS
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in table.rows}


def test_a_mechanism_is_summed_up_from_its_end_along_its_chain(graph: Graph) -> None:
    found = table_of(graph, "mgp-calcification-events")
    # Its end, then what vitamin K2 was tried to reach: step 2 yields carboxylated MGP, step 3 vascular calcification.
    assert list(found) == [
        "Vitamin K2 lowers the risk of cardiovascular events",
        "Vitamin K2 increases the level of carboxylated MGP",
        "Vitamin K2 lowers vascular calcification",
    ]
    # vriese-2020 alone counted events: rate ratio 0.82 without an interval, in 132 people on dialysis.
    end = found["Vitamin K2 lowers the risk of cardiovascular events"]
    assert end["Evidence"].startswith("human trials: 1 (0 show it, 1 leave it open")
    assert end["Given"] == "vitamin K2, 2 mg three times a week, 18 months"
    assert end["Effect"] == "An S De Vriese 2021, cardiovascular events: rate ratio 0.82"
    assert end["Result"] == "not shown in human trials (1)"
    assert end["Certainty"] == "very low [1]"
    (points,) = [each for each in graph.summary("mgp-calcification-events").elements if isinstance(each, Points)][:1]
    assert "indirectness by 1 (all of it in one group: people on dialysis)" in points.texts[0]
    # A claim that only the mechanism implies has its steps too.
    assert re.match(r"\[2\] Vitamin K2 increases the level of carboxylated MGP: low\. Lowered for .+ Not for .+\.$", points.texts[1])


def test_an_outcome_is_summed_up_by_claim_and_what_nobody_tested_stands_apart(graph: Graph) -> None:
    found = table_of(graph, "muscle cramps")
    about = {row["label"] for row in rows("claims") if row["object"] == "muscle-cramps"}
    assert about >= found.keys() > set()
    elements = graph.summary("muscle strength").elements
    headings = [each.text for each in elements if isinstance(each, Heading)]
    assert headings == ["Summary of findings: muscle strength", "Certainty, claim by claim", "Not tested in people"]
    last = elements[-1]
    assert isinstance(last, Points)
    tested = table_of(graph, "muscle strength").keys()
    told = " ".join(last.texts)
    others = {row["label"] for row in rows("claims") if "muscle-strength" in (row["subject"], row["object"])} - tested
    assert others
    assert all(label in told for label in others)


def test_where_trials_are_pooled_the_pool_is_told_and_else_each_number(graph: Graph) -> None:
    # Three trials on stiffness, in m/s; the other four told no interval in that unit.
    row = table_of(graph, "claim:mk-7-level-arterial-stiffness")["MK-7 lowers arterial stiffness"]
    (pooled,) = graph.ask("pooled-estimates", claim="mk-7-level-arterial-stiffness")
    assert row["Effect"].startswith(f"pooled: arterial stiffness: mean difference {pooled['estimate']:.3g} (")
    assert "m/s, 3 trials" in row["Effect"]
    # In words: who, how much, how sure, why not surer.
    told = summary_of_claim(graph, graph.find("claim", "mk-7-level-arterial-stiffness"))
    assert told is not None
    assert told.in_words.startswith("Human trials, 7 independent investigations: 3 show it, 4 leave it open")
    assert "Pooled: arterial stiffness" in told.in_words
    assert "Certainty is very low (GRADE-informed, derived): lowered for risk of bias by 1" in told.in_words
    assert "imprecision by 1 (851 people; none and an important effect are both left open)." in told.in_words
    (block,) = [each for each in graph.explain("mk-7-level-arterial-stiffness").blocks if each.heading == "In short"]
    assert block.lines == [told.in_words]


def test_what_was_tested_in_no_people_has_no_row(graph: Graph) -> None:
    assert summary_of_claim(graph, graph.find("claim", "menadione-metabolised-to-mk-4")) is None
    elements = graph.summary("claim:menadione-metabolised-to-mk-4").elements
    assert Paragraph("None of its claims was tested in people.") in elements
    assert not [each for each in elements if isinstance(each, Table)]
    assert "In short" not in [each.heading for each in graph.explain("menadione-metabolised-to-mk-4").blocks]


@pytest.mark.slow
def test_the_three_forms_say_the_same(graph: Graph, run: Run, tmp_path: Path) -> None:
    import docx
    from markdown_it import MarkdownIt

    thing = "mgp-calcification-events"
    cells = [list(row.values()) for row in table_of(graph, thing).values()]
    read = MarkdownIt().enable("table").render(run("summary", thing).out)
    for text in ("<table>", "Vitamin K2 lowers vascular calcification", "ratio of means 0.85 (0.55 to 1.31)"):
        assert text in read
    page = run("summary", thing, "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<tr>") == len(cells) + 1
    for name in ("one.docx", "two.docx"):
        assert run("summary", thing, "--output", tmp_path / name).code == 0
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    (table,) = docx.Document(io.BytesIO((tmp_path / "one.docx").read_bytes())).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [list(COLUMNS), *cells]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("study:emaus-2010",),
            "study:emaus-2010: findings are summed up for a mechanism, an entity or a claim, and this is of the kind 'study'",
        ),
        (("osteocalcn",), "nothing is called 'osteocalcn'; did you mean 'osteocalcin'"),
        (("mk-7", "--format", "docx"), "a Word document goes into a file: name it with --output"),
        (("mk-7", "--format", "md", "--output", "x.html"), "x.html: the ending says html, and md was asked for; leave one of them out"),
        (("mk-7", "--output", "x.ttl"), "x.ttl: the ending says Turtle, which is not what is written; name a file that ends in .md"),
    ],
)
def test_what_cannot_be_summed_up_is_one_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("summary", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"k2graph: {message}")
    assert not list(tmp_path.iterdir())


def test_a_thing_of_no_claim_is_one_error(graph: Graph, evidence: Evidence) -> None:
    lonely = next(name for name, entity in evidence.entities.items() if not evidence.claims_of.get(entity.id))
    with pytest.raises(InputError, match="no claim is about it"):
        graph.summary(lonely)
