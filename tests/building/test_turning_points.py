"""What would turn a standing, and all else that a scientist decides, follows the ontology and the rules: worked out by hand.

Votes are written as (show it, leave it open, leave out an important effect, show the opposite). Where a share is large enough from h and
too small up to l, n votes of which s show it are consistent where s >= h·n and contested above l·n; else they are no important effect where
three quarters leave one out, contrary where more of the rest show the opposite than do not, and not shown otherwise. Contested and not
shown are leaning where enough lie on the proposed side: k of m where (2k - m - 1)² > 3.8415 m - 1.75, of those that tell it and of all.
"""

from collections.abc import Iterable
from functools import partial
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from project import write_claims
from pyoxigraph import RdfFormat, Store, serialize
from test_rules import ENTITIES, PREFIXES, claim, finding, numbers, single_trial, study, synthesis

import k2graph
from k2graph import iris, resources
from k2graph.building import build
from k2graph.building.computed_estimates import computed_estimates
from k2graph.building.following import follow
from k2graph.building.turning_points import turning_points
from k2graph.evidence.model import Evidence
from k2graph.ontology import Vocabulary
from k2graph.sparql.rules import Rule, apply_rules, read_rules, without
from k2graph.views.mechanism_map import Map, shown
from k2graph.views.site import overview, things
from k2graph.views.site.site import Site

TURNS = """SELECT ?claim ?more ?stance ?label WHERE {
  ?claim k2g:standing ?standing . ?standing k2g:turnsAt ?turn . ?turn k2g:moreInvestigations ?more ; k2g:stance ?s ; rdfs:label ?label .
  ?s skos:notation ?stance }"""
#: Two trials against placebo found fewer cramps, one of them of MK-7. Of seven on stiffness three showed it (Eelderink, de Vries, Knapen)
#: and four left it open, of which two lay on the proposed side (Fulton, -0.8 m/s; Naiyarakseree, -2.0%), one on the other (Haroon, 0.55)
#: and one told none.
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
    (1, "open", "contested in human trials (2)"),
    (3, "open", "not shown in human trials (4)"),  # a quarter shows it
    (1, "excludes", "contested in human trials (2)"),
    (3, "excludes", "no important effect in human trials (4)"),  # three quarters leave it out
    (1, "contradicts", "contested in human trials (2)"),
    (3, "contradicts", "contrary in human trials (4)"),
}
FIRST_TRIAL = {
    (1, "supports", "single in human trials (1)"),
    (1, "open", "not shown in human trials (1)"),
    (1, "excludes", "no important effect in human trials (1)"),
    (1, "contradicts", "contrary in human trials (1)"),
}


def test_one_trial_that_supports() -> None:
    assert turns(claim("c") + single_trial("t")) == {"c": ONE_TRIAL}


def test_one_trial_on_an_untested_claim_would_decide() -> None:
    assert turns(claim("c")) == {"c": FIRST_TRIAL}


def test_a_claim_that_no_trial_in_people_could_test_turns_where_it_was_tested() -> None:
    facts = study("mice", "animal-in-vivo") + finding("mice", "mice", "no-effect")
    here = {
        (1, "supports", "contested in animals (2)"),  # (1, 1, 0, 0)
        (3, "supports", "consistent in animals (4)"),  # (3, 1, 0, 0): three quarters
        (3, "excludes", "no important effect in animals (4)"),  # (0, 1, 3, 0)
        (2, "contradicts", "contrary in animals (3)"),  # (0, 1, 0, 2); one of two is no more than the rest
    }
    found = turns(claim("c") + claim("untestable", "n", more="; k2g:testableInPeople k2g:answer-no") + facts)
    assert found == {"c": here | FIRST_TRIAL, "untestable": here}


def test_nothing_says_of_a_claim_what_it_is_already() -> None:
    facts = claim("c") + "".join(single_trial(f"t{number}", "no-effect") for number in range(3))
    # (0, 3, 0, 0): more that leave it open change nothing. 2 of 5 are more than a quarter, 9 of 12 three quarters; four that show the
    # opposite outweigh three.
    assert turns(facts) == {
        "c": {
            (2, "supports", "contested in human trials (5)"),
            (9, "supports", "consistent in human trials (12)"),
            (9, "excludes", "no important effect in human trials (12)"),
            (4, "contradicts", "contrary in human trials (7)"),
        }
    }


