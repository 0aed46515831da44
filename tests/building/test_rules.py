"""Each rule on a small synthetic graph whose answer is worked out in the test, on both engines.

The nutrient `n` has the forms `n1` and `n2`; `marker` falls as `active` rises; `site` is a narrower outcome of `outcome`.
"""

import functools
from collections.abc import Callable, Iterable

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, Store, Triple, parse, serialize
from rdflib.plugins.sparql import prepareQuery

from k2graph import resources
from k2graph.sparql.rules import Rule, apply_rules, read_rules
from k2graph.sparql.store import with_prefixes

PREFIXES = with_prefixes("")
ENTITIES = """
entity:n a k2g:Entity ; rdfs:label "n" . entity:n1 a k2g:Entity ; rdfs:label "n1" ; k2g:formOf entity:n .
entity:n2 a k2g:Entity ; rdfs:label "n2" ; k2g:formOf entity:n . entity:outcome a k2g:Entity ; rdfs:label "outcome" .
entity:site a k2g:Entity ; rdfs:label "site" ; k2g:narrowerThan entity:outcome . entity:middle a k2g:Entity ; rdfs:label "middle" .
entity:protein a k2g:Entity ; rdfs:label "protein" . entity:active a k2g:Entity ; rdfs:label "active" ; k2g:stateOf entity:protein .
entity:marker a k2g:Entity ; rdfs:label "marker" ; k2g:stateOf entity:protein ; k2g:inverseMarkerOf entity:active .
"""


def claim(name: str, subject: str = "n", thing: str = "outcome", direction: str = "increases", more: str = "") -> str:
    return (
        f"claim:{name} a k2g:Claim ; rdf:subject entity:{subject} ; rdf:predicate k2g:affects-level-of ; rdf:object entity:{thing} ;"
        f" k2g:direction k2g:direction-{direction} {more if 'context' in more else '; k2g:context k2g:context-any ' + more} .\n"
    )


def study(name: str, design: str = "rct", more: str = "") -> str:
    return f"study:{name} a k2g:Study ; k2g:design k2g:design-{design} {more} .\n"


def trial(name: str, *studies: str, comparator: str = "placebo", alone: str = "yes") -> str:
    published = " , ".join(f"study:{one}" for one in studies)
    return (
        f"trial:{name} a k2g:Trial ; k2g:publication {published} ; k2g:comparatorKind k2g:comparator-{comparator} ;"
        f" k2g:armsDifferInExposureAlone k2g:answer-{alone} .\n"
    )


def finding(name: str, of: str, direction: str = "increases", subject: str = "n", thing: str = "outcome", more: str = "") -> str:
    return (
        f"finding:{name} a k2g:Finding ; k2g:study study:{of} ; rdf:subject entity:{subject} ; rdf:predicate k2g:affects-level-of ;"
        f" rdf:object entity:{thing} ; k2g:direction k2g:direction-{direction} {more} .\n"
    )


def single_trial(name: str, direction: str = "increases", subject: str = "n", thing: str = "outcome", more: str = "") -> str:
    """One trial against placebo with one publication and one finding, all called `name`."""
    return study(name) + trial(name, name) + finding(name, name, direction, subject, thing, more)


def on_pyoxigraph(facts: str, rules: Iterable[Rule]) -> set[Triple]:
    store = Store()
    store.load(path=str(resources.ONTOLOGY), format=RdfFormat.TURTLE)
    store.load((PREFIXES + ENTITIES + facts).encode(), format=RdfFormat.TURTLE)
    apply_rules(store, rules)
    return {quad.triple for quad in store}


@functools.cache
def _ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(resources.ONTOLOGY)


# rdflib takes far longer to parse a rule than to apply it to so few facts.
_prepared = functools.cache(prepareQuery)


def on_rdflib(facts: str, rules: Iterable[Rule]) -> set[Triple]:
    graph = rdflib.Graph()
    graph += _ontology()
    graph.parse(data=PREFIXES + ENTITIES + facts, format="turtle")
    for rule in rules:
        for triple in list(graph.query(_prepared(rule.query))):
            graph.add(triple)
    # Through N-Triples the two engines' terms compare; numbers are compared by value.
    return {quad.triple for quad in parse(graph.serialize(format="nt").encode(), RdfFormat.N_TRIPLES)}


Engine = Callable[[str, Iterable[Rule]], set[Triple]]


