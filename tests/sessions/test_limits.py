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

    def test_the_first_failures_of_a_name_are_free_then_the_delay_doubles_to_its_longest(self) -> None:
        found = []
        for _ in range(10):
            found.append(self.delays.delay("name:a", "address:x"))
            self.delays.failed("name:a", "address:x")
        self.assertEqual(found, [0, 0, 0, 0.5, 1, 2, 4, 8, 10, 10])
        self.assertEqual((self.delays.delay("name:b", ""), self.delays.delay("name:b", "address:x")), (0, 0))

    def test_an_address_has_the_failures_of_a_classroom_and_is_forgiven_one_after_the_other(self) -> None:
        for number in range(63):
            self.delays.failed(f"name:{number}", "address:x")
        self.assertEqual(self.delays.delay("name:b", "address:x"), 4)
        self.clock.advance(LoginDelay.FORGIVES * 3)
        self.assertEqual(self.delays.delay("name:b", "address:x"), 0.5)
        self.clock.advance(LoginDelay.FORGIVES)
        self.assertEqual(self.delays.delay("name:b", "address:x"), 0)

    def test_a_right_password_forgives_the_name_and_an_hour_forgives_all(self) -> None:
        for _ in range(99):
            self.delays.failed("name:a", "name:b", "address:x", "")
        self.delays.succeeded("name:a")
        self.assertEqual([self.delays.delay(key) for key in ("name:a", "name:b", "address:x")], [0, 10, 10])
        self.clock.advance(3601)
        self.assertEqual([self.delays.delay(key) for key in ("name:b", "address:x")], [0, 0])

    def test_only_so_many_are_remembered(self) -> None:
        for number in range(1000):
            self.delays.failed(f"name:{number}")
        self.assertEqual(len(self.delays._failures), 5)
