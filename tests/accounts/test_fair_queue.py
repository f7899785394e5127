"""Places that go round by address."""

from __future__ import annotations

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.fair_queue import FairQueue
from gameserver.errors import Code, GameError
from tests.typed import refusal


class FairQueueTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.queue = FairQueue(1, 6)
        self.begun: list[str] = []
        self.work: list[Deferred[str]] = []

    def ask(self, address: str) -> Deferred[str]:
        def start() -> Deferred[str]:
            self.begun.append(address)
            self.work.append(Deferred())
            return self.work[-1]

        return self.queue.add(address, start)

    def finish(self) -> None:
        """End everything, one after the other."""
        for number in range(100):
            if number == len(self.work):
                return
            self.work[number].callback("done")

    def test_addresses_take_turns(self) -> None:
        answers = [self.ask(address) for address in ("a", "a", "a", "b", "c", "b")]
        self.finish()
        self.assertEqual(self.begun, ["a", "a", "b", "c", "a", "b"])
        self.assertEqual([self.successResultOf(one) for one in answers], ["done"] * 6)
        self.assertEqual(len(self.queue), 0)

    def test_a_full_queue_makes_room_for_others_and_not_for_more_of_the_same(self) -> None:
        mine = [self.ask("a") for _ in range(6)]
        with self.assertRaises(GameError) as caught:
            self.ask("a")
        self.assertEqual(caught.exception.code, "busy")
        other = self.ask("b")
        self.assertEqual(self.successResultOf(mine[-1].addErrback(refusal)), "busy")
        self.finish()
        self.assertEqual(self.successResultOf(other), "done")
        self.assertEqual(self.begun[:3], ["a", "a", "b"])

    def test_who_has_gone_is_not_served(self) -> None:
        first, second, third = (self.ask("a") for _ in range(3))
        second.addErrback(lambda failure: failure.trap(CancelledError) and "gone").cancel()
        first.addErrback(lambda failure: failure.trap(CancelledError) and "gone").cancel()
        self.finish()
        self.assertEqual((self.begun, len(self.queue)), (["a", "a"], 0))
        self.assertEqual([self.successResultOf(one) for one in (first, second)], ["gone", "gone"])
        self.assertEqual(self.successResultOf(third), "done")

    def test_a_failure_frees_the_place(self) -> None:
        first, second = self.ask("a"), self.ask("a")
        self.work[0].errback(GameError(Code.BAD_PASSWORD, "No."))
        self.assertEqual(self.successResultOf(first.addErrback(refusal)), "bad_password")
        self.finish_last()
        self.assertEqual(self.successResultOf(second), "done")

    def finish_last(self) -> None:
        self.work[-1].callback("done")
