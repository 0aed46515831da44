"""Apache Jena, on which Fuseki is built: questions, rules and shapes say there what they say here, and no question takes long.

Debian brings the library, which one process holds behind HTTP (see `other_servers.jena`); Fuseki's own package is in no registry.
"""

import os
import urllib.request
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from derived import MISTAKES, PREFIXES, held, spoilt_report, values
from other_servers import jena
from project import Run
from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, parse, parse_query_results

import k2graph
from k2graph import iris, resources
from k2graph.building import build
from k2graph.building.derive import derive
from k2graph.sparql.push import push
from k2graph.sparql.questions import read_questions
from k2graph.sparql.store import EmbeddedStore
from k2graph.sparql.update import Server

pytestmark = pytest.mark.server

GRAPH, WRONG = "https://example.org/derived", "https://example.org/wrong"
INTERNAL = sorted((resources.QUESTIONS / "internal").glob("*.rq"))


@pytest.fixture(scope="module", autouse=True)
def _plain_environment() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if (name.startswith("K2GRAPH_") and name != "K2GRAPH_CACHE") or name.lower().endswith("_proxy"):
            patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with jena(tmp_path_factory.mktemp("jena")) as address:
        yield address


@pytest.fixture(scope="module")
def derived(address: str, few_claims: Path) -> EmbeddedStore:
    """What is built here of tables of which Jena holds all that is asserted and what it derived of that, as a named graph."""
    push([quad.triple for quad in build.asserted(few_claims.parent / "tables")], f"{address}/update", graph=GRAPH)
    derive(f"{address}/query", f"{address}/update", graph=GRAPH)
    return EmbeddedStore(few_claims)


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


def test_all_rules_derive_the_same(address: str, derived: EmbeddedStore) -> None:
    found, built = held(f"{address}/query", GRAPH), values(derived)
    assert len(built) > 15_000
    assert (built - found, found - built) == (set(), set())


def test_what_k2graph_asks_itself_is_answered_alike(address: str, derived: EmbeddedStore) -> None:
    far = k2graph.open(endpoint=f"{address}/query", graph=GRAPH)
    wrong = []
    for path in INTERNAL:
        query = path.read_text(encoding="utf-8")
        found: Any = far.store.query(query)
        here: Any = derived.engine.query(query)
        if _rows(found.rows) != _rows(here):
            wrong.append(path.stem)
    assert wrong == []


def _results(report: Any) -> set[tuple[Any, ...]]:
    """The results of a SHACL report: what fails which constraint of which shape, and how bad that is."""
    said: dict[Any, dict[str, Any]] = {}
    kept = ("focusNode", "value", "sourceShape", "sourceConstraint", "sourceConstraintComponent", "resultSeverity")
    words = {iris.name(f"sh:{word}"): word for word in kept}
    found = set()
    for subject, predicate, thing in report:
        if predicate in words:
            said.setdefault(subject, {})[words[predicate]] = thing
        elif predicate == iris.name("sh:result"):
            found.add(thing)
    return {tuple(str(said[result].get(word)) for word in kept) for result in found}


def test_reports_there_are_the_reports_here(address: str, derived: EmbeddedStore, run: Run) -> None:
    server = Server(f"{address}/update", 120)
    server.update(f"COPY GRAPH <{GRAPH}> TO GRAPH <{WRONG}>")
    server.update(PREFIXES + MISTAKES.replace("<g>", f"<{WRONG}>"))
    here = spoilt_report(derived)
    outcome = run("validate", "--endpoint", f"{address}/query", "--graph", WRONG, "--format", "ttl")
    assert (outcome.code, outcome.err) == (1, "")
    assert outcome.out.splitlines() == here.to_turtle().decode().splitlines()
    # And as Jena's own validator has it.
    answer = _post(f"{address}/shacl?graph={WRONG}", "text/turtle", resources.SHAPES.read_bytes())
    report: list[Triple] = [quad.triple for quad in parse(answer.body, RdfFormat.N_TRIPLES)]
    there, ours = _results(report), _results(here.triples)
    assert len(ours) > 100
    assert (there - ours, ours - there) == (set(), set())
