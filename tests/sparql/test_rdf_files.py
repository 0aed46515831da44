"""Files of RDF: every syntax, packed or not, with a byte order mark, with relative IRIs; what is no RDF; and what would grow or fetch."""

import codecs
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from other_servers import Double, say
from project import Run
from pyoxigraph import Triple

import k2graph
from k2graph.errors import InputError
from k2graph.exports import choose, export, find_format

S, P = "http://example.org/s", "http://example.org/p"
TURTLE = f'<{S}> <{P}> "café" .\n'
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://example.org/"><rdf:Description rdf:about="{S}"><e:p>café</e:p></rdf:Description></rdf:RDF>
"""
JSON = json.dumps({"@context": {"p": P}, "@id": S, "p": "café"}, ensure_ascii=False)
QUADS = f'<{S}> <{P}> "café" <http://example.org/g> .\n'
TRIG = f'<http://example.org/g> {{ <{S}> <{P}> "café" }}\n'
FILES = {
    "a.ttl": TURTLE,
    "a.nt": TURTLE,
    "a.n3": TURTLE,
    "a.nq": QUADS,
    "a.trig": TRIG,
    "a.rdf": XML,
    "a.xml": XML,
    "a.owl": XML,
    "turtle.owl": TURTLE,
    "turtle.rdf": f"# Turtle under another name\n{TURTLE}",
    "a.jsonld": JSON,
    "a.json": JSON,
    "UPPER.TTL": TURTLE,
}


def value(graph: k2graph.Graph) -> str:
    """The one value in a graph that holds what each of the files holds."""
    (row,) = graph.rows("SELECT ?s ?p ?o { ?s ?p ?o }")
    assert (row["s"], row["p"]) == (S, P)
    return str(row["o"])


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "mark": lambda content: codecs.BOM_UTF8 + content,
    "gz": gzip.compress,
    "mark, gz": lambda content: gzip.compress(codecs.BOM_UTF8 + content),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", FILES)
def test_every_syntax_is_read(tmp_path: Path, name: str, packing: str) -> None:
    path = tmp_path / (name + (".gz" if "gz" in packing else ""))
    path.write_bytes(PACKINGS[packing](FILES[name].encode()))
    assert value(k2graph.open(path)) == "café"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.ttl", "a.rdf", "a.trig"])
def test_a_mark_says_that_a_file_is_in_utf_16(tmp_path: Path, name: str, encoding: str) -> None:
    mark = {"utf-16": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    path = tmp_path / name
    path.write_bytes(mark + FILES[name].replace("UTF-8", "UTF-16").encode(encoding))
    assert value(k2graph.open(path)) == "café"


def test_xml_is_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "latin.rdf"
    path.write_bytes(XML.replace("UTF-8", "ISO-8859-1").encode("latin-1"))
    assert value(k2graph.open(path)) == "café"


@pytest.mark.parametrize("encoding", ["utf-99", "utf-7z", "UTF-16"])
def test_an_encoding_that_is_none_is_said(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "odd.rdf"
    path.write_bytes(XML.replace("UTF-8", encoding).encode()[:-1])
    with pytest.raises(InputError, match=rf"odd\.rdf: says that it is in {encoding}, and is not: .*; save it as UTF-8"):
        k2graph.open(path)


# Relative IRIs

RELATIVE = {
    "a.ttl": "<a> <#b> <> .",
    "a.trig": "<a> <#b> <> .",
    "a.n3": "<a> <#b> <> .",
    "a.rdf": f'''<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://example.org/"><rdf:Description rdf:about="a">
        <e:p rdf:resource=""/></rdf:Description></rdf:RDF>''',
    "a.jsonld": '{"@context": {"b": {"@id": "http://example.org/p", "@type": "@id"}}, "@id": "a", "b": ""}',
}


@pytest.mark.parametrize("name", RELATIVE)
def test_what_is_relative_is_relative_to_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a folder" / name
    path.parent.mkdir()
    path.write_text(RELATIVE[name], encoding="utf-8")
    here = f"file://{tmp_path}/a%20folder"
    (triple,) = k2graph.open(path).triples()
    assert (triple.subject.value, triple.object.value) == (f"{here}/a", f"{here}/{name}")  # type: ignore[union-attr]
    assert triple.predicate.value == (P if name in {"a.rdf", "a.jsonld"} else f"{here}/{name}#b")


def test_what_is_not_relative_is_the_same_wherever_the_file_is(tmp_path: Path, run: Run) -> None:
    said = []
    for folder in ("one", "two"):
        path = tmp_path / folder / "a.ttl"
        path.parent.mkdir()
        path.write_text(f"@base <http://example.org/> . <a> <{P}> <#b> .", encoding="utf-8")
        said.append(run("query", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "--data", path))
    assert said[0] == said[1]
    assert "file:" not in said[0].out


def test_n_triples_have_no_relative_iris(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.nt"
    path.write_text(f"<{S}> <{P}> 'ok' .\n".replace("'", '"') + "<a> <b> <c> .\n", encoding="utf-8")
    code, out, err = run("query", "ASK {}", "--data", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"k2graph: {path}:2: not valid RDF: ")


# What is no RDF

OWL_XML = '<?xml version="1.0"?>\n<!-- <x> -->\n<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="http://example.org/o"/>'
NO_RDF = {
    "a.owl": (OWL_XML, "is in OWL/XML, which is no syntax of RDF; save it as RDF/XML or Turtle"),
    "b.rdf": (OWL_XML, "robot convert --input b.rdf --output b.rdf.ttl"),
    "a.owx": (OWL_XML, "is in OWL/XML"),
    "a.ofn": ("", "is in OWL functional syntax"),
    "a.omn": ("", "is in OWL Manchester syntax"),
    "a.obo": ("", "is in OBO format"),
    "functional.owl": ("# c\nPrefix(:=<http://example.org/>)\nOntology(<http://example.org/o>)", "is in OWL functional syntax"),
    "manchester.ttl": ("Prefix: : <http://example.org/>\nOntology: <http://example.org/o>", "is in OWL Manchester syntax"),
    "obo.owl": ("format-version: 1.2\n", "is in OBO format"),
    "page.rdf": ("<!DOCTYPE html>\n<html lang='en'><body>404</body></html>", "is a web page, not RDF"),
    "a.txt": (
        "",
        r"the ending says no format; use one of .ttl, .nt, .nq, .trig, .n3, .rdf, .owl, .xml, .jsonld, .json, each also with .gz",
    ),
    "a.gz": ("", "the ending says no format"),
    "plain.json": ('{"name": "MK-7"}', "holds no RDF: as JSON-LD, no key of it is an IRI; it may lack its @context"),
    "broken.json": ("{", "not valid RDF"),
    "broken.rdf": (
        "<?xml version='1.0'?>\n<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
        "broken.rdf:2: not valid RDF: as XML, no element found",
    ),
    "half.owl": (XML[: XML.index("</rdf:D")], "half.owl:2: not valid RDF: as XML, no element found"),
    "two.rdf": (XML + "<x/>", "two.rdf:3: not valid RDF: as XML, junk after document element"),
    "broken.ttl": ("@prefix e: <http://e/> .\ne:a e:b .\n", "broken.ttl:2: not valid RDF"),
    "formula.n3": ("{ <a:a> <a:b> <a:c> } => { <a:a> <a:b> <a:d> } .", "not valid RDF"),
    "text.ttl.gz": (TURTLE, "cannot be unpacked"),
    "page.ttl": ("<!DOCTYPE html>\n<html lang='en'><body>404</body></html>", "it looks like a web page; download the file itself"),
    "xml.nt": ('<?xml version="1.0"?>\n<rdf:RDF/>', "it looks like RDF/XML, whose ending is .rdf"),
    "json.ttl": ('{ "@id": "http://e.org/a" }', "it looks like JSON-LD, whose ending is .jsonld"),
}


@pytest.mark.parametrize("name", NO_RDF)
@pytest.mark.slow
def test_what_is_no_rdf_is_one_error_that_says_what_it_is(tmp_path: Path, name: str, run: Run) -> None:
    content, message = NO_RDF[name]
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    code, out, err = run("query", "ASK {}", "--data", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"k2graph: {path}")
    assert err.count("\n") == 1
    assert message in err
    assert "None" not in err


@pytest.mark.parametrize(
    ("name", "packings", "likeness"), [("a.ttl", 1, "a file packed by gzip"), ("a.ttl.gz", 2, "a file packed by gzip")]
)
def test_a_packed_file_that_is_not_called_so(tmp_path: Path, name: str, packings: int, likeness: str) -> None:
    content = TURTLE.encode()
    for _ in range(packings):
        content = gzip.compress(content)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}:1: not valid RDF: .*; it looks like {likeness}"):
        k2graph.open(tmp_path / name)


def test_an_ontology_in_rdf_may_be_the_root(tmp_path: Path) -> None:
    path = tmp_path / "a.owl"
    path.write_text(
        f'<o:Ontology xmlns:o="http://www.w3.org/2002/07/owl#" xmlns:r="{RDF}" r:about="http://example.org/o"/>', encoding="utf-8"
    )
    assert len(list(k2graph.open(path).triples())) == 1


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.nq", "a.trig", "a.rdf", "a.owl", "a.ttl.gz"])
def test_an_empty_file_is_an_empty_graph(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith("gz") else b"")
    assert list(k2graph.open(path).triples()) == []


# What would grow, and what would fetch


def doctype(declarations: str, value: str) -> str:
    return f"""<?xml version="1.0"?><!DOCTYPE rdf:RDF [{declarations}]>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://example.org/"><rdf:Description rdf:about="{S}"><e:p>{value}</e:p></rdf:Description></rdf:RDF>"""


