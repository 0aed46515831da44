"""What the documentation shows is what happens: every console block and every table is made anew, every Python block is a doctest.

`python tools/renew_docs.py` writes the outputs into the documents after a change that was meant.
"""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest
from renew_docs import DOCUMENTS, ROOT, commands, output

SHOWN = [(document, *each) for document in DOCUMENTS for each in commands(document)]


@pytest.mark.parametrize(("path", "command", "shown"), SHOWN, ids=[f"{path.name}: {command[:60]}" for path, command, _ in SHOWN])
def test_console_block_shows_what_the_command_prints(path: Path, command: str, shown: str) -> None:
    assert shown == output(command), f"{path.name} is out of date; run: python tools/renew_docs.py"


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
