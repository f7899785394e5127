"""A chat client for tests, and a connection to a server without a network."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet.address import UNIXAddress
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

#: Seconds a test waits for something that must come.
PATIENCE = 60.0


class ChatClient(Protocol):
    """Sends objects as lines and reads lines, one after the other."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._rest = b""
        self._lines: list[bytes] = []
        self._waiting: Deferred[None] | None = None
        #: Fires when the connection has ended.
        self.lost: Deferred[None] = Deferred()

    def send(self, **keys: object) -> None:
        """Send one object as a line."""
        self.write(json.dumps(keys).encode() + b"\n")

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        transport: Any = self.transport
        transport.write(data)

    async def line(self) -> bytes:
        """Return the next line, with its end. Fails when none comes for some seconds, or ever again."""
        if not self._lines:
            self._waiting = Deferred()
            self._waiting.addTimeout(PATIENCE, self._reactor)
            await self._waiting
        return self._lines.pop(0)

    async def next(self) -> dict[str, Any]:
        """Return the next object."""
        found: dict[str, Any] = json.loads(await self.line())
        return found

    async def log_in(self, name: str, password: str = "") -> dict[str, Any]:
        """Log in and return the answer."""
        self.send(Command="01", Name=name, Password=password)
        return await self.next()

    async def ended(self) -> None:
        """Wait for the end of the connection."""
        self.lost.addTimeout(PATIENCE, self._reactor)
        await self.lost

    def drop(self) -> None:
        """End the connection without a word."""
        transport: Any = self.transport
        transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:
        """Cut what comes into lines."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines += [line + b"\n" for line in lines]
        if self._lines:
            self._wake(None)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell those who wait."""
        self._wake(Failure(ConnectionDone()))
        if not self.lost.called:
            self.lost.callback(None)

    def _wake(self, failure: Failure | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            if failure is None:
                waiting.callback(None)
            else:
                waiting.errback(failure)


class MemoryTransport:
    """One end of a connection inside the process; bytes arrive one reactor turn later."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._written: list[bytes] = []
        self._arrived: list[bytes] = []
        self._reading = True
        self._ending = False
        self._open = True
        self.protocol: Any = None
        self.other: MemoryTransport = self

    def write(self, data: bytes) -> None:
        """Send bytes to the other end."""
        if self._open and not self._ending:
            self._written.append(data)
            self._reactor.callLater(0, self._flush)

    def _flush(self) -> None:
        if self._open:
            self.other._arrived += self._written
            self._written.clear()
            self.other._read()

    def _read(self) -> None:
        while self._open and self._reading and self._arrived:
            self.protocol.dataReceived(self._arrived.pop(0))

    def loseConnection(self) -> None:
        """End the connection when everything has been sent."""
        if not self._ending:
            self._ending = True
            self._reactor.callLater(0, self.abortConnection)

    def abortConnection(self) -> None:
        """End the connection."""
        if self._open:
            self._flush()
        for end in (self, self.other):
            if end._open:
                end._open = False
                end.protocol.connectionLost(Failure(ConnectionDone()))

    def registerProducer(self, producer: object, streaming: bool) -> None:
        """Accept a producer; there is no buffer that could be full."""

    def unregisterProducer(self) -> None:
        """Forget the producer."""

    def pauseProducing(self) -> None:
        """Read no more."""
        self._reading = False

    def resumeProducing(self) -> None:
        """Read again."""
        self._reading = True
        self._reactor.callLater(0, self._read)

    def getPeer(self) -> IAddress:
        """Return an address without a host."""
        return UNIXAddress(None)

    getHost = getPeer


def connect_in_memory(reactor: Any, server: Any, client: Any) -> None:
    """Join two protocols."""
    ends = MemoryTransport(reactor), MemoryTransport(reactor)
    ends[0].other, ends[1].other = ends[1], ends[0]
    ends[0].protocol, ends[1].protocol = server, client
    server.makeConnection(ends[0])
    client.makeConnection(ends[1])
