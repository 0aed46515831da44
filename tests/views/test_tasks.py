"""What readers come for, in a browser: each of these is done in at most three actions, and gives what the tables say.

An action is a click, a choice or a text that is typed in. What is expected was looked up in the tables and in `k2graph ask`, not copied
from a page.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Open, Visit, serious
from playwright.sync_api import Page, expect
from project import rows

pytestmark = pytest.mark.browser

STIFFNESS = "claim/mk-7-level-arterial-stiffness.html"


class Actions:
    """A reader who counts what she does."""

    def __init__(self, visit: Visit) -> None:
        self.page: Page = visit.page
        self.visit = visit
        self.count = 0

    def do(self, what: Callable[[Page], object]) -> None:
        self.count += 1
        what(self.page)
        # A link leads to a page that is only looked at when it is there, with its style sheets and scripts.
        self.page.wait_for_load_state()

    def saved(self, button: str, folder: Path) -> str:
        """The text of the file that a button or a link gives."""
        with self.page.expect_download() as waiting:
            self.do(lambda page: page.locator(button).first.click())
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path.read_text(encoding="utf-8")


@pytest.fixture
def reader(site: Path, visit: Open) -> Callable[..., Actions]:
    return lambda page, **window: Actions(visit(site / page, **window))


def test_trials_of_mk_7_on_stiffness(reader: Callable[..., Actions]) -> None:
    here = reader("index.html")
    here.do(lambda page: page.fill("#site-search", "MK7 stiffness"))
    here.do(lambda page: page.click(f"#site-found a[href$='{STIFFNESS}']"))
    expect(here.page.locator("h1")).to_have_text("MK-7 lowers arterial stiffness")
    expect(here.page.locator(".standing").first).to_contain_text("contested in human trials (7)")
    # The first authors of the seven trials that count, by `k2graph ask evidence-for-claim`.
    text = here.page.locator("main").inner_text()
    for author in ("Naiyarakseree", "Haroon", "Levy-Schousboe", "Fulton", "Vries", "Eelderink", "Knapen"):
        assert author in text
    assert here.count <= 3


def test_where_the_chain_to_muscle_breaks(reader: Callable[..., Actions]) -> None:
    here = reader("index.html")
    # The table is the first thing on the page, with a column that says it; one click more shows the chain with its break.
    row = here.page.locator("table tr", has=here.page.get_by_role("link", name="Osteocalcin as a hormone acts on muscle", exact=True)).first
    expect(row).to_contain_text("muscle strength left open")
    here.do(lambda _: row.get_by_role("link").first.click())
    expect(here.page.locator("li.break")).to_have_text("not shown further")
    # What stands after the break is what the last link to it leads to.
    assert here.page.locator("li.node.left-open").inner_text().startswith("muscle strength")
    assert here.count <= 3


def test_drugs_that_the_most_severe_interactions_are_with(reader: Callable[..., Actions]) -> None:
    here = reader("index.html")
    here.do(lambda page: page.get_by_role("link", name="Interactions", exact=True).first.click())
    here.do(lambda page: page.click(".facet summary:text-is('severity')"))
    here.do(lambda page: page.check("input[data-value='contraindicated']"))
    left = [row for row in here.page.locator("main table tbody tr").all() if row.is_visible()]
    severe = [row for row in rows("interactions") if row["severity"] == "contraindicated"]
    assert len(left) == len(severe) > 0
    assert all("contraindicated" in row.inner_text() for row in left)
    assert here.visit.overflow <= 0
    assert here.count <= 3


def test_a_figure_and_its_references_for_a_paper(reader: Callable[..., Actions], site: Path, tmp_path: Path) -> None:
    here = reader(STIFFNESS)
    # From a server this link is a download; Chromium opens what lies on a disk.
    here.do(lambda page: page.locator("a[download]:text-is('SVG')").first.focus())
    picture = site / "claim" / str(here.page.locator("a[download]:text-is('SVG')").first.get_attribute("href"))
    assert "<svg" in picture.read_text(encoding="utf-8")
    bibtex = here.saved("[data-cites] button:text-is('BibTeX')", tmp_path)
    reports = {row["report"] for row in rows("findings") if (row["subject"], row["object"]) == ("mk-7", "arterial-stiffness")}
    entries = re.findall(r"^@\w+\{", bibtex, re.MULTILINE)
    # Beside what was found of stiffness itself, what was found of its narrower measures bears on it.
    assert len(entries) >= len(reports) > 5
    assert "10.1160/TH14-08-0675" in bibtex
    assert here.count <= 3


def test_references_of_a_mechanism(reader: Callable[..., Actions], tmp_path: Path) -> None:
    here = reader("mechanism/mitochondria-cramps.html")
    ris = here.saved("[data-cites] button:text-is('RIS')", tmp_path)
    steps = {row["claim"] for row in rows("mechanism_steps") if row["mechanism"] == "mitochondria-cramps"}
    assert len(steps) == 2
    assert ris.count("ER  -") >= 2
    assert "cramps" in ris


def test_mk_4_beside_mk_7(reader: Callable[..., Actions]) -> None:
    here = reader("index.html")
    here.do(lambda page: page.get_by_role("link", name="Gap map", exact=True).first.click())
    here.do(lambda page: page.select_option("#gap-one", label="MK-4"))
    here.do(lambda page: page.select_option("#gap-other", label="MK-7"))
    compared = here.page.locator("#gap-compared tbody tr", has=here.page.locator("th:text-is('fracture')")).first
    compared.wait_for()
    assert re.match(r"fracture\s+contested in human trials \(2\).*not studied$", compared.inner_text(), re.DOTALL)
    assert here.count <= 3


def test_studies_of_a_country(reader: Callable[..., Actions]) -> None:
    here = reader("index.html")
    here.do(lambda page: page.get_by_role("link", name="Studies", exact=True).first.click())
    here.do(lambda page: page.click(".facet summary:text-is('country')"))
    here.do(lambda page: page.check("input[data-value='Netherlands']"))
    dutch = [row for row in rows("studies") if row["design"] and "Netherlands" in row["country"]]
    shown = here.page.evaluate("[...document.querySelectorAll('#studies-table tbody tr')].filter((row) => !row.hidden).length")
    assert shown == len(dutch) > 50
    assert here.count <= 3


def test_recount_with_another_threshold(reader: Callable[..., Actions]) -> None:
    here = reader(STIFFNESS)
    here.do(lambda page: page.click("details.recount > summary"))
    here.do(lambda page: page.get_by_label("supported from", exact=True).fill("0.4"))
    # Three of seven that count show it (de Vries, Eelderink, Knapen), and one and a half of its results: 0.43 is no longer too few.
    expect(here.page.locator(".recount [role=status]")).to_contain_text("standing is now consistent in human trials (7)")
    expect(here.page.locator(".recounted .standing")).to_have_class(re.compile("result-consistent"))
    assert "thresholds.supportedFrom=0.4" in here.page.url
    assert here.count <= 3


def test_on_a_phone(reader: Callable[..., Actions]) -> None:
    here = reader("index.html", width=360, height=740)
    assert here.visit.overflow <= 0
    here.do(lambda page: page.get_by_role("link", name="Interactions", exact=True).first.click())
    assert here.visit.overflow <= 0
    card = here.page.locator("main table tbody tr").first
    for column in ("severity", "effect"):
        cell = card.locator("td").nth(["interaction", "agent", "drug", "acts on", "severity", "effect"].index(column))
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert serious(here.visit) == []
    assert here.count <= 3
