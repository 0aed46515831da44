"""Years and p-values answer to the filters that one would write, and every number keeps the digits that its source gives.

What is right is worked out from the cells of the tables, by plain text and `decimal`, without the code that builds the graph.
"""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from project import Folder, Run, ours, rows, write_part
from pyoxigraph import Literal, RdfFormat, parse, serialize

import k2graph
from k2graph import iris, resources
from k2graph.building import build
from k2graph.curation.forms import p_relation
from k2graph.curation.schema import schema
from k2graph.exports import Part, choose, export, find_format
from k2graph.ontology import Vocabulary

#: What a finding says of an arm and of its comparator, and the property without the number of the arm.
OF_ARMS = {
    "mean": "mean", "sd": "sd", "median": "median", "lower_quartile": "lowerQuartile", "upper_quartile": "upperQuartile",
    "smallest": "smallest", "largest": "largest",
}  # fmt: skip
#: Where numbers stand, and the property of each column.
NUMBERS = {
    ("findings", "finding"): {"value": "value", "ci_low": "ciLow", "ci_high": "ciHigh"}
    | {f"{column}{arm}": f"{name}{arm}" for column, name in OF_ARMS.items() for arm in (1, 2)},
    ("entities", "entity"): {"micrograms_per_iu": "microgramsPerUnit"},
    ("arms", "arm"): {"dose": "doseValue", "lasted": "lasted", "baseline_level": "baselineLevel"},
    ("studies", "study"): {"baseline_level": "baselineLevel"},
    ("foods", "content"): {"value_mean": "valueMean", "value_low": "valueLow", "value_high": "valueHigh"},
    ("status_surveys", "status"): {
        "value": "value",
        "value_low": "valueLow",
        "value_high": "valueHigh",
        "spread": "spreadSize",
        "threshold": "threshold",
        "share_low": "shareLow",
    },
    ("spreads", "spread"): {"sd": "standardDeviation"},
    ("important_differences", "difference"): {"value": "value"},
}
#: A hazard ratio of 1.150 (0.843 to 1.570), p 0.811, on one claim.
FINDING, CLAIM = "finding:haruhikoyoshida2011-1", "claim:vitamin-k2-risk-hepatocellular-carcinoma-recurrence"


def _reported(name: str) -> str:
    """The property that keeps the digits of another."""
    return f"{name.removeprefix('doseValue') or 'dose'}Reported"


