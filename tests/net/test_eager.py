"""The eager transport: every byte accounted for. GAMESERVER_LONG=1 takes 10,000,000 deliveries instead of 150,000.

``GAMESERVER_DELIVERIES`` is another number of them.
"""

from __future__ import annotations

import os
import random
import socket
import struct
import tempfile
import time
from pathlib import Path
from typing import Any, cast

from twisted.internet import ssl, tcp
from twisted.internet.defer import Deferred, DeferredSemaphore, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol, wrapClientTLS
from twisted.internet.interfaces import IProtocolFactory, IPushProducer
from twisted.internet.protocol import Factory
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SkipTest, TestCase
from zope.interface import implementer

from gameserver.app.listening import raise_open_files
from gameserver.net.fair_transport import FairServer, make_fair
from gameserver.net.tls import Certificates, TlsFactory, make_certificate
from tests.net.accounting import HalfClosingSender, OutboxSender, PullSender, PushSender, Receiver, Sender
from tests.reactor import listen, reactor

LONG = bool(os.environ.get("GAMESERVER_LONG"))
DELIVERIES = int(os.environ.get("GAMESERVER_DELIVERIES", 10_000_000 if LONG else 150_000))

#: Bytes that may be under way to one client before nothing more is written to it.
UNDER_WAY = 1 << 18

#: Messages that a producer may owe before it is asked for more; a pulled one pays one a turn.
OWED = 200

#: Seconds for what has been written to arrive; far more than it needs.
PATIENCE = 120.0

KINDS = (Sender, PushSender, PullSender, OutboxSender, HalfClosingSender)


class Senders(Factory):
    """Makes a sender for each connection, of one kind after the other."""

    noisy = False

    def __init__(self, kinds: tuple[type[Sender], ...], small: float) -> None:
        self.made: dict[int, Sender] = {}
        self._kinds = kinds
        self._small = small
        self._chance = random.Random(7)

    def buildProtocol(self, addr: Any) -> Sender:
        kind = self._kinds[len(self.made) % len(self._kinds)]
        small = self._chance.random() < self._small
        if issubclass(kind, OutboxSender):
            made: Sender = kind(addr.port, self._chance, small, reactor)
        else:
            made = kind(addr.port, self._chance, small)
        self.made[addr.port] = made
        return made


