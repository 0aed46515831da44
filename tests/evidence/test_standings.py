"""Standings of the real graph, each worked out by hand from data/tables before it was compared.

The working stands in the third column: the investigations that count at the highest tier and what each says, then what is
listed and not counted. Findings are named as in findings.tsv, trials as in trials.tsv.
"""

import pytest

import k2graph

WORKED = [
    (
        "mk-7-level-dp-ucmgp",
        "consistent in human trials (9)",
        # For: dalmeijer-2012, eelderink-2023, fulton-2016, renakvit, theuwissen-2012, trevasc-hdk, visser-2024, vitak-cac,
        # vitak-mk7-three-year: nine of nine. Not counted: avadec (with vitamin D), caluw-2014 (doses), vries-2025 (unclear
        # whether against placebo). One tier down: aoun, kurnatowska, mansour, westenfeld fell from baseline; theuwissen-2013 null.
        "9 for",
    ),
    (
        "vitamin-k1-level-bone-mineral-density",
        "null in human trials (6)",
        # Null: binkley-2009, boltonsmith-2007, cheung-2008 (two sites), connor-2014, tufts-phylloquinone-bone. Half and half:
        # braam-2004 (femoral neck gained, lumbar spine not; both primary). Half of one in six supports, under a quarter.
        # sawsanjaghsi2018-1 is an association (people, observed); yoshihirosato2005-1 is retracted.
        "0.5 for, 5.5 null",
    ),
    (
        "vitamin-k2-level-muscle-cramps",
        "consistent in human trials (2)",
        # For: nocturnal-leg-cramps-china (protocol and results are one trial; its primary endpoint speaks) and xu-2022.
        "2 for",
    ),
    (
        "mk-4-risk-fracture",
        "contested in human trials (2)",
        # For: shiraki-2000. Null: inoue-2009, whose primary endpoint (new vertebral fracture, a fracture) speaks before its
        # secondary one and its subgroup. Not counted: jiang-2014 (against alfacalcidol), sato-2005 (retracted; with D2 and
        # calcium), three syntheses that may hold these trials. One of two is more than a quarter and less than three quarters.
        "1 for, 1 null",
    ),
    (
        "vitamin-k1-level-coronary-artery-calcification",
        "contested in human trials (4)",
        # For: bellinge-2022 (post hoc, but all that it says), saritas-2022 (primary). Null: holden-2023;
        # tufts-phylloquinone-bone, whose primary result speaks before its per-protocol and subgroup results. Two of four.
        "2 for, 2 null",
    ),
    (
        "mk-7-level-coronary-artery-calcification",
        "null in human trials (2)",
        # Null: kurnatowska-2015, trevasc-hdk. Not counted: avadec (with vitamin D). The associations in vitak-cac and torii
        # 2016 are of people not randomised, where vitak-cac says two things: best support is there, not in trials.
        "0 for, 2 null",
    ),
    (
        "vitamin-k2-risk-hip-fracture",
        "single in human trials (1)",
        # No trial in the graph reports hip fracture. Two syntheses support (scockayne2006-2, juniwamoto2009-2; the trials
        # that they pooled overlap, so they are one voice). The Hordaland cohort, null, is a tier lower.
        "1 for",
    ),
    (
        "ggcx-carboxylates-mgp",
        "single in cells and assays (1)",
        # One study on human cells (mol-33507293-2).
        "1 for",
    ),
    (
        "mgp-level-vascular-calcification",
        "single in animals (1)",
        # For: the knock-out mouse (mol-9052783-1). A cell study and a review also support, lower down.
        "1 for",
    ),
    (
        "mk-7-level-arterial-stiffness",
        "contested in human trials (7)",
        # For: eelderink-2023, vitak-mk7-three-year (primary), vries-2025 (its one finding, a subgroup). Null: fulton-2016,
        # naiyarakseree-2023 (primary before subgroup), renakvit, trevasc-hdk. Three of seven.
        "3 for, 4 null",
    ),
    (
        "vitamin-k2-level-muscle-strength",
        "null in human trials (1)",
        # Null: fulton-2016 (handgrip strength with MK-7: a narrower outcome of a form). The cohort of Sim 2023 is null too.
        "0 for, 1 null",
    ),
    (
        "vitamin-k-level-time-in-therapeutic-range",
        "contested in human trials (3)",
        # For: sconce-2007. Null: rombouts-2007 and the 2011 dose trial, whose primary endpoints speak before secondary ones.
        "1 for, 2 null",
    ),
    (
        "mk-7-level-inr",
        "consistent in people, not randomised (2)",
        # No randomised trial. theuwissen-2013 raised the dose step by step in the same people; schurgers-2007 a small study
        # under acenocoumarol. Both lower the INR.
        "2 for",
    ),
    (
        "mk-4-level-bone-mineral-density",
        "contested in human trials (6)",
        # For: iwamoto-2000 (with 1alpha-hydroxyvitamin D3 against it alone), sato-2011 (of concern, so it counts), shiraki-2000,
        # yonemura-2004. Null: binkley-2009, knapen-2007. Not counted: sato-1998 and sato-2002 (retracted), iwamoto-2000 against
        # calcium. Four of six, two thirds, is less than three quarters.
        "4 for, 2 null",
    ),
    (
        "mk-7-level-bone-mineral-density",
        "null in human trials (6)",
        # For: vitak-mk7-three-year, whose primary result speaks. Half: zhang-2020 (two parts that disagree). Null: the Aarhus trial
        # (three findings, two papers), emaus-2010 (two sites), forli-2010, utrecht-mk7-diabetes. One and a half of six is exactly a
        # quarter: not supported, and the rest is null.
        "1.5 for, 4.5 null",
    ),
    (
        "mk-7-level-undercarboxylated-osteocalcin",
        "consistent in human trials (5)",
        # For: the Aarhus trial (two papers, one vote), dalmeijer-2012, emaus-2010, theuwissen-2012, vitak-mk7-three-year.
        "5 for",
    ),
    (
        "vitamin-k1-level-dp-ucmgp",
        "consistent in human trials (3)",
        # For: holden-2023, nigwekar-2019, saritas-2022. A synthesis stands beside them; caluw-2014 and Wyskida 2016 are associations.
        "3 for",
    ),
    (
        "mk-4-level-lumbar-bmd",
        "single in human trials (1)",
        # For: yonemura-2004. sasaki-2005 and the 2000 trial report changes within arms: people, followed.
        "1 for",
    ),
    (
        "vitamin-k2-risk-cancer",
        "contested in human trials (4)",
        # Liver cancer and its recurrence are cancers. For: habu-2004 (post hoc, all that it says), mizuta-2006. Null: the 2012 trial
        # (whole group before its post-hoc subgroup), yoshida-2011. Two of four; the EPIC cohort and two syntheses stand beside.
        "2 for, 2 null",
    ),
    (
        "natto-level-undercarboxylated-osteocalcin",
        "single in human trials (1)",
        # For: katsuyama-2004. The meta-analysis of 2025 reports an association, at best people, followed.
        "1 for",
    ),
    (
        "vitamin-k1-risk-type-2-diabetes",
        "consistent in people, not randomised (2)",
        # For: UK Biobank (two papers, one vote) and EPIC-NL 2010.
        "2 for",
    ),
    (
        "vitamin-k2-risk-coronary-heart-disease",
        "consistent in people, not randomised (4)",
        # For: EPIC-NL, Hordaland, Prospect-EPIC (four findings on forms, one vote), Rotterdam. A synthesis stands beside.
        "4 for",
    ),
    (
        "osteocalcin-level-glucose-tolerance",
        "contested in animals (4)",
        # For: two mouse lines of 2007 and 2011. Null: the two knock-outs of 2020. A review supports, lower down.
        "2 for, 2 null",
    ),
    (
        "warfarin-level-vascular-calcification",
        "consistent in animals (2)",
        # For: the rats of 1998 and of 2007. A cell study also supports, lower down.
        "2 for",
    ),
    (
        "mk-7-level-vascular-calcification",
        "null in human trials (3)",
        # Null: kurnatowska-2015 and trevasc-hdk (coronary calcification is vascular calcification), utrecht-mk7-diabetes (primary).
        "0 for, 3 null",
    ),
    (
        "vitamin-k1-level-inr-variability",
        "single in human trials (1)",
        # For: sconce-2007.
        "1 for",
    ),
]


