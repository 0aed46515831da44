"""References: each report once, under a name that stays, readable by the programs that people write with, retractions never lost."""

import json
import re
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Folder, Run, ours, rows
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

import k2graph
from k2graph.evidence.model import Evidence, Report
from k2graph.reports.latex import as_latex
from k2graph.reports.references import Reference, bibtex, csl, ris

pytestmark = pytest.mark.slow

REPORTS = rows("reports")
RETRACTED = {ours("report", row["report"]).removeprefix("report:") for row in REPORTS if row["retraction"] == "retracted"}


@cache
def _decoder() -> LatexNodes2Text:
    # pylatexenc does not know three macros that LaTeX has in every text.
    known = get_default_latex_context_db()
    braces = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    known.add_context_category("text", macros=[MacroTextSpec(name, sign) for name, sign in braces.items()], prepend=True)
    return LatexNodes2Text(latex_context=known, keep_comments=True)


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=_decoder())])
    assert library.failed_blocks == []
    return {entry.key: {"type": entry.entry_type, **{field.key: field.value for field in entry.fields}} for entry in library.entries}


def read_ris(text: str) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in rispy.loads(text)}


def read_csl(text: str) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in json.loads(text)}


@pytest.mark.parametrize(
    ("form", "suffix", "read"), [("bibtex", ".bib", read_bibtex), ("ris", ".ris", read_ris), ("csl-json", ".json", read_csl)]
)
def test_the_whole_graph_and_back(form: str, suffix: str, read: Any, run: Run, tmp_path: Path) -> None:
    assert run("export", form, "--output", tmp_path / f"one{suffix}").code == 0
    text = (tmp_path / f"one{suffix}").read_text(encoding="utf-8")
    found = read(text)
    assert set(found) == {ours("report", row["report"]).removeprefix("report:") for row in REPORTS}
    fields = {
        "bibtex": {"doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "journal": "journal", "volume": "volume", "issue": "number"},
        "ris": {"doi": "doi", "pmid": "accession_number", "pmcid": "custom2", "journal": "secondary_title", "volume": "volume",
                "issue": "number"},
        "csl-json": {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "journal": "container-title", "volume": "volume", "issue": "issue"},
    }[form]  # fmt: skip
    for row in REPORTS:
        record = found[ours("report", row["report"]).removeprefix("report:")]
        mark = "RETRACTED: " if row["retraction"] == "retracted" and not row["title"].lower().startswith("retracted") else ""
        assert record["title"] == mark + row["title"]
        assert {column: record.get(name, "") for column, name in fields.items()} == {column: row[column] for column in fields}


def test_an_article_field_by_field(evidence: Evidence) -> None:
    report = evidence.reports["report:doi-10.1001-jama.292.3.358"]
    title = "Role of Vitamin K2 in the Development of Hepatocellular Carcinoma in Women With Viral Cirrhosis of the Liver"
    assert read_bibtex(bibtex([report]))["doi-10.1001-jama.292.3.358"] == {
        "type": "article", "author": "Habu, Daiki and others", "title": title, "journal": "JAMA", "year": "2004", "volume": "292",
        "number": "3", "pages": "358-361", "doi": "10.1001/jama.292.3.358",
    }  # fmt: skip
    assert read_ris(ris([report]))["doi-10.1001-jama.292.3.358"] == {
        "type_of_reference": "JOUR", "id": "doi-10.1001-jama.292.3.358", "title": title, "secondary_title": "JAMA", "year": "2004",
        "volume": "292", "number": "3", "start_page": "358", "end_page": "361", "doi": "10.1001/jama.292.3.358",
        "authors": ["Habu, Daiki", "others"],
    }  # fmt: skip
    assert read_csl(csl([report]))["doi-10.1001-jama.292.3.358"] == {
        "id": "doi-10.1001-jama.292.3.358", "type": "article-journal", "title": title,
        "author": [{"family": "Habu", "given": "Daiki"}, {"literal": "others"}],
        "issued": {"date-parts": [[2004]]}, "container-title": "JAMA", "volume": "292", "issue": "3", "page": "358-361",
        "DOI": "10.1001/jama.292.3.358",
    }  # fmt: skip


def test_a_registration_is_no_article_and_says_how_far_it_is(evidence: Evidence) -> None:
    report = evidence.reports["report:nct01972113"]
    status = "registered; status unknown since November 2019; no results yet"
    found = read_bibtex(bibtex([report]))["nct01972113"]
    assert (found["type"], found["url"], found["note"]) == ("misc", "https://clinicaltrials.gov/study/NCT01972113", status)
    assert read_ris(ris([report]))["nct01972113"]["type_of_reference"] == "ELEC"
    assert read_ris(ris([report]))["nct01972113"]["notes"] == [status]
    page = read_csl(csl([report]))["nct01972113"]
    assert (page["type"], page["URL"], page["note"]) == ("webpage", "https://clinicaltrials.gov/study/NCT01972113", status)


@pytest.fixture(scope="module")
def whole_bibtex(evidence: Evidence) -> dict[str, dict[str, str]]:
    """All references as BibTeX, read back, which takes two seconds."""
    return read_bibtex(bibtex(evidence.reports.values()))


def test_every_misc_leads_somewhere(evidence: Evidence, whole_bibtex: dict[str, dict[str, str]]) -> None:
    found = whole_bibtex
    others = [entry for entry in found.values() if entry["type"] == "misc"]
    assert len(others) == sum(not row["journal"] for row in REPORTS) == 78
    cited = {Reference(report).key for report in evidence.reports.values() if report.address}
    assert all(entry.get("url", "").startswith("http") or entry.get("doi") for key, entry in found.items() if key in cited)


def test_retracted_work_is_marked_wherever_it_is_printed(evidence: Evidence, whole_bibtex: dict[str, dict[str, str]]) -> None:
    assert len(RETRACTED) == 7
    bib = whole_bibtex
    records, items = (read(write(evidence.reports.values())) for read, write in ((read_ris, ris), (read_csl, csl)))
    for found in (bib, records, items):
        assert {key for key, record in found.items() if record["title"].lower().startswith("retracted")} == RETRACTED
    assert bib["pmid-17875939"]["note"] == "retracted: Mol Cell Biol 2014;34(5):918; an expression of concern came before"
    assert records["pmid-17875939"]["notes"] == items["pmid-17875939"]["note"].split("\n") == [bib["pmid-17875939"]["note"]]
    doubted = items["pmid-16801507"]
    assert "it includes problematic trials" in doubted["note"]
    assert not doubted["title"].lower().startswith("retracted")


@pytest.mark.parametrize(
    ("written", "parts", "read", "bib"),
    [
        ("Knapen, Marjo H J", ("Knapen", "Marjo H J"), "Marjo H J Knapen", "Knapen, Marjo H J and others"),
        ("Schurgers, LJ", ("Schurgers", "LJ"), "LJ Schurgers", "Schurgers, LJ and others"),
        ("van Gelder, Ada J", ("van Gelder", "Ada J"), "Ada J van Gelder", "van Gelder, Ada J and others"),
        ("De Vilder, EYG", ("De Vilder", "EYG"), "EYG De Vilder", "De Vilder, EYG and others"),
        ("Knapen", ("Knapen", ""), "Knapen", "Knapen and others"),
        ("Van Steenbergen,", ("Van Steenbergen", ""), "Van Steenbergen", "Van Steenbergen and others"),
        ("Bügel, Susanne", ("Bügel", "Susanne"), "Susanne Bügel", r'B{\"u}gel, Susanne and others'),
        ("Roe, J-H", ("Roe", "J-H"), "J-H Roe", "Roe, J-H and others"),
        ("Roe, J.A.", ("Roe", "J.A."), "J.A. Roe", "Roe, J.A. and others"),
        ("Roe, Ö", ("Roe", "Ö"), "Ö Roe", r'Roe, {\"O} and others'),
        ("Roe, Jr, John", ("Roe", "John", "Jr"), "John Roe Jr", "Roe, Jr, John and others"),
        ("{World Health Organization}", ("World Health Organization", ""), "World Health Organization", "{World Health Organization}"),
        ("{Institutes of Health}", ("Institutes of Health", ""), "Institutes of Health", "{Institutes of Health}"),
        ("{Eisai Co., Ltd.}", ("Eisai Co., Ltd.", ""), "Eisai Co., Ltd.", "{Eisai Co., Ltd.}"),
    ],
)  # fmt: skip
def test_the_first_author(evidence: Evidence, written: str, parts: tuple[str, ...], read: str, bib: str) -> None:
    report = replace(evidence.reports["report:pmid-17875939"], first_author=read, first_author_name=written)
    name = Reference(report).author
    assert (name.family, name.given, name.suffix) == (*parts, "")[:3]
    assert str(name) == read
    assert re.search(r'author = ["{](.*)["}],?$', bibtex([report]), re.M)[1] == bib  # type: ignore[index]
    others = [] if written.startswith("{") else ["others"]
    assert rispy.loads(ris([report]))[0]["authors"] == [", ".join(filter(None, parts)), *others]
    words = {"literal": parts[0]} if written.startswith("{") else dict(zip(("family", "given", "suffix"), parts, strict=False))
    assert json.loads(csl([report]))[0]["author"] == [
        {name: text for name, text in words.items() if text}, *({"literal": each} for each in others),
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["Roe J-H", "Roe J.A.", "Roe Ö", "World Health Organization", "A, B, C, D", "{Open", "{}", ","])
def test_a_cell_that_leaves_open_which_is_the_family_name_is_a_fault(tables: Folder, written: str) -> None:
    line = tables.change("reports", "DOI:10.1001/jama.292.3.358", first_author=written)
    (fault,) = tables.faults()
    assert f"reports.tsv:{line}: first_author:" in fault
    assert "write it as 'Knapen, Marjo H J', or '{World Health Organization}'" in fault


def test_a_report_without_an_author_has_none(evidence: Evidence) -> None:
    report = replace(evidence.reports["report:pmid-17875939"], first_author="", first_author_name="")
    assert "author" not in bibtex([report])
    assert "AU  - " not in ris([report])
    assert "author" not in json.loads(csl([report]))[0]


def test_pages_and_labels_have_names_as_people_read_them(evidence: Evidence) -> None:
    report = evidence.reports["report:pmid-29903651"]
    assert (report.first_author, report.label) == ("Adriana J van Ballegooijen", "Adriana J van Ballegooijen, 2018")
    written = [row["first_author"] for row in REPORTS if row["first_author"]]
    assert sum(report.first_author != "" for report in evidence.reports.values()) == len(written) > 370
    assert not [report.id for report in evidence.reports.values() if set("{},") & set(report.first_author) - {","}]


def test_a_record_of_pubmed_says_so_where_readers_look(evidence: Evidence) -> None:
    (record,) = rispy.loads(ris([evidence.reports["report:pmid-29903651"]]))
    assert (record["accession_number"], record["name_of_database"]) == ("29903651", "PubMed")


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("358-361", "358", "361"),
        ("1523-8", "1523", "1528"),
        ("S12–S19", "S12", "S19"),
        ("e0195432", "e0195432", None),
        ("3, 7-9", "3, 7-9", None),
    ],
)  # fmt: skip
def test_the_ends_of_pages(evidence: Evidence, pages: str, first: str, last: str | None) -> None:
    (record,) = rispy.loads(ris([replace(evidence.reports["report:pmid-17875939"], pages=pages)]))
    assert (record["start_page"], record.get("end_page")) == (first, last)


