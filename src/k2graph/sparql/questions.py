"""The questions that the graph answers out of the box: one .rq file each, described in its own head.

Lines that begin with `#+` are a TOML document: `title`, `description`, `leaves_out`, a table `columns` with the meaning of
each column of the answer, and a table `parameters` (`about`, `type`, and `variable` where it is not the parameter's name).
To SPARQL they are comments, so that a file is a valid query for every other tool. A parameter is a line of the query

    VALUES ?form { entity:mk-7 } # an example     required: what stands there is an example for other tools, and never asked of unasked
    # VALUES ?form { entity:mk-7 }                optional: everything, until it is given

and is bound by writing the value there as a term, never as text. A question with required parameters has `suited`: a query for a few
values of them that have an answer in the graph at hand. One about things that a graph need not have names their class (`needs`) and says
what is missing where there are none (`without`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from .. import resources
from ..errors import InputError
from ..text import did_you_mean

#: What a parameter may be: one of our things, a word of a scheme of the ontology (`scheme:tiers`), or a whole number.
TYPES = ("entity", "claim", "mechanism", "study", "integer")


@dataclass(frozen=True)
class Parameter:
    """Something that the asker may choose."""

    name: str
    variable: str
    about: str
    type: str
    example: str
    required: bool


@dataclass(frozen=True)
class Question:
    """One question file."""

    name: str
    title: str
    description: str
    leaves_out: str
    columns: Mapping[str, str]
    query: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    #: The query for a few values of the required parameters that have an answer in the graph at hand.
    suited: str = ""
    #: The columns that say the most, for where there is no room for all.
    short: tuple[str, ...] = ()
    #: The class of what it is about, where a graph may be whole without any, and what is to be told then.
    needs: str = ""
    without: str = ""

    def parameter(self, name: str) -> Parameter:
        """The parameter of a name.

        Raises:
            InputError: where there is none.
        """
        if name not in self.parameters:
            near = did_you_mean(name, self.parameters)
            raise InputError(f"the question {self.name!r} has no parameter {name!r}; it has: {', '.join(self.parameters) or 'none'}{near}")
        return self.parameters[name]

    def needed(self, given: Iterable[str] = ()) -> list[Parameter]:
        """The required parameters that are not given."""
        return [each for each in self.parameters.values() if each.required and each.name not in set(given)]

    @property
    def about(self) -> str:
        """The description, and that the query's own values of required parameters are examples."""
        needed = " and ".join(each.name for each in self.needed())
        return (
            f"{self.description.strip()}\nIt asks for {needed}: what the query itself names is an example." if needed else self.description
        )

    def bound(self, values: Mapping[str, NamedNode | Literal]) -> str:
        """The query with parameters written in as terms.

        Raises:
            InputError: where there is no such parameter.

        """
        terms = {self.parameter(name).variable: term for name, term in values.items()}
        return with_values(self.query, terms)


def with_values(query: str, terms: Mapping[str, Any]) -> str:
    """A query with terms in its lines of VALUES, by the variable of the line."""
    # One pass over the text, so that a term is never read as a place for another; a function, so that it is not read for backslashes.
    return _values_lines(terms).sub(lambda place: f"VALUES ?{place[1]} {{ {terms[place[1]]} }}", query) if terms else query


def _values_lines(variables: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:#[ \t]*)?VALUES[ \t]+\?({'|'.join(variables)})[ \t]*\{{([^}}\n]*)\}}(?:[ \t]*# an example)?")


def without_head(query: str) -> str:
    r"""A question's query without the lines that say what it is, for where that is told beside it.

    >>> without_head('#+ title = "?"\n\nASK { } # all')
    'ASK { } # all'
    """
    return "".join(line for line in query.splitlines(keepends=True) if not line.startswith("#+")).lstrip()


def read_question(path: Path) -> Question:
    """One question from its file.

    Raises:
        InputError: where the head is not in order.

    """
    text = path.read_text(encoding="utf-8")
    head = head_of(path, text)
    try:
        parameters = {}
        for name, described in head.get("parameters", {}).items():
            variable = described.get("variable", name)
            place = _values_lines([variable]).search(text)
            if place is None:
                raise InputError(f"{path.name}: no line VALUES ?{variable} {{ … }} takes the parameter {name!r}")
            if described["type"] not in TYPES and not described["type"].startswith("scheme:"):
                raise InputError(f"{path.name}: parameter {name!r}: the type is one of {', '.join(TYPES)} or scheme:NAME")
            parameters[name] = Parameter(
                name,
                variable,
                described["about"],
                described["type"],
                example=word(place[2].strip()),
                required=not place[0].startswith("#"),
            )
        question = Question(
            path.stem,
            head["title"],
            head["description"],
            head.get("leaves_out", ""),
            head["columns"],
            text,
            parameters,
            head.get("suited", ""),
            tuple(head.get("short", ())),
            head.get("needs", ""),
            head.get("without", ""),
        )
        if bool(question.needs) != bool(question.without):
            raise InputError(f"{path.name}: the head has one of 'needs' and 'without', which go together")
        if unknown := [column for column in question.short if column not in question.columns]:
            raise InputError(f"{path.name}: short names {unknown[0]!r}, which is no column")
        if question.needed() and not question.suited:
            raise InputError(f"{path.name}: the head lacks 'suited', which finds values for {question.needed()[0].name!r}")
        return question
    except KeyError as error:
        raise InputError(f"{path.name}: the head lacks {error.args[0]!r}") from error


def head_of(path: Path, text: str) -> dict[str, Any]:
    """What the lines of a file say that begin with `#+`.

    Raises:
        InputError: where they are not TOML.
    """
    import tomllib

    try:
        return tomllib.loads("\n".join(line[2:].strip() for line in text.splitlines() if line.startswith("#+")))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: the lines that begin with #+ are not TOML: {error}") from error


def read_questions(folder: Path = resources.QUESTIONS) -> list[Question]:
    """All questions of a folder, by name."""
    return [read_question(path) for path in sorted(folder.glob("*.rq"))]


def find_question(name: str, folder: Path = resources.QUESTIONS) -> Question:
    """The question of a name.

    Raises:
        InputError: where there is none, with the nearest names.

    """
    known = {path.stem: path for path in folder.glob("*.rq")}
    if name not in known:
        raise InputError(f"no question {name!r}{did_you_mean(name, known) or '; there are: ' + ', '.join(sorted(known))}")
    return read_question(known[name])


def word(term: str) -> str:
    """A compact name as an asker would give it: `entity:mk-7` is `mk-7`, `k2g:design-rct` is `rct`; a full address stays as it is."""
    prefix, _, local = term.partition(":")
    if local.startswith("//"):
        return term
    return local.partition("-")[2] if prefix == "k2g" else local
