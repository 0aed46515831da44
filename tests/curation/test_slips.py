# ruff: noqa: E501
# Tables of cases have one on each line, however long its message.
"""Slips that a curator's hand or a spreadsheet makes: each is named with its file, line and column, and the way out. Warnings stop nothing."""

import re
import shutil
from pathlib import Path

import pytest
from project import Folder, Run, copy_tables, write_claims, write_part
from pyoxigraph import NamedNode, RdfFormat, Store

import k2graph
from k2graph import iris, resources
from k2graph.building import build
from k2graph.curation.reader import read_tables
from k2graph.ontology import Vocabulary, plain_spelling

pytestmark = pytest.mark.extras

REPORT, STUDY = "DOI:10.1001/jama.292.3.358", "habu-2004"
FINDING = "daikihabu2004-1"  # a risk ratio of 0.20 (0.04 to 0.91), p 0.04: decreases
ARM = "utrecht-mk7-diabetes-mk7"  # 360 ug a day of MK-7
#: In which row of a table a slip is made; in any other table it is the first.
IN_ROW = {"reports": (REPORT,), "studies": (STUDY,), "arms": (ARM,)}
NUMBER = {
    "effect_measure": "risk ratio",
    "value": "",
    "ci_low": "",
    "ci_high": "",
    "p_value": "",
    "unit": "",
    "scale": "",
    "events1": "",
    "events2": "",
}
WAY_OUT = "look both up again, or write inverse in its scale if the number is larger where there is less of the object or of the subject, and nothing if it is not. (shape:direction-fits-number)"


def warnings(tables: Folder) -> list[str]:
    found: list[str] = []
    build.asserted(tables.path, tables.vocabulary, progress=lambda news: found.append(str(news)))
    return found


def new_warnings(tables: Folder, already: list[str]) -> list[str]:
    return [warning for warning in warnings(tables) if warning not in already]


#: A mean in place of the share that the first row of the figures of status is.
MEAN = {"statistic": "mean", "value": "70", "unit": "ug/d"}


def spoil(tables: Folder, table: str, column: str, text: str) -> int:
    """Write a text into one cell of a table, in the row in which its slips are made; the line."""
    lines = tables.lines(table)
    line = tables.line(table, *IN_ROW[table]) if table in IN_ROW else 2
    lines[line - 1][lines[0].index(column)] = text
    tables.write(table, lines)
    return line


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("part") / "tables"
    write_part(path, STUDY, FINDING, ARM)
    return path


@pytest.fixture
def some(part: Path, tmp_path: Path, vocabulary: Vocabulary) -> Folder:
    """A copy of the part of the real tables in which the slips are made."""
    return Folder(Path(shutil.copytree(part, tmp_path / "some")), vocabulary)


@pytest.fixture(scope="module")
def known(part: Path, vocabulary: Vocabulary) -> list[str]:
    """What this part as it stands is warned of."""
    return warnings(Folder(part, vocabulary))


# Direction against number


@pytest.mark.parametrize(
    ("direction", "cells", "column", "message"),
    [
        ("decreases", {"value": "4.25"}, "value", f"4.25 lies above 1, where a risk ratio shows no effect, but the direction of '{FINDING}' is decreases: {WAY_OUT}"),
        ("increases", {"effect_measure": "HR", "value": "0.4"}, "value", f"0.4 lies below 1, where a hazard ratio shows no effect, but the direction of '{FINDING}' is increases: {WAY_OUT}"),
        ("increases", {"effect_measure": "mean difference", "value": "-2"}, "value", f"-2 lies below 0, where a mean difference shows no effect, but the direction of '{FINDING}' is increases: {WAY_OUT}"),
        ("decreases", {"effect_measure": "MD", "ci_low": "0.97", "ci_high": "1.76"}, "ci_low", f"0.97 lies above 0, where a mean difference shows no effect, but the direction of '{FINDING}' is decreases: {WAY_OUT}"),
        ("decreases", {"effect_measure": "r", "value": "0.3"}, "value", f"0.3 lies above 0, where a correlation coefficient shows no effect, but the direction of '{FINDING}' is decreases: {WAY_OUT}"),
        ("decreases", {"value": "0.2", "scale": "inverse"}, "value", f"0.2 lies below 1, where a risk ratio shows no effect, but the direction of '{FINDING}' is decreases: {WAY_OUT}"),
        ("decreases", {"effect_measure": "", "scale": "inverse"}, "scale", f"'{FINDING}' says how its number runs, but there is none: leave the scale empty, or give the number. (shape:scale-of-a-number)"),
    ],
)  # fmt: skip
def test_a_number_on_the_other_side_of_no_effect(some: Folder, direction: str, cells: dict[str, str], column: str, message: str) -> None:
    line = some.change("findings", FINDING, **NUMBER | cells, direction=direction)
    assert some.inconsistencies() == [f"findings.tsv:{line}: {column}: {message}"]


@pytest.mark.parametrize(
    ("direction", "cells"),
    [
        ("decreases", {"value": "4.25", "scale": "inverse"}),
        ("increases", {"value": "0.4", "scale": "inverse"}),
        ("increases", {"effect_measure": "mean difference", "value": "-2", "scale": "inverse"}),
        ("decreases", {"value": "1"}),
        ("decreases", {"value": "0.9", "ci_low": "0.8", "ci_high": "1.00"}),
        ("no-effect", {"value": "0.9", "ci_low": "0.8", "ci_high": "1.00"}),
        ("mixed", {"value": "4.25", "p_value": "0.001"}),
        ("increases", {"effect_measure": "median", "value": "-3"}),
        ("increases", {"effect_measure": "", "value": "", "p_value": "0.05"}),
        ("no-effect", {"effect_measure": "", "p_value": "0.05"}),
        ("no-effect", {"effect_measure": "", "p_value": "<0.2"}),
        ("decreases", {"effect_measure": "", "p_value": "≤0.05"}),
    ],
)
@pytest.mark.slow
def test_a_number_that_agrees_with_its_direction(some: Folder, known: list[str], direction: str, cells: dict[str, str]) -> None:
    some.change("findings", FINDING, **NUMBER | cells, direction=direction)
    assert new_warnings(some, known) == []


