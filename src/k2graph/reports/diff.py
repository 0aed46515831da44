"""What came, went and changed between two versions of a graph: for reviewers, and for the notes of a release.

In: two graphs, the older first. Out: blocks for what was written, one for each class that the ontology names, and for what follows from it
(standings, verdicts), which renders as text, Markdown or JSON. Statements that none of these blocks tells are counted by class, so that
the report is empty only where the two graphs are the same, triple for triple.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from ..iris import name, short
from ..sparql.answers import Answer
from ..sparql.internal import internal
from ..text import headed
from .blank_nodes import blank_differences, is_blank
from .outline import Block

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph

_A, _LABEL, _BY_RULE = map(name, ("rdf:type", "rdfs:label", "prov:wasGeneratedBy"))
#: What a thing is called by, the first that it has.
_NAMES = (_LABEL, name("k2g:reported"), name("dcterms:title"))
_FOLLOWS = (("Standings", "standing-of-each-claim"), ("Verdicts", "verdict-of-each-mechanism"))
#: Characters of a text from which on only the part that differs is shown.
_LONG = 200

#: What is said of a thing: property → values.
_Properties = Mapping[Any, set[Any]]


def compare(old: ReadableGraph, new: ReadableGraph) -> Block:
    """All differences, as a tree that renders as text, Markdown or JSON. A part without a difference has no block."""
    report = Block("What changed")
    was, now = set(old.triples()), set(new.triples())
    gone, come = _differences(was, now)
    things = {triple.subject for triple in (*gone, *come)}
    before, after = _properties_of(things, was, gone), _properties_of(things, now, come)
    words = _Words((old, new))
    changes: dict[str, list[str]] = defaultdict(list)
    others: dict[str, Counter[str]] = defaultdict(Counter)
    kinds = {thing: words.kind(thing, (before.get(thing, {}), after.get(thing, {}))) for thing in things}
    for thing in sorted(things, key=str):
        kind, has_words = kinds[thing]
        if has_words:
            changes[kind] += _lines(thing, before.get(thing, {}), after.get(thing, {}), words.derived)
    for way, triples in (("came", come), ("went", gone)):
        for triple in triples:
            kind, has_words = kinds[triple.subject]
            stays = triple.subject in before and triple.subject in after
            if not has_words or (triple.predicate in words.derived and stays):
                others[kind][way] += 1
    report.blocks += [Block(headed(kind), lines) for kind, lines in sorted(changes.items()) if lines]
    for heading, name_of_query in _FOLLOWS:
        stood, stands = ({row["thing"]: row["value"] for row in graph.rows(internal(name_of_query))} for graph in (old, new))
        # What came or went with its claim or mechanism is told there.
        both = sorted(stood.keys() & stands.keys())
        if lines := [f"~ {thing}: {stood[thing]} → {stands[thing]}" for thing in both if stood[thing] != stands[thing]]:
            report.blocks.append(Block(heading, lines))
    if counted := {kind: count for kind, count in sorted(others.items()) if count.total()}:
        counts = [("", sum(counted.values(), Counter())), *((f"{kind}: ", count) for kind, count in counted.items())]
        report.blocks.append(Block("Other statements", [f"{of}{n['came']:,} came, {n['went']:,} went" for of, n in counts]))
    if lines := list(_graphs(old, new, {*gone, *come})):
        report.blocks.append(Block("Statements in other graphs", lines))
    if not report.blocks:
        report.lines.append("Nothing.")
    return report


def _differences(old: set[Triple], new: set[Triple]) -> tuple[list[Triple], list[Triple]]:
    """The triples that only the one has, and those that only the other has."""
    gone, come = ([triple for triple in one - other if not is_blank(triple)] for one, other in ((old, new), (new, old)))
    blank_gone, blank_come = blank_differences(*({*filter(is_blank, triples)} for triples in (old, new)))
    return gone + blank_gone, come + blank_come


def _graphs(old: ReadableGraph, new: ReadableGraph, listed: set[Triple]) -> Iterator[str]:
    """How many statements that both have came to a graph of a file, or went from it; with blank nodes, how many more or fewer it has."""
    homes = old.named_triples(), new.named_triples()
    if not any(homes):
        return
    held: list[dict[str, set[Triple]]] = [defaultdict(set), defaultdict(set)]
    blank: list[Counter[str]] = [Counter(), Counter()]
    for graph, named, of, counts in zip((old, new), homes, held, blank, strict=True):
        for triple in graph.triples():
            for home in named.get(triple, (DefaultGraph(),)):
                called = {DefaultGraph: "the default graph", BlankNode: "graphs without a name"}.get(type(home)) or _shown(home)
                if is_blank(triple):
                    counts[called] += 1
                elif triple not in listed:
                    of[called].add(triple)
    for called in sorted({*held[0], *held[1], *blank[0], *blank[1]}):
        was, now = (of.get(called, set()) for of in held)
        more = blank[1][called] - blank[0][called]
        came, went = len(now - was) + max(more, 0), len(was - now) + max(-more, 0)
        if came or went:
            yield f"{called}: {came:,} came, {went:,} went"


def _properties_of(things: set[Any], triples: Iterable[Triple], own: Iterable[Triple]) -> dict[Any, dict[Any, set[Any]]]:
    """What a graph's triples say of each of these things; where blank nodes are in it, only what is its own."""
    found: dict[Any, dict[Any, set[Any]]] = defaultdict(lambda: defaultdict(set))
    for triple in own:
        found[triple.subject][triple.predicate].add(triple.object)
    for triple in triples:
        if triple.subject in things and not is_blank(triple):
            found[triple.subject][triple.predicate].add(triple.object)
    return found


