"""The books: currencies, accounts, tokens. The protocol stands on them, and so does the command line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from gameserver.app.services import Services, StartError
from gameserver.config.invoker import Bitcoin, Dollars
from gameserver.games.fair.money import UNITS
from gameserver.storage.wallet import DatabaseLedger
from gameserver.storage.wallet_audit import audit
from gameserver.storage.wallet_players import DatabasePlayers
from gameserver.wallet.audit import Audit
from gameserver.wallet.currency import Currency
from gameserver.wallet.identities import Identities
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.tokens import Tokens

#: Amounts in the configuration are below this: a thousand million.
MOST = 10**9


@attrs.frozen
class Wallet:
    """The books of a services, and who has an account in them."""

    currencies: Mapping[str, Currency]
    store: DatabaseLedger
    ledger: Ledger
    players: DatabasePlayers
    identities: Identities


def currencies(services: Services) -> dict[str, Currency]:
    """Return the currencies with their configured limits. Raises ``StartError`` for a limit that is no amount."""
    config = services.config.invoker
    return {
        "USD": _currency("USD", "fiat", 2, config.usd),
        "USDT": _currency("USDT", "crypto", 8, config.usdt),
        "BTC": _currency("BTC", "crypto", 8, config.btc),
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


def wallet(services: Services) -> Wallet:
    """Return the books of a services; a command may open them beside the running server."""
    found = currencies(services)
    store = DatabaseLedger(services.database, found)
    players = DatabasePlayers(services.database)
    lifetime = services.config.invoker.token_seconds
    tokens = Tokens(services.directory.secret("invoker-tokens"), lifetime, frozenset(found))
    identities = Identities(tokens, players, services.accounts, services.reactor)
    return Wallet(found, store, Ledger(store, services.reactor), players, identities)


def audited(services: Services) -> Audit:
    """Hold the books of a services against themselves, all rows at one moment, and return what was found."""
    return audit(services.database.engine)
