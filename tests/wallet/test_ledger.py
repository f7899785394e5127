"""The ledger over a store that takes its time or fails: who shares a batch, who is refused, who is told what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.testing.wallet import MemoryLedger
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.store import Operation


class SlowStore(MemoryLedger):
    """Settles a batch when it is told to; the result of an operation is its number in its batch."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[Sequence[Operation], Deferred[list[Any]]]] = []

    async def settle(self, operations: Sequence[Operation], now_ms: int) -> list[Any]:
        done: Deferred[list[Any]] = Deferred()
        self.batches.append((operations, done))
        return await done

    def commit(self) -> None:
        operations, done = self.batches.pop(0)
        done.callback(list(range(len(operations))))

    def fail(self) -> None:
        self.batches.pop(0)[1].errback(OSError("the disk is full"))


class LedgerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.store = SlowStore()
        self.ledger = Ledger(self.store, Clock(), queue=4, batch=3)

    def submit(self, count: int) -> list[Deferred[Any]]:
        return [self.ledger.submit(lambda books: None) for _ in range(count)]

    def test_a_batch_is_what_has_gathered_during_the_last_commit_up_to_its_size(self) -> None:
        (first,), rest = self.submit(1), self.submit(4)
        self.assertNoResult(first)
        sizes = []
        while self.store.batches:
            sizes.append(len(self.store.batches[0][0]))
            self.store.commit()
        self.assertEqual(sizes, [1, 3, 1])
        self.assertEqual([self.successResultOf(one) for one in (first, *rest)], [0, 0, 1, 2, 0])

    def test_who_is_read_together_shares_the_first_batch_already(self) -> None:
        behind: list[Callable[[], None]] = []
        self.ledger = Ledger(self.store, Clock(), behind=behind.append)
        asked = self.submit(3)
        self.assertEqual([], self.store.batches)
        (begin,) = behind
        begin()
        asked += self.submit(1)
        self.store.commit()
        self.store.commit()
        self.assertEqual([self.successResultOf(one) for one in asked], [0, 1, 2, 0])

    def test_more_than_may_wait_are_told_that_the_server_is_busy(self) -> None:
        *asked, refused = self.submit(6)
        self.assertEqual(self.failureResultOf(refused, GameError).value.code, "busy")
        self.store.commit()
        (again,) = self.submit(1)
        for _ in range(2):
            self.store.commit()
        for one in (*asked, again):
            self.successResultOf(one)

    def test_a_batch_that_cannot_be_stored_fails_for_everybody_in_it_and_the_next_is_tried(self) -> None:
        (first,), rest = self.submit(1), self.submit(4)
        self.store.commit()
        self.store.fail()
        self.store.commit()
        self.assertEqual(self.successResultOf(first), 0)
        for one in rest[:3]:
            self.failureResultOf(one, OSError)
        self.assertEqual(self.successResultOf(rest[3]), 0)
        (later,) = self.submit(1)
        self.store.commit()
        self.successResultOf(later)

    def test_idle_waits_for_all_that_was_submitted(self) -> None:
        self.successResultOf(ensureDeferred(self.ledger.wait_idle()))
        self.submit(2)
        waiting = ensureDeferred(self.ledger.wait_idle())
        self.store.commit()
        self.assertNoResult(waiting)
        self.store.commit()
        self.successResultOf(waiting)
        self.assertEqual(len(self.ledger), 0)
