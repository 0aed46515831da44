# ruff: noqa: E501
# Tables of cases have one on each line, however long its message.
"""Every fault of a table, made in one place of a part of the real tables: it is found there, said once, and nothing else is said."""

import re
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from project import Folder, Run, copy_tables, rows, write_part
from pyoxigraph import Quad, RdfFormat, Store, parse

from k2graph import iris, resources
from k2graph.building import build
from k2graph.building.triples import asserted_triples
from k2graph.building.turtle import turtle
from k2graph.curation.reader import read_tables
from k2graph.curation.schema import Row, schema
from k2graph.errors import TableFaults
from k2graph.ontology import Vocabulary

pytestmark = pytest.mark.extras

# Studies that stand for their kind.
RCT, MOUSE_STUDY, CELL_STUDY, COHORT_STUDY, META_ANALYSIS = (
    "abdelrahman-2015",
    "ferron-2011",
    "cerqua-2019",
    "prospect-epic",
    "suksomboon-2017",
)
#: What the trial and the synthesis are reported in.
RCT_REPORT, META_REPORT = "DOI:10.1016/j.ejphar.2015.06.014", "PMID:28496349"
#: A study of those made within one cohort, which has no report itself, and an arm of the trial.
WITHIN, COHORT, RCT_ARM = "sim-2022", "plsaw", "abdelrahman-2015-mk7"
RCT_FINDING, CELL_FINDING, COHORT_FINDING = "daikihabu2004-1", "mol-10-1038-s41598-019-43014-y-2", "gcmgast2009-1"

DIRECTIONS = "decreases, increases, mixed, negative-association, no-association, no-effect, positive-association"
TYPES = (
    "biomarker, cell-type, disease, drug, drug-class, enzyme, food, gene, metabolite, nutrient, form, outcome, pathway, population, process,"
    " protein, receptor, tissue"
)
NOT_PMID, NOT_PMCID = "is not a PubMed number, such as 17287908", "is not a PubMed Central number, such as PMC4728622"
NOT_DOI, NOT_YEAR = "is not a DOI, such as 10.1016/j.bone.2014.03.008", "is not a year, such as 2014"
NOT_REGISTRY = "is not a registry number, such as NCT03243890 or ISRCTN18436190"
NOT_CURIE = "is not a compact identifier, such as CHEBI:53766"
NOT_WEB = "is not the address of what was read, such as https://pubmed.ncbi.nlm.nih.gov/17287908/"
NOT_NUMBER = "is not a number, such as 12 or -0.35 (the unit has a column of its own)"
NOT_WHOLE, NOT_P, BEYOND_P = (
    "is not a whole number, such as 120",
    "is not a p-value, such as 0.03 or <0.001",
    "is no p-value: it lies outside 0 to 1",
)


#: What the faults are made in, besides.
OTHERS = (
    *("adiponectin", "acenocoumarol", "acute-kidney-injury", "mk-7", "fracture", "hip-fracture", "children", "babyfood-turkey"),
    *("aoun-2017", "sim-2022", "mk-7-level-dp-ucmgp", "broad-spectrum-antibiotics-vitamin-k"),
    *("osteocalcin-bone-strength", "osteocalcin-bone-density", "osteocalcin-hormone-muscle"),
)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("part") / "tables"
    studies = (RCT, MOUSE_STUDY, CELL_STUDY, COHORT_STUDY, META_ANALYSIS)
    write_part(path, *studies, RCT_FINDING, CELL_FINDING, COHORT_FINDING, *OTHERS)
    return path


@pytest.fixture
def tables(part: Path, tmp_path: Path, vocabulary: Vocabulary) -> Folder:
    """A copy of the part of the real tables in which the faults are made."""
    return Folder(copy_tables(part, tmp_path), vocabulary)


def test_the_real_tables_have_no_fault(vocabulary: Vocabulary) -> None:
    assert Folder(resources.TABLES, vocabulary).inconsistencies() == []


# One cell


@pytest.mark.parametrize(
    ("table", "key", "column", "text", "message"),
    [
        ("reports", META_REPORT, "pmid", "28496349x", NOT_PMID),
        ("reports", META_REPORT, "pmcid", "5422317", NOT_PMCID),
        ("reports", META_REPORT, "doi", "https://doi.org/10.2147/DMSO.S137571", NOT_DOI),
        ("reports", META_REPORT, "year", "204", NOT_YEAR),
        ("studies", META_ANALYSIS, "registry", "NCT0251758", NOT_REGISTRY),
        ("studies", META_ANALYSIS, "n", "1,077", NOT_WHOLE),
        ("arms", RCT_ARM, "dose", "100-200", NOT_NUMBER),
        ("arms", RCT_ARM, "lasted", "3 mo", NOT_NUMBER),
        ("arms", RCT_ARM, "entered", "about 42", NOT_WHOLE),
        ("identifiers", ("adiponectin", "MESH:D052242"), "identifier", "D052242", NOT_CURIE),
        ("findings", RCT_FINDING, "source_url", "pubmed.ncbi.nlm.nih.gov/15265849", NOT_WEB),
        ("findings", RCT_FINDING, "value", "0,20", NOT_NUMBER),
        ("foods", ("babyfood-turkey", "mk-4"), "value_low", "16-23", NOT_NUMBER),
        ("findings", RCT_FINDING, "p_value", "NS", NOT_P),
        ("findings", RCT_FINDING, "p_value", "1.01", BEYOND_P),
    ],
)
@pytest.mark.slow
def test_a_malformed_cell(tables: Folder, table: str, key: str | tuple[str, ...], column: str, text: str, message: str) -> None:
    line = tables.change(table, key, **{column: text})
    assert tables.faults() == [f"{table}.tsv:{line}: {column}: {text!r} {message}"]


@pytest.mark.parametrize(
    ("column", "text"),
    [("value", "0.04"), ("value", "0.91"), ("p_value", "0"), ("p_value", "1"), ("p_value", "<0.001"), ("p_value", "≤0.05"), ("value", "")],
)
def test_the_last_values_that_are_still_in_order(tables: Folder, column: str, text: str) -> None:
    tables.change("findings", RCT_FINDING, **{column: text})
    assert tables.faults() == []


@pytest.mark.parametrize("key", ["PMID:2849634x", "PMID:0", "PMID:", "DOI:11.1016/a", "URL:nonsense", "NCT123", "28496349"])
def test_a_malformed_report_key(tables: Folder, key: str) -> None:
    line = tables.add("reports", **tables.row("reports", META_REPORT) | {"report": key, "pmid": "", "doi": "", "pmcid": ""})
    message = "is not a report key, such as PMID:17287908 or DOI:10.1016/j.bone.2014.03.008"
    assert tables.faults() == [f"reports.tsv:{line}: report: {key!r} {message}"]


def test_a_malformed_taxon(tables: Folder) -> None:
    line = tables.add("organisms", taxon="9031", label="chicken", scientific_name="Gallus gallus", source_url="https://example.org/")
    assert tables.faults() == [f"organisms.tsv:{line}: taxon: '9031' is not a taxon of the NCBI Taxonomy, such as NCBITaxon:9606"]


def test_a_malformed_slug(tables: Folder) -> None:
    line = tables.add("claims", **tables.row("claims", "mk-7-level-dp-ucmgp") | {"claim": "MK-7 level"})
    message = "'MK-7 level' is not a slug (lower-case letters, digits, single hyphens), such as bone-mineral-density"
    assert tables.faults() == [f"claims.tsv:{line}: claim: {message}"]


@pytest.mark.parametrize(("values", "bad"), [("NCT02517580|NCT25", "NCT25"), ("ISRCTN1|NCT02517580", "ISRCTN1")])
def test_one_malformed_value_of_several(tables: Folder, values: str, bad: str) -> None:
    line = tables.change("studies", META_ANALYSIS, registry=values)
    assert tables.faults() == [f"studies.tsv:{line}: registry: {bad!r} {NOT_REGISTRY}"]


@pytest.mark.parametrize("synonyms", ["ADIPOQ||Acrp30", "|ADIPOQ", "ADIPOQ|", "ADIPOQ| Acrp30", "ADIPOQ|ADIPOQ"])
def test_several_values_with_an_empty_a_spaced_or_a_doubled_one(tables: Folder, synonyms: str) -> None:
    line = tables.change("entities", "adiponectin", synonyms=synonyms)
    (fault,) = tables.faults()
    assert fault.startswith(f"entities.tsv:{line}: synonyms: ")


