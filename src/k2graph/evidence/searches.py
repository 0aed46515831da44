"""What was looked for: the searches that a graph holds, with what each left out and why.

In: evidence. Out: searches, newest first. What a graph says of none of them is empty, or none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .model import Evidence, Word


@dataclass(frozen=True)
class LeftOut:
    """One record that a search showed and that is not in the graph. `identity` is its PMID, DOI, registry number or address."""

    identity: str
    title: str
    reason: Word
    may_still_bear: bool
    note: str


@dataclass(frozen=True)
class Search:
    """One search. `shown` are `duplicates`, `held`, `screened` and `unseen`; `screened` are `taken` and `left_out`."""

    id: str
    asked: str
    date: str
    index: str
    words: str
    claims: tuple[str, ...]
    shown: int
    duplicates: int
    held: int
    screened: int
    taken: int
    left_out: int
    readers: str
    note: str
    records: tuple[LeftOut, ...]

    @property
    def unseen(self) -> int:
        """How many of the records shown were not looked at."""
        return max(0, self.shown - self.duplicates - self.held - self.screened)

    @property
    def reasons(self) -> list[tuple[Word, int]]:
        """The reasons for which it left records out, with how many for each."""
        return reasons_of(self.records)


def reasons_of(records: Iterable[LeftOut]) -> list[tuple[Word, int]]:
    """The reasons for which records were left out, in the order of their scheme, with how many for each."""
    counted = Counter(record.reason for record in records)
    return sorted(counted.items(), key=lambda pair: (pair[0].rank, pair[0].label))


def read_searches(evidence: Evidence) -> tuple[Search, ...]:
    """The searches of a graph, newest first.

    Raises:
        InputError: where one is not complete.
    """
    facts, records = evidence.facts, defaultdict[str, list[LeftOut]](list)
    for node in facts.nodes("k2g:LeftOutRecord"):
        reason = facts.need(node, "k2g:leftOutFor")
        left = LeftOut(
            identity=facts.need(node, "dcterms:identifier"),
            title=facts.one(node, "dcterms:title"),
            reason=evidence.words[reason],
            may_still_bear=facts.one(reason, "k2g:mayStillBear", False),
            note=facts.one(node, "skos:note"),
        )
        records[facts.need(node, "k2g:leftOutOf")].append(left)
    found = [
        Search(
            id=node,
            asked=facts.need(node, "rdfs:label"),
            date=facts.need(node, "k2g:searchedOn"),
            index=facts.need(node, "k2g:searchedIn"),
            words=facts.need(node, "k2g:searchWords"),
            claims=facts.all(node, "k2g:soughtClaim"),
            shown=facts.need(node, "k2g:recordsShown"),
            duplicates=facts.need(node, "k2g:duplicatesRemoved"),
            held=facts.need(node, "k2g:alreadyHeld"),
            screened=facts.need(node, "k2g:recordsScreened"),
            taken=facts.need(node, "k2g:recordsTaken"),
            left_out=facts.need(node, "k2g:recordsLeftOut"),
            readers=evidence.words[facts.need(node, "k2g:screenedBy")].label,
            note=facts.one(node, "skos:note"),
            records=tuple(sorted(records[node], key=lambda each: (-each.reason.rank, each.title, each.identity))),
        )
        for node in facts.nodes("k2g:Search")
    ]
    found.sort(key=lambda search: (search.asked, search.id))
    return tuple(sorted(found, key=lambda search: search.date, reverse=True))
