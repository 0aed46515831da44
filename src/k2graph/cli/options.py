"""What several commands have in common: options, the graph they name, and how an answer is printed."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import graph as graphs
from ..atomic import check_not_installed
from ..errors import InputError
from ..sparql.answers import Answer
from ..terminal import mark_of_output, write_data, write_text
from ..text import clean, headed
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..reports.outline import Block
    from ..server.query_processes.answering import Limits


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
FORMATS = ("table", "csv", "tsv", "json", "md")

#: An answer's reports as references.
REFERENCES = ("bibtex", "ris", "csl-json")


def command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_text: str,
    example: str,
    *,
    add_help: bool = True,
) -> argparse.ArgumentParser:
    """A command: its name, what runs it, what it is for, and an example."""
    command = commands.add_parser(
        name,
        help=help_text,
        description=headed(help_text) + ".",
        epilog=f"example: {example}",
        add_help=add_help,
    )
    command.set_defaults(command=run, parser=command)
    return command


def add_block_format(command: argparse.ArgumentParser) -> None:
    """The option `--format` of what is told in paragraphs."""
    command.add_argument("--format", choices=("text", "md", "json"), default="text", help="form of the answer (default: text)")


def add_source(command: argparse.ArgumentParser) -> None:
    """The options that name the graph to read: a file or an endpoint."""
    command.add_argument("--data", type=Path, metavar="FILE", help="a graph (default: this folder's own, else k2graph's)")
    add_endpoint(command)


def add_endpoint(command: argparse.ArgumentParser, *, limited: bool = False) -> None:
    """The options that name an endpoint."""
    command.add_argument(
        "--endpoint", metavar="URL", help="a SPARQL endpoint instead of a file; user and password from K2GRAPH_USER, K2GRAPH_PASSWORD"
    )
    if limited:
        add_limits(command)
    else:
        command.add_argument("--timeout", type=float, default=60.0, metavar="S", help="seconds to wait for an endpoint (default: 60)")
    command.add_argument("--graph", metavar="IRI", help="a named graph of the endpoint (default: its default graph)")


def add_limits(command: argparse.ArgumentParser) -> None:
    """What a query may take. What is not given, `limits_of` leaves to the defaults of what runs it."""
    command.add_argument("--timeout", type=float, metavar="S", help="seconds that a query may take (default: 30)")
    command.add_argument("--max-rows", type=whole("--max-rows"), metavar="N", help="rows that an answer may have (default: 250000)")
    command.add_argument(
        "--memory", type=whole("--memory"), metavar="MIB", help="memory of a query, beyond the graph's own (default: 2048)"
    )


def limits_of(chosen: argparse.Namespace) -> Limits:
    """The limits that were given, the rest by default."""
    from ..server.query_processes.answering import Limits

    given = {name: getattr(chosen, name) for name in ("timeout", "max_rows", "memory") if getattr(chosen, name) is not None}
    if "memory" in given:
        given["memory"] *= 2**20
    return Limits(**given)


def add_graph_to_write(command: argparse.ArgumentParser, graph: str) -> None:
    """How a command writes to a graph of a server. What is not given, `writing_options` leaves to the defaults of what does it."""
    command.add_argument(
        "--graph", metavar="IRI", help=f"{graph}, or default for the server's default graph (default: https://w3id.org/k2graph)"
    )
    command.add_argument("--batch", type=whole("--batch"), metavar="N", help="triples to send at once (default: 1000)")
    command.add_argument("--timeout", type=float, metavar="S", help="seconds to wait for each answer (default: 600)")


def writing_options(chosen: argparse.Namespace) -> dict[str, Any]:
    """What was given of the options of `add_graph_to_write`."""
    return {name: getattr(chosen, name) for name in ("graph", "batch", "timeout") if getattr(chosen, name) is not None}


def utf8(argument: str) -> str:
    """An argument that is text. Where the locale cannot hold what was typed, it is UTF-8."""
    try:
        return argument.encode("utf-8", "surrogateescape").decode()
    except UnicodeDecodeError as error:
        raise argparse.ArgumentTypeError("not UTF-8") from error


def open_graph(chosen: argparse.Namespace, *, stored: bool = False) -> graphs.Graph:
    """The graph that the options name; `stored` where what is asked of a file takes less time than to load it."""
    data = graph_file(chosen.data) if chosen.endpoint is None else chosen.data
    return graphs.open(data, endpoint=chosen.endpoint, timeout=chosen.timeout, graph=chosen.graph, stored=stored)


def graph_file(given: Path | None) -> Path:
    """The graph that was named, else that of the folder one stands in, else the one that comes with k2graph."""
    from .. import resources

    if given is not None:
        return given
    here = resources.graph_here()
    if here is None:
        # Whoever thinks that the folder has a graph should not wonder at the answer.
        for nearby in resources.graphs_passed_over()[:1]:
            print(clean(f"k2graph: the graph is k2graph's own; {nearby} is asked with --data {nearby}"), file=sys.stderr)
    if here is None or resources.is_own_graph(here):
        return resources.GRAPH
    # Whoever does not know that the folder has a graph of its own should not wonder at the answer.
    print(clean(f"k2graph: the graph is {here}, that of this folder"), file=sys.stderr)
    return here


def source_of(chosen: argparse.Namespace) -> Path | None:
    """The file that is read, where one is."""
    from .. import resources

    return None if chosen.endpoint else chosen.data or resources.graph_here()


#: What folders of tables, of the ontology, of rules and of questions hold.
_CURATED = {".tsv", ".toml", ".ttl", ".rq", ".ru"}


def check_place(output: Path, source: Path | None, *, writes_graphs: bool = False) -> None:
    """Refuse to write over what is read: a graph, tables, an ontology, questions; and into the installed package.

    `source` is the graph's file or the folder of tables. Who `writes_graphs` reads none, and may renew the one that comes with k2graph.

    Raises:
        InputError: which names the place.
    """
    from .. import resources

    check_not_installed(output)
    if resources.is_own_code(output) or any(
        _would_be_lost(each, output)
        for each in (*_read(source, writes_graphs=writes_graphs), *_of_a_project(output, writes_graphs=writes_graphs))
    ):
        what, other = ("holds", "folder") if output.is_dir() else ("is", "file")
        raise InputError(f"{output}: {what} what is read here, and would be lost; name another {other}")


def _read(source: Path | None, *, writes_graphs: bool) -> Iterator[Path]:
    """The files and folders that are read here: those that were named, this folder's own, and those of a checkout."""
    from .. import resources

    beside = source.parent / "tables" if source is not None else None
    # A release has the licences.
    files = [resources.ROOT / "LICENSE", resources.GRAPH.with_name("LICENSE"), *([] if writes_graphs else [resources.GRAPH])]
    curated = [resources.ONTOLOGY.parent, resources.QUESTIONS]
    within = [each for folder in curated for each in folder.rglob("*") if each.is_dir()]
    for each in (source, beside, resources.tables_here(), resources.TABLES, *files, *curated, *within):
        if each is not None and each.exists():
            yield each


