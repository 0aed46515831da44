"""Searches in the tables: what a curator may write, and what is said, with the place, where it does not add up."""

from pathlib import Path

import pytest
from project import Folder, Run, copy_tables, write_part

from k2graph.building.build import build
from k2graph.errors import Fault
from k2graph.ontology import Vocabulary

pytestmark = pytest.mark.extras

SEARCH, CLAIM = "mk-4-hydroquinone", "mk-4-level-vitamin-k-hydroquinone"
#: A report of the part, with a PubMed number, a DOI, a number in PubMed Central and one in a registry.
REPORT = "PMID:99999999"


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("part") / "tables"
    write_part(path, SEARCH, CLAIM)
    return path


@pytest.fixture
def tables(part: Path, tmp_path: Path, vocabulary: Vocabulary) -> Folder:
    return Folder(copy_tables(part, tmp_path), vocabulary)


def warnings(tables: Folder) -> list[str]:
    """What a build says of searches and what they left out, and lets pass."""
    told: list[Fault] = []
    build(tables.path, tables.vocabulary, progress=lambda said: told.append(said) if isinstance(said, Fault) else None)
    return [str(fault) for fault in told if fault.file in {"searches.tsv", "left_out.tsv"}]


def test_the_part_is_in_order(tables: Folder) -> None:
    assert tables.inconsistencies() == []
    assert warnings(tables) == []


@pytest.mark.parametrize("text", ["2026-02-30", "27/11/2026", "2026-11", "20261127", "2026-1-1", "yesterday", "2026-11-27T08:00"])
def test_a_day_that_is_none(tables: Folder, text: str) -> None:
    line = tables.change("searches", SEARCH, date=text)
    assert tables.faults() == [f"searches.tsv:{line}: date: {text!r} is not a date of the calendar, such as 2026-11-27"]


def test_a_day_after_the_date_of_the_data(tables: Folder) -> None:
    described = tables.path.parent / "pack.toml"
    described.write_text(described.read_text(encoding="utf-8").replace('date = "2026-11-27"', 'date = "2026-11-26"'), encoding="utf-8")
    tables.change("searches", SEARCH, date="2026-11-26")
    found = tables.inconsistencies()
    assert [fault for fault in found if SEARCH in fault] == []
    line = tables.change("searches", SEARCH, date="2026-11-27")
    (fault,) = [fault for fault in tables.inconsistencies() if repr(SEARCH) in fault]
    assert fault == (
        f"searches.tsv:{line}: date: {SEARCH!r} was made on 2026-11-27, after 2026-11-26, the date of the data: mend the day, or the date"
        " in pack.toml. (shape:search-not-in-future)"
    )


def test_without_a_date_of_the_data_no_day_is_too_late(tables: Folder) -> None:
    described = tables.path.parent / "pack.toml"
    described.write_text(described.read_text(encoding="utf-8").replace('date = "2026-11-27"\n', ""), encoding="utf-8")
    tables.change("searches", SEARCH, date="2099-12-31")
    assert tables.inconsistencies() == []


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        # Of eight shown three were shown before and five were looked at and left out.
        (
            {"screened": "4"}, "screened",
            "{} does not add up: 4 screened, but 0 taken in and 5 left out. Each record that was screened is one or the other."
            " (shape:search-screened-adds-up)",
        ),
        (
            {"held": "1"}, "shown",
            "{} does not add up: 8 shown, but 3 duplicates, 1 held already and 5 screened. (shape:search-shown-adds-up)",
        ),
        (
            {"taken": "1", "left_out": "4"}, "taken",
            "{} took 1 in and names 0 of them: name the reports that went into the graph, each of them. (shape:search-taken-named)",
        ),
        (
            {"claims": ""}, "claims",
            "{} looked for nothing: name the claims, or the things, on which evidence was looked for. (shape:search-for-something)",
        ),
    ],
)  # fmt: skip
def test_numbers_that_do_not_add_up(tables: Folder, cells: dict[str, str], column: str, message: str) -> None:
    line = tables.change("searches", SEARCH, **cells)
    assert f"searches.tsv:{line}: {column}: {message.format(repr(SEARCH))}" in tables.inconsistencies()


def test_things_may_be_looked_for_in_place_of_claims(tables: Folder) -> None:
    tables.change("searches", SEARCH, claims="", concepts="mk-4")
    assert tables.inconsistencies() == []


