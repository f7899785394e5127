"""Starting in order, as far as it needs no process."""

from __future__ import annotations

import os
from typing import cast

from twisted.internet.task import Clock
from twisted.logger import ILogObserver, LogEvent
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from gameserver.app import build as composition
from gameserver.app.lifecycle import GameServer
from gameserver.config import Config
from gameserver.edge.part import RunningPart
from gameserver.errors import StartError
from gameserver.reactor import IGameReactor


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
        )
        server._begin()
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
        self.assertTrue(reactor.stopped)
        self.assertEqual(reactor.triggers, [("after", "shutdown", os._exit, 1)])

    def test_without_the_native_websocket_code_nothing_starts(self) -> None:
        self.patch(composition, "USES_NVX", False)
        with self.assertRaisesRegex(StartError, "NVX"):
            composition.build(Config(), cast("IGameReactor", StoppableClock()))
