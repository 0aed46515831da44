"""The questions that set nutrients side by side, on rules' own answers to facts of two nutrients and a drug, worked out in the test."""

from functools import cache
from typing import Any

from pyoxigraph import NamedNode, Quad, Store
from test_rules import claim, dose, finding, matters, numbers, on_pyoxigraph, study, trial

from k2graph.iris import PREFIXES
from k2graph.sparql.questions import find_question
from k2graph.sparql.rules import read_rules

LABELS = """entity:n k2g:carriesEvidenceTo entity:n . entity:m a k2g:Entity , k2g:Nutrient ; rdfs:label "m" .
k2g:outcome-safety k2g:rank 3 .
"""


def _claim(name: str, subject: str, thing: str = "outcome", more: str = "") -> str:
    return claim(name, subject, thing, more=f'; rdfs:label "{name}" ; k2g:testableInPeople k2g:answer-yes {more}')


def _trial(name: str, subject: str, thing: str, people: int, value: str, low: str, high: str, more: str = "") -> str:
    """A trial against placebo that tells a mean difference in grams."""
    told = numbers("mean-difference", value, low, high, "gram") + f' ; k2g:effectMeasure "mean difference" ; k2g:unit "g" {more}'
    reported = f' ; k2g:valueReported "{value}" ; k2g:ciLowReported "{low}" ; k2g:ciHighReported "{high}"'
    arm = f"arm:{name} a k2g:Arm ; k2g:armOf study:{name} {dose('5', 'g', 'day', 'gram')} .\n"
    return (
        study(name, more=f"; k2g:sampleSize {people}") + trial(name) + arm
        + finding(name, name, "increases", subject, thing, f"{told}{reported} ; k2g:arm arm:{name}")
    )  # fmt: skip


#: Two trials of n1 show 4 and 8 grams where 2 matter: 2 and 4 times, 3 in the mean, in 30 and 50 people. One of m leaves it open on a
#: narrower outcome, on which alone there is a claim on m; n1 has one there too, which its claim on the outcome itself makes superfluous.
FACTS = (
    LABELS
    + matters("d", "outcome", "mean-difference", "2", "gram")
    + matters("s", "site", "mean-difference", "2", "gram")
    + _claim("form", "n1")
    + _claim("form-at-site", "n1", "site")
    + _claim("whole", "n")
    + _claim("other-at-site", "m", "site")
    + _claim("not-tried", "n2")
    + _claim("by-drug", "drug")
    + _claim("limited", "n1", more="; k2g:context k2g:context-deficient")
    + _trial("one", "n1", "outcome", 30, "4", "3", "5")
    + _trial("two", "n1", "outcome", 50, "8", "7", "9")
    + _trial("three", "m", "site", 20, "1", "-3", "5")
    + _trial("four", "drug", "outcome", 40, "6", "5", "7")
    + """interaction:i a k2g:Interaction ; k2g:agent entity:n ; k2g:drug entity:drug ; k2g:severity k2g:severity-major .
    """
)


@cache
def _store() -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in on_pyoxigraph(FACTS, read_rules()))
    return store


def _asked(question: str, **given: str) -> list[dict[str, str]]:
    query = find_question(question).bound({name: NamedNode(PREFIXES["entity"] + value) for name, value in given.items()})
    found: Any = _store().query(query)
    names = [variable.value for variable in found.variables]
    return [{name: "" if term is None else term.value for name, term in zip(names, row, strict=True)} for row in found]


def test_one_row_a_form_with_all_that_is_known_of_it() -> None:
    rows = _asked("compare-nutrients", outcome="outcome")
    assert [(row["nutrient"], row["form"], row["observed"]) for row in rows] == [
        ("n", "n", "outcome"),
        ("n", "n1", "outcome"),
        ("m", "m", "site"),
        ("n", "n2", "outcome"),
    ]
    form, other, untried = rows[1], rows[2], rows[3]
    assert (form["standing"], float(form["times"]), form["times_of"], form["trials"], form["people"]) == (
        "consistent in human trials (2)", 3, "2", "2", "80",
    )  # fmt: skip
    assert (form["doses"], form["interactions"]) == ("5 g a day", "drug (major)")
    # Of one trial what that tells is told; of two what was pooled, and nothing was.
    assert (form["effect"], other["effect"]) == ("", "mean difference 1 (-3 to 5) g")
    assert (other["standing"], float(other["times"]), other["interactions"]) == ("not shown in human trials (1)", 0.5, "")
    assert (untried["trials"], untried["people"], untried["doses"]) == ("0", "", "")


def test_a_nutrient_is_asked_of_with_its_forms() -> None:
    assert {row["form"] for row in _asked("compare-nutrients", outcome="outcome", nutrient="n")} == {"n", "n1", "n2"}
    assert {row["moved_by"] for row in _asked("what-moves", outcome="outcome", nutrient="m")} == {"m"}


def test_what_moves_an_outcome_is_whatever_was_tried_the_surest_first_and_then_what_is_shown() -> None:
    rows = _asked("what-moves", outcome="outcome")
    # All are very low, by so few people; two trials show n1, one shows the drug, and one leaves open whether m does anything.
    assert {row["certainty"] for row in rows} == {"very low"}
    assert [(row["moved_by"], row["claim"].rpartition("/")[2], float(row["times"])) for row in rows] == [
        ("n", "whole", 3),
        ("n1", "form", 3),
        ("drug", "by-drug", 3),
        ("m", "other-at-site", 0.5),
    ]
    assert [row["kind"] for row in rows] == ["nutrient", "form", "drug", "nutrient"]
