"""GraphML, GEXF and CX2 are read back by networkx and NDEx's own package, with every claim's standing."""

import json
import re
from pathlib import Path
from typing import Any

import networkx
import pytest
from hostile_texts import parts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project import Run, ours, rows

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, choose, export, find_format
from k2graph.exports.networks import network
from k2graph.text import xml_text

pytestmark = pytest.mark.slow

NAMES = ("graphml", "gexf", "cx2")


def read(name: str, path: Path) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Nodes and edges by our ids, as the receiver has them."""
    if name == "cx2":
        from ndex2.cx2 import RawCX2NetworkFactory

        # Bytes, not a path: given a path, the package reads by the encoding of the machine.
        found = RawCX2NetworkFactory().get_cx2network(json.loads(path.read_bytes()))
        nodes = {node["v"].pop("represents"): node["v"] for node in found.get_nodes().values()}
        ids = dict(zip(found.get_nodes(), nodes, strict=True))
        edges = {edge["v"]["claim"]: {**edge["v"], "ends": (ids[edge["s"]], ids[edge["t"]])} for edge in found.get_edges().values()}
        return nodes, edges
    graph = networkx.read_graphml(path, force_multigraph=True) if name == "graphml" else networkx.read_gexf(path)
    return dict(graph.nodes(data=True)), {said["claim"]: {**said, "ends": (one, other)} for one, other, said in graph.edges(data=True)}


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_graph_comes_back_with_every_standing(name: str, tmp_path: Path, graph: k2graph.Graph, evidence: Evidence) -> None:
    written = export(choose(graph), find_format(name), tmp_path / "x")
    assert written.left_out == {}
    nodes, edges = read(name, tmp_path / "x")
    assert set(nodes) == {ours("entity", row["entity"]) for row in rows("entities")}
    assert {ours("claim", row["claim"]) for row in rows("claims")} < set(edges)
    assert set(edges) == set(evidence.claims)
    for claim in evidence.claims.values():
        edge = edges[claim.id]
        assert edge["ends"] == (claim.subject, claim.object)
        assert (edge["result"], edge["tested_in"]) == (claim.standing.result.notation, claim.standing.tier.notation)
        assert edge["standing"] == claim.standing.label
        assert edge["investigations"] == claim.standing.investigations
    # By hand from the tables: many trials saw dp-ucMGP fall; one assay reported no effect of DHODH; no row tests BMP2 on calcification.
    shown = edges["claim:mk-7-level-dp-ucmgp"]
    assert (shown["ends"], shown["direction"]) == (("entity:mk-7", "entity:dp-ucmgp"), "decreases")
    assert shown["result"] == "consistent"
    assert edges["claim:dhodh-activity-gamma-carboxylation"]["standing"] == "not shown in cells and assays (1)"
    deaths = edges["claim:mk-7-risk-all-cause-mortality"]
    assert (deaths["result"], deaths["certainty"], deaths["scope"]) == ("not-shown", "very-low", "nutrient-question")
    assert (deaths["supporting"], deaths["leaving_open"], deaths["excluding"], deaths["contradicting"]) == (0, 1, 0, 0)
    assert edges["claim:vitamin-k1-level-hip-bone-mineral-density"]["excluding"] == 1
    assert edges["claim:bmp2-level-vascular-calcification"]["result"] == "untested"


@pytest.mark.parametrize("name", NAMES)
def test_an_edge_has_its_certainty_and_the_network_says_what_that_is(name: str, tmp_path: Path, graph: k2graph.Graph) -> None:
    claims = ("claim:mk-7-risk-all-cause-mortality", "claim:mk-7-level-dp-ucmgp", "claim:dhodh-activity-gamma-carboxylation")
    find_format(name).write(Part(graph.evidence().only(claims), graph, whole=False), tmp_path / "x")
    deaths, marker, cells = (read(name, tmp_path / "x")[1][claim] for claim in claims)
    # The working of each step is in tests/evidence/test_standings.py, that of the risks in tests/exports/test_kgx.py.
    steps = deaths["certainty_steps"]
    assert (steps if name == "cx2" else steps.split(" | "))[2:4] == [
        "indirectness: 1 down, all of it in one group: hospital patients",
        "imprecision: 2 down, 40 people; the interval holds important effects both ways",
    ]
    assert [marker[f"risk_of_bias_{risk}"] for risk in ("low", "some_concerns", "high", "not_appraised")] == [1, 7, 2, 0]
    assert cells["certainty"] == "not-graded"
    assert {"certainty_steps", "risk_of_bias_low"}.isdisjoint({key for key, value in cells.items() if value not in ("", None)})
    assert description(name, tmp_path / "x") == (
        "Certainty: How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel."
    )


def description(name: str, path: Path) -> str:
    if name == "cx2":
        (attributes,) = [part["networkAttributes"] for part in json.loads(path.read_bytes()) if "networkAttributes" in part]
        # What the graph says of itself stands before it.
        return str(attributes[0]["description"]).partition("as such, and retracted studies are marked and not counted. ")[2]
    if name == "graphml":
        return str(networkx.read_graphml(path).graph["description"])
    from xml.etree import ElementTree

    return ElementTree.parse(path).getroot().findtext("{*}meta/{*}description", "")


def plain(text: str) -> str:
    """Text from XML as it was before `xml_text`, as ECMA-376 says to read it."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_come_back_as_they_were(name: str, tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(parts(some, some_evidence))
    def check(part: Part) -> None:
        find_format(name).write(part, tmp_path / "x")
        nodes, edges = read(name, tmp_path / "x")
        decode = plain if name != "cx2" else str
        made = network(part)

        def back(got: Any, value: Any) -> Any:
            # In XML a list is one text.
            return decode(got).split(" | ") if isinstance(value, list) and name != "cx2" else decode(got) if isinstance(value, str) else got

        def apart(value: Any) -> Any:
            return " | ".join(value).split(" | ") if isinstance(value, list) and name != "cx2" else value

        for node, said in made.nodes(data=True):
            assert {key: back(nodes[node][key], value) for key, value in said.items()} == {k: apart(v) for k, v in said.items()}
        for _, _, claim, said in made.edges(keys=True, data=True):
            assert {key: back(edges[claim][key], value) for key, value in said.items()} == {k: apart(v) for k, v in said.items()}
        assert len(edges) == made.number_of_edges()

    check()


