"""Outbox, inbox and guard."""

from __future__ import annotations

import socket
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.errors import Code, GameError
from gameserver.net.guard import Guard
from gameserver.net.inbox import Inbox, Queue
from gameserver.net.outbox import Outbox
from gameserver.net.tcp_options import set_tcp_options
from tests.reactor import listen, reactor
from tests.typed import the


class Transport(StringTransport):
    aborted = False
    writes = 0

    def write(self, data: bytes) -> None:
        self.writes += 1
        super().write(data)

    def abortConnection(self) -> None:
        self.aborted = True


class OutboxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.transport = Transport()
        self.overflows: list[int] = []
        self.outbox = Outbox(self.transport, self.clock, 100, lambda: self.overflows.append(1))

    def test_what_one_turn_produces_leaves_in_one_write(self) -> None:
        self.outbox.write(b"a")
        self.outbox.write(b"b")
        self.assertEqual(self.transport.value(), b"")
        self.clock.advance(0)
        self.assertEqual((self.transport.value(), self.transport.writes), (b"ab", 1))
        self.outbox.write(b"c")
        self.clock.advance(0)
        self.assertEqual((self.transport.value(), self.outbox.waiting), (b"abc", 0))

    def test_a_full_transport_makes_bytes_wait(self) -> None:
        self.outbox.pauseProducing()
        self.outbox.write(b"a")
        self.clock.advance(0)
        self.assertEqual((self.transport.value(), self.outbox.waiting), (b"", 1))
        self.outbox.resumeProducing()
        self.assertEqual((self.transport.value(), self.outbox.waiting), (b"a", 0))

    def test_a_slow_reader_is_dropped_once(self) -> None:
        self.outbox.pauseProducing()
        for _ in range(200):
            self.outbox.write(b"x")
        self.assertEqual((self.overflows, self.transport.aborted, self.transport.value()), ([1], True, b""))

    def test_who_reads_nothing_for_a_while_is_dropped_however_little_waits(self) -> None:
        self.outbox.pauseProducing()
        self.outbox.write(b"x")
        self.clock.advance(29)
        self.assertFalse(self.transport.aborted)
        self.outbox.resumeProducing()
        self.outbox.pauseProducing()
        self.clock.advance(29)
        self.assertFalse(self.transport.aborted)
        self.clock.advance(1)
        self.assertEqual((self.overflows, self.transport.aborted), ([1], True))

    def test_a_large_write_goes_in_pieces_and_none_is_lost(self) -> None:
        data = bytes(range(256)) * 1024
        # As Twisted's: full behind the second piece, empty again when the peer has read.
        write = self.transport.write

        def full(piece: bytes) -> None:
            write(piece)
            if self.transport.writes % 2 == 0:
                self.outbox.pauseProducing()

        self.patch(self.transport, "write", full)
        self.outbox.write(data)
        self.clock.advance(0)
        self.outbox.write(b"behind it")
        self.clock.advance(29)
        self.assertEqual((len(self.transport.value()), self.outbox.waiting), (131072, 9))
        self.outbox.resumeProducing()
        self.clock.advance(29)
        self.assertEqual((self.overflows, len(self.transport.value())), ([], 262144))
        self.outbox.close()
        self.assertEqual(self.transport.value(), data + b"behind it")

    def test_a_large_answer_alone_is_not_slowness(self) -> None:
        self.outbox.write(b"x" * 1000)
        self.clock.advance(0)
        self.assertEqual((len(self.transport.value()), self.overflows), (1000, []))

    def test_it_is_full_until_the_mark_and_says_when_it_is_so_no_more(self) -> None:
        told: list[int] = []
        self.outbox.pauseProducing()
        self.outbox.write(b"x" * 50)
        self.assertFalse(self.outbox.full)
        self.outbox.write(b"x")
        self.assertTrue(self.outbox.full)
        self.outbox.when_drained(lambda: told.append(len(self.transport.value())))
        self.clock.advance(0)
        self.assertEqual(told, [])
        for _ in range(2):
            self.outbox.resumeProducing()
        self.assertEqual((told, self.outbox.full), ([51], False))

    def test_of_a_large_write_the_rest_counts(self) -> None:
        write = self.transport.write

        def full(piece: bytes) -> None:
            write(piece)
            self.outbox.pauseProducing()

        self.patch(self.transport, "write", full)
        told: list[int] = []
        self.outbox.write(b"x" * 200_000)
        self.outbox.when_drained(lambda: told.append(1))
        self.clock.advance(0)
        for _ in range(2):
            self.outbox.resumeProducing()
            self.assertTrue(self.outbox.full)
        self.assertEqual(told, [])
        self.outbox.resumeProducing()
        self.assertEqual((told, self.outbox.full), ([1], False))

    def test_whose_connection_ends_is_told_nothing(self) -> None:
        told: list[int] = []
        self.outbox.write(b"x" * 51)
        self.outbox.when_drained(lambda: told.append(1))
        self.outbox.connection_lost()
        self.clock.advance(0)
        self.assertEqual(told, [])

    def test_close_sends_the_rest_and_gives_up_on_who_does_not_read(self) -> None:
        self.outbox.write(b"bye")
        self.outbox.close()
        self.outbox.write(b"late")
        self.assertEqual((self.transport.value(), self.transport.disconnecting), (b"bye", True))
        self.assertIsNone(self.transport.producer)
        self.clock.advance(5)
        self.assertTrue(self.transport.aborted)

    def test_after_the_end_nothing_happens(self) -> None:
        self.outbox.write(b"x")
        self.outbox.connection_lost()
        self.outbox.write(b"y")
        self.outbox.close()
        self.outbox.abort()
        self.clock.advance(5)
        self.assertEqual((self.transport.value(), self.transport.aborted), (b"", False))


