"""What the edge owes every connection, as a suite that any protocol's tests can run.

A protocol says in a ``Driver`` how it is spoken. For each of its transports its tests derive a class from
``EdgeContract``, or from ``PlayerContract`` where people log in, and name driver and transport. Import this module,
not the classes: both runners take a class in a test module for tests.
"""

from __future__ import annotations

import statistics
import tracemalloc
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.error import ConnectionDone
from twisted.internet.task import deferLater
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.monkey import MonkeyPatcher
from twisted.trial.unittest import TestCase
from zope.interface import provider

from gameserver.config.tree import Limits
from gameserver.edge.connection import Connection
from gameserver.edge.part import AnyPart, RunningPart
from gameserver.edge.shared import Shared
from gameserver.sessions.manager import DuplicateLogin
from gameserver.sessions.session import Session
from gameserver.testing.clients import Client
from gameserver.testing.context import memory_context
from gameserver.testing.transports import Transport

#: Where clients come from: this machine, by its first two addresses.
HOST, OTHER_HOST = "127.0.0.1", "127.0.0.2"

#: The password of every account here; a name is letters and digits.
PASSWORD = "secret1"

#: Few messages, and little memory for who does not read.
LIMITS = Limits(messages_per_second=20, burst=40, outbox_bytes=65536)

#: Seconds within which who is on the wrong port is told so and let go.
WRONG_PORT = 4.0

#: Seconds a bystander may wait for an answer, whatever one client does.
BYSTANDER = 0.05

_PIECE = b"x" * 65536


class NotAdmitted(Exception):
    """A client has been refused, and says so on a connection that stays open."""


class Driver(ABC):
    """How a protocol is spoken, as far as the suite must know."""

    part: AnyPart

    #: The class of the connections that are tested.
    connection: type[Connection[Any, Any]]

    #: A message that costs little and is answered, by who has been let in.
    request: bytes

    #: The beginning of a message that never ends.
    endless: bytes = b""

    #: Whether a connection goes on after a message that was too long.
    survives_endless = True

    #: The method of the connection in which a handler is called; the suite lets it fail.
    handling = "measured"

    #: What a second login of the same player means.
    duplicate = DuplicateLogin.REPLACE

    @abstractmethod
    def section(self, login_timeout: float) -> Any:
        """Return the part's section; who does not log in has so many seconds, where the protocol gives any."""

    @abstractmethod
    async def enter(self, suite: EdgeContract, name: str, host: str) -> Client:
        """Return a client that has connected with ``suite.connect``, and logged in where people do.

        The account is there, with ``PASSWORD``. Raises ``NotAdmitted`` or ``ConnectionDone`` if it is refused.
        """

    @abstractmethod
    def answered(self, message: bytes) -> bool:
        """Say whether a message is the answer to ``request``."""

    @abstractmethod
    def too_fast(self, message: bytes) -> bool:
        """Say whether a message refuses what came too fast."""

    @abstractmethod
    def crashed(self, message: bytes) -> bool:
        """Say whether a message tells of an internal error."""

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        """Say whether a client whose connection has ended was told why; ``True`` where there are no words for it."""
        return True


