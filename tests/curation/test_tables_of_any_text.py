# ruff: noqa: E501
"""The small tables with texts that nobody thought of: a cell is read or is a fault with its place, and what is written is read back."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Folder
from test_tables import CELLS, PLACE, SMALL, read_with, small_tables, write_small

from k2graph.curation.reader import read_tables
from k2graph.curation.schema import Row, schema
from k2graph.curation.spreadsheet import cell_fault
from k2graph.errors import TableFaults
from k2graph.ontology import Vocabulary

pytestmark = pytest.mark.slow

BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Folder:
    return small_tables(tmp_path_factory.mktemp("small"), vocabulary)


def looks_otherwise_than_it_is(text: str) -> bool:
    return any(
        unicodedata.category(character) == "Cc"
        or unicodedata.bidirectional(character) in BIDIRECTIONAL
        or character in "\u061c\u200e\u200f"
        for character in text
    )


def any_text() -> st.SearchStrategy[str]:
    inside = st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r")
    words = st.sampled_from(
        ["n", "n1", "m", "PMID:1", "DOI:10.1000/b", "NCBITaxon:9606", "rct", "yes", "increases", "0", "1", "-1", "2.5", "2020"]
    )
    pieces = st.sampled_from([*"PMIDOURLNCT:/.|-<>%[]{}\"'\\ 019٣²", "https://", "10.1000/", "é", "\u202e", "\u0000", "\u200d"])
    return st.one_of(
        st.text(inside, max_size=30),
        words,
        st.lists(words, min_size=2, max_size=3).map("|".join),
        st.lists(pieces, max_size=12).map("".join),
    )


def any_address() -> st.SearchStrategy[str]:
    pieces = st.sampled_from([*"/?#&=%:@[].~'()+é", "a", "1", "%20", "%2", "::", "\ue000", "\N{ZERO WIDTH JOINER}"])
    return st.lists(pieces, min_size=1, max_size=8).map(lambda parts: "https://" + "".join(parts))


@settings(max_examples=200, deadline=None)
@given(cell=st.sampled_from(CELLS), text=any_text())
def test_any_text_in_any_cell_reads_or_is_a_fault_with_its_place(small: Folder, cell: tuple[str, int, str], text: str) -> None:
    faults = read_with(small, *cell, text)
    assert faults or not looks_otherwise_than_it_is(text)
    for fault in faults:
        place = PLACE.match(fault)
        assert place
        assert place[2] in {column for table, _, column in CELLS if table == place[1]}
        assert len(fault.splitlines()) == 1


@settings(max_examples=150, deadline=None)
@given(text=any_address())
def test_any_address_is_a_fault_or_can_stand_in_the_graph(small: Folder, text: str) -> None:
    faults = read_with(small, "interactions", 0, "source_url", text)
    assert faults == [] or [fault.startswith("interactions.tsv:2: source_url: ") for fault in faults] == [True]


@settings(max_examples=150, deadline=None)
@given(
    table=st.sampled_from(sorted(SMALL)),
    content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")),
)
def test_any_bytes_in_place_of_a_table_are_a_fault(small: Folder, table: str, content: bytes) -> None:
    small.file(table).write_bytes(content)
    try:
        with pytest.raises(TableFaults):
            read_tables(small.path, small.vocabulary)
    finally:
        write_small(small, table, SMALL[table])


# A round trip


#: Letters by category that show nothing: the fillers of Hangul.
FILLERS = "\u115f\u1160\u3164\uffa0"


def clean(exclude: str = "") -> st.SearchStrategy[str]:
    letters = st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters=exclude + FILLERS)
    texts = st.text(letters, min_size=1, max_size=20).map(str.strip).filter(bool)
    return texts.filter(lambda text: not cell_fault(text, is_number=False, is_quotation=False))


def several(values: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, min_size=least, max_size=3, unique=True).map(tuple)


def numbers() -> st.SearchStrategy[Decimal]:
    return st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=4)


SLUGS = st.from_regex(r"new-[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
ADDRESSES = st.sampled_from(["https://example.org/", "http://example.org/a?b=c&d=%20", "https://example.org/é", "KMID:123"])
P_VALUES = st.sampled_from(["0", "1", "0.05", "<0.001", "≤0.05", ">0.9", "=0.5"])
#: No interval, or one with its value inside.
INTERVALS = st.one_of(
    st.builds(lambda value: {"value": value}, st.none() | numbers()),
    st.lists(numbers(), min_size=3, max_size=3).map(sorted).map(lambda ends: {"ci_low": ends[0], "value": ends[1], "ci_high": ends[2]}),
)


def word(scheme: str, vocabulary: Vocabulary) -> st.SearchStrategy[str]:
    return st.sampled_from(list(vocabulary.schemes[scheme]))


def row_of(table: str, cells: dict[str, Any]) -> Row:
    of = schema().tables[table]
    return Row(of, {**of.empty, **{column: value for column, value in cells.items() if value is not None}})


def entities(vocabulary: Vocabulary) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "entity": SLUGS,
            "label": clean().map("New {}".format),
            "type": word("types", vocabulary),
            "aspect": word("aspects", vocabulary),
            "desirable": st.none() | word("desirabilities", vocabulary),
            "synonyms": several(clean("|")),
            "definition": clean(),
            "source_url": several(ADDRESSES, 1),
        }
    ).map(partial(row_of, "entities"))


def findings(vocabulary: Vocabulary) -> st.SearchStrategy[Row]:
    """Findings of the small trial on what the small claims speak of, so that nothing else in the tables speaks against them."""
    text = st.none() | clean()
    cells = st.fixed_dictionaries(
        {
            "finding": SLUGS, "study": st.just("a"), "report": st.just("PMID:1"), "arm": st.sampled_from([None, "a-n1"]), "n": st.none() | st.integers(1, 40),
            "subject": st.sampled_from(["n", "n1"]), "predicate": st.just("affects-level-of"), "object": st.just("m"),
            "direction": st.sampled_from(["no-effect", "no-association", "mixed"]), "outcome_kind": word("outcome-kinds", vocabulary),
            "endpoint_role": st.none() | word("endpoint-roles", vocabulary), "analysis": st.none() | word("analyses", vocabulary),
            "comparator_kind": st.none() | word("comparators", vocabulary),
            "arms_differ_in_exposure_alone": st.none() | word("yes-no-unclear", vocabulary),
            "effect_measure": st.none() | word("effect-measures", vocabulary), "contrast": text,
            "unit": st.none() | word("units", vocabulary),
            "p_value": st.none() | P_VALUES, "reported": text, "conditions": text, "note": text, "source_url": several(ADDRESSES, 1),
        }
    )  # fmt: skip
    return st.tuples(cells, INTERVALS).map(lambda parts: row_of("findings", parts[0] | parts[1]))


def as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "|".join(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(("table", "strategy"), [("entities", entities), ("findings", findings)])
def test_rows_written_as_a_table_are_read_back_as_they_were(
    small: Folder,
    table: str,
    strategy: Callable[[Vocabulary], st.SearchStrategy[Row]],
    data: st.DataObject,
) -> None:
    names_of_rows: Callable[[Row], str] = lambda row: row.values.get("label", row.identity).casefold()  # noqa: E731
    rows = data.draw(st.lists(strategy(small.vocabulary), max_size=3, unique_by=(lambda row: row.identity, names_of_rows)))
    columns = data.draw(st.permutations([*schema().tables[table].named]))
    first = [[cells.get(column, "") for column in columns] for cells in SMALL[table]]
    try:
        small.write(table, [columns, *first, *([as_cell(row[column]) for column in columns] for row in rows)])
        read = list(read_tables(small.path, small.vocabulary).numbered(table))
    finally:
        write_small(small, table, SMALL[table])
    assert read[len(first) :] == [(row, line) for line, row in enumerate(rows, len(first) + 2)]
