"""A review: the same words in Markdown, HTML and Word, every claim and what bears on it in them, links that lead, and nothing obeyed."""

import html as html_module
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pypandoc
import pytest
from browser import Visit, running, serious
from docx.enum.section import WD_ORIENT
from exported import Export
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Rows, Run, ours

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.exports import Part, choose, export, find_format
from k2graph.exports.review import review
from k2graph.exports.review_texts import COLUMNS
from k2graph.reports.documents import Figure, Heading, Link, Paragraph, Points, Table, markdown, page, word
from k2graph.reports.elements import widths

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

Tables = list[list[list[str]]]

#: The places that a Markdown file gives names to, which is all the HTML that it holds.
_PLACE = re.compile(r'<a id="[a-z0-9-]+">|</a>')
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MILLIMETRE = 36000


def _text(node: Any) -> str:
    """What pandoc read as text. Emphasis, code, raw HTML, mathematics: anything that would mean that a text was obeyed, fails.

    Links, and what stands out, are ours: their texts stay.
    """
    if isinstance(node, list):
        return "".join(map(_text, node))
    kind, content = node["t"], node.get("c")
    if kind in {"Plain", "Para", "Strong"}:
        return _text(content)
    if kind in {"Link", "Span"}:
        return _text(content[1])
    if kind in {"RawInline", "RawBlock"}:
        assert _PLACE.fullmatch(content[1]), content
        return ""
    if kind in {"Space", "SoftBreak"}:
        return " "
    assert kind == "Str", node
    return str(content)


def _blocks(blocks: list[Any]) -> Iterator[Any]:
    for block in blocks:
        if block["t"] == "Div":
            yield from _blocks(block["c"][1])
        elif block["t"] not in {"RawBlock", "Figure"} and not _is_picture(block):
            yield block


def _is_picture(block: Any) -> bool:
    return block["t"] in {"Para", "Plain"} and [each["t"] for each in block["c"]] == ["Image"]


def _pandoc(text: str, form: str) -> tuple[Tables, list[str]]:
    """The tables and the headings that pandoc finds."""
    tree = json.loads(pypandoc.convert_text(text, "json", format=form, verify_format=False))
    tables, headings = [], []
    for block in _blocks(tree["blocks"]):
        if block["t"] == "Table":
            _, _, _, head, bodies, _ = block["c"]
            lines = [*head[1], *(line for body in bodies for line in body[3])]
            tables.append([[_text(cell[4]) for cell in line[1]] for line in lines])
        elif block["t"] == "Header":
            headings.append(_text(block["c"][2]))
        elif block["t"] == "Para":
            _text(block["c"])
        else:
            assert block["t"] == "BulletList"
    return tables, headings


def _all_text(element: Any) -> str:
    """The text of a part of a Word document, that of links too, which python-docx leaves out."""
    return "".join(each.text or "" for each in element.iter(f"{_W}t"))


def _docx(source: Any) -> tuple[Tables, list[str]]:
    document: Any = docx.Document(source)
    tables = [[[_all_text(cell) for cell in row.tc_lst] for row in table._tbl.tr_lst] for table in document.tables]
    headings = [_all_text(each._p) for each in document.paragraphs if each.style.name.startswith(("Heading", "Title", "TOC Heading"))]
    return tables, headings


@pytest.fixture(scope="module")
def folder(exported_some: Export, some_rows: Rows) -> Path:
    made, left_out = exported_some("review")
    for one, many in (("report", "reports"), ("study", "studies")):
        bearing = {row[one] for row in some_rows("findings")}
        assert left_out[f"{many} none of whose findings bears on a claim"] == len({row[one] for row in some_rows(many)} - bearing)
    assert len(left_out) == 3
    return made


@pytest.fixture(scope="module")
def read(folder: Path) -> tuple[Tables, list[str]]:
    return _docx(str(folder / "review.docx"))


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / "review.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def part(some: k2graph.Graph) -> Part:
    """A part of the graph, in which every result has its row."""
    return choose(some, about="claim:mk-7-level-dp-ucmgp")


