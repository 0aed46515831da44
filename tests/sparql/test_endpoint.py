"""A server instead of the file: the same answers from a real one, and a plain message for whatever else one may say."""

import base64
import math
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from other_servers import RESULTS, TRIPLES, Double, free_port, oxigraph, say, within_one_try
from project import Run, without_settings

import k2graph
from k2graph import Answer, Graph, InputError, resources
from k2graph.sparql.questions import read_questions

pytestmark = pytest.mark.server

QUESTIONS = {question.name: question for question in read_questions()}
NEEDED = {name: {each.name: each.example for each in question.needed()} for name, question in QUESTIONS.items()}
ASKED = list(NEEDED.items()) + [
    (name, {**NEEDED[name], parameter.name: parameter.example})
    for name, question in QUESTIONS.items()
    for parameter in question.parameters.values()
    if not parameter.required
]
PASSWORD = "hunter2-ünd-ß"
SELECT = "SELECT * WHERE { ?s ?p ?o } LIMIT 1"
GOOD = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"MK-7"}}]}}'

Fails = Callable[..., str]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), resources.GRAPH) as address:
        yield address


@pytest.fixture
def there(server: str) -> Graph:
    return k2graph.open(endpoint=server)


@pytest.fixture
def fails(run: Run) -> Fails:
    """Ask through the command line what cannot be answered; the one line that it says."""

    def command(address: str, query: str = SELECT, *options: str) -> str:
        code, out, err = run("query", query, "--endpoint", address, "--timeout", "5", *options)
        assert code == 2
        assert out == ""
        assert re.fullmatch(r"k2graph: [^\n]+\n", err), err
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", err), err
        assert "Traceback" not in err
        return err.removeprefix("k2graph: ").rstrip("\n")

    return command


def _values(answer: Answer) -> list[tuple[Any, ...]]:
    # By value: a server may write 1.0 where the file has 1.00.
    return [tuple(math.inf if value is None else value for value in row.values()) for row in answer.rows]


# The same answers


@pytest.mark.parametrize(("question", "parameters"), ASKED, ids=str)
def test_a_server_answers_each_question_as_the_file_does(graph: Graph, there: Graph, question: str, parameters: dict[str, str]) -> None:
    near, far = graph.ask(question, **parameters), there.ask(question, **parameters)

    assert near.columns == far.columns == tuple(QUESTIONS[question].columns)
    assert Counter(_values(near)) == Counter(_values(far))
    assert _values(near) == _values(far)


@pytest.mark.parametrize("parameters", [{"design": "rct", "form": "MK-7"}, {"design": "rct"}], ids=str)
def test_parameters_are_joined_there_as_here(graph: Graph, there: Graph, parameters: dict[str, str]) -> None:
    assert _values(graph.ask("studies", **parameters)) == _values(there.ask("studies", **parameters))


def test_a_select_gives_the_same_terms_there(graph: Graph, there: Graph) -> None:
    query = "SELECT ?s ?p ?o WHERE { ?s a k2g:Finding ; ?p ?o } ORDER BY ?s ?p ?o LIMIT 500"
    near, far = graph.query(query), there.query(query)
    assert isinstance(near, Answer)
    assert isinstance(far, Answer)
    assert near.terms == far.terms
    assert len(near) == 500


@pytest.mark.parametrize("query", ["ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }", "ASK { entity:vitamin-k2 k2g:formOf entity:mk-7 }"])
def test_an_ask_gives_the_same_truth_there(graph: Graph, there: Graph, query: str) -> None:
    assert graph.query(query) is there.query(query) is (" entity:vitamin-k2 }" in query)


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s rdfs:label ?label } WHERE { ?s a k2g:Mechanism ; rdfs:label ?label }",
        "CONSTRUCT WHERE { ?s a k2g:NutrientForm }",
        "DESCRIBE entity:mk-7",
        "# SELECT, ASK and ADD are words of this comment\n# and so is LOAD\ndescribe entity:mk-7 # SELECT",
        "PREFIX select: <http://example.org/ASK#>\nCONSTRUCT { ?s a select:x } WHERE { ?s a k2g:Mechanism }",
    ],
)
def test_triples_are_the_same_there(graph: Graph, there: Graph, query: str) -> None:
    near, far = graph.query(query), there.query(query)
    assert isinstance(near, list)
    assert isinstance(far, list)
    assert near
    assert Counter(map(str, near)) == Counter(map(str, far))


