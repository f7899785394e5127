"""How many test players one address may make: enough for a class behind one router, not enough to fill a disk."""

from __future__ import annotations

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.sessions.limits import Meter

#: At once, and one more each so many seconds.
BURST, SECONDS = 1000, 2.0

#: Addresses remembered at most.
ADDRESSES = 10_000


class Allowance:
    """Counts by address."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._meters: dict[str, Meter] = {}

    def take(self, address: str) -> None:
        """Count one. Raises ``GameError`` ``too_many_requests``."""
        now = self._clock.seconds()
        if len(self._meters) >= ADDRESSES:
            self._meters.clear()
        meter = self._meters.get(address)
        if meter is None:
            meter = self._meters[address] = Meter(1 / SECONDS, BURST, now)
        if not meter.pour(now):
            raise GameError(Code.TOO_MANY_REQUESTS, "Too many test players from your address: wait a little.")
