"""What a validation found, in order: for people, for programs and as SHACL.

In: `Failure`s, in no order, and some of them twice. Out: a `Report`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from .. import iris
from .failure import Failure, Way
from .scope import ONTOLOGY

_SHAPE = iris.BASE + "shape/"
_TYPE = iris.name("rdf:type")
_Row = tuple[tuple[Any, ...], "Result", Failure]
_MOST = 10
#: What the engine calls a blank node, as it stands in messages.
_BLANK = re.compile(r"\b[0-9a-f]{20,32}\b")
#: Worst first.
SEVERITIES = ("violation", "warning", "info")
NOTHING_CHECKED = "Nothing in this graph is of k2graph's classes, so nothing was checked."


@dataclass(frozen=True)
class Result:
    """One thing that is not as the shapes want it. IRIs are compact names; what is not there is empty."""

    severity: str
    message: str
    focus: str
    path: str
    value: str
    shape: str

    @property
    def thing(self) -> str:
        """What to mend: the value where the whole graph was asked, else the focus."""
        return self.value if self.focus == ONTOLOGY.value else self.focus


@dataclass(frozen=True)
class Report:
    """What validation found: worst first, then by shape, thing, path and value.

    `checked` is false where nothing in the graph is of ours, so that nothing could be found.
    """

    results: tuple[Result, ...]
    triples: tuple[Triple, ...] = field(repr=False)
    checked: bool = True

    @property
    def conforms(self) -> bool:
        """As SHACL has it: whether there is no result at all, a warning neither. The report in JSON and in Turtle says the same."""
        return not self.results

    @property
    def passes(self) -> bool:
        """Whether there is no violation: the graph can be used, and what else there is, is for the curator."""
        return not any(result.severity == "violation" for result in self.results)

    def counts(self) -> dict[str, int]:
        """How many results there are of each severity."""
        return {severity: sum(result.severity == severity for result in self.results) for severity in SEVERITIES}

    def to_text(self) -> str:
        """For people: the counts, then what to do, each with the things concerned."""
        if not self.checked:
            return NOTHING_CHECKED + "\n"
        counts = self.counts()
        counted = [f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts.items() if count or severity != "info"]
        verdict = "conforms" if self.conforms else "has nothing wrong, and something to mend" if self.passes else "does not conform"
        lines = [f"The graph {verdict}: {', '.join(counted)}."]
        for severity in SEVERITIES:
            if counts[severity]:
                lines += ["", f"{severity.capitalize()}s"]
            for shape in dict.fromkeys(result.shape for result in self.results if result.severity == severity):
                lines += ["", *_group([result for result in self.results if (result.severity, result.shape) == (severity, shape)])]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """A JSON object with `checked`, `conforms`, the counts and the `results`."""
        content = {
            "checked": self.checked,
            "conforms": self.conforms,
            "counts": self.counts(),
            "results": [asdict(result) for result in self.results],
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def to_turtle(self) -> bytes:
        """The SHACL validation report, with an address for each result, the same bytes for the same results."""
        # The library gives None only where it writes to a file itself.
        return serialize(self.triples, format=RdfFormat.TURTLE, prefixes={**iris.PREFIXES, "shape": _SHAPE}) or b""


def _group(results: list[Result]) -> Iterator[str]:
    shape = results[0].shape
    if results[0].focus != ONTOLOGY.value:
        yield f"  {results[0].message} [{shape}: {len(results)}]"
        lines = [result.thing + (f" ({result.path} {result.value})" if result.path and result.value else "") for result in results]
    else:
        # Where the whole graph was asked, each message names what it is about.
        yield f"  [{shape}: {len(results)}]"
        lines = [result.message for result in results]
    yield from (f"    {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"    ... and {len(lines) - _MOST} more"


def report_of(found: Iterable[Failure], *, checked: bool = True) -> Report:
    """The report of what was found, whoever found it and in whatever order; `checked`: whether there was anything to check."""
    rows: list[_Row] = []
    for failure in _settled(list(found)):
        shape = failure.constraint if failure.constraint is not None else failure.shape
        path = "" if failure.path is None else ("^" if failure.path.inverse else "") + _compact(failure.path.property)
        words = (_compact_text(failure.message), _compact(failure.focus), path, _compact(failure.value), _compact(shape))
        result = Result(failure.severity, *words)
        rank = SEVERITIES.index(result.severity) if result.severity in SEVERITIES else len(SEVERITIES)
        key = (rank, result.shape, result.thing, result.path, result.value, result.message, failure.component.value)
        rows.append((key, result, failure))
    rows.sort(key=lambda row: (row[0], str(row[2].value)))
    results = tuple(dict.fromkeys(result for _, result, _ in rows))
    return Report(results, tuple(_triples(rows)), checked)


def _settled(found: list[Failure]) -> list[Failure]:
    """Results whose blank nodes are called b1, b2 and so on by what is said of each, since an engine calls them as chance has it."""
    about: dict[BlankNode, list[str]] = defaultdict(list)
    for failure in found:
        for place, node in (("focus", failure.focus), ("value", failure.value)):
            if isinstance(node, BlankNode):
                other = failure.value if place == "focus" else failure.focus
                text = _BLANK.sub("", failure.message)
                about[node].append(
                    repr((place, "" if isinstance(other, BlankNode) else str(other), text, str(failure.shape), str(failure.path)))
                )
    order = sorted(about, key=lambda node: sorted(about[node]))
    new = {node.value: BlankNode(f"b{number}") for number, node in enumerate(order, 1)}

    def named(term: Any) -> Any:
        return new[term.value] if isinstance(term, BlankNode) else term

    return [
        replace(
            failure,
            focus=named(failure.focus),
            value=named(failure.value),
            message=_BLANK.sub(lambda match: str(new.get(match[0], match[0])), failure.message),
        )
        for failure in found
    ]


def _triples(rows: list[_Row]) -> Iterator[Triple]:
    report = NamedNode(f"{iris.BASE}report/")
    nodes = {NamedNode(report.value + sha256(repr(key).encode()).hexdigest()[:16]): failure for key, _, failure in rows}
    # As SHACL has it, any result at all, a warning too, makes this false.
    conforms = not rows
    yield Triple(report, _TYPE, iris.name("sh:ValidationReport"))
    yield Triple(report, iris.name("sh:conforms"), Literal(conforms))
    for node in nodes:
        yield Triple(report, iris.name("sh:result"), node)
    for node, failure in nodes.items():
        yield Triple(node, _TYPE, iris.name("sh:ValidationResult"))
        for property_name, value in _described(failure).items():
            if value is not None:
                yield Triple(node, iris.name(property_name), value)
    inverses = {failure.path.property for failure in nodes.values() if failure.path is not None and failure.path.inverse}
    for name in sorted(inverses, key=str):
        yield Triple(_node_of(Way(name, inverse=True)), iris.name("sh:inversePath"), name)


def _described(failure: Failure) -> dict[str, Any]:
    return {
        "sh:focusNode": failure.focus,
        "sh:value": failure.value,
        "sh:resultSeverity": iris.name(f"sh:{failure.severity.capitalize()}"),
        "sh:sourceConstraint": failure.constraint,
        "sh:sourceConstraintComponent": failure.component,
        "sh:sourceShape": failure.shape,
        "sh:resultMessage": Literal(failure.message) if failure.message else None,
        "sh:resultPath": None if failure.path is None else _node_of(failure.path),
    }


def _node_of(path: Way) -> NamedNode | BlankNode:
    if not path.inverse:
        return path.property
    # SHACL writes such a path as a blank node; its name here is the same each time.
    return BlankNode("inverse-" + re.sub(r"\W", "-", iris.short(path.property.value)))


def _compact(term: Any) -> str:
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return "_:" + term.value
    return iris.short(term if isinstance(term, str) else str(term.value), shape=_SHAPE)


def _compact_text(message: str) -> str:
    """A message with its addresses in compact form; the punctuation that follows one is no part of it."""
    return re.sub(r"https?://[^\s<>\"]*[^\s<>\".,:;)]", lambda match: _compact(match[0]), message)
