"""The books: currencies, accounts, tokens. The protocol stands on them, and so do its commands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from gameserver.edge.context import Context
from gameserver.errors import StartError
from gameserver.games.fair.money import UNITS
from gameserver.net.batches import batches_of
from gameserver.protocols.invoker.config import Bitcoin, Dollars, Invoker
from gameserver.wallet.identities import Identities
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.offer import Currency
from gameserver.wallet.store import LedgerStore, PlayerStore
from gameserver.wallet.tokens import Tokens

#: Amounts in the configuration are below this: a thousand million.
MOST = 10**9


@attrs.frozen
class OpenedBooks:
    """The books of a server, and who has an account in them."""

    currencies: Mapping[str, Currency]
    store: LedgerStore
    ledger: Ledger
    players: PlayerStore
    identities: Identities


def currencies(section: Invoker) -> dict[str, Currency]:
    """Return the currencies with their configured limits. Raises ``StartError`` for a limit that is no amount."""
    return {
        "USD": _currency("USD", "fiat", 2, section.usd),
        "USDT": _currency("USDT", "crypto", 8, section.usdt),
        "BTC": _currency("BTC", "crypto", 8, section.btc),
    }


def _currency(code: str, kind: str, decimals: int, limits: Dollars | Bitcoin) -> Currency:
    def units(key: str) -> int:
        # The shortest decimal text of the number is what was written in the configuration.
        exact = Decimal(repr(getattr(limits, key)))
        where = f"invoker.{code.lower()}.{key} = {exact}"
        inside = 0 <= exact < MOST and (exact > 0 or key == "play_money")
        if not inside or exact != round(exact, decimals):
            raise StartError(f"{where}: expected an amount below {MOST} with at most {decimals} decimals")
        return int(exact * UNITS)

    found = Currency(
        code,
        kind,
        decimals,
        units("play_money"),
        units("default_bet"),
        units("min_bet"),
        units("max_bet"),
        units("max_profit"),
    )
    if found.min_bet > found.max_bet:
        raise StartError(f"invoker.{code.lower()}: min_bet is greater than max_bet")
    return found


def opened_books(context: Context, section: Invoker) -> OpenedBooks:
    """Return the books of a server; a command may open them beside the running one. Raises ``StartError``."""
    found = currencies(section)
    store = context.stores.ledger(found)
    players = context.stores.players
    tokens = Tokens(context.secret("invoker-tokens", 32), section.token_seconds, frozenset(found))
    identities = Identities(tokens, players, context.accounts, context.reactor)
    # What is asked for in one batch of reading goes to the database's thread in one go.
    ledger = Ledger(store, context.reactor, behind=batches_of(context.reactor).behind_this)
    return OpenedBooks(found, store, ledger, players, identities)
