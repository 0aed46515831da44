"""The graph served read-only: the SPARQL 1.1 Protocol, the questions as an API, things by their address, and pages.

`workers` and `worker` keep queries within limits, `desk` stands between them and HTTP, `protocol` and `api` answer, `app` binds all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .. import resources
from ..faults import InputError
from .worker import Limits


@dataclass(frozen=True)
class Settings:
    """How a server runs. What is behind another server keeps its path under `base_path`, such as `/k2`."""

    host: str = "127.0.0.1"
    port: int = 7878
    data: Path = resources.GRAPH
    base_path: str = ""
    max_concurrent: int = 2
    max_per_client: int = 10
    #: MiB of answers that are kept.
    cache: int = 32
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not 0 < self.limits.timeout <= 3600:
            raise InputError(f"--timeout is more than 0 and at most 3600 seconds, not {self.limits.timeout:g}")
        if self.limits.max_rows < 1 or not 1 <= self.max_concurrent <= 64:
            raise InputError("--max-rows is 1 or more, and --max-concurrent from 1 to 64")
        if self.max_per_client < 1 or self.cache < 0:
            raise InputError("--max-per-client is 1 or more, and --cache 0 or more")
        if not 0 < self.port < 65536:
            raise InputError(f"--port is from 1 to 65535, not {self.port}")
        if self.base_path and (not self.base_path.startswith("/") or self.base_path.endswith("/") or "{" in self.base_path):
            raise InputError(f"--base-path begins with / and does not end with it, not {self.base_path!r}")


def serve(settings: Settings) -> None:
    """Serve until told to end.

    Raises:
        InputError: where a package is missing, the file is no graph, or the port is taken.
    """
    try:
        import starlette
        import uvicorn
    except ImportError as error:
        raise InputError(f"serve needs {error.name}: pip install 'k2graph[serve]'") from error
    del starlette
    import logging
    import signal
    import socket
    import sys

    from .app import application

    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((settings.host, settings.port))
        except OSError as error:
            raise InputError(f"{settings.host}:{settings.port} cannot be listened at: {error.strerror or error}") from error
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn lets the signal that ended it have its usual effect once all is put away; here that is a good end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        application(settings),
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # A query in an address may take three bytes for one, and that is then refused with the reason.
        h11_max_incomplete_event_size=400_000,
        timeout_graceful_shutdown=3,
    )
