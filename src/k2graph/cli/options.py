"""What several commands have in common: options, the graph they name, and how an answer is printed."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import graph as graphs
from ..errors import InputError
from ..sparql.answers import Answer
from ..terminal import mark_of_output, write_data, write_text
from ..text import clean, headed
from .parsing import Parser, whole
from .places import check_place

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
    add_data(command)
    add_endpoint(command)


def add_data(command: argparse.ArgumentParser) -> None:
    """The option that names graphs, which are read together."""
    help_text = (
        "a graph; several, each with --data, are read together (default: those of K2GRAPH_DATA, else this folder's own, else k2graph's)"
    )
    command.add_argument("--data", type=Path, action="append", metavar="FILE", help=help_text)


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
    data = graph_file(chosen.data) if chosen.endpoint is None else _only(chosen.data)
    return graphs.open(data, endpoint=chosen.endpoint, timeout=chosen.timeout, graph=chosen.graph, stored=stored)


def _only(given: Path | Sequence[Path] | None) -> Path | None:
    """The one file that was named, or the first: whoever names an endpoint too is told that it is one too many."""
    return given if given is None or isinstance(given, Path) else given[0]


def graph_file(given: Path | Sequence[Path] | None) -> Path:
    """The graph that was named, else that of the folder one stands in, else the one that comes with k2graph.

    Of several graphs, a file of all of them.

    Raises:
        InputError: where several say different things of one.
    """
    from .. import resources

    files = files_of(given)
    if files and given is None:
        print(clean(f"k2graph: the graph is {' and '.join(map(str, files))}, by K2GRAPH_DATA"), file=sys.stderr)
    if len(files) == 1:
        return files[0]
    if files:
        from ..sparql.several_files import together

        return together(files)
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


def files_of(given: Path | Sequence[Path] | None) -> list[Path]:
    """The graphs that were named, or that K2GRAPH_DATA names, as PATH names folders; none where the folder one stands in decides."""
    if given is not None:
        return [given] if isinstance(given, Path) else list(given)
    return [Path(each) for each in os.environ.get("K2GRAPH_DATA", "").split(os.pathsep) if each]


def sources_of(chosen: argparse.Namespace) -> list[Path]:
    """The files that are read, where any are."""
    from .. import resources

    if chosen.endpoint:
        return []
    here = [] if (files := files_of(chosen.data)) else [resources.graph_here()]
    return [each for each in (*files, *here) if each is not None]


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
        check_place(output, *sources_of(chosen))
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
