"""Dockerfile, systemd unit and nginx's file: what they run exists, and what they promise is what the server does."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import httpx
import pytest
from debian import program
from k2graph_server import Served, served, within
from other_servers import free_port

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
UNIT = ROOT / "docs" / "deploy" / "k2graph.service"
NGINX = ROOT / "docs" / "deploy" / "nginx.conf"
HOW_TO = ROOT / "docs" / "how-to"
PAGE = (HOW_TO / "deploy.md").read_text(encoding="utf-8")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def served_with(command: list[str]) -> None:
    """Whether the command line takes these arguments, up to where it would begin to serve."""
    from k2graph.cli.main import _parser

    assert Path(command[0]).name == "k2graph"
    assert _parser().parse_args(command[1:]).command.__name__ == "_serve"


def test_the_image_runs_the_command_without_rights() -> None:
    (entry,) = instructions("ENTRYPOINT")
    served_with(json.loads(entry))
    assert instructions("USER") == ["10001"]
    assert "useradd" in DOCKERFILE
    assert len(instructions("FROM")) == 2
    (copied,) = [line for line in instructions("COPY") if line.startswith("--from=build")]
    assert copied.split()[1:] == ["/k2graph", "/k2graph"]
    assert "'.[serve]'" in DOCKERFILE


def test_the_image_has_all_that_the_wheel_is_made_of() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in kept)
    forced = re.findall(r'^"([^"]+)" = "k2graph/resources', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert {Path(name).parts[0] for name in forced} | {"pyproject.toml", "README.md", "src"} <= kept


def test_the_image_s_own_check_of_its_health_is_right(serving: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = re.findall(r"CMD (\[.*\])", DOCKERFILE)
    program_, flag, code = json.loads(check)
    assert (Path(program_).name, flag) == ("python", "-c")
    monkeypatch.setenv("no_proxy", "*")
    exec(code.replace(":7878", f":{serving.port}"))
    with pytest.raises(OSError, match="400"):
        exec(code.replace(":7878", f":{serving.port}").replace("/health", "/sparql?query=x"))


def test_the_unit_is_one_and_runs_the_command(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    served_with(shlex.split(command))
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace("/opt/k2graph/bin/k2graph", "/bin/true"), encoding="utf-8")
    done = subprocess.run([program("systemd-analyze", "systemd"), "verify", unit], capture_output=True, text=True, check=False)
    assert unit.name not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr


def test_nginx_passes_on_what_the_server_needs() -> None:
    settings = dict(re.findall(r"^\s*(\w+) (.*);", NGINX.read_text(encoding="utf-8"), re.MULTILINE))
    assert settings["proxy_http_version"] == "1.1"
    headers = dict(re.findall(r"proxy_set_header (\S+) (\S+);", NGINX.read_text(encoding="utf-8")))
    assert headers["X-Forwarded-For"] == "$remote_addr", "what a client says of itself must not be passed on"
    assert "location = /metrics { return 404; }" in NGINX.read_text(encoding="utf-8")


def test_a_real_nginx_takes_the_file_and_passes_on_even_long_answers(serving: Served, tmp_path: Path) -> None:
    port = free_port()
    text = NGINX.read_text(encoding="utf-8").replace("443 ssl", f"127.0.0.1:{port}").replace("127.0.0.1:7878", f"127.0.0.1:{serving.port}")
    text = re.sub(r"^ *ssl_.*$", "", text, flags=re.MULTILINE)
    places = "".join(f"{each}_temp_path {tmp_path}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (tmp_path / "nginx.conf").write_text(
        f"user root; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ access_log off; {places}\n{text} }}",
        encoding="utf-8",
    )
    command = [program("nginx", "nginx-light"), "-c", tmp_path / "nginx.conf", "-p", tmp_path]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            assert within(30, lambda: _answers(client)), (tmp_path / "log").read_text(encoding="utf-8")
            long = client.get(
                "/sparql", params={"query": f'SELECT ?x {{ VALUES ?n {{ {" 1" * 9} }} BIND(REPLACE("{Q}", "Q", "{Q}") AS ?x) }}'}
            )
            assert long.text.count("Q") == 9 * len(Q) ** 2
            assert client.post("/sparql", data={"query": f"ASK {{}} # {'a' * 90_000}"}).json()["boolean"] is True
            assert client.get("/metrics").status_code == 404
    finally:
        process.terminate()
        process.wait(timeout=30)


Q = "Q" * 1_000


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").is_success
    except httpx.TransportError:
        return False


HOSTS = ("localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:80", "localhost.")
FOREIGN = ("example.org", "127.0.0.1.example.org", "localhost:80:80", "[::1", "192.0.2.1", "k2.example.org", "", "local host")


@pytest.mark.parametrize(
    ("arguments", "more", "refused"),
    [
        ((), (), FOREIGN),
        (("--allow-host", "k2.example.org,[::2]"), ("k2.example.org", "K2.Example.Org:443", "[::2]:1"), FOREIGN[:-3]),
        (("--allow-host", "*"), FOREIGN[:3], ()),
        (("--host", "0.0.0.0"), FOREIGN[:3], ()),
        (("--host", "0.0.0.0", "--allow-host", "k2.example.org"), ("k2.example.org",), ("example.org", "192.0.2.1")),
    ],
)
def test_on_loopback_no_page_can_pass_its_own_name_off_as_this_server_s(
    tmp_path: Path, arguments: tuple[str, ...], more: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    data = tmp_path / "small.ttl"
    data.write_text("<https://w3id.org/k2graph/entity/x> <p:p> 1 .", encoding="utf-8")
    with served(tmp_path, "--data", data, "--max-concurrent", "1", *arguments) as server:
        for host in (*HOSTS, *more):
            for path in ("/sparql?query=ASK%7B%7D", "/health", "/"):
                assert server.client.get(path, headers={"Host": host}).status_code == 200, host
        for host in refused:
            for method, path in (("GET", "/sparql?query=ASK%7B%7D"), ("GET", "/store?default"), ("GET", "/"), ("OPTIONS", "/sparql")):
                response = server.client.request(method, path, headers={"Host": host})
                assert (response.status_code, "--allow-host NAME" in response.text) == (421, True), host


def test_the_unit_and_nginx_s_file_call_the_server_alike() -> None:
    (named,) = re.findall(r"--allow-host (\S+)", UNIT.read_text(encoding="utf-8"))
    (told,) = re.findall(r"server_name (\S+);", NGINX.read_text(encoding="utf-8"))
    assert named == told


def test_what_the_page_names_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (HOW_TO / target).exists(), target
    (run,) = re.findall(r"docker run (.*?)\n```", PAGE.replace("\\\n", " "), re.DOTALL)
    image, *arguments = shlex.split(run)[shlex.split(run).index("k2graph") :]
    served_with([image, "serve", *arguments])
    assert "--read-only" in run
