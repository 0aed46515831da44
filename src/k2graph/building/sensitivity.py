"""Which standings would be others, had something counted that does not: the rules run again, without the one that excludes it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from .. import iris
from ..ontology import Vocabulary
from ..sparql.internal import internal
from ..sparql.rules import Rule, without
from .computed_estimates import Select
from .following import follow


@dataclass(frozen=True)
class Scenario:
    """A reason for which findings do not count, and the rule that is left out to see what would follow, had they counted."""

    reason: NamedNode
    name: str
    rule: str


def scenarios(vocabulary: Vocabulary) -> list[Scenario]:
    """What is tried, as the ontology says (`k2g:triedWithout`)."""
    found = ((notation, reason, vocabulary.text(reason, "k2g:triedWithout")) for notation, reason in vocabulary.schemes["reasons"].items())
    return [Scenario(reason, notation, rule.removeprefix(iris.PREFIXES["rule"])) for notation, reason, rule in sorted(found) if rule]


def had_they_counted(store: Store, vocabulary: Vocabulary, deciding: list[Rule], later: set[NamedNode], scenario: Scenario) -> list[Quad]:
    """The standings that would be others, had the findings of a scenario counted; `deciding_rules` says by which rules.

    The rules that say what counts and what follows are run again but the one that excludes them, so that none is written twice; on the
    claims alone on which such a finding bears, since no standing hangs on another.
    """
    other = Store()
    other.extend(_heard(store, later, scenario))
    if not other:
        return []
    other.extend(Quad(*triple) for triple in vocabulary.triples())
    follow(other, vocabulary, without(deciding, scenario.rule))
    select, select_other = (partial(each.query, prefixes=iris.PREFIXES) for each in (store, other))
    return [*alternative_standings(select, select_other, scenario)]


def _heard(store: Store, later: set[NamedNode], scenario: Scenario) -> Iterator[Quad]:
    """What is said of the claims on which findings of a scenario bear, and of what bears on them, but by `later` properties."""
    found: Any = store.query(internal("claims-of-what-is-not-counted", reason=scenario.reason))
    for node in {node for row in found for node in row if node is not None}:
        yield from (quad for quad in store.quads_for_pattern(node, None, None, None) if quad.predicate not in later)


def hearing_and_counting(vocabulary: Vocabulary, rules: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules that say what bears on what, and those that say what counts, from which what would be, had something counted, differs."""
    first = _first_counting(_writers(vocabulary), rules)
    return rules[:first], rules[first:]


def _first_counting(writers: dict[Any, set[Any]], rules: list[Rule]) -> int:
    """The place of the first rule that says that something does not count."""
    counting = writers[iris.name("k2g:notCounted")]
    return next((place for place, rule in enumerate(rules) if iris.ours("rule", rule.name) in counting), len(rules))


def _writers(vocabulary: Vocabulary) -> dict[Any, set[Any]]:
    """Property → the rules that write it."""
    writers: dict[Any, set[Any]] = defaultdict(set)
    for property_, predicate, rule in vocabulary.triples():
        if predicate == iris.name("k2g:derivedBy"):
            writers[property_].add(rule)
    return writers


def deciding_rules(vocabulary: Vocabulary, rules: list[Rule]) -> tuple[list[Rule], set[NamedNode]]:
    """The rules that say what counts, as far as the last that writes a standing, and what only those rules and later ones write."""
    writers = _writers(vocabulary)
    counting = rules[_first_counting(writers, rules) :]
    nodes = [iris.ours("rule", rule.name) for rule in counting]
    later = {property_ for property_, those in writers.items() if those <= set(nodes)}
    # What follows from a standing is of no concern here.
    last = max((place for place, node in enumerate(nodes, 1) if node in writers[iris.name("k2g:standing")]), default=0)
    return counting[:last], later


def alternative_standings(select: Select, select_other: Select, scenario: Scenario) -> Iterator[Quad]:
    """The triples of each standing that is another where a scenario's findings counted: in one graph as it is, in the other as if."""
    standings = _standings(select)
    for claim, (tier, result, label) in _standings(select_other).items():
        if standings[claim][:2] != (tier, result):
            node = iris.ours("scenario", f"{claim.value.rpartition('/')[2]}--{scenario.name}")
            described: dict[str, NamedNode | Literal] = {
                "rdf:type": iris.name("k2g:AlternativeStanding"),
                "rdfs:label": label,
                "k2g:claim": claim,
                "k2g:testedIn": tier,
                "k2g:result": result,
                "k2g:hadCounted": scenario.reason,
                "prov:wasGeneratedBy": iris.ours("rule", "standing"),
            }
            yield from (Quad(node, iris.name(key), value) for key, value in described.items())


def _standings(select: Select) -> dict[Any, tuple[Any, Any, Any]]:
    found = select(internal("standings"))
    return {row["claim"]: (row["tier"], row["result"], row["label"]) for row in found}