def test_more_are_listed_than_were_left_out(tables: Folder) -> None:
    line = tables.change("searches", SEARCH, screened="4", left_out="4")
    assert tables.inconsistencies() == [
        f"searches.tsv:{line}: left_out: {SEARCH!r} left 4 out, but 5 are listed as left out by it: mend the number, or the list."
        " (shape:search-left-out-listed)"
    ]


def test_what_is_left_out_without_a_reason_is_a_warning(tables: Folder) -> None:
    tables.remove("left_out", SEARCH, "DOI:10.5772/intechopen.99565")
    assert tables.inconsistencies() == []
    assert warnings(tables) == [
        f"searches.tsv:{tables.line('searches', SEARCH)}: warning: left_out: {SEARCH!r} left 5 out and says of 4 why: list the others with"
        " their reasons, so that readers can judge. (shape:search-left-out-told)"
    ]


@pytest.mark.parametrize(
    "record",
    [REPORT, "DOI:10.1000/K2GRAPH.1", "NCT09999999", "URL:https://pmc.ncbi.nlm.nih.gov/articles/PMC9999999"],
)
def test_what_is_in_the_graph_is_not_left_out_by_whatever_name(tables: Folder, record: str) -> None:
    key, *_ = tables.lines("reports")[1]
    numbers = {"report": REPORT, "pmid": "99999999", "doi": "10.1000/k2graph.1", "pmcid": "PMC9999999"}
    tables.add("reports", **tables.row("reports", key) | numbers | {"title": "A report"})
    study = {"study": "a-review", "label": "A review", "reports": REPORT, "design": "narrative-review", "registry": "NCT09999999"}
    tables.add("studies", **study, source_url="https://example.org/a-review")
    left = tables.row("left_out", SEARCH, "DOI:10.5772/intechopen.99565")
    tables.remove("left_out", SEARCH, "DOI:10.5772/intechopen.99565")
    line = tables.add("left_out", **left | {"record": record})
    assert [fault for fault in tables.inconsistencies() if fault.startswith("left_out")] == [
        f"left_out.tsv:{line}: record: '{SEARCH}-{record}' is listed as left out and is in the graph, as {REPORT!r}: take it from the"
        " list, and count it among what the search took in or what was held already. (shape:record-not-held)"
    ]


def test_the_title_of_a_report_under_another_number_is_a_warning(tables: Folder) -> None:
    key, *_ = tables.lines("reports")[1]
    title = tables.row("reports", key)["title"]
    line = tables.change("left_out", (SEARCH, "DOI:10.5772/intechopen.99565"), title=f"{title.upper()}.")
    assert warnings(tables) == [
        f"left_out.tsv:{line}: warning: title: '{SEARCH}-DOI:10.5772/intechopen.99565' is listed as left out and has the title of {key!r},"
        " a report of the graph: is it the same one? (shape:record-title-not-held)"
    ]


def test_a_reason_that_is_no_word_and_a_search_that_is_not_there(tables: Folder) -> None:
    line = tables.change("left_out", (SEARCH, "DOI:10.5772/intechopen.99565"), reason="wrong-outcomes")
    (fault,) = tables.faults()
    assert fault.startswith(f"left_out.tsv:{line}: reason: 'wrong-outcomes' is not one of: awaits-reading, ")
    assert fault.endswith("; did you mean 'wrong-outcome'?")
    tables.change("left_out", (SEARCH, "DOI:10.5772/intechopen.99565"), reason="wrong-outcome", search=f"{SEARCH}s")
    assert tables.faults() == [f"left_out.tsv:{line}: search: '{SEARCH}s' is not in searches.tsv; did you mean {SEARCH!r}?"]


def test_the_command_tells_of_a_search_that_does_not_add_up(tables: Folder, tmp_path: Path, run: Run) -> None:
    line = tables.change("searches", SEARCH, left_out="6")
    outcome = run("build", "--check", "--tables", tables.path, "--output", tmp_path / "k2.ttl")
    assert outcome.code == 2
    assert f"searches.tsv:{line}: screened: {SEARCH!r} does not add up: 5 screened, but 0 taken in and 6 left out." in outcome.err
    assert "Traceback" not in outcome.err
