"""The bus: one contract over the process's own and over Redis."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.cluster.address import RedisAddress, redis_address
from gameserver.cluster.bus import Bus
from gameserver.cluster.local import LocalBus
from gameserver.cluster.redis import RedisBus
from tests.cluster.redis_server import address, fresh_name
from tests.reactor import reactor
from tests.typed import TestMixin


class Listener:
    """Keeps what it is told."""

    def __init__(self, bus: Bus, topic: str) -> None:
        self.got: list[bytes] = []
        self.stands: Deferred[None] = Deferred()
        self._wanted = 0
        self._enough: Deferred[None] = Deferred()
        bus.subscribe(topic, self.receive, self.gap)

    def gap(self) -> None:
        stands, self.stands = self.stands, Deferred()
        stands.callback(None)

    def receive(self, payload: bytes) -> None:
        self.got.append(payload)
        if len(self.got) == self._wanted:
            self._enough.callback(None)

    async def have(self, count: int) -> list[bytes]:
        """Return what has come when there is so much of it."""
        if len(self.got) < count:
            self._wanted, self._enough = count, Deferred()
            await self._enough.addTimeout(60, reactor)
        return self.got


class BusContract(TestMixin):
    """``buses`` are two nodes' ends; not started yet."""

    buses: tuple[Bus, Bus]

    async def start(self) -> tuple[Listener, Listener]:
        listeners = Listener(self.buses[0], "news"), Listener(self.buses[1], "news")
        stands = [listener.stands for listener in listeners]
        for bus in {id(bus): bus for bus in self.buses}.values():
            bus.start()
        for one in stands:
            await one.addTimeout(60, reactor)
        self.assertTrue(all(bus.connected for bus in self.buses))
        return listeners

    async def test_everybody_hears_everything_in_order_and_bytes_stay_bytes(self) -> None:
        first, second = await self.start()
        sent = [bytes([number % 256]) * number for number in range(300)]
        for payload in sent:
            self.buses[0].publish("news", payload)
        self.buses[0].publish("other", b"not for them")
        self.assertEqual(await second.have(300), sent)
        self.assertEqual(await first.have(300), sent)
        self.buses[1].publish("news", b"back")
        self.assertEqual((await first.have(301))[-1], b"back")

    async def test_a_claim_is_one_nodes_until_it_ends_or_is_given_back(self) -> None:
        await self.start()
        one, other = self.buses
        self.assertTrue(await one.claim("sweep", "a", 60))
        self.assertFalse(await other.claim("sweep", "b", 60))
        self.assertTrue(await other.claim("else", "b", 1))
        await other.release("sweep", "b")
        self.assertFalse(await other.claim("sweep", "b", 60))
        # Its holder may claim it for another time, which is what counts then.
        self.assertTrue(await one.claim("sweep", "a", 0.2))
        while not await other.claim("sweep", "b", 60):
            await deferLater(reactor, 0.05)
        self.assertFalse(await one.claim("sweep", "a", 60))
        await other.release("sweep", "b")
        self.assertTrue(await one.claim("sweep", "a", 60))
        await one.release("sweep", "a")

    async def test_what_is_held_is_one_nodes_as_long_as_its_lease_is_renewed(self) -> None:
        await self.start()
        one, other = self.buses
        self.assertFalse(await one.lease("a", 60))
        self.assertFalse(await other.lease("b", 60))
        self.assertTrue(await one.lease("a", 60))
        self.assertTrue(await one.hold("anne", "a"))
        self.assertTrue(await one.hold("anne", "a"))
        self.assertFalse(await other.hold("anne", "b"))
        self.assertTrue(await other.hold("bob", "b"))
        await other.let_go("anne", "b")
        self.assertFalse(await other.hold("anne", "b"))
        await one.let_go("anne", "a")
        self.assertTrue(await other.hold("anne", "b"))
        await one.lease("a", 0.2)
        self.assertTrue(await one.hold("carl", "a"))
        while not await other.hold("carl", "b"):
            await deferLater(reactor, 0.05)
        self.assertFalse(await one.lease("a", 60), "it had lapsed")
        self.assertFalse(await one.hold("carl", "a"))
        for name in ("anne", "bob", "carl"):
            await other.let_go(name, "b")


class LocalTests(BusContract, TestCase):
    def setUp(self) -> None:
        bus = LocalBus(reactor)
        self.buses = (bus, bus)
        self.addCleanup(bus._flush)


class RedisTests(BusContract, TestCase):
    buses: tuple[RedisBus, RedisBus]

    def setUp(self) -> None:
        where, name = address(), fresh_name()
        self.buses = (RedisBus(reactor, where, name), RedisBus(reactor, where, name))
        for bus in self.buses:
            self.addCleanup(bus.stop)

    async def test_a_lost_connection_comes_back_and_says_so(self) -> None:
        first, second = await self.start()
        back = first.stands
        self.buses[0]._hearing.protocol.transport.abortConnection()
        await back.addTimeout(60, reactor)
        self.buses[1].publish("news", b"again")
        self.assertEqual(await first.have(1), [b"again"])
        self.assertEqual(await second.have(1), [b"again"])
        back = first.stands
        self.buses[0]._sending.protocol.transport.abortConnection()
        while self.buses[0].connected:
            await deferLater(reactor, 0)
        self.buses[0].publish("news", b"into the void")
        self.assertEqual(self.buses[0].lost, 1)
        self.assertFalse(await self.buses[0].claim("x", "a", 1))
        await back.addTimeout(60, reactor)
        self.buses[0].publish("news", b"and again")
        self.assertEqual((await second.have(2))[-1], b"and again")

    async def test_what_does_not_fit_is_lost_and_counted(self) -> None:
        _, second = await self.start()
        big = b"x" * (1 << 20)
        for _ in range(10):
            self.buses[0].publish("news", big)
        self.assertEqual(self.buses[0].lost, 2)
        await second.have(8)
        self.buses[0].publish("news", big)
        await second.have(9)


class NowhereTests(TestCase):
    async def test_without_a_redis_nothing_is_connected_and_stopping_works(self) -> None:
        bus = RedisBus(reactor, RedisAddress("127.0.0.1", 1), "x")
        bus.start()
        self.assertFalse(bus.connected)
        self.assertFalse(await bus.claim("x", "a", 1))
        await bus.stop()


class AddressTests(SynchronousTestCase):
    def test_an_address_has_host_port_number_and_who_asks(self) -> None:
        self.assertEqual(redis_address("redis://h"), RedisAddress("h"))
        full = redis_address("redis://u:p%40ss@h.example:7000/3")
        self.assertEqual(full, RedisAddress("h.example", 7000, 3, "u", "p@ss"))
        self.assertNotIn("p@ss", repr(full))
        self.assertEqual(redis_address("redis://:secret@[::1]:1").host, "::1")

    def test_what_is_no_address_is_refused(self) -> None:
        for url in ("h:6379", "http://h", "redis://", "redis://h/x", "redis://h:99999", "redis://h/-1"):
            with self.assertRaises(ValueError):
                redis_address(url)
