"""The SPARQL 1.1 Graph Store HTTP Protocol: what may be read of it, and that nothing can be written."""

import socket

import httpx
import pytest
from k2graph_server import GRAPHS, Served
from pyoxigraph import parse

import k2graph
from k2graph import resources
from k2graph.iris import BASE

pytestmark = pytest.mark.server

NAMED = {"graph": BASE.removesuffix("/")}


def get(serving: Served, accept: str = "*/*", headers: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
    return serving.client.get("/store", params=parameters, headers={"Accept": accept, **(headers or {})})


@pytest.mark.parametrize("accept", GRAPHS)
def test_the_whole_graph_comes_in_every_syntax(serving: Served, graph: k2graph.Graph, accept: str) -> None:
    response = get(serving, accept, **NAMED)
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == accept
    triples = [quad.triple for quad in parse(response.content, GRAPHS[accept])]
    assert len(triples) == len(set(triples))
    assert set(triples) == set(graph.triples())


def test_without_a_wish_it_is_the_file_as_it_is_and_either_name_does(serving: Served) -> None:
    for parameters in ({"default": ""}, NAMED, {"graph": BASE}):
        assert get(serving, **parameters).content == resources.GRAPH.read_bytes()


def test_head_and_what_a_client_has_already(serving: Served) -> None:
    whole = serving.client.get("/store?default", headers={"Accept-Encoding": "identity"})
    head = serving.client.head("/store?default", headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert head.headers["ETag"] == whole.headers["ETag"]
    for tag in (whole.headers["ETag"], "*"):
        again = get(serving, headers={"If-None-Match": tag}, default="")
        assert (again.status_code, again.content) == (304, b"")
    assert get(serving, "application/n-quads", {"If-None-Match": whole.headers["ETag"]}, default="").status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("graph=https://example.org/g", 404, "there is no graph https://example.org/g"),
        ("graph=urn:x-arq:DefaultGraph", 404, "no graph"),
        ("graph=file:///etc/passwd", 404, "no graph"),
        ("", 400, "?default or by ?graph"),
        ("default&graph=https://w3id.org/k2graph", 400, "one of them alone"),
        ("graph=https://w3id.org/k2graph&graph=https://w3id.org/k2graph", 400, "one of them alone"),
        ("graph=k2graph", 400, "absolute IRI"),
        ("graph=", 400, "absolute IRI"),
        ("graph=http://a%20b", 400, "absolute IRI"),
        ("format=ttl", 400, "?default or by ?graph"),
    ],
)
def test_what_is_no_graph_here_is_said(serving: Served, query: str, status: int, said: str) -> None:
    response = serving.client.get(f"/store?{query}")
    assert response.status_code == status
    assert said in response.text


def test_a_syntax_that_is_not_there_is_said(serving: Served) -> None:
    assert get(serving, "text/csv", default="").status_code == 406


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_is_written(serving: Served, method: str) -> None:
    response = serving.client.request(method, "/store?default", content=b"<a:a> <a:a> <a:a> .", headers={"Content-Type": "text/turtle"})
    assert response.status_code == 405
    assert {each.strip() for each in response.headers["Allow"].split(",")} == {"GET", "HEAD"}
    assert serving.ask("ASK { <a:a> ?p ?o }").json()["boolean"] is False


def test_http_1_0_is_sent_no_chunks(serving: Served) -> None:
    def got(*headers: str) -> tuple[bytes, bytes]:
        request = "\r\n".join(["GET /store?default HTTP/1.0", "Host: localhost", *headers, "", ""])
        with socket.create_connection(("127.0.0.1", serving.port), timeout=60) as line:
            line.sendall(request.encode())
            answer = b"".join(iter(lambda: line.recv(65_536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        return head.lower(), body

    plain, packed = got(), got("Accept-Encoding: gzip")
    assert b"chunked" not in packed[0]
    assert plain[1] == packed[1]
    assert len(plain[1]) > 1_000_000
