"""The queries that k2graph asks itself: files like the questions, each with a head, each used, each bound by terms."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib.plugins.sparql.parser import parseQuery

import k2graph
from k2graph import iris, resources
from k2graph.sparql.internal import internal

QUERIES = sorted((resources.QUESTIONS / "internal").glob("*.rq"))
SOURCE = resources.ROOT / "src" / "k2graph"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_each_has_a_head_and_is_standard_sparql(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# [A-Z][^\n]+\.\n\n?PREFIX ", text)
    parseQuery(text)


def test_each_is_asked_somewhere_and_none_stands_in_python() -> None:
    modules = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    together = "".join(modules.values())
    assert [path.stem for path in QUERIES if f'"{path.stem}"' not in together] == []
    floors = ("evidence", "reports", "building", "cli")
    own = {path.name for path, text in modules.items() if path.parent.name in floors and re.search(r"SELECT (DISTINCT )?[?(]", text)}
    # The one shows a user how a query is written.
    assert own == {"read.py"}


def test_a_query_is_asked_of_terms(graph: k2graph.Graph) -> None:
    assert graph.rows(internal("label", thing=iris.ours("entity", "mk-7"))) == [{"label": "MK-7"}]
    both = [iris.ours("entity", "mk-7"), iris.ours("entity", "warfarin")]
    found = graph.rows(internal("classes-of-things", given=both))
    assert {row["thing"] for row in found if row["class"] in {"k2g:Vitamer", "k2g:Drug"}} == {"entity:mk-7", "entity:warfarin"}


@pytest.mark.parametrize("given", [{}, {"entity": iris.name("k2g:Entity")}, {"thing": iris.name("k2g:Entity"), "more": NamedNode("a:b")}])
def test_no_query_is_asked_of_its_example(given: dict[str, NamedNode]) -> None:
    with pytest.raises(TypeError, match="the query 'label' is asked of"):
        internal("label", **given)
