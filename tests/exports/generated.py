"""Parts of the real graph whose texts somebody hostile has written."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

import k2graph
from k2graph.evidence import Evidence
from k2graph.exports import Part

#: What breaks cells, quotes, markup, spreadsheets and line readers.
NASTY = (
    "tab\there", "line\nbreak", "\r\n", 'a "quoted" word', "it's", "a, b; c | d", '=HYPERLINK("http://x.example")',
    "<script>alert(1)</script>", "]]>", "&amp; & <", "\\", "\\n", "\x01\x02 control", "\x7f\x85", "\u2028\u2029", "naïve β 维生素",
    "🦴", "{}[]()#%$", "NULL", "nan", "-1", "'); DROP TABLE x;--", "x" * 5000, '"""', "SET Citation = {}", "@prefix", "http://a b",
    "\ufeff", " edge ",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map(" ".join),
)


@lru_cache(maxsize=2)
def evidence_of(graph: k2graph.Graph) -> Evidence:
    """The evidence of a graph, read once."""
    return graph.evidence()


def whole(graph: k2graph.Graph) -> Part:
    return Part(evidence_of(graph), graph)


def some(graph: k2graph.Graph, *claims: str) -> Part:
    """The part that these claims need."""
    return Part(evidence_of(graph).only(claims), graph, whole=False)


@st.composite
def hostile_parts(draw: st.DrawFn, graph: k2graph.Graph, texts: st.SearchStrategy[str] = TEXTS) -> Part:
    """A few claims with what they need, with labels, definitions, titles and reports replaced."""
    evidence = evidence_of(graph)
    chosen = draw(st.lists(st.sampled_from(sorted(evidence.claims)), min_size=1, max_size=2, unique=True))
    part = evidence.only(chosen)

    def reworded(things: Mapping[str, Any], *fields: str) -> dict[str, Any]:
        return {name: replace(thing, **{each: draw(texts) for each in fields}) for name, thing in things.items()}

    return Part(
        replace(
            part,
            entities=reworded(part.entities, "label", "definition"),
            claims=reworded(part.claims, "label", "note"),
            findings=reworded(part.findings, "reported", "conditions"),
            studies=reworded(part.studies, "title", "label"),
        ),
        graph,
        whole=False,
    )
