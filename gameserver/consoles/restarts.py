"""When a program that has ended is started again."""

from __future__ import annotations

import attrs


@attrs.define
class Restarts:
    """A policy and its memory.

    ``policy`` is ``never``, ``crash`` (after an end with another status than 0 or by a signal) or ``always``. The
    delay (seconds) begins with ``delay`` and doubles up to ``longest``. After ``limit`` restarts in a row the program
    is left alone; a run of at least ``settled`` seconds ends the row, and so does a person who starts it.
    """

    policy: str = "crash"
    delay: float = 1.0
    longest: float = 60.0
    limit: int = 5
    settled: float = 60.0
    row: int = attrs.field(default=0, init=False)

    def forget(self) -> None:
        """Begin a new row."""
        self.row = 0

    def after(self, clean: bool, lasted: float) -> float | None:
        """Return the seconds until the next start after a run of ``lasted`` seconds, ``None`` for no start."""
        if lasted >= self.settled:
            self.row = 0
        if self.policy == "never" or (self.policy == "crash" and clean) or self.row >= self.limit:
            return None
        seconds = min(self.longest, self.delay * 2.0**self.row)
        self.row += 1
        return seconds
