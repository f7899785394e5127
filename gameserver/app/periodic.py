"""What has to be done again and again: each at its own pace, a failure now does not end it for good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.edge.part import PeriodicTask
from gameserver.errors import Unavailable


class PeriodicTasks:
    """Runs every task at once and then each so many seconds; a slow one is never run twice at the same time."""

    _log = Logger()

    def __init__(self, clock: IReactorTime, work: Iterable[PeriodicTask]) -> None:
        self._loops: list[tuple[LoopingCall, float]] = []
        for task in work:
            loop = LoopingCall(self._run, task.run)
            loop.clock = clock
            self._loops.append((loop, task.seconds))

    def start(self) -> None:
        """Begin."""
        for loop, seconds in self._loops:
            loop.start(seconds)

    def stop(self) -> None:
        """Begin nothing more; what runs now runs to its end."""
        for loop, _ in self._loops:
            if loop.running:
                loop.stop()

    def _run(self, task: Callable[[], Awaitable[object]]) -> Deferred[object]:
        async def once() -> object:
            return await task()

        return ensureDeferred(once()).addErrback(self._failed)

    def _failed(self, failure: Failure) -> None:
        if failure.check(Unavailable):
            # Why is in the log already.
            return
        self._log.failure("a periodic task failed; it is tried again", failure)