@pytest.fixture(scope="module")
def part_folder(part: Part, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("review") / "part"
    assert not [what for what in export(part, find_format("review"), made).left_out if what.startswith("findings")]
    return made


@pytest.fixture(scope="module")
def of_part(part_folder: Path) -> tuple[Tables, list[str]]:
    return _docx(str(part_folder / "review.docx"))


@pytest.fixture(scope="module")
def of_time_in_range(some: k2graph.Graph) -> Part:
    """Two claims, of which one is on a form of what the other is on."""
    whole = choose(some)
    names = {f"claim:vitamin-{form}-level-time-in-therapeutic-range" for form in ("k", "k1")}
    return replace(whole, evidence=whole.evidence.only(names), whole=False)


def test_word_html_and_markdown_say_the_same(folder: Path, read: tuple[Tables, list[str]], html: str) -> None:
    assert len(read[0]) > 10
    assert _pandoc(html, "html") == read
    assert _pandoc((folder / "review.md").read_text(encoding="utf-8"), "gfm") == read


# What is in it


def _results(tables: Tables) -> list[list[str]]:
    return [row for table in tables if tuple(table[0]) == COLUMNS for row in table[1:]]


def test_of_a_part_every_result_has_one_row_and_every_claim_it_bears_on_beside_it(
    part: Part, of_part: tuple[Tables, list[str]], some: k2graph.Graph
) -> None:
    (claim,) = part.evidence.claims
    (bearings,) = some.rows(f"SELECT (COUNT(*) AS ?n) {{ ?b k2g:claim {claim} ; k2g:finding ?f }}")
    lines = _results(of_part[0])
    assert len(lines) == bearings["n"] > 5
    assert all("C1" in line[-1] for line in lines)


def test_of_the_whole_the_results_that_decide_have_a_row_and_every_claim_is_there(
    read: tuple[Tables, list[str]], html: str, some: k2graph.Graph
) -> None:
    """A row for each result at the tier in which a claim on what is asked was tested, where that is of people."""
    (deciding,) = some.rows("""SELECT (COUNT(DISTINCT ?f) AS ?n) {
        ?c k2g:scope k2g:scope-nutrient-question ; k2g:standing/k2g:testedIn ?tier . ?tier k2g:isInPeople true .
        FILTER NOT EXISTS { ?c a k2g:ReachClaim }
        ?b k2g:claim ?c ; k2g:finding ?f . ?f k2g:evidenceLevel/k2g:tier ?tier }""")
    (whole,) = some.rows("SELECT (COUNT(DISTINCT ?f) AS ?n) { ?b a k2g:Bearing ; k2g:finding ?f }")
    assert len(_results(read[0])) == deciding["n"] < whole["n"]
    for row in some.rows("SELECT ?c ?label ?s { ?c a k2g:Claim ; rdfs:label ?label ; k2g:standing/rdfs:label ?s }"):
        text = re.search(rf'<(p|tr) id="claim-\d+">((?!</\1>).)*\({re.escape(row["c"])}\)((?!</\1>).)*</\1>', html, re.DOTALL)
        assert text, row["c"]
        assert re.sub(r"<[^>]*>", " ", text[0]).count(_escaped(row["label"])) == 1
        assert _escaped(row["s"]) in text[0]


def test_every_claim_of_the_question_that_was_tested_in_people_has_its_paragraph(html: str, some: k2graph.Graph) -> None:
    """Also where all its results are on narrower outcomes, under which they have their rows."""
    asked = some.rows("""SELECT ?c { ?c k2g:scope k2g:scope-nutrient-question ; k2g:standing/k2g:testedIn/k2g:isInPeople true
        FILTER NOT EXISTS { ?c a k2g:ReachClaim } }""")
    assert len(asked) > 50
    assert all(_paragraph(html, row["c"].removeprefix("claim:")) for row in asked)


def test_results_under_narrower_outcomes_are_linked_from_the_broader(graph: k2graph.Graph) -> None:
    """Of muscle strength, that of the hand was measured: there the trial of 2016 has its row."""
    whole = choose(graph)
    names = {"claim:vitamin-k2-level-muscle-strength", "claim:vitamin-k2-level-handgrip-strength"}
    elements = list(review(replace(whole, evidence=whole.evidence.only(names))))
    headings = [each for each in elements if isinstance(each, Heading)]
    assert [each.text for each in headings if each.level == 3] == ["Muscle strength", "Handgrip strength"]
    (links,) = [each.text for each in elements if isinstance(each, Paragraph) and each.text[0] == "Results that bear on it stand under "]
    (place,) = [each.name for each in headings if each.text.endswith(": handgrip strength")]
    assert Link("vitamin K2: handgrip strength", f"#{place}") in links


def test_reports_of_results_without_a_row_are_named(folder: Path, some: k2graph.Graph) -> None:
    """Of 50 haemodialysis patients followed without a comparison there is no row beside human trials of the same; its report is there."""
    text = (folder / "review.md").read_text(encoding="utf-8")
    (number,) = re.findall(r'<a id="ref-(\d+)"></a>[^\n]* Key: doi-10\.1186-s12882-017-0609-3', text)
    assert not [row for row in _results(_pandoc(text, "gfm")[0]) if row[0].startswith("Aoun 2017")]
    (beside,) = [line for line in text.splitlines() if line.startswith("Without a row: ") and f"(#ref-{number})" in line]
    assert "people, followed, supports: " in beside
    cited = {int(each) for each in re.findall(r"\(#ref-(\d+)\)", text)}
    reports = {row["r"] for row in some.rows("SELECT DISTINCT ?r { ?b a k2g:Bearing ; k2g:finding/k2g:report ?r }")}
    assert cited == set(range(1, len(reports) + 1))


def test_one_row_by_hand(part_folder: Path) -> None:
    tables, _ = _pandoc((part_folder / "review.md").read_text(encoding="utf-8"), "gfm")
    (found,) = [row for row in _results(tables) if row[0].startswith("Aoun 2017")]
    number = re.fullmatch(r"Aoun 2017 \[(\d+)\]", found[0])
    assert number
    assert found[1:] == [
        "non-randomised trial; people, followed; risk of bias: not appraised; read: secondary source",
        "haemodialysis patients; haemodialysis; status: deficient; n: 50; haemodialysis patients",
        "MK-7; 360 ug a day; 4 weeks; arm: MK-7, 360 ug a day; against: own baseline; arms differ in the exposure alone: yes",
        "dp-ucMGP fell by 86% on average in 4 weeks of 360 ug/d, least in people with diabetes (p 0.01); baseline median 3179 (quartiles"
        " 1825 and 4340) pmol/L; the first aim of the paper, not called primary; no spread in the abstract",
        "change within the arm -86 %",
        "supports: C1",
    ]
    text = (part_folder / "review.html").read_text(encoding="utf-8")
    reference = text.partition(f'<li id="ref-{number[1]}">')[2].partition("</li>")[0]
    assert '<a href="https://doi.org/10.1186/s12882-017-0609-3">doi 10.1186/s12882-017-0609-3</a>' in reference


def test_retracted_work_is_named_so_on_every_line_and_never_counted(read: tuple[Tables, list[str]], html: str, some_rows: Rows) -> None:
    retracted = {ours("report", row["report"]).removeprefix("report:") for row in some_rows("reports") if row["retraction"] == "retracted"}
    references = dict(re.findall(r'<li id="ref-(\d+)">.*? Key: ([^ <]*)</li>', html))
    numbers = {f"[{number}]" for number, key in references.items() if key in retracted}
    lines = [row for row in _results(read[0]) if re.findall(r"\[\d+\]", row[0])[0] in numbers]
    assert lines
    assert all(row[0].startswith("RETRACTED: ") and "not counted: " in row[-1] and "the study was retracted" in row[-1] for row in lines)
    assert sum(row[0].startswith("RETRACTED") for row in _results(read[0])) == len(lines)


def test_what_was_not_counted_stands_under_its_reason(html: str, some: k2graph.Graph) -> None:
    listing = html.partition('id="not-counted"')[2].partition("</ul>")[0]
    counts = some.rows(
        "SELECT ?label (COUNT(DISTINCT ?f) AS ?n) (COUNT(DISTINCT ?c) AS ?claims) (COUNT(DISTINCT ?r) AS ?reports) "
        "{ ?b k2g:notCounted/rdfs:label ?label ; k2g:claim ?c ; k2g:finding ?f . ?f k2g:report ?r } GROUP BY ?label"
    )
    assert len(counts) > 4
    for row in counts:
        label = row["label"][0].upper() + row["label"][1:]
        (point,) = [each for each in listing.split("<li>") if each.startswith(f"<strong>{_escaped(label)}.</strong>")]
        assert f" {row['n']} findings, on {row['claims']} claims: " in point
        assert point.count('href="#ref-') == row["reports"]


def test_standings_by_hand_with_votes_and_certainty(html: str) -> None:
    """Votes and certainties as worked out in tests/evidence/test_standings.py."""
    for claim, standing, votes, certainty in (
        ("mk-7-risk-all-cause-mortality", "not shown in human trials (1)", "0 show it, 1 leave it open", "very low"),
        (
            "vitamin-k1-level-hip-bone-mineral-density", "no important effect in human trials (1)",
            "0 show it, 0 leave it open, 1 leave out an important effect", "low",
        ),
        ("vitamin-k1-level-inr-in-vka-users", "consistent in human trials (3)", "3 show it", "low"),
    ):  # fmt: skip
        text = _paragraph(html, claim)
        assert f": {standing}, certainty {certainty}.</strong>" in text
        assert f": {votes}" in text
        assert f"Certainty is {certainty} (GRADE-informed, derived): lowered for " in text
    assert "indirectness by 1 (all of it in one group: hospital patients)" in _paragraph(html, "mk-7-risk-all-cause-mortality")
    # Background is neither counted nor graded.
    background = re.search(r"<tr[^>]*>((?!</tr>).)*\(claim:warfarin-risk-bleeding\).*?</tr>", html)
    assert background
    assert "established, not reviewed here" in background[0]
    assert '<td data-column="Certainty"><span></span></td>' in background[0]


def _paragraph(html: str, claim: str) -> str:
    (text,) = [each for each in re.findall(r'<p id="claim-\d+">.*?</p>', html, re.DOTALL) if f"(claim:{claim})" in each]
    return text


def _escaped(text: str) -> str:
    return html_module.escape(text)


def test_a_pooled_effect_stands_in_the_text_and_its_forest_is_a_picture_in_all_three(
    folder: Path, html: str, some: k2graph.Graph, some_evidence: Evidence
) -> None:
    """Time in therapeutic range has a pool; the claim on vitamin K1 has one trial of it and no forest of its own."""
    pool = some_evidence.claims["claim:vitamin-k-level-time-in-therapeutic-range"].pooled[0]
    assert f"Pooled: time in therapeutic range: {pool.numbers}" in _paragraph(html, "vitamin-k-level-time-in-therapeutic-range")
    pictures = sorted((folder / "plots").iterdir())
    assert len(pictures) == html.count("<img ") == len(docx.Document(str(folder / "review.docx")).inline_shapes) > 5
    text = (folder / "review.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\((plots/[^)]*)\)", text)) == [f"plots/{each.name}" for each in pictures]
    (image,) = [
        each for each in re.findall(r"<img [^>]*>", html) if 'alt="Forest plot: Vitamin K raises time in therapeutic range;' in each
    ]
    assert pool.numbers in image


