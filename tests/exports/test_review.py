"""Evidence tables: the same words in Markdown, HTML and Word, everything that bears on a claim in them, and nothing obeyed."""

import io
import json
import unicodedata
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import docx
import pypandoc
import pytest
from exported import Export
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Rows, Run, ours

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.exports.review import COLUMNS, review
from k2graph.reports.documents import Heading, Paragraph, Points, Table, markdown, page, word

pytestmark = pytest.mark.slow

Tables = list[list[list[str]]]


def _text(node: Any) -> str:
    """What pandoc read as text. Emphasis, code, raw HTML, mathematics: anything that would mean that a text was obeyed, fails."""
    if isinstance(node, list):
        return "".join(map(_text, node))
    kind, content = node["t"], node.get("c")
    if kind in {"Plain", "Para"}:
        return _text(content)
    if kind == "Link":  # GitHub's Markdown makes links of bare addresses; their text stays
        return _text(content[1])
    if kind in {"Space", "SoftBreak"}:
        return " "
    assert kind == "Str", node
    return str(content)


def _pandoc(text: str, form: str) -> tuple[Tables, list[str]]:
    """The tables and the headings that pandoc finds."""
    tree = json.loads(pypandoc.convert_text(text, "json", format=form, verify_format=False))
    tables = []
    for block in tree["blocks"]:
        if block["t"] == "Table":
            _, _, _, head, bodies, _ = block["c"]
            lines = [*head[1], *(line for body in bodies for line in body[3])]
            tables.append([[_text(cell[4]) for cell in line[1]] for line in lines])
    assert {block["t"] for block in tree["blocks"]} <= {"Table", "Header", "Para", "BulletList"}
    return tables, [_text(block["c"][2]) for block in tree["blocks"] if block["t"] == "Header"]


def _docx(source: Any) -> tuple[Tables, list[str]]:
    document: Any = docx.Document(source)
    tables = []
    for table in document.tables:
        width, cells = len(table.columns), [cell.text for cell in table._cells]
        tables.append([cells[start : start + width] for start in range(0, len(cells), width)])
    headings = [each.text for each in document.paragraphs if each.style.name.startswith(("Heading", "Title"))]
    return tables, headings


@pytest.fixture(scope="module")
def folder(exported_some: Export, some_rows: Rows) -> Path:
    made, left_out = exported_some("review")
    for one, many in (("report", "reports"), ("study", "studies")):
        bearing = {row[one] for row in some_rows("findings")}
        assert left_out[f"{many} none of whose findings bears on a claim"] == len({row[one] for row in some_rows(many)} - bearing)
    assert len(left_out) == 2
    return made


@pytest.fixture(scope="module")
def read(folder: Path) -> tuple[Tables, list[str]]:
    return _docx(str(folder / "review.docx"))


def test_word_html_and_markdown_say_the_same(folder: Path, read: tuple[Tables, list[str]]) -> None:
    assert _pandoc((folder / "review.html").read_text(encoding="utf-8"), "html") == read
    assert _pandoc((folder / "review.md").read_text(encoding="utf-8"), "gfm") == read


def test_every_claim_and_every_finding_on_it_is_there(read: tuple[Tables, list[str]], some: k2graph.Graph) -> None:
    tables, headings = read
    assert {row["label"] for row in some.rows("SELECT ?label { ?c a k2g:Claim ; rdfs:label ?label }")} <= set(headings)
    about_claims = [table for table in tables if tuple(table[0]) == COLUMNS]
    (bearings,) = some.rows("SELECT (COUNT(*) AS ?n) { ?b a k2g:Bearing }")
    assert sum(len(table) - 1 for table in about_claims) == bearings["n"]


def test_one_claim_by_hand(folder: Path) -> None:
    tables, _ = _pandoc((folder / "review.md").read_text(encoding="utf-8"), "gfm")
    found = [row for table in tables for row in table if row[0].startswith("Aoun 2017") and row[6].startswith("dp-ucMGP")]
    assert found[0] == [
        "Aoun 2017 [doi-10.1186-s12882-017-0609-3]",
        "Aoun, 2017",
        "non-randomised trial; people, followed; read: secondary source",
        "haemodialysis patients; haemodialysis; status: deficient; n: 50; haemodialysis patients",
        "MK-7; 360 ug a day; 4 weeks; arm: Aoun, 2017: MK-7, 360 ug a day",
        "own baseline; arms differ in the exposure alone: yes",
        "dp-ucMGP; biomarker",
        "dp-ucMGP fell by 86% on average in 4 weeks of 360 ug/d, least in people with diabetes (p 0.01); baseline median 3179 (quartiles"
        " 1825 and 4340) pmol/L; change within the arm -86 %; the first aim of the paper, not called primary; no spread in the abstract",
        "supports",
        "yes",
    ]


