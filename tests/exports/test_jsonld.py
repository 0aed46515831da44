"""JSON-LD: rdflib and PyLD read it with no network, and our triples come back equal."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
import rdflib
from exported import Export
from hostile_texts import graphs, triples
from hypothesis import HealthCheck, given, settings
from project import Rows, ours
from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse
from rdflib.compare import isomorphic
from rdflib_terms import plain

import k2graph
from k2graph import InputError, iris
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, choose, export, find_format

pytestmark = pytest.mark.slow

SCHEMA = "https://schema.org/"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a reader went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def written(exported_some: Export) -> Path:
    path, left_out = exported_some("jsonld")
    assert left_out == {}
    return path


def read(found: Any) -> tuple[set[Triple], set[Triple]]:
    """From N-Quads of a reader: the triples in our terms, and those in schema.org's."""
    parsed = {quad.triple for quad in parse(found, format=RdfFormat.N_QUADS)}
    theirs = {triple for triple in parsed if is_theirs(triple)}
    return parsed - theirs, theirs


def is_theirs(triple: Triple) -> bool:
    """Whether it says something in schema.org's terms; that a word of ours is near to one of theirs is said in ours."""
    typed = triple.predicate == iris.name("rdf:type") and str(triple.object).startswith(f"<{SCHEMA}")
    return typed or triple.predicate.value.startswith(SCHEMA)


def with_pyld(text: str) -> str:
    return str(jsonld.to_rdf(json.loads(text), {"format": "application/n-quads", "processingMode": "json-ld-1.1"}))


def test_pyld_reads_back_our_triples(written: Path, some: k2graph.Graph) -> None:
    found, _ = read(with_pyld(written.read_text(encoding="utf-8")))
    assert found == set(some.triples())


# rdflib's own parser calls what rdflib deprecates.
@pytest.mark.filterwarnings("ignore:(Dataset.default_context|Dataset.identifier|ConjunctiveGraph) is deprecated:DeprecationWarning")
def test_rdflib_reads_back_our_triples(mechanism_alone: Path, tmp_path: Path) -> None:
    # Of one mechanism; PyLD reads the whole.
    export(choose(k2graph.open(mechanism_alone)), find_format("jsonld"), tmp_path / "written.jsonld")
    found = rdflib.Graph().parse(tmp_path / "written.jsonld", format="json-ld")
    # What a search engine reads comes beside; a mapping to a word of schema.org is of the graph itself.
    beside = {triple for triple in found if SCHEMA in triple[1] or (triple[1] == rdflib.RDF.type and str(triple[2]).startswith(SCHEMA))}
    assert set(found) - beside == plain(mechanism_alone)


def test_the_context_says_the_language_of_labels_once(written: Path) -> None:
    document = json.loads(written.read_bytes())
    read_by_people = ("rdfs:label", "skos:altLabel", "skos:definition", "skos:note", "k2g:phraseIncreases", "sh:description")
    assert {name: document["@context"][name] for name in read_by_people} == {key: {"@language": "en"} for key in read_by_people}
    nodes = {node["@id"]: node for node in document["@graph"]}
    assert nodes["entity:mk-7"]["rdfs:label"] == "MK-7"
    # Titles are of publications, whose language nothing says, and of the graph, whose language is known.
    assert "dcterms:title" not in document["@context"]
    assert nodes["https://w3id.org/k2graph"]["dcterms:title"] == {"@value": "k2graph", "@language": "en"}


def test_no_context_is_to_be_fetched(written: Path) -> None:
    document = json.loads(written.read_bytes())
    assert isinstance(document["@context"], dict)
    assert "@import" not in document["@context"]
    assert not [node for node in document["@graph"] if "@context" in node]