def test_no_forest_shows_only_what_another_shows(of_time_in_range: Part) -> None:
    """On two claims, one on a form of what the other is on, there is the forest of the broader alone: the trials of the form are in it."""
    alts = [element.alt for element in review(of_time_in_range) if isinstance(element, Figure)]
    assert len(alts) == len(set(alts)) >= 1
    shown = [alt.split(": ", 1)[1].split(";")[0] for alt in alts]
    assert shown == ["Vitamin K raises time in therapeutic range"]


def test_every_link_within_leads_somewhere_and_the_contents_are_the_headings(
    folder: Path, html: str, read: tuple[Tables, list[str]]
) -> None:
    names = set(re.findall(r' id="([^"]*)"', html))
    targets = set(re.findall(r'href="#([^"]*)"', html))
    assert len(targets) > 100
    assert targets <= names
    markdown_text = (folder / "review.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(#([^)]*)\)", markdown_text)) == targets <= set(re.findall(r'<a id="([^"]*)">', markdown_text))
    # In Word the entries of the contents are there before it makes them anew, each leading to its heading.
    body = docx.Document(str(folder / "review.docx")).element.body
    bookmarks = {each.get(f"{_W}name") for each in body.iter(f"{_W}bookmarkStart")}
    anchors = {each.get(f"{_W}anchor") for each in body.iter(f"{_W}hyperlink")} - {None}
    assert anchors == {target.replace("-", "_") for target in targets} <= bookmarks
    styles = [(each, each.pPr.style if each.pPr is not None else None) for each in body.iter(f"{_W}p")]
    entries = [each for each, style in styles if style in {"toc1", "toc2"}]
    nav = html.partition("<nav ")[2].partition("</nav>")[0]
    assert [_all_text(each) for each in entries] == [each.replace("&amp;", "&") for each in re.findall(r">([^<]+)</a>", nav)]
    fields = [each.text for each in body.iter(f"{_W}instrText")]
    assert fields == [' TOC \\o "1-2" \\h \\z \\u ']
    assert [each.get(f"{_W}fldCharType") for each in body.iter(f"{_W}fldChar")] == ["begin", "separate", "end"]


