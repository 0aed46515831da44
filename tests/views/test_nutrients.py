"""Pages of several nutrients: each has one, and is chosen on maps and in tables. With one nutrient nothing of this is there."""

from pathlib import Path
from urllib.parse import quote

import pytest
from browser import Open, serious
from shared import Shared
from two_nutrients import write_pages

from k2graph.evidence.model import Evidence
from k2graph.views.nutrients import nutrients_of

pytestmark = pytest.mark.browser

LUMENOL = "https://example.org/invented/entity/lumenol"
CARCINOMA = "entity/hepatocellular-carcinoma.html"
#: What the invented pack says of its nutrient: one form, and one trial with one finding in one report, on one of two claims.
NUMBERS = {"forms": 1, "studies": 1, "reports": 1, "findings": 1, "claims": 2, "tested in people": 1, "mechanisms": 1, "interactions": 1}
VISIBLE = "(all) => all.filter((each) => each.offsetParent).map((each) => each.textContent.trim())"


@pytest.fixture(scope="module")
def pages(shared: Shared) -> Path:
    return shared.once("two-nutrients", write_pages)


def test_the_first_page_lists_nutrients_with_their_numbers(pages: Path, visit: Open) -> None:
    here = visit(pages / "index.html", 360)
    table = here.page.locator("[aria-label='The nutrients in numbers']")
    assert table.locator("tbody th").all_inner_texts() == ["lumenol", "vitamin K"]
    assert table.locator("thead th").all_inner_texts() == ["nutrient", *NUMBERS]
    assert table.locator("tbody tr").first.locator("td").all_inner_texts() == [str(count) for count in NUMBERS.values()]
    assert here.overflow <= 0
    here.page.click("a:text-is('lumenol')")
    assert here.page.locator("h1").inner_text() == "lumenol"


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_page_of_a_nutrient_has_all_that_is_of_it(pages: Path, visit: Open, width: int, scheme: str) -> None:
    here = visit(pages / "nutrient/lumenol.html", width, scheme=scheme)
    assert here.overflow <= 0
    assert here.page.locator("#effects tbody tr").count() == 1
    known = here.page.locator("#effects tbody tr").inner_text()
    for text in (
        "Lumenol A lowers the risk of liver cancer",
        "lumenol A",
        "single in human trials (1)",
        "risk ratio 0.50 (0.30 to 0.80)",
        "60",
    ):
        assert text in known
    told = here.page.locator("main").inner_text()
    for text in ("Lumenol keeps livers well", "acenocoumarol", "UL", "700 ug/d", "Lumenol, invented", "J. Doe", "CC-BY-4.0"):
        assert text.casefold() in told.casefold(), text
    assert "MK-7" not in told
    assert width > 360 or serious(here) == []


def test_the_gap_map_shows_the_forms_of_the_nutrients_chosen_and_the_address_keeps_them(pages: Path, visit: Open) -> None:
    here = visit(pages / "gap-map.html")
    heads, cells = here.page.locator("#gap-table thead th a"), here.page.locator("[data-cell]")
    everything = heads.evaluate_all(VISIBLE)
    assert {"lumenol A", "vitamin K2"} < set(everything)
    # What stands for comparison has no cell here, and so there are no others to choose.
    assert here.page.locator("[data-nutrient]").evaluate_all("(all) => all.map((each) => each.dataset.nutrient)") == [
        LUMENOL,
        "entity:vitamin-k",
    ]
    here.page.check(f"[data-nutrient='{LUMENOL}']")
    assert heads.evaluate_all(VISIBLE) == ["lumenol A"]
    assert here.page.url.endswith(f"#nutrient={quote(LUMENOL, safe='')}")
    here.page.reload()
    assert heads.evaluate_all(VISIBLE) == ["lumenol A"]
    # One trial of one form on one outcome; of the nutrient as such there is no finding, and so no column.
    shown = cells.evaluate_all("(all) => all.filter((each) => each.offsetParent).map((each) => each.dataset.cell)")
    assert shown == [f"{LUMENOL}-a entity:hepatocellular-carcinoma"]
    assert here.page.inner_text("#gap-count").endswith("1 investigations")
    assert serious(here) == []
    here.page.check("[data-nutrient='entity:vitamin-k']")
    assert heads.evaluate_all(VISIBLE) == everything
    here.page.click("#gap-reset")
    assert here.page.locator("[data-nutrient]:checked").count() == 0


