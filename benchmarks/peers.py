"""The work beside its peers: rdflib, rdflib on Oxigraph (oxrdflib), Oxigraph's server, bare pyoxigraph, pySHACL.

A peer that would take too long is stopped, and its time stands as `> seconds`: a ratio made of it is what the work is ahead at least.
Each peer works in a process of its own on the same file, one after the other in the same run.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from growth import bound
from synthetic import write_tables

from k2graph import resources
from k2graph.building.turtle import turtle
from k2graph.sparql.questions import read_questions

ROOT = Path(__file__).parents[1]
#: Seconds that a question may take a peer.
MOST = 5.0
RUNS = 5
CLAIMS = 10_000


@dataclass(frozen=True)
class Took:
    """Seconds; where the work was stopped, at least so many."""

    seconds: float
    stopped: bool = False

    def __str__(self) -> str:
        return f"{'> ' if self.stopped else ''}{self.seconds:.3f}"

    def times(self, other: Took) -> str:
        """How many times as long as another."""
        return f"{'> ' if self.stopped else ''}{self.seconds / other.seconds:.1f}"


def questions(synthetic: Path) -> list[str]:
    """Every question on the real graph by each engine, and by the embedded one on synthetic claims."""
    engines = ("embedded", "oxigraph server", "rdflib on oxrdflib", "rdflib")
    real = {engine: _in_a_process("questions", engine, str(resources.GRAPH)) for engine in engines}
    large = _in_a_process("questions", "embedded", str(synthetic), "--synthetic")
    sums = {
        engine: Took(sum(took.seconds for took in each.values()), any(took.stopped for took in each.values()))
        for engine, each in real.items()
    }
    lines = [
        f"| question, seconds | {' | '.join(engines)} | {CLAIMS:,} claims |",
        f"| --- |{' --- |' * (len(engines) + 1)}",
        *(f"| {name} | {' | '.join(str(real[engine][name]) for engine in engines)} | {large[name]} |" for name in large),
        f"| **sum** | {' | '.join(map(str, sums.values()))} | {sum(took.seconds for took in large.values()):.3f} |",
        f"| **to embedded** | {' | '.join(took.times(sums['embedded']) for took in sums.values())} | |",
    ]
    return lines


def building(tables: Path, graph: Path) -> list[str]:
    """Tables to file by k2graph; the same rules on the same triples by rdflib; the bare parse and dump of the result."""
    ours = _whole("build", "k2graph", str(tables))
    bare = _whole("build", "bare", str(graph))
    rdflib = _whole("build", "rdflib", str(tables), most=11 * ours.seconds)
    return [
        f"| build, {CLAIMS:,} claims | seconds | to k2graph |",
        "| --- | --- | --- |",
        f"| k2graph: tables → graph → rules → file | {ours} | 1.0 |",
        f"| rdflib: the same triples and rules → file | {rdflib} | {rdflib.times(ours)} |",
        f"| pyoxigraph: parse and dump of the result | {bare} | {bare.times(ours)} |",
    ]


def validating(graph: Path) -> list[str]:
    """The shapes held against a graph by our queries, by pySHACL on Oxigraph, and by pySHACL on rdflib as it comes."""
    lines = ["| validate, seconds | queries | pySHACL on Oxigraph | plain pySHACL | plain to queries |", "| --- | --- | --- | --- | --- |"]
    for name, path in (("real graph", resources.GRAPH), (f"{CLAIMS:,} claims", graph)):
        ours = _whole("validate", "queries", str(path))
        reference, plain = (_whole("validate", engine, str(path), most=max(60.0, 11 * ours.seconds)) for engine in ("pyshacl", "plain"))
        lines.append(f"| {name} | {ours} | {reference} | {plain} | {plain.times(ours)} |")
    return lines


def loading() -> list[str]:
    """The real graph opened by k2graph and by bare pyoxigraph, alternating in one process."""
    found = _in_a_process("load", "both", str(resources.GRAPH))
    return [
        "| load of the real graph | seconds | to bare |",
        "| --- | --- | --- |",
        *(f"| {name} | {took} | {took.times(found['bare pyoxigraph'])} |" for name, took in found.items()),
    ]


def lines() -> list[str]:
    """All of it, on the real graph and on synthetic claims."""
    with tempfile.TemporaryDirectory() as folder:
        tables, graph = Path(folder) / "tables", Path(folder) / "graph.ttl"
        write_tables(tables, CLAIMS)
        built = building(tables, graph)
        return [*loading(), "", *questions(graph), "", *built, "", *validating(graph)]


def _in_a_process(task: str, engine: str, *arguments: str) -> Mapping[str, Took]:
    done = subprocess.run([sys.executable, __file__, task, engine, *arguments], stdout=subprocess.PIPE, check=True)
    return {name: Took(*took) for name, took in json.loads(done.stdout).items()}


def _whole(task: str, engine: str, path: str, most: float | None = None) -> Took:
    """A whole process, its start included."""
    start = time.perf_counter()
    try:
        subprocess.run(
            [sys.executable, __file__, task, engine, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=most
        )
    except subprocess.TimeoutExpired:
        return Took(time.perf_counter() - start, stopped=True)
    return Took(time.perf_counter() - start)


def _ask(engine: str, path: str, *, synthetic: bool) -> dict[str, tuple[float, bool]]:
    texts = {question.name: bound(question) if synthetic else question.query for question in read_questions()}
    with _engine(engine, path) as ask:
        return {name: _limited(lambda text=text: ask(text)) for name, text in texts.items()}  # type: ignore[misc]  # bound here


@contextmanager
def _engine(name: str, path: str) -> Iterator[Callable[[str], int]]:
    """A way to ask an engine that has the file loaded, which reads the answer to its end."""
    if name == "oxigraph server":
        sys.path.insert(0, str(ROOT / "tests"))
        from servers import oxigraph

        with tempfile.TemporaryDirectory() as folder, oxigraph(Path(folder), Path(path)) as address:
            headers = {"Accept": "application/sparql-results+json"}
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            yield lambda text: len(
                direct.open(urllib.request.Request(address, urllib.parse.urlencode({"query": text}).encode(), headers), timeout=60).read()
            )
    elif name == "embedded":
        from pyoxigraph import RdfFormat, Store

        store: Any = Store()
        store.bulk_load(path=path, format=RdfFormat.TURTLE)
        yield lambda text: sum(1 for _ in store.query(text))
    else:
        import rdflib

        graph = rdflib.Graph(store="Oxigraph") if name == "rdflib on oxrdflib" else rdflib.Graph()
        graph.parse(path, format="turtle")
        yield lambda text: sum(1 for _ in graph.query(text))


def _limited(work: Callable[[], object]) -> tuple[float, bool]:
    """The median of some runs, or the first if it is long; stopped at `MOST` where the engine lets itself be stopped."""
    found = []
    signal.signal(signal.SIGALRM, _stop)
    for _ in range(RUNS):
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, MOST)
        try:
            work()
        except TimeoutError:
            return MOST, True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        found.append(time.perf_counter() - start)
        if found[-1] > MOST / RUNS:
            break
    return statistics.median(found), False


def _stop(*_: object) -> None:
    raise TimeoutError


def _load(path: str) -> dict[str, tuple[float, bool]]:
    from pyoxigraph import RdfFormat, Store

    import k2graph

    def bare() -> None:
        Store().bulk_load(path=path, format=RdfFormat.TURTLE)

    ways: dict[str, Callable[[], object]] = {"bare pyoxigraph": bare, "k2graph": lambda: k2graph.open(path)}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(3 * RUNS):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    return {name: (statistics.median(each), False) for name, each in times.items()}


def _build(engine: str, path: Path) -> None:
    """`graph.ttl` beside the tables is written by k2graph, and read by the bare engine."""
    from k2graph.building import build
    from k2graph.sparql import rules as rule_files

    if engine == "k2graph":
        made = turtle(build.triples_of(build.build(path)))
        (path.parent / "graph.ttl").write_bytes(made)
    elif engine == "bare":
        from pyoxigraph import DefaultGraph, RdfFormat, Store

        store = Store()
        store.load(path=str(path), format=RdfFormat.TURTLE)
        store.dump(str(path.with_suffix(".dumped")), RdfFormat.TURTLE, from_graph=DefaultGraph())
    else:
        import rdflib

        graph = rdflib.Graph()
        graph.parse(data=build.triples_of(build.asserted(path)).decode(), format="nt")
        for rule in rule_files.read_rules():
            for triple in list(graph.query(rule.query)):
                graph.add(triple)  # type: ignore[arg-type]  # a CONSTRUCT gives triples
        graph.serialize(str(path.parent / "rdflib.ttl"), format="turtle")


def _validate(engine: str, path: str) -> None:
    if engine == "plain":
        import pyshacl
        import rdflib

        pyshacl.validate(rdflib.Graph().parse(path, format="turtle"), shacl_graph=rdflib.Graph().parse(resources.SHAPES, format="turtle"))
    else:
        from k2graph.shacl.validate import validate
        from k2graph.sparql.store import EmbeddedStore

        validate(EmbeddedStore(Path(path)), engine=engine)


def main() -> None:
    parser = argparse.ArgumentParser(description="one task of one engine; `python benchmarks/run.py peers` does all")
    parser.add_argument("task", choices=("questions", "load", "build", "validate"))
    parser.add_argument("engine")
    parser.add_argument("path")
    parser.add_argument("--synthetic", action="store_true")
    given = parser.parse_args()
    if given.task == "questions":
        print(json.dumps(_ask(given.engine, given.path, synthetic=given.synthetic)))
    elif given.task == "load":
        print(json.dumps(_load(given.path)))
    elif given.task == "build":
        _build(given.engine, Path(given.path))
    else:
        _validate(given.engine, given.path)


if __name__ == "__main__":
    main()
