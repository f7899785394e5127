"""Results of people at all games, and what follows from them: ratings, leaderboards, profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import attrs

from gameserver.games.glicko import Rating

#: Contests that are counted in one transaction.
SLICE = 25

#: Milliseconds of a rating period: who rests for so long is known a little less surely.
PERIOD_MS = 86_400_000

#: Bets that a profile looks back on.
LAST_BETS = 1000

#: Names that somebody may have among their friends.
MOST_FRIENDS = 200


@attrs.frozen
class Contest:
    """A match or a round that is over. ``source`` is ``match`` or ``round``, ``game`` a kind's name or ``techmino``.

    ``places`` are those of people by name: 1 for who won, equal ones where nothing more is known, all 0 if nobody
    has won. ``of`` counts everybody who played, ``against`` has all their names, computer players' too.
    """

    source: str
    number: int
    game: str
    at_ms: int
    places: dict[str, int]
    against: tuple[str, ...]

    @property
    def rated(self) -> bool:
        """Whether it changes ratings: two people at least, and one of them has won."""
        return len(self.places) > 1 and 1 in self.places.values()


@attrs.frozen
class Standing:
    """Somebody at a game: games played and won, and the rating, which ``rated`` of them have changed."""

    name: str
    game: str
    played: int
    won: int
    rated: int
    rating: Rating


@attrs.frozen
class Result:
    """One game of somebody's. ``place`` is 0 if nobody won, ``rating`` ``None`` if it did not change theirs.

    ``kept`` says that the match can still be seen again.
    """

    source: str
    number: int
    game: str
    at_ms: int
    place: int
    against: tuple[str, ...]
    rating: float | None
    kept: bool


@attrs.frozen
class Reached:
    """An achievement that somebody has reached."""

    name: str
    condition: str
    at_ms: int


@attrs.frozen
class BetTotals:
    """Somebody's last bets at a game for play money: how many, how many won, the best multiplier that was paid."""

    game: str
    bets: int
    won: int
    best: float


@attrs.frozen
class Profile:
    """Who somebody is to others, and all they have played. ``hidden``: they keep it to themselves.

    ``bets`` are those among their last ``LAST_BETS``.
    """

    account: int
    name: str
    team: str
    motto: str
    hidden: bool
    standings: tuple[Standing, ...]
    reached: tuple[Reached, ...]
    bets: tuple[BetTotals, ...] = ()


class StandingStore(Protocol):
    """Results and ratings on disk. Every method returns when the change is durable."""

    async def count(self, limit: int) -> int:
        """Count up to so many contests that have not been counted yet, in the order they ended; return how many.

        What has been counted never is again.
        """

    async def profile(self, name: str) -> Profile | None:
        """Return the profile of the account of that name, without case; ``None`` if there is none."""

    async def results(self, name: str, limit: int, offset: int) -> list[Result]:
        """Return somebody's results, the newest first."""

    async def leaders(self, game: str, limit: int) -> list[Standing]:
        """Return the best at a game by what they are surely worth, without test players and who is hidden."""

    async def games(self) -> list[str]:
        """Return the games at which somebody has a rating."""

    async def hide(self, account: int, hidden: bool) -> None:
        """Note whether somebody keeps their results to themselves."""

    async def friends(self, account: int) -> Sequence[str]:
        """Return the names of somebody's friends."""

    async def befriend(self, account: int, friend: int, wanted: bool) -> None:
        """Put an account among somebody's friends, or take it out. Raises ``GameError`` ``too_many_friends``."""


async def count_all(store: StandingStore) -> int:
    """Count everything there is to count, a slice a transaction; return how much it was."""
    counted = 0
    while True:
        done = await store.count(SLICE)
        counted += done
        if done < SLICE:
            return counted
