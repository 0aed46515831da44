"""Files with named graphs, from the command line and from Python: FROM, FROM NAMED, GRAPH, and what k2graph's own commands read of them."""

import json
from pathlib import Path

import pytest
from project import Run
from pyoxigraph import RdfFormat, parse

import k2graph
from k2graph.errors import InputError
from k2graph.exports import choose, export, find_format
from k2graph.sparql.named_graphs import DEFAULT

A, B, OWN = "http://example.org/a", "http://example.org/b", "https://w3id.org/k2graph"
#: A triple in the default graph, two in each named graph, of which one is in both.
TRIG = """@prefix e: <http://example.org/> .
e:s e:p "home" .
e:a { e:s e:p "a", "both" }
e:b { e:s e:p "b", "both" }
"""
QUADS = "\n".join(
    f'<http://example.org/s> <http://example.org/p> "{value}" {graph}.'
    for value, graph in (("home", ""), ("a", f"<{A}> "), ("both", f"<{A}> "), ("b", f"<{B}> "), ("both", f"<{B}> "))
)
LINKED = json.dumps(
    [
        {"@id": "http://example.org/s", "http://example.org/p": "home"},
        {"@id": A, "@graph": [{"@id": "http://example.org/s", "http://example.org/p": ["a", "both"]}]},
        {"@id": B, "@graph": [{"@id": "http://example.org/s", "http://example.org/p": ["b", "both"]}]},
    ]
)
FILES = {"d.trig": TRIG, "d.nq": QUADS, "d.jsonld": LINKED}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path: Path = tmp_path / request.param
    path.write_text(FILES[request.param], encoding="utf-8")
    return path


#: Queries for ?o, and what is found, in order and as often as it is found.
ASKED = {
    "{ ?s ?p ?o }": "home",
    f"FROM <{A}> {{ ?s ?p ?o }}": "a both",
    f"FROM <{A}> FROM <{B}> {{ ?s ?p ?o }}": "a b both",
    f"FROM <{A}> FROM <{A}> {{ ?s ?p ?o }}": "a both",
    f"from<{A}>{{ ?s ?p ?o }}": "a both",
    f"FROM <{DEFAULT}> {{ ?s ?p ?o }}": "home",
    f"FROM <{DEFAULT}> FROM <{B}> {{ ?s ?p ?o }}": "b both home",
    f"FROM NAMED <{A}> {{ ?s ?p ?o }}": "",
    f"FROM NAMED <{A}> {{ GRAPH ?g {{ ?s ?p ?o }} }}": "a both",
    f"FROM NAMED <{A}> {{ GRAPH <{B}> {{ ?s ?p ?o }} }}": "",
    f"FROM NAMED <{DEFAULT}> {{ GRAPH ?g {{ ?s ?p ?o }} }}": "home",
    f"FROM <{A}> {{ GRAPH ?g {{ ?s ?p ?o }} }}": "",
    f"FROM <{A}> FROM NAMED <{B}> {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}": "a b both both",
    f"FROM <{A}> FROM <{B}> FROM NAMED <{DEFAULT}> {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}": "a b both home",
    "{ GRAPH ?g { ?s ?p ?o } }": "a b both both",
    f"{{ GRAPH <{A}> {{ ?s ?p ?o }} }}": "a both",
    f"{{ GRAPH <{DEFAULT}> {{ ?s ?p ?o }} }}": "home",
    f"{{ {{ GRAPH <{DEFAULT}> {{ ?s ?p ?o }} }} UNION {{ GRAPH <{B}> {{ ?s ?p ?o }} }} }}": "b both home",
    "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }": "a b both both home",
    "FROM <#a> { ?s ?p ?o }": "a both",
    "FROM e:a FROM NAMED e:b { { ?s ?p ?o } UNION { GRAPH e:b { ?s ?p ?o } } }": "a b both both",
    "# FROM <http://example.org/none>\nFROM # FROM\n e:a { ?s ?p ?o FILTER(?o != 'FROM <http://example.org/none>') }": "a both",
}


@pytest.mark.parametrize("query", ASKED)
@pytest.mark.slow
def test_a_query_is_asked_of_the_graphs_that_it_names(file: Path, query: str, run: Run) -> None:
    prologue = "PREFIX e: <http://example.org/> "
    if "<#a>" in query:
        prologue, query_text = "BASE <http://example.org/x> PREFIX e: <http://example.org/> ", query.replace("<#a>", "<a>")
    else:
        query_text = query
    text = f"{prologue}SELECT ?o {query_text} ORDER BY ?o"
    found = k2graph.open(file).query(text)
    assert isinstance(found, k2graph.Answer)
    assert [row["o"] for row in found.rows] == ASKED[query].split()
    code, out, _ = run("query", text, "--data", file, "--format", "tsv")
    assert (code, out.split()) == (0, ["o", *ASKED[query].split()])