class EdgeContract(TestCase):
    """What holds for every connection."""

    timeout = 120

    driver: Driver
    transport: Transport

    async def setUp(self) -> None:  # type: ignore[override]
        """Begin."""
        self._clients: list[Client] = []
        self._shared: set[Shared] = set()
        await self.begin()

    async def begin(self, login_timeout: float = 0.0) -> None:
        """Build the part and let clients come in."""
        driver, transport = self.driver, self.transport
        self.context = memory_context(reactor, LIMITS, over_tls=transport.over_tls)
        self.running: RunningPart = driver.part.build(self.context, driver.section(login_timeout))
        await self.running.start()
        transport.open(reactor, self.context, self.running)

    async def tearDown(self) -> None:  # type: ignore[override]
        """Finish."""
        await self.finish()

    async def finish(self) -> None:
        """Stop the part, and look for what it has left behind; trial itself looks for calls that are still due."""
        await self.transport.close()
        await self.running.stop()
        self.assert_all_gone()
        for client in self._clients:
            client.drop()
            await client.rest()

    def assert_all_gone(self) -> None:
        """Fail unless sessions, topics, connections and their deadlines are empty."""
        self.assertEqual(len(self.context.sessions), 0)
        self.assertEqual(self.context.sessions.topics.names(), [])
        self.assertEqual(self.context.http_connections.all, 0)
        for shared in self._shared:
            self.assertEqual((len(shared.connections), len(shared.logins), len(shared.handshakes)), (0, 0, 0))

    # What drivers and tests use.

    async def connect(self, host: str = HOST, **options: Any) -> Client:
        """Return a client that nobody has logged in on; ``options`` are those of the transport's ``client``."""
        client = await self.transport.client(host, **options)
        self._clients.append(client)
        return client

    async def enter(self, name: str, host: str = HOST) -> Client:
        """Return a client of a player, who has an account."""
        if await self.context.accounts.by_name(name) is None:
            await self.context.accounts.create(name, PASSWORD)
        before = {session.id for session in self.context.sessions}
        client = await self.driver.enter(self, name, host)
        for session in self.context.sessions:
            if session.id not in before:
                self.newest = session
                self._shared.add(self.connection(session).shared)
        return client

    def connection(self, session: Session) -> Any:
        """Return the server's end of a session."""
        found: Any = session.sink
        self.assertIsInstance(found, self.driver.connection)
        return found

    async def turn(self, seconds: float = 0.0) -> None:
        """Let the reactor work."""
        await deferLater(reactor, seconds)

    async def round_trip(self, client: Client) -> float:
        """Ask something, wait for the answer and return the seconds."""
        since = reactor.seconds()
        client.send(self.driver.request)
        await client.until(self.driver.answered)
        return reactor.seconds() - since

    # What every client may count on.

    async def test_what_was_sent_before_a_half_close_is_answered(self) -> None:
        client = await self.enter("anne1")
        for _ in range(3):
            client.send(self.driver.request)
        client.close_write()
        self.assertEqual(len([line for line in await client.rest() if self.driver.answered(line)]), 3)

    async def test_it_is_answered_also_when_the_answer_takes_its_time(self) -> None:
        client = await self.enter("anne1")
        connection = self.connection(self.newest)
        handle = connection.handle

        async def slowly(item: Any) -> None:
            await self.turn(0.05)
            work = handle(item)
            if work is not None:
                await work

        self.patch(connection, "handle", slowly)
        for _ in range(3):
            client.send(self.driver.request)
        client.close_write()
        self.assertEqual(len([line for line in await client.rest() if self.driver.answered(line)]), 3)

    async def test_an_http_request_gets_a_short_no_and_the_end(self) -> None:
        browser = await self.transport.stream(HOST)
        self._clients.append(browser)
        request = f"GET {self.transport.page()} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        browser.write(request.encode())
        answer = await browser.rest(WRONG_PORT)
        self.assertRegex(answer[0], rb"^HTTP/1\.1 [1345]")
        self.assertLess(sum(map(len, answer)), 1000)

    async def test_who_has_mistaken_the_port_for_one_of_another_kind_is_let_go(self) -> None:
        client = await self.transport.mistaken(HOST)
        self._clients.append(client)
        await client.rest(WRONG_PORT)

    async def test_a_flood_is_refused_and_then_ended_while_others_notice_nothing(self) -> None:
        flooder, bystander = await self.enter("anne1"), await self.enter("bobby")
        for _ in range(LIMITS.burst + 5):
            flooder.send(self.driver.request)
        first = await flooder.until(self.driver.too_fast)
        self.assertTrue([line for line in first if self.driver.answered(line)])
        waited = []
        while not flooder.over:
            for _ in range(LIMITS.burst):
                flooder.send(self.driver.request)
            waited.append(await self.round_trip(bystander))
        self.assertLess(statistics.median(waited), BYSTANDER)

    async def test_who_does_not_read_is_dropped_and_counted_while_others_notice_nothing(self) -> None:
        bystander, slow = await self.enter("bobby"), await self.enter("anne1")
        session, waited = self.newest, []
        slow.stop_reading()
        lines = self.logged(lambda event: "does not read" in (event.get("log_format") or ""))
        for number in range(2000):
            if not session.open:
                break
            session.sink.deliver(_PIECE)
            await self.turn()
            if number % 100 == 0:
                waited.append(await self.round_trip(bystander))
        self.assertFalse(session.open)
        self.assertLess(statistics.median(waited), BYSTANDER)
        dropped = self.context.metrics.registry.get_sample_value(
            "gameserver_slow_readers_dropped_total", {"protocol": session.protocol}
        )
        self.assertEqual(dropped, 1)
        self.assertEqual([event["id"] for event in lines], [session.id])
        await self.round_trip(bystander)

    async def test_a_message_without_an_end_takes_no_memory(self) -> None:
        client = await self.enter("anne1")
        begin, piece, end = self.transport.endless(self.driver.endless, _PIECE)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        client.write(begin)
        for _ in range(256):
            client.write(piece)
            await self.turn()
        client.write(end)
        _, peak = tracemalloc.get_traced_memory()
        self.assertLess(peak, 256 * len(piece) // 4)
        if self.driver.survives_endless:
            await self.round_trip(client)
        else:
            await client.rest()

    async def test_a_failure_of_ours_is_said_and_logged_and_the_connection_goes_on(self) -> None:
        client = await self.enter("anne1")
        connection = self.connection(self.newest)

        def fails(*_arguments: Any) -> None:
            raise RuntimeError("made by the test")

        async def fails_later(*_arguments: Any) -> None:
            await self.turn()
            raise RuntimeError("made by the test")

        lines = self.logged(lambda event: event.get("log_failure") is not None)
        for broken in (fails, fails_later):
            patch = MonkeyPatcher((connection, self.driver.handling, broken))
            patch.patch()
            client.send(self.driver.request)
            await client.until(self.driver.crashed)
            patch.restore()
            await self.round_trip(client)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 2)
        self.assertEqual([event["id"] for event in lines], [self.newest.id] * 2)

    async def test_an_address_that_is_banned_is_put_out_and_kept_out(self) -> None:
        client = await self.enter("anne1", OTHER_HOST)
        bystander = await self.enter("bobby")
        await self.context.moderation.ban_address(OTHER_HOST, "the test")
        self.assert_told(client, await client.rest(), "You have been banned.")
        await self.assert_kept_out("carla", OTHER_HOST)
        await self.round_trip(bystander)
        await self.round_trip(await self.enter("carla"))

    async def test_an_orderly_stop_says_goodbye_and_waits_until_all_are_gone(self) -> None:
        clients = [await self.enter("anne1"), await self.enter("bobby"), await self.connect()]
        await self.transport.close()
        await self.running.stop()
        self.assert_all_gone()
        for client in clients[:2]:
            self.assert_told(client, await client.rest(), "The server is stopping.")
        await clients[2].rest()

    # How it is checked.

    def assert_told(self, client: Client, last: list[bytes], text: str) -> None:
        """Fail unless a client that has been put out has been told why, where the protocol can."""
        self.assertTrue(self.driver.goodbye(client, last, text), last)

    async def assert_kept_out(self, name: str, host: str = HOST) -> None:
        """Fail if a player gets in."""
        try:
            await self.enter(name, host)
        except (NotAdmitted, ConnectionDone):
            return
        self.fail(f"{name} got in from {host}")

    def logged(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """Return a list that grows with the events of the log that are wanted."""
        found: list[Any] = []

        @provider(ILogObserver)
        def observe(event: LogEvent) -> None:
            if wanted(event):
                found.append(event)

        globalLogPublisher.addObserver(observe)
        self.addCleanup(globalLogPublisher.removeObserver, observe)
        return found


class PlayerContract(EdgeContract):
    """What holds where people log in."""

    async def test_who_does_not_log_in_is_let_go_when_the_time_for_it_is_over(self) -> None:
        await self.finish()
        await self.begin(login_timeout=0.5)
        player, silent = await self.enter("anne1"), await self.connect()
        await silent.rest()
        await self.turn(0.6)
        await self.round_trip(player)

    async def test_who_is_kicked_is_told_and_put_out_and_may_come_back(self) -> None:
        client = await self.enter("anne1")
        await self.context.moderation.kick("anne1", "the test", "Enough for today.")
        self.assert_told(client, await client.rest(), "Enough for today.")
        await self.round_trip(await self.enter("anne1"))

    async def test_a_player_who_is_banned_is_put_out_and_kept_out(self) -> None:
        client = await self.enter("anne1")
        await self.context.moderation.ban("anne1", "the test")
        self.assert_told(client, await client.rest(), "You have been banned.")
        await self.assert_kept_out("anne1")
        await self.round_trip(await self.enter("bobby"))

    async def test_a_second_login_of_a_player(self) -> None:
        first, second = await self.enter("anne1"), await self.enter("anne1")
        if self.driver.duplicate is DuplicateLogin.REPLACE:
            self.assert_told(first, await first.rest(), "You have logged in from somewhere else.")
        else:
            await self.round_trip(first)
        await self.round_trip(second)
