"""The forms of a table and a truth value, held against the specifications' own words; what is expected was written by hand.

JSON: https://www.w3.org/TR/sparql11-results-json/, XML: https://www.w3.org/TR/rdf-sparql-XMLres/, CSV and TSV:
https://www.w3.org/TR/sparql11-results-csv-tsv/.
"""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from k2graph_server import GRAPHS, Served, served
from pyoxigraph import parse
from rdflib import Graph

pytestmark = pytest.mark.server

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


#: Terms that a form may have to quote or escape, each written in Turtle and in SPARQL alike, with its cell in CSV.
AWKWARD = {
    "<http://example.org/j:a,b,c>": "http://example.org/j:a,b,c",
    "<http://example.org/,>": "http://example.org/,",
    "<http://example.org/a;b'c=d>": "http://example.org/a;b'c=d",
    '"a,b"': "a,b",
    '"say \\"hi\\""': 'say "hi"',
    '"line\\nbreak"': "line\nbreak",
    '"carriage\\rreturn"': "carriage\rreturn",
    '"both\\r\\n"': "both\r\n",
    '"tab\\t, and comma"': "tab\t, and comma",
    '" blanks "': " blanks ",
    '""': "",
    '"a,b"@en': "a,b",
    '"1,5"^^<http://example.org/a,b>': "1,5",
    '<<( <http://example.org/a,b> <http://example.org/p> "c,d" )>>': '<<( <http://example.org/a,b> <http://example.org/p> "c,d" )>>',
}