def test_retracted_work_is_named_so_on_every_line_and_never_counted(read: tuple[Tables, list[str]], some_rows: Rows) -> None:
    retracted = {
        f"[{ours('report', row['report']).removeprefix('report:')}]" for row in some_rows("reports") if row["retraction"] == "retracted"
    }
    lines = [row for table in read[0] if tuple(table[0]) == COLUMNS for row in table[1:] if row[0].split()[-1] in retracted]
    assert len(lines) > 10
    assert all(row[0].startswith("RETRACTED: ") and row[-1].startswith("no: ") and "the study was retracted" in row[-1] for row in lines)
    others = [row for table in read[0] if tuple(table[0]) == COLUMNS for row in table[1:] if row[0].split()[-1] not in retracted]
    assert not [row for row in others if row[0].startswith("RETRACTED")]


def test_what_was_not_counted_stands_under_its_reason(read: tuple[Tables, list[str]]) -> None:
    tables, headings = read
    lines = [row for table in tables if tuple(table[0]) == COLUMNS for row in table[1:]]
    reasons = {
        "a synthesis beside its possible members",
        "a synthesis of more studies speaks for it",
        "it is of concern",
        "cannot be attributed to the exposure",
        "the same investigation speaks through a weightier result",
        "the study was retracted",
    }
    assert reasons <= set(headings)
    listed = [table for table in tables if tuple(table[0]) == ("Claim", "Report", "Stance")]
    assert len(listed) == len(reasons)
    for reason in reasons:
        (table,) = [table for table in listed if len(table) - 1 == sum(reason in row[-1] for row in lines)]
        assert {row[1] for row in table[1:]} == {row[0] for row in lines if reason in row[-1]}
    assert all(row[-1] == "yes" or any(reason in row[-1] for reason in reasons) for row in lines)


def test_every_standing_stands_beside_its_claim(folder: Path, some: k2graph.Graph) -> None:
    text = (folder / "review.html").read_text(encoding="utf-8")
    for row in some.rows("SELECT ?c ?s { ?c k2g:standing ?n . ?n rdfs:label ?s . ?c a k2g:Claim }"):
        claim, _, rest = text.partition(f"<li>Claim: {row['c']}, ")[2].partition("<li>Standing: ")
        assert "<h3>" not in claim
        assert rest.startswith(row["s"])


def test_one_standing_by_hand_with_its_votes_and_certainty(folder: Path) -> None:
    """Votes and certainties as worked out in tests/evidence/test_standings.py."""
    text = (folder / "review.html").read_text(encoding="utf-8")
    for claim, standing, votes, certainty in (
        ("mk-7-risk-all-cause-mortality", "not shown in human trials (1)", "0 show it, 1 leave it open", "very low"),
        (
            "vitamin-k1-level-hip-bone-mineral-density", "no important effect in human trials (1)",
            "0 show it, 0 leave it open, 1 leave out an important effect", "low",
        ),
        ("vitamin-k1-level-inr-in-vka-users", "consistent in human trials (3)", "3 show it", "low"),
    ):  # fmt: skip
        said = text.partition(f"<li>Claim: claim:{claim}, ")[2].partition("</ul>")[0]
        assert f"<li>Standing: {standing}; {votes}" in said
        means = "How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel."
        assert f"<li>Certainty: {certainty}. {means}</li>" in said
        assert said.count("<li>Certainty, ") == 5
    deaths = text.partition("<li>Claim: claim:mk-7-risk-all-cause-mortality, ")[2].partition("</ul>")[0]
    assert "<li>Certainty, indirectness: 1 down, all of it in one group: hospital patients</li>" in deaths
    # Background is neither counted nor graded.
    background = text.partition("<li>Claim: claim:warfarin-risk-bleeding, ")[2].partition("</ul>")[0]
    assert "<li>Standing: established, not reviewed here</li>" in background
    assert "Certainty" not in background
    assert "null in " not in text


