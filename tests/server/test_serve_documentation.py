"""What docs/endpoint.md shows is what happens; `python tests/server/test_serve_documentation.py` writes the outputs anew."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "endpoint.md"
ADDRESS = "127.0.0.1:7878"
_BLOCK = re.compile(r"```shell-session\n\$ ((?:.*\\\n)*.*)\n((?:.*\n)*?)```")

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))

from debian import program  # noqa: E402
from served import Served, served  # noqa: E402


def output_of(command: str, port: int) -> str:
    """What a command prints where the server is the one at a port."""
    assert command.startswith("curl "), command
    program("curl", "curl")
    here = f"127.0.0.1:{port}"
    environment = {**os.environ, "no_proxy": "*"}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace(ADDRESS, here)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = done.stdout.replace(here, ADDRESS)
    return text if text.endswith("\n") else text + "\n"


BLOCKS = [match.groups() for match in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command[-60:] for command, _ in BLOCKS])
def test_an_example_prints_what_is_shown(serving: Served, command: str, shown: str) -> None:
    serving.settled(2)
    assert output_of(command, serving.port) == shown, "out of date; run: python tests/server/test_serve_documentation.py"


def test_every_path_and_option_is_told(serving: Served) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(BLOCKS) >= 15
    told = subprocess.run([sys.executable, "-m", "k2graph", "serve", "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z-]+", told)) - {"--help", "--host", "--port", "--data"}
    both = page + (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert [option for option in sorted(options) if option not in both] == []
    paths = set(re.findall(r"`(/[a-z-./?]*)`", page.partition("## SPARQL")[0]))
    assert {"/", "/sparql", "/store?default", "/questions", "/health", "/metrics"} <= paths
    for path in paths:
        assert serving.client.get(path).status_code == 200, path


def test_python_examples_run(serving: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    blocks = re.findall(r"```python\n((?:.*\n)*?)```", PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 2
    for block, name in zip(blocks, ("rows", "claims"), strict=True):
        made: dict[str, object] = {}
        exec(block.replace(ADDRESS, f"127.0.0.1:{serving.port}"), made)
        assert len(made[name]) > 1  # type: ignore[arg-type]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), "--metrics") as server:
        server.settled(2)
        page = PAGE.read_text(encoding="utf-8")
        renewed = _BLOCK.sub(lambda match: f"```shell-session\n$ {match[1]}\n{output_of(match[1], server.port)}```", page)
    PAGE.write_text(renewed, encoding="utf-8")
