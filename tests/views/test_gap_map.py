"""The gap map tells what claims tell, neither more nor less, and gives away what it shows."""

import csv
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import Open, Visit, serious

from k2graph.evidence.model import Evidence
from k2graph.views.gap_map import gap_map

pytestmark = pytest.mark.browser

ROWS = "[...document.querySelectorAll('[data-outcome]')].filter((row) => !row.hidden).map((row) => row.cells[0].textContent)"
VISIBLE = "[...document.querySelectorAll('[data-cell]')].filter((cell) => !cell.hidden && !cell.closest('[hidden]')).length"


def opened(site: Path, visit: Open, width: int = 1280, **state: str) -> Visit:
    return visit(site / "gap-map.html", width, anchor=f"#{urlencode(state)}" if state else "")


def downloaded(here: Visit, button: str, folder: Path) -> Path:
    with here.page.expect_download() as waiting:
        here.page.click(button)
    path: Path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_no_cell_contradicts_the_page_of_its_claim(site: Path, evidence: Evidence) -> None:
    drawn = dict(
        re.findall(r'data-cell="([^"]+)" aria-label="[^"]+?: (\d+ investigation[^"]*)"', (site / "gap-map.html").read_text("utf-8"))
    )
    checked = 0
    for claim in evidence.claims.values():
        if claim.reach or not evidence.is_form(claim.subject) or not evidence.is_unlimited(claim):
            continue
        counted = {evidence.findings[each.finding].investigation for each in claim.bearings if each.counted}
        words = drawn.get(f"{claim.subject} {claim.object}")
        assert (words is not None) == bool(counted), claim.id
        if words is not None:
            assert int(words.split()[0]) == len(counted), claim.id
            assert words.endswith(f"; {claim.standing.label}".replace("&", "&amp;")), claim.id
            checked += 1
        if claim.standing.tier.notation == "human-trials":
            assert counted, f"{claim.id} stands in human trials and has no cell"
    assert checked > 300


def test_what_came_through_something_narrower_is_there_and_marked(evidence: Evidence) -> None:
    """The tables have calciphylaxis studied with K1 alone (one investigation), and hip fracture is narrower than fracture."""
    drawn = gap_map(evidence)
    direct = drawn.cells["entity:vitamin-k1", "entity:calciphylaxis"]
    assert (direct.investigations, direct.direct) == (1, 1)
    through = drawn.cells["entity:vitamin-k", "entity:calciphylaxis"]
    assert (through.claim, through.investigations, through.direct) == (None, 1, 0)
    assert through.in_words(evidence) == "1 investigation in 1 report, none of them on just these two; no claim joins the two"
    outcomes = {name: depth for _, group in drawn.groups for name, depth in group}
    order = list(outcomes)
    assert outcomes["entity:fracture"] == 0
    assert outcomes["entity:hip-fracture"] == 1
    assert order.index("entity:hip-fracture") > order.index("entity:fracture")
    # What people compare stands side by side, and after what both are forms of.
    assert drawn.forms[:4] == ("entity:vitamin-k", "entity:vitamin-k2", "entity:mk-7", "entity:mk-4")


def test_an_empty_cell_says_why(evidence: Evidence) -> None:
    of = {claim.id: (claim.subject, claim.object) for claim in evidence.claims.values()}
    untested = next(
        claim
        for claim in evidence.claims.values()
        if not claim.bearings and not claim.reach and evidence.is_form(claim.subject) and evidence.is_unlimited(claim)
    )
    assert gap_map(evidence).empty.get(of[untested.id]) is None
    assert gap_map(evidence, {untested.id}).empty[of[untested.id]] == "searched"
    # K deficiency bleeding and K1: findings are held, and none of them counts.
    assert gap_map(evidence).empty["entity:vitamin-k1", "entity:vitamin-k-deficiency-bleeding"] == "uncounted"


FACETS = {
    "t": "k2g:tier-human-trials", "p": "entity:dialysis-patients", "c": "k2g:context-deficient", "w": "Japan",
    "g": "randomised controlled trial", "certainty": "k2g:certainty-low", "from": "2020", "to": "2000", "least": "1000", "most": "150",
}  # fmt: skip


