"""The search box of the site understands what people type."""

from pathlib import Path

import pytest
from browser import Open, Visit, serious
from playwright.sync_api import expect

import k2graph
from k2graph.evidence.lookup import Lookup

pytestmark = pytest.mark.browser


@pytest.fixture
def here(site: Path, visit: Open) -> Visit:
    return visit(site / "claim/mk-7-level-dp-ucmgp.html")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("MK7", "entity/mk-7.html"),
        ("mk 7", "entity/mk-7.html"),
        ("menaquinone7", "entity/mk-7.html"),
        ("dpucMGP", "entity/dp-ucmgp.html"),
        ("ckd", "entity/chronic-kidney-disease.html"),
        # The initials of pulse wave velocity, and a claim by other names of both its ends.
        ("PWV", "entity/arterial-stiffness.html"),
        ("stiffness MK7", "claim/mk-7-level-arterial-stiffness.html"),
        ("pwv menaquinone-7", "claim/mk-7-level-arterial-stiffness.html"),
        ("vit k2 bmd", "claim/vitamin-k2-level-bone-mineral-density.html"),
        ("17287908", "report/pmid-17287908.html"),
    ],
)
def test_it_finds(here: Visit, typed: str, wanted: str) -> None:
    here.page.fill("#site-search", typed)
    expect(here.page.locator(f"#site-found a[href$='{wanted}']")).to_have_count(1)


@pytest.mark.parametrize("typed", ["MK7", "bone density", "warfarin", "ckd", "pwv menaquinone-7", "CHEBI:28384", "knapen", "ménaquinone"])
def test_it_finds_what_the_command_finds_in_the_same_order(here: Visit, graph: k2graph.Graph, typed: str) -> None:
    here.page.fill("#site-search", typed)
    expect(here.page.locator("#site-found a").first).to_be_visible()
    links = "[...document.querySelectorAll('#site-found a')].map((link) => [link.getAttribute('href'), link.lastChild.textContent])"
    found = here.page.evaluate(links)
    wanted = Lookup(graph).find(typed).entries
    assert wanted
    for kind in ("entity", "claim", "mechanism", "study", "report"):
        shown = [label for page, label in found if page.startswith(f"../{kind}/")]
        # How a report is cited before its title differs by a comma.
        expected = [entry.title or entry.shown for entry in wanted if entry.kind == kind][:6]
        assert len(shown) == len(expected)
        assert [(label, title) for label, title in zip(shown, expected, strict=True) if not label.endswith(title)] == []


def test_a_typo_is_asked_about_and_a_click_finds(here: Visit) -> None:
    here.page.fill("#site-search", "osteoclacin")
    button = here.page.locator("#site-found button")
    expect(button).to_have_text("osteocalcin")
    button.click()
    expect(here.page.locator("#site-found a[href$='entity/osteocalcin.html']")).to_have_count(1)
    here.page.fill("#site-search", "zzqqxx")
    expect(here.page.locator("#site-found")).to_have_text("Nothing is called so.")


def test_hits_stand_in_groups_and_their_number_is_announced(here: Visit) -> None:
    here.page.fill("#site-search", "warfarin")
    expect(here.page.locator("#site-found .group").first).to_be_visible()
    groups = here.page.locator("#site-found .group").all_inner_texts()
    assert groups[0] == "Things" or groups[0].startswith("Things: ")
    assert any(each.startswith("Claims") for each in groups)
    status = here.page.locator("#site-status").inner_text()
    total, _, parts = status.partition(" results: ")
    assert int(total) == sum(int(part.split()[0]) for part in parts.split(", "))


def test_arrows_go_through_the_hits_and_escape_goes_back(here: Visit) -> None:
    here.page.fill("#site-search", "warfarin")
    expect(here.page.locator("#site-found a").first).to_be_visible()
    place = "[...document.querySelectorAll('#site-found a')].indexOf(document.activeElement)"
    for key, expected in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        here.page.keyboard.press(key)
        assert here.page.evaluate(place) == expected
    assert serious(here) == []
    here.page.keyboard.press("Escape")
    expect(here.page.locator("#site-found a")).to_have_count(0)
    assert here.page.evaluate("document.activeElement.id") == "site-search"
