"""The command `plot`: a forest or funnel plot of a claim, for a page, for print, or as data with scripts that draw it anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import InputError, NothingToShow, require
from ..text import clean
from .options import Commands, add_source, command, form_of, hand_over, open_graph, utf8
from .parsing import whole

_ENDINGS = {"svg": ".svg", "png": ".png", "pdf": ".pdf", "csv": ".csv", "r": ".R", "python": ".py"}
#: Forms that no terminal shows.
_FOR_FILES = {"png": "png", "pdf": "pdf"}


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
    require("a plot", "plots", "matplotlib")
    form = form_of(chosen, _ENDINGS, _FOR_FILES)
    found = open_graph(chosen).plots(chosen.claim)
    if not found:
        raise NothingToShow("no two results on the claim have an interval in one measure; `k2graph explain` tells what it rests on")
    if not 1 <= chosen.number <= len(found):
        raise InputError(f"the claim has {len(found)} plot{'s' if len(found) > 1 else ''}, and no plot {chosen.number}")
    plot = found[chosen.number - 1]
    makers = {
        "svg": plot.to_svg, "png": plot.to_png, "pdf": plot.to_pdf, "csv": plot.to_csv, "r": plot.to_r, "python": plot.to_python,
    }  # fmt: skip
    hand_over(makers[form](), chosen.output)
    if len(found) > 1:
        for number, each in enumerate(found, 1):
            print(f"{'>' if number == chosen.number else ' '} {number} {each.kind}: {clean(each.title)}", file=sys.stderr)
    return 0
