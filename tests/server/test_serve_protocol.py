"""The SPARQL 1.1 Protocol, held against the embedded engine and the tables of the specification."""

import urllib.parse
from pathlib import Path

import httpx
import pytest
from k2graph_server import GRAPHS, QUICK, Served, served
from other_servers import Double, say
from pyoxigraph import QueryResultsFormat, Store, parse, parse_query_results

import k2graph
from k2graph.iris import BASE
from k2graph.sparql.results import Solutions

pytestmark = pytest.mark.server

SELECT = "SELECT ?form ?label WHERE { ?form k2g:formOf entity:vitamin-k2 ; rdfs:label ?label } ORDER BY ?form"
CONSTRUCT = "CONSTRUCT { ?form k2g:formOf ?of } WHERE { ?form k2g:formOf ?of }"
ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def kind(response: httpx.Response) -> str:
    return response.headers["Content-Type"].partition(";")[0]


def solutions(graph: k2graph.Graph, query: str) -> Solutions:
    from k2graph.sparql.store import with_prefixes

    found = graph.store.query(with_prefixes(query))
    assert isinstance(found, Solutions)
    return found


@pytest.mark.parametrize("accept", ROWS)
def test_rows_are_the_engine_s_in_every_form(serving: Served, graph: k2graph.Graph, accept: str) -> None:
    response = serving.ask(SELECT, accept)
    assert kind(response) == accept
    found = parse_query_results(response.content, ROWS[accept])
    expected = solutions(graph, SELECT)
    assert tuple(variable.value for variable in found.variables) == expected.variables  # type: ignore[union-attr]
    assert tuple(tuple(row) for row in found) == expected.rows  # type: ignore[union-attr]
    assert len(expected.rows) > 5


def test_csv_is_what_the_engine_writes(serving: Served, graph: k2graph.Graph) -> None:
    query = 'SELECT ?a ?s ?x ?y WHERE { ?s k2g:year ?y . OPTIONAL { ?s k2g:firstAuthor ?a } BIND("a,\\"b\\"\\nc"@en AS ?x) } ORDER BY ?s'
    from k2graph.iris import PREFIXES

    expected = graph.store.engine.query(query, prefixes=PREFIXES).serialize(format=QueryResultsFormat.CSV)  # type: ignore[attr-defined]
    assert serving.ask(query, "text/csv").content == expected


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values"])
def test_every_kind_of_term_comes_through(serving: Served, graph: k2graph.Graph, accept: str) -> None:
    query = """SELECT * WHERE { VALUES (?a ?b) { ("x"@en-GB 1) (UNDEF 1.5) (entity:mk-7 true) ("<&>\\u0001\\t\\"" "2020"^^xsd:gYear) } }"""
    query = query.replace("\\u0001", "")
    found = parse_query_results(serving.ask(query, accept).content, ROWS[accept])
    assert [tuple(row) for row in found] == list(solutions(graph, query).rows)  # type: ignore[union-attr]


