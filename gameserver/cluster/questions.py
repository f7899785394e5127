"""Questions to other nodes and their answers, each within its time."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime

#: Seconds for an answer. Between nodes that can reach each other it takes milliseconds.
ANSWERED_WITHIN = 3.0


class Questions:
    """Numbers questions and gives each its answer."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._open: dict[int, Deferred[int]] = {}

    async def ask(self, send: Callable[[int], None]) -> int:
        """Send a question with its number and return the answer, 0 if none comes in time."""
        number = next(self._numbers)
        answer: Deferred[int] = Deferred()
        self._open[number] = answer
        answer.addTimeout(ANSWERED_WITHIN, self._clock)
        try:
            send(number)
            return await answer
        except TimeoutError:
            return 0
        finally:
            del self._open[number]

    def answered(self, number: int, count: int) -> None:
        """Take an answer; one that comes too late changes nothing."""
        waiting: Deferred[Any] | None = self._open.get(number)
        if waiting is not None and not waiting.called:
            waiting.callback(count)
