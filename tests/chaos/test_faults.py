"""A short form of ``make chaos``: the faults that are made in seconds, a few times, and always the same."""

from __future__ import annotations

import random
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from chaos.__main__ import SEED
from chaos.faults import FAULTS


class FaultTests(SynchronousTestCase):
    def make(self, name: str) -> None:
        fault, said = FAULTS[name], list[str]()
        outcome = fault.run(random.Random(SEED), fault.short, said.append)
        if not outcome.times:
            raise SkipTest(outcome.notes[0])
        self.assertEqual((outcome.lost, outcome.wrong), (0, 0), outcome.notes)
        self.assertEqual(outcome.times, fault.short)
        self.assertGreater(outcome.confirmed, 0)
        self.assertTrue(said)

    def test_short(self) -> None:
        for name, fault in FAULTS.items():
            if fault.short:
                with self.subTest(fault=name):
                    self.make(name)
