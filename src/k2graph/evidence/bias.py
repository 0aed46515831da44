"""The risk of bias of the votes on claims: what was judged of each in each domain, and whose judgements these are.

In: a graph. Out: for each claim tested in people, the votes that make its standing, each with its overall word and its lights. Which
judgements count, and what they make together, the graph says (ontology/rules/44-risk-of-bias.rq, queries/risk-of-bias.rq).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..iris import name, short
from ..sparql.internal import internal

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph


@dataclass(frozen=True)
class Domain:
    """A domain of bias; `makes_up_the_whole` says whether it is one of the five of RoB 2."""

    notation: str
    label: str
    makes_up_the_whole: bool


@dataclass(frozen=True)
class VoteRisk:
    """The risk of bias of the vote of one investigation on one claim.

    `risk` is the word of the vote, `lights` for each domain that was judged the worst word that counts in it, both by notation; `whose`
    are those who judged.
    """

    investigation: str
    label: str
    risk: str
    lights: Mapping[str, str]
    whose: tuple[str, ...]
    studies: tuple[str, ...]


@dataclass(frozen=True)
class Risks:
    """The risk of bias of votes: `domains` and `words`, notation to label, in their order, and by claim the votes in its tier."""

    domains: tuple[Domain, ...]
    words: Mapping[str, str]
    votes: Mapping[str, tuple[VoteRisk, ...]]

    @property
    def whole(self) -> list[Domain]:
        """The domains that make up the whole."""
        return [each for each in self.domains if each.makes_up_the_whole]

    def worst(self, judged: Iterable[str]) -> str:
        """The worst of some words, by notation; of none the first, which says that nobody judged."""
        return worst_of(tuple(self.words), judged)

    def shown(self, claim: str) -> list[Domain]:
        """The domains to show for a claim: those that make up the whole, and others in which something was judged."""
        judged = {domain for vote in self.votes.get(claim, ()) for domain in vote.lights}
        return [each for each in self.domains if each.makes_up_the_whole or each.notation in judged]


def worst_of(words: Sequence[str], judged: Iterable[str]) -> str:
    """The last of some words in the order of their scheme; of none, or of words that it has not, its first."""
    places = {word: place for place, word in enumerate(words)}
    return words[max((places.get(word, 0) for word in judged), default=0)] if words else ""


def read_risks(graph: ReadableGraph, claims: Iterable[NamedNode]) -> Risks:
    """The risk of bias of the votes on claims, each in the tier in which the claim was tested; what only mechanisms imply has none."""
    asked = list(claims)
    domains = tuple(Domain(row["word"], row["label"], bool(row["whole"])) for row in _words(graph, "bias-domains"))
    words = {row["word"]: row["label"] for row in _words(graph, "risks-of-bias")}
    one = {"claim": short(asked[0].value)} if len(asked) == 1 else {}
    judged = _by_vote(graph.ask("risk-of-bias", **one))
    notations = {label: word for word, label in words.items()}
    of_domain = {each.label: each.notation for each in domains}
    votes: dict[str, list[VoteRisk]] = defaultdict(list)
    for row in graph.rows(internal("risk-of-votes", claim=asked)) if asked else ():
        rows = judged.get((row["claim"], row["tier"], row["investigation"]), [])
        lights: dict[str, str] = {}
        for each in rows:
            domain, word = of_domain.get(each["domain"], ""), notations.get(each["judgement"])
            if domain and word is not None:
                lights[domain] = worst_of(tuple(words), (lights.get(domain, ""), word))
        whose, studies = (tuple(dict.fromkeys(each[of] for each in rows if each["judgement"])) for of in ("whose", "study"))
        votes[row["claim"]].append(VoteRisk(row["investigation"], row["label"], row["risk"], lights, whose, studies))
    return Risks(domains, words, {claim: tuple(each) for claim, each in votes.items()})


def _words(graph: ReadableGraph, scheme: str) -> list[dict[str, Any]]:
    return graph.rows(internal("words-in-order", scheme=name(f"k2g:{scheme}")))


def _by_vote(rows: Iterable[Any]) -> dict[tuple[str, str, str], list[Any]]:
    found: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in rows:
        found[row["claim"], row["tier"], row["investigation"]].append(row)
    return found
