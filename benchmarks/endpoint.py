"""Measure `k2graph serve` beside PyPI's `oxigraph serve-read-only` and write benchmarks/endpoint.md: `python benchmarks/endpoint.py`.

The same graph, the same queries (the shipped questions, with the examples of their parameters), the same clients in a process of their own;
the servers take turns in the same run, and each figure is a median of the turns. The clients take their part of the processors.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import k2graph
from k2graph import iris

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "k2.ttl"
CLIENTS = 8
IDLE = 1_000
BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_DECLARED = "".join(f"PREFIX {name}: <{iris.PREFIXES[name]}> " for name in ("entity", "k2g", "rdfs"))
#: Queries that a worker answers at once, so that the processors are what is shared.
SMALL = [
    f"{_DECLARED}ASK {{ entity:mk-7 k2g:formOf entity:vitamin-k2 }}",
    f"{_DECLARED}SELECT ?label {{ entity:mk-7 rdfs:label ?label }}",
    f"{_DECLARED}SELECT ?form {{ ?form k2g:formOf entity:vitamin-k2 }} ORDER BY ?form LIMIT 3",
]
HEADERS = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
OXIGRAPH = str(Path(sys.executable).with_name("oxigraph"))
OURS = [sys.executable, "-m", "k2graph", "serve", "--port"]


def queries() -> list[str]:
    """The SPARQL of each question, with the examples of its parameters."""
    graph = k2graph.open()
    texts = []
    for question in graph.questions:
        given = {name: graph.term(each, each.example) for name, each in question.parameters.items()}
        texts.append(question.bound(given))
    return texts


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextmanager
def running(command: list[str], path: str) -> Iterator[tuple[str, int, float, int]]:
    """A server: the path of its queries, its port, the seconds to its first answer, and its process."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen([each.format(port=port) for each in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            assert process.poll() is None, command
            try:
                line = http.client.HTTPConnection("127.0.0.1", port)
                line.request("GET", f"{path}?query=ASK%7B%7D")
                assert line.getresponse().status == 200
                break
            except ConnectionError:
                time.sleep(0.005)
        yield path, port, time.perf_counter() - began, process.pid
    finally:
        process.terminate()
        process.wait()


def starts(commands: dict[str, tuple[list[str], str]], count: int) -> dict[str, float]:
    """Seconds from the command to the first answer: medians of so many starts, the servers alternating."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(count):
        for name, (command, path) in commands.items():
            with running(command, path) as (_, _, seconds, _):
                times[name].append(seconds)
    return {name: statistics.median(each) for name, each in times.items()}


def client(address: tuple[str, int], texts: list[str], first: int, rounds: int, times: list[float]) -> None:
    """Ask each query in turn, from one of them on, and note how long each answer took."""
    path, port = address
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for number in range(rounds * len(texts)):
        text = texts[(first + number) % len(texts)].encode()
        began = time.perf_counter()
        line.request("POST", path, text, HEADERS)
        response = line.getresponse()
        response.read()
        times.append(time.perf_counter() - began)
        assert response.status == 200, response.status


def clients(address: tuple[str, int], texts: list[str], rounds: int) -> tuple[float, list[float]]:
    """All clients at once: answers a second, and how long each took."""
    times: list[float] = []
    threads = [
        threading.Thread(target=client, args=(address, texts, number * len(texts) // CLIENTS, rounds, times)) for number in range(CLIENTS)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == CLIENTS * rounds * len(texts)
    return len(times) / (time.perf_counter() - began), times


def turns(servers: dict[str, tuple[str, int]], texts: list[str], rounds: int, count: int) -> dict[str, dict[str, float]]:
    """Throughput and latencies of each server: medians of so many turns."""
    figures: dict[str, list[tuple[float, float, float]]] = {name: [] for name in servers}
    with multiprocessing.get_context("spawn").Pool(1) as apart:
        for turn in range(count + 1):
            for name, address in servers.items():
                rate, times = apart.apply(clients, (address, texts, rounds))
                if turn:  # the first warms up
                    cuts = statistics.quantiles(times, n=100)
                    figures[name].append((rate, cuts[49], cuts[98]))
    names = ("answers a second", "p50", "p99")
    return {name: dict(zip(names, map(statistics.median, zip(*rows, strict=True)), strict=True)) for name, rows in figures.items()}


def same_answers(servers: dict[str, tuple[str, int]], texts: list[str]) -> None:
    """Stop where two servers answer differently: then there is nothing to compare."""
    for text in texts:
        counts = set()
        for path, port in servers.values():
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            line.request("POST", path, text.encode(), HEADERS)
            response = line.getresponse()
            said = response.read()
            assert response.status == 200, (port, response.status, said[:300], text)
            counts.add(len(json.loads(said)["results"]["bindings"]))
        assert len(counts) == 1, (counts, text)


def memory(parent: int) -> int:
    """Bytes that a process and its children hold."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == parent or int(fields[1]) == parent:
            total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def idle(address: tuple[str, int]) -> float:
    """Milliseconds to an answer with a thousand connections open that say nothing."""
    with ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(socket.create_connection(("127.0.0.1", address[1])))
        times: list[float] = []
        client(address, ["ASK { }"], 0, 20, times)
    return statistics.median(times) * 1000


