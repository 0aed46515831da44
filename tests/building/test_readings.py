"""What real findings show, read by hand from their rows of data/tables and from what is published to matter for their outcomes.

An interval that leaves out no effect shows one. One that lies inside what does not matter leaves out an important effect, any other leaves
both open. An end that is printed as no effect itself is left to an exact p-value below 0.05; the effect of one unit more, a slope, leaves
out nothing. Without an interval, one that follows from estimate and exact p-value stands in: z is the normal quantile of 1 - p/2, the
standard error is the estimate (of a ratio its logarithm) divided by z, and the interval reaches 1.96 of them both ways. Then the p-value
tells, then words.
"""

import pytest
from project import rows

import k2graph
from k2graph import iris
from k2graph.evidence.model import Evidence

#: Where the interval is the report's: its numbers, between which effects do not matter (* by default), what it shows and on which side.
BY_INTERVAL = {
    # 1 m/s matters. -1.8 is beyond it and 0.3 above none: an important fall and none are both inside.
    "rlfulton2016-2": ("mean difference, carotid-radial -0.8 (-1.8 to 0.3) m/s", "-1 1", "open", -1),
    "sabrinaharoon2023-3": ("mean difference 0.55 (-0.50 to 1.60) m/s", "-1 1", "open", 1),
    # None is left out, though no fall that matters is shown.
    "ceelderink2023-2": ("mean difference -0.33 (-0.55 to -0.11) m/s", "-1 1", "shows", -1),
    "marjohjknapen2015-1": ("mean difference -0.38 (-0.74 to -0.02) m/s", "-1 1", "shows", -1),
    # Of deaths a tenth fewer matters, and so do 1 / 0.9 as many. One death tells nothing.
    "margotpjvisser2024-3": ("risk ratio 3.00 (0.13 to 69.5)", "0.9 1.1111", "open", 1),
    # A tenth more survive three years: the number runs against the direction, which is that of deaths.
    "jianhongzhong2013-4": ("risk ratio, of survival, 3 years 1.14 (1.02 to 1.28)", "0.9 1.1111", "shows", -1),
    # 1.42% of bone density of the hip predicts fewer fractures; half of that is left out. For the spine nobody has shown what matters.
    "angelamcheung2008-2": ("mean difference in % change 0.19 (-0.37 to 0.75) %", "-1.42 1.42", "excludes", 1),
    "angelamcheung2008-1": ("mean difference in % change -0.06 (-0.67 to 0.54) %", "", "open", -1),
    # A quarter less or more, for want of a better: a half more recurrences are inside, an eighth more fractures are not enough.
    "haruhikoyoshida2011-1": ("hazard ratio 1.150 (0.843 to 1.570)", "0.75 1.25 *", "open", 1),
    "amott2019-3": ("odds ratio 0.96 (0.83 to 1.11)", "0.75 1.25 *", "excludes", -1),
    # Two tenths of a standard deviation: -0.37 lies beyond.
    "titusandrian2023-2": ("standardised mean difference, of calcification scores -0.14 (-0.37 to 0.09)", "-0.2 0.2 *", "open", -1),
    # 5 kg of grip matter; 1.1 less is shown all the same.
    "adrianajvanballegooijen2018-1": ("mean difference, highest against lowest tertile -1.1 (-2.1 to -0.1) kg", "-5 5", "shows", -1),
    # Distensibility falls as stiffness rises, so that -0.23 lies on the side of more stiffness; in its unit nobody has said what matters.
    "viktoriesinvestigators2021-1": ("mean difference -0.23 (-0.75 to 0.29) 10^-3 mmHg^-1", "", "open", 1),
    # Bleeding, 6.1 points fewer or 5.1 more: nobody has said which difference in percentage points matters.
    "crowther2009-2": ("risk difference -0.5 (-6.1 to 5.1) percentage points", "", "open", -1),
    # By 10 ug a day and by one standard deviation more: slopes. The first ends at none, and no p-value is given.
    "gcmgast2009-1": ("hazard ratio, per 10 ug/d 0.91 (0.85 to 1.00)", "0.75 1.3333", "open", -1),
    "gwdalmeijer2014-1": ("hazard ratio, per SD 1.00 (0.93 to 1.07)", "0.75 1.3333", "open", None),
}
#: Where an interval follows from estimate and exact p-value: numbers, the interval reckoned by hand, what it shows and on which side.
COMPUTED = {
    # p 0.65: z 0.454; ln 0.96 = -0.0408, divided by z 0.0900, times 1.96 0.1763: exp(-0.2171) to exp(0.1355). Within a quarter.
    "minglingma2022-2": ("risk ratio 0.96; p=0.65", 0.805, 1.145, "excludes", -1),
    # p 0.01: z 2.576; ln 0.43 = -0.8440, 0.3277, 0.6422: exp(-1.486) to exp(-0.2018).
    "minglingma2022-3": ("risk ratio 0.43; p=0.01", 0.226, 0.817, "shows", -1),
    # p 0.04: z 2.054; ln 0.45 = -0.7985, 0.3888, 0.7620: exp(-1.5605) to exp(-0.0365).
    "angelamcheung2008-3": ("hazard ratio 0.45; p=0.04", 0.210, 0.964, "shows", -1),
    # p 0.055: z 1.919; 0.028 / 1.919 = 0.01459, 0.0286: a little below none.
    "lforli2010-1": ("mean difference 0.028 g/cm2; p=0.055", -0.0006, 0.0566, "open", 1),
    # p 0.01: z 2.576; 0.51 / 2.576 = 0.198, 0.388. Less insulin resistance is more sensitivity.
    "makikoyoshida2008-1": ("mean difference -0.51 HOMA-IR units; p=0.01", -0.898, -0.122, "shows", 1),
}
#: Where no interval tells: numbers, by what it is read, what it shows and on which side.
OTHERWISE = {
    # The interval ends at none, as it is printed; the p-value tells on which side of it.
    "jolinewjbeulens2010-1": ("hazard ratio, per 10 ug/d 0.93 (0.87 to 1.00); p=0.038", "p-value", "shows", -1),
    # A change within the arm is held against nothing, and tells no side where none was found.
    "yujiikari2016-2": ("change within the arm -0.7 %", "words", "open", None),
    "study-2025-1": ("p <0.05", "p-value", "shows", 1),
    "study-2022-3": ("p >0.05", "p-value", "open", None),
    "salma2022-3": ("p=0.08", "p-value", "open", None),
    "femkedevries2025-2": ("p=0.035", "p-value", "shows", -1),
    # Words alone: an effect is taken as shown, none found is open.
    "mol-21914161-1": ("", "words", "shows", 1),
    "karinlevyschousboe2021-2": ("", "words", "open", None),
    # So is an incidence with its interval, since there is no number for none; and one finding that says two things.
    "dutchpaediatricsurveillanceinvestigators2007-1": (
        "incidence, late VKDB per 100,000 live births 3.2 (1.2 to 6.9)",
        "words",
        "shows",
        -1,
    ),
    "amott2019-4": ("mean difference, of change at 2 years 1.63 (0.10 to 3.16) %", "words", "mixed", None),
}

