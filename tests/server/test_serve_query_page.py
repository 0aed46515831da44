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


def test_questions_are_examples(page: Page, graph: k2graph.Graph) -> None:
    page.goto("/query")
    choice = page.get_by_label("Begin with a question")
    assert choice.locator("option").count() == len(read_questions())
    choice.select_option(value="contested-claims")
    page.get_by_role("button", name="Show its query").click()
    page.wait_for_url("**/query?example=contested-claims")
    assert choice.input_value() == "contested-claims"
    assert page.locator("main a[href='questions/contested-claims']").count() == 1
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
    "path",
    [
        "/query",
        "/query?" + urllib.parse.urlencode({"query": SELECT}),
        "/query?query=x",
        "/query?example=paths",
        "/questions/drug-interactions",
        "/questions/paths?from=x",
        "/nothing",
        "/finding",
    ],
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


def written(page: Page) -> str:
    return page.get_by_label("Query", exact=True).input_value()


def write(page: Page, text: str) -> None:
    """Write as a person does, in the place of what stands there."""
    page.get_by_label("Query", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def offered(page: Page) -> list[str]:
    return page.locator("[role=listbox] [role=option] code").all_inner_texts()


def chosen(page: Page) -> str:
    """The completion that a reader of the screen is told."""
    option = page.get_by_label("Query", exact=True).get_attribute("aria-activedescendant")
    return page.locator(f"#{option}[aria-selected=true] code").inner_text() if option else ""


def coloured(page: Page, kind: str) -> list[str]:
    return page.locator(f".under .is-{kind}").all_inner_texts()


def test_what_is_written_is_coloured_and_stays_the_text_that_is_sent(page: Page) -> None:
    page.goto("/query")
    query = 'SELECT ?form # forms\n{ ?form k2g:formOf <a:b> ; rdfs:label "it\'s # no comment"@en FILTER(1 < 2) }'
    page.get_by_label("Query", exact=True).fill(query)
    assert page.locator(".under").text_content() == query + "\u200b"
    assert coloured(page, "keyword") == ["SELECT", "FILTER"]
    assert coloured(page, "comment") == ["# forms"]
    assert coloured(page, "variable") == ["?form", "?form"]
    assert coloured(page, "name") == ["k2g:formOf", "rdfs:label"]
    assert coloured(page, "string") == ['"it\'s # no comment"']
    assert coloured(page, "number") == ["1", "2"]
    assert coloured(page, "iri") == ["<a:b>"]


def test_the_colours_lie_where_the_letters_are(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/query?example=evidence-for-claim")
    # Both wrap alike: a query that is longer than its place is scrolled as far in the one as in the other.
    sizes = page.evaluate("[...document.querySelectorAll('#text, .under')].map((each) => [each.clientWidth, each.scrollHeight])")
    assert abs(sizes[0][0] - sizes[1][0]) <= 0
    assert abs(sizes[0][1] - sizes[1][1]) <= 1
    page.get_by_label("Query", exact=True).evaluate("(area) => { area.scrollTop = 1e6; }")
    page.wait_for_function("document.querySelector('.under').scrollTop === document.getElementById('text').scrollTop")
    assert page.evaluate("document.querySelector('.under').scrollTop") > 0


def test_a_prefix_and_then_a_property_are_completed_by_keyboard(page: Page) -> None:
    page.goto("/query")
    write(page, "SELECT * { ?s rdf")
    assert offered(page)[:2] == ["rdf:", "rdfs:"]
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "rdfs:"
    page.keyboard.press("Tab")
    assert written(page) == "SELECT * { ?s rdfs:"
    assert "rdfs:label" in offered(page)
    page.keyboard.type("lab")
    assert offered(page) == ["rdfs:label"]
    page.keyboard.press("Enter")
    assert written(page) == "SELECT * { ?s rdfs:label"
    assert offered(page) == []
    page.keyboard.press("Control+Z")
    assert written(page) == "SELECT * { ?s rdfs:lab"


def test_properties_and_classes_are_found_by_name_and_label_with_what_they_mean(page: Page) -> None:
    page.goto("/query")
    write(page, "SELECT * { ?s k2g:formO")
    assert chosen(page) == "k2g:formOf"
    assert "property: " in page.locator("[role=option][aria-selected=true]").inner_text()
    write(page, "SELECT * { ?s a k2g:")
    page.wait_for_function("document.querySelector('.completions small')?.textContent.startsWith('class')")
    # k2g:ReachClaim is called "reach claim".
    write(page, "SELECT * { ?s a k2g:clai")
    assert {"k2g:Claim", "k2g:ReachClaim"} <= set(offered(page))
    write(page, "SELECT * { ?s findi")
    assert "k2g:Finding" in offered(page)


def test_variables_and_declared_prefixes_are_completed(page: Page) -> None:
    page.goto("/query")
    write(page, "PREFIX voc: <https://w3id.org/k2graph/ontology#> SELECT * { ?subject voc:formO")
    assert offered(page) == ["voc:formOf"]
    page.keyboard.press("Tab")
    page.keyboard.type(" ?su")
    assert offered(page) == ["?subject"]
    write(page, "PREFIX sko")
    assert offered(page) == ["skos: <http://www.w3.org/2004/02/skos/core#>"]


def test_things_of_the_graph_are_completed_once_the_site_is_made(page: Page, serving: Served) -> None:
    serving.settled(2)
    page.goto("/query")
    write(page, "SELECT * { entity:mk-")
    assert {"entity:mk-4", "entity:mk-7"} <= set(offered(page))
    write(page, "SELECT * { claim:mk-7-level-dp")
    assert chosen(page) == "claim:mk-7-level-dp-ucmgp"


def test_escape_closes_and_tab_then_leaves(page: Page) -> None:
    page.goto("/query")
    write(page, "SELECT * { ?s k2g:formO")
    assert offered(page) != []
    page.keyboard.press("Escape")
    assert offered(page) == []
    page.keyboard.press("Tab")
    assert written(page) == "SELECT * { ?s k2g:formO"
    assert page.evaluate("document.activeElement.textContent") == "Ask"


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p 'k2g:form'", "# k2g:for", "SELECT * { ?s a k2g:Claim", "SELECT * { ?s a <k2g:form>"])
def test_nothing_is_offered_in_comments_and_strings_nor_for_what_is_whole(page: Page, text: str) -> None:
    page.goto("/query")
    write(page, text)
    if text[-1] in "'>":
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("O")
    assert offered(page) == []


def test_completion_is_for_everyone(page: Page) -> None:
    page.goto("/query")
    write(page, "SELECT * { ?s k2g:formO")
    assert page.get_by_label("Query", exact=True).get_attribute("aria-controls") == page.locator("[role=listbox]").get_attribute("id")
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert [each["id"] for each in found] == []


def test_ctrl_enter_asks(page: Page, graph: k2graph.Graph) -> None:
    page.goto("/query")
    write(page, SELECT)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("tbody")
    assert len(cells(page)) == len(graph.rows(SELECT))


def test_an_error_is_shown_at_its_place(page: Page) -> None:
    # By hand: before `zzz:b` there are `{ ?s ?p '`, of nine characters, one that JavaScript has as two, and `' ; `, of four.
    query = "SELECT *\n{ ?s ?p '\U0001f34a' ; zzz:b 1 }"
    page.goto("/query?" + urllib.parse.urlencode({"query": query}))
    alert = page.get_by_role("alert")
    assert alert.inner_text().startswith("This is no SPARQL. Line 2, column 15: the prefix zzz: is not declared")
    assert alert.locator("mark").inner_text() == "zzz:b"
    assert page.locator(".under .wrong").all_inner_texts() == ["zzz:b"]
    area = page.get_by_label("Query", exact=True)
    assert area.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{area.get_attribute('aria-describedby')}").inner_text() == alert.inner_text()
    page.get_by_role("link", name="Line 2, column 15").click()
    assert page.evaluate("document.activeElement.id") == "text"
    assert area.evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)") == "zzz:b"
    page.keyboard.type("k2g:b")
    assert page.locator(".under .wrong").count() == 0
    assert area.get_attribute("aria-invalid") is None


def test_an_error_at_the_end_has_a_place_too(page: Page) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": "SELECT *\r\nWHERE { ?s ?p ?o"}))
    assert "Line 2, column 17" in page.get_by_role("alert").inner_text()
    assert page.locator(".under .wrong").count() == 1
    page.get_by_role("link", name="Line 2, column 17").click()
    area = page.get_by_label("Query", exact=True)
    assert area.evaluate("(area) => area.selectionStart") == len("SELECT *\nWHERE { ?s ?p ?o")


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        (SELECT, {"CSV": "text/csv", "TSV": "text/tab-separated-values", "JSON": "application/sparql-results+json",
                  "XML": "application/sparql-results+xml"}),
        ("ASK { entity:mk-7 k2g:formOf entity:vitamin-k2 }",
         {"JSON": "application/sparql-results+json", "XML": "application/sparql-results+xml"}),
        ("DESCRIBE entity:mk-7", {"Turtle": "text/turtle", "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json",
                                  "RDF/XML": "application/rdf+xml"}),
    ],
)  # fmt: skip
def test_an_answer_can_be_taken_away(page: Page, serving: Served, query: str, forms: dict[str, str]) -> None:
    page.goto("/query?" + urllib.parse.urlencode({"query": query}))
    links = page.locator(".downloads a")
    assert links.all_inner_texts() == list(forms)
    for link, media_type in zip(links.all(), forms.values(), strict=True):
        file = serving.client.get("/" + str(link.get_attribute("href")))
        assert file.status_code == 200
        assert file.headers["Content-Type"].partition(";")[0] == media_type
        assert file.content == serving.client.get("/sparql", params={"query": query}, headers={"Accept": media_type}).content
    with page.expect_download() as download:
        links.first.click()
    assert download.value.suggested_filename.startswith("answer.")


