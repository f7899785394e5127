"""Numbers for rows: ascending in time, and no two the same across restarts and processes."""

from __future__ import annotations

import secrets
import threading

#: Milliseconds since 1970 at the start of 2024, from which the numbers count.
EPOCH_MS = 1_704_067_200_000

_BELOW = 22


class Ids:
    """Makes numbers of 63 bits: the millisecond, then a random place within it, then one after the other.

    Two processes meet in the same millisecond at the same place once in a hundred million numbers; the database
    refuses the second, and the batch is tried again with new ones.
    """

    def __init__(self) -> None:
        self._last = 0
        self._now_ms = 0
        self._lock = threading.Lock()

    def next(self, now_ms: int) -> int:
        """Return a new number for something that happens at ``now_ms``."""
        with self._lock:
            if now_ms > self._now_ms:
                self._now_ms = now_ms
                fresh = (now_ms - EPOCH_MS << _BELOW) | secrets.randbits(_BELOW)
                self._last = max(self._last + 1, fresh)
            else:
                self._last += 1
            return self._last
