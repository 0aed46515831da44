"""The packs of other nutrients that come with k2graph: each is in order by itself, and all stand in one graph with vitamin K2."""

import csv
from pathlib import Path

import pytest
from shared import Shared

import k2graph
from k2graph import resources
from k2graph.building import build
from k2graph.curation.packs import brought, named

pytestmark = pytest.mark.slow

OTHERS = ("creatine", "protein", "vitamin-d")


def rows(pack: str, table: str) -> list[dict[str, str]]:
    with (named(pack) / "tables" / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def nutrients(shared: Shared) -> k2graph.Graph:
    """The graph of all packs, built once."""

    def make(folder: Path) -> None:
        (folder / "nutrients.ttl").write_bytes(build.text([named(pack) / "tables" for pack in ("k2", *OTHERS)]))

    return k2graph.open(shared.once("nutrients", make) / "nutrients.ttl")


def test_they_are_named_by_name() -> None:
    assert sorted(brought()) == ["common", "creatine", "k2", "protein", "vitamin-d"]
    assert named("k2") == resources.PACK.parent


@pytest.mark.parametrize("pack", ["common", *OTHERS])
def test_each_is_in_order_by_itself(pack: str) -> None:
    assert len(build.asserted(named(pack) / "tables")) > 0


def test_what_they_share_stands_once_and_names_no_nutrient() -> None:
    shared = {row["entity"] for row in rows("common", "entities")}
    for pack in OTHERS:
        own = rows(pack, "entities")
        assert shared.isdisjoint(row["entity"] for row in own)
        assert {"nutrient", "form"} & {row["type"] for row in own}
    # A row that vitamin K2 has too is the same row there.
    of_k2 = {row["entity"]: row for row in rows("k2", "entities")}
    assert [row["entity"] for row in rows("common", "entities") if of_k2.get(row["entity"], row) != row] == []
    # What bone is made of may be a nutrient too; what the packs are of is none of what they share.
    names = ("vitamin k", "mk-4", "mk-7", "creatine", "dietary protein", "whey", "vitamin d", "calcifediol")
    texts = [f"{row['label']} {row['definition']}".casefold() for row in rows("common", "entities")]
    assert [text for text in texts for name in names if name in text] == []


def test_a_synthesis_of_many_decides_what_creatine_does_for_strength(nutrients: k2graph.Graph) -> None:
    """Lanhers 2017 pooled 53 trials of the upper limb, standardised mean difference 0.317 (0.185 to 0.449): it speaks for them, and what
    searched for later is counted beside it."""
    (found,) = (
        row
        for row in nutrients.ask("compare-nutrients", outcome="muscle strength")
        if row["claim"] == "claim:creatine-level-muscle-strength"
    )
    assert found["standing"].startswith("consistent in human trials (")
    assert found["effect"] == "standardised mean difference 0.317 (0.185 to 0.449)"
    assert found["certainty"] == "moderate"
    speaking = nutrients.rows(
        """SELECT ?finding ?n { ?bearing k2g:claim claim:creatine-level-muscle-strength ; k2g:finding ?finding ; k2g:speaksFor ?n }"""
    )
    assert [(row["finding"], str(row["n"])) for row in speaking] == [("finding:lanhers-2017-1", "53")]


def test_nutrients_stand_side_by_side_on_an_outcome(nutrients: k2graph.Graph) -> None:
    found = {(row["nutrient"], row["form"]): row for row in nutrients.ask("compare-nutrients", outcome="muscle strength")}
    assert {"creatine", "dietary protein", "vitamin D", "vitamin K"} <= {nutrient for nutrient, _ in found}
    # The one trial of vitamin K2 and strength had 80 people and left it open (Fulton 2016).
    of_k2 = found["vitamin K", "vitamin K2"]
    assert (of_k2["standing"], str(of_k2["people"])) == ("not shown in human trials (1)", "80")
    assert found["creatine", "creatine"]["interactions"]
    first = nutrients.ask("what-moves", outcome="muscle strength")[0]
    assert (first["moved_by"], first["certainty"]) == ("creatine", "moderate")


def test_what_the_article_recommends_instead_is_answered(nutrients: k2graph.Graph) -> None:
    """Its last statement: see docs/how-to/check-an-article.md. The break point is that of Morton 2018, 1.62 (1.03 to 2.20)."""
    shown = {
        (row["nutrient"], row["certainty"])
        for row in nutrients.ask("compare-nutrients", outcome="muscle strength")
        if row["standing"].startswith("consistent in human trials")
    }
    assert shown == {("creatine", "moderate")}
    mass = {row["form"]: row for row in nutrients.ask("compare-nutrients", outcome="muscle mass")}
    assert (mass["dietary protein"]["standing"][:26], mass["dietary protein"]["certainty"]) == ("consistent in human trials", "low")
    (found,) = nutrients.rows("SELECT ?v ?low ?high { finding:morton-2018-4 k2g:value ?v ; k2g:ciLow ?low ; k2g:ciHigh ?high }")
    assert [float(found[name]) for name in ("v", "low", "high")] == [1.62, 1.03, 2.2]


def test_no_standing_of_one_is_another_beside_the_others(nutrients: k2graph.Graph, graph: k2graph.Graph) -> None:
    """What is of vitamin K stands as it does alone."""
    query = """SELECT ?claim ?label {
      ?claim k2g:standing ?standing ; rdf:subject/k2g:carriesEvidenceTo entity:vitamin-k . ?standing rdfs:label ?label }"""
    alone = {row["claim"]: row["label"] for row in graph.rows(query)}
    beside = {row["claim"]: row["label"] for row in nutrients.rows(query)}
    assert len(alone) > 200
    assert {claim: (label, beside.get(claim)) for claim, label in alone.items() if beside.get(claim) != label} == {}