@pytest.mark.parametrize(
    ("direction", "cells", "column", "message"),
    [
        ("decreases", {"value": "0.8", "ci_low": "0.5", "ci_high": "1.2"}, "ci_low", f"0.5 to 1.2 holds 1, no effect, but the direction of '{FINDING}' is decreases: look both up again. (shape:direction-fits-interval)"),
        ("no-effect", {"value": "1.3", "ci_low": "1.1", "ci_high": "1.5"}, "ci_low", f"1.1 to 1.5 leaves out 1, no effect, but the direction of '{FINDING}' is no-effect: look both up again. (shape:direction-fits-interval)"),
        ("no-association", {"effect_measure": "mean difference", "ci_low": "-3", "ci_high": "-1"}, "ci_low", f"-3 to -1 leaves out 0, no effect, but the direction of '{FINDING}' is no-association: look both up again. (shape:direction-fits-interval)"),
        ("no-effect", {"p_value": "0.001"}, "p_value", f"0.001 is below 0.05, but the direction of '{FINDING}' is no-effect: look both up again, and whether p is of this result. (shape:direction-fits-p)"),
        ("no-effect", {"p_value": "<0.0001"}, "p_value", f"<0.0001 is below 0.05, but the direction of '{FINDING}' is no-effect: look both up again, and whether p is of this result. (shape:direction-fits-p)"),
        ("decreases", {"p_value": "0.9"}, "p_value", f"0.9 is not below 0.05, but the direction of '{FINDING}' is decreases: look both up again, and whether p is of this result. (shape:direction-fits-p)"),
        ("decreases", {"p_value": ">0.05"}, "p_value", f">0.05 is not below 0.05, but the direction of '{FINDING}' is decreases: look both up again, and whether p is of this result. (shape:direction-fits-p)"),
    ],
)  # fmt: skip
def test_an_interval_or_a_p_that_denies_the_direction(
    some: Folder, known: list[str], direction: str, cells: dict[str, str], column: str, message: str
) -> None:
    if direction == "no-association":
        some.change("studies", STUDY, design="prospective-cohort")
    line = some.change("findings", FINDING, **NUMBER | cells, direction=direction)
    assert new_warnings(some, known) == [f"findings.tsv:{line}: warning: {column}: {message}"]


# What numbers can be


@pytest.mark.parametrize(
    ("table", "key", "column", "text", "beyond", "limit"),
    [
        ("studies", STUDY, "n", "17410000", "17410000 lies beyond 1000000: ", "limit-sample-size"),
        ("reports", REPORT, "year", "2051", "2051 lies beyond 2027: ", "limit-year"),
        ("reference_intakes", "", "year", "2051", "2051 lies beyond 2027: ", "limit-year"),
        ("studies", STUDY, "age", "mean 590 (SD 29)", "590 is above 120; ", "limit-age"),
        ("findings", FINDING, "n", "17410000", "17410000 lies beyond 1000000: ", "limit-group-size"),
        # A date as a spreadsheet counts days.
        ("arms", ARM, "lasted", "44927", "44927 lies beyond 20000: ", "limit-lasting"),
        ("foods", "", "value_high", "45000", "45000 ug/100 g lies beyond 10000 ug/100 g: ", "limit-much-content"),
        ("reference_intakes", "", "amount", "70000", "70000 is above 10000; ", "limit-intake"),
    ],
)
def test_a_number_that_hardly_can_be(
    some: Folder, known: list[str], table: str, key: str, column: str, text: str, beyond: str, limit: str
) -> None:
    line = some.change(table, key, **{column: text}) if key else spoil(some, table, column, text)
    (found,) = new_warnings(some, known)
    assert found.startswith(f"{table}.tsv:{line}: warning: {column}: {beyond}")
    assert re.search(rf"Look (it|number and unit) up again \(the limit is k2g:{limit}\)", found)


