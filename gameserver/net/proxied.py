"""Ports at which proxies for TCP connect: ``haproxy:`` before the text of a TCP endpoint.

Twisted's own takes the header from anybody, who could be anybody then, and tells the protocol too late: a connection
is counted, limited and looked up by who its peer is from its first moment on.
"""

from __future__ import annotations

from typing import Any, cast

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHalfCloseableProtocol,
    IProtocolFactory,
    IReactorTime,
    ITransport,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import Logger
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from zope.interface import directlyProvides, implementer, providedBy

from gameserver.net.endpoints import is_loopback
from gameserver.net.proxy_header import BadProxyHeader, read_header
from gameserver.sessions.addresses import Proxies

#: Seconds a proxy may take for its header. It has all of it when it connects.
HEADER_TIME = 10.0

#: Seconds between two lines in the log about those who are put out.
TELL_EVERY = 60.0


def named_by(proxy: str, host: str) -> str:
    """Return who asks when a proxy of ours has named a host.

    "This machine" in the mouth of a proxy elsewhere is its own: then it is the proxy who asks, for what this machine
    may do its neighbours may not.
    """
    return proxy if is_loopback(host) and not is_loopback(proxy) else host


@implementer(IHalfCloseableProtocol)
class ProxiedConnection(ProtocolWrapper):
    """One connection of a proxy: once the header is there, the protocol's transport, with the client for its peer.

    Whoever is no proxy of ours is put out before a byte is read, and so is a proxy that sends anything but a header
    first, or takes longer than ``HEADER_TIME``; nothing is said to either. Where the header names nobody (a proxy
    that asks for itself) the peer is the proxy.
    """

    _log = Logger()

    # There is none before the header; Twisted's own declaration knows no such time.
    wrappedProtocol: Any
    _begun = b""
    _client: IAddress | None = None
    _late: IDelayedCall | None = None

    def makeConnection(self, transport: Any) -> None:
        """Wait for the header of a proxy of ours; called by Twisted, whose wrapper would begin at once."""
        directlyProvides(self, providedBy(transport))
        self.factory.registerProtocol(self)
        Protocol.makeConnection(self, transport)

    def connectionMade(self) -> None:
        """See ``makeConnection``."""
        factory = cast("ProxiedFactory", self.factory)
        host = getattr(self._wire.getPeer(), "host", None) or ""
        if host not in factory.proxies:
            factory.put_out(host, "is no proxy in web.proxies")
            self._wire.abortConnection()
            return
        self._late = factory.clock.callLater(HEADER_TIME, self._is_late)

    @property
    def _wire(self) -> Any:
        return self.transport

    def _is_late(self) -> None:
        self._late = None
        self._refuse("has sent no whole PROXY header in time")

    def _refuse(self, what: str) -> None:
        self._stop_waiting()
        self._begun = b""
        cast("ProxiedFactory", self.factory).put_out(self._wire.getPeer().host, what)
        self._wire.abortConnection()

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes; called by Twisted."""
        if self.wrappedProtocol is not None:
            self.wrappedProtocol.dataReceived(data)
            return
        if self._late is None:
            return
        self._begun += data
        try:
            header = read_header(self._begun)
        except BadProxyHeader as error:
            self._refuse(f"has sent no PROXY header: {error}")
            return
        if header is None:
            return
        self._stop_waiting()
        rest, self._begun = self._begun[header.length :], b""
        if header.host and named_by(self._wire.getPeer().host, header.host) == header.host:
            kind = IPv6Address if ":" in header.host else IPv4Address
            self._client = kind("TCP", header.host, header.port)
        inner: IProtocolFactory = cast("Any", self.factory).wrappedFactory
        protocol = inner.buildProtocol(self.getPeer())
        if protocol is None:
            self._wire.abortConnection()
            return
        self.wrappedProtocol = protocol
        protocol.makeConnection(cast("ITransport", self))
        # Making the connection may have put another protocol in its place, or ended it.
        if rest and self.wrappedProtocol is not None:
            self.wrappedProtocol.dataReceived(rest)

    def getPeer(self) -> IAddress:
        """Return the client that the proxy has named."""
        if self._client is not None:
            return self._client
        peer: IAddress = self._wire.getPeer()
        return peer

    def readConnectionLost(self) -> None:
        """Pass on that the client sends nothing more; called by Twisted."""
        if IHalfCloseableProtocol.providedBy(self.wrappedProtocol):
            self.wrappedProtocol.readConnectionLost()
        else:
            self._wire.loseConnection()

    def writeConnectionLost(self) -> None:
        """Called by Twisted when only our half is closed, which we never ask for."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection; called by Twisted."""
        self._stop_waiting()
        self.factory.unregisterProtocol(self)
        protocol, self.wrappedProtocol = self.wrappedProtocol, None
        if protocol is not None:
            protocol.connectionLost(reason)


class ProxiedFactory(WrappingFactory):
    """Stands before the factory of a listener; ``proxies`` are those that may connect."""

    protocol = ProxiedConnection
    noisy = False
    _log = Logger()

    def __init__(self, factory: IProtocolFactory, proxies: Proxies, clock: IReactorTime) -> None:
        super().__init__(cast("Any", factory))
        self.proxies = proxies
        self.clock = clock
        self._tell_at = 0.0

    def buildProtocol(self, addr: object) -> ProxiedConnection:
        """Return a connection without a protocol: that is made when it is known for whom."""
        return ProxiedConnection(cast("Any", self), cast("Any", None))

    def put_out(self, host: str, what: str) -> None:
        """Note somebody who has been put out, once a minute: a log is no place for everybody who knocks."""
        now = self.clock.seconds()
        if now >= self._tell_at:
            self._tell_at = now + TELL_EVERY
            self._log.warn("haproxy: {host} {what}; further ones are not told for a minute", host=host, what=what)
