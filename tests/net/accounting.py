"""Connections whose every byte is accounted for: what was written, what has come, and what may be missing.

All senders write the same endless row of messages of many sizes, each beginning somewhere else in it, so a receiver
knows every byte that has to come next. Messages are numbered by their place; the row repeats after ``len(MESSAGES)``
of them, and the number of bytes at the end tells what comparing could not.
"""

from __future__ import annotations

import random
import socket
from functools import cache
from itertools import accumulate
from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol, IPullProducer, IPushProducer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from gameserver.net.outbox import Outbox
from gameserver.net.tcp_options import set_tcp_options

#: A prime, so that no buffer's size divides the row.
_ROW = 65521

#: What a sender says in one go at most.
_AT_ONCE = 40


def _size(chance: random.Random) -> int:
    die = chance.random()
    if die < 0.93:
        return chance.randint(4, 40)
    if die < 0.9996:
        return chance.randint(41, 1500)
    # Around the size of Twisted's buffer, and far above it.
    return chance.choice((65535, 65536, 65537, 70000, 300_000))


@cache
def row() -> tuple[list[bytes], list[int], bytes]:
    """Return the messages, where each begins, and all of them twice in a row."""
    chance = random.Random(5303)
    messages = [chance.randbytes(_size(chance)) for _ in range(_ROW)]
    begins = list(accumulate(map(len, messages), initial=0))
    return messages, begins[:-1], b"".join(messages) * 2


def below(transport: Any) -> Any:
    """Return the TCP transport of a connection, below TLS."""
    while hasattr(transport, "wrappedProtocol"):
        transport = transport.transport
    return transport


def first_of(port: int) -> int:
    """Return where in the row a connection begins, by the number of the client's port."""
    return port * 7919 % _ROW


