"""What every connection is owed, whoever it is and whatever it speaks."""

from __future__ import annotations

import gc
import statistics
import tracemalloc
import weakref
from time import process_time
from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IPushProducer
from twisted.internet.task import deferLater
from twisted.logger import capturedLogs
from twisted.python.monkey import MonkeyPatcher
from twisted.trial.unittest import TestCase
from zope.interface import implementer

from gameserver.config.tree import Limits
from gameserver.edge.context import Context
from gameserver.edge.part import RunningPart
from gameserver.edge.shared import Shared
from gameserver.moderation import COMMAND_LINE
from gameserver.sessions.session import Session
from gameserver.testing.clients import Client
from gameserver.testing.context import memory_context
from gameserver.testing.driver import PASSWORD, Driver, NotAdmitted
from gameserver.testing.transports import Transport

#: Where clients come from: this machine, by its first two addresses.
HOST, OTHER_HOST = "127.0.0.1", "127.0.0.2"

#: Few messages, and little memory for who does not read.
LIMITS = Limits(messages_per_second=20, burst=40, outbox_bytes=65536)

#: Seconds within which who is on the wrong port is told so and let go.
WRONG_PORT = 4.0

#: Seconds a bystander may wait for an answer while the server is busy with one client, whatever that does.
BYSTANDER = 0.05

_PIECE = b"x" * 65536


@implementer(IPushProducer)
class _Sending:
    """Whether a transport takes more."""

    paused = False

    def pauseProducing(self) -> None:
        self.paused = True

    def resumeProducing(self) -> None:
        self.paused = False

    def stopProducing(self) -> None:
        self.paused = False


