"""How fast the commands of one client are handled, and what is said to one that sends faster and faster."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import deferLater

from gameserver.config.tree import Limits
from gameserver.sessions.limits import Meter

#: How many times the rate somebody may have who waits for each answer: he is never more than one command ahead.
STEPS = 5.0

#: Seconds without a warning after which all are forgiven.
FORGIVEN_AFTER = 30.0

#: Seconds between two warnings in a game, and warnings after which somebody is put out there.
WARNS_EVERY, PATIENCE = 1.0, 60


class Pace:
    """``limits.messages_per_second`` with ``limits.burst`` at once."""

    def __init__(self, clock: Any, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        now = clock.seconds()
        self._commands = Meter(limits.messages_per_second, limits.burst, now)
        self._warned = -float("inf")
        self._warnings = 0

    def fits(self) -> bool:
        """Count a command; return whether it may be handled now."""
        return self._commands.pour(self._clock.seconds())

    async def free(self, waits: bool) -> None:
        """Count a command that did not fit as soon as it does; for a client that ``waits`` that is soon."""
        if waits:
            await deferLater(self._clock, 1.0 / (STEPS * self._limits.messages_per_second))
            return
        while not self.fits():
            await deferLater(self._clock, 1.0 / self._limits.messages_per_second)

    def refusal(self) -> bool:
        """Note that a command of the lobby is refused; return whether there have been too many of them."""
        return self._warn() >= self._limits.burst

    def warning(self) -> int | None:
        """Return the number of the warning that is due in a game, from 0; ``None`` soon after the last one."""
        if self._clock.seconds() - self._warned < WARNS_EVERY:
            return None
        return self._warn()

    def _warn(self) -> int:
        now = self._clock.seconds()
        if now - self._warned > FORGIVEN_AFTER:
            self._warnings = 0
        self._warned = now
        self._warnings += 1
        return self._warnings - 1
