"""What the plain install can do, and what each extra adds: every command runs with the packages that pyproject.toml gives it, and no other.

An install is imitated: whatever the environment of the tests has besides the packages of an install, and all that they ask for, cannot be
imported in the commands that are run here.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from project import MECHANISM

from k2graph import exports, resources

pytestmark = pytest.mark.slow

PROJECT = tomllib.loads((resources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED = {"rdflib", "networkx", "pyshacl", "sparqlwrapper", "pyvis"}
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
FOR_USERS = set(EXTRAS) - {"all", "bench", "test"}
CLAIM = "MGP lowers vascular calcification"
#: These stand for the paths of a small graph and of its tables: what an install can do, it can do with few findings.
SMALL, TABLES = "the graph of one mechanism", "its tables"

#: Lets Python find no package that an install does not have.
_HIDING = """
import os, sys
hidden = set(os.environ["HIDDEN_MODULES"].split())
class Hiding:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in hidden else self.finder.find_spec(name, path, target)
    def __getattr__(self, name):
        return getattr(self.finder, name)
sys.meta_path[:] = map(Hiding, sys.meta_path)
"""


def _asked_for(lines: list[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for requirement in map(Requirement, lines):
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)


@cache
def packages_of(extra: str = "") -> frozenset[str]:
    """All that an install of k2graph brings, plain or with an extra."""
    todo = list(_asked_for(PROJECT["dependencies"], frozenset()))
    todo += _asked_for(EXTRAS[extra], frozenset()) if extra else []
    found: set[tuple[str, frozenset[str]]] = set()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        if name == "k2graph":
            todo += [each for one in extras for each in _asked_for(EXTRAS[one], frozenset())]
            continue
        try:
            todo += _asked_for(requires(name) or [], extras)
        except PackageNotFoundError:
            continue  # an extra of a package, which the environment of the tests has no need of
    return frozenset(name for name, _ in found)


@cache
def hidden_without(extra: str = "", besides: frozenset[str] = frozenset()) -> str:
    """The modules of this environment that neither an install nor what was put there besides brings."""
    there = packages_of(extra) | besides | {"k2graph", "pip", "setuptools"}
    return " ".join(
        sorted(
            module
            for module, owners in packages_distributions().items()
            if module.isidentifier() and not module.startswith("_") and not {canonicalize_name(owner) for owner in owners} & there
        )
    )


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory, mechanism_alone: Path) -> Path:
    folder = tmp_path_factory.mktemp("hiding")
    (folder / "small.ttl").symlink_to(mechanism_alone)
    (folder / "tables").symlink_to(mechanism_alone.parent / "tables")
    (folder / "sitecustomize.py").write_text(_HIDING, encoding="utf-8")
    return folder


def python(
    hiding: Path, cwd: Path, *arguments: str, extra: str = "", more_hidden: str = "", given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run Python with the packages of an install."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(hiding), str(resources.ROOT / "src")]),
        # Not Sphinx: what looks for its files finds them here, and then imports it.
        "HIDDEN_MODULES": " ".join({*hidden_without(extra).split(), *more_hidden.split()} - {"sphinx"}),
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )


def placed(hiding: Path, arguments: Sequence[str | Path]) -> list[str]:
    """The arguments with the paths that some of them stand for."""
    places: dict[str | Path, Path] = {SMALL: hiding / "small.ttl", TABLES: hiding / "tables"}
    return [str(places.get(argument, argument)) for argument in arguments]


def run(hiding: Path, cwd: Path, *arguments: str | Path, extra: str = "") -> subprocess.CompletedProcess[str]:
    return python(hiding, cwd, "-m", "k2graph", *placed(hiding, arguments), extra=extra)


#: Commands of one install, each in a new folder of its own, in one process: starting Python and reading the graph is most of the time.
_ONE_AFTER_ANOTHER = """
import contextlib, functools, io, json, os, sys, traceback
from k2graph import graph
from k2graph.cli.main import main
graph.open = functools.cache(graph.open)
left, here = [], os.getcwd()
for number, arguments in enumerate(json.load(sys.stdin)):
    os.mkdir(str(number))
    os.chdir(str(number))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as exit:
            code = exit.code
        except BaseException:
            code = traceback.print_exc()
    left.append([code, out.getvalue(), err.getvalue(), os.listdir()])
    os.chdir(here)