class EdgeContract(TestCase):
    """What holds for every connection."""

    timeout = 120

    driver: Driver
    transport: Transport

    async def setUp(self) -> None:  # type: ignore[override]
        """Begin."""
        # Here, because nothing of the package may choose a reactor when it is imported.
        from twisted.internet import reactor

        self.reactor = reactor
        self._clients: list[Client] = []
        self._shared: set[Shared] = set()
        await self.begin()

    async def begin(self, login_timeout: float = 0.0) -> None:
        """Build the part and let clients come in."""
        driver, transport = self.driver, self.transport
        self.context = self.new_context()
        self.running: RunningPart = driver.part.build(self.context, driver.section(login_timeout))
        await self.running.start()
        transport.open(self.reactor, self.context, self.running)

    def new_context(self) -> Context:
        """Return a server for the part."""
        return memory_context(self.reactor, LIMITS, over_tls=self.transport.over_tls)

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
        await deferLater(self.reactor, seconds)

    async def round_trip(self, client: Client) -> float:
        """Ask something and wait for the answer. Return the seconds that this process has worked meanwhile.

        What others do on the machine does not count.
        """
        since = process_time()
        client.send(self.driver.request)
        await client.until(self.driver.answered)
        return process_time() - since

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

    async def test_who_has_gone_is_freed_at_once_and_not_by_the_collector(self) -> None:
        client = await self.enter("anne1")
        known = weakref.ref(self.connection(self.newest))
        del self.newest
        await self.round_trip(client)
        gc.disable()
        self.addCleanup(gc.enable)
        client.drop()
        await client.rest()
        while len(self.context.sessions):
            await self.turn(0.01)
        # Autobahn looks once more whether a connection that it has closed is closed.
        for _ in range(20):
            await self.turn(0.01)
        self.assertIsNone(known())

    async def test_an_http_request_gets_a_short_no_and_the_end(self) -> None:
        browser = await self.transport.stream(HOST)
        self._clients.append(browser)
        request = f"GET {self.transport.page()} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        browser.write(request.encode())
        answer = b"\n".join(await browser.rest(WRONG_PORT))
        # Some protocols greet whoever comes, before they know.
        self.assertRegex(answer, rb"(?m)^HTTP/1\.1 [1345]")
        self.assertLess(len(answer), 1000)

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
        for _ in range(200):
            for _ in range(LIMITS.burst):
                flooder.send(self.driver.request)
            waited.append(await self.round_trip(bystander))
            if flooder.over:
                break
            # The bystander keeps to the limit.
            await self.turn(1 / LIMITS.messages_per_second)
        self.assertTrue(flooder.over)
        self.assertLess(statistics.median(waited), BYSTANDER)

    async def test_who_does_not_read_is_dropped_and_counted_while_others_notice_nothing(self) -> None:
        bystander, slow = await self.enter("bobby"), await self.enter("anne1")
        session, waited = self.newest, []
        slow.stop_reading()
        with capturedLogs() as events:
            for number in range(2000):
                if not session.open:
                    break
                session.sink.deliver(_PIECE)
                await self.turn()
                if number < 10 or number % 100 == 0:
                    waited.append(await self.round_trip(bystander))
        lines = [event for event in events if "does not read" in (event.get("log_format") or "")]
        self.assertFalse(session.open)
        self.assertLess(statistics.median(waited), BYSTANDER)
        dropped = self.context.metrics.registry.get_sample_value(
            "gameserver_slow_readers_dropped_total", {"protocol": session.protocol}
        )
        self.assertEqual(dropped, 1)
        self.assertEqual([event["session"] for event in lines], [session.id])
        await self.round_trip(bystander)

    async def test_a_message_without_an_end_takes_no_memory(self) -> None:
        client = await self.enter("anne1")
        begin, piece, end = self.transport.endless(self.driver.endless, _PIECE)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        client.write(begin)
        connection = self.connection(self.newest)
        # What the server does not read yet would be in the client's memory, which is the same.
        sending = _Sending()
        client.transport.registerProducer(sending, True)
        for _ in range(256):
            client.write(piece)
            await self.turn()
            while connection.busy or sending.paused:
                await self.turn()
        client.transport.unregisterProducer()
        client.write(end)
        _, peak = tracemalloc.get_traced_memory()
        self.assertLess(peak, 256 * len(piece) // 4)
        if self.driver.survives_endless:
            await self.round_trip(client)
        else:
            await client.rest()

    async def test_a_failure_of_ours_is_said_and_logged(self) -> None:
        client = await self.enter("anne1")
        connection = self.connection(self.newest)

        def fails(*_arguments: Any) -> None:
            raise RuntimeError("made by the test")

        async def fails_later(*_arguments: Any) -> None:
            await self.turn()
            raise RuntimeError("made by the test")

        for broken in (fails, fails_later):
            patch = MonkeyPatcher((connection, self.driver.handling, broken))
            patch.patch()
            with capturedLogs() as events:
                client.send(self.driver.request)
                await client.until(self.driver.crashed)
            patch.restore()
            lines = [event for event in events if event.get("log_failure") is not None]
            self.assertEqual([event["session"] for event in lines], [self.newest.id])
            self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
            if self.driver.survives_crash:
                await self.round_trip(client)
            else:
                await client.rest()
                client = await self.enter("anne1")
                connection = self.connection(self.newest)

    async def test_an_address_that_is_banned_is_put_out_and_kept_out(self) -> None:
        client = await self.enter("anne1", OTHER_HOST)
        bystander = await self.enter("bobby")
        await self.context.moderation.ban_address(OTHER_HOST, COMMAND_LINE, force=True)
        self.assert_told(client, await client.rest(), "You have been banned.")
        await self.assert_kept_out("carla", OTHER_HOST)
        await self.round_trip(bystander)
        await self.round_trip(await self.enter("carla"))

    async def test_who_goes_without_a_word_leaves_nothing_behind(self) -> None:
        await self.finish()
        await self.begin(login_timeout=60.0)
        for client in (await self.enter("anne1"), await self.connect()):
            client.drop()
        for _ in range(500):
            await self.turn(0.01)
            if not any(len(shared.connections) for shared in self._shared):
                break
        self.assert_all_gone()

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
