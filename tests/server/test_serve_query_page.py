"""The page for queries, in a real browser: by keyboard, without a script of its own, and nothing that a query answers is run."""

import urllib.parse
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from k2graph_server import Served, served
from playwright.sync_api import Browser, Page

import k2graph
from k2graph.sparql.questions import read_questions

pytestmark = [pytest.mark.server, pytest.mark.browser]

SELECT = "SELECT ?form ?label WHERE { ?form k2g:formOf entity:vitamin-k2 ; rdfs:label ?label } ORDER BY ?label"
HOSTILE = """SELECT ('<img src=x onerror=alert(1)>' AS ?a) (<javascript:alert(1)> AS ?b)
  ('</textarea><script>alert(2)</script>' AS ?c) WHERE { }"""


@pytest.fixture
def page(serving: Served, browser: Browser) -> Iterator[Page]:
    """A page in which nothing may go wrong and which asks nobody but the server."""
    context = browser.new_context(base_url=str(serving.client.base_url))
    page = context.new_page()
    wrongs: list[str] = []
    page.on("console", lambda message: wrongs.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("dialog", lambda dialog: (wrongs.append("dialog"), dialog.dismiss()))
    page.on(
        "request", lambda asked: wrongs.append(asked.url) if not asked.url.startswith((str(serving.client.base_url), "data:")) else None
    )
    yield page
    context.close()
    # Chromium reports every answer that is not 2xx as an error of the page.
    assert [wrong for wrong in wrongs if "the server responded with a status of 4" not in wrong] == []


def cells(page: Page) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]


def test_a_query_is_asked_by_keyboard_and_its_address_can_be_passed_on(page: Page, graph: k2graph.Graph) -> None:
    page.goto("/query")
    page.get_by_label("Query", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(SELECT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody")
    expected = [[row["form"], row["label"]] for row in graph.rows(SELECT)]
    assert cells(page) == expected
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query) == {"query": [SELECT]}
    page.goto(page.url)
    assert cells(page) == expected
    assert page.get_by_label("Query", exact=True).input_value() == SELECT


def test_things_lead_to_their_pages(page: Page) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": SELECT}))
    page.locator("tbody a").first.click()
    page.wait_for_url("**/entity/*.html")
    page.locator(".top nav").get_by_text("Query").click()
    page.wait_for_url("**/query")


def test_the_query_that_stands_there_first_is_answered(page: Page) -> None:
    page.goto("/query")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_selector("tbody")
    assert len(cells(page)) == 20


@pytest.mark.parametrize(
    ("query", "said"), [("ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }", "Yes."), ("ASK { <a:a> <b:b> 1 }", "No.")]
)
def test_truth_is_told(page: Page, query: str, said: str) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": query}))
    assert page.get_by_role("status").inner_text() == said


def test_a_graph_is_a_table_of_three_columns(page: Page) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": "DESCRIBE entity:mk-7"}))
    assert page.locator("thead th").all_inner_texts() == ["subject", "predicate", "object"]
    assert len(cells(page)) > 5


@pytest.mark.parametrize(
    "query", ["SELECT nonsense", "CLEAR ALL", "SELECT * WHERE { SERVICE <http://localhost> { } }", HOSTILE[:-1].replace("\n", " ")]
)
def test_what_is_wrong_is_said_and_the_query_kept(page: Page, serving: Served, query: str) -> None:
    address = "/query?" + urllib.parse.urlencode({"query": query})
    assert serving.client.get(address).status_code in {400, 403}
    page.goto(address)
    assert len(page.get_by_role("alert").inner_text()) > 20
    assert page.get_by_label("Query", exact=True).input_value() == query


def test_nothing_that_is_answered_is_run(page: Page) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": HOSTILE}))
    assert cells(page) == [["<img src=x onerror=alert(1)>", "javascript:alert(1)", "</textarea><script>alert(2)</script>"]]
    assert page.locator("tbody a").count() == 0
    assert page.locator("main img, main script").count() == 0
    assert page.get_by_label("Query", exact=True).input_value().split() == HOSTILE.split()


def test_questions_are_examples(page: Page, serving: Served, graph: k2graph.Graph) -> None:
    page.goto("/query")
    page.get_by_text("Questions to begin with").click()
    assert (
        page.locator("details ul a[href^='query?']").count()
        == page.locator("details ul a[href^='questions/']").count()
        == len(read_questions())
    )
    page.locator("details ul a[href$='=contested-claims']").click()
    page.wait_for_url("**=contested-claims")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_selector("tbody")
    assert len(cells(page)) == len(graph.ask("contested-claims"))


def test_prefixes_are_shown(page: Page) -> None:
    page.goto("/query")
    page.locator("summary", has_text="Prefixes").click()
    assert "PREFIX k2g: <https://w3id.org/k2graph/ontology#>" in page.locator("details pre").inner_text()


def test_many_rows_are_counted_and_the_first_are_shown(page: Page) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": "SELECT * WHERE { ?s ?p ?o } LIMIT 1500"}))
    assert page.get_by_role("status").inner_text().startswith("1500 rows; the first 1000 are shown")
    assert page.locator("tbody tr").count() == 1000


def test_a_question_is_asked_through_its_form(page: Page, graph: k2graph.Graph) -> None:
    page.goto("/questions/drug-interactions")
    page.locator("input[name=drug]").fill("warfarin")
    page.locator("input[name=drug]").press("Enter")
    page.wait_for_url("**drug=warfarin**")
    assert len(cells(page)) == len(graph.ask("drug-interactions", drug="warfarin"))
    assert len(graph.ask("drug-interactions")) > len(cells(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/query", "/query?" + urllib.parse.urlencode({"query": SELECT}), "/query?query=x", "/questions/drug-interactions", "/finding"]
)
def test_pages_are_for_everyone(page: Page, graph: k2graph.Graph, scheme: str, path: str) -> None:
    if path == "/finding":
        path = "/" + graph.rows("SELECT ?f WHERE { ?f a k2g:Finding } ORDER BY ?f LIMIT 1")[0]["f"].replace(":", "/")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []


def test_a_query_that_takes_too_long_says_so_on_the_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("serve"), "--timeout", "1", "--max-concurrent", "1", "--no-pages") as hasty:
        response = hasty.client.get("/query", params={"query": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
        assert response.status_code == 503
        assert "longer than 1 s" in response.text
        assert response.headers["Content-Type"].startswith("text/html")
