"""Which tests run, and where: a plugin of pytest (see conftest.py).

A file says what it needs by one line, `pytestmark = pytest.mark.slow`, or a list of such marks. `-m "not slow and not browser and not
server"` leaves it out before it is imported, so that what it needs need not be there. Without a selection everything is imported, and
a package that is missing is an error.
"""

import re
from pathlib import Path

import pytest

_MARKS = re.compile(r"^pytestmark = (.*)$", re.MULTILINE)
_SERVER = Path(__file__).parents[1] / "src" / "k2graph" / "server"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file, one of whose own marks the selection denies, and the server's modules where it denies servers."""
    denied = _denied(config.getoption("markexpr"))
    if not denied:
        return None
    if collection_path == _SERVER:
        return "server" in denied or None
    if not (collection_path.name.startswith("test_") and collection_path.suffix == ".py"):
        return None
    line = _MARKS.search(collection_path.read_text(encoding="utf-8"))
    return (line is not None and not denied.isdisjoint(re.findall(r"pytest\.mark\.(\w+)", line[1]))) or None


def _denied(selection: str) -> set[str]:
    """The marks that a selection of the form `not this and not that` denies; none of any other form."""
    parts = [part.split() for part in selection.split(" and ")]
    return {part[1] for part in parts if len(part) == 2} if all(part[:1] == ["not"] and len(part) == 2 for part in parts) else set()


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Use every processor where pytest-xdist is there and the command line does not say how many (`-n 0`: this process alone)."""
    # A worker of pytest-xdist must not distribute once more.
    if not config.pluginmanager.hasplugin("xdist") or hasattr(config, "workerinput"):
        return
    if config.option.numprocesses is None:
        config.option.numprocesses = "auto"
    # Each process has its part in one piece, so that what a file's tests share is made once, and who is done takes half of what another
    # has left: no process waits for the one with the dear files.
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "worksteal"
