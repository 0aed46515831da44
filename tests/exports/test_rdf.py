"""The RDF formats: pyoxigraph and rdflib read back the triples that were written, no more and no fewer."""

import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import rdflib.compare
from exported import Export
from hostile_texts import graphs, triples
from hypothesis import HealthCheck, given, settings
from project import ours, rows
from pyoxigraph import NamedNode, RdfFormat, Triple
from rdflib_terms import plain

import k2graph
from k2graph import iris, resources
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, choose, export, find_format
from k2graph.exports.rdf import annotated
from k2graph.iris import expand

pytestmark = pytest.mark.slow

FORMATS = {
    "turtle": (RdfFormat.TURTLE, "turtle"),
    "ntriples": (RdfFormat.N_TRIPLES, "nt"),
    "rdfxml": (RdfFormat.RDF_XML, "xml"),
    "trig": (RdfFormat.TRIG, "trig"),
}
XSD = iris.PREFIXES["xsd"]
REIFIES = iris.name("rdf:reifies")


@pytest.fixture(scope="module")
def written(exported: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rdf")
    for name in (*FORMATS, "turtle-star"):
        path, left_out = exported(name)
        assert left_out == {}
        (folder / name).symlink_to(path)
    return folder


def read(path: Path, form: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in pyoxigraph.parse(path=str(path), format=form)}


@pytest.mark.parametrize("name", FORMATS)
def test_pyoxigraph_reads_back_the_same_triples(name: str, written: Path, graph: k2graph.Graph) -> None:
    assert read(written / name, FORMATS[name][0]) == set(graph.triples())


# rdflib's own parsers call what rdflib deprecates in its Dataset.
@pytest.mark.filterwarnings("ignore:(Dataset.default_context|Dataset.identifier|ConjunctiveGraph) is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", FORMATS)
def test_rdflib_reads_back_the_same_triples(name: str, mechanism_alone: Path, tmp_path: Path) -> None:
    # Of one mechanism; the triples of the whole are those that pyoxigraph read back, and its Turtle is the graph that comes with the
    # package, which rdflib reads in tests/building/test_build.py.
    export(choose(k2graph.open(mechanism_alone)), find_format(name), tmp_path / "written")
    assert rdflib_reads(tmp_path / "written", name) == plain(mechanism_alone)


def rdflib_reads(path: Path, name: str) -> set[tuple[rdflib.term.Node, ...]]:
    """The triples that rdflib reads; there are no blank nodes, so that equal sets are isomorphic graphs."""
    found = rdflib.Dataset(default_union=True) if name == "trig" else rdflib.Graph()
    found.parse(data=path.read_bytes(), format=FORMATS[name][1])
    return set(found.triples((None, None, None)))


def test_turtle_of_the_whole_is_the_graph_that_comes_with_the_package(written: Path) -> None:
    assert (written / "turtle").read_bytes() == resources.GRAPH.read_bytes()


def test_a_part_has_the_steps_of_its_certainties_and_the_judgements_that_count(tmp_path: Path, graph: k2graph.Graph) -> None:
    export(choose(graph, about="claim:vitamin-k1-level-hip-bone-mineral-density"), find_format("turtle"), tmp_path / "x.ttl")
    kinds: dict[str, set[str]] = {}
    for quad in pyoxigraph.parse(path=str(tmp_path / "x.ttl"), format=RdfFormat.TURTLE):
        if quad.predicate == iris.name("rdf:type"):
            kinds.setdefault(iris.short(quad.object.value), set()).add(iris.short(quad.subject.value))
    claim = "vitamin-k1-level-hip-bone-mineral-density"
    domains = ("risk-of-bias", "inconsistency", "indirectness", "imprecision", "publication")
    assert kinds["k2g:CertaintyStep"] == {f"certainty:{claim}--{domain}" for domain in domains}
    # All rows of appraisals.tsv on Cheung 2008 but that on cancers.
    judged = {(row["outcome"], row["domain"]) for row in rows("appraisals") if row["study"] == "cheung-2008"}
    assert ("cancer", "selective-reporting") in judged
    assert len(kinds["k2g:Appraisal"]) == len(judged) - 1


def test_trig_keeps_what_a_study_found_in_its_graph(written: Path) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(written / "trig"), format=RdfFormat.TRIG)
    reporting = {row["report"] for row in rows("findings")}
    assert {graph.value for graph in store.named_graphs()} == {expand(ours("report", report)) for report in reporting}
    report = NamedNode(expand("report:pmid-17287908"))
    here = {quad.subject.value for quad in store.quads_for_pattern(None, None, None, report)}
    assert here == {expand(ours("finding", row["finding"])) for row in rows("findings") if row["report"] == "PMID:17287908"}
    # What rules made of a finding was not read in the report.
    assert not list(store.quads_for_pattern(None, iris.name("k2g:evidenceLevel"), None, report))
    assert list(store.quads_for_pattern(None, iris.name("k2g:evidenceLevel"), None, pyoxigraph.DefaultGraph()))


