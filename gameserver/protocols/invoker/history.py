"""Bets that are over, as GET_BET_HISTORY lists them: with their outcome and what they can be verified with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gameserver.games.fair.money import format_multiplier
from gameserver.protocols.invoker.play import blackjack, dice, keno, mines
from gameserver.protocols.invoker.play.table import bet_id, provably_fair
from gameserver.wallet.currency import Currency
from gameserver.wallet.games import DICE, KENO, MINES
from gameserver.wallet.rows import RoundRow, SeedRow


def history_entry(currencies: Mapping[str, Currency], row: RoundRow, seed: SeedRow) -> dict[str, Any]:
    """Return one line of the history (3.2); ``serverSeed`` is empty as long as the seed is in use."""
    currency = currencies[row.currency]
    paid, outcome = _outcome(currency, row, seed)
    return {
        "betId": bet_id(row.id),
        "gameId": row.game,
        "betAmount": currency.shown(row.stake),
        "winAmount": currency.shown(row.win),
        "isWin": row.win > 0,
        "timestamp": row.ended_ms or row.updated_ms,
        "currency": row.currency,
        "multiplier": format_multiplier(paid),
        "gameOutcome": outcome,
        "provablyFair": provably_fair(row, seed),
    }


def _outcome(currency: Currency, row: RoundRow, seed: SeedRow) -> tuple[int, dict[str, Any]]:
    if row.game == DICE:
        return dice.outcome_of(row.state)
    if row.game == KENO:
        return keno.outcome_of(row.state)
    if row.game == MINES:
        return mines.outcome_of(currency, row, seed)
    return blackjack.outcome_of(currency, row, seed)