def test_word_is_on_letter_where_asked(part: Part, tmp_path: Path, run: Run) -> None:
    export(part, find_format("review"), tmp_path / "review", paper="letter")
    document: Any = docx.Document(str(tmp_path / "review" / "review.docx"))
    # 8.5 by 11 inches.
    sizes = [(each.page_width.inches, each.page_height.inches) for each in document.sections]
    assert sizes == [pytest.approx(each, abs=0.001) for each in ((8.5, 11), (11, 8.5), (8.5, 11))]
    room = document.sections[1].page_width - document.sections[1].left_margin - document.sections[1].right_margin
    for table in document.tables:
        assert 0.98 * room < sum(int(column.get(f"{_W}w")) for column in table._tbl.tblGrid) * 635 <= room
    for paper, format_, why in (("leter", "review", "did you mean 'letter'"), ("letter", "graphml", "graphml has no pages")):
        outcome = run("export", format_, "--paper", paper, "--output", tmp_path / "none")
        assert (outcome.code, why in outcome.err) == (2, True), outcome.err
        assert not (tmp_path / "none").exists()


def test_an_effect_that_was_computed_stands_in_its_row_and_is_marked(tmp_path: Path, graph: k2graph.Graph) -> None:
    part = choose(graph, about="claim:mk-7-level-arterial-stiffness")
    export(part, find_format("review"), tmp_path / "review")
    tables, _ = _docx(str(tmp_path / "review" / "review.docx"))
    effects = [row[COLUMNS.index("Effect (95% interval)")] for row in _results(tables)]
    marked = [effect for effect in effects if "computed, " in effect]
    # findings.tsv: changes of -0.44 ± 1.42 (111) and -0.091 ± 1.51 (112), and so -0.349 with an error of √(1.42²/111 + 1.51²/112) = 0.196.
    assert "p=0.073; computed, from the arms' means and standard deviations: mean difference -0.35 (-0.73 to 0.04) m/s" in marked
    # What a source gives stands alone.
    assert "mean difference -0.33 (-0.55 to -0.11) m/s" in {effect.partition(";")[0] for effect in effects if effect not in marked}
    computed = {row["f"] for row in graph.rows("SELECT ?f { ?f k2g:readsEstimate ?e . ?e a k2g:ComputedEstimate }")}
    assert len(marked) == len({*part.evidence.findings} & computed) > 0