class _Words:
    """The words that ontologies in some graphs have: which classes have a label, and what follows by rule."""

    def __init__(self, graphs: Iterable[ReadableGraph]) -> None:
        self.derived: set[Any] = set()
        self._labels: dict[Any, str] = {}
        self._wider: dict[Any, set[Any]] = defaultdict(set)
        for graph in graphs:
            self.derived |= {node for node, _ in _terms(graph, internal("derived-properties"))}
            for node, label, wider in _terms(graph, internal("classes")):
                self._labels[node] = label.value
                self._wider[node].add(wider)

    def kind(self, thing: Any, versions: tuple[_Properties, _Properties]) -> tuple[str, bool]:
        """What kind of thing it is, and whether there are words for it: an address, a class with a label, and no rule that made it."""
        classes = set().union(*(each.get(_A, set()) for each in versions))
        labelled = classes & self._labels.keys()
        # Of a class and a wider one the narrower says more.
        labelled -= set().union(*(self._wider[each] for each in labelled))
        if not labelled:
            return (_shown(min(classes, key=str)) if classes else "without a class"), False
        written = isinstance(thing, NamedNode) and not any(_BY_RULE in each for each in versions)
        return min(self._labels[each] for each in labelled), written


def _terms(graph: ReadableGraph, query: str) -> Iterable[tuple[Any, ...]]:
    found = graph.query(query)
    return found.terms if isinstance(found, Answer) else ()


def _lines(thing: Any, was: _Properties, now: _Properties, derived: set[Any]) -> list[str]:
    if not was or not now:
        return [f"{'+' if now else '-'} {_shown(thing)}{_called(now or was)}"]
    changes = []
    for each in sorted(was.keys() | now.keys(), key=_shown):
        old, new = was.get(each, set()), now.get(each, set())
        if old != new and each not in derived:
            changes.append(f"~ {_shown(thing)}: {_shown(each)}: {_change(old - new, new - old)}")
    return changes


def _called(properties: _Properties) -> str:
    """What it is called by, or, of what has no name, what is said of it."""
    for each in _NAMES:
        if properties.get(each):
            return f": {min(map(_shown, properties[each]))}"
    return ": " + "; ".join(f"{_shown(each)} {_joined(properties[each])}" for each in sorted(properties, key=_shown) if each != _A)


def _joined(values: set[Any], show: Callable[[Any], str] | None = None) -> str:
    return " | ".join(sorted(map(show or _shown, values))) or "nothing"


def _change(old: set[Any], new: set[Any]) -> str:
    same = {_shown(value) for value in old} & {_shown(value) for value in new}
    # The same text may be a value of another type or language.
    texts = [_joined(values, str if same else _shown) for values in (old, new)]
    if min(map(len, texts)) > _LONG:
        differs = next((place for place, (one, other) in enumerate(zip(*texts, strict=False)) if one != other), min(map(len, texts)))
        begins = max(0, differs - _LONG // 4)
        texts = [f"{'…' if begins else ''}{text[begins : begins + _LONG]}{'…' if begins + _LONG < len(text) else ''}" for text in texts]
    return " → ".join(texts)


def _shown(term: Any) -> str:
    return term.value if isinstance(term, Literal) else short(term.value) if isinstance(term, NamedNode) else str(term)
