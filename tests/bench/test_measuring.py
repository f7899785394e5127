"""What is measured is compared round by round, of the real server beside another one."""

from __future__ import annotations

import dataclasses

from twisted.trial.unittest import TestCase

from bench.comparing import Spread, ratio, spread, table
from bench.measuring import US, here, measure
from bench.scenarios import SCENARIOS
from tests.bench.test_load import unbuilt


class TestComparing(TestCase):
    def test_rounds_are_paired(self) -> None:
        self.assertEqual(ratio([10.0, 40.0, 30.0], [10.0, 20.0, 10.0]), Spread(2.0, 1.0, 3.0))
        self.assertEqual(str(spread([1.0, 12.34, 12345.6])), "12.3 (1.00 to 12,346)")


class TestMeasuring(TestCase):
    skip = unbuilt()

    def test_the_real_server_stands_beside_others(self) -> None:
        said: list[str] = []
        scenario = dataclasses.replace(SCENARIOS["kassel-1"], peers=("stock line-echo", "node nothing-like-that"))
        found = measure(scenario, 2, 0.1, here(), say=said.append)
        self.assertEqual(list(found["figures"]), [US, "stock line-echo"])
        for figures in found["figures"].values():
            self.assertEqual(len(figures["cpu"]), 2)
            self.assertGreater(min(figures["rate"]), 50)
        (missing,) = found["skipped"]
        self.assertEqual(missing, "node nothing-like-that")
        self.assertIn("without node nothing-like-that", said[0])
        self.assertEqual([row[0] for row in table(found)], [US, "stock line-echo"])

    def test_a_fresh_server_has_the_logins_alone(self) -> None:
        scenario = dataclasses.replace(
            SCENARIOS["logins"], ours=lambda server: (*SCENARIOS["logins"].ours(server)[:-1], "20")
        )
        found = measure(scenario, 1, 0.1, here())
        self.assertGreater(found["figures"][US]["rate"][0], 10)
