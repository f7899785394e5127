"""A connection over a WebSocket, without one."""

from __future__ import annotations

from typing import cast

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.edge.shared import Shared
from gameserver.net.lines import Damage
from gameserver.net.websocket import Wire, frame
from gameserver.sessions.players import Player
from gameserver.testing.context import memory_context
from tests.edge.smallest import SmallestChannel


class FakeWire:
    """A WebSocket's way to the client that keeps what goes there."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.waiting = 0
        self.full = False

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.closed = self.closed or (code, reason)

    def pauseProducing(self) -> None:
        """Read no more."""

    resumeProducing = pauseProducing


class Numbers:
    """A source of its own: what comes is cut into numbers."""

    def __init__(self) -> None:
        self.waiting: list[str | Damage] = []

    def __len__(self) -> int:
        return len(self.waiting)

    def next(self) -> str | Damage | None:
        return self.waiting.pop(0) if self.waiting else None


class ChannelTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.context = memory_context(self.clock, Limits(connections=2))
        self.shared = Shared(self.context, "smallest", {}, login_timeout=30.0)

    def open(self, channel: SmallestChannel | None = None) -> tuple[SmallestChannel, FakeWire]:
        channel = channel or SmallestChannel(self.shared, "192.0.2.1")
        wire = FakeWire()
        channel.opened(cast(Wire, wire))
        return channel, wire

    def sent(self, *texts: str) -> list[bytes]:
        return [frame(text.encode()) for text in texts]

    def test_messages_are_handled_and_answered(self) -> None:
        channel, wire = self.open()
        channel.received(b"ask", False)
        channel.received(b"what", False)
        self.assertEqual(wire.sent, self.sent("yes", "no: What is what?"))

    def test_a_source_of_its_own_holds_several_items_of_one_message(self) -> None:
        numbers = Numbers()
        channel, wire = self.open(SmallestChannel(self.shared, "192.0.2.1", numbers))
        numbers.waiting += ["ask", "ask"]
        channel.hear()
        self.assertEqual(wire.sent, self.sent("yes", "yes"))

    def test_the_close_code_says_why(self) -> None:
        for code, number in (
            ("", 1000),
            ("shutdown", 1001),
            ("internal", 1011),
            ("busy", 1013),
            ("too_many_connections", 1013),
            ("kicked", 1008),
            ("anything", 1008),
        ):
            channel, wire = self.open()
            channel.close(code, "Because.")
            self.assertEqual((wire.sent, wire.closed), (self.sent("bye: Because."), (number, "Because.")), code)
            channel.ended()

    def test_for_whom_there_is_no_room_hears_why(self) -> None:
        self.open()
        self.open()
        _, wire = self.open()
        self.assertEqual(wire.sent, self.sent("no: Too many connections from your address."))
        self.assertEqual(wire.closed, (1013, "Too many connections from your address."))

    def test_who_does_not_log_in_is_let_go(self) -> None:
        (_, silent), (channel, wire) = self.open(), self.open()
        channel.received(b"login anne1", False)
        self.clock.advance(30)
        self.assertEqual(silent.closed, (1008, "Nobody has logged in within the time for it."))
        self.assertEqual((wire.sent, wire.closed), (self.sent("in"), None))

    def test_after_the_end_nothing_is_handled(self) -> None:
        channel, wire = self.open()
        channel.leave()
        channel.received(b"ask", False)
        channel.ended()
        self.assertEqual((wire.sent, wire.closed), ([], (1000, "")))
        self.assertEqual((len(self.context.sessions), len(self.shared.connections)), (0, 0))

    def test_a_close_frame_waits_for_the_answers_to_what_came_before(self) -> None:
        waiting: Deferred[Player] = Deferred()
        self.patch(self.context.accounts, "guest", lambda _: waiting)
        channel, wire = self.open()
        answered: list[list[bytes]] = []
        channel.received(b"login anne1", False)
        channel.received(b"ask", False)
        channel.heard_all(lambda: answered.append(list(wire.sent)))
        self.assertEqual(answered, [])
        waiting.callback(Player("anne1"))
        self.assertEqual(answered, [self.sent("in", "yes")])

    def test_a_close_frame_waits_for_nobody_who_is_leaving(self) -> None:
        channel, _ = self.open()
        channel.leave()
        answered: list[str] = []
        channel.heard_all(lambda: answered.append("now"))
        self.assertEqual(answered, ["now"])

    def test_what_waits_for_the_reader_can_be_asked(self) -> None:
        channel, wire = self.open()
        wire.waiting = 5
        self.assertEqual(channel.unread, 5)
        self.assertEqual(SmallestChannel(self.shared, "").unread, 0)

    def test_frames_that_are_no_messages_cost_as_much_as_messages(self) -> None:
        limits = Limits(burst=5, messages_per_second=1.0)
        self.shared = Shared(memory_context(self.clock, limits), "smallest", {}, login_timeout=30.0)
        channel, wire = self.open()
        found = [channel.counted() for _ in range(20)]
        # As many again are only not answered, then the client is put out.
        self.assertEqual(found, [True] * 5 + [False] * 15)
        self.assertEqual(wire.closed, (1008, "Too many messages."))
        self.assertFalse(channel.counted())