def test_word_is_a4_wide_where_tables_are_with_rows_that_stay_whole(folder: Path) -> None:
    document: Any = docx.Document(str(folder / "review.docx"))
    sizes = [(each.orientation, round(each.page_width / _MILLIMETRE), round(each.page_height / _MILLIMETRE)) for each in document.sections]
    upright, wide = (WD_ORIENT.PORTRAIT, 210, 297), (WD_ORIENT.LANDSCAPE, 297, 210)
    assert sizes == [upright, wide, upright]
    room = document.sections[1].page_width - document.sections[1].left_margin - document.sections[1].right_margin
    assert len(document.tables) > 10
    for table in document.tables:
        rows = [(row.trPr.find(f"{_W}cantSplit") is not None, row.trPr.find(f"{_W}tblHeader") is not None) for row in table._tbl.tr_lst]
        assert rows == [(True, place == 0) for place in range(len(rows))]
        columns = [int(column.get(f"{_W}w")) for column in table._tbl.tblGrid]
        assert 0.98 * room < sum(columns) * 635 <= room
        if len(columns) == len(COLUMNS):
            assert len(set(columns)) > 3
    for picture in document.inline_shapes:
        assert picture._inline.docPr.get("descr").startswith("Forest plot: ")
        assert picture.width <= room


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with running() as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1280, "light")])
def test_the_page_fits_every_screen_and_breaks_no_word(browser: "Browser", folder: Path, width: int, scheme: str) -> None:
    visit = Visit(browser, folder / "review.html", width, scheme=scheme)
    assert visit.overflow == 0
    assert visit.page.evaluate("document.querySelectorAll('main').length") == 1
    wide = "[...document.querySelectorAll('td, th, p, li')].filter((each) => each.scrollWidth > each.clientWidth + 1).length"
    assert visit.page.evaluate(wide) == 0
    if width == 1280:
        # A column is at least as wide as the longest of its usual words.
        narrow = "[...document.querySelectorAll('td')].filter((each) => each.offsetWidth < 50).length"
        assert visit.page.evaluate(narrow) == 0
        assert visit.page.evaluate("[...document.images].filter((each) => !each.naturalWidth).length") == 0
        assert serious(visit) == []
    assert visit.wrongs == []
    visit.close()


