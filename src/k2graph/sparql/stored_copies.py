"""Copies of graphs that were asked, as the embedded engine stores them: one opens in a fraction of the time in which its file is read.

In: a file of RDF. Out: a `Reading`, as `rdf_files.read` gives it, its engine on disk and not to be written. A copy is known by the file's
content and the engine's version. Copies lie in the user's cache folder, or in that which K2GRAPH_CACHE names (`off`: none are kept).
Nothing here ever keeps a question from its answer: where a copy cannot be made or read, the file is. See decision 24.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Store as Engine

from ..atomic import BY_CHANCE, temporary_folder
from ..errors import InputError
from . import rdf_files
from .copy_folders import COPY, FOLDER, LOCK, SCRATCH, SHORT, STORED, called, holds_ours_alone, remove, within
from .rdf_files import Reading
from .rdf_syntax import ending_of

try:
    import fcntl
except ModuleNotFoundError:  # Windows: without locks nobody can tell whether another process is at work on a copy, and none is made
    fcntl = None  # type: ignore[assignment]

#: A shorter file is read sooner than a copy of it is opened.
LEAST = 512 * 2**10
#: Copies that nobody used for so long go, looked for once a day, and the oldest while all of them together are larger.
KEPT_SECONDS, MOST_KEPT, _CLEANING = 30 * 86_400, 2 * 2**30, 86_400
#: Bytes of a copy that are summed up each time, which takes a tenth of a second.
MOST_SUMMED = 192 * 2**20
#: Another process that makes the same copy is waited for so long; reading a large file takes longer, and is then done twice.
_PATIENCE, _LOOK = 10.0, 0.05
#: What a copy is made of; a higher number where that changes.
_EDITION = 1


def place() -> Path | None:
    """The folder of copies, whether or not it is there; None where there shall be none."""
    named = os.environ.get("K2GRAPH_CACHE", "")
    if named.lower() in {"off", "none", "0"} or fcntl is None:
        return None
    # A folder of its own, so that nothing that somebody else put into the one that is named is ever taken for a copy.
    try:
        if named:
            return Path(named).expanduser().absolute() / FOLDER
        # By the XDG Base Directory Specification a folder that is not absolute is as good as none.
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if not base.is_absolute():
            base = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    except RuntimeError:  # a user without a home
        return None
    return base / "k2graph" / FOLDER if base.is_absolute() else None


@dataclass(frozen=True)
class Copy:
    """A copy: of which file it was made, its bytes, and when it was last used, in seconds since 1970."""

    folder: Path
    file: str
    size: int
    used: float


def copies() -> list[Copy]:
    """The copies there are, of this engine's version and others, the one used last first."""
    folder = place()
    found = []
    for copy in within(folder, COPY) if folder is not None else ():
        with suppress(OSError, ValueError, TypeError, KeyError):
            mark = copy / "reading.json"
            size = sum(each.stat().st_size for each in copy.rglob("*") if each.is_file())
            found.append(Copy(copy, str(json.loads(mark.read_bytes())["file"]), size, mark.stat().st_mtime))
    return sorted(found, key=lambda copy: (-copy.used, copy.folder))


def foreign() -> list[Path]:
    """Folders that are called as copies are and hold something else, which nothing here removes."""
    folder = place()
    return [each for names in (COPY, SCRATCH) for each in called(folder, names) if not holds_ours_alone(each)] if folder else []


def clear() -> tuple[int, int]:
    """Remove all copies, and what runs that were killed left of others: how many are gone, and how many could not be removed.

    A process that has one open keeps what it reads until it ends. What is `foreign` stays.
    """
    folder = place()
    if folder is None:
        return 0, 0
    there = [*within(folder, COPY), *within(folder, SCRATCH)]
    for copy in there:
        remove(copy)
    left = sum(copy.exists() for copy in there)
    return len(there) - left, left


def read(path: Path) -> Reading:
    """Read a file from the copy of it, which is made where there is none; where none can be kept, from one that goes with this process.

    The order in which the engine finds what a query leaves open is thus always the same for a file.

    Raises:
        InputError: as `rdf_files.read` does.
    """
    content = rdf_files.bytes_of(path)
    if len(content) < LEAST:
        return rdf_files.read(path, content)
    return _kept(path, content) or _passing(path, content) or rdf_files.read(path, content)


def _kept(path: Path, content: bytes) -> Reading | None:
    folder = place()
    if folder is None:
        return None
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (_is_ours(folder) and _is_ours(folder.parent)):
        return None
    # What a file says of addresses relative to its own depends on where it lies.
    names = [_name(path, content, address) for address in ("", path.absolute().as_uri())]
    patience = time.monotonic() + _PATIENCE
    while (reading := _opened(folder, names, path)) is None and time.monotonic() < patience:
        try:
            with _alone(folder, names[0]) as alone:
                if alone:
                    # Whoever was at work till now may have made it.
                    return _opened(folder, names, path) or _made(folder, names, path, content)
        except OSError:
            return None
        time.sleep(_LOOK)
    if reading is not None:
        _clean_now_and_then(folder)
    return reading


