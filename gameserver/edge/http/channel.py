"""One HTTP connection of a site: counted by address, heard one request at a time, ended when one does not get on."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel
from zope.interface import implementer

from gameserver.net.http import READING_TIME, TLS_HANDSHAKE, refusal
from gameserver.net.turns import Share, turns_of
from gameserver.sessions.addresses import network_of

#: Seconds that a request may take to come, body included.
REQUEST_TIME = 60

#: Bytes that may wait behind a request that is being answered before reading stops.
WAITING = 16384

#: Bytes of a body that are looked at in one go.
PIECE = 2048

#: What LuaSocket sends behind a request without a body: the end of a chunked one, which it has not announced.
LAST_CHUNK = b"0"

#: Digits of a length that is still looked at: a body of that size is refused long before.
LENGTH_DIGITS = 15


_REASONS = {
    400: "Bad Request",
    413: "Content Too Large",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


#: Headers of refusals besides those of all. Requests run out of the limit at one a second, or faster.
_HEADERS = {429: {"Retry_After": "1"}}


@implementer(IHalfCloseableProtocol)
class SiteChannel(HTTPChannel):
    """Twisted's, with limits.

    ``site.connections`` counts it in and out, unless its peer is a reverse proxy, who stands for many. The idle
    timeout is Twisted's; here a request that comes in drops has an end, too. Of requests that come at once each is
    answered in a reactor turn of its own, on the share of its address, and none while the client does not read the
    answers to those before.
    """

    site: Any
    transport: Any
    _counted: str | None = None
    _refused = False
    _begun = False
    _heard_out = False
    _asked = False
    _late: Any = None
    _next = False
    _size = 0
    _share: Share

    def connectionMade(self) -> None:
        """Take the connection in, or say that there is no room for it."""
        super().connectionMade()
        connections = self.site.connections
        host = getattr(self.transport.getPeer(), "host", None) or ""
        self._share = Share(turns_of(self.site.reactor), network_of(host))
        if connections is None or host in self.site.proxies:
            return
        if connections.take(host):
            self._counted = host
            return
        self.refuse(503, "Too many connections from your address.")

    def refuse(self, status: int, reason: str) -> None:
        """Answer what no resource answers, and end the connection when the client has had time to read why."""
        if self._refused:
            return
        self._refused = True
        self._stop_waiting()
        hsts = self.site.hsts if self.isSecure() else 0
        self.transport.write(refusal(status, _REASONS[status], reason, hsts, **_HEADERS.get(status, {})))
        self._late = self.callLater(READING_TIME, self.loseConnection)

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes; a request that begins with them has ``REQUEST_TIME`` to be complete."""
        if self._refused or self.transport.disconnecting:
            # Twisted has refused what has come; what stands behind that is no request of anybody's.
            return
        if not self._begun:
            self._begun = True
            if data.startswith(TLS_HANDSHAKE):
                self.loseConnection()
                return
        if self._late is None and not self._handlingRequest:
            self._late = self.callLater(REQUEST_TIME, self._request_is_late)
        super().dataReceived(data)
        if self.paused and len(self._buffer) > WAITING:
            self._networkProducer.pauseProducing()

    @property
    def _has_enough(self) -> bool:
        """Whether what has come is answered in a later turn, and is so much that nothing more is read before."""
        return self._next and len(self._buffer) > WAITING

    def timeoutConnection(self) -> None:
        """End a connection that does not get on; called by Twisted, and here.

        For one reason only: a second one would let Twisted forget that it is still to abort the connection for the
        first, and that call would outlive the connection.
        """
        self._stop_waiting()
        self.setTimeout(None)
        super().timeoutConnection()

    def _request_is_late(self) -> None:
        self._late = None
        self.timeoutConnection()

    def lineReceived(self, line: bytes) -> None:
        """Take a line of a request's head, unless the whole head is too long."""
        if self._refused:
            return
        if self._asked and not self._size and line == LAST_CHUNK:
            # The empty line behind it is left out by Twisted.
            self._asked = False
            return
        self._size += len(line)
        if self._size > self.totalHeadersSize:
            self.refuse(431, "The head of this request is too long.")
            return
        super().lineReceived(line)
        self._put_off()

    def rawDataReceived(self, data: bytes) -> None:
        """Take a part of a body, in pieces: each may be hundreds of chunks."""
        rest = data[PIECE:]
        super().rawDataReceived(data[:PIECE])
        # Behind what the decoder has given back, which is elsewhere while a request is being answered.
        if self._handlingRequest:
            self._dataBuffer.append(rest)
        else:
            self._buffer += rest
        self._put_off()

    def _put_off(self) -> None:
        """Let the rest of what has come wait for a later turn when the share of this one is used up."""
        if self._buffer and not self._handlingRequest and not self.paused and self._share.over:
            self.paused = True
            self._later()

    def lineLengthExceeded(self, line: bytes) -> None:
        """Refuse a line that has no end."""
        self.refuse(431, "A line of this request is too long.")

    def headerReceived(self, line: bytes) -> bool:
        """Take a header; a length that no number can hold is refused before one is made of it."""
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and len(value.strip()) > LENGTH_DIGITS:
            self.refuse(413, "The body is too large.")
            return False
        return bool(super().headerReceived(line))

    def allContentReceived(self) -> None:
        """Go on with a complete request; called by Twisted."""
        self._size, self._asked = 0, True
        self._stop_waiting()
        super().allContentReceived()

    def requestDone(self, request: object) -> None:
        """Let everybody else have a turn before the request behind this one; called by Twisted."""
        # What has come already stays in the buffer of the lines.
        self.paused = True
        super().requestDone(request)
        if self._heard_out and not self._buffer:
            self.loseConnection()
        elif self.persistent and self._buffer:
            self._later()
        else:
            self.paused = False

    def _later(self) -> None:
        if not self._next and not self._waitingForTransport:
            self._next = True
            self._share.later(self._go_on)

    def _go_on(self) -> None:
        if not self._next:
            # The connection has ended meanwhile.
            return
        self._next = False
        if self._waitingForTransport:
            return
        self.paused = False
        self.dataReceived(b"")
        if not self._handlingRequest and not self._waitingForTransport and not self._has_enough:
            self._networkProducer.resumeProducing()
        if self._heard_out and not self._handlingRequest and not self._next:
            # Half a request that nothing will follow.
            self.loseConnection()

    def resumeProducing(self) -> None:
        """Go on when the client has read its answers; called by the transport."""
        super().resumeProducing()
        if self.paused and not self._handlingRequest:
            self._later()

    def readConnectionLost(self) -> None:
        """Answer what a client has asked before it closed its half; called by Twisted."""
        self._heard_out = True
        if not self._handlingRequest and not self._next and not self.paused:
            self.loseConnection()

    def writeConnectionLost(self) -> None:
        """Called by Twisted when only our half is closed, which we never ask for."""

    def handed_over(self) -> None:
        """Let go of a connection that has become a WebSocket; it has limits of its own."""
        self._stop_waiting()
        self._count_out()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self._next = False
        self._count_out()
        super().connectionLost(reason)
        # A channel and its requests refer to each other: what has come would stay until the garbage is collected.
        self._buffer, self._dataBuffer, self._transferDecoder = b"", [], None

    def _stop_waiting(self) -> None:
        if self._late is not None and self._late.active():
            self._late.cancel()
        self._late = None

    def _count_out(self) -> None:
        host, self._counted = self._counted, None
        if host is not None:
            self.site.connections.release(host)
