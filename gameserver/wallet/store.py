"""What the wallet needs from storage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs

from gameserver.wallet.books import Books
from gameserver.wallet.rows import CreditRow, PlayerRow, RoundRow, SeedRow

#: Something to be done with the books, all of it or nothing. It may be done twice and must touch nothing else. If it
#: has an attribute ``needs``, a store may read those rows (``Key``) for a whole batch at once.
Operation = Callable[[Books], Any]


@attrs.frozen
class Refused:
    """What came of an operation that raised; none of its changes has been kept."""

    error: Exception


@attrs.frozen
class Page:
    """Some rounds of a player, newest first, each with its seed, and how many there are in all."""

    rounds: list[tuple[RoundRow, SeedRow]]
    total: int


@attrs.frozen
class Audit:
    """What an audit of the books finds: counts, and one sentence for everything that does not balance."""

    accounts: int
    entries: int
    rounds: int
    requests: int
    problems: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class LedgerStore(Protocol):
    """Books on disk."""

    async def settle(self, operations: Sequence[Operation], now_ms: int) -> list[Any]:
        """Do the operations one after the other in one transaction and return what each returned, or ``Refused``.

        ``now_ms`` is the time of all that happens in it. Whatever is returned is durable. Nothing else writes to the
        books meanwhile, in this process or another.
        """

    async def history(self, player: int, game: str | None, limit: int, offset: int) -> Page:
        """Return finished rounds of a player, of one game or of all."""

    async def revealed_seeds(self, player: int, game: str, limit: int, offset: int) -> tuple[list[SeedRow], int]:
        """Return revealed seeds of a player and game, newest first, and how many there are in all."""

    async def idle_rounds(self, before_ms: int, limit: int) -> list[RoundRow]:
        """Return open rounds in which nothing has happened since a time, the oldest first."""

    async def credits(self, after: int | None) -> tuple[int, list[CreditRow]]:
        """Return the number of the newest entry, and play money given or taken after another one, oldest first.

        Whoever comes for the first time (``None``) gets the number alone.
        """

    async def forget_requests(self, before_ms: int) -> int:
        """Forget requests older than a time; return how many."""


class PlayerStore(Protocol):
    """The players of the games, and the sessions that operators have opened for them."""

    async def ensure_player(self, aggregator: str, external: str, name: str) -> PlayerRow:
        """Return the player of an operator's customer or an account, made if it is not there."""

    async def player_by_id(self, number: int) -> PlayerRow | None:
        """Find by number."""

    async def open_session(self, session: str, player: int, game: str, expires_ms: int) -> list[str]:
        """Keep an operator's session; the open ones of the same player and game end and are returned."""

    async def session_open(self, session: str, now_ms: int) -> bool:
        """Say whether an operator's session is known, not over and not replaced."""

    async def note_signature(self, signature: str, now_ms: int, window_ms: int) -> bool:
        """Note a signature; say whether it had been noted within the window before."""
