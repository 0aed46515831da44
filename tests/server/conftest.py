"""What the tests of the server share: one that runs, for the tests that only ask, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import running
from k2graph_server import Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    # The whole graph is asked of it in every syntax, on whatever machine: what a limit does, other servers show.
    with served(tmp_path_factory.mktemp("serve"), "--metrics", "--timeout", "120") as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running() as browser:
        yield browser
