"""Each address has a share of a turn of the reactor, and no more while others wait."""

from __future__ import annotations

from collections import Counter
from typing import cast

from twisted.internet.base import DelayedCall
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock, deferLater
from twisted.internet.tcp import Connection
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.net.fair_transport import ACCEPTED, FairReactor
from gameserver.net.guard import Guard
from gameserver.net.inbox import Inbox, Queue
from gameserver.net.turns import SHARE, STRETCH, Share, Turns, turns_of
from tests.reactor import reactor

ANNE, BOB = "192.0.2.1", "192.0.2.2"


class Turning(Clock):
    """A clock whose turns can be taken one by one; ``advance`` would take those that follow as well."""

    def turn(self) -> None:
        """Call what is due, and not what that puts off."""
        for call in self.getDelayedCalls():
            made = cast(DelayedCall, call)
            function, arguments = made.func, made.args
            made.cancel()
            function(*arguments)


class TurnsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Turning()
        self.turns = Turns(self.clock, share=1.0)
        self.done: list[str] = []

    def work(self, name: str, seconds: float) -> None:
        """Do something that takes a while."""
        self.done.append(name)
        self.clock.rightNow += seconds

    def test_a_share_is_used_up_and_there_again_in_the_next_turn(self) -> None:
        self.turns.run(ANNE, self.work, "a", 0.6)
        self.assertFalse(self.turns.over(ANNE))
        self.turns.run(ANNE, self.work, "b", 0.6)
        self.assertEqual((self.turns.over(ANNE), self.turns.over(BOB)), (True, False))
        self.clock.turn()
        self.assertFalse(self.turns.over(ANNE))

    def test_what_is_being_done_counts_already(self) -> None:
        found = []

        def work() -> None:
            found.append(self.turns.over(ANNE))
            self.clock.rightNow += 1.0
            found.append(self.turns.over(ANNE))
            # A proxy's read is what the messages of others in it have.
            found.append(self.turns.over(BOB))
            self.turns.run(BOB, self.work, "within", 1.0)

        self.turns.run(ANNE, work)
        self.assertEqual(found, [False, True, True])
        # All of it was on the share of whose read it was.
        self.assertEqual((self.turns.over(ANNE), self.turns.over(BOB)), (True, False))

    def test_a_connection_lets_others_of_its_address_go_on_after_a_stretch(self) -> None:
        found = []

        def work() -> None:
            self.clock.rightNow += STRETCH
            found.append(self.turns.over(ANNE))
            self.turns.later(ANNE, lambda: self.work("another", 0.0))
            found.append(self.turns.over(ANNE))

        self.turns.run(ANNE, work)
        self.assertEqual(found, [False, True])
        # Nothing of the share is used up by that.
        self.assertFalse(self.turns.over(ANNE))

    def test_what_waits_is_done_in_order_as_far_as_each_share_goes(self) -> None:
        for name in "abcd":
            self.turns.later(ANNE, lambda name=name: self.work(name, 0.3))  # type: ignore[misc]
        self.turns.later(BOB, lambda: self.work("bob", 0.1))
        self.clock.turn()
        self.assertEqual(self.done, ["a", "b", "bob"])
        self.clock.turn()
        self.assertEqual(self.done, ["a", "b", "bob", "c", "d"])
        self.clock.turn()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_waits_leaves_room_for_what_comes_now_from_the_same_address(self) -> None:
        def backlog() -> None:
            while not self.turns.over(ANNE):
                self.work("old", 0.125)
            self.turns.later(ANNE, backlog)

        self.turns.later(ANNE, backlog)
        self.clock.turn()
        self.assertEqual(len(self.done), 4)
        self.assertFalse(self.turns.over(ANNE))
        self.turns.run(ANNE, self.work, "new", 0.125)
        self.clock.turn()
        self.assertEqual(len(self.done), 9)

    def test_who_was_not_read_comes_first_in_the_next_turn(self) -> None:
        order: list[str] = []
        for _ in range(4):
            # The kernel names them in the same order each time, and each needs more than half of a share.
            for reader in ("first", "second", "third"):
                if self.turns.may_read(ANNE, reader):
                    order.append(reader)
                    self.turns.run(ANNE, self.work, reader, 0.6)
            self.clock.turn()
        self.assertEqual(order, ["first", "second", "third", "first", "second", "third", "first"][: len(order)])
        self.assertGreaterEqual(len(order), 6)
        # One that has gone meanwhile is not waited for.
        self.turns.run(ANNE, self.work, "all", 1.0)
        self.assertFalse(self.turns.may_read(ANNE, "gone"))
        self.clock.turn()
        self.assertFalse(self.turns.may_read(ANNE, "first"))
        self.clock.turn()
        self.assertTrue(self.turns.may_read(ANNE, "first"))

    def test_what_waits_again_waits_for_another_turn(self) -> None:
        def again() -> None:
            self.work("again", 0.0)
            self.turns.later(ANNE, again)

        self.turns.later(ANNE, again)
        self.clock.turn()
        self.assertEqual(self.done, ["again"])

    def test_a_failure_does_not_keep_the_others_waiting(self) -> None:
        self.turns.later(ANNE, lambda: self.work(str(1 // 0), 0.0))
        self.turns.later(ANNE, lambda: self.work("next", 0.0))
        self.clock.turn()
        self.assertEqual(self.done, ["next"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_a_clock_that_stands_still_divides_nothing(self) -> None:
        for _ in range(1000):
            self.turns.run(ANNE, self.done.append, "x")
        self.assertFalse(self.turns.over(ANNE))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_reactor_has_the_same_turns_for_everybody(self) -> None:
        self.assertIs(turns_of(self.clock), turns_of(self.clock))
        self.assertIsNot(turns_of(self.clock), turns_of(Clock()))

    def test_messages_that_come_at_once_are_handled_over_several_turns(self) -> None:
        class Reading:
            paused = 0

            def pauseProducing(self) -> None:
                self.paused += 1

            def resumeProducing(self) -> None:
                self.paused -= 1

            def stopProducing(self) -> None:
                """Not used here."""

        class Answers:
            full = False

            def when_drained(self, drained: object) -> None:
                """Nothing is ever full."""

        queue: Queue[str] = Queue()
        reading = Reading()
        guard = Guard("test", lambda _: None, lambda: None)
        share = Share(self.turns, ANNE)
        inbox = Inbox(
            lambda name: self.work(name, 0.4), guard, cast(IPushProducer, reading), queue, Answers(), 4, share
        )
        for name in "abcdefgh":
            queue.put(name)
        self.turns.run(ANNE, inbox.run)
        self.assertEqual((self.done, inbox.busy, reading.paused), (["a", "b", "c"], True, 1))
        # What comes meanwhile does not overtake.
        queue.put("i")
        self.turns.run(ANNE, inbox.run)
        self.assertEqual(len(self.done), 3)
        # What waits has half of a share.
        self.clock.turn()
        self.assertEqual(len(self.done), 5)
        ended: list[bool] = []
        inbox.end(lambda: ended.append(True))
        for _ in range(2):
            self.assertEqual(ended, [])
            self.clock.turn()
        self.assertEqual(("".join(self.done), ended, inbox.busy), ("abcdefghi", [True], False))


class FairPortTests(TestCase):
    """Over real sockets, with a server that needs a whole share for each byte."""

    timeout = 60

    def setUp(self) -> None:
        #: Turns of the reactor so far, and what happened in each, by address.
        self.turn = 0
        self.read: Counter[tuple[int, str]] = Counter()
        self.accepted: Counter[int] = Counter()
        self.order: list[str] = []
        self.wanted = 0
        self.all_read: Deferred[None] = Deferred()
        self.ended = False
        self.addCleanup(self.end)
        self.count()
        case = self

        class Working(Protocol):
            transport: Connection

            def connectionMade(self) -> None:
                case.accepted[case.turn] += 1

            def dataReceived(self, data: bytes) -> None:
                host = self.transport.getPeer().host
                case.read[case.turn, host] += 1
                case.order.append(host)
                until = reactor.seconds() + SHARE
                while reactor.seconds() < until:
                    pass
                if len(case.order) == case.wanted:
                    case.all_read.callback(None)

        self.port = FairReactor(reactor).listenTCP(0, Factory.forProtocol(Working), interface="127.0.0.1")
        self.addCleanup(self.port.stopListening)

    def count(self) -> None:
        self.turn += 1
        if not self.ended:
            reactor.callLater(0, self.count)

    async def end(self) -> None:
        self.ended = True
        await deferLater(reactor, 0.05)

    async def connect(self, source: str) -> Protocol:
        address = TCP4ClientEndpoint(reactor, "127.0.0.1", self.port.getHost().port, bindAddress=(source, 0))  # type: ignore[attr-defined]
        client = await connectProtocol(address, Protocol())
        self.addCleanup(client.transport.abortConnection)
        return cast(Protocol, client)

    async def test_one_address_is_read_no_more_than_its_share_in_a_turn(self) -> None:
        crowd = [await self.connect("127.0.0.1") for _ in range(20)]
        other = await self.connect("127.0.0.2")
        self.wanted = 21
        for client in [*crowd, other]:
            client.transport.write(b"x")  # type: ignore[union-attr]
        await self.all_read
        self.assertEqual(set(self.read.values()), {1}, self.read)
        # Who is alone at their address does not wait for the twenty.
        self.assertLess(self.order.index("127.0.0.2"), 3)

    async def test_a_rush_of_connections_is_accepted_bit_by_bit(self) -> None:
        made = [self.connect("127.0.0.1") for _ in range(40)]
        await gatherResults([Deferred.fromCoroutine(one) for one in made])
        while self.accepted.total() < 40:
            await deferLater(reactor, 0.01)
        self.assertLessEqual(max(self.accepted.values()), ACCEPTED)
