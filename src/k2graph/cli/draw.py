"""The command `plot`: a forest or funnel plot of a claim, for a page, for print, or as data with scripts that draw it anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import InputError, NothingToShow, require
from ..terminal import write_data
from ..text import clean
from .options import Commands, add_source, check_place, command, open_graph, source_of, utf8
from .parsing import whole

_ENDINGS = {"svg": ".svg", "png": ".png", "pdf": ".pdf", "csv": ".csv", "r": ".R", "python": ".py"}
#: Forms that no terminal shows.
_FOR_FILES = ("png", "pdf")


def add_plot(commands: Commands) -> None:
    """The command `plot`."""
    plot = command(
        commands,
        "plot",
        _plot,
        "draw the results on a claim as forest plots, and as funnel plots from ten pooled studies on",
        "k2graph plot mk-7-level-arterial-stiffness --output forest.pdf",
    )
    plot.add_argument("claim", type=utf8, metavar="CLAIM", help="a claim: label, slug, identifier or address")
    plot.add_argument(
        "--format",
        choices=tuple(_ENDINGS),
        help="form (default: that of the file's ending, else svg): picture, its rows, or a script that draws it from them",
    )
    plot.add_argument("--number", type=whole("--number"), default=1, metavar="N", help="which of the claim's plots (default: 1)")
    plot.add_argument("--output", type=Path, metavar="F", help="the file to write (default: standard output)")
    add_source(plot)


def _plot(chosen: argparse.Namespace) -> int:
    from ..atomic import write
    from ..sparql.rdf_syntax import check_ending

    require("a plot", "plots", "matplotlib")
    output: Path | None = chosen.output
    by_ending = {ending.lower(): form for form, ending in _ENDINGS.items()}
    form = chosen.format or (by_ending.get(output.suffix.lower(), "svg") if output else "svg")
    if output is None:
        if form in _FOR_FILES:
            raise InputError(f"{form} goes into a file: name it with --output")
    elif by_ending.get(output.suffix.lower(), form) != form:
        raise InputError(f"{output}: the ending says {by_ending[output.suffix.lower()]}, and {form} was asked for; leave one of them out")
    else:
        check_ending(output, _ENDINGS[form])
        check_place(output, source_of(chosen))
    found = open_graph(chosen).plots(chosen.claim)
    if not found:
        raise NothingToShow("no two results on the claim have an interval in one measure; `k2graph explain` tells what it rests on")
    if not 1 <= chosen.number <= len(found):
        raise InputError(f"the claim has {len(found)} plot{'s' if len(found) > 1 else ''}, and no plot {chosen.number}")
    plot = found[chosen.number - 1]
    makers = {
        "svg": plot.to_svg, "png": plot.to_png, "pdf": plot.to_pdf, "csv": plot.to_csv, "r": plot.to_r, "python": plot.to_python,
    }  # fmt: skip
    content = makers[form]()
    if output is None:
        write_data(content)
    else:
        write(content, output)
        print(f"{output}: {len(content):,} bytes", file=sys.stderr)
    if len(found) > 1:
        for number, each in enumerate(found, 1):
            print(f"{'>' if number == chosen.number else ' '} {number} {each.kind}: {clean(each.title)}", file=sys.stderr)
    return 0
