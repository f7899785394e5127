"""The ways to a protocol: over sockets of 127.0.0.1, and in memory.

Each opens what a running part gives, and makes clients for it. ``host`` is the address from which a client comes:
all of 127.0.0.0/8 is this machine.
"""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from autobahn.twisted.websocket import WebSocketClientFactory
from twisted.internet import ssl
from twisted.internet.address import IPv4Address
from twisted.internet.defer import maybeDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol, wrapClientTLS
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint

from gameserver.edge.context import Context
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import RunningPart
from gameserver.net.fair_transport import FairReactor
from gameserver.net.tls import Certificates, TlsFactory, make_certificate
from gameserver.testing.clients import Client, FrameClient, LineClient
from gameserver.testing.memory_transport import connect_in_memory

#: How a TLS connection begins: a handshake record with a ClientHello of 512 bytes.
TLS_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(505)

#: Bytes of a WebSocket frame that is not masked in effect: its mask is zero.
_MASKED = 0x80


class Transport(ABC):
    """One way to a protocol. ``key`` is that of a listener."""

    #: What a client sends that has mistaken this port for one of another kind.
    MISTAKEN = TLS_HELLO

    def __init__(self, key: str) -> None:
        self.key = key

    def open(self, reactor: Any, context: Context, running: RunningPart) -> None:
        """Let clients come in, by the port that the server has."""
        self.reactor = reactor
        factory = self.factory(context, running)
        self.port: Any = FairReactor(reactor).listenTCP(0, factory, interface="127.0.0.1")

    async def close(self) -> None:
        """Let nobody come in any more."""
        await maybeDeferred(self.port.stopListening)

    def factory(self, context: Context, running: RunningPart) -> IProtocolFactory:
        """Return what answers here."""
        for listener in running.listeners:
            if listener.key == self.key:
                return listener.factory
        raise LookupError(f"no listener has the key {self.key}: {[item.key for item in running.listeners]}")

    def over_tls(self, factory: IProtocolFactory) -> IProtocolFactory:
        """See ``Context``."""
        return factory

    @abstractmethod
    async def client(self, host: str, **options: Any) -> Client:
        """Return a client that has connected, or has been refused. ``options`` are the transport's own."""

    async def stream(self, host: str) -> LineClient:
        """Return a client that sends bytes to the same port, where that speaks TLS through TLS."""
        client = LineClient(self.reactor)
        await connectProtocol(self.endpoint(host), client)
        return client

    async def mistaken(self, host: str) -> LineClient:
        """Return a client that has mistaken the port for one of another kind, and has spoken."""
        client = LineClient(self.reactor)
        await connectProtocol(self._tcp(host), client)
        client.write(self.MISTAKEN)
        return client

    def page(self) -> str:
        """Return the path for which a browser would ask."""
        return "/"

    def endless(self, begin: bytes, piece: bytes) -> tuple[bytes, bytes, bytes]:
        """Return bytes that begin a message, go on with it again and again, and end it."""
        return begin, piece, b"\r\n"

    def endpoint(self, host: str) -> IStreamClientEndpoint:
        """Return the way to the port."""
        return self._tcp(host)

    def _tcp(self, host: str) -> TCP4ClientEndpoint:
        return TCP4ClientEndpoint(self.reactor, "127.0.0.1", self.port.getHost().port, bindAddress=(host, 0))


class Tcp(Transport):
    """A listener over TCP."""

    async def client(self, host: str, **options: Any) -> LineClient:
        """See ``Transport``."""
        return await self.stream(host)


class Tls(Tcp):
    """A listener that the part has put behind TLS with ``over_tls``."""

    #: Not even a record of TLS; one byte is enough to see that.
    MISTAKEN = b"h"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        with tempfile.TemporaryDirectory() as directory:
            paths = make_certificate(Path(directory))
            self._certificates = Certificates(*paths)
            self._authority = ssl.Certificate.loadPEM(paths[0].read_bytes())

    def over_tls(self, factory: IProtocolFactory) -> IProtocolFactory:
        """See ``Context``."""
        return cast("IProtocolFactory", TlsFactory(self._certificates, False, factory))

    def endpoint(self, host: str) -> IStreamClientEndpoint:
        """See ``Transport``."""
        options = ssl.optionsForClientTLS("localhost", trustRoot=self._authority)
        through: IStreamClientEndpoint = wrapClientTLS(options, self._tcp(host))
        return through


class Memory(Tcp):
    """The connections of a listener without a socket."""

    def open(self, reactor: Any, context: Context, running: RunningPart) -> None:
        """See ``Transport``."""
        self.reactor = reactor
        self._factory = self.factory(context, running)

    async def close(self) -> None:
        """See ``Transport``."""

    async def stream(self, host: str) -> LineClient:
        """See ``Transport``."""
        client = LineClient(self.reactor)
        address: Any = IPv4Address("TCP", host, 40000)
        connect_in_memory(self.reactor, self._factory.buildProtocol(address), client, host)
        return client

    async def mistaken(self, host: str) -> LineClient:
        """See ``Transport``."""
        client = await self.stream(host)
        client.write(self.MISTAKEN)
        return client


class WebSocket(Transport):
    """A path of the part's pages, or of a listener of its own, that is a WebSocket.

    ``binary`` says whether its messages are binary frames.
    """

    def __init__(self, path: str, *, key: str = "", binary: bool = False) -> None:
        super().__init__(key)
        self.path = path
        self.binary = binary

    def factory(self, context: Context, running: RunningPart) -> IProtocolFactory:
        """See ``Transport``."""
        if self.key:
            return super().factory(context, running)
        return cast("IProtocolFactory", site(tree(running.pages), context))

    async def client(
        self, host: str, *, path: str = "", headers: Mapping[str, str] | None = None, **options: Any
    ) -> FrameClient:
        """Return a client at the path, or at another one; ``options`` are those of Autobahn's factory."""
        port = self.port.getHost().port
        url = f"ws://127.0.0.1:{port}/{path or self.path}"
        return await connect_frames(
            self.reactor, self.endpoint(host), url, binary=self.binary, headers=headers, **options
        )

    def page(self) -> str:
        """See ``Transport``."""
        return f"/{self.path}"

    def endless(self, begin: bytes, piece: bytes) -> tuple[bytes, bytes, bytes]:
        """See ``Transport``: a message in fragments."""
        first = 2 if self.binary else 1
        return _fragment(first, begin), _fragment(0, piece), _fragment(0x80, b"")


async def connect_frames(
    reactor: Any, endpoint: IStreamClientEndpoint, url: str, *, binary: bool = False, **options: Any
) -> FrameClient:
    """Return a client that has opened a WebSocket, or been refused; ``options`` are those of Autobahn's factory."""
    factory = _FrameFactory(url, reactor=reactor, **options)
    factory.client = client = FrameClient(reactor, binary=binary)
    await endpoint.connect(factory)
    await client.ready
    return client


class _FrameFactory(WebSocketClientFactory):  # type: ignore[misc]
    noisy = False
    client: FrameClient

    def buildProtocol(self, addr: object) -> FrameClient:
        self.setProtocolOptions(openHandshakeTimeout=0, closeHandshakeTimeout=0, serverConnectionDropTimeout=0)
        self.client.factory = self
        return self.client


def _fragment(first: int, payload: bytes) -> bytes:
    return bytes((first, _MASKED | 127)) + len(payload).to_bytes(8, "big") + bytes(4) + payload
