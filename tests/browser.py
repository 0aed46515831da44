"""A real browser for the tests: Debian's Chromium, cut off from the network, that notes whatever goes wrong in a page.

A plugin of pytest (see conftest.py), whose fixtures are the browser, a visit to a page, the map and the site.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from debian import program
from playwright.sync_api import Browser, Page, sync_playwright

import k2graph
from k2graph.evidence.model import Evidence
from k2graph.views.site import write_site

#: A page of each kind of the site.
PAGES = (
    "index.html", "map.html", "mechanisms.html", "gap-map.html", "claims.html", "studies.html", "things.html", "questions.html",
    "timeline.html", "how-it-decides.html", "claim/mk-7-level-arterial-stiffness.html", "study/pmid-17287908.html", "entity/mk-7.html",
    "entity/warfarin.html", "mechanism/mgp-calcification-events.html", "question/drug-interactions.html",
    "question/mechanisms-lacking-human-rct-support.html",
)  # fmt: skip


@contextmanager
def running() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        # Root has no sandbox for it; the pages are this project's own.
        browser = playwright.chromium.launch(executable_path=program("chromium", "chromium", "fonts-dejavu-core"), args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page as a reader has it: offline, with all that went wrong in `wrongs`."""

    def __init__(self, browser: Browser, path: Path, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True)  # type: ignore[arg-type]
        self.context.set_offline(True)
        self.page: Page = self.context.new_page()
        self.wrongs: list[str] = []
        self.page.on("console", lambda message: self.wrongs.append(message.text) if message.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        self.page.on("requestfailed", lambda request: self.wrongs.append(f"not loaded: {request.url}"))
        self.page.on("request", lambda request: self.wrongs.append(request.url) if request.url.startswith("http") else None)
        self.page.on("dialog", lambda dialog: (self.wrongs.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.go(path)

    def go(self, path: Path, anchor: str = "") -> None:
        self.page.goto(path.as_uri() + anchor)

    @property
    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def close(self) -> None:
        self.context.close()


Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a page; at the end nothing may have gone wrong in any."""
    opened: list[Visit] = []

    def go(path: Path, width: int = 1280, height: int = 900, scheme: str = "light") -> Visit:
        opened.append(Visit(browser, path, width, height, scheme))
        return opened[-1]

    yield go
    wrongs = [wrong for each in opened for wrong in each.wrongs]
    for each in opened:
        each.close()
    assert wrongs == []


@pytest.fixture(scope="module")
def evidence(graph: k2graph.Graph) -> Evidence:
    return graph.evidence()


@pytest.fixture(scope="module")
def site(graph: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "pages"
    write_site(graph, folder)
    return folder


@pytest.fixture(scope="module")
def map_file(graph: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "map.html"
    graph.view().save(path)
    return path


def shown(visit: Visit) -> set[str]:
    return {each for each in visit.page.evaluate("k2graphMap.visible()") if each.startswith("claim:")}


def count(visit: Visit) -> int:
    return int(visit.page.evaluate("+document.body.dataset.claims"))


def serious(visit: Visit) -> list[str]:
    # A long table is like its beginning; the checker looks at every cell against every other.
    visit.page.evaluate("document.querySelectorAll('tbody').forEach((body) => [...body.rows].slice(40).forEach((row) => row.remove()))")
    # Preloading style sheets would be a connection, which the pages' policy forbids.
    found = Axe().run(visit.page, options={"preload": False}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary'][:300]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
