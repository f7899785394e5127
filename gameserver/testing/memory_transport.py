"""A connection inside the process, for tests that need no network."""

from __future__ import annotations

from collections import deque
from typing import Any

from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.interfaces import (
    IAddress,
    IConsumer,
    IHalfCloseableProtocol,
    IProtocol,
    IPushProducer,
    IReactorTime,
    ITransport,
)
from twisted.python.failure import Failure
from zope.interface import implementer

#: Bytes that may be on their way to who does not read before the sender is told to wait.
FULL = 65536


@implementer(ITransport, IConsumer, IPushProducer)
class MemoryTransport:
    """One end of a connection inside the process; bytes arrive one reactor turn later.

    ``host`` is the address of the other end, empty for none. Who does not read makes the sender's producer wait,
    as a full socket does.
    """

    disconnecting = False

    def __init__(self, reactor: IReactorTime, host: str = "") -> None:
        self._reactor = reactor
        self._host = host
        self._sending: deque[bytes] = deque()
        self._waiting = 0
        self._producer: Any = None
        self._paused = False
        self._reading = True
        self._scheduled = False
        self._written_all = False
        self._half_closing = False
        self._open = True
        self.protocol: Any = None
        self.other: MemoryTransport = self

    def write(self, data: bytes) -> None:
        """Send bytes to the other end."""
        if not self._open or self.disconnecting or self._written_all:
            return
        self._sending.append(data)
        self._waiting += len(data)
        self._soon()
        if self._waiting > FULL and self._producer is not None and not self._paused:
            self._paused = True
            self._producer.pauseProducing()

    def writeSequence(self, data: Any) -> None:
        """Send several pieces."""
        for piece in data:
            self.write(piece)

    def _soon(self) -> None:
        if not self._scheduled and self._open:
            self._scheduled = True
            self._reactor.callLater(0, self._deliver)

    def _deliver(self) -> None:
        self._scheduled = False
        while self._sending and self._open and self.other._reading:
            data = self._sending.popleft()
            self._waiting -= len(data)
            self.other.protocol.dataReceived(data)
        if self._sending or not self._open:
            return
        if self._paused:
            self._paused = False
            self._producer.resumeProducing()
        if self.disconnecting and not self._sending:
            self._end(ConnectionDone())
        elif self._half_closing:
            self._half_closing = False
            if IHalfCloseableProtocol.providedBy(self.other.protocol):
                self.other.protocol.readConnectionLost()
            else:
                self._end(ConnectionDone())

    def loseWriteConnection(self) -> None:
        """Say that nothing more will come, and go on reading."""
        self._written_all = self._half_closing = True
        self._soon()

    def loseConnection(self) -> None:
        """End the connection when the other end has read everything."""
        self.disconnecting = True
        self._soon()

    def abortConnection(self) -> None:
        """End the connection; what is on its way is lost."""
        self._reactor.callLater(0, self._end, ConnectionAborted())

    def _end(self, reason: Exception) -> None:
        for end in (self, self.other):
            if end._open:
                end._open = False
                protocol, end.protocol, end._producer = end.protocol, None, None
                protocol.connectionLost(Failure(reason))

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Tell a producer when to wait."""
        self._producer, self._paused = producer, False

    def unregisterProducer(self) -> None:
        """Forget the producer."""
        self._producer, self._paused = None, False

    def pauseProducing(self) -> None:
        """Read no more."""
        self._reading = False

    def resumeProducing(self) -> None:
        """Read again."""
        self._reading = True
        self.other._soon()

    def stopProducing(self) -> None:
        """End the connection."""
        self.loseConnection()

    def getPeer(self) -> IAddress:
        """Return the address of the other end."""
        peer: IAddress = IPv4Address("TCP", self._host, 40000) if self._host else UNIXAddress(None)
        return peer

    def getHost(self) -> IAddress:
        """Return an address without a host."""
        host: IAddress = UNIXAddress(None)
        return host


def connect_in_memory(reactor: IReactorTime, server: IProtocol | None, client: IProtocol, host: str = "") -> None:
    """Join two protocols; ``host`` is the client's address.

    Raises ``ConnectionRefusedError`` if there is no server, which is how a factory says no.
    """
    if server is None:
        raise ConnectionRefusedError
    at_server, at_client = MemoryTransport(reactor, host), MemoryTransport(reactor)
    at_server.other, at_client.other = at_client, at_server
    at_server.protocol, at_client.protocol = server, client
    server.makeConnection(at_server)
    client.makeConnection(at_client)
