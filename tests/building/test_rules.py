"""Each rule on a small synthetic graph whose answer is worked out in the test, on both engines.

The nutrient `n` has the forms `n1` and `n2`, and `level` tells its status; `marker` falls as `active` rises; `site` is a narrower outcome
of `outcome`; `drug` is no nutrient. What reports say without numbers is the default: an effect is then taken as shown, none as left open.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, Store, Triple, parse, serialize
from rdflib.plugins.sparql import prepareQuery

from k2graph import iris, resources
from k2graph.building.directions import direction
from k2graph.sparql.rules import Rule, apply_rules, read_rules
from k2graph.sparql.store import with_prefixes

PREFIXES = with_prefixes("")
ENTITIES = """
entity:n a k2g:Entity , k2g:Nutrient ; rdfs:label "n" . entity:n1 a k2g:Entity , k2g:NutrientForm ; rdfs:label "n1" ; k2g:formOf entity:n .
entity:n2 a k2g:Entity , k2g:NutrientForm ; rdfs:label "n2" ; k2g:formOf entity:n .
entity:outcome a k2g:Entity , k2g:Outcome ; rdfs:label "outcome" .
entity:site a k2g:Entity , k2g:Outcome ; rdfs:label "site" ; k2g:narrowerThan entity:outcome .
entity:middle a k2g:Entity , k2g:Process ; rdfs:label "middle" . entity:drug a k2g:Entity , k2g:Drug ; rdfs:label "drug" .
entity:level a k2g:Entity , k2g:Biomarker ; rdfs:label "level" ; k2g:statusMarkerOf entity:n .
entity:protein a k2g:Entity , k2g:Protein ; rdfs:label "protein" .
entity:active a k2g:Entity , k2g:Protein ; rdfs:label "active" ; k2g:stateOf entity:protein .
entity:marker a k2g:Entity , k2g:Protein ; rdfs:label "marker" ; k2g:stateOf entity:protein ; k2g:inverseMarkerOf entity:active .
"""


def claim(name: str, subject: str = "n", thing: str = "outcome", direction: str = "increases", more: str = "") -> str:
    return (
        f"claim:{name} a k2g:Claim ; rdf:subject entity:{subject} ; rdf:predicate k2g:affects-level-of ; rdf:object entity:{thing} ;"
        f" k2g:direction k2g:direction-{direction} {more if 'context' in more else '; k2g:context k2g:context-any ' + more} .\n"
    )


#: What is said of a publication, not of what it reports on.
OF_REPORT = ("k2g:year", "k2g:retraction")


def report(name: str, more: str = "") -> str:
    return f"report:{name} a k2g:Report {more} .\n"


def study(name: str, design: str = "rct", more: str = "") -> str:
    """A study with one report that is called as it is, of which its year and retraction are said; `more` is of both."""
    parts = more.split(" ; ") if " ; " in more else [more.removeprefix("; ")]
    parts = [part.removeprefix("; ") for part in parts]
    of_report, of_study = (
        "".join(f" ; {part}" for part in parts if part and part.startswith(OF_REPORT) == which) for which in (True, False)
    )
    return f"study:{name} a k2g:Study ; k2g:report report:{name} ; k2g:design k2g:design-{design} {of_study} .\n" + report(name, of_report)


def trial(name: str, comparator: str = "placebo", alone: str = "yes") -> str:
    """What a study that is a trial compared."""
    return f"study:{name} k2g:comparatorKind k2g:comparator-{comparator} ; k2g:armsDifferInExposureAlone k2g:answer-{alone} .\n"


def arm(name: str, of: str, more: str) -> str:
    return f"arm:{name} a k2g:Arm ; k2g:armOf study:{of} {more} .\n"


def dose(amount: str, unit: str, per: str, term: str = "") -> str:
    """A dose as a table has it: `unit` is the word, `term` the concept that it is of."""
    of_term = f" ; k2g:doseUnitTerm k2g:unit-{term}" if term else ""
    return f'; k2g:doseValue {amount} ; k2g:doseReported "{amount}" ; k2g:doseUnit "{unit}" ; k2g:dosePer k2g:per-{per}{of_term}'


def lasting(number: str, unit: str) -> str:
    return f'; k2g:lasted {number} ; k2g:lastedReported "{number}" ; k2g:lastedUnit k2g:time-{unit}'


def finding(
    name: str, of: str, direction: str = "increases", subject: str = "n", thing: str = "outcome", more: str = "", paper: str = ""
) -> str:
    """A finding of a study, read in the report that is called as the study is, or in `paper`."""
    return (
        f"finding:{name} a k2g:Finding ; k2g:study study:{of} ; k2g:report report:{paper or of} ;"
        f" rdf:subject entity:{subject} ; rdf:predicate k2g:affects-level-of ;"
        f" rdf:object entity:{thing} ; k2g:direction k2g:direction-{direction} {more} .\n"
    )


def single_trial(name: str, direction: str = "increases", subject: str = "n", thing: str = "outcome", more: str = "", of: str = "") -> str:
    """One trial against placebo with one report and one finding, all called `name`; `more` is of the finding, `of` of study and report."""
    return study(name, more=of) + trial(name) + finding(name, name, direction, subject, thing, more)


def numbers(measure: str, value: str = "", low: str = "", high: str = "", unit: str = "", p: str = "", relation: str = "equal") -> str:
    """What a finding or a computed estimate says in numbers; empty where it does not."""
    parts = {
        "measureTerm": f"k2g:measure-{measure}" if measure else "",
        "value": value,
        "ciLow": low,
        "ciHigh": high,
        "unitTerm": f"k2g:unit-{unit}" if unit else "",
        "pValue": p,
        "pValueRelation": f"k2g:number-{relation}" if p else "",
    }
    return "".join(f" ; k2g:{name} {part}" for name, part in parts.items() if part)


RETRACTED = "; k2g:retraction k2g:retraction-retracted"
INVERSE = " ; k2g:scale k2g:scale-inverse"


def computed(name: str, of: str, measure: str, value: str, low: str, high: str, unit: str = "") -> str:
    """An estimate that somebody computed for a finding, as the build asserts it before rules run."""
    return f"computed:{name} a k2g:ComputedEstimate ; k2g:computedFor finding:{of}{numbers(measure, value, low, high, unit)} .\n"


def matters(name: str, outcome: str, measure: str, size: str, unit: str = "", decides: str = "yes") -> str:
    """The smallest difference that somebody published as one that matters."""
    of_unit = f" ; k2g:unitTerm k2g:unit-{unit}" if unit else ""
    return (
        f"difference:{name} a k2g:ImportantDifference ; k2g:outcome entity:{outcome} ; k2g:measureTerm k2g:measure-{measure} ;"
        f" k2g:value {size} ; k2g:decides k2g:answer-{decides}{of_unit} .\n"
    )


def synthesis(
    name: str, pooled: int, year: int, direction: str = "increases", more: str = "", of: str = "", design: str = "meta-analysis"
) -> str:
    """A synthesis of so many studies, with its interval; its numbers show an effect."""
    shown = {"increases": ("2.0", "1.5", "2.6"), "decreases": ("0.5", "0.4", "0.6"), "no-effect": ("1.1", "0.5", "2.4")}[direction]
    return study(name, design, f"; k2g:year {year} {of}") + finding(
        name, name, direction, more=f"{numbers('risk-ratio', *shown)} ; k2g:studiesPooled {pooled} {more}"
    )


@functools.cache
def _ontology_s_quads() -> list[Quad]:
    return list(parse(resources.ONTOLOGY.read_bytes(), RdfFormat.TURTLE))


def on_pyoxigraph(facts: str, rules: Iterable[Rule]) -> set[Triple]:
    store = Store()
    store.bulk_extend(_ontology_s_quads())
    store.load((PREFIXES + ENTITIES + facts).encode(), format=RdfFormat.TURTLE)
    apply_rules(store, rules)
    return {quad.triple for quad in store}


@functools.cache
def _ontology() -> tuple[rdflib.Graph, frozenset[Triple]]:
    graph = rdflib.Graph().parse(resources.ONTOLOGY)
    return graph, frozenset(_as_pyoxigraph_has_them(graph))


# rdflib takes far longer to parse a rule than to apply it to so few facts.
_prepared = functools.cache(prepareQuery)


def on_rdflib(facts: str, rules: Iterable[Rule]) -> set[Triple]:
    # To copy the ontology takes longer than the rules: what is added to it is taken away again.
    graph, ontology = _ontology()
    added = rdflib.Graph()
    try:
        for more in (rdflib.Graph().parse(data=PREFIXES + ENTITIES + facts, format="turtle"), *(_prepared(rule.query) for rule in rules)):
            for triple in list(more if isinstance(more, rdflib.Graph) else graph.query(more)):
                if triple not in graph:
                    graph.add(triple)
                    added.add(triple)
    finally:
        graph -= added
    return {*ontology, *_as_pyoxigraph_has_them(added)}


def _as_pyoxigraph_has_them(graph: rdflib.Graph) -> Iterator[Triple]:
    """Through N-Triples the two engines' terms compare; numbers are compared by value."""
    return (quad.triple for quad in parse(graph.serialize(format="nt").encode(), RdfFormat.N_TRIPLES))


Engine = Callable[[str, Iterable[Rule]], set[Triple]]