def test_every_character_of_the_tables_is_plain_latex(evidence: Evidence) -> None:
    texts = [cell for row in REPORTS for cell in row.values()] + [
        "γ β κ α Δ µ μ ∆ ≥ ≤ ± × · ° ′ ¹²³⁻⁴ ₂ – — … “a” ‘b’ é Ø ł İ ş ő ½ − → ∞ ® ™ √"
    ]
    report = evidence.reports["report:pmid-17875939"]
    odd = sorted({character for text in texts for character in text if not character.isascii()})
    assert {"γ", "κ", "≤", "ä", "–"} <= set(odd)
    left = [character for character in odd if not bibtex([replace(report, title=character)]).isascii()]
    assert left == []
    whole = bibtex(evidence.reports.values())
    assert whole.isascii()
    assert r"{\ensuremath{\gamma}}" in whole


def test_letters_keep_their_marks(evidence: Evidence) -> None:
    letters = [chr(code) for code in range(0xC0, 0x180) if chr(code) not in "ŉ×÷"]
    report = evidence.reports["report:pmid-17875939"]
    names = {letter: f"S{letter}rby, {letter}" for letter in letters}
    for letter, name in names.items():
        (entry,) = read_bibtex(bibtex([replace(report, first_author_name=name)])).values()
        assert entry["author"] == f"{name} and others", letter
    # Beside letters that LaTeX's own fonts have no command for, all are.
    left = [letter for letter in letters if not bibtex([replace(report, title=letter)]).isascii()]
    assert left == [*"ĦħĸĿŀŦŧſ"]


