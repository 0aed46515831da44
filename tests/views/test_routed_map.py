"""The routed map: lines that cross no box, lanes from exposure to outcome, and what a reader chooses, in a real browser, offline."""

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
        assert list(drawn.lanes) == [0, 1, 2, 3]
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
        ] == [0, 0, 1, 1, 2, 3]

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
        assert (len(steps), lit(here)) == (4, steps)
        assert here.page.locator(".chosen .reached").count() == 3
        assert here.page.locator(".chosen text").all_text_contents() == ["shown to reach carboxylated MGP", "◇ left open here"]
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
        assert here.page.locator("#map-list li:not([hidden])").count() == 4
        assert here.overflow <= 0

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_no_serious_fault_for_those_who_do_not_see_it(self, site: Path, visit: Open, scheme: str) -> None:
        here = visit(site / "map.html", scheme=scheme)
        assert serious(here) == []
        here.page.select_option("#map-mechanism", "mechanism:mgp-stiffness")
        assert serious(here) == []