@pytest.mark.parametrize(
    ("table", "column", "text", "message"),
    [
        ("studies", "n", "0", "0 lies beyond 1: A study has one participant at least"),
        ("spreads", "sd", "-2.1", "-2.1 lies beyond 0: A standard deviation is never below nothing."),
        ("foods", "value_low", "-3", "-3 lies beyond 0: A food does not hold less than nothing."),
        ("arms", "dose", "-360", "A dose is at most one number, and not below nothing. (shape:arm-dose)"),
        ("arms", "lasted", "0", "How long an arm got it is at most one number above nothing. (shape:arm-lasted)"),
        ("studies", "age", "-5", "'-5' is not an age, such as 50-65, mean 66 (SD 11) or 8 weeks"),
    ],
)
def test_a_number_that_cannot_be(some: Folder, table: str, column: str, text: str, message: str) -> None:
    line = spoil(some, table, column, text)
    found, *more = some.inconsistencies()
    assert found.startswith(f"{table}.tsv:{line}: {column}: {message}")
    # A shape of the property itself may say the same.
    assert all(each.startswith(f"{table}.tsv:{line}: {column}: ") for each in more)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"share_low": "157.0"}, "share_low", "The share that is low is at most one decimal number from 0 to 100"),
        ({"share_low": ""}, "share_low", "'{key}' is a share below, and has none: give the share that is low, or name another statistic."),
        ({"value": "43.0", "unit": "%"}, "value", "'{key}' is a share below, and has a value beside it: leave that empty"),
        ({"threshold": "", "threshold_unit": "", "threshold_name": ""}, "figure", "A share is low by something: give the threshold"),
        ({"threshold_unit": ""}, "threshold_unit", "Give the one unit of the threshold"),
        ({"statistic": "range"}, "value_low", "'{key}' is a range, and has no ends: give both, or name another statistic."),
        ({"statistic": "mean"}, "value", "'{key}' is a mean, and has no value: give it, or name another statistic."),
        ({"statistic": "mean", "value": "70"}, "unit", "'{key}' has a number without a unit"),
        (MEAN | {"value_low": "60"}, "value_high", "'{key}' has one end of an interval: give both"),
        (MEAN | {"value_low": "60", "value_high": "80"}, "spread_measure", "'{key}' does not say what stands beside its value"),
        (MEAN | {"spread": "9", "spread_measure": "iqr"}, "spread_measure", "'{key}' does not say what stands beside its value"),
        (
            MEAN | {"value_low": "80", "value_high": "60", "spread_measure": "ci95"},
            "value_low",
            "The lower end is at most one decimal number",
        ),
        (MEAN | {"spread": "9", "spread_measure": "sd"}, "", ""),
        (MEAN | {"share_low": "", "threshold": "", "threshold_unit": "", "threshold_name": "", "share_computed": ""}, "", ""),
    ],
)
def test_a_figure_of_status_that_does_not_hold_together(some: Folder, cells: dict[str, str], column: str, message: str) -> None:
    key = some.lines("status_surveys")[1][0]
    line = some.change("status_surveys", key, **cells)
    found = some.inconsistencies()
    if column:
        assert any(each.startswith(f"status_surveys.tsv:{line}: {column}: {message.format(key=key)}") for each in found), found
    else:
        assert found == []


@pytest.mark.parametrize(
    ("value", "unit", "per", "message"),
    [
        # Other trials of MK-7 gave 10 to 1000 ug a day, and 360 to 1080 ug three times a week.
        ("360000", "ug", "day", "360000 ug of mk-7 is 360 times the highest dose of other studies (1000 ug in "),
        ("360", "mg", "day", "360 mg of mk-7 is 360 times the highest dose of other studies (1000 ug in "),
        ("0.36", "ug", "day", "0.36 ug of mk-7 is 28 times less than the lowest dose of other studies (10 ug in "),
        ("30", "ug", "three-times-a-week", "30 ug of mk-7 is 12 times less than the lowest dose of other studies (360 ug in "),
        ("2000000", "g", "day", "2000000 g is more than anybody takes; "),
        # Not to be compared: nanomoles with micrograms, a day with a kilogram of body weight a day.
        ("10000", "nmol", "day", None),
        ("360", "mg", "kg-diet", None),
        ("0.36", "mg", "day", None),
        ("999", "mcg", "day", None),
    ],
)
def test_a_dose_far_from_all_others(tables: Folder, vocabulary: Vocabulary, value: str, unit: str, per: str, message: str | None) -> None:
    line = tables.change("arms", ARM, dose=value, dose_unit=unit, per=per)
    known = read_tables(resources.TABLES, vocabulary).warnings
    found = [str(warning) for warning in read_tables(tables.path, vocabulary).warnings if warning not in known]
    if message:
        assert len(found) == 1
        assert found[0].startswith(f"arms.tsv:{line}: warning: dose: {message}")
    else:
        assert found == []


def test_a_slip_that_was_made_twice_is_one_too(tables: Folder, vocabulary: Vocabulary) -> None:
    # MK-7 by the day, of 10 to 1000 ug in other trials: written in milligrams for micrograms in two of them, as from one review.
    known = read_tables(tables.path, vocabulary).warnings
    by_day = [
        row
        for row in _rows(tables, "arms")
        if row["forms"] == "mk-7" and (row["dose"], row["dose_unit"], row["per"]) == ("180", "ug", "day")
    ]
    first, second = next((a, b) for a in by_day for b in by_day if a["study"] != b["study"])
    lines = {tables.change("arms", each["arm"], dose_unit="mg") for each in (first, second)}
    found = [str(warning) for warning in read_tables(tables.path, vocabulary).warnings if warning not in known]
    assert len(found) == 2
    for line in lines:
        begins = f"arms.tsv:{line}: warning: dose: 180 mg of mk-7 is 180 times the highest dose of other studies (1000 ug in "
        assert any(each.startswith(begins) for each in found)


def test_a_dose_is_not_held_against_other_arms_of_its_own_study(tables: Folder, vocabulary: Vocabulary) -> None:
    # 15 mg three times a week would be 14 times the most that other arms of its study got, and less than eight times the 2 mg of another.
    known = read_tables(tables.path, vocabulary).warnings
    trevasc = [row for row in _rows(tables, "arms") if row["study"] == "trevasc-hdk" and row["per"] == "three-times-a-week"]
    caluw = [row for row in _rows(tables, "arms") if row["study"] == "caluw-2014" and row["per"] == "three-times-a-week"]
    assert ({row["dose"] for row in trevasc}, {row["dose"] for row in caluw}) == ({"360"}, {"360", "720", "1080"})
    tables.change("arms", caluw[0]["arm"], dose="15000")
    assert read_tables(tables.path, vocabulary).warnings == known


# One cell that other rows, or other cells of its own, give away: all in one copy of the tables, since it is built once


