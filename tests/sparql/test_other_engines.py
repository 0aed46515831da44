"""Every question answers alike in the embedded engine and in rdflib: they are standard SPARQL, bound to no engine.

rdflib joins slowly, so both get the same part of the real graph: all that bears on the claims of five mechanisms.
"""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, Store, serialize

import k2graph
from k2graph import iris, resources
from k2graph.sparql.questions import Question, read_questions
from k2graph.sparql.store import EmbeddedStore

MECHANISMS = ("mgp-calcification-events", "osteocalcin-hormone-muscle", "mitochondria-cramps", "k1-to-mk4", "gas6-axl-muscle-repair")
#: What k2graph asks itself; each file names an example of what it is asked of.
INTERNAL = sorted((resources.QUESTIONS / "internal").glob("*.rq"))
#: What hangs on a claim, and by which property.
HANGS_ON = ("Bearing", "Vote", "Standing", "Tally", "AlternativeStanding", "PooledEstimate")
#: Beside the claims of the mechanisms: one with most findings, one that is pooled, one that an anchor holds, one on which a synthesis is of
#: concern, and one on which an important effect is left out.
AS_WELL = (
    "mk-7-level-dp-ucmgp",
    "mk-7-level-arterial-stiffness",
    "warfarin-risk-bleeding",
    "mk-4-risk-hip-fracture",
    "vitamin-k1-level-hip-bone-mineral-density",
)
#: What both arms of a trial had, which no finding of the tables gives yet.
ARMS = """PREFIX finding: <https://w3id.org/k2graph/finding/> PREFIX k2g: <https://w3id.org/k2graph/ontology#>
    INSERT DATA { finding:rlfulton2016-2 k2g:n1 40 ; k2g:n2 40 ; k2g:mean1 9.9 ; k2g:sd1 1.4 ; k2g:mean2 10.9 ; k2g:sd2 3.0 }"""
#: Of things that have nothing to do with claims, so many are enough.
FEW = {
    "FoodContent": 12,
    "ReferenceIntake": 12,
    "PharmacokineticParameter": 12,
    "StatusFigure": 12,
    "Interaction": 12,
    "IdentifierMatch": 30,
    "CitationCheck": 12,
}


@pytest.fixture(scope="module")
def part() -> Store:
    graph = k2graph.open()
    assert isinstance(graph.store, EmbeddedStore)
    everything = graph.store.engine
    inside = " ".join(f"mechanism:{name}" for name in MECHANISMS)
    claims = graph.rows(
        f"""SELECT DISTINCT ?claim WHERE {{ VALUES ?m {{ {inside} }}
        {{ ?claim k2g:neededBy ?m }} UNION {{ ?step k2g:mechanism ?m ; k2g:reachClaim ?claim }}
        UNION {{ ?claim rdf:object entity:muscle-strength }} }}"""
    )
    kept = {row["claim"] for row in claims} | {f"claim:{name}" for name in AS_WELL}
    dropped: set[Any] = set()
    for kind in HANGS_ON:
        found = graph.rows(f"SELECT ?x ?c WHERE {{ ?x a k2g:{kind} ; k2g:claim ?c }}")
        # A pool stays for any of its claims.
        dropped |= {row["x"] for row in found} - {row["x"] for row in found if row["c"] in kept}
    dropped |= {row["x"] for row in graph.rows("SELECT ?x WHERE { ?x a k2g:Claim }")} - kept
    bearings = {row["b"]: row["f"] for row in graph.rows("SELECT ?b ?f WHERE { ?b a k2g:Bearing ; k2g:finding ?f }")}
    heard = {finding for bearing, finding in bearings.items() if bearing not in dropped}
    dropped |= {row["x"] for row in graph.rows("SELECT ?x WHERE { ?x a k2g:Finding }")} - heard
    for kind, most in FEW.items():
        dropped |= {row["x"] for row in graph.rows(f"SELECT ?x WHERE {{ ?x a k2g:{kind} }} ORDER BY ?x")[most:]}
    gone = {iris.name(curie) for curie in dropped}
    store = Store()
    store.extend(quad for quad in everything if quad.subject not in gone and quad.object not in gone)
    store.update(ARMS)
    return store


@pytest.fixture(scope="module")
def in_rdflib(part: Store) -> rdflib.Graph:
    text = serialize((quad.triple for quad in part), format=RdfFormat.N_TRIPLES) or b""
    return rdflib.Graph().parse(data=text.decode(), format="nt")


def _comparable(value: Any) -> Any:
    """A term by its value: `1` and `1.0` are one number, and an engine may order the parts of a list in a cell as it likes."""
    if value is None:
        return None
    text = str(value) if isinstance(value, rdflib.term.Node) else str(value.value)
    try:
        return Decimal(text).normalize()
    except ArithmeticError:
        return tuple(sorted(text.split(", ")))


@pytest.mark.parametrize("question", read_questions(), ids=[question.name for question in read_questions()])
@pytest.mark.slow
def test_rdflib_answers_as_the_embedded_engine_does(part: Store, in_rdflib: rdflib.Graph, question: Question) -> None:
    found: Any = part.query(question.query)
    here = Counter(tuple(map(_comparable, row)) for row in found)
    there = Counter(tuple(map(_comparable, row)) for row in in_rdflib.query(question.query))  # type: ignore[union-attr]
    assert here == there
    # An answer that is empty on both sides would show nothing.
    assert here or question.name in {"retracted-studies"}


@pytest.mark.parametrize("path", INTERNAL, ids=lambda path: path.stem)
@pytest.mark.slow
def test_what_k2graph_asks_itself_is_answered_alike(part: Store, in_rdflib: rdflib.Graph, path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    found: Any = part.query(query)
    here = Counter(tuple(map(_comparable, row)) for row in found)
    assert here == Counter(tuple(map(_comparable, row)) for row in in_rdflib.query(query))  # type: ignore[union-attr]
    # The part has nothing of what two of them name for an example.
    assert here or path.stem in {"claims-of-what-is-not-counted", "findings-of"}


def test_the_part_is_a_part_that_still_says_much(part: Store) -> None:
    assert len(part) > 15_000
    assert isinstance(next(iter(part)), Quad)
