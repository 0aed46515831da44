"""The command line. Results go to standard output, all else to standard error.

Exit codes: 0 done; 1 the answer is no (violations, drift, an ASK that is false); 2 wrong use or wrong input.
Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import graph as graphs
from ..errors import Fault, InputError, TableFaults, counted
from ..sparql.answers import Answer
from ..sparql.safety import query_form
from ..terminal import Progress, coloured, speak_utf8, with_colours, write_data
from ..text import clean

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from ..reports.explain import Block
    from ..server.query_processes.answering import Limits
    from ..sparql.questions import Question

FORMATS = ("table", "csv", "tsv", "json", "md")
#: An answer's studies as references.
REFERENCES = ("bibtex", "ris", "csl-json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    speak_utf8()
    try:
        chosen, rest = _parser().parse_known_args(arguments)
        if rest and chosen.command is not _ask:
            _parser().error(f"unrecognised arguments: {' '.join(rest)}")
        chosen.rest = rest
        code: int = chosen.command(chosen)
        sys.stdout.flush()
        return code
    except InputError as error:
        # File names and addresses come from outside: what they hold must not steer the terminal.
        lines = (clean(line) for line in str(error).split("\n"))
        # Faults begin with file and line, so that an editor can go there.
        print(("" if isinstance(error, TableFaults) else "k2graph: ") + "\n".join(lines), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of the pipe has seen enough, as `head` does; Python would complain when it closes standard output.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="k2graph",
        allow_abbrev=False,
        description="A knowledge graph of nutrient mechanisms, with the evidence for every step.",
        epilog="example: k2graph ask mechanisms-lacking-human-rct-support",
    )
    parser.add_argument("--version", action="version", version=f"k2graph {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    ask = _command(
        commands,
        "ask",
        _ask,
        "answer a question; without one, list them",
        "k2graph ask evidence-for-claim --claim mk-7-level-dp-ucmgp",
        add_help=False,
    )
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="a question's name")
    ask.add_argument(
        "--format",
        choices=(*FORMATS, *REFERENCES),
        default="table",
        help="form of the answer (default: table), or its studies as references",
    )
    ask.add_argument("-h", "--help", action="store_true", help="show this, or what a question takes and answers")
    _source(ask)

    explain = _command(
        commands, "explain", _explain, "tell all that bears on one thing, both sides", "k2graph explain 'MK-7 lowers arterial stiffness'"
    )
    explain.add_argument(
        "thing",
        type=_text,
        metavar="THING",
        help="a claim, mechanism, entity, study or interaction: label, synonym, slug, identifier or address",
    )
    _block_format(explain)
    _source(explain)

    path = _command(commands, "path", _path, "follow claims from one thing to another", "k2graph path 'vitamin K2' 'muscle strength'")
    path.add_argument("start", type=_text, metavar="FROM", help="where to begin: an entity's label, synonym, slug, identifier or address")
    path.add_argument("end", type=_text, metavar="TO", help="where to arrive")
    path.add_argument("--most", type=int, default=10, metavar="N", help="how many chains at the most (default: 10)")
    _block_format(path)
    _source(path)

    query = _command(commands, "query", _query, "run any SPARQL query", "k2graph query 'SELECT ?f { ?f k2g:formOf entity:vitamin-k2 }'")
    query.add_argument("text", nargs="?", type=_text, metavar="TEXT", help="the query; - reads it from standard input")
    query.add_argument("--file", type=Path, metavar="F", help="a file that holds the query")
    query.add_argument(
        "--format",
        choices=FORMATS,
        default="table",
        help="form of the answer (default: table); triples come as Turtle, with json as JSON-LD",
    )
    query.add_argument("--data", type=Path, metavar="FILE", help="another graph")
    _endpoint(query, limited=True)

    validate = _command(commands, "validate", _validate, "hold a graph against the SHACL shapes", "k2graph validate data/k2.ttl")
    validate.add_argument("data", nargs="?", type=Path, metavar="FILE", help="a graph (default: this folder's own, else k2graph's)")
    validate.add_argument("--format", choices=("text", "json", "ttl"), default="text", help="form of the report (default: text)")
    validate.add_argument(
        "--engine", default="queries", metavar="E", help="queries, made from the shapes, or pyshacl, slow, to compare (default: queries)"
    )
    _endpoint(validate)

    build = _command(commands, "build", _build, "build the graph from the tables", "k2graph build --check")
    build.add_argument("--check", action="store_true", help="write nothing; say whether the graph has drifted from the tables")
    build.add_argument("--tables", type=Path, metavar="DIR", help="the folder of tables (default: data/tables, here)")
    build.add_argument("--output", type=Path, metavar="F", help="the file to write (default: the graph beside data/tables, here)")
    build.add_argument("--asserted", action="store_true", help="without what follows by rule, which `k2graph derive` adds in a server")

    diff = _command(commands, "diff", _diff, "tell what changed between two versions of a graph", "k2graph diff old.ttl data/k2.ttl")
    diff.add_argument("old", type=Path, metavar="OLD", help="the older graph")
    diff.add_argument("new", type=Path, nargs="?", metavar="NEW", help="the newer graph (default: this folder's own, else k2graph's)")
    _block_format(diff)

    view = _command(commands, "view", _view, "draw the mechanism map: one HTML file that needs no network", "k2graph view --about Gas6")
    view.add_argument("--output", type=Path, default=Path("k2graph-map.html"), metavar="F", help="the file (default: k2graph-map.html)")
    view.add_argument("--about", type=_text, metavar="THING", help="what is about a claim, mechanism, entity, study or interaction")
    view.add_argument("--mechanism", metavar="M", help="only one mechanism")
    view.add_argument("--form", metavar="F", help="only mechanisms that begin with a form, or with what it is a form of")
    view.add_argument("--hops", type=int, default=1, metavar="N", help="how many claims away from THING (default: 1)")
    _source(view)

    site = _command(commands, "site", _site, "write the whole as static pages that need no network", "k2graph site pages")
    site.add_argument("folder", type=Path, metavar="DIR", help="the folder to fill; a site that is there already is replaced")
    _source(site)

    export = _command(
        commands, "export", _export, "write the graph for another knowledge base; without a format, list them", "k2graph export graphml"
    )
    export.add_argument("format", nargs="?", metavar="FORMAT", help="what to write")
    export.add_argument("--output", type=Path, metavar="F", help="the file or folder to write (default: k2graph-FORMAT, here)")
    export.add_argument("--about", type=_text, metavar="THING", help="only what is about a claim, mechanism, entity, study or interaction")
    export.add_argument("--mechanism", metavar="M", help="only what a mechanism rests on")
    export.add_argument(
        "--include", default="", metavar="WORDS", help="results, and `retracted`, to write beside a format's own: such as null,contested"
    )
    _source(export)

    _push_command(commands)
    _derive_command(commands)

    assistant = _command(
        commands, "mcp", _mcp, "serve assistants by the Model Context Protocol, on standard input and output", "k2graph mcp"
    )
    _source(assistant)

    serve = _command(commands, "serve", _serve, "serve the graph: SPARQL, questions as an API, and pages", "k2graph serve --port 7878")
    serve.add_argument("--host", metavar="HOST", help="where to listen (default: 127.0.0.1, this machine only)")
    serve.add_argument("--port", type=int, metavar="PORT", help="the port (default: 7878)")
    serve.add_argument("--data", type=Path, metavar="F", help="a graph (default: this folder's own, else k2graph's)")
    _limits(serve)
    serve.add_argument("--max-concurrent", type=int, metavar="N", help="queries at once, each in a process of its own (default: 2)")
    serve.add_argument("--max-per-client", type=int, metavar="N", help="queries that one address may have under way (default: 10)")
    serve.add_argument("--cache", type=int, metavar="MIB", help="memory for answers that are asked for again; 0 for none (default: 32)")
    serve.add_argument("--proxy", metavar="ADDRESS", help="the server in front, believed when it tells for whom it asks, such as 127.0.0.1")
    serve.add_argument("--allow-host", metavar="NAME", help="another name of this server, where it listens at 127.0.0.1; * for any")
    serve.add_argument("--metrics", action="store_true", help="counters for Prometheus at /metrics")
    serve.add_argument("--base-path", metavar="P", help="the path under which a server in front passes requests on, such as /k2")

    stats = _command(commands, "stats", _stats, "say what the graph holds", "k2graph stats")
    _source(stats)
    return parser


def _push_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    push = _command(
        commands,
        "push",
        _push,
        "load the graph into a server, in place of what a graph there held",
        "k2graph push http://localhost:7878/update --graph default",
    )
    push.add_argument(
        "endpoint", metavar="ENDPOINT", help="the server's SPARQL Update service; user and password from K2GRAPH_USER, K2GRAPH_PASSWORD"
    )
    _into_a_graph(push, "the graph to fill")
    push.add_argument("--data", type=Path, metavar="FILE", help="a graph (default: this folder's own, else k2graph's)")


def _derive_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    derive = _command(
        commands,
        "derive",
        _derive,
        "run the rules in a server, on a graph that was built with --asserted or has changed",
        "k2graph derive --endpoint http://localhost:7878/query --update http://localhost:7878/update --graph default",
    )
    derive.add_argument(
        "--endpoint",
        required=True,
        metavar="URL",
        help="the server's SPARQL queries; user and password from K2GRAPH_USER, K2GRAPH_PASSWORD",
    )
    derive.add_argument("--update", metavar="URL", help="where it takes updates, where that is another address")
    _into_a_graph(derive, "the graph")


def _into_a_graph(command: argparse.ArgumentParser, graph: str) -> None:
    """How a command writes to a graph of a server. What is not given, `_writing` leaves to the defaults of what does it."""
    command.add_argument(
        "--graph", metavar="IRI", help=f"{graph}, or default for the server's default graph (default: https://w3id.org/k2graph)"
    )
    command.add_argument("--batch", type=int, metavar="N", help="triples to send at once (default: 1000)")
    command.add_argument("--timeout", type=float, metavar="S", help="seconds to wait for each answer (default: 600)")


def _writing(chosen: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(chosen, name) for name in ("graph", "batch", "timeout") if getattr(chosen, name) is not None}


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_text: str,
    example: str,
    *,
    add_help: bool = True,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=help_text, description=help_text.capitalize() + ".", epilog=f"example: {example}", add_help=add_help, allow_abbrev=False
    )
    command.set_defaults(command=run, parser=command)
    return command


def _block_format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "md", "json"), default="text", help="form of the answer (default: text)")


def _source(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, metavar="FILE", help="a graph (default: this folder's own, else k2graph's)")
    _endpoint(command)


def _limits(command: argparse.ArgumentParser) -> None:
    """What a query may take. What is not given, `_limited` leaves to the defaults of what runs it."""
    command.add_argument("--timeout", type=float, metavar="S", help="seconds that a query may take (default: 30)")
    command.add_argument("--max-rows", type=int, metavar="N", help="rows that an answer may have (default: 100000)")
    command.add_argument("--memory", type=int, metavar="MIB", help="memory of a query, beyond the graph's own (default: 2048)")


def _limited(chosen: argparse.Namespace) -> Limits:
    from ..server.query_processes.answering import Limits

    given = {name: getattr(chosen, name) for name in ("timeout", "max_rows", "memory") if getattr(chosen, name) is not None}
    if "memory" in given:
        given["memory"] *= 2**20
    return Limits(**given)


def _endpoint(command: argparse.ArgumentParser, *, limited: bool = False) -> None:
    command.add_argument(
        "--endpoint", metavar="URL", help="a SPARQL endpoint instead of a file; user and password from K2GRAPH_USER, K2GRAPH_PASSWORD"
    )
    if limited:
        _limits(command)
    else:
        command.add_argument("--timeout", type=float, default=60.0, metavar="S", help="seconds to wait for an endpoint (default: 60)")
    command.add_argument("--graph", metavar="IRI", help="a named graph of the endpoint (default: its default graph)")


def _open(chosen: argparse.Namespace) -> graphs.Graph:
    data = _data(chosen.data) if chosen.endpoint is None else chosen.data
    return graphs.open(data, endpoint=chosen.endpoint, timeout=chosen.timeout, graph=chosen.graph)


def _data(given: Path | None) -> Path:
    """The graph that was named, else that of the folder one stands in, else the one that comes with k2graph."""
    from .. import resources

    if given is not None:
        return given
    here = resources.graph_here()
    if here is None or here.resolve() == resources.GRAPH:
        return resources.GRAPH
    # Whoever does not know that the folder has a graph of its own should not wonder at the answer.
    print(f"k2graph: the graph is {here}, that of this folder", file=sys.stderr)
    return here


def _ask(chosen: argparse.Namespace) -> int:
    from ..sparql.questions import find_question, read_questions

    if chosen.question is None:
        if chosen.rest:
            chosen.parser.error(f"unrecognised arguments: {' '.join(chosen.rest)}")
        if chosen.help:
            chosen.parser.print_help()
            return 0
        from ..terminal import table

        sys.stdout.write(table(("question", "answers"), [(question.name, question.title) for question in read_questions()], _width()))
        return 0
    question = find_question(chosen.question)
    parser = _question_parser(question)
    if chosen.help:
        # Read anew, for what it may name is known only now.
        _question_parser(question, _examples(chosen, question)).print_help()
        return 0
    given = vars(parser.parse_args(chosen.rest))
    graph = _open(chosen)
    answer = graph.ask(question.name, **{name: value for name, value in given.items() if value is not None})
    if chosen.format in REFERENCES:
        _print_references(graph, answer, chosen.format)
    else:
        _print(answer, chosen.format)
    return 0


def _examples(chosen: argparse.Namespace, question: Question) -> dict[str, str]:
    """Values that the graph at hand knows; none where it cannot be read, which is no reason to be without help."""
    from ..sparql.examples import example

    try:
        return example(_open(chosen), question)
    except InputError:
        return {}


def _print_references(graph: graphs.Graph, answer: Answer, form: str) -> None:
    from ..reports.references import write_references

    named = {value for row in answer for value in row.values() if isinstance(value, str)}
    studies = [study for name, study in graph.evidence().studies.items() if name in named]
    if not studies:
        print("this answer names no study", file=sys.stderr)
    write_data(write_references(form, studies))


def _question_parser(question: Question, examples: Mapping[str, str] | None = None) -> argparse.ArgumentParser:
    columns = "\n".join(f"  {column:<18} {meaning}" for column, meaning in question.columns.items())
    parser = argparse.ArgumentParser(
        prog=f"k2graph ask {question.name}",
        usage=f"k2graph ask {question.name} [OPTIONS] [--format {{{','.join((*FORMATS, *REFERENCES))}}}]"
        " [--data FILE | --endpoint URL [--graph IRI]]",
        description=f"{question.title}\n\n{question.description}\nLeaves out: {question.leaves_out}",
        epilog=f"columns of the answer:\n{columns}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    for parameter in question.parameters.values():
        named = (examples or {}).get(parameter.name)
        said = ("required" if parameter.required else "default: all") + (f"; for example {named}" if named else "")
        # A percent sign would be read as a place to fill.
        parser.add_argument(
            f"--{parameter.name.replace('_', '-')}",
            dest=parameter.name,
            type=_text,
            metavar="X",
            help=f"{parameter.about} ({said})".replace("%", "%%"),
        )
    return parser


def _explain(chosen: argparse.Namespace) -> int:
    from ..reports.explain import explain

    return _write_block(explain(_open(chosen), chosen.thing), chosen.format)


def _path(chosen: argparse.Namespace) -> int:
    from ..reports.explain import explain_chains

    return _write_block(explain_chains(_open(chosen), chosen.start, chosen.end, chosen.most), chosen.format)


def _write_block(block: Block, form: str) -> int:
    if form != "text":
        write_data(block.to_json() if form == "json" else block.to_markdown())
    elif coloured():
        sys.stdout.write(with_colours(block.to_text(_width(), marked=True)))
    else:
        sys.stdout.write(block.to_text(_width()))
    return 0


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
        _print(found, chosen.format)
        return 0
    if isinstance(found, bool):
        # JSON and delimited text have the word that is theirs, and SPARQL's.
        words = ("true", "false") if chosen.format in {"json", "csv", "tsv"} else ("yes", "no")
        write_data(words[not found] + "\n")
        return 0 if found else 1
    from pyoxigraph import RdfFormat, serialize

    from ..iris import PREFIXES

    form = RdfFormat.JSON_LD if chosen.format == "json" else RdfFormat.TURTLE
    written = serialize(sorted(found, key=str), format=form, prefixes=PREFIXES) or b""
    write_data(written + b"\n" if form == RdfFormat.JSON_LD else written)
    return 0


def _answer_within_limits(chosen: argparse.Namespace, text: str) -> Answer | list[Triple] | bool:
    """A query's answer from a process of its own that has the file, or from an endpoint, which has its own bound on memory."""
    limits = _limited(chosen)
    if chosen.endpoint is None and chosen.graph is None:
        from ..server.apart import StoreApart

        return graphs.Graph(StoreApart(_data(chosen.data), limits)).query(text)
    if chosen.memory is not None:
        raise InputError("--memory bounds a query on a file; an endpoint has its own bound")
    found = graphs.open(chosen.data, endpoint=chosen.endpoint, timeout=limits.timeout, graph=chosen.graph).query(text)
    if not isinstance(found, bool) and len(found) > limits.max_rows:
        raise InputError(f"the answer has more than {limits.max_rows:,} rows; take it in parts with LIMIT, or allow more with --max-rows")
    return found