#: By the shape that finds it: the table, what its row holds, what is written into one cell, and how the warning begins after its place.
SINGLE_CELLS = [
    ("dose-in-another-unit", "arms", {"forms": "mk-4", "dose": "45", "per": "day"}, {"dose_unit": "ug"}, "dose_unit: 24 studies gave 45 mg of 'mk-4', and "),
    ("dose-by-weight", "arms", {"arm": ARM}, {"per": "kg-day"}, f"per: 12 studies gave 360 ug of 'mk-7' a day, and '{ARM}' 360 ug a kilogram of body weight a day: "),
    ("dose-for-a-body", "arms", {"forms": "vitamin-k1", "dose": "10", "per": "day"}, {"per": "kg-day"}, "per: 10 mg of 'vitamin-k1' a kilogram of body weight a day is for 60 kg more than 10 times "),
    ("far-from-others", "foods", {"form": "mk-4", "value_mean": "18.7"}, {"unit": "mg/100 g"}, "value_mean: 18.7 mg/100 g lies far above all others of 'mk-4' "),
    ("amount-within-likely-limits", "foods", {"form": "mk-7", "value_mean": "939"}, {"unit": "mg/100 g"}, "value_mean: 939 mg/100 g lies beyond 10000 ug/100 g: "),
    ("far-from-others", "reference_intakes", {"amount": "10"}, {"amount": "10000"}, "amount: 10000 ug/d lies far above all others of 'vitamin-k' "),
    ("far-from-others", "pharmacokinetics", {"amount": "57.1", "unit": "ng/mL"}, {"unit": "mg/mL"}, "amount: 57.1 mg/mL lies far above all others "),
    ("far-from-others", "pharmacokinetics", {"amount": "371"}, {"unit": "ug h/mL"}, "amount: 371 ug h/mL lies far above all others "),
    ("unit-as-reported", "findings", {"finding": "nemaus2010-2"}, {"unit": "mg/L"}, "unit: 'nemaus2010-2' is in mg/L, but what was reported is in ng/mL: "),
    ("far-from-others", "findings", {"finding": "ceelderink2023-3"}, {"unit": "nmol/L"}, "value: -385 nmol/L lies far above all others of 'dp-ucmgp' "),
    ("direction-fits-events", "findings", {"events1": "2", "events2": "8"}, {"events1": "8", "events2": "2"}, "events1: 8 events against 2 are more for the sizes of the two arms, but the direction of "),
    ("interval-fits-spreads", "findings", {"finding": "rlfulton2016-2"}, {"sd1": "14"}, "sd1: The interval of 'rlfulton2016-2', -1.8 to 0.3, is more than 4 times as wide or as narrow "),
    ("arms-differ-alike", "findings", {"sd1": "117"}, {"sd1": "0.001"}, "sd1: The people of one arm of "),
    ("size-holds-arms", "findings", {"n": "388"}, {"n": "12"}, "n: 'mkylashea2009-1' is about 12 people, but its arms are of 200 and 188: "),
    ("far-from-others", "spreads", {"sd": "2.1"}, {"sd": "210"}, "sd: 210 m/s lies far above all others of 'arterial-stiffness' "),
    ("far-from-others", "spreads", {"sd": "117"}, {"sd": "0.001"}, "sd: 0.001 pmol/L lies far below all others of 'dp-ucmgp' "),
    ("far-from-others", "important_differences", {"value": "0.05"}, {"value": "5.0"}, "value: 5 m/s lies far above all others of 'physical-performance' "),
    ("range-in-order", "studies", {"age": "50-60"}, {"age": "70-50"}, "age: 70-50 runs from more to less: "),
    ("range-in-order", "studies", {"age": "50-65"}, {"age": "median 61 (75.5-60)"}, "age: median 61 (75.5-60) runs from more to less: "),
    ("range-in-order", "reports", {"pages": "358-361"}, {"pages": "361-358"}, "pages: 361-358 runs from more to less: "),
    ("range-in-order", "reports", {"pages": "863-864"}, {"pages": "863-54"}, "pages: 863-54 runs from more to less: "),
    ("spoiled-text", "reports", {"pages": "831-6"}, {"pages": "45359"}, "pages: 45359 is a number, a word of a spreadsheet or a day as it counts days, "),
    ("year-fits-doi", "reports", {"doi": "10.1016/j.ejphar.2015.06.014"}, {"year": "1951"}, "year: 'DOI:10.1016/j.ejphar.2015.06.014' is of 1951, but its DOI, 10.1016/j.ejphar.2015.06.014, of 2015: "),
    ("within-likely-limits", "reports", {"pages": "1323-8"}, {"year": "1915"}, "year: 1915 lies beyond 1930: "),
    ("lost-letters", "entities", {"entity": "acenocoumarol"}, {"definition": "?-carotene and ?g/day"}, "definition: ?-carotene and ?g/day holds a question mark where a letter was lost: "),
    ("lost-letters", "findings", {"finding": "karinlevyschousboe2021-1"}, {"reported": "die Zellul?re Antwort"}, "reported: die Zellul?re Antwort holds a question mark where a letter was lost: "),
    ("lost-letters", "studies", {"study": "knapen-2007"}, {"population": "women of the Universit?t"}, "population: women of the Universit?t holds a question mark where a letter was lost: "),
    ("lost-letters", "findings", {"finding": "karinlevyschousboe2021-2"}, {"conditions": "10?g a day"}, "conditions: 10?g a day holds a question mark where a letter was lost: "),
    ("within-likely-limits", "findings", {"follow_up": "730"}, {"follow_up": "730000"}, "follow_up: 730000 lies beyond 20000: "),
    ("lost-letters", "studies", {"study": "olson-2002"}, {"note": "Dvo?ák and M?LLER"}, "note: Dvo?ák and M?LLER holds a question mark where a letter was lost: "),
    ("lost-letters", "studies", {"study": "parker-2010"}, {"age": "aged ?65 years"}, "age: aged ?65 years holds a question mark where a letter was lost: "),
    ("lost-letters", "studies", {"study": "brangier-2018"}, {"health_status": "3.2?0.4"}, "health_status: 3.2?0.4 holds a question mark where a letter was lost: "),
    ("within-likely-limits", "arms", {"lasted": "36", "lasted_unit": "mo"}, {"lasted": "3600"}, "lasted: 109575 lies beyond 20000: "),
    ("arm-within-study", "findings", {"finding": "juniwamoto2000-2"}, {"n1": "21000"}, "n1: 'juniwamoto2000-2' has 21000 people in an arm, more than 2 times as many as its study, "),
    ("lost-letters", "entities", {"entity": "antibiotics"}, {"synonyms": "?-lactams"}, "synonyms: ?-lactams holds a question mark where a letter was lost: "),
]  # fmt: skip
#: Texts that only look so.
LEGAL = {
    "pages": ["160-5", "1001-9", "1192S-6S", "S12-S15", "e123", "e391-e398", "104853", "123-8; discussion 139-40", "xii-xiv", "99-101"],
    "age": ["18-65", "18–65", "mean 66 (SD 11)", "12-17, mean 14", "9 months to 2 years", "62.6 ± 14.8", "7-11 months"],
}