class TestCellsOfCSV:
    def rows(self, serving: Served, query: str) -> list[list[str]]:
        response = serving.ask(query, "text/csv")
        assert response.status_code == 200
        return list(csv.reader(io.StringIO(response.text, newline="")))

    @pytest.mark.parametrize("rows", [1, 1_500])
    def test_every_term_is_one_cell_in_every_column(self, serving: Served, rows: int) -> None:
        many = " ".join(map(str, range(rows)))
        names = " ".join(f"?c{number}" for number in range(len(AWKWARD)))
        binds = " ".join(f"BIND({term} AS ?c{number})" for number, term in enumerate(AWKWARD))
        found = self.rows(serving, f"SELECT ?n {names} WHERE {{ VALUES ?n {{ {many} }} {binds} }}")
        assert found[0] == ["n", *(f"c{number}" for number in range(len(AWKWARD)))]
        assert sorted(found[1:], key=lambda row: int(row[0])) == [[str(number), *AWKWARD.values()] for number in range(rows)]

    def test_a_row_of_nothing_is_a_row(self, serving: Served) -> None:
        assert self.rows(serving, 'SELECT ?x { VALUES ?x { UNDEF "" <http://example.org/a,b> } }') == [
            ["x"], [""], [""], ["http://example.org/a,b"]
        ]  # fmt: skip
        assert self.rows(serving, "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF UNDEF) } }") == [["x", "y"], ["", ""]]

    def test_a_table_without_rows_has_its_head(self, serving: Served) -> None:
        assert self.rows(serving, "SELECT ?x ?y { ?x <a:none> ?y }") == [["x", "y"]]

    def test_a_graph_is_no_table(self, serving: Served) -> None:
        response = serving.ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "text/csv")
        assert response.status_code == 406
        assert "the answer is a graph" in response.text


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two things that XML can say, and three that it cannot."""
    folder = tmp_path_factory.mktemp("serve")
    data = folder / "awkward.ttl"
    data.write_text(
        "@prefix ex: <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        r'ex:good rdfs:label "carriage\rreturn", " <&> ]]> " .'
        r'ex:bell rdfs:label "bell\u0007 here" . ex:nothing rdfs:label "a\uFFFEb" . ex:zero ex:p "\u0000" .'
        "<https://w3id.org/k2graph/entity/bell> <http://example.org/says> '\\u0001' ."
        "ex:number <http://example.org/123> 1 . ex:path <http://example.org/p/> 1 . ex:reserved "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 . ex:class a <http://example.org/9> . ex:within ex:p <<( ex:a ex:p 'x' )>> .",
        encoding="utf-8",
    )
    with served(folder, "--data", data, "--max-concurrent", "1") as server:
        yield server


XML_RESULTS = ["application/sparql-results+xml", "application/xml"]
GOOD = "http://example.org/good"


@pytest.mark.parametrize("accept", XML_RESULTS)
@pytest.mark.parametrize(("thing", "character"), [("bell", "U+0007"), ("nothing", "U+FFFE"), ("zero", "U+0000")])
def test_a_table_that_xml_cannot_hold_is_refused_whole(awkward: Served, accept: str, thing: str, character: str) -> None:
    query = f"SELECT ?s ?x {{ ?s ?p ?x . FILTER(?s IN (<{GOOD}>, <http://example.org/{thing}>)) }}"
    response = awkward.ask(query, accept)
    assert response.status_code == 406
    assert f"{character} " in response.text
    assert "application/sparql-results+json, text/csv, text/tab-separated-values" in response.text
    for other in ("application/sparql-results+json", "text/csv", "text/tab-separated-values"):
        assert awkward.ask(query, other).status_code == 200


def test_a_long_table_with_one_such_character_at_its_end_is_refused_before_its_beginning(awkward: Served) -> None:
    values = " ".join(f'"{"x" * 1_000} {number}"' for number in range(90))
    query = f'SELECT ?m ?x {{ VALUES ?m {{ {" ".join(map(str, range(20)))} }} VALUES ?x {{ {values} "\\u0008" }} }} ORDER BY ?m ?x'
    assert len(awkward.ask(query, "text/csv").text) > 1_000_000
    response = awkward.ask(query, "application/sparql-results+xml")
    assert (response.status_code, len(response.text) < 1_000) == (406, True)


@pytest.mark.parametrize("accept", XML_RESULTS)
def test_what_xml_can_hold_comes_through_an_xml_parser(awkward: Served, accept: str) -> None:
    document = ET.fromstring(awkward.ask(f"SELECT ?x {{ <{GOOD}> ?p ?x }}", accept).content)
    assert {each.text for each in document.iter("{http://www.w3.org/2005/sparql-results#}literal")} == {"carriage\rreturn", " <&> ]]> "}


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("bell", "U+0007"),
        ("nothing", "U+FFFE"),
        ("zero", "U+0000"),
        ("number", "property <http://example.org/123>"),
        ("path", "property <http://example.org/p/>"),
        ("reserved", "property <http://www.w3.org/1999/02/22-rdf-syntax-ns#li>"),
        ("class", "class <http://example.org/9>"),
    ],
)
def test_a_graph_that_rdf_xml_cannot_hold_is_refused_whole(awkward: Served, thing: str, said: str) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o . FILTER(?s IN (<{GOOD}>, <http://example.org/{thing}>)) }}"
    response = awkward.ask(query, "application/rdf+xml")
    assert response.status_code == 406
    assert said in response.text
    assert "text/turtle" in response.text.partition("it can be had as")[2]
    for accept, form in GRAPHS.items():
        if accept != "application/rdf+xml":
            assert len(list(parse(awkward.ask(query, accept).content, form))) == 3


def test_json_ld_that_cannot_hold_a_triple_in_a_triple_is_refused(awkward: Served) -> None:
    query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o . FILTER(isTRIPLE(?o)) }"
    response = awkward.ask(query, "application/ld+json")
    assert response.status_code == 406
    assert "triples within triples; it can be had as: text/turtle" in response.text
    assert awkward.ask(query, "application/rdf+xml").status_code == 200


def test_rdf_xml_comes_through_an_xml_parser(awkward: Served) -> None:
    text = awkward.ask(f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ <{GOOD}> }} ?s ?p ?o }}", "application/rdf+xml").content
    assert {str(value) for value in Graph().parse(data=text, format="xml").objects()} == {"carriage\rreturn", " <&> ]]> "}


@pytest.mark.parametrize("path", ["/store?default", "/entity/bell"])
def test_neither_the_whole_graph_nor_a_thing_comes_as_xml_that_is_none(awkward: Served, path: str) -> None:
    for _ in range(2):
        response = awkward.client.get(path, headers={"Accept": "application/rdf+xml"})
        assert response.status_code == 406
        assert "it can be had as: text/turtle, application/n-triples" in response.text
    assert awkward.client.get(path, headers={"Accept": "application/n-triples"}).status_code == 200


def test_the_whole_graph_in_xml_keeps_its_line_ends(tmp_path: Path) -> None:
    data = tmp_path / "ends.ttl"
    data.write_text(r'<http://example.org/a> <http://example.org/p> "a\rb\r\nc" .', encoding="utf-8")
    with served(tmp_path, "--data", data, "--max-concurrent", "1") as server:
        text = server.client.get("/store?default", headers={"Accept": "application/rdf+xml"}).content
    assert [str(value) for value in Graph().parse(data=text, format="xml").objects()] == ["a\rb\r\nc"]
