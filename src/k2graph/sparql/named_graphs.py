"""The graphs of a file, and of which of them a query is asked: FROM, FROM NAMED, GRAPH, and what the SPARQL 1.1 Protocol adds.

In: an engine with the graphs as the file has them. Out: for each query, the engine and the arguments with which to ask it.

The default graph has a name as well: https://w3id.org/k2graph where it holds k2graph's ontology, else the one dataset or ontology that it
says it is, if there is one. `urn:x-k2graph:default` names it always. A file whose triples are all in named graphs has their union as its
default graph, where it would else hold nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad
from pyoxigraph import Store as Engine

from .. import iris
from ..errors import InputError
from .safety import Clauses, clauses

#: The name that any file's default graph has.
DEFAULT = "urn:x-k2graph:default"
#: The names of a graph that k2graph built.
OURS = (iris.BASE.removesuffix("/"), iris.BASE)
_ONTOLOGY = NamedNode(iris.BASE + "ontology")
_DATASETS = (NamedNode("http://rdfs.org/ns/void#Dataset"), NamedNode("http://www.w3.org/ns/dcat#Dataset"))
_HOME = DefaultGraph()
_MOST_LISTED = 10

Asked = tuple[Engine, dict[str, Any]]


def unknown(name: str, known: Sequence[str]) -> InputError:
    """What is said of a graph that is not there; the first that is known is the default graph."""
    names = [f"{known[0]} (the default graph)", *known[1:]]
    more = f" and {len(names) - _MOST_LISTED:,} more" if len(names) > _MOST_LISTED else ""
    return InputError(f"there is no graph {name} here; there is: {', '.join(names[:_MOST_LISTED])}{more}")


class Dataset:
    """The default graph and the named graphs of a file."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # In order; a dictionary, since a file of nanopublications has thousands.
        self.named: dict[Any, None] = dict.fromkeys(sorted(engine.named_graphs(), key=str))
        self._view: tuple[Any, Engine] | None = None
        #: Within this a copy of graphs is made for a query, which takes time and memory as loading them did.
        self.copying: Callable[[], AbstractContextManager[object]] = nullcontext

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """The names of the default graph that the file gives, the usual one first; none where it gives none."""
        ontologies = self._typed(iris.name("owl:Ontology"))
        for nodes in (self._typed(*_DATASETS), ontologies):
            if len(nodes) == 1 and nodes[0] != _ONTOLOGY:
                given: tuple[str, ...] = (nodes[0].value,)
                break
        else:
            given = OURS if _ONTOLOGY in ontologies else ()
        if set(given) & set(OURS):
            given = OURS
        taken = {graph.value for graph in self.named}
        return tuple(name for name in given if name not in taken)

    @cached_property
    def union(self) -> Engine:
        """All graphs in one, as its default graph: what k2graph's own commands read."""
        if not self.named:
            return self.engine
        return self._merged(frozenset({_HOME, *self.named}))

    @cached_property
    def is_union(self) -> bool:
        """Whether the default graph is the union of the named ones, since the file puts nothing there."""
        return bool(self.named) and next(self._quads(_HOME), None) is None

    def graph(self, name: str) -> Engine:
        """One graph alone, as the default graph of an engine.

        Raises:
            InputError: where there is no such graph.
        """
        node = self._node(name)
        return self.home if node == _HOME else self._merged(frozenset({node}))

    def names(self) -> list[str]:
        """The names by which graphs can be asked for, the default graph's first; a graph that a blank node stands for has none."""
        own = list(self.own_names[:1]) or [DEFAULT]
        return [*own, *(graph.value for graph in self.named if isinstance(graph, NamedNode))]

    def size(self, name: str) -> int:
        """How many triples a graph holds.

        Raises:
            InputError: where there is no such graph.
        """
        graphs = self._graphs([self._node(name)])
        return len(self.union) if len(graphs) > 1 else sum(1 for graph in graphs for _ in self._quads(graph))

    @property
    def home(self) -> Engine:
        """The default graph, as the default graph of an engine."""
        return self.union if self.is_union else self.engine

    def asked(self, text: str, default: Sequence[str] = (), named: Sequence[str] = (), base: str | None = None) -> Asked | None:
        """The engine that holds what a query is asked of, and the arguments for it; None where no graph is named.

        Args:
            text: The query.
            default: `default-graph-uri` of the protocol. This and `named` are in the place of what the query says.
            named: `named-graph-uri` of the protocol.
            base: What relative IRIs of the query are relative to, where it does not say so itself.

        Raises:
            InputError: where a graph is named that is not there.
        """
        lower = text.lower()
        asked = clauses(text) if "from" in lower or "graph" in lower else Clauses("", (), (), (), by_graph=False)
        if not (default or named or asked.dataset or asked.by_graph):
            return None
        terms = self._read(asked, base)
        if terms is None:  # The engine says what is wrong with them.
            return self.engine, {}
        of_query, constants = terms[:2], terms[2]
        for name in constants:
            self._node(name)
        if default or named or asked.dataset:
            default_names, names_of_members = (default, named) if default or named else of_query
            graphs, members = self._graphs(map(self._node, default_names)), self._members(names_of_members)
        else:
            graphs = self._graphs([_HOME])
            members = self._members([*self.own_names[:1], *(name for name in constants if self._node(name) == _HOME)])
            members |= {graph: graph for graph in self.named}
        if not asked.by_graph:
            members = {}
        if len(graphs) <= 1 and all(name == graph for name, graph in members.items()):
            return self.engine, {"default_graph": list(graphs), "named_graphs": list(members)}
        alike = [name for name, graph in members.items() if self._graphs([graph]) == graphs][:1]
        view = self._viewed(frozenset() if alike else graphs, members)
        return view, {"default_graph": alike or [_HOME], "named_graphs": list(members)}

    def _typed(self, *kinds: NamedNode) -> list[NamedNode]:
        found = {quad.subject for kind in kinds for quad in self.engine.quads_for_pattern(None, iris.name("rdf:type"), kind, _HOME)}
        return sorted((node for node in found if isinstance(node, NamedNode)), key=str)

    def _node(self, name: Any) -> Any:
        """The graph of a name."""
        if name == _HOME:
            return name
        try:
            node = NamedNode(name)
        except ValueError as error:
            raise InputError(f"{name!r} cannot be the name of a graph: {error}") from error
        if node in self.named:
            return node
        if name == DEFAULT or name in self.own_names or not (len(self.engine) or self.named):
            # Of a file that holds nothing, any graph is what its own is: empty.
            return _HOME
        raise unknown(name, self.names())

    def _graphs(self, nodes: Iterable[Any]) -> frozenset[Any]:
        """The graphs as the file has them that make up others."""
        found = set(nodes)
        if _HOME in found and self.is_union:
            found = {*found, *self.named} - {_HOME}
        return frozenset(found)

    def _members(self, called: Iterable[str]) -> dict[Any, Any]:
        """The name of each graph that GRAPH may find, and which graph of the file it is."""
        return {NamedNode(name): self._node(name) for name in called}

    def _merged(self, graphs: frozenset[Any]) -> Engine:
        # The engine can ask of several graphs as one, but then finds a triple that stands in two of them twice.
        merged = Engine()
        for graph in graphs:
            merged.bulk_extend(Quad(*quad.triple) for quad in self._quads(graph))
        return merged

    def _viewed(self, graphs: frozenset[Any], members: dict[Any, Any]) -> Engine:
        """An engine with some graphs as its default graph and others by name; the one that was asked last is kept."""
        wanted = (graphs, tuple(members.items()))
        if self._view is None or self._view[0] != wanted:
            self._view = None
            with self.copying():
                engine = self._merged(graphs)
                for name, graph in members.items():
                    engine.add_graph(name)
                    for each in self._graphs([graph]):
                        engine.bulk_extend(Quad(quad.subject, quad.predicate, quad.object, name) for quad in self._quads(each))
            self._view = (wanted, engine)
        return self._view[1]

    def _quads(self, graph: Any) -> Iterator[Quad]:
        return self.engine.quads_for_pattern(None, None, None, graph)

    @staticmethod
    def _read(asked: Clauses, base: str | None) -> tuple[list[str], list[str], list[str]] | None:
        """The names of graphs as the engine reads them, by the prefixes and the base of the query: after FROM, FROM NAMED and GRAPH."""
        terms = [*asked.default, *asked.named, *asked.graphs]
        variables = " ".join(f"?g{place}" for place in range(len(terms)))
        try:
            found: Any = Engine().query(
                f"{asked.prologue} SELECT * {{ VALUES ({variables}) {{ ({' '.join(terms)}) }} }}", base_iri=base, prefixes=iris.PREFIXES
            )
        except (SyntaxError, ValueError):
            return None
        row = next(found)
        read = [row[f"g{place}"].value for place in range(len(terms))]
        middle, last = len(asked.default), len(asked.default) + len(asked.named)
        return read[:middle], read[middle:last], read[last:]