def test_characters_that_latex_obeys_are_escaped(evidence: Evidence) -> None:
    title = '< > | ~ ^ \\ & % $ # _ { } " a--b'
    (entry,) = read_bibtex(bibtex([replace(evidence.reports["report:pmid-17875939"], title=title, retraction=None)])).values()
    assert entry["title"] == title
    raw = bibtex([replace(evidence.reports["report:pmid-17875939"], title="a < b | c > d", retraction=None)])
    assert r"a {\ensuremath{<}} b {\ensuremath{|}} c {\ensuremath{>}} d" in raw


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # As pdfTeX prints them with nothing but \usepackage[T1]{fontenc}: each was set with it.
        ("Nguyễn", r"Nguy{\~{\^{e}}}n"),
        ("Ioniță", r"Ioni{\textcommabelow{t}}{\u{a}}"),
        ("Ḥasan Ǧamīl", r"{\d{H}}asan {\v{G}}am{\={i}}l"),
        ("ǐ", r"{\v{\i}}"),
        ("ị", r"{\d{i}}"),
        ("vitamin K‑dependent", r"vitamin K{\mbox{-}}dependent"),
        ("warfarin‐treated", "warfarin{-}treated"),
        ("⅔ of n ≧ 10", r"{\ensuremath{\frac{2}{3}}} of n {\ensuremath{\geq}} 10"),
        ("factor Ⅶ, proﬁle, ５ ㎎", "factor {VII}, pro{fi}le, {5} {mg}"),
        ("ϒΐ", r"{\ensuremath{\Upsilon}}{\ensuremath{\acute{\ddot{\iota}}}}"),
        # Letters that stand high or low, of a mathematical alphabet, and of no width.
        ("groupsᵃ ᵇ and tₘ", r"groups{\textsuperscript{a}} {\textsuperscript{b}} and t{\ensuremath{_m}}"),
        ("𝛼-tocopherol, 𝑝 < 0.05", r"{\ensuremath{\alpha}}-tocopherol, p {\ensuremath{<}} 0.05"),
        ("MK\u200b-7", "MK-7"),
        # Letters of scripts that need another encoding, and commands of packages that nobody may have loaded: as they are.
        ("Желязо", "{Ж}{е}{л}{я}{з}{о}"),
        ("ℝ ⇄ ∴ □ ſ ơ ビタミン", "{ℝ} {⇄} {∴} {□} ſ ơ ビタミン"),
    ],
)
def test_what_latex_has_a_command_for_in_its_own_fonts(text: str, written: str) -> None:
    assert as_latex(text) == written


