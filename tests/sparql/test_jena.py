"""Apache Jena, on which Fuseki is built: questions, rules and shapes say there what they say here, and no question takes long.

Debian brings the library, which one process holds behind HTTP (see `other_servers.jena`); Fuseki's own package is in no registry.
"""

import re
import urllib.request
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from derived import MISTAKES, PREFIXES, spoilt_report, values
from k2graph_server import served
from other_servers import NOT_ANSWERED, RESULTS, empty_oxigraph, jena, oxigraph
from project import Run, without_settings
from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, parse, parse_query_results

import k2graph
from k2graph import iris, resources
from k2graph.sparql.questions import read_questions
from k2graph.sparql.rules import read_rules
from k2graph.sparql.store import EmbeddedStore
from k2graph.sparql.update import Server

pytestmark = pytest.mark.server

GRAPH, WRONG = "https://example.org/few", "https://example.org/wrong"
INTERNAL = sorted((resources.QUESTIONS / "internal").glob("*.rq"))


@pytest.fixture(scope="module", autouse=True)
def _plain_environment() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    without_settings(patch)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with jena(tmp_path_factory.mktemp("jena")) as address:
        yield address


class Posted(NamedTuple):
    """An answer, and how many seconds of a processor it took."""

    body: bytes
    took: float