@pytest.mark.parametrize("accept", GRAPHS)
def test_a_graph_is_the_engine_s_in_every_form(serving: Served, graph: k2graph.Graph, accept: str) -> None:
    response = serving.ask(CONSTRUCT, accept)
    assert kind(response) == accept
    expected = graph.query(CONSTRUCT)
    assert {quad.triple for quad in parse(response.content, GRAPHS[accept])} == set(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("accept", ROWS)
def test_truth_is_told(serving: Served, accept: str) -> None:
    for query, truth in ((QUICK, True), ("ASK { entity:mk-7 k2g:formOf entity:warfarin }", False)):
        response = serving.ask(query, accept)
        assert kind(response) == accept
        said = response.text.strip() if "tab" in accept else bool(parse_query_results(response.content, ROWS[accept]))
        assert said in {truth, str(truth).lower()}


@pytest.mark.parametrize(
    ("query", "accept", "given"),
    [
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "text/*", "text/csv"),
        (SELECT, "text/csv;q=0.2, text/tab-separated-values;q=0.9", "text/tab-separated-values"),
        (SELECT, "text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
        (SELECT, "application/*;q=0.3, text/csv;q=0.2", "application/sparql-results+json"),
        (SELECT, "TEXT/CSV", "text/csv"),
        (SELECT, "text/turtle, application/sparql-results+xml;q=0.5", "application/sparql-results+xml"),
        (SELECT, BROWSER, "application/xml"),
        (CONSTRUCT, "", "text/turtle"),
        (CONSTRUCT, "*/*", "text/turtle"),
        (CONSTRUCT, "application/sparql-results+json, application/ld+json;q=0.5", "application/ld+json"),
        (CONSTRUCT, "application/n-triples, text/turtle", "text/turtle"),
        (CONSTRUCT, "application/n-triples, text/turtle;q=0.9", "application/n-triples"),
    ],
)
def test_the_form_is_negotiated(serving: Served, query: str, accept: str, given: str) -> None:
    headers = {"Accept": accept} if accept else {}
    request = serving.client.build_request("GET", "/sparql", params={"query": query}, headers=headers)
    if not accept:
        del request.headers["Accept"]
    response = serving.client.send(request)
    assert (response.status_code, kind(response)) == (200, given)
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "image/png"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (SELECT, "text/csv;q=0")]
)
def test_a_form_that_is_not_there_is_said(serving: Served, query: str, accept: str) -> None:
    response = serving.ask(query, accept)
    assert response.status_code == 406
    assert ("text/turtle" if query == CONSTRUCT else "text/csv") in response.text


def test_three_ways_of_asking(serving: Served) -> None:
    expected = serving.ask(SELECT).content
    form = serving.client.post("/sparql", data={"query": SELECT})
    direct = serving.client.post("/sparql", content=SELECT, headers={"Content-Type": "application/sparql-query; charset=UTF-8"})
    assert [form.content, direct.content] == [expected, expected]


def test_a_query_may_be_longer_than_an_address_of_most_servers(serving: Served) -> None:
    query = f"{SELECT} # {'ü' * 40_000}"
    assert len(urllib.parse.quote(query)) > 200_000
    expected = serving.ask(SELECT)
    assert serving.raw_get(f"/sparql?query={urllib.parse.quote(query)}") == (200, expected.content)
    assert serving.client.post("/sparql", data={"query": query}).content == expected.content


@pytest.mark.parametrize("way", ["get", "form", "direct", "long"])
def test_a_query_that_is_too_long_is_refused(serving: Served, way: str) -> None:
    query = SELECT + " " * (1_000_000 if way == "long" else 100_000)
    if way == "get":
        status, text = serving.raw_get(f"/sparql?query={urllib.parse.quote_plus(query)}")
        assert (status, b"100,000" in text) == (413, True)
        return
    if way == "direct":
        response = serving.client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})
    else:
        response = serving.client.post("/sparql", data={"query": query})
    assert response.status_code == 413
    assert "100,000" in response.text


