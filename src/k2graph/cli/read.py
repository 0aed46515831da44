"""Commands that read a graph: ask, explain, path, query, stats, diff."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .. import graph as graphs
from ..errors import InputError
from ..sparql.answers import NOTHING, Answer
from ..sparql.internal import internal
from ..sparql.safety import query_form
from ..terminal import write_data, write_text

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from ..sparql.questions import Question

from .options import (
    FORMATS,
    REFERENCES,
    Commands,
    add_block_format,
    add_data,
    add_endpoint,
    add_source,
    command,
    graph_file,
    limits_of,
    open_graph,
    print_answer,
    utf8,
    width,
    write_block,
)
from .parsing import Parser, whole


def add_ask(commands: Commands) -> None:
    """The command `ask`."""
    ask = command(
        commands,
        "ask",
        answer_question,
        "answer a question; without one, list them",
        "k2graph ask evidence-for-claim --claim mk-7-level-dp-ucmgp",
        add_help=False,
    )
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="a question's name")
    ask.add_argument(
        "--format",
        choices=(*FORMATS, *REFERENCES),
        default="table",
        help="form of the answer (default: table), or its reports as references",
    )
    ask.add_argument("-h", "--help", action="store_true", help="show this, or what a question takes and answers")
    add_source(ask)


def answer_question(chosen: argparse.Namespace) -> int:
    """The body of `ask`, whose own options hang on the question."""
    from ..sparql.questions import find_question, read_questions

    if chosen.question is None:
        if chosen.rest:
            chosen.parser.error(f"unrecognised arguments: {' '.join(chosen.rest)}")
        if chosen.help:
            chosen.parser.print_help()
            return 0
        from ..terminal import table

        write_text(table(("question", "answers"), [(question.name, question.title) for question in read_questions()], width()))
        return 0
    question = find_question(chosen.question)
    parser = _question_parser(question)
    if chosen.help:
        # Read anew, for what it may name is known only now.
        _question_parser(question, _examples(chosen, question)).print_help()
        return 0
    given = vars(parser.parse_args(chosen.rest))
    # References need all that is known of reports, which takes longer from a stored copy than to load the file.
    graph = open_graph(chosen, stored=chosen.format not in REFERENCES)
    answer = graph.ask(question.name, **{name: value for name, value in given.items() if value is not None})
    if chosen.format in REFERENCES:
        _print_references(graph, answer, chosen.format)
    else:
        print_answer(answer, chosen.format)
    return 0


def _examples(chosen: argparse.Namespace, question: Question) -> dict[str, str]:
    """Values that the graph at hand knows; none where it cannot be read, which is no reason to be without help."""
    from ..sparql.examples import example

    try:
        return example(open_graph(chosen, stored=True), question)
    except InputError:
        return {}


def _print_references(graph: graphs.Graph, answer: Answer, form: str) -> None:
    from ..reports.references import write_references

    evidence = graph.evidence()
    named: set[str] = set()
    for row in answer:
        things = {value for value in row.values() if isinstance(value, str)}
        reports = things & set(evidence.reports)
        # Of a row that names a study alone, all that the study was told in.
        named |= reports or {report for study in things & set(evidence.studies) for report in evidence.studies[study].reports}
    if not named:
        print("this answer names no study and no report", file=sys.stderr)
    write_data(write_references(form, [report for name, report in evidence.reports.items() if name in named]))


def _question_parser(question: Question, examples: Mapping[str, str] | None = None) -> argparse.ArgumentParser:
    columns = "\n".join(f"  {column:<18} {meaning}" for column, meaning in question.columns.items())
    parser = Parser(
        prog=f"k2graph ask {question.name}",
        usage=f"k2graph ask {question.name} [OPTIONS] [--format {{{','.join((*FORMATS, *REFERENCES))}}}]"
        " [--data FILE | --endpoint URL [--graph IRI]]",
        description=f"{question.title}\n\n{question.description}\nLeaves out: {question.leaves_out}",
        epilog=f"columns of the answer:\n{columns}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    for parameter in question.parameters.values():
        named = (examples or {}).get(parameter.name)
        hint = ("required" if parameter.required else "default: all") + (f"; for example {named}" if named else "")
        # A percent sign would be read as a place to fill.
        parser.add_argument(
            f"--{parameter.name.replace('_', '-')}",
            dest=parameter.name,
            type=utf8,
            metavar="X",
            help=f"{parameter.about} ({hint})".replace("%", "%%"),
        )
    return parser


def add_explain(commands: Commands) -> None:
    """The command `explain`."""
    explain = command(
        commands, "explain", _explain, "tell all that bears on one thing, both sides", "k2graph explain 'MK-7 lowers arterial stiffness'"
    )
    explain.add_argument(
        "thing",
        type=utf8,
        metavar="THING",
        help="a claim, mechanism, entity, study, report or interaction: label, synonym, slug, identifier or address",
    )
    explain.add_argument(
        "--sensitivity", action="store_true", help="of a claim: also how its standing holds with results left out or thresholds moved"
    )
    add_block_format(explain)
    add_source(explain)


def _explain(chosen: argparse.Namespace) -> int:
    from ..reports.explain import explain

    return write_block(
        explain(open_graph(chosen, stored=not chosen.sensitivity), chosen.thing, sensitivity=chosen.sensitivity), chosen.format
    )


def add_path(commands: Commands) -> None:
    """The command `path`."""
    path = command(commands, "path", _path, "follow claims from one thing to another", "k2graph path 'vitamin K2' 'muscle strength'")
    path.add_argument("start", type=utf8, metavar="FROM", help="where to begin: an entity's label, synonym, slug, identifier or address")
    path.add_argument("end", type=utf8, metavar="TO", help="where to arrive")
    path.add_argument("--most", type=whole("--most"), default=10, metavar="N", help="how many chains at the most (default: 10)")
    add_block_format(path)
    add_source(path)


def _path(chosen: argparse.Namespace) -> int:
    from ..reports.explain import explain_chains

    return write_block(explain_chains(open_graph(chosen, stored=True), chosen.start, chosen.end, chosen.most), chosen.format)


def add_query(commands: Commands) -> None:
    """The command `query`."""
    query = command(commands, "query", _query, "run any SPARQL query", "k2graph query 'SELECT ?f { ?f k2g:formOf entity:vitamin-k2 }'")
    query.add_argument("text", nargs="?", type=utf8, metavar="TEXT", help="the query; - reads it from standard input")
    query.add_argument("--file", type=Path, metavar="F", help="a file that holds the query")
    query.add_argument(
        "--format",
        choices=FORMATS,
        default="table",
        help="form of the answer (default: table); triples come as Turtle, with json as JSON-LD",
    )
    add_data(query)
    add_endpoint(query, limited=True)


def _query(chosen: argparse.Namespace) -> int:
    if (chosen.text is None) == (chosen.file is None):
        chosen.parser.error("give the query as text, or a file with --file")
    if chosen.file is not None:
        try:
            text = chosen.file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{chosen.file}: cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    else:
        text = chosen.text if chosen.text != "-" else _standard_input()
    if query_form(text) in {"CONSTRUCT", "DESCRIBE"} and chosen.format not in {"table", "json"}:
        raise InputError(f"triples have no form as {chosen.format}; leave out --format for Turtle, or take json for JSON-LD")
    found = _answer_within_limits(chosen, text)
    if isinstance(found, Answer):
        print_answer(found, chosen.format)
        return 0
    if isinstance(found, bool):
        # JSON and delimited text have the word that is theirs, and SPARQL's.
        words = ("true", "false") if chosen.format in {"json", "csv", "tsv"} else ("yes", "no")
        write_data(words[not found] + "\n")
        return 0 if found else 1
    if not found:
        print(NOTHING, file=sys.stderr)
    from pyoxigraph import RdfFormat, serialize

    from ..iris import PREFIXES

    form = RdfFormat.JSON_LD if chosen.format == "json" else RdfFormat.TURTLE
    written = serialize(sorted(found, key=str), format=form, prefixes=PREFIXES) or b""
    write_data(written + b"\n" if form == RdfFormat.JSON_LD else written)
    return 0


def _answer_within_limits(chosen: argparse.Namespace, text: str) -> Answer | list[Triple] | bool:
    """A query's answer from a process of its own that has the file, or from an endpoint, which has its own bound on memory."""
    limits = limits_of(chosen)
    if chosen.endpoint is None and chosen.graph is None:
        from ..server.apart import StoreApart

        return graphs.Graph(StoreApart(graph_file(chosen.data), limits)).query(text)
    if chosen.memory is not None:
        raise InputError("--memory bounds a query on a file; an endpoint has its own bound")
    found = graphs.open(
        chosen.data[0] if chosen.data else None, endpoint=chosen.endpoint, timeout=limits.timeout, graph=chosen.graph
    ).query(text)
    if not isinstance(found, bool) and len(found) > limits.max_rows:
        raise InputError(f"the answer has more than {limits.max_rows:,} rows; take it in parts with LIMIT, or allow more with --max-rows")
    return found


def _standard_input() -> str:
    stream = getattr(sys.stdin, "buffer", None)
    try:
        return sys.stdin.read() if stream is None else str(stream.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("standard input: not UTF-8") from error


def add_stats(commands: Commands) -> None:
    """The command `stats`."""
    stats = command(commands, "stats", _stats, "say what the graph holds", "k2graph stats")
    add_source(stats)


def _stats(chosen: argparse.Namespace) -> int:
    answer = open_graph(chosen, stored=True).query(internal("counts"), whole=True)
    if isinstance(answer, Answer):
        print_answer(answer, "table")
    return 0


def add_diff(commands: Commands) -> None:
    """The command `diff`."""
    diff = command(commands, "diff", _diff, "tell what changed between two versions of a graph", "k2graph diff old.ttl data/k2.ttl")
    diff.add_argument("old", type=Path, metavar="OLD", help="the older graph")
    diff.add_argument("new", type=Path, nargs="?", metavar="NEW", help="the newer graph (default: this folder's own, else k2graph's)")
    add_block_format(diff)


def _diff(chosen: argparse.Namespace) -> int:
    from ..reports.diff import compare

    return write_block(compare(graphs.open(chosen.old), graphs.open(graph_file(chosen.new))), chosen.format)
