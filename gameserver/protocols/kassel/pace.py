"""What becomes of commands above the rate limit: who waits for each answer gets it later, who floods is warned."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

#: How many times the rate a client may have that waits for each answer: it is never more than one command ahead.
STEPS = 5.0

#: Seconds without a warning after which all are forgiven.
FORGIVEN_AFTER = 30.0

#: Seconds between two warnings in a game, and warnings after which a client is put out there.
WARNS_EVERY, PATIENCE = 1.0, 60


class Pace:
    """One client's. ``rate`` are commands a second, ``within_limit`` counts one and says whether it fits."""

    def __init__(self, clock: IReactorTime, rate: float, within_limit: Callable[[], bool]) -> None:
        self._clock = clock
        self._rate = rate
        self._within_limit = within_limit
        self._warned = -float("inf")
        self._warnings = 0

    async def wait(self, *, waits_for_answers: bool) -> None:
        """Return when a command above the limit may be handled; soon for a client that waits for each answer."""
        if waits_for_answers:
            await deferLater(self._clock, 1.0 / (STEPS * self._rate))
            return
        while not self._within_limit():
            await deferLater(self._clock, 1.0 / self._rate)

    def warning(self) -> int | None:
        """Return the number of the warning that is due in a game, from 0; ``None`` soon after the last one."""
        now = self._clock.seconds()
        if now - self._warned < WARNS_EVERY:
            return None
        if now - self._warned > FORGIVEN_AFTER:
            self._warnings = 0
        self._warned = now
        self._warnings += 1
        return self._warnings - 1
