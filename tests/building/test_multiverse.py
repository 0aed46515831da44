"""How standings hold with results left out or thresholds moved: small graphs and real claims, each worked out by hand beforehand.

At most a quarter of the votes that show it is too few, three quarters are enough. In the small graphs nothing is appraised and no number of
people is told, so that certainty falls from high by one step for the risk of bias and one for imprecision: low, and very low where the
studies disagree, which is contested.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from project import Run
from pyoxigraph import Quad, RdfFormat, Store
from test_rules import ENTITIES, PREFIXES, claim, computed, finding, matters, numbers, single_trial, study, synthesis, trial

import k2graph
from k2graph import InputError, iris, resources
from k2graph.building.computed_estimates import computed_estimates
from k2graph.building.following import follow
from k2graph.building.multiverse import Alternative, alternatives
from k2graph.building.recounting import deciding_rules
from k2graph.building.scenarios import CHANGES, Scenario, read_scenarios
from k2graph.building.sensitivity import as_if, first_to_write, scenarios
from k2graph.building.triples import asserted_triples
from k2graph.curation.reader import read_tables
from k2graph.ontology import Vocabulary
from k2graph.sparql.rules import apply_rules, read_rules
from k2graph.sparql.store import EmbeddedStore

pytestmark = pytest.mark.slow

OPEN_LABEL, INDUSTRY, COUNT = "without open-label trials", "without studies that industry paid", "by count alone"
WRONG, UNATTRIBUTED = "with what was retracted or is of concern", "with what cannot be attributed to the exposure"
COMPUTED, HALF, TWICE = "without computed results", "with half the important difference", "with twice the important difference"
SYNTHESES, ASSOCIATIONS = "without syntheses", "without associations"
ALL = [OPEN_LABEL, INDUSTRY, WRONG, UNATTRIBUTED, COMPUTED, HALF, TWICE, COUNT, SYNTHESES, ASSOCIATIONS]


def made(facts: str) -> k2graph.Graph:
    """The graph that follows from facts."""
    store = Store()
    store.load(path=str(resources.ONTOLOGY), format=RdfFormat.TURTLE)
    store.load((PREFIXES + ENTITIES + facts).encode(), format=RdfFormat.TURTLE)
    follow(store, Vocabulary(), read_rules())
    return k2graph.Graph(EmbeddedStore.of(store))


def tried(facts: str) -> dict[str, Alternative]:
    """Scenario → how the claim `c` stands in it."""
    return {each.scenario: each for each in made(claim("c") + facts).sensitivity("claim:c")}


def ids(results: Any) -> set[str]:
    return {result.finding.removeprefix("finding:") for result in results}


def moved(found: dict[str, Alternative]) -> dict[str, str]:
    """The scenarios in which anything becomes another, and what."""
    return {scenario: each.verdict for scenario, each in found.items() if each.verdict not in {"same", "not known"}}


def test_without_open_label_trials() -> None:
    # Two of four show it; without the two in which all knew, two of two.
    openly = "; k2g:blinding k2g:blinding-open-label"
    facts = single_trial("a") + single_trial("b") + single_trial("o1", "no-effect", of=openly) + single_trial("o2", "no-effect")
    found = tried(facts + "study:o2 k2g:blinding k2g:blinding-open-label . study:a k2g:blinding k2g:blinding-double-blind .")
    assert moved(found) == {OPEN_LABEL: "changes to consistent in human trials (2), certainty low"}
    each = found[OPEN_LABEL]
    assert (ids(each.left_out), each.added, each.otherwise) == ({"o1", "o2"}, (), ())
    assert (each.known, each.studies, each.method) == (3, 4, "counted")


def test_what_nobody_told_is_not_known_and_not_the_same() -> None:
    found = tried(single_trial("a"))
    assert list(found) == ALL
    assert (found[OPEN_LABEL].verdict, found[OPEN_LABEL].known, found[OPEN_LABEL].studies) == ("not known", 0, 1)
    assert found[WRONG].verdict == "same"


def test_without_what_industry_paid() -> None:
    # Two of five show it, without them none of three. A text that names a company says nothing of who else paid.
    found = tried(
        single_trial("one", of="; k2g:paidBy k2g:payer-industry")
        + single_trial("two", of="; k2g:paidBy k2g:payer-industry")
        + single_trial("both", "no-effect", of="; k2g:paidBy k2g:payer-both")
        + single_trial("public", "no-effect", of="; k2g:paidBy k2g:payer-public")
        + single_trial("untold", "no-effect", of='; k2g:funding "Acme Pharma Ltd."')
    )
    assert moved(found) == {INDUSTRY: "changes to not shown in human trials (3), certainty low"}
    assert ids(found[INDUSTRY].left_out) == {"one", "two"}
    assert (found[INDUSTRY].known, found[INDUSTRY].studies) == (4, 5)


def test_what_companies_alone_paid_is_a_step_down() -> None:
    # Two trials, both paid by companies: appraised nowhere, few people, one money. With a third that a ministry paid the step is none.
    paid = "; k2g:paidBy k2g:payer-{}".format
    facts = single_trial("one", of=paid("industry")) + single_trial("two", of=paid("industry"))
    asked = """SELECT ?down ?reason WHERE { ?step k2g:domain k2g:domain-publication ; k2g:stepsDown ?down ; k2g:reason ?reason ;
      k2g:ofStanding/k2g:claim claim:c }"""
    (step,) = made(claim("c") + facts).query(asked)
    assert (step["down"], step["reason"].partition(";")[0]) == (1, "all paid by companies alone")
    (step,) = made(claim("c") + facts + single_trial("three", of=paid("public"))).query(asked)
    assert (step["down"], "companies" in step["reason"]) == (0, False)
    (step,) = made(claim("c") + single_trial("one", of=paid("industry"))).query(asked)
    assert (step["down"], "companies" in step["reason"]) == (0, False)


def test_where_a_synthesis_is_left_out_its_members_speak() -> None:
    # It speaks for five; without it the two that the graph holds leave it open.
    earlier = "; k2g:year 2010"
    members = single_trial("t1", "no-effect", of=earlier) + single_trial("t2", "no-effect", of=earlier)
    found = tried(members + synthesis("s", 5, 2020, of="; k2g:paidBy k2g:payer-industry"))
    each = found[INDUSTRY]
    assert found[WRONG].standing == "consistent in human trials (5)"
    assert (each.standing, ids(each.left_out), ids(each.added)) == ("not shown in human trials (2)", {"s"}, {"t1", "t2"})


def test_without_syntheses() -> None:
    # It speaks for five; without it the two that the graph holds leave it open.
    earlier = "; k2g:year 2010"
    members = single_trial("t1", "no-effect", of=earlier) + single_trial("t2", "no-effect", of=earlier)
    found = tried(members + synthesis("s", 5, 2020))
    assert moved(found)[SYNTHESES].startswith("changes to not shown in human trials (2)")
    assert (ids(found[SYNTHESES].left_out), ids(found[SYNTHESES].added)) == ({"s"}, {"t1", "t2"})


def test_without_associations() -> None:
    # Nobody changed anything in the cohort, which alone was made in people; mice remain.
    cohort = study("cohort", "prospective-cohort") + finding("cohort", "cohort", "positive-association")
    facts = cohort + study("mice", "animal-in-vivo") + finding("mice", "mice")
    found = tried(facts)
    assert found[COUNT].standing == "single in people, not randomised (1)"
    assert (found[ASSOCIATIONS].standing, ids(found[ASSOCIATIONS].left_out)) == ("single in animals (1)", {"cohort"})


def test_without_each_research_group() -> None:
    # Two of three show it, both of one group. Without it none of one shows it. Without the other two of two do, all of one group, which is
    # a third step down. A group that has nothing on the claim has no line.
    facts = single_trial("a") + single_trial("b") + single_trial("d", "no-effect")
    facts += single_trial("elsewhere", subject="drug", thing="middle")
    stands_behind = {"g": ("Ghent", "a", "b"), "h": ("Hull", "d"), "i": ("Iowa", "elsewhere")}
    groups = ""
    for group, (label, *studies) in stands_behind.items():
        groups += f'group:{group} a k2g:ResearchGroup ; rdfs:label "{label}" . '
        groups += "".join(f"study:{study} k2g:group group:{group} . " for study in studies)
    found = tried(facts + groups)
    assert list(found) == [*ALL[:2], "without Ghent", "without Hull", *ALL[2:]]
    assert moved(found) == {
        "without Ghent": "changes to not shown in human trials (1), certainty low",
        "without Hull": "changes to consistent in human trials (2)",
    }
    assert (ids(found["without Ghent"].left_out), ids(found["without Hull"].left_out)) == ({"a", "b"}, {"d"})
    assert (found["without Hull"].certainty, found["without Hull"].certainty_holds) == ("very low", True)


def test_with_what_was_retracted_or_is_of_concern() -> None:
    # One shows it; with the two that leave it open, one of three.
    facts = single_trial("a") + single_trial("r", "no-effect", of="; k2g:retraction k2g:retraction-retracted")
    found = tried(facts + single_trial("k", "no-effect", of="; k2g:retraction k2g:retraction-concern"))
    assert moved(found) == {WRONG: "changes to contested in human trials (3), certainty very low"}
    assert (ids(found[WRONG].added), found[WRONG].left_out) == ({"r", "k"}, ())


def test_with_what_cannot_be_attributed() -> None:
    # One shows it; with three against another dose that leave it open, one of four, a quarter, is too few.
    doses = "".join(study(f"u{n}") + trial(f"u{n}", comparator="another-dose") + finding(f"u{n}", f"u{n}", "no-effect") for n in "123")
    found = tried(single_trial("a") + doses)
    assert moved(found) == {UNATTRIBUTED: "changes to not shown in human trials (4)"}
    assert ids(found[UNATTRIBUTED].added) == {"u1", "u2", "u3"}


def test_without_computed_results() -> None:
    # "Not significant" by its words, and above none by what was computed; beside it one whose own p-value shows what was computed.
    facts = single_trial("words", "no-effect") + computed("words", "words", "mean-difference", "1", "0.2", "1.8")
    by_p = single_trial("p", more=numbers("mean-difference", "1", p="0.04")) + computed("p", "p", "mean-difference", "1", "0.05", "1.95")
    found = tried(facts + by_p)
    assert moved(found) == {COMPUTED: "changes to contested in human trials (2), certainty very low"}
    assert (ids(found[COMPUTED].otherwise), found[COMPUTED].left_out) == ({"words", "p"}, ())
    assert moved(tried(by_p)) == {}


@pytest.mark.parametrize(
    ("numbers_of", "now", "halved", "doubled"),
    [
        # 5 kg matter: 3 lie within, and not within 2.5. 8 lie beyond, and within 10.
        (("mean-difference", "0", "-3", "3", "kilogram"), "no important effect", "not shown", "no important effect"),
        (("mean-difference", "0", "-8", "8", "kilogram"), "not shown", "not shown", "no important effect"),
        # 0.75 to 1.25 by default; the roots are 0.8660 and 1.1180, the squares 0.5625 and 1.5625.
        (("risk-ratio", "1", "0.87", "1.11"), "no important effect", "no important effect", "no important effect"),
        (("risk-ratio", "1", "0.86", "1.11"), "no important effect", "not shown", "no important effect"),
        (("risk-ratio", "1", "0.57", "1.5"), "not shown", "not shown", "no important effect"),
        (("risk-ratio", "1", "0.55", "1.5"), "not shown", "not shown", "not shown"),
        # 0.2 standard deviations by default.
        (("standardised-mean-difference", "0", "-0.15", "0.15"), "no important effect", "not shown", "no important effect"),
    ],
    ids=str,
)
def test_what_matters_halved_and_doubled(numbers_of: tuple[str, ...], now: str, halved: str, doubled: str) -> None:
    facts = single_trial("a", "no-effect", more=numbers(*numbers_of)) + matters("kg", "outcome", "mean-difference", "5", "kilogram")
    found = tried(facts)
    assert {each: found[each].standing.partition(" in ")[0] for each in (COUNT, HALF, TWICE)} == {COUNT: now, HALF: halved, TWICE: doubled}
    assert [ids(found[each].otherwise) for each in (HALF, TWICE)] == [{"a"} if each != now else set() for each in (halved, doubled)]


def test_by_count_where_a_pool_decides() -> None:
    # Each shows it, so a count is consistent. Their mean is 5, they vary by about 4, and with two degrees of freedom (t 4.303) the interval
    # reaches 4.303 · 4 / √3 = 9.9 both ways, so that the pool leaves it open. They vary that much (I² near 1) that the next could show the
    # opposite, which is a step down; so is disagreement, which a count does not see.
    given = {"a": ("5", "4", "6"), "b": ("1", "0.1", "1.9"), "d": ("9", "8", "10")}
    found = tried("".join(single_trial(name, more=numbers("mean-difference", *each)) for name, each in given.items()))
    assert (found[WRONG].method, found[WRONG].standing) == ("pooled", "not shown in human trials (3)")
    assert (found[COUNT].method, found[COUNT].verdict) == ("counted", "changes to consistent in human trials (3), certainty low")


def test_by_count_where_sides_decide() -> None:
    # Six of six on the proposed side, each open: leaning by direction. None shows it singly.
    leaning = numbers("risk-ratio", "1.4", "0.7", "2.8")
    found = tried("".join(single_trial(f"t{number}", "no-effect", more=leaning) for number in range(6)))
    assert (found[WRONG].method, found[WRONG].standing) == ("by direction", "leaning in human trials (6)")
    assert (found[COUNT].method, found[COUNT].standing) == ("counted", "not shown in human trials (6)")


def test_where_all_is_left_out_the_claim_is_untested_for_a_reason() -> None:
    found = tried(single_trial("a", of="; k2g:blinding k2g:blinding-open-label"))[OPEN_LABEL]
    assert (found.standing, found.method) == ("untested: only excluded or under way", "")
    assert found.verdict == "changes to untested: only excluded or under way, certainty not graded: not in people"
    # Where something is left one tier down, the claim was tested there.
    mice = study("mice", "animal-in-vivo") + finding("mice", "mice")
    found = tried(single_trial("a", of="; k2g:blinding k2g:blinding-open-label") + mice)[OPEN_LABEL]
    assert found.standing == "single in animals (1)"
    # Nothing bears on a claim: nothing to leave out.
    assert {each.verdict for each in tried("").values()} == {"same"}


# The real graph

WORKED: list[tuple[str, str, str, set[str], str]] = [
    (
        # Three of nine show it (de Vries, Eelderink, Knapen), six leave it open (two in other forms or people than MK-7). Without the one
        # trial of Maastricht, two of eight: exactly a quarter, too few. Contested was a step down, so that certainty rises by one.
        "vitamin-k2-level-arterial-stiffness",
        "without Maastricht (VitaK and CARIM: Vermeer, Knapen, Schurgers, Drummen, Theuwissen)",
        "changes to not shown in human trials (8), certainty low",
        {"marjohjknapen2015-1"},
        "counted",
    ),
    (
        # Sconce shows it (3.5 to 22.5), half of the trial of three doses does; the rest of that, Rombouts (-0.8 to 8.0) and two in words
        # leave it open: one and a half of five, more than a quarter. The pool of three, which decides otherwise, holds nothing and much.
        "vitamin-k-level-time-in-therapeutic-range",
        COUNT,
        "changes to contested in human trials (5)",
        set(),
        "counted",
    ),
    (
        # Total hip, -0.37 to 0.75%: within 1.42, not within 0.71. What is left open is a step down from low.
        "vitamin-k1-level-hip-bone-mineral-density",
        HALF,
        "changes to not shown in human trials (1), certainty very low",
        {"angelamcheung2008-2"},
        "counted",
    ),
    (
        # Left is a cohort that leaves it open. With the syntheses of concern, of which the review of 2009, which searched last, speaks for
        # all: it shows it, in human trials.
        "vitamin-k2-risk-hip-fracture",
        WRONG,
        "changes to single in human trials (1), certainty low",
        {"juniwamoto2009-2"},
        "counted",
    ),
    (
        # A maker paid the three-year trial, which shows it. Of the six that are left half of zhang-2020 and a third of levy-schousboe-2023
        # show it: five sixths of one in six. Not shown is a step up from contested.
        "mk-7-level-bone-mineral-density",
        INDUSTRY,
        "changes to not shown in human trials (6), certainty low",
        {"mhjknapen2013-1", "mhjknapen2013-1-lumbar"},
        "counted",
    ),
    (
        # One of seven shows it. Without Kurnatowska 2015, which leaves it open, one of six is still under a quarter.
        "vitamin-k-level-coronary-artery-calcification",
        "without Work led elsewhere with Maastricht (VitaK) co-authors",
        "same",
        {"ilonakurnatowska2015-2"},
        "counted",
    ),
    (
        # p 0.01 makes an interval of -0.898 to -0.122; without it the p-value itself shows the same. So it is with the others.
        "vitamin-k1-level-insulin-sensitivity",
        COMPUTED,
        "same",
        {"makikoyoshida2008-1", "rasekhi-2015-r6", "rasekhi-2015-r7", "yoshida-2008-r1", "yoshida-2008-r2"},
        "counted",
    ),
]


@pytest.mark.parametrize(("slug", "scenario", "verdict", "results", "method"), WORKED, ids=[f"{each[0]} {each[1][:20]}" for each in WORKED])
def test_real_claims(graph: k2graph.Graph, slug: str, scenario: str, verdict: str, results: set[str], method: str) -> None:
    (found,) = [each for each in graph.sensitivity(slug) if each.scenario == scenario]
    assert (found.verdict, found.method) == (verdict, method)
    assert ids((*found.left_out, *found.added, *found.otherwise)) == results


def whole(vocabulary: Vocabulary, scenario: Scenario, heard: dict[str, list[Quad]]) -> dict[str, tuple[str, ...]]:
    """Claim → how it stands, by all rules on the whole graph."""
    rules = read_rules()
    place = first_to_write(CHANGES[scenario.changes], vocabulary, rules)
    store = as_if(heard[scenario.changes], vocabulary, rules[place:], scenario)
    asked = """SELECT ?claim ?label ?certainty ?method WHERE {
      ?claim k2g:standing ?node . ?node rdfs:label ?label ; k2g:certainty/rdfs:label ?certainty .
      OPTIONAL { ?node k2g:reachedBy/rdfs:label ?method } }"""
    rows: Any = store.query(asked, prefixes=iris.PREFIXES)
    return {iris.short(row[0].value): tuple(each.value if each is not None else "" for each in list(row)[1:]) for row in rows}


@pytest.fixture(scope="module")
def heard(eighth: Path, vocabulary: Vocabulary) -> dict[str, list[Quad]]:
    """The graph of one in eight claims before each place where a scenario may change it, made of the tables."""
    rules, store = read_rules(), Store()
    store.extend(Quad(*triple) for triple in asserted_triples(read_tables(eighth.parent / "tables", vocabulary), vocabulary, rules, []))
    store.extend([*computed_estimates(partial(store.query, prefixes=iris.PREFIXES))])
    places, done = sorted((first_to_write(name, vocabulary, rules), change) for change, name in CHANGES.items()), 0
    found = {}
    for place, change in places:
        apply_rules(store, rules[done:place])
        found[change], done = [*store], place
    return found


def _everything(graph: k2graph.Graph) -> Iterator[Scenario]:
    engine: Any = graph.store
    for scenario in read_scenarios():
        yield from scenario.of_each(engine.engine)


def test_a_claim_by_itself_stands_as_in_the_whole_graph(eighth: Path, vocabulary: Vocabulary, heard: dict[str, list[Quad]]) -> None:
    """In each scenario: one in ten of the claims that any would change, and one in eighty of the others."""
    graph = k2graph.open(eighth)
    found = {each.name: whole(vocabulary, each, heard) for each in _everything(graph) if "--" not in each.name or "perth" in each.name}
    now = whole(vocabulary, Scenario("", "", changes="reading"), heard)
    others = {slug for those in found.values() for slug in those if those[slug][:2] != now[slug][:2]}
    assert len(others) > 30
    for slug in sorted(others)[::10] + sorted(now.keys() - others)[::80]:
        for each in graph.sensitivity(slug):
            if each.name in found:
                assert (each.standing, each.certainty, each.method) == found[each.name][slug], f"{slug}, {each.name}"


def test_it_says_what_had_they_counted_says(graph: k2graph.Graph) -> None:
    told = {row["claim"]: row["had_they_counted"] for row in graph.ask("had-they-counted", reason="unattributed")}
    slugs = sorted(told)[::14]
    assert len(slugs) > 4
    for slug in slugs:
        (found,) = [each for each in graph.sensitivity(slug) if each.scenario == UNATTRIBUTED]
        assert found.standing == told[slug]
    assert {each.without for each in scenarios(Vocabulary())} == {
        (f"not-counted-{each}",) for each in ("retracted", "concern", "unattributed")
    }


def test_only_rules_that_have_a_part_run(vocabulary: Vocabulary) -> None:
    names = {rule.name for rule in deciding_rules(vocabulary, read_rules())}
    assert {"stance", "vote", "pool-reading", "standing", "untested", "certainty", "certainty-publication"} <= names
    assert names.isdisjoint({"mechanism-verdict", "first-year", "joins", "may-be-stated", "target"})


def test_a_standing_that_does_not_follow_is_not_tried() -> None:
    graph = made(claim("c") + single_trial("a"))
    engine: Any = graph.store
    turned = (
        "DELETE { ?f k2g:direction ?d } INSERT { ?f k2g:direction k2g:direction-no-effect } WHERE { ?f k2g:study ?s ; k2g:direction ?d }"
    )
    engine.engine.update(turned, prefixes=iris.PREFIXES)
    with pytest.raises(
        InputError, match=r"^claim:c stands in this graph as: single in human trials \(1\), certainty low; by the rules at hand"
    ):
        graph.sensitivity("c")


# Files


def write(folder: Path, head: str, body: str = "", name: str = "01-mine.ru") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(f"#+ {line}\n" for line in head.splitlines()) + body, encoding="utf-8")
    return folder


HEAD = 'title = "mine"\ndescription = "Mine."\nchanges = "counting"'
INSERT = "INSERT { ?bearing k2g:notCounted k2g:reason-left-out } WHERE { ?bearing k2g:finding/k2g:study/k2g:sampleSize ?n FILTER(?n < 50) }"


def test_a_scientist_adds_one_without_python(tmp_path: Path) -> None:
    graph = made(claim("c") + single_trial("a", of="; k2g:sampleSize 20") + single_trial("b", "no-effect", of="; k2g:sampleSize 60"))
    mine = read_scenarios(write(tmp_path / "scenarios", HEAD, f"\n{INSERT}\n"))
    (found,) = alternatives(graph, iris.ours("claim", "c"), mine)
    # One of two shows it, and the one of 20 is left out. 60 people are very few, which is two steps, beside the risk of bias.
    assert (found.name, found.scenario, found.verdict, ids(found.left_out)) == (
        "mine", "mine", "changes to not shown in human trials (1)", {"a"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        ("title = mine", INSERT, "the lines that begin with #. are not TOML"),
        ('title = "a"', INSERT, "the head lacks 'description', a text"),
        (HEAD.replace("counting", "votes"), INSERT, "changes is 'votes'; it is one of: reading, counting"),
        (HEAD + '\nwithuot = ["x"]', INSERT, "the head has no 'withuot'; .*did you mean 'without'"),
        (HEAD + '\nwithout = "vote"', "", "without is a list of texts"),
        (HEAD + '\nwithout = ["not-counted-retract"]', "", "which is not there; did you mean 'not-counted-retracted'"),
        (HEAD, "\n# Nothing.\n", "changes nothing; write an update beneath the head"),
        (HEAD, "\nINSERT { ?a ?b } WHERE { ?a ?b ?c }", "not SPARQL: error at 5:"),
        (HEAD, "\nINSERT { ?a nobody:b ?c } WHERE { ?a ?b ?c }", "not SPARQL: error at 5:13: the prefix nobody: is not declared"),
        (HEAD, "\nLOAD <http://127.0.0.1/x>", "LOAD would fetch from elsewhere"),
        (HEAD + '\neach = "SELECT ?g ?l WHERE { ?g rdfs:label ?l }"', INSERT, "no line VALUES"),
        (HEAD + '\neach = "SELECT ?g WHERE { ?g rdfs:label ?l }"', INSERT, "each: it is a SELECT of two columns"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_in_order_is_told(tmp_path: Path, head: str, body: str, said: str) -> None:
    with pytest.raises(InputError, match=rf"^01-mine\.ru: .*{said}"):
        read_scenarios(write(tmp_path / "scenarios", head, body))


def test_the_scenarios_speak_in_words_of_the_ontology_and_say_what_they_do(vocabulary: Vocabulary) -> None:
    known = {iris.short(each.value) for triple in vocabulary.triples() for each in triple[:2]}
    # Who knew, and who paid, become words of their own; until then texts tell the second.
    expected = {"k2g:blinding", "k2g:blinding-open-label", "k2g:paidBy", "k2g:payer-industry"}
    for path in resources.SCENARIOS.glob("*.ru"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"k2g:[A-Za-z][\w-]*", text)) - known <= expected, path.name
    assert all(each.description.endswith(".") and each.title for each in read_scenarios())


# Where it is told


def test_the_command_line_tells_it_in_each_form(run: Run) -> None:
    asked = ("explain", "vitamin-k1-level-hip-bone-mineral-density", "--sensitivity")
    text = " ".join(run(*asked).out.split())
    assert "Of 10 scenarios 1 would change the standing, and 1 the certainty." in text
    assert "Not tried" not in text
    untold = " ".join(run("explain", "mk-4-risk-fracture", "--sensitivity").out.split())
    assert "Not tried, since of no study is told by what it goes: without studies that industry paid." in untold
    row = (
        "| with half the important difference | 1 read otherwise: Angela M Cheung 2008 | counted | not shown in human trials (1) | very "
        "low | changes to not shown in human trials (1), certainty very low |"
    )
    assert row in run(*asked, "--format", "md").out.splitlines()
    (block,) = [each for each in json.loads(run(*asked, "--format", "json").out)["blocks"] if each["heading"] == "How it holds"]
    assert [row["scenario"] for row in block["rows"]] == ALL
    assert block["rows"][5]["holds"] == "changes to not shown in human trials (1), certainty very low"
    # Without the option nothing of it is told, and no block has a table.
    assert "How it holds" not in run(*asked[:2]).out
    assert '"rows"' not in run(*asked[:2], "--format", "json").out


def test_only_a_claim_has_a_standing(run: Run, graph: k2graph.Graph) -> None:
    outcome = run("explain", "mgp-calcification-events", "--sensitivity")
    assert (outcome.code, outcome.out) == (2, "")
    assert "is asked of a claim, and this is of the kind 'mechanism'" in outcome.err
    with pytest.raises(InputError, match="no claim is called 'nothing at all'"):
        graph.sensitivity("nothing at all")


def test_a_notebook_shows_the_table(graph: k2graph.Graph) -> None:
    shown = graph.explain("vitamin-k1-level-hip-bone-mineral-density", sensitivity=True)._repr_html_()
    assert "<th>scenario</th>" in shown
    assert shown.count("<tr>") == 1 + len(ALL)
