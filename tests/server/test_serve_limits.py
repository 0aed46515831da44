"""What no query can do: hold the processor, take down the server, keep a place that nobody waits for, or outlive the server."""

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from k2graph_server import ENDLESS, QUICK, Served, alive, served, within

from k2graph.sparql.safety import MOST_NESTED

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two workers, two seconds."""
    with served(
        tmp_path_factory.mktemp("serve"), "--timeout", "2", "--max-concurrent", "2", "--max-per-client", "64", "--cache", "0", "--no-pages"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One worker, with time, where the engine is asked to say at length why it ends."""
    limits = (
        "--timeout",
        "60",
        "--memory",
        "512",
        "--max-concurrent",
        "1",
        "--max-rows",
        "10",
        "--max-per-client",
        "5",
        "--cache",
        "0",
        "--no-pages",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUST_BACKTRACE", "1")
        with served(tmp_path_factory.mktemp("serve"), *limits) as server:
            yield server


def test_an_endless_query_is_stopped_its_worker_gone_and_others_are_answered(hasty: Served) -> None:
    for _ in range(5):
        before = hasty.settled(2)
        began = time.monotonic()
        answers = hasty.aside(ENDLESS)
        time.sleep(0.5)
        quick = hasty.ask(QUICK)
        # On a busy machine a process may be there and not have read its graph yet.
        if quick.status_code == 200:
            break
        assert within(60, lambda answers=answers: bool(answers))
    assert quick.json()["boolean"] is True
    # Answered beside the other. How soon either is depends on the machine; an endless query that is not stopped has no answer at all.
    assert not answers or time.monotonic() - began > 2
    assert within(60, lambda: bool(answers))
    assert answers[0].status_code == 503
    assert "longer than 2 s" in answers[0].text
    assert "Retry-After" not in answers[0].headers
    assert within(30, lambda: len(before & hasty.workers()) == 1), "the worker of the endless query still runs"
    assert within(30, lambda: len(hasty.workers()) == 2), "no other took its place"
    assert hasty.ask(QUICK).json()["boolean"] is True


def test_when_all_are_busy_queries_wait_and_then_are_told_to_come_again(hasty: Served) -> None:
    hasty.settled(2)
    statuses: list[tuple[int, str]] = []

    def ask() -> None:
        response = hasty.ask(ENDLESS)
        statuses.append((response.status_code, response.headers.get("Retry-After", "")))

    threads = [threading.Thread(target=ask) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in statuses} == {503}
    assert len([retry for _, retry in statuses if retry]) >= 6, "more wait than may"
    assert within(60, lambda: hasty.ask(QUICK).status_code == 200)


def test_a_long_query_lets_others_go_first_and_the_next_is_like_any_other(narrow: Served) -> None:
    (worker,) = narrow.settled(1)
    assert within(30, lambda: lowest(worker) == 0)
    slow = narrow.aside(
        "SELECT (COUNT(*) AS ?n) WHERE { ?a a k2g:Finding . ?b a k2g:Finding . VALUES ?n { 1 2 3 4 5 } FILTER(STR(?a) < STR(?b)) }"
    )
    assert within(20, lambda: lowest(worker) > 0), "it takes as much of the processor as those that are quick"
    assert within(60, lambda: bool(slow))
    assert slow[0].status_code == 200
    assert within(30, lambda: lowest(worker) == 0)
    assert narrow.ask(QUICK).json()["boolean"] is True
    assert narrow.workers() == {worker}


def lowest(process: int) -> int:
    """How far the politest thread of a process stands back (`nice`)."""
    stats = [path.read_text(encoding="utf-8").rpartition(")")[2].split() for path in Path(f"/proc/{process}/task").glob("*/stat")]
    return max(int(fields[16]) for fields in stats)


def test_a_query_waits_for_its_turn(narrow: Served) -> None:
    narrow.settled(1)
    some = "{ SELECT ?n { ?n a k2g:Finding } LIMIT 1200 }"  # so that it takes as long however the graph grows
    slow = narrow.aside(
        f"SELECT (COUNT(*) AS ?c) {{ {some.replace('?n', '?a')} {some.replace('?n', '?b')} VALUES ?n {{ 1 2 }} FILTER(STR(?a) < STR(?b)) }}"
    )
    time.sleep(0.2)
    assert slow == []
    assert narrow.ask(QUICK).json()["boolean"] is True
    assert within(30, lambda: bool(slow)), "the one that came first is answered first, as there is one worker"
    assert slow[0].status_code == 200


def test_a_client_that_goes_away_leaves_no_query_behind(narrow: Served) -> None:
    before = narrow.settled(1)
    narrow.abandon(ENDLESS)
    began = time.monotonic()
    assert narrow.ask(QUICK).json()["boolean"] is True
    assert time.monotonic() - began < 30, "it waited for those that had gone, whose queries may take 60 s"
    assert not any(map(alive, before))


def test_clients_that_go_away_while_they_wait_leave_their_places(narrow: Served) -> None:
    narrow.settled(1)
    leaving = [threading.Thread(target=narrow.abandon, args=(ENDLESS,)) for _ in range(12)]
    for thread in leaving:
        thread.start()
    for thread in leaving:
        thread.join()
    began = time.monotonic()
    assert narrow.ask(QUICK).json()["boolean"] is True
    assert time.monotonic() - began < 30, "it waited for those that had gone, whose queries may take 60 s"


def test_one_client_has_no_more_than_its_share(narrow: Served) -> None:
    narrow.settled(1)
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(("127.0.0.1", narrow.port))) for _ in range(6)]
        for line in lines:
            line.sendall(_post(ENDLESS))
        (refused,) = select.select(lines, [], [], 30)[0]
        said = refused.recv(10_000).lower()
        assert said.startswith(b"http/1.1 429 ")
        assert b"\r\nretry-after: 2\r\n" in said
        assert narrow.client.get("/openapi.json").status_code == 200
    assert within(30, lambda: narrow.ask(QUICK).status_code == 200)


