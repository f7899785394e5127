"""A whole that is told in pages, because one message with all of it could be larger than the bus carries.

Between two pages changes are told as ever, and a page has what is there when it is made. So who hears all pages and
all changes between them knows what is there, and that what none of them has named is there no more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from twisted.internet.interfaces import IDelayedCall, IReactorTime

#: Items of a page, and seconds between two: with 100,000 people it takes a second.
SIZE, EVERY = 2000, 0.02

#: Seconds without another page after which one is missing.
LATE = 1.0

#: The number of the last change of a node of which something has not come.
UNKNOWN = -2

K = TypeVar("K", bound=Hashable)


class Pages(Generic[K]):
    """Tells a whole. ``keys`` returns what is there, ``tell`` is given the keys and number of a page, from 0.

    ``tell`` also learns whether it is the last one, and leaves out what is not there any more.
    """

    def __init__(
        self, clock: IReactorTime, keys: Callable[[], Iterable[K]], tell: Callable[[Sequence[K], int, bool], None]
    ) -> None:
        self._clock = clock
        self._keys = keys
        self._tell = tell
        self._waiting: list[K] = []
        self._next = 0
        self._again = False
        self._call: IDelayedCall | None = None

    def stop(self) -> None:
        """Tell no more pages."""
        if self._call is not None and self._call.active():
            self._call.cancel()

    def begin(self) -> None:
        """Tell all of it; while that is being done it is done once more afterwards."""
        if self._next:
            self._again = True
            return
        self._waiting = list(self._keys())
        self._go_on()

    def _go_on(self) -> None:
        page, self._waiting = self._waiting[:SIZE], self._waiting[SIZE:]
        number, last = self._next, not self._waiting
        self._next = 0 if last else number + 1
        self._tell(page, number, last)
        if not last:
            self._call = self._clock.callLater(EVERY, self._go_on)
        elif self._again:
            self._again = False
            self.begin()


class Hearing(Generic[K]):
    """What has been heard of the whole of another node."""

    def __init__(self) -> None:
        self._unnamed: set[K] = set()
        self._expected = 0
        self._heard = 0.0

    def page(self, number: int, known: Callable[[], Iterable[K]], now: float) -> bool:
        """Take in that a page has come; return whether none is missing before it. ``known`` is asked at the first."""
        if number == 0:
            self._unnamed = set(known())
        elif number != self._expected:
            return False
        self._expected, self._heard = number + 1, now
        return True

    def named(self, key: K) -> None:
        """Note that something is there, or is no more: a page or a change says so."""
        self._unnamed.discard(key)

    def last(self) -> set[K]:
        """Return what is there no more; this was the last page."""
        gone, self._unnamed, self._expected = self._unnamed, set(), 0
        return gone

    def late(self, now: float) -> bool:
        """Whether a page is missing for too long."""
        return self._expected > 0 and now - self._heard > LATE
