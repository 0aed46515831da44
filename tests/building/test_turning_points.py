"""What would turn a standing, and all else that a scientist decides, follows the ontology and the rules: worked out by hand.

Votes are written as (for, found nothing, against). Where a share is large enough from h and too small up to l, n votes of which s
support are consistent where s >= h·n, null or contrary where s <= l·n, and contested between.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, serialize
from test_rules import ENTITIES, PREFIXES, claim, finding, single_trial, study

import k2graph
from k2graph import iris, resources
from k2graph.building import build
from k2graph.building.turning_points import turning_points
from k2graph.evidence.model import Evidence
from k2graph.ontology import Vocabulary
from k2graph.sparql.rules import Rule, apply_rules, read_rules
from k2graph.views.mechanism_map import Map, shown

TURNS = """SELECT ?claim ?more ?stance ?label WHERE {
  ?claim k2g:standing ?standing . ?standing k2g:turnsAt ?turn . ?turn k2g:moreInvestigations ?more ; k2g:stance ?s ; rdfs:label ?label .
  ?s skos:notation ?stance }"""
#: Two trials against placebo found fewer cramps; of seven on stiffness three supported, four found nothing; one trial of MK-7 on cramps.
CRAMPS, STIFFNESS, SINGLE = "vitamin-k2-level-muscle-cramps", "mk-7-level-arterial-stiffness", "mk-7-level-muscle-cramps"


def turns(facts: str, rules: Iterable[Rule] | None = None, changes: Iterable[tuple[str, str]] = ()) -> dict[str, set[tuple[int, str, str]]]:
    """Claim → how many more of which stance would make it what."""
    rules = list(rules or read_rules())
    store = Store()
    store.load(changed(changes).encode(), format=RdfFormat.TURTLE)
    store.load((PREFIXES + ENTITIES + facts).encode(), format=RdfFormat.TURTLE)
    apply_rules(store, rules)
    store.extend(list(turning_points(partial(store.query, prefixes=iris.PREFIXES), rules)))
    found: dict[str, set[tuple[int, str, str]]] = {}
    rows: Any = store.query(TURNS, prefixes=iris.PREFIXES)
    for row in rows:
        name = row["claim"].value.rpartition("/")[2]
        found.setdefault(name, set()).add((int(row["more"].value), row["stance"].value, row["label"].value))
    return found


def changed(changes: Iterable[tuple[str, str]]) -> str:
    """The ontology with some of its text changed."""
    text = resources.ONTOLOGY.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


ONE_TRIAL = {
    (1, "supports", "consistent in human trials (2)"),
    (1, "null", "contested in human trials (2)"),
    (3, "null", "null in human trials (4)"),  # a quarter supports
    (1, "contradicts", "contested in human trials (2)"),
    (3, "contradicts", "contrary in human trials (4)"),
}


def test_one_trial_that_supports() -> None:
    assert turns(claim("c") + single_trial("t")) == {"c": ONE_TRIAL}


def test_one_trial_on_an_untested_claim_would_decide() -> None:
    assert turns(claim("c")) == {
        "c": {
            (1, "supports", "single in human trials (1)"),
            (1, "null", "null in human trials (1)"),
            (1, "contradicts", "contrary in human trials (1)"),
        }
    }


def test_a_claim_that_no_trial_in_people_could_test_turns_where_it_was_tested() -> None:
    facts = study("mice", "animal-in-vivo") + finding("mice", "mice", "no-effect")
    here = {
        (1, "supports", "contested in animals (2)"),  # (1, 1, 0)
        (3, "supports", "consistent in animals (4)"),  # (3, 1, 0): three quarters
        (2, "contradicts", "contrary in animals (3)"),  # (0, 1, 2); one against one is nothing shown
    }
    trial = {
        (1, "supports", "single in human trials (1)"),
        (1, "null", "null in human trials (1)"),
        (1, "contradicts", "contrary in human trials (1)"),
    }
    found = turns(claim("c") + claim("untestable", "n", more="; k2g:testableInPeople k2g:answer-no") + facts)
    assert found == {"c": here | trial, "untestable": here}


def test_nothing_says_of_a_claim_what_it_is_already() -> None:
    facts = claim("c") + "".join(single_trial(f"t{number}", "no-effect") for number in range(3))
    found = turns(facts)["c"]
    # (0, 3, 0): a second null changes nothing; four against outweigh three that found nothing.
    assert {each for each in found if each[1] != "supports"} == {(4, "contradicts", "contrary in human trials (7)")}
    assert {each[:2] for each in found if each[1] == "supports"} == {(2, "supports"), (9, "supports")}  # 2 of 5, 9 of 12


def test_another_rule_turns_otherwise(tmp_path: Path) -> None:
    for rule in read_rules():
        # Two that agree are no more than single.
        text = rule.query.replace("IF(?n = 1, k2g:result-single", "IF(?n <= 2, k2g:result-single")
        assert (text != rule.query) == (rule.name == "standing")
        (tmp_path / rule.path.name).write_text(text, encoding="utf-8")
    found = turns(claim("c") + single_trial("t"), read_rules(tmp_path))["c"]
    assert found == ONE_TRIAL - {(1, "supports", "consistent in human trials (2)")} | {(2, "supports", "consistent in human trials (3)")}


def test_how_many_are_tried_is_a_number_of_the_ontology() -> None:
    facts = claim("c") + single_trial("t")
    few = turns(facts, changes=[("k2g:turningPointsUpTo 20", "k2g:turningPointsUpTo 2")])
    assert few == {"c": {each for each in ONE_TRIAL if each[0] <= 2}}
    assert turns(facts, changes=[("k2g:turningPointsUpTo 20", "k2g:turningPointsUpTo 0")]) == {}


# The whole graph, built by another ontology


def built(folder: Path, *changes: tuple[str, str]) -> k2graph.Graph:
    ontology = folder / "ontology.ttl"
    ontology.write_text(changed(changes), encoding="utf-8")
    store = build.build(vocabulary=Vocabulary(ontology))
    path = folder / "graph.nt"
    path.write_bytes(serialize((quad.triple for quad in store), format=RdfFormat.N_TRIPLES) or b"")
    return k2graph.open(path)


def thresholds(high: str, low: str) -> tuple[str, str]:
    return "k2g:supportedFrom 0.75 ; k2g:unsupportedUpTo 0.25", f"k2g:supportedFrom {high} ; k2g:unsupportedUpTo {low}"


def said(graph: k2graph.Graph, evidence: Evidence, name: str) -> tuple[str, list[str]]:
    """A claim's standing and what would turn it, as `explain`, the evidence that pages print and the map all say."""
    standing, *others = graph.explain(f"claim:{name}").blocks
    (block,) = (each for each in others if each.heading == "What would change it")
    own = evidence.claims[f"claim:{name}"]
    assert evidence.changes(own) == block.lines
    page = Map(evidence, shown(evidence, about=("claim", own.id))).html
    assert all(line in page for line in [*block.lines, own.standing.label])
    assert standing.lines[0] == own.standing.label
    return own.standing.label, block.lines


