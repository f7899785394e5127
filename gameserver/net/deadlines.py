"""The same span of time for many: one timer, however many wait."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from twisted.internet.interfaces import IReactorTime

T = TypeVar("T")

#: Items whose time is over that are served within one reactor turn.
SLICE = 500


class Deadlines(Generic[T]):
    """Calls ``expired(item)`` a fixed number of seconds after ``start(item)``, unless ``stop(item)`` came first.

    Because the span is the same for all, those who wait stand in the order in which their time is over; starting
    and stopping is one dictionary operation and touches no timer. A span of 0 switches the whole thing off.
    """

    def __init__(self, clock: IReactorTime, seconds: float, expired: Callable[[T], None]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._expired = expired
        self._due: dict[T, float] = {}
        self._timer: Any = None
        self._firing = False

    def __contains__(self, item: object) -> bool:
        return item in self._due

    def __len__(self) -> int:
        return len(self._due)

    def start(self, item: T) -> None:
        """Let an item's time begin, anew if it has begun already."""
        if not self._seconds:
            return
        self._due.pop(item, None)
        self._due[item] = self._clock.seconds() + self._seconds
        # While times are being served, others may be due before this one: ``_fire`` looks at the first of them.
        if self._timer is None and not self._firing:
            self._timer = self._clock.callLater(self._seconds, self._fire)

    def stop(self, item: T) -> None:
        """Forget an item; an unknown one changes nothing."""
        self._due.pop(item, None)

    def close(self) -> None:
        """Forget everything."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer, self._firing = None, True
        try:
            self._serve()
        finally:
            self._firing = False
            if self._due:
                first = next(iter(self._due.values()))
                self._timer = self._clock.callLater(max(0.0, first - self._clock.seconds()), self._fire)

    def _serve(self) -> None:
        # A timer may come a little early by the rounding of floats.
        now = self._clock.seconds() + 0.0005
        over: list[T] = []
        for item, due in self._due.items():
            if due > now or len(over) == SLICE:
                break
            over.append(item)
        for item in over:
            # An earlier one of this slice may have stopped a later one, or begun its time anew.
            if self._due.get(item, math.inf) <= now:
                del self._due[item]
                self._expired(item)
