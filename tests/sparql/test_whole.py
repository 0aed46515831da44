"""Halves are never taken for wholes: servers that give so many rows and no more, that stop in the middle, or that take for ever."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from k2graph_server import served
from other_servers import RESULTS, TRIPLES, Double, cutting, oxigraph, say, within_one_try
from project import Run, without_settings
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

import k2graph
from k2graph import Answer, Graph, InputError, resources
from k2graph.exports import choose

pytestmark = pytest.mark.server

MECHANISM = "mgp-calcification-events"
SELECT = "SELECT * WHERE { ?s ?p ?o }"
EVERYTHING = "CONSTRUCT WHERE { ?s ?p ?o }"
WAY_OUT = "raise the limit there (of Virtuoso: ResultSetMaxRows in [SPARQL])"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), resources.GRAPH) as address:
        yield address


@pytest.fixture(scope="module")
def part(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a mechanism rests on: a graph of more than 11,000 triples, more than 1,000 of them of one property."""
    path = tmp_path_factory.mktemp("part") / "part.nt"
    serialize(choose(graph, mechanism=MECHANISM).triples(), path, RdfFormat.N_TRIPLES)
    return path


@pytest.fixture(scope="module")
def near(part: Path) -> Graph:
    return k2graph.open(part)


@pytest.fixture(scope="module")
def serving_part(tmp_path_factory: pytest.TempPathFactory, part: Path) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), part) as address:
        yield address


@pytest.fixture(params=[(1_000, True), (1_000, False), (10_000, False)], ids=["1,000 told", "1,000", "10,000"])
def cut(serving_part: str, request: pytest.FixtureRequest) -> Iterator[Double]:
    with cutting(serving_part, *request.param) as double:
        yield double


# The whole graph


def test_an_export_from_a_server_that_cuts_is_whole(cut: Double, run: Run, part: Path, tmp_path: Path) -> None:
    near, far = tmp_path / "near.nt", tmp_path / "far.nt"
    assert run("export", "ntriples", "--data", part, "--output", near).code == 0
    outcome = run("export", "ntriples", "--output", far, "--endpoint", cut.address)
    assert outcome.code == 0, outcome.err
    assert far.read_bytes() == near.read_bytes()


def test_what_reads_the_whole_graph_reads_it_whole(cut: Double, near: Graph) -> None:
    there = k2graph.open(endpoint=cut.address)
    assert there.evidence().claims.keys() == near.evidence().claims.keys()
    assert there.view(mechanism=MECHANISM).html == near.view(mechanism=MECHANISM).html


def test_a_server_that_gives_all_is_asked_twice_and_no_more(serving_part: str, near: Graph) -> None:
    with cutting(serving_part, 10_000_000, header=False) as double:
        assert set(k2graph.open(endpoint=double.address).triples()) == set(near.triples())
        assert len(double.asked) == 2


def test_a_server_that_refuses_too_much_at_once_is_read_in_parts(tmp_path: Path, part: Path, near: Graph) -> None:
    # Parts are of 10,000 triples where nothing is known of a limit.
    with served(tmp_path, "--max-rows", "11000", "--data", part) as serving:
        address = f"http://127.0.0.1:{serving.port}/sparql"
        assert set(k2graph.open(endpoint=address).triples()) == set(near.triples())
        with pytest.raises(InputError, match="more than 11,000 rows"):
            k2graph.open(endpoint=address).query(SELECT)


def test_a_limit_too_low_for_any_part_is_told(serving_part: str, run: Run) -> None:
    with cutting(serving_part, 100, header=False) as double:
        outcome = run("export", "ntriples", "--endpoint", double.address, "--output", "never.nt")
    assert (outcome.code, outcome.out) == (2, "")
    assert re.match(rf"k2graph: {double.address}: gave 100 of \d+ rows, as a server with a limit does; .*\n$", outcome.err)
    assert WAY_OUT in outcome.err
    assert not Path("never.nt").exists()


def test_a_graph_that_changes_while_it_is_read_is_no_graph() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "COUNT" in double.asked[-1].body:
            grouped = {"p": {"type": "uri", "value": "a:b"}} if "GROUP" in double.asked[-1].body else {}
            say(200, _table({**grouped, "n": _number(3)}), RESULTS)(handler)
        else:
            say(200, b"<a:a> <a:b> <a:c> .\n<a:a> <a:b> <a:d> .\n", TRIPLES)(handler)

    double = Double(answer)
    with double, pytest.raises(InputError, match="gave 2 of 3 triples; it has a limit"):
        list(k2graph.open(endpoint=double.address).triples())


