"""The mechanism map as a reader has it: in a real browser, offline."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from browser import Open, serious, shown
from project import Run, ours, rows

import k2graph
from k2graph import palette
from k2graph.evidence.model import Evidence
from k2graph.views import mechanism_map
from k2graph.views.vis_network import vis_network

pytestmark = pytest.mark.browser


#: Where on the page the middle between two nodes is.
BETWEEN = """([one, other]) => { const n = k2graphMap.network, a = n.getPosition(one), b = n.getPosition(other);
  const r = document.getElementById('network').getBoundingClientRect();
  const p = n.canvasToDOM({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2}); return [r.left + p.x, r.top + p.y]; }"""


class TestMap:
    def test_every_step_of_every_mechanism_is_a_line(self, map_file: Path, visit: Open) -> None:
        steps = {ours("claim", row["claim"]) for row in rows("mechanism_steps")}
        assert shown(visit(map_file)) == steps

    def test_a_click_on_a_line_shows_its_studies_with_links(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        here.page.mouse.click(*here.page.evaluate(BETWEEN, ["entity:vitamin-k2", "entity:gas6"]))
        panel = here.page.locator("#panel")
        assert panel.locator("h2").inner_text() == "Vitamin K2 raises the level of Gas6"
        # Its one study was read on a page of an index, which is no place to send a reader to.
        (report,) = {row["report"] for row in rows("findings") if (row["subject"], row["object"]) == ("vitamin-k2", "gas6")}
        assert report.startswith("URL:https://www.aminer.org/")
        assert panel.locator("li").count() > 0
        assert panel.locator("li a").count() == 0

    def test_studies_in_the_panel_lead_where_they_are_cited(self, graph: k2graph.Graph, tmp_path: Path, visit: Open) -> None:
        graph.view(about="claim:mk-7-level-dp-ucmgp").save(tmp_path / "map.html")
        here = visit(tmp_path / "map.html")
        here.page.mouse.click(*here.page.evaluate(BETWEEN, ["entity:mk-7", "entity:dp-ucmgp"]))
        links = {link.get_attribute("href") for link in here.page.locator("#panel li a").all()}
        assert "https://pubmed.ncbi.nlm.nih.gov/23062766/" in links

    def test_what_is_retracted_says_so_where_it_is_cited(self, graph: k2graph.Graph, tmp_path: Path, visit: Open) -> None:
        graph.view(about="MSX2").save(tmp_path / "map.html")
        here = visit(tmp_path / "map.html")
        # PMID:17875939 (Igarashi 2007) is retracted, and says that MK-4 raises MSX2.
        here.page.evaluate("k2graphMap.open('claim:mk-4-level-msx2')")
        cited = here.page.locator("#panel li", has=here.page.locator("a[href*='17875939']"))
        assert cited.locator(".doubt").inner_text() == "retracted"

    def test_a_thing_opens_its_claims(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        place = here.page.evaluate(
            """() => { const n = k2graphMap.network, r = document.getElementById('network').getBoundingClientRect();
            const p = n.canvasToDOM(n.getPosition('entity:gas6')); return [r.left + p.x, r.top + p.y]; }"""
        )
        here.page.mouse.click(*place)
        assert here.page.locator("#panel h2").inner_text() == "Gas6"
        assert here.page.get_by_role("button", name="Gas6 activates Axl").count() == 1

    @pytest.mark.parametrize(
        ("control", "value"),
        [
            ("filter-result", "consistent"),
            ("filter-tier", "human-trials"),
            ("filter-form", "MK-4"),
            ("filter-kind", "drug"),
            ("filter-organism", "human"),
            ("filter-outcome", "surrogate"),
        ],
    )
    def test_each_filter_changes_what_is_seen(self, map_file: Path, visit: Open, evidence: Evidence, control: str, value: str) -> None:
        here = visit(map_file)
        before = shown(here)
        here.page.select_option(f"#{control}", value)
        kept = shown(here)
        assert kept
        assert kept < before
        if control == "filter-result":
            assert kept == {name for name in before if evidence.claims[name].standing.result.notation == value}
        if control == "filter-tier":
            assert kept == {name for name in before if evidence.claims[name].standing.tier.notation == value}
        here.page.click("#map-reset")
        assert shown(here) == before

    def test_end_to_end_claims_are_shown_when_asked_for(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        before = shown(here)
        here.page.check("#show-whole")
        whole = {ours("claim", row["end_to_end"]) for row in rows("mechanisms")}
        assert shown(here) == before | whole

    def test_search_finds_by_synonym(self, map_file: Path, visit: Open) -> None:
        (synonym,) = (row["synonyms"].split("|")[0] for row in rows("entities") if row["entity"] == "ggcx")
        assert not [row for row in rows("claims") if synonym in row["label"]]
        here = visit(map_file)
        here.page.fill("#map-search", synonym)
        assert shown(here) == {ours("claim", row["claim"]) for row in rows("mechanism_steps") if "ggcx" in row["claim"]}

    def test_only_the_chains_between_two_things(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        here.page.select_option("#chain-from", "entity:vitamin-k")
        here.page.select_option("#chain-to", "entity:vascular-calcification")
        chain = shown(here)
        steps = [row["claim"] for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"][:3]
        assert {ours("claim", claim) for claim in steps} <= chain
        assert "claim:mk-4-activity-nf-kb" not in chain

    def test_everything_can_be_reached_by_the_keyboard(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        here.page.focus("#save-svg")
        here.page.keyboard.press("Tab")
        claim = here.page.evaluate("document.activeElement.textContent")
        here.page.keyboard.press("Enter")
        assert claim.startswith(tuple(each.icon for each in palette.looks().results.values()))
        assert here.page.locator("#panel h2").inner_text() in claim

    def test_pictures_to_take_away(self, map_file: Path, visit: Open, tmp_path: Path) -> None:
        here = visit(map_file)
        here.page.wait_for_timeout(300)
        for kind in ("svg", "png"):
            with here.page.expect_download() as saved:
                here.page.click(f"#save-{kind}")
            saved.value.save_as(tmp_path / f"map.{kind}")
        assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
        drawn = ET.parse(tmp_path / "map.svg").getroot()
        texts = {element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")}
        assert {"vitamin K2", "GGCX", "fracture"} <= texts

    def test_dark_ground_has_tones_of_its_own(self, map_file: Path, visit: Open) -> None:
        tone = "k2graphMap.network.body.data.edges.get('claim:gas6-activity-axl').color.color"
        edge = next(name for name in shown(visit(map_file)) if "gas6" in name and "axl" in name)
        tone = tone.replace("claim:gas6-activity-axl", edge)
        light, dark = (visit(map_file, scheme=scheme).page.evaluate(tone) for scheme in ("light", "dark"))
        assert (light, dark) == (palette.of_result("single").light, palette.of_result("single").dark)

    def test_at_a_phone_nothing_scrolls_sideways(self, map_file: Path, visit: Open) -> None:
        assert visit(map_file, 360, 740).overflow <= 0

    def test_no_serious_fault_for_those_who_do_not_see_it(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        assert serious(here) == []
        here.page.evaluate("k2graphMap.open(k2graphMap.visible().find((id) => id.startsWith('claim:')))")
        assert serious(here) == []


class TestMapFile:
    def test_the_same_graph_gives_the_same_picture(self, graph: k2graph.Graph, map_file: Path) -> None:
        assert graph.view().html == map_file.read_text(encoding="utf-8")

    def test_it_loads_nothing_from_anywhere(self, map_file: Path) -> None:
        text = map_file.read_text(encoding="utf-8")
        assert not re.search(r"<(script|img|link|iframe)[^>]+(src|href)=[\"']?(https?:|//)", text)
        assert "cdn" not in text.replace(vis_network(), "").lower()

    def test_layers_go_from_exposures_to_outcomes(self, evidence: Evidence) -> None:
        data = mechanism_map.map_data(evidence, mechanism_map.shown(evidence))
        x = {node["id"]: node["x"] for node in data["nodes"]}
        assert x["entity:vitamin-k2"] == x["entity:warfarin"] == min(x.values())
        assert (
            x["entity:vitamin-k"]
            < x["entity:ggcx"]
            < x["entity:mgp"]
            < x["entity:vascular-calcification"]
            < x["entity:cardiovascular-events"]
        )
        assert x["entity:muscle-strength"] == x["entity:fracture"] == max(x.values())
        places = [(node["x"], node["y"]) for node in data["nodes"]]
        assert len(set(places)) == len(places)

    def test_parts_of_it(self, run: Run, tmp_path: Path) -> None:
        for arguments, there, absent in (
            (("--mechanism", "mgp-calcification-events"), "MGP lowers vascular calcification", "Gas6 activates Axl"),
            (("--about", "Gas6"), "Gas6 activates Axl", "GGCX carboxylates osteocalcin"),
            (("--form", "MK-4"), "MK-4 activates protein kinase A", "Warfarin inhibits VKORC1"),
            (("--about", "Gas6", "--hops", "2"), "Axl inhibits apoptosis", "Higher maximal cardiac output improves exercise performance"),
        ):
            outcome = run("view", *arguments, "--output", tmp_path / "part.html")
            assert (outcome.code, outcome.out) == (0, "")
            text = (tmp_path / "part.html").read_text(encoding="utf-8")
            assert there in text
            assert absent not in text

    def test_what_cannot_be_shown_is_told(self, run: Run, tmp_path: Path) -> None:
        for arguments, told in (
            (("--about", "Gaz6"), "nothing is called 'Gaz6'"),
            (("--mechanism", "none"), "no mechanism is called"),
            (("--about", "Gas6", "--hops", "0"), "--hops is a whole number from 1"),
        ):
            outcome = run("view", *arguments, "--output", tmp_path / "none.html")
            assert outcome.code == 2
            assert told in outcome.err
            assert not (tmp_path / "none.html").exists()

    def test_a_notebook_shows_it_in_a_frame_of_its_own(self, graph: k2graph.Graph) -> None:
        shown = graph.view(mechanism="mgp-calcification-events")._repr_html_()
        assert shown.startswith("<iframe srcdoc=")
        assert 'sandbox="allow-scripts allow-downloads"' in shown
        assert shown.count('"') == 2 * shown.count('="')