@pytest.fixture(params=[on_pyoxigraph, pytest.param(on_rdflib, marks=pytest.mark.slow)], ids=["pyoxigraph", "rdflib"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


def derive(engine: Engine, facts: str, pattern: str) -> list[tuple[str, ...]]:
    """All rules on the facts; then the rows of a pattern's variables, as short names, in order."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in engine(facts, read_rules()))
    return rows_of(store, pattern)


def rows_of(store: Store, pattern: str) -> list[tuple[str, ...]]:
    """The rows of a pattern's variables, as short names, in order."""
    found: Any = store.query(PREFIXES + pattern)
    return sorted(tuple(_short(term) for term in row) for row in found)


def _short(term: object) -> str:
    text = getattr(term, "value", "") if term is not None else ""
    text = text.rpartition("/")[2].rpartition("#")[2] if text.startswith("http") else text
    return f"{float(text):g}" if text.removeprefix("-").replace(".", "", 1).isdigit() else text


STANDING = (
    "SELECT ?claim ?tier ?result ?n WHERE { ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result ; k2g:investigations ?n }"
)
LEVEL = "SELECT ?f ?level WHERE { ?f a k2g:Finding ; k2g:evidenceLevel ?level }"
STANCE = "SELECT ?f ?claim ?stance WHERE { ?b k2g:finding ?f ; k2g:claim ?claim ; k2g:stance ?stance }"
REASON = "SELECT ?f ?claim ?reason WHERE { ?b k2g:finding ?f ; k2g:claim ?claim ; k2g:notCounted ?reason }"


def standing_of(engine: Engine, facts: str, name: str = "c") -> tuple[str, str, str]:
    (row,) = [row for row in derive(engine, facts, STANDING) if row[0] == name]
    return row[1].removeprefix("tier-"), row[2].removeprefix("result-"), row[3]


def without_kinds(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows in which a word stands without the name of its scheme: `shows` for `reading-shows`."""
    return [tuple(re.sub(f"^({KINDS})-", "", text) for text in row) for row in rows]


KINDS = "reading|ground|stance|reason|result|method|tier|scope|untested|target|risk|domain|certainty|verdict|important-by"


def test_level_is_the_lowest_that_design_direction_and_comparison_allow(engine: Engine) -> None:
    facts = (
        single_trial("trial")
        # An association is at best "people, followed", whoever reports it.
        + study("pooled", "meta-analysis")
        + finding("pooled-effect", "pooled")
        + finding("pooled-cohorts", "pooled", "negative-association")
        + finding("baseline-correlation", "trial", "positive-association")
        # A change from baseline in a randomised trial is no randomised result.
        + finding("within-arm", "trial", more="; k2g:ownComparatorKind k2g:comparator-baseline")
        # A cross-sectional association stays where its design puts it, below "followed".
        + study("survey", "cross-sectional")
        + finding("survey", "survey", "no-association")
        # What a paper says beside its own work is opinion: another study, read in the same report.
        + study("mice", "animal-in-vivo")
        + finding("mice", "mice")
        + study("stated", "narrative-review")
        + finding("remark", "stated", paper="mice")
    )
    assert derive(engine, facts, LEVEL) == [
        ("baseline-correlation", "level-people-followed"),
        ("mice", "level-animal"),
        ("pooled-cohorts", "level-people-followed"),
        ("pooled-effect", "level-trials-synthesised"),
        ("remark", "level-opinion"),
        ("survey", "level-people-observed"),
        ("trial", "level-human-trial"),
        ("within-arm", "level-people-followed"),
    ]


def doses(name: str, high: str = "10000", low: str = "400", direction: str = "decreases", subject: str = "n1", unit: str = "IU") -> str:
    """A trial of a high against a low dose."""
    return (
        study(name)
        + trial(name, comparator="another-dose")
        + arm(f"{name}-high", name, dose(high, unit, "day"))
        + arm(f"{name}-low", name, dose(low, unit, "day"))
        + finding(name, name, direction, subject, more=f"; k2g:arm arm:{name}-high ; k2g:comparatorArm arm:{name}-low")
    )


HIGHER = "; k2g:context k2g:context-higher-dose"


def test_a_comparison_of_doses_counts_on_what_is_claimed_of_a_higher_dose(engine: Engine) -> None:
    # As in Burt 2019: 10,000 against 400 units a day, and less mineral in bone. A trial against placebo says nothing of a higher dose.
    facts = (
        claim("higher", direction="decreases", more=HIGHER)
        + claim("any", direction="decreases")
        + doses("burt")
        + doses("second", "4000")
        + single_trial("placebo", "decreases", "n1")
    )
    assert [row for row in derive(engine, facts, REASON) if row[0] != "placebo"] == [
        ("burt", "any", "reason-unattributed"),
        ("second", "any", "reason-unattributed"),
    ]
    assert standing_of(engine, facts, "higher") == ("human-trials", "consistent", "2")
    assert standing_of(engine, facts, "any") == ("human-trials", "single", "1")


def test_a_dose_that_is_not_the_higher_one_says_nothing_of_a_higher_one(engine: Engine) -> None:
    facts = (
        claim("higher", direction="decreases", more=HIGHER)
        + doses("lower", "400", "10000")
        + doses("timing", "400", "400")
        # In which of two arms it was found that got no dose in one unit is not known.
        + doses("unlike", "10").replace('k2g:doseUnit "IU"', 'k2g:doseUnit "g"', 1)
        # A synthesis has no arms; its comparison is its study's.
        + study("pooled", "meta-analysis", "; k2g:comparatorKind k2g:comparator-another-dose")
        + finding("pooled", "pooled", "decreases", "n1")
    )
    assert [row[0] for row in derive(engine, facts, STANCE)] == ["pooled"]


def test_of_what_everybody_takes_some_a_comparison_of_doses_is_one_of_more_and_less(engine: Engine) -> None:
    everybody = "entity:n k2g:isAlwaysTaken k2g:answer-yes .\n"
    facts = claim("c") + claim("form", "n1") + doses("more", "1.6", "0.8", "increases", unit="g")
    assert standing_of(engine, facts + everybody) == ("human-trials", "single", "1")
    # Of the form itself nobody said so.
    assert standing_of(engine, facts + everybody, "form") == ("nothing", "untested", "0")
    assert standing_of(engine, facts) == ("nothing", "untested", "0")
    unclear = facts.replace("armsDifferInExposureAlone k2g:answer-yes", "armsDifferInExposureAlone k2g:answer-no")
    assert standing_of(engine, unclear + everybody) == ("nothing", "untested", "0")


def test_a_modification_of_one_kind_is_one_of_any_kind_and_of_no_other(engine: Engine) -> None:
    def said(text: str, predicate: str) -> str:
        return text.replace("k2g:affects-level-of", f"k2g:{predicate}")

    facts = (
        said(claim("any", "drug", "protein"), "modifies")
        + said(claim("methylated", "drug", "protein"), "methylates")
        + said(claim("carboxylated", "drug", "protein"), "carboxylates")
        + claim("more", "drug", "protein")
        + study("assay", "biochemical-assay")
        + said(finding("methyl", "assay", subject="drug", thing="protein"), "methylates")
        + said(finding("whatever", "assay", subject="drug", thing="protein"), "modifies")
    )
    assert derive(engine, facts, STANCE) == [
        ("methyl", "any", "stance-supports"),
        ("methyl", "methylated", "stance-supports"),
        ("whatever", "any", "stance-supports"),
    ]


def test_a_finding_is_compared_with_its_own_comparison_else_its_comparator_arms_else_its_trials(engine: Engine) -> None:
    asked = "SELECT ?f ?with ?alone WHERE { ?f k2g:comparedWith ?with ; k2g:exposureAlone ?alone }"
    against = "; k2g:arm arm:given ; k2g:comparatorArm arm:{}"
    facts = (
        study("t")
        + trial("t")
        + arm("given", "t", "; k2g:gives entity:n1")
        + arm("drug", "t", "; k2g:comparatorKind k2g:comparator-active-treatment")
        + arm("plain", "t", '; k2g:gotInWords "as usual"')
        + finding("of-the-trial", "t")
        + finding("of-the-arm", "t", more=against.format("drug"))
        + finding("arm-unsaid", "t", more=against.format("plain"))
        + finding("own", "t", more=against.format("drug") + " ; k2g:ownComparatorKind k2g:comparator-baseline")
        + finding("own-alone", "t", more="; k2g:ownArmsDifferInExposureAlone k2g:answer-no")
        # Nothing was assigned in a cohort, whatever is said of it.
        + study("cohort", "prospective-cohort")
        + trial("cohort")
        + finding("seen", "cohort", "positive-association")
    )
    assert derive(engine, facts, asked) == [
        ("arm-unsaid", "comparator-placebo", "answer-yes"),
        ("of-the-arm", "comparator-active-treatment", "answer-yes"),
        ("of-the-trial", "comparator-placebo", "answer-yes"),
        ("own", "comparator-baseline", "answer-yes"),
        ("own-alone", "comparator-placebo", "answer-no"),
    ]


def test_studies_within_one_cohort_are_one_investigation_and_so_are_syntheses(engine: Engine) -> None:
    asked = "SELECT ?f ?i WHERE { ?f k2g:investigation ?i }"
    inside = "; k2g:within study:body"
    facts = (
        study("early", "prospective-cohort", inside)
        + study("late", "cross-sectional", inside)
        + study("apart", "prospective-cohort")
        + study("pooled", "meta-analysis", inside)
        + "".join(finding(name, name, "positive-association") for name in ("early", "late", "apart", "pooled"))
    )
    assert derive(engine, facts, asked) == [("apart", "apart"), ("early", "body"), ("late", "body"), ("pooled", "syntheses")]


def test_what_was_assigned_makes_a_trial_and_what_others_were_made_within_a_cohort(engine: Engine) -> None:
    asked = "SELECT ?s ?kind WHERE { VALUES ?kind { k2g:Trial k2g:Cohort } ?s a ?kind }"
    facts = (
        study("random")
        + study("assigned", "non-randomised-trial")
        # Following people makes a cohort of them only where others were made within it as well.
        + study("followed", "prospective-cohort")
        + study("part", "cross-sectional", "; k2g:within study:body")
        + 'study:body a k2g:Study ; rdfs:label "body" .\n'
        + study("mice", "animal-in-vivo")
        + study("pooled", "meta-analysis")
    )
    assert derive(engine, facts, asked) == [("assigned", "Trial"), ("body", "Cohort"), ("random", "Trial")]


GIVEN = """SELECT ?one ?dose ?for WHERE { VALUES ?kind { k2g:Study k2g:Finding } ?one a ?kind .
  OPTIONAL { ?one k2g:givenDose ?dose } OPTIONAL { ?one k2g:givenFor ?for } }"""


def test_what_was_given_is_told_of_a_study_by_its_arms_and_of_a_finding_by_its_own(engine: Engine) -> None:
    facts = (
        study("t")
        + arm("high", "t", dose("90", "mg", "day") + lasting("3", "months"))
        + arm("low", "t", dose("45.0", "mg", "day") + lasting("12", "weeks"))
        # The same once more, in another form, is told once.
        + arm("low-too", "t", dose("45.0", "mg", "day") + lasting("12", "weeks"))
        + arm("placebo", "t", "; k2g:comparatorKind k2g:comparator-placebo " + lasting("12", "weeks"))
        + finding("of-all", "t")
        + finding("of-high", "t", more="; k2g:arm arm:high ; k2g:comparatorArm arm:placebo")
        + finding("of-placebo", "t", more="; k2g:arm arm:placebo")
        + study("seen", "prospective-cohort", '; k2g:duration "8.1 years (SD 1.6)"')
        + finding("seen-1", "seen", "positive-association")
        + study("unsaid", "cross-sectional")
    )
    # 12 weeks are 84 days, 3 months 91.3.
    assert derive(engine, facts, GIVEN) == [
        ("of-all", "45.0 mg a day, 90 mg a day", "12 weeks, 3 months"),
        ("of-high", "90 mg a day", "3 months"),
        ("of-placebo", "", "12 weeks"),
        ("seen", "", "8.1 years (SD 1.6)"),
        ("seen-1", "", "8.1 years (SD 1.6)"),
        ("t", "45.0 mg a day, 90 mg a day", "12 weeks, 3 months"),
        ("unsaid", "", ""),
    ]


def test_the_amount_a_day_in_micrograms(engine: Engine) -> None:
    asked = "SELECT ?arm ?amount WHERE { ?arm k2g:dailyAmount ?amount }"
    gives = " ; k2g:gives entity:{}"
    facts = (
        "entity:n1 k2g:microgramsPerUnit 0.025 .\n"
        + study("t")
        # 360 × 3 / 7 = 154.2857...; 45 × 1000; 5 × 1000 / 7 = 714.2857...; 0.5 × 1000000; 1000 × 0.025.
        + arm("three-times", "t", dose("360", "ug", "three-times-a-week", "microgram"))
        + arm("milligrams", "t", dose("45", "mg", "day", "milligram"))
        + arm("weekly", "t", dose("5", "mg", "week", "milligram"))
        + arm("grams", "t", dose("0.5", "g", "day", "gram"))
        + arm("units", "t", dose("1000", "IU", "day", "international-unit") + gives.format("n1"))
        # 60000 × 12 / 365.25.
        + arm("monthly", "t", dose("60", "mg", "month", "milligram"))
        # A unit of which nobody says how many micrograms it is, a weight of body or food, a single time, moles.
        + arm("units-of-another", "t", dose("1000", "IU", "day", "international-unit") + gives.format("n2"))
        + arm("for-weight", "t", dose("5", "mg", "kg-day", "milligram"))
        + arm("in-food", "t", dose("147", "mg", "kg-diet", "milligram"))
        + arm("once", "t", dose("420", "ug", "once", "microgram"))
        + arm("moles", "t", dose("5", "umol", "day", "micromole"))
        + arm("nothing", "t", '; k2g:gotInWords "placebo"')
    )
    assert derive(engine, facts, asked) == [
        ("grams", "500000"),
        ("milligrams", "45000"),
        ("monthly", "1971.25"),
        ("three-times", "154.286"),
        ("units", "25"),
        ("weekly", "714.286"),
    ]


def test_evidence_on_a_form_or_site_bears_on_the_whole_and_not_the_reverse(engine: Engine) -> None:
    facts = (
        claim("form", "n1")
        + claim("whole", "n")
        + claim("part", "n", "site")
        + single_trial("on-form", subject="n1")
        + single_trial("on-whole")
        + single_trial("on-site", thing="site")
    )
    # on-form → form, whole. on-whole → whole only. on-site → part and whole. Nothing on the whole bears on form or part.
    assert derive(engine, facts, STANCE) == [
        ("on-form", "form", "stance-supports"),
        ("on-form", "whole", "stance-supports"),
        ("on-site", "part", "stance-supports"),
        ("on-site", "whole", "stance-supports"),
        ("on-whole", "whole", "stance-supports"),
    ]


def test_inverse_marker_turns_the_direction_round_and_a_state_carries_nothing(engine: Engine) -> None:
    facts = (
        claim("more-active", "n", "active")
        + claim("more-protein", "n", "protein")
        + single_trial("marker-falls", "decreases", thing="marker")
        + single_trial("marker-rises", "increases", thing="marker")
    )
    # The marker falls when the active state rises; neither says anything of the protein as such.
    assert derive(engine, facts, STANCE) == [
        ("marker-falls", "more-active", "stance-supports"),
        ("marker-rises", "more-active", "stance-contradicts"),
    ]


def test_marker_as_subject_tells_of_itself(engine: Engine) -> None:
    facts = (
        claim("active-raises", "active")
        + claim("marker-lowers", "marker", direction="decreases")
        + study("cohort", "prospective-cohort")
        + finding("seen", "cohort", "negative-association", "marker")
        + study("mice", "animal-in-vivo")
        + finding("given", "mice", "decreases", "marker")
    )
    # Other things move the marker, too: that it goes with less outcome, or lowers it, says nothing of the active state.
    assert derive(engine, facts, STANCE) == [("given", "marker-lowers", "stance-supports"), ("seen", "marker-lowers", "stance-supports")]


def test_stance_compares_with_the_proposed_direction(engine: Engine) -> None:
    facts = claim("c", direction="decreases") + "".join(
        single_trial(name, direction)
        for name, direction in (("up", "increases"), ("down", "decreases"), ("none", "no-effect"), ("both", "mixed"))
    )
    assert derive(engine, facts, STANCE) == [
        ("both", "c", "stance-mixed"),
        ("down", "c", "stance-supports"),
        # That no significant effect was found is no finding of no effect.
        ("none", "c", "stance-open"),
        ("up", "c", "stance-contradicts"),
    ]


def test_limited_claim_hears_only_findings_in_its_context(engine: Engine) -> None:
    facts = (
        claim("general")
        + claim("in-deficiency", more="; k2g:context k2g:context-deficient")
        + study("deficient", more="; k2g:nutrientStatus k2g:context-deficient")
        + trial("deficient")
        + finding("deficient", "deficient")
        + study("unselected", more="; k2g:nutrientStatus k2g:context-unselected")
        + trial("unselected")
        + finding("unselected", "unselected")
        + single_trial("unsaid")
    )
    # Unselected people bear on neither deficiency nor adequacy, and a study that does not say neither.
    assert derive(engine, facts, STANCE) == [
        ("deficient", "general", "stance-supports"),
        ("deficient", "in-deficiency", "stance-supports"),
        ("unsaid", "general", "stance-supports"),
        ("unselected", "general", "stance-supports"),
    ]


def test_what_is_not_counted_is_kept_with_its_reason(engine: Engine) -> None:
    facts = (
        claim("c")
        + single_trial("counts")
        + study("withdrawn", more="; k2g:retraction k2g:retraction-retracted")
        + trial("withdrawn")
        + finding("withdrawn", "withdrawn")
        + study("doubted", more="; k2g:retraction k2g:retraction-concern")
        + trial("doubted")
        + finding("doubted", "doubted")
        + study("combined")
        + trial("combined", alone="no")
        + finding("combined", "combined")
        + study("unclear")
        + trial("unclear", alone="unclear")
        + finding("unclear", "unclear")
        + study("versus-drug")
        + trial("versus-drug", comparator="active-treatment")
        + finding("versus-drug", "versus-drug", "no-effect")
        + study("doses")
        + trial("doses", comparator="another-dose")
        + finding("doses", "doses", "no-effect")
        # A trial that is attributable has one finding on an arm that got something else as well.
        + finding("other-arm", "counts", more="; k2g:ownArmsDifferInExposureAlone k2g:answer-no")
        # In a cohort nothing was assigned; only a curator's own word excludes it, here a joint exposure.
        + study("joint", "prospective-cohort")
        + finding("joint", "joint", "positive-association", more="; k2g:ownArmsDifferInExposureAlone k2g:answer-no")
    )
    assert derive(engine, facts, REASON) == [
        ("combined", "c", "reason-unattributed"),
        ("doses", "c", "reason-unattributed"),
        ("doubted", "c", "reason-concern"),
        ("joint", "c", "reason-unattributed"),
        ("other-arm", "c", "reason-unattributed"),
        ("unclear", "c", "reason-unattributed"),
        ("versus-drug", "c", "reason-unattributed"),
        ("withdrawn", "c", "reason-retracted"),
    ]
    # Of ten findings "counts" alone counts.
    assert standing_of(engine, facts) == ("human-trials", "single", "1")


# What numbers show

UNIMPORTANT = """SELECT ?e ?from ?to ?by WHERE {
  ?e k2g:unimportantFrom ?from ; k2g:unimportantTo ?to MINUS { ?e a k2g:DefaultDifference } OPTIONAL { ?e k2g:importantBy ?by } }"""


def test_what_does_not_matter_is_said_in_the_unit_of_the_finding_by_the_smallest_difference_published(engine: Engine) -> None:
    interval, difference = ("1.0", "0.5", "1.5"), "mean-difference"
    facts = (
        matters("d1", "outcome", difference, "5", "gram")
        + matters("d2", "outcome", difference, "1", "gram", decides="no")
        + matters("d3", "site", difference, "2", "gram")
        + matters("d4", "outcome", "risk-ratio", "0.8")
        + matters("d5", "site", "risk-ratio", "0.9")
        # Points of one scale say nothing of those of another, nor of one that the report does not name.
        + matters("d6", "protein", difference, "3", "point")
        + 'difference:d6 k2g:instrument "Short Battery" .\n'
        + finding("same-scale", "s", thing="protein", more=numbers(difference, *interval, "point") + ' ; k2g:reported "short battery"')
        + finding("other-scale", "s", thing="protein", more=numbers(difference, *interval, "point") + ' ; k2g:reported "its sum"')
        + finding("no-scale", "s", thing="protein", more=numbers(difference, *interval, "point"))
        + study("s", "meta-analysis")
        # Five grams are 5,000 milligrams and 0.005 kilograms; what does not decide is not heard, though it is smaller.
        + finding("gram", "s", more=numbers(difference, *interval, "gram"))
        + finding("milligram", "s", more=numbers(difference, *interval, "milligram"))
        + finding("kilogram", "s", more=numbers(difference, *interval, "kilogram"))
        # Metres are no grams, a difference in per cent is another measure, and where no interval is there is nothing to hold against it.
        + finding("metre", "s", more=numbers(difference, *interval, "metre"))
        + finding("no-unit", "s", more=numbers(difference, *interval))
        + finding("per-cent", "s", more=numbers("mean-difference-in-percent-change", *interval, "per-cent"))
        + finding("no-interval", "s", more=numbers(difference, "1.0", unit="gram"))
        # A site has its own difference, which says nothing of the whole, nor of anything else.
        + finding("of-site", "s", thing="site", more=numbers(difference, *interval, "gram"))
        + finding("of-another", "s", thing="middle", more=numbers(difference, *interval, "gram"))
        # A ratio of 0.8 matters, and so does one of 1 / 0.8 = 1.25; ratios of one kind are read alike. Of 0.8 and 0.9 the latter is the
        # smaller difference: 0.9 and 1 / 0.9 = 1.1111.
        + finding("hazard", "s", more=numbers("hazard-ratio", *interval))
        + finding("ratio-of-site", "s", thing="site", more=numbers("risk-ratio", *interval))
        # Nobody published any for the middle: a quarter, or two tenths of a standard deviation.
        + finding("odds-of-another", "s", thing="middle", more=numbers("odds-ratio", *interval))
        + finding("standardised", "s", more=numbers("standardised-mean-difference", *interval))
        + finding("correlated", "s", more=numbers("correlation-coefficient", *interval))
        # What was computed has its own measure and unit.
        + finding("words", "s")
        + computed("words--md", "words", difference, *interval, "milligram")
        + finding("words-of-another", "s", thing="middle")
        + computed("words--rr", "words-of-another", "risk-ratio", *interval)
    )
    assert without_kinds(derive(engine, facts, UNIMPORTANT)) == [
        ("gram", "-5", "5", ""),
        ("hazard", "0.8", "1.25", ""),
        ("kilogram", "-0.005", "0.005", ""),
        ("milligram", "-5000", "5000", ""),
        ("odds-of-another", "0.75", "1.25", "default"),
        ("of-site", "-2", "2", ""),
        ("ratio-of-site", "0.9", "1.1111", ""),
        ("same-scale", "-3", "3", ""),
        ("standardised", "-0.2", "0.2", "default"),
        ("words--md", "-5000", "5000", ""),
        ("words--rr", "0.75", "1.25", "default"),
    ]


#: Finding: its direction, what else it says, and what it shows, by what, and on which side. A difference of 5 g matters.
READINGS = {
    # An interval that leaves out none shows an effect, were it as small as one that does not matter.
    "left-out": ("increases", numbers("mean-difference", "8", "2", "14", "gram"), "shows", "interval", "1"),
    "left-out-below": ("decreases", numbers("mean-difference", "-8", "-14", "-2", "gram"), "shows", "interval", "-1"),
    "left-out-and-small": ("increases", numbers("mean-difference", "3", "1", "4.5", "gram"), "shows", "interval", "1"),
    # One that lies wholly inside what does not matter leaves out an important effect; one that reaches it does not.
    "inside": ("no-effect", numbers("mean-difference", "1", "-2", "4", "gram"), "excludes", "interval", "1"),
    "inside-though-said": ("decreases", numbers("mean-difference", "-1", "-4", "2", "gram"), "excludes", "interval", "-1"),
    "to-the-edge": ("no-effect", numbers("mean-difference", "1", "-2", "5", "gram"), "open", "interval", "1"),
    "both-inside": ("no-effect", numbers("mean-difference", "-1", "-8", "3", "gram"), "open", "interval", "-1"),
    "nobody-knows-what-matters": ("no-effect", numbers("mean-difference", "1", "-2", "4", "metre"), "open", "interval", "1"),
    # One that ends at none leaves it in, whatever the report calls it.
    "touching": ("increases", numbers("mean-difference", "4", "0", "8", "gram"), "open", "interval", "1"),
    "touching-below": ("decreases", numbers("mean-difference", "-4", "-8", "0", "gram"), "open", "interval", "-1"),
    "touching-ratio": ("decreases", numbers("risk-ratio", "0.6", "0.4", "1.00"), "open", "interval", "-1"),
    "touching-and-inside": ("negative-association", numbers("hazard-ratio", "0.91", "0.85", "1.00"), "excludes", "interval", "-1"),
    # Of a ratio one is none; by default 0.75 to 1.25 does not matter.
    "ratio-left-out": ("decreases", numbers("risk-ratio", "0.5", "0.3", "0.9"), "shows", "interval", "-1"),
    "ratio-inside": ("no-association", numbers("odds-ratio", "0.9", "0.8", "1.1"), "excludes", "interval", "-1"),
    "ratio-open": ("no-effect", numbers("risk-ratio", "1.1", "0.6", "1.9"), "open", "interval", "1"),
    "ratio-of-one": ("no-effect", numbers("risk-ratio", "1.0", "0.6", "1.7"), "open", "interval", ""),
    # Direction said against number: the report's own stands for the side, and shapes tell of it; "none" has no side of its own.
    "against-its-number": ("decreases", numbers("mean-difference", "8", "2", "14", "gram"), "shows", "interval", "-1"),
    "said-without-showing": ("increases", numbers("mean-difference", "-1", "-8", "3", "gram"), "open", "interval", "1"),
    "none-against-its-number": ("no-effect", numbers("mean-difference", "-8", "-14", "-2", "gram"), "shows", "interval", "-1"),
    # On an inverse scale a larger number is less.
    "inverse-inside": ("no-effect", numbers("mean-difference", "1", "-2", "4", "gram") + INVERSE, "excludes", "interval", "-1"),
    "inverse-left-out": ("no-effect", numbers("mean-difference", "8", "2", "14", "gram") + INVERSE, "shows", "interval", "-1"),
    "inverse-ratio": ("negative-association", numbers("hazard-ratio", "1.5", "1.1", "2.1") + INVERSE, "shows", "interval", "-1"),
    # What one arm was before and after compares nothing, and a measure without a number for none has no side.
    "within-arm": ("increases", numbers("change-within-the-arm", "8", "2", "14", "gram"), "shows", "words", "1"),
    "within-arm-none": ("no-effect", numbers("change-within-the-arm", "8", "2", "14", "gram"), "open", "words", ""),
    "within-arm-p": ("increases", numbers("change-within-the-arm", "8", "2", "14", "gram", p="0.3"), "open", "p-value", "1"),
    "incidence": ("negative-association", numbers("incidence", "3.2", "1.2", "6.9"), "shows", "words", "-1"),
    # The interval goes before the p-value, but for an end that is printed as none: rounding hides on which side of it that lies.
    "interval-and-p": ("increases", numbers("mean-difference", "4", "-1", "9", "gram", p="0.04"), "open", "interval", "1"),
    "touching-and-p": ("increases", numbers("mean-difference", "4", "0", "8", "gram", p="0.04"), "shows", "p-value", "1"),
    "touching-ratio-and-p": ("negative-association", numbers("hazard-ratio", "0.9", "0.8", "1.0", p="0.04"), "shows", "p-value", "-1"),
    "touching-and-p-large": ("increases", numbers("mean-difference", "4", "0", "8", "gram", p="0.05"), "open", "interval", "1"),
    "touching-and-p-bounded": (
        "increases",
        numbers("mean-difference", "4", "0", "8", "gram", p="0.05", relation="less"),
        "open",
        "interval",
        "1",
    ),
    "touching-and-p-none": ("no-effect", numbers("mean-difference", "4", "0", "8", "gram", p="0.04"), "open", "interval", "1"),
    # The effect of one unit more leaves nothing out: by how many units people differ is not said.
    "slope": ("no-association", numbers("hazard-ratio", "0.99", "0.97", "1.01") + '; k2g:contrast "Per 10 ug/d"', "open", "interval", "-1"),
    "slope-left-out": (
        "negative-association",
        numbers("hazard-ratio", "0.98", "0.97", "0.99") + '; k2g:contrast "per SD"',
        "shows",
        "interval",
        "-1",
    ),
    "no-slope": (
        "no-association",
        numbers("hazard-ratio", "0.99", "0.9", "1.1") + '; k2g:contrast "persons of the upper half"',
        "excludes",
        "interval",
        "-1",
    ),
    # A p-value below 0.05 shows it; 0.05 itself does not. It never leaves anything out.
    "p-small": ("increases", numbers("", p="0.049"), "shows", "p-value", "1"),
    "p-at-the-level": ("increases", numbers("", p="0.05"), "open", "p-value", "1"),
    "p-large": ("decreases", numbers("", p="0.99"), "open", "p-value", "-1"),
    "p-large-none": ("no-effect", numbers("mean-difference", "-0.01", unit="gram", p="0.99"), "open", "p-value", "-1"),
    "p-small-none": ("no-effect", numbers("", p="0.001"), "open", "p-value", ""),
    # A bound tells where it lies on the right side of the level; else words are left.
    "p-below-the-level": ("increases", numbers("", p="0.05", relation="less"), "shows", "p-value", "1"),
    "p-at-most-the-level": ("increases", numbers("", p="0.05", relation="at-most"), "shows", "p-value", "1"),
    "p-below-more": ("increases", numbers("", p="0.10", relation="less"), "shows", "words", "1"),
    "p-below-more-none": ("no-effect", numbers("", p="0.10", relation="less"), "open", "words", ""),
    "p-above-the-level": ("increases", numbers("", p="0.05", relation="greater"), "open", "p-value", "1"),
    "p-at-least-the-level": ("decreases", numbers("", p="0.05", relation="at-least"), "open", "p-value", "-1"),
    "p-above-less": ("increases", numbers("", p="0.01", relation="greater"), "shows", "words", "1"),
    # Words alone.
    "words": ("decreases", "", "shows", "words", "-1"),
    "words-seen": ("positive-association", "", "shows", "words", "1"),
    "words-none": ("no-effect", "", "open", "words", ""),
    "words-and-value": ("no-effect", numbers("risk-ratio", "3.0"), "open", "words", "1"),
    # Two things at once have no side, whatever their number.
    "mixed": ("mixed", "", "mixed", "words", ""),
    "mixed-with-interval": ("mixed", numbers("mean-difference", "8", "2", "14", "gram", p="0.01"), "mixed", "words", ""),
    # What somebody computed stands in where the report gives no interval, and only there; the arms' numbers before the words.
    "computed-left-out": ("no-effect", "", "shows", "computed", "1"),
    "computed-inside": ("decreases", numbers("", p="0.2"), "excludes", "computed", "-1"),
    "computed-open": ("no-effect", "", "open", "computed", "-1"),
    "computed-open-inverse": ("no-effect", INVERSE, "open", "computed", "1"),
    "computed-beside": ("no-effect", numbers("mean-difference", "1", "-2", "4", "gram"), "excludes", "interval", "1"),
    "computed-twice": ("increases", "", "open", "computed", "1"),
}
COMPUTED = (
    computed("left-out", "computed-left-out", "mean-difference", "8", "2", "14", "gram")
    + computed("inside", "computed-inside", "mean-difference", "-1", "-4", "2", "gram")
    + computed("open", "computed-open", "mean-difference", "-1", "-8", "3", "gram")
    + computed("open-inverse", "computed-open-inverse", "mean-difference", "-1", "-8", "3", "gram")
    + computed("beside", "computed-beside", "mean-difference", "8", "2", "14", "gram")
    # Of two the first by its address: the ratio, which is open.
    + computed("twice-a", "computed-twice", "ratio-of-means", "1.2", "0.9", "1.6")
    + computed("twice-b", "computed-twice", "mean-difference", "8", "2", "14", "gram")
)


def test_a_finding_shows_what_its_interval_its_p_value_or_its_words_say(engine: Engine) -> None:
    asked = """SELECT ?f ?reading ?ground ?side WHERE { ?f k2g:reading ?reading ; k2g:readFrom ?ground OPTIONAL { ?f k2g:side ?side } }"""
    facts = matters("d", "outcome", "mean-difference", "5", "gram") + study("s", "meta-analysis") + COMPUTED
    facts += "".join(finding(name, "s", direction, more=more) for name, (direction, more, *_) in READINGS.items())
    found = {name: tuple(rest) for name, *rest in without_kinds(derive(engine, facts, asked))}
    assert found == {name: tuple(rest) for name, (_, _, *rest) in READINGS.items()}


def test_rules_are_numbered_from_one_without_a_gap() -> None:
    """Two of one number would run in the order of their names, which says nothing of what needs what."""
    rules = read_rules()
    assert [int(rule.path.stem.partition("-")[0]) for rule in rules] == list(range(1, len(rules) + 1))


def test_the_level_of_significance_is_read_from_the_ontology() -> None:
    facts = study("s", "meta-analysis") + finding("f", "s", more=numbers("", p="0.03"))
    asked = "SELECT ?reading WHERE { ?f k2g:reading ?reading }"
    changed = resources.ONTOLOGY.read_bytes().replace(b"k2g:significantBelow 0.05", b"k2g:significantBelow 0.01")
    stricter = Store()
    stricter.load(changed, format=RdfFormat.TURTLE)
    stricter.load((PREFIXES + ENTITIES + facts).encode(), format=RdfFormat.TURTLE)
    apply_rules(stricter, read_rules())
    assert derive(on_pyoxigraph, facts, asked) == [("reading-shows",)]
    assert derive(lambda *_: {quad.triple for quad in stricter}, facts, asked) == [("reading-open",)]


LEANS = """SELECT ?f ?claim ?stance ?leans WHERE { ?b k2g:finding ?f ; k2g:claim ?claim ; k2g:stance ?stance
  OPTIONAL { ?b k2g:leans ?leans } }"""


def test_what_leaves_a_claim_open_leans_to_where_its_estimate_lies(engine: Engine) -> None:
    risk = functools.partial(numbers, "risk-ratio")
    facts = (
        claim("more")
        + claim("less", direction="decreases")
        + single_trial("shows", "increases", more=risk("2.0", "1.5", "2.6"))
        + single_trial("open-above", "no-effect", more=risk("1.3", "0.6", "2.8"))
        + single_trial("open-below", "no-effect", more=risk("0.8", "0.4", "1.6"))
        + single_trial("no-side", "no-effect")
        + single_trial("left-out", "no-effect", more=risk("0.95", "0.85", "1.06"))
        + single_trial("two", "mixed", more=risk("2.0", "1.5", "2.6"))
    )
    assert without_kinds(derive(engine, facts, LEANS)) == [
        ("left-out", "less", "excludes", "1"),
        ("left-out", "more", "excludes", "-1"),
        ("no-side", "less", "open", ""),
        ("no-side", "more", "open", ""),
        ("open-above", "less", "open", "-1"),
        ("open-above", "more", "open", "1"),
        ("open-below", "less", "open", "1"),
        ("open-below", "more", "open", "-1"),
        ("shows", "less", "contradicts", "-1"),
        ("shows", "more", "supports", "1"),
        ("two", "less", "mixed", ""),
        ("two", "more", "mixed", ""),
    ]
    # A marker that falls as the active state rises: less of the one leans to more of the other.
    marked = claim("active-rises", "n", "active")
    marked += single_trial("marker", "no-effect", thing="marker", more=numbers("mean-difference", "-3", "-9", "2"))
    assert without_kinds(derive(engine, marked, LEANS)) == [("marker", "active-rises", "open", "1")]


# Concern, and who speaks for whom


def test_work_of_concern_decides_nothing_and_what_was_reckoned_anew_does(engine: Engine) -> None:
    gone = study("gone", more=RETRACTED)
    facts = (
        claim("c")
        + gone
        + study("doubted", more="; k2g:retraction k2g:retraction-concern")
        + trial("doubted")
        + finding("doubted", "doubted", "decreases")
        # A synthesis that pooled what was retracted: its first result, one that is said to be without it, and two of which nobody says so.
        + synthesis("first", 5, 2010, of="; k2g:pools study:gone")
        + synthesis("anew", 4, 2012, of="; k2g:pools study:gone", more="; k2g:holdsRetracted k2g:answer-no")
        + synthesis("unclear", 5, 2014, of="; k2g:pools study:gone", more="; k2g:holdsRetracted k2g:answer-unclear")
        # Nobody named its members, but it is said to hold retracted ones; and one that names only what stands.
        + synthesis("unnamed", 6, 2016, more="; k2g:holdsRetracted k2g:answer-yes")
        + synthesis("clean", 3, 2008, of="; k2g:pools study:doubted")
    )
    assert [row for row in derive(engine, facts, REASON) if row[2] == "reason-concern"] == [
        ("doubted", "c", "reason-concern"),
        ("first", "c", "reason-concern"),
        ("unclear", "c", "reason-concern"),
        ("unnamed", "c", "reason-concern"),
    ]
    # Of the two left the one that searched last speaks, with the four that it pooled.
    assert standing_of(engine, facts) == ("human-trials", "consistent", "4")
    # Alone, work of concern leaves a claim untested.
    alone = claim("c") + single_trial("doubted", of="; k2g:retraction k2g:retraction-concern")
    assert standing_of(engine, alone) == ("nothing", "untested", "0")


def speaking(engine: Engine, facts: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Which finding speaks for how many until when, and which is silent for which reason."""
    asked = "SELECT ?f ?n ?until WHERE { ?b k2g:finding ?f ; k2g:speaksFor ?n . ?f k2g:pooledUntil ?until }"
    silent = [(name, reason) for name, _, reason in without_kinds(derive(engine, facts, REASON))]
    return derive(engine, facts, asked), silent


def test_a_synthesis_that_does_not_say_how_many_it_pooled_counts_only_where_no_study_of_its_tier_does(engine: Engine) -> None:
    pooled = (
        study("pool-1", "meta-analysis") + finding("pool-1", "pool-1") + study("pool-2", "systematic-review") + finding("pool-2", "pool-2")
    )
    # Two syntheses of what may be the same trials are one voice.
    assert standing_of(engine, claim("c") + pooled) == ("human-trials", "single", "1")
    # Beside a trial, which they may contain, they are listed and not counted.
    beside = claim("c") + pooled + single_trial("trial", "no-effect")
    assert standing_of(engine, beside) == ("human-trials", "not-shown", "1")
    assert derive(engine, beside, REASON) == [("pool-1", "c", "reason-synthesis"), ("pool-2", "c", "reason-synthesis")]
    # A retracted trial does not keep them silent; a cohort is of another tier.
    retracted = single_trial("trial", "no-effect", of="; k2g:retraction k2g:retraction-retracted")
    cohort = study("cohort", "prospective-cohort") + finding("cohort", "cohort", "no-association")
    assert standing_of(engine, claim("c") + pooled + retracted + cohort) == ("human-trials", "single", "1")


def test_one_small_trial_does_not_silence_a_synthesis_of_forty(engine: Engine) -> None:
    facts = claim("c") + synthesis("forty", 40, 2015) + single_trial("small", "no-effect", of="; k2g:year 2005")
    # Nobody says until when it searched: until the year before its own.
    assert speaking(engine, facts) == ([("forty", "40", "2014")], [("small", "pooled")])
    assert standing_of(engine, facts) == ("human-trials", "consistent", "40")
    # What reported in the year in which a search ended is taken to be in it, what came later speaks beside it: 40 of 41 show it.
    searched = claim("c") + synthesis("forty", 40, 2015, of='; k2g:searchedUntil "2013-05"')
    years = "".join(single_trial(f"of-{year}", "no-effect", of=f"; k2g:year {year}") for year in (2012, 2013, 2014))
    assert speaking(engine, searched + years) == ([("forty", "40", "2013")], [("of-2012", "pooled"), ("of-2013", "pooled")])
    assert standing_of(engine, searched + years) == ("human-trials", "consistent", "41")
    # A study that it names is in it, whenever it reported; so is a trial whose first paper was there.
    named = searched + single_trial("ahead", "no-effect", of="; k2g:year 2016") + "study:forty k2g:pools study:ahead .\n"
    assert speaking(engine, named)[1] == [("ahead", "pooled")]
    papers = study("long") + trial("long") + report("early", "; k2g:year 2010") + report("late", "; k2g:year 2018")
    papers += finding("early", "long", "no-effect", paper="early") + finding("late", "long", "no-effect", paper="late")
    assert speaking(engine, searched + papers)[1] == [("early", "pooled"), ("late", "pooled")]


def test_a_synthesis_silences_only_what_it_may_have_pooled(engine: Engine) -> None:
    old = "; k2g:year 2001"
    # It names two and pooled two: what it does not name it left out.
    named = claim("c") + synthesis("two", 2, 2015, of="; k2g:pools study:in , study:elsewhere")
    trials = single_trial("in", "no-effect", of=old) + single_trial("out", "no-effect", of=old)
    assert speaking(engine, named + single_trial("in", "no-effect", of=old)) == ([("two", "2", "2014")], [("in", "pooled")])
    assert speaking(engine, named + trials) == ([], [("two", "synthesis")])
    three = claim("c") + synthesis("three", 3, 2015, of="; k2g:pools study:in , study:elsewhere , study:third")
    assert speaking(engine, three + trials) == ([("three", "3", "2014")], [("in", "pooled")])
    # One that does not print how many it pooled may have pooled more than it names.
    untold = study("untold", "meta-analysis", "; k2g:year 2015 ; k2g:pools study:in") + finding(
        "untold", "untold", more=numbers("risk-ratio", "2.0", "1.5", "2.6")
    )
    assert speaking(engine, claim("c") + untold + single_trial("out", "no-effect", of=old)) == (
        [("untold", "1", "2014")],
        [("out", "pooled")],
    )
    # Of a narrower outcome, or of one form, it cannot have pooled what is of the whole.
    narrow = study("narrow", "meta-analysis", "; k2g:year 2015") + finding(
        "narrow", "narrow", thing="site", subject="n1", more=f"{numbers('risk-ratio', '2.0', '1.5', '2.6')} ; k2g:studiesPooled 9"
    )
    beside = single_trial("same", of=old, subject="n1", thing="site") + single_trial("whole", of=old, subject="n1")
    beside += single_trial("other-form", of=old, subject="n2", thing="site")
    assert speaking(engine, claim("c") + narrow + beside) == ([("narrow", "9", "2014")], [("same", "pooled")])
    # Of the sick it cannot have pooled what is of the well; of all adults it may have pooled the sick.
    groups = (
        'entity:sick a k2g:Entity , k2g:Population ; rdfs:label "the sick" . entity:very-sick a k2g:Entity , k2g:Population ;'
        ' rdfs:label "the very sick" ; k2g:narrowerThan entity:sick . entity:old a k2g:Entity , k2g:Population ; rdfs:label "the old" .'
        ' entity:adults a k2g:Entity , k2g:Population ; rdfs:label "adults" ; k2g:isGeneralGroup k2g:answer-yes .\n'
    )
    of = "; k2g:participants entity:{}"
    people = "".join(single_trial(name, of=of.format(name) + f" {old}") for name in ("sick", "very-sick", "old", "adults"))
    of_sick = synthesis("pool", 9, 2015, of=of.format("sick"))
    assert speaking(engine, claim("c") + groups + people + of_sick)[1] == [("sick", "pooled"), ("very-sick", "pooled")]
    of_all = synthesis("pool", 9, 2015, of=of.format("adults"))
    assert [name for name, _ in speaking(engine, claim("c") + groups + people + of_all)[1]] == ["adults", "old", "sick", "very-sick"]


def test_a_synthesis_of_a_special_group_does_not_speak_before_one_of_people_in_general(engine: Engine) -> None:
    groups = (
        'entity:sick a k2g:Population ; rdfs:label "sick" ; k2g:isGeneralGroup k2g:answer-no . '
        'entity:adults a k2g:Population ; rdfs:label "adults" ; k2g:isGeneralGroup k2g:answer-yes . '
    )
    few = synthesis("few", 6, 2023, of="; k2g:participants entity:sick")
    for people in ("; k2g:participants entity:adults", ""):
        many = synthesis("many", 49, 2018, of=people)
        assert speaking(engine, claim("c") + groups + few + many)[0] == [("many", "49", "2017")]
    # By itself it speaks, and of two of special groups the one that searched last.
    assert speaking(engine, claim("c") + groups + few)[0] == [("few", "6", "2022")]
    older = synthesis("older", 49, 2018, of="; k2g:participants entity:sick")
    assert speaking(engine, claim("c") + groups + few + older)[0] == [("few", "6", "2022")]


def test_a_synthesis_of_a_narrower_outcome_does_not_speak_before_one_of_the_outcome_itself(engine: Engine) -> None:
    numbered = numbers("risk-ratio", "2.0", "1.5", "2.6") + " ; k2g:studiesPooled 6"
    site = study("site", "meta-analysis", "; k2g:year 2023") + finding("site", "site", thing="site", more=numbered)
    assert speaking(engine, claim("c") + site + synthesis("whole", 49, 2018))[0] == [("whole", "49", "2017")]
    assert speaking(engine, claim("c") + site)[0] == [("site", "6", "2022")]


def test_a_synthesis_speaks_where_it_pooled_more_than_the_graph_holds_singly(engine: Engine) -> None:
    trials = single_trial("t1", "no-effect", of="; k2g:year 2001") + single_trial("t2", "no-effect", of="; k2g:year 2002")
    # Two studies, and two pooled: its members speak.
    assert speaking(engine, claim("c") + trials + synthesis("two", 2, 2015)) == ([], [("two", "synthesis")])
    assert speaking(engine, claim("c") + trials + synthesis("three", 3, 2015)) == (
        [("three", "3", "2014")],
        [("t1", "pooled"), ("t2", "pooled")],
    )
    # What does not count is not held: a retracted trial. And one study is one study, pooled or not.
    retracted = trials + single_trial("t3", of="; k2g:year 2003 ; k2g:retraction k2g:retraction-retracted")
    assert speaking(engine, claim("c") + retracted + synthesis("three", 3, 2015))[0] == [("three", "3", "2014")]
    assert speaking(engine, claim("c") + synthesis("one", 1, 2015)) == ([], [])
    # Another tier is another matter: a cohort is heard beside it, and in its own tier.
    cohort = study("cohort", "prospective-cohort", "; k2g:year 2001") + finding("cohort", "cohort", "negative-association")
    assert speaking(engine, claim("c") + trials + cohort + synthesis("three", 3, 2015))[1] == [("t1", "pooled"), ("t2", "pooled")]
    # Held is what it may have pooled: not what came after its search.
    later = single_trial("t3", "no-effect", of="; k2g:year 2016")
    assert speaking(engine, claim("c") + trials + later + synthesis("three", 3, 2015))[0] == [("three", "3", "2014")]
    # One that prints a pooled interval and not of how many has pooled two at least, and speaks as one.
    untold = study("untold", "meta-analysis", "; k2g:year 2015") + finding(
        "untold", "untold", more=numbers("risk-ratio", "2.0", "1.5", "2.6")
    )
    one = single_trial("t1", "no-effect", of="; k2g:year 2001")
    assert speaking(engine, claim("c") + one + untold) == ([("untold", "1", "2014")], [("t1", "pooled")])
    assert speaking(engine, claim("c") + trials + untold) == ([], [("untold", "synthesis")])
    # One that prints how many it pooled speaks before it, though that searched earlier; but not through a part of what it found.
    known = synthesis("known", 3, 2010)
    assert speaking(engine, claim("c") + trials + known + untold)[0] == [("known", "3", "2009")]
    # A later one has pooled at least as many as an earlier one of the same question tells.
    known_part = synthesis("known", 3, 2010, more="; k2g:analysis k2g:analysis-sensitivity")
    assert speaking(engine, claim("c") + trials + known_part + untold)[0] == [("untold", "1", "2014")]
    # Not through a part, where its main result is told without an interval.
    part = "; k2g:studiesPooled 9 ; k2g:analysis k2g:analysis-subgroup"
    both = study("both", "meta-analysis", "; k2g:year 2015") + finding("main", "both", "no-effect")
    both += finding("part", "both", more=numbers("risk-ratio", "2.0", "1.5", "2.6") + part)
    assert speaking(engine, claim("c") + both)[0] == []
    assert standing_of(engine, claim("c") + both) == ("human-trials", "not-shown", "1")
    # Without an interval, or of concern, it does not speak.
    vague = study("vague", "meta-analysis", "; k2g:year 2015") + finding("vague", "vague", more="; k2g:studiesPooled 9")
    assert speaking(engine, claim("c") + trials + vague) == ([], [("vague", "synthesis")])
    doubted = synthesis("doubted", 9, 2015, of="; k2g:retraction k2g:retraction-concern")
    assert speaking(engine, claim("c") + trials + doubted) == ([], [("doubted", "concern"), ("doubted", "synthesis")])


def test_of_several_syntheses_the_newest_search_speaks_then_the_largest(engine: Engine) -> None:
    older, newer = synthesis("older", 60, 2012), synthesis("newer", 20, 2018, "no-effect")
    assert speaking(engine, claim("c") + older + newer) == ([("newer", "20", "2017")], [("older", "synthesis")])
    assert standing_of(engine, claim("c") + older + newer) == ("human-trials", "not-shown", "20")
    # It is the search that is newer, not the paper.
    late = synthesis("late", 60, 2020, of='; k2g:searchedUntil "2011"')
    assert speaking(engine, claim("c") + late + newer)[0] == [("newer", "20", "2017")]
    alike = synthesis("small", 9, 2018) + synthesis("large", 10, 2018)
    assert speaking(engine, claim("c") + alike) == ([("large", "10", "2017")], [("small", "synthesis")])


def test_one_investigation_has_one_vote_and_its_weightiest_finding_speaks(engine: Engine) -> None:
    role = "; k2g:endpointRole k2g:endpoint-{}"
    facts = (
        claim("c")
        + study("one-trial")
        + trial("one-trial")
        + report("paper-1")
        + report("paper-2")
        + finding("primary", "one-trial", "no-effect", more=role.format("primary"), paper="paper-1")
        + finding("secondary", "one-trial", "increases", more=role.format("secondary"), paper="paper-1")
        + finding("unsaid", "one-trial", "increases", paper="paper-2")
        + finding("hunted", "one-trial", "increases", more=role.format("post-hoc"), paper="paper-2")
        + finding("men-only", "one-trial", more=role.format("primary") + " ; k2g:analysis k2g:analysis-subgroup", paper="paper-2")
    )
    # Five findings in two papers of one trial: the primary endpoint in all participants speaks, and it leaves the claim open.
    assert standing_of(engine, facts) == ("human-trials", "not-shown", "1")
    assert [row[0] for row in derive(engine, facts, REASON)] == ["hunted", "men-only", "secondary", "unsaid"]


VOTES = """SELECT ?i ?n ?s ?o ?x ?c ?for ?against WHERE { ?v a k2g:Vote ; k2g:investigation ?i ; k2g:votes ?n ; k2g:supportWeight ?s ;
  k2g:openWeight ?o ; k2g:excludeWeight ?x ; k2g:contradictWeight ?c ; k2g:onProposedSide ?for ; k2g:onOtherSide ?against }"""


def test_an_investigation_that_says_several_things_counts_a_part_for_each(engine: Engine) -> None:
    risk = functools.partial(numbers, "risk-ratio")
    left_out = risk("1.02", "0.9", "1.15")
    facts = (
        claim("c")
        + single_trial("shows")
        + single_trial("open", "no-effect", more=risk("1.3", "0.6", "2.8"))
        + single_trial("left-out", "no-effect", more=risk("0.98", "0.9", "1.08"))
        + single_trial("opposite", "decreases")
        + single_trial("mixed", "mixed")
        + single_trial("two")
        + finding("two-b", "two", "no-effect", more=risk("0.8", "0.4", "1.6"))
        + single_trial("three")
        + finding("three-b", "three", "no-effect")
        + finding("three-c", "three", "decreases")
        + single_trial("four")
        + finding("four-b", "four", "no-effect")
        + finding("four-c", "four", "decreases")
        + finding("four-d", "four", "no-effect", more=left_out)
        # Twice the same is one thing.
        + single_trial("again")
        + finding("again-b", "again")
    )
    # Sides where all that tell one agree: of `two`, one lies above and one below; of `mixed`, no side is known.
    assert derive(engine, facts, VOTES) == [
        ("again", "1", "1", "0", "0", "0", "1", "0"),
        ("four", "1", "0.25", "0.25", "0.25", "0.25", "0", "0"),
        ("left-out", "1", "0", "0", "1", "0", "0", "1"),
        ("mixed", "1", "0.5", "0.5", "0", "0", "0", "0"),
        ("open", "1", "0", "1", "0", "0", "1", "0"),
        ("opposite", "1", "0", "0", "0", "1", "0", "1"),
        ("shows", "1", "1", "0", "0", "0", "1", "0"),
        ("three", "1", "0.3333", "0.3333", "0", "0.3333", "0", "0"),
        ("two", "1", "0.5", "0.5", "0", "0", "0", "0"),
    ]


def test_a_synthesis_that_speaks_has_as_many_votes_as_it_pooled_and_tells_no_side_of_each(engine: Engine) -> None:
    facts = claim("c") + synthesis("forty", 40, 2015) + single_trial("later", "decreases", of="; k2g:year 2018")
    assert derive(engine, facts, VOTES) == [
        ("later", "1", "0", "0", "0", "1", "0", "1"),
        ("syntheses", "40", "40", "0", "0", "0", "0", "0"),
    ]
    # One that does not speak, and counts since nothing else does, is one vote with its side.
    alone = claim("c") + study("review", "systematic-review") + finding("review", "review")
    assert derive(engine, alone, VOTES) == [("syntheses", "1", "1", "0", "0", "0", "1", "0")]


#: Votes by letters: s shows it; f, a, o leave it open and lie on the proposed side, on the other, on none that is known; x leaves out an
#: important effect and y does so on the proposed side; c shows the opposite; h says two things, of which one shows it.
WEIGHTS = {
    "s": "1.0 0.0 0.0 0.0 1.0 0.0", "f": "0.0 1.0 0.0 0.0 1.0 0.0", "a": "0.0 1.0 0.0 0.0 0.0 1.0", "o": "0.0 1.0 0.0 0.0 0.0 0.0",
    "x": "0.0 0.0 1.0 0.0 0.0 0.0", "y": "0.0 0.0 1.0 0.0 1.0 0.0", "c": "0.0 0.0 0.0 1.0 0.0 1.0", "h": "0.5 0.5 0.0 0.0 0.0 0.0",
}  # fmt: skip
NAMES = ("supportWeight", "openWeight", "excludeWeight", "contradictWeight", "onProposedSide", "onOtherSide")


def vote(name: str, of: str, weights: str, votes: int = 1, tier: str = "human-trials") -> str:
    """A vote as the rule `vote` writes it."""
    weighed = " ; ".join(f"k2g:{each} {weight}" for each, weight in zip(NAMES, weights.split(), strict=True))
    return f"vote:{name} a k2g:Vote ; k2g:claim claim:{of} ; k2g:tier k2g:tier-{tier} ; k2g:votes {votes} ; {weighed} .\n"


RESULTS = {
    # Three quarters show it.
    "s": "single", "ss": "consistent", "ssso": "consistent", "sssc": "consistent", 6 * "s" + "oo": "consistent",
    # More than a quarter and less than three.
    "sso": "contested", "soo": "contested", "sc": "contested", "sx": "contested", "h": "contested", "ssoc": "contested",
    # At most a quarter, and three quarters leave out an important effect.
    "x": "no-important-effect", "xxxo": "no-important-effect", "sxxx": "no-important-effect", "xxxc": "no-important-effect",
    # At most a quarter, and most of the rest show the opposite.
    "c": "contrary", "cco": "contrary", "sccc": "contrary", "socc": "contrary", "ccx": "contrary",
    # At most a quarter, otherwise: of two one is no most, and two thirds are no three quarters.
    "o": "not-shown", "sooo": "not-shown", "co": "not-shown", "xxo": "not-shown", "xc": "not-shown", "socx": "not-shown",
    "ho": "not-shown", "sooc": "not-shown",
    # Six of six lie on the proposed side; five of five do not suffice, nor six of eight of which two tell none, nor seven of eight.
    6 * "f": "leaning", 5 * "f": "not-shown", 6 * "f" + "oo": "not-shown", 7 * "f" + "a": "not-shown", 8 * "f" + "a": "leaning",
    # One that shows it has said where it lies.
    "ssssff": "leaning", "s" + 7 * "f" + "a": "leaning", "ssssfo": "contested", 7 * "s" + "oooo": "contested",
    # Where an important effect is left out, it is, on whatever side.
    6 * "y": "no-important-effect",
    # It never lowers what studies show singly: five of six, and 6 of 23 beside 17 on the other side.
    5 * "s" + "f": "consistent", 6 * "s" + 17 * "a": "contested",
    # On the other side as often: contrary, and five are too few here too.
    6 * "a": "contrary", 5 * "a": "not-shown", 6 * "a" + "oo": "not-shown", "s" + 9 * "a": "contrary",
}  # fmt: skip
BY_DIRECTION = {6 * "f", 8 * "f" + "a", "ssssff", "s" + 7 * "f" + "a", 6 * "a", "s" + 9 * "a"}


def test_the_result_follows_from_the_votes(engine: Engine) -> None:
    asked = """SELECT ?claim ?tier ?result ?n ?how WHERE { ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result ;
      k2g:investigations ?n ; k2g:reachedBy ?how }"""
    facts = "".join(
        claim(f"of-{letters}") + "".join(vote(f"{letters}-{place}", f"of-{letters}", WEIGHTS[one]) for place, one in enumerate(letters))
        for letters in RESULTS
    )
    assert without_kinds(derive(engine, facts, asked)) == sorted(
        (f"of-{letters}", "human-trials", result, str(len(letters)), "by-direction" if letters in BY_DIRECTION else "counted")
        for letters, result in RESULTS.items()
    )


def test_votes_of_a_synthesis_weigh_and_label_says_how_many(engine: Engine) -> None:
    asked = "SELECT ?claim ?n ?label WHERE { ?claim k2g:standing ?s . ?s k2g:investigations ?n ; rdfs:label ?label }"
    facts = (
        claim("forty")
        + vote("v1", "forty", "40.0 0.0 0.0 0.0 0.0 0.0", 40)
        + vote("v2", "forty", WEIGHTS["c"])
        # Of forty that leave it open and ten that lie on the proposed side, forty tell none.
        + claim("open")
        + vote("v3", "open", "0.0 40.0 0.0 0.0 0.0 0.0", 40)
        + "".join(vote(f"w{number}", "open", WEIGHTS["f"]) for number in range(10))
        # The highest tier decides.
        + claim("mice")
        + vote("v4", "mice", WEIGHTS["s"], tier="animals")
        + vote("v5", "mice", WEIGHTS["x"])
        # What is background is said to be so first.
        + claim("known")
        + vote("v6", "known", WEIGHTS["s"], tier="cells-and-assays")
        + "anchor:a a k2g:Anchor ; k2g:claim claim:known ; k2g:anchorKind k2g:anchor-reaction .\n"
    )
    assert derive(engine, facts, asked) == [
        ("forty", "41", "consistent in human trials (41)"),
        ("known", "1", "established; single in cells and assays (1)"),
        ("mice", "1", "no important effect in human trials (1)"),
        ("open", "50", "not shown in human trials (50)"),
    ]


@functools.cache
def fewest_on_one_side() -> dict[int, int]:
    """Of 5 to 300, how many at least have to lie on one side for the exact interval of their share to lie above one half."""
    found, fewest = {}, 3
    for m in range(5, 301):
        # The interval rises with the share, so that one more of one more has not to be looked for below.
        while fewest <= m and direction(fewest, m).low <= 0.5:
            fewest += 1
        assert direction(fewest - 1, m).low <= 0.5
        found[m] = fewest
    return found


def test_an_effect_that_is_shown_may_be_smaller_than_what_matters(engine: Engine) -> None:
    # By GRADE's default ratios matter from a quarter on. A slope says nothing of that, and what is not shown is left out, not small.
    facts = (
        study("s")
        + finding("small", "s", more=numbers("risk-ratio", "1.1", "1.05", "1.2"))
        + finding("reaches-it", "s", more=numbers("risk-ratio", "1.2", "1.1", "1.3"))
        + finding("slope", "s", more=numbers("risk-ratio", "1.1", "1.05", "1.2") + ' ; k2g:contrast "per 10 ug"')
        + finding("left-out", "s", "no-effect", more=numbers("risk-ratio", "1.0", "0.9", "1.1"))
    )
    assert without_kinds(derive(engine, facts, "SELECT ?f ?reading WHERE { ?f k2g:isSmall true ; k2g:reading ?reading }")) == [
        ("small", "shows"),
    ]


@pytest.mark.extras
def test_the_sign_test_of_the_rule_agrees_with_the_exact_interval() -> None:
    asked = "SELECT ?claim ?result ?how WHERE { ?claim k2g:standing ?s . ?s k2g:result ?result ; k2g:reachedBy ?how }"
    facts, expected = "", []
    for m, k, beyond in [(m, k, k == fewest) for m, fewest in fewest_on_one_side().items() for k in (fewest - 1, fewest) if k <= m]:
        for side, lie_for, lie_against, result in (("for", k, m - k, "leaning"), ("against", m - k, k, "contrary")):
            name = f"{side}-{k}-of-{m}"
            # As many investigations in one vote, for speed; all leave it open.
            facts += claim(name) + vote(name, name, f"0.0 {m}.0 0.0 0.0 {lie_for}.0 {lie_against}.0", m)
            expected.append((name, result, "by-direction") if beyond else (name, "not-shown", "counted"))
    store = Store()
    store.load(resources.ONTOLOGY.read_bytes(), format=RdfFormat.TURTLE)
    store.load((PREFIXES + facts).encode(), format=RdfFormat.TURTLE)
    apply_rules(store, [rule for rule in read_rules() if rule.name == "standing"])
    assert without_kinds(rows_of(store, asked)) == sorted(expected)
    # No five suffice; else six of six, seven of seven, eight of nine.
    assert {m: fewest for m, fewest in fewest_on_one_side().items() if m < 10} == {5: 6, 6: 6, 7: 7, 8: 8, 9: 8}


# What pools say

POOLED = (
    "SELECT ?claim ?result ?how ?n WHERE { ?claim k2g:standing ?s . ?s k2g:result ?result ; k2g:reachedBy ?how ; k2g:investigations ?n }"
)


def pool(
    name: str, of: str, findings: Iterable[str], interval: tuple[str, str], measure: str = "mean-difference", unit: str = "", more: str = ""
) -> str:
    """A pool as the build makes it before the rule `pool-reading` runs."""
    members = " , ".join(f"finding:{each}" for each in findings)
    trials = len(list(findings))
    return (
        f"pooled:{name} a k2g:PooledEstimate ; k2g:claim claim:{of} ; k2g:finding {members} ; k2g:investigations {trials}"
        f"{numbers(measure, '', *interval, unit)} {more} .\n"
    )


def three(name: str, thing: str = "outcome", more: str = "") -> str:
    """Three trials that leave it open each."""
    return "".join(single_trial(f"{name}{number}", "no-effect", thing=thing, more=more) for number in (1, 2, 3))


def test_a_pool_decides_in_place_of_the_count(engine: Engine) -> None:
    grams = numbers("mean-difference", "1", "-9", "11", "gram")
    facts = matters("d", "outcome", "mean-difference", "5", "gram") + claim("c") + three("t", more=grams)
    cases = {
        ("1", "7"): "consistent",
        ("-7", "-1"): "contrary",
        ("-2", "4"): "no-important-effect",
        ("-2", "5"): "not-shown",
        ("0", "7"): "not-shown",
    }
    found = {
        interval: without_kinds(derive(engine, facts + pool("p", "c", ("t1", "t2", "t3"), interval, unit="gram"), POOLED))
        for interval in cases
    }
    assert found == {interval: [("c", result, "pooled", "3")] for interval, result in cases.items()}
    # It decides over what shows it singly, too.
    shown = claim("c") + "".join(single_trial(f"t{number}", more=numbers("risk-ratio", "2.0", "1.1", "3.6")) for number in (1, 2, 3))
    assert without_kinds(derive(engine, shown, POOLED)) == [("c", "consistent", "counted", "3")]
    assert without_kinds(derive(engine, shown + pool("p", "c", ("t1", "t2", "t3"), ("0.7", "3.0"), "risk-ratio"), POOLED)) == [
        ("c", "not-shown", "pooled", "3")
    ]


def test_a_pool_holds_what_matters_in_its_own_measure_and_unit(engine: Engine) -> None:
    kilograms = numbers("mean-difference", "1", "-9", "11", "kilogram")
    facts = matters("d", "outcome", "mean-difference", "5", "kilogram") + claim("c") + three("t", more=kilograms)
    trials = ("t1", "t2", "t3")
    # Five kilograms matter: a pool of -3 to 8 kg holds them, one of -3 to 4 does not; in micrograms, a thousand million times as much.
    cases = {
        ("-3", "8", "kilogram"): "not-shown",
        ("-3", "4", "kilogram"): "no-important-effect",
        ("-3000000000", "4000000000", "microgram"): "no-important-effect",
        ("-3000000000", "8000000000", "microgram"): "not-shown",
    }
    found = {case: derive(engine, facts + pool("p", "c", trials, case[:2], unit=case[2]), POOLED) for case in cases}
    assert {case: without_kinds(rows) for case, rows in found.items()} == {
        case: [("c", result, "pooled", "3")] for case, result in cases.items()
    }
    # Trials that gave differences, pooled as ratios of means that were computed: by a quarter, and by no number of kilograms.
    ratios = "".join(computed(f"t{number}--rom", f"t{number}", "ratio-of-means", "1.1", "0.6", "2.0") for number in (1, 2, 3))
    by_ratio = {("0.7", "1.3"): "not-shown", ("0.8", "1.2"): "no-important-effect"}
    found_by_ratio = {
        interval: derive(engine, facts + ratios + pool("p", "c", trials, interval, "ratio-of-means"), POOLED) for interval in by_ratio
    }
    assert {interval: without_kinds(rows) for interval, rows in found_by_ratio.items()} == {
        interval: [("c", result, "pooled", "3")] for interval, result in by_ratio.items()
    }


def test_a_pool_speaks_where_it_holds_half_of_the_investigations(engine: Engine) -> None:
    facts = claim("c") + three("t", more=numbers("mean-difference", "1", "-9", "11"))
    decided = facts + pool("p", "c", ("t1", "t2", "t3"), ("1", "7"))
    others = [single_trial(f"o{number}", "no-effect") for number in range(4)]
    assert without_kinds(derive(engine, decided + "".join(others[:3]), POOLED)) == [("c", "consistent", "pooled", "6")]
    assert without_kinds(derive(engine, decided + "".join(others), POOLED)) == [("c", "not-shown", "counted", "7")]
    # A synthesis that speaks for forty is forty.
    forty = synthesis("forty", 40, 2001) + "".join(f"report:t{number} k2g:year 2010 .\n" for number in (1, 2, 3))
    assert without_kinds(derive(engine, decided + forty, POOLED)) == [("c", "consistent", "counted", "43")]
    # Nor does one whose interval is narrower than its trials allow.
    narrow = facts + pool("p", "c", ("t1", "t2", "t3"), ("1", "7"), more="; k2g:isNarrow true")
    assert without_kinds(derive(engine, narrow, POOLED)) == [("c", "not-shown", "counted", "3")]


def test_the_side_of_a_pool_is_that_of_its_trials(engine: Engine) -> None:
    fall, trials = numbers("mean-difference", "-3", "-9", "2"), ("t1", "t2", "t3")
    # The marker falls, so that the active state rises; on an inverse scale a larger number is less of the marker.
    for more, interval in (("", ("-7", "-1")), (INVERSE, ("1", "7"))):
        facts = claim("active", "n", "active") + claim("marker", "n", "marker") + three("t", "marker", fall + more)
        pools = pool("p", "active", trials, interval, more=more) + pool("q", "marker", trials, interval, more=more)
        assert without_kinds(derive(engine, facts + pools, POOLED)) == [
            ("active", "consistent", "pooled", "3"),
            ("marker", "contrary", "pooled", "3"),
        ]


def test_of_several_pools_that_with_most_trials_speaks(engine: Engine) -> None:
    facts = (
        claim("c")
        + three("t", more=numbers("mean-difference", "1", "-9", "11"))
        + three("u", more=numbers("risk-ratio", "1.1", "0.5", "2.4"))
    )
    facts += single_trial("u4", "no-effect", more=numbers("risk-ratio", "1.1", "0.5", "2.4"))
    pools = pool("p", "c", ("t1", "t2", "t3"), ("1", "7")) + pool("q", "c", ("u1", "u2", "u3", "u4"), ("0.3", "0.9"), "risk-ratio")
    # Four of seven say the opposite, three would show it, and are less than half.
    assert without_kinds(derive(engine, facts + pools, POOLED)) == [("c", "contrary", "pooled", "7")]
    said = "SELECT ?pool ?claim ?stance WHERE { ?r a k2g:PoolReading ; k2g:pool ?pool ; k2g:claim ?claim ; k2g:stance ?stance }"
    assert without_kinds(derive(engine, facts + pools, said)) == [("q", "c", "contradicts")]
    # Of six, each half: that of more trials speaks, were it another's name.
    alone = claim("c") + three("t", more=numbers("mean-difference", "1", "-9", "11"))
    both = pool("a", "c", ("t1", "t2", "t3"), ("1", "7")) + pool("z", "c", ("t1", "t2"), ("-7", "-1"))
    assert without_kinds(derive(engine, alone + both, said)) == [("a", "c", "supports")]


def test_thresholds_are_read_from_the_ontology() -> None:
    facts = claim("c") + single_trial("t1") + single_trial("t2") + single_trial("t3", "no-effect")
    stricter = Store()
    stricter.load(resources.ONTOLOGY.read_bytes().replace(b"k2g:supportedFrom 0.75", b"k2g:supportedFrom 0.6"), format=RdfFormat.TURTLE)
    stricter.load((PREFIXES + ENTITIES + facts).encode(), format=RdfFormat.TURTLE)
    apply_rules(stricter, read_rules())
    # Two of three are contested at three quarters and consistent at six tenths.
    assert standing_of(on_pyoxigraph, facts) == ("human-trials", "contested", "3")
    assert standing_of(lambda *_: {quad.triple for quad in stricter}, facts) == ("human-trials", "consistent", "3")


def test_highest_tier_decides_and_best_support_stands_beside(engine: Engine) -> None:
    facts = (
        claim("c")
        + single_trial("open-trial", "no-effect")
        + study("cohort", "prospective-cohort")
        + finding("cohort", "cohort", "positive-association")
        + study("mice", "animal-in-vivo")
        + finding("mice", "mice")
        + claim("silent", "n2")
    )
    best = "SELECT ?claim ?best WHERE { ?claim k2g:standing ?s . ?s k2g:bestSupport ?best }"
    assert derive(engine, facts, best) == [("c", "tier-people-not-randomised")]
    assert standing_of(engine, facts) == ("human-trials", "not-shown", "1")
    # No evidence is its own answer, and never that something was not shown.
    assert standing_of(engine, facts, "silent") == ("nothing", "untested", "0")


STATED = "SELECT ?claim ?how WHERE { ?claim k2g:mayBeStated ?how }"


def test_a_claim_may_be_stated_where_an_effect_in_the_tier_of_its_standing_shows_it(engine: Engine) -> None:
    # A trial shows it, and there is no other claim on the triple.
    shown = claim("shown") + single_trial("effect")
    assert derive(engine, shown, STATED) == [("shown", "statement-plain"), ("shown", "statement-qualified")]
    # Only an association supports it, and only a review's word.
    followed = claim("followed") + study("cohort", "prospective-cohort") + finding("seen", "cohort", "positive-association")
    assert derive(engine, followed, STATED) == []
    assert derive(engine, claim("held") + study("review", "narrative-review") + finding("word", "review"), STATED) == []
    # People were followed, and mice were treated: what the lower tier shows does not show what the higher one supports.
    mice = study("mice", "animal-in-vivo") + finding("treated", "mice")
    assert derive(engine, followed + mice, STATED) == []
    assert derive(engine, claim("c") + mice, STATED) == [("c", "statement-plain"), ("c", "statement-qualified")]
    # The only trial was retracted.
    assert derive(engine, claim("c") + single_trial("gone") + "report:gone k2g:retraction k2g:retraction-retracted .", STATED) == []
    # The claim that trials deny lies on the same triple.
    other = claim("other", direction="decreases") + single_trial("a") + claim("c")
    assert derive(engine, other, STATED) == [("c", "statement-qualified")]


def test_tally_counts_findings_and_counted_investigations(engine: Engine) -> None:
    tally = """SELECT ?level ?stance ?f ?i WHERE { ?t a k2g:Tally ; k2g:evidenceLevel ?level ; k2g:stance ?stance ;
      k2g:findings ?f ; k2g:investigations ?i }"""
    facts = (
        claim("c")
        + single_trial("t1")
        + finding("t1-again", "t1")
        + single_trial("t2")
        + study("combined")
        + trial("combined", alone="no")
        + finding("combined", "combined")
    )
    # Four supporting findings at the level of a trial, from two trials that count and one that does not.
    assert derive(engine, facts, tally) == [("level-human-trial", "stance-supports", "4", "2")]


# What a claim is to the graph, and what follows from that


def anchor(of: str, kind: str) -> str:
    return f"anchor:{of}-{kind} a k2g:Anchor ; k2g:claim claim:{of} ; k2g:anchorKind k2g:anchor-{kind} .\n"


def plan(name: str, given: str, outcome: str, status: str = "registered; no results yet") -> str:
    """A registration that announces an outcome on which no result was read."""
    said = f'; k2g:intervention entity:{given} ; k2g:plannedOutcome entity:{outcome} ; k2g:registrationStatus "{status}"'
    return study(name, more=said)


def test_scope_is_background_where_an_anchor_holds_it_else_the_nutrient_question_or_a_link(engine: Engine) -> None:
    asked = "SELECT ?claim ?scope WHERE { ?claim k2g:scope ?scope }"
    kinds = ("reaction", "annotation", "label", "guideline", "synthesis", "definition")
    facts = (
        claim("nutrient")
        + claim("form", "n1")
        + claim("in-context", "n2", more="; k2g:context k2g:context-deficient")
        + claim("drug", "drug")
        + claim("link", "middle")
        + "".join(claim(f"by-{kind}", "n", "middle", more="; k2g:context k2g:context-low") + anchor(f"by-{kind}", kind) for kind in kinds)
        # A definition asks for no evidence, whatever else holds it.
        + claim("twice", "active")
        + anchor("twice", "definition")
        + anchor("twice", "annotation")
    )
    assert without_kinds(derive(engine, facts, asked)) == [
        ("by-annotation", "established"),
        ("by-definition", "definition"),
        ("by-guideline", "established"),
        ("by-label", "established"),
        ("by-reaction", "established"),
        ("by-synthesis", "established"),
        ("drug", "linked"),
        ("form", "nutrient-question"),
        ("in-context", "nutrient-question"),
        ("link", "linked"),
        ("nutrient", "nutrient-question"),
        ("twice", "definition"),
    ]


def test_untested_has_a_reason(engine: Engine) -> None:
    asked = """SELECT ?claim ?because ?label WHERE { ?claim k2g:standing ?s . ?s k2g:result k2g:result-untested ;
      k2g:testedIn k2g:tier-nothing ; k2g:investigations 0 ; k2g:untestedBecause ?because ; rdfs:label ?label }"""
    facts = (
        claim("nobody-looked", "n2", "middle")
        # A plan for a form and a site bears on the whole, not on another form, and not on the deficient alone.
        + plan("under-way", "n1", "site")
        + claim("planned")
        + claim("other-form", "n2")
        + claim("in-deficiency", more="; k2g:context k2g:context-deficient")
        + claim("retracted", "n2", "protein")
        + single_trial("retracted", subject="n2", thing="protein", of=RETRACTED)
        + claim("linked", "middle")
        + claim("linked-and-excluded", "middle", "protein")
        + study("mice", "animal-in-vivo", RETRACTED)
        + finding("mice", "mice", subject="middle", thing="protein")
        # Background stays background, whatever was found and excluded.
        + claim("known", "protein")
        + anchor("known", "label")
        + claim("known-and-excluded", "protein", "middle")
        + anchor("known-and-excluded", "reaction")
        + finding("mice-2", "mice", subject="protein", thing="middle")
        + claim("by-words", "active")
        + anchor("by-words", "definition")
        # What counts leaves nothing untested.
        + claim("tested", "n1", "active")
        + single_trial("tested", "no-effect", subject="n1", thing="active")
    )
    assert without_kinds(derive(engine, facts, asked)) == [
        ("by-words", "definition", "so by definition"),
        ("in-deficiency", "not-searched", "untested: not searched"),
        ("known", "established", "established, not reviewed here"),
        ("known-and-excluded", "established", "established, not reviewed here"),
        ("linked", "linked", "untested: linked, not reviewed here"),
        ("linked-and-excluded", "only-excluded", "untested: only excluded or under way"),
        ("nobody-looked", "not-searched", "untested: not searched"),
        ("other-form", "not-searched", "untested: not searched"),
        ("planned", "only-excluded", "untested: only excluded or under way"),
        ("retracted", "only-excluded", "untested: only excluded or under way"),
    ]


def search(name: str, day: str, *claims: str) -> str:
    sought = " , ".join(f"claim:{each}" for each in claims)
    return f'search:{name} a k2g:Search ; k2g:searchedOn "{day}"^^xsd:date ; k2g:soughtClaim {sought} .\n'


def left_out(name: str, of: str, reason: str) -> str:
    return f"record:{name} a k2g:LeftOutRecord ; k2g:leftOutOf search:{of} ; k2g:leftOutFor k2g:omitted-{reason} .\n"


SEARCHES = (
    search("first", "2025-12-31", "twice", "known")
    + search("second", "2026-02-01", "twice", "once", "tested")
    + search("third", "2026-01-15", "to-read", "to-get", "link", "planned")
    + left_out("review", "second", "no-results")
    + left_out("mice", "first", "wrong-population")
)


def test_a_claim_has_its_searches_and_the_day_of_the_last_one(engine: Engine) -> None:
    facts = "".join(map(claim, ("twice", "once", "never", "to-read"))) + SEARCHES + left_out("trial", "third", "under-way")
    asked = "SELECT ?claim ?search ?day WHERE { ?claim k2g:soughtBy ?search ; k2g:lastSought ?day } ORDER BY ?claim ?search"
    found = [row for row in derive(engine, facts, asked) if row[0] in {"twice", "once", "never", "to-read"}]
    # Of two searches the later one gives the day, and it is a day: of 31 December and 1 February of the next year the second.
    assert found == [
        ("once", "second", "2026-02-01"),
        ("to-read", "third", "2026-01-15"),
        ("twice", "first", "2026-02-01"),
        ("twice", "second", "2026-02-01"),
    ]
    # What is left out for good awaits nothing: a review, and mice.
    assert derive(engine, facts, "SELECT ?claim ?record WHERE { ?claim k2g:awaits ?record . ?claim a k2g:Claim }") == [("to-read", "trial")]


@pytest.mark.parametrize(
    ("reason", "still"), [("under-way", True), ("awaits-reading", True), ("not-retrieved", True), ("wrong-outcome", False)]
)
def test_untested_says_when_it_was_looked_for_and_what_was_found(engine: Engine, reason: str, still: bool) -> None:
    asked = """SELECT ?claim ?because ?label WHERE { ?claim k2g:standing ?s . ?s k2g:result k2g:result-untested ;
      k2g:untestedBecause ?because ; rdfs:label ?label }"""
    facts = (
        claim("twice", "n2", "middle")
        + claim("never", "n2", "active")
        + claim("link", "middle")
        + claim("known", "protein")
        + anchor("known", "label")
        # A registration is known of, whatever a search found.
        + claim("planned")
        + plan("under-way", "n1", "site")
        # What counts was tested, whoever looked for it.
        + claim("tested", "n1", "active")
        + single_trial("tested", "no-effect", subject="n1", thing="active")
        + SEARCHES
        + left_out("one", "third", reason)
    )
    read = ("awaits-reading", "untested: looked for on 2026-01-15, not all of it read")
    nothing = ("nothing-found", "untested: looked for on 2026-01-15, nothing found")
    assert without_kinds(derive(engine, facts, asked)) == [
        ("known", "established", "established, not reviewed here"),
        # A link outside the nutrient question that was looked for all the same says so.
        ("link", *(read if still else nothing)),
        ("never", "not-searched", "untested: not searched"),
        ("planned", "only-excluded", "untested: only excluded or under way"),
        ("twice", "nothing-found", "untested: looked for on 2026-02-01, nothing found"),
    ]


def test_weakness_is_the_tier_then_the_result_and_background_is_no_weak_link(engine: Engine) -> None:
    asked = "SELECT ?claim ?weakness WHERE { ?s a k2g:Standing ; k2g:claim ?claim ; k2g:weakness ?weakness }"
    facts = (
        claim("single-trial")
        + single_trial("t")
        + claim("open-trial", "n", "protein")
        + single_trial("u", "no-effect", thing="protein")
        + claim("two-of-mice", "n2", "middle")
        + study("mice-1", "animal-in-vivo")
        + finding("mice-1", "mice-1", subject="n2", thing="middle")
        + study("mice-2", "animal-in-vivo")
        + finding("mice-2", "mice-2", subject="n2", thing="middle")
        + claim("nothing", "n1", "active")
        + claim("known", "middle")
        + anchor("known", "synthesis")
        + finding("mice-3", "mice-1", "decreases", subject="middle")
    )
    # Tier in thousands, result in hundreds: human trials 1, animals 3, nothing 6; consistent 1, single 2, not shown 5, untested 8.
    assert derive(engine, facts, asked) == [
        ("known", "0"),
        ("nothing", "6800"),
        ("open-trial", "1500"),
        ("single-trial", "1200"),
        ("two-of-mice", "3100"),
    ]


TESTABLE = "; k2g:testableInPeople k2g:answer-yes"
CHAIN = (
    claim("end-to-end", "n", "outcome", "increases")
    + claim("link-1", "n", "middle", "decreases", TESTABLE)
    + claim("link-2", "middle", "outcome", "decreases", "; k2g:testableInPeople k2g:answer-no")
    + """mechanism:m a k2g:Mechanism ; k2g:endToEnd claim:end-to-end .
step:m-1 a k2g:Step ; k2g:mechanism mechanism:m ; k2g:order 1 ; k2g:claim claim:link-1 ; k2g:yields entity:middle .
step:m-2 a k2g:Step ; k2g:mechanism mechanism:m ; k2g:order 2 ; k2g:claim claim:link-2 ; k2g:yields entity:outcome .
"""
)
SUPPORT = """SELECT ?weakest ?testable ?shown ?reaches ?stops ?open ?agree ?verdict ?deciding WHERE { ?s a k2g:MechanismSupport ;
  k2g:testableLinks ?testable ; k2g:testableLinksShown ?shown ; k2g:signsAgree ?agree ; k2g:verdict ?verdict ; k2g:decidedBy ?deciding .
  OPTIONAL { ?s k2g:weakestStep ?weakest } OPTIONAL { ?s k2g:reachesStep ?reaches } OPTIONAL { ?s k2g:stopsAtStep ?stops }
  OPTIONAL { ?s k2g:openAtStep ?open } }"""


def test_directions_multiply_along_a_chain_and_reach_claims_are_made_where_missing(engine: Engine) -> None:
    reach = "SELECT ?step ?direction ?reach WHERE { ?step k2g:impliedDirection ?direction ; k2g:reachClaim ?reach }"
    # Less of the middle, then less of less: an increase. Both reach claims stand in the tables already.
    assert derive(engine, CHAIN, reach) == [("m-1", "direction-decreases", "link-1"), ("m-2", "direction-increases", "end-to-end")]
    # With a first step that increases, the chain implies a decrease of the outcome, which nobody claims: it is made.
    against = CHAIN.replace(claim("link-1", "n", "middle", "decreases", TESTABLE), claim("link-1", "n", "middle", "increases", TESTABLE))
    assert derive(engine, against, reach) == [
        ("m-1", "direction-increases", "link-1"),
        ("m-2", "direction-decreases", "reach-n-affects-level-of-outcome-decreases"),
    ]
    ((*_, agree, verdict, deciding),) = without_kinds(derive(engine, against, SUPPORT))
    assert (agree, verdict, deciding) == ("false", "argues-against", "end-to-end")


MOVED = single_trial("a", "decreases", thing="middle") + single_trial("b", "decreases", thing="middle")
EFFECT = single_trial("e") + single_trial("f")
OPEN = single_trial("open", "no-effect")
LEFT_OUT = single_trial("left-out", "no-effect", more=numbers("risk-ratio", "1.0", "0.9", "1.1"))
LEANING = "".join(single_trial(f"l{number}", "no-effect", more=numbers("risk-ratio", "1.4", "0.7", "2.8")) for number in range(6))
ON_MICE = study("mice", "animal-in-vivo") + finding("mice", "mice", "decreases", "middle")
KNOWN = anchor("link-1", "label") + anchor("link-2", "definition")
STOPPED = single_trial("a", "increases", thing="middle")
END_KNOWN = anchor("end-to-end", "label")
#: What there is on the chain, and: the weakest step, testable links and how many are shown, how far it reaches, where it stops and where
#: it is left open, what that makes it, and which claim decides that.
MECHANISMS = {
    # Nothing at all: the first of two untested steps is the weakest.
    "": ("m-1", "1", "0", "", "", "", "true", "untested", "end-to-end"),
    # Two trials move the middle; mice do the rest: shown part of the way, and the mouse step is the weakest.
    MOVED + ON_MICE: ("m-2", "1", "1", "m-1", "", "", "true", "part-way", "link-1"),
    # A trial of the end that leaves it open stops nothing; nor do trials that disagree, or lean to it.
    MOVED + ON_MICE + OPEN: ("m-2", "1", "1", "m-1", "", "m-2", "true", "not-shown", "end-to-end"),
    MOVED + single_trial("e") + OPEN: ("m-2", "1", "1", "m-1", "", "m-2", "true", "not-shown", "end-to-end"),
    MOVED + LEANING: ("m-2", "1", "1", "m-1", "", "m-2", "true", "not-shown", "end-to-end"),
    # Left open on the way: that is where it is not shown further, whatever mice say.
    single_trial("a", "no-effect", thing="middle") + ON_MICE: ("m-2", "1", "0", "", "", "m-1", "true", "not-shown", "link-1"),
    # An important effect left out, or the opposite shown, stops it: at the end or on the way.
    MOVED + ON_MICE + LEFT_OUT: ("m-2", "1", "1", "m-1", "m-2", "", "true", "stops", "end-to-end"),
    MOVED + ON_MICE + single_trial("opposite", "decreases"): ("m-2", "1", "1", "m-1", "m-2", "", "true", "stops", "end-to-end"),
    single_trial("a", "increases", thing="middle") + OPEN: ("m-2", "1", "0", "", "m-1", "m-2", "true", "stops", "link-1"),
    # Two trials that raise the outcome and nothing on the links: the effect is shown, the way is open; more so where the way is stopped.
    EFFECT: ("m-1", "1", "0", "m-2", "", "", "true", "mechanism-open", "end-to-end"),
    EFFECT + single_trial("a", "increases", thing="middle"): ("m-2", "1", "0", "m-2", "m-1", "", "true", "mechanism-open", "end-to-end"),
    # With the testable link shown as well, it is supported; the molecular link is not asked for a trial.
    EFFECT + MOVED: ("m-2", "1", "1", "m-2", "", "", "true", "supported", "end-to-end"),
    # What is background is not asked for a trial, and no weakest link: then the other is, or none.
    EFFECT + MOVED + anchor("link-2", "reaction"): ("m-1", "1", "1", "m-2", "", "", "true", "supported", "end-to-end"),
    anchor("link-1", "label"): ("m-2", "0", "0", "", "", "", "true", "untested", "end-to-end"),
    # An effect by links that are all background has no open way, unless trials stop it there; one link that is none leaves it open.
    EFFECT + KNOWN: ("", "0", "0", "m-2", "", "", "true", "established-way", "end-to-end"),
    EFFECT + KNOWN + STOPPED: ("", "0", "0", "m-2", "m-1", "", "true", "mechanism-open", "end-to-end"),
    EFFECT + anchor("link-1", "label"): ("m-2", "0", "0", "m-2", "", "", "true", "mechanism-open", "end-to-end"),
    # An end that is background lacks no trial, be the way shown in part or left open; trials of the end itself go before.
    END_KNOWN: ("m-1", "1", "0", "", "", "", "true", "established", "end-to-end"),
    END_KNOWN + MOVED: ("m-2", "1", "1", "m-1", "", "", "true", "established", "end-to-end"),
    END_KNOWN + single_trial("a", "no-effect", thing="middle"): ("m-2", "1", "0", "", "", "m-1", "true", "established", "end-to-end"),
    END_KNOWN + OPEN: ("m-1", "1", "0", "", "", "m-2", "true", "not-shown", "end-to-end"),
    END_KNOWN + LEFT_OUT: ("m-1", "1", "0", "", "m-2", "", "true", "stops", "end-to-end"),
}


@pytest.mark.parametrize("number", range(len(MECHANISMS)))
def test_a_mechanism_is_read_by_links_reach_and_end_to_end(engine: Engine, number: int) -> None:
    facts, expected = list(MECHANISMS.items())[number]
    assert without_kinds(derive(engine, CHAIN + facts, SUPPORT)) == [expected]


def test_what_stops_on_the_way_keeps_a_mechanism_from_being_supported(engine: Engine) -> None:
    # The second link alone can be tested, and is shown, as is the effect; then a trial of the nutrient moves the middle the other way.
    turned = CHAIN.replace("answer-yes", "answer-?").replace("answer-no", "answer-yes").replace("answer-?", "answer-no")
    shown = EFFECT + single_trial("on-the-middle", "decreases", "middle")
    assert without_kinds(derive(engine, turned + shown, SUPPORT)) == [
        ("m-1", "1", "1", "m-2", "", "", "true", "supported", "end-to-end"),
    ]
    opposite = single_trial("a", "increases", thing="middle")
    assert without_kinds(derive(engine, turned + shown + opposite, SUPPORT)) == [
        ("m-1", "1", "1", "m-2", "m-1", "", "true", "mechanism-open", "end-to-end"),
    ]


# How far it can be relied on


def test_a_trial_had_reached_its_target_where_it_moved_a_marker_of_status(engine: Engine) -> None:
    asked = "SELECT ?claim ?i ?target WHERE { ?v a k2g:Vote ; k2g:claim ?claim ; k2g:investigation ?i ; k2g:target ?target }"
    facts = (
        claim("c")
        + claim("form", "n1")
        + claim("on-the-marker", "n", "level")
        + claim("link", "middle", "protein")
        + single_trial("moved", "no-effect")
        + finding("moved-level", "moved", thing="level")
        + single_trial("not-moved", "no-effect")
        + finding("not-moved-level", "not-moved", "no-effect", thing="level")
        + single_trial("not-measured", "no-effect")
        # Twice measured, once moved. What went together with the marker is no effect on it.
        + single_trial("twice", "no-effect")
        + finding("twice-level", "twice", "no-effect", thing="level")
        + finding("twice-level-2", "twice", thing="level", more=numbers("mean-difference", "4", "1", "7"))
        + single_trial("together", "no-effect")
        + finding("together-level", "together", "positive-association", thing="level")
        # A change within the arm is none between arms, be it known by the comparison with baseline, by the measure of what words alone
        # tell, or by a row that says that it is unclear; a p-value, or a comparison that the row names, is of the arms.
        + single_trial("baseline", "no-effect")
        + finding("baseline-level", "baseline", thing="level", more="; k2g:ownComparatorKind k2g:comparator-baseline")
        + single_trial("own-change", "no-effect")
        + finding("own-change-level", "own-change", thing="level", more="; k2g:measureTerm k2g:measure-change-within-the-arm")
        + single_trial("unclear", "no-effect")
        + finding("unclear-level", "unclear", thing="level", more="; k2g:ownArmsDifferInExposureAlone k2g:answer-unclear")
        + single_trial("named", "no-effect")
        + finding(
            "named-level",
            "named",
            thing="level",
            more="; k2g:measureTerm k2g:measure-change-within-the-arm ; k2g:ownComparatorKind k2g:comparator-placebo",
        )
        # Where arms were compared, that speaks before what one of them did.
        + single_trial("both-ways", "no-effect")
        + finding("both-ways-level", "both-ways", "no-effect", thing="level")
        + finding("both-ways-arm", "both-ways", thing="level", more="; k2g:measureTerm k2g:measure-change-within-the-arm")
        # A form's marker is told for the form that was given, and for the nutrient.
        + single_trial("of-form", "no-effect", subject="n1")
        + finding("of-form-level", "of-form", subject="n1", thing="level")
        + finding("of-form-other", "of-form", "no-effect", subject="n2")
        # Asked of trials of a nutrient alone.
        + single_trial("of-a-link", subject="middle", thing="protein")
        + study("cohort", "prospective-cohort")
        + finding("cohort", "cohort", "positive-association")
    )
    assert without_kinds(derive(engine, facts, asked)) == [
        ("c", "baseline", "moved-within-arm"),
        ("c", "both-ways", "not-moved"),
        ("c", "moved", "moved"),
        ("c", "named", "moved"),
        ("c", "not-measured", "not-measured"),
        ("c", "not-moved", "not-moved"),
        ("c", "of-form", "moved"),
        ("c", "own-change", "moved-within-arm"),
        ("c", "together", "not-measured"),
        ("c", "twice", "moved"),
        ("c", "unclear", "moved-within-arm"),
        ("form", "of-form", "moved"),
    ]


#: The domains that RoB 2 makes the whole of.
WHOLE = ("randomisation", "deviations", "missing-data", "measurement", "selective-reporting")


def appraisal(of: str, judgement: str, domain: str = "overall", by: str = "one", more: str = "") -> str:
    return (
        f"appraisal:{of}-{domain}-{by} a k2g:Appraisal ; k2g:study study:{of} ; k2g:domain k2g:bias-{domain} ;"
        f" k2g:judgement k2g:risk-{judgement} {more} .\n"
    )


def test_the_worst_overall_judgement_is_the_risk_of_bias(engine: Engine) -> None:
    asked = "SELECT ?i ?risk WHERE { ?v a k2g:Vote ; k2g:investigation ?i ; k2g:riskOfBias ?risk }"
    facts = (
        claim("c")
        + "".join(
            single_trial(name)
            for name in ("low", "concerns", "two-judges", "one-domain", "all-low", "four-low", "unread", "over-domain", "nobody")
        )
        + appraisal("low", "low")
        + appraisal("concerns", "some-concerns")
        + appraisal("two-judges", "low")
        + appraisal("two-judges", "high", by="another")
        # Nobody judged the whole: one domain at high risk is enough, all five at low risk are needed, and between them are concerns.
        + appraisal("one-domain", "high", "blinding")
        + "".join(appraisal("all-low", "low", domain) for domain in WHOLE)
        + "".join(appraisal("four-low", "low", domain) for domain in WHOLE[:4])
        + "".join(appraisal("unread", "low", domain) for domain in WHOLE[:4])
        + appraisal("unread", "cannot-be-read", WHOLE[4])
        # What somebody made of the whole stands before what the domains would make of it.
        + appraisal("over-domain", "low")
        + appraisal("over-domain", "high", "blinding")
        # Of one outcome: the broader one is of it too, another is not.
        + "".join(single_trial(name, thing="site") for name in ("of-site", "of-broader", "of-another"))
        + appraisal("of-site", "high", more="; k2g:outcome entity:site")
        + appraisal("of-broader", "high", more="; k2g:outcome entity:outcome")
        + appraisal("of-another", "high", more="; k2g:outcome entity:level")
        # Of studies within one cohort, those that count: one is judged, one is not; what a retracted one was judged is not heard.
        + "".join(study(f"in-{number}", "prospective-cohort", "; k2g:within study:body") for number in (1, 2))
        + study("in-3", "prospective-cohort", f"; k2g:within study:body {RETRACTED}")
        + "".join(finding(f"in-{number}", f"in-{number}", "positive-association") for number in (1, 2, 3))
        + appraisal("in-1", "low")
        + appraisal("in-3", "high")
        + study("cohort", "prospective-cohort")
        + finding("cohort", "cohort", "positive-association")
        + appraisal("cohort", "some-concerns")
        # Asked of people alone.
        + study("mice", "animal-in-vivo")
        + finding("mice", "mice")
        + appraisal("mice", "high")
    )
    assert without_kinds(derive(engine, facts, asked)) == [
        ("all-low", "low"),
        ("body", "low"),
        ("cohort", "some-concerns"),
        ("concerns", "some-concerns"),
        ("four-low", "some-concerns"),
        ("low", "low"),
        ("nobody", "not-appraised"),
        ("of-another", "not-appraised"),
        ("of-broader", "high"),
        ("of-site", "high"),
        ("one-domain", "high"),
        ("over-domain", "low"),
        ("two-judges", "high"),
        ("unread", "some-concerns"),
    ]


def on(name: str, *trials: str) -> str:
    """A claim on an outcome of its own, and trials of it."""
    return f'entity:{name} a k2g:Entity , k2g:Outcome ; rdfs:label "{name}" .\n' + claim(name, "n", name) + "".join(trials)


def trials_of(name: str, directions: str, of: str = "", more: str = "") -> str:
    """Trials of the outcome of that name: s for one that shows it, o for one that leaves it open."""
    said = {"s": "increases", "o": "no-effect"}
    return "".join(single_trial(f"{name}-{place}", said[one], thing=name, of=of, more=more) for place, one in enumerate(directions))


def steps(engine: Engine, domain: str, facts: str) -> dict[str, tuple[str, str]]:
    """Claim → by how many steps a domain lowers certainty, and why."""
    asked = f"""SELECT ?claim ?down ?reason WHERE {{ ?step k2g:ofStanding/k2g:claim ?claim ; k2g:domain k2g:domain-{domain} ;
      k2g:stepsDown ?down ; k2g:reason ?reason }}"""
    return {name: (down, reason) for name, down, reason in derive(engine, facts, asked)}


def test_certainty_goes_down_for_risk_of_bias(engine: Engine) -> None:
    facts = (
        on("half-low", trials_of("half-low", "ssss"), appraisal("half-low-0", "low"), appraisal("half-low-1", "low"))
        + on("fewer-low", trials_of("fewer-low", "sss"), appraisal("fewer-low-0", "low"), appraisal("fewer-low-1", "some-concerns"))
        + on("half-high", trials_of("half-high", "ss"), appraisal("half-high-0", "low"), appraisal("half-high-1", "high"))
        + on(
            "more-high",
            trials_of("more-high", "sss"),
            *(appraisal(f"more-high-{place}", judged) for place, judged in enumerate(("high", "high", "low"))),
        )
        + on("unread", trials_of("unread", "s"))
    )
    assert steps(engine, "risk-of-bias", facts) == {
        "half-low": ("0", "2 of 4 at low risk of bias, 0 at high risk, 2 not appraised"),
        "fewer-low": ("1", "1 of 3 at low risk of bias, 0 at high risk, 1 not appraised"),
        "half-high": ("0", "1 of 2 at low risk of bias, 1 at high risk, 0 not appraised"),
        "more-high": ("2", "1 of 3 at low risk of bias, 2 at high risk, 0 not appraised"),
        "unread": ("1", "0 of 1 at low risk of bias, 0 at high risk, 1 not appraised"),
    }


def test_certainty_goes_down_for_inconsistency(engine: Engine) -> None:
    facts = (
        on("agree", trials_of("agree", "ss"))
        + on("disagree", trials_of("disagree", "so"))
        + on("one", trials_of("one", "o"))
        + on("says-two", single_trial("says-two", "mixed", thing="says-two"))
    )
    assert steps(engine, "inconsistency", facts) == {
        "agree": ("0", "together they are consistent"),
        "disagree": ("1", "together they are contested"),
        "one": ("0", "one study, which nothing can be set beside"),
        "says-two": ("1", "one study, which says several things"),
    }
    # Of a pool, half of the variation between trials with a prediction interval that holds none; not less, nor one that leaves none out.
    effect = numbers("mean-difference", "4", "-1", "9")
    pools = {"varies": ("0.5", "-1", "11"), "varies-above": ("0.9", "0.1", "9"), "varies-little": ("0.49", "-1", "11")}
    of_pools = "".join(
        on(name, trials_of(name, "ooo", more=effect))
        + pool(
            name,
            name,
            [f"{name}-{place}" for place in range(3)],
            ("1", "7"),
            more=f"; k2g:iSquared {i} ; k2g:predictionLow {low} ; k2g:predictionHigh {high}",
        )
        for name, (i, low, high) in pools.items()
    )
    found = steps(engine, "inconsistency", of_pools)
    assert {name: down for name, (down, _) in found.items()} == {"varies": "1", "varies-above": "0", "varies-little": "0"}
    assert found["varies"][1] == "together they are consistent; I² 50% with a prediction interval across no effect"


def test_certainty_goes_down_for_indirectness(engine: Engine) -> None:
    sick = "; k2g:participants entity:sick"
    facts = (
        'entity:sick a k2g:Entity , k2g:Population ; rdfs:label "the sick" . entity:adults a k2g:Entity , k2g:Population ;'
        ' rdfs:label "adults" ; k2g:isGeneralGroup k2g:answer-yes .\n'
        + on("one-group", trials_of("one-group", "ss", of=sick))
        + on("beside-others", trials_of("beside-others", "s", of=sick), single_trial("healthy", thing="beside-others"))
        + on("general", trials_of("general", "ss", of="; k2g:participants entity:adults"))
        # A claim about the sick asks for the sick.
        + on("of-the-sick").replace("k2g:context k2g:context-any", "k2g:context entity:sick")
        + trials_of("of-the-sick", "ss", of=sick)
        + claim("narrower", "n1")
        + single_trial("narrower", subject="n1", thing="site")
        + claim("narrower-too", "n2")
        + single_trial("narrower-2", subject="n2", thing="site")
        + single_trial("direct", subject="n2")
        # What a marker that falls as the outcome rises tells is no narrower outcome.
        + claim("by-marker", "n1", "active")
        + single_trial("by-marker", "decreases", subject="n1", thing="marker")
        # One that measured it does not make two others direct; of two, one is half.
        + claim("mostly-marker", "n2", "active")
        + "".join(single_trial(f"by-marker-{number}", "decreases", subject="n2", thing="marker") for number in (1, 2))
        + single_trial("measured", subject="n2", thing="active")
        + claim("half-marker", "drug", "active")
        + single_trial("by-marker-3", "decreases", subject="drug", thing="marker")
        + single_trial("measured-too", subject="drug", thing="active")
        + claim("stands-in", "n1", "protein")
        + single_trial("stands-in", subject="n1", thing="protein", more="; k2g:outcomeKind k2g:outcome-surrogate")
        # One that people notice is enough.
        + claim("noticed", "n2", "protein")
        + single_trial("noticed-1", subject="n2", thing="protein", more="; k2g:outcomeKind k2g:outcome-surrogate")
        + single_trial("noticed-2", subject="n2", thing="protein", more="; k2g:outcomeKind k2g:outcome-clinical")
    )
    neither = "neither from one special group alone, nor mostly through inverse markers, nor only through narrower outcomes"
    assert steps(engine, "indirectness", facts) == {
        "one-group": ("1", "all of it in one group: the sick"),
        "beside-others": ("0", neither),
        "general": ("0", neither),
        "of-the-sick": ("0", neither),
        "narrower": ("1", "only through narrower outcomes"),
        "narrower-too": ("0", neither),
        "by-marker": ("1", "1 of 1 through inverse markers"),
        "mostly-marker": ("1", "2 of 3 through inverse markers"),
        "half-marker": ("0", neither),
        "stands-in": ("0", f"{neither}; a surrogate or marker was measured, nothing that people notice"),
        "noticed": ("0", neither),
    }


def test_certainty_goes_down_for_imprecision(engine: Engine) -> None:
    def sized(name: str, *sizes: int, directions: str = "", more: str = "") -> str:
        each = zip(directions or "s" * len(sizes), sizes, strict=True)
        said = {"s": "increases", "o": "no-effect"}
        return on(
            name,
            *(
                single_trial(f"{name}-{place}", said[one], thing=name, of=f"; k2g:sampleSize {size}", more=more)
                for place, (one, size) in enumerate(each)
            ),
        )

    risk = functools.partial(numbers, "risk-ratio")
    many = "; k2g:sampleSize 900"
    facts = (
        sized("ninety-nine", 50, 49)
        + sized("hundred", 50, 50)
        + sized("under-400", 399)
        + sized("of-400", 200, 200)
        + on("unknown", single_trial("unknown-0", thing="unknown", of=many), single_trial("unknown-1", thing="unknown"))
        # A number that nobody told is not none.
        + on("few-and-unknown", single_trial("few-0", thing="few-and-unknown", of="; k2g:sampleSize 50"))
        + single_trial("few-1", thing="few-and-unknown")
        + on("nobody-told", single_trial("nobody-0", thing="nobody-told"), single_trial("nobody-1", thing="nobody-told"))
        # Of one study: important effects both ways, or one and none; where nobody knows what matters, open is open.
        + sized("both-ways", 900, directions="o", more=risk("1.0", "0.5", "2.0"))
        + sized("one-way", 900, directions="o", more=risk("1.2", "0.8", "1.9"))
        + sized("words", 900, directions="o")
        + sized("left-out", 900, directions="o", more=risk("1.0", "0.9", "1.1"))
        + on("computed", single_trial("computed-0", "no-effect", thing="computed", of=many))
        + computed("computed-0--rr", "computed-0", "risk-ratio", "1.0", "0.5", "2.0")
        # What two leave open together is one step, were each interval as wide as may be; of few people it is two.
        + sized("wide-few", 50, 80, directions="oo", more=risk("1.0", "0.5", "2.0"))
        + sized("one-wide-few", 50, directions="o", more=risk("1.0", "0.5", "2.0"))
        + single_trial("narrower-few", "no-effect", thing="one-wide-few", of="; k2g:sampleSize 80", more=risk("1.2", "0.8", "1.9"))
        + sized("two", 500, 500, directions="oo", more=risk("1.0", "0.5", "2.0"))
        # A synthesis is one body of evidence with one interval, however many it speaks for.
        + on("pooled", study("pooled", "meta-analysis", f"; k2g:year 2015 {many}"))
        + finding("pooled", "pooled", "no-effect", thing="pooled", more=risk("1.0", "0.5", "2.0") + " ; k2g:studiesPooled 40")
        # Few events tell little of however many people, once all tell them.
        + sized("few-events", 900, 900, more="; k2g:events1 100 ; k2g:events2 49")
        + sized("enough-events", 900, 900, more="; k2g:events1 100 ; k2g:events2 50")
        + on("events-not-told", single_trial("told", thing="events-not-told", of=many, more="; k2g:events1 9 ; k2g:events2 9"))
        + single_trial("not-told", thing="events-not-told", of=many)
        # Two papers of one trial are of the same people, of whom one tells of 250.
        + on("papers", study("papers", more="; k2g:sampleSize 300"), trial("papers"), report("paper-1"), report("paper-2"))
        + finding("paper-1", "papers", thing="papers", paper="paper-1")
        + finding("paper-2", "papers", thing="papers", more="; k2g:ownSampleSize 250", paper="paper-2")
        # What is told of some alone is of as many.
        + on("some", study("some", more=many), trial("some"), finding("some", "some", thing="some", more="; k2g:ownSampleSize 60"))
    )  # fmt: skip
    both, left_open = "; the interval holds important effects both ways", "; none and an important effect are both left open"
    assert steps(engine, "imprecision", facts) == {
        "few-events": ("1", "1800 people, 298 events"),
        "enough-events": ("0", "1800 people, 300 events"),
        "events-not-told": ("0", "1800 people"),
        "ninety-nine": ("2", "99 people"),
        "hundred": ("1", "100 people"),
        "under-400": ("1", "399 people"),
        "of-400": ("0", "400 people"),
        "unknown": ("0", "900 people and those of 1 whose number is not told"),
        "few-and-unknown": ("1", "50 people and those of 1 whose number is not told"),
        "nobody-told": ("1", "people whose number is not told"),
        "both-ways": ("2", "900 people" + both),
        "one-way": ("1", "900 people" + left_open),
        "words": ("1", "900 people" + left_open),
        "left-out": ("0", "900 people"),
        "computed": ("2", "900 people" + both),
        "two": ("1", "1000 people" + left_open),
        "wide-few": ("2", "130 people; each interval holds important effects both ways"),
        "one-wide-few": ("1", "130 people" + left_open),
        "pooled": ("2", "900 people" + both),
        "papers": ("1", "300 people"),
        "some": ("2", "60 people"),
    }


def test_certainty_goes_down_for_what_was_not_reported_or_comes_from_one_group(engine: Engine) -> None:
    completed = "registered; Completed; no results read"
    facts = (
        on("one-group", trials_of("one-group", "ss"))
        + "".join(f"study:{of} k2g:group group:g .\n" for of in ("one-group-0", "one-group-1", "two-groups-0", "alone-0"))
        + on("two-groups", trials_of("two-groups", "ss"))
        + on("alone", trials_of("alone", "s"))
        # As many finished without results as have reported, or fewer; one that goes on is not silent.
        + on("silent", trials_of("silent", "ss"), plan("silent-a", "n", "silent", completed), plan("silent-b", "n1", "silent", completed))
        + on("half-silent", trials_of("half-silent", "ss"), plan("half-silent-a", "n", "half-silent", completed))
        + on("goes-on", trials_of("goes-on", "s"), plan("goes-on-a", "n", "goes-on"))
        # A synthesis has reported as many as it pooled.
        + on("forty", study("forty", "meta-analysis", "; k2g:year 2015"), plan("forty-a", "n", "forty", completed))
        + finding("forty", "forty", thing="forty", more=numbers("risk-ratio", "2.0", "1.5", "2.6") + " ; k2g:studiesPooled 40")
    )
    finished = "; finished trials registered without results: {}"
    several = "not all from one research group that is known"
    assert steps(engine, "publication", facts) == {
        "one-group": ("1", "all from one research group" + finished.format(0)),
        "two-groups": ("0", several + finished.format(0)),
        "alone": ("0", "one study" + finished.format(0)),
        "silent": ("1", several + finished.format(2)),
        "half-silent": ("0", several + finished.format(1)),
        "goes-on": ("0", "one study" + finished.format(0)),
        "forty": ("0", "one synthesis of 40" + finished.format(1)),
    }


def test_certainty_starts_by_tier_and_goes_down_by_steps_as_far_as_very_low(engine: Engine) -> None:
    asked = "SELECT ?claim ?certainty WHERE { ?s a k2g:Standing ; k2g:claim ?claim ; k2g:certainty ?certainty }"
    large, sick = "; k2g:sampleSize 300", "; k2g:participants entity:sick"

    def read(name: str, directions: str, of: str = large) -> str:
        return on(name, trials_of(name, directions, of=of)) + "".join(
            appraisal(f"{name}-{place}", "low") for place, _ in enumerate(directions)
        )

    facts = (
        'entity:sick a k2g:Entity , k2g:Population ; rdfs:label "the sick" .\n'
        + read("high", "ss")
        # One step: nobody appraised them; two: in the sick as well; three: disagreeing is inconsistent and leaves it open.
        + on("moderate", trials_of("moderate", "ss", of=large))
        + on("low", trials_of("low", "ss", of=large + sick))
        + read("low-too", "so")
        # Nothing appraised, one step; disagreeing, one; left open, one; in the sick, one: four, and below very low is nothing.
        + on("very-low", trials_of("very-low", "so", of=large + sick))
        # People who were not randomised start low.
        + on("cohort", study("cohort", "prospective-cohort", "; k2g:sampleSize 4000"), appraisal("cohort", "low"))
        + finding("cohort", "cohort", "positive-association", thing="cohort")
        + on("cohort-unread", study("cohort-unread", "prospective-cohort", "; k2g:sampleSize 4000"))
        + finding("cohort-unread", "cohort-unread", "positive-association", thing="cohort-unread")
        # Graded in people alone.
        + on("mice", study("mice", "animal-in-vivo"), finding("mice", "mice", thing="mice"))
        + on("nothing")
    )
    assert without_kinds(derive(engine, facts, asked)) == [
        ("cohort", "low"),
        ("cohort-unread", "very-low"),
        ("high", "high"),
        ("low", "low"),
        ("low-too", "low"),
        ("mice", "not-graded"),
        ("moderate", "moderate"),
        ("nothing", "not-graded"),
        ("very-low", "very-low"),
    ]


@pytest.mark.slow
def test_both_engines_derive_the_same_triples() -> None:
    facts = (
        CHAIN
        + single_trial("a", "decreases", thing="middle", more=numbers("mean-difference", "-3", "-9", "2", "gram"))
        + single_trial("b", "no-effect", "n1", more=numbers("risk-ratio", "0.98", "0.9", "1.08", p="0.6"))
        + synthesis("p", 7, 2015, of="; k2g:sampleSize 900")
        + appraisal("b", "low")
        + anchor("link-2", "annotation")
        + matters("d", "middle", "mean-difference", "0.5", "gram")
        + plan("planned", "n1", "site")
    )
    rules = read_rules()

    def comparable(triples: set[Triple]) -> set[str]:
        lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode().splitlines()
        # "1" and "1.0" are one decimal; the engines write it differently.
        return {
            re.sub(r'(\.\d*?)0+"(?=\^\^<http://www\.w3\.org/2001/XMLSchema#decimal>)', r'\1"', line).replace('."^^', '"^^')
            for line in lines
        }

    assert comparable(on_pyoxigraph(facts, rules)) == comparable(on_rdflib(facts, rules))


def test_neither_rules_nor_shapes_know_where_things_are() -> None:
    """They mint from the address of the thing at hand. What they name is brought by k2graph: words, rules, all syntheses taken together."""
    texts = [path.read_text(encoding="utf-8") for path in (resources.SHAPES, *resources.RULES.iterdir())]
    named = {kind for text in texts for kind in re.findall(re.escape(iris.BASE) + "([a-z]*)", text)}
    assert named == {"ontology", "rule", "investigation", "shape", "shapes"}
