"""WebSocket frames on a share of the turn: nothing is lost or changes places, what is no message is counted."""

from __future__ import annotations

import random
from typing import cast

from twisted.internet.protocol import connectionDone
from twisted.internet.task import Clock
from twisted.logger import LogLevel, capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.turns import turns_of
from gameserver.net.websocket import Accepted
from gameserver.net.websocket.connection import Connections
from gameserver.reactor import IGameReactor
from tests.net.test_websocket import REQUEST, Echo, Transport, masked

PING, PONG = 0x89, 0x8A


class Hurrying(Clock):
    """A clock that goes on whenever somebody looks: every share is used up after a few looks."""

    step = 0.0

    def seconds(self) -> float:
        self.rightNow += self.step
        now: float = super().seconds()
        return now


class Limited(Echo):
    """Has a limit of frames that are no messages."""

    room = 3

    def counted(self) -> bool:
        self.room -= 1
        return self.room >= 0


class SharedFrames(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Hurrying()

    def connect(self, echo: Echo, request: bytes = REQUEST % (b"", b"")) -> object:
        made = Connections(cast(IGameReactor, self.clock), 70_000, 1 << 22, 0, utf8=True)
        connection = made.connection(Accepted(echo))
        connection.closeHandshakeTimeout = 0
        self.transport = Transport()
        connection.makeConnection(self.transport)
        connection.dataReceived(request.replace(b"/a/b?x=1", b"/"))
        self.transport.clear()
        self.receive = connection.dataReceived
        return connection

    def test_what_waits_for_later_turns_comes_whole_and_in_order(self) -> None:
        rng = random.Random(7)
        echo = Echo()
        self.connect(echo)
        self.clock.step = 0.002
        self.turns = turns_of(self.clock)
        wanted: list[bytes] = []
        stream = b""
        for number in range(300):
            text = b"%d " % number * rng.randrange(1, 60)
            wanted.append(text)
            if number % 3:
                stream += masked(text)
            else:
                half = rng.randrange(len(text))
                stream += masked(text[:half], 0x01) + masked(b"", PING) + masked(text[half:], 0x80)
        position = 0
        while position < len(stream):
            size = rng.choice((1, 7, 500, 5000))
            self.turns.run(self.transport.getPeer().host, self.receive, stream[position : position + size])
            position += size
        self.assertLess(len(echo.heard), 300)
        self.assertEqual(self.transport.producerState, "paused")
        self.clock.advance(0)
        self.assertEqual([payload for payload, _ in echo.heard], wanted)
        self.assertEqual(self.transport.producerState, "producing")

    def test_pings_above_the_limit_are_not_answered(self) -> None:
        echo = Limited()
        self.connect(echo)
        self.receive(b"".join(masked(b"%d" % number, PING) for number in range(10)) + masked(b"x"))
        self.clock.advance(0)
        self.assertEqual(self.transport.value().count(bytes((PONG, 1))), 3)
        self.assertEqual(echo.heard, [(b"x", False)])

    def test_every_part_of_a_message_behind_the_first_is_counted(self) -> None:
        echo = Limited()
        self.connect(echo)
        self.receive(masked(b"a", 0x01) + masked(b"b", 0x00) + masked(b"", 0x00) + masked(b"c", 0x80) + masked(b"d"))
        self.assertEqual((echo.room, echo.heard), (0, [(b"abc", False), (b"d", False)]))

    def test_half_a_message_goes_with_its_connection(self) -> None:
        connection = self.connect(Echo())
        self.receive(masked(bytes(60_000), 0x02) + masked(bytes(60_000), 0x00)[:-5])
        connection.connectionLost(connectionDone)  # type: ignore[attr-defined]
        kept = [
            value for value in vars(connection).values() if isinstance(value, (bytes, list)) and len(value) > 1000
        ]
        self.assertEqual((kept, vars(connection)["message_data"]), ([], None))

    def test_the_mistakes_of_clients_are_not_in_the_log(self) -> None:
        # Only this transport minds that there is none yet.
        self.patch(Transport, "unregisterProducer", lambda _: None)
        with capturedLogs() as events:
            self.connect(Echo(), (REQUEST % (b"", b"")).replace(b"osT3F7mvlojIvf3/8uIsJQ==", b"x"))
            self.connect(Echo())
            self.receive(b"\x89\x00" + b"\xff\xff")
        self.assertEqual([event for event in events if event.get("log_level") not in (None, LogLevel.debug)], [])
