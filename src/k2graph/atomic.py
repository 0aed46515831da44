"""Put a file or a folder in the place of what is there, at once: readers see the old or the new, never a part.

What is no regular file (a pipe, a terminal, `/dev/null`) is written to and never replaced; `-` is standard output. What belongs to the
installed package is never written. A run that was killed leaves at most one hidden file or folder beside its target, which the next run
clears away. Whatever else is called like that stays.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import resources
from .errors import InputError

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where an open file cannot be removed by anybody else
    fcntl = None  # type: ignore[assignment]

#: A file in each folder that is written so, so that no other folder is ever replaced, nor one with anything else in it.
_MARK = ".k2graph"
#: The one thing in a folder in which something is made, itself a folder, so that it is there at once or not at all. By this, and by the
#: form of `mkdtemp`'s names, a folder that a killed run left is known from one that somebody else called alike.
_WORK = "k2graph-is-at-work-here"
BY_CHANCE = "[a-z0-9_]{8}"
#: Where the system shows a process its own open files.
_OPEN_FILES = ("/proc/self/fd", "/dev/fd")


def write(content: bytes, path: Path) -> None:
    """Replace a file at once, keeping its permissions, or write to a pipe or device.

    Raises:
        InputError: where the file cannot be written.

    """
    with replaced_file(path) as made:
        made.write_bytes(content)


@contextmanager
def replaced_file(path: Path) -> Iterator[Path]:
    """An empty file to fill, which takes the place of `path` when all went well. Links are followed: what they lead to is replaced.

    Raises:
        InputError: where the place is a folder, is in none, belongs to the installed package, or cannot be written.
    """
    try:
        stream = _open_stream(path)
        if stream is not None:
            with temporary_folder("k2graph-stream-") as scratch, os.fdopen(stream, "wb") as out:
                made = scratch / (path.name or "stream")
                made.touch()
                yield made
                with made.open("rb") as content:
                    shutil.copyfileobj(content, out)
            return
        target = _target(path)
        if target.is_dir():
            raise InputError(f"{path}: is a folder; name a file")
        with _scratch(target) as scratch:
            made = scratch / target.name
            # Not `mkstemp`: a new file has the permissions that the user's umask gives it.
            made.touch()
            yield made
            if target.exists():
                _keep_owner_and_mode(target, made)
            _sync(made)
            os.replace(made, target)
            _sync(target.parent)
    except BrokenPipeError:
        raise  # whoever reads has seen enough, which is no fault
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


@contextmanager
def replaced_folder(path: Path, content: str) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of `path` when all went well. `content` says what it holds, such as `site`.

    Raises:
        InputError: where something else is there, which is left as it is, or the folder cannot be written.
    """
    try:
        if str(path) == "-":
            raise InputError("-: a folder cannot be written to standard output; name a folder")
        target = _target(path)
        if target.exists() and not (target.is_dir() and _may_go(target, content)):
            raise InputError(f"{path}: is there already and holds no {content}; name another folder, or remove it")
        if target.exists() and (added := _added(target)):
            raise InputError(f"{path}: {added} was put there since, and would be lost; move it away, or name another folder")
        with _scratch(target) as scratch:
            made = scratch / "new"
            made.mkdir()
            (made / _MARK).write_text(f"{content}\n", encoding="utf-8")
            yield made
            (made / _MARK).write_text(f"{content}\n{json.dumps(sorted(_files(made)))}\n", encoding="utf-8")
            if hasattr(os, "sync"):
                os.sync()  # once: a site has more than a thousand files, and to sync each takes minutes on a busy disk
            if target.exists():
                # Two renames: for an instant a reader may find nothing there, never half of it.
                target.rename(scratch / "old")
            made.rename(target)
            _sync(target.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


@contextmanager
def temporary_folder(beginning: str) -> Iterator[Path]:
    """A folder for temporary files, gone afterwards; what killed runs left under the same beginning is cleared away."""
    # Without locks nobody can tell whether another run still needs its folder.
    with _scratch_in(Path(tempfile.gettempdir()), beginning, clears=fcntl is not None) as scratch:
        yield scratch


def _open_stream(path: Path) -> int | None:
    """An open descriptor of a pipe, a device or one of this process's own open files; None for what can be replaced."""
    own = _own_descriptor(path)
    if own is not None:
        # Opened anew, a file that the shell appends to would be written from its beginning.
        return os.dup(own)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    if stat.S_ISBLK(mode):
        raise InputError(f"{path}: is a disk; name a file")
    return os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))


def _own_descriptor(path: Path) -> int | None:
    if str(path) == "-":
        return 1  # standard output, as every other program takes it
    place = Path(os.path.abspath(path))
    for _ in range(40):  # as many links as Linux follows
        if str(place.parent) in {*_OPEN_FILES, f"/proc/{os.getpid()}/fd"} and place.name.isdecimal():
            return int(place.name)
        if not place.is_symlink():
            return None
        place = Path(os.path.normpath(place.parent / os.readlink(place)))
    return None


def check_not_installed(path: Path) -> None:
    """Refuse a place of the installed package, for who would work long before anything is written.

    Raises:
        InputError: where the place belongs to it.
    """
    try:
        place = path.resolve()
    except RuntimeError as error:  # OSError from Python 3.13 on
        raise InputError(f"{path}: cannot be written: {os.strerror(errno.ELOOP)}") from error
    if resources.is_installed(place):
        raise InputError(f"{path}: belongs to an installed package, which is never changed; name another place")


def _target(path: Path) -> Path:
    """The place itself, behind all links.

    Raises:
        InputError: where there is no folder for it, or it belongs to the installed package.
    """
    check_not_installed(path)
    target = path.resolve()
    if not target.parent.is_dir():
        # The folder that is missing is that to which a link leads, not that in which the link stands.
        led_to = target.parent if path.is_absolute() else Path(os.path.relpath(target.parent))
        raise InputError(f"{path}: there is no folder {led_to if path.is_symlink() else path.parent}; make it first")
    return target


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A hidden folder beside a target, on the same disk; what killed runs left there for the same target is cleared away."""
    with _scratch_in(target.parent, f".{target.name}.k2graph-") as scratch:
        yield scratch


@contextmanager
def _scratch_in(folder: Path, beginning: str, *, clears: bool = True) -> Iterator[Path]:
    for left in folder.glob("*") if clears else ():
        if left.name.startswith(beginning) and re.fullmatch(BY_CHANCE, left.name.removeprefix(beginning)):
            _clear(left)
    scratch, lock = _locked(folder, beginning)
    try:
        (scratch / _WORK).mkdir()
        yield scratch / _WORK
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _locked(folder: Path, beginning: str) -> tuple[Path, int | None]:
    """A new folder and its lock. Another run that takes it for left before it has one clears it away; then there is a new one."""
    for _ in range(100):
        scratch = Path(tempfile.mkdtemp(prefix=beginning, dir=folder))
        try:
            lock = _lock(scratch)
        except (FileNotFoundError, BlockingIOError):
            continue
        except OSError:  # a disk without locks
            scratch.rmdir()
            raise
        if scratch.exists():
            return scratch, lock
        if lock is not None:
            os.close(lock)
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _clear(left: Path) -> None:
    """Remove what another run left, unless that run is still at work: then it holds the lock, which ends with its process.

    What holds anything but what a run makes there was not left by one, and stays. One that was killed at its beginning left it empty.
    """
    with suppress(OSError):
        found = left.lstat()
        if not stat.S_ISDIR(found.st_mode) or (os.name != "nt" and (found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != 0o700)):
            return  # `mkdtemp` gives its folders to nobody else
        lock = _lock(left)
        try:
            holds = list(left.iterdir())
            if not holds:
                left.rmdir()
            elif holds == [left / _WORK] and holds[0].is_dir() and not holds[0].is_symlink():
                shutil.rmtree(left)
        finally:
            if lock is not None:
                os.close(lock)


def _lock(folder: Path) -> int | None:
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _keep_owner_and_mode(old: Path, new: Path) -> None:
    before = old.stat()
    with suppress(OSError, AttributeError):  # only root may give a file to somebody else; Windows has no owners of this kind
        os.chown(new, before.st_uid, before.st_gid)
    os.chmod(new, before.st_mode & 0o7777)


def _sync(path: Path) -> None:
    """Have the disk hold what was written, before something else is said to be gone."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _may_go(folder: Path, content: str) -> bool:
    return not any(folder.iterdir()) or _marked(folder)[0] == content


def _added(folder: Path) -> str:
    """A file that was put into a folder after it was filled; empty where there is none, or the mark does not say what was written."""
    _, written = _marked(folder)
    return min(_files(folder) - set(json.loads(written)), default="") if written else ""


def _marked(folder: Path) -> tuple[str, str]:
    """What the mark of a folder says: what it holds, and the names of the files that were written there, as JSON."""
    mark = folder / _MARK
    text = mark.read_text(encoding="utf-8", errors="replace") if mark.is_file() else ""
    content, _, written = text.partition("\n")
    return content.strip(), written.strip()


def _files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_symlink() or not file.is_dir()} - {_MARK}