@pytest.mark.parametrize("form", ["ASK {}", "DESCRIBE <http://example.org/s> {}", "CONSTRUCT {{ ?s ?p ?o }} {} WHERE {{ ?s ?p ?o }}"])
def test_every_form_of_query_names_graphs(file: Path, form: str) -> None:
    graph = k2graph.open(file)
    found = {name: graph.query(form.format(f"FROM <{name}>") + (" { ?s ?p 'b' }" if "ASK" in form else "")) for name in (A, B)}
    if "ASK" in form:
        assert found == {A: False, B: True}
    else:
        assert {name: {triple.object.value for triple in triples} for name, triples in found.items()} == {  # type: ignore[union-attr]
            A: {"a", "both"},
            B: {"b", "both"},
        }


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://example.org/c> {{ ?s ?p ?o }}",
        "SELECT * FROM <http://example.org/a> FROM <http://example.org/c> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <http://example.org/c> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * {{ GRAPH <http://example.org/c> {{ ?s ?p ?o }} }}",
        "PREFIX : <http://example.org/> ASK FROM :c {{ }}",
        "BASE <http://example.org/> DESCRIBE <s> FROM <c>",
        "ASK FROM <http://example.org/\\u0063> {{ }}",
    ],
)
@pytest.mark.slow
def test_a_graph_that_is_not_there_is_said(file: Path, query: str, run: Run) -> None:
    code, out, err = run("query", query.replace("{{", "{").replace("}}", "}"), "--data", file)
    assert (code, out) == (2, "")
    assert err == f"k2graph: there is no graph http://example.org/c here; there is: {DEFAULT} (the default graph), {A}, {B}\n"


def test_of_many_graphs_only_some_are_named(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "many.trig"
    path.write_text("".join(f"<http://example.org/g{number:03}> {{ <a:s> <a:p> {number} }}\n" for number in range(200)), encoding="utf-8")
    err = run("query", "ASK FROM <http://example.org/none> {}", "--data", path).err
    assert err.endswith("http://example.org/g008 and 191 more\n")


@pytest.mark.parametrize("query", ["SELECT * FROM:a { }", "PREFIX from: <a:> SELECT ?g from:s { }", "PREFIX : <a:> DESCRIBE ?x FROM:a { }"])
def test_from_that_is_not_apart_from_its_graph_is_refused(file: Path, query: str) -> None:
    with pytest.raises(InputError, match="write FROM and the name of its graph apart"):
        k2graph.open(file).query(query)


def test_a_prefix_may_be_called_from(file: Path) -> None:
    assert len(k2graph.open(file).query("PREFIX from: <http://example.org/> DESCRIBE from:s")) == 1  # type: ignore[arg-type]


# The name of the graph


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT (COUNT(*) AS ?n) FROM <{OWN}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{OWN}/> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{OWN}> {{ ?s ?p ?o }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{OWN}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{DEFAULT}> {{ ?s ?p ?o }}",
    ],
)
@pytest.mark.slow
def test_the_graph_answers_to_its_name(graph: k2graph.Graph, query: str) -> None:
    assert graph.rows(query) == [{"n": len(list(graph.triples()))}]


def test_the_graph_is_the_one_that_there_is(graph: k2graph.Graph) -> None:
    assert graph.rows("SELECT ?g { GRAPH ?g { } }") == [{"g": OWN}]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("<http://example.org/d> a <http://rdfs.org/ns/void#Dataset> .", "http://example.org/d"),
        ("<http://example.org/d> a <http://www.w3.org/ns/dcat#Dataset> . <a:o> a owl:Ontology .", "http://example.org/d"),
        ("<http://example.org/o> a owl:Ontology .", "http://example.org/o"),
        ("<https://w3id.org/k2graph/ontology> a owl:Ontology . <a:o> a owl:Ontology .", OWN),
        ("<a:o> a owl:Ontology . <a:p> a owl:Ontology .", None),
        ("<a:s> <a:p> <a:o> .", None),
    ],
)
def test_a_file_gives_its_graph_a_name(tmp_path: Path, said: str, name: str | None) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"@prefix owl: <http://www.w3.org/2002/07/owl#> . {said}", encoding="utf-8")
    graph = k2graph.open(path)
    assert graph.rows("SELECT ?g { GRAPH ?g { } }") == ([] if name is None else [{"g": name}])
    with pytest.raises(InputError, match=f"there is: {name or DEFAULT} "):
        graph.query("ASK FROM <http://example.org/none> { }")


