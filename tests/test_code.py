"""The code's own rules: lint, format, types. One command runs everything, so they are tests like the others."""

import subprocess
import sys
from pathlib import Path

import grimp
import networkx
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("arguments", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_tool_finds_nothing(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mappings_are_valid_sssom() -> None:
    command = [sys.executable, "-m", "sssom.cli", "validate", "ontology/mappings.sssom.tsv"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_no_module_knows_those_above_its_floor() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_modules_import_each_other() -> None:
    """The contract for circles judges neighbours; here a package counts as well with what is in it."""
    known = grimp.build_graph("k2graph")
    imports = networkx.DiGraph((module, other) for module in known.modules for other in known.find_modules_directly_imported_by(module))
    assert [circle for circle in networkx.strongly_connected_components(imports) if len(circle) > 1] == []


def test_no_module_is_too_long_to_see_across() -> None:
    """A longer one is split by what it does; where that would make it less clear, a decision says so and it is named here."""
    long = {path.relative_to(ROOT).as_posix() for path in (ROOT / "src").rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 300}
    assert long == set()