def laughs(levels: int) -> str:
    lines = ['<!ENTITY e0 "ha">', *(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels))]
    return doctype("".join(lines), f"&e{levels - 1};")


BOMBS = {
    "billion laughs": laughs(30),
    "quadratic": doctype(f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 100_000),
    "in an attribute": doctype(f'<!ENTITY a "{"a" * 100_000}">', "").replace(f'"{S}"', '"http://example.org/' + "&a;" * 10_000 + '"'),
    "of itself": doctype('<!ENTITY a "aaaa">' + '<!ENTITY a "&a;&a;&a;&a;">' * 40, "&a;"),
    "by parameter": doctype('<!ENTITY % a "aaaaaaaa">' + '<!ENTITY % a "&a;&a;&a;&a;">' * 40, "&a;"),
}


@pytest.mark.parametrize("kind", BOMBS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_grow(tmp_path: Path, kind: str, encoding: str, run: Run) -> None:
    path = tmp_path / "bomb.owl"
    path.write_bytes(BOMBS[kind].encode(encoding))
    start = time.process_time()
    code, out, err = run("query", "ASK {}", "--data", path)
    assert time.process_time() - start < 5
    assert (code, out) == (2, "")
    assert "its entities would grow to" in err
    assert "bytes; a file of" in err


def test_entities_that_stand_for_namespaces_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.owl"
    path.write_text(doctype('<!ENTITY e "http://example.org/">' + '<!ENTITY o "&e;o">', "&o;&amp;&#233;"), encoding="utf-8")
    (triple,) = k2graph.open(path).triples()
    assert triple.object.value == "http://example.org/o&é"  # type: ignore[union-attr]


@pytest.mark.parametrize("declared", ['<!ENTITY x SYSTEM "{}">', '<!ENTITY % x SYSTEM "{}">', '<!ENTITY x PUBLIC "-//x" "{}">'])
def test_an_entity_elsewhere_is_not_fetched(tmp_path: Path, declared: str, run: Run) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    path = tmp_path / "a.rdf"
    with Double(say(200, b"x")) as other:
        for address in (secret.as_uri(), other.address):
            path.write_text(doctype(declared.format(address), "&x;"), encoding="utf-8")
            code, out, err = run("query", "SELECT * { ?s ?p ?o }", "--data", path)
            assert (code, out) == (2, "")
            assert err == f"k2graph: {path}: the entity x is in another file, which is not fetched\n"
        assert other.asked == []


@pytest.mark.parametrize(
    "content",
    [
        '{"@context": "ADDRESS", "@id": "http://example.org/a", "name": "x"}',
        '{"@context": [{"p": "http://example.org/p"}, "ADDRESS"], "@id": "http://example.org/a", "p": "x"}',
        '{"@context": {"@version": 1.1, "@import": "ADDRESS"}, "@id": "http://example.org/a", "p": "x"}',
        '{"@context": "context.jsonld", "@id": "http://example.org/a", "p": "x"}',
    ],
)
def test_a_context_elsewhere_is_not_fetched(tmp_path: Path, content: str, run: Run) -> None:
    (tmp_path / "context.jsonld").write_text('{"@context": {"p": "http://example.org/p"}}', encoding="utf-8")
    path = tmp_path / "a.jsonld"
    with Double(say(200, b"{}", "application/ld+json")) as other:
        path.write_text(content.replace("ADDRESS", other.address), encoding="utf-8")
        code, out, err = run("query", "SELECT * { ?s ?p ?o }", "--data", path)
        assert other.asked == []
    assert (code, out) == (2, "")
    assert f"{path}: its @context is at another address" in err
    assert "which is not fetched; write the context itself into the file" in err


def test_a_packed_file_may_not_grow_beyond_measure(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "bomb.ttl.gz"
    path.write_bytes(gzip.compress(b"\n" * 80_000_000, 1))
    code, out, err = run("query", "ASK {}", "--data", path)
    assert (code, out) == (2, "")
    assert f"{path}: unpacks to more than 67,108,864 bytes, the most for a file of" in err


@pytest.mark.parametrize("damage", [lambda packed: packed[:-20], lambda packed: packed[:30] + b"\0" * 30 + packed[60:]])
def test_a_packed_file_that_is_damaged_is_said(tmp_path: Path, damage: Callable[[bytes], bytes], run: Run) -> None:
    path = tmp_path / "a.nt.gz"
    path.write_bytes(damage(gzip.compress("".join(f'<{S}> <{P}> "{number}" .\n' for number in range(500)).encode())))
    code, out, err = run("query", "ASK {}", "--data", path)
    assert (code, out) == (2, "")
    assert f"{path}: cannot be unpacked" in err


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.trig"])
def test_triples_in_triples_have_a_depth(tmp_path: Path, name: str, run: Run) -> None:
    path = tmp_path / name
    path.write_text(f"<{S}> <{P}> " + f"<<( <{S}> <{P}> " * 50_000 + '"x"' + " )>>" * 50_000 + " .", encoding="utf-8")
    code, out, err = run("query", "ASK {}", "--data", path)
    assert (code, out, err) == (2, "", f"k2graph: {path}: holds triples in triples deeper than 1,000\n")


@pytest.mark.parametrize(("before", "after"), [('{"a:b":', "}"), ("[", "]"), ('{"@list":[', "]}"), ("[", "")])
def test_brackets_of_json_have_a_depth(tmp_path: Path, before: str, after: str, run: Run) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(f'{{"@id": "{S}", "a:b": ' + before * 30_000 + '"x"' + after * 30_000 + "}", encoding="utf-8")
    start = time.process_time()
    code, out, err = run("query", "ASK {}", "--data", path)
    assert time.process_time() - start < 5
    assert (code, out, err) == (2, "", f"k2graph: {path}: holds brackets in brackets deeper than 1,000\n")


def test_elements_of_xml_have_a_depth(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.rdf"
    path.write_text(
        f'<r:RDF xmlns:r="{RDF}" xmlns:a="a:">' + "<a:b><a:c>" * 50_000 + "</a:c></a:b>" * 50_000 + "</r:RDF>", encoding="utf-8"
    )
    start = time.process_time()
    code, out, err = run("query", "ASK {}", "--data", path)
    assert time.process_time() - start < 5
    assert (code, out, err) == (2, "", f"k2graph: {path}: holds elements in elements deeper than 1,000\n")


def test_what_only_looks_like_triples_in_triples_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f'<{S}> <{P}> "{"<<( " * 5_000}" . # {"<<( " * 5_000}', encoding="utf-8")
    assert value(k2graph.open(path)) == "<<( " * 5_000
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"@id": S, P: '{"[' * 5_000}), encoding="utf-8")
    assert value(k2graph.open(path)) == '{"[' * 5_000


