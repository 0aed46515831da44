"""BEL: a folder with a BEL script and the same as PyBEL's node-link JSON.

A statement is one finding: its relation is what the study found, cited to the report in which it was read, with our own words on it as
evidence; study and arms are annotations. A finding of
nothing is `causesNoChange` or `noCorrelation`, so that it is never an edge for a claim; an association is a correlation, so that it is
never an effect. Each statement is annotated with the claims that it bears on, its stance towards each, the claim's standing, and whether it
is counted there or why not; all claims stand on one statement, since PyBEL takes statements that differ in annotations alone for one. BEL
has no relation for a finding that says two things, and no citation for a claim that nobody tested: both are left out and counted.

The script is for readers of lines: in it, line breaks and control characters become spaces, double quotes single ones, backslashes and
runs of slashes after a space one slash. The JSON has all texts as they are.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ..evidence.model import Bearing, Entity, Evidence, Finding, Report
from ..iris import address_in, expand
from ..text import one_line
from . import Format, Part
from .identifiers import node_names
from .mapped import Mapped

#: The release whose node-link JSON this is.
_PYBEL = "0.15.5"
#: The functions as PyBEL's JSON writes them.
_LONG = {
    "a": "Abundance",
    "bp": "BiologicalProcess",
    "path": "Pathology",
    "p": "Protein",
    "g": "Gene",
    "pop": "Population",
}
#: Relations that PyBEL reads in both directions.
_BOTH_WAYS = ("association", "positiveCorrelation", "negativeCorrelation", "noCorrelation")
_FREE = ("Finding", "Claim", "Bearing", "Organism", "Study", "Arm")
_SCHEMES = {
    "Predicate": "predicates",
    "Stance": "stances",
    "Result": "results",
    "Level": "levels",
    "Design": "designs",
    "Retraction": "retractions",
}


@dataclass(frozen=True)
class _Node:
    function: str
    namespace: str
    identifier: str
    name: str

    def script(self) -> str:
        return f'{self.function}({self.namespace}:{self.identifier} ! "{_line(self.name) or self.identifier}")'

    def json(self) -> dict[str, Any]:
        concept = {"namespace": self.namespace, "identifier": self.identifier, "name": self.name}
        return {"function": _LONG[self.function], "concept": concept}


@dataclass(frozen=True)
class _Statement:
    source: _Node
    relation: str
    target: _Node
    activity: bool
    citation: tuple[str, str]
    evidence: str
    annotations: Mapping[str, tuple[str, ...]]

    def script(self) -> Iterator[str]:
        kind, reference = self.citation
        yield f'SET Citation = {{"{kind}", "{_line(reference)}"}}'
        yield f'SET Evidence = "{_line(self.evidence) or "-"}"'
        for name, values in self.annotations.items():
            quoted = ", ".join(f'"{_line(value)}"' for value in values)
            yield f"SET {name} = {quoted}" if len(values) == 1 else f"SET {name} = {{{quoted}}}"
        target = f"act({self.target.script()})" if self.activity else self.target.script()
        yield f"{self.source.script()} {self.relation} {target}"

    def json(self, places: Mapping[_Node, int]) -> Iterator[dict[str, Any]]:
        kind, reference = self.citation
        link: dict[str, Any] = {
            "relation": self.relation,
            "evidence": self.evidence,
            "citation": {"namespace": kind.lower(), "identifier": reference},
            "annotations": {name: [{"namespace": name, "identifier": v} for v in values] for name, values in self.annotations.items()},
        }
        activity = {"modifier": "Activity"}
        source, target = places[self.source], places[self.target]
        yield link | ({"target_modifier": activity} if self.activity else {}) | {"source": source, "target": target}
        if self.relation in _BOTH_WAYS:
            yield link | ({"source_modifier": activity} if self.activity else {}) | {"source": target, "target": source}


def write_bel(part: Part, path: Path) -> Mapping[str, int]:
    """`k2graph.bel` and `k2graph.bel.nodelink.json`."""
    evidence = part.evidence
    names, mapped = node_names(evidence), Mapped(evidence)
    nodes = {each.id: _node(each, names[each.id], _function(each, evidence, mapped)) for each in evidence.entities.values()}
    clear = {name: finding for name, finding in evidence.findings.items() if _has_term(mapped, finding)}
    statements = [_statement(finding, _relation(finding, evidence, mapped), evidence, nodes) for finding in clear.values()]
    _write(path, part, _set_apart(statements))
    bearing = [{each.finding for each in claim.bearings} for claim in evidence.claims.values()]
    return {
        "claims that no finding bears on, which BEL cannot cite": sum(not each for each in bearing),
        "claims on which only findings bear that say two things": sum(bool(each) and not each & set(clear) for each in bearing),
        "findings that say two things, for which BEL has no relation": len(evidence.findings) - len(clear),
        "mechanisms as chains of steps": len(evidence.mechanisms),
        "interactions": len(evidence.interactions),
    }


def _node(entity: Entity, curie: str, function: str) -> _Node:
    namespace, _, identifier = curie.partition(":")
    return _Node(function, namespace, identifier, entity.label)


def _function(entity: Entity, evidence: Evidence, mapped: Mapped) -> str:
    """The function for a thing: by what an effect on it is an effect on, else by its kind."""
    return mapped.term(evidence.facts.one(entity.id, "k2g:aspect"), "bel") or mapped.kind(entity.kind, "bel")


def _has_term(mapped: Mapped, finding: Finding) -> bool:
    return bool(mapped.term(finding.direction.id, "bel"))


def _statement(finding: Finding, relation: str, evidence: Evidence, nodes: Mapping[str, _Node]) -> _Statement:
    study, report = evidence.studies[finding.study], evidence.reports[finding.report]
    target = nodes[finding.object]
    bearings = evidence.bearings_of.get(finding.id, ())
    claims = [evidence.claims[bearing.claim] for bearing in bearings]
    annotations = {
        "Finding": [finding.id],
        "Claim": [claim.id for claim in claims],
        "Bearing": [_bearing(bearing, evidence) for bearing in bearings],
        "Stance": sorted({bearing.stance.notation for bearing in bearings}),
        "Result": sorted({claim.standing.result.notation for claim in claims}),
        "Predicate": [finding.predicate.notation],
        "Level": [finding.level.notation],
        "Design": [finding.design.notation],
        "Organism": [*map(evidence.name, study.organisms)],
        "Study": [study.id],
        "Arm": [arm for arm in (finding.arm, finding.comparator_arm) if arm],
        "Retraction": [report.retraction.notation] if report.retraction else [],
    }
    return _Statement(
        nodes[finding.subject],
        relation,
        target,
        finding.predicate.notation == "affects-activity-of" and target.function == "p",
        _citation(report),
        finding.reported or f"{evidence.name(finding.subject)}: {finding.direction.label}: {evidence.name(finding.object)}",
        {name: tuple(values) for name, values in annotations.items() if values},
    )


def _set_apart(statements: list[_Statement]) -> list[_Statement]:
    """Statements alike in their nodes, their publication and their text are one to readers of BEL: each of them names its finding."""
    alike = Counter(map(_read_as, statements))
    return [
        replace(each, evidence=f"{each.evidence} ({each.annotations['Finding'][0]})") if alike[_read_as(each)] > 1 else each
        for each in statements
    ]


def _read_as(statement: _Statement) -> tuple[object, ...]:
    return statement.source, statement.relation, statement.target, statement.activity, statement.citation, _line(statement.evidence)


def _bearing(bearing: Bearing, evidence: Evidence) -> str:
    claim = evidence.claims[bearing.claim]
    counted = ", ".join(reason.label for reason in bearing.reasons)
    return f"{claim.id}: {bearing.stance.notation}; {claim.standing.label}; {f'not counted: {counted}' if counted else 'counted'}"


def _relation(finding: Finding, evidence: Evidence, mapped: Mapped) -> str:
    """What was found; of what is not an effect on something (binding, expression, part of), only that the two belong together."""
    relation = mapped.term(finding.direction.id, "bel")
    effect = bool(evidence.facts.all(finding.predicate.id, "k2g:aspect"))
    return relation if effect or relation in ("causesNoChange", "noCorrelation") else "association"


def _citation(report: Report) -> tuple[str, str]:
    """Kind and reference; our own address of a report that has no other."""
    if report.pmid:
        return "PubMed", report.pmid
    if report.doi:
        return "DOI", report.doi
    address = address_in(report.key)
    return ("URL", address) if address else ("Other", expand(report.id))


def _definitions(evidence: Evidence, statements: list[_Statement]) -> tuple[list[str], dict[str, list[str]]]:
    """The namespaces that the statements use, and the values that an annotation may have."""
    namespaces = {node.namespace for statement in statements for node in (statement.source, statement.target)} | {"k2graph.entity"}
    return sorted(namespaces), {name: sorted(word.notation for word in evidence.scheme(scheme)) for name, scheme in _SCHEMES.items()}


def _write(folder: Path, part: Part, statements: list[_Statement]) -> None:
    namespaces, lists = _definitions(part.evidence, statements)
    of = part.dataset
    given = {
        "Name": of.title,
        "Version": of.version,
        "Description": "Findings on claims about nutrient mechanisms",
        "Authors": ", ".join(of.creators),
        "ContactInfo": of.address,
        "Licenses": of.licence_name,
    }
    document = {name: value for name, value in given.items() if value}
    lines = [f'SET DOCUMENT {name} = "{_line(value)}"' for name, value in document.items()]
    lines += [f'DEFINE NAMESPACE {namespace} AS PATTERN ".*"' for namespace in namespaces]
    lines += [f'DEFINE ANNOTATION {name} AS PATTERN ".*"' for name in _FREE]
    for name, values in lists.items():
        quoted = ", ".join(f'"{value}"' for value in values)
        lines.append(f"DEFINE ANNOTATION {name} AS LIST {{{quoted}}}")
    lines += [line for statement in statements for line in statement.script()]
    lines.append("UNSET ALL")
    (folder / "k2graph.bel").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    nodes = sorted({node for each in statements for node in (each.source, each.target)}, key=lambda node: (node.script(), node.name))
    places = {node: place for place, node in enumerate(nodes)}
    keys = {"ContactInfo": "contact"}
    graph = {
        "pybel_version": _PYBEL,
        "document_metadata": {keys.get(name, name.lower()): value for name, value in document.items()},
        "namespace_url": {},
        "namespace_pattern": dict.fromkeys(namespaces, ".*"),
        "annotation_url": {},
        "annotation_pattern": dict.fromkeys(_FREE, ".*"),
        "annotation_list": lists,
        "annotation_curie": [],
        "annotation_miriam": [],
    }
    links = [link for statement in statements for link in statement.json(places)]
    whole = {"directed": True, "multigraph": True, "graph": graph, "nodes": [node.json() for node in nodes], "links": links}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    (folder / "k2graph.bel.nodelink.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _line(text: str) -> str:
    r"""A text that may stand between quotes on a line of a script.

    PyBEL takes ` //` for the start of a comment, in quotes too, and reads no escapes.

    >>> _line('a "b"\tc // d')
    "a 'b' c / d"
    """
    return re.sub(r" //+", " /", one_line(text).replace('"', "'").replace("\\", "/"))


BEL = Format(
    "bel",
    "BEL script and PyBEL node-link JSON",
    "PyBEL, INDRA, BEL tools",
    "findings as cited statements with evidence text, organism, level, design, study and arms, each with its claims, its stance towards"
    " each, their standings and whether it is counted; findings of nothing as causesNoChange or noCorrelation; exact identifiers;"
    " retraction",
    "claims that nobody tested, findings that say two things, numbers, mechanisms, interactions, relations between entities; whether an"
    " association is binding, carboxylation, metabolism or expression is in its Predicate alone; some punctuation in the script, not in"
    " the JSON",
    "",
    write_bel,
    has=lambda part: any(map(partial(_has_term, Mapped(part.evidence)), part.evidence.findings.values())),
)