def _passing(path: Path, content: bytes) -> Reading | None:
    """The same in a temporary folder, which goes with this process."""
    passing, stores = ExitStack(), list[Path]()
    atexit.register(passing.close)
    try:
        scratch = passing.enter_context(temporary_folder("k2graph-copy-"))
        return rdf_files.read(path, content, lambda: Engine(str(_next(scratch, stores))))
    except (OSError, InputError):
        return None


def _name(path: Path, content: bytes, address: str) -> str:
    read_as = json.dumps([_EDITION, pyoxigraph.__version__, ending_of(path), path.suffix.lower(), address])
    return hashlib.sha256(read_as.encode() + b"\n" + content).hexdigest()


def _is_ours(folder: Path) -> bool:
    """Whether a folder is this user's and nobody else can put anything into it."""
    with suppress(OSError):
        found = folder.lstat()
        return folder.is_dir() and not folder.is_symlink() and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return False


def _opened(folder: Path, names: list[str], path: Path) -> Reading | None:
    """The copy of one of these names; where it is not as it was made, it goes."""
    copy = next((folder / name for name in names if _is_ours(folder / name)), None)
    if copy is None:
        return None
    mark = copy / "reading.json"
    try:
        about = json.loads(mark.read_bytes())
        whole = about["files"] == _files(copy)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        whole = False
    except OSError:  # too many files are open, or the like: the copy may be as it was made
        return None
    if not whole:
        remove(copy)
        return None
    try:
        engine = Engine.read_only(str(copy / "store"))
    except (OSError, RuntimeError):
        return None
    reading = Reading(engine, path.absolute().as_uri() if about["relative"] else None, bool(about["as_is"]))
    with suppress(OSError):  # a folder that can be read alone
        os.utime(mark)
    return reading


def _made(folder: Path, names: list[str], path: Path, content: bytes) -> Reading | None:
    """A copy that was made just now; None where that cannot be, for want of room or of leave."""
    making, stores = f".{names[0][:SHORT]}-", list[Path]()
    for left in within(folder, re.compile(re.escape(making) + BY_CHANCE)):
        remove(left)
    try:
        scratch = Path(tempfile.mkdtemp(prefix=making, dir=folder))
    except OSError:
        return None
    try:
        reading = rdf_files.read(path, content, lambda: Engine(str(_next(scratch, stores))))
        reading.engine.flush()
        relative = reading.base is not None
        about = {"file": str(path.absolute()), "relative": relative, "as_is": reading.as_is}
        del reading  # An engine that can write keeps others from the files.
        made = scratch / "copy"
        made.mkdir(mode=0o700)
        stores[-1].rename(made / "store")
        (made / "reading.json").write_text(json.dumps({**about, "files": _files(made)}), encoding="utf-8")
        target = folder / names[relative]
        made.rename(target)
    except (OSError, InputError):  # what is wrong with a file is told by who reads it without a copy
        return None
    finally:
        remove(scratch)
    _clean(folder, target)
    return _opened(folder, names, path)


def _next(scratch: Path, stores: list[Path]) -> Path:
    # A reading may begin anew, with another base, and must not find what the first left.
    stores.append(scratch / str(len(stores)))
    return stores[-1]


def _files(copy: Path) -> dict[str, list[int]]:
    """How long each file of a store is and its checksum: over what is broken the engine's queries may never end, or find nothing.

    What holds the triples of a large copy is taken by length alone, since to sum it up would take longer than all else.
    """
    there = [file for file in sorted((copy / "store").iterdir()) if STORED.fullmatch(file.name)]
    files = [(file, file.stat().st_size) for file in there if not file.name.startswith(("LOG", "LOCK"))]
    summed = sum(size for _, size in files) <= MOST_SUMMED
    return {file.name: [size, zlib.crc32(file.read_bytes()) if summed or file.suffix != ".sst" else 0] for file, size in files}


def _clean_now_and_then(folder: Path) -> None:
    """Once a day what nobody used for long goes, even where no new copy is made."""
    stamp = folder / ".cleaned"
    with suppress(OSError):
        if not stamp.exists() or time.time() - stamp.stat().st_mtime > _CLEANING:
            stamp.touch()
            _clean(folder)


def _clean(folder: Path, new: Path | None = None) -> None:
    total, now = 0, time.time()
    for copy in copies():
        total += copy.size
        if copy.folder != new and (total > MOST_KEPT or now - copy.used > KEPT_SECONDS):
            remove(copy.folder)
    for left in within(folder, SCRATCH):
        with suppress(OSError):
            if now - left.stat().st_mtime > _CLEANING:
                remove(left)
    for lock in folder.glob(".*.lock"):
        with suppress(OSError):
            if LOCK.fullmatch(lock.name) and not lock.stat().st_size and now - lock.stat().st_mtime > KEPT_SECONDS:
                lock.unlink()


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[bool]:
    """Whether no other process makes the copy of this name meanwhile.

    Raises:
        OSError: where nobody can tell, in a folder that is not to be written or on a disk that has no locks.
    """
    handle = os.open(folder / f".{name[:SHORT]}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        yield alone
    finally:
        os.close(handle)
