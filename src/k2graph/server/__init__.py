"""The graph served read-only: the SPARQL 1.1 Protocol, the questions as an API, things by their address, and pages.

`query_processes` keeps queries within limits. In `http`, `jobs` stands between them and HTTP; `sparql_protocol`, `graph_store` and
`questions_and_things` answer; `app` binds all.
"""

from __future__ import annotations

import logging

from ..errors import InputError, require
from .settings import Settings


def serve(settings: Settings) -> None:
    """Serve until told to end.

    Raises:
        InputError: where a package is missing, the file is no graph, or the port is taken.
    """
    # Pages are made in a process of their own; what they need is looked for here.
    drawing = ("matplotlib", "pybtex", "pylatexenc", "rispy")
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
