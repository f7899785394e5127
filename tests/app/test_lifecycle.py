"""Starting in order, as far as it needs no process."""

from __future__ import annotations

import os
from typing import cast

from twisted.internet.task import Clock
from twisted.logger import ILogObserver, LogEvent
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from gameserver.app import build as composition
from gameserver.app.draining import LOOKS, Draining
from gameserver.app.lifecycle import GameServer
from gameserver.config import Config
from gameserver.edge.part import RunningPart
from gameserver.errors import GameError, StartError
from gameserver.reactor import IGameReactor
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.events import ServerNotice
from gameserver.sessions.limits import ConnectionCount
from gameserver.sessions.manager import COMMUNITY, SessionManager
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoders
from gameserver.testing.sinks import RecordingSink


async def fail() -> None:
    raise RuntimeError("no store")


class StoppableClock(Clock):
    """A reactor that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.triggers: list[tuple[object, ...]] = []
        self.stopped = False

    def addSystemEventTrigger(self, *trigger: object) -> None:
        self.triggers.append(trigger)

    def stop(self) -> None:
        self.stopped = True


@implementer(ILogObserver)
def unobserved(event: LogEvent) -> None:
    """Nobody reads the log."""


async def nothing_to_close() -> None:
    """There are no stores."""


def draining(clock: Clock, seconds: float = 0.0) -> Draining:
    sessions = SessionManager(clock, ConnectionCount(9, 9))
    return Draining(clock, sessions, Rooms(sessions, clock), seconds)


class DrainTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.sessions = SessionManager(self.clock, ConnectionCount(9, 9))
        rooms = Rooms(self.sessions, self.clock)
        self.sink = RecordingSink()
        encoders: Encoders = {ServerNotice: lambda event: event.text.encode()}
        self.session = self.sessions.open("chat", "", self.sink, encoders)
        self.sessions.login(self.session, Player("anne"))
        rooms.room(COMMUNITY).enter(self.session)
        self.ended: list[float] = []
        self.playing = False
        self.draining = Draining(self.clock, self.sessions, rooms, 30, lambda: self.playing)
        self.draining.begin(lambda: self.ended.append(self.clock.seconds()))

    def test_everybody_is_told_and_nobody_is_let_in(self) -> None:
        self.assertEqual(self.sink.payloads, [b"The server stops in 30 seconds; please come again."])
        # Who was on the way already is let in.
        self.sessions.close(self.sessions.open("chat", "", RecordingSink(), {}))
        self.clock.pump([LOOKS] * 8)
        with self.assertRaises(GameError) as caught:
            self.sessions.open("chat", "", RecordingSink(), {})
        self.assertEqual(caught.exception.code, "busy")

    def test_it_ends_when_nobody_is_there_any_more(self) -> None:
        self.clock.pump([LOOKS] * 20)
        self.assertEqual(self.ended, [])
        self.sessions.close(self.session)
        self.clock.pump([LOOKS] * 20)
        self.assertEqual(self.ended, [21 * LOOKS])

    def test_it_waits_for_what_people_of_other_processes_play(self) -> None:
        self.playing = True
        self.sessions.close(self.session)
        self.clock.pump([LOOKS] * 20)
        self.assertEqual(self.ended, [])
        self.playing = False
        self.clock.pump([LOOKS])
        self.assertEqual(self.ended, [21 * LOOKS])

    def test_it_ends_when_the_time_is_over(self) -> None:
        self.clock.pump([1.0] * 40)
        self.assertEqual(self.ended, [30.0])

    def test_it_may_be_cut_short(self) -> None:
        self.draining.end()
        self.clock.pump([1.0] * 40)
        self.assertEqual(self.ended, [])
        self.draining.end()


class StartTests(SynchronousTestCase):
    def test_a_start_that_fails_is_logged_and_does_not_end_with_status_0(self) -> None:
        reactor = StoppableClock()
        server = GameServer(
            Config(),
            cast("IGameReactor", reactor),
            unobserved,
            [RunningPart(start=fail)],
            lambda: None,
            nothing_to_close,
            lambda _certificates: None,
            draining(reactor),
            Proxies(),
        )
        server._begin()
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
        self.assertTrue(reactor.stopped)
        self.assertEqual(reactor.triggers, [("after", "shutdown", os._exit, 1)])

    def test_without_the_native_websocket_code_nothing_starts(self) -> None:
        self.patch(composition, "USES_NVX", False)
        with self.assertRaisesRegex(StartError, "NVX"):
            composition.build(Config(), cast("IGameReactor", StoppableClock()))