@pytest.fixture(params=[on_pyoxigraph, on_rdflib], ids=["pyoxigraph", "rdflib"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


def derive(engine: Engine, facts: str, pattern: str) -> list[tuple[str, ...]]:
    """All rules on the facts; then the rows of a pattern's variables, as short names, in order."""
    store = Store()
    store.extend(Quad(*triple) for triple in engine(facts, read_rules()))
    rows = store.query(PREFIXES + pattern)
    return sorted(tuple(_short(term) for term in row) for row in rows)


def _short(term: object) -> str:
    text = getattr(term, "value", "") if term is not None else ""
    text = text.rpartition("/")[2].rpartition("#")[2] if text.startswith("http") else text
    return f"{float(text):g}" if text.replace(".", "", 1).isdigit() else text


STANDING = (
    "SELECT ?claim ?tier ?result ?n WHERE { ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result ; k2g:investigations ?n }"
)
LEVEL = "SELECT ?f ?level WHERE { ?f a k2g:Finding ; k2g:evidenceLevel ?level }"
STANCE = "SELECT ?f ?claim ?stance WHERE { ?b k2g:finding ?f ; k2g:claim ?claim ; k2g:stance ?stance }"
REASON = "SELECT ?f ?claim ?reason WHERE { ?b k2g:finding ?f ; k2g:claim ?claim ; k2g:notCounted ?reason }"


def standing_of(engine: Engine, facts: str, name: str = "c") -> tuple[str, str, str]:
    (row,) = [row for row in derive(engine, facts, STANDING) if row[0] == name]
    return row[1].removeprefix("tier-"), row[2].removeprefix("result-"), row[3]


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
        # What a paper says beside its own work is opinion, by the finding's own design.
        + study("mice", "animal-in-vivo")
        + finding("mice", "mice")
        + finding("remark", "mice", more="; k2g:ownDesign k2g:design-narrative-review")
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


def test_marker_as_subject_stands_for_what_it_marks_only_in_an_association(engine: Engine) -> None:
    facts = (
        claim("active-raises", "active")
        + study("cohort", "prospective-cohort")
        + finding("seen", "cohort", "negative-association", "marker")
        + study("mice", "animal-in-vivo")
        + finding("given", "mice", "decreases", "marker")
    )
    # Seen with less outcome, the marker says that the active state goes with more. Given to mice, it acts for itself.
    assert derive(engine, facts, STANCE) == [("seen", "active-raises", "stance-supports")]


def test_stance_compares_with_the_proposed_direction(engine: Engine) -> None:
    facts = claim("c", direction="decreases") + "".join(
        single_trial(name, direction)
        for name, direction in (("up", "increases"), ("down", "decreases"), ("none", "no-effect"), ("both", "mixed"))
    )
    assert derive(engine, facts, STANCE) == [
        ("both", "c", "stance-mixed"),
        ("down", "c", "stance-supports"),
        ("none", "c", "stance-null"),
        ("up", "c", "stance-contradicts"),
    ]


def test_limited_claim_hears_only_findings_in_its_context(engine: Engine) -> None:
    facts = (
        claim("general")
        + claim("in-deficiency", more="; k2g:context k2g:context-deficient")
        + study("deficient", more="; k2g:nutrientStatus k2g:context-deficient")
        + trial("deficient", "deficient")
        + finding("deficient", "deficient")
        + study("unselected", more="; k2g:nutrientStatus k2g:context-unselected")
        + trial("unselected", "unselected")
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
        + trial("withdrawn", "withdrawn")
        + finding("withdrawn", "withdrawn")
        + study("doubted", more="; k2g:retraction k2g:retraction-concern")
        + trial("doubted", "doubted")
        + finding("doubted", "doubted")
        + study("combined")
        + trial("combined", "combined", alone="no")
        + finding("combined", "combined")
        + study("unclear")
        + trial("unclear", "unclear", alone="unclear")
        + finding("unclear", "unclear")
        + study("versus-drug")
        + trial("versus-drug", "versus-drug", comparator="active-treatment")
        + finding("versus-drug", "versus-drug", "no-effect")
        + study("doses")
        + trial("doses", "doses", comparator="another-dose")
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
        ("joint", "c", "reason-unattributed"),
        ("other-arm", "c", "reason-unattributed"),
        ("unclear", "c", "reason-unattributed"),
        ("versus-drug", "c", "reason-unattributed"),
        ("withdrawn", "c", "reason-retracted"),
    ]
    # "counts" and "doubted" support: two of two.
    assert standing_of(engine, facts) == ("human-trials", "consistent", "2")


def test_a_synthesis_counts_only_where_no_study_of_its_tier_does_and_syntheses_vote_together(engine: Engine) -> None:
    pooled = (
        study("pool-1", "meta-analysis") + finding("pool-1", "pool-1") + study("pool-2", "systematic-review") + finding("pool-2", "pool-2")
    )
    # Two syntheses of what may be the same trials are one voice.
    assert standing_of(engine, claim("c") + pooled) == ("human-trials", "single", "1")
    # Beside a trial, which they may contain, they are listed and not counted.
    beside = claim("c") + pooled + single_trial("trial", "no-effect")
    assert standing_of(engine, beside) == ("human-trials", "null", "1")
    assert derive(engine, beside, REASON) == [("pool-1", "c", "reason-synthesis"), ("pool-2", "c", "reason-synthesis")]
    # A retracted trial does not keep them silent; a cohort is of another tier.
    retracted = (
        study("trial", more="; k2g:retraction k2g:retraction-retracted") + trial("trial", "trial") + finding("trial", "trial", "no-effect")
    )
    cohort = study("cohort", "prospective-cohort") + finding("cohort", "cohort", "no-association")
    assert standing_of(engine, claim("c") + pooled + retracted + cohort) == ("human-trials", "single", "1")


def test_one_investigation_has_one_vote_and_its_weightiest_finding_speaks(engine: Engine) -> None:
    role = "; k2g:endpointRole k2g:endpoint-{}"
    facts = (
        claim("c")
        + study("paper-1")
        + study("paper-2")
        + trial("one-trial", "paper-1", "paper-2")
        + finding("primary", "paper-1", "no-effect", more=role.format("primary"))
        + finding("secondary", "paper-1", "increases", more=role.format("secondary"))
        + finding("unsaid", "paper-2", "increases")
        + finding("hunted", "paper-2", "increases", more=role.format("post-hoc"))
        + finding("men-only", "paper-2", "increases", more=role.format("primary") + " ; k2g:analysis k2g:analysis-subgroup")
    )
    # Five findings in two papers of one trial: the primary endpoint in all participants speaks, and it is null.
    assert standing_of(engine, facts) == ("human-trials", "null", "1")
    assert [row[0] for row in derive(engine, facts, REASON)] == ["hunted", "men-only", "secondary", "unsaid"]


def test_an_investigation_that_says_two_things_counts_half(engine: Engine) -> None:
    votes = """SELECT ?i ?s ?n ?c WHERE { ?v a k2g:Vote ; k2g:investigation ?i ; k2g:supportWeight ?s ; k2g:nullWeight ?n ;
      k2g:contradictWeight ?c }"""
    facts = (
        claim("c")
        + single_trial("both")
        + finding("both-2", "both", "no-effect")
        + single_trial("mixed", "mixed")
        + single_trial("against", "decreases")
        + finding("against-2", "against", "no-effect")
    )
    assert derive(engine, facts, votes) == [("against", "0", "0.5", "0.5"), ("both", "0.5", "0.5", "0"), ("mixed", "0.5", "0.5", "0")]
    # Support 0 + 0.5 + 0.5 of 3 is a third: more than a quarter, less than three quarters.
    assert standing_of(engine, facts) == ("human-trials", "contested", "3")


@pytest.mark.parametrize(
    ("supporting", "null", "contradicting", "expected"),
    [
        (1, 0, 0, "single"),
        (2, 0, 0, "consistent"),
        (3, 1, 0, "consistent"),  # exactly three quarters
        (2, 1, 0, "contested"),  # two thirds
        (1, 2, 0, "contested"),  # a third
        (1, 3, 0, "null"),  # exactly a quarter
        (0, 1, 0, "null"),
        (0, 0, 1, "contrary"),
        (1, 1, 3, "contrary"),  # a fifth supports, most of the rest contradicts
        (0, 1, 1, "null"),  # a tie between nothing and the opposite is nothing shown
    ],
)
@pytest.mark.slow
def test_result_follows_the_shares(engine: Engine, supporting: int, null: int, contradicting: int, expected: str) -> None:
    directions = ["increases"] * supporting + ["no-effect"] * null + ["decreases"] * contradicting
    facts = claim("c") + "".join(single_trial(f"t{number}", direction) for number, direction in enumerate(directions))
    assert standing_of(engine, facts) == ("human-trials", expected, str(len(directions)))


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
        + single_trial("null-trial", "no-effect")
        + study("cohort", "prospective-cohort")
        + finding("cohort", "cohort", "positive-association")
        + study("mice", "animal-in-vivo")
        + finding("mice", "mice")
        + claim("silent", "n2")
    )
    best = "SELECT ?claim ?best WHERE { ?claim k2g:standing ?s . ?s k2g:bestSupport ?best }"
    assert derive(engine, facts, best) == [("c", "tier-people-not-randomised")]
    assert standing_of(engine, facts) == ("human-trials", "null", "1")
    # No evidence is its own answer and never "null".
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
    assert derive(engine, claim("c") + single_trial("gone") + "study:gone k2g:retraction k2g:retraction-retracted .", STATED) == []
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
        + trial("combined", "combined", alone="no")
        + finding("combined", "combined")
    )
    # Four supporting findings at the level of a trial, from two trials that count and one that does not.
    assert derive(engine, facts, tally) == [("level-human-trial", "stance-supports", "4", "2")]


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
SUPPORT = """SELECT ?weakest ?testable ?shown ?reaches ?stops ?agree ?verdict WHERE { ?s a k2g:MechanismSupport ; k2g:weakestStep ?weakest ;
  k2g:testableLinks ?testable ; k2g:testableLinksShown ?shown ; k2g:signsAgree ?agree ; k2g:verdict ?verdict .
  OPTIONAL { ?s k2g:reachesStep ?reaches } OPTIONAL { ?s k2g:stopsAtStep ?stops } }"""


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
    ((*_, agree, verdict),) = derive(engine, against, SUPPORT)
    assert (agree, verdict) == ("false", "verdict-argues-against")


