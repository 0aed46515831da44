"""Write into README.md and docs/ what their commands print now, and the pages made of code: `python tools/renew_docs.py`.

The tests make the same outputs and compare. Needs the `test` extra, since docs/reference/endpoint.md shows what a running server answers.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import k2graph
from k2graph import resources
from k2graph.cli.main import main as k2graph_main
from k2graph.curation.guide import Guide
from k2graph.exports import choose, export, find_format, formats

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
#: What shows commands of today; a decision shows what was decided on its day.
DOCUMENTS = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    *sorted(REFERENCE.glob("*.md")),
)
ENDPOINT = REFERENCE / "endpoint.md"
EXPORTS = REFERENCE / "exports.md"
QUESTIONS = REFERENCE / "questions.md"
COMMANDS = REFERENCE / "cli.md"
COLUMNS = REFERENCE / "columns.md"

_CONSOLE = re.compile(r"(?P<before>```console\n\$ (?P<command>.*)\n)(?P<shown>(?:.*\n)*?)(?P<after>```)")
#: A Markdown answer that stands in the document as a table: the command in a comment before it, the comment's end after it.
_TABLE = re.compile(r"(?P<before><!-- (?P<command>k2graph .* --format md) -->\n)(?P<shown>(?:.*\n)*?)(?P<after><!-- end -->)")
_REQUEST = re.compile(r"(?P<before>```shell-session\n\$ (?P<command>(?:.*\\\n)*.*)\n)(?P<shown>(?:.*\n)*?)(?P<after>```)")
#: Where the server of docs/reference/endpoint.md is.
ADDRESS = "127.0.0.1:7878"
#: The part of the graph of which docs/reference/exports.md shows each format.
_SHOWN = "mgp-calcification-events"
_HEAD = f"""# Exports

`k2graph export FORMAT` writes the graph for another knowledge base; `--about THING` and `--mechanism M` choose a part of it, `--include`
adds what a format does not write unasked. What is left out is counted on standard error. Each format is accepted in the tests by the
reader's own software, but for four that were tried by hand: Mermaid 11.17.2 drew all mechanisms, and hostile names, in Chromium;
DAGitty's own parser read them all; Datasette 0.65.5 and DuckDB 1.5.5 opened the SQLite file, tables and views; of SIF the tests read
lines and tables, and Cytoscape itself has not been asked. citation-js 0.8.2 and bibutils 7.2 read every reference, but the first finds
no PMID in any RIS, and the second loses a DOI whose registrant has five digits. The excerpts are of the mechanism `{_SHOWN}`, lines
cut at 120 characters. This page is made by `python tools/renew_docs.py`.

Another package adds a format by an entry point in the group `k2graph.exports` that names a `k2graph.exports.Format`.

