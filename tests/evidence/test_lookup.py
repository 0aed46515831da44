"""Things are found by words of what they are called, by everybody alike: `k2graph search` and the tool of assistants."""

import json
from typing import Any

import pytest
from project import Run

import k2graph
from k2graph.errors import InputError
from k2graph.evidence.lookup import Lookup


@pytest.fixture(scope="module")
def lookup(graph: k2graph.Graph) -> Lookup:
    return Lookup(graph)


@pytest.mark.parametrize(
    ("words", "best"),
    [
        # Labels, whatever their case, hyphens and accents.
        ("MK-7", "entity:mk-7"),
        ("mk7", "entity:mk-7"),
        ("OSTEOCALCIN", "entity:osteocalcin"),
        # Other names, one of them with an accent that it does not have.
        ("ménaquinone 7", "entity:mk-7"),
        ("BGLAP", "entity:osteocalcin"),
        # Initials of a name: pulse wave velocity is one of arterial stiffness.
        ("pwv", "entity:arterial-stiffness"),
        # Identifiers and numbers: CHEBI:28384 is vitamin K, 17287908 a report in PubMed, NCT01002157 a trial of vascular calcification.
        ("CHEBI:28384", "entity:vitamin-k"),
        ("17287908", "report:pmid-17287908"),
        ("PMID:17287908", "report:pmid-17287908"),
        ("NCT01002157", "study:vitak-cac"),
        # Keys of the tables.
        ("mk-7-level-dp-ucmgp", "claim:mk-7-level-dp-ucmgp"),
        ("mgp-calcification-events", "mechanism:mgp-calcification-events"),
        # A claim by what its two ends are called otherwise.
        ("pwv menaquinone-7", "claim:mk-7-level-arterial-stiffness"),
    ],
)
def test_it_finds(lookup: Lookup, words: str, best: str) -> None:
    found = lookup.find(words)
    assert (found.entries[0].id, found.instead) == (best, "")


@pytest.mark.parametrize(
    ("words", "instead", "best"),
    [
        ("osteoclacin", "osteocalcin", "entity:osteocalcin"),
        ("vascular calcifcation", "vascular calcification", "entity:vascular-calcification"),
        ("warfrin", "warfarin", "entity:warfarin"),
    ],
)
def test_a_typo_finds_what_was_meant_and_says_so(lookup: Lookup, words: str, instead: str, best: str) -> None:
    found = lookup.find(words)
    assert (found.instead, found.entries[0].id) == (instead, best)


@pytest.mark.parametrize("words", ["zzqqxx", "17287909", "CHEBI:28385", "mgp zzqqxx"])
def test_nothing_is_made_of_what_is_near_to_nothing_or_is_another_number(lookup: Lookup, words: str) -> None:
    found = lookup.find(words)
    assert (found.entries, found.instead) == ([], "")


def test_what_is_called_just_so_comes_first_and_what_begins_so_next(lookup: Lookup) -> None:
    called = [entry.shown for entry in lookup.find("warfarin", "entity").entries]
    assert called[0] == "warfarin"
    beginning = [name.lower().startswith("warfarin") for name in called[1:]]
    assert beginning == sorted(beginning, reverse=True)


def test_a_type_is_a_kind_or_a_class_of_entities(lookup: Lookup) -> None:
    assert {entry.kind for entry in lookup.find("warfarin").entries} >= {"entity", "claim", "study", "report", "interaction"}
    assert {entry.kind for entry in lookup.find("warfarin", "claim").entries} == {"claim"}
    assert lookup.find("BMD", "outcome").entries[0].id == "entity:bone-mineral-density"
    assert {entry.type for entry in lookup.find("bone", "outcome").entries} == {"outcome"}
    with pytest.raises(InputError, match=r"'outcom' is no type of things here; .*did you mean 'outcome'\?"):
        lookup.find("bone", "outcom")
    with pytest.raises(InputError, match="search needs a word"):
        lookup.find(" ~ ")


def told(run: Run, *arguments: str) -> Any:
    done = run("search", *arguments, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_the_command_groups_what_it_finds_and_names_it_as_tables_do(run: Run) -> None:
    found = told(run, "knapen", "--most", "3")
    assert [block["heading"] for block in found["blocks"]] == ["Studies: 3 of 4", "Reports: 3 of 7"]
    assert found["found"] == 11
    assert found["blocks"][0]["rows"][0] == {"key": "knapen-2014", "called": "Knapen, 2014", "is": "pharmacokinetic study in people"}
    (report,) = told(run, "17287908")["blocks"][0]["rows"]
    # The key that tables write is the number that was looked for; there is nothing else to say.
    assert report["key"] == "PMID:17287908"
    assert set(report) == {"key", "called"}
    vitamin = told(run, "CHEBI:28384")["blocks"][0]["rows"][0]
    assert vitamin == {"key": "vitamin-k", "called": "vitamin K", "is": "nutrient", "also": "CHEBI:28384"}
    words = told(run, "vascular", "calcifcation")
    assert words["lines"][0] == "Nothing is called 'vascular calcifcation'. What is called 'vascular calcification':"


def test_the_command_without_a_hit_ends_with_1_and_a_wrong_type_with_2(run: Run) -> None:
    assert run("search", "zzqqxx") == (1, "", "k2graph: nothing is called 'zzqqxx'\n")
    done = run("search", "bone", "--type", "bones")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("k2graph: 'bones' is no type of things here; ")


def test_the_order_does_not_hang_on_that_of_the_graph(graph: k2graph.Graph, lookup: Lookup) -> None:
    class Turned:
        def rows(self, query: str) -> list[dict[str, Any]]:
            return graph.rows(query)[::-1]

    other = Lookup(Turned())  # type: ignore[arg-type]
    assert other.entries == lookup.entries


def test_a_sentence_finds_what_shares_the_most_of_its_words(lookup: Lookup) -> None:
    """Words that few things have weigh more: of the many that have MK-7 alone, none comes before the one that has the outcome too."""
    assert lookup.find("does MK-7 reduce arterial stiffness in adults?").entries == []
    shared = [entry.id for entry in lookup.sharing("does MK-7 reduce arterial stiffness in adults?")]
    assert shared[0] == "claim:mk-7-level-arterial-stiffness"
    assert lookup.sharing("xyzzy plugh") == []