@pytest.mark.parametrize(("claim", "expected"), [(claim, expected) for claim, expected, _ in WORKED], ids=[claim for claim, *_ in WORKED])
def test_standing_as_worked_out_by_hand(graph: k2graph.Graph, claim: str, expected: str) -> None:
    (row,) = graph.query(f"SELECT ?standing WHERE {{ claim:{claim} k2g:standing ?node . ?node rdfs:label ?standing }}")
    assert row["standing"] == expected


@pytest.mark.parametrize(("claim", "votes"), [(claim, votes) for claim, _, votes in WORKED], ids=[claim for claim, *_ in WORKED])
def test_votes_as_worked_out_by_hand(graph: k2graph.Graph, claim: str, votes: str) -> None:
    query = f"""SELECT ?for ?null ?against WHERE {{ claim:{claim} k2g:standing ?s .
      ?s k2g:supportWeight ?for ; k2g:nullWeight ?null ; k2g:contradictWeight ?against }}"""
    (row,) = graph.query(query)
    expected = dict.fromkeys(("for", "null", "against"), 0.0)
    for part in votes.split(", "):
        number, stance = part.split()
        expected[stance] = float(number)
    assert row == expected


def test_the_arterial_calcification_mechanism_as_worked_out_by_hand(graph: k2graph.Graph) -> None:
    """Vitamin K → GGCX → carboxylated MGP → vascular calcification → cardiovascular events, proposed for vitamin K2.

    Links: activation of GGCX in cells; carboxylation of MGP in one cell study; MGP against calcification in mice; that
    calcification brings events, told in the introduction of one paper, is opinion: the weakest. The one link testable in
    people is that last one, and no trial tests it. Reach: dp-ucMGP falls in every trial, so carboxylated MGP is reached;
    vascular calcification was null in trials: translation stops there. Signs: + + − + = −, as proposed (fewer events).
    """
    (row,) = (row for row in graph.ask("mechanisms-lacking-human-rct-support") if row["mechanism"] == "mechanism:mgp-calcification-events")
    assert row["verdict"] == "translation stops"
    assert row["reaches"] == "carboxylated MGP"
    assert row["stops_at"] == "vascular calcification"
    assert (row["testable_links"], row["links_shown"]) == (1, 0)
    assert row["weakest_standing"] == "single in opinion (1)"
    assert row["signs_agree"] is True