def test_the_map_shows_the_mechanisms_of_a_nutrient(pages: Path, visit: Open) -> None:
    here = visit(pages / "map.html", anchor=f"#nutrient={quote(LUMENOL, safe='')}")
    listed = "(all) => all.filter((each) => !each.hidden).map((each) => each.querySelector('a').textContent)"
    assert here.page.locator("#map-list li").evaluate_all(listed) == ["Lumenol A lowers the risk of liver cancer"]
    options = "(all) => all.filter((each) => !each.disabled).map((each) => each.textContent)"
    assert here.page.locator("#map-mechanism option").evaluate_all(options) == ["all", "Lumenol keeps livers well"]
    here.page.select_option("#map-mechanism", label="Lumenol keeps livers well")
    # A mechanism of another nutrient is not chosen any more.
    here.page.select_option("#map-nutrient", label="vitamin K")
    assert here.page.input_value("#map-mechanism") == ""
    assert here.page.url.endswith("#nutrient=entity%3Avitamin-k")
    assert "Lumenol A lowers the risk of liver cancer" not in here.page.locator("#map-list li").evaluate_all(listed)


def test_tables_filter_by_nutrient(pages: Path, visit: Open) -> None:
    here = visit(pages / "findings.html", anchor="#nutrient=lumenol")
    left = here.page.locator("#findings-table tbody tr:not([hidden])")
    assert left.count() == 1
    assert "half as many" in left.inner_text()


def test_from_an_outcome_one_comes_to_nutrients_side_by_side(pages: Path, visit: Open) -> None:
    here = visit(pages / CARCINOMA)
    here.page.click("text=What do different nutrients do for one outcome?")
    assert here.page.locator("h1").inner_text() == "What do different nutrients do for one outcome: hepatocellular carcinoma"
    rows = here.page.locator("#answer tbody tr").evaluate_all(
        "(all) => all.map((row) => [row.cells[0].textContent, row.cells[1].textContent])"
    )
    assert {tuple(row) for row in rows} == {("lumenol", "lumenol A"), ("vitamin K", "vitamin K2")}
    here.page.go_back()
    here.page.click("text=What moves one outcome, and how surely?")
    assert {"lumenol A", "vitamin K2"} <= set(here.page.locator("#answer tbody td:first-child").all_inner_texts())


def test_with_one_nutrient_there_is_nothing_to_choose(site: Path, evidence: Evidence) -> None:
    """The tables name calcium, vitamin E and others, of which they have neither a form nor a mechanism."""
    assert list(nutrients_of(evidence).forms) == ["entity:vitamin-k"]
    assert not (site / "nutrient").exists()
    for page in ("index.html", "gap-map.html", "map.html", "studies.html", "entity/mk-7.html", "entity/muscle-strength.html"):
        text = (site / page).read_text(encoding="utf-8")
        assert not any(each in text for each in ("data-nutrient", "map-nutrient", ">nutrient</th>", "nutrient/", "compare-nutrients")), page


def test_what_an_answer_says_twice_stands_once(site: Path) -> None:
    """Of certainty the question has the claim's address, and what it says, which a page shows alike."""
    page = (site / "question/certainty.html").read_text(encoding="utf-8")
    assert "Not shown, since in every row here it is what another column has: label (as claim)." in page
    first = page.partition("<tbody>")[2].partition("</tr>")[0]
    assert first.count("<td") == page.partition("<thead>")[2].partition("</thead>")[0].count("<th ") == 6
    assert first.count("../claim/") == 1
