"""How much one client may do."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.sessions.limits import ConnectionCount, MessageLimit, Meter, Meters, RateLimit
from gameserver.sessions.login_delay import LoginDelay


class MeterTests(SynchronousTestCase):
    def test_a_burst_fits_and_then_the_rate(self) -> None:
        meter = Meter(2.0, 5, 0.0)
        self.assertEqual([meter.pour(0.0) for _ in range(6)], [True] * 5 + [False])
        self.assertEqual([meter.pour(1.0) for _ in range(3)], [True, True, False])
        self.assertTrue(meter.pour(100.0, 5))
        self.assertFalse(meter.pour(100.0, 0.5))

    def test_a_clock_that_is_set_back_costs_nobody_anything(self) -> None:
        meter = Meter(2.0, 5, 1000.0)
        self.assertEqual([meter.pour(0.0) for _ in range(6)], [True] * 5 + [False])
        self.assertEqual([meter.pour(1.0) for _ in range(3)], [True, True, False])


class ChangeTests(SynchronousTestCase):
    """What a reload does to limits that people have used already."""

    def test_meters_that_are_known_follow(self) -> None:
        meters = Meters(1.0, 2)
        self.assertEqual([meters.pour("a", 0.0) for _ in range(3)], [True, True, False])
        meters.change(1.0, 4, 0.0)
        self.assertEqual([meters.pour("a", 0.0) for _ in range(3)], [True, True, False])
        self.assertEqual([meters.pour("b", 0.0) for _ in range(5)], [True] * 4 + [False])
        meters.change(3.0, 4, 0.0)
        self.assertEqual([meters.pour("a", 1.0) for _ in range(4)], [True] * 3 + [False])

    def test_a_limit_of_messages_and_of_logins(self) -> None:
        limit = MessageLimit(1.0, 10, 2.0)
        limit.change(1.0, 2, 2.0, 0.0)
        self.assertEqual([limit.fits("a", "home", 0.0) for _ in range(3)], [True, True, False])
        self.assertEqual([limit.is_abused("a", "", 0.0) for _ in range(3)], [False, False, True])
        logins = RateLimit.by_factor(1.0, 10, 2.0, 100)
        logins.change(1.0, 5, 2.0, 0.0, 3)
        self.assertEqual([logins.fits(name, "home", 0.0) for name in "abcd"], [True, True, True, False])

    def test_connections_that_are_there_stay(self) -> None:
        count = ConnectionCount(2, 10)
        self.assertTrue(count.take("a") and count.take("a"))
        count.change(1, 3)
        self.assertFalse(count.take("a"))
        self.assertTrue(count.take("b"))
        self.assertFalse(count.take("c"))
        count.release("a")
        count.release("a")
        self.assertTrue(count.take("a"))

    def test_the_delay_of_guesses(self) -> None:
        delay = LoginDelay(Clock(), 0, 10.0)
        delay.change(1, 3.0)
        self.assertEqual([delay.reserve("anne", "", 60.0) for _ in range(6)], [0.0, 0.5, 1.5, 3.5, 6.5, 9.5])


class MetersTests(SynchronousTestCase):
    def test_each_key_has_one_of_its_own_and_the_empty_one_has_none(self) -> None:
        meters = Meters(1.0, 2)
        self.assertEqual([meters.pour("a", 0.0) for _ in range(3)], [True, True, False])
        self.assertEqual([meters.pour("b", 0.0) for _ in range(3)], [True, True, False])
        self.assertTrue(all(meters.pour("", 0.0) for _ in range(100)))
        self.assertTrue(meters.pour("a", 1.0))

    def test_a_hundred_thousand_names_are_no_more_memory_than_the_bound(self) -> None:
        meters = Meters(1.0, 2, remembered=1000)
        for number in range(100_000):
            meters.pour(f"guest{number}", 0.0)
            meters.pour("busy", 0.0)
        self.assertEqual(len(meters), 1000)
        # Who goes on is not forgotten, whoever else comes.
        self.assertFalse(meters.pour("busy", 0.0))

    def test_who_has_been_quiet_is_forgotten_while_others_come(self) -> None:
        meters = Meters(1.0, 2)
        for number in range(1000):
            meters.pour(f"early{number}", 0.0)
        for number in range(1000):
            meters.pour(f"late{number}", 10.0)
        self.assertEqual(len(meters), 1000)

    def test_who_is_not_dry_yet_is_not_forgotten(self) -> None:
        meters = Meters(1.0, 100)
        for _ in range(100):
            meters.pour("a", 0.0)
        for number in range(10):
            meters.pour(f"b{number}", 50.0)
        self.assertEqual([meters.pour("a", 50.0) for _ in range(51)], [True] * 50 + [False])


class RateLimitTests(SynchronousTestCase):
    def test_one_of_a_class_cannot_use_up_what_the_others_have(self) -> None:
        limit = RateLimit.by_factor(1.0, 10, 4)
        self.assertEqual(sum(limit.fits("flooder", "school", 0.0) for _ in range(10_000)), 10)
        self.assertEqual(sum(limit.fits("anne", "school", 0.0) for _ in range(10)), 10)

    def test_all_of_an_address_together_have_a_limit(self) -> None:
        limit = RateLimit.by_factor(1.0, 10, 4)
        names = [f"guest{number}" for number in range(100)]
        self.assertEqual(sum(limit.fits(name, "x", 0.0) for name in names for _ in range(10)), 40)
        self.assertTrue(limit.fits("anne", "y", 0.0))

    def test_who_goes_on_above_the_limit_abuses_it_whatever_others_do(self) -> None:
        limit = MessageLimit(1.0, 3, 2)
        self.assertEqual([limit.fits("a", "x", 0.0) for _ in range(4)], [True, True, True, False])
        self.assertEqual([limit.is_abused("a", "", 0.0) for _ in range(4)], [False, False, False, True])
        self.assertFalse(limit.is_abused("b", "", 0.0))

    def test_strangers_of_an_address_abuse_it_together(self) -> None:
        limit = MessageLimit(1.0, 3, 2)
        strangers = [f"session {number}" for number in range(10)]
        self.assertEqual([limit.is_abused(name, "x", 0.0) for name in strangers], [False] * 6 + [True] * 4)

    def test_who_is_calm_is_heard_whatever_others_of_their_address_do(self) -> None:
        limit = MessageLimit(60.0, 240, 40)
        now = 0.0
        heard = []
        for step in range(500):
            now = step / 50
            for guest in range(200):
                for _ in range(5):
                    limit.fits(f"guest{guest}", "school", now)
            heard.append(limit.fits("anne", "school", now))
        self.assertEqual(heard, [True] * 500)
        # The guests are held to what their address has, once they have begun.
        passed = sum(limit.fits(f"guest{guest}", "school", now) for guest in range(200) for _ in range(20))
        self.assertLess(passed, 100)


class ConnectionCountTests(SynchronousTestCase):
    def test_a_network_of_ipv6_has_the_connections_of_one_address(self) -> None:
        count = ConnectionCount(2, 100)
        one, same, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"
        self.assertEqual(
            [count.take(each) for each in (one, same, one, same, other)], [True, True, False, False, True]
        )
        # Whoever goes first gives a place back, whichever address it has.
        count.release(same)
        count.release(one)
        self.assertEqual([count.take(one), count.take(one), count.take(same)], [True, True, False])
        self.assertEqual(
            (count.take("::ffff:192.0.2.1"), count.take("192.0.2.1"), count.take("192.0.2.1")), (1, 1, 0)
        )
        self.assertEqual(count.all, 5)


class LoginDelayTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.delays = LoginDelay(self.clock, free=3, longest=10.0, remembered=5)

    def attempt(self, name: str = "a", address: str = "x", timeout: float = 1000.0) -> float:
        """Wait as an attempt has to, and return how long that was."""
        delay = self.delays.reserve(name, address, timeout)
        assert delay is not None
        self.clock.advance(delay)
        return delay

    def test_the_first_failures_are_free_then_the_pause_doubles_to_its_longest(self) -> None:
        self.assertEqual([self.attempt() for _ in range(10)], [0, 0, 0, 0.5, 1, 2, 4, 8, 10, 10])
        self.assertEqual(self.attempt("b"), 0)
        self.clock.advance(9)
        self.assertEqual(self.attempt(), 1)

    def test_the_same_name_from_elsewhere_is_not_held_up(self) -> None:
        for _ in range(100):
            self.attempt()
        self.assertEqual(self.attempt("a", "y"), 0)

    def test_another_address_of_the_same_network_is_no_new_beginning(self) -> None:
        first = [self.attempt("a", f"2001:db8::{number:x}") for number in range(6)]
        self.assertEqual(first, [0, 0, 0, 0.5, 1, 2])
        self.assertEqual(self.attempt("a", "2001:db8:0:1::1"), 0)
        for number in range(62):
            self.delays.failed(f"2001:db8::{number:x}")
        self.assertEqual(self.delays.of_address("2001:db8::ffff"), 2)
        self.delays.give_back("a", "2001:db8::99")
        self.delays.succeeded("a", "2001:db8::98")
        self.assertEqual(self.attempt("a", "2001:db8::97"), 0)

    def test_guesses_at_once_take_as_long_as_one_after_the_other(self) -> None:
        begin = [self.delays.reserve("a", "x", 1000.0) for _ in range(8)]
        self.assertEqual(begin, [0, 0, 0, 0.5, 1.5, 3.5, 7.5, 15.5])

    def test_who_does_not_wait_long_is_not_shut_out_and_guesses_no_faster(self) -> None:
        for _ in range(9):
            self.attempt(timeout=1.0)
        self.assertEqual([self.delays.reserve("a", "x", 1.0) for _ in range(50)], [1.0, *[None] * 49])
        self.clock.advance(1.5)
        self.assertEqual(self.delays.reserve("a", "x", 1.0), 0.5)

    def test_what_could_not_be_looked_at_was_no_failure(self) -> None:
        for _ in range(50):
            self.assertEqual(self.attempt(), 0)
            self.delays.give_back("a", "x")

    def test_an_address_has_the_failures_of_a_classroom_and_is_forgiven_one_after_the_other(self) -> None:
        for _ in range(63):
            self.delays.failed("x")
        self.assertEqual((self.delays.of_address("x"), self.delays.of_address("y")), (4, 0))
        self.clock.advance(LoginDelay.FORGIVES * 3)
        self.assertEqual(self.delays.of_address("x"), 0.5)
        self.clock.advance(LoginDelay.FORGIVES)
        self.assertEqual((self.delays.of_address("x"), self.delays.of_address("")), (0, 0))

    def test_a_right_password_forgives_the_name_and_an_hour_forgives_all(self) -> None:
        for _ in range(20):
            self.attempt()
            self.attempt("b")
            self.delays.failed("x")
        self.delays.succeeded("a", "x")
        self.assertEqual(self.attempt(), 0)
        self.assertGreater(self.attempt("b"), 0)
        self.clock.advance(3601)
        self.assertEqual(self.attempt("b"), 0)

    def test_only_so_many_are_remembered(self) -> None:
        for number in range(1000):
            self.attempt(f"n{number}", f"h{number}")
            self.delays.failed(f"h{number}")
        self.assertEqual((len(self.delays._names), len(self.delays._addresses)), (5, 5))