class AccountTest(TestCase):
    """Many connections of all kinds; at the end nothing is missing, nothing came twice, nothing out of order."""

    timeout = 3600 if LONG else 120

    async def connected(
        self, count: int, kinds: tuple[type[Sender], ...], *, slow: float, small: float, tls: bool = False
    ) -> list[tuple[Sender, Receiver]]:
        """Return so many connections, both of their ends."""
        senders = Senders(kinds, small)
        endpoint: Any
        if tls:
            with tempfile.TemporaryDirectory() as directory:
                paths = make_certificate(Path(directory))
                certificates = Certificates(*paths)
                authority = ssl.Certificate.loadPEM(paths[0].read_bytes())
            port = listen(self, cast("IProtocolFactory", TlsFactory(certificates, False, senders)))
            options = ssl.optionsForClientTLS("localhost", trustRoot=authority)
            endpoint = wrapClientTLS(options, TCP4ClientEndpoint(reactor, "127.0.0.1", port))
        else:
            port = listen(self, senders)
            endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
        chance = random.Random(11)
        # No more at once than the port's backlog holds: of more, some would believe to be connected and not be.
        turn = DeferredSemaphore(40)

        async def connect(receiver: Receiver) -> None:
            await connectProtocol(endpoint, receiver)
            while receiver.port not in senders.made:
                await deferLater(reactor, 0)

        receivers: list[Receiver] = []
        for _ in range(count):
            receiver = Receiver(reactor, chance, chance.random() < slow)
            self.addCleanup(receiver.close)
            receivers.append(receiver)
        await gatherResults([turn.run(Deferred.fromCoroutine, connect(receiver)) for receiver in receivers])
        await self.until(lambda: len(senders.made) == count and all(one.wire for one in senders.made.values()))
        return [(senders.made[receiver.port], receiver) for receiver in receivers]

    async def until(self, there: Any) -> None:
        end = time.monotonic() + PATIENCE
        while not there():
            self.assertLess(time.monotonic(), end, "something has not come")
            await deferLater(reactor, 0.02)

    async def speak(self, pairs: list[tuple[Sender, Receiver]], deliveries: int) -> None:
        """Let the senders write until so many messages are written: to all at once, or much to a few."""
        chance = random.Random(13)
        # Who owes something has been asked for it already.
        wanted, turns = sum(sender.messages for sender, _ in pairs) + deliveries, 0
        while sum(sender.messages for sender, _ in pairs) < wanted:
            turns += 1
            everybody = turns % 4 == 0
            for sender, receiver in pairs if everybody else chance.sample(pairs, min(len(pairs), 100)):
                if sender.size - receiver.size < UNDER_WAY and sender.owed < OWED:
                    sender.say(chance.randint(1, 3) if everybody else chance.randint(1, 60))
            await deferLater(reactor, 0)

    def account(self, pairs: list[tuple[Sender, Receiver]]) -> None:
        """Compare what was written with what has come."""
        for sender, receiver in pairs:
            self.assertEqual("", receiver.wrong, type(sender).__name__)
            self.assertEqual(sender.size, receiver.size, type(sender).__name__)

    async def everything(self, pairs: list[tuple[Sender, Receiver]]) -> None:
        """Wait until everything has come, and compare."""
        await self.until(
            lambda: all(
                receiver.wrong or (receiver.size >= sender.size and not sender.owed) for sender, receiver in pairs
            )
        )
        self.account(pairs)

    async def ended(self, pairs: list[tuple[Sender, Receiver]]) -> None:
        """End half of the connections in the middle, some of them at once, then the others."""
        aborted, orderly = pairs[::4], [pair for number, pair in enumerate(pairs) if number % 4]
        for number, (sender, _) in enumerate(pairs):
            if number % 2 == 0:
                sender.say(50)
        for sender, _ in aborted:
            sender.abort()
        for sender, _ in orderly:
            sender.end()
        await self.until(lambda: all(receiver.ended for _, receiver in pairs))
        self.account(orderly)
        for sender, receiver in aborted:
            self.assertEqual("", receiver.wrong, type(sender).__name__)
            self.assertLessEqual(receiver.size, sender.size, type(sender).__name__)
        closing = [(sender, receiver) for sender, receiver in orderly if isinstance(sender, HalfClosingSender)]
        await self.until(lambda: all(sender.heard for sender, _ in closing))
        self.assertTrue(all(receiver.half_closed for _, receiver in closing))

    async def test_slow_readers_and_small_buffers(self) -> None:
        pairs = await self.connected(200, KINDS, slow=0.5, small=0.5)
        await self.speak(pairs, DELIVERIES // 2)
        await self.everything(pairs)
        await self.ended(pairs)

    async def test_thousands(self) -> None:
        wanted = 5000
        _, files = raise_open_files()
        if files < wanted * 2 + 200:
            raise SkipTest(f"{wanted} connections need {wanted * 2 + 200} open files, and {files} are allowed")
        pairs = await self.connected(wanted, KINDS, slow=0.02, small=0.1)
        await self.speak(pairs, DELIVERIES // 3)
        await self.everything(pairs)
        await self.ended(pairs)

    async def test_tls(self) -> None:
        # TLS takes pull producers for what they are and turns them into pushing ones; it has no half-closing here.
        pairs = await self.connected(
            60, (Sender, PushSender, PullSender, OutboxSender), slow=0.5, small=0.5, tls=True
        )
        await self.speak(pairs, DELIVERIES // 6)
        await self.everything(pairs)
        await self.ended(pairs)


class AtOnceTest(TestCase):
    """What leaves at once, and what is Twisted's."""

    timeout = 30

    async def pair(self, kind: type[Sender] = HalfClosingSender) -> tuple[Any, Any, socket.socket]:
        """Return a sender, its transport, and a client that reads when it is told to."""
        senders = Senders((kind,), 1.0)
        port = listen(self, senders)
        client = socket.create_connection(("127.0.0.1", port))
        self.addCleanup(client.close)
        client.settimeout(10)
        while not senders.made:
            await deferLater(reactor, 0.001)
        sender = next(iter(senders.made.values()))
        self.addCleanup(lambda: None if sender.transport is None else sender.abort())
        return sender, sender.transport, client

    async def test_leaves_within_the_call(self) -> None:
        _, transport, client = await self.pair()
        transport.write(b"one")
        self.assertEqual(b"one", client.recv(100))
        transport.writeSequence([b"t", b"w", b"o"])
        self.assertEqual(b"two", client.recv(100))
        self.assertEqual([], [writer for writer in cast("Any", reactor).getWriters() if writer is transport])

    async def test_who_has_not_asked_for_it_gathers(self) -> None:
        _, transport, client = await self.pair(Unhurried)
        transport.write(b"an answer of HTTP: ")
        client.setblocking(False)
        self.assertRaises(BlockingIOError, client.recv, 100)
        transport.write(b"its head and its body")
        await deferLater(reactor, 0.01)
        self.assertEqual(b"an answer of HTTP: its head and its body", client.recv(100))

    async def test_nothing_is_nothing(self) -> None:
        _, transport, client = await self.pair()
        transport.write(b"")
        transport.writeSequence([])
        transport.write(b"!")
        self.assertEqual(b"!", client.recv(100))

    async def test_no_text(self) -> None:
        _, transport, _ = await self.pair()
        self.assertRaises(TypeError, transport.write, "text")

    async def test_a_full_socket_leaves_the_rest_to_twisted(self) -> None:
        _, transport, client = await self.pair()
        piece, size = bytes(range(256)) * 100, 0
        while transport not in cast("Any", reactor).getWriters():
            transport.write(piece)
            size += len(piece)
        # Behind what waits, though the socket has room again.
        head = client.recv(1 << 22)
        transport.write(b"last")
        await deferLater(reactor, 0)
        body = await deferToThread(received, client, size + 4 - len(head))
        self.assertEqual(piece * (size // len(piece)) + b"last", head + body)

    async def test_nothing_after_half_closing(self) -> None:
        _, transport, client = await self.pair()
        transport.write(b"all")
        transport.loseWriteConnection()
        await deferLater(reactor, 0.05)
        transport.write(b" but this")
        self.assertEqual(b"all", await deferToThread(received, client, 100))

    async def test_nothing_after_aborting(self) -> None:
        sender, transport, client = await self.pair()
        sender.abort()
        transport.write(b"too late")
        await deferLater(reactor, 0.01)
        self.assertRaises(ConnectionResetError, client.recv, 100)

    async def test_all_before_closing(self) -> None:
        sender, transport, client = await self.pair(PushSender)
        sender.say(20_000)
        self.assertTrue(sender.paused)
        transport.loseConnection()
        # A producer that goes on is heard, and the connection ends when it does.
        reading = deferToThread(received, client, 1 << 30)
        while sender.owed:
            await deferLater(reactor, 0.001)
        transport.unregisterProducer()
        self.assertEqual(sender.size, len(await reading))

    async def test_a_producer_that_goes_on_once_does_not_keep_it_open(self) -> None:
        _, transport, client = await self.pair()
        transport.registerProducer(LastWord(transport), True)
        transport.write(bytes(1 << 20))
        transport.loseConnection()
        data = await deferToThread(received, client, 1 << 30)
        self.assertEqual(bytes(1 << 20) + b"last", data)

    async def test_a_reset_connection_is_told_in_a_turn_of_its_own(self) -> None:
        sender, transport, client = await self.pair()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        for _ in range(3):
            transport.write(b"nobody reads this")
            self.assertFalse(sender.gone)
        while not sender.gone:
            await deferLater(reactor, 0.001)

    def test_only_ports_of_twisteds_tcp(self) -> None:
        port = cast("Any", reactor).listenTCP(0, Senders((Sender,), 0.0), interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        make_fair(port)
        self.assertIs(FairServer, port.transport)
        self.assertIs(tcp.Server, tcp.Port.transport)
        own: Any = type("Own", (tcp.Server,), {})
        port.transport = own
        make_fair(port)
        self.assertIs(own, port.transport)


class Unhurried(Sender):
    """Has set nothing."""

    def connectionMade(self) -> None:
        self.wire = self.transport


@implementer(IPushProducer)
class LastWord:
    """Says something more when it may, and is never unregistered."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def pauseProducing(self) -> None:
        pass

    def resumeProducing(self) -> None:
        self._transport.write(b"last")

    def stopProducing(self) -> None:
        pass


def received(client: socket.socket, size: int) -> bytes:
    """Return so many bytes, or all until the end."""
    data = bytearray()
    while len(data) < size and (piece := client.recv(1 << 16)):
        data += piece
    return bytes(data)
