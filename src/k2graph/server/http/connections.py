"""Connections: one that is slow, silent or half open is ended, so that it takes no place from others.

uvicorn bounds how long a connection may rest between two requests. It bounds neither the time in which a request's head arrives nor that in
which an answer is taken, and so a client that sends or reads a byte now and then would keep its connection for ever.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, ClassVar

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds in which the head of a request has to arrive, counted from the connection or from the head's first byte.
HEAD = 10.0
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


class _Together:
    """A transport that sends what is written in one step of the loop at once: head and body of an answer are one call of the system."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold it till the end of the step."""
        if not self._held:
            self._loop.call_soon(self.send_held)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, and end."""
        self.send_held()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        """Bytes that wait for the client, here or in the system's hands."""
        return self._transport.get_write_buffer_size() + sum(map(len, self._held))

    def send_held(self) -> None:
        """Send what is held now."""
        if self._held:
            held, self._held = b"".join(self._held), []
            self._transport.write(held)


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


class Connection(H11Protocol):
    """One connection of uvicorn's, with an end to each thing that it waits for."""

    #: How many there may be. One more takes the place of the one that has waited longest for a request.
    most: ClassVar[int] = 1_000
    #: Those that wait for the head of a request, the longest first.
    _silent: ClassVar[dict[Connection, None]] = {}
    _head: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(_Together(transport, self.loop))  # type: ignore[arg-type]  # it does as one
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
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._head is None and not self.transport.is_closing():
            self._wait_for_head()

    def eof_received(self) -> None:
        """Send what is held: asyncio closes what the client closes, as one cannot tell who has gone from who only asks no more."""
        self.transport.send_held()  # type: ignore[attr-defined]  # it is the one that was made here
        super().eof_received()

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
        """Say that this is no HTTP; what comes after the answer has begun only ends the connection."""
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
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
        if self.conn.our_state is h11.IDLE and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self.transport.close()
        self._limit_taking()

    def _limit_taking(self) -> None:
        if self._taking is None:
            self._taking = self.loop.call_later(TAKING, self._see_what_was_taken, self.transport.get_write_buffer_size())

    def _see_what_was_taken(self, before: int) -> None:
        self._taking = None
        if before - self.transport.get_write_buffer_size() < LEAST:
            self.transport.abort()
        else:
            self._limit_taking()