def test_what_leans_turns_as_sides_are_told() -> None:
    leaning = numbers("risk-ratio", "1.4", "0.7", "2.8")
    facts = claim("c") + "".join(single_trial(f"t{number}", "no-effect", more=leaning) for number in range(6))
    # Six of six on the proposed side. With a seventh that tells no side or the other, (12 - 7 - 1)² = 16 is less than 25.1. As many as show
    # it lie on that side, so that it leans until 18 of 24 show it; 18 of 24 leave it out, or 7 of 13 show the opposite.
    assert turns(facts) == {
        "c": {
            (18, "supports", "consistent in human trials (24)"),
            (1, "open", "not shown in human trials (7)"),
            (1, "excludes", "not shown in human trials (7)"),
            (18, "excludes", "no important effect in human trials (24)"),
            (1, "contradicts", "not shown in human trials (7)"),
            (7, "contradicts", "contrary in human trials (13)"),
        }
    }
    five = claim("c") + "".join(single_trial(f"t{number}", "no-effect", more=leaning) for number in range(5))
    # Five are not enough; a sixth that shows it is. From there on it leans, as a quarter of those show it, until 15 of 20 do.
    assert {each for each in turns(five)["c"] if each[1] == "supports"} == {
        (1, "supports", "leaning in human trials (6)"),
        (15, "supports", "consistent in human trials (20)"),
    }


def test_a_synthesis_turns_as_the_many_that_it_speaks_for() -> None:
    facts = claim("c") + synthesis("twenty", 20, 2015)
    # (20, 0, 0, 0): 20 of 27 are less than three quarters, and nobody knows the sides of the twenty.
    assert turns(facts) == {"c": {(7, stance, "contested in human trials (27)") for stance in ("open", "excludes", "contradicts")}}


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


# The real graph, built by another ontology


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory, graph: k2graph.Graph) -> Path:
    """Of the real tables all that bears on three claims, which so stand as in the whole."""
    path = tmp_path_factory.mktemp("part") / "tables"
    write_claims(path, graph, CRAMPS, STIFFNESS, SINGLE)
    return path


def built(tables: Path, folder: Path, *changes: tuple[str, str]) -> k2graph.Graph:
    ontology = folder / "ontology.ttl"
    ontology.write_text(changed(changes), encoding="utf-8")
    store = build.build(tables, Vocabulary(ontology))
    path = folder / "graph.nt"
    path.write_bytes(serialize((quad.triple for quad in store), format=RdfFormat.N_TRIPLES) or b"")
    return k2graph.open(path)


def thresholds(high: str, low: str) -> tuple[str, str]:
    return "k2g:supportedFrom 0.75 ; k2g:unsupportedUpTo 0.25", f"k2g:supportedFrom {high} ; k2g:unsupportedUpTo {low}"


def said(graph: k2graph.Graph, evidence: Evidence, name: str) -> tuple[str, list[str]]:
    """A claim's standing and what would turn it, as `explain`, the evidence that pages print and the map all say."""
    blocks = {each.heading: each for each in graph.explain(f"claim:{name}").blocks}
    standing, block = blocks["Standing"], blocks["What would change it"]
    own = evidence.claims[f"claim:{name}"]
    assert evidence.changes(own) == block.lines
    page = Map(evidence, shown(evidence, about=("claim", own.id))).html
    assert all(line in page for line in [*block.lines, own.standing.label])
    assert standing.lines[0] == own.standing.label
    return own.standing.label, block.lines


def on_the_site(graph: k2graph.Graph, *claims: str) -> tuple[str, list[str]]:
    """What the site says of how it decides, and the pages of some claims."""
    site = Site(graph)
    wanted = ["how-it-decides.html", *(site.things[f"claim:{name}"] for name in claims)]
    pages: dict[str, bytes] = {}
    for name, content in chain(overview.front(site), things.claims(site)):
        pages[name] = content
        if pages.keys() >= {*wanted}:
            break
    decides, *about = (unescape(pages[name].decode()) for name in wanted)
    return decides, about


def line(more: int, phrase: str, label: str) -> str:
    return f"{more} more investigation{'s' if more > 1 else ''} in human trials {phrase} would make it {label}."


SUPPORT, OPEN, LEFT_OUT, OPPOSITE = "showing it", "leaving it open", "leaving out an important effect", "showing the opposite"