def line(more: int, phrase: str, label: str) -> str:
    return f"{more} more investigation{'s' if more > 1 else ''} in human trials {phrase} would make it {label}."


NOTHING, OPPOSITE, SUPPORT = "finding nothing", "finding the opposite", "supporting it"


def test_all_or_nothing_changes_standings_and_whatever_tells_of_them(tmp_path: Path) -> None:
    graph = built(tmp_path, thresholds("1.0", "0.0"))
    evidence = graph.evidence()
    # (2, 0, 0): one that says otherwise makes it contested, and as two go on supporting it, never anything else.
    assert said(graph, evidence, CRAMPS) == (
        "consistent in human trials (2)",
        [line(1, NOTHING, "contested in human trials (3)"), line(1, OPPOSITE, "contested in human trials (3)")],
    )
    # (3, 4, 0) stays contested whatever comes.
    assert said(graph, evidence, STIFFNESS) == (
        "contested in human trials (7)",
        ["Up to 20 more investigations of one stance in that tier would leave it as it is."],
    )
    text = " ".join(graph.explain(f"claim:{CRAMPS}").to_text().split())
    assert "Large enough is a share of 1.0 or more, too small one of 0.0 or less." in text


def test_half_is_enough(tmp_path: Path) -> None:
    graph = built(tmp_path, thresholds("0.5", "0.25"))
    evidence = graph.evidence()
    assert said(graph, evidence, CRAMPS) == (
        "consistent in human trials (2)",
        [
            line(3, NOTHING, "contested in human trials (5)"),  # 2 of 5
            line(3, OPPOSITE, "contested in human trials (5)"),
            line(6, NOTHING, "null in human trials (8)"),  # 2 of 8
            line(6, OPPOSITE, "contrary in human trials (8)"),
        ],
    )
    assert said(graph, evidence, STIFFNESS) == (
        "contested in human trials (7)",
        [
            line(1, SUPPORT, "consistent in human trials (8)"),  # 4 of 8
            line(5, NOTHING, "null in human trials (12)"),  # 3 of 12
            line(5, OPPOSITE, "contrary in human trials (12)"),  # (3, 4, 5)
        ],
    )
    # (1, 0, 0): with one that finds nothing half support it still, and they are two.
    standing, lines = said(graph, evidence, SINGLE)
    assert standing == "single in human trials (1)"
    assert lines[:3] == [
        line(1, SUPPORT, "consistent in human trials (2)"),
        line(1, NOTHING, "consistent in human trials (2)"),
        line(1, OPPOSITE, "consistent in human trials (2)"),
    ]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> k2graph.Graph:
    """The graph by an ontology in which a scientist changed what stands in it alone."""
    return built(
        tmp_path_factory.mktemp("other"),
        ("k2g:longestChain 4", "k2g:longestChain 1"),
        ("k2g:power 0.8", "k2g:power 0.9"),
        ('skos:notation "outspoken" ;', 'skos:notation "outspoken" ; k2g:triedWithout rule:not-counted-outspoken ;'),
        (
            'k2g:Metabolite a owl:Class ; rdfs:subClassOf k2g:Entity ; k2g:drawnAs "molecule"',
            'k2g:Metabolite a owl:Class ; rdfs:subClassOf k2g:Entity ; k2g:drawnAs "form" ; k2g:isForm true',
        ),
    )


