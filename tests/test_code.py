"""The code's own rules: lint, format, types. One command runs everything, so they are tests like the others."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import networkx
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

#: Words that tell of anything alike, and so say nothing of the thing that they would name.
_OF_ANYTHING = re.compile(r"(?:^|_)(?:said|say|says|told|tell|tells|heard|hear|hears|hearing|spoken|outspoken|speak|speaks)(?:_|$)")


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


def test_names_say_what_a_thing_is() -> None:
    """A text is a text and a row's fields are fields. What is named as a property of the graph keeps the property's words."""
    properties = set(re.findall(r"(?m)^k2g:(\w+)", (ROOT / "ontology" / "k2graph.ttl").read_text("utf-8")))
    of_anything = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in (ROOT / "src").rglob("*.py")
        for name in _names_given(ast.parse(path.read_text("utf-8")))
        if _OF_ANYTHING.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
        and re.sub(r"_(\w)", lambda part: part[1].upper(), name) not in properties
    }
    assert of_anything == set()


def _names_given(module: ast.Module) -> Iterator[str]:
    """Names of definitions, of their arguments, and of what is assigned or imported as something else."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case ast.alias(asname=str(name)):
                yield name