def test_turtle_star_adds_claims_as_triples_and_states_only_what_is_supported(
    written: Path, graph: k2graph.Graph, evidence: Evidence
) -> None:
    found = read(written / "turtle-star", RdfFormat.TURTLE)
    added = found - set(graph.triples())
    assert set(graph.triples()) <= found
    reified = {triple.subject.value: triple.object for triple in added if triple.predicate == REIFIES}
    assert set(reified) == {expand(claim) for claim in evidence.claims}
    stated = {triple for triple in added if triple.predicate != REIFIES}
    assert stated <= set(reified.values())
    for claim in evidence.claims.values():
        if claim.standing.result.notation not in {"consistent", "single"}:
            assert reified[expand(claim.id)] not in found, claim.id
    # By hand from the tables: the first is consistent in trials; the second one assay leaves open.
    assert reified[expand("claim:mk-7-level-dp-ucmgp")] in stated
    assert reified[expand("claim:dhodh-activity-gamma-carboxylation")] not in stated


def test_the_standing_of_a_stated_triple_is_an_annotation_of_it(written: Path) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(written / "turtle-star"), format=RdfFormat.TURTLE)
    query = """SELECT ?result WHERE {
      entity:mk-7 k2g:affects-level-of entity:dp-ucmgp ~ ?claim {| k2g:direction k2g:direction-decreases ; k2g:standing ?standing |} .
      ?standing k2g:result/skos:notation ?result }"""
    # Two claims are on the triple: of people in general, and of those on dialysis. Both are borne out.
    assert [row["result"].value for row in store.query(query, prefixes=iris.PREFIXES)] == ["consistent", "consistent"]
    unannotated = """ASK { ?a ?p ?b . ?p skos:inScheme k2g:predicates .
      FILTER NOT EXISTS { ?claim rdf:reifies <<( ?a ?p ?b )>> ; k2g:standing/k2g:result/k2g:isSupport true } }"""
    assert not bool(store.query(unannotated, prefixes=iris.PREFIXES))


def in_xml(triple: Triple) -> bool:
    """Whether XML 1.0 (https://www.w3.org/TR/xml/#charsets) can hold the text."""
    return re.search("[^\t\n\r\x20-\ufffd\U00010000-\U0010ffff]", triple.object.value) is None


def test_hostile_texts_come_back_as_they_were(tmp_path: Path, some: k2graph.Graph, some_evidence: Evidence) -> None:
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(graphs(some, some_evidence))
    def check(part: Part) -> None:
        expected = triples(part)
        for name, (form, _) in FORMATS.items():
            left_out = find_format(name).write(part, tmp_path / name)
            if name == "rdfxml":
                held = {triple for triple in expected if in_xml(triple)}
                assert read(tmp_path / name, form) == held
                assert left_out == {"statements with characters that XML cannot hold": len(expected) - len(held)}
                assert len(rdflib.Graph().parse(data=(tmp_path / name).read_bytes(), format="xml")) == len(held)
            else:
                assert left_out == {}
                assert read(tmp_path / name, form) == expected
        find_format("turtle-star").write(part, tmp_path / "star")
        assert read(tmp_path / "star", RdfFormat.TURTLE) == expected | set(annotated(part.evidence))

    check()


SPELLINGS = [
    ("1.50", "decimal"), ("1.150", "decimal"), ("-0.00001", "decimal"), ("+1.0", "decimal"), ("-0.0", "decimal"),
    ("0.1234567890123456789012345678901234567890", "decimal"), ("123456789012345678.1234567890", "decimal"),
    ("007", "integer"), ("+5", "integer"), ("-0", "integer"), ("5", "int"), ("5", "long"), ("5", "unsignedByte"), ("1" * 40, "integer"),
    ("1.0E-5", "double"), ("-1e5", "double"), ("1e400", "double"), ("3.0", "double"), ("INF", "double"), ("1.50", "float"),
    ("true", "boolean"), ("1", "boolean"), ("0", "boolean"),
    ("2020-01-01T00:00:00+00:00", "dateTime"), ("2020-01-01T00:00:00.000Z", "dateTime"), ("2020-01-01+00:00", "date"),
    ("12:00:00.50", "time"), ("2020", "gYear"), ("P0Y12M", "duration"), ("PT60S", "dayTimeDuration"),
    ("abc", "integer"), (" 5 ", "integer"),
]  # fmt: skip


