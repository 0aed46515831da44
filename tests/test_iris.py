"""Names: whatever people write for a thing leads to one compact name, and a compact name to one address and back."""

import re

import pytest
from project import Run, rows
from pyoxigraph import NamedNode

import k2graph
from k2graph import iris

IDENTIFIERS = sorted({row["identifier"] for row in rows("identifiers")})


def addresses_of(graph: k2graph.Graph) -> list[str]:
    """Every address that the graph has, in any place of a statement."""
    return sorted({term.value for triple in graph.triples() for term in triple if isinstance(term, NamedNode)})


def test_compact_names_of_addresses_lead_back(graph: k2graph.Graph) -> None:
    addresses = addresses_of(graph)
    assert len(addresses) > 10_000
    assert [each for each in addresses if iris.expand(iris.compact(each)) != each] == []
    # Ours, and those of the vocabularies, are compact in truth.
    ours = [each for each in addresses if re.match(re.escape(iris.BASE) + "[a-z]+[/#].", each)]
    assert ours
    assert not [each for each in ours if iris.compact(each).startswith("http")]


@pytest.mark.parametrize("curie", IDENTIFIERS)
def test_an_identifier_is_its_address_and_back(curie: str) -> None:
    address = iris.identifier(curie).value
    assert iris.expand(curie) == address
    assert iris.compact(address) == curie


@pytest.mark.parametrize(
    "text", ["vitamin K2: a review", "cl: x", "a_b", "https://example.org/CHEBI:1", "https://w3id.org/k2graph/", "10.5", "GO"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert iris.meant(text) == text


@pytest.mark.parametrize(("text", "curie"), [("PMID: 17875939", "PMID:17875939"), ("doi: 10.1016/j.x", "DOI:10.1016/j.x")])
def test_a_space_behind_the_prefix_of_a_paper_s_number(text: str, curie: str) -> None:
    assert iris.meant(text) == curie


@pytest.mark.parametrize("text", ["PMID: 1 2", "CHEBI:<1>", "DOI:10.1/a b", "GO:a|b", "chebi:\x07", "entity:a b", "study:<x>", "CHEBI: 1"])
@pytest.mark.slow
def test_what_makes_no_address_is_called_by_nobody(text: str, run: Run) -> None:
    assert isinstance(iris.expand(text), str)
    for command in (("explain", text), ("ask", "evidence-for-claim", "--claim", text), ("path", text, text), ("view", "--about", text)):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
