"""Programs that others use: each gets from the endpoint what the graph says, without knowing more than its address."""

import csv
import io
import subprocess
import warnings

import pandas as pd
import pytest
from debian import program
from k2graph_server import QUICK, Served
from rdflib import RDF, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, TSV, TURTLE, XML, SPARQLWrapper

import k2graph
from k2graph.iris import BASE

pytestmark = pytest.mark.server

SELECT = "SELECT ?form ?label WHERE { ?form k2g:formOf entity:vitamin-k2 ; rdfs:label ?label } ORDER BY ?form"
CONSTRUCT = "CONSTRUCT { ?form k2g:formOf ?of } WHERE { ?form k2g:formOf ?of }"
UPDATE = "INSERT DATA { <a:a> <a:a> <a:a> }"


@pytest.fixture
def address(serving: Served, monkeypatch: pytest.MonkeyPatch) -> str:
    """The endpoint's address, with no server in front for loopback, whatever the environment says."""
    monkeypatch.setenv("no_proxy", "*")
    return str(serving.client.base_url.join("/sparql"))


class TestSPARQLWrapper:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_select(self, address: str, graph: k2graph.Graph, method: str) -> None:
        asked = SPARQLWrapper(address, returnFormat=JSON)
        asked.setQuery(SELECT)
        asked.setMethod(method)
        rows = asked.queryAndConvert()["results"]["bindings"]
        assert [row["label"]["value"] for row in rows] == [row["label"] for row in graph.rows(SELECT)]
        assert len(rows) > 5

    @pytest.mark.parametrize("form", [CSV, TSV, XML])
    def test_select_in_other_forms(self, address: str, graph: k2graph.Graph, form: str) -> None:
        asked = SPARQLWrapper(address, returnFormat=form)
        asked.setQuery(SELECT)
        found = asked.queryAndConvert()
        text = found.toxml() if form == XML else found.decode()
        assert all(row["label"] in text for row in graph.rows(SELECT))

    @pytest.mark.parametrize("query", [QUICK, QUICK.replace("vitamin-k2", "warfarin")])
    def test_ask(self, address: str, graph: k2graph.Graph, query: str) -> None:
        asked = SPARQLWrapper(address, returnFormat=JSON)
        asked.setQuery(query)
        assert asked.queryAndConvert()["boolean"] is graph.query(query)

    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper's own
    @pytest.mark.parametrize("form", [TURTLE, N3, XML])
    def test_construct(self, address: str, graph: k2graph.Graph, form: str) -> None:
        asked = SPARQLWrapper(address, returnFormat=form)
        asked.setQuery(CONSTRUCT)
        found = asked.queryAndConvert()
        read = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
        assert {tuple(map(str, triple)) for triple in read} == {
            (triple.subject.value, triple.predicate.value, triple.object.value)  # type: ignore[union-attr]
            for triple in graph.query(CONSTRUCT)  # type: ignore[union-attr]
        }

    def test_an_update_is_refused(self, address: str) -> None:
        asked = SPARQLWrapper(address)
        asked.setQuery(UPDATE)
        asked.setMethod("POST")
        with pytest.raises(Exception, match="403"):
            asked.query()


class TestRdflib:
    def test_its_store_reads_as_if_it_were_a_graph(self, address: str, graph: k2graph.Graph) -> None:
        there = Graph(SPARQLStore(address))
        mk7, form_of = URIRef(f"{BASE}entity/mk-7"), URIRef(f"{BASE}ontology#formOf")
        assert (mk7, form_of, URIRef(f"{BASE}entity/vitamin-k2")) in there
        expected = {row["type"] for row in graph.rows("SELECT ?type WHERE { entity:mk-7 a ?type }")}
        assert len(set(there.objects(mk7, RDF.type))) == len(expected) > 0
        rows = list(there.query("PREFIX k2g: <https://w3id.org/k2graph/ontology#> SELECT ?claim WHERE { ?claim a k2g:Claim }"))
        assert len(rows) == len(graph.rows("SELECT ?claim WHERE { ?claim a k2g:Claim }"))

    def test_it_reads_a_thing_at_its_address(self, serving: Served, address: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # rdflib leaves the connection to the collector
            read = Graph().parse(f"{address.removesuffix('sparql')}entity/mk-7")
        assert (URIRef(f"{BASE}entity/mk-7"), URIRef(f"{BASE}ontology#formOf"), URIRef(f"{BASE}entity/vitamin-k2")) in read


def test_pandas_reads_a_question_and_a_query(serving: Served, address: str, graph: k2graph.Graph) -> None:
    question = pd.read_csv(
        io.BytesIO(serving.client.get("/questions/contested-claims?format=csv").content), dtype=str, keep_default_na=False
    )
    answer = graph.ask("contested-claims")
    assert tuple(question.columns) == answer.columns
    assert len(question) == len(answer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        read = pd.read_csv(f"{address}?query={SELECT.replace(' ', '+').replace('?', '%3F')}", storage_options={"Accept": "text/csv"})
    assert list(read["label"]) == [row["label"] for row in graph.rows(SELECT)]


def curl(*arguments: str) -> str:
    command = [program("curl", "curl"), "--silent", "--show-error", "--noproxy", "*", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_curl_asks_by_form_by_body_and_for_the_head(address: str, graph: k2graph.Graph) -> None:
    form = curl("-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}", address)
    body = curl("-H", "Accept: text/csv", "-H", "Content-Type: application/sparql-query", "--data-binary", SELECT, address)
    assert form == body
    assert [row["label"] for row in csv.DictReader(io.StringIO(form))] == [row["label"] for row in graph.rows(SELECT)]
    assert curl("--head", f"{address}?query=ASK%7B%7D").startswith("HTTP/1.1 200 OK")
    assert curl("--compressed", "-G", "--data-urlencode", f"query={SELECT}", address).startswith('{"head":')
    long = f"{SELECT} # {'a' * 90_000}"
    asked = subprocess.run(
        [program("curl", "curl"), "-s", "--noproxy", "*", "-H", "Accept: text/csv", "--data-urlencode", "query@-", address],
        input=long, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert asked.stdout == form
