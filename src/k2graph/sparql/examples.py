"""What a question can be asked of in the graph at hand, so that nobody is shown, or asked of, what is not there.

In: a graph and a question. Out: values of its parameters. What the question's file names comes first, where the graph has it; the rest
is found by the question's own query for it (`suited`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..errors import InputError
from .answers import Answer
from .questions import Parameter, Question, with_values, without_head, word
from .results import Solutions
from .safety import body_of
from .store import Store

Terms = Mapping[str, NamedNode | Literal]
_LIMIT = re.compile(r"\bLIMIT\s+\d+\s*$", re.IGNORECASE)


class Askable(Protocol):
    """As much of a `ReadableGraph` as is needed here."""

    store: Store

    def ask(self, question: str, **parameters: str | int) -> Answer:
        """Answer one of the questions."""

    def term(self, parameter: Parameter, value: str) -> NamedNode | Literal:
        """What somebody gives for a parameter, as the term that is asked for."""


def examples(graph: Askable, question: Question) -> Iterator[dict[str, str]]:
    """Values of all required parameters that the graph has an answer for, a few; none where it has none or there are none.

    What the file names comes before anything else is looked for, so that who needs one does not wait for the others.
    """
    needed = question.needed()
    if not needed:
        return
    own = {each.name: each.example for each in needed}
    if all(_has(graph, each) for each in needed) and graph.ask(question.name, **own):
        yield own
    yield from (each for each in _suited(graph, question, {}) if each != own)


def example(graph: Askable, question: Question) -> dict[str, str]:
    """For each parameter a value that the graph knows: of the required ones, such as have an answer. One without any is left out."""
    known = next(examples(graph, question), {})
    known |= {each.name: each.example for each in question.parameters.values() if not each.required and _has(graph, each)}
    return {name: known[name] for name in question.parameters if name in known}


def query_shown(graph: Askable, question: Question, known: Mapping[str, str]) -> str:
    """The query with `examples` of the graph at hand in the place of those of the file, as far as it has any."""
    needed = {each.name for each in question.needed()}
    return question.bound({name: graph.term(question.parameter(name), value) for name, value in known.items() if name in needed})


def fitting(graph: Askable, question: Question, terms: Terms) -> str:
    """In words, what could be given for the required parameters that are not."""
    required = {name: term for name, term in terms.items() if question.parameter(name).required}
    found = _suited(graph, question, required) if required else list(examples(graph, question))
    rows = [" and ".join(f"{name} = {value}" for name, value in row.items() if name not in required) for row in found]
    given = "".join(f" with {name} = {iris.short(term.value)}" for name, term in required.items())
    if not rows:
        return f"this graph has no answer{given}"
    return f"this graph has an answer{given}, for example, where {', or '.join(dict.fromkeys(rows))}"


def offered(graph: Askable, question: Question, parameter: Parameter, things: Iterable[str]) -> set[str]:
    """Of some things, by their compact names, those of which the question can be asked; none where that is not known.

    A required parameter can be what the question's own query for it finds; an optional one what is found in the question's query itself,
    among the things, where nothing else is asked for.
    """
    if parameter.required:
        column, query = parameter.variable, _LIMIT.sub("", question.suited)
    elif question.needed():
        return set()
    else:
        column, terms = parameter.variable, " ".join(things)
        # What binds the parameter may stand in its line too, as a comment where it is not given.
        body = body_of(without_head(with_values(question.query, {column: terms})))
        query = f"SELECT DISTINCT ?{column} WHERE {body}" if body and terms else ""
    try:
        found = graph.store.query(query) if query else None
    except InputError:
        return set()
    if not isinstance(found, Solutions) or column not in found.variables:
        return set()
    place = [*found.variables].index(column)
    return {iris.short(term.value) for row in found.rows if isinstance(term := row[place], NamedNode)}


def _has(graph: Askable, parameter: Parameter) -> bool:
    try:
        graph.term(parameter, parameter.example)
    except InputError:
        return False
    return True


def _suited(graph: Askable, question: Question, terms: Terms) -> list[dict[str, str]]:
    bound = "".join(f"\nVALUES ?{question.parameter(name).variable} {{ {term} }}" for name, term in terms.items())
    found = graph.store.query(question.suited + bound)
    if not isinstance(found, Solutions):
        return []
    rows = [{name: str(term.value) for name, term in zip(found.variables, row, strict=True) if term is not None} for row in found.rows]
    return [{each.name: word(iris.short(row[each.variable])) for each in question.needed()} for row in rows]
