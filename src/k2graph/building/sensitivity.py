"""What would be, were something otherwise: the rules that decide run again, on the claims concerned, after something was changed.

Here are the one mechanism (`as_if`) and what the graph keeps of it: which standings would be others, had something counted that does not.
How one claim stands in every scenario is told by `multiverse`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from .. import iris
from ..addresses import base_of
from ..ontology import Vocabulary
from ..sparql.internal import internal
from ..sparql.rules import Rule, without
from .computed_estimates import Select
from .following import follow
from .scenarios import CHANGES, Scenario


def as_if(quads: Iterable[Quad], vocabulary: Vocabulary, rules: list[Rule], scenario: Scenario) -> Store:
    """What rules make of facts in a scenario: its update is run on them first, and the rules that it is without do not run."""
    other = Store()
    other.extend(quads)
    if scenario.update:
        other.update(scenario.update, prefixes=iris.PREFIXES)
    follow(other, vocabulary, without(rules, *scenario.without))
    return other


def scenarios(vocabulary: Vocabulary) -> list[Scenario]:
    """What is tried of every claim, as the ontology says: that findings counted that do not for some reason (`k2g:triedWithout`)."""
    found = ((notation, reason, vocabulary.text(reason, "k2g:triedWithout")) for notation, reason in vocabulary.schemes["reasons"].items())
    return [
        Scenario(notation, vocabulary.text(reason, "rdfs:label"), without=(rule.removeprefix(iris.PREFIXES["rule"]),), reason=reason)
        for notation, reason, rule in sorted(found)
        if rule
    ]


def had_they_counted(store: Store, vocabulary: Vocabulary, deciding: list[Rule], later: set[NamedNode], scenario: Scenario) -> list[Quad]:
    """The standings that would be others, had the findings of a scenario counted; `deciding_rules` says by which rules.

    The rules that say what counts and what follows are run again but the one that excludes them, so that none is written twice; on the
    claims alone on which such a finding bears, since no standing hangs on another.
    """
    bearing = list(_bearing(store, later, scenario))
    if not bearing:
        return []
    other = as_if([*bearing, *(Quad(*triple) for triple in vocabulary.triples())], vocabulary, deciding, scenario)
    select, select_other = (partial(each.query, prefixes=iris.PREFIXES) for each in (store, other))
    return [*alternative_standings(select, select_other, scenario)]


def _bearing(store: Store, later: set[NamedNode], scenario: Scenario) -> Iterator[Quad]:
    """What is said of the claims on which findings of a scenario bear, and of what bears on them, but by `later` properties."""
    found: Any = store.query(internal("claims-of-what-is-not-counted", reason=scenario.reason)) if scenario.reason else ()
    for node in {node for row in found for node in row if node is not None}:
        yield from (quad for quad in store.quads_for_pattern(node, None, None, None) if quad.predicate not in later)


def bearing_and_counting(vocabulary: Vocabulary, rules: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules that say what bears on what, and those that say what counts, from which what would be, had something counted, differs."""
    first = first_to_write(CHANGES["counting"], vocabulary, rules)
    return rules[:first], rules[first:]


def first_to_write(property_name: str, vocabulary: Vocabulary, rules: list[Rule]) -> int:
    """The place of the first rule that writes a property; where none does, how many rules there are."""
    writing = written_by(vocabulary)[iris.name(property_name)]
    return next((place for place, rule in enumerate(rules) if iris.ours("rule", rule.name) in writing), len(rules))


def written_by(vocabulary: Vocabulary) -> dict[Any, set[Any]]:
    """Property → the rules that write it."""
    writers: dict[Any, set[Any]] = defaultdict(set)
    for property_, predicate, rule in vocabulary.triples():
        if predicate == iris.name("k2g:derivedBy"):
            writers[property_].add(rule)
    return writers


def written_only_by(vocabulary: Vocabulary, rules: list[Rule]) -> set[NamedNode]:
    """The properties that no other rule writes than these."""
    nodes = {iris.ours("rule", rule.name) for rule in rules}
    return {property_ for property_, those in written_by(vocabulary).items() if those <= nodes}


def deciding_rules(vocabulary: Vocabulary, rules: list[Rule]) -> tuple[list[Rule], set[NamedNode]]:
    """The rules that say what counts, as far as the last that writes a standing, and what only those rules and later ones write."""
    _, counting = bearing_and_counting(vocabulary, rules)
    writing = written_by(vocabulary)[iris.name("k2g:standing")]
    # What follows from a standing is of no concern here.
    last = max((place for place, rule in enumerate(counting, 1) if iris.ours("rule", rule.name) in writing), default=0)
    return counting[:last], written_only_by(vocabulary, counting)


def alternative_standings(select: Select, select_other: Select, scenario: Scenario) -> Iterator[Quad]:
    """The triples of each standing that is another where a scenario's findings counted: in one graph as it is, in the other as if."""
    standings = _standings(select)
    for claim, (tier, result, label) in _standings(select_other).items():
        if standings[claim][:2] != (tier, result):
            node = iris.ours("scenario", f"{claim.value.rpartition('/')[2]}--{scenario.name}", base_of(claim.value))
            described: dict[str, NamedNode | Literal] = {
                "rdf:type": iris.name("k2g:AlternativeStanding"),
                "rdfs:label": label,
                "k2g:claim": claim,
                "k2g:testedIn": tier,
                "k2g:result": result,
                "k2g:hadCounted": scenario.reason,  # type: ignore[dict-item]  # these have one
                "prov:wasGeneratedBy": iris.ours("rule", "standing"),
            }
            yield from (Quad(node, iris.name(key), value) for key, value in described.items())


def _standings(select: Select) -> dict[Any, tuple[Any, Any, Any]]:
    found = select(internal("standings"))
    return {row["claim"]: (row["tier"], row["result"], row["label"]) for row in found}
