"""Connections of urllib that can be ended by whoever waits for them no longer."""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.request
from contextlib import suppress
from typing import Any


class Line:
    """The connections of one exchange, which can be ended from without."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: list[socket.socket] = []
        self.ended = False

    def add(self, connection: socket.socket) -> None:
        """Take in a connection that was made, and end it where that has come too late."""
        with self.lock:
            self.open.append(connection)
        if self.ended:
            self.hang_up()

    def hang_up(self) -> None:
        """End what is open, and what will be."""
        with self.lock:
            self.ended = True
            for connection in self.open:
                with suppress(OSError):  # it has ended by itself
                    connection.shutdown(socket.SHUT_RDWR)
            self.open.clear()


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, *, line: Line, **how: Any) -> None:
        super().__init__(host, **how)
        self.line = line

    def connect(self) -> None:
        super().connect()
        self.line.add(self.sock)


class _Secure(http.client.HTTPSConnection):
    def __init__(self, host: str, *, line: Line, **how: Any) -> None:
        super().__init__(host, **how)
        self.line = line

    def connect(self) -> None:
        super().connect()
        self.line.add(self.sock)


class Http(urllib.request.HTTPHandler):
    """Opens http: addresses on such a line."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """As urllib does, by a connection that the line knows."""
        return self.do_open(_Plain, request, line=self.line)  # type: ignore[arg-type]


class Https(urllib.request.HTTPSHandler):
    """Opens https: addresses on such a line."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """As urllib does, by a connection that the line knows."""
        return self.do_open(_Secure, request, line=self.line)  # type: ignore[arg-type]
