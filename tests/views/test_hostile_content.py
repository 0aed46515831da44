"""Hostile words and addresses in a graph stay text, in the map and in every page."""

import json
from pathlib import Path

import pytest
from browser import PAGES, Open, shown
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import k2graph
from k2graph import iris, resources
from k2graph.errors import InputError
from k2graph.evidence.model import Evidence
from k2graph.views import embedded_json, mechanism_map
from k2graph.views.site import write_site

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.hacked=1</script>",
    "\"><img src=x onerror='window.hacked=1'>",
    "</script><script>window.hacked=1</script>",
    "{{ 7*7 }}{% raw %}",
    "$\\frac{x$ `${window.hacked=1}`",
    "\u202egnp.exe\u2066",
    "<!--<script>",
    "x" * 10_000,
    "",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real graph with hostile words in all labels, titles, notes and addresses. Synthetic, as the words show."""
    store, changed = Store(), Store()
    store.bulk_load(path=str(resources.GRAPH), format=RdfFormat.TURTLE)
    texts = {
        iris.name(each)
        for each in (
            "rdfs:label",
            "dcterms:title",
            "skos:note",
            "skos:definition",
            "skos:altLabel",
            "k2g:reported",
            "k2g:population",
            "k2g:unit",
            "k2g:searchedIn",
            "k2g:searchWords",
        )
    }
    schemes = {quad.subject for quad in store.quads_for_pattern(None, iris.name("skos:inScheme"), None)}
    number = 0
    for quad in sorted(store, key=str):
        term = quad.object
        if quad.predicate in texts and quad.subject not in schemes and iris.BASE + "ontology" not in str(quad.subject):
            term = Literal(HOSTILE[number % len(HOSTILE)] if number % 40 == 0 or len(term.value) < 30 else term.value)
            number += 1
        if quad.predicate == iris.name("dcterms:source") and number % 3 == 0:
            term = NamedNode("javascript:window.hacked=1")
        changed.add(Quad(quad.subject, quad.predicate, term))
    path = tmp_path_factory.mktemp("hostile") / "hostile.nt"
    path.write_bytes(b"".join(f"{quad.subject} {quad.predicate} {quad.object} .\n".encode() for quad in sorted(changed, key=str)))
    return path


#: Whether all links lead to the web or to a file; those within pictures have no address but what is written.
LEADS_SOMEWHERE = """[...document.querySelectorAll('a')].every(
  (a) => /^(https?|file):$/.test(new URL(a.getAttribute('href'), document.baseURI).protocol))"""
HOSTILE_TOO = ("claim/mk-7-level-dp-ucmgp.html", "question/studies.html", "question/reports.html")


class TestHostileContent:
    def test_nothing_runs_in_the_map(self, hostile: Path, tmp_path: Path, visit: Open) -> None:
        k2graph.open(hostile).view().save(tmp_path / "map.html")
        here = visit(tmp_path / "map.html")
        for claim in shown(here):
            here.page.evaluate("(id) => k2graphMap.open(id)", claim)
            assert here.page.locator("#panel img, #panel script").count() == 0
            assert here.page.evaluate("[...document.querySelectorAll('a')].every((a) => /^(https?|file):/.test(a.href))")
        here.page.evaluate("k2graphMap.svg()")
        assert here.page.evaluate("window.hacked") is None
        assert visit(tmp_path / "map.html", 360, 740).overflow <= 0

    def test_nothing_runs_in_the_site_and_no_page_breaks(self, hostile: Path, tmp_path: Path, visit: Open) -> None:
        write_site(k2graph.open(hostile), tmp_path / "pages")
        here = visit(tmp_path / "pages" / "index.html")
        for page in (
            *PAGES[:10],
            "mechanism/mgp-calcification-events.html",
            "searches.html",
            "study/avadec.html",
            "report/pmid-17287908.html",
            "entity/mk-7.html",
            *HOSTILE_TOO,
        ):
            here.go(tmp_path / "pages" / page)
            assert here.page.evaluate("window.hacked") is None
            assert here.page.locator("footer").count() == 1
            assert here.page.evaluate(LEADS_SOMEWHERE)
            assert here.overflow <= 0
            here.page.fill("#site-search", "<script")
            assert here.page.evaluate("window.hacked") is None
        assert not list((tmp_path / "pages").rglob("*\u202e*"))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_json_in_a_page_ends_no_script(self, text: str) -> None:
        written = embedded_json({"label": text})
        assert json.loads(written) == {"label": text}
        assert not set("<>&\u2028\u2029") & set(written)

    def test_a_part_without_claims_is_refused(self, evidence: Evidence) -> None:
        with pytest.raises(InputError, match="nothing to show"):
            mechanism_map.shown(evidence.only(set()))