def test_mechanism_is_read_by_links_reach_and_end_to_end(engine: Engine) -> None:
    moved = single_trial("a", "decreases", thing="middle") + single_trial("b", "decreases", thing="middle")
    mice = study("mice", "animal-in-vivo") + finding("mice", "mice", "decreases", "middle")
    # Nothing at all: the first of the two untested steps is the weakest; no trial, so untested.
    assert derive(engine, CHAIN, SUPPORT) == [("m-1", "1", "0", "", "", "true", "verdict-untested")]
    # Two trials move the middle; mice do the rest: shown part of the way, and the mouse step is the weakest.
    assert derive(engine, CHAIN + moved + mice, SUPPORT) == [("m-2", "1", "1", "m-1", "", "true", "verdict-part-way")]
    # One null trial at the end: translation stops at the outcome.
    stopped = CHAIN + moved + mice + single_trial("null", "no-effect")
    assert derive(engine, stopped, SUPPORT) == [("m-2", "1", "1", "m-1", "m-2", "true", "verdict-stops")]
    # Two trials that raise the outcome and nothing on the links: the effect is shown, the way is open.
    effect = single_trial("e", thing="outcome") + single_trial("f", thing="outcome")
    assert derive(engine, CHAIN + effect, SUPPORT) == [("m-1", "1", "0", "m-2", "", "true", "verdict-mechanism-open")]
    # With the testable link shown as well, it is supported; the molecular link is not asked for a trial.
    assert derive(engine, CHAIN + effect + moved, SUPPORT) == [("m-2", "1", "1", "m-2", "", "true", "verdict-supported")]
    # Trials of the end that disagree: contested.
    split = CHAIN + moved + single_trial("e", thing="outcome") + single_trial("null", "no-effect")
    assert derive(engine, split, SUPPORT) == [("m-2", "1", "1", "m-1", "", "true", "verdict-contested")]


def test_both_engines_derive_the_same_triples() -> None:
    facts = (
        CHAIN
        + single_trial("a", "decreases", thing="middle")
        + single_trial("b", "no-effect", "n1")
        + study("p", "meta-analysis")
        + finding("p", "p")
    )
    rules = read_rules()

    def comparable(triples: set[Triple]) -> set[str]:
        lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode().splitlines()
        # "1" and "1.0" are one decimal; the engines write it differently.
        return {
            line.replace('.0"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"^^<http://www.w3.org/2001/XMLSchema#decimal>')
            for line in lines
        }

    assert comparable(on_pyoxigraph(facts, rules)) == comparable(on_rdflib(facts, rules))
