"""The package: a wheel that carries all that an answer needs, works from any folder, and loads nothing heavy on the way."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import run_tutorial
from project import MECHANISM

from k2graph import resources

pytestmark = pytest.mark.slow

QUESTION = "mechanisms-lacking-human-rct-support"
HEAVY = (
    "docx", "igraph", "IPython", "jinja2", "matplotlib", "networkx", "numpy", "pandas", "prometheus_client", "pybtex",
    "pydantic", "pyshacl", "pyvis", "rdflib", "rich", "rispy", "rocrate", "scipy", "starlette", "statsmodels", "SPARQLWrapper", "uvicorn",
)  # fmt: skip
#: What stands in the environment of whoever runs the tests and could lead to this checkout.
ALIEN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}


def attempt(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ALIEN}
    return subprocess.run(list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def run(*command: str | Path, cwd: Path) -> str:
    done = attempt(*command, cwd=cwd)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, made without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, resources.ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment with the wheel; its dependencies are those of this environment."""
    environment = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=environment)
    commands = environment / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=environment)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')", cwd=environment))
    # A .pth file in a folder that is only put on the path is not read, so an editable k2graph there stays out of sight.
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(sorted(ours)), encoding="utf-8")
    return commands


def test_the_tutorial_makes_a_pack_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    shown = list(run_tutorial.run(installed, empty, ALIEN))
    assert len(shown) == 4
    for command, expected, printed in shown:
        assert printed == expected, f"{command}: python tools/run_tutorial.py"
    pack = empty / "lumenol"
    assert {path.name for path in empty.iterdir()} == {"lumenol", ".here"}
    made = {path.name for path in pack.iterdir()}
    assert made == {".github", "README.md", "pack.toml", "tables", "lumenol.ttl", "before.ttl", "pages", "k2graph-csv"}
    page = (pack / "pages" / "index.html").read_text(encoding="utf-8")
    assert "Josiah Carberry. lumenol, version 0.1.0. https://example.org/lumenol" in page
    # Of what came with k2graph nothing is left.
    assert [path for path in pack.rglob("*.tsv") if "MK-7" in path.read_text(encoding="utf-8")] == []
    assert run(installed / "k2graph", "build", "--check", cwd=pack / "tables") == ""


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(resources.ROOT).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_wheel_carries_graph_ontology_shapes_rules_questions_and_types(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        resources.GRAPH, resources.ONTOLOGY, resources.MAPPINGS, resources.SHAPES,
        resources.ROOT / "LICENSE", resources.ROOT / "data" / "LICENSE", resources.PACK, *resources.TABLES.glob("*.tsv"),
        *(path for path in resources.EXAMPLE.rglob("*") if path.is_file()),
        *resources.RULES.glob("*.rq"), *resources.QUESTIONS.rglob("*.r[qu]"), *resources.SCENARIOS.glob("*.ru"),
    }  # fmt: skip
    assert {f"k2graph/resources/{path.relative_to(resources.ROOT).as_posix()}" for path in needed} - held == set()
    modules = {path.relative_to(resources.ROOT / "src").as_posix() for path in (resources.ROOT / "src").rglob("*.py")}
    assert {*modules, "k2graph/py.typed"} - held == set()
    engine = ("LICENSE-MIT", "VERSION", "web.js", "web_bg.wasm.gz")
    assert {f"k2graph/views/assets/oxigraph/{name}" for name in engine} - held == set()


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {name.removeprefix("src/") for name in files_below(resources.ROOT / "src" / "k2graph") if "__pycache__" not in name}
    expected.add("k2graph/resources/LICENSE")
    for folder in (resources.GRAPH.parent, resources.ONTOLOGY.parent, resources.QUESTIONS):
        expected |= {f"k2graph/resources/{name}" for name in files_below(folder)}
    assert held - expected == set()


def test_the_wheel_carries_both_licences(wheel: Path) -> None:
    licences = {name.partition("/licenses/")[2] for name in zipfile.ZipFile(wheel).namelist() if "/licenses/" in name}
    assert licences == {"LICENSE", "data/LICENSE"}


