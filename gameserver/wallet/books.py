"""The books as one operation sees them: what it changes is kept whole or not at all.

A batch of operations shares one transaction that holds the write lock, so what has been read once is true until the
end; each operation's changes lie in a layer of its own until it has succeeded, and are written with the batch.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair.seeds import commitment, new_server_seed
from gameserver.wallet.ids import Ids
from gameserver.wallet.offer import Currency
from gameserver.wallet.rows import (
    CREDIT,
    DEBIT,
    HOUSE,
    MINT,
    AccountRow,
    EntryRow,
    RequestRow,
    RoundRow,
    SeedRow,
    owner_of,
)

T = TypeVar("T")

#: Which row: its kind, then what it is found by, as the arguments of the method of ``Rows``.
Key = tuple[Any, ...]

#: No account may hold more than this, so that every sum of a few fits into 64 bits.
LARGEST = 1 << 61

_replace = msgspec.structs.replace


class Rows(Protocol):
    """Reads rows within the transaction of a batch."""

    def account(self, owner: str, currency: str) -> AccountRow | None:
        """Find an account."""

    def active_seed(self, player: int, game: str) -> SeedRow | None:
        """Find the seed in use."""

    def seed(self, number: int) -> SeedRow | None:
        """Find a seed by number."""

    def round(self, number: int) -> RoundRow | None:
        """Find a round by number."""

    def open_round(self, player: int, game: str) -> RoundRow | None:
        """Find a player's round that is not over."""

    def request(self, player: int, key: str) -> RequestRow | None:
        """Find a request."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """A change of a player's balance, in units; ``balance`` is what they had afterwards."""

    player: int
    currency: str
    amount: int
    balance: int
    reason: str


