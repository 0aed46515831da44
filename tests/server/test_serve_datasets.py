"""Named graphs at `/sparql` and `/store`, and the cases of https://www.w3.org/TR/sparql11-protocol/ that name a dataset or are no query."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from k2graph_server import Served, served
from pyoxigraph import RdfFormat, Store, parse

import k2graph
from k2graph.sparql.named_graphs import DEFAULT

pytestmark = pytest.mark.server

D = [f"http://example.org/data/data{number}.rdf" for number in range(4)]
#: A triple in the default graph; in each of three graphs one of its own, and one that is in all; and a graph that is empty.
TRIG = (
    "@prefix e: <http://example.org/> . e:home a e:Home . <relative> a e:Home .\n"
    + "".join(f"<{data}> {{ <{data}> a e:Type{number} . e:all a e:Common }}\n" for number, data in enumerate(D) if number)
    + f"<{D[0]}> {{ }}\n"
)
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("datasets")
    (folder / "d.trig").write_text(TRIG.replace("<relative> a e:Home .", ""), encoding="utf-8")
    with served(folder, "--data", folder / "d.trig") as running:
        yield running


def ask(serving: Served, way: str, query: str, *graphs: tuple[str, str], accept: str = "*/*") -> httpx.Response:
    """A query by one of the three ways of the protocol (§2.1.1 to §2.1.3); or a form, graphs beside it in the address (a W3C test)."""
    if way == "get":
        return serving.client.get(f"/sparql?{urlencode([('query', query), *graphs])}", headers={"Accept": accept})
    headers = {"Content-Type": FORM, "Accept": accept}
    if way == "beside":
        return serving.client.post(f"/sparql?{urlencode(graphs)}", content=urlencode({"query": query}), headers=headers)
    if way == "form":
        return serving.client.post("/sparql", content=urlencode([("query", query), *graphs]), headers=headers)
    return serving.client.post(f"/sparql?{urlencode(graphs)}", content=query, headers={"Content-Type": DIRECT, "Accept": accept})


WAYS = ["get", "form", "direct", "beside"]


def default(*numbers: int) -> list[tuple[str, str]]:
    return [("default-graph-uri", D[number]) for number in numbers]


def named(*numbers: int) -> list[tuple[str, str]]:
    return [("named-graph-uri", D[number]) for number in numbers]


def typed(number: int) -> str:
    return f"<{D[number]}> a ?type{number}"


BY_NAME = f"GRAPH ?g1 {{ {typed(1)} }} GRAPH ?g2 {{ {typed(2)} }}"
TRUTHS: dict[str, tuple[str, list[tuple[str, str]], bool]] = {
    "an empty graph": ("ASK { }", default(0), True),
    "an empty graph holds nothing": ("ASK { ?s ?p ?o }", default(0), False),
    "one default graph": (f"ASK {{ {typed(1)} }}", default(1), True),
    "another default graph": (f"ASK {{ {typed(2)} }}", default(1), False),
    "default graphs are merged": (f"ASK {{ {typed(1)} . {typed(2)} }}", default(1, 2), True),
    "named graphs": (f"ASK {{ {BY_NAME} }}", named(1, 2), True),
    "a graph that is not named": (f"ASK {{ {BY_NAME} }}", named(1), False),
    "named graphs are not the default graph": (f"ASK {{ {typed(1)} }}", named(1, 2), False),
    "default graphs are not named": (f"ASK {{ GRAPH ?g {{ {typed(1)} }} }}", default(1), False),
    "both": (f"ASK {{ {typed(3)} {BY_NAME} }}", [*default(3), *named(1, 2)], True),
    "the request's dataset, not the query's": (f"ASK FROM <{D[3]}> {{ {BY_NAME} }}", named(1, 2), True),
    "nothing of the query's dataset": (f"ASK FROM <{D[3]}> {{ {typed(3)} }}", named(1, 2), False),
    "nor what it names": (f"ASK FROM NAMED <{D[3]}> {{ GRAPH ?g {{ {typed(3)} }} }}", default(1), False),
    "the query's dataset": (f"ASK FROM <{D[3]}> FROM NAMED <{D[1]}> FROM NAMED <{D[2]}> {{ {typed(3)} {BY_NAME} }}", [], True),
    "the service's own": (f"ASK {{ <http://example.org/home> a ?home {BY_NAME} }}", [], True),
    "the default graph by its name": ("ASK { <http://example.org/home> a ?home }", [("default-graph-uri", DEFAULT)], True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", TRUTHS)
def test_the_dataset_is_what_the_request_says_else_the_query(datasets: Served, case: str, way: str) -> None:
    query, graphs, truth = TRUTHS[case]
    response = ask(datasets, way, query, *graphs)
    assert response.status_code == 200, response.text
    assert response.json()["boolean"] is truth


@pytest.mark.parametrize("way", WAYS)
def test_a_triple_of_two_graphs_is_one_triple_of_their_merge(datasets: Served, way: str) -> None:
    query = "SELECT ?s { ?s a <http://example.org/Common> }"
    response = ask(datasets, way, query, *default(1, 2, 3), accept="text/csv")
    assert response.text.split() == ["s", "http://example.org/all"]
    response = ask(datasets, way, query.replace("{", "{ GRAPH ?g {") + "}", *named(1, 2, 3), accept="text/csv")
    assert response.text.split() == ["s", *["http://example.org/all"] * 3]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri", "from", "from named", "graph"])
def test_an_unknown_graph_is_said_with_those_that_are_known(datasets: Served, way: str, parameter: str) -> None:
    unknown = "http://example.org/none"
    if parameter == "graph":
        response = ask(datasets, way, f"ASK {{ GRAPH <{unknown}> {{ }} }}")
    elif parameter.startswith("from"):
        response = ask(datasets, way, f"ASK {parameter} <{unknown}> {{ }}")
    else:
        response = ask(datasets, way, "ASK { }", *default(1), (parameter, unknown))
    assert response.status_code == 400
    assert response.text == f"there is no graph {unknown} here; there is: {DEFAULT} (the default graph), {', '.join(D)}\n"


@pytest.mark.parametrize("graph", ["", "data", "data0.rdf", "http://a b", "<x>"])
def test_what_cannot_name_a_graph_is_said(datasets: Served, graph: str) -> None:
    response = ask(datasets, "get", "ASK { }", ("default-graph-uri", graph))
    assert response.status_code == 400
    assert "cannot be the name of a graph" in response.text


def test_one_query_of_two_datasets_has_two_answers(datasets: Served) -> None:
    query = "SELECT ?s { ?s a ?type } ORDER BY ?s"
    answers = {}
    for graphs in ([], default(1), default(2), default(1, 2), named(1), [*default(1), *named(2)]) * 2:
        response = ask(datasets, "get", query, *graphs, accept="text/csv")
        answers.setdefault(tuple(graphs), set()).add((response.headers["ETag"], response.text))
    assert all(len(each) == 1 for each in answers.values())
    assert len({tag for ((tag, _),) in answers.values()}) == 6


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("SELECT (1 AS ?value) {}", {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"}),
        ("ASK {}", {"application/sparql-results+json", "application/sparql-results+xml"}),
        ("DESCRIBE <http://example.org/>", {"text/turtle", "application/rdf+xml", "application/n-triples"}),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", {"text/turtle", "application/rdf+xml", "application/n-triples"}),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_every_form_of_answer_has_a_type_of_its_own(datasets: Served, way: str, query: str, types: set[str]) -> None:
    response = ask(datasets, way, query.replace("<s> <p>", "<a:s> <a:p>"), *default(0))
    assert (response.status_code, response.headers["Content-Type"].partition(";")[0] in types) == (200, True)


NO_QUERY: dict[str, tuple[str, str, str | None, bytes, set[int]]] = {
    "method": ("PUT", "?query=ASK%20%7B%7D", None, b"", {405}),
    "two queries": ("GET", "?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, b"", {400}),
    "media type": ("POST", "", "text/plain", b"ASK {}", {400, 415}),
    "no type of a form": ("POST", "", None, b"query=ASK%20%7B%7D", {400, 415}),
    "no type of a query": ("POST", "", None, b"ASK {}", {400, 415}),
    "UTF-16": ("POST", "", f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16"), {400, 415}),
    "UTF-16 that says it is UTF-8": ("POST", "", f"{DIRECT}; charset=UTF-8", "ASK {}".encode("utf-16"), {400}),
    "syntax": ("GET", f"?query={quote('ASK {')}", None, b"", {400}),
}


@pytest.mark.parametrize("case", NO_QUERY)
def test_what_is_no_query_is_refused(datasets: Served, case: str) -> None:
    method, parameters, kind, body, statuses = NO_QUERY[case]
    headers = {} if kind is None else {"Content-Type": kind}
    response = datasets.client.request(method, f"/sparql{parameters}", content=body, headers=headers)
    assert response.status_code in statuses
    assert response.text.strip()


@pytest.mark.parametrize("query", ["ASK { SERVICE <http://127.0.0.1:9/> { } }", "ASK FROM <http://127.0.0.1:9/> { SERVICE ?s { } }"])
def test_no_graph_makes_service_pass(datasets: Served, query: str) -> None:
    assert ask(datasets, "get", query, *default(1)).status_code == 403


def test_graphs_are_described(datasets: Served) -> None:
    described = Store()
    described.load(datasets.client.get("/sparql", headers={"Accept": "text/turtle"}).content, RdfFormat.TURTLE)
    names = {"sd": "http://www.w3.org/ns/sparql-service-description#", "void": "http://rdfs.org/ns/void#"}
    rows = described.query(
        "SELECT ?name ?n { ?service sd:defaultDataset/sd:namedGraph [ sd:name ?name ; sd:graph [ a sd:Graph ; void:triples ?n ] ] }",
        prefixes=names,
    )
    assert {(row["name"].value, row["n"].value) for row in rows} == {(D[0], "0"), *((data, "2") for data in D[1:])}  # type: ignore[union-attr]
    assert described.query("ASK { ?d sd:defaultGraph [ void:triples 1 ] ; void:triples 5 }", prefixes=names)


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_each_graph_can_be_taken_from_the_store(datasets: Served, accept: str) -> None:
    for name, size in ((None, 1), (DEFAULT, 1), (D[0], 0), (D[1], 2)):
        parameters = {"default": ""} if name is None else {"graph": name}
        response = datasets.client.get("/store", params=parameters, headers={"Accept": accept})
        assert response.status_code == 200
        assert len(list(parse(response.content, RdfFormat.from_media_type(accept)))) == size
    unknown = datasets.client.get("/store", params={"graph": "http://example.org/none"})
    assert (unknown.status_code, "there is no graph http://example.org/none" in unknown.text) == (404, True)


@pytest.mark.parametrize(
    "query", ["SELECT (COUNT(*) AS ?n) FROM <{0}> {{ ?s ?p ?o }}", "SELECT (COUNT(*) AS ?n) {{ GRAPH <{0}> {{ ?s ?p ?o }} }}"]
)
def test_the_graph_of_the_package_answers_to_its_name(serving: Served, graph: k2graph.Graph, query: str) -> None:
    for name in ("https://w3id.org/k2graph", "https://w3id.org/k2graph/", DEFAULT):
        assert serving.ask(query.format(name), "text/csv").text.split() == ["n", str(len(list(graph.triples())))]


#: Answered from the graph by its name, of which the engine makes a copy: that takes longer, and more memory, than these limits allow.
BY_ANY_NAME, STRICT = "ASK { GRAPH ?g { ?s a k2g:Claim } }", ("--timeout", "0.5", "--memory", "64")


def test_a_copy_that_is_made_for_a_query_is_not_of_its_limits(tmp_path: Path) -> None:
    with served(tmp_path, *STRICT, "--max-concurrent", "1", "--no-pages") as running:
        for _ in range(2):
            assert running.ask(BY_ANY_NAME).json()["boolean"] is True
        # The limits hold for what the query itself takes, before and after.
        assert running.ask("SELECT * { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?h ?i ?j } FILTER (?c > ?j) }").status_code == 503
        assert running.ask(BY_ANY_NAME).json()["boolean"] is True
    with pytest.raises(AssertionError, match="stopped"):
        asked_apart("ASK { ?a ?b ?c . ?d ?e ?f . ?h ?i ?j FILTER (?c > ?j) }")
    assert asked_apart(BY_ANY_NAME)


def asked_apart(query: str) -> bool:
    """An ASK by `k2graph query` with the strict limits."""
    done = subprocess.run([sys.executable, "-m", "k2graph", "query", query, *STRICT], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout.strip() == "yes"


@pytest.mark.parametrize(("name", "content"), [("d.trig", TRIG), ("d.owl", None), ("d.nt.gz", None), ("d.jsonld", None)])
def test_files_of_every_kind_are_served(tmp_path: Path, name: str, content: str | None) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content, encoding="utf-8")
    else:
        import gzip

        text = {
            "d.owl": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:ID="relative"><rdf:type '
            'rdf:resource="http://example.org/Home"/></rdf:Description></rdf:RDF>',
            "d.nt.gz": "<http://example.org/relative> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Home> .\n",
            "d.jsonld": '{"@id": "relative", "@type": "http://example.org/Home"}',
        }[name].encode()
        file.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    address = {"d.owl": f"{file.as_uri()}#relative", "d.nt.gz": "http://example.org/relative"}.get(name, f"{tmp_path.as_uri()}/relative")
    with served(tmp_path, "--data", file, "--max-concurrent", "1") as running:
        assert running.ask(f"ASK {{ <{address}> a <http://example.org/Home> }}").json()["boolean"] is True
        whole = running.client.get("/store?default", headers={"Accept": "text/turtle"})
        assert address in {quad.subject.value for quad in parse(whole.content, RdfFormat.TURTLE)}


def test_every_number_of_graphs_is_asked_alike(datasets: Served) -> None:
    # Whatever was asked before: a view of graphs that is kept must not be taken for another.
    sets = [numbers for size in (1, 2, 3) for numbers in itertools.combinations((1, 2, 3), size)]
    for numbers in [*sets, *reversed(sets)]:
        text = ask(datasets, "get", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", *default(*numbers), accept="text/csv").text
        assert text.split() == ["n", str(len(numbers) + 1)]


@pytest.mark.parametrize("way", WAYS)
def test_relative_iris_are_relative_to_the_service(datasets: Served, way: str) -> None:
    response = ask(datasets, way, "CONSTRUCT { <s> <../p> <#o> } WHERE { }", accept="application/n-triples")
    here = f"http://127.0.0.1:{datasets.port}"
    assert response.text == f"<{here}/s> <{here}/p> <{here}/sparql#o> .\n"
    unknown = ask(datasets, way, "ASK FROM <data1.rdf> { }")
    assert (unknown.status_code, f"there is no graph {here}/data1.rdf here" in unknown.text) == (400, True)
    based = ask(datasets, way, "BASE <http://example.org/data/> ASK FROM <data1.rdf> { ?s ?p ?o }")
    assert based.json()["boolean"] is True