@given(st.text())
def test_what_xml_cannot_hold_is_written_so_that_it_can_be_read(text: str) -> None:
    from xml.etree import ElementTree

    element = ElementTree.Element("a")
    element.text = xml_text(text)
    assert plain(ElementTree.fromstring(ElementTree.tostring(element)).text or "") == text


def test_graphml_has_booleans_as_xml_schema_writes_them(run: Run, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    assert run("export", "graphml", "--output", tmp_path / "g.graphml").code == 0
    root = ElementTree.parse(tmp_path / "g.graphml").getroot()
    xmlns = "{http://graphml.graphdrawing.org/xmlns}"
    booleans = {key.get("id") for key in root.iter(f"{xmlns}key") if key.get("attr.type") == "boolean"}
    written = {data.text for data in root.iter(f"{xmlns}data") if data.get("key") in booleans}
    assert (booleans, written) == ({"implied_only"}, {"true", "false"})


#: By hand from ontology/looks.toml: colour, as on light ground, and line of a result.
LOOKS = {"consistent": ("#0068a8", "solid"), "contested": ("#b36200", "double"), "untested": ("#7d848c", "dotted"),
         "not-shown": ("#6b5f86", "dashed")}  # fmt: skip


def drawn(name: str, path: Path, nodes: dict[str, Any], edges: dict[str, Any]) -> dict[str, tuple[str, str, float]]:
    """Colour, line and width of each claim, as a program draws them."""
    if name == "graphml":
        return {claim: (edge["color"], edge["lty"].replace("longdash", "double"), edge["width"]) for claim, edge in edges.items()}
    if name == "cx2":
        ((properties,),) = [part["visualProperties"] for part in json.loads(path.read_bytes()) if "visualProperties" in part]
        mapping = properties["edgeMapping"]
        assert mapping["EDGE_WIDTH"] == {"type": "PASSTHROUGH", "definition": {"attribute": "width", "type": "double"}}
        colour, line = (
            {each["v"]: each["vp"] for each in mapping[which]["definition"]["map"]} for which in ("EDGE_LINE_COLOR", "EDGE_LINE_STYLE")
        )
        return {claim: (colour[edge["result"]], line[edge["result"]], edge["width"]) for claim, edge in edges.items()}
    from xml.etree import ElementTree

    def of(edge: Any, what: str) -> Any:
        return edge.find("{http://www.gexf.net/1.2draft/viz}" + what)

    return {
        edge.get("id"): (
            "#" + "".join(f"{int(of(edge, 'color').get(each)):02x}" for each in "rgb"),
            of(edge, "shape").get("value"),
            float(of(edge, "thickness").get("value")),
        )
        for edge in ElementTree.parse(path).getroot().iter("{http://www.gexf.net/1.2draft}edge")
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_claim_looks_like_one_that_stands_otherwise(name: str, tmp_path: Path, graph: k2graph.Graph, evidence: Evidence) -> None:
    export(choose(graph), find_format(name), tmp_path / "x")
    looks = drawn(name, tmp_path / "x", *read(name, tmp_path / "x"))
    assert set(looks) == set(evidence.claims)
    of_result: dict[str, set[tuple[str, str]]] = {}
    for claim, (colour, line, _) in looks.items():
        of_result.setdefault(evidence.claims[claim].standing.result.notation, set()).add((colour, line))
    assert all(len(found) == 1 for found in of_result.values())
    assert len({next(iter(found)) for found in of_result.values()}) == len(of_result) > 6
    assert {result: next(iter(of_result[result])) for result in LOOKS} == LOOKS
    # Nobody tested the one; ten trials and more the other.
    assert looks["claim:bmp2-level-vascular-calcification"][2] < 2
    assert looks["claim:mk-7-level-dp-ucmgp"][2] > 7


def test_gexf_and_cx2_place_every_thing_apart(tmp_path: Path, graph: k2graph.Graph) -> None:
    # What a thing is in stands to the left of what it does, and outcomes stand to the right.
    for name in ("gexf", "cx2"):
        export(choose(graph), find_format(name), tmp_path / name)
    found = networkx.read_gexf(tmp_path / "gexf").nodes(data="viz")
    in_gexf = {node: (viz["position"]["x"], -viz["position"]["y"]) for node, viz in found}
    (listed,) = [part["nodes"] for part in json.loads((tmp_path / "cx2").read_bytes()) if "nodes" in part]
    assert {node["v"]["represents"]: (node["x"], node["y"]) for node in listed} == in_gexf
    assert len(set(in_gexf.values())) == len(in_gexf) > 400
    assert in_gexf["entity:natto"][0] < in_gexf["entity:mk-7"][0] < in_gexf["entity:carboxylated-mgp"][0] < in_gexf["entity:fracture"][0]


def test_cx2_says_what_the_network_is_and_has_lists_as_lists(tmp_path: Path, graph: k2graph.Graph) -> None:
    export(choose(graph), find_format("cx2"), tmp_path / "x")
    parts_of = {name: value for part in json.loads((tmp_path / "x").read_bytes()) for name, value in part.items()}
    said = parts_of["networkAttributes"][0]
    assert (said["name"], said["rights"], said["version"]) == ("k2graph", "CC-BY-4.0", "0.1.0")
    assert json.loads(said["@context"])["CHEBI"] == "http://purl.obolibrary.org/obo/CHEBI_"
    declared = parts_of["attributeDeclarations"][0]
    assert declared["nodes"]["identifiers"] == {"d": "list_of_string"}
    assert declared["edges"]["studies"] == {"d": "list_of_string"}
    for edge in parts_of["edges"]:
        assert edge["v"]["effect"] in {"raises", "lowers"}


def test_gexf_says_nothing_of_the_library_that_wrote_it(tmp_path: Path, graph: k2graph.Graph) -> None:
    export(choose(graph), find_format("gexf"), tmp_path / "x")
    assert "networkx" not in (tmp_path / "x").read_text(encoding="utf-8").lower()


def test_sif_has_every_claim_with_its_standing_in_its_kind_of_interaction(tmp_path: Path, graph: k2graph.Graph, evidence: Evidence) -> None:
    import ndex2
    import pandas

    assert export(choose(graph), find_format("sif"), tmp_path / "x").left_out == {}
    text = (tmp_path / "x" / "network.sif").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines()]
    # Readers that part lines at any white space have the same.
    assert lines == [line.split() for line in text.splitlines()]
    edges = [line for line in lines if len(line) == 3]
    assert [line for line in lines if len(line) == 1] == [
        [name]
        for name in evidence.entities
        if name not in {end for each in evidence.claims.values() for end in (each.subject, each.object)}
    ]
    tables = {name: pandas.read_csv(tmp_path / "x" / f"{name}.tsv", sep="\t", keep_default_na=False) for name in ("nodes", "edges")}
    assert list(tables["nodes"]["name"]) == list(evidence.entities)
    joined = dict(zip(tables["edges"]["name"], tables["edges"]["claim"], strict=True))
    # No two claims are one edge, and each finds its row in the table.
    found = {joined[f"{source} ({kind}) {target}"]: (source, kind, target) for source, kind, target in edges}
    assert set(found) == set(evidence.claims)
    for name, (source, kind, target) in found.items():
        claim = evidence.claims[name]
        assert (source, target) == (claim.subject, claim.object)
        words = (claim.direction, claim.standing.result, claim.standing.tier)
        assert kind.split(":")[1:5] == [*(word.notation for word in words), f"certainty-{claim.standing.certainty.notation}"]
    # By hand, as above.
    assert found["claim:mk-7-risk-all-cause-mortality"][1] == "affects-risk-of:decreases:not-shown:human-trials:certainty-very-low"
    assert found["claim:bmp2-level-vascular-calcification"][1].split(":")[2] == "untested"
    # As NDEx reads such a list.
    listed = pandas.DataFrame(edges, columns=["a", "kind", "b"])
    net = ndex2.create_nice_cx_from_pandas(listed, source_field="a", target_field="b", edge_interaction="kind")
    assert len(net.edges) == len(evidence.claims)
    assert {each["i"] for each in net.edges.values()} == {kind for _, kind, _ in edges}


def test_sif_is_harmless_whatever_things_are_called(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(parts(some, some_evidence))
    def check(part: Part) -> None:
        find_format("sif").write(part, tmp_path)
        rows_of = (tmp_path / "edges.tsv").read_text(encoding="utf-8").split("\n")[:-1]
        assert {line.count("\t") for line in rows_of} == {12}
        assert len(rows_of) == len(part.evidence.claims) + 1

    check()
