"""Searches read back from a graph, and their flow, each on small graphs whose answer is worked out in the test."""

from pathlib import Path

import pytest

import k2graph
from k2graph.errors import InputError
from k2graph.evidence.reader import read_evidence
from k2graph.evidence.searches import Search, read_searches
from k2graph.sparql.store import with_prefixes
from k2graph.views.flow import flow

WORDS = """
k2g:screening-one-reader rdfs:label "one reader"@en . k2g:screenings a skos:ConceptScheme .
k2g:omitted-no-results a skos:Concept ; skos:inScheme k2g:left-out-reasons ; skos:notation "no-results" ; rdfs:label "no results"@en ;
  k2g:rank 7 ; k2g:mayStillBear false .
k2g:omitted-under-way a skos:Concept ; skos:inScheme k2g:left-out-reasons ; skos:notation "under-way" ; rdfs:label "under way"@en ;
  k2g:rank 9 ; k2g:mayStillBear true .
k2g:screening-one-reader a skos:Concept ; skos:inScheme k2g:screenings ; skos:notation "one-reader" .
"""


def search(name: str, index: str, numbers: tuple[int, int, int, int, int, int], day: str = "2026-01-01", more: str = "") -> str:
    shown, duplicates, held, screened, taken, left_out = numbers
    return f"""search:{name} a k2g:Search ; rdfs:label "{name}?"@en ; k2g:searchedOn "{day}"^^xsd:date ; k2g:searchedIn "{index}" ;
      k2g:searchWords "words" ; k2g:recordsShown {shown} ; k2g:duplicatesRemoved {duplicates} ; k2g:alreadyHeld {held} ;
      k2g:recordsScreened {screened} ; k2g:recordsTaken {taken} ; k2g:recordsLeftOut {left_out} ;
      k2g:screenedBy k2g:screening-one-reader {more} .\n"""


def left(name: str, of: str, reason: str) -> str:
    return f"""record:{name} a k2g:LeftOutRecord ; k2g:leftOutOf search:{of} ; dcterms:identifier "PMID:{name}" ; dcterms:title "T{name}" ;
      k2g:leftOutFor k2g:omitted-{reason} .\n"""


def read(folder: Path, facts: str) -> tuple[Search, ...]:
    path = folder / "graph.ttl"
    path.write_text(with_prefixes("") + WORDS + facts, encoding="utf-8")
    return read_searches(read_evidence(k2graph.open(path)))


def test_searches_stand_newest_first_with_what_they_left_out(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        search("a", "PubMed", (9, 1, 2, 5, 1, 4), "2025-12-31")
        + search("b", "PubMed", (0, 0, 0, 0, 0, 0), "2026-01-01")
        + left("1", "a", "no-results")
        + left("2", "a", "under-way")
        + left("3", "a", "no-results"),
    )
    assert [each.id for each in found] == ["search:b", "search:a"]
    old = found[1]
    # Of nine shown one was shown before, two are held and five were looked at: one was not.
    assert (old.shown, old.unseen, old.readers) == (9, 1, "one reader")
    assert [(word.label, count) for word, count in old.reasons] == [("no results", 2), ("under way", 1)]
    # What may still bear on it stands first.
    assert [(record.identity, record.may_still_bear) for record in old.records] == [("PMID:2", True), ("PMID:1", False), ("PMID:3", False)]


def test_a_graph_without_searches_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, "entity:a a k2g:Entity .") == ()


def test_a_search_that_is_not_complete_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="search:a is not complete in this graph: it has no k2g:searchedOn"):
        read(tmp_path, 'search:a a k2g:Search ; rdfs:label "a?"@en .')


def test_the_flow_adds_up_over_places_and_says_what_has_no_reason(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        search("a", "PubMed", (9, 1, 2, 5, 1, 4))
        + search("b", "ClinicalTrials.gov", (1_200, 0, 0, 1_200, 0, 1_200))
        + left("1", "a", "no-results")
        + left("2", "b", "under-way"),
    )
    told = {box.heading: box.lines for box in flow(found).boxes}
    assert told == {
        "Records shown by 2 searches: 1,209": ("PubMed: 9", "ClinicalTrials.gov: 1,200"),
        # Nothing that is nought is told.
        "Set aside before screening: 4": ("shown before by the same search: 1", "in the graph already: 2", "not looked at: 1"),
        "Records screened: 1,205": (),
        # 1,204 were left out, and of two it is said why.
        "Left out: 1,204": ("no results: 1", "under way: 1", "no reason told: 1,202"),
        "Taken into the graph: 1": (),
        "Left out, and may still bear on it: 1": ("under way: 1",),
    }


def test_no_box_lies_on_another_and_all_lie_in_the_picture(tmp_path: Path) -> None:
    drawn = flow(read(tmp_path, "".join(search(f"s{number}", f"place {number} " * 9, (9, 1, 2, 5, 1, 4)) for number in range(12))))
    for place, one in enumerate(drawn.boxes):
        assert 0 <= one.x < one.x + one.width <= drawn.width
        assert 0 <= one.y < one.y + one.height <= drawn.height
        # The last line is written above the lower edge.
        assert one.baseline(len(one.lines)) < one.y + one.height
        for other in drawn.boxes[place + 1 :]:
            apart = (
                one.x + one.width < other.x
                or other.x + other.width < one.x
                or one.y + one.height < other.y
                or other.y + other.height < one.y
            )
            assert apart
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x1, y1, x2, y2 in drawn.arrows for x, y in ((x1, y1), (x2, y2)))