| format | what it is | read by | carries | loses |
| --- | --- | --- | --- | --- |
"""


def commands(document: Path) -> list[tuple[str, str]]:
    """The commands that a document shows, each with what it shows them to print."""
    return [match.group("command", "shown") for pattern in (_CONSOLE, _TABLE) for match in pattern.finditer(document.read_text("utf-8"))]


def output(command: str) -> str:
    """What a command of k2graph prints, run in this process: starting one takes longer than most answers."""
    program, *arguments = shlex.split(command)
    assert program == "k2graph", f"only k2graph is run from the documentation, not {program}"
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    width = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "110"
    try:
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(printed):
            try:
                code: object = k2graph_main(arguments)
            except SystemExit as left:
                code = left.code
    finally:
        if width is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = width
    assert not code, f"{command} ends with {code}"
    printed.flush()
    return printed.buffer.getvalue().decode()  # type: ignore[attr-defined]


def requests() -> list[tuple[str, str]]:
    """The requests that docs/reference/endpoint.md shows, each with the answer that it shows."""
    return [match.group("command", "shown") for match in _REQUEST.finditer(ENDPOINT.read_text("utf-8"))]


def answer(command: str, port: int) -> str:
    """What a request by curl prints where the server is the one at a port."""
    assert command.startswith("curl "), command
    here = f"127.0.0.1:{port}"
    text = _run(["bash", "-o", "pipefail", "-c", command.replace(ADDRESS, here)], {**os.environ, "no_proxy": "*"}).replace(here, ADDRESS)
    return text if text.endswith("\n") else text + "\n"


def page_of_exports() -> str:
    """What docs/reference/exports.md has to be: what each format says of itself, and the first lines that it writes."""
    part = choose(k2graph.open(), mechanism=_SHOWN)
    table, sections = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name in formats():
            target = find_format(name)
            cells = (f"[`{name}`](#{name})", target.title, target.readers, target.carries, target.loses)
            table.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
            path = Path(folder) / name
            export(part, target, path)
            section = [f"## {name}", "", f"`k2graph export {name}`: {target.title}, for {target.readers}.", ""]
            files = sorted(file for file in path.rglob("*") if file.is_file() and file.name != ".k2graph") if path.is_dir() else [path]
            if path.is_dir():
                section += ["A folder: " + ", ".join(f"`{file.relative_to(path).as_posix()}`" for file in files) + ".", ""]
            # What a folder has in folders of its own goes with the files beside them.
            first = next((file for file in sorted(files, key=lambda file: len(file.parts)) if _excerpt(file)), None)
            if first is not None:
                section += [f"`{first.relative_to(path).as_posix()}`:", ""] if path.is_dir() else []
                section += ["````text", *_excerpt(first), "````", ""]
            sections.append("\n".join(section))
    return _HEAD + "\n".join(table) + "\n\n" + "\n".join(sections)


def page_of_questions() -> str:
    """What docs/reference/questions.md has to be: what each question says of itself in its head."""
    questions = k2graph.open().questions
    lines = [
        "# Questions",
        "",
        "`k2graph ask QUESTION` answers one of these; so does `graph.ask(…)` in Python and `/questions/QUESTION` of a server. Each is one",
        "SPARQL file in [queries/](../../queries), which any SPARQL tool can run. This page is made from the heads of these files by",
        "`python tools/renew_docs.py`.",
        "",
        "| question | what it answers |",
        "| --- | --- |",
        *(f"| [{each.name}](#{each.name}) | {each.title} |" for each in questions),
    ]
    for each in questions:
        lines += ["", f"## {each.name}", "", f"**{each.title}** {' '.join(each.description.split())}"]
        if each.leaves_out:
            lines += ["", f"Left out: {' '.join(each.leaves_out.split())}"]
        if each.parameters:
            lines += ["", "| option | what it chooses | it takes |", "| --- | --- | --- |"]
            for name, parameter in each.parameters.items():
                option = f"`--{name.replace('_', '-')}`" + (" (needed)" if parameter.required else "")
                lines.append(f"| {option} | {_cell(parameter.about)} | {_taken(parameter.type)} |")
        lines += ["", "| column | meaning |", "| --- | --- |"]
        lines += [f"| `{column}` | {_cell(meaning)} |" for column, meaning in each.columns.items()]
    return "\n".join(lines) + "\n"


def page_of_columns() -> str:
    """What docs/reference/columns.md has to be: what ontology/tables.toml and the ontology say of each column of each table."""
    guide = Guide()
    lines = [
        "# Columns of the tables",
        "",
        "The tables in [data/tables](../../data/tables) are what curators write; `k2graph build` makes the graph of them. This page is",
        "made by `python tools/renew_docs.py` of [ontology/tables.toml](../../ontology/tables.toml), where each column is described once:",
        "a column that is added there is read, checked, written into the graph, exported and listed here.",
        "",
        "An empty cell means *not known*, or that nothing differs from the usual; a column with * is never empty. The property is of the",
        "thing that the row is; without one, the column makes the thing's address or the triple that the row is.",
        "",
        "| table | a row is |",
        "| --- | --- |",
        *(f"| [{table.name}](#{table.name}) | {_cell(table.about)} |" for table in guide.tables),
    ]
    for table in guide.tables:
        rows = f"Each row is a `{table.class_}`" if table.class_ else "Each row is one triple between things of other tables"
        lines += ["", f"## {table.name}", "", f"{table.about} {rows}; rows differ by {', '.join(f'`{column}`' for column in table.key)}."]
        lines += ["", "| column | meaning | it takes | example | property |", "| --- | --- | --- | --- | --- |"]
        for column in table.columns:
            cells = (
                f"`{column.name}`{' *' if column.required else ''}",
                _cell(guide.meaning(column)),
                _cell(guide.takes(column, "`{}`".format, lambda table: f"[{table}](#{table})")),
                _cell(guide.example(column)),
                ", ".join(f"`{name}`" for name in column.properties),
            )
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _taken(kind: str) -> str:
    """What a parameter takes: a thing by any of its names, a number, or a word of a scheme of the ontology, all of which are listed."""
    if not kind.startswith("scheme:"):
        return {"integer": "a whole number", "entity": "an entity"}.get(kind, f"a {kind}")
    query = f"SELECT ?word {{ ?each skos:inScheme k2g:{kind.removeprefix('scheme:')} ; skos:notation ?word }} ORDER BY ?word"
    return ", ".join(f"`{row['word']}`" for row in k2graph.open(resources.GRAPH).rows(query))


def page_of_commands() -> str:
    """What docs/reference/cli.md has to be: the help of the program and of each of its commands."""
    helps = [("k2graph", output("k2graph --help"))]
    helps += [
        (f"k2graph {name}", output(f"k2graph {name} --help")) for name in re.findall(r"^    ([a-z-]+)(?:  |$)", helps[0][1], re.MULTILINE)
    ]
    text = "# Commands\n\nThis page is what `--help` prints of each command; `python tools/renew_docs.py` makes it.\n"
    text += "Exit codes: 0 done; 1 the answer is no (violations, nothing to check, a graph that `build --check` finds out of date, an ASK "
    text += "that is false); 2 wrong use or wrong input.\n"
    return text + "".join(f"\n## {name}\n\n```text\n{shown.rstrip()}\n```\n" for name, shown in helps)


def _excerpt(path: Path, lines: int = 10, width: int = 120) -> list[str]:
    """The first lines of a file, each cut to a width; nothing of one that is no text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    # Only the ends of lines that an editor knows; a form feed or the like in a record ends none.
    return [line if len(line) <= width else line[: width - 1] + "…" for line in text.split("\n")[:lines] if "\0" not in line]


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _renew(document: Path, pattern: re.Pattern[str], print_of: Callable[[str], str]) -> None:
    text = document.read_text(encoding="utf-8")
    renewed = pattern.sub(lambda match: match["before"] + print_of(match["command"]) + match["after"], text)
    document.write_text(renewed, encoding="utf-8")


def main() -> None:
    """Renew every document."""
    sys.path.insert(0, str(ROOT / "tests"))
    from k2graph_server import served

    for path, page in (
        (EXPORTS, page_of_exports),
        (QUESTIONS, page_of_questions),
        (COMMANDS, page_of_commands),
        (COLUMNS, page_of_columns),
    ):
        path.write_text(page(), encoding="utf-8")
    for document in DOCUMENTS:
        for pattern in (_CONSOLE, _TABLE):
            _renew(document, pattern, output)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), "--metrics") as server:
        server.settled(2)
        _renew(ENDPOINT, _REQUEST, lambda command: answer(command, server.port))


if __name__ == "__main__":
    main()