def test_the_hormone_mechanism_argues_against_its_own_end(graph: k2graph.Graph) -> None:
    """Vitamin K2 lowers undercarboxylated osteocalcin (−), which is held to raise muscle strength through GPRC6A (+ + +).

    − + + + = −, while the mechanism is proposed as an increase of muscle strength: its signs do not agree.
    """
    (row,) = (
        row for row in graph.ask("mechanisms-lacking-human-rct-support") if row["mechanism"] == "mechanism:osteocalcin-hormone-muscle"
    )
    assert row["signs_agree"] is False
    assert row["verdict"] == "the chain argues against its own end"
    assert row["reaches"] == "undercarboxylated osteocalcin"
    assert row["end_to_end"] == "null in human trials (1)"


def test_muscle_cramps_are_an_effect_without_a_shown_way(graph: k2graph.Graph) -> None:
    """Two trials support the end; nobody randomised people to show the mitochondrial links: an open mechanism."""
    (row,) = (row for row in graph.ask("mechanisms-lacking-human-rct-support") if row["mechanism"] == "mechanism:mitochondria-cramps")
    assert row["verdict"] == "effect shown in human trials, mechanism open"
    assert row["end_to_end"] == "consistent in human trials (2)"
    assert row["links_shown"] == 0


def test_evidence_behind_a_reversed_marker_is_the_same_trials(graph: k2graph.Graph) -> None:
    """What lowers dp-ucMGP raises carboxylated MGP: the same investigations vote on both claims, in the same number."""
    standing = "SELECT ?n ?for WHERE {{ claim:{} k2g:standing ?s . ?s k2g:investigations ?n ; k2g:supportWeight ?for }}"
    marker = graph.query(standing.format("vitamin-k-level-dp-ucmgp"))
    marked = graph.query(standing.format("vitamin-k-level-carboxylated-mgp"))
    assert list(marker) == list(marked)


def test_warfarin_calcification_as_worked_out_by_hand(graph: k2graph.Graph) -> None:
    """Warfarin → VKORC1 (−) → hydroquinone (+) → GGCX (+) → carboxylated MGP (+) → calcification (−): two minuses, an increase.

    No step can be tested by giving people anything; rats show the end; nothing in people. The first of the assay-only steps is
    the weakest, as they are all single in assays.
    """
    (row,) = graph.ask("mechanisms-lacking-human-rct-support", mechanism="warfarin-calcification")
    assert (row["signs_agree"], row["testable_links"], row["links_shown"]) == (True, 0, 0)
    assert (row["end_to_end"], row["weakest_link"]) == ("consistent in animals (2)", "Warfarin inhibits VKORC1")
    assert (row["reaches"], row["stops_at"], row["verdict"]) == (None, None, "not tested in human trials")


def test_conversion_of_phylloquinone_as_worked_out_by_hand(graph: k2graph.Graph) -> None:
    """K1 → menadione → MK-4 → gamma-carboxylation. What is metabolised to a thing raises its level.

    Menadione: one pharmacokinetic study in people beside two in animals, so people, not randomised (1). MK-4 from K1: two animal
    studies. Gamma-carboxylation: one animal study for MK-4 and for K1, which is the weakest link.
    """
    steps = list(graph.ask("mechanism-steps", mechanism="k1-to-mk4"))
    assert [row["standing"] for row in steps] == [
        "single in people, not randomised (1)",
        "consistent in animals (2)",
        "single in animals (1)",
    ]
    assert [row["reach"] for row in steps] == ["single in people, not randomised (1)", "consistent in animals (2)", "single in animals (1)"]
    (row,) = graph.ask("mechanisms-lacking-human-rct-support", mechanism="k1-to-mk4")
    assert (row["weakest_link"], row["verdict"]) == ("MK-4 promotes gamma-carboxylation", "not tested in human trials")
