"""The command `test-pack`: whether all that a graph is made for works on a pack, so that who keeps one hears of it before others do."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..errors import InputError, counted, require
from ..terminal import Progress
from ..text import clean
from .options import Commands, command, utf8

if TYPE_CHECKING:
    from ..graph import Graph


class _Failed(Exception):
    """What was tried did not go as it should; its text says how."""


def add_test_pack(commands: Commands) -> None:
    """The command `test-pack`."""
    about = "try packs: built twice alike, valid, each question asked, each export written and read again, pages made"
    trial = command(commands, "test-pack", _test_pack, about, "k2graph test-pack creatine")
    trial.add_argument(
        "packs", nargs="*", type=utf8, metavar="PACK", help="folders of packs, or installed ones, tried together (default: this one)"
    )


def _test_pack(chosen: argparse.Namespace) -> int:
    from .. import graph as graphs
    from .. import resources
    from ..curation.packs import named
    from ..curation.reader import check_holds_tables

    require("test-pack", "all", "pybtex", "scipy", "statsmodels")
    tables = [named(name) / "tables" for name in chosen.packs] or list(filter(None, [resources.tables_here()]))
    if not tables:
        raise InputError("there is no pack here; name its folder, or go there")
    for folder in tables:
        check_holds_tables(folder)
    with TemporaryDirectory(prefix="k2graph-test-pack-") as name:
        made = Path(name)
        passed = _tried("tables", lambda: _built(tables, made / "graph.ttl"))
        if passed:
            graph = graphs.open(made / "graph.ttl")
            for what, work in (
                ("shapes", lambda: _valid(graph)),
                ("questions", lambda: _asked(graph)),
                ("exports", lambda: _exported(graph, made)),
                ("pages", lambda: _pages(graph, made / "site")),
            ):
                passed &= _tried(what, work)
    return 0 if passed else 1


def _tried(what: str, work: Callable[[], str]) -> bool:
    """Try one thing and print how it went; whether it went well."""
    try:
        with Progress(what):
            line, passed = work(), True
    except (_Failed, InputError) as error:
        line, passed = str(error), False
    # Faults of tables are a line each.
    print("\n".join(map(clean, f"{'passed' if passed else 'FAILED'}  {what}: {line}".split("\n"))), flush=True)
    return passed


def _built(tables: list[Path], path: Path) -> str:
    from ..building import build

    content = build.text(tables)
    if build.text(tables) != content:
        raise _Failed("two builds of the same tables differ")
    path.write_bytes(content)
    return f"built twice, the same {len(content):,} bytes"


def _valid(graph: Graph) -> str:
    report = graph.validate()
    violations = sum(result.severity == "violation" for result in report.results)
    if violations:
        raise _Failed(f"{counted(violations, 'violation')}; `k2graph validate` tells them")
    return f"no violation, {counted(len(report.results), 'warning')}"


def _asked(graph: Graph) -> str:
    from ..sparql.examples import examples
    from ..sparql.questions import read_questions

    rows: dict[str, int] = {}
    for question in read_questions():
        given = next(examples(graph, question), None)
        # What needs a value and finds none that is suited has no answer in this graph.
        rows[question.name] = len(graph.ask(question.name, **given or {})) if given or not question.needed() else 0
    without = sorted(name for name, count in rows.items() if not count)
    return f"{len(rows)} asked, {len(rows) - len(without)} with an answer" + (f"; none: {', '.join(without)}" if without else "")


def _exported(graph: Graph, folder: Path) -> str:
    from .. import exports

    nothing, written = [], 0
    for name in exports.formats():
        target = exports.find_format(name)
        path = folder / f"{name}{target.suffix}"
        if not exports.export(exports.choose(graph, incomplete=target.incomplete), target, path).size:
            nothing.append(name)
            continue
        for file in [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file()):
            _read_again(file, f"{name}: {file.name}")
        written += 1
    return f"{written} written and read again" + (f"; nothing for {', '.join(nothing)}" if nothing else "")


def _pages(graph: Graph, folder: Path) -> str:
    from ..views.site import write_site

    return f"{write_site(graph, folder):,} files"


def _read_again(file: Path, called: str) -> None:
    """Read a file by a reader of its form that knows nothing of us; forms that have none are text, or what a packed folder holds."""
    try:
        _READERS.get(file.suffix, _read_text)(file)
    except Exception as error:  # whatever a reader raises, the file is not of its form
        raise _Failed(f"{called} cannot be read again: {error}") from error


def _read_text(file: Path) -> None:
    file.read_text(encoding="utf-8")


def _read_rdf(file: Path) -> None:
    from pyoxigraph import RdfFormat, parse

    # What a folder says of its own files is relative to it.
    for _ in parse(path=str(file), format=RdfFormat.from_extension(file.suffix[1:].replace("owl", "rdf")), base_iri=file.as_uri()):
        pass


def _read_json(file: Path) -> None:
    import json

    json.loads(file.read_bytes())


def _read_json_lines(file: Path) -> None:
    import json

    for line in file.read_text(encoding="utf-8").splitlines():
        json.loads(line)


def _read_table(file: Path) -> None:
    import csv

    with file.open(encoding="utf-8", newline="") as opened:
        # SSSOM begins with what it says of itself.
        lines = (line for line in opened if not line.startswith("#"))
        widths = {len(row) for row in csv.reader(lines, delimiter="\t" if file.suffix == ".tsv" else ",")}
    if len(widths) > 1:
        raise ValueError("its rows differ in how many cells they have")


def _read_xml(file: Path) -> None:
    from xml.parsers.expat import ParserCreate

    with file.open("rb") as opened:
        ParserCreate().ParseFile(opened)


def _read_parquet(file: Path) -> None:
    import pyarrow.parquet

    pyarrow.parquet.read_table(file)


def _read_bibtex(file: Path) -> None:
    from pybtex.database import parse_file

    parse_file(file, bib_format="bibtex")


def _read_ris(file: Path) -> None:
    import rispy

    with file.open(encoding="utf-8") as opened:
        rispy.load(opened)


def _read_sqlite(file: Path) -> None:
    from contextlib import closing
    from sqlite3 import connect

    with closing(connect(f"{file.as_uri()}?mode=ro", uri=True)) as opened:
        ((found,),) = opened.execute("PRAGMA integrity_check")
    if found != "ok":
        raise ValueError(found)


def _read_packed(file: Path) -> None:
    from zipfile import ZipFile

    with ZipFile(file) as packed:
        if (broken := packed.testzip()) is not None:
            raise ValueError(f"{broken} in it is broken")


_READERS: dict[str, Callable[[Path], None]] = {
    **dict.fromkeys((".ttl", ".nt", ".nq", ".trig", ".rdf", ".owl"), _read_rdf),
    **dict.fromkeys((".json", ".jsonld", ".cx2"), _read_json),
    ".ndjson": _read_json_lines,
    ".jsonl": _read_json_lines,
    **dict.fromkeys((".csv", ".tsv"), _read_table),
    **dict.fromkeys((".graphml", ".gexf", ".xml", ".svg"), _read_xml),
    ".parquet": _read_parquet,
    ".bib": _read_bibtex,
    ".ris": _read_ris,
    ".db": _read_sqlite,
    **dict.fromkeys((".docx", ".zip"), _read_packed),
}