@pytest.mark.parametrize(
    ("table", "key", "column", "text", "valid", "near"),
    [
        ("findings", RCT_FINDING, "direction", "decrease", DIRECTIONS, "decreases"),
        ("findings", RCT_FINDING, "direction", "?", DIRECTIONS, ""),
        ("entities", "adiponectin", "type", "biomarkers", TYPES, "biomarker"),
        ("findings", RCT_FINDING, "endpoint_role", "posthoc", "post-hoc, primary, secondary", "post-hoc"),
        (
            "interactions",
            "broad-spectrum-antibiotics-vitamin-k",
            "severity",
            "Moderate",
            "contraindicated, major, minor, moderate, theoretical",
            "moderate",
        ),
        ("studies", "aoun-2017", "arms_differ_in_exposure_alone", "maybe", "no, unclear, yes", ""),
        ("studies", RCT, "blinding", "double blind", "double-blind, open-label, single-blind, unclear", "double-blind"),
        ("studies", RCT, "paid_by", "pharma", "both, industry, none, not-stated, public", ""),
        (
            "arms",
            RCT_ARM,
            "per",
            "days",
            "day, four-months, g-day, g-diet, kg, kg-day, kg-diet, ml, month, once, other, session, three-times-a-week, two-weeks, week, year",
            "day",
        ),
        ("arms", RCT_ARM, "lasted_unit", "mon", "d, mo, wk, a", "mo"),
    ],
)
def test_a_word_outside_its_vocabulary(tables: Folder, table: str, key: str, column: str, text: str, valid: str, near: str) -> None:
    line = tables.change(table, key, **{column: text})
    suggestion = f"; did you mean {near!r}?" if near else ""
    assert tables.faults() == [f"{table}.tsv:{line}: {column}: {text!r} is not one of: {valid}{suggestion}"]


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [
        ("findings", RCT_FINDING, "source_url"),
        ("findings", RCT_FINDING, "study"),
        ("findings", RCT_FINDING, "direction"),
        ("findings", RCT_FINDING, "report"),
        ("reports", META_REPORT, "title"),
        ("reports", META_REPORT, "verified"),
        ("studies", META_ANALYSIS, "label"),
        ("arms", RCT_ARM, "study"),
        ("identifiers", ("adiponectin", "MESH:D052242"), "match"),
        ("claims", "mk-7-level-dp-ucmgp", "testable_in_people"),
    ],
)
def test_an_empty_cell_that_has_to_be_filled(tables: Folder, table: str, key: str | tuple[str, ...], column: str) -> None:
    line = tables.change(table, key, **{column: ""})
    assert tables.faults() == [f"{table}.tsv:{line}: {column}: is empty; it has to be filled in"]


@pytest.mark.parametrize("text", [" cirrhosis", "cirrhosis ", "cirrhosis\N{NO-BREAK SPACE}", "\N{EM SPACE}cirrhosis", " "])
def test_a_space_at_the_beginning_or_end(tables: Folder, text: str) -> None:
    line = tables.change("findings", RCT_FINDING, conditions=text)
    assert tables.faults() == [f"findings.tsv:{line}: conditions: has a space at its beginning or end; remove it"]


@pytest.mark.parametrize("point", [0x07, 0x200B, 0x202E], ids=lambda point: f"U+{point:04X}")
def test_a_control_a_zero_width_and_a_bidirectional_character(tables: Folder, point: int) -> None:
    line = tables.change("findings", RCT_FINDING, conditions=f"women{chr(point)} with cirrhosis")
    assert tables.faults() == [f"findings.tsv:{line}: conditions: holds the invisible character U+{point:04X}; remove it"]


def test_a_lone_carriage_return(tables: Folder) -> None:
    line = tables.change("findings", RCT_FINDING, conditions="women\rwith cirrhosis")
    assert tables.faults() == [f"findings.tsv:{line}: conditions: holds the invisible character U+000D; remove it"]


# References


@pytest.mark.parametrize(
    ("table", "key", "column", "text", "missing", "found_in", "near"),
    [
        ("findings", RCT_FINDING, "subject", "vitamin-k22", "vitamin-k22", "entities", "vitamin-k2"),
        (
            "findings",
            RCT_FINDING,
            "report",
            "DOI:10.1001/jama.292.3.359",
            "DOI:10.1001/jama.292.3.359",
            "reports",
            "DOI:10.1001/jama.292.3.358",
        ),
        ("findings", RCT_FINDING, "study", "habu-2014", "habu-2014", "studies", "habu-2004"),
        ("findings", RCT_FINDING, "arm", "habu-2004-k3", "habu-2004-k3", "arms", "habu-2004-k2"),
        ("findings", RCT_FINDING, "comparator_arm", "habu-2004-controls", "habu-2004-controls", "arms", "habu-2004-control"),
        ("arms", RCT_ARM, "study", "abdelrahman-2016", "abdelrahman-2016", "studies", RCT),
        ("arms", RCT_ARM, "forms", "mk-7|vitamin-k22", "vitamin-k22", "entities", "vitamin-k2"),
        ("studies", WITHIN, "within", "plsaww", "plsaww", "studies", COHORT),
        ("studies", META_ANALYSIS, "organism", "NCBITaxon:9606|NCBITaxon:100900", "NCBITaxon:100900", "organisms", "NCBITaxon:10090"),
        (
            "studies",
            "aoun-2017",
            "reports",
            "DOI:10.1186/s12882-017-0609-33",
            "DOI:10.1186/s12882-017-0609-33",
            "reports",
            "DOI:10.1186/s12882-017-0609-3",
        ),
        (
            "mechanism_steps",
            ("osteocalcin-bone-strength", "5"),
            "claim",
            "bone-strengths-risk-fracture",
            "bone-strengths-risk-fracture",
            "claims",
            "bone-strength-risk-fracture",
        ),
        ("findings", RCT_FINDING, "object", "###", "###", "entities", ""),
    ],
)
def test_a_dangling_reference(
    tables: Folder, table: str, key: str | tuple[str, ...], column: str, text: str, missing: str, found_in: str, near: str
) -> None:
    line = tables.change(table, key, **{column: text})
    suggestion = f"; did you mean {near!r}?" if near else ""
    assert tables.faults() == [f"{table}.tsv:{line}: {column}: {missing!r} is not in {found_in}.tsv{suggestion}"]


@pytest.mark.parametrize(
    ("table", "key", "column", "text", "message"),
    [
        ("reports", RCT_REPORT, "year", "15", f"'15' {NOT_YEAR}"),
        ("entities", "dp-ucmgp", "definition", "", "is empty; it has to be filled in"),
        ("claims", "bone-strength-risk-fracture", "testable_in_people", "unsure", "'unsure' is not one of: no, unclear, yes"),
    ],
)
def test_a_fault_in_a_row_that_others_refer_to_is_the_only_one(
    tables: Folder, table: str, key: str, column: str, text: str, message: str
) -> None:
    line = tables.change(table, key, **{column: text})
    assert tables.faults() == [f"{table}.tsv:{line}: {column}: {message}"]


@pytest.mark.parametrize("table", ["entities", "organisms", "reports", "studies", "arms", "claims", "mechanisms"])
def test_a_table_without_rows_leaves_its_references_dangling(tables: Folder, table: str) -> None:
    tables.write(table, tables.lines(table)[:1])
    faults = tables.faults()
    assert faults
    assert all(fault.endswith(f" is not in {table}.tsv, which has no rows") for fault in faults)


# Columns, rows and files


def with_column(tables: Folder, table: str, column: str) -> None:
    first, *rest = tables.lines(table)
    tables.write(table, [[*first, column], *([*cells, ""] for cells in rest)])


def test_an_unknown_column(tables: Folder) -> None:
    with_column(tables, "entities", "synonymes")
    assert tables.faults() == ["entities.tsv:1: synonymes: not a column of this table; did you mean 'synonyms'?"]


def test_an_unknown_column_that_is_near_to_none(tables: Folder) -> None:
    with_column(tables, "entities", "zzz")
    assert tables.faults() == ["entities.tsv:1: zzz: not a column of this table"]


def test_a_column_that_stands_twice(tables: Folder) -> None:
    with_column(tables, "entities", "label")
    assert tables.faults() == ["entities.tsv:1: label: the column stands twice"]


