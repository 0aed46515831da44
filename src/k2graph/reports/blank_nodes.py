"""What two sets of statements with blank nodes differ in. Such nodes have no names to compare by: what hangs together is the same or not.

In: two sets of triples with blank nodes. Out: the triples of what only the one has, and of what only the other has.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Triple

from ..errors import InputError

#: So many blank nodes that are all alike take rdflib some seconds.
_MOST_ALIKE = 100


def is_blank(term: Any) -> bool:
    """Whether it is a blank node or holds one."""
    return isinstance(term, BlankNode) or (isinstance(term, Triple) and (is_blank(term.subject) or is_blank(term.object)))


def blank_differences(old: set[Triple], new: set[Triple]) -> tuple[list[Triple], list[Triple]]:
    """The triples with blank nodes that only the one has, and those that only the other has: of what hangs together, all of it.

    Raises:
        InputError: where blank nodes are so many and so much alike that nobody can tell soon whether both have the same.
    """
    if old == new:
        return [], []
    parts_of_old, parts_of_new = ([*map(_part, _together(triples))] for triples in (old, new))
    in_both = {part.shape for part in parts_of_old} & {part.shape for part in parts_of_new}
    was, now = (Counter(part.settled(in_both) for part in parts) for parts in (parts_of_old, parts_of_new))
    gone, come = ([triple for part in (one - other).elements() for triple in part] for one, other in ((was, now), (now, was)))
    return gone, come


@dataclass(frozen=True)
class _Part:
    """Statements that hang together by blank nodes, with a label for each of these by all that is said of it."""

    triples: list[Triple]
    labels: Mapping[Any, str]

    @cached_property
    def shape(self) -> frozenset[tuple[Any, int]]:
        """What it has in common with every part that differs from it in the names of its nodes alone."""
        nodes = {node: BlankNode(label) for node, label in self.labels.items()}
        return frozenset(Counter(_renamed(triple, nodes) for triple in self.triples).items())

    def settled(self, in_both: set[Any]) -> frozenset[Triple]:
        """Its triples under labels that do not hang on the file, where another has its shape."""
        if self.shape not in in_both:
            return frozenset(self.triples)
        alike = sum(several for several in Counter(self.labels.values()).values() if several > 1)
        if alike > _MOST_ALIKE:
            raise InputError(
                f"{alike:,} nodes without a name hang together and are all alike: it takes too long to tell whether both have the same"
            )
        return _canonical(self.triples) if alike else frozenset(triple for triple, _ in self.shape)


def _together(triples: Iterable[Triple]) -> Iterable[list[Triple]]:
    """The triples, parted into those that hang together by blank nodes."""
    leads_to: dict[BlankNode, BlankNode] = {}

    def first(node: BlankNode) -> BlankNode:
        while (other := leads_to.setdefault(node, node)) != node:
            leads_to[node] = leads_to[other]
            node = other
        return node

    held = [(triple, tuple(_blanks(triple))) for triple in triples]
    for _, nodes in held:
        for node in nodes:
            leads_to[first(node)] = first(nodes[0])
    parts: dict[BlankNode, list[Triple]] = defaultdict(list)
    for triple, nodes in held:
        parts[first(nodes[0])].append(triple)
    return parts.values()


def _blanks(term: Any) -> Iterator[BlankNode]:
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from _blanks(term.subject)
        yield from _blanks(term.object)


def _part(triples: list[Triple]) -> _Part:
    """A part, its nodes labelled so that any two that differ in anything have other labels.

    Classes of nodes are split until all of a class have the same neighbours (Paige and Tarjan 1987). Only the neighbours of nodes that a
    split renamed are looked at again, and the largest part of a class keeps its name, so that a long list takes no more than in line.
    """
    around: dict[Any, list[Triple]] = defaultdict(list)
    for triple in triples:
        for node in dict.fromkeys(_blanks(triple)):
            around[node].append(triple)
    labels = dict.fromkeys(around, "n")
    members = {"n": set(around)}
    to_look_at = set(around)
    while to_look_at:
        seen: dict[str, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
        for node in to_look_at:
            texts = sorted(_as_seen(triple, node, labels) for triple in around[node])
            seen[labels[node]][hashlib.sha256("\n".join([labels[node], *texts]).encode()).hexdigest()].add(node)
        renamed: dict[Any, str] = {}
        for label, groups in seen.items():
            sizes = sorted(map(len, groups.values()))
            whole = sum(sizes) == len(members[label])
            for name, group in groups.items():
                if not whole or len(group) < sizes[-1] or sizes[-2:] == [sizes[-1]] * 2:
                    renamed |= dict.fromkeys(group, name)
        for node, name in renamed.items():
            members[labels[node]].remove(node)
            members.setdefault(name, set()).add(node)
        labels |= renamed
        to_look_at = {other for node in renamed for triple in around[node] for other in _blanks(triple)}
    return _Part(triples, labels)


def _as_seen(term: Any, own: Any, labels: Mapping[Any, str]) -> str:
    """A statement as one of its blank nodes sees it."""
    if isinstance(term, Triple):
        return " ".join(["<<", *(_as_seen(each, own, labels) for each in term), ">>"])
    return "@" if term == own else labels.get(term) or str(term)


def _renamed(term: Any, names: Mapping[Any, Any]) -> Any:
    return Triple(*(_renamed(each, names) for each in term)) if isinstance(term, Triple) else names.get(term, term)


def _canonical(part: list[Triple]) -> frozenset[Triple]:
    """The same for nodes of which some are alike: rdflib tells whether they hang together alike. It takes the cube of their number."""
    import rdflib
    from rdflib.compare import to_canonical_graph

    terms: dict[Any, Any] = {}

    def known(term: Any) -> Any:
        # rdflib would write numbers anew, so it gets a digest of everything that has a name.
        blank = isinstance(term, BlankNode)
        made = rdflib.BNode(term.value) if blank else rdflib.URIRef(f"term:{hashlib.sha256(str(term).encode()).hexdigest()}")
        terms[made] = term
        return made

    graph = rdflib.Graph()
    for triple in part:
        graph.add((known(triple.subject), known(triple.predicate), known(triple.object)))
    settled = to_canonical_graph(graph)
    for term in (term for triple in settled for term in triple):
        terms.setdefault(term, BlankNode(str(term)))
    return frozenset(Triple(*(terms[term] for term in triple)) for triple in settled)
