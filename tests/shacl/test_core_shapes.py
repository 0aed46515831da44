"""The shapes in SHACL Core alone find what the whole file finds, but for what its constraints in SPARQL are for."""

from pathlib import Path

import rdflib
from project import Run
from pyoxigraph import Quad

from k2graph import iris, resources
from k2graph.shacl.validate import validate
from k2graph.sparql.store import EmbeddedStore

#: Reports without a title, studies of an organism that is none, two directions, and a property that the ontology does not have, which takes
#: SPARQL to see.
MISTAKES = """
DELETE { ?report dcterms:title ?title } INSERT { ?study k2g:organism k2g:tier-animals }
WHERE { ?study k2g:report ?report . ?report dcterms:title ?title } ;
INSERT { ?claim k2g:direction "up" } WHERE { ?claim a k2g:Claim } ;
INSERT { ?a k2g:favourite k2g:answer-no } WHERE { ?a a k2g:Mechanism }
"""


def test_core_finds_what_is_not_asked_in_sparql(tmp_path: Path, run: Run, mechanism_alone: Path) -> None:
    path = tmp_path / "core.ttl"
    outcome = run("validate", "--core-shapes", path)
    whole = rdflib.Graph().parse(resources.SHAPES)
    left_out = set(whole.objects(None, rdflib.SH.sparql))
    carrying = {shape for shape in whole.subjects(rdflib.SH.sparql) if shape not in set(whole.subjects(rdflib.SH.path))}
    kinds = [(rdflib.RDF.type, kind) for kind in (rdflib.SH.NodeShape, rdflib.SH.PropertyShape)]
    shapes = {shape for property_, kind in kinds for shape in whole.subjects(property_, kind)} - carrying
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == f"{path}: {len(shapes)} shapes; left out: {len(left_out)} constraints in SPARQL\n"
    assert len(left_out) > 100

    store = EmbeddedStore.of(EmbeddedStore(mechanism_alone).engine)
    before = len(store.engine)
    store.engine.update("".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in iris.PREFIXES.items()) + MISTAKES)
    assert len(store.engine) != before
    found, in_core = validate(store), validate(store, path)
    sparql, of = iris.name("sh:SPARQLConstraintComponent"), iris.name("sh:sourceConstraintComponent")
    component = {result: kind for result, said, kind in found.triples if said == of}
    assert sparql in component.values()
    assert len({*component.values()} - {sparql}) >= 3
    in_full = {triple for triple in found.triples if component.get(triple.subject, sparql) != sparql}
    results = {result for result, said, _ in in_core.triples if said == of}
    assert {triple for triple in in_core.triples if triple.subject in results} == in_full
    assert {str(result.shape) for result in in_core.results} < {str(result.shape) for result in found.results}


def test_core_is_the_same_bytes_and_shacl_core_alone(tmp_path: Path, run: Run) -> None:
    first, second = tmp_path / "first.ttl", tmp_path / "second.ttl"
    for path in (first, second):
        assert run("validate", "--core-shapes", path).code == 0
    assert first.read_bytes() == second.read_bytes()
    written = rdflib.Graph().parse(first)
    words = {rdflib.SH.sparql, rdflib.SH.select, rdflib.SH.prefixes, rdflib.SH.declare, rdflib.SH.prefix, rdflib.SH.namespace}
    assert words & set(rdflib.Graph().parse(resources.SHAPES).predicates())
    assert not words & set(written.predicates())


def test_core_shapes_check_no_graph(tmp_path: Path, run: Run, mechanism_alone: Path) -> None:
    outcome = run("validate", mechanism_alone, "--core-shapes", tmp_path / "core.ttl")
    assert (outcome.code, outcome.err) == (2, "k2graph: --core-shapes writes shapes and checks no graph; name none\n")
    assert not [*tmp_path.iterdir()]


def test_what_is_of_a_class_is_of_those_above_it(mechanism_alone: Path) -> None:
    engine = EmbeddedStore(mechanism_alone).engine
    found = engine.query(
        "SELECT ?thing ?broad { ?thing a ?class . ?class rdfs:subClassOf+ ?broad MINUS { ?thing a ?broad } }", prefixes=iris.PREFIXES
    )
    assert [*found] == []  # type: ignore[misc]
    kind = iris.name("rdf:type")
    studies = {quad.subject for quad in engine.quads_for_pattern(None, kind, iris.name("k2g:Study"))}
    assert len(studies) > 10
    assert all(Quad(study, kind, iris.name("k2g:Investigation")) in engine for study in studies)