def test_a_worker_that_dies_is_told_of_and_replaced(narrow: Served) -> None:
    (worker,) = narrow.settled(1)
    before = narrow.worked()
    answers = narrow.aside(ENDLESS)
    assert within(30, lambda: narrow.worked() > before + 0.2), "the query does not begin"
    os.kill(worker, signal.SIGABRT)
    assert within(15, lambda: bool(answers))
    assert answers[0].status_code == 500
    assert "broke the engine" in answers[0].text
    assert narrow.ask(QUICK).json()["boolean"] is True


def test_a_worker_that_dies_idle_is_replaced(narrow: Served) -> None:
    (worker,) = narrow.settled(1)
    os.kill(worker, signal.SIGKILL)
    assert within(6, lambda: not alive(worker))
    time.sleep(0.2)
    assert narrow.ask(QUICK).json()["boolean"] is True


def test_a_string_that_doubles_until_the_memory_is_full_is_told_as_such(narrow: Served) -> None:
    narrow.settled(1)
    doubled = " ".join(f"BIND(CONCAT(?a{each - 1}, ?a{each - 1}) AS ?a{each})" for each in range(1, 28))
    response = narrow.ask(f'SELECT (STRLEN(?a27) AS ?n) {{ BIND("aaaaaaaaaaaaaaaa" AS ?a0) {doubled} }}')
    assert response.status_code == 503, response.text
    assert "needs more memory than there is" in response.text
    assert int(response.headers["Retry-After"]) > 0


def test_a_query_that_fills_the_memory_ends_alone(narrow: Served) -> None:
    (worker,) = narrow.settled(1)
    response = narrow.ask("SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?a ?c ?d ?f WHERE { ?a ?b ?c . ?d ?e ?f } }")
    assert response.status_code == 503, response.text
    assert "needs more memory than there is, at most 512 MiB for each query" in response.text
    assert int(response.headers["Retry-After"]) > 0
    # The answer does not wait for the worker's end.
    assert within(6, lambda: not alive(worker))
    assert narrow.ask(QUICK).json()["boolean"] is True


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("NOT EXISTS {", "}"), ("!(", ")"), ("ABS(", ")"), ("{", "}"), ("[", "]")], ids=str.strip
)
@pytest.mark.parametrize("depth", [MOST_NESTED - 3, MOST_NESTED + 1, 2500])
def test_no_nesting_takes_the_server_down(hasty: Served, opening: str, closing: str, depth: int) -> None:
    inner = {"{": "?s ?p ?o", "[": "<p:p> 1", "NOT EXISTS {": "?s ?p 1"}.get(opening, "1")
    text = "FILTER NOT EXISTS {" if opening.startswith("NOT") else opening
    nested = inner
    if opening == "[":
        nested = "[ <p:p> " * depth + "1" + "]" * depth + " <p:p> 1"
    elif opening == "{":
        nested = "{" * depth + inner + "}" * depth
    elif opening.startswith("NOT"):
        nested = f"?s ?p ?o . {text}" * depth + inner + "}" * depth
    else:
        nested = f"BIND({opening * depth}1{closing * depth} AS ?x)"
    workers = hasty.settled(2)
    response = hasty.ask(f"ASK {{ {nested} }}")
    assert response.status_code in ({200, 503} if depth < MOST_NESTED else {403}), response.text
    if depth > MOST_NESTED:
        assert "nested" in response.text
        assert hasty.workers() == workers
    assert hasty.ask(QUICK).json()["boolean"] is True


