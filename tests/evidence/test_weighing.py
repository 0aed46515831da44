"""The questions and commands that weigh evidence: each case worked out by hand from data/tables, or by an independent formula."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from project import Run, ours, rows

import k2graph
from k2graph.building.directions import direction
from k2graph.building.effect_sizes import Effect, from_p
from k2graph.building.random_effects import pool
from k2graph.building.sample_size import participants_per_arm
from k2graph.errors import InputError
from k2graph.sparql.rules import read_rules

# The sentence from which the project grew: deficiency impairs is not more than adequate improves.


def test_muscle_strength_in_deficiency_and_beyond_adequacy_is_untested_and_says_so(graph: k2graph.Graph) -> None:
    answer = list(graph.ask("adequacy-versus-deficiency", outcome="muscle strength", nutrient="vitamin K"))
    limited = {row["status"]: row["standing"] for row in answer if row["claim"]}
    # Nobody tested any of the three: no trial and no animal study of a deficiency with a strength outcome is in the tables, and the search
    # for each (searches.tsv) left out nothing that may still bear on it.
    assert limited == dict.fromkeys(("deficient", "low", "adequate"), "untested: looked for on 2026-11-27, nothing found")
    # What there is compares poorer with better status, or took people as they came. LASA and NHANES: weaker grip with poorer status.
    compared = [(row["author"], row["exposure"], row["found"]) for row in answer if row["status"] == "poorer against better"]
    assert compared == [
        ("Adriana J van Ballegooijen", "dp-ucMGP", "negative association"),
        ("Wang Qiong", "vitamin K", "positive association"),
    ]
    # The one trial, in unselected people, reported no effect, without a number (Fulton: MK-7, handgrip).
    (trial,) = [row for row in answer if row["level"] == "human trial"]
    assert (trial["status"], trial["exposure"], trial["found"], trial["observed"]) == (
        "unselected",
        "MK-7",
        "no effect",
        "handgrip strength",
    )


def test_a_status_that_was_never_tested_is_an_answer_and_not_a_gap(graph: k2graph.Graph) -> None:
    answer = graph.ask("adequacy-versus-deficiency", outcome="dp-ucmgp", nutrient="vitamin K")
    standings = {row["status"]: row["standing"] for row in answer if row["claim"]}
    # Deficient (dialysis) and low: trials lower it. Beyond adequacy: no study says that it took people with enough.
    assert standings["adequate"] == "untested: looked for on 2026-11-27, nothing found"
    assert standings["deficient"].startswith("consistent in human trials")


def test_a_claim_in_one_context_and_in_another(graph: k2graph.Graph) -> None:
    found = {(row["claim"], row["context"]): (row["standing_there"], row["standing_anywhere"]) for row in graph.ask("evidence-by-context")}
    # On dialysis: Xu 2022. In older adults: the Chinese trial of 2024. Together two trials.
    cramps = "Vitamin K2 reduces muscle cramps"
    assert found[cramps, "people on dialysis"] == ("single in human trials (1)", "consistent in human trials (2)")
    assert found[cramps, "older adults"] == ("single in human trials (1)", "consistent in human trials (2)")


def test_claims_that_rest_on_one_group_name_it(graph: k2graph.Graph) -> None:
    found = {row["claim"]: row["group"] for row in graph.ask("one-group-claims")}
    # groups.tsv puts both trials of vitamin K2 and cramps (PMID:39466236 and Xu 2022) to one group.
    assert found["claim:vitamin-k2-level-muscle-cramps"].startswith("Chengdu Third People Hospital")
    # dp-ucMGP was lowered by groups of several countries.
    assert "claim:mk-7-level-dp-ucmgp" not in found


def test_everything_in_a_mechanism_has_an_identifier_elsewhere(graph: k2graph.Graph) -> None:
    things = graph.rows(
        """SELECT DISTINCT ?thing WHERE {
        { ?step k2g:mechanism ?m ; k2g:yields ?thing } UNION { ?claim k2g:neededBy ?m ; rdf:subject ?thing }
        UNION { ?claim k2g:neededBy ?m ; rdf:object ?thing } }"""
    )
    identified = {row["entity"] for row in graph.ask("identifiers")}
    assert len(things) > 50
    assert [row["thing"] for row in things if row["thing"] not in identified] == []


@pytest.mark.parametrize(
    ("question", "parameters", "expected"),
    [
        # The first row of reference_intakes.tsv.
        (
            "reference-intakes",
            {},
            {"authority": "EFSA", "population": "infants", "age": "7-11 months", "amount": "10", "unit": "ug/d", "kind": "AI"},
        ),
        # Natto as sold in Japan, of all foods measured: foods.tsv, DOI:10.3177/jnsv.53.464.
        ("foods", {"form": "MK-7", "food": "natto"}, {"mean": 939, "unit": "ug/100 g", "note": "Japanese retail natto"}),
        # 420 ug once, with breakfast: pharmacokinetics.tsv, PMID:23140417.
        ("pharmacokinetics", {"form": "MK-7"}, {"parameter": "Tmax", "amount": "6", "unit": "h", "report": "report:pmid-23140417"}),
        # status_surveys.tsv, nhanes-2011-2012-men, PMID:28566528: 43.0% of them met the adequate intake, so that 57.0% did not.
        (
            "who-is-low",
            {"marker": "vitamin K1"},
            {
                "country": "United States",
                "period": "2011-2012",
                "n": 2092,
                "kind": "intake",
                "share_low": 57,
                "share_low_reported": "57.0",
                "computed": "yes",
                "threshold": "120",
                "threshold_unit": "ug/d",
                "statistic": "share below",
                "value": None,
                "unit": None,
                "source": "https://pubmed.ncbi.nlm.nih.gov/28566528/",
            },
        ),
        # status_surveys.tsv, elliott-2014-pivka-ii, DOI:10.1186/2054-3581-1-13: on haemodialysis, by a marker that rises where K is low.
        (
            "who-is-low",
            {"nutrient": "vitamin K", "kind": "blood"},
            {
                "marker": "PIVKA-II",
                "country": "Canada",
                "n": 44,
                "share_low_reported": "90.9",
                "threshold": "2.0",
                "threshold_unit": "nmol/L",
                "statistic": "share above",
                "computed": None,
            },
        ),
        # status_surveys.tsv, uk-adults-1986-1987, PMID:17181886: a geometric mean with its interval, and a threshold in another unit.
        (
            "who-is-low",
            {"nutrient": "vitamin K"},
            {
                "period": "1986-1987",
                "statistic": "geometric mean",
                "value": 72,
                "low": "70",
                "high": "74",
                "unit": "ug/d",
                "share_low": 47,
                "spread_measure": "95% confidence interval",
                "threshold": "1",
                "threshold_unit": "ug/kg/d",
            },
        ),
        # The article gives 2012; the paper is of 2008.
        (
            "citation-audit",
            {"verdict": "differs"},
            {"reference": "ferron-2012", "field": "year", "as_cited": "2012", "as_published": "2008"},
        ),
        # Looked up in ChEBI by its label.
        ("identifiers", {"entity": "acenocoumarol"}, {"identifier": "CHEBI:53766", "match": "exact", "matched_label": "acenocoumarol"}),
    ],
)
def test_a_row_of_the_tables_is_found_in_its_answer(
    graph: k2graph.Graph, question: str, parameters: dict[str, str], expected: dict[str, object]
) -> None:
    answer = graph.ask(question, **parameters)
    assert [row for row in answer if expected.items() <= row.items()]


# Numbers, recomputed by the textbook


def test_pools_are_beside_every_claim_that_they_serve(graph: k2graph.Graph) -> None:
    (row,) = graph.ask("pooled-estimates", claim="mk-7-level-arterial-stiffness")
    # Knapen 2015, Eelderink 2023 and Haroon 2023 of seven trials of MK-7, and of ten of any vitamin K, the most that it serves. Of two
    # trials, such as Fulton 2016 and RenaKvit 2021 on dp-ucMGP, no pool is made. The numbers themselves are held against metafor in
    # tests/building/test_pools.py.
    assert (row["trials"], row["left_out"], row["computed"]) == (3, 7, 0)
    assert len(graph.ask("pooled-estimates", claim="mk-7-level-dp-ucmgp")) == 0
    # Shea 2009 and ViKTORIES 2021 give an interval, Kurnatowska 2015 an exact p; five others count there, seven on calcification anywhere.
    (row,) = graph.ask("pooled-estimates", claim="vitamin-k-level-coronary-artery-calcification")
    assert (row["trials"], row["left_out"], row["computed"]) == (3, 7, 1)


def test_one_pool_is_one_row_and_one_thing(graph: k2graph.Graph) -> None:
    pools = graph.rows(
        """SELECT DISTINCT ?findings WHERE {
        { SELECT ?p (GROUP_CONCAT(STR(?f)) AS ?findings) { ?p a k2g:PooledEstimate ; k2g:finding ?f } GROUP BY ?p } }"""
    )
    assert len(pools) == len(graph.ask("pooled-estimates")) == 3
    (row,) = graph.ask("pooled-estimates", claim="mk-7-level-arterial-stiffness")
    (whole,) = [each for each in graph.ask("pooled-estimates") if each["observed"] == "arterial stiffness"]
    assert row["claims"].startswith("MK-7 lowers arterial stiffness: ")
    assert [said.partition(":")[0] for said in whole["claims"].split("; ")] == [
        "MK-7 lowers arterial stiffness",
        "Vitamin K lowers arterial stiffness",
        "Vitamin K2 lowers arterial stiffness",
    ]


def test_the_trials_left_out_of_a_pool_are_all_the_others_that_count(graph: k2graph.Graph) -> None:
    served = "SELECT ?p (MAX(?n) AS ?most) { ?p a k2g:PooledEstimate ; k2g:claim/k2g:standing/k2g:investigations ?n } GROUP BY ?p"
    most = sorted(row["most"] for row in graph.rows(served))
    assert most == sorted(row["trials"] + row["left_out"] for row in graph.ask("pooled-estimates"))


@pytest.mark.extras
def test_participants_per_arm_is_that_of_the_textbook() -> None:
    # Cohen's table (1988): a medium effect of half a standard deviation, power 0.8, two-sided 0.05, needs 64 in each arm.
    assert participants_per_arm(0.5, 1.0, 0.8, 0.05) == 64
    # Twice the spread is half the effect: about four times as many.
    assert participants_per_arm(0.5, 2.0, 0.8, 0.05) == 253
    # Two in each arm have a power of 0.72 where the effect is five deviations, of 0.84 where it is six; fewer do not vary.
    assert [participants_per_arm(effect, 1.0, 0.8, 0.05) for effect in (5, 6, 10, 50)] == [3, 2, 2, 2]


@pytest.mark.parametrize(
    "compute",
    [
        lambda: pool([Effect(1, 1), Effect(1, 1)]),
        lambda: from_p(1, 0.5, ratio=False, freedom=9),
        lambda: direction(1, 2),
        lambda: participants_per_arm(1, 2, 0.8, 0.05),
    ],
)
def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch, compute: Callable[[], object]) -> None:
    for module in ("scipy.optimize", "scipy.stats", "statsmodels.regression.linear_model", "statsmodels.stats.power"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"pip install 'k2graph\[build\]'"):
        compute()


# Questions, a case each


def test_retracted_work_is_shown_with_what_rested_on_it_and_how_it_would_have_counted(graph: k2graph.Graph) -> None:
    answer = list(graph.ask("retracted-studies"))
    # synthesis_members.tsv: two reviews by Iwamoto name trials that were retracted among their members.
    assert {row["author"] for row in answer if row["state"] == "pooled retracted work"} == {"Jun Iwamoto"}
    retracted = {row["report"] for row in answer if row["state"] == "retracted"}
    assert retracted == {ours("report", row["report"]) for row in rows("reports") if row["retraction"] == "retracted"}
    # With sato-1998 and sato-2002, seven of nine trials would show MK-4 to raise bone density: more than three quarters.
    # Of people who are deficient they are the only two, in three findings.
    (bone,) = {(row["standing"], row["had_it_counted"]) for row in answer if row["claim"] == "MK-4 raises bone mineral density"}
    assert bone == ("contested in human trials (7)", "consistent in human trials (9)")
    (deficient,) = {
        (row["standing"], row["had_it_counted"])
        for row in answer
        if row["claim"] == "Correcting vitamin K deficiency raises bone mineral density"
    }
    assert deficient == ("untested: only excluded or under way", "consistent in human trials (2)")


def test_what_would_be_had_unattributable_findings_counted(graph: k2graph.Graph) -> None:
    found = {row["claim"]: row for row in graph.ask("had-they-counted", reason="unattributed")}
    # The only evidence on long COVID is a trial of MK-7 with vitamin D3 against usual care.
    row = found["claim:mk-7-activity-long-covid"]
    assert (row["standing"], row["had_they_counted"], row["findings"]) == (
        "untested: only excluded or under way", "single in human trials (1)", 1,
    )  # fmt: skip


def test_the_picture_over_time(graph: k2graph.Graph) -> None:
    answer = [
        (row["year"], row["investigations"], row["supporting"], row["result"])
        for row in graph.ask("changes-over-time", claim="mk-7-level-arterial-stiffness")
    ]
    # 2015 Knapen for; 2016 Fulton open; 2021 RenaKvit open; 2023 Eelderink for, Haroon and Naiyarakseree open; 2025 De Vries for.
    # Trevasc-HDK's protocol of 2020 has no result, so that the trial speaks from 2023.
    assert answer == [
        (2015, 1, 1, "single"),
        (2016, 2, 1, "contested"),
        (2021, 3, 1, "contested"),
        (2023, 6, 2, "contested"),
        (2025, 7, 3, "contested"),
    ]


def test_the_picture_over_time_says_where_a_pool_decides_today(graph: k2graph.Graph) -> None:
    answer = graph.ask("changes-over-time", claim="vitamin-k-level-time-in-therapeutic-range")
    # Counted, one of three is contested; the pool of the three holds no effect.
    last = list(answer)[-1]
    assert (last["result"], last["standing"], last["method"]) == ("contested", "not shown in human trials (5)", "pooled")
    assert {row["method"] for row in graph.ask("changes-over-time", claim="mk-7-level-arterial-stiffness")} == {"counted"}


def test_associations_that_trials_did_not_bear_out(graph: k2graph.Graph) -> None:
    (row,) = [row for row in graph.ask("associations-not-borne-out") if row["claim"] == "claim:vitamin-k2-level-vascular-calcification"]
    # Five trials leave it open, and none of them left anything out; of seven bodies of people three show it, three do not, one does both.
    assert (row["standing"], row["leaving_open"], row["excluding"], row["contradicting"]) == ("not shown in human trials (5)", 5, 0, 0)
    assert (row["associations_for"], row["associations_open"], row["associations_against"]) == (3.5, 3.5, 0)


def test_effects_that_a_study_left_out(graph: k2graph.Graph) -> None:
    answer = list(graph.ask("excluded-effects"))
    (hip,) = [row for row in answer if row["claim"] == "claim:vitamin-k1-level-hip-bone-mineral-density"]
    # Cheung 2008, total hip; 1.42% is published (important_differences.tsv), so that no default stands in.
    assert (hip["ci_low"], hip["ci_high"], hip["unimportant_from"], hip["unimportant_to"]) == (-0.37, 0.75, -1.42, 1.42)
    assert hip["by_default"] == "no"
    # EPIC-NL's 0.93 (0.87 to 1.00) is for each 10 ug a day, and leaves nothing out.
    assert "claim:vitamin-k2-risk-type-2-diabetes" not in {row["claim"] for row in answer}


def test_trials_that_leave_it_open_say_what_they_hold(graph: k2graph.Graph) -> None:
    (deaths,) = [row for row in graph.ask("inconclusive-trials") if row["claim"] == "claim:mk-7-risk-all-cause-mortality"]
    # Visser 2024: 1 of 20 against 0 of 20; a tenth fewer deaths would matter (important_differences.tsv), and so would a ninth more.
    assert (deaths["value"], deaths["ci_low"], deaths["ci_high"], deaths["n"]) == (3.0, 0.13, 69.5, 40)
    assert (deaths["unimportant_from"], deaths["unimportant_to"]) == (0.9, 1.1111)


def test_syntheses_that_pooled_retracted_work_are_named_with_what_they_would_change(graph: k2graph.Graph) -> None:
    hip = [row for row in graph.ask("contaminated-syntheses") if row["claim"] == "Vitamin K2 lowers the risk of hip fracture"]
    # synthesis_members.tsv names the retracted member of the review of 2009; the caution on Cockayne 2006 names none.
    assert {(row["synthesis"], row["pooled"]) for row in hip} == {("Jun Iwamoto, 2009", "Y Sato, 2005"), ("S Cockayne, 2006", None)}
    assert {row["had_it_counted"] for row in hip} == {"single in human trials (1)"}


def test_what_panels_judged_stands_beside_what_is_derived_and_changes_nothing_of_it(graph: k2graph.Graph) -> None:
    # Khatib 2019 (PMC6418499, its table 2): vitamin K beside a paused antagonist and bleeding, moderate for imprecision. By the rules it is
    # very low.
    (row,) = graph.ask("panel-judgements", claim="vitamin-k1-risk-bleeding")
    assert (row["judged"], row["lowered_for"], row["derived"], row["report"]) == (
        "moderate",
        "imprecision",
        "very low",
        "report:pmid-30850385",
    )
    text = graph.explain("vitamin-k1-risk-bleeding").to_text()
    assert "Certainty: very low (GRADE-informed, derived)" in text
    assert "Certainty as panels judged it\n    moderate in adults on a vitamin K antagonist" in text
    assert not [rule.name for rule in read_rules() if "udgedCertainty" in rule.query or "CertaintyJudgement" in rule.query]
    assert {each["claim"] for each in graph.ask("panel-judgements")} == {f"claim:{each['claim']}" for each in rows("certainty_judgements")}


def test_what_was_looked_for_and_what_nobody_searched_for_are_told_apart(graph: k2graph.Graph) -> None:
    reasons = {row["claim"]: row["reason"] for row in graph.ask("not-searched")}
    assert reasons["claim:mk-4-level-muscle-strength"] == "looked for, nothing found"
    # A link outside the nutrient question, for which somebody looked and left studies to be read.
    assert reasons["claim:mitochondrial-function-level-maximal-cardiac-output"] == "looked for, not all of it read"
    # No search names it (searches.tsv); what was found of it is excluded.
    assert reasons["claim:mk-4-risk-hip-fracture"] == "only excluded or under way"
    assert "claim:warfarin-risk-bleeding" not in reasons


def test_markers_moved_without_the_outcome(graph: k2graph.Graph) -> None:
    found = {row["mechanism"]: (row["moved"], row["outcome"], row["outcome_standing"]) for row in graph.ask("surrogate-only")}
    assert found["mechanism:mgp-bmp2-calcification"] == ("carboxylated MGP", "vascular calcification", "not shown in human trials (5)")
    # Trials support the cramps themselves, so that they are no surrogate's.
    assert "mechanism:mitochondria-cramps" not in found


def test_next_trials_name_what_is_registered_and_how_many_mechanisms_wait(graph: k2graph.Graph) -> None:
    first = graph.ask("next-trials", subject="vitamin K2")[0]
    # Four mechanisms end in muscle strength for vitamin K2 (mechanisms.tsv); one trial of handgrip left it open. Registered with strength
    # as an outcome (studies.tsv, planned_outcomes): TAKEOVER, the ankle trial, InterVitaminK.
    ending = [row for row in rows("mechanisms") if row["end_to_end"] == "vitamin-k2-level-muscle-strength"]
    assert (first["label"], first["mechanisms"], len(ending)) == ("Vitamin K2 raises muscle strength", 4, 4)
    assert first["registered"] == "NCT04676958, NCT05161975, NCT05259046"
    assert first["not_tried_in"] == "deficient, low, adequate"


def test_claims_that_rest_on_one_trial_name_it(graph: k2graph.Graph) -> None:
    (row,) = [
        row for row in graph.ask("single-trial-claims", tier="human-trials") if row["claim"] == "claim:vitamin-k-risk-bleeding-deficient"
    ]
    assert (row["investigation"], row["papers"], row["participants"]) == ("study:sutherland-1967", 1, 3338)


def test_weakest_step_and_stop_of_a_mechanism(graph: k2graph.Graph) -> None:
    weakest = {row["mechanism"]: (row["step"], row["standing"]) for row in graph.ask("weakest-step-of-each-mechanism")}
    # Step 3 is contested in mice; steps 1, 2 and 4 are held by anchors. Every step of the arterial mechanism is: none of it is weak.
    assert weakest["mechanism:osteocalcin-bone-density"] == ("3 of 4", "contested in animals (2)")
    assert weakest["mechanism:mgp-muscle-perfusion"] == ("4 of 5", "untested: looked for on 2026-11-27, nothing found")
    assert "mechanism:mgp-calcification-events" not in weakest
    stops = {row["mechanism"]: row for row in graph.ask("where-translation-stops")}
    stop = stops["mechanism:mgp-calcification-events"]
    assert (stop["reaches"], stop["how"], stop["at"]) == ("carboxylated MGP", "not shown further", "vascular calcification")
    assert (stop["supporting"], stop["leaving_open"], stop["excluding"], stop["contradicting"]) == (0, 5, 0, 0)


def test_doses_of_trials_of_an_outcome(graph: k2graph.Graph) -> None:
    answer = graph.ask("doses-and-durations", outcome="muscle cramps")
    assert {(row["form"], row["dose"], row["n"]) for row in answer} == {("MK-7", "180 ug a day", 199), ("vitamin K2", "360 ug a day", 41)}


def test_outcomes_nearest_to_health_come_first(graph: k2graph.Graph) -> None:
    kinds = list(dict.fromkeys(row["kind"] for row in graph.ask("outcomes-tested-in-trials")))
    assert kinds == [
        kind for kind in ("clinical", "functional", "safety", "surrogate", "biomarker", "pharmacokinetic", "molecular") if kind in kinds
    ]


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("reference-intakes", "reference_intakes"),
        ("foods", "foods"),
        ("pharmacokinetics", "pharmacokinetics"),
        ("who-is-low", "status_surveys"),
        ("citation-audit", "citation_audit"),
        ("identifiers", "identifiers"),
    ],
)
def test_every_row_of_a_table_is_in_its_answer(graph: k2graph.Graph, question: str, table: str) -> None:
    assert len(graph.ask(question)) == len(rows(table))


def test_who_is_low_names_those_with_a_share_first(graph: k2graph.Graph) -> None:
    shares = [row["share_low"] for row in graph.ask("who-is-low")]
    told = [share for share in shares if share is not None]
    # All 40 on haemodialysis had a very high ucMGP (cranenburg-2012-mgp), and all 37 in institutions took in enough
    # (institutions-japan-2011-intake).
    assert (told[0], told[-1], shares[: len(told)]) == (100, 0, sorted(told, reverse=True))


def test_severe_interactions_say_who(graph: k2graph.Graph) -> None:
    answer = list(graph.ask("who-should-not-supplement"))
    assert (answer[0]["severity"], answer[0]["drug"], answer[0]["agent"]) == ("contraindicated", "warfarin", "MK-4")
    assert {row["severity"] for row in answer} == {"contraindicated", "major"}


def test_paths_in_sparql_hold_the_known_way_to_arteries(graph: k2graph.Graph) -> None:
    answer = graph.ask("paths", **{"from": "MK-7", "to": "vascular calcification"})
    assert ("MK-7 lowers vascular calcification", None) in {(row["first"], row["second"]) for row in answer}
    assert all(row["steps"] in {1, 2, 3} for row in answer)


def test_everything_about_a_thing(graph: k2graph.Graph) -> None:
    parts = {row["part"] for row in graph.ask("everything-about", entity="MGP")}
    assert {"1 is", "2 also called", "5 does", "6 is affected", "7 stands in", "10 identified as"} <= parts


# explain and path


def test_explain_a_claim_shows_both_sides_and_what_would_change_it(graph: k2graph.Graph) -> None:
    text = graph.explain("MK-7 lowers arterial stiffness").to_text(100)
    flat = " ".join(text.split())
    # Three of seven show it: nine more give 12 of 16, three quarters; five more open ones, or ones that leave an effect out, give 3 of
    # 12, a quarter. Five of six that tell a side lie on the proposed one: five more give 8 of 12 shown, and 10 of 11 that tell: 0.59 to
    # 1.00, and 10 of 12 is 0.52 to 0.98. Four more would be 9 of 11, from 0.48.
    for said in (
        "9 more investigations in human trials showing it would make it consistent in human trials (16).",
        "5 more investigations in human trials showing it would make it leaning in human trials (12).",
        "5 more investigations in human trials leaving it open would make it not shown in human trials (12).",
        "5 more investigations in human trials leaving out an important effect would make it not shown in human trials (12).",
        "5 more investigations in human trials showing the opposite would make it contrary in human trials (12).",
        "Of 7 independent investigations in human trials: 3 show it, 4 leave it open, 0 leave out an important effect, 0 show the",
        "Of 6 that tell it, 5 lie on the proposed side.",
        "Certainty: very low (GRADE-informed, derived)",
        "inconsistency: 1 down, together they are contested.",
    ):
        assert said in flat
    assert text.index("\n  For\n") < text.index("\n  Leaves it open\n")
    assert "Marjo H J Knapen 2015" in text
    assert "R L Fulton 2016" in text
    assert all(len(line) <= 100 or "http" in line for line in text.splitlines())


@pytest.mark.parametrize(
    ("called", "heading"),
    [
        ("mk-7-level-arterial-stiffness", "MK-7 lowers arterial stiffness"),  # a claim's slug
        ("Carboxylated MGP keeps arteries free of calcium", "Carboxylated MGP keeps arteries free of calcium"),  # a mechanism's label
        ("mgp-calcification-events", "Carboxylated MGP keeps arteries free of calcium"),  # its slug
        ("MGP", "matrix Gla protein"),  # a synonym
        ("menatetrenone", "MK-4"),
        ("UNIPROT:P08493", "matrix Gla protein"),  # an identifier of the entity elsewhere
        ("PMID:39466236", "Vitamin K2 in Managing Nocturnal Leg Cramps: A Randomized Clinical Trial"),  # a study
        (
            "10.1016/j.maturitas.2018.04.013",
            "Vitamin K status and physical decline in older adults - The Longitudinal Aging Study Amsterdam",
        ),
        ("mk-4-warfarin", "MK-4 and warfarin: contraindicated"),  # an interaction
        ("coronary artery calcification", "coronary artery calcification"),
    ],
)
@pytest.mark.slow
def test_explain_finds_a_thing_by_what_it_is_called(graph: k2graph.Graph, called: str, heading: str) -> None:
    assert graph.explain(called).heading == heading


def test_what_a_pool_decides_is_not_told_as_a_share(graph: k2graph.Graph) -> None:
    # vitamin-k-level-time-in-therapeutic-range: 1.5 of 5 show it, which is above a quarter; the pool (-7.52 to 16.9) leaves it open.
    text = graph.explain("claim:vitamin-k-level-time-in-therapeutic-range").to_text(1000)
    assert "1.5 show it, 3.5 leave it open" in text
    assert "The interval of the pool holds no effect, and leaves open one large enough to matter." in text
    assert "share" not in text.partition("Standing")[2].partition("Certainty")[0]
    standing = graph.evidence().claims["claim:vitamin-k-level-time-in-therapeutic-range"].standing
    assert standing.meaning in standing.why
    assert "Too small a share shows it" in graph.explain("claim:vitamin-k2-level-vascular-calcification").to_text(1000)


def test_a_pool_tells_how_many_trials_of_this_claim_it_lacks(graph: k2graph.Graph) -> None:
    # Of seven trials of MK-7 on stiffness three have a number to pool; vitamin K, which the pool serves too, has ten.
    assert "counted trials without a number to pool: 4." in graph.explain("claim:mk-7-level-arterial-stiffness").to_text(1000)
    assert "counted trials without a number to pool: 7." in graph.explain("claim:vitamin-k-level-arterial-stiffness").to_text(1000)


def test_what_is_cited_nowhere_is_led_to_by_its_own_name(graph: k2graph.Graph) -> None:
    # nigwekar-2019 was read in a news page of a congress: no number, no publisher.
    (report,) = {row["report"] for row in rows("findings") if row["study"] == "nigwekar-2019"}
    text = graph.explain("claim:vitamin-k1-level-dp-ucmgp").to_text(1000)
    (line,) = (line for line in text.splitlines() if "Nigwekar 2019: " in line)
    assert line.endswith(ours("report", report))
    assert "None" not in text
    assert "None" not in graph.explain("interaction:olestra-vitamin-k").to_text(1000)


def test_explain_tells_the_risk_of_bias_of_each_vote_and_whose_judgement_it_is(graph: k2graph.Graph) -> None:
    # Rows of appraisals.tsv: dalmeijer-2012 measurement low, and low overall by a Cochrane review; sakak-2021 low in two domains of five;
    # tarkesh-2022 some concerns in three domains and low in one; its judgements of depression, insulin and fat are of other outcomes.
    (block,) = [each for each in graph.explain("MK-7 lowers cardiovascular risk factors").blocks if each.heading == "Risk of bias"]
    assert block.lines[0].startswith("+ low risk, - cannot be read, ? some concerns, x high risk; ")
    assert block.lines[1:] == [
        "Dalmeijer, 2012: low risk (measurement +, overall +; by readers of this graph and DOI:10.1002/14651858.CD011148.pub2)",
        "Fatemeh Rahimi Sakak, 2021: some concerns (randomisation +, deviations ?, missing data ?, measurement +, selective reporting ?; "
        "by readers of this graph)",
        "Firoozeh Tarkesh, 2022: some concerns (randomisation ?, deviations ?, missing data ?, measurement +; by readers of this graph)",
    ]
    # Every trial that votes has a row there; a synthesis that votes is not a trial.
    (block,) = [each for each in graph.explain("vitamin-k2-risk-all-cause-mortality").blocks if each.heading == "Risk of bias"]
    assert block.lines[-1] == "Not appraised: syntheses taken together."
    # In cells nobody appraises it.
    assert "Risk of bias" not in [each.heading for each in graph.explain("claim:dhodh-activity-gamma-carboxylation").blocks]


def test_explain_tells_the_judgements_of_a_study_with_their_reasons(graph: k2graph.Graph) -> None:
    (block,) = [each for each in graph.explain("study:tarkesh-2022").blocks if each.heading == "Risk of bias"]
    assert len(block.lines) == sum(row["study"] == "tarkesh-2022" for row in rows("appraisals"))
    assert block.lines[1] == (
        "deviations: some concerns (two readers judged cannot be read and low risk). double-blind; whether all were analysed as randomised "
        "is not in abstract or record. Judged by readers of this graph, domains of RoB 2, from abstract, registry record or tables."
    )
    (block,) = [each for each in graph.explain("study:cheung-2008").blocks if each.heading == "Risk of bias"]
    assert block.lines[-1].startswith("overall: “The methodological quality of the ECKO trial was good”. double-blind; ")


def test_explain_suggests_and_lists(graph: k2graph.Graph) -> None:
    with pytest.raises(InputError, match=r"nothing is called 'osteocalcn'; did you mean 'osteocalcin'"):
        graph.explain("osteocalcn")


def test_a_name_of_two_things_lists_both(graph: k2graph.Graph) -> None:
    with pytest.raises(InputError, match=r"'ferroptosis' may be any of: entity:ferroptosis, mechanism:ferroptosis"):
        graph.explain("ferroptosis")
    assert graph.explain("mechanism:ferroptosis").heading == "Reduced vitamin K stops ferroptosis"


def test_explain_a_thing_that_is_not_complete_says_so(tmp_path: Path) -> None:
    bare = tmp_path / "bare.ttl"
    bare.write_text(
        "<https://w3id.org/k2graph/claim/x> a <https://w3id.org/k2graph/ontology#Claim> ; "
        '<http://www.w3.org/2000/01/rdf-schema#label> "X raises Y" .',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"claim:x is not complete in this graph; `k2graph validate` tells what it lacks"):
        k2graph.open(bare).explain("X raises Y")


def test_explain_a_mechanism_reads_it_three_ways(graph: k2graph.Graph) -> None:
    text = graph.explain("mgp-calcification-events").to_text(120)
    flat = " ".join(text.split())
    assert "Verdict: not shown further in human trials" in flat
    # Low: one step down for bias, since two of its five trials are at high risk, and one for imprecision, with 579 people.
    assert (
        "Decided by: Vitamin K2 lowers vascular calcification, not shown in human trials (5). Certainty: low (GRADE-informed, derived)."
    ) in flat
    assert "Every link is established." in flat
    assert "2. GGCX carboxylates MGP: established; single in cells and assays (1) (no trial could test it)" in text
    assert "exposure decreases vascular calcification: not shown in human trials (5)" in text


def test_path_ranks_by_the_weakest_link_and_marks_what_argues_against(graph: k2graph.Graph) -> None:
    chains = graph.chains("vitamin K2", "muscle strength", most=30)
    weakness = [chain.weakest.weakness for chain in chains]
    assert weakness == sorted(weakness)
    hormone = next(
        chain for chain in chains if [link.claim for link in chain.links][-1] == "claim:undercarboxylated-osteocalcin-level-muscle-strength"
    )
    # Vitamin K lowers it, it is held to raise strength: − + = −, against the proposed increase.
    assert (hormone.direction, hormone.held, hormone.argues_against) == ("decreases", "increases", True)
    marker = next(chain for chain in chains if [link.claim for link in chain.links][-1] == "claim:dp-ucmgp-level-muscle-strength")
    # − − = +: a marker that falls and goes with weakness.
    assert (marker.direction, marker.argues_against) == ("increases", False)


def test_path_says_when_it_runs_through_animals_only(run: Run, graph: k2graph.Graph) -> None:
    # Cells show MK-4 to quiet NF-kB, and mice undercarboxylated osteocalcin to raise IL-6: nobody tried either chain in people.
    chains = graph.chains("MK-4", "osteoclastogenesis")
    assert chains
    assert not any(chain.weakest.in_people for chain in chains)
    said = "none is shown in people all the way"
    assert said in " ".join(run("path", "MK-4", "osteoclastogenesis").out.split())
    # What is established is no weak link and needs no trial: anchors.tsv holds Gas6 on Axl, Axl on apoptosis, and Gas6 on apoptosis.
    background = " ".join(run("path", "Gas6", "apoptosis").out.split())
    assert background.count("every link is established") == len(graph.chains("Gas6", "apoptosis")) == 2
    assert said not in background
    assert "weakest link" not in background


@pytest.mark.parametrize("form", ["text", "md", "json"])
@pytest.mark.slow
def test_explain_and_path_write_each_form(run: Run, form: str) -> None:
    for arguments in (["explain", "MK-7 lowers arterial stiffness"], ["path", "MK-7", "fracture"]):
        outcome = run(*arguments, "--format", form)
        assert outcome.code == 0
        assert outcome.out


def test_a_path_from_nowhere_is_told(run: Run) -> None:
    code, _, err = run("path", "vitamin K2", "nowhere")
    assert code == 2
    assert "no entity is called 'nowhere'" in err