class Sender(Protocol):
    """The server's side. ``say`` writes as the transport is used; ``messages`` and ``size`` are what was written."""

    #: Messages that are still to be written.
    owed = 0

    def __init__(self, port: int, chance: random.Random, small: bool) -> None:
        self.at = first_of(port)
        self.chance = chance
        self.small = small
        self.messages = self.size = 0
        self.gone = False
        #: Bytes that the client has sent.
        self.heard = 0
        self.wire: Any = None

    def connectionMade(self) -> None:
        self.wire = self.transport
        set_tcp_options(self.wire)
        if self.small:
            below(self.wire).getHandle().setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    def taken(self, count: int) -> list[bytes]:
        """Return the next messages, as written."""
        messages = row()[0]
        taken = [messages[(self.at + number) % _ROW] for number in range(count)]
        self.at = (self.at + count) % _ROW
        self.messages += count
        self.size += sum(map(len, taken))
        return taken

    def end(self) -> None:
        """Close the connection when everything has left."""
        self.gone = True
        self.wire.loseConnection()

    def abort(self) -> None:
        """End the connection; what has not left is lost."""
        self.gone = True
        self.wire.abortConnection()

    def say(self, count: int) -> None:
        """Write so many messages, one by one, as a sequence, or joined."""
        if self.gone:
            return
        die = self.chance.random()
        if count == 1 or die < 0.5:
            for message in self.taken(count):
                self.wire.write(message)
        elif die < 0.75:
            self.wire.writeSequence(self.taken(count))
        else:
            self.wire.write(b"".join(self.taken(count)))

    def dataReceived(self, data: bytes) -> None:
        self.heard += len(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.gone = True


@implementer(IPushProducer)
class PushSender(Sender):
    """Writes until it is told to pause, also from within its own write; then owes the rest."""

    paused = False

    def connectionMade(self) -> None:
        super().connectionMade()
        self.wire.registerProducer(self, True)

    def say(self, count: int) -> None:
        self.owed += count
        self._pay()

    def _pay(self) -> None:
        while self.owed and not self.paused and not self.gone:
            count = min(self.owed, self.chance.randint(1, _AT_ONCE))
            self.owed -= count
            super().say(count)

    def end(self) -> None:
        self.owed = 0
        self.wire.unregisterProducer()
        super().end()

    def pauseProducing(self) -> None:
        self.paused = True

    def resumeProducing(self) -> None:
        self.paused = False
        self._pay()

    def stopProducing(self) -> None:
        self.paused = True


@implementer(IPullProducer)
class PullSender(Sender):
    """Writes one message whenever it is asked for more, as long as it owes some."""

    registered = False

    def say(self, count: int) -> None:
        self.owed += count
        if not self.registered and not self.gone:
            self.registered = True
            self.wire.registerProducer(self, False)

    def end(self) -> None:
        self.owed = 0
        if self.registered:
            self.wire.unregisterProducer()
        super().end()

    def resumeProducing(self) -> None:
        if self.owed:
            self.owed -= 1
            super().say(1)
        else:
            self.registered = False
            self.wire.unregisterProducer()

    def stopProducing(self) -> None:
        self.owed = 0


class OutboxSender(Sender):
    """Writes as our connections do."""

    def __init__(self, port: int, chance: random.Random, small: bool, clock: Any) -> None:
        super().__init__(port, chance, small)
        self._clock = clock

    def connectionMade(self) -> None:
        super().connectionMade()
        self.outbox = Outbox(self.transport, self._clock, 1 << 30, self.fail, 600.0)
        self.wire = self

    def fail(self) -> None:
        raise AssertionError("dropped as too slow")

    def write(self, data: bytes) -> None:
        self.outbox.write(data)

    def writeSequence(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            self.outbox.write(piece)

    def loseConnection(self) -> None:
        self.outbox.close()

    def abortConnection(self) -> None:
        self.outbox.abort()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.outbox.connection_lost()
        super().connectionLost(reason)


@implementer(IHalfCloseableProtocol)
class HalfClosingSender(Sender):
    """Closes its half at the end, and goes on hearing until the client has closed the other one."""

    def end(self) -> None:
        self.gone = True
        self.wire.loseWriteConnection()

    def readConnectionLost(self) -> None:
        self.wire.loseConnection()

    def writeConnectionLost(self) -> None:
        """Called by Twisted when our half is closed."""


@implementer(IHalfCloseableProtocol)
class Receiver(Protocol):
    """The client's side: compares what comes with what has to. ``slow`` ones stop reading now and then."""

    def __init__(self, reactor: Any, chance: random.Random, slow: bool) -> None:
        self._reactor = reactor
        self._chance = chance
        self._slow = slow
        self._row = row()[2]
        self._period = len(self._row) // 2
        self.size = 0
        #: What was wrong first, with its place.
        self.wrong = ""
        self.ended = self.half_closed = False
        self._waiting: Any = None

    def connectionMade(self) -> None:
        transport: Any = self.transport
        #: By which the server knows it.
        self.port: int = transport.getHost().port
        self._at = row()[1][first_of(self.port)]
        if self._slow:
            below(transport).getHandle().setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def dataReceived(self, data: bytes) -> None:
        row, at = self._row, self._at
        for begin in range(0, len(data), self._period):
            piece = data[begin : begin + self._period]
            if not row.startswith(piece, at) and not self.wrong:
                self.wrong = f"another byte than expected within {len(data)} from {self.size}"
            at = (at + len(piece)) % self._period
        self._at = at
        self.size += len(data)
        if self._slow and self._waiting is None and self._chance.random() < 0.3:
            transport: Any = self.transport
            transport.pauseProducing()
            self._waiting = self._reactor.callLater(self._chance.random() * 0.02, self._go_on)

    def _go_on(self) -> None:
        self._waiting = None
        if not self.ended:
            transport: Any = self.transport
            transport.resumeProducing()

    def readConnectionLost(self) -> None:
        """The server has closed its half: say something still, then close ours."""
        self.half_closed = True
        transport: Any = self.transport
        transport.write(b"still here")
        transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """Called by Twisted when our half is closed."""

    def close(self) -> None:
        """End the connection, whatever has become of the test."""
        transport: Any = self.transport
        if transport is not None and not self.ended:
            transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended = True
        if self._waiting is not None:
            self._waiting.cancel()
