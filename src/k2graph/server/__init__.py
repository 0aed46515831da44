"""The graph served read-only: the SPARQL 1.1 Protocol, the questions as an API, things by their address, and pages.

`query_processes` keeps queries within limits. In `http`, `jobs` stands between them and HTTP; `sparql_protocol`, `graph_store` and
`questions_and_things` answer; `app` binds all.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from dataclasses import dataclass, field
from pathlib import Path

from .. import resources
from ..errors import InputError, require
from .query_processes.answering import Limits


@dataclass(frozen=True)
class Settings:
    """How a server runs. What is behind another server keeps its path under `base_path`, such as `/k2`."""

    host: str = "127.0.0.1"
    port: int = 7878
    data: Path = resources.GRAPH
    base_path: str = ""
    #: Addresses of the servers in front, which are believed when they tell for whom they ask.
    proxy: str = ""
    #: Names of this server besides those of loopback, where it listens there; `*` for any.
    allow_host: str = ""
    metrics: bool = False
    max_concurrent: int = 2
    max_per_client: int = 10
    #: MiB of answers that are kept.
    cache: int = 32
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not 1 <= self.max_concurrent <= 64:
            raise InputError(f"--max-concurrent from 1 to 64, not {self.max_concurrent}")
        if self.max_per_client < 1 or self.cache < 0:
            raise InputError("--max-per-client is 1 or more, and --cache 0 or more")
        if self.proxy and not all(map(_is_address, self.proxy.split(","))):
            raise InputError(f"--proxy takes the addresses of servers in front, such as 127.0.0.1 or 10.0.0.0/8, not {self.proxy!r}")
        if self.allow_host and not all(map(_NAME.fullmatch, self.allow_host.split(","))):
            raise InputError(f"--allow-host takes names of this server, such as k2.example.org,localhost, or *, not {self.allow_host!r}")
        if not 0 < self.port < 65536:
            raise InputError(f"--port is from 1 to 65535, not {self.port}")
        if self.base_path and (not self.base_path.startswith("/") or self.base_path.endswith("/") or "{" in self.base_path):
            raise InputError(f"--base-path begins with / and does not end with it, not {self.base_path!r}")

    @property
    def hosts(self) -> frozenset[str] | None:
        """The names by which a request may call this server, or None for any: what all may ask is not to be guarded by its name."""
        named = {each.strip().lower() for each in self.allow_host.split(",") if each}
        if "*" in named or not (named or _is_loopback(self.host)):
            return None
        own = f"[{self.host}]" if ":" in self.host else self.host
        return frozenset({*named, own.lower(), "localhost", "127.0.0.1", "[::1]"})


#: A name of a host, or an address; one of IPv6 in brackets.
_NAME = re.compile(r"\s*(\*|[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])\s*")


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_network(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text.strip())
    except ValueError:
        return False
    return True


def serve(settings: Settings) -> None:
    """Serve until told to end.

    Raises:
        InputError: where a package is missing, the file is no graph, or the port is taken.
    """
    # Pages are made in a process of their own; what they need is looked for here.
    drawing = ("matplotlib", "pybtex", "pylatexenc")
    require("serve", "serve", "starlette", "uvicorn", *drawing, *(("prometheus_client",) if settings.metrics else ()))
    import signal
    import socket
    import sys

    import uvicorn

    from .http.app import application
    from .http.connections import REST, Connection, Server, room_for_connections

    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((settings.host, settings.port))
        except OSError as error:
            raise InputError(f"{settings.host}:{settings.port} cannot be listened at: {error.strerror or error}") from error
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain("%(asctime)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    # What uvicorn has to say is said here, in the line of each request, without tracebacks and without what a stranger sent.
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    # uvicorn lets the signal that ended it have its usual effect once all is put away; here that is a good end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Connection.most = room_for_connections()
    config = uvicorn.Config(
        application(settings),
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxy),
        forwarded_allow_ips=settings.proxy,
        # A query in an address may take three bytes for one, and that is then refused with the reason.
        h11_max_incomplete_event_size=400_000,
        timeout_keep_alive=REST,
        timeout_graceful_shutdown=3,
    )
    server = Server(config, f"http://{settings.host}:{settings.port}{settings.base_path}/")
    try:
        server.run()
    except SystemExit:
        if server.started:
            raise
    if not server.started:
        raise InputError(f"no worker could load {settings.data}: there may be too little memory, or another process has taken the port")


class _Plain(logging.Formatter):
    """Lines without tracebacks, which could quote what a stranger sent."""

    def formatException(self, ei: object) -> str:  # noqa: N802  # the name is the library's
        """The kind of an error alone."""
        kind = ei[0] if isinstance(ei, tuple) else None
        return kind.__name__ if kind else ""
