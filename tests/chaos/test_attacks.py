"""Some attacks for a second each, with bounds for machines that do other things too; the sharp ones are chaos's."""

from __future__ import annotations

import random

import attrs
from twisted.trial.unittest import SynchronousTestCase

from chaos.attacks import ATTACKS, frames, headers, messages
from chaos.attacks.arena import Attack
from chaos.bystander import percentile
from chaos.fault import Outcome

#: Seconds of one attack, and that a bystander may wait, 99 times of 100. Without bounds these took 1.5 to 10 s.
SHORT, WAITS = 1.5, 1.0


class AttackTests(SynchronousTestCase):
    def attack(self, attack: Attack) -> Outcome:
        said: list[str] = []
        outcome = attrs.evolve(attack, seconds=SHORT).run(random.Random(1), 1, said.append)
        self.assertEqual((outcome.lost, outcome.wrong), (0, 0), outcome.notes)
        self.assertGreater(outcome.confirmed, 10)
        assert outcome.p99 is not None
        self.assertLess(outcome.p99, WAITS, outcome.notes)
        return outcome

    def named(self, attacks: tuple[Attack, ...], name: str) -> Attack:
        return next(attack for attack in attacks if attack.name == name)

    def test_pings(self) -> None:
        self.attack(self.named(frames.ATTACKS, "websocket-pings"))

    def test_heads(self) -> None:
        self.attack(self.named(headers.ATTACKS, "headers-many"))

    def test_messages(self) -> None:
        self.attack(self.named(messages.ATTACKS, "messages-chat-strangers"))

    def test_names_are_used_once_and_the_suite_makes_only_those_above(self) -> None:
        names = [fault.name for fault in ATTACKS]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual({(fault.times, fault.short) for fault in ATTACKS}, {(1, 0)})

    def test_a_standstill_counts_as_long_as_it_was(self) -> None:
        self.assertEqual(percentile([0.001] * 98 + [1.0, 2.0]), 2.0)
        self.assertEqual(percentile([0.001] * 200 + [1.0]), 0.001)