def soak(address: tuple[str, int], process: int, texts: list[str], seconds: float) -> list[int]:
    """Memory at each eighth of a time in which all clients ask."""
    samples: list[int] = []
    with multiprocessing.get_context("spawn").Pool(1) as apart:
        began = time.perf_counter()
        for part in range(1, 9):
            while time.perf_counter() - began < seconds * part / 8:
                apart.apply(clients, (address, texts, 1))
            samples.append(memory(process))
    return samples


@contextmanager
def bomb(port: int) -> Iterator[None]:
    """A query that would never end, under way; the server stops it when its client goes."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        line.sendall(f"{head}Content-Length: {len(BOMB)}\r\n\r\n{BOMB}".encode())
        time.sleep(1.5)
        yield
    time.sleep(3)  # till another worker is there


def beside_a_bomb(address: tuple[str, int], texts: list[str], rounds: int, count: int) -> float:
    """The share of the throughput that others have while one query never ends: the median of so many pairs."""
    shares = []
    with multiprocessing.get_context("spawn").Pool(1) as apart:
        for _ in range(count):
            alone, _ = apart.apply(clients, (address, texts, rounds))
            with bomb(address[1]):
                beside, _ = apart.apply(clients, (address, texts, rounds))
            shares.append(beside / alone)
    return statistics.median(shares)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--soak", type=float, default=120.0)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "endpoint.md")
    chosen = parser.parse_args()
    texts = queries()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        subprocess.run([OXIGRAPH, "load", "--location", folder, "--file", DATA], check=True, capture_output=True)
        theirs = [OXIGRAPH, "serve-read-only", "--location", folder, "--bind", "127.0.0.1:{port}"]
        commands = {
            "oxigraph serve-read-only": (theirs, "/query"),
            "k2graph serve": ([*OURS, "{port}"], "/sparql"),
            "k2graph serve --cache 0": ([*OURS, "{port}", "--cache", "0"], "/sparql"),
        }
        first = starts(commands, 5)
        started = {name: stack.enter_context(running(*command)) for name, command in commands.items()}
        time.sleep(20)  # the pages are made after the start
        servers = {name: (path, port) for name, (path, port, _, _) in started.items()}
        same_answers(servers, texts)
        figures = turns(servers, texts, chosen.rounds, chosen.turns)
        small = turns(servers, SMALL, 100, chosen.turns)
        silent = {name: idle(address) for name, address in servers.items()}
        uncached = servers["k2graph serve --cache 0"]
        shares = beside_a_bomb(uncached, SMALL, 100, chosen.turns), beside_a_bomb(uncached, texts, chosen.rounds, chosen.turns)
        grown = soak(servers["k2graph serve --cache 0"], started["k2graph serve --cache 0"][3], texts, chosen.soak)
    theirs_figures = figures["oxigraph serve-read-only"]
    columns = ("server", "answers a second", "ratio", "p50", "p99", "ratio", "to first answer", f"beside {IDLE:,} idle connections")
    lines = [
        "# The endpoint beside Oxigraph's",
        "",
        f"`python benchmarks/endpoint.py` on {os.cpu_count()} cores, Python {platform.python_version()}, Oxigraph {version('oxigraph')}.",
        f"{len(texts)} queries (each question, with the examples of its parameters) from {CLIENTS} clients, each asking all of them",
        f"{chosen.rounds} time(s) a turn; medians of {chosen.turns} turns, the servers alternating. The clients share the processors with",
        "the server that they ask. Oxigraph's reads its store from the disk, as it serves; k2graph's workers hold the graph in memory.",
        "Ratios are to Oxigraph's server in the same run.",
        "",
        f"| {' | '.join(columns)} |",
        "| --- " * len(columns) + "|",
    ]
    for name, each in figures.items():
        rate, p99 = each["answers a second"] / theirs_figures["answers a second"], each["p99"] / theirs_figures["p99"]
        cells = (
            f"`{name}`", f"{each['answers a second']:.0f}", f"{rate:.2f}", f"{each['p50'] * 1000:.1f} ms", f"{each['p99'] * 1000:.0f} ms",
            f"{p99:.2f}", f"{first[name]:.2f} s", f"{silent[name]:.1f} ms",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    steps = ", ".join(f"{size / 2**20:.0f}" for size in grown)
    growth = statistics.mean(after - before for before, after in pairwise(grown[1:])) / 2**20
    lines += [
        "",
        f"With small queries alone, {len(SMALL)} of them {100 * CLIENTS:,} times a turn:",
        "",
        "| server | answers a second | p50 | p99 |",
        "| --- " * 4 + "|",
    ]
    lines += [
        f"| `{name}` | {each['answers a second']:.0f} | {each['p50'] * 1000:.1f} ms | {each['p99'] * 1000:.1f} ms |"
        for name, each in small.items()
    ]
    lines += [
        "",
        f"With one query under way that never ends, others have {shares[0]:.2f} of the throughput with small queries, and {shares[1]:.2f}",
        "with these, for which one of two workers is left (`--cache 0`).",
        "",
        f"Memory of the server and its workers, in MiB, at each eighth of {chosen.soak:.0f} s of the same load with `--cache 0`: {steps}",
        f"({growth:+.1f} MiB from one to the next after the first).",
    ]
    chosen.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