def test_what_pdflatex_cannot_set_is_told_in_the_file(evidence: Evidence) -> None:
    first, *others = evidence.reports.values()
    note = "% Holds letters that pdfLaTeX has no fonts for: set it with XeLaTeX or LuaLaTeX.\n\n@"
    assert bibtex([replace(first, title="γ-карбоксилирование"), *others]).startswith(note)
    assert bibtex([replace(first, title="γ-carboxylation of Łódź"), *others]).startswith("@")


def test_a_reference_leads_where_the_graph_cites_it(evidence: Evidence) -> None:
    # Not where it was read, which may be a copy of a copy.
    cited = {report.address for report in evidence.reports.values()}
    found = set(re.findall(r"^UR  - (.*)$", ris(evidence.reports.values()), re.M))
    assert found
    assert found <= cited


def test_citeproc_prints_them(evidence: Evidence) -> None:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON(json.loads(csl(evidence.reports.values())))
    made = CitationStylesBibliography(CitationStylesStyle("harvard-cite-them-right", validate=False), source, formatter.plain)
    for key in source:
        made.register(Citation([CitationItem(key)]))
    printed = [str(each) for each in made.bibliography()]
    assert len(printed) == len(REPORTS)
    (habu,) = [line for line in printed if "Hepatocellular Carcinoma in Women With Viral" in line]
    assert habu.startswith("Habu, D. and others (2004)")
    assert habu.endswith("JAMA, 292(3), pp. 358–361. Available at: https://doi.org/10.1001/jama.292.3.358.")
    assert sum("RETRACTED" in line for line in printed) == len(RETRACTED)


