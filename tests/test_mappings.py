"""What our words are called elsewhere: rows of a table, triples of the graph, and words of the exports, without code for any of them."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from project import Folder, write_part
from pyoxigraph import Quad, Store

import k2graph
from k2graph import InputError, iris, resources
from k2graph.building.build import build
from k2graph.evidence.reader import read_evidence
from k2graph.exports import Part, export
from k2graph.exports.kgx import KGX
from k2graph.graph import Graph
from k2graph.mappings import mapping_prefixes
from k2graph.ontology import Vocabulary
from k2graph.sparql.store import EmbeddedStore

TEXT = resources.MAPPINGS.read_text(encoding="utf-8")
HEAD = [line for line in TEXT.splitlines() if line.startswith("#")]
ROWS = list(csv.DictReader((line for line in TEXT.splitlines() if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
#: By hand: exported as, then from the nearest to the broadest; what is narrower or akin says something else.
ORDER = ("k2g:exportedAs", "skos:exactMatch", "skos:closeMatch", "skos:broadMatch")


class InMemory(EmbeddedStore):
    """Triples that no file holds."""

    def __init__(self, engine: Store) -> None:
        self.engine = engine

    def as_written(self) -> list[object]:  # type: ignore[override]
        return list(self)


def test_every_row_is_a_triple_of_the_graph_and_no_more_are(graph: k2graph.Graph) -> None:
    found = graph.rows("""SELECT ?word ?match ?term WHERE {
      VALUES ?match { k2g:exportedAs skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch }
      ?word ?match ?term FILTER(STRSTARTS(STR(?word), STR(k2g:))) }""")
    starts = {line.split('"')[0].strip("#: "): line.split('"')[1] for line in HEAD if line.startswith("#  ")}
    expected = {(row["subject_id"], row["predicate_id"], starts[(o := row["object_id"].partition(":"))[0]] + o[2]) for row in ROWS}
    assert {(row["word"], row["match"], iris.expand(row["term"])) for row in found} == expected
    assert len(ROWS) == len(expected) == len(found) > 500
    exact = graph.rows("SELECT ?term WHERE { k2g:Gene skos:exactMatch ?term } ORDER BY ?term")
    assert [row["term"] for row in exact] == ["http://semanticscience.org/resource/SIO_010035", "https://w3id.org/biolink/vocab/Gene"]


def test_a_prefix_means_the_same_there_and_here() -> None:
    here = {**iris.IDENTIFIERS, **iris.PREFIXES}
    assert {prefix: start for prefix, start in mapping_prefixes().items() if here.get(prefix, start) != start} == {}


@pytest.mark.parametrize(
    "vocabulary",
    [
        "biolink",
        "biolink.direction",
        "schema",
        "bel",
        "va.direction",
        "fhir.comparator",
        "fhir.certainty",
        "fhir.rating",
        "robvis",
        "SEVCO",
    ],
)
def test_one_term_is_the_nearest_in_each_vocabulary_that_exports_write(vocabulary: str) -> None:
    ranked: dict[str, list[int]] = {}
    for row in ROWS:
        if row["object_id"].startswith(f"{vocabulary}:") and row["predicate_id"] in ORDER:
            ranked.setdefault(row["subject_id"], []).append(ORDER.index(row["predicate_id"]))
    written = {word for word in ranked if word.partition(":")[2][:1].isupper() or "-" in word}
    assert [word for word in written if Counter(ranked[word])[min(ranked[word])] > 1] == []


def test_every_word_of_certainty_and_of_the_risk_of_bias_has_its_code() -> None:
    """All but what says that nobody graded or judged, and a domain of which SEVCO has parts alone."""
    coded = {(row["subject_id"], row["object_id"].partition(":")[0]) for row in ROWS if row["predicate_id"] in ORDER}
    words = {word.notation: word for word in k2graph.open().evidence().words.values()}
    of = {
        scheme: {word.id for word in words.values() if word.scheme == scheme} for scheme in ("certainties", "risks-of-bias", "bias-domains")
    }
    assert {word for word in of["certainties"] if (word, "fhir.rating") not in coded} == {"k2g:certainty-not-graded"}
    assert {word for word in of["risks-of-bias"] if (word, "SEVCO") not in coded} == {"k2g:risk-not-appraised"}
    assert {word for word in of["bias-domains"] if (word, "SEVCO") not in coded} == {"k2g:bias-blinding", "k2g:bias-overall"}


def test_every_kind_of_modification_has_its_process_and_its_aspect() -> None:
    below = {
        row["kind"].removeprefix("k2g:")
        for row in k2graph.open().rows("SELECT ?kind { ?kind rdfs:subPropertyOf k2g:modifies ; skos:inScheme k2g:predicates }")
    }
    assert below == {"acetylates", "carboxylates", "hydroxylates", "methylates", "phosphorylates"}
    for word in {*below, "modifies"}:
        objects = {row["object_id"] for row in ROWS if row["subject_id"] == f"k2g:{word}"}
        assert {"biolink:affects"} < objects
        assert {each.partition(":")[0] for each in objects} >= {"biolink.aspect", "GO"}
        aspect = {"modifies": "molecular_modification"}.get(word, f"{word.removesuffix('es')}ion")
        assert f"biolink.aspect:{aspect}" in objects


def test_whatever_is_exported_as_something_says_why() -> None:
    said = [row for row in ROWS if row["predicate_id"] == "k2g:exportedAs"]
    assert len(said) > 15
    assert [row for row in said if not row["comment"] or not row["mapping_justification"]] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("biolink:Gene\tgene", "bilink:Gene\tgene"),
            "object_id is 'bilink:Gene', which begins with no prefix of the curie_map at the head",
        ),
        (("skos:exactMatch\tbiolink:Gene", "skos:same\tbiolink:Gene"), "predicate_id is 'skos:same', and not one of k2g:exportedAs, skos:"),
        (
            ("k2g:Gene\tgene\tskos:exactMatch\tbiolink", "k2g:Gen\tgene\tskos:exactMatch\tbiolink"),
            "k2g:Gen is no word of the ontology: add",
        ),
        (("biolink:Gene\tgene", "biolink:Ge ne\tgene"), "k2g:Gene or biolink:Ge ne makes no address"),
    ],
)
def test_a_row_that_is_not_in_order_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "m.tsv"
    assert TEXT.count(change[0]) == 1
    path.write_text(TEXT.replace(*change), encoding="utf-8")
    line = next(number for number, line in enumerate(TEXT.splitlines(), 1) if change[0] in line)
    with pytest.raises(InputError) as raised:
        Vocabulary(mappings=path).triples()
    assert str(raised.value).startswith(f"{path}:{line}: {message}")


def test_a_table_without_its_columns_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    path.write_text('#curie_map:\n#  k2g: "https://w3id.org/k2graph/ontology#"\nsubject_id\tobject_id\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"m\.tsv:3: the table has no column predicate_id"):
        Vocabulary(mappings=path).triples()


def edges(graph: Graph, folder: Path) -> dict[str, dict[str, object]]:
    export(Part(read_evidence(graph), graph), KGX, folder)
    lines = (folder / "edges.jsonl").read_text(encoding="utf-8").splitlines()
    return {edge["id"]: edge for edge in map(json.loads, lines)}


@pytest.mark.slow
def test_a_new_predicate_reaches_kgx_by_a_word_and_a_row(tmp_path: Path) -> None:
    ontology, mappings = tmp_path / "k2graph.ttl", tmp_path / "mappings.sssom.tsv"
    word = """k2g:transports a rdf:Property , skos:Concept ; skos:inScheme k2g:predicates ; skos:notation "transports" ;
      k2g:entails k2g:transports ; rdfs:label "transports"@en ; skos:definition "Carries from one place to another."@en ;
      k2g:reachPredicate k2g:affects-level-of ; k2g:phraseIncreases "transports"@en ; k2g:phraseDecreases "does not transport"@en ."""
    ontology.write_text(f"{resources.ONTOLOGY.read_text(encoding='utf-8')}\n{word}\n", encoding="utf-8")
    row = "k2g:transports\ttransports\tskos:closeMatch\tbiolink:affects\taffects\tsemapv:ManualMappingCuration\t\t"
    aspect = "k2g:transports\ttransports\tskos:relatedMatch\tbiolink.aspect:transport\ttransport\tsemapv:ManualMappingCuration\t\t"
    vocabulary = Vocabulary(ontology, mappings)
    mappings.write_text(f"{TEXT}{row}\n{aspect}\n", encoding="utf-8")
    tables = Folder(tmp_path / "tables", vocabulary)
    write_part(tables.path, "warfarin", "mk-7")
    claim = {"claim": "warfarin-transports-mk-7", "label": "Warfarin transports MK-7", "subject": "warfarin", "predicate": "transports"}
    tables.add("claims", **claim, object="mk-7", direction="increases", testable_in_people="no")
    edge = edges(Graph(InMemory(build(tables.path, vocabulary))), tmp_path / "kgx")["k2graph.claim:warfarin-transports-mk-7"]
    assert (edge["predicate"], edge["qualified_predicate"]) == ("biolink:affects", "biolink:causes")
    assert (edge["object_aspect_qualifier"], edge["object_direction_qualifier"]) == ("transport", "increased")


@pytest.mark.slow
def test_a_graph_that_was_built_without_mappings_is_read_with_those_of_the_package(graph: k2graph.Graph, tmp_path: Path) -> None:
    matches = {iris.name(match) for match in (*ORDER, "skos:narrowMatch", "skos:relatedMatch")}
    store = Store()
    ours = iris.PREFIXES["k2g"]
    store.bulk_extend(Quad(*t) for t in graph.triples() if not (t.predicate in matches and t.subject.value.startswith(ours)))  # type: ignore[union-attr]
    assert len(store) == len(list(graph.triples())) - len(ROWS)
    assert edges(Graph(InMemory(store)), tmp_path / "old") == edges(graph, tmp_path / "new")
