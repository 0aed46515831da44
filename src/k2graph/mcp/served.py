"""The server that speaks the protocol: tools with what they take, resources by address, and prompts."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from ..errors import InputError, needing
from ..iris import name as named
from ..iris import short
from ..sparql.internal import internal
from ..sparql.questions import find_question
from . import prompts
from .pages import BUDGET, LEAST_BUDGET, MOST_BUDGET, compact, page, part
from .tools import MOST_CHAINS, MOST_HITS, MOST_ROWS, Tools, check, signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.mcpserver import MCPServer

    from ..graph import Graph
    from ..sparql.questions import Question

_INSTRUCTIONS = f"""\
A knowledge graph of nutrient mechanisms with the evidence for every step. Begin with `search` for the names of things, or `ask` without a
question for what can be asked. Quote standings as they are: "untested" is no evidence, which is not evidence of no effect; "consistent in
animals" is not shown in people. Give the reports and addresses that an answer names, and say which are retracted or of concern. An answer
has at most `budget` tokens ({BUDGET:,} unless you ask for others); where it has `next`, give that as `offset` for what follows. Under
`claims` stand label, standing, certainty and the first sources of the claims that its rows name; `ask` evidence-for-claim, or `explain`,
has all. Read a thing also by its address: k2graph://claim/KEY, of `claim:KEY`. The graph is no medical advice."""

