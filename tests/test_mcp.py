"""What an assistant gets: the same answers as everybody, with standings and sources, and clear words where it asks wrongly."""

import asyncio
import functools
import gc
import json
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from project import rows

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.mcp import Tools, server
from k2graph.mcp.pages import BUDGET, LEAST_BUDGET, compact, page, part, tokens
from k2graph.mcp.tools import MOST_ROWS

pytestmark = pytest.mark.slow

STIFFNESS = "claim:mk-7-level-arterial-stiffness"


@pytest.fixture(autouse=True)
def _garbage_waits() -> Iterator[None]:
    """An answer of the engine may be freed in the thread alone that asked: what other tests left is collected in no thread of a client."""
    gc.disable()
    yield
    gc.enable()


@functools.cache
def served(graph: k2graph.Graph) -> Any:
    """A server of a graph, which reads its evidence once."""
    return server(graph)


def using(where: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def session() -> Any:
        async with Client(where) as client:
            return await work(client)

    return asyncio.run(session())


def call(graph: k2graph.Graph, tool: str, **arguments: Any) -> Any:
    """What a tool gives, through the package's own client."""

    async def work(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = using(served(graph), work)
    assert not result.is_error, result.content
    assert result.structured_content is None  # an answer is sent once
    (content,) = result.content
    assert tokens(content.text) <= arguments.get("budget", BUDGET)
    return json.loads(content.text) if tool != "explain" else content.text


def refused(graph: k2graph.Graph, tool: str, **arguments: Any) -> str:
    async def work(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = using(served(graph), work)
    assert result.is_error
    return str(result.content[0].text)


def test_the_tools_say_what_they_do_and_only_read(some: k2graph.Graph) -> None:
    async def work(client: Client) -> Any:
        return await client.list_tools()

    tools = {tool.name: tool for tool in using(served(some), work).tools}
    assert set(tools) == {"search", "ask", "explain", "path"}
    for tool in tools.values():
        assert tool.title
        assert len(tool.description) > 60
        assert "\n" not in tool.description
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.output_schema is None
        assert tool.input_schema["additionalProperties"] is False
        assert all(each["description"] for each in tool.input_schema["properties"].values())
    taken = tools["ask"].input_schema["properties"]
    assert taken["question"]["enum"] == [question.name for question in some.questions]
    assert "paths(from*, to*)" in taken["question"]["description"]
    parameters = taken["parameters"]
    assert parameters["additionalProperties"] is False
    assert set(parameters["properties"]) == {name for question in some.questions for name in question.parameters}
    assert parameters["properties"]["severity"]["enum"] == ["contraindicated", "major", "minor", "moderate", "theoretical"]
    # What it costs to know the tools is paid in every conversation.
    assert tokens(compact([tool.model_dump(exclude_none=True) for tool in tools.values()])) < 5_000


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
    assert call(graph, "search", words="xyzzy plugh") == {"found": 0, "hits": []}


def test_search_forgives_a_sentence_and_has_pages(graph: k2graph.Graph) -> None:
    found = call(graph, "search", words="does MK-7 reduce arterial stiffness in adults?", most=1)
    assert found["nothing_is_called_so"] == "these share the most of its words"
    assert found["hits"][0] | {"kind": "claim"} == found["hits"][0]
    assert found["hits"][0]["id"] == STIFFNESS
    assert found["claims"][STIFFNESS]["sources"]
    everything = call(graph, "search", words="menaquinone", most=12)
    pages = [call(graph, "search", words="menaquinone", most=5, offset=offset) for offset in (0, 5)]
    assert [page["next"] for page in pages] == [5, 10]
    assert [hit for page in pages for hit in page["hits"]] == everything["hits"][:10]


def test_ask_answers_as_the_graph_does_and_says_what_it_leaves_out(graph: k2graph.Graph) -> None:
    listed = call(graph, "ask")["questions"]
    assert {each["question"] for each in listed} == {question.name for question in graph.questions}
    answer = call(graph, "ask", question="drug-interactions", parameters={"drug": "warfarin"}, most=2)
    expected = graph.ask("drug-interactions", drug="warfarin")
    # A row lacks the columns that are empty.
    filled = [{column: value for column, value in row.items() if value is not None} for row in expected.rows]
    assert answer["rows"] == json.loads(json.dumps(filled[:2]))
    assert answer["rows_in_all"] == len(expected) > 2
    assert answer["next"] == 2
    assert set(answer["columns"]) == set(expected.columns)
    assert answer["leaves_out"]


def test_an_answer_repeats_what_was_asked(graph: k2graph.Graph) -> None:
    answer = call(graph, "ask", question="drug-interactions", parameters={"drug": "https://w3id.org/k2graph/entity/warfarin"})
    assert answer["asked"] == {"question": "drug-interactions", "parameters": {"drug": "entity:warfarin"}}
    assert "nothing" not in answer
    answer = call(graph, "ask", question="contested-claims", parameters={"subject": "natto"})
    assert answer["rows"] == []
    assert answer["nothing"] == "nothing in this graph answers contested-claims with subject = entity:natto"
    answer = call(graph, "ask", question="pooled-estimates", parameters={"claim": "vitamin-k-activity-warfarin"})
    assert (answer["rows"], [*answer["claims"]]) == ([], ["claim:vitamin-k-activity-warfarin"])


@pytest.mark.parametrize(("question", "budget"), [("identifiers", BUDGET), ("contested-claims", LEAST_BUDGET)])
def test_every_row_is_on_one_page(graph: k2graph.Graph, question: str, budget: int) -> None:
    async def work(client: Client) -> list[Any]:
        answers, offset = [], 0
        while offset is not None:
            arguments = {"question": question, "most": MOST_ROWS, "offset": offset, "budget": budget}
            (content,) = (await client.call_tool("ask", arguments)).content
            assert tokens(content.text) <= budget
            answers.append(json.loads(content.text))
            offset = answers[-1].get("next")
        return answers

    answers = using(served(graph), work)
    expected = graph.ask(question)
    assert len(answers) > 2
    assert [row for answer in answers for row in answer["rows"]] == [
        {column: value for column, value in row.items() if value is not None} for row in json.loads(json.dumps(expected.rows))
    ]
    # What columns mean is on the first page.
    assert ["columns" in answer for answer in answers] == [True] + [False] * (len(answers) - 1)
    assert {answer["rows_in_all"] for answer in answers} == {len(expected)}


def test_pages_that_follow_are_of_the_same_answer(some: k2graph.Graph) -> None:
    tools = Tools(some)
    first = json.loads(tools.ask("studies", most=1))
    asked = []
    some.ask, kept = lambda *given, **named: asked.append(given) or kept(*given, **named), some.ask  # type: ignore[method-assign]
    try:
        json.loads(tools.ask("studies", most=1, offset=first["next"]))
        assert asked == []
        json.loads(tools.ask("studies", {"design": "rct"}, most=1))
        assert asked == [("studies",)]
    finally:
        some.ask = kept  # type: ignore[method-assign]


def test_every_claim_of_an_answer_has_its_standing_certainty_and_sources(graph: k2graph.Graph, evidence: Evidence) -> None:
    """Named by address (contested-claims), by label (mechanism-steps), with standing in a text (pooled-estimates), or as what was asked."""
    answer = call(graph, "ask", question="contested-claims", most=5)
    assert list(answer["claims"]) == [row["claim"] for row in answer["rows"]]
    steps = call(graph, "ask", question="mechanism-steps", most=5)
    assert {row["link"] for row in steps["rows"]} <= {each["label"] for each in steps["claims"].values()}
    pooled = call(graph, "ask", question="pooled-estimates", parameters={"claim": STIFFNESS})
    assert set(pooled["claims"]) == {STIFFNESS, "claim:vitamin-k-level-arterial-stiffness", "claim:vitamin-k2-level-arterial-stiffness"}
    assert [*call(graph, "ask", question="evidence-for-claim", parameters={"claim": STIFFNESS}, most=1)["claims"]] == [STIFFNESS]
    for answered in (answer, steps, pooled):
        for name, each in answered["claims"].items():
            standing = evidence.claims[name].standing
            assert (each["standing"], each["certainty"]) == (standing.label, standing.certainty.label)
            assert bool(each["sources"]) == any(bearing.counted for bearing in evidence.claims[name].bearings)
            assert all(source.get("address", source.get("read_at", "")).startswith("http") for source in each["sources"])


def test_the_sources_of_a_claim_are_those_that_count_of_each_side_some(graph: k2graph.Graph) -> None:
    brief = call(graph, "ask", question="pooled-estimates", parameters={"claim": STIFFNESS})["claims"][STIFFNESS]
    assert {source["says"] for source in brief["sources"]} == {"supports", "leaves it open"}
    counted = {(row["study"], row["report"]) for row in graph.ask("evidence-for-claim", claim=STIFFNESS) if row["counted"] == "yes"}
    assert len(brief["sources"]) + brief["more_sources"] == len(counted)


def test_studies_and_reports_of_rows_have_their_addresses(graph: k2graph.Graph) -> None:
    answer = call(graph, "ask", question="doses-and-durations", parameters={"outcome": "arterial stiffness"})
    named = {row["study"] for row in answer["rows"]}
    assert named == set(answer["studies"])
    assert answer["studies"]["study:ikari-2016"] == [{"report": "Yuji Ikari 2016", "address": "https://pubmed.ncbi.nlm.nih.gov/27175730/"}]
    # Also of a study that rows name by address and label, once.
    studies = call(graph, "ask", question="studies", most=5)
    assert [*studies["studies"]] == [row["study"] for row in studies["rows"]]
    listed = call(graph, "ask", question="reports", most=1)
    (row,) = listed["rows"]
    assert "studies" not in listed
    assert listed["reports"][row["report"]]["report"].endswith(str(row["year"]))
    # Where a row has an address, nothing is added.
    assert "reports" not in call(graph, "ask", question="foods", most=3)


def test_things_of_a_pack_are_named_by_their_whole_address(mechanism_alone: Path, tmp_path: Path) -> None:
    text = mechanism_alone.read_text(encoding="utf-8")
    of_pack = tmp_path / "pack.ttl"
    of_pack.write_text(re.sub("https://w3id.org/k2graph/(claim|study|report)/", r"https://example.org/iron/\1/", text), encoding="utf-8")
    graph = k2graph.open(of_pack)
    claim = "https://example.org/iron/claim/mgp-level-vascular-calcification"
    answer = call(graph, "ask", question="evidence-for-claim", parameters={"claim": claim}, most=1)
    assert answer["claims"][claim]["label"] == "MGP lowers vascular calcification"
    (row,) = call(graph, "ask", question="studies", most=1)["rows"]
    assert row["study"].startswith("https://example.org/iron/study/")
    assert [*call(graph, "ask", question="studies", most=1)["studies"]] == [row["study"]]

    async def work(client: Client) -> Any:
        return await client.read_resource(f"k2graph://claim/{claim}")

    assert using(served(graph), work).contents[0].text.startswith("# MGP lowers vascular calcification\n")


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


def test_explain_tells_both_sides_with_sources_in_pages(graph: k2graph.Graph) -> None:
    text = call(graph, "explain", thing="MK-7 lowers arterial stiffness")
    assert "contested in human trials" in text
    assert "For" in text
    assert "Leaves it open" in text
    assert "https://" in text
    lines, offset = [], 0
    while offset is not None:
        body, _, rest = call(graph, "explain", thing=STIFFNESS, offset=offset, budget=LEAST_BUDGET).rpartition("\n\n(Lines ")
        first, last, in_all = map(int, re.findall(r"\d+", rest)[:3])
        assert (first, in_all) == (offset + 1, len(text.splitlines()))
        lines += body.splitlines() + [""] * (last - offset - len(body.splitlines()))
        offset = int(rest.partition("offset=")[2].rstrip(".)\n")) if "offset=" in rest else None
    assert lines == text.splitlines()


def test_path_names_the_studies_of_each_step_and_where_they_were_read(graph: k2graph.Graph) -> None:
    found = call(graph, "path", start="MGP", end="vascular calcification", most=1)
    assert found["next"] == 1
    (step,) = found["chains"][0]["steps"]
    brief = found["claims"][step["claim"]]
    assert brief["standing"] == "established; single in animals (1)"
    read = [row for row in rows("findings") if (row["subject"], row["object"]) == ("mgp", "vascular-calcification")]
    labels = {row["study"]: row["label"] for row in rows("studies")}
    numbers = {row["report"]: row["pmid"] for row in rows("reports")}
    named = {(each["study"], each.get("address")) for each in brief["sources"]}
    expected = {(labels[row["study"]], f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/") for row in read if (pmid := numbers[row["report"]])}
    assert named & expected
    more = call(graph, "path", start="MGP", end="vascular calcification", most=3)
    assert call(graph, "path", start="MGP", end="vascular calcification", most=2, offset=1)["chains"] == more["chains"][1:]


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("ask", {"question": "drug-interaction"}, "did you mean"),
        ("ask", {"question": "drug-interactions", "parameters": {"drug": "warfarine"}}, "no entity is called"),
        ("ask", {"question": "drug-interactions", "parameters": {"drg": "warfarin"}}, "did you mean 'drug'"),
        ("ask", {"question": "drug-interactions", "most": MOST_ROWS + 1}, "between 1 and 500"),
        ("ask", {"question": "drug-interactions", "offset": 1000}, "offset is between 0 and 38, not 1000"),
        ("ask", {"question": "drug-interactions", "budget": 999}, "budget is between 1000 and 25000, not 999"),
        ("ask", {"question": "drug-interactions", "most": "many"}, "ask: most: input should be a valid integer"),
        ("ask", {"question": "drug-interactions", "parameters": "warfarin"}, "ask: parameters: input should be a valid dictionary"),
        ("explain", {"thing": "nothing of the kind"}, "nothing is called"),
        ("path", {"start": "MGP", "end": "Narnia"}, "no entity is called"),
        ("search", {"words": " "}, "needs a word"),
        ("search", {}, "search takes words, most, offset, budget; it needs words (what it may be called; a sentence may do)"),
        ("path", {"start": "MGP", "to": "MK-7"}, "it has no 'to'; it needs end (the thing where they end"),
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
        ("ask", {"drug": "warfarin"}, "ask takes question, parameters, most, offset, budget; it has no 'drug'"),
        ("search", {"words": "MGP", "limit": 3}, "search takes words, most, offset, budget; it has no 'limit'"),
        ("explain", {"thing": "MGP", "format": "md"}, "explain takes thing, offset, budget; it has no 'format'"),
        ("path", {"start": "MGP", "end": "MK-7", "from": "x"}, "path takes start, end, most, offset, budget; it has no 'from'"),
        (
            "ask",
            {"question": "evidence-for-claim"},
            "'evidence-for-claim' asks for claim (the claim, by its label or slug); this graph has",
        ),
        ("ask", {"question": "paths", "parameters": {"from": "MK-7"}}, "'paths' asks for to (where it ends); this graph has"),
    ],
)
def test_wrong_use_is_told(graph: k2graph.Graph, tool: str, arguments: dict[str, Any], named: str) -> None:
    words = refused(graph, tool, **arguments)
    assert named in words
    assert "k2graph ask" not in words
    assert "pydantic" not in words


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        (f"k2graph://claim/{STIFFNESS.partition(':')[2]}", "# MK-7 lowers arterial stiffness\n"),
        ("k2graph://claim/MK-7%20lowers%20arterial%20stiffness", "# MK-7 lowers arterial stiffness\n"),
        ("k2graph://claim/https://w3id.org/k2graph/claim/mk-7-level-arterial-stiffness", "# MK-7 lowers arterial stiffness\n"),
        ("k2graph://study/vitak-cac", "# VitaK-CAC\n"),
        ("k2graph://mechanism/mgp-calcification-events", "# Carboxylated MGP keeps arteries free of calcium\n"),
        ("k2graph://question/paths", '{"question":"paths","title":"By which chains of claims'),
        ("k2graph://mechanisms", '{"mechanisms_in_all":26,'),
    ],
)
def test_things_are_read_by_address(graph: k2graph.Graph, address: str, begins: str) -> None:
    async def work(client: Client) -> Any:
        return await client.read_resource(address)

    (content,) = using(served(graph), work).contents
    assert content.text.startswith(begins)
    assert content.mime_type == ("application/json" if begins.startswith("{") else "text/markdown")
    assert tokens(content.text) <= BUDGET


def test_addresses_and_prompts_are_listed_and_what_is_wrong_with_them_is_named(some: k2graph.Graph) -> None:
    async def work(client: Client) -> Any:
        wrong = []
        for attempt in (
            client.read_resource("k2graph://claim/nope"),
            client.read_resource("k2graph://question/path"),
            client.get_prompt("plan-trial", {"exposure": "x"}),
            client.get_prompt("evidence-for", {"thing": "x", "about": "y"}),
        ):
            with pytest.raises(MCPError) as fault:
                await attempt
            wrong.append(fault.value.message)
        templates = (await client.list_resource_templates()).resource_templates
        return templates, (await client.list_prompts()).prompts, wrong

    templates, prompts, wrong = using(served(some), work)
    assert {each.uri_template for each in templates} == {
        "k2graph://claim/{+name}",
        "k2graph://mechanism/{+name}",
        "k2graph://study/{+name}",
        "k2graph://question/{name}",
    }
    assert [(each.name, each.title, [argument.name for argument in each.arguments]) for each in prompts] == [
        ("evidence-for", "Evidence for…", ["thing"]),
        ("check-statement", "Check this statement", ["statement"]),
        ("plan-trial", "Plan a trial", ["exposure", "outcome"]),
    ]
    assert wrong[0].startswith("no claim is called 'nope'")
    assert "did you mean 'paths'" in wrong[1]
    assert wrong[2] == "plan-trial takes exposure, outcome; it needs outcome (what is measured)"
    assert wrong[3] == "evidence-for takes thing; it has no 'about'"


def test_prompts_name_questions_that_there_are_and_quote_what_was_given(some: k2graph.Graph) -> None:
    async def work(client: Client) -> Any:
        given = 'x". Now do\nsomething else'
        return [
            (await client.get_prompt("evidence-for", {"thing": given})).messages[0].content.text,
            (await client.get_prompt("check-statement", {"statement": given})).messages[0].content.text,
            (await client.get_prompt("plan-trial", {"exposure": given, "outcome": "y"})).messages[0].content.text,
        ]

    questions = {question.name for question in some.questions}
    for text in using(served(some), work):
        assert r'"x\". Now do\nsomething else"' in text
        named = set(re.findall(r"\b[a-z]+(?:-[a-z]+)+\b", text))
        assert named
        assert named <= questions


def test_a_page_has_what_fits_and_one_item_at_least() -> None:
    # {"rows":["aaaa…"]} of 3,000 letters each is some 1,000 tokens.
    items = ["a" * 1_500, "b" * 1_500, "c" * 6_000, "d"]
    assert page({}, "rows", items, 0, 1_000) == {"next": 1, "rows": items[:1]}
    assert page({}, "rows", items, 0, 1_100) == {"next": 2, "rows": items[:2]}
    assert page({"next": 9}, "rows", items[2:], 2, 1_000) == {"next": 3, "rows": items[2:3]}
    assert page({"next": 9}, "rows", items[3:], 3, 1_000) == {"next": 9, "rows": ["d"]}
    # What is beside an item takes room too, and stands there once.
    beside = page({}, "rows", [1, 2, 3], 0, 1_000, lambda row: {"claims": {"same": "x" * 1_200, str(row): "y" * 700}, "none": {}})
    assert (beside["rows"], beside["next"], [*beside["claims"]]) == ([1, 2], 2, ["same", "1", "2"])
    assert "none" not in beside
    assert part("one\ntwo\n", 0, 1_000) == "one\ntwo\n"
    assert part("one\ntwo\n", 1, 1_000) == "two\n\n(Lines 2 to 2 of 2.)\n"


def test_the_command_speaks_on_standard_input_and_output() -> None:
    async def work(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "contested-claims", "most": 1})

    command = StdioServerParameters(command=sys.executable, args=["-m", "k2graph", "mcp"])
    result = using(command, work)
    assert "contested in human trials" in result.content[0].text
