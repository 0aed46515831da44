"""How the standing and certainty of a claim hold when results are left out or thresholds moved: the claim in every scenario.

In: a graph with a claim's standing, rules, and scenarios (ontology/scenarios). Out: an `Alternative` for each. Only what the standing rests
on is taken from the graph, and only the rules run that have a part in a standing or its certainty; the tests hold that against the whole
graph. What follows unchanged has to be what the graph says, else nothing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import NamedNode, Store

from .. import iris
from ..errors import InputError, incomplete, require
from ..iris import short
from ..ontology import Vocabulary
from ..sparql.internal import internal
from ..sparql.rules import Rule, read_rules
from .recounting import course_of, facts_of_claim, rows_of
from .scenarios import Scenario, read_scenarios
from .sensitivity import as_if

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph


@dataclass(frozen=True)
class Result:
    """A finding that has another part in the standing: its address, and its study by author and year."""

    finding: str
    cited: str


@dataclass(frozen=True)
class Alternative:
    """How a claim stands in one scenario.

    `left_out` counted and does not, `added` counts and did not, `otherwise` counts as before and is read otherwise, by something else or as
    something else. `method` is how the standing was reached, empty where nothing counts. `holds` says whether result and tier are the
    same, `certainty_holds` whether certainty is. That by which the scenario goes is `known` of so many of the `studies`; both are
    None where it goes by what is always known.
    """

    name: str
    scenario: str
    description: str
    left_out: tuple[Result, ...]
    added: tuple[Result, ...]
    otherwise: tuple[Result, ...]
    standing: str
    method: str
    certainty: str
    holds: bool
    certainty_holds: bool
    known: int | None = None
    studies: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether that by which the scenario goes is known of any of the studies; where it is of none, nothing was tried."""
        return self.known != 0 or self.studies == 0

    @property
    def verdict(self) -> str:
        """`same`, what the standing and the certainty change to, or `not known`."""
        if not self.is_known:
            return "not known"
        changes = [*([] if self.holds else [self.standing]), *([] if self.certainty_holds else [f"certainty {self.certainty}"])]
        return f"changes to {', '.join(changes)}" if changes else "same"


class _Standing(NamedTuple):
    tier: str
    result: str
    label: str
    method: str
    certainty: str


class _Reading(NamedTuple):
    counts: bool
    stance: str
    ground: str
    cited: str


def alternatives(
    graph: ReadableGraph, claim: NamedNode, scenarios: Iterable[Scenario] | None = None, rules: Iterable[Rule] | None = None
) -> list[Alternative]:
    """How a claim of a graph would stand in each scenario, by default in all that there are.

    Raises:
        InputError: where what the graph says of the claim's standing does not follow by the rules, or a package is missing.
    """
    require("telling how a standing holds", "build", "scipy", "statsmodels")
    rules = read_rules() if rules is None else list(rules)
    return list(_Multiverse(graph, claim, rules).tried(read_scenarios(rules=rules) if scenarios is None else scenarios))


class _Multiverse:
    """What a claim's standing rests on, at each place where a scenario may change it."""

    def __init__(self, graph: ReadableGraph, claim: NamedNode, rules: list[Rule]) -> None:
        self.claim, self.vocabulary = claim, Vocabulary()
        course = course_of(self.vocabulary, rules)
        self.rules = {"reading": [*course.reading, *course.counting], "counting": list(course.counting)}
        self.facts = {"reading": [*facts_of_claim(graph, claim, course.later)]}
        # Up to where it is said what counts, all is as in the graph.
        self.facts["counting"] = [*as_if(self.facts["reading"], self.vocabulary, list(course.reading), Scenario("", ""))]
        self.store = self.follow(Scenario("", ""))
        self.standing, self.readings = self.of(self.store)
        written = _standing(partial(rows_of, graph), claim)
        if self.standing != written:
            raise InputError(
                f"{short(claim.value)} stands in this graph as: {written.label}, certainty {written.certainty}; by the rules at hand as: "
                f"{self.standing.label}, certainty {self.standing.certainty}. Build the graph again, then ask how that holds"
            )

    def follow(self, scenario: Scenario) -> Store:
        return as_if(self.facts[scenario.changes], self.vocabulary, self.rules[scenario.changes], scenario)

    def of(self, store: Store) -> tuple[_Standing, dict[str, _Reading]]:
        select = partial(store.query, prefixes=iris.PREFIXES)
        found = {
            row["finding"].value: _Reading(
                row["reasons"].value == "0", row["stance"].value, row["ground"].value, _cited(row["study"], row["author"], row["year"])
            )
            for row in select(internal("what-counts", claim=self.claim))  # type: ignore[union-attr]  # a SELECT
        }
        return _standing(select, self.claim), found

    def tried(self, scenarios: Iterable[Scenario]) -> Iterator[Alternative]:
        for scenario in scenarios:
            known, studies = self.known(scenario)
            for each in scenario.of_each(self.store):
                standing, readings = self.of(self.follow(each))
                pairs = [(finding, self.readings[finding], readings.get(finding)) for finding in self.readings]
                counted = [pair for pair in pairs if pair[1].counts]
                yield Alternative(
                    each.name,
                    each.title,
                    each.description,
                    left_out=_results(pair for pair in counted if pair[2] is None or not pair[2].counts),
                    added=_results(pair for pair in pairs if not pair[1].counts and pair[2] is not None and pair[2].counts),
                    otherwise=_results(pair for pair in counted if pair[2] is not None and pair[2].counts and pair[1] != pair[2]),
                    standing=standing.label,
                    method=standing.method,
                    certainty=standing.certainty,
                    holds=standing[:2] == self.standing[:2],
                    certainty_holds=standing.certainty == self.standing.certainty,
                    known=known,
                    studies=studies,
                )

    def known(self, scenario: Scenario) -> tuple[int | None, int | None]:
        if not scenario.goes_by:
            return None, None
        found: Any = self.store.query(internal("studies-that-tell", claim=self.claim, property=scenario.goes_by))
        known = [row["known"].value != "0" for row in found]
        return sum(known), len(known)


def _standing(select: Callable[[str], Any], claim: NamedNode) -> _Standing:
    for row in select(internal("how-a-claim-stands", claim=claim)):
        texts = (row[name].value if row[name] is not None else "" for name in ("tier", "result", "standing", "method", "certainty"))
        return _Standing(*texts)
    raise incomplete(short(claim.value))


def _cited(study: NamedNode, author: Any, year: Any) -> str:
    if author is None:
        # The key has the year as a rule, and says more than a prefix before it.
        return short(study.value).partition(":")[2]
    return " ".join((author.value, *([year.value] if year is not None else [])))


def _results(pairs: Iterable[tuple[str, _Reading, Any]]) -> tuple[Result, ...]:
    return tuple(Result(short(finding), reading.cited) for finding, reading, _ in pairs)
