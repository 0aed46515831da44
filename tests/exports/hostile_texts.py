"""Parts of the real graph whose texts are hostile: what tables, markup, formulas and databases choke on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import cycle
from typing import Any

from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, Store, Triple

import k2graph
from k2graph.evidence.facts import Facts
from k2graph.evidence.model import Evidence
from k2graph.evidence.reader import read_evidence
from k2graph.exports import Part
from k2graph.graph import Graph
from k2graph.sparql.store import EmbeddedStore

NASTY = (
    '=HYPERLINK("http://example.org","click")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "'=1", "'", "\t=1", "\r=1",
    "<script>alert(1)</script>", "]]> & &amp; <!-- ", 'a "quoted", comma; semicolon | pipe', "line\nline", "line\r\nline", "tab\there",
    "back\\slash \\", '\\"', "\\N", "NULL", "null", "true", "0x1F", "1e5", "007", " led and trailed ", "naïve β-Gla 维生素 🧬", "e\u0301",
    "\x00", "a\x01b\x1f\x7f\x85", "\u2028\u2029\ufeff", "\ufffe\uffff", "_x0000_", "{curly} [square] ${x} %s", '{"@id": "x"}', "--",
    "x" * 70_000,
)  # fmt: skip

#: Any text, without lone surrogates, which no encoding holds.
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


def hostile(evidence: Evidence, with_texts: Iterator[str]) -> Evidence:
    """The same things under the same names, and every free text another."""
    new = with_texts.__next__
    return replace(
        evidence,
        entities={k: replace(e, label=new(), definition=new(), synonyms=tuple({new(), new()})) for k, e in evidence.entities.items()},
        claims={k: replace(c, label=new(), note=new()) for k, c in evidence.claims.items()},
        findings={
            k: replace(
                f,
                reported=new(),
                conditions=new(),
                effect_measure=new(),
                unit=new(),
                value_reported=new(),
                p_value_reported=new(),
                note=new(),
            )
            for k, f in evidence.findings.items()
        },
        reports={
            k: replace(r, label=new(), title=new(), first_author=new(), journal=new(), retraction_note=new())
            for k, r in evidence.reports.items()
        },
        studies={
            k: replace(
                s,
                label=new(),
                population=new(),
                dose=new(),
                other_difference=new(),
                arms=tuple(replace(arm, label=new(), got_in_words=new(), co_intervention=new(), dose_unit=new()) for arm in s.arms),
            )
            for k, s in evidence.studies.items()
        },
        mechanisms={k: replace(m, label=new(), note=new()) for k, m in evidence.mechanisms.items()},
        interactions={k: replace(i, effect=new(), management=new()) for k, i in evidence.interactions.items()},
    )


@st.composite
def parts(draw: st.DrawFn, graph: Graph, evidence: Evidence) -> Part:
    """What a few claims need, with hostile texts."""
    claims = draw(st.lists(st.sampled_from(sorted(evidence.claims)), min_size=1, max_size=3, unique=True))
    with_texts = cycle(draw(st.lists(texts, min_size=1, max_size=12)))
    return Part(hostile(evidence.only(claims), with_texts), graph, whole=False)


#: Free texts of the graph; nothing that the reader of the graph looks up.
_FREE = {"label", "definition", "altLabel", "title", "firstAuthor", "journal", "reported", "conditions", "effect", "management", "note"}


class InMemory(EmbeddedStore):
    """Triples that no file holds."""

    def __init__(self, engine: Store) -> None:
        self.engine = engine

    def as_written(self) -> list[Triple]:
        return list(self)


@st.composite
def graphs(draw: st.DrawFn, graph: Graph, evidence: Evidence) -> Part:
    """What a few claims need, as a graph of its own whose literals are hostile: many at once, since each is written with the vocabulary."""
    claims = draw(st.lists(st.sampled_from(sorted(evidence.claims)), min_size=1, max_size=2, unique=True))
    with_texts = cycle(draw(st.lists(texts, min_size=12, max_size=16)))
    store = Store()
    for triple in sorted(Part(evidence.only(claims), graph, whole=False).triples(), key=str):
        free = isinstance(triple.object, Literal) and triple.predicate.value.rpartition("#")[2].rpartition("/")[2] in _FREE
        ours = "/k2graph/ontology#" not in triple.subject.value
        store.add(
            Quad(
                triple.subject,
                triple.predicate,
                Literal(next(with_texts), language=triple.object.language) if free and ours else triple.object,
            )
        )
    made = Graph(InMemory(store))
    return Part(read_evidence(made), made)


def triples(part: Part) -> set[Triple]:
    return set(part.triples())


#: Texts that a record may hold, for formats whose readers take no empty text and no NUL.
WORDS = (
    "tab\there", "line\nbreak", "\r\n", 'a "quoted" word', "it's", "a, b; c | d", '=HYPERLINK("http://x.example")',
    "<script>alert(1)</script>", "]]>", "&amp; & <", "\\", "\\n", "\x01\x02 control", "\x7f\x85", "\u2028\u2029", "naïve β 维生素",
    "🦴", "{}[]()#%$", "NULL", "nan", "-1", "'); DROP TABLE x;--", "x" * 5000, '"""', "SET Citation = {}", "@prefix", "http://a b",
    "\ufeff", " edge ",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map(" ".join),
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
            reports=reworded(part.reports, "title", "label"),
            appraisals=reworded(part.appraisals, "reason", "as_printed", "tool", "note"),
            studies={
                name: replace(study, arms=tuple(reworded({arm.id: arm for arm in study.arms}, "label", "co_intervention").values()))
                for name, study in reworded(part.studies, "label", "population").items()
            },
        ),
        graph,
        whole=False,
    )


def with_numbers(graph: Graph, finding: str, said: Mapping[str, Any]) -> Evidence:
    """What the claims on which a finding bears need, as if it said this of its arms: by the local names of the properties."""
    whole_ = read_evidence(graph)
    evidence = whole_.only(bearing.claim for bearing in whole_.bearings_of[finding])
    return replace(evidence, facts=_Said(evidence.facts, finding, {f"k2g:{name}": value for name, value in said.items()}))


class _Said(Facts):
    """Facts, and what one node says besides."""

    def __init__(self, facts: Facts, node: str, said: Mapping[str, Any]) -> None:
        self.__dict__.update(vars(facts))
        self._node, self._besides = node, said

    def all(self, node: str, name: str) -> tuple[Any, ...]:
        return (self._besides[name],) if node == self._node and name in self._besides else super().all(node, name)
