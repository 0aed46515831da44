"""Hostile words and addresses in a graph stay text, in the map and in every page."""

import json
from itertools import cycle
from pathlib import Path

import pytest
from browser import PAGES, Open, shown
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import k2graph
from k2graph import iris
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


#: Whatever is said but once says all of them.
WORDS = (" ".join(HOSTILE), *HOSTILE)
#: What a reader sees of texts; each of these properties is in the graph.
TEXTS = ("rdfs:label", "dcterms:title", "skos:note", "skos:definition", "skos:altLabel", "k2g:reported", "k2g:population", "k2g:unit",
         "k2g:searchedIn", "k2g:searchWords")  # fmt: skip


@pytest.fixture(scope="module")
def hostile(mechanism_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of a mechanism with hostile words as all labels, titles, notes and addresses. Synthetic, as the words show.

    Its tables have a row of each kind, so that the site has a page of each kind, and all templates write hostile words.
    """
    store, changed = Store(), Store()
    store.bulk_load(path=str(mechanism_alone), format=RdfFormat.TURTLE)
    texts = {iris.name(each): cycle(WORDS) for each in TEXTS}
    sources = cycle((NamedNode("javascript:window.hacked=1"), None, None))
    schemes = {quad.subject for quad in store.quads_for_pattern(None, iris.name("skos:inScheme"), None)}
    met = set()
    for quad in sorted(store, key=str):
        term = quad.object
        if quad.predicate in texts and quad.subject not in schemes and iris.BASE + "ontology" not in str(quad.subject):
            met.add(quad.predicate)
            term = Literal(next(texts[quad.predicate]))
        if quad.predicate == iris.name("dcterms:source"):
            met.add(quad.predicate)
            term = next(sources) or term
        changed.add(Quad(quad.subject, quad.predicate, term))
    assert met == {*texts, iris.name("dcterms:source")}
    path = tmp_path_factory.mktemp("hostile") / "hostile.nt"
    path.write_bytes(b"".join(f"{quad.subject} {quad.predicate} {quad.object} .\n".encode() for quad in sorted(changed, key=str)))
    return path


#: Whether all links lead to the web or to a file; those within pictures have no address but what is written.
LEADS_SOMEWHERE = """[...document.querySelectorAll('a')].every(
  (a) => /^(https?|file):$/.test(new URL(a.getAttribute('href'), document.baseURI).protocol))"""
#: Folders of which pages are opened, of each the first two; what is at the top is opened whole.
KINDS = ("claim", "study", "report", "entity", "mechanism")


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
        pages = tmp_path / "pages"
        here = visit(pages / "index.html")
        opened = [pages / page for page in PAGES if "/" not in page]
        for kind in KINDS:
            of_kind = sorted((pages / kind).glob("*.html"))[:2]
            assert of_kind, kind
            opened += of_kind
        for page in (*opened, pages / "question/studies.html", pages / "question/reports.html"):
            here.go(page)
            assert here.page.evaluate("window.hacked") is None
            assert here.page.locator("footer").count() == 1
            assert here.page.evaluate(LEADS_SOMEWHERE)
            assert here.overflow <= 0
            here.page.fill("#site-search", "<script")
            assert here.page.evaluate("window.hacked") is None
        assert not list(pages.rglob("*\u202e*"))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_json_in_a_page_ends_no_script(self, text: str) -> None:
        written = embedded_json({"label": text})
        assert json.loads(written) == {"label": text}
        assert not set("<>&\u2028\u2029") & set(written)

    def test_a_part_without_claims_is_refused(self, evidence: Evidence) -> None:
        with pytest.raises(InputError, match="nothing to show"):
            mechanism_map.shown(evidence.only(set()))
