"""Connections are read together; the reactor sees one reader."""

from __future__ import annotations

import socket
from typing import Any

from twisted.internet import error
from twisted.internet.main import CONNECTION_DONE, CONNECTION_LOST
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock, deferLater
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from gameserver.net.batches import Batches, batches_of
from gameserver.net.fair_transport import FairServer
from tests.reactor import listen, reactor


class FakeReactor(Clock):
    """Knows whom it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.readers: list[Any] = []

    def addReader(self, reader: Any) -> None:
        self.readers.append(reader)

    def removeReader(self, reader: Any) -> None:
        self.readers.remove(reader)


class Descriptor:
    """A reader of one end of a pair of sockets."""

    def __init__(self, case: TestCase, log: list[str], name: str) -> None:
        self.socket, self.other = socket.socketpair()
        case.addCleanup(self.other.close)
        case.addCleanup(self.socket.close)
        self.fileno = self.socket.fileno
        self.name, self.log = name, log
        self.what: Any = lambda: None
        self.ended: list[Failure] = []

    def doRead(self) -> Any:
        self.log.append(self.name + self.socket.recv(100).decode())
        return self.what()

    def connectionLost(self, reason: Failure) -> None:
        self.ended.append(reason)


class BatchesTests(TestCase):
    """Whom a batch reads, and what is done behind it."""

    def setUp(self) -> None:
        self.reactor = FakeReactor()
        self.batches = Batches(self.reactor)
        self.log: list[str] = []
        self.one, self.two = (Descriptor(self, self.log, name) for name in "ab")
        for descriptor in (self.one, self.two):
            self.batches.add(descriptor)
            self.addCleanup(self.batches.remove, descriptor)
            descriptor.other.send(b"1")

    def test_the_reactor_reads_one(self) -> None:
        self.batches.add(self.one)
        self.assertEqual([self.batches], self.reactor.readers)
        self.batches.doRead()
        self.assertEqual(["a1", "b1"], sorted(self.log))

    def test_the_reactor_reads_nothing_when_nobody_is_read(self) -> None:
        for descriptor in (self.one, self.two, self.two):
            self.batches.remove(descriptor)
        self.assertEqual([], self.reactor.readers)
        self.assertEqual(-1, self.batches.fileno())
        self.batches.add(self.two)
        self.batches.doRead()
        self.assertEqual(["b1"], self.log)

    def test_who_is_removed_while_a_batch_is_read_is_not_read(self) -> None:
        self.one.what = lambda: self.batches.remove(self.two)
        self.two.what = lambda: self.batches.remove(self.one)
        self.batches.doRead()
        self.assertEqual(1, len(self.log))

    def test_what_is_behind_comes_once_behind_all(self) -> None:
        for descriptor in (self.one, self.two):
            descriptor.what = lambda: self.batches.behind(lambda: self.log.append("behind"))
        self.batches.doRead()
        self.assertEqual(["behind", "behind"], self.log[2:])
        self.batches.doRead()
        self.assertEqual(4, len(self.log))

    def test_without_a_batch_it_comes_in_the_next_turn(self) -> None:
        self.batches.behind(lambda: self.log.append("behind"))
        self.assertEqual([], self.log)
        self.reactor.advance(0)
        self.assertEqual(["behind"], self.log)

    def test_what_need_not_wait_for_a_turn_comes_at_once_without_a_batch(self) -> None:
        self.batches.behind_this(lambda: self.log.append("at once"))
        self.assertEqual(["at once"], self.log)
        for descriptor in (self.one, self.two):
            descriptor.what = lambda: self.batches.behind_this(lambda: self.log.append("behind"))
        self.batches.doRead()
        self.assertEqual(["behind", "behind"], self.log[3:])

    def test_what_fails_ends_who_it_was_and_nobody_else(self) -> None:
        self.one.what = lambda: 1 // 0
        self.two.what = lambda: self.batches.behind(lambda: [][0])
        self.batches.behind(lambda: None)
        self.two.what()
        self.batches.doRead()
        self.assertEqual(["a1", "b1"], sorted(self.log))
        self.assertTrue(self.one.ended[0].check(ZeroDivisionError))
        self.assertEqual([], self.two.ended)
        self.assertEqual([ZeroDivisionError, IndexError], [type(f.value) for f in self.flushLoggedErrors()])
        self.assertFalse(self.batches.reading)

    def test_an_end_is_told_once(self) -> None:
        self.one.what, self.two.what = (lambda: CONNECTION_DONE), (lambda: CONNECTION_LOST)
        self.batches.doRead()
        self.assertTrue(self.one.ended[0].check(error.ConnectionDone))
        self.assertTrue(self.two.ended[0].check(error.ConnectionLost))
        self.assertEqual([], self.reactor.readers)

    def test_all_end_with_the_reactor(self) -> None:
        self.batches.connectionLost(Failure(CONNECTION_LOST))
        self.assertEqual([1, 1], [len(descriptor.ended) for descriptor in (self.one, self.two)])
        self.assertEqual([], self.reactor.readers)

    def test_of_one_reactor_they_are_the_same(self) -> None:
        self.assertIs(batches_of(self.reactor), batches_of(self.reactor))
        self.assertIsNot(batches_of(self.reactor), batches_of(FakeReactor()))


class Hearing(Protocol):
    """Keeps what has come."""

    def __init__(self) -> None:
        self.heard = b""
        self.lost = 0

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: Any = None) -> None:
        self.lost += 1


class ConnectionTests(TestCase):
    """A connection is read with the others, and by the reactor while something waits to be written."""

    async def connected(self) -> tuple[socket.socket, Hearing, FairServer]:
        made: list[Hearing] = []

        def build(_address: Any) -> Hearing:
            made.append(Hearing())
            return made[-1]

        factory = Factory()
        self.patch(factory, "buildProtocol", build)
        client = socket.create_connection(("127.0.0.1", listen(self, factory)))
        self.addCleanup(client.close)
        while not made:
            await deferLater(reactor, 0.01)
        transport: Any = made[0].transport
        self.addCleanup(transport.abortConnection)
        return client, made[0], transport

    async def heard(self, server: Hearing, wanted: bytes) -> None:
        for _ in range(500):
            if server.heard == wanted:
                return
            await deferLater(reactor, 0.01)
        self.assertEqual(wanted, server.heard)

    def readers(self) -> list[Any]:
        fd_set: Any = reactor
        return list(fd_set.getReaders())

    async def test_who_waits_to_write_is_read_as_well(self) -> None:
        client, server, transport = await self.connected()
        client.send(b"1")
        await self.heard(server, b"1")
        self.assertNotIn(transport, self.readers())
        size = 1 << 24
        transport.write(bytes(size))
        self.assertIn(transport, self.readers())
        client.send(b"2")
        await self.heard(server, b"12")
        client.setblocking(False)
        while size:
            try:
                size -= len(client.recv(1 << 20))
            except BlockingIOError:
                await deferLater(reactor, 0)
        for _ in range(100):
            await deferLater(reactor, 0)
        self.assertNotIn(transport, self.readers())
        client.send(b"3")
        await self.heard(server, b"123")

    async def test_who_is_paused_stays_so_when_everything_is_written(self) -> None:
        client, server, transport = await self.connected()
        transport.write(bytes(1 << 20))
        transport.pauseProducing()
        client.send(b"1")
        size = 1 << 20
        client.setblocking(False)
        while size:
            try:
                size -= len(client.recv(1 << 20))
            except BlockingIOError:
                await deferLater(reactor, 0)
        await deferLater(reactor, 0.05)
        self.assertEqual(b"", server.heard)
        transport.resumeProducing()
        await self.heard(server, b"1")

    async def test_the_end_is_told_once(self) -> None:
        client, server, _ = await self.connected()
        client.close()
        while not server.lost:
            await deferLater(reactor, 0.01)
        await deferLater(reactor, 0.05)
        self.assertEqual(1, server.lost)
