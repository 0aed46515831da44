"""A graph that can be asked, and in which things are found by what they are called: what all that reads a graph stands on.

In: a store. Out: answers, rows, triples, nodes. `k2graph.Graph` adds what is made of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from .. import iris
from ..errors import InputError
from ..text import did_you_mean
from .answers import Answer
from .examples import fitting
from .internal import internal
from .questions import Parameter, Question, find_question, read_questions
from .results import Solutions, Triples
from .store import EmbeddedStore, Store
from .syntax import arranged

CLASSES = {
    "entity": "k2g:Entity",
    "claim": "k2g:Claim",
    "mechanism": "k2g:Mechanism",
    "study": "k2g:Study",
    "report": "k2g:Report",
    "interaction": "k2g:Interaction",
}


class ReadableGraph:
    """Facts, findings and what follows from them, in a file or behind an endpoint."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._names: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}

    def ask(self, question: str, **parameters: str | int) -> Answer:
        """Answer one of the questions; `questions` lists them.

        Parameters are given by label, synonym, slug, identifier or address: `graph.ask("evidence-for-claim", claim="…")`.

        Raises:
            InputError: where there is no such question, parameter or thing; the message names the nearest. Where a required parameter is
                not given, it names some that this graph could answer.

        """
        asked = find_question(question)
        chosen = {name.replace("-", "_"): value for name, value in parameters.items() if value is not None}
        terms = {name: self.term(asked.parameter(name), str(value)) for name, value in chosen.items()}
        if needed := asked.needed(terms):
            wanted = " and ".join(f"{each.name} ({each.about})" for each in needed)
            raise InputError(f"{question!r} asks for {wanted}; {fitting(self, asked, terms)}")
        found = self.store.query(asked.bound(terms))
        if not isinstance(found, Solutions):
            raise InputError(f"the question {question!r} is not a SELECT")
        given = {name: iris.short(term.value) for name, term in terms.items()}
        without = "" if found.rows or self.has(asked) else asked.without
        return Answer(found.variables, found.rows, asked.title, asked.columns, question, given, asked.short, without)

    def has(self, question: Question) -> bool:
        """Whether there is anything in the graph of what a question is about."""
        return not question.needs or bool(self.rows(internal("any-of-a-class", **{"class": iris.name(question.needs)})))

    @property
    def questions(self) -> list[Question]:
        """What can be asked."""
        return read_questions()

    def query(self, sparql: str, *, whole: bool = False) -> Answer | list[Triple] | bool:
        """Any SPARQL 1.1 query: an `Answer` for SELECT, triples for CONSTRUCT and DESCRIBE, a truth value for ASK.

        The prefixes of the graph may be used without declaring them. Columns of `SELECT *` come in the order in which the query names them.
        A query that names no graph is asked of the file's default graph, with `whole` of all its graphs together; `FROM`, `FROM NAMED` and
        `GRAPH` name others (see docs/reference/endpoint.md). On a file the query runs in this process and without limits, unlike
        `k2graph query`: it may take any time and memory.

        Raises:
            InputError: where it is no query, one that would leave this machine, or one that names a graph that is not there.

        """
        found = self.store.query(sparql, whole=whole)
        if isinstance(found, Solutions):
            columns, rows = arranged(sparql, found.variables, found.rows)
            return Answer(columns, tuple(rows))
        return list(found.triples) if isinstance(found, Triples) else found

    def rows(self, sparql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, asked of the whole graph; none for any other query. Prefixes of the graph need not be declared."""
        found = self.query(sparql, whole=True)
        return found.rows if isinstance(found, Answer) else []

    def triples(self) -> Iterator[Triple]:
        """Every triple of the graph, in no order; of a file, of all its graphs together and with literals spelt as they are there.

        Raises:
            InputError: where the file has changed since it was opened, or an endpoint does not give all of them.
        """
        return iter(self.store.as_written() if isinstance(self.store, EmbeddedStore) else self.store)

    def named_triples(self) -> Mapping[Triple, Sequence[NamedNode | BlankNode | DefaultGraph]]:
        """The triples that a file has in named graphs, and in which; none where there are no such graphs, or behind an endpoint.

        They are those of `triples`, letter for letter. What stands in the default graph as well has that among them.
        """
        found: dict[Triple, dict[Any, None]] = defaultdict(dict)
        if isinstance(self.store, EmbeddedStore) and self.store.dataset.named:
            for quad in self.store.quads_as_written():
                found[quad.triple][quad.graph_name] = None
        return {triple: tuple(graphs) for triple, graphs in found.items() if any(graph != DefaultGraph() for graph in graphs)}

    def find(self, kind: str, called: str) -> NamedNode:
        """The one thing of a kind (`entity`, `claim`, `mechanism`, `study`, `report`) that is called so.

        By label, synonym, slug, number or address.

        Raises:
            InputError: where there is none, with the nearest names, or more than one, with all of them.

        """
        return self._the_one(f"no {kind} is", (kind,), called)[1]

    def find_any(self, called: str) -> tuple[str, NamedNode]:
        """The one claim, mechanism, entity, study, report or interaction that is called so, and which of these it is.

        A study that is called as its report is meant before it.

        Raises:
            InputError: where there is none, with the nearest names, or more than one, with all of them.
        """
        return self._the_one("nothing is", tuple(CLASSES), called)

    def _the_one(self, none: str, kinds: tuple[str, ...], called: str) -> tuple[str, NamedNode]:
        if not called.strip():
            raise InputError("the name is empty; give a label, synonym, slug, identifier or address")
        found = self._at(kinds, called)
        things: list[tuple[str, str, str]] = []
        if not found:
            wanted = iris.spellings(called)
            things = self._called(kinds)
            found = {(kind, node) for name, kind, node in things if name in wanted}
        if {kind for kind, _ in found} == {"study", "report"}:
            # By author and year, a study and its report are called alike.
            studies = {each for each in found if each[0] == "study"}
            found = studies if len(studies) == 1 else found
        if len(found) > 1:
            raise InputError(f"{called!r} may be any of: {', '.join(sorted(iris.short(node) for _, node in found))}")
        if not found:
            raise InputError(f"{none} called {called!r}" + _near(called, sorted({name for name, _, _ in things})))
        kind, address = found.pop()
        return kind, NamedNode(address)

    def _at(self, kinds: tuple[str, ...], called: str) -> set[tuple[str, str]]:
        """What is there of some kinds at the address that is meant, or that a slug or a slug with its kind before it would have."""
        meant, bare = iris.meant(called), called.strip().strip("<>")
        prefix, _, local = meant.partition(":")
        slugs = {(kind, text) for kind in kinds for text in (meant, meant.casefold())}
        slugs |= {(prefix, text) for text in (local, local.casefold()) if prefix in iris.KINDS}
        addresses = {iris.expand(meant), bare, *(f"{base}{kind}/{text}" for base in self.bases for kind, text in slugs)}
        nodes = sorted({node for node in map(_node, addresses) if node is not None}, key=str)
        if not nodes:
            return set()
        found = self._select(internal("classes-of-things", given=nodes))
        classes = _classes_of(kinds)
        return {(classes[class_], str(thing.value)) for thing, class_ in found if class_ in classes}

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """With what addresses of things begin here: k2graph's own, and those of packs."""
        return (iris.BASE, *(str(base.value) for (base,) in self._select(internal("bases"))))

    def _called(self, kinds: tuple[str, ...]) -> list[tuple[str, str, str]]:
        """What things of some kinds are called, their kind, their address; of a graph in a file, which stays as it was, asked for once."""
        if kinds in self._names:
            return self._names[kinds]
        classes = _classes_of(kinds)
        found = [
            row for query in ("names-of-things", "identifiers-of-things") for row in self._select(internal(query, **{"class": [*classes]}))
        ]
        names = [(str(name.value).casefold(), classes[class_], str(thing.value)) for name, thing, class_ in found]
        if isinstance(self.store, EmbeddedStore):
            self._names[kinds] = names
        return names

    def term(self, parameter: Parameter, value: str) -> NamedNode | Literal:
        """What somebody gives for a parameter, as the term that is asked for.

        Raises:
            InputError: where nothing is called so, or it is not a whole number where that is wanted.
        """
        if parameter.type == "integer":
            if not value.strip().isdecimal() or not value.strip().isascii():
                raise InputError(f"{parameter.name}: {value!r} is not a whole number")
            return Literal(str(int(value)), datatype=iris.name("xsd:integer"))
        if parameter.type.startswith("scheme:"):
            words = self._words(parameter.type.removeprefix("scheme:"))
            address = iris.expand(iris.meant(value))
            value = next((word for word, concept in words.items() if concept.value == address), value)
            if value not in words:
                raise InputError(f"{parameter.name}: {value!r} is not one of: {', '.join(words)}" + did_you_mean(value, words))
            return words[value]
        return self.find(parameter.type, value)

    def _words(self, scheme: str) -> Mapping[str, NamedNode]:
        found = self._select(internal("words-of-a-scheme", scheme=iris.name(f"k2g:{scheme}")))
        return {str(word.value): concept for word, concept, _ in found}

    def _select(self, sparql: str) -> list[tuple[Any, ...]]:
        found = self.store.query(sparql)
        return list(found.rows) if isinstance(found, Solutions) else []


def _classes_of(kinds: Iterable[str]) -> dict[NamedNode, str]:
    return {iris.name(CLASSES[kind]): kind for kind in kinds}


def _node(address: str) -> NamedNode | None:
    """A node of an address, where it can be one."""
    try:
        return NamedNode(address)
    except ValueError:
        return None


def _near(called: str, known: list[str]) -> str:
    """The names that are near to what was asked for; of a full address, to what it names."""
    meant = iris.meant(called)
    if re.match(r"<?https?:", meant, re.IGNORECASE):
        return ""
    # Nobody who misspells a name means an address.
    known = [each for each in known if "://" not in each]
    return did_you_mean(meant, known) or did_you_mean(meant.partition(":")[2], known)