json.dump(left, sys.stdout)
"""


class Left(NamedTuple):
    """What a command left behind, and what it wrote into its folder."""

    code: int | None
    out: str
    err: str
    files: list[str]


def run_all(hiding: Path, cwd: Path, commands: Sequence[Sequence[str | Path]], extra: str = "", more_hidden: str = "") -> list[Left]:
    given = json.dumps([placed(hiding, arguments) for arguments in commands])
    done = python(hiding, cwd, "-c", _ONE_AFTER_ANOTHER, extra=extra, more_hidden=more_hidden, given=given)
    assert done.returncode == 0, done.stderr
    return [Left(*each) for each in json.loads(done.stdout)]


def test_the_plain_install_has_the_required_packages_and_nothing_heavy() -> None:
    names = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    assert names == REQUIRED | {"pyoxigraph", "jinja2", "rich"}
    heavy = {"numpy", "scipy", "pandas", "matplotlib", "fonttools", "igraph", "pydantic", "pyarrow", "statsmodels", "lxml", "starlette"}
    assert heavy & packages_of() == set()
    assert heavy <= {name for extra in EXTRAS for name in packages_of(extra)} | {"igraph", "lxml"}


def test_all_is_all_extras_and_the_tests_have_them() -> None:
    assert packages_of("all") >= frozenset().union(*map(packages_of, FOR_USERS))
    assert packages_of("test") >= packages_of("all")


def test_every_extra_is_documented_with_what_it_is_for() -> None:
    table = (resources.ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == FOR_USERS | {"all"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "mechanisms-lacking-human-rct-support"),
        ("explain", CLAIM, "--data", SMALL),
        ("path", "vitamin K2", "muscle strength"),
        ("query", "ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }"),
        ("stats",),
        ("validate", SMALL),
        ("tables", "findings"),
        ("search", "calcification", "--data", SMALL),
        ("validate", "--engine", "none"),
        ("view", "--mechanism", MECHANISM, "--output", "map.html", "--data", SMALL),
        ("diff", SMALL, SMALL),
        ("export",),
    ],
    ids=lambda arguments: " ".join(map(str, arguments[:2]))[:40],
)
def test_the_plain_install_runs(hiding: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(hiding, tmp_path, *arguments)
    wrong = "none" in arguments
    assert done.returncode == (2 if wrong else 0), done.stderr
    assert "Traceback" not in done.stderr
    if wrong:
        assert "is no engine for shapes" in done.stderr


def test_the_map_does_not_depend_on_what_is_installed(hiding: Path, tmp_path: Path) -> None:
    made = []
    for extra in ("", "test"):
        done = run(hiding, tmp_path, "view", "--about", "matrix Gla protein", "--data", SMALL, "--output", f"map{extra}.html", extra=extra)
        assert done.returncode == 0, done.stderr
        made.append((tmp_path / f"map{extra}.html").read_bytes())
    assert made[0] == made[1]


#: Commands that need an extra, what they say that needs it, and the packages of which any may be the one that is missing.
NEEDING = [
    (("build", "--tables", resources.TABLES, "--output", "made.ttl"), "building", "build", ("pybtex", "scipy", "statsmodels")),
    (("derive", "--endpoint", "http://127.0.0.1:9/"), "deriving", "build", ("scipy", "statsmodels")),
    (("plot", CLAIM, "--data", SMALL), "a plot", "plots", ("matplotlib",)),
    (("site", "pages", "--data", SMALL), "the site", "site", ("matplotlib", "pybtex", "pylatexenc")),
    (("serve", "--metrics"), "serve", "serve", ("starlette", "uvicorn", "matplotlib", "pybtex", "pylatexenc", "prometheus_client")),
    (("mcp",), "a server for assistants", "mcp", ("mcp",)),
    (("ask", "studies", "--format", "bibtex", "--data", SMALL), "bibtex", "references", ("pybtex", "pylatexenc")),
    (("ask", "studies", "--format", "ris", "--data", SMALL), "ris", "references", ("pybtex", "rispy")),
    (("ask", "studies", "--format", "csl-json", "--data", SMALL), "csl-json", "references", ("pybtex",)),
    (("export", "bibtex", "--data", SMALL), "bibtex", "references", ("pybtex", "pylatexenc")),
    (("export", "ris", "--data", SMALL), "ris", "references", ("pybtex", "rispy")),
    (("export", "csl-json", "--data", SMALL), "csl-json", "references", ("pybtex",)),
    (("export", "parquet", "--data", SMALL), "parquet", "parquet", ("pyarrow",)),
    (("export", "cx2", "--data", SMALL), "cx2", "cx2", ("ndex2",)),
    (("tables", "groups", "--format", "xlsx", "--output", "groups.xlsx"), "a workbook", "xlsx", ("openpyxl",)),
    (("export", "review", "--data", SMALL), "review", "review", ("docx", "pybtex", "matplotlib")),
]


@pytest.mark.parametrize("module", sorted({module for *_, modules in NEEDING for module in modules}))
def test_a_missing_package_is_named_with_its_extra(hiding: Path, tmp_path: Path, module: str) -> None:
    needing = [each for each in NEEDING if module in each[3]]
    package = {"docx": "python-docx", "prometheus_client": "prometheus-client"}.get(module, module)
    left = run_all(hiding, tmp_path, [arguments for arguments, *_ in needing], extra="all", more_hidden=module)
    assert left == [Left(2, "", f"k2graph: {what} needs {package}: pip install 'k2graph[{extra}]'\n", []) for _, what, extra, _ in needing]


def test_every_extra_of_a_command_or_format_is_among_these() -> None:
    assert {extra for _, _, extra, _ in NEEDING} == FOR_USERS - {"frame"}
    asked = {exports.find_format(name).extra for name in exports.formats()} - {""}
    assert asked <= set(EXTRAS)


def written(name: str) -> tuple[str, ...]:
    return ("export", name, "--data", SMALL, "--mechanism", MECHANISM, "--output", "made")


@pytest.fixture(scope="module")
def with_the_plain_install(hiding: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Left]:
    """What is left behind where each format is written with the plain install."""
    names = exports.formats()
    return dict(zip(names, run_all(hiding, tmp_path_factory.mktemp("plain"), [written(name) for name in names]), strict=True))


@pytest.mark.parametrize("name", sorted(exports.formats()))
def test_a_format_needs_no_more_than_its_extra(hiding: Path, tmp_path: Path, with_the_plain_install: dict[str, Left], name: str) -> None:
    """With the plain install it is written, or its extra is named; with the extra it is written."""
    done = with_the_plain_install[name]
    assert "Traceback" not in done.err
    if done.code:
        extra = re.fullmatch(rf"k2graph: {name} needs \S+: pip install 'k2graph\[(\w+)\]'\n", done.err)
        assert extra is not None, done.err
        assert done.files == []
        (done,) = run_all(hiding, tmp_path, [written(name)], extra=extra[1])
    assert done.code == 0, done.err
    assert "made" in done.files


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("build", "--tables", TABLES, "--output", "made.ttl"), "build"),
        (("site", "made", "--data", SMALL), "site"),
        (("ask", "studies", "--format", "bibtex", "--data", SMALL), "references"),
        (("ask", "studies", "--format", "ris", "--data", SMALL), "references"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(map(str, value[:1])),
)
def test_an_extra_is_enough(hiding: Path, tmp_path: Path, arguments: tuple[str, ...], extra: str) -> None:
    done = run(hiding, tmp_path, *arguments, extra=extra)
    assert done.returncode == 0, done.stderr


def test_the_quick_tests_are_collected_with_the_plain_install_and_pytest_alone(hiding: Path) -> None:
    pytest_s = {"pytest", *(name for name, _ in _asked_for(requires("pytest") or [], frozenset()))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser and not server"],
        cwd=resources.ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": os.pathsep.join([str(hiding), str(resources.ROOT / "src")]),
            "HIDDEN_MODULES": hidden_without(besides=frozenset(pytest_s)),
            # What other packages hang into pytest would not be there either.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    collected = re.search(r"^(\d+)/\d+ tests collected", done.stdout, re.MULTILINE)
    assert collected
    assert int(collected[1]) > 2_000


def test_frames_and_plots_name_their_extras(hiding: Path, tmp_path: Path) -> None:
    for code, what in (
        ("k2graph.open().ask('foods').to_frame()", "a data frame needs pandas: pip install 'k2graph[frame]'"),
        (
            "k2graph.views.plots.draw_years({'a': {2020: 1}}, [('#000000', '')], 'b')",
            "a plot needs matplotlib: pip install 'k2graph[plots]'",
        ),
    ):
        script = f"import k2graph, k2graph.views.plots\ntry:\n  {code}\nexcept k2graph.InputError as error:\n  print(error)"
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(hiding), str(resources.ROOT / "src")]),
            "HIDDEN_MODULES": hidden_without(),
        }
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.stdout.strip() == what, done.stderr
