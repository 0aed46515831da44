"""Requests of those who wish ill: each has its right status, and the server answers after it as before."""

import contextlib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from k2graph_server import QUICK, Served, served, within

pytestmark = pytest.mark.server

#: Seconds that a query may take here, so that bombs are soon over.
TIMEOUT = 2
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ASK = quote_plus(QUICK)
#: As `curl --http2` and Java's client send with each request.
UPGRADE = ("Connection: close, Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server that all of this is sent to."""
    with served(tmp_path_factory.mktemp("serve"), "--timeout", str(TIMEOUT), "--max-rows", "1000", "--cache", "0", "--no-pages") as server:
        server.settled(2)
        yield server


def sent(server: Served, request: bytes) -> bytes:
    """What comes back for some bytes: nothing but an end, at worst."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        answer = b""
        # A server that has said no need not read on, so sending may fail.
        with contextlib.suppress(ConnectionError):
            line.sendall(request)
        with contextlib.suppress(ConnectionError):
            while part := line.recv(65_536):
                answer += part
    return answer


def status(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer[:100]
    return int(answer.split(b" ", 2)[1])


def get(target: str, *headers: str, method: str = "GET", version: str = "HTTP/1.1", host: str = "Host: localhost") -> bytes:
    lines = [f"{method} {target} {version}", *filter(None, [host]), *headers]
    if not any(header.startswith("Connection:") for header in headers):
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def post(body: bytes, *headers: str, kind: str = DIRECT, length: int | None = None) -> bytes:
    return (
        get("/sparql", f"Content-Type: {kind}", f"Content-Length: {len(body) if length is None else length}", *headers, method="POST")
        + body
    )


def query(text: str) -> bytes:
    return post(text.encode())


def chunks(body: bytes, *headers: str) -> bytes:
    return get("/sparql", f"Content-Type: {DIRECT}", "Transfer-Encoding: chunked", *headers, method="POST") + body


NO_HTTP = {
    "nothing but a line": (b"\r\n\r\nhello\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /sparql\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n", 400),
    "no host": (get("/sparql", host=""), 400),
    "two hosts": (get("/sparql", "Host: y"), 400),
    "a header without a name": (get("/sparql", ": x"), 400),
    "a header without a colon": (get("/sparql", "nonsense"), 400),
    "a header with a zero byte": (get("/sparql", "X-A: a\x00b"), 400),
    "a space before the colon": (get("/sparql", "Content-Length : 5"), 400),
    "a bare line feed in a header": (get("/sparql", "X-A: a\rb"), 400),
    "a space in the address": (get("/sparql?query=ASK {}"), 400),
    "bytes that are no ASCII in the address": (get("/sparql?query=\xff\xfe"), 400),
    "a length that is no number": (get("/sparql", f"Content-Type: {DIRECT}", "Content-Length: many", method="POST"), 400),
    "a negative length": (post(b"ASK {}", length=-1), 400),
    "two lengths": (post(b"ASK {}", "Content-Length: 600"), 400),
    "two lengths in one": (get("/sparql", f"Content-Type: {DIRECT}", "Content-Length: 6, 7", method="POST") + b"ASK {}x", 400),
    "chunks of a size that is no number": (chunks(b"xyz\r\nASK {}\r\n0\r\n\r\n"), 400),
    "chunks of a negative size": (chunks(b"-6\r\nASK {}\r\n0\r\n\r\n"), 400),
    "a chunk longer than it says": (chunks(b"2\r\nASK {}\r\n0\r\n\r\n"), 400),
    "a chunk of endless size": (chunks(b"f" * 100 + b"\r\nASK {}\r\n0\r\n\r\n"), 400),
    "an unknown encoding of the transfer": (get("/sparql", "Transfer-Encoding: gzip, chunked", method="POST"), 400),
    "a head of a million bytes": (get("/sparql", f"X-A: {'a' * 1_000_000}"), 400),
    "headers without end": (get("/sparql", *(f"X-{number}: {'a' * 1_000}" for number in range(1_000))), 400),
}

REFUSED = {
    "HTTP/2's first words": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/9.9": (get("/sparql", version="HTTP/9.9"), 505),
    "a length and chunks, read as chunks": (chunks(b"0\r\n\r\n", "Content-Length: 600"), 400),
    "many headers": (get("/health", *(f"X-{number}: a" for number in range(5_000))), 431),
    "a long header": (get("/health", f"Cookie: {'a' * 20_000}"), 431),
    "a long name of a header": (get("/health", f"X-{'a' * 17_000}: b"), 431),
    "an unknown method": (get("/sparql", method="BREW"), 405),
    "TRACE": (get("/sparql", method="TRACE"), 405),
    "CONNECT": (get("example.org:443", method="CONNECT"), 404),
    "the address of another server": (get("http://example.org/sparql"), 421),
    "a star as the address": (get("*"), 404),
    "a zero byte in the path": (get("/claim/a%00b"), 404),
    "a zero byte in a query": (get("/sparql?query=ASK%00%7B%7D"), 400),
    "dots to the folder above": (get("/entity/../../../../etc/passwd"), 404),
    "dots in percent-encoding": (get("/%2e%2e/%2e%2e/etc/passwd"), 404),
    "dots encoded twice": (get("/entity/%252e%252e%252fetc%252fpasswd"), 404),
    "backslashes to the folder above": (get("/entity/..%5c..%5cetc%5cpasswd"), 404),
    "an absolute path behind slashes": (get("//etc/passwd"), 404),
    "overlong UTF-8 in a path": (get("/entity/%c0%ae%c0%ae/passwd"), 404),
    "overlong UTF-8 in a query": (get("/sparql?query=%c0%ae"), 400),
    "half a surrogate in a query": (get("/sparql?query=%ed%a0%80"), 400),
    "a broken percent-encoding": (get("/sparql?query=%"), 400),
    "a slug that would end an IRI": (get("/claim/x%3E%20%3Fp%20%3Fo"), 404),
    "a slug of 100,000 letters": (get(f"/claim/{'a' * 100_000}"), 404),
    "a question's parameter that is a query": (get("/questions/drug-interactions?drug=%22%20%7D%20%23"), 400),
    "a question from another folder": (get("/questions/..%2f..%2fREADME"), 404),
    "a form in another encoding": (post(b"query=ASK{}", kind=f"{FORM}; charset=utf-16"), 415),
    "a query in UTF-16": (post("ASK {}".encode("utf-16")), 400),
    "a query in UTF-7": (post(b"ASK {}", kind=f"{DIRECT}; charset=utf-7"), 415),
    "a compressed query": (post(b"\x1f\x8b\x08\x00" + b"\x00" * 40, "Content-Encoding: gzip"), 400),
    "a form in parts": (post(b"--x--", kind="multipart/form-data; boundary=x"), 415),
    "JSON": (post(b'{"query": "ASK {}"}', kind="application/json"), 415),
    "no content type": (get("/sparql", "Content-Length: 6", method="POST") + b"ASK {}", 415),
    "a content type of 10,000 letters": (post(b"ASK {}", kind="a" * 10_000), 415),
    "a form of 1,000 parameters": (post(b"a=1&" * 1_000, kind=FORM), 400),
    "a body of 20 MB": (post(b" " * 20_000_000), 413),
    "a body that says it has 10 TB": (post(b"", length=10**13), 413),
    "chunks of 20 MB": (chunks(b"100000\r\n" + b" " * 0x100000 + b"\r\n") + (b"100000\r\n" + b" " * 0x100000 + b"\r\n") * 19, 413),
    "an Accept of 1,000 ranges": (get(f"/sparql?query={ASK}", f"Accept: {','.join(['a/b'] * 1_000)}"), 406),
    "an Accept that is none": (get(f"/sparql?query={ASK}", "Accept: ;;q=,,/,*"), 406),
    "a weight that is none": (get(f"/sparql?query={ASK}", "Accept: text/csv;q=nan, application/json;q=1e999"), 406),
    "a host that makes no address": (get("/sparql", "Accept: text/turtle", host="Host: a<b>"), 421),
    "the name of another host": (get("/index.html", host="Host: example.org"), 421),
    "a host that only begins right": (get("/health", host="Host: localhost.example.org"), 421),
    "a host that only ends right": (get("/health", host="Host: example.org:80@localhost"), 421),
    "an address of this machine that is not its": (get("/health", host="Host: 0.0.0.0"), 421),
    "a parameter that is none": (get(f"/sparql?query={ASK}&timeout=1"), 400),
    "a format that is none": (get(f"/sparql?query={ASK}&format=xlsx"), 400),
    "an update": (query("DELETE WHERE { ?s ?p ?o }"), 403),
    "an update after a query": (query("ASK {} ; DROP ALL"), 403),
    "LOAD": (query("LOAD <http://127.0.0.1:1/x>"), 403),
    "LOAD in escapes": (query("\\u004cOAD <http://127.0.0.1:1/x>"), 403),
    "SERVICE": (query("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), 403),
    "SERVICE in small letters": (query("ASK { service silent<http://127.0.0.1:1/>{ ?s ?p ?o } }"), 403),
    "SERVICE in an escape": (query("ASK { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), 403),
    "SERVICE in a long escape": (query("ASK { SERVIC\\U00000045 <http://127.0.0.1:1/> { ?s ?p ?o } }"), 403),
    "SERVICE around a comment": (query("ASK { SERVICE # here\n <http://127.0.0.1:1/> # and\n { ?s ?p ?o } }"), 403),
    "SERVICE in a group of a group": (query("ASK { { { OPTIONAL { SERVICE ?x { ?s ?p ?o } } } } }"), 403),
    "SERVICE by a prefix": (query("PREFIX a: <http://127.0.0.1:1/> ASK { SERVICE a:b { ?s ?p ?o } }"), 403),
    "a file as a graph": (query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"), 400),
    "a file as a named graph": (query("SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }"), 400),
    "a file as the graph of the protocol": (get(f"/sparql?query={ASK}&default-graph-uri=file:///etc/passwd"), 400),
    "a graph of the store that is a file": (get("/store?graph=file:///etc/passwd"), 404),
    "an escape that is no character": (query("ASK { ?\\uD800 ?p ?o }"), 400),
    "brackets without end": (query("ASK " + "{" * 50_000), 403),
    "a list without end": (query(f"ASK {{ ?s ?p {'(' * 5_000} }}"), 403),
    "a chain of operators": (query(f"ASK {{ FILTER(1{'+1' * 5_000}) }}"), 403),
    "a path of 3,000 steps": (query(f"ASK {{ ?s {'/'.join(['<a:a>'] * 3_000)} ?o }}"), 403),
    "half a query": (query("SELECT * WHERE {"), 400),
    "a string without end": (query(f'ASK {{ ?s ?p "{"a" * 90_000}'), 400),
    "all rows": (query("SELECT * { ?s ?p ?o }"), 422),
    "a range of bytes that is none": (get("/store?default", "Range: bytes=99999999999-"), 416),
}

#: What is strange, but not wrong.
ANSWERED = {
    "a host of loopback with another port": (get("/health", host="Host: LocalHost:1"), 200),
    "a host of loopback in IPv6": (get("/health", host="Host: [::1]:7878"), 200),
    "its own address, whole": (get("http://localhost/health"), 200),
    "its own address, whole, with a query": (get(f"HTTP://localhost/sparql?query={ASK}"), 200),
    "its own address alone": (get("http://localhost"), 200),
    "no host, in HTTP/1.0": (get("/health", version="HTTP/1.0", host=""), 200),
    "an If-None-Match that is none": (get(f"/sparql?query={ASK}", f'If-None-Match: {"W/" * 3_000}"", ,'), 200),
    "a query with an upgrade to HTTP/2": (
        post(b"ASK {}", *UPGRADE),
        200,
    ),
    "a query in chunks with an upgrade to HTTP/2": (
        chunks(b"6\r\nASK {}\r\n0\r\n\r\n", *UPGRADE),
        200,
    ),
    "an upgrade to WebSocket": (get("/health", "Connection: upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13"), 200),
    "an upgrade to HTTP/2": (
        get("/health", "Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"),
        200,
    ),
    "headers of another server in front": (
        get("/health", "X-Forwarded-For: 1.2.3.4, x", "X-Forwarded-Host: evil", "Forwarded: for=x"),
        200,
    ),
    "1,000 ranges": (get("/store?default", f"Range: bytes={','.join(['0-0'] * 1_000)}"), 200),
    "4,000 values": (query(f"ASK {{ VALUES ?x {{ {'1 ' * 4_000} }} }}"), 200),
    "a great OFFSET": (query("SELECT * { ?s ?p ?o } OFFSET 18446744073709551615 LIMIT 1"), 200),
    "an expression for a regular expression that would never end": (query('ASK { FILTER(REGEX("' + "a" * 5_000 + '!", "^(a+)+$")) }'), 200),
    "a number of 1,000 digits": (query(f"ASK {{ FILTER({'9' * 1_000} > 1) }}"), 200),
    "a weight in an Accept without a name": (get(f"/sparql?query={ASK}", "Accept: */*;q=0.1;;;"), 200),
}

MANY = "1 " * 900
#: What would take for ever, or all memory: 503 where time ends it, and where memory does.
BOMBS = {
    "the product of six patterns": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }",
    "any path any number of times": "SELECT (COUNT(*) AS ?n) { ?s (<a:a>|!<a:a>)* ?o }",
    "an order of what has no end": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY RAND() LIMIT 10 OFFSET 1000000000",
    "one string of everything": 'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d)); SEPARATOR="") AS ?x) { ?a ?b ?c . ?d ?e ?f }',
    "a string that grows a thousandfold four times": (
        f'ASK {{ BIND("{"a" * 1_000}" AS ?a) BIND(REPLACE(?a, "a", ?a) AS ?b) BIND(REPLACE(?b, "a", ?a) AS ?c) '
        'BIND(REPLACE(?c, "a", ?b) AS ?d) FILTER(STRLEN(?d) = 1) }'
    ),
    "a product of values": f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?v{n} {{ {MANY} }}' for n in range(6))} }}",
}


def cases() -> list[tuple[str, bytes, int]]:
    return [(name, *case) for group in (NO_HTTP, REFUSED, ANSWERED) for name, case in group.items()]


@pytest.mark.parametrize(("name", "request_", "expected"), cases(), ids=[name for name, _, _ in cases()])
def test_it_has_its_status_and_the_server_goes_on(target: Served, name: str, request_: bytes, expected: int) -> None:
    answer = sent(target, request_)
    assert status(answer) == expected, answer[:500]
    assert b"root:" not in answer
    assert b"a<b>" not in answer
    assert target.ask(QUICK).json()["boolean"] is True


BROWSER = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("request_", "expected", "sentence"),
    [
        (
            get("/", BROWSER, *(f"X-{number}: a" for number in range(200))),
            431,
            "A request has at most 100 headers, none longer than 16,384",
        ),
        (get("/", BROWSER, host="Host: example.org"), 421, "This server answers to "),
        (get("/", BROWSER, version="HTTP/9.9"), 505, "HTTP/1.1 is spoken here."),
    ],
)
def test_who_is_given_nothing_here_gets_a_page_that_stands_alone(target: Served, request_: bytes, expected: int, sentence: str) -> None:
    answer = sent(target, request_)
    head, _, page = answer.decode().partition("\r\n\r\n")
    assert status(answer) == expected
    assert "content-type: text/html; charset=utf-8" in head.lower()
    assert sentence in page
    # Whatever it linked to or loaded would be refused as well.
    assert "<a " not in page
    assert "assets/" not in page
    # A program gets the same words as text or JSON.
    for wish, begins in (("Accept: */*", sentence[:1].lower()), ("Accept: application/json", '{"error": "')):
        other = sent(target, request_.replace(BROWSER.encode(), wish.encode()))
        assert status(other) == expected
        assert other.decode().partition("\r\n\r\n")[2].lower().startswith(begins.lower())


def test_an_accept_header_that_is_too_long_is_read_no_further(target: Served) -> None:
    answer = sent(target, get("/", "Accept: text/html," + "a/b," * 20_000))
    assert status(answer) == 431
    assert b"text/plain" in answer.partition(b"\r\n\r\n")[0]


def test_what_goes_wrong_within_is_a_page_for_browsers_and_names_nothing() -> None:
    import asyncio

    from k2graph.server.http.middleware import ErrorsWithoutTraceback

    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("a secret")

    def answer(accept: str) -> tuple[int, str]:
        messages: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            messages.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept", accept.encode())], "query_string": b""}
        asyncio.run(ErrorsWithoutTraceback(broken)(scope, None, send))  # type: ignore[arg-type]
        return messages[0]["status"], messages[1]["body"].decode()  # type: ignore[return-value, attr-defined]

    code, page = answer(BROWSER.removeprefix("Accept: "))
    assert (code, "Something went wrong here." in page, '<a href="">Try again</a>' in page) == (500, True, True)
    assert "secret" not in page
    assert answer("*/*") == (500, "something went wrong here\n")


def exploding(server: Served, text: str) -> bytes:
    """The answer to a bomb, from a client that comes again when it is told to, since workers may still be starting after the last one."""
    for _ in range(30):
        answer = sent(server, query(text))
        if not answer.endswith(b"; try again\n"):
            return answer
    raise AssertionError("no worker has come back")


@pytest.fixture(scope="module")
def exploded(target: Served) -> dict[str, bytes]:
    """The answers to the bombs, two at a time as there are two workers."""
    with ThreadPoolExecutor(2) as threads:
        return dict(zip(BOMBS, threads.map(lambda text: exploding(target, text), BOMBS.values()), strict=True))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_itself_alone(target: Served, exploded: dict[str, bytes], name: str) -> None:
    assert status(exploded[name]) == 503, exploded[name][:500]
    assert b"longer than 2 s" in exploded[name] or b"more memory" in exploded[name]
    assert within(60, lambda: target.ask(QUICK).is_success)


def test_smuggled_requests_are_not_answered(target: Served) -> None:
    inner = get("/smuggled")
    answers = sent(target, chunks(b"0\r\n\r\n", f"Content-Length: {5 + len(inner)}") + inner)
    # Chunks go before a length (RFC 9112 §6.3), and then the connection is not to be used again, or what follows is a request of its own.
    assert answers.count(b"HTTP/1.1 ") <= 2
    assert b"404" not in answers.partition(b"\r\n")[0]
    double = sent(target, post(b"ASK {}", "Content-Length: 600") + inner)
    assert double.count(b"HTTP/1.1 ") == 1


def test_pages_do_not_lead_out_of_the_site(target: Served, tmp_path: Path) -> None:
    for path in (
        "..",
        "../",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "assets/..%2f..%2fetc%2fpasswd",
        quote(str(tmp_path)),
        "assets/%00style.css",
    ):
        answer = sent(target, get(f"/{path}"))
        assert status(answer) == 404, (path, answer[:100])


def test_at_the_end_nothing_has_been_logged_but_lines(target: Served) -> None:
    lines = target.log.splitlines()
    assert "Traceback" not in target.log
    assert [line for line in lines if " k2graph." not in line and "answers at" not in line] == []
    assert target.workers()
