"""Tables of the site filter by words, values and ranges, sort, and give away what is left."""

import csv
import re
from pathlib import Path

import pytest
from browser import Open, serious

from k2graph.evidence.model import Evidence

pytestmark = pytest.mark.browser

LEFT = "document.querySelectorAll('table.filterable tbody tr:not([hidden])').length"


def test_facets_leave_what_they_say_and_the_address_keeps_them(site: Path, visit: Open, evidence: Evidence) -> None:
    studies = [study for study in evidence.studies.values() if study.design]
    dutch = [study for study in studies if "Netherlands" in study.country]
    trials = [study for study in dutch if study.design and study.design.label == "randomised controlled trial"]
    large = [study for study in trials if (study.n or 0) >= 200]
    assert len(dutch) > len(trials) > len(large) > 0
    here = visit(site / "studies.html")
    assert here.page.evaluate(LEFT) == len(studies)
    here.page.click(".facet summary:text-is('country')")
    here.page.check("input[data-value='Netherlands']")
    assert here.page.evaluate(LEFT) == len(dutch)
    here.page.click(".facet summary:text-is('design')")
    # The count beside a value is of what the other filters leave.
    option = here.page.locator("label", has=here.page.locator("[data-value='randomised controlled trial']"))
    assert option.locator(".soft").inner_text() == str(len(trials))
    here.page.check("input[data-value='randomised controlled trial']")
    assert here.page.evaluate(LEFT) == len(trials)
    here.page.click(".facet summary:text-is('n')")
    here.page.fill("[aria-label='n: at least']", "200")
    assert here.page.evaluate(LEFT) == len(large)
    here.page.reload()
    assert here.page.evaluate(LEFT) == len(large)
    assert here.page.locator(".facets [role=status]").inner_text() == f"{len(large)} of {len(studies)}"
    here.page.click(".facets button:text-is('Reset')")
    assert here.page.evaluate(LEFT) == len(studies)


def test_a_column_sorts_by_its_numbers_and_what_is_empty_stands_last(site: Path, visit: Open) -> None:
    here = visit(site / "studies.html")
    numbers = "[...document.querySelectorAll('#studies-table tbody tr')].map((row) => row.cells[7].textContent)"
    for press, way in enumerate(("ascending", "descending")):
        here.page.click("#studies-table th:nth-child(8) button")
        assert here.page.get_attribute("#studies-table th:nth-child(8)", "aria-sort") == way
        texts = here.page.evaluate(numbers)
        filled = [int(text) for text in texts if text]
        assert texts[: len(filled)] == [str(number) for number in sorted(filled, reverse=bool(press))]
        assert not any(texts[len(filled) :])


def test_heads_stay_in_sight(site: Path, visit: Open) -> None:
    here = visit(site / "findings.html")
    here.page.evaluate("document.querySelector('.scroll').scrollTop = 3000")
    head, frame = (here.page.locator(each).bounding_box() for each in ("#findings-table thead th >> nth=0", ".scroll"))
    assert head is not None
    assert frame is not None
    assert head["y"] == pytest.approx(frame["y"], abs=2)


def test_what_is_left_can_be_taken_away(site: Path, visit: Open, tmp_path: Path, evidence: Evidence) -> None:
    here = visit(site / "findings.html")
    here.page.click(".facet summary:text-is('on what')")
    here.page.check("input[data-value='arterial stiffness']")
    here.page.keyboard.press("Escape")  # the list of values lies over what is beneath it
    expected = [finding for finding in evidence.findings.values() if finding.object == "entity:arterial-stiffness"]
    files = {}
    for label in ("CSV", "BibTeX", "RIS"):
        with here.page.expect_download() as waiting:
            here.page.click(f".facets .actions button:text-is('{label}')")
        files[label] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[label])
    with files["CSV"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(expected)
    assert {row["on what"] for row in rows} == {"arterial stiffness"}
    reports = {finding.report for finding in expected}
    assert len(re.findall(r"^@", files["BibTeX"].read_text("utf-8"), re.MULTILINE)) == len(reports)
    assert files["RIS"].read_text("utf-8").count("ER  -") == len(reports)


def test_every_row_of_an_answer_that_names_a_thing_has_a_link(site: Path) -> None:
    for question in ("evidence-by-form-and-outcome", "mechanism-steps", "pooled-estimates"):
        body = (site / f"question/{question}.html").read_text("utf-8").partition("<tbody>")[2].partition("</tbody>")[0]
        rows = body.split("<tr")[1:]
        assert rows
        assert all("<a href=" in row for row in rows), question


def test_rows_are_cards_on_a_phone(site: Path, visit: Open) -> None:
    here = visit(site / "studies.html", width=360)
    assert here.overflow <= 0
    cell = here.page.locator("#studies-table tbody tr >> nth=0").locator("td >> nth=2")
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"design"'
    assert serious(here) == []
