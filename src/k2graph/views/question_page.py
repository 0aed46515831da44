"""The page of a question, the same in the site and on a server: names for things, marks of standings, and a form with the words allowed.

In: an answer, and what things are called, be it of all the evidence (the site) or of a few queries (a server, which has no time for more).
Out: values for the template `question.html`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from .. import iris
from ..iris import short
from ..sparql.answers import Answer, plain_text
from ..sparql.examples import offered
from ..sparql.internal import internal
from ..sparql.questions import Parameter, Question, word
from ..sparql.readable_graph import CLASSES

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph

#: Classes of the things that have a page, by the kind that a parameter is of where one may ask for them.
_CLASSES = {**CLASSES, "search": "k2g:Search"}
#: Of which the name alone may stand in an answer; a search is called as a question is.
_NAMED = ("entity", "claim", "mechanism", "study", "report")


@dataclass(frozen=True)
class Cell:
    """A cell of an answer: its text, the thing or web address that it leads to, whether it is a number, and the result of a standing.

    `linked` says that it is a thing that has a page.
    """

    text: str
    target: str
    number: bool
    result: str
    linked: bool = False


class Names(Protocol):
    """What things are called, and what is known of them on every page."""

    def thing_called(self, text: str) -> str:
        """The one thing that is called so; empty where there is none, or more than one."""

    def name(self, thing: str) -> str:
        """What a thing that has a page is called; empty for any other."""

    def doubt(self, thing: str) -> str:
        """What became of a report, or of any report of a study; empty where nothing did."""

    def reports(self, thing: str) -> Sequence[str]:
        """The reports of a study, a report itself, and none of other things."""

    def result(self, text: str) -> str:
        """The result of the standing that is called so; empty where none is."""


@dataclass(frozen=True)
class Field:
    """A parameter in a form, with the words that it may be, each with what people call it."""

    parameter: Parameter
    value: str
    example: str
    words: Sequence[tuple[str, str]]

    @property
    def closed(self) -> bool:
        """Whether there are no other words: things may be called in more ways than are listed."""
        return self.parameter.type.startswith("scheme:")


def answer_values(question: Question, answer: Answer | None, names: Names) -> dict[str, Any]:
    """A question and its answer, if it has one, for the template."""
    rows = [] if answer is None else answer.terms
    cells = [[_cell(names, term) for term in terms] for terms in rows]
    columns = [] if answer is None else [*answer.columns]
    same = _same(columns, cells)
    shown = [place for place, column in enumerate(columns) if column not in same]
    return {
        "question": question,
        "answer": answer,
        "given": {} if answer is None else {name: names.name(value) or word(value) for name, value in answer.given.items()},
        "columns": [columns[place] for place in shown],
        "same": same,
        "cells": [_linked_once([row[place] for place in shown]) for row in cells],
        "reports": [sorted({report for term in terms for report in names.reports(short(getattr(term, "value", "")))}) for terms in rows],
        "tables": True,
    }


def form_values(fields: Sequence[Field], action: str) -> dict[str, Any]:
    """A form for the template: its fields, and where it is sent."""
    return {
        "fields": fields,
        "action": action,
    }


def files_of(question: Question, given: Mapping[str, str], root: str) -> list[tuple[str, str]]:
    """What a server gives the answer away as, and where."""
    return [(form.upper(), f"{root}questions/{question.name}?{urlencode({**given, 'format': form})}") for form in ("csv", "tsv", "json")]


def _same(columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Columns that name the same thing as one before them in every row, each with that one: a claim's address, and what the claim says."""
    found: dict[str, str] = {}
    for place, column in enumerate(columns):
        for before in range(place):
            pairs = [(row[before], row[place]) for row in cells]
            if pairs and all(one.linked and (one.text, one.target) == (other.text, other.target) for one, other in pairs):
                found.setdefault(column, found.get(columns[before], columns[before]))
    return found


def _linked_once(row: Sequence[Cell]) -> list[Cell]:
    """A row in which a thing is a link where it stands first."""
    led: set[str] = set()
    made = []
    for cell in row:
        made.append(replace(cell, target="") if cell.linked and cell.target in led else cell)
        led.add(cell.target)
    return made


def _cell(names: Names, term: Any) -> Cell:
    text, thing = plain_text(term), short(getattr(term, "value", ""))
    # An answer may hold what a thing is called in its place.
    thing = thing if names.name(thing) else names.thing_called(text) or thing
    if name := names.name(thing):
        mark = names.doubt(thing)
        return Cell(f"{name}{f' [{mark}]' if mark else ''}", thing, number=False, result="", linked=True)
    return Cell(text, text, text.replace(".", "", 1).lstrip("-").isdigit(), names.result(text))


