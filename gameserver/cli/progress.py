"""Lines on standard error that say how far a long command is."""

from __future__ import annotations

import sys
import time

#: Seconds between two lines about one thing that takes long.
EVERY = 2.0


class Lines:
    """Says how much of something is done: when all of it is, and every few seconds."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, what: str, done: int, count: int) -> None:
        """Say that ``done`` of ``count`` are; to be called as often as one likes."""
        now = time.monotonic()
        if now - self._said >= EVERY:
            self._said = now
            print(f"{what}: {done} of {count}", file=sys.stderr, flush=True)
