"""OWL: owlready2 loads the whole graph with nothing to mend, and counts and standings agree."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import owlready2
import pyoxigraph
import pytest
from exported import Export
from hostile_texts import graphs, triples
from hypothesis import HealthCheck, given, settings
from project import Rows, Run, ours
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

import k2graph
from k2graph import iris
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, find_format
from k2graph.iris import expand

pytestmark = pytest.mark.slow

K2G = iris.PREFIXES["k2g"]


@pytest.fixture(scope="module")
def written(exported_some: Export, some: k2graph.Graph, some_rows: Rows) -> Path:
    path, left_out = exported_some("owl")
    days = len(some.rows("SELECT ?s ?p ?o { ?s ?p ?o FILTER(DATATYPE(?o) = xsd:date) }"))
    assert days > len(some_rows("searches"))  # each was on a day
    assert left_out == {"datatypes that OWL 2 does not have, as those of days, years and durations": days}
    return path


@pytest.fixture(scope="module")
def world(written: Path) -> Iterator[owlready2.World]:
    said = io.StringIO()
    made = owlready2.World()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        made.get_ontology(f"file://{written}").load(only_local=True)
    assert said.getvalue() == ""
    yield made
    made.close()


def test_owlready_finds_every_class_and_individual(world: owlready2.World, some: k2graph.Graph, some_rows: Rows) -> None:
    ours_ = {each.iri for each in world.classes() if each.iri.startswith(K2G)}
    assert ours_ == {expand(row["class"]) for row in some.rows("SELECT ?class { ?class a owl:Class }")}
    for kind, table in (
        ("Report", "reports"),
        ("Study", "studies"),
        ("Arm", "arms"),
        ("Finding", "findings"),
        ("Mechanism", "mechanisms"),
        ("Interaction", "interactions"),
    ):
        assert {each.iri for each in world[K2G + kind].instances()} == {
            expand(ours(kind.lower(), row[kind.lower()])) for row in some_rows(table)
        }
    for kind in {row["type"] for row in some_rows("entities")}:
        name = K2G + ("NutrientForm" if kind == "form" else "".join(word.capitalize() for word in kind.split("-")))
        of_kind = [row for row in some_rows("entities") if row["type"] == kind]
        assert {each.iri for each in world[name].instances()} >= {expand(ours("entity", row["entity"])) for row in of_kind}
    written_down = {each.iri for each in world[K2G + "Claim"].instances() if world[K2G + "ReachClaim"] not in each.is_a}
    assert written_down == {expand(ours("claim", row["claim"])) for row in some_rows("claims")}


def test_every_claim_is_an_individual_with_its_standing_and_never_a_property(world: owlready2.World, some_evidence: Evidence) -> None:
    for claim in some_evidence.claims.values():
        (standing,) = world[expand(claim.id)].standing
        assert [each.iri for each in standing.result] == [expand(claim.standing.result.id)]
        assert standing.investigations == [claim.standing.investigations]
    properties = {each.iri for each in world.properties()}
    assert not properties & {expand(word.id) for word in some_evidence.scheme("predicates")}
    assert {expand(word.id) for word in some_evidence.scheme("relations")} <= properties
    # By hand from the tables: one assay reported no effect of DHODH, without a number.
    (open_one,) = world[expand("claim:dhodh-activity-gamma-carboxylation")].standing
    assert [(str(label), label.lang) for label in open_one.label] == [("not shown in cells and assays (1)", "en")]


def test_retracted_reports_are_marked(world: owlready2.World, some_rows: Rows) -> None:
    marked = {each.iri for each in world[K2G + "Report"].instances() if world[K2G + "retraction-retracted"] in each.retraction}
    assert marked == {expand(ours("report", row["report"])) for row in some_rows("reports") if row["retraction"] == "retracted"}


def test_every_name_has_one_place_in_owl(written: Path) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(written), format=RdfFormat.RDF_XML)
    kinds = [f"owl:{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "Ontology")]
    for one in kinds:
        for other in kinds[kinds.index(one) + 1 :]:
            assert not bool(store.query(f"ASK {{ ?x a {one}, {other} }}", prefixes=iris.PREFIXES)), (one, other)
    undeclared = """SELECT DISTINCT ?p { ?s ?p ?o FILTER NOT EXISTS { ?p a ?kind }
      FILTER (?p NOT IN (rdf:type, rdfs:label, rdfs:subClassOf, owl:versionInfo)) }"""
    assert [row["p"].value for row in store.query(undeclared, prefixes=iris.PREFIXES)] == []
    beyond = (
        "ASK { ?s ?p ?o FILTER (isLiteral(?o) && datatype(?o) NOT IN (xsd:string, rdf:langString, xsd:integer, xsd:decimal, xsd:boolean)) }"
    )
    assert not bool(store.query(beyond, prefixes=iris.PREFIXES))


def test_all_is_carried_but_what_is_said_to_be_lost(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    relations = {expand(word.id) for word in some_evidence.scheme("relations")}

    def said_to_be_lost(each: Triple) -> bool:
        concept = each.subject.value in relations and each.object in {iris.name("skos:Concept"), iris.name("k2g:relations")}
        return concept or each.object == iris.name("rdf:Property")

    def as_owl_has_it(each: Triple) -> Triple:
        """A day is a text."""
        is_day = isinstance(each.object, Literal) and each.object.datatype == iris.name("xsd:date")
        return Triple(each.subject, each.predicate, Literal(each.object.value)) if is_day else each

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(graphs(some, some_evidence))
    def check(part: Part) -> None:
        left_out = find_format("owl").write(part, tmp_path / "x")
        found = {quad.triple for quad in pyoxigraph.parse(path=str(tmp_path / "x"), format=RdfFormat.RDF_XML)}
        missing = [each for each in map(as_owl_has_it, triples(part)) if each not in found and not said_to_be_lost(each)]
        assert left_out["statements with characters that XML cannot hold"] == len(missing)

    check()


#: A value of each XSD datatype that the map of OWL 2 (section 4) has not, with what RDF has besides, and of some that it has.
NOT_IN_OWL = {
    "xsd:date": "2020-02-29", "xsd:time": "12:30:00", "xsd:gYear": "2020", "xsd:gYearMonth": "2020-02", "xsd:gMonth": "--02",
    "xsd:gMonthDay": "--02-29", "xsd:gDay": "---29", "xsd:duration": "P1Y2DT3H", "xsd:dayTimeDuration": "P2DT3H",
    "xsd:yearMonthDuration": "P1Y2M", "xsd:QName": "k2g:a", "rdf:HTML": "<b>a</b>", "rdf:JSON": "[1]",
}  # fmt: skip
IN_OWL = {"xsd:dateTime": "2020-02-29T12:30:00", "xsd:dateTimeStamp": "2020-02-29T12:30:00Z", "xsd:unsignedByte": "7", "xsd:float": "1.5"}


def test_what_has_a_datatype_that_owl_has_not_is_a_text(run: Run, tmp_path: Path) -> None:
    # Whoever has datatypes of their own may declare them, so they stay.
    values = {**NOT_IN_OWL, **IN_OWL, "http://example.org/grade": "A"}
    lines = [f'<http://example.org/a> <http://example.org/p> "{value}"^^<{expand(each)}> .' for each, value in values.items()]
    lines.append('<http://example.org/a> <http://example.org/p> "ein Text"@de , "text" .')
    (tmp_path / "a.ttl").write_text("\n".join(lines), encoding="utf-8")
    done = run("export", "owl", "--data", tmp_path / "a.ttl", "--output", tmp_path / "a.owl")
    assert done.code == 0
    assert f"{len(NOT_IN_OWL)} datatypes that OWL 2 does not have, as those of days, years and durations" in " ".join(done.err.split())
    kept = {each: value for each, value in values.items() if each not in NOT_IN_OWL}
    found = pyoxigraph.parse(path=str(tmp_path / "a.owl"), format=RdfFormat.RDF_XML)
    assert {quad.object for quad in found if isinstance(quad.object, Literal)} == {
        *(Literal(value, datatype=NamedNode(expand(each))) for each, value in kept.items()),
        *map(Literal, (*NOT_IN_OWL.values(), "text")),
        Literal("ein Text", language="de"),
    }  # fmt: skip