def count(graph: k2graph.Graph, pattern: str) -> int:
    return int(graph.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")[0]["n"])


# Years


def test_reports_since_a_year_are_found(graph: k2graph.Graph) -> None:
    since = sum(row["year"] >= "2020" for row in rows("reports"))
    assert count(graph, "?report a k2g:Report ; k2g:year ?year FILTER(?year >= 2020)") == since > 100
    between = sum("2010" <= row["year"] < "2015" for row in rows("reports"))
    assert count(graph, "?report a k2g:Report ; k2g:year ?year FILTER(?year >= 2010 && ?year < 2015)") == between > 50


def test_reference_intakes_since_a_year_are_found(graph: k2graph.Graph) -> None:
    since = sum(row["year"] >= "2020" for row in rows("reference_intakes"))
    assert count(graph, "?intake a k2g:ReferenceIntake ; k2g:year ?year FILTER(?year >= 2020)") == since > 0


def test_a_year_can_be_reckoned_with_and_compared_with_the_first_year(graph: k2graph.Graph) -> None:
    (row,) = graph.query("SELECT (MIN(?year) AS ?first) (MAX(?year) - MIN(?year) AS ?span) WHERE { ?report a k2g:Report ; k2g:year ?year }")
    years = [int(row["year"]) for row in rows("reports")]
    assert dict(row) == {"first": min(years), "span": max(years) - min(years)}
    assert count(graph, "?vote k2g:firstYear ?first FILTER NOT EXISTS { ?report a k2g:Report ; k2g:year ?first }") == 0


def test_no_type_of_the_graph_makes_a_natural_filter_fail(graph: k2graph.Graph) -> None:
    """Numbers compare with numbers, days with days and truth values with truth values; a gYear or a duration with nothing one writes."""
    held = {triple.object.datatype.value for triple in graph.triples() if isinstance(triple.object, Literal)}
    assert {iris.short(kind) for kind in held} == {"xsd:string", "rdf:langString", "xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:date"}


# P-values


SIGN, DIGITS = re.compile("^[<>=≤≥]"), re.compile(r"[\d.]+$")
WORDS = {"": "equal to", "=": "equal to", "<": "less than", "≤": "at most", ">": "greater than", "≥": "at least"}


def sign(cell: str) -> str:
    found = SIGN.match(cell)
    return found[0] if found else ""


def number(cell: str) -> Decimal:
    return Decimal(DIGITS.search(cell)[0])  # type: ignore[index]  # every cell ends in digits


def test_p_values_compare_as_numbers(graph: k2graph.Graph) -> None:
    cells = [row["p_value"] for row in rows("findings") if row["p_value"]]
    assert count(graph, "?finding k2g:pValue ?p") == len(cells)
    small = sum(number(cell) < Decimal("0.01") for cell in cells)
    assert count(graph, "?finding k2g:pValue ?p FILTER(?p < 0.01)") == small > 20
    surely = sum(number(cell) < Decimal("0.01") and sign(cell) in {"", "=", "<", "≤"} for cell in cells)
    words = "k2g:number-equal , k2g:number-less , k2g:number-at-most"
    assert count(graph, f"?finding k2g:pValue ?p ; k2g:pValueRelation ?is FILTER(?p < 0.01 && ?is IN ({words}))") == surely


def test_a_p_value_has_its_number_its_relation_and_its_text(graph: k2graph.Graph) -> None:
    found = graph.query("""SELECT ?finding ?relation ?text ?digits WHERE {
        ?finding k2g:pValue ?p ; k2g:pValueReported ?text ; k2g:pValueRelation ?is . ?is rdfs:label ?relation BIND(STR(?p) AS ?digits) }""")
    expected = {ours("finding", row["finding"]): row["p_value"] for row in rows("findings") if row["p_value"]}
    assert {row["finding"]: row["text"] for row in found} == expected
    assert {sign(text) for text in expected.values()} >= {"", "<", ">", "≤"}
    for row in found:
        assert row["relation"] == WORDS[sign(row["text"])]
        assert Decimal(row["digits"]) == number(row["text"])


@pytest.mark.parametrize(("text", "word"), [("=0.5", "equal"), ("≥0.20", "at-least"), ("0.00001", "equal"), (">0.10", "greater")])
@pytest.mark.extras
def test_each_relation_that_a_cell_can_write(tmp_path: Path, vocabulary: Vocabulary, text: str, word: str) -> None:
    tables = Folder(tmp_path / "tables", vocabulary)
    write_part(tables.path, "haruhikoyoshida2011-1")
    tables.change("findings", "haruhikoyoshida2011-1", p_value=text)
    store = build.asserted(tables.path, tables.vocabulary)
    node = iris.ours("finding", "haruhikoyoshida2011-1")
    said = {quad.predicate.value.rpartition("#")[2]: quad.object for quad in store.quads_for_pattern(node, None, None)}
    assert said["pValueReported"] == Literal(text)
    assert said["pValueRelation"] == iris.name(f"k2g:number-{word}")
    assert Decimal(said["pValue"].value) == number(text)


def test_relations_are_written_as_the_ontology_writes_them(vocabulary: Vocabulary) -> None:
    for word, concept in vocabulary.schemes["number-relations"].items():
        (written,) = vocabulary.texts(concept, "skos:altLabel")
        assert p_relation(f"{written}0.05") == word


# Digits


def test_every_number_has_its_digits_in_the_graph(graph: k2graph.Graph) -> None:
    for (table, kind), columns in NUMBERS.items():
        class_ = schema().tables[table].class_
        for column, name in columns.items():
            found = graph.query(
                f"SELECT ?thing ?text ?digits WHERE {{ ?thing a {class_} ; k2g:{name} ?number ; k2g:{_reported(name)} ?text "
                "BIND(STR(?number) AS ?digits) }"
            )
            cells = [row[column] for row in rows(table) if row[column]]
            assert sorted(row["text"] for row in found) == sorted(cells)
            assert all(row["thing"].startswith(f"{kind}:") and Decimal(row["text"]) == Decimal(row["digits"]) for row in found)
            assert count(graph, f"?thing a {class_} ; k2g:{name} ?number") == len(cells)
    assert any(cell.endswith("0") and "." in cell for row in rows("findings") for cell in (row["value"], row["ci_low"], row["ci_high"]))


def test_every_column_of_numbers_keeps_its_digits() -> None:
    """A table that gets another column of decimal numbers keeps them as reported too."""
    columns = {(table.name, column.name): column for table in schema() for column in table.columns if column.form == "number"}
    assert set(columns) == {(table, column) for (table, _), named in NUMBERS.items() for column in named}
    assert all(column.reported == f"k2g:{_reported(column.property.removeprefix('k2g:'))}" for column in columns.values())


@pytest.mark.parametrize(
    "text", ["1.150", "0.10", "-14.0", "-0", "-0.00000012", "0.1234567890123456789012", "123456789012345678901234567890.50"]
)
@pytest.mark.slow
def test_no_number_passes_through_a_float(tables: Folder, text: str) -> None:
    tables.change("findings", "haruhikoyoshida2011-1", value=text, ci_low="", ci_high="")
    store = build.asserted(tables.path, tables.vocabulary)
    node = iris.ours("finding", "haruhikoyoshida2011-1")
    (digits,) = [quad.object.value for quad in store.quads_for_pattern(node, iris.name("k2g:valueReported"), None)]
    (value,) = [quad.object for quad in store.quads_for_pattern(node, iris.name("k2g:value"), None)]
    assert digits == text
    assert (Decimal(value.value), value.datatype) == (Decimal(text), iris.name("xsd:decimal"))


@pytest.mark.parametrize(("column", "text"), [("value", "007.50"), ("ci_low", "-00.1"), ("value", "00")])
@pytest.mark.extras
def test_zeros_in_front_are_a_slip(tables: Folder, column: str, text: str) -> None:
    line = tables.change("findings", "haruhikoyoshida2011-1", **{column: text})
    message = f"{text!r} is not a number, such as 12 or -0.35 (the unit has a column of its own)"
    assert tables.faults() == [f"findings.tsv:{line}: {column}: {message}"]


# Who prints them


def test_the_finding_as_python_has_it(graph: k2graph.Graph) -> None:
    finding = graph.evidence().findings[FINDING]
    assert (finding.value, finding.ci_low, finding.ci_high) == (1.15, 0.843, 1.57)
    assert (finding.value_reported, finding.ci_low_reported, finding.ci_high_reported) == ("1.150", "0.843", "1.570")
    assert (finding.p_value, str(finding.p_value_relation), finding.p_value_reported) == (0.811, "equal to", "0.811")
    assert finding.numbers == "hazard ratio 1.150 (0.843 to 1.570); p=0.811"


def test_every_finding_prints_what_its_row_has(graph: k2graph.Graph) -> None:
    findings = graph.evidence().findings
    for row in rows("findings"):
        finding = findings[ours("finding", row["finding"])]
        shown = (finding.value_reported, finding.ci_low_reported, finding.ci_high_reported, finding.p_value_reported)
        assert shown == (row["value"], row["ci_low"], row["ci_high"], row["p_value"])
        if row["value"]:
            assert row["value"] in re.split("[ ;]", finding.numbers)
        if row["p_value"]:
            assert finding.numbers.endswith(("p " if sign(row["p_value"]) else "p=") + row["p_value"])


def test_explain_prints_the_digits(run: Run) -> None:
    said = " ".join(run("explain", CLAIM).out.split())
    assert "hazard ratio 1.150 (0.843 to 1.570); p=0.811" in said


def test_the_question_has_number_and_digits(graph: k2graph.Graph, run: Run) -> None:
    (row,) = [row for row in graph.ask("evidence-for-claim", claim=CLAIM) if row["value_reported"] == "1.150"]
    assert (float(row["value"]), row["ci_low_reported"], row["ci_high_reported"]) == (1.15, "0.843", "1.570")
    assert (float(row["p_value"]), row["p_value_relation"], row["p_value_reported"]) == (0.811, "equal to", "0.811")
    text = run("ask", "evidence-for-claim", "--claim", CLAIM, "--format", "csv").out
    assert any(line["value_reported"] == "1.150" and line["p_value_reported"] == "0.811" for line in csv.DictReader(text.splitlines()))


def test_the_question_on_foods_has_the_digits(graph: k2graph.Graph) -> None:
    found = graph.ask("foods")
    for column, shown in (("value_mean", "mean"), ("value_low", "low"), ("value_high", "high")):
        assert sorted(row[f"{shown}_reported"] or "" for row in found) == sorted(row[column] for row in rows("foods"))
    said = graph.ask("everything-about", entity="entity:mk-8")
    assert "7.0 ug/100 g" in {row["detail"] for row in said if row["part"].endswith("found in")}


def test_the_question_on_who_is_low_has_the_digits(graph: k2graph.Graph) -> None:
    found = graph.ask("who-is-low")
    shown = {"value": "value_reported", "value_low": "low", "value_high": "high", "spread": "spread", "threshold": "threshold"}
    for column, name in (shown | {"share_low": "share_low_reported"}).items():
        assert sorted(row[name] or "" for row in found) == sorted(row[column] for row in rows("status_surveys")), column


@pytest.fixture(scope="module")
def part(graph: k2graph.Graph) -> Part:
    return choose(graph, about=CLAIM)


#: How each export that carries numbers writes the finding's value, its interval and its p-value.
WRITTEN = {
    "kgx": [r"\b1\.150\b", r"\b1\.570\b", r"\b0\.811\b"],
    "csv": [r"\b1\.150\b", r"\b1\.570\b", r"\b0\.811\b"],
    "neo4j": [r"\b1\.150\b", r"\b1\.570\b", r"\b0\.811\b"],
    "va-spec": [
        r'"valueReported",\s*"value": "1\.150"',
        r'"ciHighReported",\s*"value": "1\.570"',
        r'"pValueReported",\s*"value": "0\.811"',
    ],
    "fhir": [r'"value": 1\.150\b', r'"value": 1\.570\b', r'"description": "0\.811"'],
    "nanopub": [r'k2g:valueReported "1\.150"', r'k2g:ciHighReported "1\.570"', r'k2g:pValueReported "0\.811"'],
    "jsonld": [r'"k2g:valueReported": "1\.150"', r'"k2g:ciHighReported": "1\.570"', r'"k2g:pValueReported": "0\.811"'],
    "turtle": [r'k2g:valueReported "1\.150"', r'k2g:ciHighReported "1\.570"', r'k2g:pValueReported "0\.811"'],
    "ntriples": [r'#valueReported> "1\.150"', r'#ciHighReported> "1\.570"', r'#pValueReported> "0\.811"'],
    "owl": [r">1\.150</", r">1\.570</", r">0\.811</"],
    "review": [r"hazard ratio 1\.150 \(0\.843 to 1\.570\); p=0\.811"],
}


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.slow
def test_every_export_that_prints_numbers_prints_their_digits(name: str, part: Part, tmp_path: Path) -> None:
    export(part, find_format(name), tmp_path / name)
    files = [tmp_path / name] if (tmp_path / name).is_file() else sorted(path for path in (tmp_path / name).iterdir() if path.is_file())
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix != ".docx")
    assert [pattern for pattern in WRITTEN[name] if not re.search(pattern, text)] == []


