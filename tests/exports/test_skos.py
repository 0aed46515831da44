"""SKOS: the integrity conditions of the recommendation (https://www.w3.org/TR/skos-reference/) hold, and would be seen to be broken."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from exported import Export
from hostile_texts import parts
from hypothesis import HealthCheck, given, settings
from project import ours, rows
from pyoxigraph import RdfFormat
from skosify import check

import k2graph
from k2graph import iris
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, choose, export, find_format
from k2graph.iris import expand

pytestmark = pytest.mark.slow

#: Condition → a query that finds what breaks it, and triples that do.
CONDITIONS = {
    "S9 no concept is a scheme": ("?x a skos:Concept, skos:ConceptScheme", "entity:mk-7 a skos:ConceptScheme"),
    "S13 a label is preferred or alternative": ("?x skos:prefLabel ?l ; skos:altLabel ?l", 'entity:mk-7 skos:altLabel "MK-7"@en'),
    "S14 one preferred label": (
        "?x skos:prefLabel ?a, ?b . FILTER(lang(?a) = lang(?b) && str(?a) != str(?b))",
        'entity:mk-7 skos:prefLabel "another"@en',
    ),
    "S27 related is not above": (
        "?x skos:related ?y . ?x (skos:broader|^skos:narrower)+ ?y",
        "entity:mk-7 skos:related entity:vitamin-k",
    ),
    "S46 exact is not broader, related or close": (
        "?x skos:exactMatch ?y . ?x (skos:broadMatch|skos:narrowMatch|skos:relatedMatch|skos:closeMatch) ?y",
        "entity:mk-7 skos:exactMatch <http://e/x> ; skos:relatedMatch <http://e/x>",
    ),
    "no concept above itself": ("?x skos:broader+ ?x", "entity:vitamin-k skos:broader entity:mk-7"),
    "S25 narrower answers broader": (
        "?x skos:broader ?y . FILTER NOT EXISTS { ?y skos:narrower ?x }",
        "entity:mk-7 skos:broader entity:warfarin",
    ),
    "S23 related answers related": (
        "?x skos:related ?y . FILTER NOT EXISTS { ?y skos:related ?x }",
        "entity:mk-7 skos:related entity:warfarin",
    ),
    "every concept is in a scheme": (
        "?x a skos:Concept FILTER NOT EXISTS { ?x skos:inScheme/a skos:ConceptScheme }",
        "entity:new a skos:Concept",
    ),
    "every concept is at the top or below another": (
        "?x a skos:Concept FILTER NOT EXISTS { ?x skos:topConceptOf|skos:broader ?y }",
        "entity:new a skos:Concept",
    ),
    "S8 a top concept is of its scheme": (
        "?x skos:topConceptOf ?s FILTER NOT EXISTS { ?s skos:hasTopConcept ?x }",
        "entity:mk-7 skos:topConceptOf k2g:tiers",
    ),
}


@pytest.fixture(scope="module")
def written(exported: Export, evidence: Evidence) -> Path:
    path, left_out = exported("skos")
    assert left_out["claims, for whose standing SKOS has no words"] == len(evidence.claims)
    assert left_out["findings, for which SKOS has no words"] == len(rows("findings"))
    return path


def broken(store: pyoxigraph.Store, condition: str) -> bool:
    return bool(store.query(f"ASK {{ {CONDITIONS[condition][0]} }}", prefixes=iris.PREFIXES))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_integrity_conditions(condition: str, written: Path) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(written), format=RdfFormat.TURTLE)
    assert not broken(store, condition)
    store.update(f"INSERT DATA {{ {CONDITIONS[condition][1]} }}", prefixes=iris.PREFIXES)
    assert broken(store, condition)


@pytest.mark.parametrize(
    "checked", [check.hierarchy_cycles, check.disjoint_relations, check.label_overlap], ids=lambda each: str(each.__name__)
)
def test_skosify_finds_nothing(checked: Callable[[rdflib.Graph], None], written: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = rdflib.Graph().parse(written, format="turtle")
    before = set(found)
    checked(found)
    assert (caplog.messages, set(found) - before) == ([], set())
    for triple in (
        "entity:mk-7 skos:broader entity:mk-4 . entity:mk-4 skos:broader entity:mk-7",
        "entity:mk-7 skos:related entity:vitamin-k2",
        'entity:mk-7 skos:altLabel "MK-7"@en',
    ):
        found.update(f"INSERT DATA {{ {triple} }}", initNs={each: iris.PREFIXES[each] for each in ("entity", "skos")})
    checked(found)
    assert caplog.messages


def test_concepts_as_the_tables_have_them(written: Path) -> None:
    found = rdflib.Graph().parse(written, format="turtle")
    skos = rdflib.SKOS
    entities = set(found.subjects(skos.inScheme, rdflib.URIRef(iris.PREFIXES["entity"])))
    assert {str(each) for each in entities} == {expand(ours("entity", row["entity"])) for row in rows("entities")}
    for row in rows("entities"):
        node = rdflib.URIRef(expand(ours("entity", row["entity"])))
        assert str(found.value(node, skos.prefLabel)) == row["label"]
    assert len(list(found.triples((None, skos.exactMatch, None)))) == sum(row["match"] == "exact" for row in rows("identifiers"))
    assert len(list(found.triples((None, skos.closeMatch, None)))) == sum(row["match"] == "close" for row in rows("identifiers"))
    upwards = {(row["entity"], row["other"]) for row in rows("entity_relations") if row["relation"] in {"form-of", "narrower-than"}}
    assert {(str(one).rpartition("/")[2], str(other).rpartition("/")[2]) for one, other in found.subject_objects(skos.broader)} == upwards
    notations = {str(found.value(node, skos.notation)) for node in found.subjects(skos.inScheme, rdflib.URIRef(expand("k2g:results")))}
    assert {"not-shown", "leaning", "no-important-effect"} < notations
    assert "null" not in notations
    assert not [node for node in found.subjects() if "/claim/" in node or "/finding/" in node]


def test_every_concept_and_scheme_can_be_listed_by_its_language(written: Path) -> None:
    found = rdflib.Graph().parse(written, format="turtle")
    skos = rdflib.SKOS
    named = {name: set(found.subject_objects(skos[name])) for name in ("prefLabel", "altLabel", "definition")}
    assert {name: {text.language for _, text in said} for name, said in named.items()} == {key: {"en"} for key in named}
    things = set(found.subjects(rdflib.RDF.type, skos.Concept)) | set(found.subjects(rdflib.RDF.type, skos.ConceptScheme))
    assert {thing for thing, _ in named["prefLabel"]} == things
    assert {text.language for text in found.objects(None, skos.notation)} == {None}


def test_a_label_keeps_the_language_that_a_graph_gives_it(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(
        """@prefix entity: <https://w3id.org/k2graph/entity/> . @prefix k2g: <https://w3id.org/k2graph/ontology#> .
           @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
           entity:bone a k2g:Entity , k2g:Tissue ; rdfs:label "Knochen"@de ; skos:definition "plain" ; skos:altLabel "os"@fr , "OS" .
           k2g:Tissue a <http://www.w3.org/2002/07/owl#Class> ; rdfs:subClassOf k2g:Entity ; rdfs:label "tissue" .""",
        encoding="utf-8",
    )
    export(choose(k2graph.open(tmp_path / "own.ttl")), find_format("skos"), tmp_path / "own.skos.ttl")
    found = rdflib.Graph().parse(tmp_path / "own.skos.ttl", format="turtle")
    said = {(str(text), text.language) for text in found.objects(rdflib.URIRef(expand("entity:bone"))) if isinstance(text, rdflib.Literal)}
    assert said == {("Knochen", "de"), ("plain", None), ("os", "fr"), ("OS", None)}


def test_hostile_texts_come_back_as_they_were(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(parts(some, some_evidence))
    def holds(part: Part) -> None:
        find_format("skos").write(part, tmp_path / "x")
        store = pyoxigraph.Store()
        store.load(path=str(tmp_path / "x"), format=RdfFormat.TURTLE)
        assert not [condition for condition in CONDITIONS if broken(store, condition)]
        for entity in part.evidence.entities.values():
            node = pyoxigraph.NamedNode(expand(entity.id))

            def texts(name: str, node: pyoxigraph.NamedNode = node) -> set[str]:
                return {quad.object.value for quad in store.quads_for_pattern(node, iris.name(name), None)}

            assert texts("skos:prefLabel") == {entity.label}
            assert texts("skos:altLabel") == set(entity.synonyms) - {entity.label}
            assert texts("skos:definition") == {entity.definition} - {""}

    holds()