_TITLES = {"search": "Find things by name", "ask": "Ask a question", "explain": "Explain a thing", "path": "Follow chains of claims"}
_THING = "label, synonym, identifier, number or address, such as an `id` of search"
_ARGUMENTS = {
    "words": "what it may be called; a sentence may do",
    "thing": _THING,
    "start": f"the thing where chains begin: {_THING}",
    "end": f"the thing where they end: {_THING}",
    "parameters": "of the question, by name; none is needed but those marked *",
}
_MOST = {"search": MOST_HITS, "ask": MOST_ROWS, "path": MOST_CHAINS}
_PROMPTS = (
    ("evidence-for", "Evidence for…", prompts.evidence_for, {"thing": "a claim, or a thing, as you would call it"}),
    ("check-statement", "Check this statement", prompts.check_statement, {"statement": "what somebody wrote"}),
    ("plan-trial", "Plan a trial", prompts.plan_trial, {"exposure": "what is given", "outcome": "what is measured"}),
)


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
        from pydantic import ValidationError
    from .. import __version__

    tools = Tools(graph)
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    class Strict(Tool):
        """A tool that refuses arguments that it does not know, where the package would drop them."""

        async def run(self, arguments: dict[str, Any], *rest: Any, **options: Any) -> Any:
            """Run it, if all arguments are its own and what they should be."""
            try:
                check(self.name, self.parameters, arguments)
                self.fn_metadata.validate_arguments(arguments)
            except InputError as error:
                raise ToolError(str(error)) from error
            except ValidationError as error:
                faults = (f"{'.'.join(map(str, each['loc'][:2]))}: {each['msg'][:1].lower()}{each['msg'][1:]}" for each in error.errors())
                raise ToolError(f"{self.name}: {'; '.join(faults)}") from error
            return await super().run(arguments, *rest, **options)

    made = []
    for tool in (tools.search, tools.ask, tools.explain, tools.path):
        name = tool.__name__
        # An answer is sent once, as text: what else reads it parses the JSON.
        each = Strict.from_function(_in_own_words(tool, ToolError), title=_TITLES[name], annotations=reads, structured_output=False)
        each.description = " ".join(each.description.split())
        each.parameters = _schema(graph, name, each.parameters)
        made.append(each)
    served = MCPServer("k2graph", title="k2graph", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR", tools=list(made))
    _add_resources(served, graph, tools)
    _add_prompts(served)
    return served


def _in_own_words(work: Callable[..., Any], fault: type[Exception]) -> Callable[..., Any]:
    """A tool or resource, whose wrong use is told in its own words."""

    @wraps(work)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return work(*given, **named)
        except InputError as error:
            raise fault(str(error)) from error

    return call


def _schema(graph: Graph, tool: str, made: dict[str, Any]) -> dict[str, Any]:
    """What a tool takes, with what each argument means, its bounds, and of questions and their parameters the names that there are."""
    known = {
        "budget": {
            "type": "integer",
            "minimum": LEAST_BUDGET,
            "maximum": MOST_BUDGET,
            "default": BUDGET,
            "description": "tokens of the answer",
        },
        "offset": {"type": "integer", "minimum": 0, "default": 0, "description": "where the answer begins: `next` of the one before"},
    }
    if "question" in made["properties"]:
        questions = graph.questions
        signatures = f"none: list them. With parameters, * needed: {', '.join(map(signature, questions))}"
        known["question"] = {"type": "string", "enum": [each.name for each in questions], "description": signatures}
        parameters = {"properties": _parameters(graph, questions), "additionalProperties": False}
        known["parameters"] = {"type": "object", **parameters, "description": _ARGUMENTS["parameters"]}
    properties = {}
    for name, schema in made["properties"].items():
        properties[name] = known.get(name) or {
            **{key: value for key, value in schema.items() if key != "title"},
            **({"description": _ARGUMENTS[name]} if name in _ARGUMENTS else {}),
            **({"minimum": 1, "maximum": _MOST[tool], "description": "how many at most"} if name == "most" else {}),
        }
    required = {"required": made["required"]} if "required" in made else {}
    return {"type": "object", "properties": properties, **required, "additionalProperties": False}


def _parameters(graph: Graph, questions: list[Question]) -> dict[str, Any]:
    """Every parameter of a question, with the words that it may be where these are of a scheme."""
    found: dict[str, Any] = {}
    for question in questions:
        for name, each in question.parameters.items():
            scheme = each.type.removeprefix("scheme:") if each.type.startswith("scheme:") else ""
            meant = found.setdefault(name, {"type": "integer" if each.type == "integer" else "string", "description": each.about})
            if each.required and each.about not in meant["description"]:
                meant["description"] += f"; or {each.about}"
            words = [row["word"] for row in graph.rows(internal("words-of-a-scheme", scheme=named(f"k2g:{scheme}")))] if scheme else []
            if words:
                # One name may be of several questions, each with words of its own.
                meant["enum"] = list(dict.fromkeys([*meant.get("enum", []), *words]))
    return dict(sorted(found.items()))


def _add_resources(served: MCPServer, graph: Graph, tools: Tools) -> None:
    from mcp.server.mcpserver.exceptions import ResourceNotFoundError

    def explained(kind: str) -> Callable[[str], str]:
        def read(name: str) -> str:
            return part(graph.explain(short(graph.find(kind, name).value)).to_markdown(), 0, BUDGET)

        return read

    def question(name: str) -> str:
        asked = find_question(name)
        parameters = {each.name: {"about": each.about, "type": each.type, "required": each.required} for each in asked.parameters.values()}
        described = {"question": asked.name, "title": asked.title, "description": asked.about.strip(), "parameters": parameters}
        return compact({**described, "columns": dict(asked.columns), "leaves_out": asked.leaves_out, "sparql": asked.query})

    def mechanisms() -> str:
        found = tools.evidence.mechanisms
        listed = [{"id": each.id, "label": each.label, "verdict": each.verdict.label} for each in found.values()]
        answer = page({"mechanisms_in_all": len(listed)}, "mechanisms", listed, 0, BUDGET)
        rest = {"rest": "ask mechanisms-lacking-human-rct-support has the verdict of each, in pages"} if answer.pop("next", 0) else {}
        return compact({**answer, **rest})

    for kind, about in (
        ("claim", "A claim: its standing, certainty, and all that bears on it, with sources"),
        ("mechanism", "A mechanism: its steps, how each stands, and its verdict"),
        ("study", "A study: design, people, arms, what it found and where that was read"),
    ):
        kept = _in_own_words(explained(kind), ResourceNotFoundError)
        describe = f"{about}. By key (`KEY` of `{kind}:KEY`), label or address."
        served.resource(f"k2graph://{kind}/{{+name}}", name=kind, title=kind.capitalize(), description=describe, mime_type="text/markdown")(
            kept
        )
    describe = "A question: what it asks, its parameters and columns, what it leaves out, and its SPARQL"
    served.resource("k2graph://question/{name}", name="question", title="Question", description=describe, mime_type="application/json")(
        _in_own_words(question, ResourceNotFoundError)
    )
    describe = "All mechanisms of the graph, each with its verdict"
    served.resource("k2graph://mechanisms", name="mechanisms", title="Mechanisms", description=describe, mime_type="application/json")(
        mechanisms
    )


def _add_prompts(served: MCPServer) -> None:
    from mcp.server.mcpserver.prompts import Prompt
    from mcp.shared.exceptions import MCPError
    from mcp.types import INVALID_PARAMS

    class Strict(Prompt):
        """A prompt that names what is missing or unknown, where the package tells of a fault of the server."""

        async def render(self, arguments: dict[str, Any] | None, *rest: Any) -> Any:
            """Its text, if all arguments are its own."""
            taken = {each.name: {"description": each.description} for each in self.arguments or []}
            try:
                check(self.name, {"properties": taken, "required": list(taken)}, arguments or {})
            except InputError as error:
                raise MCPError(INVALID_PARAMS, str(error)) from error
            return await super().render(arguments, *rest)

    for name, title, work, arguments in _PROMPTS:
        prompt = Strict.from_function(work, name=name, title=title)
        for each in prompt.arguments or []:
            each.description = arguments[each.name]
        served.add_prompt(prompt)