def _post(address: str, kind: str, body: bytes) -> Posted:
    request = urllib.request.Request(address, data=body, headers={"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return Posted(answer.read(), int(answer.headers["X-Cpu"]) / 1000)


def _settled(term: Any) -> Any:
    """A term by its value; an engine may order the parts of a list within a cell as it likes."""
    if term is None:
        return None
    try:
        return Decimal(term.value).normalize()
    except ArithmeticError:
        return tuple(sorted(term.value.split(", ")))


def _rows(found: Any) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(map(_settled, row)) for row in found)


def test_each_question_has_the_same_rows_within_a_second(address: str, graph: k2graph.Graph) -> None:
    _post(f"{address}/load", "text/turtle", resources.GRAPH.read_bytes())
    wrong, slow = [], {}
    for question in read_questions():
        if question.name in NOT_ANSWERED:
            continue
        asked = f"{address}/query", "application/sparql-query", question.query.encode()
        answer = _post(*asked)
        if answer.took >= 1:
            # What was never run before is slow in Java; once more tells.
            slow[question.name] = _post(*asked).took
        here: Any = graph.store.engine.query(question.query)  # type: ignore[union-attr]
        if _rows(parse_query_results(answer.body, QueryResultsFormat.JSON)) != _rows(here):
            wrong.append(question.name)
    assert wrong == []
    assert {name: took for name, took in slow.items() if took >= 1} == {}


@pytest.fixture(scope="module")
def few(address: str, few_claims: Path) -> EmbeddedStore:
    """A graph of a few claims, which Jena holds as a named graph."""
    _post(f"{address}/load?graph={GRAPH}", "text/turtle", few_claims.read_bytes())
    return EmbeddedStore(few_claims)


def test_each_rule_derives_the_same(address: str, few: EmbeddedStore) -> None:
    wrong, derived = [], 0
    for rule in read_rules():
        answer = _post(f"{address}/query?default-graph-uri={GRAPH}", "application/sparql-query", rule.query.encode())
        here: Any = [*few.engine.query(rule.query)]
        if values(here) != values(quad.triple for quad in parse(answer.body, RdfFormat.N_TRIPLES)):
            wrong.append(rule.name)
        derived += len(here)
    assert wrong == []
    assert derived > 5_000


def test_a_count_of_rows_takes_no_name_of_the_query(address: str, few: EmbeddedStore) -> None:
    # Over a limit is asked how many there are: of a query that has a ?n of its own too.
    query = "SELECT ?n WHERE { ?n ?p ?o } LIMIT 1000"
    found = k2graph.open(endpoint=f"{address}/query", graph=GRAPH).query(query)
    assert len(found) == 1_000  # type: ignore[arg-type]


def test_what_k2graph_asks_itself_is_answered_alike(address: str, few: EmbeddedStore) -> None:
    far = k2graph.open(endpoint=f"{address}/query", graph=GRAPH)
    wrong = []
    for path in INTERNAL:
        query = path.read_text(encoding="utf-8")
        found: Any = far.store.query(query)
        here: Any = few.engine.query(query)
        if _rows(found.rows) != _rows(here):
            wrong.append(path.stem)
    assert wrong == []


def _results(report: Any) -> set[tuple[str, ...]]:
    """The results of a SHACL report: what fails which shape, by what, and how bad that is.

    Jena does not say which constraint it was; the message does.
    """
    kept = ("focusNode", "value", "sourceShape", "sourceConstraintComponent", "resultSeverity", "resultMessage")
    said: dict[Any, dict[str, str]] = {}
    for subject, predicate, thing in report:
        said.setdefault(subject, {})[predicate.value.rpartition("#")[2]] = re.sub("[<>]", "", getattr(thing, "value", ""))
    found = {thing for _, predicate, thing in report if predicate == iris.name("sh:result")}
    return {tuple(said[result].get(word, "") for word in kept) for result in found}


def test_reports_there_are_the_reports_here(address: str, few: EmbeddedStore, run: Run) -> None:
    server = Server(f"{address}/update", 120)
    server.update(f"COPY GRAPH <{GRAPH}> TO GRAPH <{WRONG}>")
    server.update(PREFIXES + MISTAKES.replace("<g>", f"<{WRONG}>"))
    here = spoilt_report(few)
    outcome = run("validate", "--endpoint", f"{address}/query", "--graph", WRONG, "--format", "ttl")
    assert (outcome.code, outcome.err) == (1, "")
    assert outcome.out.splitlines() == here.to_turtle().decode().splitlines()
    # And as Jena's own validator has it.
    answer = _post(f"{address}/shacl?graph={WRONG}", "text/turtle", resources.SHAPES.read_bytes())
    report: list[Triple] = [quad.triple for quad in parse(answer.body, RdfFormat.N_TRIPLES)]
    there, ours = _results(report), _results(here.triples)
    assert len(ours) > 100
    assert (there - ours, ours - there) == (set(), set())


#: What UniProt, Rhea and Wikidata say in their own words, as far as it is asked for here, and of something that is not asked for.
ELSEWHERE = """
@prefix up: <http://purl.uniprot.org/core/> . @prefix uniprotkb: <http://purl.uniprot.org/uniprot/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix rh: <http://rdf.rhea-db.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix wd: <http://www.wikidata.org/entity/> .
uniprotkb:P02818 up:encodedBy [ skos:prefLabel "BGLAP" ] . uniprotkb:P38435 up:encodedBy [ skos:prefLabel "GGCX" ] .
uniprotkb:P01308 up:encodedBy [ skos:prefLabel "INS" ] .
rh:1 rdfs:subClassOf rh:Reaction ; rh:equation "one = menadione" ; rh:side [ rh:contains [ rh:compound rh:c1 ] ] .
rh:c1 rh:chebi <http://purl.obolibrary.org/obo/CHEBI_28869> .
wd:Q27120546 rdfs:label "メナキノン-7"@ja , "menaquinone 7"@en .
"""
TOGETHER = {
    "gene": {
        ("Vitamin K activates GGCX", "GGCX"), ("Vitamin K2 increases the activity of GGCX", "GGCX"), ("MK-7 raises osteocalcin", "BGLAP"),
        ("MK-4 raises the level of osteocalcin", "BGLAP"), ("Vitamin K1 raises the level of osteocalcin", "BGLAP"),
        ("Vitamin K2 raises osteocalcin", "BGLAP"),
    },
    "equation": {("menadione", "one = menadione")},
    "name": {("MK-7", "メナキノン-7")},
}  # fmt: skip


def test_the_how_to_asks_together_with_others(address: str, tmp_path: Path) -> None:
    text = (resources.ROOT / "docs" / "how-to" / "federate.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    (tmp_path / "elsewhere.ttl").write_text(ELSEWHERE, encoding="utf-8")
    (tmp_path / "served").mkdir()
    with (
        served(tmp_path / "served") as ours,
        oxigraph(tmp_path / "elsewhere", tmp_path / "elsewhere.ttl") as theirs,
        empty_oxigraph() as asking,
    ):
        for query, (last, expected) in zip(queries, TOGETHER.items(), strict=True):
            here = query.replace("http://127.0.0.1:7878/sparql", f"http://127.0.0.1:{ours.port}/sparql")
            here = re.sub(r"SERVICE <https://[^>]*>", f"SERVICE <{theirs}>", here)
            # Jena puts in what it knows already, and stumbles over VALUES of the same.
            bare = re.sub(rf"(SERVICE <{theirs}> {{\n) *VALUES [^\n]*\n", r"\1", here)
            assert bare != here
            for asked, said in ((f"{asking}/query", here), (f"{address}/query", bare)):
                request = urllib.request.Request(asked, said.encode(), {"Content-Type": "application/sparql-query", "Accept": RESULTS})
                with urllib.request.urlopen(request, timeout=60) as answer:
                    found: Any = parse_query_results(answer.read(), QueryResultsFormat.JSON)
                first = found.variables[0].value
                assert {(row[first].value, row[last].value) for row in found} == expected, asked
