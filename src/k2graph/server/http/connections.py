"""Connections: one that is slow, silent or half open is ended, so that it takes no place from others.

uvicorn bounds how long a connection may rest between two requests. It bounds neither the time in which a request's head arrives nor that in
which an answer is taken, and so a client that sends or reads a byte now and then would keep its connection for ever. Of its two ways to
read HTTP the one in C is used, as small answers come in half the time with it; that bounds no length, which is done here too.
"""

from __future__ import annotations

import asyncio
import socket
from typing import ClassVar
from urllib.parse import unquote

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds in which the head of a request has to arrive, counted from the connection or from the head's first byte.
HEAD = 10.0
#: Bytes of a request besides its body. A query in an address may take three bytes for one, and that is then refused with the reason.
LONGEST = 400_000
#: Seconds in which a client has to take all that waits for it, or so many bytes of it.
TAKING, LEAST = 60.0, 256 * 2**10
#: Seconds that a connection is kept for the next request.
REST = 10
#: File descriptors that the server needs for itself, its workers, and files that it sends.
_OWN = 200


def room_for_connections() -> int:
    """How many connections there may be, after the system was asked for as many files as it allows."""
    try:
        import resource
    except ImportError:
        return 1_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 20_000
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return max((most if soft == resource.RLIM_INFINITY else soft) - _OWN, 50)


class Server(uvicorn.Server):
    """uvicorn's server, which says where it answers once it does: who waits for that line may ask at once."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self.address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            print(f"k2graph answers at {self.address}", flush=True)


class Connection(HttpToolsProtocol):
    """One connection of uvicorn's, with an end to each thing that it waits for."""

    #: How many there may be. One more takes the place of the one that has waited longest for a request.
    most: ClassVar[int] = 1_000
    #: Those that wait for the head of a request, the longest first.
    _silent: ClassVar[dict[Connection, None]] = {}
    _besides_body = 0
    _head: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > self.most and self._silent:
            next(iter(self._silent)).transport.abort()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come. Time begins with the first byte of a head, and ends when there is a request."""
        super().data_received(data)
        self._besides_body += len(data)
        if self._besides_body > LONGEST and not self.transport.is_closing():
            self.send_400_response("The request is too long.")
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._head is None and not self.transport.is_closing():
            self._wait_for_head()

    def on_message_begin(self) -> None:
        """Count anew: what came before was of another request."""
        super().on_message_begin()
        self._besides_body = 0

    def on_headers_complete(self) -> None:
        """Take the address apart as uvicorn's other way does: httptools knows none beyond 65,535 bytes, and drops another server's name."""
        address, self.url = self.url, b"/"
        super().on_headers_complete()
        path, _, query = address.partition(b"?")
        self.scope["path"] = self.root_path + unquote(path.decode("ascii"))
        self.scope["raw_path"] = self.root_path.encode("ascii") + path
        self.scope["query_string"] = query

    def on_body(self, body: bytes) -> None:
        """A part of the body, which has limits of its own where it is read."""
        super().on_body(body)
        self._besides_body -= len(body)

    def on_response_complete(self) -> None:
        """Rest until the next request. Who takes long to read the answer is seen by `pause_writing`."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._limit_taking()

    def pause_writing(self) -> None:
        """More waits for the client than is good."""
        super().pause_writing()
        self._limit_taking()

    def resume_writing(self) -> None:
        """The client has taken it."""
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def timeout_keep_alive_handler(self) -> None:
        """No further request has come."""
        super().timeout_keep_alive_handler()
        self._limit_taking()

    def send_400_response(self, msg: str) -> None:
        """Say that this is no HTTP. Where that would be taken for the answer to the request before it, or a part of one, it only ends."""
        if self._at_rest():
            super().send_400_response(msg)
        elif self.cycle.more_body and not self.cycle.response_started:
            super().send_400_response(msg)
            self.cycle.disconnected = True  # it is answered
            self.cycle.message_event.set()
        else:
            self.transport.close()
        self._limit_taking()

    def _wait_for_head(self) -> None:
        self._head = self.loop.call_later(HEAD, self._too_late)
        self._silent[self] = None

    def _stop_waiting(self) -> None:
        self._silent.pop(self, None)
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _too_late(self) -> None:
        if self._at_rest() and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self.transport.close()
        self._limit_taking()

    def _at_rest(self) -> bool:
        """Whether every request has its answer."""
        return self.cycle is None or self.cycle.response_complete

    def _limit_taking(self) -> None:
        if self._taking is None:
            self._taking = self.loop.call_later(TAKING, self._see_what_was_taken, self.transport.get_write_buffer_size())

    def _see_what_was_taken(self, before: int) -> None:
        self._taking = None
        if before - self.transport.get_write_buffer_size() < LEAST:
            self.transport.abort()
        else:
            self._limit_taking()
