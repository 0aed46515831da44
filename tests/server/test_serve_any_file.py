"""A file of somebody else's: only what it says of itself is said of it, and there is a first page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from k2graph_server import Served, served, within
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

pytestmark = pytest.mark.server

PREFIXES = (
    "@prefix ex: <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix void: <http://rdfs.org/ns/void#> .\n"
)
PREFIXES += "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
SILENT = PREFIXES + 'ex:a a ex:Tree ; ex:of ex:b . ex:b a ex:Tree ; rdfs:label "<b>oak</b>" .\n'
SPEAKING = SILENT + (
    'ex:flora a void:Dataset ; dcterms:title "Flore"@fr, "Flora"@en ; dcterms:license <http://example.org/licence> .\n'
    'ex:words a owl:Ontology ; rdfs:label "words" ; dcterms:license <http://example.org/other> .\n'
)
#: Of another group, with the vocabulary's own statement about the vocabulary.
THEIRS = PREFIXES + (
    "<https://w3id.org/k2graph/entity/mg> a <https://w3id.org/k2graph/ontology#Nutrient> ; rdfs:label 'magnesium' .\n"
    "ex:pack void:uriSpace 'http://example.org/pack/' .\n"
    "<http://example.org/pack/entity/zn> a <https://w3id.org/k2graph/ontology#Nutrient> ; rdfs:label 'zinc' .\n"
    "<https://w3id.org/k2graph/ontology> a owl:Ontology ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> .\n"
)
VOID = "http://rdfs.org/ns/void#"


@pytest.fixture(scope="module", params=["silent", "speaking", "theirs", "empty"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Served]]:
    folder = tmp_path_factory.mktemp("serve")
    data = folder / "other.ttl"
    data.write_text({"silent": SILENT, "speaking": SPEAKING, "theirs": THEIRS, "empty": ""}[request.param], encoding="utf-8")
    with served(folder, "--data", data, "--max-concurrent", "1") as server:
        yield request.param, server


def described(server: Served) -> list[tuple[str, str, str]]:
    quads = parse(server.client.get("/.well-known/void").content, RdfFormat.TURTLE)
    return [(str(quad.subject), quad.predicate.value, str(quad.object)) for quad in quads]


def test_the_description_says_what_the_file_says(other: tuple[str, Served]) -> None:
    kind, server = other
    said = described(server)
    licences = {(subject, value) for subject, predicate, value in said if predicate.endswith("license")}
    titles = {(subject, value) for subject, predicate, value in said if predicate.endswith(("title", "label"))}
    assert (
        licences
        == {
            "silent": set(),
            "empty": set(),
            "speaking": {
                ("<http://example.org/flora>", "<http://example.org/licence>"),
                ("<http://example.org/words>", "<http://example.org/other>"),
            },
            "theirs": {("<https://w3id.org/k2graph/ontology>", "<https://creativecommons.org/licenses/by/4.0/>")},
        }[kind]
    )
    assert titles == (
        {
            ("<http://example.org/flora>", '"Flore"@fr'),
            ("<http://example.org/flora>", '"Flora"@en'),
            ("<http://example.org/words>", '"words"'),
        }
        if kind == "speaking"
        else set()
    )
    (data,) = {subject for subject, predicate, _ in said if predicate == VOID + "sparqlEndpoint"}
    assert data.startswith({"speaking": "<http://example.org/flora>", "theirs": "<https://w3id.org/k2graph>"}.get(kind, "_:"))
    if kind != "theirs":
        assert "k2graph" not in str(said)
        assert "creativecommons" not in str(said)


def test_a_thing_of_a_pack_with_a_base_of_its_own_is_told_under_its_key(other: tuple[str, Served]) -> None:
    kind, server = other
    turtle = {"Accept": "text/turtle"}
    told = server.client.get("/entity/zn", headers=turtle)
    assert told.status_code == (200 if kind == "theirs" else 404)
    assert ("zinc" in told.text) == (kind == "theirs")
    # Only there: what is k2graph's own is not looked for elsewhere, and what is nowhere is missed as before.
    assert server.client.get("/entity/mg", headers=turtle).status_code == (200 if kind == "theirs" else 404)
    assert server.client.get("/entity/pb", headers=turtle).text == "nothing is known of https://w3id.org/k2graph/entity/pb\n"


def test_the_interface_says_what_the_file_says(other: tuple[str, Served]) -> None:
    kind, server = other
    document = server.client.get("/openapi.json").json()
    assert document["info"]["title"] == {"speaking": "Flora", "theirs": "k2graph"}.get(kind, "A graph in RDF")
    licence = {"name": "http://example.org/licence", "url": "http://example.org/licence"}
    assert document["info"].get("license") == (licence if kind == "speaking" else None)
    if kind != "theirs":
        assert set(document["paths"]) == {"/sparql"}
        assert "itamin" not in str(document)
        assert server.client.get("/questions").json() == {"questions": []}
        assert server.client.get("/questions/drug-interactions").status_code == 404


def test_there_is_a_first_page_that_leads_on(other: tuple[str, Served]) -> None:
    kind, server = other
    for path in ("/", "/index.html"):
        page = server.client.get(path)
        assert page.status_code == 200
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    triples = {"silent": 4, "speaking": 11, "theirs": 7, "empty": 0}[kind]
    assert f"<p>{triples} triples, " in page.text
    assert '<a href="query">' in page.text
    assert "<b>oak" not in page.text
    assert ">Tree<" not in page.text
    assert ("http://example.org/Tree" in page.text) == (kind in {"silent", "speaking"})
    assert "k2graph" not in page.text.replace("https://w3id.org/k2graph/", "")
    assert ("/ says what" in server.log) is True
    assert server.client.get("/claims.html").status_code == 404


def test_queries_are_completed_with_the_words_of_the_file(other: tuple[str, Served]) -> None:
    kind, server = other
    words = server.client.get("/assets/words.js")
    assert words.headers["Content-Type"].partition(";")[0] == "text/javascript"
    # In the file nothing is said of Tree but that there are some.
    assert ('["http://example.org/Tree","class","",""]' in words.text) == (kind in {"silent", "speaking"})
    assert "w3id.org/k2graph" not in words.text or kind == "theirs"
    assert within(60, lambda: "/ says what" in server.log)
    error = server.client.get("/nothing", headers={"Accept": "text/html"})
    assert '<a href="index.html">Start</a>' in error.text
    assert "k2graph" not in error.text


def test_the_page_for_queries_has_nothing_of_another_graph(other: tuple[str, Served]) -> None:
    kind, server = other
    for given in ({}, {"query": "SELECT ?s { ?s ?p ?o }"}, {"query": "ASK {}"}, {"query": "nonsense"}):
        page = server.client.get("/query", params=given)
        assert page.status_code == (400 if given.get("query") == "nonsense" else 200)
        assert ("k2graph" in page.text) == (kind == "theirs")
        assert ("CC BY" in page.text) <= (kind == "theirs")


def test_it_answers_as_any_graph_does(other: tuple[str, Served]) -> None:
    kind, server = other
    assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is (kind != "empty")
    triples = [quad.triple for quad in parse(server.client.get("/store?default").content, RdfFormat.TURTLE)]
    assert (NamedNode("http://example.org/b") in {triple.subject for triple in triples}) == (kind in {"silent", "speaking"})


def test_a_title_that_is_markup_stays_text_and_what_xml_cannot_hold_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "other.ttl"
    data.write_text(PREFIXES + r"ex:d a void:Dataset ; dcterms:title '<script>alert(1)</script>\u0007' .", encoding="utf-8")
    with served(tmp_path, "--data", data, "--max-concurrent", "1") as server:
        assert "<script>" not in server.client.get("/").text
        assert "U+0007" in server.client.get("/sparql", headers={"Accept": "application/rdf+xml"}).text
        said = parse(server.client.get("/sparql", headers={"Accept": "application/n-triples"}).content, RdfFormat.N_TRIPLES)
        assert Literal("<script>alert(1)</script>\x07") in [quad.object for quad in said]
