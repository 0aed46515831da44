"""The command: what it refuses, what it needs, and that nothing else pays for it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from other_servers import free_port
from project import Run

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--timeout", "0"), "--timeout is more than 0"),
        (("--timeout", "nan"), "--timeout is more than 0"),
        (("--max-rows", "0"), "--max-rows is a whole number from 1"),
        (("--memory", "1"), "--memory is 64 MiB or more"),
        (("--max-concurrent", "0"), "--max-concurrent is a whole number from 1"),
        (("--port", "70000"), "--port is from 1"),
        (("--max-per-client", "0"), "--max-per-client is a whole number from 1"),
        (("--cache", "-1"), "--cache is a whole number from 0"),
        (("--proxy", "example.org"), "--proxy takes the addresses"),
        (("--allow-host", "http://k2.example.org"), "--allow-host takes names of this server"),
        (("--base-path", "k2"), "--base-path begins with /"),
        (("--base-path", "/k2/"), "--base-path begins with /"),
        (("--data", "no-such-file.ttl"), "no-such-file.ttl: cannot be read"),
        (("--host", "192.0.2.1", "--port", "7999"), "192.0.2.1:7999 cannot be listened at"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run("serve", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_file_that_is_no_graph_is_refused_with_its_line(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "broken.ttl"
    data.write_text("\n<a:a> <b:b>", encoding="utf-8")
    code, _, err = run("serve", "--data", data)
    assert code == 2
    assert "broken.ttl:2: not valid RDF" in err


def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = run("serve", "--port", str(port))
    assert code == 2
    assert f"127.0.0.1:{port} cannot be listened at" in err


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "prometheus_client"])
def test_a_missing_package_is_said_with_the_way_out(run: Run, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    code, _, err = run("serve", "--metrics")
    assert code == 2
    assert err == f"k2graph: serve needs {package.replace('_', '-')}: pip install 'k2graph[serve]'\n"


def start(code: str, port: int) -> subprocess.CompletedProcess[str]:
    script = f"import sys; from k2graph.cli.main import main; {code}; sys.exit(main(['serve', '--port', '{port}']))"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=100)


def test_workers_that_do_not_start_are_said_in_one_line() -> None:
    done = start("sys.executable = '/bin/false'", free_port())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("k2graph: no worker could load ")
    assert done.stderr.count("\n") == 1


#: A server whose socket takes its time to listen.
SLOW_TO_LISTEN = """
import asyncio
from asyncio.base_events import BaseEventLoop

listens = BaseEventLoop.create_server

async def later(self, *given, **named):
    await asyncio.sleep(1)
    return await listens(self, *given, **named)

BaseEventLoop.create_server = later
"""


def ready(folder: Path, port: int, first: str = "") -> subprocess.Popen[str]:
    """A server of an almost empty file, with its temporary files in a folder, as soon as it says that it answers."""
    data = folder / "small.ttl"
    data.write_text("<http://a.org/s> <http://a.org/p> 1 .\n", encoding="utf-8")
    (folder / "temporary").mkdir(exist_ok=True)
    call = f"main(['serve', '--data', {str(data)!r}, '--port', '{port}'])"
    script = f"{first}\nimport sys; from k2graph.cli.main import main; sys.exit({call})"
    environment = {**os.environ, "TMPDIR": str(folder / "temporary")}
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"k2graph answers at http://127.0.0.1:{port}/\n"
    return process


def test_once_it_says_that_it_answers_it_does(tmp_path: Path) -> None:
    process = ready(tmp_path, port := free_port(), SLOW_TO_LISTEN)
    try:
        socket.create_connection(("127.0.0.1", port), timeout=60).close()
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_servers_that_were_killed_leave_one_folder_and_the_next_none(tmp_path: Path) -> None:
    for _ in range(3):
        process = ready(tmp_path, free_port())
        process.kill()
        process.communicate(timeout=60)
        assert len(list((tmp_path / "temporary").iterdir())) == 1
    process = ready(tmp_path, free_port())
    process.terminate()
    process.communicate(timeout=60)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_folder_without_room_is_said_in_one_line() -> None:
    code = "import tempfile; tempfile.tempdir = '/proc/no/such/folder'"
    done = start(code, free_port())
    assert (done.returncode, done.stdout) == (2, "")
    assert "name a folder with room in TMPDIR" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_worker_loads_nothing_of_the_server() -> None:
    code = (
        "import sys, k2graph.server.query_processes.process; "
        "print(sorted({'starlette', 'uvicorn', 'jinja2', 'asyncio', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
