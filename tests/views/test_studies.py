"""Pages of studies and reports: what the tables say of each, where an old page leads, and the marks of what is retracted or in doubt."""

import re
from functools import cache
from pathlib import Path

import pytest
from browser import Open
from playwright.sync_api import Locator, expect
from project import ours, rows
from pyoxigraph import Literal, Quad, RdfFormat, Store

import k2graph
from k2graph import iris
from k2graph.views.site import studies
from k2graph.views.site.site import Site

pytestmark = pytest.mark.browser


def cells(visit: Open, page: Path, table: str = "main table") -> list[list[str]]:
    """The rows of a page's first table as a reader sees them."""
    shown = visit(page).page.locator(table).first
    return [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in shown.locator("tr").all()]


def addresses(links: Locator) -> list[str | None]:
    """Where links lead: asked of all at once, since a page of a thousand would be asked a thousand times."""
    found: list[str | None] = links.evaluate_all("(all) => all.map((each) => each.getAttribute('href'))")
    return found


ARMS = ["arm", "form", "dose", "how often", "µg a day", "how long", "entered", "analysed"]


class TestStudy:
    def test_each_arm_has_a_row_and_its_amount_a_day(self, site: Path, visit: Open) -> None:
        assert cells(visit, site / "study/knapen-2007.html", "table.arms") == [
            ARMS,
            ["MK-4, 45 mg a day arm sizes not in the part read; 325 women in all", "MK-4", "45 mg", "a day", "45,000", "3 years", "", ""],
            ["placebo", "", "", "", "", "3 years", "", ""],
        ]
        # 5 mg three times a week are 15 mg in 7 days.
        (lees,) = [row for row in cells(visit, site / "study/lees-2021.html", "table.arms") if "5 mg" in row]
        assert lees[2:6] == ["5 mg", "three times a week", "2,142.857", "12 months"]

    def test_arms_stand_from_most_to_least_and_the_comparator_last(self, site: Path, visit: Open) -> None:
        shown = cells(visit, site / "study/theuwissen-2012.html", "table.arms")
        assert [row[4] for row in shown[1:]] == ["360", "180", "90", "45", "20", "10", ""]
        assert shown[-1][0] == "placebo"

    def test_who_entered_an_arm_and_was_analysed(self, mechanism_alone: Path, tmp_path: Path) -> None:
        # Synthetic: no arm has these numbers in every graph.
        store = Store()
        store.bulk_load(path=str(mechanism_alone), format=RdfFormat.TURTLE)
        arm = min((quad.subject for quad in store.quads_for_pattern(None, iris.name("k2g:armOf"), None)), key=str)
        (of_it,) = (quad.object for quad in store.quads_for_pattern(arm, iris.name("k2g:armOf"), None))
        for name, number in (("k2g:entered", "163"), ("k2g:analysed", "0")):
            for quad in list(store.quads_for_pattern(arm, iris.name(name), None)):
                store.remove(quad)
            store.add(Quad(arm, iris.name(name), Literal(number, datatype=iris.name("xsd:integer"))))
        store.dump(str(tmp_path / "more.nt"), RdfFormat.N_TRIPLES, from_graph=next(iter(store)).graph_name)
        pages = dict(studies.studies(Site(k2graph.open(tmp_path / "more.nt"))))
        text = pages[f"{iris.short(of_it.value).replace(':', '/')}.html"].decode()
        assert '</td><td class="number">163</td><td class="number">0</td>' in text

    def test_findings_stand_under_the_report_in_which_they_were_read(self, site: Path, visit: Open) -> None:
        found = [row for row in rows("findings") if row["study"] == "avadec"]
        here = visit(site / "study/avadec.html").page
        headings = here.locator("h2:text-is('Findings') ~ h3").all_inner_texts()
        assert headings == ["In Axel C P Diederichsen 2022", "In Selma Hasific 2023"]
        assert here.locator("main h4").count() == len(found) == 10
        links = set(addresses(here.locator("main ul.plain a")))
        assert links == {"../report/nct03243890.html", "../report/pmid-35465686.html", "../report/pmid-38938724.html"}

    def test_a_body_of_people_lists_the_studies_made_within_it(self, site: Path, visit: Open) -> None:
        within = {row["study"] for row in rows("studies") if row["within"] == "health-abc"}
        assert len(within) == 7
        here = visit(site / "study/health-abc.html").page
        links = set(addresses(here.locator("dt:text-is('Within it') + dd a")))
        assert links == {f"../study/{name}.html" for name in within}

    def test_the_list_has_every_study_once_and_bodies_apart(self, site: Path, visit: Open) -> None:
        here = visit(site / "studies.html").page
        listed = addresses(here.locator("#studies-table tbody td:first-child a"))
        apart = addresses(here.locator("ul.columns a"))
        for shown, has_design in ((listed, True), (apart, False)):
            expected = {page_of(row["study"]) for row in rows("studies") if bool(row["design"]) is has_design}
            assert (len(shown), set(shown)) == (len(expected), expected)
        first = {
            page_of(row["study"]): min(years()[report] for report in row["reports"].split("|")) for row in rows("studies") if row["design"]
        }
        shown = [first[str(page)] for page in listed]
        assert shown == sorted(shown, reverse=True)


def page_of(study: str) -> str:
    return f"{ours('study', study).replace(':', '/')}.html"


@cache
def years() -> dict[str, int]:
    """The year of each report."""
    return {row["report"]: int(row["year"]) for row in rows("reports")}


