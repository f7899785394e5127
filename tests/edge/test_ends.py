"""What a connection is before it is let in, how it ends, and the account a command is about."""

from __future__ import annotations

import gc
import weakref

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from gameserver.edge.part import account_of
from gameserver.edge.shared import Shared
from gameserver.edge.stream import StreamConnection
from gameserver.errors import Code, GameError
from gameserver.net.http import READING_TIME
from gameserver.net.lines import Damage, Lines
from gameserver.testing.context import memory_context


class Echo(StreamConnection[str | Damage, Shared]):
    """Sends every line back."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared, Lines(100))

    def handle(self, item: str | Damage) -> None:
        if isinstance(item, Damage):
            raise GameError(Code.TOO_LONG, "What is this?")
        self.deliver(f"{item}\n".encode())

    def refused(self, error: GameError) -> None:
        self.deliver(f"no: {error.text}\n".encode())


class EndTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.shared = Shared(memory_context(self.clock), "echo", {})
        self.connection = Echo(self.shared)
        self.transport = StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 40000))

    def open(self) -> None:
        self.connection.makeConnection(self.transport)
        self.clock.advance(0)

    def lost(self) -> None:
        self.connection.connectionLost(Failure(ConnectionDone()))

    def test_before_it_is_let_in_it_is_nobody(self) -> None:
        self.assertRaises(RuntimeError, lambda: self.connection.session)
        self.assertEqual((self.connection.player, self.connection.number), (None, 0))
        self.connection.deliver(b"lost")
        self.connection.hear()
        self.open()
        self.assertEqual(self.connection.session.id, self.connection.number)
        self.assertEqual((self.transport.value(), len(self.shared.sessions)), (b"", 1))

    def test_who_goes_while_they_may_still_read_is_not_ended_a_second_time(self) -> None:
        self.open()
        self.connection.dataReceived(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.clock.advance(0)
        self.assertIn(b"does not speak HTTP", self.transport.value())
        (waiting,) = self.clock.getDelayedCalls()
        self.assertEqual(waiting.getTime() - self.clock.seconds(), READING_TIME)
        self.lost()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(len(self.shared.sessions), 0)

    def test_it_is_freed_at_once_and_not_by_the_collector(self) -> None:
        gc.disable()
        self.addCleanup(gc.enable)
        self.open()
        self.connection.dataReceived(b"hello\n")
        self.clock.advance(0)
        self.lost()
        # As Twisted does when a transport ends.
        self.transport.unregisterProducer()
        self.clock.advance(0)
        known = weakref.ref(self.connection)
        del self.connection
        self.assertIsNone(known())

    def test_what_comes_after_the_end_is_ignored(self) -> None:
        self.open()
        self.connection.dataReceived(b"one\n")
        self.connection.close("kicked", "Go.")
        self.connection.dataReceived(b"two\n")
        self.connection.close("kicked", "Go.")
        self.clock.advance(READING_TIME)
        self.assertEqual((self.transport.value(), self.transport.disconnecting), (b"one\n", True))
        self.lost()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class AccountTests(SynchronousTestCase):
    def refusal(self, data_dir: str) -> GameError:
        context = memory_context(Clock(), data_dir=data_dir)
        error = self.failureResultOf(account_of(context, "nobody")).value
        assert isinstance(error, GameError)
        return error

    def test_an_account_that_is_there(self) -> None:
        context = memory_context(Clock())
        made = self.successResultOf(context.accounts.register("anne", "secret"))
        self.assertEqual(self.successResultOf(account_of(context, "ANNE")).id, made.id)

    def test_where_it_was_looked_for_is_said_when_the_database_is_there(self) -> None:
        self.assertEqual(self.refusal("").text, "There is no account nobody.")
        there = self.refusal("/srv/game")
        self.assertEqual(there.text, "There is no account nobody in /srv/game (--data-dir names another directory).")
        self.assertEqual(there.code, Code.NO_ACCOUNT)
