"""Nothing but BIND, FILTER and MINUS follows a MINUS of a group.

A MINUS ends the basic graph pattern before it. What then follows is a pattern of its own that has no variable in common with itself, and
Apache Jena builds it as a cross product: three questions never ended there, and one rule took a thousand times as long.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyparsing import ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from k2graph import resources

MAY_FOLLOW = {"Bind", "Filter", "MinusGraphPattern"}


def parts(parsed: Any) -> Iterator[CompValue]:
    """Every part of a parsed query."""
    if isinstance(parsed, CompValue):
        yield parsed
        for part in parsed.values():
            yield from parts(part)
    elif isinstance(parsed, ParseResults | list | tuple):
        for part in parsed:
            yield from parts(part)


def late(query: str) -> list[str]:
    """The kinds of patterns that stand behind a MINUS."""
    behind = []
    for group in parts(parseQuery(query)):
        if group.name == "GroupGraphPatternSub":
            kinds = [part.name for part in group.get("part", ())]
            first = kinds.index("MinusGraphPattern") if "MinusGraphPattern" in kinds else len(kinds)
            behind += [kind for kind in kinds[first:] if kind not in MAY_FOLLOW]
    return behind


@pytest.mark.parametrize(
    ("query", "behind"),
    [
        ("SELECT * { ?a ?b ?c MINUS { ?a a ?b } }", []),
        ("SELECT * { ?a ?b ?c MINUS { ?a a ?b } MINUS { ?c a ?b } BIND(1 AS ?d) FILTER(?d = 1) }", []),
        ("SELECT * { ?a ?b ?c MINUS { ?a a ?b } ?c ?d ?e }", ["TriplesBlock"]),
        ("SELECT * { ?a ?b ?c MINUS { ?a a ?b } OPTIONAL { ?c ?d ?e } }", ["OptionalGraphPattern"]),
        ("SELECT * { { SELECT ?a { ?a ?b ?c MINUS { ?a a ?b } ?c ?d ?e } } UNION { ?a ?b ?c } }", ["TriplesBlock"]),
        ("SELECT * { ?a ?b ?c MINUS { ?a ?d ?e MINUS { ?d a ?e } { ?a ?f ?g } } }", ["GroupOrUnionGraphPattern"]),
    ],
)
def test_the_check_sees_what_stands_behind_a_minus(query: str, behind: list[str]) -> None:
    assert late(query) == behind


@pytest.mark.parametrize("path", sorted([*resources.QUESTIONS.rglob("*.rq"), *resources.RULES.glob("*.rq")]), ids=lambda path: path.stem)
def test_nothing_but_bind_filter_and_minus_follows_a_minus(path: Path) -> None:
    assert late(path.read_text(encoding="utf-8")) == []