def test_the_page_has_no_scripts_and_fetches_nothing(folder: Path) -> None:
    text = (folder / "review.html").read_text(encoding="utf-8")
    assert not [word for word in ("<script", "<link", "<img", "<iframe", "src=", "url(", "@import") if word in text.lower()]


# Hostile texts

SNIPPETS = [
    "\t", "\n", "\r\n", '"', "|", "||", "\\", "\\|", "{", "}", "*a*", "_a_ _b_", "`x`", "``", "[a](b)", "![a](b)", "<b>",
    "<script>alert(1)</script>", "<!--", "-->", "&amp;", "&#65;", "# a", "- a", "+ a", "1. a", "1) a", "---", "===", "> a", "$x$",
    "$$", "~~a~~", "~a~", "^a^", ":smile:", "http://a.b/c_d_e", "https://a.b/?c=d&amp;e", "www.a.b", "=HYPERLINK(", "@someone", "a@b.cd",
    "\x00", "\x1b[31m", "\u202e", "\ufffe", "é", "維生素", "🥦", "x" * 2000, "[^1]", "[ ] a", "\\(x\\)", "://", "(http://a.b/(c))",
]  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)), max_size=5).map(
    "".join
)


def _one_line(text: str) -> str:
    """What is said to be carried: without control characters and line ends."""
    steering = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    lines = "".join(" " if unicodedata.category(each) == "Cc" or each in steering else each for each in text)
    return " ".join(lines.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd").split())


# Many texts at once: pandoc is started twice for each example.
@given(st.lists(HOSTILE, min_size=16, max_size=16))
@settings(max_examples=15, deadline=None)
def test_hostile_texts_are_text_in_all_three(texts: list[str]) -> None:
    wanted = [["a", "b"], *(["x", text] for text in texts[:4]), *([text, "y"] for text in texts[4:8])]
    paragraphs = [Paragraph(f"is {text}") for text in texts[8:12]]
    points = [Points([f"is {text}", "z"]) for text in texts[12:]]
    elements = [Heading(1, "t"), *paragraphs, *points, Table(wanted[0], wanted[1:])]
    expected = ([[[_one_line(cell) for cell in row] for row in wanted]], ["t"])
    assert _docx(io.BytesIO(word(elements, 2000))) == expected
    assert _pandoc(page(elements), "html") == expected
    # Of one letter that can be written in two ways, pandoc's Markdown reader takes the one.
    said, headings = _pandoc(markdown(elements), "gfm")
    assert ([[list(map(_composed, row)) for row in table] for table in said], headings) == (
        [[list(map(_composed, row)) for row in table] for table in expected[0]],
        expected[1],
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@given(HOSTILE, st.lists(HOSTILE, min_size=4, max_size=4), HOSTILE)
@settings(max_examples=10, deadline=None)
def test_hostile_evidence_is_carried(some: k2graph.Graph, title: str, reported: list[str], label: str) -> None:
    part = _part(some)
    name = "claim:mk-7-level-dp-ucmgp"
    part = replace(
        part,
        claims={name: replace(part.claims[name], label=label)},
        reports={key: replace(report, title=title) for key, report in part.reports.items()},
        studies={key: replace(study, population=label) for key, study in part.studies.items()},
        findings={
            key: replace(finding, reported=text, note="", value_reported="", ci_low_reported="", p_value_reported="")
            for (key, finding), text in zip(part.findings.items(), cycle(reported), strict=False)
        },
    )
    tables, headings = _docx(io.BytesIO(word(list(review(part)), 2000)))
    (table,) = [table for table in tables if tuple(table[0]) == COLUMNS]
    assert {row[7] for row in table[1:]} == {*map(_one_line, reported)}
    assert all(row[3].startswith(_one_line(label)) for row in table[1:])
    assert _one_line(label) in headings


_PARTS: list[Evidence] = []


def _part(graph: k2graph.Graph) -> Evidence:
    if not _PARTS:
        _PARTS.append(graph.evidence().only({"claim:mk-7-level-dp-ucmgp"}))
    return _PARTS[0]


def test_a_missing_package_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    outcome = run("export", "review", "--output", tmp_path / "x")
    assert (outcome.code, outcome.err) == (2, "k2graph: review needs python-docx: pip install 'k2graph[review]'\n")
    assert list(tmp_path.iterdir()) == []
