"""Which tests run, and where: a plugin of pytest (see conftest.py).

A file says what it needs by one line, `pytestmark = pytest.mark.slow`, or a list of such marks. `-m "not slow and not browser and not
server"` leaves it out before it is imported, so that what it needs need not be there: this selection runs with the plain install and
pytest alone (see test_installs.py). Without a selection everything is imported, and a package that is missing is an error.

A test that needs what k2graph[all] brings is marked `extras`, and runs in that selection where all of it is there. Where it is not, the
report's head says so.
"""

import importlib.util
import re
from pathlib import Path

import pytest

_MARKS = re.compile(r"^pytestmark = (.*)$", re.MULTILINE)
_TESTS = Path(__file__).parent
_SERVER = _TESTS.parent / "src" / "k2graph" / "server"
#: A package of each extra, by the name under which it is imported.
_EXTRAS = ("docx", "matplotlib", "mcp", "ndex2", "openpyxl", "pandas", "prometheus_client", "pyarrow", "pybtex", "pylatexenc", "rispy",
           "scipy", "starlette", "statsmodels", "uvicorn")  # fmt: skip


def _missing(config: pytest.Config) -> list[str]:
    """What tests marked `extras` would miss, where a selection may leave them out."""
    return [name for name in _EXTRAS if not importlib.util.find_spec(name)] if "slow" in _denied(config.getoption("markexpr")) else []


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is left out for want of a package."""
    missing = _missing(config)
    return [f"tests marked extras are left out for want of {', '.join(missing)}: pip install 'k2graph[all]'"] if missing else []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a selection leaves out for want of a package."""
    if _missing(config):
        left = [item for item in items if item.get_closest_marker("extras")]
        items[:] = [item for item in items if not item.get_closest_marker("extras")]
        config.hook.pytest_deselected(items=left)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file, one of whose own marks the selection denies, and the server's modules where it denies servers."""
    denied = _denied(config.getoption("markexpr"))
    if not denied:
        return None
    if collection_path == _SERVER:
        return "server" in denied or None
    if collection_path.suffix != ".py" or _TESTS not in collection_path.parents:
        return None
    if not collection_path.name.startswith("test_"):
        return True  # what tests share has no test itself
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