@pytest.fixture(scope="module")
def slipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], list[int], list[str]]:
    """The lines of the slips and of the texts that only look so, and what the whole tables with all of them are newly warned of."""
    folder = Folder(copy_tables(resources.TABLES, tmp_path_factory.mktemp("slipped")), Vocabulary())
    known = warnings(folder)
    taken: set[tuple[str, int]] = set()

    def change(table: str, where: dict[str, str], cells: dict[str, str]) -> int:
        rows = enumerate(_rows(folder, table), 2)
        line = next(n for n, row in rows if (table, n) not in taken and all(row[column] == text for column, text in where.items()))
        taken.add((table, line))
        lines = folder.lines(table)
        for column, text in cells.items():
            lines[line - 1][lines[0].index(column)] = text
        folder.write(table, lines)
        return line

    spoilt = [change(table, where, cells) for _, table, where, cells, _ in SINGLE_CELLS]
    legal = [change("reports", {"doi": "", "year": "2021"}, {"pages": text}) for text in LEGAL["pages"]]
    legal += [change("studies", {"design": "rct", "age": ""}, {"age": text}) for text in LEGAL["age"]]
    return spoilt, legal, new_warnings(folder, known)


@pytest.mark.parametrize("number", range(len(SINGLE_CELLS)), ids=[f"{table}-{shape}" for shape, table, *_ in SINGLE_CELLS])
def test_a_single_cell_that_others_give_away(slipped: tuple[list[int], list[int], list[str]], number: int) -> None:
    shape, table, _, _, begins = SINGLE_CELLS[number]
    lines, _, found = slipped
    start, end = f"{table}.tsv:{lines[number]}: warning: {begins}", f"(shape:{shape})"
    assert [each for each in found if each.startswith(start) and each.endswith(end)], found


def test_a_range_that_only_looks_turned_round(slipped: tuple[list[int], list[int], list[str]]) -> None:
    _, legal, found = slipped
    pages = legal[: len(LEGAL["pages"])]
    places = {f"reports.tsv:{line}: warning: pages" for line in pages} | {
        f"studies.tsv:{line}: warning: age" for line in legal[len(pages) :]
    }
    assert [each for each in found if each.startswith(tuple(places))] == []


def _rows(tables: Folder, table: str) -> list[dict[str, str]]:
    header, *lines = tables.lines(table)
    return [dict(zip(header, line, strict=True)) for line in lines]


# What a spreadsheet makes of a cell


DATE = "is a date that a spreadsheet made of something else; type in what the source says, in a column of text"
ERROR = "is a spreadsheet's error, not a value; put in what belongs there, or leave the cell empty"
QUOTED = "is put in quotes, as a spreadsheet saves a cell; take the outer quotes away and write inner ones once"


