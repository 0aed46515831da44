"""The routed map: lines that cross no box, lanes from exposure to outcome, and what a reader chooses, in a real browser, offline."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from browser import Open, Visit, serious
from project import ours, rows

from k2graph.evidence.model import Evidence
from k2graph.views.routed import LANES, whole_map
from k2graph.views.routed.plan import Link, Plan, Route, plan

Place = tuple[float, float]


def walked(route: Route) -> list[Place]:
    """Points along a route: its straight stretches, and its bends in pieces as the picture has them."""
    points: list[Place] = []
    for begins, ends, y in route.stretches:
        if points:
            (x0, y0) = points[-1]
            out = (x0 + begins) / 2 if begins != x0 else x0 + 22
            for piece in (number / 12 for number in range(1, 12)):
                rest = 1 - piece
                x = rest**3 * x0 + 3 * rest**2 * piece * out + 3 * rest * piece**2 * out + piece**3 * begins
                points.append((x, (rest**3 + 3 * rest**2 * piece) * y0 + (3 * rest * piece**2 + piece**3) * y))
        points += [(begins, y), (ends, y)]
    return points


def crossings(drawn: Plan) -> int:
    """How often two lines cross."""

    def turn(a: Place, b: Place, c: Place) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    def cross(a: Place, b: Place, c: Place, d: Place) -> bool:
        return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0

    lines = [list(pairwise(walked(route))) for route in drawn.routes]
    return sum(cross(*one, *other) for some, others in combinations(lines, 2) for one in some for other in others)


def through_boxes(drawn: Plan) -> list[tuple[str, str]]:
    """Lines that run through a box that is not their own."""
    return [
        (route.link.id, box.id)
        for route in drawn.routes
        for box in drawn.boxes.values()
        if box.id not in (route.link.start, route.link.end)
        and any(box.x - 1 < x < box.x + box.width + 1 and box.y - 1 < y < box.y + box.height + 1 for x, y in walked(route))
    ]


class TestPlan:
    def test_no_line_runs_through_a_box_and_few_cross(self, evidence: Evidence) -> None:
        drawn = whole_map(evidence, lambda thing: thing).plan
        assert through_boxes(drawn) == []
        assert crossings(drawn) <= 50
        for one, other in combinations(drawn.boxes.values(), 2):
            apart = one.x >= other.x + other.width or other.x >= one.x + one.width
            assert apart or one.y >= other.y + other.height or other.y >= one.y + one.height

    def test_lanes_follow_each_other_and_hold_the_kinds_of_their_things(self, evidence: Evidence) -> None:
        drawn = whole_map(evidence, lambda thing: thing).plan
        # No mechanism has a cell type or a tissue, whose lane would be 3.
        assert list(drawn.lanes) == [0, 1, 2, 4]
        assert all(one[1] < other[0] for one, other in pairwise(drawn.lanes.values()))
        for box in drawn.boxes.values():
            shape = evidence.facts.one(evidence.entities[box.id].kind, "k2g:drawnAs")
            assert shape in LANES[box.lane]
            left, right = drawn.lanes[box.lane]
            assert left <= box.x + 0.01
            assert box.x + box.width <= right + 0.01
        # A nutrient, an enzyme, a process and an outcome, by ontology/k2graph.ttl.
        assert [
            drawn.boxes[f"entity:{name}"].lane for name in ("vitamin-k2", "warfarin", "ggcx", "inr", "bone-resorption", "fracture")
        ] == [0, 0, 1, 1, 2, 4]

    def test_cells_and_tissues_have_a_lane_before_outcomes(self, evidence: Evidence) -> None:
        entities = dict(evidence.entities)
        entities["entity:bone-resorption"] = replace(entities["entity:bone-resorption"], kind="k2g:Tissue")
        drawn = whole_map(replace(evidence, entities=entities), lambda thing: thing)
        assert drawn.plan.boxes["entity:bone-resorption"].lane == 3
        assert list(drawn.plan.lanes) == [0, 1, 2, 3, 4]
        assert ">cell type or tissue</text>" in drawn.svg()
        assert through_boxes(drawn.plan) == []

    def test_what_runs_end_to_end_is_laid_out_too(self, evidence: Evidence) -> None:
        drawn = whole_map(evidence, lambda thing: thing)
        steps = {ours("claim", row["claim"]) for row in rows("mechanism_steps")}
        ends = {ours("claim", row["end_to_end"]) for row in rows("mechanisms")} - steps
        assert {claim.id for claim in drawn.whole} == ends
        assert ends <= {route.link.id for route in drawn.whole_plan.routes}
        assert ends.isdisjoint(route.link.id for route in drawn.plan.routes)
        assert through_boxes(drawn.whole_plan) == []
        assert crossings(drawn.whole_plan) <= 180

    def test_a_line_past_a_column_goes_beside_its_box(self) -> None:
        links = [Link("1", "a", "b"), Link("2", "b", "c"), Link("3", "a", "c")]
        drawn = plan({"a": "a", "b": "b", "c": "c"}, {"a": 0, "b": 1, "c": 2}, links, [])
        assert through_boxes(drawn) == []
        assert crossings(drawn) == 0
        (far,) = (route for route in drawn.routes if route.link.id == "3")
        assert len(far.stretches) == 3
        assert far.is_forward

    def test_a_line_backwards_and_one_within_a_column_arrive_too(self) -> None:
        names = {name: name for name in "abcd"}
        links = [Link("1", "a", "b"), Link("2", "b", "a"), Link("3", "c", "d"), Link("4", "d", "c")]
        drawn = plan(names, {"a": 0, "b": 1, "c": 1, "d": 1}, links, [])
        assert through_boxes(drawn) == []
        ends = {route.link.id: route.stretches[-1][1] for route in drawn.routes}
        box = drawn.boxes["a"]
        assert ends["2"] == pytest.approx(box.x + box.width), "it comes back to the right side"
        assert [route.is_forward for route in drawn.routes] == [True, False, True, False]

    def test_the_same_graph_gives_the_same_picture(self, evidence: Evidence) -> None:
        one, other = (whole_map(evidence, lambda thing: thing).svg(alone=True) for _ in range(2))
        assert one == other


def state(here: Visit) -> str:
    return str(here.page.evaluate("decodeURIComponent(location.hash)"))


def lit(here: Visit) -> set[str]:
    script = "[...document.querySelectorAll('.line:not(.dim):not(.off)')].map((line) => line.dataset.claim)"
    return set(here.page.evaluate(script))


#: The map in every state of its choices: how large it is, and which boxes, lines and texts lie where they should not.
_MEASURE = """() => {
  const svg = document.querySelector('#map-frame svg'), by = (id) => document.getElementById(id), all = {};
  const seen = (each) => !each.classList.contains('off');
  const box = (each) => { const {x, y, width, height} = each.getBBox(); return [x, y, x + width, y + height]; };
  const meet = (a, b) => a[0] + 0.5 < b[2] && b[0] + 0.5 < a[2] && a[1] + 0.5 < b[3] && b[1] + 0.5 < a[3];
  const measure = (name) => {
    const {width, height} = svg.viewBox.baseVal, wrong = [];
    const part = (each, name) => box(each.querySelector(name));
    const parted = (each) => [each.dataset.thing, part(each, 'rect'), part(each, 'text')];
    const boxes = [...svg.querySelectorAll('.thing')].filter(seen).map(parted);
    for (const [id, [x0, y0, x1, y1], name] of boxes) {
      if (x0 < 0 || y0 < 0 || x1 > width || y1 > height) wrong.push(`${id} is cut`);
      if (name[0] < x0 || name[2] > x1 || name[1] < y0 - 1 || name[3] > y1 + 1) wrong.push(`the name of ${id} is not in its box`);
      for (const [other, place] of boxes) if (other > id && meet([x0, y0, x1, y1], place)) wrong.push(`${id} on ${other}`);
    }
    for (const line of [...svg.querySelectorAll('.line, .join')].filter(seen)) {
      const way = line.querySelector('.way') ?? line, long = way.getTotalLength(), {from, to} = line.dataset;
      const others = boxes.filter(([id]) => id !== from && id !== to), hit = new Set();
      for (let at = 0; at < long; at += 4) {
        const {x, y} = way.getPointAtLength(at);
        for (const [id, [x0, y0, x1, y1]] of others) if (x0 - 1 < x && x < x1 + 1 && y0 - 1 < y && y < y1 + 1) hit.add(id);
        if (x < 0 || y < 0 || x > width || y > height) wrong.push(`the line from ${from} to ${to} is cut`);
      }
      hit.forEach((id) => wrong.push(`the line from ${from} to ${to} runs through ${id}`));
      for (const [end, id] of [[0, from], [long, to]]) {
        const {x, y} = way.getPointAtLength(end), [x0, y0, x1, y1] = boxes.find(([name]) => name === id)[1];
        if (x < x0 - 8 || x > x1 + 8 || y < y0 || y > y1) wrong.push(`the line from ${from} to ${to} does not touch ${id}`);
      }
    }
    for (const mark of svg.querySelectorAll('.marks text')) {
      const place = box(mark);
      if (place[0] < 0 || place[1] < 0 || place[2] > width || place[3] > height) wrong.push(`${mark.textContent} is cut`);
      for (const [id, other] of boxes) if (meet(place, other)) wrong.push(`${mark.textContent} on ${id}`);
    }
    all[name] = {width, height, boxes: boxes.length, wrong};
  };
  const choose = (id, value) => {
    by(id)[by(id).type === 'checkbox' ? 'checked' : 'value'] = value;
    by(id).dispatchEvent(new Event('change'));
  };
  measure('first');
  for (const [id, kind] of [['map-standing', 'standing'], ['map-tier', 'tier']]) for (const option of by(id).options) {
    if (!option.value) continue;
    choose(id, option.value);
    if (svg.querySelector('.thing:not(.off)')) measure(`${kind} ${option.value}`); else all[`${kind} ${option.value}`] = {wrong: []};
    choose(id, '');
  }
  for (const rest of [false, true]) {
    for (const option of by('map-mechanism').options) {
      if (!option.value) continue;
      choose('map-mechanism', option.value);
      choose('map-rest', rest);
      measure(`${option.value} ${rest}`);
    }
  }
  choose('map-mechanism', '');
  choose('map-whole', true);
  measure('whole');
  choose('map-whole', false);
  measure('again');
  return all;
}"""


@pytest.mark.browser
class TestRoutedMap:
    def test_every_step_is_a_line_and_a_link_to_its_claim(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html")
        assert lit(here) == {ours("claim", row["claim"]) for row in rows("mechanism_steps")}
        pages = here.page.evaluate("[...document.querySelectorAll('.routed a')].map((each) => each.getAttribute('href'))")
        assert all((site / page).is_file() for page in pages)

    def test_names_can_be_read_at_1280(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html", 1280, 800)
        sizes = here.page.evaluate(
            "[...document.querySelectorAll('.routed text')].map("
            "(text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
        )
        assert min(sizes) >= 11
        assert here.overflow <= 0

    def test_a_mechanism_is_chosen_with_its_reach_and_its_break_and_stands_in_the_address(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html")
        here.page.select_option("#map-mechanism", "mechanism:mgp-calcification-events")
        steps = {ours("claim", row["claim"]) for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"}
        # With what runs over it from end to end.
        steps.add("claim:vitamin-k2-risk-cardiovascular-events")
        assert (len(steps), lit(here)) == (5, steps)
        assert here.page.locator(".chosen .reached").count() == 3
        assert here.page.locator(".marks text").all_text_contents() == ["shown to reach carboxylated MGP", "◇ left open here"]
        assert here.page.locator(".chosen .stroke.open").count() == 2
        told = here.page.locator("#map-told").inner_text()
        assert "Not shown further in human trials." in told
        assert "Left open at: vascular calcification." in told
        assert "mechanism=mechanism:mgp-calcification-events" in state(here)
        # The address alone brings it back, and what it does not know changes nothing.
        again = visit(site / "map.html")
        again.go(site / "map.html", "#mechanism=mechanism:mgp-calcification-events")
        again.page.reload()
        assert lit(again) == steps
        again.go(site / "map.html", "#mechanism=none")
        again.page.reload()
        assert len(lit(again)) == 66
        here.page.click("#map-all")
        assert len(lit(here)) == 66
        assert state(here) == ""

    def test_filters_hide_lines_and_their_claims_in_the_list(self, site: Path, visit: Open, evidence: Evidence) -> None:
        here = visit(site / "map.html")
        everything = lit(here)
        for control, part in (("map-standing", "result"), ("map-tier", "tier")):
            for value in ("consistent", "contested") if part == "result" else ("human-trials", "animals"):
                here.page.select_option(f"#{control}", value)
                wanted = {name for name in everything if getattr(evidence.claims[name].standing, part).notation == value}
                assert lit(here) == wanted
                assert here.page.locator("#map-list li:not([hidden])").count() == len(wanted) > 0
            here.page.click("#map-all")

    def test_what_is_left_moves_together_and_crosses_no_box(self, site: Path, visit: Open, evidence: Evidence) -> None:
        here = visit(site / "map.html")
        before = here.page.evaluate("document.querySelector('#map-frame svg').viewBox.baseVal.width")
        places = here.page.evaluate(_MEASURE)
        filters = len(evidence.scheme("results")) + len(evidence.scheme("tiers"))
        assert len(places) == 1 + filters + 2 * len(evidence.mechanisms) + 2
        for state_, found in places.items():
            assert found["wrong"] == [], state_
        assert places["tier human-trials"]["width"] < before / 3
        # Two claims between four things: two rows, and no column is empty.
        assert places["tier human-trials"]["boxes"] == 4
        assert places["tier human-trials"]["height"] < 160
        assert places["again"]["boxes"] == places["first"]["boxes"]
        # What was left out comes back: without a filter the map is as large as Python has laid it.
        assert places["again"]["width"] == pytest.approx(before, rel=0.01)

    def test_lines_from_end_to_end_are_shown_when_asked_for(self, site: Path, visit: Open, evidence: Evidence) -> None:
        here = visit(site / "map.html")
        here.page.select_option("#map-tier", "human-trials")
        in_trials = [name for name in whole_map(evidence, str).what.whole if evidence.claims[name].standing.tier.notation == "human-trials"]
        assert f"; {len(in_trials)} more end to end" in here.page.locator("#map-count").inner_text()
        before = lit(here)
        here.page.check("#map-whole")
        assert lit(here) == before | {*in_trials}
        assert f"2 of 66 claims, {len(in_trials)} end to end" == here.page.locator("#map-count").inner_text()
        assert state(here) == "#tier=human-trials&whole=1"
        again = visit(site / "map.html", anchor="#tier=human-trials&whole=1")
        assert lit(again) == before | {*in_trials}
        # Hollow: a line in the colour of the ground lies in it.
        assert here.page.locator(".line.whole:not(.off) .core").count() == len(in_trials)
        # A thing that is on the map for such a line alone is found, and brought.
        other = visit(site / "map.html")
        other.page.fill("#map-find", "MK-7")
        assert other.page.locator(".thing.found").get_attribute("data-thing") == "entity:mk-7"

    def test_an_address_claims_nothing_that_is_not_seen(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html", anchor="#mechanism=mgp-calcification-events&standing=zzz&x=1")
        assert here.page.locator("#map-mechanism").input_value() == "mechanism:mgp-calcification-events"
        assert state(here) == "#mechanism=mechanism:mgp-calcification-events"
        # Another place on the page leaves all as it is.
        here.page.evaluate("location.hash = '#main'")
        here.page.wait_for_timeout(200)
        assert here.page.locator("#map-mechanism").input_value() == "mechanism:mgp-calcification-events"

    def test_who_turns_a_tablet_has_the_list_for_the_map(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html", width=1024)
        assert here.page.locator("details.claims-of-map").get_attribute("open") is None
        here.resize(360, 900)
        here.page.locator("details.claims-of-map[open]").wait_for()

    def test_what_is_seen_can_be_taken_away_with_its_key(self, site: Path, visit: Open, tmp_path: Path) -> None:
        here = visit(site / "map.html", scheme="dark")
        here.page.select_option("#map-mechanism", "mechanism:mgp-calcification-events")
        here.page.check("#map-rest")
        for ending in ("svg", "png"):
            with here.page.expect_download() as download:
                here.page.click(f"#map-{ending}")
            assert download.value.suggested_filename == f"map-mgp-calcification-events.{ending}"
            download.value.save_as(tmp_path / f"map.{ending}")
        tree = ET.parse(tmp_path / "map.svg").getroot()
        texts = [" ".join("".join(each.itertext()).split()) for each in tree.iter() if each.tag.endswith("}text")]
        assert " ".join(texts).startswith(
            "Carboxylated MGP keeps arteries free of calcium. Not shown further in human trials. Shown to reach:"
        )
        # A name in two lines.
        named = {"vitamin K2", "GGCX", "matrix Gla protein", "vascularcalcification", "cardiovascularevents"}
        named |= {"shown to reach carboxylated MGP", "◇ left open here", "✔ consistent", "hollow: end to end over a mechanism"}
        assert named <= {*texts}
        assert {"menadione", "fracture"}.isdisjoint(texts)
        assert any(text.startswith("Source: k2graph") for text in texts)
        # Nothing of the page is in it: no links, and the colours of paper though the screen is dark.
        assert [each for each in tree.iter() if each.tag.endswith("}a") or "class" in each.attrib] == []
        assert (tree[0].attrib["fill"], tree[0].attrib["width"]) == ("#ffffff", tree.attrib["width"])
        picture = (tmp_path / "map.png").read_bytes()
        size = tuple(int.from_bytes(picture[place : place + 4], "big") for place in (16, 20))
        assert size == (2 * int(tree.attrib["width"]), 2 * int(tree.attrib["height"]))
        # The whole map as a file has the key as well.
        alone = (site / "mechanism-map.svg").read_text("utf-8")
        assert "thicker: more independent investigations" in alone
        assert 'display="none"' not in alone

    def test_search_brings_the_thing_by_any_of_its_names(self, site: Path, visit: Open) -> None:
        (synonym,) = (row["synonyms"].split("|")[0] for row in rows("entities") if row["entity"] == "fracture")
        for words in ("Fracture", synonym):
            here = visit(site / "map.html", 800, 600)
            here.page.fill("#map-find", words)
            place = here.page.locator(".thing.found").first.bounding_box()
            frame = here.page.locator("#map-frame").bounding_box()
            assert place is not None
            assert frame is not None
            assert frame["x"] <= place["x"] <= frame["x"] + frame["width"] - place["width"]
            assert frame["y"] <= place["y"] <= frame["y"] + frame["height"] - place["height"]

    def test_the_keyboard_reaches_lines_and_boxes(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html")
        here.page.focus("#map-frame")
        here.page.keyboard.press("Tab")
        name = here.page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert ": " in name
        here.page.keyboard.press("Enter")
        here.page.wait_for_url("**/claim/*.html")
        assert here.page.locator("h1").inner_text() == name.partition(": ")[0]

    def test_on_a_phone_the_list_is_the_map(self, site: Path, visit: Open) -> None:
        here = visit(site / "map.html", 360, 740)
        assert not here.page.locator("#map-frame").is_visible()
        assert here.page.locator("#map-list a").first.is_visible()
        here.page.select_option("#map-mechanism", "mechanism:mgp-stiffness")
        assert here.page.locator("#map-list li:not([hidden])").count() == 5
        assert here.overflow <= 0

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_no_serious_fault_for_those_who_do_not_see_it(self, site: Path, visit: Open, scheme: str) -> None:
        here = visit(site / "map.html", scheme=scheme)
        assert serious(here) == []
        here.page.select_option("#map-mechanism", "mechanism:mgp-stiffness")
        assert serious(here) == []
