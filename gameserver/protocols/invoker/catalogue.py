"""What GET_GAME_CONFIG says: limits per currency, parameters, pay tables, and what comes back to players."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gameserver.games.fair.blackjack_value import RETURN
from gameserver.games.fair.dice import TARGET_MAX, TARGET_MIN
from gameserver.games.fair.keno import NUMBERS, PICKS_MAX
from gameserver.games.fair.keno_tables import DEFAULT, DIFFICULTIES, TABLES
from gameserver.games.fair.mines import GRIDS
from gameserver.games.fair.money import UNITS, format_multiplier
from gameserver.games.fair.returns import DECLARED, Returns, returns
from gameserver.games.fair.rtp import Range, percent
from gameserver.wallet.offer import BLACKJACK, DICE, KENO, MINES, NAMES, Currency

#: What the multipliers give back, and a perfect player at blackjack, in percent.
_RETURN, _BLACKJACK = percent(DECLARED, 0), percent(RETURN, 2)

_ABOUT = {
    DICE: (1, _RETURN, "A roll of 0.00 to 99.99, over or under a target."),
    MINES: (2, _RETURN, "Open tiles of a grid and leave before a mine."),
    KENO: (3, _RETURN, "Pick up to ten numbers of forty; ten are drawn."),
    BLACKJACK: (4, _BLACKJACK, "Six decks, the dealer stands on all 17, blackjack pays 3:2."),
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
            "returns": _returns(game, currencies),
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


def _returns(game: str, currencies: Mapping[str, Currency]) -> list[dict[str, Any]]:
    """Return to player in percent, cut to four decimals; see ``games.fair.returns``.

    ``lowest`` and ``highest`` are true of every bet that is accepted in any currency, ``currencies`` has them at the
    least and at the greatest bet of each. A table of keno has the lowest of its ``rows`` beside, by picks; of one on
    which no bet is accepted nothing is said.
    """
    by_name: dict[str, dict[str, list[Returns]]] = {}
    for code, currency in currencies.items():
        for found in returns(currency.limits):
            if found.row.game == game.partition(":")[2]:
                by_name.setdefault(found.row.name, {}).setdefault(code, []).append(found)
    return [_entry(name, by_currency) for name, by_currency in by_name.items()]


def _entry(name: str, by_currency: Mapping[str, list[Returns]]) -> dict[str, Any]:
    every = [found for several in by_currency.values() for found in several]
    entry: dict[str, Any] = {
        "name": name,
        "lowest": percent(min(found.lowest for found in every)),
        "highest": percent(max(at.highest for found in every for at in (found.at_least, found.at_greatest))),
        "currencies": [
            {
                "currency": code,
                "lowest": percent(min(found.lowest for found in several)),
                "atMinBet": _range([found.at_least for found in several]),
                "atMaxBet": _range([found.at_greatest for found in several]),
            }
            for code, several in by_currency.items()
        ],
    }
    if name in TABLES:
        by_picks: dict[int | None, list[Fraction]] = {}
        for found in every:
            by_picks.setdefault(found.row.picks, []).append(found.lowest)
        numbers = range(1, PICKS_MAX + 1)
        entry["rows"] = [percent(min(by_picks[number])) if number in by_picks else "" for number in numbers]
    return entry


def _range(ranges: Sequence[Range]) -> dict[str, str]:
    lowest, highest = min(found.lowest for found in ranges), max(found.highest for found in ranges)
    return {"lowest": percent(lowest), "highest": percent(highest)}


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
