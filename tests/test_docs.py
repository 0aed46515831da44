"""What the documentation shows is what happens: every console block and every table is made anew, every Python block is a doctest.

`python tools/renew_docs.py` writes the outputs into the documents after a change that was meant.
"""

import doctest
import pkgutil
import re
from pathlib import Path

import pytest
from pictures import PICTURE, picture
from renew_docs import (
    COLUMNS,
    COMMANDS,
    DOCUMENTS,
    EXPORTS,
    QUESTIONS,
    ROOT,
    commands,
    output,
    page_of_columns,
    page_of_commands,
    page_of_questions,
)

import k2graph

SHOWN = [(document, *each) for document in DOCUMENTS for each in commands(document)]


@pytest.mark.parametrize(("path", "command", "shown"), SHOWN, ids=[f"{path.name}: {command[:60]}" for path, command, _ in SHOWN])
@pytest.mark.usefixtures("read_once")
@pytest.mark.slow
def test_console_block_shows_what_the_command_prints(path: Path, command: str, shown: str) -> None:
    assert shown == output(command), f"{path.name} is out of date; run: python tools/renew_docs.py"


@pytest.mark.slow
def test_python_blocks_run() -> None:
    for path in DOCUMENTS:
        failures, _ = doctest.testfile(str(path), module_relative=False)
        assert failures == 0, path.name


@pytest.mark.usefixtures("read_once")
@pytest.mark.slow
def test_the_reference_has_every_question_and_every_command_as_they_are() -> None:
    assert QUESTIONS.read_text(encoding="utf-8") == page_of_questions(), "out of date; run: python tools/renew_docs.py"
    # How argparse breaks its lines is Python's affair, and changes with its version.
    assert COMMANDS.read_text(encoding="utf-8").split() == page_of_commands().split(), "out of date; run: python tools/renew_docs.py"
    assert all(f"## {path.stem}\n" in QUESTIONS.read_text(encoding="utf-8") for path in (ROOT / "queries").glob("*.rq"))
    assert {"k2graph ask", "k2graph view", "k2graph push"} <= set(re.findall("^## (.*)$", COMMANDS.read_text("utf-8"), re.MULTILINE))


def test_the_reference_has_every_column_as_it_is() -> None:
    page = COLUMNS.read_text(encoding="utf-8")
    assert page == page_of_columns(), "out of date; run: python tools/renew_docs.py"
    for path in (ROOT / "data" / "tables").glob("*.tsv"):
        (section,) = re.findall(rf"^## {path.stem}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        header = path.read_text(encoding="utf-8").partition("\n")[0].split("\t")
        assert sorted(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == sorted(header)


def test_the_readme_can_be_read_at_one_sitting() -> None:
    readme = (ROOT / "README.md").read_bytes()
    assert len(readme) <= 8_000
    assert re.findall(rb"!\[.*\]\((.*)\)", readme) == [b"docs/chain.svg"]
    assert PICTURE.read_bytes() == picture().encode(), "out of date; run: python tools/pictures.py"


def test_every_link_leads_to_a_file_and_a_heading_that_are_there() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    wrong = []
    for page in pages:
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
            path = (page.parent / target).resolve() if target else page
            if not path.exists() or (anchor and anchor not in anchors(path)):
                wrong.append(f"{page.relative_to(ROOT)}: {target}#{anchor}")
    assert wrong == []


def anchors(page: Path) -> set[str]:
    """The names that a page's headings have as targets of links."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_data_model_names_every_class_and_nothing_that_is_not_there() -> None:
    ontology = (ROOT / "ontology" / "k2graph.ttl").read_text(encoding="utf-8")
    defined = set(re.findall(r"^(k2g:[\w-]+) a ", ontology, re.MULTILINE))
    named = set(re.findall(r"k2g:[\w-]+\w", (ROOT / "docs" / "reference" / "model.md").read_text(encoding="utf-8")))
    assert named - defined == set()
    assert set(re.findall(r"^(k2g:[\w-]+) a owl:Class", ontology, re.MULTILINE)) - named == set()


def test_the_python_page_names_all_that_is_public() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    names = set(k2graph.__all__) | {name for kind in (k2graph.Graph, k2graph.Answer) for name in vars(kind) if name[0] != "_"}
    names |= {name for name in vars(k2graph.Graph.__mro__[1]) if name[0] != "_"}
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", page)) == []


#: A path within the project, or a name that only a file of the project has; a Turtle file without its folder is one that a reader writes.
_FILE = re.compile(
    r"(?:[\w.*-]+/)*[\w*-][\w.*-]*\.(?:py|rq|tsv|toml|ipynb)|(?:src|tests|tools|docs|queries|ontology|data|benchmarks)/[\w./*-]*"
)
#: docs/reference/exports.md is made of what the exports write, and names files within them.
_PAGES = [
    page
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md"))
    if page != EXPORTS
]


def missing(page: Path, folders: tuple[str, ...]) -> list[str]:
    """The files that a page names and that are in none of the folders."""
    spans = re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    names = {word for span in spans if "…" not in span for word in span.split() if _FILE.fullmatch(word)}
    return sorted(name for name in names if not any(list((ROOT / folder).glob(name)) for folder in folders))


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    # A file of a pack is one of the example, of which `k2graph init` makes a pack.
    assert missing(page, (".", "src/k2graph", "data/example")) == []


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_module_and_command_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in set(re.findall(r"`(k2graph(?:\.\w+)+)`", text)):
        assert pkgutil.resolve_name(name) is not None
    there = set(re.findall("^## k2graph (.*)$", COMMANDS.read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^\$ |^|bin/)k2graph ([a-z]+(?:-[a-z]+)*)\b", text, re.MULTILINE)) - there == set()


def test_every_module_that_the_code_names_is_there() -> None:
    there = {path.name for folder in ("src", "tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")}
    wrong = []
    for path in (
        *(ROOT / "src").rglob("*.py"),
        *ROOT.glob("ontology/**/*.rq"),
        *ROOT.glob("queries/**/*.rq"),
        *ROOT.glob("ontology/*.ttl"),
    ):
        lines = [
            line for line in path.read_text(encoding="utf-8").splitlines() if "://" not in line
        ]  # a line with an address names others' files
        named = set(re.findall(r"(?<![\w./])(\w+\.py)\b", "\n".join(lines)))
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in named - there]
    assert wrong == []
