"""Targets of HTTP: whole requests at a site; and whom a proxy names, over HTTP and over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.web.server import Request
from zope.interface import implementer

from fuzz.target import Target, packets
from gameserver.config.web import Web
from gameserver.edge.http.json_resource import JsonResource, address, argument, bearer, body
from gameserver.edge.http.site import site, tree
from gameserver.net.proxied import HEADER_TIME, ProxiedFactory, named_by
from gameserver.net.proxy_header import BadProxyHeader, read_header
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.limits import ConnectionCount, Meters
from gameserver.web.content import Content
from gameserver.web.static_files import StaticFile

#: The proxy that is believed.
PROXY = "192.0.2.1"

_WEB = Web()


class Logged(Exception):
    """Something that a request has failed with, and that only the log is told."""


@contextmanager
def _nothing_logged() -> Iterator[None]:
    failures: list[LogEvent] = []

    @implementer(ILogObserver)
    def observe(event: LogEvent) -> None:
        if event.get("log_failure") is not None:
            failures.append(event)

    globalLogPublisher.addObserver(observe)
    try:
        yield
    finally:
        globalLogPublisher.removeObserver(observe)
    if failures:
        failure = failures[0]["log_failure"]
        raise Logged(failure.getTraceback()) from failure.value


async def _get(request: Request) -> object:
    return {"host": address(request), "token": bearer(request), "x": argument(request, "x")}


async def _post(request: Request) -> object:
    return {"keys": sorted(body(request, dict[str, Any]))}


class _Transport(StringTransport):
    """Takes what real transports take: reading may be asked for at the end, and a producer be taken away twice."""

    def unregisterProducer(self) -> None:
        self.producer = None

    def pauseProducing(self) -> None:
        if not self.disconnecting:
            super().pauseProducing()

    def resumeProducing(self) -> None:
        if not self.disconnecting:
            super().resumeProducing()


def _connected(host: str) -> tuple[Any, StringTransport, Clock]:
    clock = Clock()
    pages = {"api/who": JsonResource(GET=_get, POST=_post), "file": StaticFile(Content(b"content", b"text/plain"))}
    meters = Meters(_WEB.requests_per_second, _WEB.burst)
    factory = site(tree(pages))
    factory.proxies, factory.connections, factory.requests = Proxies([PROXY]), ConnectionCount(10, 10), meters
    factory.reactor = clock
    protocol: Any = factory.buildProtocol(None)
    transport = _Transport(peerAddress=IPv4Address("TCP", host, 40000))
    protocol.makeConnection(transport)
    return protocol, transport, clock


def _hear(protocol: Any, transport: StringTransport, clock: Clock, stream: list[bytes]) -> None:
    for packet in stream:
        if not transport.disconnecting:
            protocol.dataReceived(packet)
        # Of requests that come at once each has a turn of its own.
        while any(call.getTime() <= clock.seconds() for call in clock.getDelayedCalls()):
            clock.advance(0)


def request(data: bytes) -> None:
    """Everything that one connection sends: answers are HTTP, and the connection leaves nothing behind."""
    protocol, transport, clock = _connected("198.51.100.7")
    with _nothing_logged():
        _hear(protocol, transport, clock, packets(data))
        protocol.readConnectionLost()
        clock.advance(120)
        protocol.connectionLost(connectionDone)
    answer = transport.value()
    assert not answer or answer.startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")), answer[:60]
    assert not clock.getDelayedCalls()


def forwarded(data: bytes) -> None:
    """A request that a proxy of ours brings, for whom it says; nobody is taken for what is no address."""
    value = data.replace(b"\r", b"").replace(b"\n", b",")[:12000]
    protocol, transport, clock = _connected(PROXY)
    seen: list[str] = []
    factory = protocol.factory
    may_ask = factory.may_ask

    def watched(asked: Any) -> bool:
        seen.append(address(asked))
        asked.isSecure()
        return bool(may_ask(asked))

    factory.may_ask = watched
    with _nothing_logged():
        head = b"GET /api/who?x=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nX-Forwarded-For: "
        _hear(protocol, transport, clock, [head + value + b"\r\nX-Forwarded-Proto: " + value + b"\r\n\r\n"])
        protocol.connectionLost(connectionDone)
    assert all(ip_address(host) for host in seen)


class _Served(Protocol):
    """Keeps what it hears, and from whom it came at its first moment."""

    peer: Any = None
    got = b""

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.peer = self.transport.getPeer()

    def dataReceived(self, data: bytes) -> None:
        self.got += data


class _ProxyTransport(StringTransport):
    """One that can be aborted by who waits no longer."""

    def abortConnection(self) -> None:
        self.loseConnection()


def proxied(data: bytes) -> None:
    """A connection of a proxy at a ``haproxy:`` endpoint: it is somebody's with an address, or nobody's at all.

    What is understood is the same however the network cuts it, and the protocol gets every byte behind the header.
    """
    clock = Clock()
    inner = Factory.forProtocol(_Served)
    connection: Any = ProxiedFactory(inner, Proxies([PROXY]), clock).buildProtocol(None)
    transport = _ProxyTransport(peerAddress=IPv4Address("TCP", PROXY, 40000))
    connection.makeConnection(transport)
    for packet in packets(data):
        connection.dataReceived(packet)
    try:
        header = read_header(data)
    except BadProxyHeader:
        header = None
    served = connection.wrappedProtocol
    assert (served is None) == (header is None)
    if header is not None:
        assert served.got == data[header.length :]
        assert served.peer.host == named_by(PROXY, header.host or PROXY)
        assert ip_address(served.peer.host)
        assert 0 <= header.port <= 65535
    clock.advance(HEADER_TIME)
    assert transport.disconnecting == (header is None)
    assert not transport.value()
    connection.connectionLost(connectionDone)
    assert not clock.getDelayedCalls()


TARGETS = (
    Target("proxied", proxied),
    # As many as a thousand requests, each of which has a turn of its own and counts for its address.
    Target("request", request, milliseconds=3000),
    Target("forwarded", forwarded),
)