@pytest.mark.slow
def test_all_or_nothing_changes_standings_and_whatever_tells_of_them(part: Path, tmp_path: Path) -> None:
    graph = built(part, tmp_path, thresholds("1.0", "0.0"), ("k2g:turningPointsUpTo 20", "k2g:turningPointsUpTo 7"))
    evidence = graph.evidence()
    # (2, 0, 0, 0): one that says otherwise makes it contested, and as two go on showing it, never anything else.
    assert said(graph, evidence, CRAMPS) == (
        "consistent in human trials (2)",
        [line(1, phrase, "contested in human trials (3)") for phrase in (OPEN, LEFT_OUT, OPPOSITE)],
    )
    # (3, 4, 0, 0) stays contested until it leans: five of six lie on the proposed side, with five more that show it ten of eleven, and of
    # twelve in all (20 - 12 - 1)² = 49 is more than 44.3; with four more it were 36 against 40.5.
    leaning = line(5, SUPPORT, "leaning in human trials (12)")
    assert said(graph, evidence, STIFFNESS) == ("contested in human trials (7)", [leaning])
    text = " ".join(graph.explain(f"claim:{CRAMPS}").to_text().split())
    assert "Large enough is a share of 1.0 or more, too small one of 0.0 or less." in text
    decides, (cramps, stiffness) = on_the_site(graph, CRAMPS, STIFFNESS)
    assert "The share that supports is large enough from 1.0, and too small up to 0.0." in decides
    assert "consistent in human trials (2)" in cramps
    assert all(line(1, phrase, "contested in human trials (3)") in cramps for phrase in (OPEN, LEFT_OUT, OPPOSITE))
    assert "contested in human trials (7)" in stiffness
    assert leaning in stiffness


@pytest.mark.slow
def test_half_is_enough(part: Path, tmp_path: Path) -> None:
    graph = built(part, tmp_path, thresholds("0.5", "0.25"))
    evidence = graph.evidence()
    assert said(graph, evidence, CRAMPS) == (
        "consistent in human trials (2)",
        [
            *(line(3, phrase, "contested in human trials (5)") for phrase in (OPEN, LEFT_OUT, OPPOSITE)),  # 2 of 5
            line(6, OPEN, "not shown in human trials (8)"),  # 2 of 8
            line(6, LEFT_OUT, "no important effect in human trials (8)"),
            line(6, OPPOSITE, "contrary in human trials (8)"),
        ],
    )
    assert said(graph, evidence, STIFFNESS) == (
        "contested in human trials (7)",
        [
            line(1, SUPPORT, "consistent in human trials (8)"),  # 4 of 8
            line(5, OPEN, "not shown in human trials (12)"),  # 3 of 12
            line(5, LEFT_OUT, "not shown in human trials (12)"),  # of which 5 leave it out
            line(5, OPPOSITE, "contrary in human trials (12)"),  # (3, 4, 0, 5)
        ],
    )
    decides, (cramps, stiffness) = on_the_site(graph, CRAMPS, STIFFNESS)
    assert "The share that supports is large enough from 0.5, and too small up to 0.25." in decides
    assert line(6, OPEN, "not shown in human trials (8)") in cramps
    assert line(1, SUPPORT, "consistent in human trials (8)") in stiffness
    # (1, 0, 0, 0): with one that says otherwise half show it still, and they are two.
    standing, lines = said(graph, evidence, SINGLE)
    assert standing == "single in human trials (1)"
    assert lines[:4] == [line(1, phrase, "consistent in human trials (2)") for phrase in (SUPPORT, OPEN, LEFT_OUT, OPPOSITE)]


def test_sides_turn_a_standing_of_the_real_graph(graph: k2graph.Graph, evidence: Evidence) -> None:
    assert said(graph, evidence, STIFFNESS) == (
        "contested in human trials (7)",
        [
            # 10 of 12 lie on the proposed side, 8 show it: (20 - 12 - 1)² = 49 is more than 44.3, and of 11 it were 36 against 40.5.
            line(5, SUPPORT, "leaning in human trials (12)"),
            line(5, OPEN, "not shown in human trials (12)"),  # 3 of 12
            line(5, LEFT_OUT, "not shown in human trials (12)"),
            line(5, OPPOSITE, "contrary in human trials (12)"),
            line(9, SUPPORT, "consistent in human trials (16)"),  # 12 of 16
        ],
    )


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, some_of_all: Path) -> k2graph.Graph:
    """Some of all by an ontology in which a scientist changed what stands in it alone."""
    return built(
        some_of_all.parent / "tables",
        tmp_path_factory.mktemp("other"),
        ("k2g:longestChain 4", "k2g:longestChain 1"),
        ("k2g:power 0.8", "k2g:power 0.9"),
        ('skos:notation "outspoken" ;', 'skos:notation "outspoken" ; k2g:triedWithout rule:not-counted-outspoken ;'),
        (
            'k2g:Metabolite a owl:Class ; rdfs:subClassOf k2g:Entity ; k2g:drawnAs "molecule"',
            'k2g:Metabolite a owl:Class ; rdfs:subClassOf k2g:Entity ; k2g:drawnAs "form" ; k2g:isForm true',
        ),
    )