def without_column(tables: Folder, table: str, column: str) -> None:
    lines = tables.lines(table)
    place = lines[0].index(column)
    tables.write(table, [cells[:place] + cells[place + 1 :] for cells in lines])


def test_a_missing_column(tables: Folder) -> None:
    without_column(tables, "entities", "definition")
    assert tables.faults() == ["entities.tsv:1: definition: the column is missing"]


@pytest.mark.parametrize(
    ("table", "column"), [("entities", "synonyms"), ("findings", "p_value"), ("spreads", "note"), ("studies", "within")]
)
def test_a_column_that_may_be_empty_need_not_be_there(tables: Folder, table: str, column: str) -> None:
    lines = tables.lines(table)
    place = lines[0].index(column)
    assert any(cells[place] for cells in lines[1:])
    tables.write(table, [lines[0], *([*cells[:place], "", *cells[place + 1 :]] for cells in lines[1:])])
    emptied = read_tables(tables.path, tables.vocabulary).rows
    without_column(tables, table, column)
    assert read_tables(tables.path, tables.vocabulary).rows == emptied


def test_a_renamed_column_is_unknown(tables: Folder) -> None:
    first, *rest = tables.lines("findings")
    tables.write("findings", [[column.replace("p_value", "pvalue") for column in first], *rest])
    assert tables.faults() == [
        "findings.tsv:1: pvalue: not a column of this table; did you mean 'p_value'?",
    ]


def test_a_table_of_a_time_when_columns_had_other_names(tables: Folder) -> None:
    """One fault for each, which names the column as it is called now."""
    first, *rest = tables.lines("findings")
    earlier = {"reported": "effect_text", "conditions": "context"}
    tables.write("findings", [[earlier.get(column, column) for column in first], *rest])
    assert tables.faults() == [
        "findings.tsv:1: context: the column is called conditions now; write that in its place",
        "findings.tsv:1: effect_text: the column is called reported now; write that in its place",
    ]


def test_a_table_of_a_time_when_words_and_columns_named_a_vitamin(tables: Folder) -> None:
    first, *rest = tables.lines("foods")
    tables.write("foods", [[{"form": "vitamer"}.get(column, column) for column in first], *rest])
    assert tables.faults() == ["foods.tsv:1: vitamer: the column is called form now; write that in its place"]
    tables.write("foods", [first, *rest])
    line = tables.change("entities", "mk-7", type="vitamer")
    assert tables.faults() == [f"entities.tsv:{line}: type: 'vitamer' is called 'form' now; write that in its place"]


def test_an_arm_is_called_by_what_came_before_it_too(tables: Folder) -> None:
    study, web = RCT, {"source_url": "https://example.org/"}
    tables.add("arms", arm="new-load", study=study, forms="mk-7", dose="20", dose_unit="g", per="day", lasted="5", lasted_unit="d", **web)
    tables.add("arms", arm="new-keep", study=study, forms="mk-7", dose="0.03", dose_unit="g", per="kg-day", after="new-load", **web)
    triples = asserted_triples(read_tables(tables.path, tables.vocabulary), tables.vocabulary, [], [])
    labels = {subject.value: value.value for subject, predicate, value in triples if predicate == iris.name("rdfs:label")}
    assert labels["https://w3id.org/k2graph/arm/new-keep"].endswith(": MK-7, 0.03 g a kilogram of body weight a day, after 20 g a day")


def test_columns_may_stand_in_any_order(tables: Folder) -> None:
    tables.write("findings", [list(reversed(cells)) for cells in tables.lines("findings")])
    assert tables.faults() == []


@pytest.mark.parametrize(
    ("more", "way_out"), [(-1, ""), (1, "; those beyond are empty: take the tabs at the end of the line away")], ids=["short", "long"]
)
def test_a_short_and_a_long_row(tables: Folder, more: int, way_out: str) -> None:
    lines, line = tables.lines("findings"), tables.line("findings", RCT_FINDING)
    width = len(lines[0])
    lines[line - 1] = [*lines[line - 1], ""][: width + more]
    tables.write("findings", lines)
    assert tables.faults() == [f"findings.tsv:{line}: {width + more} cells where the header has {width}{way_out}"]


def test_an_empty_line(tables: Folder) -> None:
    lines, line = tables.lines("findings"), tables.line("findings", COHORT_FINDING)
    tables.write("findings", [*lines[: line - 1], [""], *lines[line - 1 :]])
    (fault,) = tables.faults()
    assert fault.startswith(f"findings.tsv:{line}: ")


def test_lines_after_an_empty_line_keep_their_numbers(tables: Folder) -> None:
    lines, line = tables.lines("findings"), tables.line("findings", COHORT_FINDING)
    tables.write("findings", [*lines[: line - 1], [""], *lines[line - 1 :]])
    assert tables.change("findings", COHORT_FINDING, p_value="NS") == line + 1
    assert tables.faults()[1:] == [f"findings.tsv:{line + 1}: p_value: 'NS' {NOT_P}"]