def test_a_long_body_is_refused_though_its_length_is_not_told(serving: Served) -> None:
    response = serving.client.post("/sparql", content=iter([b" " * 50_000] * 40), headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 413


def post(serving: Served, content_type: str | None, body: bytes) -> httpx.Response:
    return serving.client.post("/sparql", content=body, headers={} if content_type is None else {"Content-Type": content_type})


@pytest.mark.parametrize(
    ("content_type", "body", "status", "said"),
    [
        ("text/plain", SELECT.encode(), 415, "application/sparql-query"),
        (None, SELECT.encode(), 415, "application/sparql-query"),
        ("application/sparql-query; charset=latin-1", SELECT.encode(), 415, "UTF-8"),
        ("application/sparql-query", b"SELECT \xff", 400, "UTF-8"),
        ("application/sparql-query", b"SELECT", 400, "not a SPARQL query: error at 1:"),
        ("application/sparql-query", b"", 400, "not a SPARQL query"),
        ("application/sparql-update", b"CLEAR ALL", 403, "updates are refused"),
        ("application/sparql-query", b"CLEAR ALL", 403, "only reads"),
        ("application/x-www-form-urlencoded", b"update=CLEAR+ALL", 403, "updates are refused"),
        ("application/x-www-form-urlencoded", b"", 400, "there is no query"),
        ("application/x-www-form-urlencoded", b"query=ASK{}&query=ASK{}", 400, "more than one query"),
        ("application/x-www-form-urlencoded", b"query=%ff", 400, "UTF-8"),
        ("application/x-www-form-urlencoded", b"a=1&" * 200, 400, "too many"),
    ],
)
def test_what_is_wrong_is_said(serving: Served, content_type: str | None, body: bytes, status: int, said: str) -> None:
    response = post(serving, content_type, body)
    assert response.status_code == status, response.text
    assert said in response.text
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    asked = serving.client.post(
        "/sparql", content=body, headers={"Accept": "application/json"} | ({"Content-Type": content_type} if content_type else {})
    )
    assert said in asked.json()["error"]


class TestTheProtocolsOwnCases:
    """What https://www.w3.org/TR/sparql11-protocol/ asks of a service, beyond what stands above."""

    @pytest.mark.parametrize("way", ["get", "form", "direct"])
    @pytest.mark.parametrize(
        ("dataset", "status"),
        [
            ("default-graph-uri=https://w3id.org/k2graph", 200),
            ("default-graph-uri=https://w3id.org/k2graph&default-graph-uri=https://w3id.org/k2graph/", 200),
            ("default-graph-uri=https://w3id.org/k2graph&default-graph-uri=https://example.org/g", 400),
            ("named-graph-uri=https://example.org/g&named-graph-uri=https://example.org/h", 400),
            ("default-graph-uri=https://w3id.org/k2graph&named-graph-uri=https://example.org/g", 400),
        ],
    )
    def test_a_dataset_is_named_in_every_way_of_asking(self, serving: Served, way: str, dataset: str, status: int) -> None:
        asked = f"query={urllib.parse.quote(QUICK)}&{dataset}"
        if way == "get":
            response = serving.client.get(f"/sparql?{asked}")
        elif way == "form":
            response = post(serving, "application/x-www-form-urlencoded", asked.encode())
        else:
            direct = {"Content-Type": "application/sparql-query"}
            response = serving.client.post(f"/sparql?{dataset}", content=QUICK, headers=direct)
        assert response.status_code == status
        assert status != 200 or response.json()["boolean"] is True

    def test_two_queries_are_no_query_in_an_address_either(self, serving: Served) -> None:
        assert serving.client.get("/sparql?query=ASK%7B%7D&query=SELECT%20*%7B%7D").status_code == 400

    def test_a_query_beside_a_body_that_is_one_is_one_too_many(self, serving: Served) -> None:
        direct = {"Content-Type": "application/sparql-query"}
        assert serving.client.post("/sparql?query=ASK%7B%7D", content=QUICK, headers=direct).status_code == 400

    def test_a_form_s_query_is_in_its_body(self, serving: Served) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert serving.client.post("/sparql?query=ASK%7B%7D", content=b"", headers=form).status_code == 400

    def test_an_empty_query_is_none(self, serving: Served) -> None:
        assert serving.client.get("/sparql?query=").status_code == 400

    @pytest.mark.parametrize(
        ("query", "given"),
        [
            ("SELECT (1 AS ?x) {}", "application/sparql-results+json"),
            ("ASK {}", "application/sparql-results+json"),
            ("CONSTRUCT { <a:a> <a:b> <a:c> } WHERE {}", "text/turtle"),
            ("DESCRIBE entity:mk-7", "text/turtle"),
        ],
    )
    def test_each_form_of_query_has_a_type_of_its_own(self, serving: Served, query: str, given: str) -> None:
        response = serving.ask(query)
        assert (response.status_code, kind(response)) == (200, given)

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/sparql-update", b"INSERT DATA { <a:a> <a:a> <a:a> }"),
            ("application/sparql-update; charset=utf-8", b"CLEAR ALL"),
            ("application/x-www-form-urlencoded", b"update=CLEAR%20ALL"),
            ("application/x-www-form-urlencoded", b"update=CLEAR%20ALL&using-graph-uri=https://w3id.org/k2graph"),
            ("application/x-www-form-urlencoded", b"update=CLEAR%20ALL&query=ASK%7B%7D"),
            ("application/x-www-form-urlencoded", b"update=CLEAR%20ALL&update=CLEAR%20ALL"),
        ],
    )
    def test_no_way_of_updating_is_open(self, serving: Served, content_type: str, body: bytes) -> None:
        response = post(serving, content_type, body)
        assert response.status_code == 403
        assert "only reads" in response.text


