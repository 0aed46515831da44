"""What tests of every folder share: the graph, a copy of its tables, and the command line. What a folder alone needs stands in its own."""

import functools
import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from derived import write_few_claims
from exported import Export, exports_of
from parts import write_part_of_all
from project import Folder, Outcome, Rows, Run, copy_tables, rows, write_eighth, write_mechanism_alone, write_some_of_all
from pyoxigraph import Triple
from shared import Shared

import k2graph
from k2graph import graph as graphs
from k2graph import resources
from k2graph.cli.main import main
from k2graph.evidence.model import Evidence
from k2graph.ontology import Vocabulary
from k2graph.sparql.store import EmbeddedStore

pytest_plugins = ["selection"]

# The graph stays in memory all the while, and so does what other readers make of it: looking through it for what nobody needs any more
# at every 700 objects takes more than a quarter of the time of the tests that read it whole.
gc.set_threshold(50_000, 10, 10)


def pytest_configure(config: pytest.Config) -> None:
    """Copies of graphs are those of this run: the user's are neither used nor added to."""
    if "K2GRAPH_CACHE_OF_TESTS" not in os.environ:  # a process of pytest-xdist has those of the first
        folder = tempfile.mkdtemp(prefix="k2graph-tests-cache-")
        os.environ["K2GRAPH_CACHE"] = os.environ["K2GRAPH_CACHE_OF_TESTS"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, and is not looked through again."""
    gc.freeze()


@pytest.fixture(scope="session")
def graph() -> k2graph.Graph:
    """The graph that comes with the package."""
    return _open_once()


@pytest.fixture(scope="session")
def evidence(graph: k2graph.Graph) -> Evidence:
    """All of its evidence as Python objects, which nobody changes."""
    return graph.evidence()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """What the processes of one run make once, for all of them."""
    return Shared(tmp_path_factory)


@pytest.fixture(scope="session")
def exported(graph: k2graph.Graph, shared: Shared) -> Export:
    """The graph that comes with the package in a format, by its name."""
    return exports_of(graph, shared)


@pytest.fixture(scope="session")
def mechanism_alone(shared: Shared) -> Path:
    """A graph of one mechanism of the tables, `mgp-calcification-events`, with the findings on its claims."""
    return shared.once("mechanism-alone", write_mechanism_alone) / "alone.ttl"


@pytest.fixture(scope="session")
def some_of_all(graph: k2graph.Graph, shared: Shared) -> Path:
    """A graph with two or more of everything; its tables stand beside it. Nobody changes it, so that commands here read it once."""
    path = shared.once("some-of-all", lambda folder: write_some_of_all(folder, graph)) / "some.ttl"
    _STAYING.add(path)
    return path


@pytest.fixture(scope="session")
def some(some_of_all: Path) -> k2graph.Graph:
    """The same, opened."""
    return _open_once(some_of_all)


@pytest.fixture(scope="session")
def some_evidence(some: k2graph.Graph) -> Evidence:
    """All of its evidence as Python objects, which nobody changes."""
    return some.evidence()


@pytest.fixture(scope="session")
def some_rows(some_of_all: Path) -> Rows:
    """A table of the same, by its name."""
    return lambda table: rows(table, some_of_all.parent / "tables")


@pytest.fixture(scope="session")
def exported_some(some: k2graph.Graph, shared: Shared) -> Export:
    """The same in a format, by its name: for what takes long to write or to read."""
    return exports_of(some, shared, "export-some")


@pytest.fixture(scope="session")
def eighth(graph: k2graph.Graph, shared: Shared) -> Path:
    """A graph of one in eight of the claims, each of which stands there as in the whole; its `tables` lie beside it."""
    return shared.once("eighth", lambda folder: write_eighth(folder, graph)) / "eighth.ttl"


@pytest.fixture(scope="session")
def few_claims(graph: k2graph.Graph, shared: Shared) -> Path:
    """A graph of a few claims of every kind, for what takes long to derive; its `tables` lie beside it."""
    return shared.once("few-claims", lambda folder: write_few_claims(folder, graph)) / "few.ttl"


@pytest.fixture(scope="session")
def part_of_all(graph: k2graph.Graph, shared: Shared) -> Path:
    """A tenth of the graph that comes with the package, as N-Triples, with something of every kind."""
    return shared.once("part-of-all", lambda folder: write_part_of_all(graph, folder)) / "part.nt"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture
def tables(tmp_path: Path, vocabulary: Vocabulary) -> Folder:
    """A copy of the real tables."""
    return Folder(copy_tables(resources.TABLES, tmp_path), vocabulary)


@pytest.fixture
def few_tables(tmp_path: Path, mechanism_alone: Path, vocabulary: Vocabulary) -> Folder:
    """A copy of the tables of one mechanism, of which a graph is made in a tenth of the time."""
    return Folder(copy_tables(mechanism_alone.parent / "tables", tmp_path), vocabulary)


class _ReadOnce(EmbeddedStore):
    """A file that stays as it is: its triples as written are read once."""

    @functools.cached_property
    def _written(self) -> list[Triple]:
        return super().as_written()

    def as_written(self) -> list[Triple]:
        return [*self._written]


@functools.cache
def _opened(path: Path, _changed: int, _size: int) -> k2graph.Graph:
    return graphs.Graph(_ReadOnce(path))


def _open_once(data: Path | str | None = None, **others: Any) -> k2graph.Graph:
    """What `k2graph.open` gives; k2graph's own graph and others that no command changes are read once in a process of tests."""
    path = Path(data) if data is not None else resources.GRAPH
    if path not in _STAYING or any(others.get(name) is not None for name in ("endpoint", "graph")):
        return _open(data, **others)
    there = path.stat()
    return _opened(path, there.st_mtime_ns, there.st_size)


_open = graphs.open
_STAYING = {resources.GRAPH}


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that run in this process read k2graph's own graph once."""
    monkeypatch.setattr(graphs, "open", _open_once)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], read_once: None) -> Run:
    """Run the command line in this process."""

    def command(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        return Outcome(code, *capsys.readouterr())

    return command