def test_each_facet_leaves_fewer_cells_and_its_address_the_same(site: Path, visit: Open) -> None:
    here = opened(site, visit)

    def choose(facet: str) -> int:
        control = here.page.locator(f"[data-facet={facet}]")
        if control.evaluate("(control) => control.tagName") == "SELECT":
            control.select_option(FACETS[facet])
        else:
            control.fill(FACETS[facet])
            control.blur()
        return int(here.page.evaluate(VISIBLE))

    everything = here.page.evaluate(VISIBLE)
    for facet in FACETS:
        assert 0 < choose(facet) < everything, facet
        here.page.click("#gap-reset")
        assert here.page.evaluate(VISIBLE) == everything, facet
    # Reading the page anew takes a second, so that all stand in one address: what is chosen is as it was, and leaves as much.
    left = [choose(facet) for facet in FACETS]
    assert left == sorted(left, reverse=True)
    here.page.reload()
    assert {facet: here.page.locator(f"[data-facet={facet}]").input_value() for facet in FACETS} == FACETS
    assert here.page.evaluate(VISIBLE) == left[-1]
    here.page.click("#gap-reset")
    some = choose("t")
    here.page.reload()
    assert here.page.evaluate(VISIBLE) == some > 0


def test_a_cell_opens_its_records_with_their_numbers_and_closes_where_one_was(site: Path, visit: Open, tmp_path: Path) -> None:
    here = opened(site, visit)
    cell = "[data-cell='entity:mk-4 entity:bone-mineral-density']"
    here.page.click(cell)
    panel = here.page.locator("#gap-open")
    assert panel.locator("h2").inner_text().startswith("MK-4 raises bone mineral density")
    assert panel.locator("a[href='report/pmid-17287908.html']").count() >= 1
    box = panel.bounding_box()
    table = here.page.locator("#gap-table").locator("..").bounding_box()
    assert box is not None
    assert table is not None
    assert box["x"] >= table["x"] + table["width"], "the records stand beside the table and push nothing away"
    path = downloaded(here, "#gap-open .actions button:text-is('CSV')", tmp_path)
    with path.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    assert len(records) == panel.locator("li").count()
    assert {record["claim"] for record in records} == {"MK-4 raises bone mineral density"}
    bib = downloaded(here, "#gap-open .actions button:text-is('BibTeX')", tmp_path).read_text("utf-8")
    assert len(re.findall(r"^@", bib, re.MULTILINE)) == len({record["report"] + record["year"] for record in records})
    here.page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert here.page.evaluate("document.activeElement.dataset.cell") == "entity:mk-4 entity:bone-mineral-density"


def test_two_forms_side_by_side(site: Path, visit: Open) -> None:
    """Of MK-4 the tables have fractures and no cramps, of MK-7 cramps and no fractures."""
    here = opened(site, visit, one="entity:mk-4", other="entity:mk-7")
    there = "[...document.querySelectorAll('#gap-compared tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText))"
    rows = {outcome: beside for outcome, *beside in here.page.evaluate(there)}
    assert rows["fracture"][0].startswith("contested in human trials (2)")
    assert rows["fracture"][1] == "not studied"
    assert rows["muscle cramps"][0] == "not studied"
    assert rows["muscle cramps"][1].startswith("single in human trials (1)")
    assert "n=199" in rows["muscle cramps"][1]


def test_the_picture_to_take_away_is_whole(site: Path, visit: Open, tmp_path: Path) -> None:
    here = opened(site, visit, t="k2g:tier-human-trials")
    drawn = downloaded(here, "[data-take=svg]", tmp_path).read_text("utf-8")
    rows = here.page.evaluate(
        "[...document.querySelectorAll('[data-outcome]')].filter((row) => !row.hidden).map((row) => row.cells[0].textContent)"
    )
    texts = set(re.findall(r"<text[^>]*>([^<]+)</text>", drawn))
    assert set(rows) <= texts
    assert drawn.count('text-anchor="middle"') == here.page.evaluate(VISIBLE)
    assert "k2graph, version" in drawn
    assert downloaded(here, "[data-take=png]", tmp_path).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_for_everyone_with_a_cell_open(site: Path, visit: Open, width: int) -> None:
    here = opened(site, visit, width, cell="entity:mk-7 entity:arterial-stiffness", one="entity:mk-4", other="entity:mk-7")
    assert here.overflow <= 0
    assert serious(here) == []
