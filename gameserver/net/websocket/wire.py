"""What a protocol may do with a WebSocket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from gameserver.net.outbox import Outbox
from gameserver.net.websocket.frames import frame


class Closing(Protocol):
    """The side of the connection that knows the closing handshake."""

    def say_goodbye(self, code: int, reason: str) -> None:
        """Send a Close frame and wait for the client's, but not for long."""


@implementer(IPushProducer)
class Wire:
    """The way to one client, bounded: who does not read is dropped. After the end nothing here does anything."""

    __slots__ = ("_closed", "_closing", "_outbox", "_transport", "paused")

    def __init__(self, outbox: Outbox, transport: IPushProducer, closing: Closing) -> None:
        self._outbox = outbox
        self._transport = transport
        self._closing = closing
        self._closed = False
        #: Whether nothing is read from the client, not even that they are there.
        self.paused = False

    @property
    def waiting(self) -> int:
        """Bytes that wait for the client to read."""
        return self._outbox.waiting

    @property
    def full(self) -> bool:
        """Whether so much is unsent that nothing more should be asked."""
        return self._outbox.full

    def when_drained(self, drained: Callable[[], None]) -> None:
        """Call ``drained`` once, when it is full no more; never if the connection ends before."""
        self._outbox.when_drained(drained)

    def send(self, payload: bytes, binary: bool = False) -> None:
        """Send one message."""
        if not self._closed:
            self._outbox.write(frame(payload, binary))

    def write(self, data: bytes) -> None:
        """Send bytes that ``frame`` has made."""
        if not self._closed:
            self._outbox.write(data)

    def hand_over(self) -> None:
        """Give everything that waits to the transport, because a Close frame goes another way behind it."""
        self._outbox.hand_over()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Send what waits, then a Close frame; ``reason`` is cut to the 123 bytes it may have."""
        if self._closed:
            return
        self._closed = True
        self.paused = False
        # The client's Close frame can only be read by who reads.
        self._transport.resumeProducing()
        self._closing.say_goodbye(code, reason.encode()[:123].decode("utf-8", "ignore"))

    def hang_up(self) -> None:
        """Send what waits, then end the connection without a Close frame, for clients that stumble over one."""
        if not self._closed:
            self._closed = True
            self.paused = False
            self._outbox.close()

    def abort(self) -> None:
        """End the connection at once."""
        self._closed = True
        self._outbox.abort()

    def end(self) -> None:
        """Do nothing from now on: the connection has ended."""
        self._closed = True
        self._outbox.connection_lost()

    def pauseProducing(self) -> None:
        """Stop reading from the client."""
        if not self._closed:
            self.paused = True
            self._transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Go on reading from the client."""
        if not self._closed:
            self.paused = False
            self._transport.resumeProducing()

    def stopProducing(self) -> None:
        """End the connection."""
        self.close()