def test_a_named_graph_keeps_its_name_from_the_default_graph(tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    path.write_text("<a:g> a <http://rdfs.org/ns/void#Dataset> . <a:g> { <a:s> <a:p> 'named' }", encoding="utf-8")
    assert k2graph.open(path).rows("SELECT ?o FROM <a:g> { ?s ?p ?o }") == [{"o": "named"}]


# What is not asked of one graph


def test_a_file_without_a_default_graph_is_asked_as_a_whole(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "named.trig"
    path.write_text("<a:g> { <a:s> <a:p> 1, 2 } <a:h> { <a:s> <a:p> 2, 3 } _:b { <a:s> <a:p> 4 }", encoding="utf-8")
    for query in ("SELECT ?o { ?s ?p ?o }", f"SELECT ?o FROM <{DEFAULT}> {{ ?s ?p ?o }}"):
        assert run("query", f"{query} ORDER BY ?o", "--data", path, "--format", "tsv").out.split() == ["o", "1", "2", "3", "4"]


def test_graphs_that_are_empty_are_there(tmp_path: Path) -> None:
    path = tmp_path / "empty.trig"
    path.write_text(
        "@prefix b: <a:> . PREFIX : <a:i/> <a:s> <a:p> <a:o> . <a:g> { } GRAPH <a:h> {\n} b:h2 { } : { } # no: { }", encoding="utf-8"
    )
    graph = k2graph.open(path)
    assert [row["g"] for row in graph.rows("SELECT ?g { GRAPH ?g { } } ORDER BY ?g")] == ["a:g", "a:h", "a:h2", "a:i/"]
    assert graph.query("ASK FROM <a:g> { ?s ?p ?o }") is False


@pytest.mark.slow
def test_k2graph_s_own_commands_read_all_graphs_together(mechanism_alone: Path, tmp_path: Path, run: Run) -> None:
    path, alone = tmp_path / "written.trig", k2graph.open(mechanism_alone)
    export(choose(alone), find_format("trig"), path)
    assert len({quad.graph_name for quad in parse(path.read_bytes(), RdfFormat.TRIG)}) > 5
    for command in (
        ("ask", "contested-claims"),
        ("explain", "mgp-calcification-events"),
        ("path", "MGP", "vascular calcification"),
        ("stats",),
    ):
        assert run(*command, "--data", path) == run(*command, "--data", mechanism_alone)
    there = k2graph.open(path)
    assert there.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [{"n": len(list(alone.triples()))}]
    named = there.query("SELECT ?n { GRAPH ?report { ?f k2g:reported ?n } }")
    assert len(named) > 0  # type: ignore[arg-type]
    assert there.query("ASK { ?f k2g:reported ?n }") is False
    assert there.query("ASK { ?f k2g:reported ?n }", whole=True) is True


@pytest.mark.slow
def test_an_export_keeps_graphs_or_says_that_it_does_not(mechanism_alone: Path, tmp_path: Path, run: Run) -> None:
    trig, again = tmp_path / "k2.trig", tmp_path / "again.trig"
    export(choose(k2graph.open(mechanism_alone)), find_format("trig"), trig)
    text = trig.read_text(encoding="utf-8") + f"\n<{A}> {{ <{A}> <{B}> 'mine', 'mine too' }}\n<{B}> {{ <{A}> <{B}> 'mine' }}\n"
    trig.write_text(text, encoding="utf-8")
    done = run("export", "trig", "--data", trig, "--output", again)
    assert (done.code, "names of graphs" in done.err) == (0, False)
    assert set(parse(again.read_bytes(), RdfFormat.TRIG)) == set(parse(trig.read_bytes(), RdfFormat.TRIG))
    count = len({quad.graph_name for quad in parse(trig.read_bytes(), RdfFormat.TRIG)}) - 1
    done = run("export", "ntriples", "--data", trig, "--output", tmp_path / "again.nt")
    assert (done.code, f"left out {count} names of graphs, whose triples are merged\n" in done.err) == (0, True)
    done = run("export", "ntriples", "--data", mechanism_alone, "--output", tmp_path / "plain.nt")
    assert (done.code, "names of graphs" in done.err) == (0, False)
