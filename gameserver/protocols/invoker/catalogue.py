"""What GET_GAME_CONFIG says: limits per currency, parameters, pay tables, and what comes back to players."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gameserver.games.fair.dice import TARGET_MAX, TARGET_MIN
from gameserver.games.fair.keno import NUMBERS, PICKS_MAX
from gameserver.games.fair.keno_tables import DEFAULT, DIFFICULTIES, TABLES
from gameserver.games.fair.mines import GRIDS
from gameserver.games.fair.money import UNITS, format_multiplier
from gameserver.games.fair.rtp import Range, dice_range, keno_range, keno_return, mines_range, percent
from gameserver.wallet.offer import BLACKJACK, DICE, KENO, MINES, NAMES, Currency

#: What a perfect player gets back at blackjack, in percent, as computed for these rules.
BLACKJACK_RETURN = "99.43"

_ABOUT = {
    DICE: (1, "99", "A roll of 0.00 to 99.99, over or under a target."),
    MINES: (2, "99", "Open tiles of a grid and leave before a mine."),
    KENO: (3, "99", "Pick up to ten numbers of forty; ten are drawn."),
    BLACKJACK: (4, BLACKJACK_RETURN, "Six decks, the dealer stands on all 17, blackjack pays 3:2."),
}


def number(units: int) -> int | float:
    """Return an amount as the JSON number that the document has here and nowhere else."""
    return units // UNITS if units % UNITS == 0 else units / UNITS


def catalogue(currencies: Mapping[str, Currency]) -> dict[str, dict[str, Any]]:
    """Return the configuration of every game by its id; computed once, when the protocol is built."""
    first = next(iter(currencies.values()))
    limits = [
        {
            "currency": currency.code,
            "currencyType": currency.kind,
            "defaultBet": number(currency.default_bet),
            "minBet": number(currency.min_bet),
            "maxBet": number(currency.max_bet),
            "maxProfit": number(currency.max_profit),
        }
        for currency in currencies.values()
    ]
    found = {}
    for game, (place, rtp, about) in _ABOUT.items():
        found[game] = {
            "id": place,
            "gameName": NAMES[game],
            "gameId": game,
            "category": "instant" if game in (DICE, KENO) else "table",
            "status": "active",
            "description": about,
            "minBet": number(first.min_bet),
            "maxBet": number(first.max_bet),
            "rtp": float(rtp) if "." in rtp else int(rtp),
            "defaultRTP": rtp,
            "betInfo": limits,
            "gameParameters": _parameters(game),
            "returns": _returns(game),
            "payoutTables": _tables() if game == KENO else [],
        }
    return found


def _parameters(game: str) -> dict[str, Any]:
    if game == DICE:
        return {"rollNumberMin": TARGET_MIN, "rollNumberMax": TARGET_MAX, "defaultTarget": 50}
    if game == MINES:
        grids = [{"gridType": grid, "maxMines": tiles - 1} for grid, tiles in GRIDS.items()]
        return {"grids": grids, "defaultGridType": "5x5", "defaultMinesCount": 10}
    if game == KENO:
        return {
            "minSpots": 1,
            "maxSpots": PICKS_MAX,
            "numbers": NUMBERS,
            "defaultDifficulty": DEFAULT,
            "difficulties": list(DIFFICULTIES),
        }
    return {"decks": 6, "maxHands": 2}


def _returns(game: str) -> list[dict[str, Any]]:
    """Return to player in percent, exact to four decimals; for keno one value for each number of picks."""
    if game == DICE:
        return [_range("dice", dice_range())]
    if game == MINES:
        return [_range(grid, mines_range(grid)) for grid in GRIDS]
    if game == KENO:
        rows = {name: [percent(keno_return(name, picks)) for picks in range(1, PICKS_MAX + 1)] for name in TABLES}
        return [_range(name, keno_range(name)) | {"rows": row} for name, row in rows.items()]
    return [{"name": "optimal play", "lowest": BLACKJACK_RETURN, "highest": BLACKJACK_RETURN}]


def _range(name: str, returns: Range) -> dict[str, Any]:
    return {"name": name, "lowest": percent(returns.lowest), "highest": percent(returns.highest)}


def _tables() -> list[dict[str, Any]]:
    return [
        {
            "difficulty": name,
            "rows": [
                {"picks": picks, "multipliers": [format_multiplier(parts) for parts in row]}
                for picks, row in enumerate(table, 1)
            ],
        }
        for name, table in TABLES.items()
    ]
