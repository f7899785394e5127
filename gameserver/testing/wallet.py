"""Books, players and seeds without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gameserver.errors import GameError
from gameserver.games.fair.money import UNITS
from gameserver.wallet.books import Books
from gameserver.wallet.ids import Ids
from gameserver.wallet.offer import Currency
from gameserver.wallet.rows import (
    CREDIT,
    DEBIT,
    MINT,
    PLAYER,
    AccountRow,
    CreditRow,
    EntryRow,
    PlayerRow,
    RequestRow,
    RoundRow,
    SeedRow,
)
from gameserver.wallet.store import Operation, Page, Refused

#: Currencies for tests: a thousand to play with in each.
CURRENCIES: Mapping[str, Currency] = {
    code: Currency(code, kind, decimals, 1000 * UNITS, UNITS, UNITS // 10, 10_000 * UNITS, 100_000 * UNITS)
    for code, kind, decimals in (("USD", "fiat", 2), ("USDT", "crypto", 8), ("BTC", "crypto", 8))
}


class MemoryLedger:
    """A ``LedgerStore`` and the ``Rows`` of its batches; it forgets everything with the process."""

    def __init__(self, currencies: Mapping[str, Currency] = CURRENCIES) -> None:
        self._currencies = currencies
        self._ids = Ids()
        self._rows: dict[tuple[Any, ...], Any] = {}
        self._active: dict[tuple[int, str], SeedRow] = {}
        self._open: dict[tuple[int, str], RoundRow] = {}
        self.entries: list[EntryRow] = []

    async def settle(self, operations: Sequence[Operation], now_ms: int) -> list[Any]:
        """See ``LedgerStore``."""
        books = Books(self, self._ids, self._currencies, now_ms)
        results: list[Any] = []
        for operation in operations:
            try:
                results.append(books.perform(operation))
            except (GameError, AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
                results.append(Refused(error))
        self._rows |= books.dirty
        for key, row in books.dirty.items():
            if key[0] == "seed":
                self._keep(self._active, row, row.revealed_ms is None)
            elif key[0] == "round":
                self._keep(self._open, row, row.ended_ms is None)
        self.entries += books.entries
        return results

    @staticmethod
    def _keep(held: dict[tuple[int, str], Any], row: Any, wanted: bool) -> None:
        """Hold a row that is in use as the one of its player and game; let it go when it is not any more."""
        place = (row.player, row.game)
        if wanted:
            held[place] = row
        elif place in held and held[place].id == row.id:
            del held[place]

    def account(self, owner: str, currency: str) -> AccountRow | None:
        """See ``Rows``."""
        return self._rows.get(("account", owner, currency))

    def active_seed(self, player: int, game: str) -> SeedRow | None:
        """See ``Rows``."""
        return self._active.get((player, game))

    def seed(self, number: int) -> SeedRow | None:
        """See ``Rows``."""
        return self._rows.get(("seed", number))

    def round(self, number: int) -> RoundRow | None:
        """See ``Rows``."""
        return self._rows.get(("round", number))

    def open_round(self, player: int, game: str) -> RoundRow | None:
        """See ``Rows``."""
        return self._open.get((player, game))

    def request(self, player: int, key: str) -> RequestRow | None:
        """See ``Rows``."""
        return self._rows.get(("request", player, key))

    def _kind(self, kind: type[Any]) -> list[Any]:
        return [row for row in self._rows.values() if isinstance(row, kind)]

    async def history(self, player: int, game: str | None, limit: int, offset: int) -> Page:
        """See ``LedgerStore``."""
        mine = [
            row
            for row in self._kind(RoundRow)
            if row.player == player and row.ended_ms is not None and game in (None, row.game)
        ]
        mine.sort(key=lambda row: -row.id)
        return Page([(row, self._rows["seed", row.seed]) for row in mine[offset : offset + limit]], len(mine))

    async def revealed_seeds(self, player: int, game: str, limit: int, offset: int) -> tuple[list[SeedRow], int]:
        """See ``LedgerStore``."""
        mine = [row for row in self._kind(SeedRow) if (row.player, row.game) == (player, game) and row.revealed_ms]
        mine.sort(key=lambda row: -row.id)
        return mine[offset : offset + limit], len(mine)

    async def idle_rounds(self, before_ms: int, limit: int) -> list[RoundRow]:
        """See ``LedgerStore``."""
        idle = [row for row in self._kind(RoundRow) if row.ended_ms is None and row.updated_ms < before_ms]
        return sorted(idle, key=lambda row: row.updated_ms)[:limit]

    async def credits(self, after: int | None) -> tuple[int, list[CreditRow]]:
        """See ``LedgerStore``."""
        accounts = {row.id: row for row in self._kind(AccountRow)}
        given = [
            CreditRow(number, int(owner.removeprefix(PLAYER)), accounts[entry.account].currency, entry.amount)
            for number, entry in enumerate(self.entries, 1)
            if entry.reason in (CREDIT, DEBIT) and (owner := accounts[entry.account].owner) != MINT
        ]
        return len(self.entries), [] if after is None else [row for row in given if row.entry > after]

    async def forget_requests(self, before_ms: int) -> int:
        """See ``LedgerStore``."""
        old = [key for key, row in self._rows.items() if key[0] == "request" and row.at_ms < before_ms]
        for key in old:
            del self._rows[key]
        return len(old)


class MemoryPlayers:
    """A ``PlayerStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._players: list[PlayerRow] = []
        self._sessions: dict[str, tuple[int, str, int]] = {}
        self._signatures: dict[str, int] = {}

    async def ensure_player(self, aggregator: str, external: str, name: str) -> PlayerRow:
        """See ``PlayerStore``."""
        for row in self._players:
            if (row.aggregator, row.external) == (aggregator, external):
                return row
        self._players.append(PlayerRow(len(self._players) + 1, aggregator, external, name))
        return self._players[-1]

    async def player_by_id(self, number: int) -> PlayerRow | None:
        """See ``PlayerStore``."""
        return self._players[number - 1] if 0 < number <= len(self._players) else None

    async def open_session(self, session: str, player: int, game: str, expires_ms: int) -> list[str]:
        """See ``PlayerStore``."""
        older = [key for key, kept in self._sessions.items() if kept[:2] == (player, game)]
        for key in older:
            del self._sessions[key]
        self._sessions[session] = (player, game, expires_ms)
        return older

    async def session_open(self, session: str, now_ms: int) -> bool:
        """See ``PlayerStore``."""
        return session in self._sessions and self._sessions[session][2] > now_ms

    async def note_signature(self, signature: str, now_ms: int, window_ms: int) -> bool:
        """See ``PlayerStore``."""
        self._signatures = {key: at for key, at in self._signatures.items() if at >= now_ms - window_ms}
        known = signature in self._signatures
        self._signatures.setdefault(signature, now_ms)
        return known