def replace_bytes(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def test_line_ends_of_windows_are_accepted_and_change_nothing(tables: Folder, vocabulary: Vocabulary) -> None:
    before = read_tables(tables.path, vocabulary)
    for path in tables.path.glob("*.tsv"):
        replace_bytes(path, b"\n", b"\r\n")
    assert read_tables(tables.path, vocabulary) == before


def test_the_last_line_needs_no_end(tables: Folder, vocabulary: Vocabulary) -> None:
    before = read_tables(tables.path, vocabulary)
    for path in tables.path.glob("*.tsv"):
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert read_tables(tables.path, vocabulary) == before


def test_quotes_are_only_characters(tables: Folder, vocabulary: Vocabulary) -> None:
    tables.change("findings", RCT_FINDING, conditions='"women', note='of "Japan"')
    (row,) = (row for row in read_tables(tables.path, vocabulary).rows["findings"] if row["finding"] == RCT_FINDING)
    assert (row["conditions"], row["note"]) == ('"women', 'of "Japan"')


def test_a_file_that_is_not_utf_8(tables: Folder) -> None:
    line = tables.change("findings", RCT_FINDING, conditions="Bogé")
    replace_bytes(tables.file("findings"), "Bogé".encode(), "Bogé".encode("latin-1"))
    message = "not UTF-8 (byte 0xe9); save the file as UTF-8 without a byte order mark"
    assert tables.faults() == [f"findings.tsv:{line}: {message}"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16(tables: Folder, encoding: str) -> None:
    path = tables.file("findings")
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert tables.faults() == [
        "findings.tsv: is in UTF-16, which Excel saves as Unicode Text; open it in a text editor and save it in UTF-8, or save it from "
        "LibreOffice as Text CSV with the character set UTF-8, the field delimiter {Tab} and no text delimiter"
    ]


def test_a_byte_order_mark(tables: Folder) -> None:
    path = tables.file("entities")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (fault,) = tables.faults()
    assert fault.startswith("entities.tsv:1: ")
    assert "byte order mark" in fault
    assert fault.isprintable()


def test_an_empty_file(tables: Folder) -> None:
    tables.file("groups").write_bytes(b"")
    assert tables.faults()[0] == "groups.tsv: is empty; take it away if it has no rows, or give it its header"


def test_a_table_that_is_not_there_has_no_rows(tables: Folder) -> None:
    for name in ("citation_audit", "certainty_judgements", "redirects", "left_out"):
        tables.file(name).unlink()
    assert tables.faults() == []
    tables.file("organisms").unlink()
    named = {organism for row in rows("studies", tables.path) for organism in row["organism"].split("|")} - {""}
    assert len(named) > 1
    found = tables.faults()
    for organism in named:
        assert any(f"{organism!r} is not in organisms.tsv, which has no rows" in fault for fault in found)
    assert all("is not in organisms.tsv, which has no rows" in fault for fault in found)


def test_a_link_to_no_table_is_a_fault(tables: Folder) -> None:
    tables.file("redirects").unlink()
    tables.file("redirects").symlink_to("nowhere.tsv")
    assert tables.faults() == ["redirects.tsv: cannot be read: No such file or directory"]


def test_a_folder_where_a_table_should_be(tables: Folder) -> None:
    tables.file("organisms").unlink()
    tables.file("organisms").mkdir()
    (fault,) = tables.faults()
    assert fault.startswith("organisms.tsv: ")


def test_a_missing_folder(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert Folder(tmp_path / "none", vocabulary).faults() == [f"{tmp_path / 'none'}: there is no such folder of tables"]


@pytest.mark.parametrize(("file", "suggestion"), [("finding.tsv", "; did you mean 'findings.tsv'?"), ("zzz.tsv", "")])
def test_an_unknown_table(tables: Folder, file: str, suggestion: str) -> None:
    (tables.path / file).write_text("a\tb\n", encoding="utf-8")
    assert tables.faults() == [f"{file}: not a known table{suggestion}"]


def test_a_very_long_cell_is_read(tables: Folder) -> None:
    tables.change("findings", RCT_FINDING, conditions="long " * 50_000 + "text")
    assert tables.faults() == []


# Rows against each other


@pytest.mark.parametrize(
    ("table", "key", "column", "identity"),
    [
        ("entities", ("adiponectin",), "entity", "adiponectin"),
        ("findings", (RCT_FINDING,), "finding", RCT_FINDING),
        ("mechanism_steps", ("osteocalcin-bone-strength", "2"), "mechanism", "osteocalcin-bone-strength-2"),
        ("identifiers", ("adiponectin", "MESH:D052242"), "entity", "adiponectin-MESH:D052242"),
    ],
)
def test_a_doubled_key(tables: Folder, table: str, key: tuple[str, ...], column: str, identity: str) -> None:
    first = tables.line(table, *key)
    line = tables.add(table, **tables.row(table, *key))
    assert tables.faults() == [f"{table}.tsv:{line}: {column}: {identity!r} stands already on line {first}"]


@pytest.mark.parametrize("end", ["/", "#", "?"])
def test_two_keys_that_would_get_one_address(tables: Folder, end: str) -> None:
    key = "URL:https://example.org/report"
    row = tables.row("reports", META_REPORT) | {"pmid": "", "pmcid": "", "doi": ""}
    tables.add("reports", **row | {"report": key})
    line = tables.add("reports", **row | {"report": key + end})
    (fault,) = tables.faults()
    assert fault.startswith(f"reports.tsv:{line}: report: ")


def test_a_value_of_nothing_and_no_value_are_two_keys() -> None:
    food = {"food": "leek", "form": "mk-7", "unit": "ug/100 g", "source_url": "https://example.org/"}
    table = schema().tables["foods"]
    rows = [Row(table, {**table.empty, **food, **more}) for more in ({}, {"value_mean": Decimal(0)})]
    assert rows[0].identity != rows[1].identity


def test_an_entity_label_that_another_has(tables: Folder) -> None:
    line = tables.change("entities", "adiponectin", label="Acute Kidney Injury")
    message = "'acute-kidney-injury' has the label of 'adiponectin', in whatever capitals: merge the two, or tell them apart."
    assert tables.inconsistencies() == [f"entities.tsv:{line}: label: {message} (shape:entity-label-once)"]


def test_a_measured_thing_without_an_aspect(tables: Folder) -> None:
    line = tables.add(
        "entities", entity="new", label="new", type="biomarker", definition="Something new.", source_url="https://example.org/"
    )
    message = "Say what an effect on this is an effect on: its risk, its level or its activity. (shape:entity-aspect)"
    assert tables.inconsistencies() == [f"entities.tsv:{line}: aspect: {message}"]


def test_entities_that_are_below_each_other(tables: Folder) -> None:
    line = tables.add("entity_relations", entity="vitamin-k2", relation="narrower-than", other="mk-7")
    old = tables.line("entity_relations", "mk-7", "form-of")
    end = "which is one of it, by way of others: break the circle. (shape:entity-circle)"
    assert tables.inconsistencies() == [
        f"entity_relations.tsv:{old}: other: 'mk-7' is a form or a kind of 'vitamin-k2', {end}",
        f"entity_relations.tsv:{line}: other: 'vitamin-k2' is a form or a kind of 'mk-7', {end}",
    ]


@pytest.mark.parametrize(
    ("entity", "relation", "other", "message", "shape"),
    [
        ("mk-7", "form-of", "mk-7", "'mk-7' is related to itself: name the other thing that is meant, or take the relation away.", "entity-related-to-itself"),
        ("mk-7", "status-marker-of", "mk-7", "'mk-7' is related to itself: name the other thing that is meant, or take the relation away.", "entity-related-to-itself"),
        ("mk-7", "narrower-than", "fracture", "'mk-7' and 'fracture' differ in aspect, so no evidence could pass between them: mend an aspect, or the relation.", "entity-aspects-agree"),
    ],
)  # fmt: skip
def test_entity_relations_that_make_no_sense(tables: Folder, entity: str, relation: str, other: str, message: str, shape: str) -> None:
    line = tables.add("entity_relations", entity=entity, relation=relation, other=other)
    assert tables.inconsistencies() == [f"entity_relations.tsv:{line}: other: {message} (shape:{shape})"]


def test_an_identifier_that_is_exact_for_two_entities(tables: Folder) -> None:
    line = tables.add("identifiers", entity="adiponectin", identifier="CHEBI:53766", match="exact", source="chebi")
    message = "'acenocoumarol' and 'adiponectin' are both the exact match of http://purl.obolibrary.org/obo/CHEBI_53766: one of the two is close at best."
    assert tables.inconsistencies() == [f"identifiers.tsv:{line}: identifier: {message} (shape:entity-identifier-once)"]
    tables.change("identifiers", ("adiponectin", "CHEBI:53766"), match="close")
    assert tables.inconsistencies() == []


# Studies and trials

IN_PEOPLE = "has a design that is made in people: put the organism NCBITaxon:9606, or another design. (shape:study-in-people)"
IN_ANIMALS = (
    "has a design that is made in animals: name the animal, such as NCBITaxon:10090, or put another design. (shape:study-in-animals)"
)
NOBODY = "has a design without participants, but says {} of them: take it away, or put another design. (shape:study-without-participants)"
KEY_DISAGREES = "but its PubMed number or DOI is another or missing: make them agree. (shape:report-key-agrees)"


@pytest.mark.parametrize(
    ("study", "column", "text", "message"),
    [
        (RCT, "organism", "NCBITaxon:10090", f"{RCT!r} {IN_PEOPLE}"),
        (COHORT_STUDY, "organism", "", f"{COHORT_STUDY!r} {IN_PEOPLE}"),
        (MOUSE_STUDY, "organism", "", f"{MOUSE_STUDY!r} {IN_ANIMALS}"),
        (MOUSE_STUDY, "organism", "NCBITaxon:9606", f"{MOUSE_STUDY!r} {IN_ANIMALS}"),
        (CELL_STUDY, "n", "24", f"{CELL_STUDY!r} {NOBODY.format('k2g:sampleSize')}"),
        (CELL_STUDY, "sex", "female", f"{CELL_STUDY!r} {NOBODY.format('k2g:sex')}"),
        (CELL_STUDY, "age", "60-70", f"{CELL_STUDY!r} {NOBODY.format('k2g:age')}"),
        (CELL_STUDY, "nutrient_status", "deficient", f"{CELL_STUDY!r} {NOBODY.format('k2g:nutrientStatus')}"),
        (RCT, "design", "", f"{RCT!r} has a report but no design: say how it was made. (shape:study-designed)"),
        (RCT, "other_difference", "", f"The arms of {RCT!r} differed in more than the exposure: say in what. (shape:trial-difference)"),
        (RCT, "reports", "", f"{RCT!r} has no report, and no study was made within it: say in which publication or registration it is told. (shape:study-reported)"),
        (MOUSE_STUDY, "within", WITHIN, f"{MOUSE_STUDY!r} was made within {WITHIN!r}, which was itself made within another study: name the outermost. (shape:study-within-body)"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_study_that_makes_no_sense(tables: Folder, study: str, column: str, text: str, message: str) -> None:
    also = {"arms_differ_in_exposure_alone": "no"} if column == "other_difference" else {}
    line = tables.change("studies", study, **{column: text}, **also)
    if text == WITHIN:
        # Of two rows it is told where the later stands.
        line = max(line, tables.line("studies", WITHIN))
    assert tables.inconsistencies() == [f"studies.tsv:{line}: {column}: {message}"]


@pytest.mark.parametrize(
    ("report", "column", "text", "message"),
    [
        (META_REPORT, "pmid", "28496348", f"The key of {META_REPORT!r} is PMID:28496349, {KEY_DISAGREES}"),
        (META_REPORT, "pmid", "", f"The key of {META_REPORT!r} is PMID:28496349, {KEY_DISAGREES}"),
        (META_REPORT, "doi", "10.1016/J.EJPHAR.2015.06.014", f"{RCT_REPORT!r} and {META_REPORT!r} have one PubMed number or DOI between them: they are one report, so merge them. (shape:report-once)"),
        (META_REPORT, "retraction_note", "page marked RETRACTED", "There is a note on a retraction but no state: say whether the report is retracted or of concern. (shape:report-retraction-state)"),
    ],
)  # fmt: skip
def test_a_report_that_makes_no_sense(tables: Folder, report: str, column: str, text: str, message: str) -> None:
    line = tables.change("reports", report, **{column: text})
    assert tables.inconsistencies() == [f"reports.tsv:{line}: {column.removesuffix('_note')}: {message}"]


def test_a_report_in_two_studies_is_of_both(tables: Folder) -> None:
    """A paper with mice and cells reports two studies, so that a report may be named by more than one."""
    own = tables.row("studies", "aoun-2017")["reports"]
    tables.change("studies", "aoun-2017", reports=f"{own}|{RCT_REPORT}")
    assert tables.inconsistencies() == []


def test_a_cohort_within_which_nothing_was_made(tables: Folder) -> None:
    tables.change("studies", WITHIN, within="")
    message = f"{COHORT!r} has no report, and no study was made within it: say in which publication or registration it is told."
    line = tables.line("studies", COHORT)
    assert tables.inconsistencies() == [f"studies.tsv:{line}: reports: {message} (shape:study-reported)"]


def test_two_trials_with_one_registry_number(tables: Folder) -> None:
    tables.change("studies", RCT, registry="NCT00000001")
    # Of two rows it is told where the later stands.
    line = tables.change("studies", "aoun-2017", registry="NCT00000001")
    message = f"{RCT!r} and 'aoun-2017' are trials with the registry number NCT00000001: they are one trial, so merge them."
    assert tables.inconsistencies() == [f"studies.tsv:{line}: registry: {message} (shape:trial-reported-once)"]
    # A synthesis may name the registration of a trial.
    tables.change("studies", "aoun-2017", registry="")
    tables.change("studies", META_ANALYSIS, registry="NCT00000001")
    assert tables.inconsistencies() == []


def test_a_trial_that_does_not_say_whether_its_arms_differ_in_the_exposure_alone(tables: Folder) -> None:
    """That it is a trial follows by rule."""
    line = tables.change("studies", RCT, arms_differ_in_exposure_alone="")
    message = "Say whether the arms differed in the exposure alone: yes, no or unclear. (shape:trial-arms)"
    assert f"studies.tsv:{line}: arms_differ_in_exposure_alone: {message}" in tables.inconsistencies(what_follows=True)


# Arms

UNKNOWN_PER = "Say for what the dose was given once: one word of k2g:dose-intervals, such as day. (shape:arm-dose-per)"


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"dose": "-100"}, "dose", "A dose is at most one number, and not below nothing. (shape:arm-dose)"),
        ({"per": ""}, "per", UNKNOWN_PER),
        ({"lasted": "0"}, "lasted", "How long an arm got it is at most one number above nothing. (shape:arm-lasted)"),
        ({"lasted_unit": ""}, "lasted_unit", "A duration has one unit of time, a word of k2g:time-units such as wk. (shape:arm-lasted-unit)"),
        ({"entered": "0"}, "entered", "How many entered an arm is one whole number from 1. (shape:arm-entered)"),
        ({"entered": "40", "analysed": "41"}, "analysed", "How many of an arm were analysed is one whole number from 1, and not more than entered it. (shape:arm-analysed)"),
        ({"forms": ""}, "forms", f"{RCT_ARM!r} says neither what it got nor what kind of comparison it serves: give forms, a label or a comparator kind. (shape:arm-says-something)"),
        ({"forms": "mk-7|osteocalcin"}, "forms", f"{RCT_ARM!r} got 'osteocalcin', which is no exposure of its study: add it to the study, or mend the arm. (shape:arm-gives-an-exposure)"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_an_arm_that_makes_no_sense(tables: Folder, cells: dict[str, str], column: str, message: str) -> None:
    line = tables.change("arms", RCT_ARM, **cells)
    assert tables.inconsistencies() == [f"arms.tsv:{line}: {column}: {message}"]


def test_as_many_analysed_as_entered_and_as_the_study_has(tables: Folder) -> None:
    """The trial has 84 participants."""
    for arm in (RCT_ARM, "abdelrahman-2015-usual-care"):
        tables.change("arms", arm, entered="42", analysed="42")
    assert tables.inconsistencies() == []
    tables.change("arms", RCT_ARM, entered="43")
    line, message = tables.line("studies", RCT), f"85 people entered the arms of {RCT!r}, but it has 84: mend the one or the other."
    assert tables.inconsistencies() == [f"studies.tsv:{line}: n: {message} (shape:arms-enter-the-study)"]


# Findings and claims

TWO_ENDS = "An interval has two ends: give its {} end, one decimal number. (shape:interval-{})"
TURNED_ROUND = "The interval begins above its end: turn the two round, or look them up again. (shape:interval-order)"


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"value": "0.95"}, "value", "The value lies above the interval around it: look both up again. (shape:interval-holds-to)"),
        ({"value": "-0.20"}, "ci_low", "The value lies below the interval around it: look both up again. (shape:interval-holds-from)"),
        ({"ci_low": ""}, "ci_low", TWO_ENDS.format("lower", "low")),
        ({"ci_high": ""}, "ci_high", TWO_ENDS.format("upper", "high")),
        ({"ci_low": "0.92", "value": ""}, "ci_low", TURNED_ROUND),
        ({"report": META_REPORT}, "report", f"{RCT_FINDING!r} was read in {META_REPORT!r}, which is no report of its study: add it to the study, or name another study. (shape:finding-of-its-report)"),
        ({"arm": RCT_ARM}, "arm", f"{RCT_FINDING!r} names {RCT_ARM!r}, which is an arm of another study: name an arm of its own. (shape:finding-of-its-arms)"),
        ({"comparator_arm": RCT_ARM}, "comparator_arm", f"{RCT_FINDING!r} names {RCT_ARM!r}, which is an arm of another study: name an arm of its own. (shape:finding-of-its-arms)"),
        ({"arm": ""}, "comparator_arm", f"{RCT_FINDING!r} compares an arm with itself, or names a comparator without an arm: name two arms. (shape:finding-compares)"),
        ({"arm": "habu-2004-control"}, "comparator_arm", f"{RCT_FINDING!r} compares an arm with itself, or names a comparator without an arm: name two arms. (shape:finding-compares)"),
        ({"n": "0"}, "n", "How many a finding is about is one whole number from 1. (shape:finding-size)"),
        ({"subject": "acenocoumarol"}, "object", f"No claim says 'acenocoumarol' k2g:affects-risk-of 'hepatocellular-carcinoma', of which {RCT_FINDING!r} speaks: add it to the claims. (shape:finding-claimed)"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_finding_that_makes_no_sense(tables: Folder, cells: dict[str, str], column: str, message: str) -> None:
    line = tables.change("findings", RCT_FINDING, **cells)
    assert tables.inconsistencies() == [f"findings.tsv:{line}: {column}: {message}"]


def test_a_finding_with_the_wrong_predicate_for_its_object(tables: Folder) -> None:
    line = tables.change("findings", RCT_FINDING, predicate="affects-level-of")
    said = f"No claim says 'vitamin-k2' k2g:affects-level-of 'hepatocellular-carcinoma', of which {RCT_FINDING!r} speaks"
    fits = "speaks of the level of 'hepatocellular-carcinoma', whose aspect is risk: put the predicate that fits, or mend the aspect."
    assert tables.inconsistencies() == [
        f"findings.tsv:{line}: object: {said}: add it to the claims. (shape:finding-claimed)",
        f"findings.tsv:{line}: predicate: {RCT_FINDING!r} {fits} (shape:predicate-fits-object)",
    ]


def test_findings_that_their_design_cannot_have(tables: Folder) -> None:
    """What takes the design behind a finding, which follows by rule; all of it in one build."""
    no_effect = "comes from a design that observes and cannot show an effect: write an association, or mend the design."
    no_association = "comes from a design that shows effects and no associations: write an effect, or mend the design."
    no_arms = "names a comparison of its own, but its design has no arms to compare: take it away, or mend the design."
    # A measure would have a number on the other side of no effect, which is found before.
    cohort = tables.change("findings", COHORT_FINDING, direction="no-effect", comparator_kind="placebo")
    cell = tables.change("findings", CELL_FINDING, direction="no-association")
    tables.change("studies", "habu-2004", design="case-control")
    trial = tables.line("findings", RCT_FINDING)
    expected = {
        f"findings.tsv:{cohort}: direction: {COHORT_FINDING!r} {no_effect} (shape:finding-no-effect-by-observation)",
        f"findings.tsv:{cohort}: comparator_kind: {COHORT_FINDING!r} {no_arms} (shape:finding-compares-arms)",
        f"findings.tsv:{cell}: direction: {CELL_FINDING!r} {no_association} (shape:finding-no-association-by-experiment)",
        f"findings.tsv:{trial}: direction: {RCT_FINDING!r} {no_effect} (shape:finding-no-effect-by-observation)",
    }
    assert set(tables.inconsistencies(what_follows=True)) == expected


CLAIM = "mk-7-level-dp-ucmgp"


def add_claim(tables: Folder, **cells: str) -> int:
    return tables.add("claims", **tables.row("claims", CLAIM) | {"claim": "new", "label": "New"} | cells)


MIRRORS = (
    f"{CLAIM!r} says the opposite of 'new': put a finding against it instead, or say in the notes of both by whom each is held."
    " (shape:claim-mirrored)"
)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({}, "claim", f"{CLAIM!r} says the same as 'new': merge the two claims. (shape:claim-once)"),
        ({"direction": "increases"}, "note", MIRRORS),
        ({"direction": "increases", "note": "held by some"}, "note", MIRRORS),
        (
            {"direction": "no-effect", "context": "low"},
            "direction",
            "A claim is proposed in one direction: increases or decreases. (shape:claim-direction)",
        ),
        (
            {"predicate": "affects-risk-of"},
            "predicate",
            "'new' speaks of the risk of 'dp-ucmgp', whose aspect is level: put the predicate that fits, or mend the aspect."
            " (shape:predicate-fits-object)",
        ),
        (
            {"context": "low", "population": "children"},
            "population",
            "Say to what the claim is limited: one word of k2g:statuses, which is any where it is not, or one population."
            " (shape:claim-context)",
        ),
    ],
)
def test_a_claim_that_makes_no_sense(tables: Folder, cells: dict[str, str], column: str, message: str) -> None:
    tables.change("claims", CLAIM, note="")
    line = add_claim(tables, **{"note": "", **cells})
    assert tables.inconsistencies() == [f"claims.tsv:{line}: {column}: {message}"]


def test_a_mirrored_claim_where_both_notes_say_by_whom(tables: Folder) -> None:
    tables.change("claims", CLAIM, note="held by some")
    add_claim(tables, direction="increases", note="held by others")
    add_claim(tables, claim="in-another-context", context="deficient")
    assert tables.inconsistencies() == []


def test_a_mirrored_claim_that_stands_twice(tables: Folder) -> None:
    tables.change("claims", CLAIM, note="held by some")
    add_claim(tables, direction="increases", note="held by others")
    line = add_claim(tables, claim="newer", direction="increases", note="held by others too")
    message = "'new' says the same as 'newer': merge the two claims. (shape:claim-once)"
    assert tables.inconsistencies() == [f"claims.tsv:{line}: claim: {message}"]


# Mechanisms


def step_fault(tables: Folder, mechanism: str, step: str, rest: str) -> str:
    return f"mechanism_steps.tsv:{tables.line('mechanism_steps', mechanism, step)}: {rest}"


@pytest.mark.parametrize("number", ["6", "0"])
def test_a_gap_in_the_numbers_of_steps(tables: Folder, number: str) -> None:
    before, after = ("5", number) if number == "6" else ("1", number)
    tables.change("mechanism_steps", ("osteocalcin-bone-strength", before), step=after)
    gap = "step: No step stands before 'osteocalcin-bone-strength-{0}', which is number {0}: number the steps from 1 without a gap."
    first = "step: A step has one place in its mechanism: a whole number from 1. (shape:step-order)"
    faults = {"6": {"6": f"{gap.format('6')} (shape:step-order-gap)"}, "0": {"0": first, "2": f"{gap.format('2')} (shape:step-order-gap)"}}
    assert set(tables.inconsistencies()) == {
        step_fault(tables, "osteocalcin-bone-strength", step, rest) for step, rest in faults[number].items()
    }


def test_a_step_that_yields_something_else(tables: Folder) -> None:
    tables.change("mechanism_steps", ("osteocalcin-bone-strength", "5"), yields="hip-fracture")
    message = "'osteocalcin-bone-strength-5' yields 'hip-fracture', which is neither the object of its claim nor a state of it"
    rest = f"yields: {message}: mend what it yields, or its claim. (shape:step-yields-object)"
    assert tables.inconsistencies() == [step_fault(tables, "osteocalcin-bone-strength", "5", rest)]


def test_a_mechanism_without_steps(tables: Folder) -> None:
    line = tables.add("mechanisms", mechanism="new", label="New", end_to_end=CLAIM)
    message = "'new' is a mechanism without a step: add its steps, or take it away. (shape:mechanism-steps)"
    assert tables.inconsistencies() == [f"mechanisms.tsv:{line}: mechanism: {message}"]


def test_steps_that_do_not_join(tables: Folder) -> None:
    """Where a chain may go on follows by rule. A marker of a nutrient's status is not where a chain of the nutrient begins."""
    tables.change("mechanism_steps", ("osteocalcin-bone-density", "4"), claim="bone-strength-risk-fracture")
    tables.remove("mechanism_steps", "osteocalcin-hormone-muscle", "4")
    tables.change("mechanisms", "osteocalcin-bone-strength", end_to_end="bone-strength-risk-fracture")
    mend = "mend a step, or say how the two are related. (shape:step-joins)"
    end = "but its mechanism is to explain an effect on 'muscle-strength': mend either. (shape:step-arrives)"
    density, muscle, strength = "osteocalcin-bone-density", "osteocalcin-hormone-muscle", "osteocalcin-bone-strength"
    expected = {
        step_fault(tables, density, "4", f"claim: '{density}-4' begins at 'bone-strength', but the chain has reached 'bone-mineral-density': {mend}"),
        step_fault(tables, muscle, "3", f"yields: '{muscle}-3' is the last step and arrives at 'muscle-mass', {end}"),
        step_fault(tables, strength, "1", f"claim: '{strength}-1' begins at 'vitamin-k', but the chain has reached 'bone-strength': {mend}"),
    }  # fmt: skip
    assert set(tables.inconsistencies(what_follows=True)) == expected


# Several faults, and the command


def damage_cells(tables: Folder) -> list[str]:
    """Faults of single cells in four tables, made from the last table to the first."""
    fourth = tables.change("foods", ("babyfood-turkey", "mk-4"), value_mean="18,7", unit="")
    third = [tables.change("findings", finding, p_value="NS") for finding in (COHORT_FINDING, RCT_FINDING)]
    second = tables.change("reports", META_REPORT, year="204")
    first = tables.change("identifiers", ("adiponectin", "MESH:D052242"), identifier="D052242")
    return [
        f"identifiers.tsv:{first}: identifier: 'D052242' {NOT_CURIE}",
        f"reports.tsv:{second}: year: '204' {NOT_YEAR}",
        *(f"findings.tsv:{line}: p_value: 'NS' {NOT_P}" for line in sorted(third)),
        f"foods.tsv:{fourth}: value_mean: '18,7' {NOT_NUMBER}",
        f"foods.tsv:{fourth}: unit: is empty; it has to be filled in",
    ]


def test_all_faults_of_all_tables_are_found_in_one_run_in_order(tables: Folder) -> None:
    expected = damage_cells(tables)
    assert tables.faults() == expected


def test_faults_of_different_kinds_stand_in_the_order_of_tables_and_lines(tables: Folder) -> None:
    food = tables.change("foods", ("babyfood-turkey", "mk-4"), form="mk-44", value_low="low")
    year = tables.change("reports", META_REPORT, year="204")
    dangling = tables.change("entity_relations", ("mk-7", "form-of"), other="vitamin-k22")
    assert [fault.rsplit(": ", 2)[0] if fault.startswith("foods") else fault.split(": ")[0] for fault in tables.faults()][:3] == [
        f"entity_relations.tsv:{dangling}",
        f"reports.tsv:{year}",
        next(fault.rsplit(": ", 2)[0] for fault in tables.faults() if fault.startswith(f"foods.tsv:{food}")),
    ]


def test_faults_of_rows_against_each_other_are_found_together(tables: Folder) -> None:
    claim = add_claim(tables, note="")
    study = tables.change("studies", MOUSE_STUDY, organism="")
    tables.change("mechanism_steps", ("osteocalcin-bone-strength", "5"), step="6")
    assert [fault.split(": ")[0] + ": " + fault.split(": ")[1] for fault in tables.inconsistencies()] == [
        f"studies.tsv:{study}: organism",
        f"claims.tsv:{claim}: claim",
        step_fault(tables, "osteocalcin-bone-strength", "6", "step"),
    ]


def test_a_build_that_violates_a_shape_says_all_of_it_and_writes_nothing(tables: Folder, tmp_path: Path, run: Run) -> None:
    claim = add_claim(tables, note="")
    study = tables.change("studies", MOUSE_STUDY, organism="")
    outcome = run("build", "--tables", tables.path, "--output", tmp_path / "k2.ttl")
    lines = outcome.err.splitlines()
    assert (outcome.code, outcome.out, (tmp_path / "k2.ttl").exists()) == (2, "", False)
    assert lines[0] == f"studies.tsv:{study}: organism: {MOUSE_STUDY!r} {IN_ANIMALS}"
    assert lines[1].startswith(f"claims.tsv:{claim}: claim: ")
    assert all(": warning: " in line for line in lines[2:-1])
    assert lines[-1] == f"2 faults, {len(lines) - 3} warnings; nothing was written"


@pytest.mark.parametrize("exists", [False, True])
def test_the_command_says_all_faults_and_writes_nothing(tables: Folder, tmp_path: Path, run: Run, exists: bool) -> None:
    output = tmp_path / "k2.ttl"
    if exists:
        output.write_bytes(b"as it was")
    expected = damage_cells(tables)
    outcome = run("build", "--tables", tables.path, "--output", output)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err
    assert outcome.err.removeprefix("k2graph: ").splitlines() == [*expected, f"{len(expected)} faults; nothing was written"]
    assert output.read_bytes() == b"as it was" if exists else not output.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == (["k2.ttl", "pack.toml", "tables"] if exists else ["pack.toml", "tables"])


def test_the_command_counts_one_fault_as_one(tables: Folder, tmp_path: Path, run: Run) -> None:
    line = tables.change("findings", RCT_FINDING, p_value="NS")
    outcome = run("build", "--check", "--tables", tables.path, "--output", tmp_path / "k2.ttl")
    assert outcome.code == 2
    assert outcome.err == f"findings.tsv:{line}: p_value: 'NS' {NOT_P}\n1 fault; nothing was written\n"


# Any text in any cell

WEB = {"source_url": "https://example.org/"}
REPORT = {"title": "A", "first_author": "Ada", "year": "2020", "verified": "abstract", **WEB}
STUDY = {"label": "A", "organism": "NCBITaxon:9606", **WEB}
SMALL: dict[str, list[dict[str, str]]] = {
    "entities": [
        {"entity": "n", "label": "n", "type": "nutrient", "definition": "N.", **WEB},
        {"entity": "n1", "label": "n1", "type": "form", "synonyms": "one|first", "definition": "N1.", **WEB},
        {"entity": "m", "label": "m", "type": "biomarker", "aspect": "level", "desirable": "higher", "definition": "M.", **WEB},
        {"entity": "d", "label": "d", "type": "drug", "definition": "D.", **WEB},
        {"entity": "f", "label": "f", "type": "food", "definition": "F.", **WEB},
    ],
    "entity_relations": [{"entity": "n1", "relation": "form-of", "other": "n", **WEB}],
    "identifiers": [{"entity": "n", "identifier": "CHEBI:1", "match": "exact", "source": "chebi"}],
    "organisms": [{"taxon": "NCBITaxon:9606", "label": "human", "scientific_name": "Homo sapiens", **WEB}],
    "studies": [
        {"study": "c", "reports": "DOI:10.1000/c", "design": "meta-analysis", **STUDY},
        {
            "study": "a",
            "reports": "PMID:1",
            "design": "rct",
            "n": "40",
            "interventions": "n1",
            "comparator_kind": "placebo",
            "arms_differ_in_exposure_alone": "yes",
            "registry": "NCT00000001",
            "blinding": "double-blind",
            "paid_by": "public",
            "group": "g",
            **STUDY,
        },
        {
            "study": "b",
            "reports": "DOI:10.1000/b",
            "within": "d",
            "design": "prospective-cohort",
            "interventions": "n|n1",
            "group": "g",
            **STUDY,
        },
        {"study": "d", "label": "d", **WEB},
    ],
    "reports": [
        {"report": "DOI:10.1000/c", "doi": "10.1000/c", **REPORT},
        {"report": "PMID:1", "pmid": "1", "doi": "10.1000/a", **REPORT},
        {"report": "DOI:10.1000/b", "doi": "10.1000/b", **REPORT},
    ],
    "arms": [
        {
            "arm": "a-n1",
            "study": "a",
            "forms": "n1",
            "dose": "5.0",
            "dose_unit": "ug",
            "per": "day",
            "lasted": "3",
            "lasted_unit": "mo",
            "entered": "20",
            "analysed": "19",
            **WEB,
        },
        {"arm": "a-placebo", "study": "a", "label": "placebo", "comparator_kind": "placebo", **WEB},
    ],
    "redirects": [{"old": "https://w3id.org/k2graph/study/pmid-1", "new": "https://w3id.org/k2graph/report/pmid-1"}],
    "groups": [{"group": "g", "label": "g", **WEB}],
    "synthesis_members": [{"synthesis": "c", "member": "a", **WEB}],
    "spreads": [{"study": "a", "outcome": "m", "sd": "2.1", "unit": "m/s", "n_per_arm": "20", "measured": "baseline", **WEB}],
    "important_differences": [
        {"outcome": "m", "effect_measure": "mean difference", "value": "1", "unit": "m/s", "method": "anchor", "decides": "yes", **WEB},
    ],
    "anchors": [{"claim": "n-m", "kind": "guideline", "says": "It says so.", **WEB}],
    "certainty_judgements": [
        {"claim": "n-m", "panel": "p", "report": "PMID:1", "certainty": "low", "lowered_for": "imprecision|risk-of-bias", **WEB},
    ],
    "searches": [
        {
            "search": "s",
            "label": "n and m?",
            "claims": "n-m",
            "words": "n m",
            "index": "PubMed",
            "date": "2020-02-29",
            "shown": "5",
            "duplicates": "1",
            "held": "1",
            "screened": "2",
            "taken": "1",
            "left_out": "1",
            "reports": "PMID:1",
            "readers": "one-reader",
        },
    ],
    "left_out": [{"search": "s", "record": "PMID:7", "title": "Seven", "reason": "wrong-outcome"}],
    "not_readable": [{"finding": "f-2", "missing_numbers": "a mean", "readable_in": "table 2", "looked_for_on": "2020-02-29", **WEB}],
    "appraisals": [
        {"study": "a", "tool": "RoB 2", "domain": "overall", "judgement": "low", "judged_by": "PMID:2", **WEB},
    ],
    "findings": [
        {
            "finding": "f-1",
            "study": "a",
            "report": "PMID:1",
            "arm": "a-n1",
            "comparator_arm": "a-placebo",
            "subject": "n1",
            "predicate": "affects-level-of",
            "object": "m",
            "direction": "increases",
            "outcome_kind": "biomarker",
            "value": "1.5",
            "ci_low": "1",
            "ci_high": "2",
            "p_value": "<0.05",
            **WEB,
        },
        {
            "finding": "f-2",
            "study": "a",
            "report": "PMID:1",
            "subject": "n1",
            "predicate": "affects-level-of",
            "object": "m",
            "direction": "no-effect",
            "outcome_kind": "biomarker",
            **WEB,
        },
    ],
    "claims": [
        {
            "claim": "n-m",
            "label": "n m",
            "subject": "n",
            "predicate": "affects-level-of",
            "object": "m",
            "direction": "increases",
            "testable_in_people": "yes",
        },
        {
            "claim": "n1-m",
            "label": "n1 m",
            "subject": "n1",
            "predicate": "affects-level-of",
            "object": "m",
            "direction": "increases",
            "testable_in_people": "yes",
        },
    ],
    "mechanisms": [{"mechanism": "mech", "label": "mech", "end_to_end": "n-m", "in_source_article": "no"}],
    "mechanism_steps": [{"mechanism": "mech", "step": "1", "claim": "n1-m", "yields": "m"}],
    "interactions": [
        {"interaction": "i", "agent": "n", "drug": "d", "effect": "E.", "acts_on": "drug", "severity": "minor", "studies": "a", **WEB}
    ],
    "reference_intakes": [
        {"nutrient": "n", "authority": "A", "year": "2017", "population": "adults", "amount": "70", "unit": "ug/d", **WEB}
    ],
    "foods": [{"food": "f", "form": "n1", "value_mean": "5.3", "unit": "ug/100 g", "report": "PMID:1", **WEB}],
    "pharmacokinetics": [{"form": "n1", "parameter": "half-life", "amount": "3", "unit": "d", "report": "PMID:1", **WEB}],
    "status_surveys": [
        {
            "figure": "g",
            "population": "adults",
            "age_range": "18-64 years",
            "sex": "both",
            "country": "Denmark",
            "period": "2011-2012",
            "n": "400",
            "marker": "m",
            "marker_kind": "blood",
            "statistic": "mean",
            "value": "1.5",
            "spread": "0.4",
            "spread_measure": "sd",
            "unit": "ng/mL",
            "threshold": "1.0",
            "threshold_unit": "ng/mL",
            "threshold_name": "as the authors set it",
            "share_low": "31",
            "share_computed": "no",
            "report": "PMID:1",
            **WEB,
        },
        {
            "figure": "g-range",
            "population": "adults",
            "marker": "n1",
            "marker_kind": "intake",
            "statistic": "range",
            "value_low": "60",
            "value_high": "90",
            "unit": "ug/d",
            **WEB,
        },
    ],
    "citation_audit": [{"reference": "r", "field": "year", "kind": "reference-field", "as_cited": "2020", "verdict": "matches", **WEB}],
}
CELLS = [(table.name, number, column) for table in schema() for number in range(len(SMALL.get(table.name, ()))) for column in table.named]
PLACE = re.compile(r"([a-z_]+)\.tsv:(?:[2-9]|\d\d+): ([a-z_]+\d?): ")


def small_tables(path: Path, vocabulary: Vocabulary) -> Folder:
    """Every table with a row or two."""
    folder = Folder(path, vocabulary)
    for name in schema().tables:
        write_small(folder, name, SMALL.get(name, []))
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Folder:
    return small_tables(tmp_path_factory.mktemp("small"), vocabulary)


def write_small(folder: Folder, table: str, rows: list[dict[str, str]]) -> None:
    header = [*schema().tables[table].named]
    folder.write(table, [header, *([row.get(column, "") for column in header] for row in rows)])


def read_with(folder: Folder, table: str, number: int, column: str, text: str) -> list[str]:
    """The faults of the small tables with other text in one cell. Where there are none, the graph can be built and read."""
    rows = SMALL[table]
    write_small(folder, table, [*rows[:number], rows[number] | {column: text}, *rows[number + 1 :]])
    try:
        store = Store()
        triples = asserted_triples(read_tables(folder.path, folder.vocabulary), folder.vocabulary, [], [])
        # The ontology comes first, and is the same in every graph.
        store.bulk_extend(Quad(*triple) for triple in islice(triples, size_of(folder.vocabulary), None))
        assert {quad.triple for quad in store} == {quad.triple for quad in parse(turtle(build.triples_of(store)), RdfFormat.TURTLE)}
    except TableFaults as error:
        return [str(fault) for fault in error.faults]
    finally:
        write_small(folder, table, rows)
    return []


@cache
def size_of(vocabulary: Vocabulary) -> int:
    return len(vocabulary.triples())


def test_the_small_tables_are_all_tables_and_in_order(small: Folder) -> None:
    assert set(SMALL) == {*schema().tables}
    assert small.inconsistencies(what_follows=True) == []


@pytest.mark.parametrize(
    ("table", "column", "texts", "message"),
    [
        ("reports", "pmid", ("0284963", "PMID:28496349", "284963490", "2849634\N{ARABIC-INDIC DIGIT NINE}"), NOT_PMID),
        ("reports", "pmcid", ("PMC", "PMC0", "pmc5422317", "PMC 5422317"), NOT_PMCID),
        ("reports", "doi", ("10.2147", "10.2147/", "11.2147/a", "10.2147/a b", "doi:10.2147/a"), NOT_DOI),
        ("reports", "year", ("1799", "2014a", "in press", "20\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT FOUR}"), NOT_YEAR),
        ("studies", "registry", ("NCT025175800", "2517580", "ISRCTN1843619", "NCT0251758\N{ARABIC-INDIC DIGIT ZERO}"), NOT_REGISTRY),
        ("studies", "n", ("12.5", "-3", "about 40", "1\N{ARABIC-INDIC DIGIT ZERO}77"), NOT_WHOLE),
        ("identifiers", "identifier", ("MESH:", "MESH_D052242", "MESH:D05 2242", ":D052242"), NOT_CURIE),
        ("findings", "source_url", ("ftp://example.org/a", "https://", "https://example.org/a b", "https://example.org/<a>"), NOT_WEB),
        (
            "findings",
            "source_url",
            ("https://example.org/100%", "https://example.org/%zz", "http://[::1", "http://example.org:port/"),
            NOT_WEB,
        ),
        (
            "findings",
            "value",
            ("0.20 (0.04)", "about 0.2", ".2", "2.", "1e-1", "+0.2", "NaN", "<0.2", "0.\N{ARABIC-INDIC DIGIT TWO}"),
            NOT_NUMBER,
        ),
        ("foods", "value_mean", ("trace", "5,3"), NOT_NUMBER),
        ("mechanism_steps", "step", ("5a", "5.0", "fifth"), NOT_WHOLE),
        ("findings", "p_value", ("p=0.04", "-0.04", "0.04-0.05", "< 0.001", "4%"), NOT_P),
        ("findings", "p_value", ("<2", "40", ">1.0001"), BEYOND_P),
    ],
)
def test_many_malformed_texts(small: Folder, table: str, column: str, texts: tuple[str, ...], message: str) -> None:
    found = {text: read_with(small, table, 0, column, text) for text in texts}
    assert found == {text: [f"{table}.tsv:2: {column}: {text!r} {message}"] for text in texts}


@pytest.mark.parametrize(
    "point",
    [
        *(0x00, 0x0B, 0x0C, 0x0D, 0x1B, 0x1F, 0x7F, 0x85, 0x9F),
        *(0xAD, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x2064, 0xFEFF, 0xE0041),
        *(0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069),
        *(0x2028, 0x2029),
    ],
    ids=lambda point: f"U+{point:04X}",
)
def test_invisible_characters(small: Folder, point: int) -> None:
    found = read_with(small, "findings", 0, "conditions", f"women{chr(point)} with cirrhosis")
    assert found == [f"findings.tsv:2: conditions: holds the invisible character U+{point:04X}; remove it"]


@pytest.mark.parametrize("text", ["0.0000001", "0.00000012", "123456789012345678901234567890.5", "-0", "7.50"])
def test_a_number_becomes_a_decimal_that_any_reader_takes(small: Folder, text: str) -> None:
    write_small(small, "foods", [SMALL["foods"][0] | {"value_mean": text}])
    try:
        store = build.build(small.path, small.vocabulary, rules=[])
    finally:
        write_small(small, "foods", SMALL["foods"])
    (value,) = (
        quad.object.value
        for quad in store
        if quad.subject.value.startswith(f"{iris.BASE}content/") and quad.predicate == iris.name("k2g:valueMean")
    )
    assert set(value) <= set("-0123456789.")
    assert Decimal(value) == Decimal(text)
