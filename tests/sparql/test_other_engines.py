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

from k2graph import resources
from k2graph.sparql.questions import Question, read_questions

#: What k2graph asks itself; each file names an example of what it is asked of.
INTERNAL = sorted((resources.QUESTIONS / "internal").glob("*.rq"))


@pytest.fixture(scope="module")
def part(part_of_all: Path) -> Store:
    store = Store()
    store.bulk_load(path=str(part_of_all), format=RdfFormat.N_TRIPLES)
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
    assert here


def test_the_part_is_a_part_that_still_says_much(part: Store) -> None:
    assert len(part) > 15_000
    assert isinstance(next(iter(part)), Quad)