def test_the_command_line_prints_the_same_from_a_server(server: str, run: Run) -> None:
    for arguments in (["ask", "contested-claims", "--format", "json"], ["query", "CONSTRUCT WHERE { ?s a k2g:NutrientForm }"], ["stats"]):
        near, far = run(*arguments), run(*arguments, "--endpoint", server)
        assert near.code == 0
        assert near == far
        assert near.out


def test_a_servers_own_complaint_about_a_query_is_passed_on(server: str, fails: Fails) -> None:
    assert re.fullmatch(rf"{server}: answered with an error \(400 Bad Request\): .*error at \d+:\d+.*", fails(server, "SELECT nonsense"))


def test_an_update_is_refused_before_it_is_sent(fails: Fails) -> None:
    with Double(say(200, GOOD, RESULTS)) as double:
        for update in ("INSERT DATA { <a:a> <a:a> <a:a> }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL", "load <http://example.org>"):
            assert "k2graph only reads" in fails(double.address, update)
        assert double.asked == []


def test_a_question_that_speaks_of_adding_is_sent_as_a_query() -> None:
    # SPARQLWrapper takes the first such word, in a comment too, for the form of the query and would send an update.
    with Double(say(200, GOOD, RESULTS)) as double:
        k2graph.open(endpoint=double.address).query("#+ one\n#+ additional downloads, dropped\n#+ three\n" + SELECT)
        assert [asked.body[:6] for asked in double.asked] == ["query="]


def test_pyshacl_needs_a_file(server: str) -> None:
    with pytest.raises(InputError, match="pySHACL needs the graph as a file, not an endpoint"):
        k2graph.open(endpoint=server).validate(engine="pyshacl")


def test_a_file_and_an_endpoint_are_not_both_taken(fails: Fails) -> None:
    assert fails("http://127.0.0.1:1/", SELECT, "--data", "x.ttl") == "give a file or an endpoint, not both"


# What is sent


def test_a_query_is_posted_and_asks_for_the_form_that_it_needs() -> None:
    with Double(say(200, GOOD, RESULTS)) as double:
        k2graph.open(endpoint=double.address).query(SELECT)
    (asked,) = double.asked
    assert (asked.method, asked.path) == ("POST", "/sparql")
    assert asked.headers["Accept"] == RESULTS
    assert "Authorization" not in asked.headers

    with Double(say(200, b'<a:a> <a:a> "x" .\n', TRIPLES)) as double:
        assert len(k2graph.open(endpoint=double.address).query("CONSTRUCT WHERE { ?s ?p ?o }")) == 1  # type: ignore[arg-type]
    assert double.asked[0].headers["Accept"] == TRIPLES


def test_user_and_password_go_to_the_endpoint_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with Double(say(200, GOOD, RESULTS)) as double:
        answer = k2graph.open(endpoint=double.address).query(SELECT)
    assert isinstance(answer, Answer)
    assert answer.rows == [{"s": "MK-7"}]
    kind, _, token = double.asked[0].headers["Authorization"].partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(token).decode() == f"ada:{PASSWORD}"