def test_what_stands_in_a_comment_is_no_graph(tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    path.write_text(f"# <http://[x> {{ }}\n{TURTLE}", encoding="utf-8")
    assert value(k2graph.open(path)) == "café"


# What the product writes itself


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "trig", "jsonld", "turtle-star", "owl", "skos", "nanopub"])
@pytest.mark.slow
def test_every_export_of_rdf_can_be_read_again(mechanism_alone: Path, name: str, run: Run, tmp_path: Path) -> None:
    alone, form = k2graph.open(mechanism_alone), find_format(name)
    path = tmp_path / f"written{form.suffix}"
    export(choose(alone), form, path)
    code, out, err = run("query", "ASK { entity:mk-7 ?p ?o }" if name != "nanopub" else "ASK { ?s ?p entity:mk-7 }", "--data", path)
    assert (code, out, err) == (0, "yes\n", "")
    if name in {"turtle", "ntriples", "trig"}:
        assert set(k2graph.open(path).triples()) == set(alone.triples())


@pytest.mark.slow
def test_the_triples_of_a_packed_graph_are_those_of_the_graph(graph: k2graph.Graph, tmp_path: Path) -> None:
    from k2graph import resources

    path = tmp_path / "k2.ttl.gz"
    path.write_bytes(gzip.compress(resources.GRAPH.read_bytes(), 1))
    found = list(k2graph.open(path).triples())
    assert set(found) == set(graph.triples())
    assert all(isinstance(triple, Triple) for triple in found)
