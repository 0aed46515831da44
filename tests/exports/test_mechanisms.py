"""Mechanisms as DOT, Mermaid and DAGitty: what is drawn is the chain of the tables, and no arrow looks like one that stands otherwise."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pydot
import pytest
from debian import program
from hostile_texts import NASTY, WORDS
from project import Run, ours, rows

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, find_format
from k2graph.exports.dagitty import dagitty
from k2graph.exports.mechanisms import diagram, shortened
from k2graph.exports.mermaid import mermaid

#: pydot 4.0 calls pyparsing by names that this calls old.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:pydot")]

CHAIN = "mgp-calcification-events"
#: By hand from ontology/looks.toml: colour, as on light ground, and dashes of a result.
LOOKS = {"consistent": ("#0068a8", "none"), "single": ("#2f8fc4", "12 4"), "contested": ("#b36200", "8 3 2 3"),
         "not-shown": ("#6b5f86", "6 4"), "untested": ("#7d848c", "2 5")}  # fmt: skip
MEANING = "How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel."


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, graph: k2graph.Graph, evidence: Evidence) -> Path:
    """Every mechanism of the graph, in a folder for each format."""
    folder = tmp_path_factory.mktemp("mechanisms")
    for name in ("dot", "mermaid", "dagitty"):
        (folder / name).mkdir()
        assert not any(find_format(name).write(Part(evidence, graph), folder / name).values())
    return folder


def graphviz(kind: str, *files: Path) -> str:
    """What Debian's Graphviz makes of files, which it must read without a word of warning."""
    done = subprocess.run(
        [program("dot", "graphviz", "fonts-dejavu-core"), f"-T{kind}", *files], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def read(*files: Path) -> Iterator[Any]:
    """Files of DOT as Graphviz has them."""
    text = graphviz("dot_json", *files).strip()
    while text:
        drawn, end = json.JSONDecoder().raw_decode(text)
        yield drawn
        text = text[end:].strip()


def in_dot(folder: Path) -> dict[str, tuple[list[str], list[dict[str, str]]]]:
    """Mechanism → boxes and arrows: the attributes of each arrow with `from` and `to`."""
    found = {}
    for drawn in read(*sorted(folder.glob("*.dot"))):
        boxes = [each["name"] for each in drawn["objects"]]
        found[drawn["name"]] = boxes, [{**each, "from": boxes[each["tail"]], "to": boxes[each["head"]]} for each in drawn["edges"]]
    return found


def as_dot(causal: str | None) -> str:
    """A text of DAGitty as DOT, from which it differs in its first word, and in that an attribute may have no value."""
    return re.sub(r"\[(exposure|outcome),", r'[\1="1",', (causal or "").replace("dag {", "digraph {", 1))


def test_every_mechanism_is_drawn_as_the_tables_have_it(written: Path, evidence: Evidence) -> None:
    found = in_dot(written / "dot")
    assert set(found) == {ours("mechanism", row["mechanism"]) for row in rows("mechanisms")}
    for name in ("mermaid", "dagitty"):
        assert {file.stem for file in (written / name).iterdir()} == {row["mechanism"] for row in rows("mechanisms")}
    for row in rows("mechanism_steps"):
        arrows = found[ours("mechanism", row["mechanism"])][1]
        assert sum(each["claim"] == ours("claim", row["claim"]) and each["role"].startswith("link") for each in arrows) == 1
    for row in rows("mechanisms"):
        (whole,) = (each for each in found[ours("mechanism", row["mechanism"])][1] if "end to end" in each["role"])
        assert whole["claim"] == ours("claim", row["end_to_end"])
    for _, arrows in found.values():
        for each in arrows:
            standing = evidence.claims[each["claim"]].standing
            assert (each["standing"], each["certainty"]) == (standing.label, standing.certainty.notation)
    # By hand from mechanism_steps.tsv: vitamin K2, GGCX, carboxylated MGP, calcification, events.
    boxes, arrows = found[ours("mechanism", CHAIN)]
    assert boxes == [f"entity:{each}" for each in
                     ("vitamin-k2", "ggcx", "carboxylated-mgp", "vascular-calcification", "cardiovascular-events")]  # fmt: skip
    links, others = ([each for each in arrows if (each["role"] == "link") == is_link] for is_link in (True, False))
    assert [(each["from"], each["to"]) for each in links] == list(pairwise(boxes))
    # MGP keeps calcium out, and calcification brings events.
    assert [each["arrowhead"] for each in links] == ["normal", "normal", "tee", "normal"]
    assert {each["from"] for each in others} == {"entity:vitamin-k2"}
    assert [(each["to"], each["result"]) for each in others] == list(
        zip(boxes[1:], ["untested", "consistent", "not-shown", "not-shown"], strict=True)
    )


def looks_in_dot(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for _, arrows in in_dot(folder).values():
        for each in arrows:
            yield each["result"], (each["color"], each["style"])


def looks_in_mermaid(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for file in folder.iterdir():
        for arrow in in_mermaid(file.read_text(encoding="utf-8"))[1]:
            yield arrow["result"], (arrow["stroke"], arrow["stroke-dasharray"])


@pytest.mark.parametrize(("name", "looks"), [("dot", looks_in_dot), ("mermaid", looks_in_mermaid)])
def test_no_arrow_looks_like_one_that_stands_otherwise(name: str, looks: Any, written: Path) -> None:
    of_result: dict[str, set[tuple[str, str]]] = {}
    for result, look in looks(written / name):
        of_result.setdefault(result, set()).add(look)
    assert set(LOOKS) <= set(of_result)
    assert all(len(found) == 1 for found in of_result.values())
    assert len({next(iter(found)) for found in of_result.values()}) == len(of_result)
    for result, (colour, dashes) in LOOKS.items():
        drawn = (colour, dashes)
        if name == "dot":
            line = {"none": "solid", "2 5": "dotted", "8 3 2 3": "solid"}.get(dashes, "dashed")
            drawn = (f"{colour}:#ffffff:{colour}" if result == "contested" else colour, line)
        assert of_result[result] == {drawn}


def in_mermaid(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Boxes and arrows of a flowchart, by the grammar of https://mermaid.js.org/syntax/flowchart.html; no line is anything else.

    An arrow has what the comment above it says, its ends, its text, and how its line is drawn.
    """
    head, title, end, kind, *lines = text.splitlines()
    assert (head, end, kind) == ("---", "---", "flowchart TB")
    assert json.loads(title.removeprefix("title: "))
    boxes: dict[str, str] = {}
    arrows: list[dict[str, str]] = []
    places: list[int] = []
    said: dict[str, str] = {}
    quoted = r'"([^"]*)"'
    for line in lines:
        if found := re.fullmatch(r"  %% (\w+) (.*; .*)", line):
            said = dict(each.split(" ", 1) for each in f"{found[1]} {found[2]}".split("; "))
        elif found := re.fullmatch(rf"  (\w+)(?:\(\[|\(|\[){quoted}(?:\]\)|\)|\])", line):
            boxes[found[1]] = found[2]
        elif found := re.fullmatch(rf"  (\w+) -->\|{quoted}\| (\w+)", line):
            arrows.append({**said, "from": found[1], "text": found[2], "to": found[3]})
            places.append(len(arrows) - 1)
        elif found := re.fullmatch(rf"  (\w+) --- \w+\[{quoted}\] --> (\w+)", line):
            arrows.append({**said, "from": found[1], "text": found[2], "to": found[3]})
            places += [len(arrows) - 1] * 2
        elif found := re.fullmatch(r"  linkStyle ([\d,]+) (.*)", line):
            drawn = {places[int(place)] for place in found[1].split(",")}
            assert drawn == {len(arrows) - 1}
            arrows[-1] |= dict(each.split(":", 1) for each in found[2].split(","))
        else:
            assert re.fullmatch(r"  (?:%% \S+|about ~~~ t0|style \w+ [\w:#,. -]+)", line), line
    return {name: shown(label) for name, label in boxes.items()}, [{**each, "text": shown(each["text"])} for each in arrows]


def shown(text: str) -> str:
    """What Mermaid shows of a text in quotation marks; nothing in it but what is plain, entities and line breaks."""
    assert re.fullmatch(r"(?:[\w ,()≈-]|#\d+;|<br/>)*", text), text
    assert not re.match(r"[\d-]", text)
    lines = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text.replace("<br/>", "\n"))
    assert "_" not in text
    return lines


def test_mermaid_has_each_standing_and_certainty_in_words(written: Path, evidence: Evidence) -> None:
    boxes, arrows = in_mermaid((written / "mermaid" / f"{CHAIN}.mmd").read_text(encoding="utf-8"))
    assert [boxes[f"t{number}"] for number in range(5)] == [
        "vitamin K2", "GGCX", "carboxylated MGP", "vascular calcification", "cardiovascular events",
    ]  # fmt: skip
    assert boxes["about"].endswith(MEANING)
    assert [(each["from"], each["to"]) for each in arrows] == [
        *(("t0", "t1"), ("t1", "t2"), ("t2", "t3"), ("t3", "t4")),
        *(("t0", "t1"), ("t0", "t2"), ("t0", "t3"), ("t0", "t4")),
    ]
    assert arrows[5]["text"] == (
        "Reach: Vitamin K2 increases the level of carboxylated MGP\n✔ consistent in human trials (11)\ncertainty: low"
    )
    for name in evidence.mechanisms:
        for each in in_mermaid(mermaid(diagram(evidence, name)))[1]:
            standing = evidence.claims[each["claim"]].standing
            assert each["text"].endswith(f"{standing.label}\ncertainty: {standing.certainty.label}")


def test_dagitty_tells_of_each_box_how_the_arrow_into_it_stands(written: Path, evidence: Evidence, tmp_path: Path) -> None:
    text = (written / "dagitty" / f"{CHAIN}.txt").read_text(encoding="utf-8")
    (tmp_path / "x.dot").write_text(as_dot(text), encoding="utf-8")
    (drawn,) = read(tmp_path / "x.dot")
    assert drawn["about"].endswith(MEANING)
    boxes = {each["name"]: each for each in drawn["objects"]}
    assert list(boxes) == ["vitamin_k2", "ggcx", "carboxylated_mgp", "vascular_calcification", "cardiovascular_events"]
    assert [name for name in boxes if "exposure" in boxes[name]] == ["vitamin_k2"]
    assert [name for name in boxes if "outcome" in boxes[name]] == ["cardiovascular_events"]
    assert boxes["vascular_calcification"]["label"] == (
        "vascular calcification [arrow from carboxylated MGP: established; single in animals (1); certainty: not graded: not in people]"
    )
    assert boxes["vascular_calcification"]["reach"] == "not shown in human trials (5)"
    assert boxes["cardiovascular_events"]["end_to_end"] == (
        "Vitamin K2 lowers the risk of cardiovascular events: not shown in human trials (1); certainty: very low"
    )
    assert [(each["tail"], each["head"], each["result"]) for each in drawn["edges"]] == [
        (0, 1, "single"), (1, 2, "single"), (2, 3, "single"), (3, 4, "single"),
    ]  # fmt: skip
    for name in evidence.mechanisms:
        written_so = dagitty(diagram(evidence, name)) or ""
        for arrow in diagram(evidence, name).links:
            assert f": {arrow.claim.standing.label}; certainty: {arrow.claim.standing.certainty.label}]" in written_so


def test_a_chain_that_comes_back_to_where_it_was_is_no_causal_diagram(graph: k2graph.Graph, evidence: Evidence, tmp_path: Path) -> None:
    part = evidence.only(evidence.rests_on([f"mechanism:{CHAIN}"]))
    (mechanism,) = part.mechanisms.values()
    round_about = replace(mechanism, steps=(*mechanism.steps[:-1], replace(mechanism.steps[-1], yields="entity:ggcx")))
    turned = Part(replace(part, mechanisms={mechanism.id: round_about}), graph, whole=False)
    left_out = find_format("dagitty").write(turned, tmp_path)
    assert (left_out, [*tmp_path.iterdir()]) == ({"mechanisms whose chain comes back to where it was": 1}, [])


def test_pydot_and_networkx_read_a_mechanism(written: Path) -> None:
    import networkx

    (drawn,) = pydot.graph_from_dot_file(written / "dot" / f"{CHAIN}.dot") or ()
    graph = networkx.nx_pydot.from_pydot(drawn)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (5, 8)
    (reach,) = graph.get_edge_data("entity:vitamin-k2", "entity:carboxylated-mgp").values()
    assert (reach["result"], reach["certainty"]) == ('"consistent"', '"low"')


#: What is markup, Markdown, an escape or a statement to one of the three.
SYNTAX = ("1. one", "- dash", "`code`", "**bold**", "# head", "end", "--> x", 'click t0 href "javascript:alert(1)"', "%%{init: {}}%%",
          "a<br/>b", "#35;", "$$x$$", "fa:fa-ban", "t0@{ shape: x }", '"]', "~~~", "2) two",
          "\ufb02°°35¶ß", "_em_ text", "\\l\\N\\G")  # fmt: skip
HOSTILE = [text for text in (*NASTY, *WORDS, *SYNTAX) if len(text) < 100]


def hostile(evidence: Evidence) -> Iterator[Evidence]:
    """One mechanism, again and again, with five hostile texts at a time as what its things, claims and itself are called."""
    part = evidence.only(evidence.rests_on([f"mechanism:{CHAIN}"]))
    for begin in range(0, len(HOSTILE), 5):
        new = cycle(HOSTILE[begin : begin + 5]).__next__
        yield replace(
            part,
            entities={name: replace(each, label=new()) for name, each in part.entities.items()},
            claims={name: replace(each, label=new()) for name, each in part.claims.items()},
            mechanisms={name: replace(each, label=new()) for name, each in part.mechanisms.items()},
        )


def test_hostile_texts_are_shown_as_they_are(evidence: Evidence, tmp_path: Path) -> None:
    from k2graph.exports.dot import dot

    drawn = [diagram(each, f"mechanism:{CHAIN}") for each in hostile(evidence)]
    files = [tmp_path / f"{number}.dot" for number in range(len(drawn))]
    for file, each in zip(files, drawn, strict=True):
        file.write_text(dot(each), encoding="utf-8")
    causal = [tmp_path / f"causal-{number}.dot" for number in range(len(drawn))]
    for file, each in zip(causal, drawn, strict=True):
        file.write_text(as_dot(dagitty(each)), encoding="utf-8")
        assert "\\" not in (dagitty(each) or "")
    for again, each in zip(read(*causal), drawn, strict=True):
        assert [box["label"].partition(" [arrow from")[0] for box in again["objects"]] == [
            thing.label.replace('"', "”").replace("\\", "∖") for thing in each.things
        ]
        assert len(again["edges"]) == 4
    svgs = [svg for svg in re.split(r"(?=<\?xml )", graphviz("svg", *files)) if svg]
    for svg, each in zip(svgs, drawn, strict=True):
        root = ElementTree.fromstring(svg)
        texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
        squeezed = re.sub(r"\s", "", "".join(texts))
        boxes, arrows = in_mermaid(mermaid(each))
        for number, thing in enumerate(each.things):
            assert re.sub(r"\s", "", thing.label) in squeezed
            assert boxes[f"t{number}"] == thing.label
        for arrow, made in zip(each.arrows, arrows, strict=True):
            assert re.sub(r"\s", "", "".join(arrow.lines)) in squeezed
            assert made["text"] == "\n".join(arrow.lines)
        assert not [element.tag for element in root.iter() if element.tag.endswith("}script")]


def test_texts_of_any_length_are_of_a_length_for_people() -> None:
    assert shortened("x" * 70_000, 60) == "x" * 59 + "…"


def test_a_mechanism_alone_is_one_file_and_a_thing_without_one_is_none(run: Run, tmp_path: Path) -> None:
    assert run("export", "mermaid", "--mechanism", CHAIN, "--output", tmp_path / "m").code == 0
    assert [file.name for file in (tmp_path / "m").iterdir() if file.suffix] == [f"{CHAIN}.mmd"]
    done = run("export", "dot", "--about", "claim:mk-7-level-dp-ucmgp", "--output", tmp_path / "d")
    assert (done.code, (tmp_path / "d").exists()) == (1, False)