@pytest.mark.slow
def test_a_scenario_is_tried_where_the_ontology_says_so(other: k2graph.Graph, some: k2graph.Graph, some_of_all: Path) -> None:
    asked = """SELECT ?claim ?tier ?result WHERE {
      ?a k2g:hadCounted k2g:reason-outspoken ; k2g:claim ?claim ; k2g:testedIn ?tier ; k2g:result ?result }"""
    assert some.rows(asked) == []
    store = build.asserted(some_of_all.parent / "tables")
    store.extend([*computed_estimates(partial(store.query, prefixes=iris.PREFIXES))])
    follow(store, Vocabulary(), without(read_rules(), "not-counted-outspoken"))
    everywhere = "SELECT ?claim ?tier ?result WHERE { ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result }"

    def rows(found: list[Any]) -> set[tuple[str, ...]]:
        return {(row["claim"], row["tier"], row["result"]) for row in found}

    heard: Any = store.query(everywhere, prefixes=iris.PREFIXES)
    changed_ = {tuple(iris.short(term.value) for term in row) for row in heard} - rows(some.rows(everywhere))
    assert changed_
    assert rows(other.rows(asked)) == changed_


@pytest.mark.slow
def test_chains_are_as_long_as_the_ontology_allows(other: k2graph.Graph, some: k2graph.Graph) -> None:
    assert max(len(chain.links) for chain in some.chains("vitamin K2", "muscle strength")) > 1
    assert {len(chain.links) for chain in other.chains("vitamin K2", "muscle strength")} == {1}


@pytest.mark.slow
def test_trials_are_planned_with_the_power_of_the_ontology(other: k2graph.Graph, some: k2graph.Graph) -> None:
    asked = "SELECT ?spread ?n WHERE { ?spread k2g:participantsPerArm ?n }"
    before, after = ({row["spread"]: row["n"] for row in each.rows(asked)} for each in (some, other))
    assert before
    assert set(before) == set(after)
    # (1.96 + 1.28)² for (1.96 + 0.84)²: about a third more, to whole participants and the t-distribution of small trials.
    assert all(after[each] == pytest.approx(1.339 * before[each], rel=0.02, abs=1.5) for each in before)


@pytest.mark.slow
def test_what_a_form_is_and_how_it_is_drawn_is_said_of_its_class(other: k2graph.Graph, some: k2graph.Graph) -> None:
    for each, forms in ((some, False), (other, True)):
        evidence = each.evidence()
        metabolites = [name for name, entity in evidence.entities.items() if entity.kind == "k2g:Metabolite"]
        assert metabolites
        assert {evidence.is_form(name) for name in metabolites} == {forms}


def test_real_turning_points_are_of_the_built_graph(graph: k2graph.Graph) -> None:
    def claims(pattern: str) -> set[str]:
        return {row["c"] for row in graph.rows(f"SELECT DISTINCT ?c WHERE {{ {pattern} }}")}

    # What no trial in people could test, or is background, and was tested nowhere, would be turned by nothing.
    closed = claims("?c k2g:testableInPeople k2g:answer-no") | claims("?c k2g:scope/k2g:isBackground true")
    untested = claims("?c k2g:standing/k2g:result k2g:result-untested")
    assert closed & untested
    assert claims("?c k2g:standing/k2g:turnsAt ?t") == claims("?c a k2g:Claim") - (closed & untested)


def test_background_is_no_trial_to_run() -> None:
    known = "anchor:a a k2g:Anchor ; k2g:claim claim:known ; k2g:anchorKind k2g:anchor-label .\n"
    assert turns(claim("c") + claim("known", "middle") + known) == {"c": FIRST_TRIAL}
