"""The queries that k2graph asks itself: files like the questions, each with a head, each used, each bound by terms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib.plugins.sparql.parser import parseQuery

import k2graph
from k2graph import iris, resources
from k2graph.sparql.internal import internal

QUERIES = sorted((resources.QUESTIONS / "internal").glob("*.rq"))
SOURCE = resources.ROOT / "src" / "k2graph"
#: Queries that no file could hold, and of what they are made.
MADE = {
    "building/derive.py": "of the graph in which is worked, and of what figures and sizes write",
    "server/apart.py": "of nothing: all triples, written as a graph",
    "shacl/shapes.py": "of shapes",
    "sparql/examples.py": "of a question of the files",
    "sparql/named_graphs.py": "of names of graphs in a query of the user's",
    "sparql/update.py": "of triples that are sent",
    "sparql/whole.py": "of a query of the user's",
}
#: Those that show a user how a query is written.
SHOWN = {"cli/read.py", "server/pages.py"}
_ASKS = re.compile(r"\b(SELECT (DISTINCT )?([?({]|\* ?(WHERE|\{))|(ASK|CONSTRUCT|DELETE|INSERT)( DATA| WHERE)? \{)").search


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_each_has_a_head_and_is_standard_sparql(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# [A-Z][^\n]+\.\n\n?(PREFIX|SELECT) ", text)
    parseQuery(text)


def test_each_is_asked_somewhere_and_none_stands_in_python() -> None:
    modules = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    together = "".join(modules.values())
    assert [path.stem for path in QUERIES if f'"{path.stem}"' not in together] == []
    own = {path.relative_to(SOURCE).as_posix() for path in modules if any(map(_ASKS, _texts(modules[path])))}
    assert own == MADE.keys() | SHOWN


def _texts(module: str) -> Iterator[str]:
    """The texts that a module has, what it makes of them in braces; what it says of itself is none of them."""
    tree = ast.parse(module)
    comments = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in each.values)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in comments:
            yield each.value


def test_a_query_is_asked_of_terms(graph: k2graph.Graph) -> None:
    assert graph.rows(internal("label", thing=iris.ours("entity", "mk-7"))) == [{"label": "MK-7"}]
    both = [iris.ours("entity", "mk-7"), iris.ours("entity", "warfarin")]
    found = graph.rows(internal("classes-of-things", given=both))
    assert {row["thing"] for row in found if row["class"] in {"k2g:NutrientForm", "k2g:Drug"}} == {"entity:mk-7", "entity:warfarin"}


@pytest.mark.parametrize("given", [{}, {"entity": iris.name("k2g:Entity")}, {"thing": iris.name("k2g:Entity"), "more": NamedNode("a:b")}])
def test_no_query_is_asked_of_its_example(given: dict[str, NamedNode]) -> None:
    with pytest.raises(TypeError, match="the query 'label' is asked of"):
        internal("label", **given)