def test_no_list_of_references_makes_one_author_of_many(evidence: Evidence, tmp_path: Path) -> None:
    import pypandoc

    # By hand: Habu and twelve others; a body that stands for all its authors; and nobody.
    habu = evidence.reports["report:doi-10.1001-jama.292.3.358"]
    body = replace(habu, id="report:body", first_author_name="{World Health Organization}", title="Of a body")
    nobody = replace(habu, id="report:nobody", first_author_name="", first_author="", title="Of nobody")
    for form, suffix in ((bibtex, "bib"), (csl, "json"), (ris, "ris")):
        (tmp_path / f"x.{suffix}").write_text(form([habu, body, nobody]), encoding="utf-8")
        text = f"---\nnocite: '@*'\nbibliography: {tmp_path / f'x.{suffix}'}\n---\n"
        lines = pypandoc.convert_text(text, "plain", format="markdown", extra_args=["--citeproc", "--wrap=none"]).split("\n\n")
        assert len(lines) == 3
        (of_many,) = (line for line in lines if "Hepatocellular" in line)
        assert of_many.startswith("Habu, Daiki et al. 2004")
        assert sum("others" in line or "et al." in line for line in lines) == 1


# Hostile texts

SNIPPETS = [
    "\t", "\n", "\r\n", '"', "'", "''", "``", "{", "}", "\\", "\\n", ",", ";", "%", "$x$", "&amp;", "#", "_", "^", "~", "--", "---",
    "?`", "@article{x,", "=HYPERLINK(", "<script>alert(1)</script>", "\x00", "\x1b[31m", "\x85", "\u2028", "\u202e", "é",
    "維生素", "🥦", " and ", "TY  - JOUR", "\nER  - \n", "x" * 3000,
]  # fmt: skip
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(SNIPPETS), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="·", max_codepoint=0xFF), max_size=8)
    ),
    max_size=6,
).map("".join)


def _one_line(text: str) -> str:
    """What BibTeX and RIS are said to carry of a text: without control characters and line ends."""
    steering = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    return " ".join("".join(" " if unicodedata.category(each) == "Cc" or each in steering else each for each in text).split())


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, Any]:
    fields = ("title", "first_author", "journal", "volume", "issue", "pages", "registration_status", "retraction_note")
    return {name: draw(HOSTILE) for name in fields}


