"""How a server runs, and what cannot be asked of it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path

from .. import resources
from ..errors import InputError
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
    #: Whether pages are made of the graph.
    pages: bool = True
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
