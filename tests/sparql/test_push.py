"""The graph in a server: the same answers from two real ones after a push, and never half of it, whatever goes wrong."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from other_servers import NOT_ANSWERED, Double, empty_oxigraph, free_port, say, virtuoso
from project import Run, without_settings
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import k2graph
from k2graph import Answer, Graph, InputError, resources
from k2graph.sparql.push import DEFAULT, GRAPH, push
from k2graph.sparql.questions import Question, read_questions
from k2graph.sparql.update import Server

pytestmark = pytest.mark.server

QUESTIONS = read_questions()
PASSWORD = "hunter2-geheim"
TARGET = "https://example.org/k2"
BESIDE = "urn:k2graph:staging:https%3A%2F%2Fexample.org%2Fk2"
FEW = [Triple(NamedNode(f"https://example.org/{n}"), NamedNode("https://example.org/p"), Literal(str(n))) for n in range(10)]
HOSTILE = [
    "tab\tline\nreturn\rend",
    '"quoted" \'twice\' """thrice"""', "back\\slash \\u0041 \\n", '=HYPERLINK("x")',
    "<script>alert(1)</script>",
    "} } . INSERT DATA { <a:a> <a:a> <a:a> } ; DROP ALL ; #", "größer µg 維生素 🥦",
    "a, b | c || d", "\x01\x02\x1b[31m\x7f", "\u202eabc\u2028",
    "x" * 20_000, "?v $v @en ^^<a:a>", " ",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch)


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "dba")
    monkeypatch.setenv("K2GRAPH_PASSWORD", "dba")


@pytest.fixture(scope="module")
def ox() -> Iterator[str]:
    with empty_oxigraph() as address:
        yield address


@pytest.fixture(scope="module")
def virt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


def _settled(row: Any) -> tuple[str, ...]:
    # An engine may order the parts of a list within a cell as it likes.
    return tuple("" if value is None else ", ".join(sorted(str(value).split(", "))) for value in row.values())


def _all_answered_alike(near: Graph, far: Graph, but: frozenset[str] = frozenset()) -> None:
    (held,) = far.rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert held["n"] == len(list(near.triples()))
    assert len(QUESTIONS) == 48
    wrong = []
    for question in QUESTIONS:
        needed = {each.name: each.example for each in question.needed()}
        here, there = near.ask(question.name, **needed), far.ask(question.name, **needed)
        assert here
        if Counter(map(_settled, here)) != Counter(map(_settled, there)):
            wrong.append(question.name)
    for path in sorted((resources.QUESTIONS / "internal").glob("*.rq")):
        query = path.read_text(encoding="utf-8")
        here, there = near.rows(query), far.rows(query)
        # No source gives the arms' numbers yet.
        assert here or path.stem == "arms-numbers", path.stem
        if Counter(map(_settled, here)) != Counter(map(_settled, there)):
            wrong.append(path.stem)
    assert set(wrong) == but
    assert far.sensitivity("mk-7-level-arterial-stiffness") == near.sensitivity("mk-7-level-arterial-stiffness")


def _held(address: str, graph: str | None = None) -> set[tuple[str, ...]]:
    found = k2graph.open(endpoint=address, graph=graph).query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    assert isinstance(found, Answer)
    return {tuple(term.value for term in row) for row in found.terms}


def _plain(triples: list[Triple]) -> set[tuple[str, ...]]:
    return {(triple.subject.value, triple.predicate.value, triple.object.value) for triple in triples}  # type: ignore[union-attr]


def _graphs(address: str) -> set[str]:
    found = k2graph.open(endpoint=address).query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(found, Answer)
    return {row[0].value for row in found.terms}


# Real servers


def test_oxigraph_answers_every_question_as_the_file_does(ox: str, part_of_all: Path, run: Run) -> None:
    part = k2graph.open(part_of_all)
    outcome = run("push", f"{ox}/update", "--data", part_of_all)
    count = len(list(part.triples()))
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"{ox}/update: {count:,} triples in {GRAPH}\n")
    _all_answered_alike(part, k2graph.open(endpoint=f"{ox}/query", graph=GRAPH))
    assert _graphs(f"{ox}/query") == {GRAPH}


def test_virtuoso_answers_every_question_as_the_file_does(virt: str, part_of_all: Path, run: Run, user: None) -> None:
    # It takes a minute over the whole.
    part = k2graph.open(part_of_all)
    outcome = run("push", f"{virt}/sparql-auth", "--graph", TARGET, "--data", part_of_all)
    assert (outcome.code, outcome.err) == (0, f"{virt}/sparql-auth: {len(list(part.triples())):,} triples in {TARGET}\n")
    _all_answered_alike(part, k2graph.open(endpoint=f"{virt}/sparql", graph=TARGET), NOT_ANSWERED)
    assert TARGET in _graphs(f"{virt}/sparql")
    assert BESIDE not in _graphs(f"{virt}/sparql")


def test_virtuoso_as_it_is_shipped_gives_all_of_a_graph_or_an_error(
    virt: str, part_of_all: Path, run: Run, user: None, tmp_path: Path
) -> None:
    # It gives 10,000 rows and no more, and of a CONSTRUCT so many triples without any header that says so.
    graph = k2graph.open(part_of_all)
    triples = list(graph.triples())
    far = k2graph.open(endpoint=f"{virt}/sparql", graph=TARGET)
    if far.rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")[0]["n"] != len(triples):
        push(triples, f"{virt}/sparql-auth", graph=TARGET)
    there = ("--endpoint", f"{virt}/sparql", "--graph", TARGET)
    exported = tmp_path / "far.nt"
    assert run("export", "ntriples", "--output", exported, *there).code == 0
    held = Counter((triple.subject.value, triple.predicate.value) for triple in k2graph.open(exported).triples())  # type: ignore[union-attr]
    assert held == Counter((triple.subject.value, triple.predicate.value) for triple in triples)  # type: ignore[union-attr]
    assert far.evidence().claims.keys() == graph.evidence().claims.keys()
    for query in ("SELECT * WHERE { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        outcome = run("query", query, *there)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"gave 10,000 of {len(triples):,} rows: its limit is 10,000 (X-SPARQL-MaxRows)" in outcome.err
    assert len(far.rows("SELECT ?s WHERE { ?s ?p ?o } LIMIT 10000")) == 10_000
    pairs = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c ; dcterms:source ?o }"
    assert set(far.query(pairs)) == set(graph.query(pairs))  # type: ignore[arg-type]


def test_virtuoso_gives_a_property_with_more_triples_than_its_limit_in_shares(virt: str, user: None) -> None:
    many = [
        Triple(NamedNode(f"https://example.org/{n % 7}"), NamedNode("https://example.org/p"), Literal(f"µg {n}")) for n in range(21_000)
    ]
    push(many, f"{virt}/sparql-auth", graph="https://example.org/many")
    assert set(k2graph.open(endpoint=f"{virt}/sparql", graph="https://example.org/many").triples()) == set(many)


def test_nodes_without_a_name_are_read_from_virtuoso(virt: str, user: None) -> None:
    nameless = "https://example.org/nameless"
    made = f"INSERT {{ GRAPH <{nameless}> {{ <a:a> <a:b> _:one , _:two . _:one <a:c> 'one' . _:two <a:c> 'two' }} }} WHERE {{ }}"
    Server(f"{virt}/sparql-auth", 60).update(made)
    far = k2graph.open(endpoint=f"{virt}/sparql", graph=nameless)
    found = far.query("SELECT ?node ?value WHERE { <a:a> <a:b> ?node . ?node <a:c> ?value } ORDER BY ?value")
    assert isinstance(found, Answer)
    assert [row[1].value for row in found.terms] == ["one", "two"]
    assert len({row[0] for row in found.terms if isinstance(row[0], BlankNode)}) == 2
    nodes = {end for triple in far.triples() for end in (triple.subject, triple.object) if isinstance(end, BlankNode)}
    assert len(nodes) == 2


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question.parameters], ids=lambda question: question.name)
def test_the_command_line_asks_a_graph_with_parameters(ox: str, run: Run, question: Question, part_of_all: Path) -> None:
    if GRAPH not in _graphs(f"{ox}/query"):
        push(list(k2graph.open(part_of_all).triples()), f"{ox}/update")
    chosen = question.needed() or list(question.parameters.values())[:1]
    known = {"sulfatides-level-cognition": "warfarin-risk-bleeding", "mk-7-level-bone-mineral-density": "mk-4-risk-hip-fracture"}
    given = [part for each in chosen for part in (f"--{each.name.replace('_', '-')}", known.get(each.example, each.example))]
    asked = ("ask", question.name, *given, "--format", "csv")
    near, far = run(*asked, "--data", part_of_all), run(*asked, "--endpoint", f"{ox}/query", "--graph", GRAPH)
    assert near.code == far.code == 0
    assert near.out.splitlines()[0] == far.out.splitlines()[0]
    assert Counter(near.out.splitlines()) == Counter(far.out.splitlines())


def test_a_graph_is_asked_alone(ox: str) -> None:
    push(FEW[:4], f"{ox}/update", graph=TARGET)
    assert _held(f"{ox}/query", TARGET) == _plain(FEW[:4])
    assert _held(f"{ox}/query", "https://example.org/none") == set()


def test_the_default_graph_where_the_server_has_one(ox: str, run: Run, tmp_path: Path) -> None:
    few = tmp_path / "few.nt"
    few.write_text("".join(f"{triple} .\n" for triple in FEW), encoding="utf-8")
    assert run("push", f"{ox}/update", "--graph", "default", "--data", few).code == 0
    assert _held(f"{ox}/query") == _plain(FEW)
    push(FEW[:2], f"{ox}/update", graph=DEFAULT)
    assert _held(f"{ox}/query") == _plain(FEW[:2])
    assert not [graph for graph in _graphs(f"{ox}/query") if "staging" in graph]


def test_virtuoso_has_no_default_graph_to_fill_and_says_so(virt: str, user: None) -> None:
    with pytest.raises(
        InputError, match=r"SP031.*requires declaration of a plain default graph.*; the full staging graph <.*> was removed"
    ):
        push(FEW, f"{virt}/sparql-auth", graph=DEFAULT)
    assert "urn:k2graph:staging:default" not in _graphs(f"{virt}/sparql")


@pytest.mark.parametrize("server", ["oxigraph", "virtuoso"])
def test_a_push_takes_the_place_of_all_that_was_there(server: str, request: pytest.FixtureRequest, user: None) -> None:
    address = request.getfixturevalue("ox" if server == "oxigraph" else "virt")
    update, query = (f"{address}/update", f"{address}/query") if server == "oxigraph" else (f"{address}/sparql-auth", f"{address}/sparql")
    for some in (FEW[:7], FEW[5:], FEW[5:]):
        push(some, update, graph=TARGET, batch=2)
        assert _held(query, TARGET) == _plain(some)


@pytest.mark.parametrize("server", ["oxigraph", "virtuoso"])
def test_hostile_texts_arrive_as_they_were(server: str, request: pytest.FixtureRequest, user: None) -> None:
    address = request.getfixturevalue("ox" if server == "oxigraph" else "virt")
    update, query = (f"{address}/update", f"{address}/query") if server == "oxigraph" else (f"{address}/sparql-auth", f"{address}/sparql")
    triples = [
        Triple(NamedNode(f"https://example.org/{n}"), NamedNode("https://example.org/says"), Literal(text))
        for n, text in enumerate(HOSTILE)
    ]
    push(triples, update, graph="https://example.org/hostile", batch=3)
    assert _held(query, "https://example.org/hostile") == _plain(triples)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=8, unique=True), st.integers(1, 5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_arrives_as_it_was(ox: str, texts: list[str], batch: int) -> None:
    triples = [Triple(NamedNode("https://example.org/s"), NamedNode("https://example.org/says"), Literal(text)) for text in texts]
    push(triples, f"{ox}/update", graph="https://example.org/any", batch=batch)
    assert _held(f"{ox}/query", "https://example.org/any") == _plain(triples)


class Broken(Exception):
    """What ends a push in its middle."""


def _breaks(at: int, error: BaseException) -> Callable[[int], None]:
    def progress(sent: int) -> None:
        if sent >= at:
            raise error

    return progress


def test_a_push_that_is_stopped_changes_nothing_and_leaves_nothing(ox: str) -> None:
    push(FEW[:3], f"{ox}/update", graph=TARGET)
    with pytest.raises(InputError, match=f"^stopped; nothing changed in {TARGET}; the half-loaded staging graph <{BESIDE}> was removed$"):
        push(FEW, f"{ox}/update", graph=TARGET, batch=2, progress=_breaks(4, KeyboardInterrupt()))
    assert _held(f"{ox}/query", TARGET) == _plain(FEW[:3])
    assert BESIDE not in _graphs(f"{ox}/query")


def test_what_a_killed_push_left_is_cleared_away_by_the_next(ox: str) -> None:
    left = f"INSERT DATA {{ GRAPH <{BESIDE}> {{ <a:left> <a:over> <a:here> }} }}"
    import urllib.request

    request = urllib.request.Request(f"{ox}/update", data=left.encode(), headers={"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(request, timeout=20).close()
    assert _held(f"{ox}/query", BESIDE) == {("a:left", "a:over", "a:here")}
    push(FEW, f"{ox}/update", graph=TARGET)
    assert _held(f"{ox}/query", TARGET) == _plain(FEW)
    assert BESIDE not in _graphs(f"{ox}/query")


def test_a_wrong_password_is_told_by_virtuoso_itself(virt: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = run("push", f"{virt}/sparql-auth")
    assert outcome.err == (
        f"k2graph: {virt}/sparql-auth: asks for a user (401); set K2GRAPH_USER and K2GRAPH_PASSWORD; "
        f"nothing changed in {GRAPH}; nothing was loaded\n"
    )
    monkeypatch.setenv("K2GRAPH_USER", "dba")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    outcome = run("push", f"{virt}/sparql-auth")
    assert outcome.code == 2
    assert outcome.err == (
        f"k2graph: {virt}/sparql-auth: refused the user or the password (401); nothing changed in {GRAPH}; nothing was loaded\n"
    )
    assert PASSWORD not in outcome.err


# What is sent


Answers = Callable[[BaseHTTPRequestHandler], None]
OK = say(204)


def _server(**answers: Answers) -> Double:
    """A server that is well but for some requests: `drop`, `insert1`, `insert2`, `move`, `drop2`."""
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with lock:
            word = double.asked[-1].body.split()[0].lower()
            seen[word] += 1
            name = word if word == "move" else f"{word}{seen[word]}"
        answers.get(name, OK)(handler)

    double = Double(answer)
    return double


def test_requests_are_few_bounded_and_the_same_each_time() -> None:
    bodies = []
    for order in (FEW, FEW[::-1]):
        with _server() as double:
            push(order, double.address, graph=TARGET, batch=4)
        bodies.append([asked.body for asked in double.asked])
        assert {asked.headers["Content-Type"] for asked in double.asked} == {"application/sparql-update; charset=utf-8"}
    assert bodies[0] == bodies[1]
    first, *inserts, last = bodies[0]
    assert first == f"DROP SILENT GRAPH <{BESIDE}>"
    assert last == f"MOVE GRAPH <{BESIDE}> TO GRAPH <{TARGET}>"
    assert [body.count("example.org/p") for body in inserts] == [4, 4, 2]


def test_a_user_is_told_only_to_a_server_that_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with _server() as double:
        push(FEW, double.address)
    assert not any("Authorization" in asked.headers for asked in double.asked)

    def asks(handler: BaseHTTPRequestHandler) -> None:
        say(204 if handler.headers.get("Authorization") else 401, **{"WWW-Authenticate": 'Basic realm="x"'})(handler)

    with Double(asks) as double:
        push(FEW, double.address)
    import base64

    told = {asked.headers["Authorization"] for asked in double.asked if "Authorization" in asked.headers}
    assert told == {"Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()}


def test_a_digest_holds_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)

    def asks(handler: BaseHTTPRequestHandler) -> None:
        challenge = 'Digest realm="x", nonce="abc", qop="auth", algorithm="MD5"'
        say(204 if handler.headers.get("Authorization") else 401, **{"WWW-Authenticate": challenge})(handler)

    with Double(asks) as double:
        push(FEW, double.address)
    told = [asked.headers["Authorization"] for asked in double.asked if "Authorization" in asked.headers]
    assert told
    assert all(each.startswith('Digest username="ada"') and PASSWORD not in each for each in told)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_on_to_where_a_redirect_leads(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with Double(OK) as other, _server(drop1=say(status, Location=other.address)) as double:
        with pytest.raises(InputError, match=rf"redirects to .* \({status}\).*nothing changed in {TARGET}; nothing was loaded"):
            push(FEW, double.address, graph=TARGET)
        assert other.asked == []


# What may go wrong


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def half(handler: BaseHTTPRequestHandler) -> None:
    say(200, b"ok", length=4000)(handler)


HTML = say(200, b"<html>Sign in</html>", "text/html")
FAULTS = {
    "413": (say(413, b"too much"), r"answered with an error \(413 .*\): too much; send fewer triples at once with --batch"),
    "500": (say(500, b"out of memory"), r"answered with an error \(500 .*\): out of memory"),
    "hang-up": (hang_up, r"no connection: .+"),
    "half": (half, r"the answer broke off"),
    "html": (HTML, r"answered with a web page; is this the address of a SPARQL Update service\?"),
    "401": (say(401, b""), r"asks for a user \(401\); set K2GRAPH_USER and K2GRAPH_PASSWORD"),
}


def _said(double: Double, run: Run, tmp_path: Path) -> str:
    few = tmp_path / "few.nt"
    few.write_text("".join(f"{triple} .\n" for triple in FEW), encoding="utf-8")
    code, out, err = run("push", double.address, "--graph", TARGET, "--batch", "4", "--timeout", "5", "--data", few)
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"k2graph: {double.address}: [^\n]+\n", err), err
    return err.removeprefix(f"k2graph: {double.address}: ").rstrip("\n")


@pytest.mark.parametrize(("fault", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_at_the_first_request(fault: Answers, message: str, run: Run, tmp_path: Path) -> None:
    with _server(drop1=fault) as double:
        said = _said(double, run, tmp_path)
    assert re.fullmatch(f"{message}; nothing changed in {TARGET}; nothing was loaded", said), said
    assert len(double.asked) == 1


@pytest.mark.parametrize(("fault", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_middle_leaves_nothing(fault: Answers, message: str, run: Run, tmp_path: Path) -> None:
    with _server(insert2=fault) as double:
        said = _said(double, run, tmp_path)
    assert re.fullmatch(f"{message}; nothing changed in {TARGET}; the half-loaded staging graph <{BESIDE}> was removed", said), said
    assert [asked.body.split()[0] for asked in double.asked] == ["DROP", "INSERT", "INSERT", "DROP"]


@pytest.mark.parametrize(("fault", "message"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_removed_is_told(fault: Answers, message: str, run: Run, tmp_path: Path) -> None:
    with _server(insert1=fault, drop2=fault) as double:
        said = _said(double, run, tmp_path)
    left = f"the half-loaded staging graph <{BESIDE}> could not be removed; the next push removes it"
    assert re.fullmatch(f"{message}; nothing changed in {TARGET}; {left}", said), said


@pytest.mark.parametrize("fault", ["500", "hang-up", "half", "html"])
def test_a_swap_that_nobody_confirmed_is_not_said_to_be_done_or_undone(fault: str, run: Run, tmp_path: Path) -> None:
    answer, message = FAULTS[fault]
    with _server(move=answer) as double:
        said = _said(double, run, tmp_path)
    now = f"{TARGET} holds what it held or all that was sent, if the server works in transactions; push again to be sure"
    assert re.fullmatch(f"{message}; {now}", said), said
    # What a half-done swap could be mended from is not thrown away.
    assert double.asked[-1].body.startswith("MOVE")


@pytest.mark.parametrize("status", [400, 403, 413])
def test_a_swap_that_was_refused_has_changed_nothing(status: int, run: Run, tmp_path: Path) -> None:
    with _server(move=say(status, b"no")) as double:
        said = _said(double, run, tmp_path)
    assert said.endswith(f"; nothing changed in {TARGET}; the full staging graph <{BESIDE}> was removed"), said
    assert [asked.body.split()[0] for asked in double.asked[-2:]] == ["MOVE", "DROP"]


def test_a_server_that_never_answers_is_waited_for_only_so_long() -> None:
    with Double(lambda _: double.closing.wait(20) and None) as double:
        with pytest.raises(InputError, match=r"no answer within 0\.2 seconds; nothing changed"):
            push(FEW, double.address, timeout=0.2)
        double.closing.set()


def test_nothing_listens(run: Run) -> None:
    address = f"http://127.0.0.1:{free_port()}/update"
    outcome = run("push", address)
    assert outcome.err == f"k2graph: {address}: no connection: Connection refused; nothing changed in {GRAPH}; nothing was loaded\n"


def test_a_log_in_of_another_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", PASSWORD)
    with (
        Double(say(401, **{"WWW-Authenticate": 'Bearer realm="x"'})) as double,
        pytest.raises(InputError, match="asks for a log-in that is neither basic nor digest; nothing changed"),
    ):
        push(FEW, double.address)


def test_a_digest_of_a_password_beyond_ascii_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K2GRAPH_USER", "ada")
    monkeypatch.setenv("K2GRAPH_PASSWORD", "gehüim")
    challenge = {"WWW-Authenticate": 'Digest realm="x", nonce="abc", qop="auth"'}
    with Double(say(401, **challenge)) as double, pytest.raises(InputError, match="only ASCII characters; nothing changed") as raised:
        push(FEW, double.address)
    assert "gehüim" not in str(raised.value)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/", "", "127.0.0.1:80", "http://", "http://127.0.0.1:1/\n"])
def test_only_the_web_is_pushed_to(address: str, run: Run) -> None:
    assert "is not the address of an endpoint" in run("push", address).err


def test_an_address_holds_no_password(run: Run) -> None:
    said = run("push", f"http://ada:{PASSWORD}@127.0.0.1:1/update").err
    assert said == "k2graph: an endpoint's address holds no user or password; set K2GRAPH_USER and K2GRAPH_PASSWORD\n"


@pytest.mark.parametrize("name", ["k2", "", "http://a b", "urn:x> } ; DROP ALL #", BESIDE])
def test_a_name_that_no_graph_can_have_is_refused_before_anything_is_sent(name: str, run: Run) -> None:
    with Double(OK) as double:
        assert run("push", double.address, "--graph", name).code == 2
        assert double.asked == []


@pytest.mark.parametrize("batch", ["0", "-1"])
def test_at_least_one_triple_is_sent_at_once(batch: str, run: Run) -> None:
    done = run("push", "http://127.0.0.1:1/", "--batch", batch)
    assert (done.code, "--batch" in done.err, done.err.count("\n")) == (2, True, 1)


def test_nodes_without_a_name_and_an_empty_graph_are_refused() -> None:
    with Double(OK) as double:
        with pytest.raises(InputError, match="nodes without a name"):
            push([Triple(BlankNode(), NamedNode("a:p"), Literal("x"))], double.address)
        with pytest.raises(InputError, match="the graph is empty"):
            push([], double.address)
        assert double.asked == []


def test_a_graph_is_named_only_with_an_endpoint(run: Run) -> None:
    outcome = run("stats", "--graph", TARGET)
    assert (outcome.code, outcome.err) == (2, "k2graph: a graph is named only together with an endpoint\n")
    refused = run("stats", "--graph", "no iri", "--endpoint", "http://127.0.0.1:1/")
    assert refused.code == 2
    assert "cannot be the name of a graph" in refused.err


def test_progress_is_shown_on_a_terminal_alone(ox: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    few = tmp_path / "few.nt"
    few.write_text("".join(f"{triple} .\n" for triple in FEW), encoding="utf-8")
    arguments = ("push", f"{ox}/update", "--graph", TARGET, "--batch", "6", "--data", few)
    done = f"{ox}/update: 10 triples in {TARGET}\n"
    assert run(*arguments).err == done
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    shown = run(*arguments).err
    assert "pushing: 10 of 10 triples" in shown
    assert shown.endswith(done)
