"""Servers on loopback for the tests: a real SPARQL server with the graph in it, and one that answers as it is told."""

import gc
import http.client
import json
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from debian import file, program

RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"


def free_port() -> int:
    """A port that nobody has. It is none of those that systems give to outgoing connections, so that none of them takes it meanwhile."""
    while True:
        port = random.randrange(10_240, 32_768)
        with socket.socket() as opened:
            try:
                opened.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def within_one_try(seconds: float, wait: Callable[[], object]) -> bool:
    """Whether something is over in so many seconds, in one of five tries: what waits too long does always, a busy machine now and then."""
    for _ in range(5):
        begun = time.monotonic()
        wait()
        if time.monotonic() - begun < seconds:
            return True
    return False


@contextmanager
def oxigraph(folder: Path, graph: Path) -> Iterator[str]:
    """The address of the queries of an Oxigraph server that holds a graph, which reached it by the Graph Store Protocol."""
    with empty_oxigraph(folder) as address:
        load = urllib.request.Request(
            f"{address}/store?default", data=graph.read_bytes(), method="PUT", headers={"Content-Type": "text/turtle"}
        )
        _DIRECT.open(load, timeout=60).close()
        yield f"{address}/query"


@contextmanager
def empty_oxigraph(folder: Path | None = None) -> Iterator[str]:
    """The address of an Oxigraph server that holds nothing, in a folder or in memory: `/query` and `/update` hang on it."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    binary = Path(sys.executable).with_name("oxigraph")
    place: list[str | Path] = [] if folder is None else ["--location", folder]
    with _running([binary, "serve", *place, "--bind", f"127.0.0.1:{port}"], f"{address}/query"):
        yield address


VIRTUOSO = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """The address of a Virtuoso server with a fresh database (user and password `dba`): `/sparql` and `/sparql-auth` hang on it."""
    server = program("virtuoso-t", "virtuoso-opensource-7-bin")
    port = free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, sql=free_port(), http=port), encoding="utf-8")
    address = f"http://127.0.0.1:{port}"
    with _running([server, "+configfile", settings, "+foreground"], f"{address}/sparql"):
        yield address


#: Questions that Virtuoso 7 and Jena 4.5 do not answer yet: of many joined parts one gives cells of other rows, and the other never ends.
NOT_ANSWERED = frozenset({"compare-nutrients"})
#: What Debian's Jena needs on its class path; the rest is named by these themselves.
JARS = (
    "jena-shacl",
    "jena-arq",
    "jena-core",
    "jena-base",
    "jena-iri",
    "commons-compress",
    "dexx.collection",
    "gson",
    "thrift",
    "guava",
    "slf4j-nop",
)
#: Debian renamed the classes of a library that Jena carries, and not the files that they read.
_RENAMED = "org/apache/jena/ext/"


@contextmanager
def jena(folder: Path) -> Iterator[str]:
    """The address of a server of Apache Jena that holds nothing: `/query`, `/update`, `/load` and `/shacl` hang on it (jena/Server.java).

    Fuseki, Jena's own server, is in no registry of packages; what answers queries and checks shapes in it is the same library.
    """
    java = Path(program("javac", "default-jdk-headless")).with_name("java")
    core, *others = (file(f"/usr/share/java/{jar}.jar", "libapache-jena-java") for jar in ("jena-core", *JARS))
    with zipfile.ZipFile(core) as packed:
        for name in packed.namelist():
            if name.startswith(_RENAMED) and not name.endswith((".class", "/")):
                where = folder / name.removeprefix(_RENAMED)
                where.parent.mkdir(parents=True, exist_ok=True)
                where.write_bytes(packed.read(name))
    address = f"http://127.0.0.1:{(port := free_port())}"
    # It lives for seconds: to compile what runs often once more, and better, would take longer than it saves.
    lean = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx2g")
    path = ":".join(map(str, (folder, *others)))
    command = [java, *lean, "-cp", path, Path(__file__).with_name("jena") / "Server.java", str(port)]
    with _running(command, f"{address}/query"):
        yield address


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def _running(command: list[str | Path], address: str) -> Iterator[None]:
    """A server, from when it answers anything at an address, to its end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            try:
                _DIRECT.open(address, timeout=60).close()
                break
            except urllib.error.HTTPError as error:
                error.close()
                break
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        else:
            raise AssertionError(f"nothing answers at {address}")
        yield
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class Double:
    """An HTTP server that answers every request by one function, and remembers what it was asked."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                double.asked.append(Asked(self.command, self.path, dict(self.headers), body))
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):  # the client did not wait
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"

    def __enter__(self) -> "Double":
        # An answer of the engine may be freed in the thread alone that asked: garbage is collected in no thread of the server. Nor is it
        # here, by the way: to look through all that tests hold takes half a second.
        self.collects = gc.isenabled()
        gc.disable()
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        if self.collects:
            gc.enable()


def say(status: int, body: bytes = b"", kind: str = "text/plain", length: int | None = None, **headers: str) -> Callable[..., None]:
    """An answer: its status, its text, and a length that need not be true."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return answer


def cutting(address: str, most: int, header: bool) -> Double:
    """An endpoint in front of another that gives so many rows or triples and no more, and says so in a header or not at all."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        said = {name: double.asked[-1].headers[name] for name in ("Content-Type", "Accept")}
        request = urllib.request.Request(address, data=double.asked[-1].body.encode(), headers=said)
        with _DIRECT.open(request, timeout=60) as response:
            kind, body = response.headers.get_content_type(), response.read()
        if kind == RESULTS and "results" in (table := json.loads(body)):
            whole = len(table["results"]["bindings"])
            del table["results"]["bindings"][most:]
            body = json.dumps(table).encode()
        elif kind == TRIPLES:
            lines = body.splitlines(keepends=True)
            whole, body = len(lines), b"".join(lines[:most])
        else:
            whole = 0
        say(200, body, kind, **({"X-SPARQL-MaxRows": str(most)} if header and whole > most else {}))(handler)

    double = Double(answer)
    return double
