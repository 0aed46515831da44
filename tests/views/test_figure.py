"""A mechanism's own figure: nothing cut, nothing over another, every standing in words, and the break where the graph says."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest
from browser import Open
from project import Run

import k2graph
from k2graph import palette
from k2graph.evidence.model import Evidence
from k2graph.views.figure import WIDTHS, Figure
from k2graph.views.lettering import folded, width_of

SVG = "{http://www.w3.org/2000/svg}"
Place = tuple[float, float, float, float]


def place_of_text(text: ET.Element) -> Place:
    """Left, top, right and bottom of a line of text."""
    size, x, y = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
    wide = sum(width_of(span.text or "", size, bold=span.get("font-weight") == "bold") for span in text)
    left = x - wide / 2 if text.attrib["text-anchor"] == "middle" else x
    return left, y - 0.75 * size, left + wide, y + 0.24 * size


def place_of_box(box: ET.Element) -> Place:
    x, y, width, height = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def within(inner: Place, outer: Place) -> bool:
    return inner[0] >= outer[0] - 0.01 and inner[1] >= outer[1] and inner[2] <= outer[2] + 0.01 and inner[3] <= outer[3]


def over(one: Place, other: Place) -> bool:
    return one[0] < other[2] - 0.01 and other[0] < one[2] - 0.01 and one[1] < other[3] - 0.01 and other[1] < one[3] - 0.01


def words(element: ET.Element) -> str:
    return " ".join("".join(text.itertext()) for text in element.iter(f"{SVG}text"))


def groups(drawn: ET.Element, kind: str) -> list[ET.Element]:
    return [group for group in drawn.iter(f"{SVG}g") if group.get("class") == kind]


def check_geometry(svg: str, width: int) -> ET.Element:
    """Nothing is cut, no text smaller than 7 points, nothing over another thing; the figure."""
    drawn = ET.fromstring(svg)
    left, top, wide, high = map(float, drawn.attrib["viewBox"].split())
    assert drawn.attrib["width"] == f"{width}mm"
    assert wide == pytest.approx(width * 72 / 25.4, abs=0.01), "a unit is a point of print"
    texts = list(drawn.iter(f"{SVG}text"))
    assert min(float(text.attrib["font-size"]) for text in texts) >= 7
    page = (left, top, left + wide, top + high)
    assert [words(drawn) for text in texts if not within(place_of_text(text), page)] == []
    boxes = [place_of_box(group.find(f"{SVG}rect")) for group in groups(drawn, "box")]  # type: ignore[arg-type]
    assert not any(over(one, other) for one, other in combinations(boxes, 2))
    for group, box in zip(groups(drawn, "box"), boxes, strict=True):
        assert all(within(place_of_text(text), box) for text in group.iter(f"{SVG}text")), words(group)
    inside = {text for group in groups(drawn, "box") for text in group.iter(f"{SVG}text")}
    for text in texts:
        assert text in inside or not any(over(place_of_text(text), box) for box in boxes), "".join(text.itertext())
    for one, other in combinations(texts, 2):
        assert not over(place_of_text(one), place_of_text(other)), ("".join(one.itertext()), "".join(other.itertext()))
    return drawn


def broken(svg: str) -> list[int]:
    """The places of the links that are drawn with a break."""
    return [place for place, link in enumerate(groups(ET.fromstring(svg), "link"), 1) if any(g.get("class") == "break" for g in link)]


class TestFigure:
    @pytest.mark.parametrize("width", WIDTHS)
    def test_nothing_is_cut_or_over_another_and_each_standing_is_in_words(self, evidence: Evidence, width: int) -> None:
        for name, mechanism in evidence.mechanisms.items():
            drawn = check_geometry(Figure(evidence, name).svg(width), width)
            links = [re.sub(r"\s+", " ", words(group)) for group in groups(drawn, "link")]
            for step, link in zip(mechanism.steps, links, strict=True):
                standing = evidence.claims[step.claim].standing
                look = palette.of_result(standing.result.notation)
                assert f"{look.icon} {standing.label}" in link
            everything = re.sub(r"\s+", " ", words(drawn))
            reaches = {evidence.claims[step.reach].standing.label for step in mechanism.steps}
            assert [label for label in reaches if label not in everything and width == 80] == []
            assert evidence.claims[mechanism.end_to_end].standing.label in everything

    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize(
        ("mechanism", "reached", "left_open", "at"),
        [
            # Vitamin K2 raises carboxylated MGP in 11 trials; 5 leave open whether less calcium lies in arteries: the third of four steps.
            ("mechanism:mgp-calcification-events", "carboxylated MGP", "vascular calcification", 3),
            # 16 trials show carboxylated osteocalcin, the second of five; on fracture, the fifth, three contest it.
            ("mechanism:osteocalcin-bone-strength", "carboxylated osteocalcin", "fracture", 5),
        ],
    )
    def test_the_break_is_where_the_graph_says(
        self, evidence: Evidence, mechanism: str, reached: str, left_open: str, at: int, width: int
    ) -> None:
        svg = Figure(evidence, mechanism).svg(width)
        assert broken(svg) == [at]
        text = re.sub(r"\s+", " ", words(ET.fromstring(svg)))
        assert f"Shown to reach: {reached}. Left open at: {left_open}." in text
        assert (text.count("left open here"), text.count("stops here")) == (1, 0)
        (line,) = groups(ET.fromstring(svg), "reach")[:1]
        assert line[0].attrib["stroke"] == palette.of_result("consistent").light

    @pytest.mark.parametrize("width", WIDTHS)
    def test_where_it_stops_is_drawn_otherwise_than_where_it_is_left_open(self, evidence: Evidence, width: int) -> None:
        name = "mechanism:mgp-calcification-events"
        stopped = dataclasses.replace(evidence.mechanisms[name], stops=4, left_open=None)
        svg = Figure(dataclasses.replace(evidence, mechanisms={name: stopped}), name).svg(width)
        assert broken(svg) == [4]
        drawn = check_geometry(svg, width)
        assert "translation stops here" in re.sub(r"\s+", " ", words(drawn))
        (gap,) = groups(drawn, "break")
        strokes = list(gap.iter(f"{SVG}path"))
        assert {path.get("stroke") for path in strokes} == {palette.of_result("contrary").light}
        assert {path.get("stroke-dasharray") for path in strokes} == {None}
        (gap,) = groups(ET.fromstring(Figure(evidence, name).svg(width)), "break")
        assert {path.get("stroke") for path in gap.iter(f"{SVG}path")} == {palette.of_result("not-shown").light}
        assert None not in {path.get("stroke-dasharray") for path in gap.iter(f"{SVG}path")}

    def test_the_same_graph_gives_the_same_bytes(self, graph: k2graph.Graph, evidence: Evidence) -> None:
        for width in WIDTHS:
            assert graph.figure("mgp-stiffness").svg(width) == Figure(evidence, "mechanism:mgp-stiffness").svg(width)

    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize(
        "hostile",
        ["<script>window.hacked=1</script>", '"><image href=x onerror="a"/>', "]]></style>", "x" * 10_000, "ﷺ" * 300, "\u202egnp.exe", ""],
        ids=["script", "attribute", "end of style", "long", "wide", "turned", "nothing"],
    )
    def test_hostile_words_stay_text_and_in_their_boxes(self, evidence: Evidence, hostile: str, width: int) -> None:
        name = "mechanism:mgp-calcification-events"
        changed = dataclasses.replace(
            evidence,
            entities={key: dataclasses.replace(each, label=hostile) for key, each in evidence.entities.items()},
            claims={key: dataclasses.replace(each, label=hostile) for key, each in evidence.claims.items()},
            mechanisms={name: dataclasses.replace(evidence.mechanisms[name], label=hostile)},
        )
        drawn = check_geometry(Figure(changed, name).svg(width), width)
        assert {element.tag.removeprefix(SVG) for element in drawn.iter()} == {
            "svg", "title", "desc", "style", "rect", "g", "path", "text", "tspan",
        }  # fmt: skip
        assert "\u202e" not in "".join(drawn.itertext())

    def test_the_command_writes_it(self, run: Run, tmp_path: Path) -> None:
        outcome = run("figure", "mgp-calcification-events", "--width", "80", "--output", tmp_path / "chain.svg")
        assert (outcome.code, outcome.out) == (0, "")
        assert ET.parse(tmp_path / "chain.svg").getroot().attrib["width"] == "80mm"
        outcome = run("figure", "none", "--output", tmp_path / "none.svg")
        assert outcome.code == 2
        assert "no mechanism is called" in outcome.err
        assert not (tmp_path / "none.svg").exists()
        assert run("figure", "mgp-calcification-events", "--output", tmp_path / "chain.svg.gz").code == 2


@pytest.mark.browser
class TestFigureOnItsPage:
    def test_it_is_there_in_the_width_of_the_window_and_to_take_away(self, site: Path, visit: Open, tmp_path: Path) -> None:
        page = site / "mechanism/mgp-calcification-events.html"
        for width, shown in ((1280, "170mm"), (360, "80mm")):
            here = visit(page, width, 800)
            picture = here.page.locator("figure img")
            assert picture.evaluate("(image) => image.decode().then(() => image.currentSrc)").endswith(
                f"mgp-calcification-events-{shown}.svg"
            )
            assert here.overflow <= 0
        here = visit(page, scheme="dark")
        with here.page.expect_download() as saved:
            here.page.get_by_role("button", name="PNG, 80 mm").click()
        saved.value.save_as(tmp_path / "chain.png")
        content = (tmp_path / "chain.png").read_bytes()
        assert content.startswith(b"\x89PNG")
        # 80 mm at 300 dots to the inch: 944.9.
        assert int.from_bytes(content[16:20], "big") == 945

    def test_no_text_is_wider_in_the_browser_than_was_reckoned(self, site: Path, visit: Open) -> None:
        # With the font of which the widths are; Arial and its like are narrower.
        for width in WIDTHS:
            here = visit(site / f"mechanism/osteocalcin-bone-strength-{width}mm.svg")
            found = here.page.evaluate(
                "[...document.querySelectorAll('text')].map((t) => [t.getComputedTextLength(), +t.getAttribute('font-size'), "
                "[...t.children].map((s) => [s.textContent, s.getAttribute('font-weight') === 'bold'])])"
            )
            assert len(found) > 30
            for real, size, spans in found:
                assert real <= sum(width_of(text, size, bold=bold) for text, bold in spans) * 1.005 + 1


class TestLettering:
    def test_words_are_folded_and_long_ones_broken(self) -> None:
        assert folded("a bb", 100, 10) == ["a bb"]
        # Ten ems of 0.612 are wider than 20; three are 18.36.
        assert folded("aaaaaaaaaa", 20, 10) == ["aaa", "aaa", "aaa", "a"]
        assert folded("gamma-carboxylation", 75, 10) == ["gamma-", "carboxylation"]
        assert folded("", 20, 10) == []
        assert folded("a b c d e f", 10, 10, most=2)[-1].endswith("…")
