"""What is tried to see how a standing holds: the scenarios of ontology/scenarios, one SPARQL update a file with a head, as a question has.

In: a folder of `NN-name.ru` files. Out: scenarios in the order of their names. The head, TOML after `#+`, says

    title        what is tried, in a few words; {label} stands for what `each` found
    description  the same in sentences
    changes      "reading": the update runs before any rule that says what results show; "counting": before the rules that say what counts
    without      names of rules that do not run (none, where it is not said)
    goes_by      properties of studies by which the update goes: of how many one is told is said beside what comes of it
    each         a SELECT of things and their labels: each is tried by itself, in place of what stands in the update's line of VALUES

An update that leaves results out marks their bearings as `k2g:notCounted k2g:reason-left-out`. A file may have a head alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from .. import iris, resources
from ..errors import InputError
from ..sparql.questions import head_of, with_values
from ..sparql.rules import Rule, read_rules
from ..sparql.safety import tokens
from ..sparql.syntax import why_not_sparql
from ..text import did_you_mean

#: What a scenario may change, and the property whose first writer among the rules is then the first that runs after the change.
CHANGES = {"reading": "k2g:unimportantFrom", "counting": "k2g:notCounted"}
_HEAD = ("title", "description", "changes", "without", "goes_by", "each")
_COMMENT = re.compile(r"^\s*(#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Scenario:
    """Something else than is so: an update of the graph, rules that do not run, or both.

    `reason` is the reason not to count that would be none, where the graph keeps what would follow.
    """

    name: str
    title: str
    changes: str = "counting"
    update: str = ""
    without: tuple[str, ...] = ()
    goes_by: tuple[NamedNode, ...] = ()
    each: str = ""
    description: str = ""
    reason: NamedNode | None = None

    def of_each(self, store: Store) -> Iterable[Scenario]:
        """The scenario, once for each thing in a graph that it is to be tried with."""
        if not self.each:
            return [self]
        found: Any = store.query(self.each, prefixes=iris.PREFIXES)
        thing, _ = (variable.value for variable in found.variables)
        return [
            replace(
                self,
                name=f"{self.name}--{iris.short(row[0].value).partition(':')[2]}",
                title=self.title.replace("{label}", row[1].value),
                update=with_values(self.update, {thing: row[0]}),
            )
            for row in found
        ]


def read_scenarios(folder: Path = resources.SCENARIOS, rules: Iterable[Rule] | None = None) -> list[Scenario]:
    """The scenarios of a folder in the order of their names.

    Raises:
        InputError: where a file is not in order; the message names it and the way out.
    """
    known = [rule.name for rule in (read_rules() if rules is None else rules)]
    return [_scenario(path, known) for path in sorted(folder.glob("*.ru"))]


def _scenario(path: Path, rules: list[str]) -> Scenario:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: is not UTF-8") from error
    head = head_of(path, text)
    for key in head:
        if key not in _HEAD:
            raise InputError(f"{path.name}: the head has no {key!r}; it may have {', '.join(_HEAD)}{did_you_mean(key, _HEAD)}")
    for key in ("title", "description", "changes"):
        if not isinstance(head.get(key), str):
            raise InputError(f"{path.name}: the head lacks {key!r}, a text")
    if head["changes"] not in CHANGES:
        raise InputError(f"{path.name}: changes is {head['changes']!r}; it is one of: {', '.join(CHANGES)}")
    for key in ("without", "goes_by"):
        if not isinstance(head.get(key, []), list) or not all(isinstance(each, str) for each in head.get(key, [])):
            raise InputError(f"{path.name}: {key} is a list of texts")
    for name in head.get("without", ()):
        if name not in rules:
            raise InputError(f"{path.name}: without names the rule {name!r}, which is not there{did_you_mean(name, rules)}")
    update = "" if _COMMENT.sub("", text).strip() == "" else text
    if not update and not head.get("without"):
        raise InputError(f"{path.name}: changes nothing; write an update beneath the head, or name rules in 'without'")
    _try(path, update)
    each = head.get("each", "")
    _try(path, each, "each: ", query=True)
    if each and not re.search(r"VALUES \?\w+ \{[^}\n]*\} # an example", update):
        raise InputError(f"{path.name}: no line VALUES ?thing {{ … }} # an example takes what 'each' finds")
    return Scenario(
        name=path.stem.partition("-")[2],
        title=head["title"],
        changes=head["changes"],
        update=update,
        without=tuple(head.get("without", ())),
        goes_by=tuple(iris.name(each) for each in head.get("goes_by", ())),
        each=each,
        description=" ".join(head["description"].split()),
    )


def _try(path: Path, text: str, where: str = "", query: bool = False) -> None:
    """Run it on nothing, where an engine says all that is wrong with its words."""
    for kind, word in tokens(text):
        if kind != "hidden" and word.upper() in {"LOAD", "SERVICE"}:
            raise InputError(f"{path.name}: {where}{word} would fetch from elsewhere; a scenario changes what is in the graph")
    try:
        if text and query:
            found: Any = Store().query(text, prefixes=iris.PREFIXES)
            if len(getattr(found, "variables", ())) != 2:
                raise InputError(f"{path.name}: {where}it is a SELECT of two columns, a thing and its label")
        elif text:
            Store().update(text, prefixes=iris.PREFIXES)
    except SyntaxError as error:
        raise InputError(f"{path.name}: {where}{why_not_sparql(text, error).replace('not a SPARQL query', 'not SPARQL')}") from error
