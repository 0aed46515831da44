"""Clients that are slow, silent, many or gone starve nobody, and what those who run the server are told of it."""

import contextlib
import inspect
import os
import re
import signal
import socket
import time
import tomllib
from collections.abc import Iterator

import pytest
import uvicorn
from k2graph_server import ENDLESS, QUICK, Served, served, within
from packaging.requirements import Requirement
from uvicorn.protocols.http.h11_impl import H11Protocol

from k2graph import resources
from k2graph.server.http import connections

pytestmark = pytest.mark.server

try:
    import resource
except ImportError:  # another system, whose limits are others
    resource = None  # type: ignore[assignment]

#: The server's limits, shorter than they are, so that the tests are soon over.
HASTY = """
from k2graph.server.http import connections, sparql_protocol
connections.HEAD = sparql_protocol.ARRIVAL = 4.0
connections.TAKING = 2.0
"""
#: Longer than any of them, with room for a machine that has other work.
PATIENCE = 60
FORM = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK {"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that counts, behind another one. Its graph is small, so that it has no pages to make."""
    folder = tmp_path_factory.mktemp("serve")
    data = folder / "small.ttl"
    data.write_text("".join(f"<a:{number}> <p:p> {number} .\n" for number in range(2_000)), encoding="utf-8")
    arguments = ("--data", data, "--metrics", "--proxy", "127.0.0.1", "--timeout", "300", "--max-per-client", "1", "--cache", "0")
    with served(folder, *arguments, first=HASTY) as server:
        yield server


def line_to(server: Served, sent: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    line.sendall(sent)
    return line


def closed(line: socket.socket) -> bytes:
    """What comes until the other end closes; a time-out fails the test."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(65_536):
            parts.append(part)
    return b"".join(parts)


ASKED = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param((ASKED + b"X-A: ", b"a" * 50_000), id="one field"),
        pytest.param((ASKED, b"X-A: b\r\n" * 8_000), id="many fields"),
        pytest.param((b"GET /", b"a" * 50_000), id="an address"),
        pytest.param(
            (ASKED.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 50_000), id="what a piece is called"
        ),
    ],
)
def test_a_request_that_has_no_end_is_ended(watched: Served, sent: tuple[bytes, bytes]) -> None:
    start, more = sent
    with line_to(watched, start) as line:
        count = 0
        with contextlib.suppress(ConnectionError):
            while count < 1_000:
                line.sendall(more)
                count += 1
        assert count < 1_000, "50 MB are read of it"
    assert answers(watched)


@pytest.mark.parametrize(
    "bad", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost\x00: a\r\n\r\n", b"GET / HTTX/1.1\r\nHost: localhost\r\n\r\n"]
)
def test_what_is_no_http_is_400_and_never_in_the_place_of_an_answer(watched: Served, bad: bytes) -> None:
    with line_to(watched, bad) as line:
        assert closed(line).startswith(b"HTTP/1.1 400 ")
    with line_to(watched, ASKED + b"\r\n" + bad) as line:
        came = closed(line)
    assert not came.startswith(b"HTTP/1.1 400 ")
    assert answers(watched)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 9\r\nContent-Length: 10\r\n",
        b"Content-Length: 1 \r\n\tb\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ],
)
def test_two_lengths_are_no_length(watched: Served, head: bytes) -> None:
    """What a server in front would read otherwise, it could take for two requests."""
    sent = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n" + head + b"\r\n0\r\n\r\n"
    with line_to(watched, sent) as line:
        assert closed(line).startswith(b"HTTP/1.1 400 ")


def test_who_asks_no_more_gets_the_answer_that_is_ready(watched: Served) -> None:
    answered = 0
    for _ in range(20):
        with line_to(watched, ASKED + b"\r\n") as line:
            line.shutdown(socket.SHUT_WR)
            answered += closed(line).startswith(b"HTTP/1.1 200 ")
    # An end that is seen before the answer is there cannot be told from a client that has gone.
    assert answered > 10


def answers(server: Served) -> bool:
    return server.ask(QUICK).json() == {"head": {}, "boolean": False}


def whole(server: Served) -> bool:
    return server.client.get("/health").json() == {"status": "ok", "workers": 2, "waiting": 0}


def test_a_thousand_silent_connections_and_slow_clients_starve_nobody(watched: Served) -> None:
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= soft < 3_000:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(3_000, hard) if hard >= 0 else 3_000, hard))
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(line_to(watched)) for _ in range(1_000)]
        half = stack.enter_context(line_to(watched, b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A"))
        body = stack.enter_context(line_to(watched, FORM))
        again = stack.enter_context(line_to(watched, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        assert again.recv(9) == b"HTTP/1.1 "
        assert answers(watched)
        began = time.monotonic()
        drops = [stack.enter_context(line_to(watched, start)) for start in (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ", FORM)]
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < PATIENCE:
                for line in drops:
                    line.sendall(b" ")
                time.sleep(0.2)
        assert time.monotonic() - began < PATIENCE, "a head or a query may take for ever to arrive"
        assert closed(half).startswith(b"HTTP/1.1 408 ")
        assert closed(body).startswith(b"HTTP/1.1 408 ")
        assert closed(again).endswith(b"}")
        for line in silent:
            closed(line)
        assert answers(watched)
    assert "Traceback" not in watched.log


def test_who_asks_is_told_by_the_server_in_front_that_is_believed(watched: Served) -> None:
    assert within(PATIENCE, lambda: whole(watched) and len(watched.workers()) == 2)
    before = watched.worked()
    asked = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\nContent-Type: application/sparql-query\r\n"
    with line_to(watched, asked + b"Content-Length: %d\r\n\r\n%s" % (len(ENDLESS), ENDLESS.encode())):
        assert within(PATIENCE, lambda: watched.worked() > before + 0.2), "the query does not begin"
        statuses = [
            watched.client.get("/sparql", params={"query": QUICK}, headers={"X-Forwarded-For": f"192.0.2.{client}"}).status_code
            for client in (1, 2)
        ]
        assert statuses == [429, 200]


def test_health_is_that_of_the_workers(watched: Served) -> None:
    assert within(PATIENCE, lambda: whole(watched) and len(watched.workers()) == 2)
    workers = watched.workers()
    response = watched.client.get("/health")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert within(PATIENCE, lambda: watched.client.get("/health").status_code == 503)
    assert watched.client.get("/health").json()["status"] == "no worker"
    assert within(PATIENCE, lambda: whole(watched))


def counters(server: Served) -> dict[str, float]:
    lines = [line for line in server.client.get("/metrics").text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z0-9_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+', line) for line in lines)
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_a_client_that_does_not_read_is_let_go(watched: Served) -> None:
    assert within(PATIENCE, lambda: whole(watched))
    letters = "Q" * 1_000
    long = f'SELECT ?n ?x {{ VALUES ?n {{ {"1 " * 30} }} BIND(REPLACE("{letters}", "Q", "{letters}") AS ?x) }}'.encode()
    before = counters(watched)["k2graph_worker_restarts"]
    with line_to(watched, FORM.replace(b"1000\r\n\r\nASK {", b"%d\r\n\r\n" % len(long)) + long) as line:
        assert line.recv(9) == b"HTTP/1.1 "
        assert within(PATIENCE, lambda: counters(watched)["k2graph_worker_restarts"] == before + 1), "its worker waits for it"
        came = closed(line)
    assert not came.endswith(b"\r\n0\r\n\r\n")
    assert "TimedOut" not in watched.log


class TestMetrics:
    def test_they_count(self, watched: Served) -> None:
        assert within(PATIENCE, lambda: whole(watched) and len(watched.workers()) == 2)
        before = counters(watched)
        for _ in range(3):
            assert answers(watched)
        watched.ask("nonsense")
        watched.client.get("/no-such-page-verysecret")
        os.kill(watched.workers().pop(), signal.SIGKILL)
        assert within(PATIENCE, lambda: counters(watched)["k2graph_worker_restarts"] == before["k2graph_worker_restarts"] + 1)
        after = counters(watched)
        assert watched.client.get("/metrics").headers["Content-Type"].startswith("text/plain; version=")

        def came(name: str) -> float:
            return after.get(name, 0) - before.get(name, 0)

        assert came('k2graph_requests_total{route="/sparql",status="200"}') >= 3
        assert came('k2graph_requests_total{route="/sparql",status="400"}') == 1
        assert came('k2graph_requests_total{route="pages",status="404"}') == 1
        assert came("k2graph_query_seconds_count") >= 4
        assert within(PATIENCE, lambda: counters(watched)["k2graph_workers"] == 2)
        assert after["k2graph_queries_waiting"] == 0

    def test_they_tell_nothing_of_a_request(self, watched: Served) -> None:
        watched.ask("SELECT ?verysecret WHERE { }")
        watched.client.get("/verysecret?verysecret")
        assert "verysecret" not in watched.client.get("/metrics").text


@pytest.mark.parametrize(("ours", "theirs"), [(connections.Connection, H11Protocol), (connections.Server, uvicorn.Server)])
def test_what_is_overridden_is_there_and_is_called_alike(ours: type, theirs: type) -> None:
    """These methods are no interface that uvicorn promises: one that it renamed would be overridden by nothing, and no limit would hold."""
    overridden = {name: each for name, each in vars(ours).items() if inspect.isfunction(each) and not name.startswith("_")}
    assert overridden
    for name, each in overridden.items():
        assert list(inspect.signature(each).parameters) == list(inspect.signature(getattr(theirs, name)).parameters), name


@pytest.mark.parametrize("name", ["conn", "connections", "cycle", "loop", "transport"])
def test_what_is_read_of_a_connection_is_there(name: str) -> None:
    assert re.search(rf"self\.{name}\b", inspect.getsource(H11Protocol))


def test_the_range_of_uvicorn_ends_with_a_minor_that_was_tried() -> None:
    project = tomllib.loads((resources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = (Requirement(each) for each in project["optional-dependencies"]["serve"] if each.startswith("uvicorn"))
    assert uvicorn.__version__ in wanted.specifier
    assert "0.999" not in wanted.specifier
