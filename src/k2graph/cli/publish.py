"""Commands that hand a graph on: view, figure, site, export, push, derive, mcp, serve."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .. import graph as graphs
from ..errors import InputError
from ..terminal import Progress
from ..text import clean
from .options import (
    Commands,
    add_data,
    add_graph_to_write,
    add_limits,
    add_source,
    command,
    graph_file,
    hand_over,
    limits_of,
    open_graph,
    sources_of,
    utf8,
    width,
    writing_options,
)
from .parsing import whole
from .places import check_place


def add_view(commands: Commands) -> None:
    """The command `view`."""
    view = command(commands, "view", _view, "draw the mechanism map: one HTML file that needs no network", "k2graph view --about Gas6")
    view.add_argument("--output", type=Path, default=Path("k2graph-map.html"), metavar="F", help="the file (default: k2graph-map.html)")
    view.add_argument("--about", type=utf8, metavar="THING", help="what is about a claim, mechanism, entity, study, report or interaction")
    view.add_argument("--mechanism", metavar="M", help="only one mechanism")
    view.add_argument("--form", metavar="F", help="only mechanisms that begin with a form, or with what it is a form of")
    view.add_argument("--hops", type=whole("--hops"), metavar="N", help="how many claims away from THING (default: 1)")
    add_source(view)


def _view(chosen: argparse.Namespace) -> int:
    from ..sparql.rdf_syntax import check_ending

    if chosen.hops is not None and chosen.about is None:
        raise InputError("--hops counts from what --about names; name it, or leave --hops out")
    check_ending(chosen.output, ".html")
    check_place(chosen.output, *sources_of(chosen))
    with Progress("drawing"):
        picture = open_graph(chosen).view(about=chosen.about, mechanism=chosen.mechanism, form=chosen.form, hops=chosen.hops or 1)
        content = picture.html.encode()
    hand_over(content, chosen.output)
    return 0


def add_figure(commands: Commands) -> None:
    """The command `figure`."""
    figure = command(
        commands,
        "figure",
        _figure,
        "draw a mechanism for a slide or a paper, as SVG: its links, its reach, and where that ends",
        "k2graph figure mgp-calcification-events --width 80",
    )
    figure.add_argument("mechanism", metavar="MECHANISM", help="its name")
    figure.add_argument(
        "--width", type=int, choices=(170, 80), default=170, help="millimetres: two columns of a journal, or one (default: 170)"
    )
    figure.add_argument("--output", type=Path, metavar="F", help="the file (default: MECHANISM-WIDTHmm.svg, here)")
    add_source(figure)


def _figure(chosen: argparse.Namespace) -> int:
    from ..iris import slug
    from ..sparql.rdf_syntax import check_ending

    drawn = open_graph(chosen).figure(chosen.mechanism)
    output = chosen.output or Path(f"{slug(drawn.mechanism.partition(':')[2])}-{chosen.width}mm.svg")
    check_ending(output, ".svg")
    check_place(output, *sources_of(chosen))
    hand_over(drawn.svg(chosen.width).encode(), output)
    return 0


def add_site(commands: Commands) -> None:
    """The command `site`."""
    site = command(commands, "site", _site, "write the whole as static pages that need no network", "k2graph site pages")
    site.add_argument("folder", type=Path, metavar="DIR", help="the folder to fill; a site that is there already is replaced")
    add_source(site)


def _site(chosen: argparse.Namespace) -> int:
    from ..views.site import write_site

    check_place(chosen.folder, *sources_of(chosen))
    with Progress("pages") as progress:
        count = write_site(open_graph(chosen), chosen.folder, progress)
    print(clean(f"{chosen.folder / 'index.html'}: {count:,} files"), file=sys.stderr)
    return 0


def add_export(commands: Commands) -> None:
    """The command `export`."""
    export = command(
        commands, "export", _export, "write the graph for another knowledge base; without a format, list them", "k2graph export graphml"
    )
    export.add_argument("format", nargs="?", metavar="FORMAT", help="what to write")
    export.add_argument("--output", type=Path, metavar="F", help="the file or folder to write (default: k2graph-FORMAT, here)")
    export.add_argument(
        "--about", type=utf8, metavar="THING", help="only what is about a claim, mechanism, entity, study, report or interaction"
    )
    export.add_argument("--mechanism", metavar="M", help="only what a mechanism rests on")
    export.add_argument(
        "--include",
        default="",
        metavar="WORDS",
        help="results, and `retracted`, to write beside a format's own: such as not-shown,contested",
    )
    export.add_argument("--paper", default="", metavar="P", help="of a format with pages, what they are for: a4 or letter (default: a4)")
    add_source(export)


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
        sys.stdout.write(table(("format", "what it is", "read by", "carries", "loses"), rows, width()))
        return 0
    target = exports.find_format(chosen.format)
    output = chosen.output or Path(f"k2graph-{target.name}{target.suffix}")
    check_place(output, *sources_of(chosen))
    with Progress("exporting"):
        part = exports.choose(open_graph(chosen), about=chosen.about, mechanism=chosen.mechanism, incomplete=target.incomplete)
        written = exports.export(part, target, output, tuple(filter(None, chosen.include.split(","))), chosen.paper)
    if written.size:
        print(clean(f"{output}: {written.size:,} bytes"), file=sys.stderr)
    else:
        chosen_part = "what was chosen of the graph" if part.things or not part.whole else "the graph"
        print(f"k2graph: there is nothing for {target.name} in {chosen_part}; no file was written", file=sys.stderr)
    for what, count in sorted(written.left_out.items()):
        print(f"left out {count:,} {what}", file=sys.stderr)
    return 0 if written.size else 1


def add_push(commands: Commands) -> None:
    """The command `push`."""
    push = command(
        commands,
        "push",
        _push,
        "load the graph into a server, in place of what a graph there held",
        "k2graph push http://localhost:7878/update --graph default",
    )
    push.add_argument(
        "endpoint", metavar="ENDPOINT", help="the server's SPARQL Update service; user and password from K2GRAPH_USER, K2GRAPH_PASSWORD"
    )
    add_graph_to_write(push, "the graph to fill")
    add_data(push)


def _push(chosen: argparse.Namespace) -> int:
    from ..sparql.push import push

    triples = list(graphs.open(graph_file(chosen.data)).triples())
    with Progress("pushing") as bar:
        done = push(triples, chosen.endpoint, **writing_options(chosen), progress=lambda sent: bar(f"{sent:,} of {len(triples):,} triples"))
    print(f"{chosen.endpoint}: {len(triples):,} triples in {done}", file=sys.stderr)
    return 0


def add_derive(commands: Commands) -> None:
    """The command `derive`."""
    derive = command(
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
    add_graph_to_write(derive, "the graph")


def _derive(chosen: argparse.Namespace) -> int:
    from ..building.derive import derive

    with Progress("deriving") as bar:
        done = derive(
            chosen.endpoint,
            chosen.update,
            **writing_options(chosen),
            progress=lambda step, done, all_steps: bar(f"{done} of {all_steps} steps: {step}"),
        )
    print(f"{chosen.endpoint}: derived in {done}", file=sys.stderr)
    return 0


def add_mcp(commands: Commands) -> None:
    """The command `mcp`."""
    assistant = command(
        commands, "mcp", _mcp, "serve assistants by the Model Context Protocol, on standard input and output", "k2graph mcp"
    )
    add_source(assistant)


def _mcp(chosen: argparse.Namespace) -> int:
    from ..mcp import server

    server(open_graph(chosen)).run("stdio")
    return 0


def add_serve(commands: Commands) -> None:
    """The command `serve`."""
    serve = command(commands, "serve", _serve, "serve the graph: SPARQL, questions as an API, and pages", "k2graph serve --port 7878")
    serve.add_argument("--host", metavar="HOST", help="where to listen (default: 127.0.0.1, this machine only)")
    serve.add_argument("--port", type=whole("--port"), metavar="PORT", help="the port (default: 7878)")
    add_data(serve)
    add_limits(serve)
    serve.add_argument(
        "--max-concurrent", type=whole("--max-concurrent"), metavar="N", help="queries at once, each in a process of its own (default: 2)"
    )
    serve.add_argument(
        "--max-per-client", type=whole("--max-per-client"), metavar="N", help="queries that one address may have under way (default: 10)"
    )
    serve.add_argument(
        "--cache", type=whole("--cache", 0), metavar="MIB", help="memory for answers that are asked for again; 0 for none (default: 32)"
    )
    serve.add_argument("--proxy", metavar="ADDRESS", help="the server in front, believed when it tells for whom it asks, such as 127.0.0.1")
    serve.add_argument("--allow-host", metavar="NAME", help="another name of this server, where it listens at 127.0.0.1; * for any")
    serve.add_argument(
        "--no-pages", dest="pages", action="store_false", default=None, help="make no pages: SPARQL and the questions alone, ready sooner"
    )
    serve.add_argument("--metrics", action="store_true", help="counters for Prometheus at /metrics")
    serve.add_argument("--base-path", metavar="P", help="the path under which a server in front passes requests on, such as /k2")


def _serve(chosen: argparse.Namespace) -> int:
    from ..server import serve
    from ..server.settings import Settings

    names = ("host", "port", "max_concurrent", "max_per_client", "cache", "base_path", "proxy", "allow_host", "pages", "metrics")
    given = {name: getattr(chosen, name) for name in names if getattr(chosen, name) is not None}
    serve(Settings(data=graph_file(chosen.data), **given, limits=limits_of(chosen)))
    return 0