@pytest.mark.parametrize(
    ("table", "column", "text", "message"),
    [
        ("reports", "pages", "8-Mar", f"'8-Mar' {DATE}"),
        ("reports", "issue", "4-Mar", f"'4-Mar' {DATE}"),
        ("reports", "issue", "2024-03-04", f"'2024-03-04' {DATE}"),
        ("reports", "volume", "Mar-08", f"'Mar-08' {DATE}"),
        ("reports", "volume", "08. Mrz", f"'08. Mrz' {DATE}"),
        ("studies", "age", "10-May", f"'10-May' {DATE}"),
        ("studies", "sex", "10/05/2024", f"'10/05/2024' {DATE}"),
        ("studies", "planned_outcomes", "2-Sep", f"'2-Sep' {DATE}"),
        ("findings", "value", "8-Jul", f"'8-Jul' {DATE}"),
        ("findings", "reported", "2024-03-04 00:00:00", f"'2024-03-04 00:00:00' {DATE}"),
        ("entities", "label", "2-Sep", f"'2-Sep' {DATE}"),
        ("entities", "synonyms", "SEPTIN2|2-Sep", f"'2-Sep' {DATE}"),
        ("pharmacokinetics", "amount", "8-Jul", f"'8-Jul' {DATE}"),
        ("reports", "title", "#NAME?", f"'#NAME?' {ERROR}"),
        ("studies", "country", "#N/A", f"'#N/A' {ERROR}"),
        ("studies", "country", "#REF!", f"'#REF!' {ERROR}"),
        ("findings", "value", "#VALUE!", f"'#VALUE!' {ERROR}"),
        ("findings", "value", "#DIV/0!", f"'#DIV/0!' {ERROR}"),
        ("findings", "note", "#BEZUG!", f"'#BEZUG!' {ERROR}"),
        ("reports", "title", '"Role of Vitamin K2, in ""women"" with cirrhosis"', QUOTED),
        ("reports", "title", '"Role of Vitamin K2, in women with cirrhosis"', QUOTED),
        ("entities", "synonyms", 'the ""first""', QUOTED),
        ("reports", "first_author", "BÃ¼gel S", "holds 'Ã¼', which is 'ü' read in another encoding; open the file as UTF-8 and type it again"),
        ("reports", "title", "5â€“6 weeks", "holds 'â€“', which is '–' read in another encoding; open the file as UTF-8 and type it again"),
        ("findings", "reported", "a change of 3 Â± 1", "holds 'Â±', which is '±' read in another encoding; open the file as UTF-8 and type it again"),
        ("findings", "reported", "TNF-Î±", "holds 'Î±', which is 'α' read in another encoding; open the file as UTF-8 and type it again"),
        ("reports", "title", "Vitamin K\ufffds role", "holds U+FFFD in place of a letter that was lost; type it again from the source, and save the file as UTF-8"),
        ("reports", "pages", "1.09E+04", "'1.09E+04' is a number that a spreadsheet has cut to an exponent; type in all its digits, in a column of text"),
        ("pharmacokinetics", "amount", "1E-05", "'1E-05' is a number that a spreadsheet has cut to an exponent; type in all its digits, in a column of text"),
        ("arms", "dose", "10,642", "'10,642' is not a number, such as 12 or -0.35 (the unit has a column of its own)"),
        ("reference_intakes", "amount", "1,000", "'1,000' holds separators of thousands; write 1000"),
        ("reports", "pages", "45,372 pp", "'45,372 pp' is not pages or an article number, such as 358-361, e0195432 or S57"),
        ("reports", "issue", "@3", "'@3' is not an issue, such as 3, 3-4, 4 Suppl or Pt 2"),
        ("reports", "volume", "Jan.", "'Jan.' is not a volume, such as 36, 164A or 12 Suppl 1"),
        ("pharmacokinetics", "amount", "=7-8", "'=7-8' is not an amount, such as 7-8, 0.28 to 1.94, >2 or not detectable"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_cell_that_a_spreadsheet_spoilt(some: Folder, table: str, column: str, text: str, message: str) -> None:
    line = spoil(some, table, column, text)
    assert some.faults()[0] == f"{table}.tsv:{line}: {column}: {message}"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *((column, text) for column, texts in {
            "pages": ["3-8", "358-361", "1192S-6S", "275ra23", "e0195432", "S57", "CD009917", "xii-xiv", "A12, A15", "123-8; discussion 139-40", "iv12-iv18"],
            "issue": ["3-4", "03", "3 Pt 1", "Pt 2", "4 Suppl", "Suppl 1", "Spec No", "7320", "Jan-Feb"],
            "volume": ["164A", "12 Suppl 1", "XIV", "36(2)", "Suppl 39", "2024"],
            "age": ["5-10", "mean 52.6 (SD 11.9)", "62.6 ± 14.8", "from 4 months", "200 weeks", "adults"],
            "title": ['"Silent" and "loud" deficiency', "OCT-4 and DEC-1 in bone", "CAFÉ’S and NAÏVE cells, É–È", "Smith’s “MÜ”", "May 2010", "#1 cause of death", "1/2 of 3/4"],
        }.items() for text in texts),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_cell_that_only_looks_so(some: Folder, part: Path, vocabulary: Vocabulary, column: str, text: str) -> None:
    table, key = ("studies", STUDY) if column == "age" else ("reports", REPORT)
    some.change(table, key, **{column: text})
    assert read_tables(some.path, vocabulary).warnings == read_tables(part, vocabulary).warnings


def test_more_events_than_people(some: Folder) -> None:
    line = some.change("findings", FINDING, events1="99", n1="21", events2="9", n2="19")
    assert any(
        each.startswith(
            f"findings.tsv:{line}: events1: The number of events in the arm is at most one whole number from 0 to that of its people."
        )
        for each in some.inconsistencies()
    )


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("reports", "issue", "45355"),
        ("reports", "title", "TRUE"),
        ("reports", "title", "Osteocalcin &amp; bone"),
        ("entities", "label", "44806"),
    ],
)
def test_a_text_that_a_spreadsheet_or_a_web_page_spoilt_is_warned_of(
    some: Folder, known: list[str], table: str, column: str, text: str
) -> None:
    line = spoil(some, table, column, text)
    found = [warning for warning in new_warnings(some, known) if "shape:spoiled-text" in warning]
    assert [warning.partition(": warning: ")[0] for warning in found] == [f"{table}.tsv:{line}"]


def test_a_date_in_a_quotation_stands(some: Folder) -> None:
    spoil(some, "citation_audit", "as_cited", "2024-03-04")
    assert some.faults() == []


# Files


def test_a_column_without_a_name(some: Folder) -> None:
    lines = some.lines("organisms")
    width = len(lines[0])
    some.write("organisms", [[*cells, "", ""] for cells in lines])
    way_out = "has no name; take away the tab that makes it, on every line, or give it its name"
    assert some.faults() == [f"organisms.tsv:1: column {width + 1} {way_out}", f"organisms.tsv:1: column {width + 2} {way_out}"]


@pytest.mark.parametrize(("separator", "name"), [(",", "commas"), (";", "semicolons")])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_file_whose_cells_are_not_divided_by_tabs(some: Folder, separator: str, name: str, quote: str) -> None:
    path = some.file("organisms")
    cells = [[f"{quote}{cell}{quote}" for cell in line] for line in some.lines("organisms")]
    path.write_text("\n".join(separator.join(line) for line in cells) + "\n", encoding="utf-8")
    assert some.faults() == [
        f"organisms.tsv:1: its cells are divided by {name}, not by tabs; save it as text divided by tabs, in UTF-8 "
        "(LibreOffice: Text CSV with the field delimiter {Tab} and no text delimiter)"
    ]


# Measures and units


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("m·s⁻¹", "m/s"), ("m s-1", "m/s"), ("percent", "%"), ("mcg", "ug"), ("µg", "ug"), ("μg", "ug"), ("µg/day", "ug/d"),
        ("mcg daily", "ug/d"), ("ng/ml", "ng/mL"), ("nmol·L⁻¹", "nmol/L"), ("mm Hg", "mmHg"), ("kg/m²", "kg/m2"), ("10⁻³ mmHg⁻¹", "10^-3 mmHg^-1"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_unit_in_another_spelling_is_the_same_word(some: Folder, text: str, word: str) -> None:
    some.change("findings", FINDING, unit=text)
    store = build.asserted(some.path, some.vocabulary)
    found = store.query(f"SELECT ?unit ?written ?code {{ finding:{FINDING} k2g:unit ?unit ; k2g:unitAsWritten ?written ; k2g:unitTerm/skos:notation ?unit }}", prefixes=iris.PREFIXES)  # fmt: skip
    assert [(row["unit"].value, row["written"].value) for row in found] == [(word, text)]


@pytest.mark.parametrize(
    ("text", "word"),
    [("RR", "risk ratio"), ("Relative Risk", "risk ratio"), ("hr", "hazard ratio"), ("WMD", "mean difference"), ("Cohen’s d", "standardised mean difference")],
)  # fmt: skip
@pytest.mark.slow
def test_a_measure_in_another_spelling_is_the_same_word(some: Folder, text: str, word: str) -> None:
    some.change("findings", FINDING, effect_measure=text, value="", ci_low="", ci_high="", direction="no-effect", p_value="")
    store = build.asserted(some.path, some.vocabulary)
    found = store.query(f"SELECT ?measure ?written {{ finding:{FINDING} k2g:effectMeasure ?measure ; k2g:effectMeasureAsWritten ?written ; k2g:measureTerm/skos:notation ?measure }}", prefixes=iris.PREFIXES)  # fmt: skip
    assert [(row["measure"].value, row["written"].value) for row in found] == [(word, text)]


@pytest.mark.parametrize(
    ("table", "column", "text", "scheme", "near"),
    [
        ("findings", "unit", "ng/mLL", "units", "; did you mean 'ng/mL'?"),
        ("findings", "unit", "blips", "units", ""),
        ("spreads", "unit", "m/z", "units", None),
        ("foods", "unit", "ug/100 gg", "units", None),
        ("reference_intakes", "unit", "ug/dd", "units", None),
        ("arms", "dose_unit", "Mg/d", "units", "; did you mean 'mg/d'?"),
        ("arms", "dose_unit", "mg once", "units", None),
        ("arms", "dose_unit", "ug; ug/d", "units", None),
        ("arms", "dose_unit", "mg/dd", "units", "; did you mean 'mg/d'?"),
        ("pharmacokinetics", "unit", "NG/ML", "units", "; did you mean 'ng/mL'?"),
        ("pharmacokinetics", "unit", "days (at least)", "units", None),
        ("pharmacokinetics", "unit", "p = 0.03", "units", None),
        ("findings", "effect_measure", "risk ration", "effect-measures", "; did you mean 'risk ratio'?"),
        ("findings", "effect_measure", "HR, highest against lowest quartile", "effect-measures", None),
    ],
)
def test_a_word_that_nobody_knows(some: Folder, table: str, column: str, text: str, scheme: str, near: str | None) -> None:
    lines = some.lines(table)
    lines[1][lines[0].index(column)] = text
    some.write(table, lines)
    (found,) = some.faults()
    start, end = (
        f"{table}.tsv:2: {column}: {text!r} is no word of k2g:{scheme}, in no spelling that is known",
        ("; write a word of it, and what is not of the word in a column beside it, or add the word to the ontology"),
    )
    assert found.startswith(start)
    assert end in found
    if near is not None:
        assert found == start + end + near


@pytest.mark.parametrize(
    ("table", "column", "text", "word"),
    [
        ("arms", "dose_unit", "mcg weekly", "ug/wk"),
        ("arms", "dose_unit", "µg·kg⁻¹·d⁻¹", "ug/kg/d"),
        ("arms", "dose_unit", "μM", "umol/L"),
        ("pharmacokinetics", "unit", "ng·h/mL", "ng h/mL"),
        ("pharmacokinetics", "unit", "hours", "h"),
        ("pharmacokinetics", "unit", "% more", "% higher"),
    ],
)
def test_a_dose_or_a_figure_of_kinetics_in_another_spelling_is_the_same_word(
    tables: Folder, vocabulary: Vocabulary, table: str, column: str, text: str, word: str
) -> None:
    lines = tables.lines(table)
    lines[1][lines[0].index(column)] = text
    tables.write(table, lines)
    read = read_tables(tables.path, vocabulary)
    assert read.rows[table][0][column] == word
    assert read.written[table, 2, column] == text


def test_every_unit_of_the_graph_is_a_word(graph_store: Store) -> None:
    without = (
        "SELECT ?thing ?unit { { ?thing k2g:unit ?unit FILTER NOT EXISTS { ?thing k2g:unitTerm ?word } } "
        "UNION { ?thing k2g:doseUnit ?unit FILTER NOT EXISTS { ?thing k2g:doseUnitTerm ?word } } "
        "UNION { ?thing k2g:thresholdUnit ?unit FILTER NOT EXISTS { ?thing k2g:thresholdUnitTerm ?word } } }"
    )
    assert [row["thing"].value for row in graph_store.query(without, prefixes=iris.PREFIXES)] == []
    assert len(list(graph_store.query("SELECT ?arm { ?arm k2g:doseUnitTerm/k2g:ucumCode ?code }", prefixes=iris.PREFIXES))) > 100


@pytest.mark.slow
def test_one_trial_that_spells_its_unit_otherwise_is_pooled_with_the_others(
    graph: k2graph.Graph, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    claim = "mk-7-level-arterial-stiffness"
    write_claims(tmp_path / "tables", graph, claim)
    tables = Folder(tmp_path / "tables", vocabulary)
    stores = [build.build(tables.path, vocabulary)]
    tables.change("findings", "ceelderink2023-2", unit="m·s⁻¹")
    pooled = "SELECT ?claim ?value ?low ?high ?trials { ?p a k2g:PooledEstimate ; k2g:claim ?claim ; k2g:unit 'm/s' ; k2g:value ?value ; k2g:ciLow ?low ; k2g:ciHigh ?high ; k2g:investigations ?trials }"  # fmt: skip
    before, after = (
        sorted(tuple(term.value for term in row) for row in store.query(pooled, prefixes=iris.PREFIXES))
        for store in (*stores, build.build(tables.path, vocabulary))
    )
    assert before == after
    assert (iris.ours("claim", claim).value, "-0.31592", "-0.79161", "0.15977", "3") in [
        (of, value, low, high, trials) for of, value, low, high, trials in after
    ]


@pytest.fixture(scope="module")
def graph_store() -> Store:
    store = Store()
    store.bulk_load(path=str(resources.GRAPH), format=RdfFormat.TURTLE)
    return store


def test_each_spelling_means_one_word(vocabulary: Vocabulary) -> None:
    for scheme in ("units", "effect-measures"):
        meant: dict[str, str] = {}
        for notation, concept in vocabulary.schemes[scheme].items():
            labels = {
                notation,
                *(text for name in ("rdfs:label", "skos:altLabel", "skos:hiddenLabel") for text in vocabulary.texts(concept, name)),
            }
            for spelling in map(plain_spelling, labels):
                assert meant.setdefault(spelling, notation) == notation
            assert vocabulary.text(concept, "skos:definition")


@pytest.mark.slow
def test_each_code_of_a_unit_is_one_of_ucum(vocabulary: Vocabulary) -> None:
    from ucumvert import get_ucum_parser

    parser = get_ucum_parser()
    codes = [vocabulary.text(concept, "k2g:ucumCode") for concept in vocabulary.schemes["units"].values()]
    assert sum(map(bool, codes)) > 70
    for code in filter(None, codes):
        parser.parse(code)


@pytest.mark.slow
def test_units_are_converted_as_ucum_converts_them(vocabulary: Vocabulary) -> None:
    from ucumvert import PintUcumRegistry

    registry = PintUcumRegistry()
    converted = 0
    for concept in vocabulary.schemes["units"].values():
        if base := vocabulary.text(concept, "k2g:baseUnit"):
            codes = [vocabulary.text(each, "k2g:ucumCode").replace("{diet}", "") for each in (concept, NamedNode(base))]
            one, other = map(registry.from_ucum, codes)
            times = (one / other).to("dimensionless").magnitude
            assert float(vocabulary.text(concept, "k2g:timesBase")) == pytest.approx(times, rel=1e-12), codes
            converted += 1
    assert converted > 35


def test_a_measure_says_how_it_is_drawn_and_pooled(vocabulary: Vocabulary) -> None:
    ratios = {word for word in vocabulary.schemes["effect-measures"] if vocabulary.fact("effect-measures", word, "k2g:isRatio") == "true"}
    assert ratios == {"risk ratio", "odds ratio", "hazard ratio", "rate ratio", "ratio of means", "fold change"}
    for word in vocabulary.schemes["effect-measures"]:
        assert vocabulary.fact("effect-measures", word, "k2g:isPoolable") in {"true", "false"}
        assert vocabulary.fact("effect-measures", word, "k2g:noEffect") in ({"1"} if word in ratios else {"0", ""})


# The command


@pytest.mark.slow
def test_warnings_are_printed_and_counted_and_stop_nothing(run: Run, some: Folder, tmp_path: Path, known: list[str]) -> None:
    line = some.change("studies", STUDY, n="17410000")
    done = run("build", "--tables", some.path, "--output", tmp_path / "out.ttl")
    assert done.code == 0
    assert (tmp_path / "out.ttl").exists()
    *lines, count, _ = done.err.splitlines()
    assert [each for each in lines if each not in known] == [
        f"studies.tsv:{line}: warning: n: 17410000 lies beyond 1000000: Hardly any study of a nutrient has more than a million participants. "
        "Look it up again (the limit is k2g:limit-sample-size). (shape:within-likely-limits)"
    ]
    assert count == f"{len(known) + 1} warnings"


def test_faults_stop_a_build_and_warnings_are_counted_beside_them(run: Run, some: Folder, tmp_path: Path, known: list[str]) -> None:
    line = some.change("findings", FINDING, value="4.25", ci_low="", ci_high="")
    done = run("build", "--tables", some.path, "--output", tmp_path / "out.ttl")
    assert done.code == 2
    assert not (tmp_path / "out.ttl").exists()
    assert done.err.splitlines()[0].startswith(f"findings.tsv:{line}: value: 4.25 lies above 1")
    assert done.err.splitlines()[-1] == f"1 fault, {len(known)} warnings; nothing was written"


@pytest.mark.slow
def test_the_same_warnings_come_each_time(tables: Folder) -> None:
    found = warnings(tables)
    assert len(found) > 100
    assert warnings(Folder(resources.TABLES, Vocabulary())) == found