class NamesOfGraph:
    """What a graph says of names, asked once; and the words that its parameters may be."""

    def __init__(self, graph: ReadableGraph) -> None:
        self.graph = graph
        self._words: dict[str, list[tuple[str, str]]] = {}
        self._offered: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def thing_called(self, text: str) -> str:
        """The one thing that is called so."""
        return self._called.get(text, "")

    def name(self, thing: str) -> str:
        """What a thing that has a page is called."""
        return self._labels.get(thing, ("", ""))[1]

    def doubt(self, thing: str) -> str:
        """What became of a report, or of any report of a study."""
        return ", ".join(sorted({state for report in self.reports(thing) for state in self._doubts.get(report, ())}))

    def reports(self, thing: str) -> Sequence[str]:
        """The reports of a study, or a report itself."""
        return [thing] if thing in self._doubts else self._reports.get(thing, [])

    def result(self, text: str) -> str:
        """The result of the standing that is called so."""
        return self._results.get(text, "")

    def fields(self, question: Question, given: Mapping[str, str], examples: Mapping[str, str]) -> list[Field]:
        """The form of a question, with what is given."""
        return [
            Field(each, given.get(name, ""), examples.get(name, ""), self._fitting(question, each))
            for name, each in question.parameters.items()
        ]

    def _fitting(self, question: Question, parameter: Parameter) -> Sequence[tuple[str, str]]:
        """The words that a parameter may be: of things those alone of which the question can be asked, where that is known."""
        words, key = self.words(parameter.type), (question.name, parameter.name)
        if parameter.type not in CLASSES:
            return words
        if key not in self._offered:
            things = {word(thing): thing for thing, (kind, _) in self._labels.items() if kind == parameter.type}
            fit = offered(self.graph, question, parameter, things.values())
            self._offered[key] = [each for each in words if things[each[0]] in fit] or [*words]
        return self._offered[key]

    def words(self, kind: str) -> Sequence[tuple[str, str]]:
        """The words that a parameter of a kind may be, by what they are called; none where there is no list of them."""
        if kind not in self._words:
            if kind.startswith("scheme:"):
                self._words[kind] = self._of_scheme(iris.name(f"k2g:{kind.removeprefix('scheme:')}"))
            else:
                words = [(word(thing), label) for thing, (of, label) in self._labels.items() if of == kind]
                self._words[kind] = sorted(words, key=lambda each: (each[1].casefold(), each))
        return self._words[kind]

    def _of_scheme(self, scheme: NamedNode) -> list[tuple[str, str]]:
        """The words of a scheme, in its order where it has one, else by what they are called."""
        words = self.graph.rows(internal("words-of-a-scheme", scheme=scheme))
        order = [str(row["word"]) for row in self.graph.rows(internal("words-in-order", scheme=scheme))]
        place = {each: number for number, each in enumerate(order)}
        found = {(str(row["word"]), str(row["label"] or row["word"])) for row in words}
        return sorted(found, key=lambda each: (place.get(each[0], len(order)), each[1].casefold(), each))

    @cached_property
    def _labels(self) -> dict[str, tuple[str, str]]:
        """Each thing's kind and label. Where there are several, the first is taken."""
        kinds = {class_: kind for kind, class_ in _CLASSES.items()}
        rows = self.graph.rows(internal("labels-of-things", **{"class": [iris.name(each) for each in _CLASSES.values()]}))
        found: dict[str, tuple[str, str]] = {}
        for row in rows:
            found.setdefault(str(row["thing"]), (kinds[str(row["class"])], str(row["label"])))
        return found

    @cached_property
    def _called(self) -> dict[str, str]:
        things: dict[str, list[str]] = defaultdict(list)
        for thing, (kind, label) in self._labels.items():
            if kind in _NAMED:
                things[label].append(thing)
        return {label: found[0] for label, found in things.items() if len(found) == 1}

    @cached_property
    def _reports_and_doubts(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        reports: dict[str, list[str]] = defaultdict(list)
        doubts: dict[str, list[str]] = defaultdict(list)
        for row in self.graph.rows(internal("reports-of-studies")):
            states = doubts[str(row["report"])]
            if row["doubt"]:
                states.append(str(row["doubt"]))
            if row["study"]:
                reports[str(row["study"])].append(str(row["report"]))
        return reports, doubts

    @property
    def _reports(self) -> dict[str, list[str]]:
        return self._reports_and_doubts[0]

    @property
    def _doubts(self) -> dict[str, list[str]]:
        return self._reports_and_doubts[1]

    @cached_property
    def _results(self) -> dict[str, str]:
        return {str(row["label"]): str(row["result"]) for row in self.graph.rows(internal("results-by-label"))}