def test_an_update_in_an_address_is_refused(serving: Served) -> None:
    assert serving.client.get("/sparql", params={"update": "CLEAR ALL"}).status_code == 403
    assert serving.ask("ASK { ?s ?p ?o }").json()["boolean"] is True


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/questions", "/entity/mk-7", "/index.html"])
def test_other_methods_are_refused(serving: Served, method: str, path: str) -> None:
    response = serving.client.request(method, path)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert ("POST" in response.headers["Allow"]) == (path == "/sparql")


def test_service_is_refused_before_anything_connects(serving: Served) -> None:
    with Double(say(200, b"{}")) as other:
        for query in (
            f"SELECT * WHERE {{ SERVICE <{other.address}> {{ ?s ?p ?o }} }}",
            f"SELECT * WHERE {{ SERVICE SILENT <{other.address}> {{ ?s ?p ?o }} }}",
            f"SELECT * WHERE {{ S\\u0045RVICE <{other.address}> {{ ?s ?p ?o }} }}",
        ):
            assert serving.ask(query).status_code == 403
            assert "SERVICE" in serving.ask(query).text
        assert serving.ask(f"LOAD <{other.address}>").status_code == 403
        assert other.asked == []


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED", "from"])
def test_another_graph_is_unknown(serving: Served, tmp_path: Path, clause: str) -> None:
    file = tmp_path / "secret.ttl"
    file.write_text("<a:a> <b:b> 'secret' .", encoding="utf-8")
    response = serving.ask(f"SELECT * {clause} <{file.as_uri()}> WHERE {{ ?s ?p ?o }}")
    assert response.status_code == 400
    assert "default graph" in response.text
    assert "secret'" not in response.text


def test_graphs_of_the_protocol(serving: Served) -> None:
    plain = serving.ask(SELECT).content
    assert serving.ask(SELECT, **{"default-graph-uri": BASE.removesuffix("/")}).content == plain
    for name in ("default-graph-uri", "named-graph-uri"):
        response = serving.ask(SELECT, **{name: "https://example.org/g"})
        assert response.status_code == 400
        assert "there is no graph https://example.org/g here; there is: https://w3id.org/k2graph (the default graph)" in response.text
    direct = {"Content-Type": "application/sparql-query"}
    response = serving.client.post("/sparql?default-graph-uri=https://example.org/g", content=SELECT, headers=direct)
    assert response.status_code == 400