def test_schema_org_as_the_tables_say(written: Path, some_rows: Rows) -> None:
    nodes = {node["@id"]: node for node in json.loads(written.read_bytes())["@graph"]}

    def typed(kind: str) -> set[str]:
        return {name for name, node in nodes.items() if f"schema:{kind}" in node.get("@type", ())}

    reports, studies = some_rows("reports"), some_rows("studies")
    assert typed("MedicalScholarlyArticle") == {ours("report", row["report"]) for row in reports if row["journal"]}
    trials = {ours("study", row["study"]) for row in studies if row["design"] in {"rct", "non-randomised-trial"}}
    assert typed("MedicalTrial") == trials
    # What is only observed, and the bodies of people within which it is.
    observing = {"prospective-cohort", "retrospective-cohort", "nested-case-control", "case-control", "cross-sectional"}
    bodies = {ours("study", row["within"]) for row in studies if row["within"]}
    observed = {ours("study", row["study"]) for row in studies if row["design"] in observing}
    assert typed("MedicalObservationalStudy") == observed | (bodies - trials)
    habu = nodes["study:habu-2004"]
    assert (habu["schema:subjectOf"], habu["schema:trialDesign"]) == ("report:doi-10.1001-jama.292.3.358", "schema:RandomizedTrial")
    kinds = {ours("entity", row["entity"]): row["type"] for row in some_rows("entities")}
    assert typed("Drug") == {name for name, kind in kinds.items() if kind == "drug"}
    assert typed("DietarySupplement") == {name for name, kind in kinds.items() if kind in {"form", "nutrient"}}
    retracted = {name for name, node in nodes.items() if node.get("schema:creativeWorkStatus") == "retracted"}
    assert retracted == {ours("report", row["report"]) for row in reports if row["retraction"] == "retracted"}
    assert not [name for name, node in nodes.items() if name.startswith(("claim:", "finding:", "arm:")) and "schema:" in json.dumps(node)]


def test_hostile_texts_come_back_as_they_were(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(graphs(some, some_evidence))
    def check(part: Part) -> None:
        find_format("jsonld").write(part, tmp_path / "x")
        text = (tmp_path / "x").read_text(encoding="utf-8")
        found = {quad.triple for quad in parse(text, format=RdfFormat.JSON_LD)}
        ours_ = {each for each in found if not is_theirs(each)}
        assert ours_ == triples(part)
        headlines = {each.object.value for each in found if each.predicate.value == f"{SCHEMA}headline"}
        assert headlines == {report.title for report in part.evidence.reports.values() if report.title}

    check()


@pytest.mark.filterwarnings("ignore:(Dataset.default_context|Dataset.identifier|ConjunctiveGraph) is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    "text",
    ["<e:a> <e:b> _:x .", "<e:a> <e:b> [ <e:c> 1 ; a [] ] , <e:d> .", "<e:a> <e:b> ( 1 [ <e:c> <e:a> ] ) . [] a <e:k> ."],
    ids=["a node", "a node with values", "a list"],
)
def test_nodes_without_a_name_come_back(text: str, tmp_path: Path) -> None:
    file, written = tmp_path / "theirs.ttl", tmp_path / "written.jsonld"
    file.write_text(text, encoding="utf-8")
    export(choose(k2graph.open(file)), find_format("jsonld"), written)
    assert isomorphic(rdflib.Graph().parse(written, format="json-ld"), rdflib.Graph().parse(file, format="turtle"))
    assert isomorphic(rdflib.Graph().parse(data=with_pyld(written.read_text(encoding="utf-8")), format="nt"), rdflib.Graph().parse(file))


def test_a_statement_about_a_statement_is_one_error(tmp_path: Path) -> None:
    file = tmp_path / "theirs.ttl"
    file.write_text("<e:a> <e:b> <<( <e:c> <e:d> <e:e> )>> .", encoding="utf-8")
    with pytest.raises(InputError, match=r"has no place in JSON-LD 1\.1; export it as turtle"):
        export(choose(k2graph.open(file)), find_format("jsonld"), tmp_path / "written.jsonld")
    assert not (tmp_path / "written.jsonld").exists()
