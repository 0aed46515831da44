"""Things of ours answer at their address; pages are those of the site; and no response lets a browser come to harm."""

from pathlib import Path

import httpx
import pytest
from k2graph_server import QUICK, Served, served
from project import ours, rows
from pyoxigraph import NamedNode, RdfFormat, parse

import k2graph
from k2graph import iris
from k2graph.iris import BASE, KINDS, PREFIXES
from k2graph.views.site import site_files
from k2graph.views.site.site import Site

pytestmark = pytest.mark.server

GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


def get(serving: Served, path: str, accept: str = "*/*") -> httpx.Response:
    return serving.client.get(path, headers={"Accept": accept})


class TestThings:
    @pytest.mark.parametrize("accept", GRAPHS)
    def test_a_thing_is_all_that_the_graph_says_of_it(self, serving: Served, graph: k2graph.Graph, accept: str) -> None:
        for name in (
            ours("entity", "mk-7"),
            "claim:mk-7-level-dp-ucmgp",
            ours("report", "DOI:10.1016/j.bone.2014.03.008"),
            "study:knapen-2007",
        ):
            iri = BASE + name.replace(":", "/")
            response = get(serving, "/" + name.replace(":", "/"), accept)
            assert response.headers["Content-Type"].partition(";")[0] == accept
            expected = {triple for triple in graph.triples() if triple.subject == NamedNode(iri)}
            assert {quad.triple for quad in parse(response.content, GRAPHS[accept])} == expected
            assert len(expected) > 3

    def test_a_thing_of_every_kind_answers_in_turtle_and_as_a_page(self, serving: Served, graph: k2graph.Graph) -> None:
        found = {}
        moved = {triple.subject for triple in graph.triples() if triple.predicate == iris.name("dcterms:isReplacedBy")}
        for triple in graph.triples():
            if triple.subject in moved:
                continue
            kind, _, local = getattr(triple.subject, "value", "").removeprefix(BASE).partition("/")
            if kind in KINDS and local:
                found[kind] = max(found.get(kind, ""), local)
        assert {"claim", "entity", "study", "report", "arm", "finding", "standing", "question", "interaction", "step"} <= set(found)
        for kind, local in found.items():
            assert get(serving, f"/{kind}/{local}").headers["Content-Type"].startswith("text/turtle"), f"{kind}/{local}"
            page = serving.client.get(f"/{kind}/{local}", headers={"Accept": "text/html"}, follow_redirects=True)
            assert page.headers["Content-Type"].startswith("text/html"), f"{kind}/{local}"

    @pytest.mark.parametrize("accept", [*GRAPHS, "text/html", "*/*"])
    def test_an_old_address_leads_to_what_took_its_place(self, serving: Served, accept: str) -> None:
        for old, new in (
            ("study/pmid-17287908", "report/pmid-17287908"),
            ("trial/vitak-cac", "study/vitak-cac"),
            ("cohort/epic-nl", "study/epic-nl"),
        ):
            response = get(serving, f"/{old}", accept)
            assert (response.status_code, response.headers["Location"]) == (301, f"../{new}")
            there = serving.client.get(f"/{old}", headers={"Accept": accept}, follow_redirects=True)
            place = f"/{new}.html" if accept == "text/html" else f"/{new}"
            assert (there.status_code, there.url.path) == (200, place)
        asked = get(serving, "/study/pmid-17287908?format=ntriples", accept)
        assert asked.headers["Location"] == "../report/pmid-17287908?format=ntriples"
        assert get(serving, "/study/pmid-17287908.html").status_code == 200

    def test_what_is_said_of_every_old_address_is_where_it_leads(self, serving: Served) -> None:
        for row in rows("redirects")[::20]:
            old, new = (row[column].removeprefix(BASE) for column in ("old", "new"))
            answer = get(serving, f"/{old}")
            assert (answer.status_code, answer.headers.get("Location")) == (301, f"../{new}"), answer.text

    def test_readers_are_led_to_the_page_of_the_site(self, serving: Served, graph: k2graph.Graph) -> None:
        for name in graph.rows("SELECT ?claim WHERE { ?claim a k2g:Claim } ORDER BY ?claim LIMIT 20"):
            path = "/" + name["claim"].replace(":", "/")
            response = get(serving, path, "text/html,*/*;q=0.5")
            assert response.status_code == 303
            assert response.headers["Location"] == f"..{path}.html"
            assert "Accept" in response.headers["Vary"]
        interaction = graph.rows("SELECT ?i WHERE { ?i a k2g:Interaction } ORDER BY ?i LIMIT 1")[0]["i"].replace(":", "/")
        page = serving.client.get(f"/{interaction}", headers={"Accept": "text/html"}).headers["Location"]
        assert f'id="{page.partition("#")[2]}"' in get(serving, page.removeprefix("..").partition("#")[0]).text

    def test_the_vocabulary_answers(self, serving: Served, graph: k2graph.Graph) -> None:
        found = {quad.triple for quad in parse(get(serving, "/ontology").content, RdfFormat.TURTLE)}
        start = BASE + "ontology"
        expected = {triple for triple in graph.triples() if getattr(triple.subject, "value", "").startswith(start)}
        assert found == expected
        assert "<h1>" in get(serving, "/ontology", "text/html").text

    @pytest.mark.parametrize(
        "path", ["/entity/no-such-thing", "/claim/x%22%7D", "/nothing/at-all", "/entity/", "/claim/mk-7.html", "/entity/a/b", "/no.html"]
    )
    @pytest.mark.parametrize("accept", ["text/turtle", "text/html"])
    def test_what_is_unknown_is_not_found(self, serving: Served, path: str, accept: str) -> None:
        assert get(serving, path, accept).status_code == 404

    def test_a_form_that_is_not_there_is_said(self, serving: Served) -> None:
        assert get(serving, "/entity/mk-7", "image/png").status_code == 406


