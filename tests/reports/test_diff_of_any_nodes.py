"""Graphs whose nodes have no names, of statements that nobody thought of: renamed they are the same, and changed not, as rdflib finds."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib.compare import isomorphic

from k2graph.reports.blank_nodes import blank_differences, is_blank

pytestmark = pytest.mark.slow

B = [BlankNode(name) for name in "abcdef"]
P = [NamedNode(f"http://example.org/{name}") for name in "pq"]
#: Statements about few nodes with few properties, of which many are alike.
_plain = st.builds(Triple, st.sampled_from(B), st.sampled_from(P), st.sampled_from([*B, *P]))
_statements = st.sets(_plain, min_size=1, max_size=14)


def _renamed(term: Any, names: dict[Any, Any]) -> Any:
    return Triple(*(_renamed(each, names) for each in term)) if isinstance(term, Triple) else names.get(term, term)


def _in_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for triple in triples:
        graph.add([(rdflib.BNode if isinstance(term, BlankNode) else rdflib.URIRef)(term.value) for term in triple])
    return graph


@settings(max_examples=300, deadline=None)
@given(_statements, st.permutations(B), _plain, st.randoms(use_true_random=False))
def test_renamed_nodes_are_the_same_and_changed_ones_only_if_rdflib_finds_so(
    triples: set[Triple], names: list[BlankNode], another: Triple, lot: random.Random
) -> None:
    old = sorted(filter(is_blank, triples), key=str)
    new = [_renamed(triple, dict(zip(B, names, strict=True))) for triple in old]
    lot.shuffle(new)
    assert blank_differences(old, new) == ([], [])
    changed = [*dict.fromkeys([*new[1:], another])]
    gone, come = blank_differences(old, changed)
    assert (not gone and not come) == isomorphic(_in_rdflib(old), _in_rdflib(changed))
    # What is left out on both sides is the same.
    same = [[triple for triple in each if triple not in without] for each, without in ((old, gone), (changed, come))]
    assert isomorphic(*map(_in_rdflib, same))


@given(
    st.sets(st.builds(Triple, st.sampled_from(B), st.sampled_from(P), st.one_of(_plain, st.sampled_from(B))), max_size=8),
    st.permutations(B),
)
def test_renamed_nodes_in_statements_about_statements_are_the_same(triples: set[Triple], names: list[BlankNode]) -> None:
    old = sorted(triples, key=str)
    new = [_renamed(triple, dict(zip(B, names, strict=True))) for triple in old]
    assert blank_differences(old, new[::-1]) == ([], [])
    if old:
        # A property that stands nowhere else.
        new[0] = Triple(new[0].subject, NamedNode("http://example.org/r"), new[0].object)
        assert all(blank_differences(old, new))
