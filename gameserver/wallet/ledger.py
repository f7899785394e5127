"""Group commit: operations that arrive while one batch is being made durable share the next one.

There is no timer. A lone operation is committed at once; under load a batch is what has gathered during the last
commit, or what connections that are read together have asked for, and one fsync serves them all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast

from twisted.internet.defer import Deferred, ensureDeferred, fail
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from gameserver.errors import Code, GameError
from gameserver.reactor import wall
from gameserver.wallet.store import LedgerStore, Operation, Refused

T = TypeVar("T")

#: Operations in one transaction at most, so that the first does not wait long for the last.
BATCH = 512


class Ledger:
    """Takes operations on the books and fires when they are durable, in the order they came.

    At most ``queue`` operations wait, at most ``batch`` share a transaction. ``behind`` calls a function when those
    who may have something to submit now have done so; without it each that finds nothing going on begins at once.
    """

    def __init__(
        self,
        store: LedgerStore,
        clock: IReactorTime,
        queue: int = 20_000,
        batch: int = BATCH,
        behind: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._behind = behind
        self._queue = queue
        self._batch = batch
        self._waiting: deque[tuple[Operation, Deferred[Any]]] = deque()
        self._settling = False
        self._idle: list[Deferred[None]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def submit(self, operation: Operation) -> Deferred[Any]:
        """Do an operation and fire with what it returned when that is durable.

        Fails with what the operation raised (nothing of it is kept), or with ``GameError`` ``busy`` when too many
        are waiting. The operation runs in another thread, perhaps twice, and must touch nothing but the books.
        """
        if len(self._waiting) >= self._queue:
            return fail(GameError(Code.BUSY, "The server is busy; please try again."))
        result: Deferred[Any] = Deferred()
        self._waiting.append((operation, result))
        if not self._settling:
            self._settling = True
            if self._behind is None:
                self._settle()
            else:
                self._behind(self._settle)
        return result

    def _settle(self) -> None:
        ensureDeferred(self._settle_all())

    async def wait_idle(self) -> None:
        """Wait until everything that was submitted is durable."""
        if self._settling:
            waiting: Deferred[None] = Deferred()
            self._idle.append(waiting)
            await waiting

    async def _settle_all(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._batch, len(self._waiting)))]
            try:
                now_ms = int(wall(self._clock) * 1000)
                results = await self._store.settle([operation for operation, _ in batch], now_ms)
            except Exception:
                results = [Refused(cast("Exception", Failure().value))] * len(batch)
            for (_, waiting), result in zip(batch, results, strict=True):
                if isinstance(result, Refused):
                    waiting.errback(Failure(result.error))
                else:
                    waiting.callback(result)
        self._settling = False
        idle, self._idle = self._idle, []
        for one in idle:
            one.callback(None)
