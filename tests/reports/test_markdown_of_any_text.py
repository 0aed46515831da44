"""Labels and addresses that nobody thought of, as Markdown: text stays the text that it was, and an address is a link and whole."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pyoxigraph import Literal
from test_markdown import SNIPPETS, lead_where_they_say, read

from k2graph.reports.documents import Heading, Paragraph, Points, Table, markdown
from k2graph.reports.outline import Block
from k2graph.sparql.answers import Answer

pytestmark = pytest.mark.slow

LABELS = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)), max_size=6).map(
    "".join
)
ADDRESSES = st.text("abcXYZ0189/?&=#_~*[]()!$'+,;:@%.-|`\\éß", max_size=30).map(lambda text: f"https://example.org/{text}z")


def _as_text(text: str) -> str:
    """Text on one line, less the characters that steer: control characters, and those that turn the direction of text."""
    steering = {*map(chr, range(0x2028, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    shown = "".join(" " if unicodedata.category(each) == "Cc" or each in steering else each for each in text)
    return " ".join(shown.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd").split())


@given(LABELS, LABELS)
@settings(max_examples=400, deadline=None)
def test_a_label_is_shown_as_it_is_wherever_it_stands(label: str, other: str) -> None:
    shown, before = _as_text(label), _as_text(f"{label} {other}")
    answer = Answer(("a_b", "_c_"), ((Literal(label), Literal(f"{label} {other}")),))
    nothing = Answer(("a",), (), question="q", given={"b": label})
    deep = Block(label, [label], [Block(label, [], [Block(label, [], [Block(label, [label])])])])
    elements = [Heading(2, label), Paragraph(label), Points([label, "z"]), Table(["x", label], [[label, "y"]])]
    for text, expected in (
        (answer.to_markdown(), ["a_b", "_c_", shown, before]),
        (nothing.to_markdown(), ["a", _as_text(nothing.nothing)]),
        (deep.to_markdown(), [shown] * 6),
        (markdown(elements), [shown, shown, shown, "z", "x", shown, shown, "y"]),
    ):  # fmt: skip
        blocks, links = read(text)
        # A reader makes no block of a heading, line or paragraph without text, and differs on whether it does.
        assert [each for each in blocks if each] == [each for each in expected if each]
        assert lead_where_they_say(links)


@given(ADDRESSES)
@settings(max_examples=300, deadline=None)
def test_an_address_is_a_link_and_keeps_every_character(address: str) -> None:
    # Whether a bracket belongs to the address or to the sentence is told by its fellow alone.
    address = address if address.count("(") == address.count(")") else address.replace("(", "").replace(")", "")
    sentence = f"p <0.001 in *this_study*, see {address}."
    for text, count in (
        (Answer(("source",), ((Literal(address),),)).to_markdown(), 1),
        (Block("A heading", [sentence, address, f"in brackets ({address})"]).to_markdown(), 3),
        (markdown([Paragraph(sentence), Points([address]), Table(["a", "b"], [[address, sentence]])]), 4),
    ):
        blocks, links = read(text)
        assert links == [(MarkdownIt().normalizeLink(address), address)] * count
        assert [each for each in blocks if "example.org" in each and each not in {address, sentence, f"in brackets ({address})"}] == []