class RealOutboxTests(TestCase):
    async def test_a_client_that_never_reads_is_dropped(self) -> None:
        dropped: Deferred[None] = Deferred()
        lost: Deferred[None] = Deferred()

        class Server(Protocol):
            def connectionMade(self) -> None:
                outbox = Outbox(self.transport, reactor, 1 << 20, lambda: dropped.callback(None))
                self.outbox = outbox
                self.pump()

            def pump(self) -> None:
                if not dropped.called:
                    self.outbox.write(b"x" * 65536)
                    reactor.callLater(0, self.pump)

            def connectionLost(self, reason: Failure = connectionDone) -> None:
                self.outbox.connection_lost()
                lost.callback(None)

        port = listen(self, Factory.forProtocol(Server))
        client = socket.create_connection(("127.0.0.1", port))
        self.addCleanup(client.close)
        await dropped
        await lost

    async def test_a_client_that_never_reads_a_slow_feed_is_dropped_too(self) -> None:
        dropped: Deferred[None] = Deferred()
        lost: Deferred[None] = Deferred()
        said: list[int] = []

        class Server(Protocol):
            def connectionMade(self) -> None:
                set_tcp_options(self.transport)
                self.outbox = Outbox(self.transport, reactor, 1 << 30, lambda: dropped.callback(None), 0.5)
                self.pump()

            def pump(self) -> None:
                said.append(20_000)
                self.outbox.write(b"x" * 20_000)
                self.next = reactor.callLater(0.01, self.pump)

            def connectionLost(self, reason: Failure = connectionDone) -> None:
                self.next.cancel()
                self.outbox.connection_lost()
                lost.callback(None)

        port = listen(self, Factory.forProtocol(Server))
        client = socket.create_connection(("127.0.0.1", port))
        self.addCleanup(client.close)
        await dropped
        await lost
        # Two megabytes a second for half a second, and what the kernel holds: without a bound there it would be four
        # million bytes before anybody noticed.
        self.assertLess(sum(said), 3_500_000)


class GuardTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.said: list[str] = []
        self.guard = Guard("door", lambda error: self.said.append(error.code), lambda: self.said.append("crash"))

    def test_a_game_error_is_answered(self) -> None:
        def work() -> None:
            raise GameError(Code.FORBIDDEN, "No.")

        self.guard.run(work)
        self.assertEqual(self.said, [Code.FORBIDDEN])

    def test_anything_else_is_logged_and_answered(self) -> None:
        async def work() -> None:
            raise ValueError("x")

        self.successResultOf(the(self.guard.run(work)))
        self.assertEqual((self.said, len(self.flushLoggedErrors(ValueError))), (["crash"], 1))

    def test_a_deferred_is_as_good_as_a_coroutine(self) -> None:
        work: Deferred[None] = Deferred()
        running = the(self.guard.run(lambda: work))
        self.assertNoResult(running)
        work.errback(GameError(Code.FORBIDDEN, "No."))
        self.successResultOf(running)
        self.assertEqual(self.said, [Code.FORBIDDEN])

    def test_an_answer_that_fails_is_logged_too(self) -> None:
        def work() -> None:
            raise GameError(Code.FORBIDDEN, "No.")

        def answer(error: GameError) -> None:
            raise ZeroDivisionError

        guard = Guard("door", answer, lambda: None)

        guard.run(work)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class KeptAnswers:
    """Answers that are full when a test says so."""

    full = False

    def __init__(self) -> None:
        self.drained: list[Callable[[], None]] = []

    def when_drained(self, drained: Callable[[], None]) -> None:
        self.drained.append(drained)

    def drain(self) -> None:
        self.full = False
        self.drained.pop()()


class InboxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.transport = StringTransport()
        self.handled: list[int] = []
        self.gates: list[Deferred[None]] = []
        guard = Guard("door", lambda error: self.handled.append(-1), lambda: None)
        self.queue: Queue[int] = Queue()
        self.answers = KeptAnswers()
        self.inbox: Inbox[int] = Inbox(self.handle, guard, self.transport, self.queue, self.answers, limit=4)

    def put(self, number: int) -> None:
        self.queue.put(number)
        self.inbox.run()

    async def handle(self, number: int) -> None:
        if number >= 100:
            raise GameError(Code.FORBIDDEN, "No.")
        if number >= 10:
            gate: Deferred[None] = Deferred()
            self.gates.append(gate)
            await gate
        self.handled.append(number)

    def test_messages_are_handled_in_order_and_wait_for_each_other(self) -> None:
        for number in (1, 10, 2, 100, 3):
            self.put(number)
        self.assertEqual((self.handled, self.inbox.idle), ([1], False))
        self.gates[0].callback(None)
        self.assertEqual((self.handled, self.inbox.idle), ([1, 10, 2, -1, 3], True))

    def test_a_deferred_that_waits_for_another_is_waited_for(self) -> None:
        first: Deferred[None] = Deferred()
        second: Deferred[None] = Deferred()
        first.addCallback(lambda _: second).addCallback(lambda _: self.handled.append(7))
        first.callback(None)
        guard = Guard("door", lambda error: None, lambda: None)
        handlers = {1: lambda: first, 2: lambda: self.handled.append(2)}
        inbox: Inbox[int] = Inbox(
            lambda number: handlers[number](), guard, self.transport, self.queue, self.answers, limit=4
        )
        for number in (1, 2):
            self.queue.put(number)
            inbox.run()
        self.assertEqual(self.handled, [])
        second.callback(None)
        self.assertEqual(self.handled, [7, 2])

    def test_reading_stops_while_too_many_wait(self) -> None:
        for number in (10, 1, 2, 3, 4):
            self.put(number)
        self.assertEqual(self.transport.producerState, "paused")
        self.gates[0].callback(None)
        self.assertEqual((self.transport.producerState, self.handled), ("producing", [10, 1, 2, 3, 4]))

    def test_who_does_not_read_is_not_answered_more(self) -> None:
        self.answers.full = True
        for number in range(4):
            self.put(number)
        over: list[list[int]] = []
        self.inbox.end(lambda: over.append(list(self.handled)))
        self.assertEqual((self.handled, self.inbox.busy, self.transport.producerState), ([], True, "paused"))
        self.assertEqual(len(self.answers.drained), 1)
        self.answers.drain()
        self.assertEqual((self.handled, self.inbox.busy), ([0, 1, 2, 3], False))
        self.assertEqual((self.transport.producerState, over), ("producing", [[0, 1, 2, 3]]))

    def test_after_closing_nothing_more_is_handled(self) -> None:
        self.put(10)
        self.put(1)
        self.inbox.close()
        self.put(2)
        self.gates[0].callback(None)
        self.assertEqual(self.handled, [10])

    def test_the_end_comes_when_everything_before_it_is_done_and_only_then(self) -> None:
        over: list[list[int]] = []
        self.put(10)
        self.put(1)
        self.inbox.end(lambda: over.append(list(self.handled)))
        self.assertEqual(over, [])
        self.gates[0].callback(None)
        self.assertEqual(over, [[10, 1]])

    def test_ten_thousand_waiting_messages_need_no_deep_stack(self) -> None:
        self.put(10)
        for _ in range(10_000):
            self.put(1)
        self.gates[0].callback(None)
        self.assertEqual(len(self.handled), 10_001)
