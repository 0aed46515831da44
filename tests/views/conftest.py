"""What the tests of pages share: the browser, a visit to a page, the map and the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Open, Visit, running

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

    def go(path: Path, width: int = 1280, height: int = 900, scheme: str = "light") -> Visit:
        opened.append(Visit(browser, path, width, height, scheme))
        return opened[-1]

    yield go
    wrongs = [wrong for each in opened for wrong in each.wrongs]
    for each in opened:
        each.close()
    assert wrongs == []


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
