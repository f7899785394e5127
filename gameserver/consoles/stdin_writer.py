"""Typing into a console at the speed at which its program reads.

Most programs read whatever is there. OpenTTD asks the system whether something can be read, then takes one line
through a buffer: a second line that came along stays in the buffer, unseen until something more is typed. For such a
program lines are typed with a gap, and some empty lines behind the last one push through what is stuck. Between these
the gap doubles: a program that has stood still for some seconds takes everything typed meanwhile in one gulp.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

#: Lines that may wait to be typed.
WAITING = 200

#: Empty lines after the last one; with a pace of 0.08 s they reach over 20 s.
PUSHES = 8


class StdinWriter:
    """Lines for one run of a program. ``write`` returns whether it took the bytes; a ``pace`` of 0 is no gap."""

    def __init__(self, clock: IReactorTime, write: Callable[[bytes], bool], pace: float) -> None:
        self._clock = clock
        self._write = write
        self._pace = pace
        self._waiting: deque[bytes] = deque()
        self._pushes = 0
        self._free_at = 0.0
        self._timer: IDelayedCall | None = None

    def type(self, lines: Iterable[bytes]) -> bool:
        """Type lines, without their ends; return False, having typed nothing, when too much waits already."""
        wanted = [line + b"\n" for line in lines]
        if not self._pace:
            return not wanted or self._write(b"".join(wanted))
        if len(self._waiting) + len(wanted) > WAITING:
            return False
        if wanted and not self._waiting:
            # Whatever the timer waits for, a push at most, comes after these.
            self._stop_timer()
            self._timer = self._clock.callLater(max(0.0, self._free_at - self._clock.seconds()), self._next)
        self._waiting += wanted
        return True

    @property
    def delay(self) -> float:
        """The seconds until everything that waits has been typed."""
        return self._pace * len(self._waiting)

    def forget(self) -> None:
        """Type nothing of what waits."""
        self._waiting.clear()

    def stop_typing(self) -> None:
        """Type nothing any more."""
        self.forget()
        self._stop_timer()

    def _next(self) -> None:
        self._timer = None
        if self._waiting:
            self._write(self._waiting.popleft())
            self._pushes = 0
        else:
            self._write(b"\n")
            self._pushes += 1
        self._free_at = self._clock.seconds() + self._pace
        if self._waiting or self._pushes < PUSHES:
            self._timer = self._clock.callLater(self._pace * 2**self._pushes, self._next)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
