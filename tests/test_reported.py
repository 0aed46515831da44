"""Inputs that users of other tools reported as broken there, each run once through the command line: what is right is worked out beside it.

What only a server shows stands in tests/server/test_serve_results.py and test_serve_any_file.py, what an endpoint cuts in
tests/sparql/test_whole.py. Files and cells here are synthetic.
"""

import csv
import io
import json
from pathlib import Path

import pytest
from project import Folder, Run, rows

BOM = b"\xef\xbb\xbf"
#: name of a file, its bytes, a query of it, and the CSV that is right.
FILES = {
    "an IRI with commas": (
        "a.ttl",
        b'<http://example.org/10.1000/j:a,b,c> <http://example.org/label> "two commas" .',
        "SELECT ?s ?l { ?s <http://example.org/label> ?l }",
        [["s", "l"], ["http://example.org/10.1000/j:a,b,c", "two commas"]],
    ),
    "small and long numbers": (
        "a.ttl",
        b"@prefix ex: <http://example.org/> . ex:a ex:v "
        b"-0.00001 , 0.000000001234 , 0.1234567890123456789012 , 123456789012345678.123456789 .",
        "SELECT ?v { ?s ?p ?v } ORDER BY ?v",
        [["v"], ["-0.00001"], ["0.000000001234"], ["0.1234567890123456789012"], ["123456789012345678.123456789"]],
    ),
    "a byte order mark": ("a.ttl", BOM + b'<http://e/a> <http://e/b> "c" .', "SELECT ?o { ?s ?p ?o }", [["o"], ["c"]]),
    "a named graph": (
        "a.trig",
        b'<http://example.org/g> { <http://example.org/a> <http://example.org/b> "in a named graph" . }',
        "SELECT ?g ?o { GRAPH ?g { ?s ?p ?o } }",
        [["g", "o"], ["http://example.org/g", "in a named graph"]],
    ),
    "an ontology in RDF/XML": (
        "a.owl",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">'
        b'<rdf:Description rdf:about="http://example.org/M"><rdfs:label>menaquinone</rdfs:label></rdf:Description></rdf:RDF>',
        "SELECT ?l { ?s rdfs:label ?l }",
        [["l"], ["menaquinone"]],
    ),
}


