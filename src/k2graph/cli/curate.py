"""Commands of a curator: init, build and validate."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..errors import Fault, InputError, counted, require
from ..terminal import Progress, write_data
from ..text import clean
from .options import Commands, add_endpoint, command, open_graph, utf8
from .places import check_place


def add_init(commands: Commands) -> None:
    """The command `init`."""
    about = "begin a pack of your own: a folder with tables, a worked example and a check"
    init = command(commands, "init", _init, about, "k2graph init creatine")
    init.add_argument("name", type=utf8, metavar="NAME", help="what the pack, its folder and its graph are called")
    init.add_argument("--empty", action="store_true", help="with the headers of the tables alone, without the worked example")


def _init(chosen: argparse.Namespace) -> int:
    from ..curation.new_pack import write_pack

    folder = write_pack(chosen.name, with_example=not chosen.empty)
    print(f"{folder}: begin with {folder / 'README.md'}; next: cd {folder} && k2graph build", file=sys.stderr)
    return 0


def add_validate(commands: Commands) -> None:
    """The command `validate`."""
    validate = command(
        commands,
        "validate",
        _validate,
        "hold a graph against the SHACL shapes; exits with 1 where it fails, or has nothing to check",
        "k2graph validate data/k2.ttl",
    )
    validate.add_argument("data", nargs="?", type=Path, metavar="FILE", help="a graph (default: this folder's own, else k2graph's)")
    validate.add_argument("--format", choices=("text", "json", "ttl"), default="text", help="form of the report (default: text)")
    validate.add_argument(
        "--engine", default="queries", metavar="E", help="queries, made from the shapes, or pyshacl, slow, to compare (default: queries)"
    )
    validate.add_argument(
        "--core-shapes", type=Path, metavar="F", help="check nothing; write the shapes without those in SPARQL, for other engines"
    )
    add_endpoint(validate)


def _validate(chosen: argparse.Namespace) -> int:
    from ..shacl.report import NOTHING_CHECKED

    if chosen.core_shapes is not None:
        if chosen.data is not None or chosen.endpoint is not None:
            raise InputError("--core-shapes writes shapes and checks no graph; name none")
        return _write_core(chosen.core_shapes)
    with Progress("validating"):
        report = open_graph(chosen).validate(chosen.engine)
    if chosen.format == "text":
        sys.stdout.write(report.to_text())
    else:
        write_data(report.to_json() if chosen.format == "json" else report.to_turtle())
        if not report.checked:
            print(f"k2graph: {NOTHING_CHECKED[0].lower()}{NOTHING_CHECKED[1:-1]}", file=sys.stderr)
    # A file that was meant to be another must not pass unseen: as an export of nothing, nothing checked is no success.
    return 0 if report.passes and report.checked else 1


def _write_core(path: Path) -> int:
    from ..atomic import write
    from ..shacl.core import core
    from ..sparql.rdf_syntax import check_ending

    check_ending(path, ".ttl")
    check_place(path)
    made = core()
    write(made.turtle, path)
    print(f"{path}: {made.shapes} shapes; left out: {counted(made.left_out, 'constraint')} in SPARQL", file=sys.stderr)
    return 0


def add_build(commands: Commands) -> None:
    """The command `build`."""
    build = command(commands, "build", _build, "build the graph from the tables", "k2graph build --check")
    build.add_argument(
        "packs",
        nargs="*",
        type=utf8,
        metavar="PACK",
        help="folders or names of installed packs, several of them as one graph (default: the pack one stands in)",
    )
    build.add_argument("--check", action="store_true", help="write nothing; say whether the graph has drifted from the tables")
    build.add_argument(
        "--tables", type=Path, metavar="DIR", help="the folder of tables (default: those of the pack one stands in, or data/tables)"
    )
    build.add_argument("--output", type=Path, metavar="F", help="the file to write (default: the graph beside these tables)")
    build.add_argument("--asserted", action="store_true", help="without what follows by rule, which `k2graph derive` adds in a server")


def _is_same(path: Path, other: Path) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def _build(chosen: argparse.Namespace) -> int:
    from .. import resources
    from ..atomic import write

    require("building", "build", "pybtex", "scipy", "statsmodels")
    from ..building import build
    from ..building.turtle import turtle
    from ..curation.packs import gathered, named, shown
    from ..curation.reader import check_holds_tables
    from ..sparql.rdf_files import bytes_of
    from ..sparql.rdf_syntax import check_ending

    if chosen.asserted and chosen.output is None:
        raise InputError("--asserted needs --output: a graph that is asked holds what follows too")
    if chosen.packs and chosen.tables is not None:
        raise InputError("name packs or --tables, not both")
    if chosen.tables is not None and chosen.output is None:
        raise InputError("--tables needs --output: the file of the graph that these tables make")
    if len(chosen.packs) > 1 and chosen.output is None:
        raise InputError("several packs need --output: the file of the graph that they make together")
    folders = [named(name) for name in chosen.packs]
    here = [chosen.tables or resources.tables_here()]
    tables = [each for each in ([folder / "tables" for folder in folders] or here) if each is not None]
    path = chosen.output or (resources.graph_of(folders[0]) if folders else resources.graph_to_build())
    if not tables or path is None:
        if Path(resources.PACK.name).is_file():
            raise InputError(
                f"beside this {resources.PACK.name} there is no folder `tables`: make it; a table that is not in it has no rows"
            )
        raise InputError("there is no pack here, nor data/tables; go to the folder that holds it, or name --tables DIR and --output FILE")
    for folder in tables:
        check_holds_tables(folder)
    packs = gathered(tables)
    if not chosen.check:
        check_ending(path, ".ttl")
        for pack in packs:
            check_place(path, pack.tables, writes_graphs=True)
            # A pack's graph is made of it and what it extends, and by nobody else.
            if tables != [pack.tables] and pack.description.name and _is_same(path, pack.tables.parent / f"{pack.description.name}.ttl"):
                raise InputError(f"{path}: is the graph of the pack {pack.description.name} alone; name another file")
    # A link that leads nowhere is none that is not there yet.
    before = bytes_of(path) if chosen.check and (os.path.lexists(path) or not path.parent.is_dir()) else b""
    warnings: list[Fault] = []
    with Progress("building") as progress:

        def report(news: str | Fault) -> None:
            warnings.append(news) if isinstance(news, Fault) else progress(news)

        if chosen.asserted:
            content = turtle(build.triples_of(build.asserted(tables, progress=report)))
        else:
            content = build.text(tables, progress=report)
    if chosen.check:
        differences = build.drift(content, before, clean(str(path)))
        if differences:
            print(differences)
            print(clean(f"k2graph: {path} is not what the tables say; run `k2graph build`"), file=sys.stderr)
            return 1
        print(clean(f"{path} is what the tables say"), file=sys.stderr)
        return 0
    named_too = {os.path.realpath(folder) for folder in tables}
    extended = tuple(f"{shown(pack.tables)}/" for pack in packs if os.path.realpath(pack.tables) not in named_too)
    # What may be a slip in a pack of others is for them to see.
    own = [warning for warning in warnings if not warning.file.startswith(extended)]
    elsewhere = f", and {len(warnings) - len(own)} in packs that are extended" if len(own) < len(warnings) else ""
    for line in [*map(str, own), *([f"{counted(len(own), 'warning')}{elsewhere}"] if warnings else [])]:
        print(clean(line), file=sys.stderr)
    write(content, path)
    print(clean(f"{path}: {len(content):,} bytes"), file=sys.stderr)
    return 0