class Books:
    """Balances, seeds, rounds and requests for the operations of one batch.

    Who looks at a currency for the first time finds its play money there.
    """

    def __init__(self, rows: Rows, ids: Ids, currencies: Mapping[str, Currency], now_ms: int) -> None:
        self._rows = rows
        self._ids = ids
        self._currencies = currencies
        self.now_ms = now_ms
        self._known: dict[Key, Any] = {}
        self._layer: dict[Key, Any] = {}
        #: Rows to write when the batch is over, by key, and which of them are new: a new row must not have the number
        #: of one that another process has made meanwhile.
        self.dirty: dict[Key, Any] = {}
        self.fresh: set[Key] = set()
        self.entries: list[EntryRow] = []
        self._new_entries: list[EntryRow] = []
        #: What the present operation has changed in players' balances, in order.
        self.changes: list[Change] = []

    def perform(self, operation: Callable[[Books], T]) -> T:
        """Do one operation; if it raises, nothing of it is left."""
        self._layer = {}
        self._new_entries = []
        self.changes = []
        result = operation(self)
        if not self._layer:
            # It has only looked.
            return result
        self.fresh.update(key for key in self._layer if self._known.get(key) is None)
        self._known |= self._layer
        self.dirty |= {key: row for key, row in self._layer.items() if key[0] not in ("active", "open")}
        self.entries += self._new_entries
        return result

    def know(self, key: Key, row: Any) -> None:
        """Take a row, or that there is none, which has been read for several operations at once."""
        self._known.setdefault(key, row)

    def _find(self, key: Key, read: Callable[..., Any]) -> Any:
        if key in self._layer:
            return self._layer[key]
        if key not in self._known:
            self._known[key] = read(*key[1:])
        return self._known[key]

    # Money

    def _account(self, owner: str, currency: str) -> AccountRow:
        key = ("account", owner, currency)
        found: AccountRow | None = self._find(key, self._rows.account)
        if found is None:
            found = self._layer[key] = AccountRow(self._ids.next(self.now_ms), owner, currency, 0)
        return found

    def _player(self, player: int, currency: str) -> AccountRow:
        """Return a player's account; who has never been here gets their play money first."""
        owner = owner_of(player)
        found: AccountRow | None = self._find(("account", owner, currency), self._rows.account)
        if found is None:
            found = self._account(owner, currency)
            grant = self._currencies[currency].play_money
            if grant:
                found = self._transfer(MINT, found, grant, "GRANT", "")
        return found

    def currency(self, code: str) -> Currency:
        """Return a currency by its code."""
        return self._currencies[code]

    def balance(self, player: int, currency: str) -> int:
        """Return what a player has, in units. Who has never been here gets their play money first."""
        return self._player(player, currency).balance

    def take(self, player: int, currency: str, amount: int, reason: str, reference: str) -> None:
        """Move units from a player to the house. Raises ``GameError`` ``insufficient_balance``."""
        account = self._covered(player, currency, amount, "The balance is too low for this bet.")
        self._change(player, account, -amount, HOUSE, reason, reference)

    def pay(self, player: int, currency: str, amount: int, reason: str, reference: str) -> None:
        """Move units from the house to a player."""
        self._change(player, self._player(player, currency), amount, HOUSE, reason, reference)

    def credit(self, player: int, currency: str, amount: int) -> None:
        """Make play money for a player."""
        self._change(player, self._player(player, currency), amount, MINT, CREDIT, "")

    def debit(self, player: int, currency: str, amount: int) -> None:
        """Take play money of a player's out of the world. Raises ``GameError`` ``insufficient_balance``."""
        account = self._covered(player, currency, amount, "There is not that much in the account.")
        self._change(player, account, -amount, MINT, DEBIT, "")

    def _covered(self, player: int, currency: str, amount: int, refusal: str) -> AccountRow:
        account = self._player(player, currency)
        if amount > account.balance:
            shown = self._currencies[currency].shown
            details = {"required": shown(amount), "available": shown(account.balance)}
            raise GameError(Code.INSUFFICIENT_BALANCE, refusal, details)
        return account

    def _change(self, player: int, account: AccountRow, amount: int, other: str, reason: str, reference: str) -> None:
        changed = self._transfer(other, account, amount, reason, reference)
        self.changes.append(Change(player, account.currency, amount, changed.balance, reason))

    def _transfer(self, source: str, target: AccountRow, amount: int, reason: str, reference: str) -> AccountRow:
        """Move units from the account of ``source`` to ``target`` and return that as it is then."""
        number = self._ids.next(self.now_ms)
        self._enter(number, self._account(source, target.currency), -amount, reason, reference)
        return self._enter(number, target, amount, reason, reference)

    def _enter(self, transfer: int, account: AccountRow, units: int, reason: str, reference: str) -> AccountRow:
        balance = account.balance + units
        if not -LARGEST < balance < LARGEST:
            raise GameError(Code.BALANCE_TOO_LARGE, "No account can hold that much.")
        changed = AccountRow(account.id, account.owner, account.currency, balance)
        self._layer["account", account.owner, account.currency] = changed
        self._new_entries.append(EntryRow(transfer, account.id, units, balance, reason, reference, self.now_ms))
        return changed

    # Seeds

    def seed(self, player: int, game: str) -> SeedRow:
        """Return the seed in use, made if there is none yet."""
        found: SeedRow | None = self._find(("active", player, game), self._rows.active_seed)
        if found is None:
            return self._fresh_seed(player, game)
        self._known.setdefault(("seed", found.id), found)
        return found

    def seed_of(self, round_: RoundRow) -> SeedRow:
        """Return the seed a round was drawn with."""
        found: SeedRow | None = self._find(("seed", round_.seed), self._rows.seed)
        assert found is not None, "a round's seed is never deleted"
        return found

    def use_seed(self, player: int, game: str) -> SeedRow:
        """Return the seed for a bet, as it was before: its nonce is the bet's, the next bet gets the next one."""
        seed = self.seed(player, game)
        self._keep_seed(_replace(seed, nonce=seed.nonce + 1, bets=seed.bets + 1))
        return seed

    def rotate(self, player: int, game: str) -> tuple[SeedRow, SeedRow]:
        """Reveal the seed in use and put a new one in its place; return both."""
        old = self.seed(player, game)
        new = self._fresh_seed(player, game)
        old = _replace(old, revealed_ms=self.now_ms, replaced_by=new.id)
        self._layer["seed", old.id] = old
        return old, new

    def _fresh_seed(self, player: int, game: str) -> SeedRow:
        value = new_server_seed(secrets.token_bytes(32))
        number = self._ids.next(self.now_ms)
        seed = SeedRow(number, player, game, value, commitment(value), 0, 0, self.now_ms)
        self._keep_seed(seed)
        return seed

    def _keep_seed(self, seed: SeedRow) -> None:
        self._layer["seed", seed.id] = seed
        self._layer["active", seed.player, seed.game] = seed

    # Rounds

    def new_id(self) -> int:
        """Return the number of a new round."""
        return self._ids.next(self.now_ms)

    def open_round(self, player: int, game: str) -> RoundRow | None:
        """Return a player's round that is not over."""
        found: RoundRow | None = self._find(("open", player, game), self._rows.open_round)
        if found is not None:
            self._known.setdefault(("round", found.id), found)
        return found

    def round(self, number: int) -> RoundRow | None:
        """Find a round."""
        found: RoundRow | None = self._find(("round", number), self._rows.round)
        return found

    def keep_round(self, round_: RoundRow) -> None:
        """Keep a new or changed round."""
        self._layer["round", round_.id] = round_
        self._layer["open", round_.player, round_.game] = round_ if round_.ended_ms is None else None

    # Requests

    def request(self, player: int, key: str) -> RequestRow | None:
        """Find a request that has been answered."""
        found: RequestRow | None = self._find(("request", player, key), self._rows.request)
        return found

    def keep_request(self, request: RequestRow) -> None:
        """Keep the reply to a request with the change it reports."""
        self._layer["request", request.player, request.key] = request
