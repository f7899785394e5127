"""The section of the provably fair mini-games. An empty list of endpoints closes the protocol."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import listeners, on_port, pages
from gameserver.config.option import option, section, tables

# The defaults of least bets are ``games.fair.returns.least_bet`` or more: below it cutting a win to the currency's
# decimals costs more than the multipliers keep back. What is configured below is told in GET_GAME_CONFIG.


@attrs.frozen
class Dollars:
    """What may be bet in a currency of dollars."""

    play_money: float = option(1000.00, "what a new player has; 0: nothing", minimum=0)
    default_bet: float = option(1.00, "the bet a client proposes", minimum=0)
    min_bet: float = option(1.00, "the least bet; the smaller it is, the more of a win is cut off", minimum=0)
    max_bet: float = option(10000.00, "the greatest bet", minimum=0)
    max_profit: float = option(
        100000.00, "the most a bet may win beyond its stake; one that could win more is refused", minimum=0
    )


@attrs.frozen
class Bitcoin:
    """What may be bet in bitcoin."""

    play_money: float = option(0.1, "what a new player has; 0: nothing", minimum=0)
    default_bet: float = option(0.0001, "the bet a client proposes", minimum=0)
    min_bet: float = option(0.000001, "the least bet; the smaller it is, the more of a win is cut off", minimum=0)
    max_bet: float = option(1.0, "the greatest bet", minimum=0)
    max_profit: float = option(
        10.0, "the most a bet may win beyond its stake; one that could win more is refused", minimum=0
    )


@attrs.frozen
class Operator:
    """Somebody whose own players come in with tokens they ask for (POST /api/provider/v1/sessions)."""

    key: str = option("", "what they send as X-API-KEY")
    secret: str = option("", "the key of the HMAC-SHA256 that signs their requests", secret=True)


@attrs.frozen
class Invoker:
    """The provably fair mini-games."""

    endpoints: tuple[str, ...] = listeners(on_port(8001), "where the games listen besides the site")
    origins: tuple[str, ...] = pages()
    community: bool = option(True, "whether the games share players with the other protocols")
    login_timeout: float = option(30.0, "seconds a connection may stay without a login; 0: no limit", minimum=0)
    token_seconds: int = option(7200, "seconds a token lets somebody in", minimum=60, maximum=604800)
    refresh_seconds: int = option(1800, "seconds before a token's end at which a new one is pushed", minimum=1)
    round_seconds: float = option(
        300.0, "seconds after which a round left alone is settled; 0: never", minimum=0, maximum=604800
    )
    request_hours: float = option(24.0, "hours in which a repeated request gets its first reply", minimum=24)
    messages_per_second: float = option(5000.0, "messages a second of one player, in the long run", minimum=1)
    burst: int = option(20000, "messages of one player that may come at once", minimum=1)
    bets_per_minute: int = option(0, "bets a minute of one player, twice as many at once; 0: no limit", minimum=0)
    replay_seconds: int = option(300, "seconds in which an operator's request is new, and unique", minimum=1)
    usd: Dollars = section(Dollars)
    usdt: Dollars = section(Dollars)
    btc: Bitcoin = section(Bitcoin)
    operators: dict[str, Operator] = tables(Operator, "who may open sessions for players of their own, by name")