@pytest.mark.parametrize("name", [*FORMATS, "turtle-star", "jsonld", "ro-crate"])
def test_every_literal_of_a_file_comes_back_as_it_was_spelt(tmp_path: Path, name: str) -> None:
    lines = [f'<a:s> <a:p{place}> "{spelt}"^^<{XSD}{kind}> .\n' for place, (spelt, kind) in enumerate(SPELLINGS)]
    lines += [f'<a:s> <a:same> "{spelt}"^^<{XSD}decimal> .\n' for spelt in ("1.5", "1.50")]
    file, written = tmp_path / "spelt.nt", tmp_path / "written"
    # A triple that stands twice is one triple.
    file.write_text("".join([*lines, lines[0]]), encoding="utf-8")
    opened = k2graph.open(file)
    export(choose(opened), find_format(name), written)
    if name == "ro-crate":
        written, form = written / "data" / "graph.nt", RdfFormat.N_TRIPLES
    else:
        form = {"turtle-star": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}.get(name) or FORMATS[name][0]
    found = [str(quad.triple) + " .\n" for quad in pyoxigraph.parse(path=str(written), format=form)]
    assert sorted(found) == sorted(lines)


def test_nodes_without_a_name_are_the_same_ones_in_every_export(tmp_path: Path) -> None:
    file = tmp_path / "blank.ttl"
    file.write_text("<a:s> <a:p> [ <a:q> (1 2) ], [ <a:q> _:x ] . _:x <a:r> _:b0 .\n", encoding="utf-8")
    for name in ("ntriples", "turtle", "rdfxml"):
        for number in (1, 2):
            export(choose(k2graph.open(file)), find_format(name), tmp_path / f"{name}{number}")
        assert (tmp_path / f"{name}1").read_bytes() == (tmp_path / f"{name}2").read_bytes()
    before, after = (rdflib.Graph().parse(path, format="nt" if path != file else "turtle") for path in (file, tmp_path / "ntriples1"))
    assert rdflib.compare.isomorphic(before, after)


def test_a_file_that_changed_since_it_was_opened_is_not_mixed_with_what_it_was(tmp_path: Path) -> None:
    file = tmp_path / "g.nt"
    file.write_text("<a:s> <a:p> <a:o> .\n", encoding="utf-8")
    opened = k2graph.open(file)
    assert [str(triple) for triple in opened.triples()] == ["<a:s> <a:p> <a:o>"]
    file.write_text("<a:s> <a:p> <a:other> .\n", encoding="utf-8")
    with pytest.raises(k2graph.InputError, match=f"^{file}: has changed since it was opened; open it again$"):
        list(opened.triples())
    file.unlink()
    with pytest.raises(k2graph.InputError, match=f"^{file}: cannot be read: .*"):
        list(opened.triples())


def test_graphs_of_a_file_stay_apart_whatever_their_numbers_look_like(tmp_path: Path) -> None:
    """The engine knows 1.50 as 1.5, and nodes without a name by other labels."""
    data, output = tmp_path / "a.trig", tmp_path / "b.trig"
    data.write_text(
        "@prefix e: <http://e.org/> . e:d e:p 1.50 . e:g { e:a e:p 2.50 , 007 . e:d e:p 1.50 } _:g { _:q e:p 1.50 . e:b e:p _:q }",
        encoding="utf-8",
    )
    export(choose(k2graph.open(data)), find_format("trig"), output)
    found = [str(quad) for quad in pyoxigraph.parse(path=str(output), format=RdfFormat.TRIG)]
    p, number = "<http://e.org/p>", "http://www.w3.org/2001/XMLSchema#"
    assert {each for each in found if "_:" not in each} == {
        f'<http://e.org/d> {p} "1.50"^^<{number}decimal>',
        f'<http://e.org/d> {p} "1.50"^^<{number}decimal> <http://e.org/g>',
        f'<http://e.org/a> {p} "2.50"^^<{number}decimal> <http://e.org/g>',
        f'<http://e.org/a> {p} "007"^^<{number}integer> <http://e.org/g>',
    }
    (name,) = {each.split()[-1] for each in found if "_:" in each}
    assert name.startswith("_:")
    assert len(found) == 6
