"""Limits of two processes that tell each other what they have counted."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.sessions.limits import STRANGER, MessageLimit, Meters, RateLimit
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.shared_limits import Limit, SharedLimits


def process(limit: Limit) -> SharedLimits:
    """Return the shared limits of a process that has one."""
    limits = SharedLimits()
    limits.begin()
    limits.add("it", limit)
    return limits


def tell(one: SharedLimits, other: SharedLimits, now: float = 0.0) -> None:
    """Let two processes tell each other."""
    ours, theirs = one.take(), other.take()
    other.learn(ours, now)
    one.learn(theirs, now)


class SharedLimitsTests(SynchronousTestCase):
    def test_what_is_used_up_at_one_is_used_up_at_the_other(self) -> None:
        here, there = Meters(1.0, 5), Meters(1.0, 5)
        one, other = process(here), process(there)
        self.assertEqual([here.pour("anne", 0.0) for _ in range(4)], [True] * 4)
        tell(one, other)
        self.assertEqual([there.pour("anne", 0.0) for _ in range(3)], [True, False, False])
        tell(one, other)
        self.assertFalse(here.pour("anne", 0.0))
        self.assertEqual([here.pour("anne", 2.0) for _ in range(3)], [True, True, False])

    def test_what_was_done_at_both_at_once_is_paid_back(self) -> None:
        here, there = Meters(1.0, 5), Meters(1.0, 5)
        one, other = process(here), process(there)
        self.assertTrue(all(meters.pour("anne", 0.0) for meters in (here, there) for _ in range(5)))
        tell(one, other)
        for meters in (here, there):
            self.assertEqual((meters.pour("anne", 5.0), meters.level("anne", 5.0)), (False, 5.0))

    def test_nothing_is_told_twice_and_of_one_who_is_alone_nothing_is_noted(self) -> None:
        here = Meters(1.0, 5)
        one = process(here)
        here.pour("anne", 0.0)
        self.assertEqual((one.take(), one.take()), ({"it ": {"anne": 1.0}}, {}))
        alone, limits = Meters(1.0, 5), SharedLimits()
        limits.add("it", alone)
        alone.pour("anne", 0.0)
        self.assertEqual((limits.take(), alone.used), ({}, None))
        limits.begin()
        alone.pour("anne", 0.0)
        self.assertEqual(limits.take(), {"it ": {"anne": 1.0}})

    def test_a_session_s_number_is_somebody_else_s_elsewhere(self) -> None:
        here, there = RateLimit.by_factor(1.0, 5, 2), RateLimit.by_factor(1.0, 5, 2)
        one, other = process(here), process(there)
        self.assertTrue(all(here.fits(f"{STRANGER}7", "192.0.2.1", 0.0) for _ in range(5)))
        tell(one, other)
        self.assertEqual([there.fits(f"{STRANGER}7", "192.0.2.1", 0.0) for _ in range(6)], [True] * 5 + [False])
        self.assertFalse(there.fits(f"{STRANGER}8", "192.0.2.1", 0.0))

    def test_who_abuses_a_limit_at_two_processes_is_put_out_as_soon(self) -> None:
        here, there = MessageLimit(1.0, 3, 2), MessageLimit(1.0, 3, 2)
        one, other = process(here), process(there)
        self.assertEqual([here.is_abused("anne", "", 0.0) for _ in range(3)], [False] * 3)
        tell(one, other)
        self.assertTrue(there.is_abused("anne", "", 0.0))

    def test_another_version_s_limit_is_passed_over(self) -> None:
        one = process(Meters(1.0, 5))
        one.learn({"new": {"anne": 1.0}}, 0.0)
        self.assertEqual(one.take(), {})


class SharedLoginDelayTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.here, self.there = LoginDelay(self.clock), LoginDelay(self.clock)
        self.one, self.other = process(self.here), process(self.there)

    def tell(self) -> None:
        tell(self.one, self.other, self.clock.seconds())

    def test_guesses_at_two_processes_in_turn_take_as_long_as_at_one(self) -> None:
        waited = []
        for number in range(8):
            delay = (self.here, self.there)[number % 2].reserve("a", "x", 1000.0)
            assert delay is not None
            waited.append(delay)
            self.clock.advance(delay)
            self.tell()
        self.assertEqual(waited, [0, 0, 0, 0.5, 1, 2, 4, 8])

    def test_guesses_at_the_same_moment_put_off_what_follows(self) -> None:
        for _ in range(20):
            self.here.reserve("a", "x", 1000.0)
        self.tell()
        self.clock.advance(1000.0)
        self.tell()
        self.assertEqual([each.reserve("a", "x", 10.0) for each in (self.here, self.there)], [0.0, 0.0])
        self.clock.advance(10.0)
        self.assertEqual([each.reserve("a", "x", 10.0) for each in (self.here, self.there)], [0.0, 0.0])
        self.tell()
        # Two within ten seconds, so twenty until the next ones.
        self.clock.advance(5.0)
        self.assertEqual([each.reserve("a", "x", 10.0) for each in (self.here, self.there)], [None, None])

    def test_a_right_password_forgives_at_both(self) -> None:
        for _ in range(9):
            self.here.reserve("a", "x", 1000.0)
        self.tell()
        self.assertGreater(self.there.reserve("a", "x", 1000.0) or 0.0, 0.0)
        self.here.succeeded("a", "x")
        self.tell()
        self.tell()
        self.assertEqual(self.there.reserve("a", "x", 1000.0), 0.0)

    def test_what_could_not_be_looked_at_is_told_as_no_failure(self) -> None:
        for again in range(10):
            self.assertEqual(self.here.reserve("a", "x", 0.0), 0.0)
            if again % 2:
                self.tell()
            self.here.give_back("a", "x")
            self.tell()
        self.assertEqual([self.there.reserve("a", "x", 1000.0) for _ in range(4)], [0.0, 0.0, 0.0, 0.5])

    def test_an_address_has_one_classroom_at_both(self) -> None:
        for number in range(62):
            (self.here, self.there)[number % 2].failed("x")
        self.assertEqual(self.there.of_address("x"), 0.0)
        self.tell()
        self.assertEqual((self.here.of_address("x"), self.there.of_address("x")), (2.0, 2.0))
