"""Run docs/tutorial/your-nutrient.md from an empty folder, and write into it what its commands print: `python tools/run_tutorial.py`.

What stands in blocks of `sh` is done, one block after another; blocks of `console` show a command and what it prints. Those of `shell` need
the network, and are left out. The tests run the same with the installed wheel, and compare.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial" / "your-nutrient.md"
_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(commands: Path, empty: Path, alien: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Run all blocks with the `k2graph` of a folder of commands; of each command that is shown: itself, what is shown, what it prints.

    `alien` are variables of the environment that its commands do not get.
    """
    environment = {name: value for name, value in os.environ.items() if name not in alien}
    environment |= {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "110", "PAGER": ""}
    # One shell has one folder in which it stands; each block begins where the one before ended.
    here = empty
    for kind, block in _BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        first, _, shown = block.partition("\n")
        script = block if kind == "sh" else first.removeprefix("$ ")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{script}\npwd > '{empty}/.here'\n"],
            cwd=here, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stderr}{done.stdout}"
        here = Path((empty / ".here").read_text(encoding="utf-8").strip())
        if kind == "console":
            yield first, shown, done.stdout


def main() -> None:
    """Renew what the tutorial shows."""
    with tempfile.TemporaryDirectory() as folder:
        shown = list(run(Path(sys.executable).parent, Path(folder)))
    text = TUTORIAL.read_text(encoding="utf-8")
    for command, before, now in shown:
        text = text.replace(f"{command}\n{before}```", f"{command}\n{now}```")
    TUTORIAL.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
