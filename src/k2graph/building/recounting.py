"""What it takes to tell how claims stand were something otherwise: which rules run, in which order, and on which part of a graph.

In: a graph and rules. Out: the `Course` of the rules that have a part in what is wanted, and the facts from which it begins. `multiverse`
runs them here; the pages of the site run the same in a browser (`views/site/recount.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from .. import iris
from ..ontology import Vocabulary
from ..sparql.internal import internal
from ..sparql.results import Solutions
from ..sparql.rules import Rule
from .scenarios import CHANGES
from .sensitivity import first_to_write, written_by, written_only_by

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph

#: What is wanted of a claim in the end, and of a mechanism: who decides is written with the verdict, a word that checks have too.
OF_CLAIM = ("k2g:standing", "k2g:certainty")
OF_MECHANISM = (*OF_CLAIM, "k2g:decidedBy")


@dataclass(frozen=True)
class Course:
    """The rules that decide: first those that say what results show, then those that say what counts and what follows.

    A scenario that changes what results show begins before the first, one that changes what counts between them (`scenarios.CHANGES`).
    `later` are the properties that no rule before them writes: with what they say of a thing a recount does not begin.
    """

    reading: tuple[Rule, ...]
    counting: tuple[Rule, ...]
    later: frozenset[NamedNode]


def course_of(vocabulary: Vocabulary, rules: list[Rule], wanted: Sequence[str] = OF_CLAIM) -> Course:
    """The course that leads to what is wanted."""
    deciding = deciding_rules(vocabulary, rules, wanted)
    reading, counting = (first_to_write(CHANGES[change], vocabulary, rules) for change in ("reading", "counting"))
    first = min(reading, counting)
    return Course(
        tuple(rule for rule in rules[first:counting] if rule in deciding),
        tuple(rule for rule in rules[counting:] if rule in deciding),
        frozenset(written_only_by(vocabulary, rules[first:])),
    )


def deciding_rules(vocabulary: Vocabulary, rules: list[Rule], wanted: Sequence[str] = OF_CLAIM) -> list[Rule]:
    """The rules that have a part in what is wanted: those that write it, or what such a rule asks for."""
    writers, needed, sought = written_by(vocabulary), set[Any](), {iris.name(each) for each in wanted}
    while more := {rule for property_ in sought for rule in writers.get(property_, ())} - needed:
        needed |= more
        asked = [rule.query.partition("WHERE")[2] for rule in rules if iris.ours("rule", rule.name) in more]
        sought = {iris.name(word) for text in asked for word in re.findall(r"\bk2g:[\w-]+", text)}
    return [rule for rule in rules if iris.ours("rule", rule.name) in needed]


def facts_of_claim(graph: ReadableGraph, claim: NamedNode, later: Iterable[NamedNode]) -> Iterator[Quad]:
    """The ontology's words, and what a graph has of whatever the claim's standing rests on but by `later` properties."""
    yield from deciding_words(graph)
    nodes = {row["node"] for row in rows_of(graph, internal("what-a-standing-rests-on", claim=claim))}
    yield from facts_about(graph, nodes, later)


def deciding_words(graph: ReadableGraph) -> Iterator[Quad]:
    """The ontology's words, and which differences matter."""
    yield from (Quad(row["word"], row["property"], row["value"]) for row in rows_of(graph, internal("words-to-decide-by")))


def facts_about(graph: ReadableGraph, nodes: Iterable[NamedNode], later: Iterable[NamedNode]) -> Iterator[Quad]:
    """What a graph has of things but by `later` properties."""
    left_out = set(later)
    for row in rows_of(graph, internal("all-of-a-thing", thing=sorted(nodes, key=str))):
        if row["property"] not in left_out:
            yield Quad(row["thing"], row["property"], row["value"])


def rows_of(graph: ReadableGraph, query: str) -> list[dict[str, Any]]:
    """The rows of a SELECT as RDF terms."""
    found = graph.store.query(query)
    return [dict(zip(found.variables, row, strict=True)) for row in found.rows] if isinstance(found, Solutions) else []
