"""How much one client may do."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.sessions.limits import LoginDelay, Meter


class MeterTests(SynchronousTestCase):
    def test_a_burst_fits_and_then_the_rate(self) -> None:
        meter = Meter(2.0, 5, 0.0)
        self.assertEqual([meter.pour(0.0) for _ in range(6)], [True] * 5 + [False])
        self.assertEqual([meter.pour(1.0) for _ in range(3)], [True, True, False])
        self.assertTrue(meter.pour(100.0, 5))
        self.assertFalse(meter.pour(100.0, 0.5))


class LoginDelayTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.delays = LoginDelay(self.clock, free=3, longest=10.0, remembered=5)

    def attempt(self, name: str = "a", address: str = "x", patience: float = 1000.0) -> float:
        """Wait as an attempt has to, and return how long that was."""
        delay = self.delays.reserve(name, address, patience)
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

    def test_guesses_at_once_take_as_long_as_one_after_the_other(self) -> None:
        begin = [self.delays.reserve("a", "x", 1000.0) for _ in range(8)]
        self.assertEqual(begin, [0, 0, 0, 0.5, 1.5, 3.5, 7.5, 15.5])

    def test_who_does_not_wait_long_is_not_shut_out_and_guesses_no_faster(self) -> None:
        for _ in range(9):
            self.attempt(patience=1.0)
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
