"""Turn clocks: a match may be made with a time for each turn, at the end of which a computer player plays it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReactorTime

from gameserver.matches.match import Match
from gameserver.matches.seat import Seat

#: Seconds a turn may be given, at least and at most.
SHORTEST, LONGEST = 10, 86400


class TurnClocks:
    """Counts the time of everybody whom a match waits for, and lets ``play`` make a move for them when it is over.

    A turn begins when the rules ask a seat for something and ends when they ask it for nothing; between two moves
    that are made for somebody there are ``pause`` seconds, so that they may take over. Only seats whose client shows
    the clock are counted (``Seat.timed``), and only while a person who plays is connected. ``play`` returns whether
    there was a move to make.
    """

    def __init__(self, clock: IReactorTime, pause: float, play: Callable[[Match, Seat], bool]) -> None:
        self._clock = clock
        self._pause = pause
        self._play = play
        #: The calls that wait, by match and seat; ``None`` for one that is being served.
        self._calls: dict[Match, dict[Seat, Any]] = {}

    def look(self, match: Match) -> None:
        """Start and stop clocks; called whenever something has moved, and when somebody comes or goes."""
        seconds = match.header.options.turn_seconds
        if not seconds:
            return
        calls = self._calls.setdefault(match, {})
        asked = [seat for seat in match.playing() if self._counts(match, seat)]
        for seat in [seat for seat in calls if seat not in asked]:
            _cancel(calls.pop(seat))
        for seat in asked:
            if seat not in calls:
                calls[seat] = self._clock.callLater(seconds, self._over, match, seat)
        if not calls:
            del self._calls[match]

    def left(self, match: Match, seat: Seat) -> float | None:
        """Return the seconds a seat has left, ``None`` if no clock of it runs."""
        call = self._calls.get(match, {}).get(seat)
        return None if call is None else max(0.0, call.getTime() - self._clock.seconds())

    def forget(self, match: Match) -> None:
        """Stop the clocks of a match that has ended."""
        for call in self._calls.pop(match, {}).values():
            _cancel(call)

    def stop(self) -> None:
        """Stop all clocks."""
        for match in list(self._calls):
            self.forget(match)

    @staticmethod
    def _counts(match: Match, seat: Seat) -> bool:
        return seat.timed and seat.human and match.attended and bool(match.game.prompts(seat.number))

    def _over(self, match: Match, seat: Seat) -> None:
        self._calls[match][seat] = None
        moved = self._play(match, seat)
        # The move may have ended the turn, or the match.
        calls = self._calls.get(match, {})
        if seat in calls:
            pause = self._pause if moved else match.header.options.turn_seconds
            calls[seat] = self._clock.callLater(pause, self._over, match, seat)


def _cancel(call: Any) -> None:
    if call is not None:
        call.cancel()
