"""The forms of a table and a truth value, held against the specifications' own words; what is expected was written by hand.

JSON: https://www.w3.org/TR/sparql11-results-json/, XML: https://www.w3.org/TR/rdf-sparql-XMLres/, CSV and TSV:
https://www.w3.org/TR/sparql11-results-csv-tsv/.
"""

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest
from served import Served

#: The engine keeps the value of a number and of a language's name, not how it was spelt: 1.0e6 is 1000000, fr-BE is fr-be.
XSD = "http://www.w3.org/2001/XMLSchema#"
QUERY = """SELECT ?a ?b WHERE { VALUES (?a ?b) {
  (<https://example.org/?a=1&b=2> "plain")
  ("say \\"hi\\"" "a,b")
  ("line\\nbreak" "tab\\there")
  ("chat"@fr-BE 1)
  ("2020"^^xsd:gYear 1.5)
  (true 1.0e6)
  (UNDEF "<&>")
  ("" "back\\\\slash")
} }"""
JSON = [
    {"a": {"type": "uri", "value": "https://example.org/?a=1&b=2"}, "b": {"type": "literal", "value": "plain"}},
    {"a": {"type": "literal", "value": 'say "hi"'}, "b": {"type": "literal", "value": "a,b"}},
    {"a": {"type": "literal", "value": "line\nbreak"}, "b": {"type": "literal", "value": "tab\there"}},
    {
        "a": {"type": "literal", "value": "chat", "xml:lang": "fr-be"},
        "b": {"type": "literal", "value": "1", "datatype": f"{XSD}integer"},
    },
    {
        "a": {"type": "literal", "value": "2020", "datatype": f"{XSD}gYear"},
        "b": {"type": "literal", "value": "1.5", "datatype": f"{XSD}decimal"},
    },
    {
        "a": {"type": "literal", "value": "true", "datatype": f"{XSD}boolean"},
        "b": {"type": "literal", "value": "1000000", "datatype": f"{XSD}double"},
    },
    {"b": {"type": "literal", "value": "<&>"}},
    {"a": {"type": "literal", "value": ""}, "b": {"type": "literal", "value": "back\\slash"}},
]
CSV = (
    "a,b\r\n"
    "https://example.org/?a=1&b=2,plain\r\n"
    '"say ""hi""","a,b"\r\n'
    '"line\nbreak",tab\there\r\n'
    "chat,1\r\n"
    "2020,1.5\r\n"
    "true,1000000\r\n"
    ",<&>\r\n"
    ",back\\slash\r\n"
)
TSV = (
    "?a\t?b\n"
    '<https://example.org/?a=1&b=2>\t"plain"\n'
    '"say \\"hi\\""\t"a,b"\n'
    '"line\\nbreak"\t"tab\\there"\n'
    '"chat"@fr-be\t1\n'
    f'"2020"^^<{XSD}gYear>\t1.5\n'
    f'true\t"1000000"^^<{XSD}double>\n'
    '\t"<&>"\n'
    '""\t"back\\\\slash"\n'
)
NAMES = {"s": "http://www.w3.org/2005/sparql-results#"}


def test_json(serving: Served) -> None:
    document = serving.ask(QUERY, "application/sparql-results+json").json()
    assert document == {"head": {"vars": ["a", "b"]}, "results": {"bindings": JSON}}


def test_csv(serving: Served) -> None:
    assert serving.ask(QUERY, "text/csv").text == CSV


def test_tsv(serving: Served) -> None:
    assert serving.ask(QUERY, "text/tab-separated-values").text == TSV


def test_xml(serving: Served) -> None:
    document = ET.fromstring(serving.ask(QUERY, "application/sparql-results+xml").text)
    assert document.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    assert [variable.get("name") for variable in document.iterfind("s:head/s:variable", NAMES)] == ["a", "b"]
    rows = []
    for result in document.iterfind("s:results/s:result", NAMES):
        row = {}
        for binding in result:
            (term,) = binding
            said = {"type": term.tag.partition("}")[2], "value": term.text or ""}
            said |= {"xml:lang": language} if (language := term.get("{http://www.w3.org/XML/1998/namespace}lang")) else {}
            said |= {"datatype": datatype} if (datatype := term.get("datatype")) else {}
            row[binding.get("name")] = said
        rows.append(row)
    assert rows == JSON