def _of_a_project(output: Path, *, writes_graphs: bool) -> Iterator[Path]:
    """The tables, graphs and descriptions of what is somebody's own and in which a place lies, at any depth."""
    from .. import resources

    for pack in resources.packs_around(Path(os.path.realpath(output)).parent):
        yield from (pack / "tables", pack / resources.PACK.name)
        with suppress(InputError):  # which graph would be its own is not said
            graph = resources.graph_of(pack)
            yield from (graph,) if graph.exists() and not writes_graphs else ()
    for data in resources.data_around(Path(os.path.realpath(output))):
        yield data / "tables"
        yield from () if writes_graphs else data.glob("*.ttl")


def _would_be_lost(kept: Path, output: Path) -> bool:
    """Whether what is read is `output`, or lies in it; whichever of the two is a link, to the other or into its folder."""
    if output.is_dir():
        return kept.resolve().is_relative_to(output.resolve())
    if not kept.is_dir():
        return output.exists() and output.samefile(kept)
    curated = [each for each in kept.iterdir() if each.suffix in _CURATED and each.is_file()]
    if output.exists():
        return any(output.samefile(each) for each in curated)
    target = output.resolve()
    return (bool(curated) and target.parent == kept.resolve() and target.suffix.lower() in _CURATED) or target in {
        Path(os.path.realpath(each))
        for each in kept.iterdir()
        if each.is_symlink()  # `resolve` would raise where one leads in a circle
    }


def form_of(chosen: argparse.Namespace, endings: Mapping[str, str], for_files: Mapping[str, str]) -> str:
    """The form of what goes to `--output` or standard output: as asked for, else by the file's ending, else the first of `endings`.

    `for_files` are the forms that no terminal shows, each with what it is called.

    Raises:
        InputError: where form and ending differ, the form needs a file, or the file is one that must not be written.
    """
    from ..sparql.rdf_syntax import check_ending

    output: Path | None = chosen.output
    by_ending = {ending.lower(): form for form, ending in endings.items()}
    usual = next(iter(endings))
    form: str = chosen.format or (by_ending.get(output.suffix.lower(), usual) if output else usual)
    if output is None:
        if form in for_files:
            raise InputError(f"{for_files[form]} goes into a file: name it with --output")
    elif by_ending.get(output.suffix.lower(), form) != form:
        raise InputError(f"{output}: the ending says {by_ending[output.suffix.lower()]}, and {form} was asked for; leave one of them out")
    else:
        check_ending(output, endings[form])
        check_place(output, source_of(chosen))
    return form


def hand_over(content: bytes, output: Path | None) -> None:
    """Write a file and tell how long it is, or write to standard output."""
    from ..atomic import write

    if output is None:
        write_data(content)
    else:
        write(content, output)
        print(clean(f"{output}: {len(content):,} bytes"), file=sys.stderr)


def print_answer(answer: Answer, form: str) -> None:
    """Print an answer in a form; say on standard error where it is empty."""
    if not answer:
        print(clean(answer.nothing), file=sys.stderr)
    if form == "table":
        write_text(answer.to_table(width(), mark_of_output()))
        if more := len(answer.columns) - len(answer.columns_within(width())):
            print(f"k2graph: {more} more columns with --format md, csv or json", file=sys.stderr)
    else:
        write_data({"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json, "md": answer.to_markdown}[form]())


def write_block(block: Block, form: str) -> int:
    """Print what is told in paragraphs."""
    if form != "text":
        write_data(block.to_json() if form == "json" else block.to_markdown())
    else:
        write_text(block.to_text(width(), mark_of_output()))
    return 0


def width() -> int:
    """How many columns the terminal has."""
    return shutil.get_terminal_size(fallback=(100, 24)).columns
