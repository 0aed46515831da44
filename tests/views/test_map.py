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


#: Where on the page a line, or a thing, is, after it was brought there.
LINE = """(id) => { const n = k2graphMap.network, p = k2graphMap.placeOf(id); n.moveTo({position: p, scale: 1});
  const r = document.getElementById('network').getBoundingClientRect(), d = n.canvasToDOM(p); return [r.left + d.x, r.top + d.y]; }"""
THING = LINE.replace("k2graphMap.placeOf(id)", "n.getPosition(id)")
#: What of the map as it lies is where it should not be: names wider than boxes, boxes upon others, lines through them.
WRONG = """() => {
  const {boxes, routes, width, height} = k2graphMap.plan(), wrong = [], all = [...boxes];
  const way = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [id, one] of all) {
    if (one.x < 0 || one.y < 0 || one.x + one.width > width || one.y + one.height > height) wrong.push(`${id} is cut`);
    for (const [other, two] of all) {
      const apart = one.x >= two.x + two.width || two.x >= one.x + one.width || one.y >= two.y + two.height || two.y >= one.y + one.height;
      if (other > id && !apart) wrong.push(`${id} on ${other}`);
    }
    const drawn = k2graphMap.network.getBoundingBox(id), round = k2graphMap.network.body.nodes[id].options.shapeProperties.borderRadius;
    if (Math.abs(drawn.right - drawn.left - 2 * round - one.width) > 3) wrong.push(`${id} is drawn ${drawn.right - drawn.left} wide`);
    if (Math.abs(drawn.bottom - drawn.top - 2 * round - one.height) > 3) wrong.push(`${id} is drawn ${drawn.bottom - drawn.top} high`);
  }
  for (const [id, route] of routes) {
    way.setAttribute('d', k2graphLay.path(route, 0));
    const long = way.getTotalLength(), points = [];
    for (let at = 0; at < long; at += 6) { const {x, y} = way.getPointAtLength(at); points.push({x, y}); }
    const ends = [0, long].map((at) => way.getPointAtLength(at));
    const holds = ({x, y, width, height}, p) => x - 1 < p.x && p.x < x + width + 1 && y - 1 < p.y && p.y < y + height + 1;
    const others = all.filter(([, box]) => !ends.some((end) => holds(box, end)));
    if (all.length - others.length !== 2) wrong.push(`${id} touches ${all.length - others.length} boxes`);
    for (const [name, box] of others) if (points.some((point) => holds(box, point))) wrong.push(`${id} runs through ${name}`);
  }
  return wrong;
}"""


class TestMap:
    def test_every_step_of_every_mechanism_is_a_line(self, map_file: Path, visit: Open) -> None:
        steps = {ours("claim", row["claim"]) for row in rows("mechanism_steps")}
        assert shown(visit(map_file)) == steps

    def test_a_click_on_a_line_shows_its_studies_with_links(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        here.page.mouse.click(*here.page.evaluate(LINE, "claim:vitamin-k2-level-gas6"))
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
        here.page.mouse.click(*here.page.evaluate(LINE, "claim:mk-7-level-dp-ucmgp"))
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
        here.page.mouse.click(*here.page.evaluate(THING, "entity:gas6"))
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
        # With a title, lanes and the key, and its source; twice as many points as pixels, and the whole, not what the window shows.
        assert {"Mechanisms and the evidence for every step", "molecule, biomarker", "✔ consistent", "● human trials"} <= texts
        assert any((text or "").startswith("Source: k2graph") for text in texts)
        size = [int(drawn.attrib[name]) for name in ("width", "height")]
        picture = (tmp_path / "map.png").read_bytes()
        assert [int.from_bytes(picture[place : place + 4], "big") for place in (16, 20)] == [2 * each for each in size]
        assert size[0] > 1280

    def test_no_line_runs_through_a_box_whatever_is_left(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        assert here.page.evaluate(WRONG) == []
        before = here.page.evaluate("k2graphMap.plan().width")
        here.page.check("#show-whole")
        assert here.page.evaluate(WRONG) == []
        here.page.select_option("#filter-tier", "human-trials")
        assert here.page.evaluate(WRONG) == []
        # What is left has moved together.
        assert here.page.evaluate("k2graphMap.plan().width") < before / 2
        here.page.click("#map-reset")
        assert here.page.evaluate("k2graphMap.plan().width") == before

    def test_what_runs_end_to_end_is_hollow_in_a_picture_of_one_mechanism_too(
        self, graph: k2graph.Graph, tmp_path: Path, visit: Open
    ) -> None:
        graph.view(mechanism="mgp-calcification-events").save(tmp_path / "map.html")
        here = visit(tmp_path / "map.html")
        drawn = ET.fromstring(here.page.evaluate("k2graphMap.svg()"))
        ways = [each.attrib for each in drawn if each.tag.endswith("}path") and each.get("fill") == "none" and "C" in each.get("d", "")]
        # One of the five claims has a line of the ground's colour upon it, on the same way.
        upon = [way["d"] for way in ways if way["stroke"] == "#ffffff"]
        assert len(upon) == 1
        assert [way["d"] for way in ways].count(upon[0]) == 2

    def test_names_can_be_read_at_first_and_the_whole_is_a_click_away(self, map_file: Path, visit: Open) -> None:
        here = visit(map_file)
        here.page.wait_for_timeout(300)
        letters = "12 * k2graphMap.network.getScale()"
        assert here.page.evaluate(letters) >= 11
        here.page.click("#map-fit")
        across = "(x) => k2graphMap.network.canvasToDOM({x, y: 0}).x / document.getElementById('network').clientWidth"
        left, right = here.page.evaluate(f"[0, k2graphMap.plan().width].map({across})")
        assert -0.01 <= left < right <= 1.01

    def test_dark_ground_has_tones_of_its_own(self, map_file: Path, visit: Open) -> None:
        edge = next(name for name in shown(visit(map_file)) if "gas6" in name and "axl" in name)
        tone = f"k2graphMap.toneOf('{edge}')"
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
        column = {name: place[0] for name, place in data["orders"]["steps"]["things"].items()}
        ways = ("vitamin-k", "ggcx", "mgp", "vascular-calcification", "cardiovascular-events")
        columns = [column[f"entity:{name}"] for name in ways]
        assert columns == sorted(set(columns))
        assert column["entity:vitamin-k"] == min(column.values())
        assert column["entity:fracture"] == max(column.values())
        assert {node["id"] for node in data["nodes"]} == {*data["orders"]["whole"]["things"]}

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