@pytest.mark.parametrize(
    ("accept", "blank"),
    [
        ("application/sparql-results+json", r'"type":"bnode","value":"(\w+)"'),
        ("application/sparql-results+xml", r"<bnode>(\w+)</bnode>"),
        ("text/csv", r"_:(\w+)"),
        ("text/tab-separated-values", r"_:(\w+)"),
    ],
)
def test_a_blank_node_has_one_name_in_an_answer(serving: Served, accept: str, blank: str) -> None:
    text = serving.ask("SELECT ?x ?y ?z { BIND(BNODE() AS ?x) BIND(?x AS ?y) BIND(BNODE() AS ?z) }", accept).text
    first, again, other = re.findall(blank, text)
    assert first == again != other


@pytest.mark.parametrize("rows", [0, 1, 999, 1_000, 1_001, 2_500])
def test_rows_are_counted_right_where_they_are_written_in_parts(serving: Served, rows: int) -> None:
    query = f"SELECT ?s ?p WHERE {{ ?s ?p ?o }} LIMIT {rows}"
    assert len(serving.ask(query).json()["results"]["bindings"]) == rows
    assert len(list(csv.reader(io.StringIO(serving.ask(query, "text/csv").text)))) == rows + 1
    assert serving.ask(query, "text/tab-separated-values").text.count("\n") == rows + 1
    assert len(ET.fromstring(serving.ask(query, "application/xml").text).findall("s:results/s:result", NAMES)) == rows


@pytest.mark.parametrize(
    ("query", "truth"),
    [("ASK {}", "true"), ("ASK { <a:none> <a:none> <a:none> }", "false")],
)
def test_truth(serving: Served, query: str, truth: str) -> None:
    assert serving.ask(query, "application/sparql-results+json").json() == {"head": {}, "boolean": truth == "true"}
    document = ET.fromstring(serving.ask(query, "application/sparql-results+xml").text)
    assert document.findtext("s:boolean", namespaces=NAMES) == truth
    # The specification gives CSV and TSV to SELECT alone; this is what the engine's own writers give.
    assert serving.ask(query, "text/csv").text.strip() == truth
    assert serving.ask(query, "text/tab-separated-values").text.strip() == truth


def test_a_table_without_columns_or_rows_is_one_still(serving: Served) -> None:
    query = "SELECT * WHERE { <a:none> <a:none> <a:none> }"
    assert serving.ask(query).json() == {"head": {"vars": []}, "results": {"bindings": []}}
    assert serving.ask(query, "text/csv").text.strip() == ""
    assert ET.fromstring(serving.ask(query, "application/xml").text).findall("s:results", NAMES)[0].text is None


@pytest.mark.parametrize(
    "media_type", ["text/csv", "text/tab-separated-values", "application/sparql-results+json", "application/sparql-results+xml"]
)
def test_columns_of_select_all_come_in_the_order_of_the_query(serving: Served, media_type: str) -> None:
    query = "SELECT * { VALUES (?z ?b) { (1 2) } BIND(3 AS ?a) }"
    text = serving.ask(query, media_type).text
    places = {
        "text/csv": text == "z,b,a\r\n1,2,3\r\n",
        "text/tab-separated-values": text == "?z\t?b\t?a\n1\t2\t3\n",
        "application/sparql-results+json": '"vars":["z", "b", "a"]' in text or '"vars":["z","b","a"]' in text,
        "application/sparql-results+xml": re.findall(r'variable name="(\w)"', text) == ["z", "b", "a"],
    }
    assert places[media_type], text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * WHERE { ?s ?p }", "not a SPARQL query: error at 1:25, or just before: this cannot stand here"),
        ("ASK { ?s foaf:name ?o }", "not a SPARQL query: error at 1:10: the prefix foaf: is not declared; "),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "not a SPARQL query: error at 1:34: SELECT * cannot stand with GROUP BY; name the variables"),
    ],
)
def test_what_is_wrong_with_a_query_is_one_sentence(serving: Served, query: str, message: str) -> None:
    answer = serving.ask(query, "text/csv")
    assert answer.status_code == 400
    assert answer.text.startswith(message)
    assert "\n" not in answer.text.strip()
