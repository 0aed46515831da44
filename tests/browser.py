"""A real browser for the tests: Debian's Chromium, cut off from the network, that notes whatever goes wrong in a page.

A folder's conftest.py imports it even where no test of the folder runs, so that what drives the browser is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from debian import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: A page of each kind of the site.
PAGES = (
    "index.html", "map.html", "mechanisms.html", "gap-map.html", "claims.html", "studies.html", "findings.html", "reports.html",
    "things.html",
    "questions.html", "timeline.html", "searches.html", "how-it-decides.html", "claim/mk-7-level-arterial-stiffness.html",
    "study/avadec.html", "study/health-abc.html", "report/pmid-16801507.html", "entity/mk-7.html", "entity/warfarin.html",
    "mechanism/mgp-calcification-events.html", "question/drug-interactions.html",
    "question/mechanisms-lacking-human-rct-support.html",
)  # fmt: skip


@contextmanager
def running() -> Iterator[Browser]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root has no sandbox for it; the pages are this project's own.
        browser = playwright.chromium.launch(executable_path=program("chromium", "chromium", "fonts-dejavu-core"), args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page as a reader has it: offline, with all that went wrong in `wrongs`."""

    def __init__(self, browser: Browser, path: Path, width: int = 1280, height: int = 900, scheme: str = "light", anchor: str = "") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True)  # type: ignore[arg-type]
        self.context.set_offline(True)
        self.page: Page = self.context.new_page()
        self.wrongs: list[str] = []
        self.page.on("console", lambda message: self.wrongs.append(message.text) if message.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        # What a page was still loading when it was left is no fault of its.
        self.page.on(
            "requestfailed",
            lambda request: self.wrongs.append(f"not loaded: {request.url}") if request.failure != "net::ERR_ABORTED" else None,
        )
        self.page.on("request", lambda request: self.wrongs.append(request.url) if request.url.startswith("http") else None)
        self.page.on("dialog", lambda dialog: (self.wrongs.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.go(path, anchor)

    def go(self, path: Path, anchor: str = "") -> None:
        self.page.goto(path.as_uri() + anchor)

    @property
    def overflow(self) -> int:
        """By how many pixels the page is wider than the window, as soon as its style sheets are there."""
        self.page.wait_for_load_state()
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def resize(self, width: int, height: int) -> None:
        """Make the window as wide and as high, as a reader does who turns a tablet."""
        self.page.set_viewport_size({"width": width, "height": height})

    def close(self) -> None:
        self.context.close()


Open = Callable[..., Visit]


def shown(visit: Visit) -> set[str]:
    return {each for each in visit.page.evaluate("k2graphMap.visible()") if each.startswith("claim:")}


def count(visit: Visit) -> int:
    return int(visit.page.evaluate("+document.body.dataset.claims"))


#: Of rows that are made of the same elements, three stay: the checker looks at every cell against every other.
_ONE_OF_A_KIND = """
document.querySelectorAll('tbody').forEach((body) => {
  const seen = new Set();
  [...body.rows].forEach((row, place) => {
    const kinds = [row, ...row.querySelectorAll('*')].map((each) => [each.tagName, each.className, ...each.getAttributeNames()].join());
    if (place >= 3 && kinds.every((kind) => seen.has(kind))) row.remove();
    kinds.forEach((kind) => seen.add(kind));
  });
})
"""


def serious(visit: Visit) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    visit.page.wait_for_load_state()
    visit.page.evaluate(_ONE_OF_A_KIND)
    # Preloading style sheets would be a connection, which the pages' policy forbids. Only what is wrong is told in full: describing
    # each part that is in order takes half of the time.
    found = Axe().run(visit.page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary'][:300]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
