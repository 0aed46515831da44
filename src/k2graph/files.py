"""Put a file or a folder in the place of what is there, at once: readers see the old or the new, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .faults import InputError

#: A file in each folder that is written so, so that no other folder is ever replaced.
_MARK = ".k2graph"


def write(content: bytes, path: Path) -> None:
    """Replace a file at once, keeping its permissions.

    Raises:
        InputError: where the file cannot be written.

    """
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error


@contextmanager
def replaced_folder(path: Path, content: str) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of `path` when all went well. `content` says what it holds, such as `site`.

    Raises:
        InputError: where something else is there, which is left as it is, or the folder cannot be written.
    """
    if path.exists() and not (path.is_dir() and _may_go(path, content)):
        raise InputError(f"{path}: is there already and holds no {content}; name another folder, or remove it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".k2graph-", dir=path.parent) as scratch:
            made = Path(scratch) / "new"
            made.mkdir()
            (made / _MARK).write_text(f"{content}\n", encoding="utf-8")
            yield made
            if path.exists():
                # Two renames: for an instant a reader may find nothing there, never half of it.
                path.rename(Path(scratch) / "old")
            made.rename(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _may_go(folder: Path, content: str) -> bool:
    mark = folder / _MARK
    return not any(folder.iterdir()) or (mark.is_file() and mark.read_text(encoding="utf-8", errors="replace").strip() == content)