def test_an_answer_is_whole_or_refused(narrow: Served) -> None:
    for query, header in (
        ("SELECT * WHERE {{ ?s ?p ?o }} LIMIT {}", "text/csv"),
        ("CONSTRUCT WHERE {{ ?s ?p ?o }} LIMIT {}", "text/turtle"),
    ):
        assert narrow.ask(query.format(10), header).status_code == 200
        response = narrow.ask(query.format(11), header)
        assert response.status_code == 422
        assert "more than 10 rows" in response.text
    assert len(narrow.ask("SELECT * WHERE { ?s ?p ?o } LIMIT 10", "text/csv").text.splitlines()) == 11


#: 32 rows of a million characters each, in no time.
LONG = f"""SELECT ?n ?x WHERE {{
  VALUES ?n {{ {" ".join(map(str, range(32)))} }} BIND(REPLACE("{"x" * 1000}", "x", "{"Q" * 1000}") AS ?x) }}"""


class TestLongAnswers:
    def test_they_come_whole_in_every_form(self, narrow: Served) -> None:
        narrow.settled(1)
        query = f"{LONG} LIMIT 9"
        for accept in ("application/sparql-results+json", "text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
            response = narrow.ask(query, accept)
            assert response.status_code == 200
            assert response.headers["Transfer-Encoding"] == "chunked"
            assert response.text.count("Q") == 9_000_000

    def test_one_that_breaks_off_does_not_look_whole(self, narrow: Served) -> None:
        (worker,) = narrow.settled(1)
        query = LONG + " LIMIT 10"
        with narrow.client.stream("GET", "/sparql", params={"query": query}) as response:
            assert response.status_code == 200
            os.kill(worker, signal.SIGKILL)
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
                response.read()
        assert narrow.ask(QUICK).json()["boolean"] is True
        assert narrow.ask(query).text.count("Q") == 10_000_000

    def test_a_client_that_does_not_read_holds_no_worker(self, hasty: Served) -> None:
        before = hasty.settled(2)
        with socket.create_connection(("127.0.0.1", hasty.port)) as line:
            line.sendall(_post(LONG))
            assert line.recv(9) == b"HTTP/1.1 "
            assert within(30, lambda: len(before & hasty.workers()) == 1), "its worker waits for ever"
            assert within(60, lambda: len(hasty.workers()) == 2), "no other took its place"
            assert hasty.ask(QUICK).json()["boolean"] is True
            assert not b"".join(iter(lambda: line.recv(2**20), b"")).endswith(b"\r\n0\r\n\r\n")

    def test_http_1_0_which_cannot_mark_a_part_gets_the_whole_or_nothing(self, narrow: Served) -> None:
        narrow.settled(1)
        for rows, status in ((3, b"200"), (9, b"422")):
            with socket.create_connection(("127.0.0.1", narrow.port)) as line:
                line.sendall(_post(f"{LONG} LIMIT {rows}").replace(b"HTTP/1.1", b"HTTP/1.0", 1))
                head, _, body = b"".join(iter(lambda: line.recv(2**20), b"")).partition(b"\r\n\r\n")
            assert head.split()[1] == status
            assert f"content-length: {len(body)}".encode() in head.lower()


def _post(query: str) -> bytes:
    body = query.encode()
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_the_end_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    with served(tmp_path, "--timeout", "60", "--no-pages") as server:
        workers = server.settled(2)
        copies = {argument for worker in workers for argument in Path(f"/proc/{worker}/cmdline").read_text(encoding="utf-8").split('"')}
        copy = next(Path(argument) for argument in copies if argument.endswith(".ttl"))
        assert copy.is_file()
        thread = threading.Thread(target=lambda: _ask_in_vain(server))
        thread.start()
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=10) == 0
        thread.join()
        assert [worker for worker in workers if alive(worker)] == []
        assert not copy.parent.exists()
        assert "Traceback" not in server.log


def _ask_in_vain(server: Served) -> None:
    with contextlib.suppress(httpx.TransportError):
        assert server.ask(ENDLESS).status_code >= 500


def test_workers_end_even_where_the_server_cannot_end_them(tmp_path: Path) -> None:
    with served(tmp_path, "--timeout", "2", "--no-pages") as server:
        workers = server.settled(2)
        thread = threading.Thread(target=lambda: _ask_in_vain(server))
        thread.start()
        time.sleep(0.5)
        server.process.kill()
        thread.join()
        assert within(30, lambda: not any(map(alive, workers)))


def test_a_changed_file_does_not_mix_two_graphs(tmp_path: Path) -> None:
    data = tmp_path / "small.ttl"
    data.write_text("<https://w3id.org/k2graph/entity/old> <p:p> 1 .", encoding="utf-8")
    with served(tmp_path, "--data", data, "--max-concurrent", "1") as server:
        data.write_text("<https://w3id.org/k2graph/entity/new> <p:p> 1 .", encoding="utf-8")
        assert within(60, lambda: len(server.workers()) == 1)
        os.kill(server.workers().pop(), signal.SIGKILL)
        assert within(30, lambda: server.ask("ASK { entity:old ?p ?o }").is_success)
        assert server.ask("ASK { entity:old ?p ?o }").json()["boolean"] is True
