"""A graph and what is made of it: the Python face of k2graph. The same words as the command line's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import iris, resources
from .errors import InputError
from .sparql.readable_graph import ReadableGraph
from .sparql.store import EmbeddedStore, Endpoint

if TYPE_CHECKING:
    from .building.multiverse import Alternative
    from .evidence.chains import Chain
    from .evidence.model import Evidence
    from .reports.documents import Document
    from .reports.outline import Block
    from .shacl.report import Report
    from .views.figure import Figure
    from .views.mechanism_map import Map
    from .views.plots import Plot


class Graph(ReadableGraph):
    """Facts, findings and what follows from them, in a file or behind an endpoint.

    >>> import k2graph
    >>> graph = k2graph.open()
    >>> graph.query("ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }")
    True
    """

    def evidence(self) -> Evidence:
        """All that was claimed and found, as Python objects; see `k2graph.evidence.model`."""
        from .evidence.reader import read_evidence

        return read_evidence(self)

    def view(self, *, about: str | None = None, mechanism: str | None = None, form: str | None = None, hops: int = 1) -> Map:
        """The mechanism map, whole or in part; shows itself in a notebook, `save(path)` writes it as one HTML file.

        Raises:
            InputError: where nothing is called so, or there is nothing to show.
        """
        from .views.mechanism_map import Map, shown

        if hops < 1:
            raise InputError(f"hops are counted from 1, not {hops}")
        evidence = self.evidence()
        kind, node = self.find_any(about) if about is not None else ("", None)
        what = shown(
            evidence,
            about=(kind, iris.short(node.value)) if node is not None else None,
            mechanism=iris.short(self.find("mechanism", mechanism).value) if mechanism is not None else None,
            form=iris.short(self.find("entity", form).value) if form is not None else None,
            hops=hops,
        )
        return Map(evidence, what)

    def figure(self, mechanism: str) -> Figure:
        """A mechanism as a figure for a slide or a paper; `save(path, width)` writes it as SVG, 170 or 80 mm wide.

        Raises:
            InputError: where no mechanism is called so.
        """
        from .views.figure import Figure

        return Figure(self.evidence(), iris.short(self.find("mechanism", mechanism).value))

    def explain(self, thing: str, *, sensitivity: bool = False) -> Block:
        """All that bears on a claim, mechanism, entity, study, report or interaction; see `k2graph.reports.explain`.

        With `sensitivity` also how the standing of a claim holds in every scenario.

        Raises:
            InputError: as `find_any` and `sensitivity` do.
        """
        from .reports.explain import explain

        return explain(self, thing, sensitivity=sensitivity)

    def summary(self, thing: str) -> Document:
        """A summary of findings of a mechanism, an entity or a claim, after GRADE's; see `k2graph.reports.summary`.

        Raises:
            InputError: where nothing is called so, it is of another kind, or no claim is about it.
        """
        from .reports.summary import summary

        return summary(self, thing)

    def sensitivity(self, claim: str) -> list[Alternative]:
        """How a claim would stand with results left out or thresholds moved, once for each scenario; see `k2graph.building.multiverse`.

        Raises:
            InputError: where no claim is called so, its standing does not follow by the rules, or what pools needs is not installed.
        """
        from .building.multiverse import alternatives

        return alternatives(self, self.find("claim", claim))

    def plots(self, claim: str) -> list[Plot]:
        """The forest plots of a claim, one for each measure, and funnel plots of pools of ten studies or more; see `k2graph.views.plots`.

        Raises:
            InputError: where no claim is called so, or matplotlib is not installed.
        """
        from .views.plots import plots

        evidence = self.evidence()
        return plots(evidence, self, evidence.claims[iris.short(self.find("claim", claim).value)])

    def chains(self, start: str, end: str, most: int = 10) -> list[Chain]:
        """Chains of claims between two entities, the strongest weakest link first; see `k2graph.evidence.chains`."""
        from .evidence.chains import find_chains

        return find_chains(self, self.find("entity", start), self.find("entity", end), most)

    def validate(self, engine: str = "queries") -> Report:
        """Hold the graph against the SHACL shapes, by queries made from them or by `pyshacl`, which needs the graph as a file.

        Raises:
            InputError: where there is no such engine, or the graph does not carry its ontology.

        """
        from .shacl.validate import validate

        return validate(self.store, engine=engine)


def open(
    data: Path | str | Sequence[Path | str] | None = None,
    *,
    endpoint: str | None = None,
    timeout: float = 60.0,
    graph: str | None = None,
    stored: bool = False,
) -> Graph:
    """Open a graph: the one that comes with the package, a file of your own, or a SPARQL endpoint that you name.

    Args:
        data: A file of RDF, in any syntax and packed by gzip or not; its ending says which. Several are read together.
        endpoint: The address of a SPARQL 1.1 endpoint. Nothing reaches the network unless it is given.
        timeout: Seconds to wait for the endpoint's answer.
        graph: The graph there that is asked, where it is not the endpoint's default graph.
        stored: Read a file from the stored copy of it, which is made where there is none (see `k2graph.sparql.stored_copies`). That opens
            some thirty times sooner, and answers some three times slower: for few questions, not for many.

    Raises:
        InputError: where the file cannot be read, both are given, a graph is named without an endpoint, or several files say different
            things of one.

    """
    if endpoint is not None:
        if data is not None:
            raise InputError("give a file or an endpoint, not both")
        return Graph(Endpoint(endpoint, timeout, graph))
    if graph is not None:
        raise InputError("a graph is named only together with an endpoint")
    files = [resources.GRAPH] if data is None else [Path(data)] if isinstance(data, (Path, str)) else [Path(each) for each in data]
    if len(files) != 1:
        from .sparql.several_files import together

        files = [together(files)]
    return Graph(EmbeddedStore(files[0], stored=stored))