def test_the_wheel_asks_for_bounded_packages_and_leaves_extras_out(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    lines = archive.read(metadata).decode().splitlines()
    needed = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ") and "extra ==" not in line]
    assert all("<" in requirement for requirement in needed)
    extras = ("pandas", "prometheus", "python-docx", "rispy", "rocrate", "starlette", "statsmodels", "uvicorn")
    assert not [requirement for requirement in needed if requirement.startswith(extras)]


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    code = "import k2graph, k2graph.resources as r; print(k2graph.__file__); print(r.GRAPH)"
    for line in run(installed / "python", "-c", code, cwd=tmp_path).splitlines():
        assert installed.parent in Path(line).parents


def test_the_installed_command_answers_from_an_empty_folder_as_the_checkout_does(installed: Path, tmp_path: Path) -> None:
    arguments = ("ask", QUESTION, "--format", "csv")
    answer = run(installed / "k2graph", *arguments, cwd=tmp_path)
    assert len(answer.splitlines()) > 1
    assert answer == run(sys.executable, "-m", "k2graph", *arguments, cwd=resources.ROOT)
    assert list(tmp_path.iterdir()) == []


def test_the_installed_command_lists_every_question(installed: Path, tmp_path: Path) -> None:
    listed = run(installed / "k2graph", "ask", cwd=tmp_path)
    assert [path.stem for path in resources.QUESTIONS.glob("*.rq") if path.stem not in listed] == []


def test_the_installed_command_draws_the_same_map_and_pages_from_an_empty_folder(
    installed: Path, mechanism_alone: Path, tmp_path: Path
) -> None:
    for command, where in (
        ((installed / "k2graph",), tmp_path / "installed"),
        ((sys.executable, "-m", "k2graph"), tmp_path / "checkout"),
    ):
        where.mkdir()
        run(*command, "view", "--about", "matrix Gla protein", "--data", mechanism_alone, cwd=where)
        run(*command, "site", "pages", "--data", mechanism_alone, cwd=where)
    made, expected = (
        {path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()}
        for name in ("installed", "checkout")
    )
    assert {"k2graph-map.html", "pages/index.html", f"pages/mechanism/{MECHANISM}.html"} <= set(made)
    assert made == expected


def test_the_installed_package_is_never_written(installed: Path, tmp_path: Path) -> None:
    place = "import k2graph.resources as r; print(r.ROOT, end='')"
    ours = Path(run(installed / "python", "-c", place, cwd=tmp_path))
    before = {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()}
    (tmp_path / "link.ttl").symlink_to(ours / "data" / "k2.ttl")
    for command in (
        ("build",),
        ("build", "--tables", ours / "data" / "tables"),
        ("build", "--asserted", "--tables", ours / "data" / "tables", "--output", ours / "data" / "k2.ttl"),
        ("view", "--about", "Gas6", "--output", ours / "data" / "map.html"),
        ("view", "--about", "Gas6", "--output", tmp_path / "link.ttl"),
        ("export", "ntriples", "--output", ours / "data" / "k2.ttl"),
        ("export", "csv", "--output", ours / "data" / "csv"),
        ("site", ours / "site"),
    ):
        done = attempt(installed / "k2graph", *command, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), command
        assert done.stderr.splitlines()[-1].startswith("k2graph: ")
    assert {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()} == before


def loaded_after(code: str, cwd: Path) -> set[str]:
    script = f"{code}\nimport sys\nprint('\\n' + ' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    return set(run(sys.executable, "-c", script, cwd=cwd).splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import k2graph",
        "import k2graph.cli.main",
        "import k2graph; k2graph.open().ask('contested-claims').to_csv()",
        f"from k2graph.cli.main import main; main(['ask', {QUESTION!r}, '--format', 'csv'])",
        f"from k2graph.cli.main import main; main(['ask', {QUESTION!r}, '--format', 'json'])",
        "from k2graph.cli.main import main; main(['query', 'ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }'])",
    ],
    ids=["import", "command line", "Python", "csv", "json", "query"],
)
def test_nothing_heavy_is_loaded(code: str, tmp_path: Path) -> None:
    loaded = loaded_after(code, tmp_path)
    assert "k2graph" in loaded
    assert loaded & set(HEAVY) == set()
