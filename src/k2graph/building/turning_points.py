"""What would turn a standing: the rules that write standings, run on the votes that there are and on some more.

In: a way to ask a graph with its standings, and the rules. Out: triples of `k2g:TurningPoint`
and of the standings that turn there. Nothing is reckoned here but sums: hypothetical
claims, on which the votes of the tier in question and one to some more of one stance are cast, are set beside each other, the rules say
how each would stand, and the first of each other standing is kept. Votes at a tier are cast as one that weighs as much as they do
together: the rules add their weights. Claims that come to the same share a hypothetical claim, so that the rules run once, on little,
however many claims there are.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from .. import iris
from ..sparql.internal import internal
from ..sparql.rules import Rule, apply_rules
from .computed_estimates import Select

#: The tier at which votes are cast, and what they weigh together by each weight.
Votes = tuple[NamedNode, tuple[Decimal, ...]]


class _Profile(NamedTuple):
    """What claims have in common that would turn alike: how they stand, by which votes, and whether a trial in people could test them."""

    result: NamedNode
    votes: Votes
    testable: bool


class _Case(NamedTuple):
    """Some more investigations of one stance, and the votes that they make with those that are there at their tier."""

    stance: NamedNode
    more: int
    votes: Votes


def turning_points(select: Select, rules: Iterable[Rule]) -> Iterator[Quad]:
    """The triples of every turning point of the standings of a graph, and of which standing turns there."""
    stances: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for row in select(internal("stances-that-vote")):
        stances[row["stance"]].append(row["weight"])
    weights = list(dict.fromkeys(weight for those in stances.values() for weight in those))
    standing_profiles = _profiles(select, weights)
    most = next((int(row["most"].value) for row in select(internal("most-investigations-tried"))), 0)
    highest = [row["tier"] for row in select(internal("highest-tier"))]
    cases = {profile: list(_cases(profile, stances, weights, most, highest)) for profile in dict.fromkeys(standing_profiles.values())}
    writers = {row["rule"] for row in select(internal("rules-that-write-standings"))}
    standings = _standings(
        select,
        dict.fromkeys(case.votes for those in cases.values() for case in those),
        weights,
        [rule for rule in rules if iris.ours("rule", rule.name) in writers],
    )
    turns = {profile: [_turning_point(*each) for each in _turns(profile, those, standings)] for profile, those in cases.items()}
    described = {node: properties for those in turns.values() for node, properties in those}
    for node, properties in described.items():
        yield from (Quad(node, iris.name(key), value) for key, value in properties.items())
    turns_at = iris.name("k2g:turnsAt")
    for standing, profile in standing_profiles.items():
        yield from (Quad(standing, turns_at, node) for node, _ in turns[profile])


def _profiles(select: Select, weights: list[NamedNode]) -> dict[NamedNode, _Profile]:
    """The profile of the claim of each standing, by the votes at the tier that it says the claim was tested in."""
    shares: dict[tuple[Any, Any, Any], dict[Any, Decimal]] = defaultdict(dict)
    # Each by itself: a server may give no more than so many rows at once.
    for weight in weights:
        for row in select(internal("votes", weight=weight)):
            shares[row["vote"], row["claim"], row["tier"]][row["weight"]] = Decimal(row["share"].value)
    together: dict[tuple[Any, Any], tuple[Decimal, ...]] = {}
    for (_, claim, tier), share in shares.items():
        if all(weight in share for weight in weights):
            before = together.get((claim, tier), (Decimal(),) * len(weights))
            together[claim, tier] = tuple(weighs + share[weight] for weighs, weight in zip(before, weights, strict=True))
    untestable = {row["claim"] for row in select(internal("claims-that-no-trial-can-test"))}
    return {
        row["standing"]: _Profile(
            row["result"], (row["tier"], together.get((row["claim"], row["tier"]), ())), testable=row["claim"] not in untestable
        )
        for row in select(internal("standings"))
    }


def _cases(
    profile: _Profile, stances: dict[NamedNode, list[NamedNode]], weights: list[NamedNode], most: int, highest: list[NamedNode]
) -> Iterator[_Case]:
    """More at the tier that decides, up to so many; and one investigation at the highest, where that is another and could test it."""
    there, votes = profile.votes
    tried = dict.fromkeys(highest if profile.testable else (), min(most, 1))
    if votes:
        tried[there] = most
    for tier, up_to in tried.items():
        now = votes if votes and tier == there else (Decimal(),) * len(weights)
        for stance, cast in stances.items():
            for more in range(1, up_to + 1):
                then = tuple(weighs + more if weight in cast else weighs for weighs, weight in zip(now, weights, strict=True))
                yield _Case(stance, more, (tier, then))


def _standings(select: Select, hypothetical: Iterable[Votes], weights: list[NamedNode], rules: list[Rule]) -> dict[Votes, Any]:
    """How a claim would stand on which such votes were cast, by the rules."""
    words = [Quad(row["word"], row["property"], row["value"]) for row in select(internal("words-and-thresholds"))]
    claims = {votes: iris.ours("claim", f"hypothetical-{number}") for number, votes in enumerate(hypothetical)}
    # A claim stands by its own votes, so that each processor has its share of them; the engine works beside Python.
    processors = os.cpu_count() or 1
    shares = [dict(islice(claims.items(), first, None, processors)) for first in range(processors)]
    with ThreadPoolExecutor(processors) as beside:
        found = [*beside.map(lambda share: _standings_of(share, words, weights, rules), shares)]
    return {votes: row for those in found for votes, row in those.items()}


def _standings_of(claims: dict[Votes, NamedNode], words: list[Quad], weights: list[NamedNode], rules: list[Rule]) -> dict[Votes, Any]:
    store = Store()
    store.bulk_extend(words)
    # As text, of which the engine makes triples in a fifth of the time.
    store.bulk_load("".join(_cast(claims, weights)).encode(), format=RdfFormat.N_TRIPLES)
    apply_rules(store, rules)
    found: Any = store.query(internal("standings-by-rule"))
    standing = {row["claim"]: row for row in found}
    return {votes: standing[claim] for votes, claim in claims.items() if claim in standing}


def _cast(claims: dict[Votes, NamedNode], weights: list[NamedNode]) -> Iterator[str]:
    """Hypothetical claims, each with its vote, as N-Triples."""
    type_, claim_class, vote_class, tier_of, claim_of = map(iris.name, ("rdf:type", "k2g:Claim", "k2g:Vote", "k2g:tier", "k2g:claim"))
    number = {share: Literal(format(share, "f"), datatype=iris.name("xsd:decimal")) for _, shares in claims for share in shares}
    for place, ((tier, shares), claim) in enumerate(claims.items()):
        vote = f"<{iris.PREFIXES['vote']}hypothetical-{place}>"
        yield f"{claim} {type_} {claim_class} .\n{vote} {type_} {vote_class} .\n{vote} {tier_of} {tier} .\n{vote} {claim_of} {claim} .\n"
        yield from (f"{vote} {weight} {number[share]} .\n" for weight, share in zip(weights, shares, strict=True))


def _turns(profile: _Profile, cases: list[_Case], standings: dict[Votes, Any]) -> Iterator[tuple[_Case, Any]]:
    """The cases in which a standing appears that is another than before on the way, with that standing."""
    met: dict[tuple[Any, Any], set[tuple[Any, Any]]] = defaultdict(lambda: {(profile.votes[0], profile.result)})
    for case in cases:
        row, way = standings.get(case.votes), (case.stance, case.votes[0])
        if row is not None and (row["tier"], row["result"]) not in met[way]:
            met[way].add((row["tier"], row["result"]))
            yield case, row


def _turning_point(case: _Case, row: Any) -> tuple[NamedNode, dict[str, NamedNode | Literal]]:
    """The turning point that a case is, named by what it says, so that standings which turn alike share it."""
    stance = case.stance.value.rpartition("#")[2].partition("-")[2]
    return iris.ours("turning", f"{stance} {case.more} {row['label'].value}"), {
        "rdf:type": iris.name("k2g:TurningPoint"),
        "rdfs:label": row["label"],
        "k2g:moreInvestigations": Literal(str(case.more), datatype=iris.name("xsd:integer")),
        "k2g:stance": case.stance,
        "k2g:testedIn": row["tier"],
        "k2g:result": row["result"],
        "prov:wasGeneratedBy": row["rule"],
    }
