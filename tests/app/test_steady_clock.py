"""The timers of the server run by a clock that nobody can set; the time of day is the machine's."""

from __future__ import annotations

import time
from pathlib import Path

from twisted.internet.selectreactor import SelectReactor
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

import gameserver
from gameserver.reactor import steady, wall


class SteadyClockTests(SynchronousTestCase):
    def reactor(self) -> SelectReactor:
        made = SelectReactor()
        for reader in made.removeAll():
            self.addCleanup(reader.connectionLost, None)
        return made

    def setUp(self) -> None:
        real = time.time
        self.ahead = 0.0
        self.patch(time, "time", lambda: real() + self.ahead)

    def test_a_clock_that_is_set_moves_no_timer(self) -> None:
        for ahead in (-86400.0, 86400.0):
            with self.subTest(ahead=ahead):
                reactor, called = self.reactor(), list[int]()
                steady(reactor)
                reactor.callLater(0, called.append, 1)
                reactor.callLater(3600, called.append, 2)
                self.ahead += ahead
                reactor.runUntilCurrent()
                self.assertEqual(called, [1])

    def test_the_time_of_day_is_the_machine_s(self) -> None:
        reactor = self.reactor()
        steady(reactor)
        self.assertLess(abs(wall(reactor) - reactor.seconds()), 60)
        self.ahead = -86400.0
        self.assertLess(abs(wall(reactor) - reactor.seconds() + 86400.0), 60)

    def test_what_counts_from_1970_is_asked_of_the_wall(self) -> None:
        root = Path(gameserver.__file__).parent
        for file in root.rglob("*.py"):
            with self.subTest(file=str(file.relative_to(root))):
                self.assertNotRegex(file.read_text(encoding="utf-8"), r"seconds\(\) \* 1_?000(?!_)")

    def test_of_a_clock_in_a_test_both_are_the_same(self) -> None:
        clock = Clock()
        clock.advance(12.5)
        self.assertEqual(wall(clock), 12.5)