class TestReport:
    def test_a_report_tells_its_bibliography_how_it_was_read_and_its_studies(self, site: Path, visit: Open) -> None:
        page = visit(site / "report/pmid-17287908.html").page
        text = page.locator("main").inner_text()
        assert "M H J Knapen, 2007. Osteoporosis International 18(7): 963-972." in text
        assert page.locator("dt:text-is('Read') + dd").inner_text().startswith("abstract")
        assert page.locator("main a[href='../study/knapen-2007.html']").count() == 2
        assert "@article{pmid-17287908," in text
        found = [row for row in rows("findings") if row["report"] == "PMID:17287908"]
        assert page.locator("main h4").count() == len(found) > 1

    def test_a_paper_of_several_experiments_parts_its_findings_by_study(self, site: Path, visit: Open) -> None:
        key = "DOI:10.1101/2022.05.13.491370"
        told = {row["study"] for row in rows("studies") if key in row["reports"].split("|")}
        assert told == {"lacombe-2022", "lacombe-2022-cells", "lacombe-2022-human-tissue"}
        page = visit(site / "report" / f"{iris.slug(key)}.html").page
        links = set(addresses(page.locator("h2:text-is('Findings') ~ h3 a")))
        assert links == {f"../study/{row['study']}.html" for row in rows("findings") if row["report"] == key}

    def test_reports_of_one_study_lead_to_each_other(self, site: Path, visit: Open) -> None:
        page = visit(site / "report/pmid-38938724.html").page
        links = set(addresses(page.locator("dt:text-is('Other reports of it') + dd a")))
        assert links == {"../report/nct03243890.html", "../report/pmid-35465686.html"}

    def test_what_else_was_read_in_it(self, site: Path, visit: Open) -> None:
        checks = [row for row in rows("citation_audit") if "PMID:17287908" in row["report"].split("|")]
        page = visit(site / "report/pmid-17287908.html").page
        assert page.locator("dt:text-is('Also read in it') + dd").inner_text() == f"{len(checks)} checks of citations"

    def test_the_list_has_every_report_once(self, site: Path, visit: Open) -> None:
        here = visit(site / "reports.html").page
        listed = addresses(here.locator("#reports-table tbody td:first-child a"))
        assert sorted(listed) == sorted(f"report/{ours('report', row['report']).partition(':')[2]}.html" for row in rows("reports"))


class TestOldPages:
    def test_the_page_of_a_publication_leads_to_its_report(self, site: Path, visit: Open) -> None:
        old = [row for row in rows("redirects") if "/study/" in row["old"]]
        # A page of its own had what the first edition called a study, and one that was joined to another; later publications have none.
        assert len(old) == 441
        for row in old:
            place, new = (row[column].removeprefix(iris.BASE) for column in ("old", "new"))
            text = (site / f"{place}.html").read_text(encoding="utf-8")
            assert f'<meta http-equiv="refresh" content="0; url=../{new}.html">' in text
        here = visit(site / "study/pmid-17287908.html")
        here.page.wait_for_url("**/report/pmid-17287908.html")
        expect(here.page.locator("h1")).to_contain_text("hip bone geometry")

    def test_an_old_page_takes_no_new_ones_place(self, site: Path) -> None:
        moved = [path for path in (site / "study").glob("*.html") if 'http-equiv="refresh"' in path.read_text(encoding="utf-8")]
        new = {path for path in (site / "study").glob("*.html") if path not in moved}
        assert new == {site / page_of(row["study"]) for row in rows("studies")}


class TestIntegrity:
    def test_a_mark_stands_wherever_a_doubtful_report_is_cited(self, site: Path) -> None:
        words = {"retracted": "retracted", "concern": "of concern"}
        marked = {iris.slug(row["report"]): words[row["retraction"]] for row in rows("reports") if row["retraction"]}
        assert len(marked) == 11
        cited, unmarked = set(), []
        for page in site.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            if 'http-equiv="refresh"' in text:
                continue
            for report, shown, after in re.findall(r'<a href="(?:\.\./)?report/([^"]+)\.html">([^<]*)</a>(.{0,60})', text):
                if report in marked:
                    cited.add((page.parent.name, report))
                    mark = f' <strong class="doubt">{marked[report]}</strong>'
                    if not after.startswith(mark) and f"[{marked[report]}]" not in shown:
                        unmarked.append((page.name, report))
        assert unmarked == []
        # Each on its study's page and in the list of reports, and Sato 2002 on the claim that it was taken to support.
        assert {report for folder, report in cited if folder == "study"} == set(marked)
        assert {report for folder, report in cited if folder == site.name} == set(marked)
        assert ("claim", "pmid-12110423") in cited

    def test_the_page_of_a_retracted_report_and_of_its_study_say_so_first(self, site: Path, visit: Open) -> None:
        for page in ("report/pmid-19499964.html", "study/iwamoto-2009.html"):
            here = visit(site / page).page
            assert here.locator("h1 .doubt").inner_text() == "retracted"
            assert "Withdrawn. Shown, never counted." in here.locator(".warn").inner_text()

    def test_a_forest_names_what_is_in_doubt(self, site: Path, evidence: k2graph.evidence.model.Evidence) -> None:
        from k2graph.views.plots import forests, plots_of

        drawn = {
            row.report: next(plots_of(forest)).to_svg().decode()
            for claim in evidence.claims.values()
            for forest in forests(evidence, claim)
            for row in forest.rows
            if (state := evidence.reports[row.report].retraction) and state.notation == "concern"
        }
        assert "Cockayne 2006 [of concern]" in drawn["report:pmid-16801507"]