@pytest.mark.parametrize(("name", "content", "query", "right"), FILES.values(), ids=FILES)
def test_a_file_is_read_and_its_answer_is_whole(
    name: str, content: bytes, query: str, right: list[list[str]], run: Run, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("query", query, "--data", tmp_path / name, "--format", "csv")
    assert (done.code, list(csv.reader(io.StringIO(done.out)))) == (0, right)


def test_a_relative_address_is_that_of_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a> <b> <c> .")
    done = run("query", "SELECT ?s { ?s ?p ?o }", "--data", tmp_path / "a.ttl", "--format", "csv")
    assert done.out.splitlines() == ["s", f"{tmp_path.as_uri()}/a"]


def test_a_control_character_comes_back_as_it_is_and_does_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text('<http://e/a> <http://e/b> "bell\\u0007 here" .')
    asked = ("query", "SELECT ?o { ?s ?p ?o }", "--data", tmp_path / "a.ttl", "--format")
    assert json.loads(run(*asked, "json").out)["rows"] == [{"o": "bell\x07 here"}]
    assert "\x07" not in run(*asked, "table").out


QUERIES = {
    "the graph by its own name": (
        "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/k2graph> WHERE { ?s a k2g:Study }",
        ["n", str(len(rows("studies")))],
    ),
    "years are numbers": (
        "SELECT (COUNT(*) AS ?n) WHERE { ?report a k2g:Report ; k2g:year ?year FILTER(?year >= 2020) }",
        ["n", str(sum(int(row["year"] or 0) >= 2020 for row in rows("reports")))],
    ),
    "labels are in English": (
        'SELECT (COUNT(*) AS ?n) WHERE { ?s a k2g:Study ; rdfs:label ?l FILTER(LANG(?l) = "en") }',
        ["n", str(len(rows("studies")))],
    ),
    "columns in the order of the query": (
        "SELECT * WHERE { entity:mk-7 skos:notation ?first ; a ?middle ; rdfs:label ?last }",
        ["first,middle,last"],
    ),
}


@pytest.mark.parametrize(("query", "right"), QUERIES.values(), ids=QUERIES)
def test_a_query_that_is_natural_is_answered(query: str, right: list[str], run: Run) -> None:
    done = run("query", query, "--format", "csv")
    assert (done.code, done.out.splitlines()[: len(right)]) == (0, right)


WRONG = {
    "SELECT * WHERE { ?s ?p }": "1:25",
    "SELECT * WHERE { ?s foaf:name ?o }": "the prefix foaf: is not declared",
}


@pytest.mark.parametrize(("query", "told"), WRONG.items())
def test_an_error_names_the_place_in_what_was_asked(query: str, told: str, run: Run) -> None:
    done = run("query", query)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


CELLS = {
    "a range read as a date": ("pharmacokinetics", "amount", "8-Jul"),
    "pages read as a date": ("reports", "pages", "8-Mar"),
    "an issue read as a date": ("reports", "issue", "2024-03-04"),
    "an age read as a date": ("reference_intakes", "age_range", "10-May"),
    "a gene read as a date": ("entities", "label", "2-Sep"),
    "quotes doubled": ("reports", "title", '"Role of Vitamin K2, in ""women"" with cirrhosis"'),
}


@pytest.mark.parametrize(("table", "column", "cell"), CELLS.values(), ids=CELLS)
@pytest.mark.extras
def test_a_spreadsheet_s_hand_is_a_fault_with_its_place(table: str, column: str, cell: str, tables: Folder) -> None:
    lines = tables.lines(table)
    lines[1][lines[0].index(column)] = cell
    tables.write(table, lines)
    assert [fault for fault in tables.faults() if fault.startswith(f"{table}.tsv:2: {column}: ")]


@pytest.mark.extras
def test_empty_columns_are_said_to_have_no_name(tables: Folder) -> None:
    tables.write("studies", [[*line, "", ""] for line in tables.lines("studies")])
    (fault, *_) = tables.faults()
    assert fault.startswith("studies.tsv:1: ")
    assert "no name" in fault


THINGS = {
    "an entity by its address": ("explain", "https://w3id.org/k2graph/entity/mk-7"),
    "a drug by its address": ("ask", "drug-interactions", "--drug", "https://w3id.org/k2graph/entity/warfarin"),
}


@pytest.mark.parametrize("arguments", THINGS.values(), ids=THINGS)
def test_a_full_address_is_understood(arguments: tuple[str, ...], run: Run) -> None:
    done = run(*arguments)
    assert done.code == 0
    assert done.out.count("\n") > 3


@pytest.mark.parametrize("about", ["report:doi-10.1001-jamainternmed.2018.1127", "study:torgerson-2018"])
@pytest.mark.extras
def test_a_report_is_in_the_export_that_is_about_it_or_its_study(about: str, run: Run, tmp_path: Path) -> None:
    assert run("export", "ris", "--about", about, "--output", tmp_path / "one.ris").code == 0
    assert "DO  - 10.1001/jamainternmed.2018.1127" in (tmp_path / "one.ris").read_text(encoding="utf-8")


@pytest.mark.extras
def test_pages_of_a_reference_have_a_first_and_a_last(run: Run) -> None:
    found = run("ask", "reports", "--format", "ris").out
    report = next(row for row in rows("reports") if row["pages"] == "358-361")
    (record,) = [each for each in found.split("ER  - ") if report["doi"] and report["doi"] in each]
    assert "SP  - 358\n" in record
    assert "EP  - 361\n" in record


def test_a_file_of_one_s_own_is_accused_of_nothing_that_it_need_not_have(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").write_text("")
    done = run("validate", tmp_path / "empty.ttl")
    # It lacks nothing; and that nothing was checked is no success, since the file may have been meant to be another.
    assert (done.code, "so nothing was checked" in done.out, "violation" in done.out) == (1, True, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("k2g:severity k2g:severity-moderate", "k2g:severity k2g:severity-major"),
        ('k2g:amount "10"', 'k2g:amount "100"'),
    ],
)
def test_a_changed_fact_of_any_table_is_a_difference(old: str, new: str, run: Run, tmp_path: Path) -> None:
    thing = "@prefix k2g: <https://w3id.org/k2graph/ontology#> . <http://example.org/i> a k2g:Interaction ; %s ."
    for name, fact in (("old.ttl", old), ("new.ttl", new)):
        (tmp_path / name).write_text(thing % fact)
    done = run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")
    assert done.code == 0
    assert "Nothing" not in done.out
