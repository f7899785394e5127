"""The clock of all real-time games of the process: one timer, every 50 ms, only while a game runs."""

from __future__ import annotations

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from gameserver.matches.match import Match

#: Milliseconds of a tick.
TICK_MS = 50

#: Ticks made up for after a stall. What is more is left out for good: the games stood still that long, and a machine
#: that is too slow must not fall behind further with every turn.
CATCH_UP = 10


class TickClock:
    """Advances every running real-time match; all changes of a turn are one batch of the match."""

    _log = Logger()

    def __init__(self, clock: IReactorTime) -> None:
        self._matches: dict[int, Match] = {}
        self._loop = LoopingCall.withCount(self._turn)
        self._loop.clock = clock
        #: Ticks left out because the process was too slow.
        self.missed = 0

    def __len__(self) -> int:
        return len(self._matches)

    def add(self, match: Match) -> None:
        """Let time pass for a match; a second time changes nothing."""
        self._matches[match.header.id] = match
        if not self._loop.running:
            self._loop.start(TICK_MS / 1000, now=False)

    def discard(self, match: Match) -> None:
        """Let time stand still for a match."""
        self._matches.pop(match.header.id, None)
        if not self._matches and self._loop.running:
            self._loop.stop()

    def stop(self) -> None:
        """Stop for all."""
        self._matches.clear()
        if self._loop.running:
            self._loop.stop()

    def _turn(self, ticks: int) -> None:
        if ticks > CATCH_UP:
            self.missed += ticks - CATCH_UP
            ticks = CATCH_UP
        for match in list(self._matches.values()):
            # Nobody's castle falls while everybody is away.
            if match.attended:
                try:
                    match.advance(ticks * TICK_MS)
                except Exception:
                    self._log.failure("match {id} missed a tick", id=match.header.id)
