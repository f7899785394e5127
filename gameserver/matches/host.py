"""What a match tells the registry of matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gameserver.matches.seat import Seat

if TYPE_CHECKING:
    from gameserver.matches.match import Match


class Host(Protocol):
    """The registry, as a match sees it."""

    def lost(self, match: Match, seat: Seat) -> None:
        """A player's connection has ended; his seat is kept for a while."""

    def back(self, match: Match, seat: Seat) -> None:
        """He is back."""

    def moved(self, match: Match) -> None:
        """Something has changed in the match."""

    def over(self, match: Match) -> None:
        """The game has ended; told once."""

    def empty(self, match: Match) -> None:
        """The last person has left."""
