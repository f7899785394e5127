"""What becomes of commands above the rate limit: who waits for each answer gets it later, who floods is warned."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from gameserver.config.tree import Limits
from gameserver.sessions.limits import RateLimit

#: How many times the rate a client may have that waits for each answer: it is never more than one command ahead.
STEPS = 5.0

#: How many of those may come at once: the answers to all connections of a person come in turn.
AT_ONCE = 2

#: Seconds without a warning after which all are forgiven.
FORGIVEN_AFTER = 30.0

#: Seconds between two warnings in a game, and warnings after which a client is put out there.
WARNS_EVERY, MOST_WARNINGS = 1.0, 60


def waiting_limit(limits: Limits) -> RateLimit:
    """Return what people may do above the rate limit who wait for each answer, over all their connections."""
    return RateLimit.by_factor(STEPS * limits.messages_per_second, AT_ONCE, limits.address_factor)


def change_waiting_limit(limit: RateLimit, limits: Limits, now: float) -> None:
    """Let the limit follow others from time ``now`` (seconds) on."""
    limit.change(STEPS * limits.messages_per_second, AT_ONCE, limits.address_factor, now)


class Pace:
    """One client's. ``rate`` are commands a second."""

    def __init__(self, clock: IReactorTime, rate: float) -> None:
        self._clock = clock
        self._rate = rate
        self._warned = -float("inf")
        self._warnings = 0

    async def wait(self, fits: Callable[[], bool], *, waits_for_answers: bool) -> None:
        """Return when a command above the limit may be handled; soon for a client that waits for each answer.

        ``fits`` counts it in the limit that holds for such clients, and says whether it may be handled.
        """
        step = 1.0 / self._rate
        if waits_for_answers:
            step /= STEPS
            await deferLater(self._clock, step)
        while not fits():
            await deferLater(self._clock, step)

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
