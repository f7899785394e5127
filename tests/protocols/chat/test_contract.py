"""The chat protocol over memory, TCP and TLS."""

from __future__ import annotations

import tempfile
from pathlib import Path

from twisted.internet import ssl
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol, wrapClientTLS
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint
from twisted.trial.unittest import TestCase

from gameserver.net.tls import Certificates, TlsFactory, make_certificate
from gameserver.testing.chat import ChatClient
from gameserver.testing.memory_transport import connect_in_memory
from tests.protocols.chat.contract import ChatContract
from tests.reactor import open_port, reactor


class MemoryTests(ChatContract, TestCase):
    def open_port(self) -> None:
        """There is no port."""

    async def close_port(self) -> None:
        """There is no port."""

    async def connect(self, client: ChatClient) -> None:
        connect_in_memory(reactor, self.services.connection(), client)


class TcpTests(ChatContract, TestCase):
    def factory(self) -> IProtocolFactory:
        return self.services.factory

    def open_port(self) -> None:
        self.port = open_port(self.factory())

    async def close_port(self) -> None:
        await self.port.stopListening()

    def endpoint(self) -> IStreamClientEndpoint:
        return TCP4ClientEndpoint(reactor, "127.0.0.1", self.port.getHost().port)

    async def connect(self, client: ChatClient) -> None:
        await connectProtocol(self.endpoint(), client)


class TlsTests(TcpTests):
    def factory(self) -> IProtocolFactory:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.paths = make_certificate(Path(directory.name))
        return TlsFactory(Certificates(*self.paths), False, self.services.factory)

    def endpoint(self) -> IStreamClientEndpoint:
        authority = ssl.Certificate.loadPEM(self.paths[0].read_bytes())
        return wrapClientTLS(ssl.optionsForClientTLS("localhost", trustRoot=authority), super().endpoint())

    async def test_plain_bytes_are_closed(self) -> None:
        plain = ChatClient(reactor)
        await connectProtocol(super().endpoint(), plain)
        plain.send(Command="01", Name="anne")
        await plain.ended()
        plain._lines.clear()

    async def test_a_single_plain_byte_is_enough_to_be_put_out(self) -> None:
        plain = ChatClient(reactor)
        await connectProtocol(super().endpoint(), plain)
        plain.write(b"{")
        await plain.ended()
