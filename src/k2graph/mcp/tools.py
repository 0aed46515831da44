"""What an assistant may do: `search`, `ask`, `explain` and `path`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..evidence.lookup import Lookup
from ..iris import short
from ..sparql.questions import Question, find_question
from .claims import Claims, cited
from .pages import BUDGET, compact, page, part, within

if TYPE_CHECKING:
    from ..evidence.lookup import Entry
    from ..evidence.model import Evidence
    from ..graph import Graph

#: Rows, hits and chains that one answer may have, if its budget has room for them; offsets reach the rest.
MOST_ROWS, MOST_HITS, MOST_CHAINS = 500, 50, 20
#: Chains are sought anew for each page, the strongest first: no further than this.
_LAST_CHAIN, _ANY = 1_000, 1_000_000


class Tools:
    """What an assistant may do. Docstrings are what it is told of each."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        #: The rows of the question that was asked last, so that its pages are of one answer.
        self._last: tuple[str, dict[str, Any], list[dict[str, Any]]] | None = None

    @cached_property
    def evidence(self) -> Evidence:
        """All of the graph's evidence."""
        return self._graph.evidence()

    @cached_property
    def _claims(self) -> Claims:
        return Claims(self.evidence)

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._graph)

    def search(self, words: str, most: int = 20, offset: int = 0, budget: int = BUDGET) -> str:
        """Find entities, claims, mechanisms, studies, reports and interactions by words of their names, synonyms, identifiers or numbers.

        Begin here: what is found has an `id` that the other tools take. The best come first. Case, accents and hyphens do not matter; where
        nothing is called so, what is spelt nearly so is found, and of a sentence that which shares most of its words; the answer says so.
        Claims come with standing, certainty and sources, studies and reports with their address, and with what became of them where they
        are retracted or of concern.
        """
        most, offset = within("most", most, 1, MOST_HITS), within("offset", offset, 0, _ANY)
        found = self._lookup.find(words)
        entries, instead = found.entries, {"nothing_is_called_so_but": found.instead} if found.instead else {}
        if not entries and (entries := self._lookup.sharing(words)):
            instead = {"nothing_is_called_so": "these share the most of its words"}
        frame = {"found": len(entries), **instead, **_left_out(len(entries), offset, most)}
        return compact(page(frame, "hits", [self._hit(entry) for entry in entries[offset : offset + most]], offset, budget, self._beside))

    def _beside(self, row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return {"claims": self._claims.named(row.values())}

    def _hit(self, entry: Entry) -> dict[str, Any]:
        """A thing that was found, with how it stands or what it is."""
        evidence, hit = self.evidence, {"id": entry.id, "kind": entry.kind, "label": entry.shown}
        match entry.kind:
            case "entity":
                entity = evidence.entities[entry.id]
                return {**hit, "kind": entity.kind_label, "definition": entity.definition}
            case "claim":
                standing = evidence.claims[entry.id].standing
                return {**hit, "standing": standing.label, "certainty": standing.certainty.label}
            case "mechanism":
                return {**hit, "verdict": evidence.mechanisms[entry.id].verdict.label}
            case "study":
                study = evidence.studies[entry.id]
                design = study.design.label if study.design else ""
                return {**hit, "design": design, "reports": [cited(evidence.reports[report]) for report in study.reports]}
            case "report":
                return {**hit, **cited(evidence.reports[entry.id])}
        return {**hit, "severity": evidence.interactions[entry.id].severity.label}

    def ask(
        self,
        question: str = "",
        parameters: dict[str, str | int] | None = None,
        most: int = 50,
        offset: int = 0,
        budget: int = BUDGET,
    ) -> str:
        """Answer one of the graph's questions by its name, with parameters by label, identifier or address; without a question, list them.

        Parameters of the question stand within `parameters`. The answer repeats what was asked; its first page says what each column means
        and what it leaves out. A row lacks the columns that are empty. Under `claims` are label, standing, certainty and sources of every
        claim that the rows name, under `studies` and `reports` the reports of those that a row without an address names.
        """
        most, offset = within("most", most, 1, MOST_ROWS), within("offset", offset, 0, _ANY)
        if not question:
            if parameters:
                raise InputError("parameters are those of a question: name it as question; without any, ask lists the questions")
            listed = [_listed(each) for each in self._graph.questions]
            in_all = {"questions_in_all": len(listed), **_left_out(len(listed), offset, most)}
            return compact(page(in_all, "questions", listed[offset : offset + most], offset, budget))
        given, rows, frame = self._asked(find_question(question), parameters or {}, offset)
        about = self._claims.named(given.values())

        def beside(row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
            return {"claims": {**about, **self._claims.named(row.values())}, **self._claims.sources(row)}

        alone = {"claims": about} if about and not rows else {}
        frame = {**frame, "rows_in_all": len(rows), **alone, **_left_out(len(rows), offset, most)}
        return compact(page(frame, "rows", rows[offset : offset + most], offset, budget, beside))

    def _asked(
        self, question: Question, parameters: Mapping[str, str | int], offset: int
    ) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
        """What was given, all rows without empty cells, and what the answer says besides: the first page more than the others."""
        key = compact([question.name, sorted(parameters.items())])
        frame: dict[str, Any] = {}
        if self._last is None or self._last[0] != key or not offset:
            answer = self._graph.ask(question.name, **parameters)
            rows = [{column: value for column, value in row.items() if value is not None} for row in answer.rows]
            self._last = key, dict(answer.given), rows
            frame = {"nothing": answer.nothing} if answer.nothing else {}
        _, given, rows = self._last
        if not offset:
            frame |= {"columns": dict(question.columns), "leaves_out": question.leaves_out}
        return given, rows, {"title": question.title, "asked": {"question": question.name, "parameters": given}, **frame}

    def explain(self, thing: str, offset: int = 0, budget: int = BUDGET) -> str:
        """Tell all that bears on a claim, mechanism, entity, study, report or interaction, for and against, with sources, as Markdown.

        What is longer than the budget goes on at the line that the answer names last.
        """
        return part(self._graph.explain(thing).to_markdown(), offset, budget)

    def path(self, start: str, end: str, most: int = 5, offset: int = 0, budget: int = BUDGET) -> str:
        """Follow chains of claims from one thing to another, the strongest first: each step, and the weakest link of each chain.

        Under `claims` are label, standing, certainty and sources of every step, once each.
        """
        from ..evidence.chains import find_chains

        most, offset = within("most", most, 1, MOST_CHAINS), within("offset", offset, 0, _LAST_CHAIN)
        first, last = self._graph.find("entity", start), self._graph.find("entity", end)
        found = find_chains(self._graph, first, last, offset + most + 1)
        frame = {"from": short(first.value), "to": short(last.value), **_left_out(len(found), offset, most)}
        chains = [
            {
                "direction": chain.direction,
                "weakest_link": chain.weakest.claim,
                "weakest_standing": chain.weakest.standing,
                "argues_against": chain.argues_against,
                **({"does_not_hold_at": chain.broken.claim} if chain.broken else {}),
                "steps": [{"claim": link.claim, **({"organisms": list(link.organisms)} if link.organisms else {})} for link in chain.links],
            }
            for chain in found[offset : offset + most]
        ]

        def beside(chain: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
            return {"claims": self._claims.named(step["claim"] for step in chain["steps"])}

        return compact(page(frame, "chains", chains, offset, budget, beside))


def check(tool: str, schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that a tool does not take, or that it lacks, and show how it is called.

    Raises:
        InputError: where there is one.
    """
    known = schema["properties"]
    unknown = [name for name in arguments if name not in known]
    missing = [name for name in schema.get("required", []) if name not in arguments]
    if not unknown and not missing:
        return
    faults = [f"it has no {' and no '.join(map(repr, unknown))}"] if unknown else []
    faults += [f"it needs {name} ({known[name]['description']})" for name in missing]
    message = f"{tool} takes {', '.join(known)}; {'; '.join(faults)}"
    if tool != "ask" or not isinstance(arguments.get("question"), str):
        raise InputError(message)
    taken = find_question(arguments["question"]).parameters
    meant = {name: arguments[name] for name in unknown if name in taken}
    if not meant:
        raise InputError(f"{message}; the question {arguments['question']!r} has the parameters: {', '.join(taken) or 'none'}")
    given = arguments.get("parameters")
    right = {"question": arguments["question"], "parameters": {**(given if isinstance(given, dict) else {}), **meant}}
    raise InputError(f"{message}; parameters of the question stand within parameters: {json.dumps(right, ensure_ascii=False)}")


def signature(question: Question) -> str:
    """A question with its parameters, the required ones marked.

    >>> signature(find_question("paths"))
    'paths(from*, to*)'
    """
    return f"{question.name}({', '.join(f'{name}*' if each.required else name for name, each in question.parameters.items())})"


def _listed(question: Question) -> dict[str, Any]:
    parameters = {name: f"{each.about}{' (required)' if each.required else ''}" for name, each in question.parameters.items()}
    return {"question": question.name, "title": question.title, **({"parameters": parameters} if parameters else {})}


def _left_out(there: int, offset: int, most: int) -> dict[str, int]:
    """Where an answer goes on, if not all that is there is on its page.

    Raises:
        InputError: where nothing is there from the offset on.
    """
    within("offset", offset, 0, max(there - 1, 0))
    return {"next": offset + most} if there > offset + most else {}
