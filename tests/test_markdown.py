"""What `explain` writes as Markdown, read by a Markdown reader: addresses are whole, all else is the text that it was."""

import pytest
from conftest import rows
from markdown_it import MarkdownIt

import k2graph
from k2graph.reports.outline import Block


def _links_and_text(markdown: str) -> tuple[list[str], str]:
    found = [child for token in MarkdownIt().parse(markdown) if token.type == "inline" for child in token.children or []]
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    return links, "".join(token.content for token in found if token.type == "text")


@pytest.mark.parametrize(
    "address", ["https://example.org/Effect_of_food_on_*it*", "http://example.org/a[1]?b=c_d&e=f", "https://example.org/x~y(2010)_z-"]
)
def test_an_address_keeps_every_character(address: str) -> None:
    links, text = _links_and_text(Block("A heading", [f"p <0.001 in *this_study*, see {address}."]).to_markdown())
    assert [link.replace("%5B", "[").replace("%5D", "]") for link in links] == [address]
    assert text.replace("%5B", "[").replace("%5D", "]") == f"A headingp <0.001 in *this_study*, see {address}."


def test_every_source_of_a_study_is_a_link_to_it(graph: k2graph.Graph) -> None:
    with_lines = [row for row in rows("studies") if "_" in row["source_url"]][:20]
    assert len(with_lines) == 20
    for row in with_lines:
        markdown = graph.explain(row["study"]).to_markdown()
        for address in row["source_url"].split("|"):
            assert f"<{address}>" in markdown
