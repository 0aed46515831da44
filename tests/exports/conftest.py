"""What the tests of formats share: a graph that is small and holds some of all that the whole holds, and its files in each format."""

from pathlib import Path

import pytest
from exported import Export, exports_of
from project import Rows, rows, write_some_of_all
from shared import Shared

import k2graph
from k2graph.evidence.model import Evidence


@pytest.fixture(scope="session")
def some_of_all(graph: k2graph.Graph, shared: Shared) -> Path:
    """A graph with two or more of everything; its tables stand beside it."""
    return shared.once("some-of-all", lambda folder: write_some_of_all(folder, graph)) / "some.ttl"


@pytest.fixture(scope="session")
def some(some_of_all: Path) -> k2graph.Graph:
    """The same, opened."""
    return k2graph.open(some_of_all)


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
