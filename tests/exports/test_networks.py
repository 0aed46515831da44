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
    assert deaths["certainty_steps"].split(" | ")[2:4] == [
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
        return str(attributes[0]["description"])
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
        for node, said in made.nodes(data=True):
            for key, text in said.items():
                assert decode(nodes[node][key]) == text
        for _, _, claim, said in made.edges(keys=True, data=True):
            got = edges[claim]
            assert {key: decode(got[key]) if isinstance(value, str) else got[key] for key, value in said.items()} == said
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