def test_a_scenario_is_tried_where_the_ontology_says_so(other: k2graph.Graph, graph: k2graph.Graph) -> None:
    asked = """SELECT ?claim ?tier ?result WHERE {
      ?a k2g:hadCounted k2g:reason-outspoken ; k2g:claim ?claim ; k2g:testedIn ?tier ; k2g:result ?result }"""
    assert graph.rows(asked) == []
    store = build.asserted()
    apply_rules(store, [rule for rule in read_rules() if rule.name != "not-counted-outspoken"])
    everywhere = "SELECT ?claim ?tier ?result WHERE { ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result }"

    def rows(found: list[Any]) -> set[tuple[str, ...]]:
        return {(row["claim"], row["tier"], row["result"]) for row in found}

    without: Any = store.query(everywhere, prefixes=iris.PREFIXES)
    changed_ = {tuple(iris.short(term.value) for term in row) for row in without} - rows(graph.rows(everywhere))
    assert changed_
    assert rows(other.rows(asked)) == changed_


def test_chains_are_as_long_as_the_ontology_allows(other: k2graph.Graph, graph: k2graph.Graph) -> None:
    assert max(len(chain.links) for chain in graph.chains("vitamin K2", "muscle strength")) > 1
    assert {len(chain.links) for chain in other.chains("vitamin K2", "muscle strength")} == {1}


def test_trials_are_planned_with_the_power_of_the_ontology(other: k2graph.Graph, graph: k2graph.Graph) -> None:
    asked = "SELECT ?spread ?n WHERE { ?spread k2g:participantsPerArm ?n }"
    before, after = ({row["spread"]: row["n"] for row in each.rows(asked)} for each in (graph, other))
    assert before
    assert set(before) == set(after)
    # (1.96 + 1.28)² for (1.96 + 0.84)²: about a third more, to whole participants and the t-distribution of small trials.
    assert all(after[each] == pytest.approx(1.339 * before[each], rel=0.02, abs=1.5) for each in before)


def test_what_a_form_is_and_how_it_is_drawn_is_said_of_its_class(other: k2graph.Graph, graph: k2graph.Graph) -> None:
    for each, forms in ((graph, False), (other, True)):
        evidence = each.evidence()
        metabolites = [name for name, entity in evidence.entities.items() if entity.kind == "k2g:Metabolite"]
        assert metabolites
        assert {evidence.is_form(name) for name in metabolites} == {forms}


def test_real_turning_points_are_of_the_built_graph(graph: k2graph.Graph) -> None:
    rows = graph.rows("SELECT DISTINCT ?c WHERE { ?c k2g:standing ?s . ?s k2g:turnsAt ?t }")
    untestable = {row["c"] for row in graph.rows("SELECT ?c WHERE { ?c k2g:testableInPeople k2g:answer-no }")}
    untested = {row["c"] for row in graph.rows("SELECT ?c WHERE { ?c k2g:standing ?s . ?s k2g:result k2g:result-untested }")}
    every = {row["c"] for row in graph.rows("SELECT ?c WHERE { ?c a k2g:Claim }")}
    assert {row["c"] for row in rows} == every - (untestable & untested)
