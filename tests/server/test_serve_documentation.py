"""What docs/reference/endpoint.md shows is what happens; `python tools/renew_docs.py` writes the outputs anew."""

import re
import subprocess
import sys

import pytest
from debian import program
from k2graph_server import Served
from renew_docs import ADDRESS, ENDPOINT, ROOT, answer, requests

pytestmark = pytest.mark.server

REQUESTS = requests()


@pytest.mark.parametrize(("command", "shown"), REQUESTS, ids=[command[-60:] for command, _ in REQUESTS])
def test_an_example_prints_what_is_shown(serving: Served, command: str, shown: str) -> None:
    program("curl", "curl")
    serving.settled(2)
    assert answer(command, serving.port) == shown, "docs/reference/endpoint.md is out of date; run: python tools/renew_docs.py"


def test_every_path_and_option_is_told(serving: Served) -> None:
    page = ENDPOINT.read_text(encoding="utf-8")
    assert len(REQUESTS) >= 15
    told = subprocess.run([sys.executable, "-m", "k2graph", "serve", "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z-]+", told)) - {"--help", "--host", "--port", "--data"}
    both = page + (ROOT / "docs" / "how-to" / "deploy.md").read_text(encoding="utf-8")
    assert [option for option in sorted(options) if option not in both] == []
    paths = set(re.findall(r"`(/[a-z-./?]*)`", page.partition("## SPARQL")[0]))
    assert {"/", "/sparql", "/store?default", "/questions", "/health", "/metrics"} <= paths
    for path in paths:
        assert serving.client.get(path).status_code == 200, path


def test_python_examples_run(serving: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    blocks = re.findall(r"```python\n((?:.*\n)*?)```", ENDPOINT.read_text(encoding="utf-8"))
    assert len(blocks) == 2
    for block, name in zip(blocks, ("rows", "claims"), strict=True):
        made: dict[str, object] = {}
        exec(block.replace(ADDRESS, f"127.0.0.1:{serving.port}"), made)
        assert len(made[name]) > 1  # type: ignore[arg-type]
