"""What the wallet keeps, row by row. Amounts are units of 1e-8, times milliseconds since 1970."""

from __future__ import annotations

import msgspec

#: The owners of the two accounts a currency has besides its players': where stakes go and wins come from, and where
#: play money is made. Both may be below zero; all accounts together are always zero.
HOUSE = "house"
MINT = "mint"


#: What the owner of a player's accounts begins with; their number follows.
PLAYER = "player:"

#: Why an entry was made that gave somebody play money, or took it away.
CREDIT = "CREDIT"
DEBIT = "DEBIT"


def owner_of(player: int) -> str:
    """Return the owner of a player's accounts."""
    return f"{PLAYER}{player}"


class AccountRow(msgspec.Struct, frozen=True, gc=False):
    """An account of the ledger; its balance is the sum of its entries."""

    id: int
    owner: str
    currency: str
    balance: int


class EntryRow(msgspec.Struct, frozen=True, gc=False):
    """One side of a transfer: ``amount`` is positive for what comes in. A transfer's entries add up to zero.

    ``reference`` is the round it belongs to, or empty; ``balance`` what the account held afterwards.
    """

    transfer: int
    account: int
    amount: int
    balance: int
    reason: str
    reference: str
    at_ms: int


class SeedRow(msgspec.Struct, frozen=True, gc=False):
    """A server seed of one player and game. ``nonce`` is the next bet's; ``revealed_ms`` says that it is over."""

    id: int
    player: int
    game: str
    value: str
    hash: str
    nonce: int
    bets: int
    created_ms: int
    revealed_ms: int | None = None
    replaced_by: int | None = None


class RoundRow(msgspec.Struct, frozen=True, gc=False):
    """One bet and how it went. ``state`` is the game's own JSON; ``ended_ms`` is set when the round is over.

    ``stake`` is all that has been taken for it so far and ``win`` all that has been paid back.
    """

    id: int
    player: int
    game: str
    currency: str
    stake: int
    win: int
    client_seed: str
    seed: int
    nonce: int
    state: bytes
    created_ms: int
    updated_ms: int
    ended_ms: int | None = None


class CreditRow(msgspec.Struct, frozen=True, gc=False):
    """Play money that somebody has been given, or that was taken (``amount`` below zero).

    ``entry`` numbers what happens in the books in order.
    """

    entry: int
    player: int
    currency: str
    amount: int

    @property
    def reason(self) -> str:
        """Why its entry was made."""
        return DEBIT if self.amount < 0 else CREDIT


class RequestRow(msgspec.Struct, frozen=True, gc=False):
    """A request that moved money, and the reply it got: ``body`` is a digest of what was asked."""

    player: int
    key: str
    body: bytes
    reply: bytes
    at_ms: int


class PlayerRow(msgspec.Struct, frozen=True, gc=False):
    """A player of the games: somebody's account here (``aggregator`` empty), or a customer of an operator.

    ``external`` is the number of the account, or the operator's own name for the customer.
    """

    id: int
    aggregator: str
    external: str
    name: str