def _table(*rows: dict[str, Any]) -> bytes:
    return json.dumps(
        {"head": {"vars": ["n"] if all(row.keys() == {"n"} for row in rows) else ["p", "n"]}, "results": {"bindings": rows}}
    ).encode()


def _number(value: int) -> dict[str, str]:
    return {"type": "literal", "value": str(value), "datatype": "http://www.w3.org/2001/XMLSchema#integer"}


NAMELESS = "".join(f"_:n{n} <a:part> <a:{n}> .\n" for n in range(300))


def test_nodes_without_a_name_are_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "nameless.ttl"
    path.write_text(NAMELESS, encoding="utf-8")
    with oxigraph(tmp_path / "store", path) as address:
        assert len(list(k2graph.open(endpoint=address).triples())) == 300
        with cutting(address, 100, header=False) as double, pytest.raises(InputError, match="nodes without a name"):
            list(k2graph.open(endpoint=double.address).triples())


# A query of one's own


@pytest.mark.parametrize("query", [SELECT, EVERYTHING, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 11000"])
def test_a_part_of_an_answer_is_an_error_that_names_the_limit(cut: Double, run: Run, query: str) -> None:
    outcome = run("query", query, "--endpoint", cut.address)
    assert (outcome.code, outcome.out) == (2, "")
    (line,) = outcome.err.splitlines()
    whole = "11,000" if "LIMIT" in query else r"\d\d,\d\d\d"
    assert re.match(
        rf"k2graph: {cut.address}: gave (?:1|10),000 of {whole} rows(: its limit is 1,000 \(X-SPARQL-MaxRows\)|, as a server)", line
    )
    assert WAY_OUT in line


def test_a_limit_of_an_odd_number_that_nobody_tells_is_seen(serving_part: str, run: Run) -> None:
    with cutting(serving_part, 777, header=False) as double:
        outcome = run("query", SELECT, "--endpoint", double.address)
    assert (outcome.code, outcome.out) == (2, "")
    assert "gave 777 of " in outcome.err


@pytest.mark.parametrize("most", [1_000, 10_000])
@pytest.mark.parametrize("form", ["SELECT ?s WHERE { ?s a ?o }", "CONSTRUCT WHERE { ?s k2g:claim ?o }"])
def test_an_answer_as_long_as_a_limit_is_whole_where_it_is_all(serving_part: str, most: int, form: str, run: Run, part: Path) -> None:
    query = f"{form} ORDER BY ?s ?o LIMIT {min(most, 1_000)}"
    with cutting(serving_part, most, header=True) as double:
        far = run("query", query, "--endpoint", double.address)
    assert (far.code, far.err) == (0, "")
    assert far.out == run("query", query, "--data", part).out


FORMS = [
    "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c ; ?p ?o . ?s a k2g:Claim }",
    "CONSTRUCT { ?o k2g:of ?s . ?s k2g:has ?o . ?s k2g:has ?s } WHERE { ?s a k2g:Claim ; rdf:subject|rdf:object ?o }",
    "CONSTRUCT { ?s k2g:has ?label . ?label k2g:of ?s . ?s k2g:lacks ?none } WHERE { ?s a k2g:Finding ; k2g:reported ?label } LIMIT 999",
    "CONSTRUCT { k2g:Claim k2g:has ?p } # every { property\nWHERE { ?s a k2g:Claim ; ?p ?o FILTER(STR(?o) != '}') }",
]


@pytest.mark.parametrize("query", FORMS)
def test_triples_of_many_rows_are_made_here_where_they_may_have_been_cut(serving_part: str, query: str, near: Graph) -> None:
    # Rows and triples are not the same number, so that it cannot be seen whether all came.
    with cutting(serving_part, 10_000, header=False) as double:
        far = k2graph.open(endpoint=double.address).query(query)
    here = near.query(query)
    assert isinstance(here, list)
    assert isinstance(far, list)
    assert here
    if "LIMIT" in query:  # which rows those are is nobody's promise
        assert len(here) == len(far)
    else:
        assert set(here) == set(far)


def test_triples_with_new_nodes_are_made_anew_for_each_row(server: str, graph: Graph) -> None:
    query = "CONSTRUCT { ?s k2g:has [ rdfs:label ?label ] ; k2g:kind ?c } WHERE { ?s a k2g:Claim, ?c ; rdfs:label ?label }"
    with cutting(server, 1_500, header=True) as double:
        found = k2graph.open(endpoint=double.address).query(query)
    assert isinstance(found, list)
    rows = len(graph.rows("SELECT ?s ?c ?label WHERE { ?s a k2g:Claim, ?c ; rdfs:label ?label }"))
    made = {triple.subject for triple in found if isinstance(triple.subject, BlankNode)}
    assert len(made) == rows > 600
    assert len(found) == 3 * rows


def test_a_description_that_was_cut_is_known_by_its_header(server: str, run: Run) -> None:
    with cutting(server, 1_000, header=True) as double:
        outcome = run("query", "DESCRIBE ?s WHERE { ?s a k2g:Claim }", "--endpoint", double.address)
    assert outcome.code == 2
    assert "gave 1,000 triples, which may not be all: its limit is 1,000 (X-SPARQL-MaxRows)" in outcome.err


def test_a_server_that_cannot_count_what_may_be_a_part_is_told() -> None:
    rows = _table(*({"n": _number(n)} for n in range(1_000)))

    def answer(handler: BaseHTTPRequestHandler) -> None:
        say(400, b"no COUNT here")(handler) if "COUNT" in double.asked[-1].body else say(200, rows, RESULTS)(handler)

    double = Double(answer)
    with double, pytest.raises(InputError, match=r"gave 1,000 rows, which may not be all, and does not tell .*no COUNT here"):
        k2graph.open(endpoint=double.address).query(SELECT)


def test_what_the_server_itself_says_is_a_part_is_none(run: Run) -> None:
    # What Virtuoso sends, with status 200, where its time "at any time" was up.
    headers = {"X-SQL-State": "S1TAT", "X-SQL-Message": "RC...: Returning incomplete results"}
    partial = say(200, _table({"n": _number(1)}), RESULTS, **headers)
    with Double(partial) as double:
        outcome = run("query", SELECT, "--endpoint", double.address)
    assert (outcome.code, outcome.out) == (2, "")
    assert "gave only a part of the answer (S1TAT RC...: Returning incomplete results)" in outcome.err
    with Double(say(206, _table({"n": _number(1)}), RESULTS)) as double:
        assert "gave only a part of the answer (206)" in run("query", SELECT, "--endpoint", double.address).err


# Time


def never(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    closing.wait(30)


def headers_by_the_byte(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not closing.wait(0.1):
        handler.wfile.write(b"x")


def headers_by_the_line(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not closing.wait(0.4):
        handler.wfile.write(b"X-Slow: x\r\n")


def hundreds_by_the_line(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    while not closing.wait(0.1):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def body_by_the_byte(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {RESULTS}\r\nContent-Length: 10000\r\n\r\n".encode())
    while not closing.wait(0.1):
        handler.wfile.write(b" ")


def chunk_head_by_the_byte(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {RESULTS}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    while not closing.wait(0.1):
        handler.wfile.write(b"0")


def fault_by_the_byte(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 10000\r\n\r\n")
    while not closing.wait(0.1):
        handler.wfile.write(b" ")


Slow = Callable[[BaseHTTPRequestHandler, threading.Event], None]
SLOW = [
    never, headers_by_the_byte, headers_by_the_line, hundreds_by_the_line, body_by_the_byte, chunk_head_by_the_byte, fault_by_the_byte,
]  # fmt: skip


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.nt"
    path.write_text("<a:a> <a:b> <a:c> .\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("slow", SLOW, ids=lambda slow: slow.__name__)
@pytest.mark.parametrize("command", ["query", "export", "validate", "push", "derive"])
def test_a_slow_server_is_waited_for_as_long_as_was_said(command: str, slow: Slow, run: Run, few: Path) -> None:
    commands: dict[str, tuple[Any, ...]] = {
        "query": ("query", SELECT, "--endpoint"),
        "export": ("export", "ntriples", "--output", few.with_name("out.nt"), "--endpoint"),
        "validate": ("validate", "--endpoint"),
        "push": ("push", "--data", few),
        "derive": ("derive", "--endpoint"),
    }

    def waits() -> None:
        outcome = run(*commands[command], double.address, "--timeout", "0.2")
        assert outcome.code == 2
        assert outcome.err.startswith(f"k2graph: {double.address}: no answer within 0.2 seconds")

    with Double(lambda handler: slow(handler, double.closing)) as double:
        # `derive` clears away what it may have begun, and is not answered then either.
        assert within_one_try(4, waits)
        double.closing.set()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_takes_a_connection_and_says_nothing(scheme: str, run: Run) -> None:
    # With https it is the handshake that never ends.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/sparql"

        def waits() -> None:
            outcome = run("query", SELECT, "--endpoint", address, "--timeout", "1")
            assert outcome.err == f"k2graph: {address}: no answer within 1 seconds\n"

        assert within_one_try(3, waits)


def test_nothing_goes_on_in_the_background_after_the_time_is_up() -> None:
    with Double(lambda handler: headers_by_the_byte(handler, double.closing)) as double:
        with pytest.raises(InputError, match="no answer within"):
            k2graph.open(endpoint=double.address, timeout=0.3).query(SELECT)
        mine = [thread for thread in threading.enumerate() if thread.daemon and "talk" in thread.name]
        for thread in mine:
            thread.join(5)
        assert not [thread for thread in mine if thread.is_alive()]


def test_the_time_is_that_of_the_answer_and_its_count_together() -> None:
    rows = _table(*({"n": _number(n)} for n in range(1_000)))

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "COUNT" not in double.asked[-1].body:
            double.closing.wait(0.7)
            say(200, rows, RESULTS)(handler)
        else:
            double.closing.wait(30)

    def waits() -> None:
        with pytest.raises(InputError, match="no answer within 1 seconds"):
            k2graph.open(endpoint=double.address, timeout=1).query(SELECT)

    with Double(answer) as double:
        assert within_one_try(1.6, waits)
        double.closing.set()


# What other servers send

TABLE = _table({"p": {"type": "uri", "value": "a:a"}, "n": _number(1)})
XML = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="n"/><variable name="p"/></head>'
    b'<results><result><binding name="n"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">1</literal></binding>'
    b'<binding name="p"><uri>a:a</uri></binding></result></results></sparql>'
)


@pytest.mark.parametrize(
    ("kind", "body"), [("application/json", TABLE), ("application/json; charset=utf-8", TABLE), ("application/sparql-results+xml", XML)]
)
def test_a_table_under_another_name_is_read(kind: str, body: bytes) -> None:
    with Double(say(200, body, kind)) as double:
        found = k2graph.open(endpoint=double.address).query(SELECT)
    assert isinstance(found, Answer)
    assert found.rows == [{"n": 1, "p": "a:a"}]


RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:"><rdf:Description rdf:about="a:a">'
    b'<a:b rdf:resource="a:c"/></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"<a:a> <a:b> <a:c> .\n"),
        ("text/plain; charset=utf-8", b"@prefix a: <a:> . a:a a:b a:c ."),
        ("text/turtle", b"@prefix a: <a:> . a:a a:b a:c ."),
        ("application/x-turtle", b"PREFIX a: <a:> a:a a:b a:c ."),
        ("application/rdf+xml", RDF),
    ],
)
def test_triples_under_another_name_are_read(kind: str, body: bytes) -> None:
    with Double(say(200, body, kind)) as double:
        found = k2graph.open(endpoint=double.address).query(EVERYTHING)
    assert found == [Triple(NamedNode("a:a"), NamedNode("a:b"), NamedNode("a:c"))]


PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>"


@pytest.mark.parametrize("query", [SELECT, EVERYTHING])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", PAGE), ("application/json", PAGE), ("text/plain", PAGE), ("text/turtle", PAGE), ("application/rdf+xml", PAGE),
        ("application/json", b'{"error": "no such graph"}'), ("application/ld+json", b'{"error": "no such graph"}'),
        ("text/plain", b"busy"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_one_error_whatever_it_is_called(query: str, kind: str, body: bytes, run: Run) -> None:
    with Double(say(200, body, kind)) as double:
        outcome = run("query", query, "--endpoint", double.address)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(
        rf"k2graph: {double.address}: (answered with {re.escape(kind)} instead of|the answer breaks off or is damaged).*\n", outcome.err
    )


def test_nodes_without_a_name_keep_apart_and_together() -> None:
    # As Virtuoso, Blazegraph and others call them.
    labels = ["nodeID://b1", "nodeID:/b/1", "t1", "_:t1", "b 1", "nodeID://b1"]
    rows = _table(*({"p": {"type": "bnode", "value": label}, "n": {"type": "literal", "value": label}} for label in labels))
    with Double(say(200, rows, RESULTS)) as double:
        found = k2graph.open(endpoint=double.address).query(SELECT)
    assert isinstance(found, Answer)
    assert [row[1].value for row in found.terms] == labels
    nodes = [row[0] for row in found.terms]
    assert all(isinstance(node, BlankNode) for node in nodes)
    assert [nodes.index(node) for node in nodes] == [0, 1, 2, 3, 4, 0]


def test_nodes_without_a_name_arrive_in_triples() -> None:
    body = '_:vb1 <a:b> _:genid-1 .\n_:genid-1 <a:b> "größer" .\n'.encode()
    with Double(say(200, body, TRIPLES)) as double:
        found = k2graph.open(endpoint=double.address).query(EVERYTHING)
    assert found == [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
    assert found[1].object == Literal("größer")  # type: ignore[index,union-attr]
