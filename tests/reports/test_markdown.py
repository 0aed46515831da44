"""What is written as Markdown, read by a Markdown reader: sources' addresses are links and whole, all else is the text that it was."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from project import Run, ours, rows
from pyoxigraph import Literal, Quad, RdfFormat, Store, serialize

import k2graph
from k2graph import iris
from k2graph.mcp import Tools
from k2graph.reports.documents import Heading, Points, markdown
from k2graph.reports.outline import Block
from k2graph.sparql.answers import Answer

EVIL = "MK-7 [click](https://evil.example)"
SNIPPETS = [
    EVIL, "[click]: https://evil.example", "<https://evil.example>", "![x](https://evil.example/x.png)", "[click](<https://evil.example>)",
    "https://evil.example\\", "`https://a.b`", "*a*", "**a**", "_a_", "__a__", "a_b_c", "~~a~~", "`", "``", "\\", "\\\\", "|", "\\|", "<b>",
    "<!--", "&amp;", "&#65;", "&copy", "# a", "#", "- a", "+ a", "1. a", "1) a", "---", "===", "> a", "    a", "\t", "\n\n", "\r\n",
    "\x1b[31m", "\u202e", "\u2028", "\xa0", "[^1]", "[ ] a", "!", "(", ")", "é", "維生素", "🥦", "http\\://a", "mailto:a@b.cd", "www.a.b",
    "~~~", "| - |",
]  # fmt: skip


#: The names of places in a review, and its pictures: all in it that is neither text nor link.
PLACE, PICTURE = re.compile(r'<a id="[a-z0-9-]+">|</a>'), re.compile(r"plots/C\d+-\d+\.svg")


def read(text: str, *, with_places: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    """The texts that a reader shows, one a block or cell, and its links: where they lead, and what they show. Nothing else is there.

    `with_places`: but for the names of places, and pictures.
    """
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks, links = [], []
    for token in reader.parse(text):
        assert token.type not in {"html_block", "fence", "code_block", "hr", "blockquote_open", "ordered_list_open"}, token
        if token.type != "inline":
            continue
        shown, at = "", 0
        for child in token.children or []:
            if with_places and PLACE.fullmatch(child.content):
                continue
            if with_places and child.type == "image":
                assert PICTURE.fullmatch(str(child.attrs["src"]))
                continue
            assert child.type in {"text", "text_special", "link_open", "link_close", "strong_open", "strong_close"}, child
            if child.type == "link_open":
                at = len(shown)
                links.append((str(child.attrs["href"]), ""))
            shown += child.content
            if child.type == "link_close":
                links[-1] = (links[-1][0], shown[at:])
        blocks.append(shown)
    return blocks, links


def lead_where_they_say(links: list[tuple[str, str]]) -> bool:
    return all(address == MarkdownIt().normalizeLink(shown) for address, shown in links)


# In any text


@pytest.mark.parametrize("label", [EVIL, *(each for each in SNIPPETS if "evil" in each and " http" not in f" {each}")])
def test_no_part_of_a_label_becomes_a_link(label: str) -> None:
    answer = Answer(("label",), ((Literal(label),),))
    for text in (answer.to_markdown(), Block(label, [label]).to_markdown(), markdown([Heading(1, label), Points([label])])):
        assert read(text)[1] == []


# In every command that writes Markdown


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, some_of_all: Path) -> Path:
    """A part of the real graph with a hostile text at the end of each label, title and report. Synthetic, as the words show."""
    changed, schemes = Store(), set()
    store = Store()
    store.bulk_load(path=str(some_of_all), format=RdfFormat.TURTLE)
    texts = {iris.name(each) for each in ("rdfs:label", "dcterms:title", "k2g:reported", "skos:note", "k2g:management", "k2g:unit")}
    schemes = {quad.subject for quad in store.quads_for_pattern(None, iris.name("skos:inScheme"), None)}
    for number, quad in enumerate(sorted(store, key=str)):
        term = quad.object
        if quad.predicate in texts and quad.subject not in schemes and iris.PREFIXES["k2g"] not in str(quad.subject):
            term = Literal(f"{term.value} {SNIPPETS[number % len(SNIPPETS)]} {EVIL}")
        changed.add(Quad(quad.subject, quad.predicate, term))
    path = tmp_path_factory.mktemp("hostile") / "hostile.nt"
    path.write_bytes(serialize(sorted(changed, key=str), format=RdfFormat.N_TRIPLES) or b"")
    return path


#: Stands for the path of the same without hostile texts.
PART = "the part"
COMMANDS = [
    ("ask", "drug-interactions"),
    ("ask", "evidence-for-claim", "--claim", "claim:mk-7-level-dp-ucmgp"),
    ("ask", "identifiers"),
    ("explain", "claim:mk-7-level-dp-ucmgp"),
    ("explain", "entity:mk-7"),
    ("explain", "report:pmid-17287908"),
    ("explain", "study:knapen-2007"),
    ("explain", "interaction:mk-4-warfarin"),
    ("explain", "mechanism:osteocalcin-bone-strength"),
    ("path", "entity:mk-7", "entity:arterial-stiffness"),
    ("diff", PART),
    ("query", "SELECT ?label { ?thing a k2g:Study ; rdfs:label ?label }"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:40])
@pytest.mark.slow
def test_a_hostile_graph_writes_no_link_but_its_addresses(run: Run, hostile: Path, some_of_all: Path, command: tuple[str, ...]) -> None:
    graph = (str(hostile),) if command[0] == "diff" else ("--data", str(hostile))
    outcome = run(*(some_of_all if word == PART else word for word in command), *graph, "--format", "md")
    assert (outcome.code in {0, 1}, outcome.err) == (True, "")
    blocks, links = read(outcome.out)
    assert any(EVIL in block for block in blocks)
    assert lead_where_they_say(links)
    assert {address for address, _ in links if "evil" in address} <= {"https://evil.example", "https://evil.example%5C"}


@pytest.mark.slow
def test_a_hostile_graph_writes_no_link_in_review_tables_and_for_assistants(run: Run, hostile: Path, tmp_path: Path) -> None:
    outcome = run("export", "review", "--data", hostile, "--about", "claim:mk-7-level-dp-ucmgp", "--output", tmp_path / "review")
    assert (outcome.code, outcome.out) == (0, ""), outcome.err
    review = (tmp_path / "review" / "review.md").read_text(encoding="utf-8")
    blocks, links = read(review, with_places=True)
    assert any(EVIL in block for block in blocks)
    # Within the document, to the record of a report, or to the address that is shown.
    records = re.compile(r"#[a-z0-9-]+|https://(doi\.org/10\.|pubmed\.ncbi\.nlm\.nih\.gov/\d|pmc\.ncbi\.nlm\.nih\.gov/articles/PMC)[^ ]+")
    assert lead_where_they_say([(address, text) for address, text in links if not records.fullmatch(address)])
    assert len(links) > 20
    assert {address for address, _ in links if "evil" in address} <= {"https://evil.example", "https://evil.example%5C"}
    blocks, links = read(Tools(k2graph.open(hostile)).explain("claim:mk-7-level-dp-ucmgp"))
    assert any(EVIL in block for block in blocks)
    assert lead_where_they_say(links)


@pytest.mark.slow
@pytest.mark.parametrize(("table", "kind"), [("studies", "study"), ("reports", "report")])
def test_every_source_of_a_study_and_a_report_is_a_link_to_it(graph: k2graph.Graph, table: str, kind: str) -> None:
    with_lines = [row for row in rows(table) if "_" in row["source_url"]][:20]
    assert len(with_lines) == 20
    for row in with_lines:
        _, links = read(graph.explain(ours(kind, row[kind])).to_markdown())
        assert {*row["source_url"].split("|")} <= {shown for _, shown in links}


def test_every_source_in_an_answer_is_a_link_to_it(graph: k2graph.Graph) -> None:
    answer = graph.ask("drug-interactions")
    _, links = read(answer.to_markdown())
    sources = {row["source"] for row in answer if (row["source"] or "").startswith("http")}
    assert len(sources) > 20
    assert sources <= {shown for _, shown in links}
