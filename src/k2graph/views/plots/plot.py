"""A plot of the results on a claim in every form: pictures for pages and for print, its data, and scripts that draw it anew from these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...evidence.bias import read_risks
from ...evidence.model import Claim, Evidence
from ...iris import name as iri
from ...sparql.readable_graph import ReadableGraph
from .. import asset
from .drawing import Picture
from .forest import forest_picture
from .forests import forests, lights_of
from .funnel import funnel_picture, funnels
from .rows import Forest
from .table import csv_of


@dataclass(frozen=True)
class Plot:
    """A forest plot or a funnel plot, `kind` says which, of results in one measure; shows itself in a notebook."""

    kind: str
    title: str
    forest: Forest
    picture: Picture

    def to_svg(self) -> bytes:
        """The picture for a page, which turns with the reader's light or dark screen."""
        return self.picture.svg()

    def to_png(self) -> bytes:
        """The picture with 300 dots an inch, on white."""
        return self.picture.png()

    def to_pdf(self) -> bytes:
        """The picture as PDF, with its font in it."""
        return self.picture.pdf()

    def to_csv(self) -> bytes:
        """The rows that are drawn; see `k2graph.views.plots.table`."""
        return csv_of(self.forest)

    def to_r(self) -> bytes:
        """A script that draws the plot from its CSV by R's metafor, whatever plot it is."""
        return R.encode()

    def to_python(self) -> bytes:
        """A script that draws the plot from its CSV by matplotlib, whatever plot it is."""
        return PYTHON.encode()

    def _repr_svg_(self) -> str:
        return self.to_svg().decode()


#: The scripts are the same for every plot, so that no text of a graph is ever part of a program.
R, PYTHON = asset("forest.R.txt"), asset("forest.py.txt")


def plots(evidence: Evidence, graph: ReadableGraph, claim: Claim) -> list[Plot]:
    """The forests of a claim, and the funnels of pools of ten studies or more."""
    lights = lights_of(evidence, read_risks(graph, [iri(claim.id)]), claim)
    return [plot for forest in forests(evidence, claim, lights) for plot in plots_of(forest)]


def plots_of(forest: Forest) -> Iterator[Plot]:
    """A forest, and the funnels of its pools."""
    yield Plot("forest", forest.title, forest, forest_picture(forest))
    for pool in funnels(forest):
        yield Plot("funnel", forest.title, forest, funnel_picture(forest, pool))