@pytest.fixture(scope="module")
def files(graph: k2graph.Graph) -> dict[str, bytes]:
    return dict(site_files(Site(graph, (("query", "Query"),))))


class TestPages:
    def test_all_files_of_the_site_are_served(self, serving: Served, files: dict[str, bytes]) -> None:
        different = [name for name, content in files.items() if serving.client.get(f"/{name}").content != content]
        assert different == []
        assert serving.client.get("/").content == files["index.html"]

    def test_files_are_served_as_what_they_are(self, serving: Served, files: dict[str, bytes]) -> None:
        types = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "csv": "text/csv"}
        types |= dict.fromkeys(("R", "py"), "text/plain")
        by_ending = {name.rpartition(".")[2]: name for name in files}
        assert set(by_ending) == set(types)
        for ending, name in by_ending.items():
            assert serving.client.get(f"/{name}").headers["Content-Type"].partition(";")[0] == types[ending]

    def test_nothing_else_of_the_disk_is(self, serving: Served) -> None:
        for path in (
            "/../pyproject.toml",
            "/..%2fpyproject.toml",
            "/assets/..%2f..%2f..%2fetc/passwd",
            "/%2e%2e/etc/passwd",
            "//etc/passwd",
        ):
            status, body = serving.raw_get(path)
            assert status == 404
            assert b"root:" not in body

    def test_a_page_that_a_client_has_is_not_sent_again(self, serving: Served) -> None:
        first = serving.client.get("/claims.html")
        again = serving.client.get("/claims.html", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        # What a 304 says takes the place of what the browser keeps: it must not say less.
        assert {name: first.headers[name] for name in again.headers if name != "date"} == {
            n: v for n, v in again.headers.items() if n != "date"
        }

    def test_a_graph_of_which_no_site_can_be_made_is_served_none_the_less(self, tmp_path: Path) -> None:
        data = tmp_path / "small.ttl"
        data.write_text(f"<{PREFIXES['claim']}x> a <{PREFIXES['k2g']}Claim> .", encoding="utf-8")
        with served(tmp_path, "--data", data, "--max-concurrent", "1") as server:
            assert "1 triple," in server.client.get("/index.html").text
            assert server.client.get("/claims.html").status_code == 404
            assert server.client.get("/query").status_code == 200
            assert server.ask("ASK { claim:x a k2g:Claim }").json()["boolean"] is True
            assert server.client.get("/claim/x", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/", "/index.html", "/query", "/sparql", "/questions", "/questions/contested-claims", "/openapi.json", "/entity/mk-7", "/nothing",
        "/assets/site.js", "/timeline-designs.svg", "/sparql?query=nonsense", "/.well-known/void", "/questions/nothing",
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_every_response_keeps_a_browser_from_harm(serving: Served, path: str, accept: str) -> None:
    headers = get(serving, path, accept).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'unsafe" not in policy
    assert "http" not in policy
    if headers.get("Content-Type", "").startswith("text/html"):
        assert "unsafe" not in policy
    assert "server" not in headers


@pytest.mark.parametrize(("path", "programs"), [("/claim/mk-7-level-dp-ucmgp.html", True), ("/claims.html", False), ("/sparql", False)])
def test_programs_run_only_where_standings_are_recounted(serving: Served, path: str, programs: bool) -> None:
    policy = get(serving, path, "text/html").headers["Content-Security-Policy"]
    assert ("script-src 'self' 'wasm-unsafe-eval';" in policy) == programs
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")


def test_what_a_client_calls_the_server_does_not_break_it(serving: Served) -> None:
    for host in ("<script>", "a b", '"', "[::1", "\\", "x" * 5000):
        response = serving.client.get("/sparql", headers={"Host": host, "Accept": "text/turtle"})
        assert response.status_code in {400, 421}
        assert "<script" not in response.text
    assert "Traceback" not in serving.log
    assert serving.ask(QUICK).json()["boolean"] is True
