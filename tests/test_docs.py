"""What the documentation shows is what happens: every console block and every table is made anew, every Python block is a doctest.

`python tests/test_docs.py` writes the outputs into the documents after a change that was meant.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_CONSOLE = re.compile(r"```console\n\$ (.*)\n((?:.*\n)*?)```")
#: A Markdown answer that stands in the document as a table: the command in a comment before it, the comment's end after it.
_TABLE = re.compile(r"<!-- (k2graph .* --format md) -->\n((?:.*\n)*?)<!-- end -->")


def output_of(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "k2graph", f"only k2graph is run from the documentation, not {program}"
    environment = {**os.environ, "COLUMNS": "110"}
    done = subprocess.run(
        [sys.executable, "-m", "k2graph", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def blocks() -> list[tuple[Path, str, str]]:
    texts = [(path, path.read_text(encoding="utf-8")) for path in DOCUMENTS]
    return [(path, *match.groups()) for path, text in texts for pattern in (_CONSOLE, _TABLE) for match in pattern.finditer(text)]


@pytest.mark.parametrize(("path", "command", "shown"), blocks(), ids=[f"{path.name}: {command[:60]}" for path, command, _ in blocks()])
def test_console_block_shows_what_the_command_prints(path: Path, command: str, shown: str) -> None:
    assert shown == output_of(command), f"{path.name} is out of date; run: python tests/test_docs.py"


def test_python_blocks_run() -> None:
    for path in DOCUMENTS:
        failures, _ = doctest.testfile(str(path), module_relative=False)
        assert failures == 0, path.name


def test_every_command_and_question_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = subprocess.run([sys.executable, "-m", "k2graph", "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^    ([a-z]+)  ", listed, re.MULTILINE)
    assert {"ask", "view", "site", "export", "push"} <= set(commands)
    assert [command for command in commands if f"k2graph {command}" not in readme] == []
    assert all(path.stem in readme for path in (ROOT / "queries").glob("*.rq"))


if __name__ == "__main__":
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        renewed = _CONSOLE.sub(lambda match: f"```console\n$ {match[1]}\n{output_of(match[1])}```", text)
        renewed = _TABLE.sub(lambda match: f"<!-- {match[1]} -->\n{output_of(match[1])}<!-- end -->", renewed)
        document.write_text(renewed, encoding="utf-8")
