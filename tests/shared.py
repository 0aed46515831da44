"""What is dear and the same for all tests is made once in a run: by the first process that needs it, in a folder that all share."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


class Shared:
    """The folder of a run, with one folder for each thing that is made there; nobody changes what is in it."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        base = folders.getbasetemp()
        # Each worker of pytest-xdist has a folder of its own in the one of the run.
        self._folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
        self._folder.mkdir(exist_ok=True)

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """The folder of a name, which `make` filled. Who comes while another makes it waits; where making it failed, the next tries."""
        folder, done = self._folder / name, self._folder / f"{name}.done"
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder
