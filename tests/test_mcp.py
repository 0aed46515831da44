"""What an assistant gets: the same answers as everybody, with standings and sources, and clear words where it asks wrongly."""

import asyncio
import gc
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from project import rows

import k2graph
from k2graph.mcp import MOST_ROWS, server

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _garbage_waits() -> Iterator[None]:
    """An answer of the engine may be freed in the thread alone that asked: what other tests left is collected in no thread of a client."""
    gc.disable()
    yield
    gc.enable()


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
        assert tool.input_schema["additionalProperties"] is False


def test_search_finds_by_synonym_and_number_with_standing_and_address(graph: k2graph.Graph) -> None:
    assert call(graph, "search", words="menaquinone-7")["hits"][0]["id"] == "entity:mk-7"
    (report,) = call(graph, "search", words="17287908")["hits"]
    assert (report["kind"], report["address"]) == ("report", "https://pubmed.ncbi.nlm.nih.gov/17287908/")
    (retracted,) = call(graph, "search", words="19499964")["hits"]
    assert retracted["retraction"] == "retracted"
    (study,) = (hit for hit in call(graph, "search", words="NCT01002157")["hits"] if hit["kind"] == "study")
    assert (study["id"], study["design"]) == ("study:vitak-cac", "randomised controlled trial")
    # Its protocol and its analysis of adherence.
    assert [each["address"] for each in study["reports"]] == [
        "https://doi.org/10.3390/nu7115443",
        "https://www.explorationpub.com/Journals/Tables/1001321/t1",
    ]
    claims = [hit for hit in call(graph, "search", words="mgp lowers vascular calcification")["hits"] if hit["kind"] == "claim"]
    assert {"id": "claim:mgp-level-vascular-calcification", "standing": "established; single in animals (1)"}.items() <= claims[0].items()
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


def test_an_answer_repeats_what_was_asked(graph: k2graph.Graph) -> None:
    answer = call(graph, "ask", question="drug-interactions", parameters={"drug": "https://w3id.org/k2graph/entity/warfarin"})
    assert answer["asked"] == {"question": "drug-interactions", "parameters": {"drug": "entity:warfarin"}}
    assert "nothing" not in answer
    answer = call(graph, "ask", question="contested-claims", parameters={"subject": "natto"})
    assert answer["rows"] == []
    assert answer["nothing"] == "nothing in this graph answers contested-claims with subject = entity:natto"


def test_what_search_finds_explain_knows(graph: k2graph.Graph) -> None:
    found = [
        hit["id"] for words in ("Vitamin K2 increases", "MK-7", "warfarin") for hit in call(graph, "search", words=words, most=50)["hits"]
    ]
    assert any(len(name) > 66 for name in found)
    for name in found:
        assert graph.find_any(name)
    assert "Vitamin K increases the activity" in call(
        graph, "explain", thing="claim:reach-vitamin-k-affects-activity-of-gla-rich-protein-increases"
    )


def test_explain_tells_both_sides_with_sources(graph: k2graph.Graph) -> None:
    text = call(graph, "explain", thing="MK-7 lowers arterial stiffness")
    assert "contested in human trials" in text
    assert "For" in text
    assert "Leaves it open" in text
    assert "https://" in text


def test_path_names_the_studies_of_each_step_and_where_they_were_read(graph: k2graph.Graph) -> None:
    found = call(graph, "path", start="MGP", end="vascular calcification", most=1)
    assert found["more"]
    (step,) = found["chains"][0]["steps"]
    assert step["standing"] == "established; single in animals (1)"
    found = [row for row in rows("findings") if (row["subject"], row["object"]) == ("mgp", "vascular-calcification")]
    labels = {row["study"]: row["label"] for row in rows("studies")}
    numbers = {row["report"]: row["pmid"] for row in rows("reports")}
    told = {(each["study"], each["address"]) for each in step["studies"]}
    expected = {(labels[row["study"]], f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/") for row in found if (pmid := numbers[row["report"]])}
    assert told & expected


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": "drug-interaction"}, "did you mean"),
        ("ask", {"question": "drug-interactions", "parameters": {"drug": "warfarine"}}, "no entity is called"),
        ("ask", {"question": "drug-interactions", "most": MOST_ROWS + 1}, "between 1 and 500"),
        ("explain", {"thing": "nothing of the kind"}, "nothing is called"),
        ("path", {"start": "MGP", "end": "Narnia"}, "no entity is called"),
        ("search", {"words": " "}, "needs a word"),
        # A parameter of the question beside it, which is the commonest slip: never dropped, since the answer would be to another question.
        (
            "ask",
            {"question": "drug-interactions", "drug": "warfarin", "parameters": {"severity": "major"}},
            '{"question": "drug-interactions", "parameters": {"severity": "major", "drug": "warfarin"}}',
        ),
        (
            "ask",
            {"question": "drug-interactions", "extra": 3},
            "it has no 'extra'; the question 'drug-interactions' has the parameters: drug",
        ),
        ("ask", {"question": "drug-interaction", "drug": "warfarin"}, "did you mean 'drug-interactions'"),
        ("ask", {"parameters": {"drug": "warfarin"}}, "without any, ask lists the questions"),
        ("ask", {"drug": "warfarin"}, "ask takes question, parameters, most; it has no 'drug'"),
        ("search", {"words": "MGP", "limit": 3}, "search takes words, most; it has no 'limit'"),
        ("explain", {"thing": "MGP", "format": "md"}, "explain takes thing; it has no 'format'"),
        ("path", {"start": "MGP", "end": "MK-7", "from": "x"}, "path takes start, end, most; it has no 'from'"),
        (
            "ask",
            {"question": "evidence-for-claim"},
            "'evidence-for-claim' asks for claim (the claim, by its label or slug); this graph has",
        ),
        ("ask", {"question": "paths", "parameters": {"from": "MK-7"}}, "'paths' asks for to (where it ends); this graph has"),
    ],
)
def test_wrong_use_is_told(graph: k2graph.Graph, tool: str, arguments: dict[str, Any], told: str) -> None:
    said = refused(graph, tool, **arguments)
    assert told in said
    assert "k2graph ask" not in said


def test_the_command_speaks_on_standard_input_and_output() -> None:
    async def work(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "contested-claims", "most": 1})

    command = StdioServerParameters(command=sys.executable, args=["-m", "k2graph", "mcp"])
    result = using(command, work)
    assert "contested in human trials" in json.dumps(result.structured_content)