@given(hostile())
@settings(max_examples=150, deadline=None)
def test_hostile_texts_come_back(graph: k2graph.Graph, fields: dict[str, Any]) -> None:
    # Who has no divided name is one text, as a graph of others may have it.
    report = replace(_reports(graph)[0], first_author_name="", **fields)
    neighbour = _reports(graph)[1]
    key, title = report.id.removeprefix("report:"), Reference(report).title

    found = read_csl(csl([report, neighbour]))
    assert len(found) == 2
    assert found[key]["title"] == title
    for name, field in (("volume", "volume"), ("issue", "issue"), ("page", "pages"), ("container-title", "journal")):
        assert found[key].get(name, "") == getattr(report, field)

    author = _one_line(report.first_author)
    assert found[key].get("author", []) == ([{"literal": author}] if author else [])

    records = read_ris(ris([report, neighbour]))
    assert records[key].get("authors", []) == ([author] if author else [])
    assert len(records) == 2
    for name, text in (
        ("title", title),
        ("volume", report.volume),
        ("number", report.issue),
        ("secondary_title", report.journal),
    ):
        assert records[key].get(name, "") == _one_line(text)
    assert records[neighbour.id.removeprefix("report:")]["title"] == neighbour.title

    entries = read_bibtex(bibtex([report, neighbour]))
    assert entries[key].get("author", "") == author
    assert len(entries) == 2
    for name, text in (
        ("title", title),
        ("volume", report.volume),
        ("number", report.issue),
        ("pages", report.pages),
        ("journal", report.journal),
    ):
        assert entries[key].get(name, "") == _one_line(text.translate(dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))))
    assert entries[neighbour.id.removeprefix("report:")]["title"] == neighbour.title


@given(HOSTILE, HOSTILE)
@settings(max_examples=100, deadline=None)
def test_a_name_that_is_none_is_taken_as_it_is(graph: k2graph.Graph, name: str, pages: str) -> None:
    report = replace(_reports(graph)[0], first_author=name, first_author_name=name, pages=pages)
    for write, read in ((bibtex, read_bibtex), (ris, read_ris), (csl, read_csl)):
        assert set(read(write([report, _reports(graph)[1]]))) == {each.id.removeprefix("report:") for each in _reports(graph)}


def _reports(graph: k2graph.Graph) -> list[Report]:
    if not _READ:
        found = graph.evidence().reports
        _READ.extend(found[name] for name in ("report:pmid-17875939", "report:doi-10.1001-jama.292.3.358"))
    return _READ


_READ: list[Report] = []


@given(st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=6, unique=True))
@settings(max_examples=100, deadline=None)
def test_no_two_reports_have_one_name(graph: k2graph.Graph, ends: list[str]) -> None:
    keys = [Reference(replace(_reports(graph)[0], id=f"report:{end}")).key for end in ends]
    assert len(set(keys)) == len(ends)
    assert all(re.fullmatch(r"[a-z0-9.-]+", key) for key in keys)


# The references of an answer


def test_the_references_of_an_answer(run: Run, graph: k2graph.Graph) -> None:
    asked = ("ask", "evidence-for-claim", "--claim", "mk-7-level-dp-ucmgp")
    named = {row["report"].removeprefix("report:") for row in graph.ask("evidence-for-claim", claim="mk-7-level-dp-ucmgp")}
    assert len(named) > 10
    for form, read in (("bibtex", read_bibtex), ("ris", read_ris), ("csl-json", read_csl)):
        outcome = run(*asked, "--format", form)
        assert (outcome.code, outcome.err) == (0, "")
        assert set(read(outcome.out)) == named


def test_an_answer_that_names_no_report_says_so(run: Run) -> None:
    outcome = run("ask", "reference-intakes", "--format", "csl-json")
    assert (outcome.code, outcome.out, outcome.err) == (0, "[]\n", "this answer names no study and no report\n")


def test_a_missing_package_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rispy", None)
    outcome = run("ask", "evidence-for-claim", "--claim", "mk-7-level-dp-ucmgp", "--format", "ris")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "k2graph: ris needs rispy: pip install 'k2graph[references]'\n"