def test_without_a_script_it_asks_and_says_what_is_wrong(serving: Served, browser: Browser, graph: k2graph.Graph) -> None:
    context = browser.new_context(base_url=str(serving.client.base_url), java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/query")
        page.get_by_label("Query", exact=True).fill(SELECT)
        page.get_by_role("button", name="Ask").click()
        assert len(cells(page)) == len(graph.rows(SELECT))
        page.goto("/query?" + urllib.parse.urlencode({"query": "SELECT * { ?s zzz:b 1 }"}))
        assert page.get_by_role("alert").locator("mark").inner_text() == "zzz:b"
        assert not page.locator("#keys").is_visible()
    finally:
        context.close()


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence", "root"),
    [
        ("GET", "/nothing", 404, "There is no page nothing.", ""),
        ("GET", "/claim/nothing.html", 404, "There is no page claim/nothing.html.", "../"),
        ("GET", "/entity/nothing", 404, "Nothing is known of https://w3id.org/k2graph/entity/nothing.", "../"),
        ("GET", "/a%2Fb/c", 404, "There is no page a/b/c.", "../"),
        ("GET", "/questions/contested-claim", 404, "did you mean &#39;contested-claims&#39;", "../"),
        ("GET", "/query?colour=red", 400, "No parameter &#39;colour&#39; here; there are: query, example.", ""),
        ("POST", "/query", 405, "This method is not answered here.", ""),
        ("GET", "/sparql?query=SELECT%20nonsense", 400, "Not a SPARQL query: error at 1:16", ""),
        ("GET", "/<script>alert(1)<%2Fscript>", 404, "There is no page &lt;script&gt;alert(1)&lt;/script&gt;.", ""),
    ],
)  # fmt: skip
def test_errors_are_pages_for_browsers_and_text_for_others(
    serving: Served, method: str, path: str, status: int, sentence: str, root: str
) -> None:
    page = serving.client.request(method, path, headers=BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert sentence in page.text
    assert f'<a href="{root}index.html">Overview</a>' in page.text
    assert f'<nav aria-label="Pages"><a href="{root}index.html">' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Accept" in page.headers["Vary"]
    for accept in ("*/*", "application/json", "text/csv"):
        other = serving.client.request(method, path, headers={"Accept": accept})
        assert other.headers["Content-Type"].partition(";")[0] in {"text/plain", "application/json"}
        assert other.status_code in {status, 406}


def test_a_query_that_is_too_long_is_told_on_a_page(serving: Served) -> None:
    page = serving.client.post("/sparql", data={"query": "x" * 100_001}, headers=BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "The query is longer than 100,000 bytes." in page.text


def test_asking_again_changes_nothing_of_the_query(page: Page) -> None:
    page.goto("/query")
    write(page, "SELECT *\n{ ?s ?p 1 }\nLIMIT 1")
    for _ in range(2):
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("[role=status]:has-text('row')")
        assert written(page) == "SELECT *\n{ ?s ?p 1 }\nLIMIT 1"
        page.get_by_label("Query", exact=True).focus()


def test_an_error_leads_back_to_the_query(page: Page) -> None:
    page.goto("/sparql?" + urllib.parse.urlencode({"query": "SELECT nonsense"}))
    page.get_by_role("link", name="Change the query").click()
    assert written(page) == "SELECT nonsense"
    assert page.get_by_role("alert").is_visible()


def test_what_may_pass_can_be_tried_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("serve"), "--timeout", "1", "--max-concurrent", "1", "--no-pages") as hasty:
        asked = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}
        page = hasty.client.get("/sparql", params=asked, headers=BROWSER)
        assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert "The query took longer than 1 s" in page.text
        assert '<a href="">Try again</a>' in page.text
        # There is no site, so that nothing leads to its pages or asks for its scripts.
        assert "questions.html" not in page.text
        assert "<script" not in page.text


def test_a_query_that_takes_too_long_says_so_on_the_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("serve"), "--timeout", "1", "--max-concurrent", "1", "--no-pages") as hasty:
        response = hasty.client.get("/query", params={"query": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
        assert response.status_code == 503
        assert "longer than 1 s" in response.text
        assert response.headers["Content-Type"].startswith("text/html")
