"""For assistants: the graph as tools of the Model Context Protocol, by its own package, so that they cite instead of remembering.

In: a graph. Out: a server with the tools `search`, `ask`, `explain` and `path`. Every answer names standings and where its facts were read.
There is no tool for SPARQL: what is asked is one of the shipped questions, which are bounded, and so is each answer's length.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import InputError, needing
from .evidence.lookup import Lookup
from .iris import short
from .sparql.questions import find_question

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mcp.server.mcpserver import MCPServer

    from .evidence.lookup import Entry
    from .evidence.model import Evidence, Report
    from .graph import Graph
    from .sparql.questions import Question

#: Rows, hits, chains and characters that one answer may have.
MOST_ROWS, MOST_HITS, MOST_CHAINS, MOST_CHARACTERS = 500, 50, 20, 60_000
_INSTRUCTIONS = """\
A knowledge graph of nutrient mechanisms with the evidence for every step. Begin with `search` for the names of things, or `ask` without a
question for what can be asked. Quote standings as they are: "untested" is no evidence, which is not evidence of no effect; "consistent in
animals" is not shown in people. Give the reports and addresses that an answer names, and say which are
retracted or of concern. The graph is no medical advice."""


def server(graph: Graph) -> MCPServer:
    """The server, to run on standard input and output, or in a test.

    Raises:
        InputError: where the `mcp` package is missing.
    """
    with needing("a server for assistants", "mcp"):
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.server.mcpserver.tools import Tool
        from mcp.types import ToolAnnotations
    from . import __version__

    tools = Tools(graph)
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    def in_own_words(tool: Callable[..., Any]) -> Callable[..., Any]:
        """The tool, whose wrong use is told in its own words."""
        from functools import wraps

        @wraps(tool)
        def call(*given: Any, **named: Any) -> Any:
            try:
                return tool(*given, **named)
            except InputError as error:
                raise ToolError(str(error)) from error

        return call

    class Strict(Tool):
        """A tool that refuses arguments that it does not know, where the package would drop them."""

        async def run(self, arguments: dict[str, Any], *rest: Any, **options: Any) -> Any:
            """Run it, if all arguments are its own."""
            try:
                tools.check(self.name, self.parameters["properties"], arguments)
            except InputError as error:
                raise ToolError(str(error)) from error
            return await super().run(arguments, *rest, **options)

    made = [Strict.from_function(in_own_words(tool), annotations=reads) for tool in (tools.search, tools.ask, tools.explain, tools.path)]
    for tool in made:
        tool.parameters["additionalProperties"] = False
    return MCPServer("k2graph", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR", tools=list(made))


class Tools:
    """What an assistant may do. Docstrings are what it is told of each."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._read: Evidence | None = None
        self._lookup: Lookup | None = None

    @property
    def _evidence(self) -> Evidence:
        if self._read is None:
            self._read = self._graph.evidence()
        return self._read

    def search(self, words: str, most: int = 20) -> dict[str, Any]:
        """Find entities, claims, mechanisms, studies, reports and interactions by words of their names, synonyms, identifiers or numbers.

        Case, accents and hyphens do not matter; where nothing is called so, what is spelt nearly so is found, and the answer says so.

        Claims come with their standing, reports with their address, and with what became of them where they are retracted or of concern.
        """
        most = _bounded(most, MOST_HITS)
        if self._lookup is None:
            self._lookup = Lookup(self._graph)
        found = self._lookup.find(words)
        instead = {"nothing_is_called_so_but": found.instead} if found.instead else {}
        return {"found": len(found.entries), **instead, "hits": [self._hit(entry) for entry in found.entries[:most]]}

    def _hit(self, entry: Entry) -> dict[str, Any]:
        """A thing that was found, with how it stands or what it is."""
        evidence, hit = self._evidence, {"id": entry.id, "kind": entry.kind, "label": entry.shown}
        match entry.kind:
            case "entity":
                entity = evidence.entities[entry.id]
                return {**hit, "kind": entity.kind_label, "definition": entity.definition}
            case "claim":
                return {**hit, "standing": evidence.claims[entry.id].standing.label}
            case "mechanism":
                return {**hit, "verdict": evidence.mechanisms[entry.id].verdict.label}
            case "study":
                study = evidence.studies[entry.id]
                design = study.design.label if study.design else ""
                return {**hit, "design": design, "reports": [_cited(evidence.reports[report]) for report in study.reports]}
            case "report":
                return {**hit, **_cited(evidence.reports[entry.id])}
        return {**hit, "severity": evidence.interactions[entry.id].severity.label}

    @staticmethod
    def check(tool: str, known: Collection[str], arguments: Mapping[str, Any]) -> None:
        """Refuse arguments that a tool does not take, and show how it is called.

        Raises:
            InputError: where there is one.
        """
        unknown = [name for name in arguments if name not in known]
        if not unknown:
            return
        message = f"{tool} takes {', '.join(known)}; it has no {' and no '.join(map(repr, unknown))}"
        if tool != "ask" or not isinstance(arguments.get("question"), str):
            raise InputError(message)
        taken = find_question(arguments["question"]).parameters
        meant = {name: arguments[name] for name in unknown if name in taken}
        if not meant:
            raise InputError(f"{message}; the question {arguments['question']!r} has the parameters: {', '.join(taken) or 'none'}")
        given = arguments.get("parameters")
        right = {"question": arguments["question"], "parameters": {**(given if isinstance(given, dict) else {}), **meant}}
        raise InputError(f"{message}; parameters of the question stand within parameters: {json.dumps(right, ensure_ascii=False)}")

    def ask(self, question: str = "", parameters: dict[str, str | int] | None = None, most: int = 50) -> dict[str, Any]:
        """Answer one of the graph's questions by its name, with parameters by label, identifier or address; without a question, list them.

        Parameters of the question stand within `parameters`; those that the list calls required have to be given. The answer repeats what
        was asked, and says what each column means and what it leaves out.
        """
        if not question:
            if parameters:
                raise InputError("parameters are those of a question: name it as question; without any, ask lists the questions")
            return {"questions": [_listed(each) for each in self._graph.questions]}
        asked = find_question(question)
        answer = self._graph.ask(question, **(parameters or {}))
        return {
            "title": asked.title,
            "asked": {"question": question, "parameters": dict(answer.given)},
            **({"nothing": answer.nothing} if answer.nothing else {}),
            "columns": dict(asked.columns),
            "leaves_out": asked.leaves_out,
            "rows_in_all": len(answer),
            "rows": answer.rows[: _bounded(most, MOST_ROWS)],
        }

    def explain(self, thing: str) -> str:
        """Tell all that bears on a claim, mechanism, entity, study, report or interaction, for and against, with sources, as Markdown."""
        text = self._graph.explain(thing).to_markdown()
        if len(text) > MOST_CHARACTERS:
            cut = text[:MOST_CHARACTERS].rpartition("\n")[0]
            return f"{cut}\n\n(Cut here: {len(text):,} characters in all. Ask evidence-for-claim for the rows.)\n"
        return text

    def path(self, start: str, end: str, most: int = 5) -> dict[str, Any]:
        """Follow chains of claims from one thing to another: each step's standing and studies, and the weakest link of each chain."""
        from .evidence.chains import find_chains

        first, last = self._graph.find("entity", start), self._graph.find("entity", end)
        found = find_chains(self._graph, first, last, _bounded(most, MOST_CHAINS) + 1)
        chains = found[:most]
        return {
            "from": short(first.value),
            "to": short(last.value),
            "more": len(found) > len(chains),
            "chains": [
                {
                    "direction": chain.direction,
                    "weakest_link": chain.weakest.label,
                    "weakest_standing": chain.weakest.standing,
                    "argues_against": chain.argues_against,
                    "does_not_hold_at": chain.broken.label if chain.broken else None,
                    "steps": [
                        {
                            "claim": link.claim,
                            "label": link.label,
                            "standing": link.standing,
                            "organisms": list(link.organisms),
                            "studies": self._studies(link.claim),
                        }
                        for link in chain.links
                    ],
                }
                for chain in chains
            ],
        }

    def _studies(self, claim: str) -> list[dict[str, str]]:
        """The studies that count for a claim, with what they say of it, each with the reports in which that was read."""
        evidence = self._evidence
        found = {}
        for bearing in evidence.claims[claim].bearings:
            if bearing.counted:
                finding = evidence.findings[bearing.finding]
                record = {"study": evidence.name(finding.study), "says": bearing.stance.label, **_cited(evidence.reports[finding.report])}
                found[finding.study, finding.report, bearing.stance.notation] = record
        return [found[key] for key in sorted(found)]


def _cited(report: Report) -> dict[str, str]:
    """Author, year and address of a report, and what became of it."""
    return {"report": report.cited, "address": report.address, **({"retraction": str(report.retraction)} if report.retraction else {})}


def _listed(question: Question) -> dict[str, Any]:
    listed = {"question": question.name, "title": question.title}
    return {
        **listed,
        "parameters": {name: f"{each.about}{' (required)' if each.required else ''}" for name, each in question.parameters.items()},
    }


def _bounded(asked: int, most: int) -> int:
    if not 1 <= asked <= most:
        raise InputError(f"most is between 1 and {most}, not {asked}")
    return asked
