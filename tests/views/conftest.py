"""What the tests of pages share: the browser, a visit to a page, the map and the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Open, Visit, running
from shared import Shared

import k2graph
from k2graph.views.site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a page; at the end nothing may have gone wrong in any."""
    opened: list[Visit] = []

    def go(path: Path, width: int = 1280, height: int = 900, scheme: str = "light", anchor: str = "") -> Visit:
        opened.append(Visit(browser, path, width, height, scheme, anchor))
        return opened[-1]

    yield go
    wrongs = [wrong for each in opened for wrong in each.wrongs]
    for each in opened:
        each.close()
    assert wrongs == []


@pytest.fixture(scope="session")
def site(graph: k2graph.Graph, shared: Shared) -> Path:
    return shared.once("site", lambda folder: write_site(graph, folder / "pages")) / "pages"


@pytest.fixture(scope="session")
def map_file(graph: k2graph.Graph, shared: Shared) -> Path:
    return shared.once("map", lambda folder: graph.view().save(folder / "map.html")) / "map.html"