def test_the_page_has_no_scripts_and_fetches_nothing(html: str) -> None:
    assert not [word for word in ("<script", "<link", "<iframe", "url(", "@import", "style=") if word in html.lower()]
    assert {each[:26] for each in re.findall(r'src="([^"]*)"', html)} == {"data:image/svg+xml;base64,"}
    assert "default-src 'none'; style-src 'sha256-" in html


def test_links_lead_to_the_web_or_nowhere() -> None:
    """What is no address of the web is text, in all three."""
    targets = ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", '"><b>', "https://a.b/c d", "#no-such-place")
    elements = [Heading(1, "t"), *(Paragraph((Link("a", target), " b")) for target in targets[:-1])]
    assert "href" not in page(elements).partition("<body>")[2]
    assert "](" not in markdown(elements)
    assert not list(docx.Document(io.BytesIO(word([*elements, Paragraph((Link("a", targets[-1]),))], 2000))).element.iter(f"{_W}hyperlink"))
    safe = [Heading(1, "t"), Paragraph((Link("a", "https://a.b/c"),))]
    assert '<a href="https://a.b/c">a</a>' in page(safe)
    assert "[a](<https://a.b/c>)" in markdown(safe)


def test_columns_take_what_their_words_need() -> None:
    """Two columns: one of single letters has the least, one of long texts the rest; a word of 17 letters has 11 per cent at least."""
    assert widths(Table(("a", "b"), [("x", "many words " * 20)])) == [5, 95]
    shares = widths(Table(tuple("abcdefgh"), [("phylloquinone2345", *["many words " * 20] * 7)]))
    assert shares[0] >= 11
    assert sum(shares) == 100


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
    evidence = part.evidence
    evidence = replace(
        evidence,
        claims={name: replace(evidence.claims[name], label=label)},
        reports={key: replace(report, title=title) for key, report in evidence.reports.items()},
        studies={key: replace(study, population=label) for key, study in evidence.studies.items()},
        findings={
            key: replace(finding, reported=text, note="", value_reported="", ci_low_reported="", p_value_reported="")
            for (key, finding), text in zip(evidence.findings.items(), cycle(reported), strict=False)
        },
    )
    elements = [each for each in review(replace(part, evidence=evidence)) if not isinstance(each, Figure)]
    tables, _ = _docx(io.BytesIO(word(elements, 2000)))
    lines = _results(tables)
    assert len(lines) == len(part.evidence.findings)
    for text in reported:
        assert any(_one_line(text) in row[4] for row in lines)
    assert all(row[2] == "as above" or row[2].startswith(_one_line(label)) for row in lines)


_PARTS: list[Part] = []


def _part(graph: k2graph.Graph) -> Part:
    if not _PARTS:
        _PARTS.append(choose(graph, about="claim:mk-7-level-dp-ucmgp"))
    return _PARTS[0]


def test_a_missing_package_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    outcome = run("export", "review", "--output", tmp_path / "x")
    assert (outcome.code, outcome.err) == (2, "k2graph: review needs python-docx: pip install 'k2graph[review]'\n")
    assert list(tmp_path.iterdir()) == []
