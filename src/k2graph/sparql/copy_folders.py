"""What lies in the folder of stored copies: which folders there are copies, or being made into some, and which somebody else put there.

A folder is one of ours where it is called as ours are and holds nothing but what RocksDB and `stored_copies` put into one. Nothing else is
ever removed.
"""

from __future__ import annotations

import re
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from ..atomic import BY_CHANCE

#: The folder, and how much of a copy's digest names what belongs to it.
FOLDER, SHORT = "copies", 16
#: How a copy is called, by its digest; and by the beginning of that a folder in which one is being made, and its lock.
COPY, LOCK = re.compile(r"[0-9a-f]{64}"), re.compile(rf"\.[0-9a-f]{{{SHORT}}}\.lock")
SCRATCH = re.compile(rf"\.[0-9a-f]{{{SHORT}}}-{BY_CHANCE}")
#: A file of a store, as RocksDB calls it.
STORED = re.compile(r"CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|MANIFEST-\d+|OPTIONS-\d+(\.dbtmp)?|(bulk-)?\d+\.(sst|log|blob|dbtmp)")
_OUR_FOLDER = re.compile(r"copy|(copy/)?store|[012]")
_OUR_FILE = re.compile(rf"(copy/)?reading\.json|((copy/)?store|[012])/({STORED.pattern})")


def within(folder: Path, names: re.Pattern[str]) -> list[Path]:
    """The folders in the folder of copies that are called as we call them and hold nothing but what we put there."""
    return [each for each in called(folder, names) if holds_ours_alone(each)]


def called(folder: Path, names: re.Pattern[str]) -> list[Path]:
    """The folders in the folder of copies that are called as we call them, whatever they hold."""
    try:
        return [each for each in sorted(folder.iterdir()) if names.fullmatch(each.name) and each.is_dir() and not each.is_symlink()]
    except OSError:
        return []


def holds_ours_alone(copy: Path) -> bool:
    """Whether all within a folder is called, and is a file or a folder, as what we and the engine put there."""
    with suppress(OSError):  # somebody else removes it just now
        return all(
            (_OUR_FOLDER if stat.S_ISDIR(mode) else _OUR_FILE).fullmatch(each.relative_to(copy).as_posix()) is not None
            and (stat.S_ISDIR(mode) or stat.S_ISREG(mode))
            for each in copy.rglob("*")
            for mode in [each.lstat().st_mode]
        )
    return False


def remove(copy: Path) -> None:
    """Take a copy away: first its mark, so that nobody opens what is left of it. One that holds anything else stays as it is."""
    if not holds_ours_alone(copy):
        return
    with suppress(OSError):
        (copy / "reading.json").unlink()
    shutil.rmtree(copy, ignore_errors=True)
