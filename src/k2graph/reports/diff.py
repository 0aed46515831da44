"""What came, went and changed between two versions of a graph: for reviewers, and for the notes of a release.

In: two graphs, the older first. Out: blocks for what was written, one for each class that the ontology names, and for what follows from it
(standings, verdicts), which renders as text, Markdown or JSON. Statements that none of these blocks tells are counted by class, so that
the report is empty only where the two graphs are the same, triple for triple.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

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

_Statement = TypeVar("_Statement", bound=Triple | Quad)
#: What is said of a thing: property → values.
_Properties = Mapping[Any, set[Any]]


def compare(old: ReadableGraph, new: ReadableGraph) -> Block:
    """All differences, as a tree that renders as text, Markdown or JSON. A part without a difference has no block."""
    report = Block("What changed")
    # In the order of the files, by which those of alike blank nodes are chosen that are listed.
    was, now = dict.fromkeys(old.triples()), dict.fromkeys(new.triples())
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
    if lines := list(_graphs((old, new), (was, now), (gone, come))):
        report.blocks.append(Block("Statements in other graphs", lines))
    if not report.blocks:
        report.lines.append("Nothing.")
    return report


def _differences(old: Mapping[_Statement, None], new: Mapping[_Statement, None]) -> tuple[list[_Statement], list[_Statement]]:
    """The statements that only the one has, and those that only the other has."""
    gone, come = ([each for each in one.keys() - other.keys() if not is_blank(each)] for one, other in ((old, new), (new, old)))
    blank_gone, blank_come = blank_differences([each for each in old if is_blank(each)], [each for each in new if is_blank(each)])
    return gone + blank_gone, come + blank_come


def _graphs(
    graphs: tuple[ReadableGraph, ReadableGraph],
    triples: tuple[Iterable[Triple], Iterable[Triple]],
    listed: tuple[Iterable[Triple], Iterable[Triple]],
) -> Iterator[str]:
    """How many statements that both have came to a graph of a file, or went from it.

    A blank node is the same in all graphs of a file, and may be the name of one: quads are compared, not graph by graph.
    """
    homes = [graph.named_triples() for graph in graphs]
    if not any(homes):
        return
    was, now = (
        {
            Quad(triple.subject, triple.predicate, triple.object, home): None
            for triple in each
            for home in named.get(triple, (DefaultGraph(),))
        }
        for each, named in zip(triples, homes, strict=True)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for way, quads, shown in zip(("went", "came"), _differences(was, now), map(set, listed), strict=True):
        for quad in quads:
            if quad.triple not in shown:
                counts[_home(quad.graph_name)][way] += 1
    for called, count in sorted(counts.items()):
        yield f"{called}: {count['came']:,} came, {count['went']:,} went"


def _home(graph: Any) -> str:
    return {DefaultGraph: "the default graph", BlankNode: "graphs without a name"}.get(type(graph)) or _shown(graph)


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
