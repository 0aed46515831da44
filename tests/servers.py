"""Servers on loopback for the tests: a real SPARQL server with the graph in it, and one that answers as it is told."""

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextmanager
def oxigraph(folder: Path, graph: Path) -> Iterator[str]:
    """The address of an Oxigraph server that holds a graph, which reached it by the Graph Store Protocol."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    binary = Path(sys.executable).with_name("oxigraph")
    command = [binary, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    load = urllib.request.Request(
        f"{address}/store?default", data=graph.read_bytes(), method="PUT", headers={"Content-Type": "text/turtle"}
    )
    try:
        for _ in range(200):
            try:
                direct.open(load, timeout=60).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
            except urllib.error.URLError as error:
                if not isinstance(error.reason, ConnectionRefusedError):
                    raise
                time.sleep(0.05)
        yield f"{address}/query"
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
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


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
