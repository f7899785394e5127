"""The provably fair games, joined to the house: books, tokens, the WebSocket, and what is asked over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal

import attrs
from twisted.web.resource import IResource

from gameserver.config.invoker import Bitcoin, Dollars
from gameserver.games.fair.money import UNITS
from gameserver.protocols.invoker.door import InvokerDoor
from gameserver.protocols.invoker.service import InvokerService
from gameserver.service.house import House, StartError
from gameserver.service.parts import Parts, listen
from gameserver.storage.wallet import DatabaseLedger
from gameserver.storage.wallet_players import DatabasePlayers
from gameserver.wallet.currency import Currency
from gameserver.wallet.identities import Identities
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.tokens import Tokens
from gameserver.web.fairness import fairness_pages
from gameserver.web.game_tokens import GameTokens
from gameserver.web.operator_sessions import OperatorKey, OperatorSessions
from gameserver.web.seeds import Seeds
from gameserver.web.site import site, tree

#: Seconds between two looks for rounds left alone and tokens that end, and for requests to forget.
OFTEN, SELDOM = 60, 600

#: Amounts in the configuration are below this: a thousand million.
MOST = 10**9


@attrs.frozen
class Wallet:
    """The books of a house, and who has an account in them."""

    currencies: Mapping[str, Currency]
    store: DatabaseLedger
    ledger: Ledger
    players: DatabasePlayers
    identities: Identities


def currencies(house: House) -> dict[str, Currency]:
    """Return the currencies with their configured limits. Raises ``StartError`` for a limit that is no amount."""
    config = house.config.invoker
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
        if exact != round(exact, decimals) or not 0 <= exact < MOST or (exact == 0 and key != "play_money"):
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


def wallet(house: House) -> Wallet:
    """Return the books of a house; a command may open them beside the running server."""
    found = currencies(house)
    store = DatabaseLedger(house.database, found)
    players = DatabasePlayers(house.database)
    lifetime = house.config.invoker.token_seconds
    tokens = Tokens(house.directory.secret("invoker-tokens"), lifetime, frozenset(found))
    identities = Identities(tokens, players, house.accounts, house.reactor)
    return Wallet(found, store, Ledger(store, house.reactor), players, identities)


def operator_keys(house: House) -> dict[str, OperatorKey]:
    """Return the operators by their keys. ``StartError`` for one without key or secret, or a key used twice."""
    found: dict[str, OperatorKey] = {}
    for name, operator in house.config.invoker.operators.items():
        if not operator.key or not operator.secret or operator.key in found:
            raise StartError(f"invoker.operators.{name}: key and secret are needed, and the key must be its own")
        found[operator.key] = OperatorKey(name, operator.key, operator.secret)
    return found


def parts(house: House) -> Parts:
    """Return the door, and everything that is asked for over HTTP on the same ports."""
    config = house.config.invoker
    books = wallet(house)
    door = InvokerDoor(
        house.reactor,
        config,
        house.sessions,
        books.identities,
        books.ledger,
        books.store,
        books.currencies,
        house.metrics,
    )
    service = InvokerService(door, house.config.limits.outbox_bytes)
    tokens = GameTokens(books.identities, house.accounts)
    seeds = Seeds(tokens.authorize, books.ledger, books.store)
    operators = operator_keys(house)
    pages: dict[str, IResource] = {
        "v1/ws": service.resource(),
        "api/provider/v1/sessions": OperatorSessions(
            operators, config.replay_seconds, books.identities, books.players, house.reactor, door.end_sessions
        ),
        **tokens.resources(),
        **seeds.resources(),
        **fairness_pages(tokens.authorize),
    }
    house.metrics.gauge("ledger_queue", "Operations waiting for their commit", lambda: len(books.ledger))
    chores: list[tuple[float, Callable[[], Awaitable[object]]]] = [
        (OFTEN, service.settle_idle),
        (OFTEN, service.refresh_tokens),
        (SELDOM, service.forget_requests),
    ]
    hint = "gameserver token NAME, then connect to ws://{address}/v1/ws?token=TOKEN"
    listeners = listen("invoker.endpoints", config.endpoints, site(tree(pages)), hint)
    return Parts(doors=[service], listeners=listeners, pages=pages, chores=chores)
