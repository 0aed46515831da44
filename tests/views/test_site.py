"""The site as a reader has it: in a real browser, offline; every link, every page at every width, and for everyone."""

import csv
import html.parser
import json
import re
import urllib.parse
from html import unescape
from pathlib import Path

import pytest
from browser import PAGES, Open, serious
from playwright.sync_api import expect
from project import Run, ours, rows

import k2graph
from k2graph import resources
from k2graph.evidence.model import Evidence
from k2graph.views.site import write_site

pytestmark = pytest.mark.browser


#: Pages whose script draws for the width that the window has when they are opened.
WITH_MAP = ("map.html",)


class Links(html.parser.HTMLParser):
    """Links and anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.links.append(value)
            if name == "id" and value:
                self.anchors.add(value)


@pytest.fixture(scope="module")
def links(site: Path) -> dict[Path, Links]:
    found = {}
    for path in sorted(site.rglob("*.html")):
        found[path.resolve()] = parser = Links()
        parser.feed(path.read_text(encoding="utf-8"))
    return found


class TestSite:
    def test_every_internal_link_resolves(self, site: Path, links: dict[Path, Links]) -> None:
        dead = set()
        for page, parser in links.items():
            for link in parser.links:
                parts = urllib.parse.urlsplit(link)
                if parts.scheme:
                    continue
                target = (page.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else page
                if not target.is_file() or (parts.fragment and target in links and parts.fragment not in links[target].anchors):
                    dead.add((page.name, link))
        assert sorted(dead) == []

    def test_no_link_leads_to_a_copy_of_a_publication(self, links: dict[Path, Links], evidence: Evidence) -> None:
        # Where things were read is told as text; publishers, registries, authorities, libraries and vocabularies are linked to.
        citable = set(evidence.facts.all("k2g:citing", "k2g:citableHost"))
        with resources.PREFIXES.open(encoding="utf-8", newline="") as lines:
            bases = {row["address"] for row in csv.DictReader(lines, delimiter="\t")}
        # What has no address of its own is looked up by the registry of prefixes.
        known = citable | {urllib.parse.urlsplit(base).netloc for base in bases} | {"bioregistry.io"}
        led_to = {urllib.parse.urlsplit(link).netloc for parser in links.values() for link in parser.links} - {""}
        assert len(led_to) > 50
        assert sorted(led_to - known) == []

    def test_search_leads_to_pages_that_are_there(self, site: Path) -> None:
        text = (site / "assets/index.js").read_text(encoding="utf-8")
        entries = json.loads(text.removeprefix("window.k2graphIndex=").removesuffix(";\n"))
        assert len(entries) > len(rows("claims")) + len(rows("studies")) + len(rows("reports")) + len(rows("entities"))
        assert [page for _, _, page, *_ in entries if not (site / page).is_file()] == []

    def test_every_claim_study_report_and_thing_has_its_page(self, site: Path) -> None:
        for table, kind in (
            ("claims", "claim"), ("studies", "study"), ("reports", "report"), ("entities", "entity"), ("mechanisms", "mechanism")
        ):  # fmt: skip
            pages = {path.stem for path in (site / kind).glob("*.html")}
            assert {ours(kind, row[kind]).partition(":")[2] for row in rows(table)} <= pages

    def test_every_page_has_a_strict_policy_and_no_address_to_load_from(self, links: dict[Path, Links]) -> None:
        for page in links:
            text = page.read_text(encoding="utf-8")
            (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)"', text)
            assert policy.startswith("default-src &#39;none&#39;")
            # A program in WebAssembly runs where standings are recounted, and nowhere else.
            assert ("script-src &#39;self&#39; &#39;wasm-unsafe-eval&#39;;" in policy) == (
                page.parent.name in {"claim", "mechanism"} and "recount" in text
            )
            assert "unsafe" not in policy.replace("wasm-unsafe-eval", "")
            assert not re.search(r"<(script|img|link)[^>]+(src|href)=\"(https?:|//)", text)
            assert not re.search(r"<[a-z][^>]*\sstyle=", text)

    def test_sizes(self, site: Path) -> None:
        sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
        assert sum(sizes.values()) < 43_000_000
        assert max(sizes.values()) < 3_000_000

    def test_the_same_graph_gives_the_same_bytes(self, mechanism_alone: Path, tmp_path: Path) -> None:
        for name in ("one", "other"):
            write_site(k2graph.open(mechanism_alone), tmp_path / name)
        one, other = (
            {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            for folder in (tmp_path / "one", tmp_path / "other")
        )
        assert one == other
        assert len(one) > 100

    @pytest.mark.parametrize("page", PAGES)
    def test_each_kind_of_page_works_at_every_width_and_for_everyone(self, site: Path, visit: Open, page: str) -> None:
        # The page on which all is checked is opened at one width and changed to the others, which asks more of it than opening it anew.
        # Scripts look at the width when a page is opened only where the map is drawn: there it is opened at each.
        here = visit(site / page, 1920, 800)
        assert here.overflow <= 0
        if page in WITH_MAP:
            assert visit(site / page, 360, 800).overflow <= 0
        here.resize(360, 800)
        assert here.overflow <= 0
        here.resize(1280, 900)
        assert serious(here) == []

    def test_search_finds_by_synonym_and_by_number(self, site: Path, visit: Open) -> None:
        here = visit(site / "claim/mk-7-level-dp-ucmgp.html")
        here.page.fill("#site-search", "menaquinone-7")
        found = here.page.locator("#site-found a")
        expect(found.first).to_contain_text("MK-7")
        found.first.click()
        expect(here.page.locator("h1")).to_have_text("MK-7")
        here.page.fill("#site-search", "17287908")
        expect(found).to_have_count(1)
        here.page.keyboard.press("Enter")
        here.page.keyboard.press("Enter")
        here.page.wait_for_url("**/report/pmid-17287908.html")

    def test_filters_of_tables_and_the_answer_as_csv(self, site: Path, visit: Open, graph: k2graph.Graph) -> None:
        here = visit(site / "question/drug-interactions.html")
        visible = "document.querySelectorAll('#answer tbody tr:not([hidden])').length"
        answer = graph.ask("drug-interactions")
        assert here.page.evaluate(visible) == len(answer)
        here.page.fill(".filter", "acenocoumarol")
        assert 0 < here.page.evaluate(visible) < len(answer)
        with (site / "question/drug-interactions.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(answer)

    def test_a_standing_looks_the_same_in_an_answer_and_on_a_page(self, site: Path, visit: Open) -> None:
        looks = [
            visit(site / page)
            .page.locator(".standing.result-not-shown")
            .first.evaluate("(badge) => [badge.textContent.slice(0, 10), getComputedStyle(badge.querySelector('.icon')).color]")
            for page in ("question/where-translation-stops.html", "mechanisms.html", "claims.html")
        ]
        assert looks[0] == looks[1] == looks[2]
        assert looks[0][0] == "◇not shown"

    def test_a_chain_breaks_where_trials_leave_it_open(self, site: Path, visit: Open) -> None:
        here = visit(site / "mechanism/mgp-calcification-events.html")
        parts = here.page.locator(".chain > li").all_inner_texts()
        stop = next(place for place, text in enumerate(parts) if text == "not shown further")
        assert parts[stop + 1].startswith("vascular calcification")
        assert len(parts) == 1 + 2 * 4 + 1

    def test_forests_are_drawn_and_told(self, site: Path, visit: Open) -> None:
        here = visit(site / "claim/mk-7-level-arterial-stiffness.html")
        assert here.page.evaluate("[...document.images].every((image) => image.naturalWidth > 100)")
        table = here.page.locator("table").first.text_content() or ""
        numbers = [
            row for row in rows("findings") if row["object"] == "arterial-stiffness" and row["subject"] == "mk-7" and row["unit"] == "m/s"
        ]
        assert any(row["ci_low"] and row["value"] in table for row in numbers)

    def test_the_risk_of_bias_is_told_in_words_beside_the_lights(self, site: Path, visit: Open) -> None:
        here = visit(site / "claim/mk-7-level-arterial-stiffness.html")
        heads = here.page.locator(".lights thead th").all_inner_texts()
        assert heads[1:6] == ["D1 randomisation", "D2 deviations", "D3 missing data", "D4 measurement", "D5 selective reporting"]
        # appraisals.tsv of vries-2025: some concerns in three domains, measurement low; selective reporting of arterial stiffness high.
        vries = here.page.locator(".lights tbody tr", has_text="Femke de Vries").locator("th, td").all_inner_texts()
        assert [" ".join(text.split()) for text in vries] == [
            "Femke de Vries, 2025", *["? some concerns"] * 3, "+ low risk", "x high risk", "x high risk", "readers of this graph",
        ]  # fmt: skip
        # Seven trials vote; each has a link to what was judged of it, and the table is as wide as what stands in it.
        links = here.page.locator(".lights tbody th a").evaluate_all("(all) => all.map((each) => each.getAttribute('href'))")
        assert len(links) == 7
        assert links.count("../study/vries-2025.html#risk-of-bias") == 1
        for width in (1920, 360):
            cut = "(cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"
            assert (
                visit(site / "claim/mk-7-level-arterial-stiffness.html", width).page.locator(".lights th, .lights td").evaluate_all(cut)
                == []
            )

    def test_no_text_of_a_forest_is_cut(self, site: Path, visit: Open) -> None:
        outside = """() => { const frame = document.documentElement.getBoundingClientRect();
            return [...document.querySelectorAll('text')].filter((text) => { const box = text.getBoundingClientRect();
            return box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom })
            .map((text) => text.textContent) }"""
        for name in ("mk-7-level-arterial-stiffness", "vitamin-k-level-bone-mineral-density"):
            here = visit(site / f"claim/{name}-1.svg")
            texts = here.page.locator("text").all_text_contents()
            assert {"D1", "D5", "all", "+", "?"} <= set(texts)
            assert here.page.evaluate(outside) == []

    def test_numbers_stand_as_they_were_reported(self, site: Path) -> None:
        claim = (site / "claim/vitamin-k2-risk-hepatocellular-carcinoma-recurrence.html").read_text(encoding="utf-8")
        assert "hazard ratio 1.150 (0.843 to 1.570); p=0.811" in claim
        forest = (site / "claim/mk-7-level-arterial-stiffness.html").read_text(encoding="utf-8")
        assert '<td class="number">0.55</td><td class="number">-0.50</td><td class="number">1.60</td>' in forest
        assert '<td class="number">7.0</td>' in (site / "entity/mk-8.html").read_text(encoding="utf-8")

    def test_the_page_of_a_form_is_a_matrix_of_effects(self, site: Path) -> None:
        page = (site / "entity/mk-7.html").read_text(encoding="utf-8")
        found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in page.split("<tr>")]
        plain = [[unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split())) for cell in row] for row in found]
        effects = {row[0]: row[1:] for row in plain if len(row) == 6}
        # One trial of 199 people: what its report says.
        size = "mean difference -2.67 (-2.86 to -2.49) cramps/week; p <0.001"
        assert effects["MK-7 reduces muscle cramps"] == ["✓ single in human trials (1) ●", size, "low", "1", "199 people"]
        # Three of seven trials gave what can be pooled; of those on dp-ucMGP eight gave numbers, which are not pooled.
        assert "mean difference -0.316 (-0.792 to 0.16) m/s, 3 trials" in effects["MK-7 lowers arterial stiffness"][1]
        assert effects["MK-7 lowers dp-ucMGP"][1:4] == ["8 results, not pooled", "moderate", "10"]
        assert effects["MK-7 lowers blood glucose"][1] == "no size is told"

    def test_the_page_of_a_marker_tells_who_is_low_the_most_first(self, site: Path) -> None:
        page = (site / "entity/pivka-ii.html").read_text(encoding="utf-8")
        of_it = [row for row in rows("status_surveys") if row["marker"] == "pivka-ii"]
        shares = re.findall(r'<td class="number">([\d.]+)%</td>', page.partition("<h2>Who is low</h2>")[2])
        assert shares == sorted((row["share_low"] for row in of_it if row["share_low"]), key=float, reverse=True)
        # elliott-2014-pivka-ii, with the digits of its row.
        assert '<td class="number">90.9%</td><td>2.0 nmol/L: criterion of subclinical vitamin K deficiency in the paper</td>' in page

    def test_searches_flow_from_what_was_shown_to_what_was_left_out(self, site: Path, visit: Open) -> None:
        here = visit(site / "searches.html")
        boxes = here.page.locator(".flow .heading").all_text_contents()
        table = rows("searches")
        total = {
            column: sum(int(row[column]) for row in table) for column in ("shown", "duplicates", "held", "screened", "taken", "left_out")
        }
        unseen = total["shown"] - total["duplicates"] - total["held"] - total["screened"]
        still = sum(row["reason"] in {"awaits-reading", "not-retrieved", "under-way"} for row in rows("left_out"))
        assert boxes == [
            f"Records shown by {len(table)} searches: {total['shown']}",
            f"Set aside before screening: {total['duplicates'] + total['held'] + unseen}",
            f"Records screened: {total['screened']}",
            f"Left out: {total['left_out']}",
            f"Taken into the graph: {total['taken']}",
            f"Left out, and may still bear on it: {still}",
        ]
        lines = here.page.locator(".flow text").all_text_contents()
        assert f"no results of its own: {sum(row['reason'] == 'no-results' for row in rows('left_out'))}" in lines
        # No text runs out of its box, or out of the picture.
        assert here.page.evaluate("""() => {
          const boxes = [...document.querySelectorAll('.flow rect.box')].map((box) => box.getBoundingClientRect());
          return [...document.querySelectorAll('.flow text:not(.stage)')].every((text) => {
            const it = text.getBoundingClientRect();
            return boxes.some((box) => it.left >= box.left && it.right <= box.right && it.top >= box.top && it.bottom <= box.bottom);
          });
        }""")
        assert here.page.locator("#searches-table tbody tr").count() == len(table)
        assert here.page.locator("#left-out-table tbody tr").count() == len({(row["record"], row["reason"]) for row in rows("left_out")})

    def test_a_claim_leads_to_its_searches_and_back(self, site: Path, visit: Open) -> None:
        here = visit(site / "claim/sulfatides-level-cognition.html")
        here.page.get_by_role("link", name="Is there less sulfatide in early dementia?").click()
        expect(here.page.locator("h1")).to_have_text("What was looked for")
        assert here.page.url.endswith("searches.html#search-sulfatides-dementia")
        row = here.page.locator("#search-sulfatides-dementia")
        expect(row).to_contain_text("wrong exposure 3, wrong outcome 1, no results of its own 2")
        row.get_by_role("link", name="Sulfatides improve cognition").click()
        expect(here.page.locator("h1")).to_have_text("Sulfatides improve cognition")

    def test_a_record_that_was_left_out_can_be_opened_where_its_identity_tells(self, site: Path) -> None:
        page = (site / "searches.html").read_text(encoding="utf-8")
        for identity, address in (
            ("PMID:22815558", "https://pubmed.ncbi.nlm.nih.gov/22815558"),
            ("DOI:10.3233/JAD-201552", "https://doi.org/10.3233/JAD-201552"),
        ):
            (cell,) = re.findall(
                rf'<td class="text"><a href="{re.escape(address)}"[^>]*>[^<]+</a><br><span class="soft">([^<]+)</span>', page
            )
            assert cell == identity
        # An address at which publications are not cited is told, and no link.
        assert "https://scilit.com/" not in page
        assert re.search(r'<td class="text">[^<]+<br><span class="soft">scilit.com</span>', page)

    def test_nothing_else_in_a_folder_is_replaced(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "thesis.tex").write_text("mine")
        outcome = run("site", tmp_path)
        assert outcome.code == 2
        assert "holds no k2graph site" in outcome.err
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
