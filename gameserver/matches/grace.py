"""Seats that wait for their players to come back."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IReactorTime

from gameserver.matches.match import Match
from gameserver.matches.seat import Seat


class Grace:
    """Takes a player out for good when he has not come back in time. ``seconds`` of 0: at once."""

    def __init__(self, clock: IReactorTime, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._waiting: dict[Seat, Any] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def start(self, match: Match, seat: Seat) -> None:
        """Let a player's time begin."""
        self.end(seat)
        self._waiting[seat] = self._clock.callLater(self._seconds, self._over, match, seat)

    def end(self, seat: Seat) -> None:
        """He is back, or has left."""
        call = self._waiting.pop(seat, None)
        if call is not None:
            call.cancel()

    def stop(self) -> None:
        """Wait for nobody any more."""
        for call in self._waiting.values():
            call.cancel()
        self._waiting.clear()

    def _over(self, match: Match, seat: Seat) -> None:
        del self._waiting[seat]
        if seat.receiver is None:
            match.leave(seat)
