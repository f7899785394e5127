"""Who sits in a match, the connection that tells them what happens there, and the time a seat waits without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.games.api import Participant
from gameserver.matches.batch import Batch


class Receiver(Protocol):
    """Somebody's connection to a match. None of its methods may raise or block."""

    @property
    def timed(self) -> bool:
        """Whether the client shows turn clocks, so that they count for its seat."""

    def welcome(self, seat: Seat, dump: Batch) -> None:
        """Take the whole model as it is now; comes first and once."""

    def deliver(self, batch: Batch) -> None:
        """Take what has happened since."""

    def replaced(self) -> None:
        """Learn that the same person has come back over another connection; nothing more is delivered here."""

    def dismissed(self) -> None:
        """Learn that an operator has closed the match; nothing more is delivered here."""

    def abandoned(self) -> None:
        """Learn that the match goes on at another node; nothing more is delivered here."""


@attrs.define(eq=False)
class Seat:
    """A participant; ``receiver`` is their connection, ``None`` while they have none."""

    number: int
    participant: Participant
    receiver: Receiver | None = None
    #: Whether turn clocks count here: the last client showed them.
    timed: bool = False

    @property
    def human(self) -> bool:
        """Whether a person sits here."""
        return not self.participant.computer


class Grace:
    """Lets players leave for good who have not come back in time. ``seconds`` of 0: at once."""

    def __init__(self, clock: IReactorTime, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._waiting: dict[Seat, Any] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def start(self, seat: Seat, leave: Callable[[Seat], None]) -> None:
        """Let a player's time begin; ``leave`` is what happens at its end."""
        self.end(seat)
        self._waiting[seat] = self._clock.callLater(self._seconds, self._over, seat, leave)

    def end(self, seat: Seat) -> None:
        """They are back, or have left."""
        call = self._waiting.pop(seat, None)
        if call is not None:
            call.cancel()

    def left(self, seat: Seat) -> float | None:
        """Return the seconds a player has left to come back, ``None`` if nobody waits for them."""
        call = self._waiting.get(seat)
        return None if call is None else max(0.0, call.getTime() - self._clock.seconds())

    def stop(self) -> None:
        """Wait for nobody any more."""
        for call in self._waiting.values():
            call.cancel()
        self._waiting.clear()

    def _over(self, seat: Seat, leave: Callable[[Seat], None]) -> None:
        del self._waiting[seat]
        if seat.receiver is None:
            leave(seat)
