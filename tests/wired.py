"""A client without a network, on a clock's time: what it sends is handled at once."""

from __future__ import annotations

from typing import Any

import attrs
from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure


class Wire(StringTransport):
    """The server's transport. It keeps what is written and can be full; ``protocol`` is who has it at the moment."""

    def __init__(self, host: str) -> None:
        super().__init__(peerAddress=IPv4Address("TCP", host, 40000))
        self.protocol: Any = None
        self.aborted = False

    def connect(self, protocol: Any) -> None:
        """Give a protocol this transport."""
        self.protocol = protocol
        protocol.makeConnection(self)

    def abortConnection(self) -> None:
        self.aborted = True

    def setTcpNoDelay(self, _on: bool) -> None:
        """There is no network."""

    def setTcpKeepAlive(self, _on: bool) -> None:
        """There is no network."""


@attrs.define(eq=False)
class WiredClient:
    """The client's end of a wire."""

    clock: Clock
    wire: Wire
    gone: bool = attrs.field(default=False, init=False)

    @property
    def protocol(self) -> Any:
        """The server's end."""
        return self.wire.protocol

    def raw(self, data: bytes = b"") -> bytes:
        """Send bytes and return those that come back at once."""
        if data:
            self.protocol.dataReceived(data)
        self.clock.advance(0)
        found: bytes = self.wire.value()
        self.wire.clear()
        return found

    @property
    def ended(self) -> bool:
        """Whether the server has ended the connection."""
        self.clock.advance(0)
        return self.wire.disconnecting or self.wire.aborted

    def hang_up(self) -> None:
        """End the connection, from either side."""
        if not self.gone:
            self.gone = True
            self.protocol.connectionLost(Failure(ConnectionDone()))
            self.clock.advance(0)
