"""Derive in a server: the rules run where the graph lives, so that what is too big for one process is reasoned over all the same.

In: a graph in a server that holds what tables, ontology and questions say (`k2graph build --asserted`), and maybe what followed before.
Out: there the graph that `k2graph build` would make. The rules are the same files, sent as updates (`INSERT … WHERE`); only
standings and votes, and the numbers that are pooled, come here and go back.

All is done in a graph beside, which then takes the place of the one that was named. What followed before is known by its marks: each
node that a rule made names it (`prov:wasGeneratedBy`), each property that a rule wrote on another node is said to be (`k2g:derivedBy`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyoxigraph import Quad

from .. import iris
from ..errors import InputError, require
from ..ontology import Vocabulary
from ..sparql.internal import internal
from ..sparql.results import Solutions
from ..sparql.rules import Rule, read_rules, without
from ..sparql.store import Endpoint, with_prefixes
from ..sparql.update import BATCH, GRAPH, Server, insert, names_of, raise_with, removed, status_of
from . import computed_estimates, meta_analysis, sample_size, sensitivity, turning_points
from .following import before_and_after_pooling
from .scenarios import Scenario

#: Told what is done, and how many of how many steps are.
Progress = Callable[[str, int, int], None]


def derive(
    endpoint: str,
    update: str | None = None,
    *,
    graph: str = GRAPH,
    batch: int = BATCH,
    timeout: float = 600.0,
    rules: Iterable[Rule] | None = None,
    progress: Progress | None = None,
) -> str:
    """Put what follows by rule into a graph of a server, in place of what followed before, and return which graph that is.

    Args:
        endpoint: The address of the server's SPARQL queries. User and password, where it asks for them, come from K2GRAPH_USER and
            K2GRAPH_PASSWORD.
        update: The address of its updates, where that is another.
        graph: The graph's name, or `default` for the server's default graph.
        batch: How many triples are sent at once, of those that are reckoned here.
        timeout: Seconds to wait for each answer.
        rules: The rules, where not those of k2graph.
        progress: Told of each step before it is done.

    Raises:
        InputError: where it cannot be done; the message says what is in the server now.
    """
    require("deriving", "build", "scipy", "statsmodels")
    target, beside = names_of(graph)
    work = _Work(Server(update or endpoint, timeout), endpoint, timeout, batch, beside)
    steps = list(_steps(work, target, read_rules() if rules is None else list(rules)))
    kept = f"nothing changed in {graph}"
    name = ""
    try:
        for number, (name, step) in enumerate(steps):
            if progress:
                progress(name, number, len(steps))
            step()
    except BaseException as error:
        raise_with(error, f"at the step {name!r}; {kept}; {work.cleared()}")
    try:
        work.server.update(f"MOVE GRAPH <{beside}> TO {target}")
    except BaseException as error:
        if 400 <= status_of(error) < 500:
            raise_with(error, f"{kept}; {work.cleared()}")
        raise_with(error, f"{graph} holds what it held or all that follows, if the server works in transactions; derive again to be sure")
    removed(work.server, *work.graphs)
    return graph


class _Work:
    """The graphs in which is worked: the new one, it as it was before anything counted, and it as if something else did."""

    def __init__(self, server: Server, endpoint: str, timeout: float, batch: int, beside: str) -> None:
        self.server, self.endpoint, self.timeout, self.batch = server, endpoint, timeout, batch
        self.graphs = self.beside, self.uncounted, self.other = beside, f"{beside}:uncounted", f"{beside}:other"
        self.begun = False

    def select(self, graph: str) -> computed_estimates.Select:
        """A way to ask one of the graphs."""
        store = Endpoint(self.endpoint, self.timeout, graph)

        def ask(query: str) -> list[dict[str, Any]]:
            found = store.query(query)
            return [dict(zip(found.variables, row, strict=True)) for row in found.rows] if isinstance(found, Solutions) else []

        return ask

    def begin(self, target: str) -> None:
        for graph in self.graphs:
            self.server.update(f"DROP SILENT GRAPH <{graph}>")
        self.begun = True
        self.server.update(f"COPY {target} TO GRAPH <{self.beside}>")
        if not self.select(self.beside)(internal("any-rule")):
            raise InputError(f"{self.endpoint}: the graph does not carry the ontology and its rules; push one that k2graph built")

    def cleared(self) -> str:
        """Remove what was made, and say what became of it."""
        return f"what was made beside it {removed(self.server, *self.graphs, by='derive')}" if self.begun else "nothing was made beside it"

    def forget(self) -> None:
        for pattern in _FOLLOWED:
            self.update(f"WITH <{self.beside}> DELETE {{ ?node ?property ?value }} WHERE {{ {pattern} ?node ?property ?value }}")
        # The ontology may say of its own words what rules say of other things.
        vocabulary = Vocabulary()
        derived = {subject for subject, property_name, _ in vocabulary.triples() if property_name == iris.name("k2g:derivedBy")}
        self.add(Quad(*triple) for triple in vocabulary.triples() if triple[1] in derived)

    def update(self, text: str) -> None:
        self.server.update(with_prefixes(text))

    def add(self, quads: Iterable[Quad], graph: str = "") -> None:
        for _ in insert(self.server, [quad.triple for quad in quads], graph or self.beside, self.batch):
            pass


#: What followed, by the marks that the ontology has for it, and by what is reckoned without a rule.
_FOLLOWED = (
    "?property k2g:derivedBy ?rule .",
    # Of what kind a thing is, where a rule says so.
    "?value k2g:derivedBy ?rule . VALUES ?property { rdf:type }",
    "?node prov:wasGeneratedBy ?rule .",
    *(f"?node a {made} ." for made in (computed_estimates.MADE, *meta_analysis.MADE)),
    f"VALUES ?property {{ {' '.join(sample_size.MADE)} }}",
)


def _steps(work: _Work, target: str, rules: list[Rule]) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is done, in order, each with its name."""

    def run(rules: list[Rule], graph: str) -> Iterator[tuple[str, Callable[[], None]]]:
        for rule in rules:
            yield rule.name, lambda rule=rule: work.server.update(rule.update(graph))  # type: ignore[misc]  # bound here, not later

    def follow(rules: list[Rule], graph: str) -> Iterator[tuple[str, Callable[[], None]]]:
        before, after = before_and_after_pooling(vocabulary, rules)
        yield from run(before, graph)
        yield "pooled estimates", lambda: work.add(meta_analysis.pooled_estimates(work.select(graph)), graph)
        yield from run(after, graph)

    def copy(source: str, goal: str) -> Callable[[], None]:
        return lambda: work.server.update(f"COPY GRAPH <{source}> TO GRAPH <{goal}>")

    def compare(scenario: Scenario) -> Callable[[], None]:
        return lambda: work.add(sensitivity.alternative_standings(work.select(work.beside), work.select(work.other), scenario))

    vocabulary = Vocabulary()
    bearing, counting = sensitivity.bearing_and_counting(vocabulary, rules)
    yield "copying", lambda: work.begin(target)
    yield "what followed before", work.forget
    yield "computed estimates", lambda: work.add(computed_estimates.computed_estimates(work.select(work.beside)))
    yield from run(bearing, work.beside)
    yield "copying", copy(work.beside, work.uncounted)
    yield from follow(counting, work.beside)
    for scenario in sensitivity.scenarios(vocabulary):
        yield f"had {scenario.name} counted", copy(work.uncounted, work.other)
        yield from follow(without(counting, *scenario.without), work.other)
        yield f"had {scenario.name} counted", compare(scenario)
    yield "turning points", lambda: work.add(turning_points.turning_points(work.select(work.beside), rules))
    yield "planned sizes", lambda: work.add(sample_size.planned_sizes(work.select(work.beside)))