def test_a_password_without_a_user_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with Double(say(200, GOOD, RESULTS)) as double:
        k2graph.open(endpoint=double.address).query(SELECT)
    assert "Authorization" not in double.asked[0].headers


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_used_as_every_urllib_program_does(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    with Double(say(200, GOOD, RESULTS)) as proxy:
        monkeypatch.setenv(variable, proxy.address)
        if variable == "all_proxy":  # urllib knows one proxy a scheme
            with pytest.raises(InputError, match="no connection"):
                k2graph.open(endpoint="http://sparql.invalid/query").query(SELECT)
            assert proxy.asked == []
        else:
            k2graph.open(endpoint="http://sparql.invalid/query").query(SELECT)
            assert proxy.asked[0].path == "http://sparql.invalid/query"


# What may go wrong


def test_nothing_listens(fails: Fails) -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    assert fails(address) == f"{address}: no connection: Connection refused"


def test_the_host_does_not_exist(fails: Fails) -> None:
    assert re.fullmatch(r"http://sparql\.invalid/: no connection: .+", fails("http://sparql.invalid/"))


def test_401_without_a_user_says_how_to_give_one(fails: Fails) -> None:
    with Double(say(401, b"who are you?", **{"WWW-Authenticate": 'Basic realm="x"'})) as double:
        assert fails(double.address) == f"{double.address}: asks for a user (401); set K2GRAPH_USER and K2GRAPH_PASSWORD"
    assert len(double.asked) == 1


def test_401_with_a_user_says_that_they_were_refused_and_keeps_the_password(fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with Double(say(401, **{"WWW-Authenticate": 'Basic realm="x"'})) as double:
        said = fails(double.address)
    assert said == f"{double.address}: refused the user or the password (401)"
    token = double.asked[0].headers["Authorization"].partition(" ")[2]
    assert base64.b64decode(token).decode() == f"ada:{PASSWORD}"


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 500])
def test_no_message_holds_the_password(fails: Fails, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with Double(say(status, b"no", Location="http://127.0.0.1:1/")) as double:
        said = fails(double.address)
        with pytest.raises(InputError) as raised:
            k2graph.open(endpoint=double.address).query(SELECT)
    token = double.asked[0].headers["Authorization"].partition(" ")[2]
    for secret in (PASSWORD, token, "hunter2"):
        assert secret not in said
        assert secret not in repr(raised.value)
        assert secret not in repr(raised.value.__cause__)


def test_403_is_not_a_wrong_password(fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    with Double(say(403)) as double:
        suggestion = "; if it asks for a user, set K2GRAPH_USER and K2GRAPH_PASSWORD"
        assert fails(double.address) == f"{double.address}: does not allow this (403){suggestion}"
        monkeypatch.setenv("K2GRAPH_USER", "ada")
        assert fails(double.address) == f"{double.address}: does not allow this (403)"


def test_404_asks_whether_this_is_an_endpoint(fails: Fails) -> None:
    with Double(say(404, b"<html>")) as double:
        assert fails(double.address) == f"{double.address}: nothing there (404); is this the address of a SPARQL endpoint?"


def test_an_error_in_words_is_passed_on_by_its_first_line(fails: Fails) -> None:
    with Double(say(500, "Out of memory\u202e \x1b[31m\nat line 1\nat line 2".encode())) as double:
        assert fails(double.address) == f"{double.address}: answered with an error (500 Internal Server Error): Out of memory   [31m"


@pytest.mark.parametrize("body", [b"", b"<!DOCTYPE html><html>\n<h1>Oops</h1>", b"\n\n   <html>"])
def test_an_error_in_html_is_told_without_its_markup(fails: Fails, body: bytes) -> None:
    with Double(say(500, body, "text/html")) as double:
        assert fails(double.address) == f"{double.address}: answered with an error (500 Internal Server Error)"


def test_an_error_that_breaks_off_is_still_told(fails: Fails) -> None:
    with Double(say(503, b"busy", length=4000)) as double:
        assert fails(double.address).startswith(f"{double.address}: answered with an error (503 Service Unavailable)")


@pytest.mark.parametrize(
    ("kind", "body"), [("text/html; charset=utf-8", b"<html>Sign in</html>"), ("text/csv", b"s\r\nMK-7\r\n"), ("", b"")]
)
def test_an_answer_of_another_kind_is_no_answer(fails: Fails, kind: str, body: bytes) -> None:
    with Double(say(200, body, kind)) as double:
        said = fails(double.address)
    shown = kind.partition(";")[0] or "text/plain"
    assert said == f"{double.address}: answered with {shown} instead of {RESULTS}; is this the address of a SPARQL endpoint?"


def test_an_answer_shorter_than_it_announces_has_broken_off(fails: Fails) -> None:
    with Double(say(200, GOOD, RESULTS, length=len(GOOD) + 100)) as double:
        assert fails(double.address) == f"{double.address}: the answer broke off"


@pytest.mark.parametrize("rest", [b"", b"5\r\nab", b"zz\r\n"])
def test_chunks_that_stop_before_the_last_have_broken_off(fails: Fails, rest: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {RESULTS}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        handler.wfile.write(f"{len(GOOD):x}\r\n".encode() + GOOD + b"\r\n" + rest)
        handler.close_connection = True

    with Double(answer) as double:
        assert fails(double.address) == f"{double.address}: the answer broke off"


@pytest.mark.parametrize("length", [0, 1, len(GOOD) // 2, len(GOOD) - 1])
def test_an_answer_cut_in_its_middle_is_damaged(fails: Fails, length: int) -> None:
    with Double(say(200, GOOD[:length], RESULTS)) as double:
        assert fails(double.address).startswith(f"{double.address}: the answer breaks off or is damaged: ")


@pytest.mark.parametrize(
    "body", [b"hello", b"[]", b"{}", b"null", b"<html>", b"\xff\xfe", b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":1}]}}']
)
def test_an_answer_that_is_not_what_it_says_is_damaged(fails: Fails, body: bytes) -> None:
    with Double(say(200, body, RESULTS)) as double:
        assert fails(double.address).startswith(f"{double.address}: the answer breaks off or is damaged: ")


@pytest.mark.parametrize("body", [b"<a:a> <a:a> ", b'<a:a> <a:a> "x', b"<html>", b"\xff"])
def test_damaged_triples_are_damaged(fails: Fails, body: bytes) -> None:
    with Double(say(200, body, TRIPLES)) as double:
        said = fails(double.address, "CONSTRUCT WHERE { ?s ?p ?o }")
    assert said.startswith(f"{double.address}: the answer breaks off or is damaged: ")


def test_a_server_that_hangs_up_is_no_connection(fails: Fails) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True

    with Double(answer) as double:
        assert fails(double.address).startswith(f"{double.address}: no connection: ")


@pytest.mark.parametrize("line", [b"hello\r\n\r\n", b"\x00\xff\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n"])
def test_a_server_of_another_protocol_is_no_connection(fails: Fails, line: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(line)
        handler.close_connection = True

    with Double(answer) as double:
        assert fails(double.address).startswith(f"{double.address}: no connection: ")


def test_a_length_that_is_no_number_does_not_matter() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Type: {RESULTS}\r\nContent-Length: some\r\n\r\n".encode() + GOOD)
        handler.close_connection = True

    with Double(answer) as double:
        assert len(k2graph.open(endpoint=double.address).query(SELECT)) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(fails: Fails, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with Double(say(200, GOOD, RESULTS)) as elsewhere, Double(say(status, Location=elsewhere.address)) as double:
        said = fails(double.address)
        assert said == f"{double.address}: redirects to {elsewhere.address} ({status}); name that address yourself if you trust it"
        assert len(double.asked) == 1
        assert elsewhere.asked == []


def test_a_redirect_that_names_no_place_or_a_hostile_one_is_told(fails: Fails) -> None:
    with Double(say(302)) as double:
        assert fails(double.address).startswith(f"{double.address}: redirects to elsewhere (302)")
    with Double(say(302, Location="file:///etc/passwd\x1b[2J")) as double:
        assert fails(double.address).startswith(f"{double.address}: redirects to file:///etc/passwd [2J (302)")


def waits(address: str) -> None:
    with pytest.raises(InputError, match=r": no answer within 0\.3 seconds$"):
        k2graph.open(endpoint=address, timeout=0.3).query(SELECT)


def test_a_server_that_says_nothing_is_waited_for_only_so_long() -> None:
    with Double(lambda _: double.closing.wait(20) and None) as double:
        assert within_one_try(3, lambda: waits(double.address))
        double.closing.set()


def test_a_server_that_drips_is_waited_for_only_so_long() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {RESULTS}\r\nContent-Length: 10000\r\n\r\n".encode())
        while not double.closing.wait(0.05):
            handler.wfile.write(b" ")

    with Double(answer) as double:
        assert within_one_try(3, lambda: waits(double.address))
        double.closing.set()


@pytest.mark.parametrize(
    "address",
    ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80", "", "http", "javascript:alert(1)", "//host/", "data:,x", "gopher://x"],
)
def test_only_the_web_is_an_endpoint(fails: Fails, address: str) -> None:
    assert fails(address) == f"{address!r} is not the address of an endpoint; it begins with http:// or https://"


@pytest.mark.parametrize("address", ["http://ada:hunter2@127.0.0.1:1/", "https://ada@127.0.0.1/", "HTTP://:hunter2@h"])
def test_an_address_holds_no_password(fails: Fails, address: str) -> None:
    said = fails(address)
    assert said == "an endpoint's address holds no user or password; set K2GRAPH_USER and K2GRAPH_PASSWORD"


def test_a_password_in_an_address_of_another_kind_is_not_shown_either(fails: Fails) -> None:
    assert "hunter2" not in fails("ftp://ada:hunter2@127.0.0.1/")


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///query", "http://[::1", "http://127.0.0.1:abc/", "http://127.0.0.1:99999/", "http://a b/", "http://127.0.0.1:1/\n",
     "http://127.0.0.1:1/ü", "http://.../", "http://" + "a" * 300 + "/", "https://127.0.0.1:1/"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_told_in_a_line(fails: Fails, address: str) -> None:
    assert fails(address)


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_that_is_none_is_told(server: str, timeout: str, run: Run) -> None:
    outcome = run("query", SELECT, "--endpoint", server, "--timeout", timeout)
    assert (outcome.code, outcome.out) == (2, "")


# Nothing reaches the network unless an address is named


def test_without_an_address_no_socket_is_opened(tmp_path: Path) -> None:
    script = tmp_path / "offline.py"
    script.write_text(
        """
import socket

def refused(*_, **__):
    raise AssertionError("a socket was opened")

socket.socket = socket.create_connection = socket.getaddrinfo = refused
import k2graph

graph = k2graph.open()
for question in graph.questions:
    graph.ask(question.name, **{each.name: each.example for each in question.needed()})
assert graph.query("ASK { ?s ?p ?o }")
for fetching in ("ASK FROM <http://127.0.0.1:1/> { ?s ?p ?o }", "ASK FROM <file:///etc/passwd> { ?s ?p ?o }"):
    try:
        graph.query(fetching)
    except k2graph.InputError as error:
        assert "there is no graph" in str(error), error
    else:
        raise AssertionError("an unknown graph was asked")
try:
    graph.query("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
except k2graph.InputError:
    print("done")
""",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_validation_of_a_file_opens_no_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    graph = tmp_path / "small.ttl"
    graph.write_text("<https://w3id.org/k2graph/entity/x> a <https://w3id.org/k2graph/ontology#NutrientForm> .", encoding="utf-8")
    opened = k2graph.open(graph)
    opened.validate()  # what it imports may look for itself; what it does may not

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)
    opened.validate()