def _standard_input() -> str:
    stream = getattr(sys.stdin, "buffer", None)
    try:
        return sys.stdin.read() if stream is None else str(stream.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("standard input: not UTF-8") from error


def _text(argument: str) -> str:
    """An argument that is text. Where the locale cannot hold what was typed, it is UTF-8."""
    try:
        return argument.encode("utf-8", "surrogateescape").decode()
    except UnicodeDecodeError as error:
        raise argparse.ArgumentTypeError("not UTF-8") from error


def _validate(chosen: argparse.Namespace) -> int:
    with Progress("validating"):
        report = _open(chosen).validate(chosen.engine)
    if chosen.format == "text":
        sys.stdout.write(report.to_text())
    else:
        write_data(report.to_json() if chosen.format == "json" else report.to_turtle())
    return 0 if report.passes else 1


def _build(chosen: argparse.Namespace) -> int:
    from .. import resources
    from ..atomic import write
    from ..building import build
    from ..building.turtle import turtle

    if chosen.asserted and chosen.output is None:
        raise InputError("--asserted needs --output: a graph that is asked holds what follows too")
    if chosen.tables is not None and chosen.output is None:
        raise InputError("--tables needs --output: the file of the graph that these tables make")
    tables = chosen.tables or resources.tables_here()
    path = chosen.output or resources.graph_here()
    if tables is None or path is None:
        raise InputError("there is no data/tables here; go to the folder that holds it, or name --tables DIR and --output FILE")
    warnings: list[Fault] = []
    with Progress("building") as progress:

        def told(news: str | Fault) -> None:
            warnings.append(news) if isinstance(news, Fault) else progress(news)

        made = build.asserted(tables, told=told) if chosen.asserted else build.build(tables, told=told)
        progress("writing")
        content = turtle(build.triples_of(made))
    if chosen.check:
        differences = build.drift(content, path)
        if differences:
            print(differences)
            print(f"k2graph: {path} is not what the tables say; run `k2graph build`", file=sys.stderr)
            return 1
        print(f"{path} is what the tables say", file=sys.stderr)
        return 0
    for line in [*map(str, warnings), *([counted(len(warnings), "warning")] if warnings else [])]:
        print(clean(line), file=sys.stderr)
    write(content, path)
    print(f"{path}: {len(content):,} bytes", file=sys.stderr)
    return 0


def _diff(chosen: argparse.Namespace) -> int:
    from ..reports.diff import compare

    return _write_block(compare(graphs.open(chosen.old), graphs.open(_data(chosen.new))), chosen.format)


def _view(chosen: argparse.Namespace) -> int:
    from ..atomic import write

    with Progress("drawing"):
        picture = _open(chosen).view(about=chosen.about, mechanism=chosen.mechanism, form=chosen.form, hops=chosen.hops)
        content = picture.html.encode()
    write(content, chosen.output)
    print(f"{chosen.output}: {len(content):,} bytes", file=sys.stderr)
    return 0


def _site(chosen: argparse.Namespace) -> int:
    from ..views.site import write_site

    with Progress("pages") as progress:
        count = write_site(_open(chosen), chosen.folder, progress)
    print(f"{chosen.folder / 'index.html'}: {count:,} files", file=sys.stderr)
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from .. import exports

    if chosen.format is None:
        from ..terminal import table

        rows = []
        for name in exports.formats():
            try:
                found = exports.find_format(name)
            except InputError as error:
                # A format of another package that does not work must not hide the others.
                print(f"k2graph: {clean(str(error))}", file=sys.stderr)
            else:
                rows.append((found.name, found.title, found.readers, found.carries, found.loses))
        sys.stdout.write(table(("format", "what it is", "read by", "carries", "loses"), rows, _width()))
        return 0
    target = exports.find_format(chosen.format)
    output = chosen.output or Path(f"k2graph-{target.name}{target.suffix}")
    with Progress("exporting"):
        part = exports.choose(_open(chosen), about=chosen.about, mechanism=chosen.mechanism)
        written = exports.export(part, target, output, tuple(filter(None, chosen.include.split(","))))
    if written.size:
        print(f"{output}: {written.size:,} bytes", file=sys.stderr)
    else:
        chosen_part = "what was chosen of the graph" if part.things or not part.whole else "the graph"
        print(f"k2graph: there is nothing for {target.name} in {chosen_part}; no file was written", file=sys.stderr)
    for what, count in sorted(written.left_out.items()):
        print(f"left out {count:,} {what}", file=sys.stderr)
    return 0 if written.size else 1


def _push(chosen: argparse.Namespace) -> int:
    from ..sparql.push import push

    triples = list(graphs.open(_data(chosen.data)).triples())
    with Progress("pushing") as bar:
        done = push(triples, chosen.endpoint, **_writing(chosen), progress=lambda sent: bar(f"{sent:,} of {len(triples):,} triples"))
    print(f"{chosen.endpoint}: {len(triples):,} triples in {done}", file=sys.stderr)
    return 0


def _derive(chosen: argparse.Namespace) -> int:
    from ..building.derive import derive

    with Progress("deriving") as bar:
        done = derive(
            chosen.endpoint,
            chosen.update,
            **_writing(chosen),
            progress=lambda step, done, all_steps: bar(f"{done} of {all_steps} steps: {step}"),
        )
    print(f"{chosen.endpoint}: derived in {done}", file=sys.stderr)
    return 0


def _mcp(chosen: argparse.Namespace) -> int:
    from ..mcp import server

    server(_open(chosen)).run("stdio")
    return 0


def _serve(chosen: argparse.Namespace) -> int:
    from ..server import Settings, serve

    names = ("host", "port", "max_concurrent", "max_per_client", "cache", "base_path", "proxy", "allow_host", "metrics")
    given = {name: getattr(chosen, name) for name in names if getattr(chosen, name) is not None}
    serve(Settings(data=_data(chosen.data), **given, limits=_limited(chosen)))
    return 0


def _stats(chosen: argparse.Namespace) -> int:
    answer = _open(chosen).query(
        """SELECT ?thing (COUNT(DISTINCT ?node) AS ?count) WHERE { ?node a ?class . ?class a owl:Class ; rdfs:label ?thing }
        GROUP BY ?thing ORDER BY DESC(?count) ?thing""",
        whole=True,
    )
    if isinstance(answer, Answer):
        _print(answer, "table")
    return 0


def _print(answer: Answer, form: str) -> None:
    if not answer:
        print(clean(answer.nothing), file=sys.stderr)
    if form == "table":
        sys.stdout.write(with_colours(answer.to_table(_width(), marked=True)) if coloured() else answer.to_table(_width()))
    else:
        write_data({"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json, "md": answer.to_markdown}[form]())


def _width() -> int:
    return shutil.get_terminal_size(fallback=(100, 24)).columns


def _version() -> str:
    from .. import __version__

    return __version__


if __name__ == "__main__":
    sys.exit(main())