def test_fhir_has_the_relation_of_a_p_value(graph: k2graph.Graph, tmp_path: Path) -> None:
    finding, cell = next((row["finding"], row["p_value"]) for row in rows("findings") if row["p_value"].startswith("≤"))
    whole = graph.evidence()
    claims = [bearing.claim for bearing in whole.bearings_of[ours("finding", finding)]]
    export(Part(whole.only(claims), graph, whole=False), find_format("fhir"), tmp_path / "x.json")
    bundle: dict[str, Any] = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"), parse_float=Decimal)
    address = iris.ours("finding", finding).value
    (each,) = (entry["resource"] for entry in bundle["entry"] if entry["fullUrl"] == address)
    (p,) = (estimate for estimate in each["statistic"][0]["attributeEstimate"] if estimate["type"]["text"] == "p-value")
    assert p["quantity"] == {"value": number(cell), "comparator": "<="}
    assert p["description"] == cell


def test_a_nanopublication_has_decimals_where_the_graph_has_them(part: Part, tmp_path: Path) -> None:
    export(part, find_format("nanopub"), tmp_path / "x.trig")
    quads = list(parse(path=str(tmp_path / "x.trig"), format=RdfFormat.TRIG))
    kinds = {iris.short(quad.object.datatype.value) for quad in quads if isinstance(quad.object, Literal)}
    assert kinds == {"xsd:string", "rdf:langString", "xsd:integer", "xsd:decimal"}


# A graph of one's own, that has numbers and no digits beside them


@pytest.mark.slow
def test_a_graph_without_digits_prints_its_numbers(tmp_path: Path) -> None:
    def changed(triple: Any) -> Any:
        value = iris.name("k2g:value")
        mine = triple.subject == iris.ours("finding", "haruhikoyoshida2011-1") and triple.predicate == value
        return type(triple)(triple.subject, value, Literal("-0.00001", datatype=iris.name("xsd:decimal"))) if mine else triple

    quads = parse(path=str(resources.GRAPH), format=RdfFormat.TURTLE)
    kept = [changed(quad.triple) for quad in quads if not quad.predicate.value.endswith("Reported") or "pValue" in quad.predicate.value]
    path = tmp_path / "own.nt"
    path.write_bytes(serialize(kept, format=RdfFormat.N_TRIPLES) or b"")
    own = k2graph.open(path)
    assert own.evidence().findings[FINDING].numbers == "hazard ratio -0.00001 (0.843 to 1.57); p=0.811"
