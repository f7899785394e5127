"""TLS with real clients, and without a network."""

from __future__ import annotations

import contextlib
import socket
import ssl
import tempfile
from pathlib import Path

from OpenSSL import SSL
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock, deferLater
from twisted.internet.threads import deferToThread
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase
from zope.interface import implementer

from gameserver.net.tls import GOODBYE, LAST_READING, Certificates, TlsFactory, make_certificate
from gameserver.net.tls_connection import TlsConnection
from tests.reactor import listen, reactor

LARGE = 1_000_000


class Echo(Protocol):
    """Sends everything back; ``bye`` ends the connection."""

    factory: EchoFactory
    transport: TLSMemoryBIOProtocol

    def connectionMade(self) -> None:
        self.factory.open.add(self)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)
        if data.endswith(b"bye"):
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.reasons.append(reason.value)
        self.factory.open.discard(self)
        if not self.factory.open and self.factory.gone is not None:
            self.factory.gone.callback(None)
            self.factory.gone = None


@implementer(IHalfCloseableProtocol)
class HalfClosing(Echo):
    """Answers when nothing more will come, and not at once."""

    said = b""

    def dataReceived(self, data: bytes) -> None:
        self.said += data

    def readConnectionLost(self) -> None:
        reactor.callLater(0.05, self.answer)

    def answer(self) -> None:
        self.transport.write(self.said + b" That is all.")
        self.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        pass


@implementer(IPushProducer)
class Flood(Echo):
    """Answers with more than a socket takes, and has nothing more to say when it has been told to wait."""

    def connectionMade(self) -> None:
        super().connectionMade()
        self.transport.registerProducer(self, True)

    def dataReceived(self, data: bytes) -> None:
        for _ in range(20):
            self.transport.write(bytes(LARGE))

    def pauseProducing(self) -> None:
        pass

    def resumeProducing(self) -> None:
        pass

    def stopProducing(self) -> None:
        pass


class EchoFactory(Factory[Echo]):
    protocol = Echo

    def __init__(self) -> None:
        self.open: set[Echo] = set()
        self.reasons: list[BaseException | None] = []
        self.gone: Deferred[None] | None = None


def client(
    port: int,
    maximum_version: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
    suites: str = "DEFAULT",
    suppress_ragged_eofs: bool = True,
) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(suites)
    context.maximum_version = maximum_version
    plain = socket.create_connection(("127.0.0.1", port), timeout=60)
    try:
        return context.wrap_socket(plain, suppress_ragged_eofs=suppress_ragged_eofs)
    except BaseException:
        plain.close()
        raise