Shown = tuple[str, str, int | None]


@pytest.fixture(scope="module")
def shown(graph: k2graph.Graph) -> dict[str, Shown]:
    """Finding → what it shows, by what, and on which side."""
    found = graph.query("""SELECT ?finding ?reading ?ground ?side WHERE {
      ?finding k2g:reading/skos:notation ?reading ; k2g:readFrom/skos:notation ?ground OPTIONAL { ?finding k2g:side ?side } }""")
    return {row["finding"].partition(":")[2]: (row["reading"], row["ground"], row["side"]) for row in found}


def printed(evidence: Evidence, finding: str) -> str:
    return evidence.findings[f"finding:{finding}"].numbers


@pytest.mark.parametrize("finding", BY_INTERVAL)
def test_by_its_interval(graph: k2graph.Graph, evidence: Evidence, shown: dict[str, Shown], finding: str) -> None:
    numbers, unimportant, reading, side = BY_INTERVAL[finding]
    assert printed(evidence, finding).partition(";")[0] == numbers
    asked = f"""SELECT ?from ?to ?by WHERE {{ finding:{finding} k2g:unimportantFrom ?from ; k2g:unimportantTo ?to
      OPTIONAL {{ finding:{finding} k2g:importantBy ?by }} }}"""
    said = [f"{row['from']:g} {row['to']:g}{' *' if row['by'] else ''}" for row in graph.query(asked)]
    assert said == ([unimportant] if unimportant else [])
    assert shown[finding] == (reading, "interval", side)


@pytest.mark.parametrize("finding", COMPUTED)
def test_by_an_interval_that_follows_from_its_p_value(
    graph: k2graph.Graph, evidence: Evidence, shown: dict[str, Shown], finding: str
) -> None:
    numbers, low, high, reading, side = COMPUTED[finding]
    assert printed(evidence, finding) == numbers
    (row,) = graph.query(f"SELECT ?low ?high WHERE {{ ?c k2g:computedFor finding:{finding} ; k2g:ciLow ?low ; k2g:ciHigh ?high }}")
    # To the digits that stand above, which came from tables of four digits.
    assert (row["low"], row["high"]) == (pytest.approx(low, rel=0.01, abs=1e-4), pytest.approx(high, rel=0.01, abs=1e-4))
    assert shown[finding] == (reading, "computed", side)


@pytest.mark.parametrize("finding", OTHERWISE)
def test_by_its_p_value_or_its_words(evidence: Evidence, shown: dict[str, Shown], finding: str) -> None:
    numbers, ground, reading, side = OTHERWISE[finding]
    assert printed(evidence, finding) == numbers
    assert shown[finding] == (reading, ground, side)


def test_every_finding_is_read_once(graph: k2graph.Graph) -> None:
    asked = """SELECT ?finding (COUNT(?reading) AS ?readings) WHERE { ?finding a k2g:Finding OPTIONAL { ?finding k2g:reading ?reading } }
      GROUP BY ?finding"""
    assert {row["finding"]: row["readings"] for row in graph.query(asked)} == {
        iris.short(iris.ours("finding", row["finding"]).value): 1 for row in rows("findings")
    }


def test_no_report_that_calls_nothing_significant_leaves_anything_out_by_that(graph: k2graph.Graph) -> None:
    """Not significant is open: what leaves out an important effect has an interval, and all of it inside what does not matter."""
    asked = """SELECT ?finding ?low ?high ?from ?to WHERE { ?finding k2g:reading k2g:reading-excludes OPTIONAL {
      ?finding k2g:readsEstimate ?e . ?e k2g:ciLow ?low ; k2g:ciHigh ?high ; k2g:unimportantFrom ?from ; k2g:unimportantTo ?to } }"""
    found = graph.query(asked)
    assert found
    assert [row["finding"] for row in found if row["low"] is None or not row["from"] < row["low"] <= row["high"] < row["to"]] == []
