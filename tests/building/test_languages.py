"""What people read says its language, as elsewhere on the Web of data, and no page, table or answer shows the tag."""

import re
from pathlib import Path

import pytest
import rdflib
from project import Folder, Run, rows, write_part

import k2graph
from k2graph import iris, resources
from k2graph.building.build import build
from k2graph.ontology import Vocabulary
from k2graph.sparql.questions import read_questions

#: What people read, by the property that says it, and how much of it there is at least.
READ = {
    "rdfs:label": 3000,
    "skos:altLabel": 190,
    "skos:definition": 900,
    "skos:note": 900,
    "dcterms:description": 33,
    "sh:description": 30,
    "k2g:phraseIncreases": 9,
    "k2g:phraseDecreases": 9,
}
#: What has no language: notations, identifiers, names, numbers as their source writes them, and the other vocabularies' labels.
WITHOUT = (
    *("skos:notation", "skos:hiddenLabel", "dcterms:identifier", "bibo:doi", "bibo:pmid", "k2g:journal", "k2g:firstAuthor", "sh:name"),
    *("k2g:scientificName", "k2g:valueReported", "k2g:pValueReported", "k2g:unit", "k2g:matchedLabel", "k2g:ucumCode"),
)


@pytest.mark.parametrize("property_name", READ)
def test_every_text_that_people_read_says_its_language(graph: k2graph.Graph, property_name: str) -> None:
    def count(more: str) -> int:
        (row,) = graph.rows(f"SELECT (COUNT(*) AS ?n) {{ ?s {property_name} ?text {more} }}")
        return int(row["n"])

    assert count('FILTER(LANG(?text) = "en")') == count("") >= READ[property_name]


def test_the_filter_that_users_of_other_graphs_write_finds_the_thing(graph: k2graph.Graph) -> None:
    found = graph.rows('SELECT ?s { ?s a k2g:NutrientForm ; rdfs:label ?l FILTER(LANG(?l) = "en" && STR(?l) = "MK-7") }')
    assert found == [{"s": "entity:mk-7"}]
    assert graph.rows('SELECT ?s { ?s rdfs:label "MK-7"@en }') == [{"s": "entity:mk-7"}]


@pytest.mark.parametrize("property_name", WITHOUT)
def test_what_is_in_no_language_has_no_tag(graph: k2graph.Graph, property_name: str) -> None:
    found = graph.rows(f"SELECT DISTINCT ?tag {{ ?s {property_name} ?text BIND(LANG(?text) AS ?tag) }}")
    assert found == [{"tag": ""}]


def test_titles_of_publications_have_no_tag_since_no_table_says_their_language(graph: k2graph.Graph) -> None:
    titles = graph.rows('SELECT ?title { ?report a k2g:Report ; dcterms:title ?title FILTER(LANG(?title) = "") }')
    assert sorted(row["title"] for row in titles) == sorted(row["title"] for row in rows("reports"))
    assert graph.rows('SELECT ?s { ?s dcterms:title ?title FILTER(LANG(?title) != "") }') == [{"s": "https://w3id.org/k2graph"}]


def test_ontology_and_shapes_say_it_too_where_another_tool_reads_them() -> None:
    for path in (resources.ONTOLOGY, resources.SHAPES):
        read = rdflib.Graph().parse(path, format="turtle")
        for property_name in READ:
            texts = list(read.objects(None, rdflib.URIRef(iris.expand(property_name))))
            assert {text.language for text in texts} <= {"en"}, (path, property_name)


@pytest.mark.extras
def test_a_new_row_is_tagged_like_the_others(tmp_path: Path, vocabulary: Vocabulary) -> None:
    tables = Folder(tmp_path / "tables", vocabulary)
    write_part(tables.path, "mk-7")
    tables.change("entities", "mk-7", label="MK-seven", synonyms="seven|vii", definition="A form.")
    store = build(tables.path, rules=[])
    said = {
        str(quad.object)
        for property_name in ("rdfs:label", "skos:altLabel", "skos:definition", "dcterms:identifier")
        for quad in store.quads_for_pattern(iris.name("entity:mk-7"), iris.name(property_name), None)
    }
    assert said == {'"MK-seven"@en', '"seven"@en', '"vii"@en', '"A form."@en'}


@pytest.mark.slow
def test_no_answer_shows_a_tag(graph: k2graph.Graph) -> None:
    for question in read_questions():
        answer = graph.ask(question.name, **{each.name: each.example for each in question.needed()})
        shown = (answer.to_csv(), answer.to_tsv(), answer.to_json(), answer.to_markdown(), answer.to_table(), answer._repr_html_())
        assert [text for text in shown if re.search(r"@en\b", text)] == [], question.name


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "mk-7-level-dp-ucmgp"),
        ("explain", "mgp-calcification-events"),
        ("explain", "PMID:17287908"),
        ("path", "MK-7", "vascular calcification"),
        ("query", "SELECT ?l { entity:mk-7 rdfs:label ?l }"),
        ("query", "SELECT ?l { entity:mk-7 rdfs:label ?l }", "--format", "csv"),
        ("stats",),
        ("export", "csv"),
    ],
    ids=lambda given: " ".join(given[:2]),
)
@pytest.mark.slow
def test_no_command_shows_a_tag(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    written = tmp_path / "written"
    outcome = run(*arguments, *(("--output", written) if arguments[0] == "export" else ()))
    assert outcome.code == 0
    files = [path for path in written.rglob("*") if path.is_file()] if written.is_dir() else []
    shown = [outcome.out, outcome.err, *(path.read_text(encoding="utf-8") for path in files)]
    assert [text for text in shown if re.search(r"@en\b", text)] == []
