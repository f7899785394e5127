"""A connection over TCP, TLS or a transport in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from twisted.internet.interfaces import IHalfCloseableProtocol, IHandshakeListener, ISSLTransport
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from gameserver.edge.connection import Connection
from gameserver.edge.shared import Shared
from gameserver.net.http import TLS_HANDSHAKE, HttpSniffer, http_refusal
from gameserver.net.inbox import Source
from gameserver.net.outbox import Outbox
from gameserver.net.tcp_options import set_tcp_options
from gameserver.net.turns import Reading

#: Bytes that are cut into messages in one go.
PIECE = 2048

#: Bytes that Twisted reads at once; behind as many there may be more.
READ = 65536

I = TypeVar("I")  # noqa: E741
I_co = TypeVar("I_co", covariant=True)
S = TypeVar("S", bound=Shared)


class Framing(Source[I_co], Protocol[I_co]):
    """Cuts a client's bytes into what the inbox holds."""

    def feed(self, data: bytes) -> None:
        """Take in what the client has sent."""

    def end(self) -> None:
        """Take note that nothing more will come: what is left is whole, or never will be."""

    def forget(self) -> None:
        """Throw everything away: the connection has ended."""


@implementer(IHandshakeListener, IHalfCloseableProtocol)
class StreamConnection(Connection[I, S], TwistedProtocol):
    """One client. ``framing`` cuts its bytes; ``NOT_HTTP`` tells a browser in one sentence what speaks here."""

    NOT_HTTP = "This port does not speak HTTP."

    def __init__(self, shared: S, framing: Framing[I]) -> None:
        super().__init__(shared)
        self.framing = framing
        self._sniffer: HttpSniffer | None = HttpSniffer()
        #: Whether more has come already than what is being cut into messages.
        self.more_follows = False
        #: What waits for a later turn of the reactor, and whether nothing will follow it.
        self._held = b""
        self._half_closed = False

    def connectionMade(self) -> None:
        """Set up the transport and let the client in; called by Twisted."""
        shared = self.shared
        transport: Any = self.transport
        set_tcp_options(transport)
        self.address = getattr(transport.getPeer(), "host", None) or ""
        limits = shared.limits
        self.outbox = Outbox(transport, shared.reactor, limits.outbox_bytes, self.too_slow, limits.reading_seconds)
        if ISSLTransport.providedBy(transport):
            shared.handshakes.start(self)
        self._reading = Reading(transport)
        self._open(self.framing, self._reading, self.outbox, self.outbox.write)

    def handshakeCompleted(self) -> None:
        """Note that TLS is up; called by Twisted."""
        self.shared.handshakes.stop(self)

    def handshake_is_late(self) -> None:
        """End a connection that does not speak TLS."""
        self.outbox.abort()

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes; called by Twisted."""
        self._guard.run(self._receive, data)

    def _receive(self, data: bytes) -> None:
        if self.leaving:
            return
        if self._sniffer is not None:
            if data.startswith(TLS_HANDSHAKE):
                # TLS on a port without: nothing we could say would be understood, and the client waits.
                self.leave()
                return
            rest = self._sniffer.feed(data)
            if rest is None:
                secure = ISSLTransport.providedBy(self.transport)
                self.deliver(http_refusal(self.NOT_HTTP, self.shared.context.hsts if secure else 0))
                self.leave_soon()
                return
            if not rest:
                return
            self._sniffer, data = None, rest
        self._cut(data)

    def _cut(self, data: bytes) -> None:
        """Take in bytes piece by piece: even to find the messages in them takes a while, and is on a share."""
        if self._held:
            self._held += data
            return
        for start in range(0, len(data), PIECE):
            self.more_follows = start + PIECE < len(data) or len(data) >= READ
            if start and self._share.over:
                self._held = data[start:]
                self._reading.hold()
                self._share.later(self._go_on)
                return
            if self.leaving:
                return
            self.received(data[start : start + PIECE])

    def _go_on(self) -> None:
        self._guard.run(self._take_held)

    def _take_held(self) -> None:
        data, self._held = self._held, b""
        if self.leaving:
            return
        self._reading.release()
        self._cut(data)
        if self._half_closed and not self._held:
            self._finish()

    def received(self, data: bytes) -> None:
        """Cut bytes into messages and handle them in order."""
        self.framing.feed(data)
        self.hear()

    def readConnectionLost(self) -> None:
        """Take a client that will say nothing more for gone, once what it has said is answered.

        Called by Twisted for a half-closed TCP connection: ``printf … | nc``.
        """
        self._half_closed = True
        if not self._held:
            self._guard.run(self._finish)

    def _finish(self) -> None:
        if self._sniffer is not None:
            # It will never be a request.
            self.framing.feed(self._sniffer.held)
            self._sniffer = None
        self.framing.end()
        if self._inbox is not None:
            self._inbox.end(self.leave)

    def writeConnectionLost(self) -> None:
        """Called by Twisted when only our half is closed, which we never ask for."""

    @property
    def busy(self) -> bool:
        """See ``Connection``; bytes that wait for a later turn are messages, too."""
        return bool(self._held) or super().busy

    @property
    def unread(self) -> int:
        """See ``Connection``."""
        return self.outbox.waiting

    def _end_transport(self, code: str, text: str) -> None:
        self.outbox.close()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection; called by Twisted."""
        self.outbox.connection_lost()
        self._ended()
        # A message may still be handled, and hold the connection for as long as a password waits to be checked.
        self.framing.forget()
        self._held = b""


class StreamFactory(Factory):
    """Makes the connections of a listener; the context's ``over_tls`` puts TLS in front of it."""

    noisy = False

    def __init__(self, make: Callable[[], StreamConnection[Any, Any]]) -> None:
        self._make = make

    def buildProtocol(self, addr: object) -> StreamConnection[Any, Any]:
        """Return the protocol of a new connection."""
        return self._make()
