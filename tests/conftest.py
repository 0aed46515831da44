"""What tests of every folder share: the graph, a copy of its tables, and the command line. What a folder alone needs stands in its own."""

import shutil
from pathlib import Path

import pytest
from project import Folder, Outcome, Run

import k2graph
from k2graph import resources
from k2graph.cli.main import main
from k2graph.evidence.model import Evidence
from k2graph.ontology import Vocabulary

pytest_plugins = ["selection"]


@pytest.fixture(scope="session")
def graph() -> k2graph.Graph:
    """The graph that comes with the package."""
    return k2graph.open()


@pytest.fixture(scope="session")
def evidence(graph: k2graph.Graph) -> Evidence:
    """All of its evidence as Python objects, which nobody changes."""
    return graph.evidence()


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture
def tables(tmp_path: Path, vocabulary: Vocabulary) -> Folder:
    """A copy of the real tables."""
    return Folder(Path(shutil.copytree(resources.TABLES, tmp_path / "tables")), vocabulary)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def command(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        return Outcome(code, *capsys.readouterr())

    return command
