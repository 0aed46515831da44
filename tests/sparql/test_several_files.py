"""Several graphs that are read as one. What they say is invented."""

import os
from pathlib import Path

import pytest
from project import Run

import k2graph
from k2graph.errors import InputError, TableFaults

HEAD = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix k2g: <https://w3id.org/k2graph/ontology#> .
@prefix e: <https://w3id.org/k2graph/entity/> . @prefix prov: <http://www.w3.org/ns/prov#> .
"""
GLOW = 'e:glow a k2g:Outcome ; rdfs:label "glow"@en ; k2g:aspect "level" .\n'


def _file(path: Path, text: str) -> Path:
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two graphs that know the same outcome, and each a nutrient."""
    return [
        _file(tmp_path / f"{name}.ttl", f'{GLOW}e:{name} a k2g:Nutrient ; rdfs:label "{name}"@en ; k2g:moves e:glow ; k2g:value 1.50 .\n')
        for name in ("lumenol", "radianol")
    ]


def test_what_two_graphs_say_stands_together_as_they_spell_it(two: list[Path]) -> None:
    graph = k2graph.open(two)
    found = graph.rows("SELECT ?name { ?x k2g:moves ?outcome ; rdfs:label ?name . ?outcome rdfs:label 'glow'@en } ORDER BY ?name")
    assert [row["name"] for row in found] == ["lumenol", "radianol"]
    # Three of the outcome, which both have, and four of each nutrient.
    assert len(list(graph.triples())) == 11
    assert sum('"1.50"' in str(triple) for triple in graph.triples()) == 2


def test_nodes_without_a_name_stay_apart_and_graphs_stay_as_they_are(tmp_path: Path) -> None:
    first = _file(tmp_path / "a.ttl", "e:a k2g:moves _:x . _:x k2g:value 1 .\n")
    second = tmp_path / "b.trig"
    second.write_text("<http://e.org/g> { <http://e.org/s> <http://e.org/p> _:x . _:x <http://e.org/v> 2 }\n")
    graph = k2graph.open([first, second])
    assert len({row["x"] for row in graph.rows("SELECT ?x { ?x ?p ?value . FILTER(isBlank(?x)) }")}) == 2
    assert [row["g"] for row in graph.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")] == ["http://e.org/g"]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (GLOW.replace('"glow"', '"glowing"'), "entity:glow: is called 'glowing', and in {first} 'glow'"),
        (GLOW.replace("k2g:Outcome", "k2g:Disease"), "entity:glow: is of the kind k2g:Disease, and in {first} k2g:Outcome"),
        (GLOW.replace('"level"', '"risk"'), "entity:glow: has the aspect 'risk', and in {first} 'level'"),
        # Two slips in one thing are told as one.
        (GLOW.replace('"level"', '"risk"').replace('"glow"', '"glowing"'), "entity:glow: is called 'glowing', and in {first} 'glow'"),
        # How it stands would have to be reckoned anew.
        ("e:s prov:wasGeneratedBy e:rule ; k2g:findings 3 .\n", "entity:s: has k2g:findings '3', and in {first} '2'"),
    ],
)
def test_two_meanings_of_one_are_a_fault_with_both_files(tmp_path: Path, other: str, message: str) -> None:
    first = _file(tmp_path / "first.ttl", GLOW + "e:s prov:wasGeneratedBy e:rule ; k2g:findings 2 .\n")
    second = _file(tmp_path / "second.ttl", other)
    with pytest.raises(TableFaults) as raised:
        k2graph.open([first, second])
    assert str(raised.value).splitlines() == [
        f"{second}: {message.format(first=first)}",
        "1 fault; nothing was read: build the packs as one graph (k2graph build PACK PACK --output FILE), or ask them apart",
    ]


def test_of_hundreds_of_meanings_that_differ_twenty_are_told(tmp_path: Path) -> None:
    first, second = (
        _file(tmp_path / f"{name}.ttl", "".join(f'e:x{number} rdfs:label "{name}" .\n' for number in range(300))) for name in "ab"
    )
    with pytest.raises(TableFaults) as raised:
        k2graph.open([first, second])
    assert len(raised.value.faults) == 21
    assert f"{second}: and 280 more of such\n" in str(raised.value)


def test_commands_read_several_graphs_and_the_same_of_an_environment(
    two: list[Path], run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counted = ("query", "SELECT (COUNT(*) AS ?n) { ?x a k2g:Nutrient }", "--format", "csv")
    assert run(*counted, "--data", two[0], "--data", two[1]) == (0, "n\n2\n", "")
    monkeypatch.setenv("K2GRAPH_DATA", os.pathsep.join(map(str, two)))
    assert run(*counted) == (0, "n\n2\n", f"k2graph: the graph is {two[0]} and {two[1]}, by K2GRAPH_DATA\n")
    # What is named goes before, and nothing that is read is written over.
    assert run(*counted, "--data", two[0]).out == "n\n1\n"
    before = [path.read_bytes() for path in two]
    done = run("export", "ntriples", "--output", two[1])
    assert (done.code, done.err) == (2, f"k2graph: {two[1]}: is what is read here, and would be lost; name another file\n")
    assert [path.read_bytes() for path in two] == before


def test_a_graph_that_is_named_twice_is_refused(two: list[Path], run: Run) -> None:
    with pytest.raises(InputError, match=r"lumenol\.ttl: is named twice; name it once"):
        k2graph.open([two[0], two[0]])
    both = ("--data", two[0], "--endpoint", "http://127.0.0.1:9/")
    assert run("stats", *both) == (2, "", "k2graph: give a file or an endpoint, not both\n")
