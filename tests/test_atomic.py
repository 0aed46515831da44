"""What is written: at once or not at all, never in the place of a device, never in the installed package, and without leavings."""

import errno
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from project import Run

from k2graph import atomic
from k2graph.errors import InputError


def left_as_it_was(path: Path) -> bool:
    return path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "k2.ttl"
    path.write_bytes(b"old")
    return path


def test_writing_replaces_the_file_and_leaves_nothing_else(old: Path) -> None:
    old.chmod(0o640)
    atomic.write(b"new", old)
    assert old.read_bytes() == b"new"
    assert list(old.parent.iterdir()) == [old]
    assert old.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic.write(b"new", tmp_path / "k2.ttl")
    finally:
        os.umask(before)
    assert (tmp_path / "k2.ttl").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["tempfile.mkdtemp", "os.chmod", "os.fsync", "os.replace"])
def test_a_write_that_fails_leaves_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"k2graph.atomic.{step}", fail)
    with pytest.raises(InputError, match=f"{re.escape(str(old))}: cannot be written: {os.strerror(errno.ENOSPC)}"):
        atomic.write(b"new", old)
    assert left_as_it_was(old)


def test_a_write_that_is_interrupted_leaves_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("k2graph.atomic.os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write(b"new", old)
    assert left_as_it_was(old)


def test_a_folder_that_may_not_be_written(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions mean nothing to root, so the refusal is the operating system's answer, not its bits.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("k2graph.atomic.tempfile.mkdtemp", refuse)
    with pytest.raises(InputError, match=os.strerror(errno.EACCES)):
        atomic.write(b"new", old)
    assert left_as_it_was(old)


def test_a_link_is_followed_and_stays(old: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.ttl"
    link.symlink_to(old)
    atomic.write(b"new", link)
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


def test_data_and_folder_are_on_the_disk_before_the_old_file_is_gone(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def replaced(*places: str) -> None:
        steps.append("replace")
        replace(*places)

    monkeypatch.setattr("k2graph.atomic.os.fsync", synced)
    monkeypatch.setattr("k2graph.atomic.os.replace", replaced)
    atomic.write(b"new", old)
    assert steps == ["file", "replace", "folder"]


#: Commands that write one file, and those that write a folder, without their place.
ONE_FILE = (
    ("view", "--about", "Gas6", "--output"),
    pytest.param(("export", "ris", "--about", "Gas6", "--output"), marks=pytest.mark.extras),
    ("export", "ntriples", "--about", "Gas6", "--output"),
    pytest.param(("plot", "mk-7-level-arterial-stiffness", "--output"), marks=pytest.mark.extras),
)
FOLDERS = (pytest.param(("site",), marks=pytest.mark.extras), ("export", "csv", "--about", "Gas6", "--output"))


@pytest.mark.parametrize("command", ONE_FILE, ids=lambda command: "-".join(command[:2]))
class TestPlacesThatAreNoFile:
    def test_a_device_is_written_to_and_stays(self, command: tuple[str, ...], run: Run) -> None:
        # Our own node for the null device, so that a fault would not take the machine's.
        assert run(*command, "/dev/null").code == 0
        assert stat.S_ISCHR(os.stat("/dev/null").st_mode)

    def test_a_full_device_is_one_error_and_stays(self, command: tuple[str, ...], run: Run) -> None:
        outcome = run(*command, "/dev/full")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == "k2graph: /dev/full: cannot be written: No space left on device\n"
        assert stat.S_ISCHR(os.stat("/dev/full").st_mode)

    def test_a_pipe_is_written_to_and_stays(self, command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        read: list[bytes] = []
        reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
        reader.start()
        assert run(*command, pipe).code == 0
        reader.join(10)
        assert run(*command, tmp_path / "file").code == 0
        assert read == [(tmp_path / "file").read_bytes()]
        assert stat.S_ISFIFO(pipe.stat().st_mode)

    def test_a_socket_is_one_error_and_stays(self, command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
        place = tmp_path / "s"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(place))
            outcome = run(*command, place)
        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
        assert outcome.err.startswith(f"k2graph: {place}: cannot be written: ")
        assert stat.S_ISSOCK(place.stat().st_mode)

    def test_a_missing_folder_is_one_error_that_names_it(self, command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
        place = tmp_path / "none" / "file"
        outcome = run(*command, place)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"k2graph: {place}: there is no folder {tmp_path / 'none'}; make it first\n"
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_is_one_error(self, command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
        outcome = run(*command, tmp_path)
        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
        assert f"{tmp_path}: is a folder" in outcome.err
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", FOLDERS, ids=lambda command: command[0])
def test_a_folder_in_a_missing_folder_is_one_error_that_names_it(command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    place = tmp_path / "none" / "folder"
    outcome = run(*command, place)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"k2graph: {place}: there is no folder {tmp_path / 'none'}; make it first\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_hyphen_is_standard_output(tmp_path: Path, mechanism_alone: Path) -> None:
    # Its triples are several times what a pipe holds.
    assert mechanism_alone.stat().st_size > 4 * 65_536
    made = subprocess.run(
        [sys.executable, "-m", "k2graph", "export", "ntriples", "--data", mechanism_alone, "--about", "MGP", "--output", "-"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert all(re.fullmatch(rb"<\S+> <\S+> .+ \.", line) for line in made.stdout.splitlines())
    assert made.stderr.endswith(f"-: {len(made.stdout):,} bytes\n".encode())
    # Whoever reads may have seen enough.
    cut = f"{sys.executable} -m k2graph export ntriples --data {mechanism_alone} --output - 2>&1 >&3 | cat >&2; exit 0"
    left = subprocess.run(["bash", "-c", f"exec 3> >(head -c 10 >/dev/null); {cut}"], cwd=tmp_path, capture_output=True, check=False)
    assert b"Broken pipe" not in left.stderr
    folder = subprocess.run(
        [sys.executable, "-m", "k2graph", "export", "csv", "--data", mechanism_alone, "--output", "-"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (folder.returncode, folder.stderr) == (2, b"k2graph: -: a folder cannot be written to standard output; name a folder\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.extras
@pytest.mark.slow
def test_standard_output_is_appended_to_as_the_shell_says(tmp_path: Path, mechanism_alone: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n", encoding="utf-8")
    with log.open("ab") as appended:
        command = [sys.executable, "-m", "k2graph", "export", "ris", "--data", mechanism_alone, "--about", "MGP", "--output", "/dev/stdout"]
        done = subprocess.run(command, stdout=appended, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "before"
    assert lines[1].startswith("TY  - ")
    assert list(tmp_path.iterdir()) == [log]


WRITES_SLOWLY = """
import signal
# A command in the background of a shell begins with an interrupt ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
import pathlib, sys, time
from k2graph import atomic as files
with getattr(files, sys.argv[1])(pathlib.Path(sys.argv[2]), *sys.argv[3:]) as made:
    print("at work", flush=True)
    time.sleep(60)
"""


def at_work(*arguments: str | Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", WRITES_SLOWLY, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process


@pytest.mark.parametrize("arguments", [("replaced_file",), ("replaced_folder", "site")], ids=["file", "folder"])
class TestLeavings:
    def place(self, tmp_path: Path, arguments: tuple[str, ...]) -> tuple[str | Path, ...]:
        return (arguments[0], tmp_path / "place [1]", *arguments[1:])

    def test_five_killed_runs_leave_one_and_the_next_run_none(self, arguments: tuple[str, ...], tmp_path: Path) -> None:
        for _ in range(5):
            process = at_work(*self.place(tmp_path, arguments))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert len(list(tmp_path.iterdir())) == 1
        _, place, *content = self.place(tmp_path, arguments)
        with getattr(atomic, arguments[0])(place, *content):
            pass
        assert list(tmp_path.iterdir()) == [place]

    def test_what_another_run_is_writing_stays(self, arguments: tuple[str, ...], tmp_path: Path) -> None:
        process = at_work(*self.place(tmp_path, arguments))
        try:
            (scratch,) = tmp_path.iterdir()
            _, place, *content = self.place(tmp_path, arguments)
            with getattr(atomic, arguments[0])(place, *content):
                pass
            assert set(tmp_path.iterdir()) == {place, scratch}
        finally:
            process.kill()
            process.communicate()

    def test_what_belongs_to_another_target_or_to_somebody_else_stays(self, arguments: tuple[str, ...], tmp_path: Path) -> None:
        others = {tmp_path / ".place [1].k2graph-file", tmp_path / ".place [2].k2graph-x", tmp_path / ".place 1.k2graph-y"}
        for other in sorted(others):
            other.mkdir() if other.name.endswith(("x", "y")) else other.write_text("mine", encoding="utf-8")
        _, place, *content = self.place(tmp_path, arguments)
        with getattr(atomic, arguments[0])(place, *content):
            pass
        assert set(tmp_path.iterdir()) == {place, *others}


#: What somebody keeps in a folder of a name like those of ours, with an ending of their own or one as chance makes them.
THEIRS = ("mine", "settings", "ab_12cd9")


@pytest.mark.parametrize("ending", THEIRS)
def test_a_folder_of_somebody_else_stays_whatever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = [tmp_path / f"k2graph-serve-{ending}" / "x", tmp_path / f".x.svg.k2graph-{ending}" / "k2graph-is-at-work-here"]
    for file in kept:
        file.parent.mkdir()
        file.write_text("mine", encoding="utf-8")
    beside = tmp_path / f".y.svg.k2graph-{ending}"
    (beside / "k2graph-is-at-work-here").mkdir(parents=True)
    (beside / "notes").write_text("mine", encoding="utf-8")
    with atomic.temporary_folder("k2graph-serve-"):
        pass
    for name in ("x.svg", "y.svg"):
        atomic.write(b"new", tmp_path / name)
    assert [file.read_text(encoding="utf-8") for file in (*kept, beside / "notes")] == ["mine"] * 3
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.skipif(os.name == "nt", reason="no permissions of this kind")
def test_an_empty_folder_that_others_may_read_is_somebody_else_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    theirs = tmp_path / "k2graph-serve-projects"
    theirs.mkdir(mode=0o755)
    theirs.chmod(0o755)
    with atomic.temporary_folder("k2graph-serve-"):
        pass
    assert theirs.is_dir()
    # As a run leaves it that was killed at its beginning.
    theirs.chmod(0o700)
    with atomic.temporary_folder("k2graph-serve-"):
        pass
    assert not theirs.exists()


@pytest.mark.parametrize("at", ["mkdtemp", "mkdir"])
def test_a_run_killed_at_its_beginning_leaves_what_the_next_one_clears(tmp_path: Path, at: str) -> None:
    dies = {
        "mkdtemp": "import tempfile; real = tempfile.mkdtemp; tempfile.mkdtemp = lambda **k: (real(**k), die())",
        "mkdir": "from pathlib import Path; real = Path.mkdir; Path.mkdir = lambda *a: (real(*a), die())",
    }[at]
    begins = f"import os, signal\ndef die(): os.kill(os.getpid(), signal.SIGKILL)\n{dies}\n{WRITES_SLOWLY}"
    for _ in range(3):
        killed = subprocess.run([sys.executable, "-c", begins, "replaced_file", tmp_path / "place"], capture_output=True, check=False)
        assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, b""), killed.stderr
        assert len(list(tmp_path.iterdir())) == 1
    atomic.write(b"new", tmp_path / "place")
    assert list(tmp_path.iterdir()) == [tmp_path / "place"]


def test_runs_that_begin_at_once_do_not_clear_each_other_away(tmp_path: Path) -> None:
    faults: list[Exception] = []

    def writes() -> None:
        try:
            for _ in range(40):
                atomic.write(b"new", tmp_path / "place")
        except InputError as error:
            faults.append(error)

    threads = [threading.Thread(target=writes) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert list(tmp_path.iterdir()) == [tmp_path / "place"]


@pytest.mark.parametrize("name", ["k2graph-is-at-work-here", ".k2graph", "new", "old"])
def test_what_is_written_may_be_called_as_what_is_used_meanwhile(tmp_path: Path, name: str) -> None:
    atomic.write(b"new", tmp_path / name)
    assert (tmp_path / name).read_bytes() == b"new"
    (tmp_path / name).unlink()
    with atomic.replaced_folder(tmp_path / name, "site") as made:
        (made / "index.html").write_bytes(b"new")
    assert sorted(each.name for each in (tmp_path / name).iterdir()) == [".k2graph", "index.html"]


def test_a_terminated_command_leaves_nothing(tmp_path: Path) -> None:
    process = at_work("replaced_file", tmp_path / "place")
    process.send_signal(signal.SIGINT)
    process.communicate()
    deadline = time.monotonic() + 60
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def test_a_link_into_a_missing_folder_is_one_error_that_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    link = Path("d.ttl")
    link.symlink_to("nodir/nowhere.ttl")
    for path, folder in ((link, Path("nodir")), (tmp_path / link, tmp_path / "nodir")):
        with pytest.raises(InputError) as caught:
            atomic.write(b"x", path)
        assert str(caught.value) == f"{path}: there is no folder {folder}; make it first"


def test_nothing_is_written_into_an_installed_package(tmp_path: Path) -> None:
    # Commands refuse such a place before they work (see test_package.py); whoever writes without asking them is refused here.
    place = tmp_path / "site-packages" / "place"
    place.parent.mkdir()
    message = f"^{re.escape(str(place))}: belongs to an installed package, which is never changed; name another place$"
    for write in (lambda: atomic.write(b"new", place), lambda: atomic.replaced_folder(place, "site").__enter__()):
        with pytest.raises(InputError, match=message):
            write()
    assert list(place.parent.iterdir()) == []
