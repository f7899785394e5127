"""The outbox that leaves a gap after every object: when nothing more should be asked of it."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.deadlines import Deadlines
from gameserver.net.outbox import Outbox
from gameserver.protocols.chat.pacing import PacedOutbox

#: Seconds of a gap, bytes that may wait; a half of them is the mark.
GAP, LIMIT = 1.0, 1000


class Fullness(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.outbox = Outbox(StringTransport(), self.clock, LIMIT, self.overflow)
        gaps: Deadlines[PacedOutbox] = Deadlines(self.clock, GAP, PacedOutbox.gap_over)
        self.paced = PacedOutbox(self.outbox, gaps, LIMIT)
        self.overflows = 0
        self.told = 0
        for _ in range(4):
            self.paced.write(b"x" * 200)

    def overflow(self) -> None:
        self.overflows += 1

    def drained(self) -> None:
        self.told += 1

    def test_what_waits_for_its_gap_counts(self) -> None:
        self.clock.advance(0)
        self.assertTrue(self.paced.full)
        self.paced.when_drained(self.drained)
        self.assertEqual(self.told, 0)
        self.clock.advance(GAP)
        self.clock.advance(0)
        self.assertEqual((self.told, self.paced.full, self.overflows), (1, False, 0))
        self.clock.pump([GAP] * 4)
        self.assertEqual(self.told, 1)

    def test_what_the_client_has_not_read_counts_too(self) -> None:
        self.clock.advance(0)
        self.outbox.pauseProducing()
        self.outbox.write(b"y" * 550)
        self.paced.when_drained(self.drained)
        self.clock.pump([GAP] * 2)
        self.assertEqual((self.told, self.paced.full), (0, True))
        self.outbox.resumeProducing()
        self.assertEqual((self.told, self.paced.full), (1, False))

    def test_a_client_that_has_turned_out_to_read_lines_is_gone_on_with(self) -> None:
        self.clock.advance(0)
        self.paced.when_drained(self.drained)
        self.paced.release()
        self.clock.advance(0)
        self.assertEqual((self.told, self.overflows), (1, 0))
