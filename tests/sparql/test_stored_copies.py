"""Stored copies: the same answers as from the file, whatever becomes of a copy, and never an error."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from project import Run
from pyoxigraph import Store

import k2graph
from k2graph.errors import InputError
from k2graph.sparql import stored_copies
from k2graph.sparql.store import EmbeddedStore

#: Synthetic: so many triples that a copy is made, each with a number of its own.
LINES = 20_000
COUNT = "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?sum) { ?s <http://example.org/p> ?o }"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of copies, which is not there yet."""
    monkeypatch.setenv("K2GRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "copies"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.nt"
    write(path, LINES)
    return path


def write(path: Path, most: int) -> None:
    number = '"{}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    path.write_text("".join(f"<http://example.org/{each}> <http://example.org/p> {number.format(each)} .\n" for each in range(most)))


def answer(path: Path) -> tuple[int, int]:
    """How many numbers there are, and their sum."""
    (row,) = k2graph.open(path, stored=True).rows(COUNT)
    return row["n"], row["sum"]


RIGHT = (LINES, LINES * (LINES - 1) // 2)


def entries(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_dir())


def test_a_copy_is_made_once_and_is_its_owner_s_alone(kept: Path, file: Path) -> None:
    assert answer(file) == RIGHT
    (made,) = entries(kept)
    assert (made.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o700)
    before = {each: each.stat().st_ino for each in made.rglob("*")}
    assert answer(file) == RIGHT
    assert {each: each.stat().st_ino for each in made.rglob("*")} == before
    (copy,) = stored_copies.copies()
    assert (copy.folder, copy.file) == (made, str(file))


def test_what_is_short_has_no_copy(kept: Path, tmp_path: Path) -> None:
    write(tmp_path / "few.nt", 10)
    assert answer(tmp_path / "few.nt") == (10, 45)
    assert not stored_copies.copies()


def test_another_content_is_another_copy(kept: Path, file: Path) -> None:
    assert answer(file) == RIGHT
    changed = file.read_text().replace('"7"^^', '"8"^^')  # as long as before
    stamp = file.stat()
    file.write_text(changed)
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert answer(file) == (LINES, RIGHT[1] + 1)
    assert len(entries(kept)) == 2


def test_one_content_at_two_places_is_one_copy_unless_it_is_relative(kept: Path, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(file, other / "again.nt")
    assert answer(file) == answer(other / "again.nt") == RIGHT
    assert len(entries(kept)) == 1
    for name in ("here.ttl", "there.ttl"):
        (tmp_path / name).write_text(file.read_text() + "<> <http://example.org/is> <#me> .\n")
    for name in ("here.ttl", "there.ttl", "here.ttl"):
        graph = k2graph.open(tmp_path / name, stored=True)
        (row,) = graph.rows("SELECT ?s ?o { ?s <http://example.org/is> ?o }")
        assert row == {"s": (tmp_path / name).as_uri(), "o": (tmp_path / name).as_uri() + "#me"}
        assert isinstance(graph.store, EmbeddedStore)
        assert graph.store.reading.base == (tmp_path / name).as_uri()
    assert len(entries(kept)) == 3


def test_every_question_is_answered_alike(graph: k2graph.Graph) -> None:
    from k2graph import resources
    from k2graph.sparql.examples import example

    stored = k2graph.open(resources.GRAPH, stored=True)
    for question in graph.questions:
        given = {name: value for name, value in example(graph, question).items() if question.parameter(name).required}
        assert stored.ask(question.name, **given).to_csv() == graph.ask(question.name, **given).to_csv(), question.name
    named = "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/k2graph> { ?s a k2g:Claim } }"
    assert stored.rows(named) == graph.rows(named)


def _a_bit(copy: Path) -> None:
    longest = max((copy / "store").glob("*.sst"), key=lambda each: each.stat().st_size)
    content = bytearray(longest.read_bytes())
    content[len(content) // 3] ^= 1
    longest.write_bytes(content)


def _an_end(copy: Path) -> None:
    longest = max((copy / "store").glob("*.sst"), key=lambda each: each.stat().st_size)
    os.truncate(longest, longest.stat().st_size // 2)


def _shorter(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def _a_file(copy: Path) -> None:
    next((copy / "store").glob("MANIFEST-*")).write_bytes(b"none")


BROKEN: dict[str, Callable[[Path], object]] = {
    "a bit": _a_bit,
    "an end": _an_end,
    "the engine's own list": _a_file,
    "the triples": lambda copy: shutil.rmtree(copy / "store"),
    "the mark": lambda copy: (copy / "reading.json").write_text("[1"),
    "what the mark says": lambda copy: (copy / "reading.json").write_text('{"files": {}}'),
    "the kind of the mark": lambda copy: (copy / "reading.json").write_text("[]"),
    "an end of the engine's own list": lambda copy: [
        os.truncate(each, each.stat().st_size - 1) for each in (copy / "store").glob("MANIFEST-*")
    ],
    "the name of that list": lambda copy: (copy / "store" / "CURRENT").write_text("MANIFEST-000001\n"),
    "no mark": lambda copy: (copy / "reading.json").unlink(),
    "nothing left": lambda copy: [shutil.rmtree(copy), copy.mkdir(mode=0o700)],
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_copy_is_made_anew(kept: Path, file: Path, fault: str) -> None:
    assert answer(file) == RIGHT
    (copy,) = entries(kept)
    BROKEN[fault](copy)
    assert answer(file) == RIGHT
    assert entries(kept) == [copy]
    assert (copy / "reading.json").is_file()
    assert answer(file) == RIGHT


def _of_a_stranger(folder: Path) -> None:
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(folder, 12_345, -1)
    else:
        folder.chmod(0o777)


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a stranger's": _of_a_stranger,
    "anybody's": lambda folder: [folder.mkdir(parents=True), folder.chmod(0o1777)],
    "a link": lambda folder: [(folder.parent / "real").mkdir(parents=True), folder.symlink_to("real")],
    "a file": lambda folder: [folder.parent.mkdir(parents=True), folder.write_text("mine")],
    "in a folder that is anybody's": lambda folder: [folder.mkdir(parents=True), folder.parent.chmod(0o777)],
}


def test_what_is_not_ours_is_never_touched(kept: Path, file: Path, tmp_path: Path, run: Run) -> None:
    theirs = {
        "library/reading.json": '{"file": "moby dick", "page": 3}', "library/notes.txt": "notes", ".making-of/film.txt": "film",
        "copies/library/reading.json": '{"file": "moby dick"}', "copies/.0123-of/film.txt": "film",
        f"copies/{'a' * 64}/mine.txt": "precious", f"copies/.{'b' * 16}-of/film.txt": "film",
    }  # fmt: skip
    for name, text in theirs.items():
        place = kept.parent / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        os.utime(place, (0, 0))
    kept.chmod(0o700)
    far = tmp_path / "far"
    far.mkdir()
    (far / "reading.json").write_text('{"file": "far"}')
    (kept / ("0" * 64)).symlink_to(far)
    assert answer(file) == RIGHT
    assert stored_copies.clear() == (1, 0)
    assert answer(file) == RIGHT
    assert run("cache", "--clear").code == 0
    assert {name: (kept.parent / name).read_text() for name in theirs} == theirs
    assert (far / "reading.json").is_file()


def test_what_somebody_put_into_a_folder_of_ours_stays_and_is_told(kept: Path, file: Path, run: Run) -> None:
    assert answer(file) == RIGHT
    (copy,) = entries(kept)
    theirs = [
        copy / "store" / "my-notes.txt", kept / ".1234567890abcdef-mine" / "0" / "thesis.txt", kept / "mine.lock",
        kept / ".1234567890abcdef-ab12cd_9" / "0" / "thesis.txt", kept / ("c" * 64) / "store" / "letters" / "000001.sst",
        kept / ".mine.lock", kept / ".1234567890abcdef.lock",
    ]  # fmt: skip
    for place in theirs:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("precious")
        os.utime(place, (0, 0))
    (kept / ("d" * 64)).mkdir()
    (kept / ("d" * 64) / "store").symlink_to(copy / "store")
    assert answer(file) == RIGHT
    left = [copy, kept / ("c" * 64), kept / ("d" * 64), kept / ".1234567890abcdef-ab12cd_9"]
    lines = [f"{each}: holds what k2graph did not put there, and stays\n" for each in sorted(left[:3]) + left[3:]]
    cleared = run("cache", "--clear")
    assert (cleared.code, cleared.err) == (0, "".join(lines) + f"{kept}: 0 removed\n")
    # Nor do they go when the copy is broken, or when copies that nobody used go.
    _a_file(copy)
    os.utime(copy / "reading.json", (0, 0))
    assert answer(file) == RIGHT
    stored_copies._clean(kept)
    assert {place.read_text() for place in theirs} == {"precious"}
    assert all(each.exists() for each in left)


def test_what_could_not_be_removed_is_told(kept: Path, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(file) == RIGHT
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    cleared = run("cache", "--clear")
    assert (cleared.code, cleared.err) == (1, f"{kept}: 0 removed, 1 could not be\n")


def test_a_copy_that_cannot_be_opened_now_stays(kept: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(file) == RIGHT
    (copy,) = entries(kept)

    class Busy:
        """An engine, of which none can be opened that is there already."""

        def __new__(cls, *place: str) -> Store:  # type: ignore[misc]
            return Store(*place)

        @staticmethod
        def read_only(path: str) -> Store:
            raise OSError(f"{path}: too many open files")

    monkeypatch.setattr(stored_copies, "Engine", Busy)
    assert answer(file) == RIGHT
    assert (copy / "reading.json").is_file()


def test_a_copy_that_cannot_be_looked_through_now_stays(kept: Path, file: Path) -> None:
    assert answer(file) == RIGHT
    (copy,) = entries(kept)
    few = ask_apart(file, "import resource, pyoxigraph; resource.setrlimit(resource.RLIMIT_NOFILE, (14, 14))")
    assert few.stdout in {SAID, ""}  # or Python itself finds no room for a module
    assert (copy / "reading.json").is_file()


def test_the_order_that_a_query_leaves_open_is_the_same_with_a_copy_and_without(kept: Path, file: Path) -> None:
    def asked(**environment: str) -> str:
        command = [sys.executable, "-m", "k2graph", "query", "SELECT ?s { ?s ?p ?o } LIMIT 9", "--format", "csv", "--data", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **environment})
        return done.stdout

    first, again = asked(), asked()
    assert entries(kept)
    assert len(first.splitlines()) == 10
    assert first == again == asked(K2GRAPH_CACHE="off")


def test_old_copies_go_though_no_new_one_is_made(kept: Path, file: Path, tmp_path: Path) -> None:
    write(tmp_path / "old.nt", LINES + 1)
    answer(tmp_path / "old.nt")
    answer(file)
    old = next(copy for copy in stored_copies.copies() if copy.file.endswith("/old.nt"))
    left = kept / ".0123456789abcdef-left_one"
    left.mkdir()
    for each in (old.folder / "reading.json", left, kept / ".cleaned"):
        each.touch()
        os.utime(each, (0, 0))
    answer(file)
    assert names() == ["numbers.nt"]
    assert not left.exists()


def test_who_makes_another_copy_is_not_waited_for(kept: Path, file: Path) -> None:
    kept.mkdir(mode=0o700, parents=True)
    with stored_copies._alone(kept, "0" * 64):
        began = time.monotonic()
        assert answer(file) == RIGHT
        assert time.monotonic() - began < stored_copies._PATIENCE


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_folder_that_others_can_change_is_not_used(kept: Path, file: Path, kind: str) -> None:
    FOREIGN[kind](kept)
    assert answer(file) == RIGHT
    assert kept.is_file() or not list(kept.iterdir())
    assert stored_copies.clear() == (0, 0)


def test_a_copy_that_others_can_change_is_not_used(kept: Path, file: Path) -> None:
    assert answer(file) == RIGHT
    (copy,) = entries(kept)
    copy.chmod(0o777)
    assert answer(file) == RIGHT
    assert entries(kept) == [copy]  # nor is it taken away


@pytest.mark.parametrize("place", ["/proc/nowhere/k2graph", "/dev/null/k2graph"])
def test_where_nothing_can_be_written_the_file_is_read(monkeypatch: pytest.MonkeyPatch, file: Path, place: str) -> None:
    monkeypatch.setenv("K2GRAPH_CACHE", place)
    began = time.monotonic()
    assert answer(file) == RIGHT
    assert time.monotonic() - began < stored_copies._PATIENCE


ASK = "import sys, k2graph; from pathlib import Path; print(*k2graph.open(Path(sys.argv[1]), stored=True).rows(sys.argv[2])[0].values())"


def ask_apart(file: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """The same question in a process of its own, which first does something else."""
    return subprocess.run([sys.executable, "-c", f"{before}\n{ASK}", str(file), COUNT], capture_output=True, text=True, check=False)


SAID = f"{RIGHT[0]} {RIGHT[1]}\n"


def test_a_full_disk_is_survived(kept: Path, file: Path) -> None:
    # No file of this process may be longer than this, as on a disk that has no more room.
    full = ask_apart(file, "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))")
    assert (full.stdout, full.returncode) == (SAID, 0), full.stderr
    assert not entries(kept)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert ask_apart(file).stdout == SAID
    assert len(entries(kept)) == 1


#: At each of these the process is killed: when it has a folder, when the triples are in, when its two parts are put together.
STEPS = {
    "a folder": "import tempfile; real = tempfile.mkdtemp; tempfile.mkdtemp = lambda **k: (real(**k), die())",
    "the triples": "from k2graph.sparql import rdf_files; real = rdf_files.read; rdf_files.read = lambda *a: (real(*a), die())",
    "one part": "from pathlib import Path; real = Path.rename; Path.rename = lambda *a: (real(*a), die())",
    "both parts": "from pathlib import Path; real = Path.write_text; Path.write_text = lambda *a, **k: (real(*a, **k), die())",
    "in its place": "from k2graph.sparql import stored_copies; stored_copies._clean = lambda *a: die()",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_at_any_step_leaves_nothing_that_harms(kept: Path, file: Path, step: str) -> None:
    killed = ask_apart(file, f"import os, signal\ndef die(): os.kill(os.getpid(), signal.SIGKILL)\n{STEPS[step]}")
    assert (killed.stdout, killed.returncode) == ("", -9), killed.stderr
    assert len(entries(kept)) == 1
    assert ask_apart(file).stdout == SAID
    (copy,) = entries(kept)
    assert (copy / "reading.json").is_file()


def test_many_processes_at_once_make_one(kept: Path, file: Path) -> None:
    command = [sys.executable, "-c", ASK, str(file), COUNT]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(12)]
    assert {process.communicate()[0] for process in running} == {SAID}
    (copy,) = entries(kept)
    assert not copy.name.startswith(".")


def test_who_makes_a_copy_is_waited_for_but_not_for_ever(kept: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_copies, "_PATIENCE", 0.3)
    kept.mkdir(mode=0o700, parents=True)
    with stored_copies._alone(kept, stored_copies._name(file, file.read_bytes(), "")):
        began = time.monotonic()
        assert answer(file) == RIGHT
        assert time.monotonic() - began >= 0.3
    assert not entries(kept)


def test_copies_that_nobody_uses_go_and_so_do_the_oldest_of_too_many(
    kept: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        write(tmp_path / f"{number}.nt", LINES + number)
        answer(tmp_path / f"{number}.nt")
        copy = next(copy for copy in stored_copies.copies() if copy.file.endswith(f"/{number}.nt"))
        days = time.time() - 86_400 * 10 * number
        os.utime(copy.folder / "reading.json", (days, days))
    assert names() == ["1.nt", "2.nt", "3.nt"]
    monkeypatch.setattr(stored_copies, "KEPT_SECONDS", 25 * 86_400)
    answer(file)
    assert names() == ["numbers.nt", "1.nt", "2.nt"]
    answer(tmp_path / "2.nt")  # used again
    monkeypatch.setattr(stored_copies, "MOST_KEPT", 2.5 * stored_copies.copies()[0].size)
    write(tmp_path / "4.nt", LINES + 4)
    answer(tmp_path / "4.nt")
    assert names() == ["4.nt", "2.nt"]


def names() -> list[str]:
    return [Path(copy.file).name for copy in stored_copies.copies()]


def test_a_file_that_is_no_rdf_is_told_of_as_ever(kept: Path, file: Path) -> None:
    file.write_text(file.read_text() + "<http://example.org/a> oops .\n")
    with pytest.raises(InputError, match=rf"numbers\.nt:{LINES + 1}: not valid RDF"):
        k2graph.open(file, stored=True)
    assert not entries(kept)


@pytest.mark.parametrize("word", ["off", "OFF", "none"])
def test_there_are_none_where_none_are_wanted(monkeypatch: pytest.MonkeyPatch, file: Path, run: Run, word: str) -> None:
    monkeypatch.setenv("K2GRAPH_CACHE", word)
    assert stored_copies.place() is None
    assert answer(file) == RIGHT
    assert "no copies are kept" in run("cache").err


def test_the_folder_is_that_of_the_user_s_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("K2GRAPH_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    for given, place in ((str(tmp_path / "x"), tmp_path / "x"), ("relative", tmp_path / ".cache"), ("", tmp_path / ".cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", given)
        assert stored_copies.place() == place / "k2graph" / "copies"
    monkeypatch.setenv("HOME", ".")
    assert stored_copies.place() is None
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("K2GRAPH_CACHE", "~/mine")
    assert stored_copies.place() == tmp_path / "mine" / "copies"


def test_the_command_lists_and_removes(kept: Path, file: Path, run: Run) -> None:
    assert "holds no copies" in run("cache").err
    assert run("stats", "--data", str(file)).code == 0
    assert str(file) in run("cache").out
    assert run("cache", "--clear").err == f"{kept}: 1 removed\n"
    assert not entries(kept)


def test_a_copy_opens_sooner_than_the_file_is_read() -> None:
    from k2graph import resources

    seconds = {}
    for stored in (True, True, False):  # the first may have to make it
        began = time.perf_counter()
        k2graph.open(resources.GRAPH, stored=stored)
        seconds[stored] = time.perf_counter() - began
    assert seconds[True] < seconds[False] / 3
