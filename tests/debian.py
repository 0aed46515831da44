"""What tests need and pip does not have, from Debian's packages, where a test finds it missing."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path


def program(name: str, *packages: str) -> str:
    """The path of a program. It is installed where it is missing and may be; a machine without it fails the test."""
    return _brought(name, lambda: shutil.which(name), packages)


def file(path: str, *packages: str) -> Path:
    """A file of a package, such as a library; brought as a program is."""
    return Path(_brought(path, lambda: path if Path(path).exists() else None, packages))


def _brought(name: str, find: Callable[[], str | None], packages: tuple[str, ...]) -> str:
    if (found := find()) is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        import fcntl

        # Test processes run side by side, and apt-get lets only one of them in.
        with (Path(tempfile.gettempdir()) / "k2graph-tests-apt.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if find() is None:
                for command in ("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", *packages):
                    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
                    done = subprocess.run(["apt-get", *command], capture_output=True, text=True, env=environment, check=False)
                    assert done.returncode == 0, done.stderr
        found = find()
    assert found is not None, f"the test needs {name}: install it, such as by `apt-get install {' '.join(packages)}`"
    return found