class TestCaches:
    def test_what_a_client_has_is_not_sent_again(self, serving: Served) -> None:
        first = serving.ask(SELECT)
        tag = first.headers["ETag"]
        for said in (tag, f'"other", {tag}', "*"):
            again = serving.client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": said})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert serving.client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": 'W/"other"'}).content == first.content

    def test_a_tag_is_of_query_and_form(self, serving: Served) -> None:
        tags = {serving.ask(query, accept).headers["ETag"] for query in (SELECT, QUICK) for accept in ("text/csv", "application/json")}
        assert len(tags) == 4

    def test_a_tag_is_of_the_data(self, tmp_path: Path) -> None:
        tags = []
        for number in (1, 1, 2):
            data = tmp_path / "small.ttl"
            data.write_text(f"<https://w3id.org/k2graph/entity/x> <p:p> {number} .", encoding="utf-8")
            with served(tmp_path, "--data", data, "--max-concurrent", "1") as small:
                tags.append(small.ask("SELECT * WHERE { ?s ?p ?o }").headers["ETag"])
        assert tags[0] == tags[1] != tags[2]

    @pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID ( )"])
    def test_what_changes_by_itself_has_no_tag(self, serving: Served, call: str) -> None:
        response = serving.ask(f"SELECT ({call} AS ?x) WHERE {{ }}")
        assert response.status_code == 200
        assert "ETag" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


def test_head_has_the_headers_of_get_and_no_body(serving: Served) -> None:
    for path, params in (("/sparql", {"query": QUICK}), ("/questions", {}), ("/entity/mk-7", {}), ("/index.html", {})):
        get, head = serving.client.get(path, params=params), serving.client.head(path, params=params)
        assert head.content == b""
        changing = {"date"}
        assert {n: v for n, v in head.headers.items() if n not in changing} == {n: v for n, v in get.headers.items() if n not in changing}


def test_any_page_may_read_and_none_with_credentials(serving: Served) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    before = serving.client.options("/sparql", headers=asked)
    assert before.status_code == 204
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in before.headers["Access-Control-Allow-Headers"]
    assert before.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    for response in (before, serving.ask(QUICK), serving.ask("nonsense"), serving.client.get("/nothing")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("path", ["/sparql", "/sparql/", "/questions/contested-claims", "/store"])
def test_a_page_may_send_whatever_headers_it_wishes(serving: Served, path: str) -> None:
    wished = "authorization, x-requested-with,X-Custom-1"
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": wished}
    before = serving.client.options(path, headers=asked)
    allowed = {each.strip().lower() for each in before.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "x-requested-with", "x-custom-1", "content-type"} <= allowed
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in before.headers
    assert "Access-Control-Request-Headers" in before.headers["Vary"]
    given = serving.client.get("/sparql", params={"query": QUICK}, headers={"Origin": "https://example.org", "Authorization": "Basic eDp5"})
    assert (given.status_code, given.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_header_that_is_none_is_not_sent_back(serving: Served) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "a<b>, (c)"}
    assert not set("<>()") & set(serving.client.options("/sparql", headers=asked).headers["Access-Control-Allow-Headers"])


@pytest.mark.parametrize(
    ("query", "form", "given"),
    [
        (SELECT, "csv", "text/csv"),
        (SELECT, "CSV", "text/csv"),
        (SELECT, "tsv", "text/tab-separated-values"),
        (SELECT, "json", "application/sparql-results+json"),
        (SELECT, "xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (QUICK, "xml", "application/sparql-results+xml"),
        (CONSTRUCT, "ttl", "text/turtle"),
        (CONSTRUCT, "turtle", "text/turtle"),
        (CONSTRUCT, "nt", "application/n-triples"),
        (CONSTRUCT, "nq", "application/n-quads"),
        (CONSTRUCT, "trig", "application/trig"),
        (CONSTRUCT, "jsonld", "application/ld+json"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "rdf", "application/rdf+xml"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_format_chooses_the_form_in_the_place_of_accept(serving: Served, query: str, form: str, given: str) -> None:
    quoted = urllib.parse.quote(query)
    for accept in ("*/*", "application/sparql-results+json, text/turtle"):
        headers = {"Accept": accept}
        answers = [
            serving.ask(query, accept, format=form),
            serving.client.get(f"/sparql/?query={quoted}&output={form.replace('+', '%2B')}", headers=headers),
            serving.client.get(f"/sparql?query={quoted}&results={form}", headers=headers),
            serving.client.post("/sparql", data={"query": query, "format": form}, headers=headers),
            serving.client.post("/sparql", params={"format": form}, data={"query": query}, headers=headers),
            serving.client.post(
                "/sparql", params={"format": form}, content=query, headers={**headers, "Content-Type": "application/sparql-query"}
            ),
        ]
        for response in answers:
            assert (response.status_code, kind(response)) == (200, given)
            assert response.content == serving.ask(query, given).content


@pytest.mark.parametrize(
    ("query", "parameters", "status", "said"),
    [
        (SELECT, "format=xlsx", 400, "no format 'xlsx'; it is one of: json, xml, csv, tsv, ttl"),
        (SELECT, "format=image/png", 400, "no format 'image/png'"),
        (SELECT, "format=csv&output=json", 400, "more than once"),
        (SELECT, "format=ttl", 406, "the answer is a table"),
        (CONSTRUCT, "format=csv", 406, "the answer is a graph"),
        (SELECT, "format=html", 406, "text/csv"),
        (SELECT, "Format=csv", 400, "no parameter 'Format' here; there are: query, default-graph-uri, named-graph-uri, format"),
        (SELECT, "timeout=5", 400, "no parameter 'timeout'"),
        ("", "timeout=5", 400, "no parameter 'timeout'"),
        ("", "format=xlsx", 400, "no format 'xlsx'"),
    ],
)
def test_a_format_or_a_parameter_that_is_none_is_refused(serving: Served, query: str, parameters: str, status: int, said: str) -> None:
    asked = f"query={urllib.parse.quote(query)}&{parameters}" if query else parameters
    response = serving.client.get(f"/sparql?{asked}")
    assert (response.status_code, said in response.text) == (status, True), response.text
    if query:
        assert serving.client.post("/sparql?" + parameters, data={"query": query}).status_code in {400, 406}


@pytest.mark.parametrize(
    "path",
    [
        "/store?default", "/query", "/questions", "/questions/contested-claims", "/openapi.json", "/health", "/metrics",
        "/.well-known/void", "/entity/mk-7", "/ontology",
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_heeded_is_refused_everywhere(serving: Served, path: str) -> None:
    assert serving.client.get(path).status_code == 200
    refused = serving.client.get(f"{path}{'&' if '?' in path else '?'}colour=red")
    assert refused.status_code == 400
    assert "colour" in refused.text or "?default" in refused.text


@pytest.mark.parametrize("path", ["/entity/mk-7", "/ontology", "/store?default", "/.well-known/void", "/sparql"])
def test_format_chooses_the_syntax_of_whatever_is_a_graph(serving: Served, path: str) -> None:
    between = "&" if "?" in path else "?"
    response = serving.client.get(f"{path}{between}format=nt", headers={"Accept": "text/turtle"})
    assert (response.status_code, kind(response)) == (200, "application/n-triples")
    assert serving.client.get(f"{path}{between}format=xlsx").status_code == 400
    assert serving.client.get(f"{path}{between}format=csv").status_code == 406


def test_a_slash_at_the_end_is_no_other_address(serving: Served) -> None:
    expected = serving.ask(SELECT).content
    assert serving.client.get("/sparql/", params={"query": SELECT}).content == expected
    assert serving.client.post("/sparql/", data={"query": SELECT}).content == expected
    here = str(serving.client.base_url.join("/sparql"))
    assert f"<{here}>" in serving.client.get("/sparql/?format=nt").text
    for path in ("/store/?default", "/questions/", "/questions/contested-claims/?format=csv", "/query/", "/entity/mk-7/", "/ontology/"):
        followed = serving.client.get(path, follow_redirects=True)
        assert (followed.status_code, [each.status_code for each in followed.history]) == (200, [308]), path
        assert followed.content == serving.client.get(path.replace("/?", "?").removesuffix("/")).content


def test_long_answers_are_compressed_for_those_who_can_read_it(serving: Served) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 500"
    headers = {"Accept-Encoding": "gzip"}
    packed = serving.client.get("/sparql", params={"query": query}, headers=headers)
    plain = serving.client.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 3


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_the_service_describes_itself(serving: Served, graph: k2graph.Graph, path: str) -> None:
    described = [set(parse(serving.client.get(path, headers={"Accept": accept}).content, form)) for accept, form in GRAPHS.items()]
    assert len({len(each) for each in described}) == 1
    store = Store()
    store.extend(described[0])
    address = str(serving.client.base_url.join("/sparql"))
    names = {"sd": "http://www.w3.org/ns/sparql-service-description#", "void": "http://rdfs.org/ns/void#"}
    triples = len(list(graph.triples()))
    assert store.query(
        f"ASK {{ <{address}> a sd:Service ; sd:endpoint <{address}> ; sd:supportedLanguage sd:SPARQL11Query }}", prefixes=names
    )
    assert store.query(f"ASK {{ ?data a void:Dataset ; void:sparqlEndpoint <{address}> ; void:triples {triples} }}", prefixes=names)
    counted = store.query("SELECT ?c ?n WHERE { ?part void:class ?c ; void:entities ?n }", prefixes=names)
    rows = {(row[0].value, int(row[1].value)) for row in counted}  # type: ignore[union-attr]
    answer = graph.query("SELECT ?c (COUNT(?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c")
    assert rows == {(c.value, int(n.value)) for c, n in answer.terms}  # type: ignore[union-attr]


def test_a_reader_is_led_to_the_page_for_queries(serving: Served) -> None:
    response = serving.client.get("/sparql", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["Location"]) == (303, "query")


def test_k2graph_itself_can_ask_here(serving: Served, graph: k2graph.Graph) -> None:
    there = k2graph.open(endpoint=str(serving.client.base_url.join("/sparql")))
    for question in ("contested-claims", "drug-interactions"):
        assert there.ask(question).terms == graph.ask(question).terms


def test_the_whole_graph_can_be_taken(serving: Served, graph: k2graph.Graph) -> None:
    response = serving.ask("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    assert len(set(response.content.splitlines())) == len(list(graph.triples()))


def test_nothing_of_a_query_is_in_the_log(serving: Served) -> None:
    serving.ask("SELECT ?verysecret WHERE { ?verysecret a 'verysecret' }")
    serving.ask("verysecret")
    post(serving, "application/sparql-query", b"SELECT verysecret")
    serving.client.get("/questions/evidence-for-claim", params={"claim": "verysecret"})
    log = serving.log
    assert "verysecret" not in log
    assert "Traceback" not in log
    assert log.count("GET /sparql 400 ") >= 1


def test_a_line_of_the_log_cannot_be_forged(serving: Served) -> None:
    serving.client.get("/x%0Ak2graph.access%20GET%20/forged%1B[31m")
    assert "\x1b" not in serving.log
    assert not [line for line in serving.log.splitlines() if line.startswith("k2graph.access")]


def test_a_base_path_moves_everything(tmp_path: Path, mechanism_alone: Path) -> None:
    # Of one mechanism, whose pages are made in a tenth of the time.
    with served(tmp_path, "--data", mechanism_alone, "--base-path", "/k2", "--max-concurrent", "1", base="/k2") as below:
        assert below.ask(QUICK).json()["boolean"] is True
        assert below.client.get("/health").status_code == 200
        assert below.client.head("/store?default").status_code == 200
        below.settled(1)
        assert below.client.get("/metrics").status_code == 404
        assert below.client.get("/openapi.json").json()["servers"] == [{"url": "/k2"}]
        assert below.client.get("/entity/mk-7", headers={"Accept": "text/turtle"}).status_code == 200
        assert below.client.get("/").headers["Content-Type"].startswith("text/html")
        assert f"<http://127.0.0.1:{below.port}/k2/sparql>" in below.client.get("/sparql", headers={"Accept": "text/turtle"}).text
        assert httpx.get(f"http://127.0.0.1:{below.port}/sparql", params={"query": QUICK}, trust_env=False).status_code == 404
