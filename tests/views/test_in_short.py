"""A form's page in short: what it says is what tables, claims and questions say at more length."""

import pytest

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.views.site import things
from k2graph.views.site.in_short import AVOIDING, InShort, in_short
from k2graph.views.site.site import Site

pytestmark = pytest.mark.extras


def short(graph: k2graph.Graph, evidence: Evidence, form: str) -> InShort:
    found = in_short(evidence, f"entity:{form}", list(graph.ask(AVOIDING)))
    assert found is not None
    return found


def test_every_claim_on_what_a_form_does_is_in_it_once(graph: k2graph.Graph, evidence: Evidence) -> None:
    found = short(graph, evidence, "mk-7")
    (asked,) = graph.rows("""SELECT (COUNT(DISTINCT ?claim) AS ?n) {
      ?claim a k2g:Claim ; rdf:subject entity:mk-7 ; k2g:context k2g:context-any MINUS { ?claim a k2g:ReachClaim } }""")
    named = [claim.id for claims in found.in_people.values() for claim in claims]
    assert len(named) + sum(found.below.values()) == asked["n"]
    assert len(set(named)) == len(named)
    for stands, claims in found.in_people.items():
        assert {claim.standing.label.partition(" (")[0] for claim in claims} == {stands}
    # Those that most investigations tested stand first among their like.
    assert [claim.id for claim in found.in_people["consistent in human trials"]][:2] == [
        "claim:mk-7-level-dp-ucmgp",
        "claim:mk-7-level-carboxylated-mgp",
    ]


def test_what_holds_of_the_nutrient_holds_of_its_forms(graph: k2graph.Graph, evidence: Evidence) -> None:
    # The severe interactions of MK-7, and of vitamin K, of which K2 is a form; not those of MK-4, natto or K1.
    assert [*short(graph, evidence, "mk-7").avoid] == ["people on fluindione, warfarin or acenocoumarol", "people on vitamin K antagonists"]
    assert [*short(graph, evidence, "vitamin-k2").avoid] == ["people on fluindione, warfarin or acenocoumarol"]


def test_what_trials_gave_is_in_one_unit(graph: k2graph.Graph, evidence: Evidence) -> None:
    # By hand from arms.tsv: 45 mg in five arms, 90 mg in one, 2000 µg three times a week, which is 857 a day, and 720, 400, 400, 360, 240,
    # 200, 100 and 100 µg a day: fifteen, of which the eighth is 720. Doses for a kilogram or in a diet are not of trials in people.
    assert short(graph, evidence, "vitamin-k2").given == (
        "100 to 90,000 µg a day in 15 arms of trials whose dose was read; half of them got up to 720 µg"
    )


def test_what_is_no_form_has_none(graph: k2graph.Graph, evidence: Evidence) -> None:
    assert in_short(evidence, "entity:osteocalcin", []) is None
    assert in_short(evidence, "entity:warfarin", []) is None


def test_it_stands_at_the_top_of_the_page(some: k2graph.Graph) -> None:
    pages = dict(things.entities(Site(some)))
    page = pages["entity/mk-7.html"].decode()
    assert page.index("In short") < page.index("What it is called") < page.index("What it does")
    assert "Who should not, unadvised" in page
    assert "In short" not in pages["entity/osteocalcin.html"].decode()