class TlsConnectionTests(TestCase):
    timeout = 120

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        certificates = Certificates(*make_certificate(Path(directory.name)))
        self.echo = EchoFactory()
        self.clock = Clock()
        factory = TlsFactory(certificates, False, self.echo, clock=self.clock)
        self.addCleanup(self.all_gone)
        self.port = listen(self, factory)

    async def all_gone(self) -> None:
        """Wait until the server's side of every connection has ended."""
        if self.echo.open:
            self.echo.gone = gone = Deferred[None]()
            await gone

    async def test_much_data_both_ways_under_either_version(self) -> None:
        def talk(version: ssl.TLSVersion) -> bool:
            received, data = bytearray(), bytes(range(256)) * (LARGE // 256)
            with client(self.port, maximum_version=version) as connection:
                for begin in range(0, len(data), 50_000):
                    connection.sendall(data[begin : begin + 50_000])
                    while len(received) < min(begin + 50_000, len(data)):
                        received += connection.recv(65536)
            return received == data

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertTrue(await deferToThread(talk, version))

    async def test_both_say_goodbye(self) -> None:
        def talk() -> tuple[bytes, bytes]:
            connection = client(self.port, suppress_ragged_eofs=False)
            connection.sendall(b"bye")
            first, last = connection.recv(100), connection.recv(100)
            connection.unwrap().close()
            return first, last

        self.assertEqual(await deferToThread(talk), (b"bye", b""))
        await self.all_gone()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    async def test_who_does_not_answer_our_goodbye_is_not_waited_for_long(self) -> None:
        def talk() -> ssl.SSLSocket:
            connection = client(self.port, suppress_ragged_eofs=False)
            connection.sendall(b"bye")
            # The goodbye is behind it, and not read yet.
            connection.recv(3)
            return connection

        connection = await deferToThread(talk)
        self.addCleanup(connection.close)
        self.assertEqual(len(self.echo.open), 1)
        self.echo.gone = gone = Deferred[None]()
        self.clock.advance(GOODBYE)
        await gone
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(await deferToThread(connection.recv, 100), b"")

    async def test_a_goodbye_of_the_client_is_answered(self) -> None:
        def talk() -> None:
            connection = client(self.port)
            connection.unwrap().close()

        await deferToThread(talk)
        await self.all_gone()
        self.assertEqual(len(self.echo.reasons), 1)

    async def test_who_says_goodbye_behind_a_request_gets_the_answer(self) -> None:
        """Either direction ends by itself: the goodbye of one side is not that of the other."""
        self.echo.protocol = HalfClosing

        def talk(version: ssl.TLSVersion) -> bytes:
            connection = client(self.port, maximum_version=version)
            connection.sendall(b"what?")
            connection.setblocking(False)
            with contextlib.suppress(ssl.SSLWantReadError):
                connection.unwrap()
            connection.setblocking(True)
            connection.settimeout(60)
            answer = b""
            # Python's way of saying that now both have said goodbye.
            with connection, contextlib.suppress(ssl.SSLZeroReturnError):
                while True:
                    answer += connection.recv(100)
            return answer

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertEqual(await deferToThread(talk, version), b"what? That is all.")
        if self.echo.open:
            self.echo.gone = Deferred()
            await self.echo.gone
        self.assertEqual(self.clock.getDelayedCalls(), [])

    async def test_who_says_goodbye_before_he_has_read_all_is_gone_when_he_has_read_it(self) -> None:
        connection = await self.half_read_goodbye()

        def read() -> None:
            with connection:
                while connection.recv(65536):
                    pass

        await deferToThread(read)
        await self.all_gone()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    async def test_who_says_goodbye_and_never_reads_is_not_waited_for_long(self) -> None:
        connection = await self.half_read_goodbye()
        self.addCleanup(connection.close)
        while not self.clock.getDelayedCalls():
            await deferLater(reactor, 0.01)
        self.assertEqual(len(self.echo.open), 1)
        self.echo.gone = gone = Deferred[None]()
        self.clock.advance(LAST_READING)
        await gone

    async def half_read_goodbye(self) -> socket.socket:
        """Return the TCP connection of a client that has said goodbye while much waits for it to be read."""
        self.echo.protocol = Flood

        def talk() -> socket.socket:
            connection = client(self.port)
            connection.sendall(b"all")
            connection.recv(1)
            connection.setblocking(False)
            with contextlib.suppress(ssl.SSLError):
                connection.unwrap()
            plain = socket.socket(fileno=connection.detach())
            plain.settimeout(60)
            return plain

        return await deferToThread(talk)

    async def test_weak_suites_are_refused(self) -> None:
        def refused(suites: str) -> bool:
            try:
                client(self.port, ssl.TLSVersion.TLSv1_2, suites).close()
            except (ssl.SSLError, ConnectionError):
                return True
            return False

        for suite in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"):
            self.assertTrue(await deferToThread(refused, suite), suite)
        self.assertFalse(await deferToThread(refused, "ECDHE-ECDSA-AES128-GCM-SHA256"))


class PumpTests(SynchronousTestCase):
    """Without a network: errors and leftovers."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.server = TlsConnection(Certificates(*make_certificate(Path(directory.name)))._context)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = context.wrap_bio(self.incoming, self.outgoing)

    def pump(self) -> None:
        if data := self.outgoing.read():
            self.server.bio_write(data)
        try:
            while True:
                self.incoming.write(self.server.bio_read(1 << 15))
        except SSL.WantReadError:
            pass

    def shake_hands(self) -> None:
        for _ in range(3):
            for side in (self.client, self.server):
                with contextlib.suppress(ssl.SSLWantReadError, SSL.WantReadError):
                    side.do_handshake()
                self.pump()

    def test_no_tickets_follow_the_handshake(self) -> None:
        self.shake_hands()
        self.assertEqual(self.client.version(), "TLSv1.3")
        self.assertEqual(self.incoming.pending, 0)

    def test_what_is_no_handshake_is_an_error(self) -> None:
        self.server.bio_write(b"GET / HTTP/1.1\r\n\r\n")
        with self.assertRaises(SSL.Error):
            self.server.do_handshake()

    def test_a_cut_connection_is_an_unexpected_end(self) -> None:
        self.shake_hands()
        self.server.bio_shutdown()
        with self.assertRaises(SSL.SysCallError) as caught:
            self.server.recv(100)
        self.assertEqual(caught.exception.args, (-1, "Unexpected EOF"))

    def test_nothing_stays_behind_whoever_reads_however_it_was_cut(self) -> None:
        self.shake_hands()
        self.client.write(b"one and two")
        self.client.write(b"three")
        data = self.outgoing.read()
        heard = []
        # The second record comes byte by byte behind the first, of which a part is read.
        for piece in (data[:40], *(data[at : at + 1] for at in range(40, len(data)))):
            self.server.bio_write(piece)
            with self.assertRaises(SSL.WantReadError):
                while True:
                    heard.append(self.server.recv(4))
        self.assertEqual(heard, [b"one ", b"and ", b"two", b"thre", b"e"])
        with contextlib.suppress(ssl.SSLWantReadError):
            self.client.unwrap()
        self.pump()
        with self.assertRaises(SSL.ZeroReturnError):
            self.server.recv(4)

    def test_who_closes_with_something_unread_still_says_goodbye(self) -> None:
        self.shake_hands()
        self.client.write(b"one")
        self.client.write(b"two")
        self.pump()
        self.assertEqual(self.server.recv(3), b"one")
        self.assertFalse(self.server.shutdown())
        self.pump()
        self.assertEqual(self.client.read(10), b"")
        self.client.unwrap()
        self.pump()
        self.assertTrue(self.server.shutdown())

    def test_a_shutdown_before_the_handshake_is_no_error(self) -> None:
        self.assertFalse(self.server.shutdown())
