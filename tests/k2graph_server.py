"""`k2graph serve` as its users run it: a process of its own on a port of loopback, ended with whatever it started.

A folder's conftest.py imports it even where no test of the folder runs, so that its client is imported where it is used.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from other_servers import free_port
from pyoxigraph import RdfFormat

if TYPE_CHECKING:
    import httpx

#: A query that would run for hours, and one that is answered at once.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUICK = "ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }"
#: The syntaxes of graphs that it offers, and how pyoxigraph reads them.
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}


@dataclass
class Served:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    port: int
    log_file: Path
    threads: list[threading.Thread] = field(default_factory=list)

    def ask(self, query: str, accept: str = "", **parameters: str) -> httpx.Response:
        headers = {"Accept": accept} if accept else {}
        if len(query) > 20_000:  # the client's own limit for an address
            return self.client.post("/sparql", data={"query": query, **parameters}, headers=headers)
        return self.client.get("/sparql", params={"query": query, **parameters}, headers=headers)

    def raw_get(self, path: str) -> tuple[int, bytes]:
        """A request with an address of any length."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", path)
            response = line.getresponse()
            return response.status, response.read()
        finally:
            line.close()

    def workers(self) -> set[int]:
        """The processes that it started and that live."""
        return children(self.process.pid)

    def aside(self, query: str) -> list[httpx.Response]:
        """Ask in a thread; the answer, once it has come, is in the list."""
        answers: list[httpx.Response] = []
        thread = threading.Thread(target=lambda: answers.append(self.ask(query)))
        thread.start()
        self.threads.append(thread)
        return answers

    def settled(self, workers: int) -> set[int]:
        """The workers, when the pages are made, if they are, and there are so many."""
        assert within(120, lambda: self.client.get("/timeline.html").status_code in {200, 404})
        assert within(60, lambda: len(self.workers()) == workers)
        return self.workers()

    def worked(self) -> float:
        """Seconds of the processor that its workers have used."""
        return sum(processor_seconds(worker) for worker in self.workers())

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def abandon(self, query: str) -> None:
        """Send a query, and go away a little later without waiting for its answer."""
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            body = query.encode()
            head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
            head += f"Content-Length: {len(body)}\r\n\r\n"
            line.sendall(head.encode() + body)
            time.sleep(0.5)


def children(parent: int) -> set[int]:
    """The living processes that a process started."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, ppid = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.add(int(folder.name))
    return found


def processor_seconds(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


@contextmanager
def served(folder: Path, *arguments: str | Path, base: str = "", first: str = "") -> Iterator[Served]:
    """A server that answers, to its end. `first` is Python that it runs before all else, to be more hasty than it is."""
    import httpx

    port = free_port()
    log_file = folder / f"serve-{port}.log"
    program = ["-c", f"{first}\nfrom k2graph.cli.main import main; raise SystemExit(main())"] if first else ["-m", "k2graph"]
    command = [sys.executable, *program, "serve", "--port", str(port), *map(str, arguments)]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    started: set[int] = set()
    # Straight to loopback, whatever proxy the environment names.
    with httpx.Client(base_url=f"http://127.0.0.1:{port}{base}", timeout=60, trust_env=False) as client:
        server = Served(process, client, port, log_file)
        try:
            assert within(90, lambda: process.poll() is not None or b"answers at" in log_file.read_bytes())
            assert within(60, lambda: _answers(client)), server.log
            yield server
        finally:
            started = server.workers()
            process.terminate()
            try:
                process.wait(timeout=20)
            finally:
                process.kill()
                process.wait()
                for thread in server.threads:
                    thread.join()
                for worker in filter(alive, started):
                    os.kill(worker, signal.SIGKILL)


def _answers(client: httpx.Client) -> bool:
    import httpx

    try:
        return client.get("/openapi.json").is_success
    except httpx.TransportError:
        return False
