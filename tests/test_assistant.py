"""What an assistant gets: the same answers as everybody, with standings and sources, and clear words where it asks wrongly."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from conftest import rows
from mcp import Client, StdioServerParameters

import k2graph
from k2graph.assistant import MOST_ROWS, server


def using(where: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def session() -> Any:
        async with Client(where) as client:
            return await work(client)

    return asyncio.run(session())


def call(graph: k2graph.Graph, tool: str, **arguments: Any) -> Any:
    """What a tool gives, through the package's own client."""

    async def work(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = using(server(graph), work)
    assert not result.is_error, result.content
    if result.structured_content is None:
        return result.content[0].text
    return result.structured_content.get("result", result.structured_content)


def refused(graph: k2graph.Graph, tool: str, **arguments: Any) -> str:
    async def work(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = using(server(graph), work)
    assert result.is_error
    return str(result.content[0].text)


def test_the_tools_say_what_they_do_and_only_read(graph: k2graph.Graph) -> None:
    async def work(client: Client) -> Any:
        return await client.list_tools()

    tools = using(server(graph), work).tools
    assert {tool.name for tool in tools} == {"search", "ask", "explain", "path"}
    for tool in tools:
        assert len(tool.description) > 60
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint


def test_search_finds_by_synonym_and_number_with_standing_and_address(graph: k2graph.Graph) -> None:
    assert call(graph, "search", words="menaquinone-7")["hits"][0]["id"] == "entity:mk-7"
    (study,) = call(graph, "search", words="17287908")["hits"]
    assert study["address"] == "https://pubmed.ncbi.nlm.nih.gov/17287908/"
    claims = [hit for hit in call(graph, "search", words="mgp lowers vascular calcification")["hits"] if hit["kind"] == "claim"]
    assert {"id": "claim:mgp-level-vascular-calcification", "standing": "single in animals (1)"}.items() <= claims[0].items()
    assert call(graph, "search", words="no such thing at all") == {"found": 0, "hits": []}


def test_ask_answers_as_the_graph_does_and_says_what_it_leaves_out(graph: k2graph.Graph) -> None:
    listed = call(graph, "ask")["questions"]
    assert {each["question"] for each in listed} == {question.name for question in graph.questions}
    answer = call(graph, "ask", question="drug-interactions", parameters={"drug": "warfarin"}, most=2)
    expected = graph.ask("drug-interactions", drug="warfarin")
    assert answer["rows"] == json.loads(json.dumps(expected.rows[:2]))
    assert answer["rows_in_all"] == len(expected) > 2
    assert set(answer["columns"]) == set(expected.columns)
    assert answer["leaves_out"]


def test_explain_tells_both_sides_with_sources(graph: k2graph.Graph) -> None:
    text = call(graph, "explain", thing="MK-7 lowers arterial stiffness")
    assert "contested in human trials" in text
    assert "For" in text
    assert "Nothing found" in text
    assert "https://" in text


def test_path_names_the_studies_of_each_step(graph: k2graph.Graph) -> None:
    found = call(graph, "path", start="MGP", end="vascular calcification", most=1)
    (step,) = found["chains"][0]["steps"]
    assert step["standing"] == "single in animals (1)"
    studies = {row["study"] for row in rows("findings") if (row["subject"], row["object"]) == ("mgp", "vascular-calcification")}
    addresses = {row["study"]: row["pmid"] for row in rows("studies")}
    assert any(addresses[study] and addresses[study] in each["address"] for study in studies for each in step["studies"])


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": "drug-interaction"}, "did you mean"),
        ("ask", {"question": "drug-interactions", "parameters": {"drug": "warfarine"}}, "no entity is called"),
        ("ask", {"question": "drug-interactions", "most": MOST_ROWS + 1}, "between 1 and 500"),
        ("explain", {"thing": "nothing of the kind"}, "nothing is called"),
        ("path", {"start": "MGP", "end": "Narnia"}, "no entity is called"),
        ("search", {"words": " "}, "needs a word"),
    ],
)
def test_wrong_use_is_told(graph: k2graph.Graph, tool: str, arguments: dict[str, Any], told: str) -> None:
    assert told in refused(graph, tool, **arguments)


def test_the_command_speaks_on_standard_input_and_output() -> None:
    async def work(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "contested-claims", "most": 1})

    command = StdioServerParameters(command=sys.executable, args=["-m", "k2graph.cli", "mcp"])
    result = using(command, work)
    assert "contested in human trials" in json.dumps(result.structured_content)
