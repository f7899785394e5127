"""One HTTP connection of a site: counted by address, and ended when a request does not get on."""

from __future__ import annotations

from typing import Any

from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

from gameserver.net.http import READING_TIME, TLS_HANDSHAKE

#: Seconds that a request may take to come, body included.
REQUEST_TIME = 60

_NO_ROOM = b"Too many connections from your address.\n"
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\n"
    b"Connection: close\r\n\r\n%b" % (len(_NO_ROOM), _NO_ROOM)
)


class SiteChannel(HTTPChannel):
    """Twisted's, with limits.

    ``site.connections`` counts it in and out, unless its peer is a reverse proxy, who stands for many. The idle
    timeout is Twisted's; here a request that comes in drops has an end, too.
    """

    site: Any
    transport: Any
    _counted: str | None = None
    _refused = False
    _begun = False
    _late: Any = None

    def connectionMade(self) -> None:
        """Take the connection in, or say that there is no room for it."""
        super().connectionMade()
        connections = self.site.connections
        host = getattr(self.transport.getPeer(), "host", None) or ""
        if connections is None or host in self.site.proxies:
            return
        if connections.take(host):
            self._counted = host
            return
        self._refused = True
        self.transport.write(_REFUSAL)
        self._late = self.callLater(READING_TIME, self.loseConnection)

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes; a request that begins with them has ``REQUEST_TIME`` to be complete."""
        if self._refused:
            return
        if not self._begun:
            self._begun = True
            if data.startswith(TLS_HANDSHAKE):
                self.loseConnection()
                return
        if self._late is None and not self._handlingRequest:
            self._late = self.callLater(REQUEST_TIME, self._request_is_late)
        super().dataReceived(data)

    def _request_is_late(self) -> None:
        self._late = None
        self.timeoutConnection()

    def allContentReceived(self) -> None:
        """Go on with a complete request; called by Twisted."""
        self._stop_waiting()
        super().allContentReceived()

    def handed_over(self) -> None:
        """Let go of a connection that has become a WebSocket; it has limits of its own."""
        self._stop_waiting()
        self._count_out()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self._count_out()
        super().connectionLost(reason)

    def _stop_waiting(self) -> None:
        if self._late is not None and self._late.active():
            self._late.cancel()
        self._late = None

    def _count_out(self) -> None:
        host, self._counted = self._counted, None
        if host is not None:
            self.site.connections.release(host)
