"""What goes out besides replies, as payloads: bets for others to see, bets that are over, and ids of pushes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from gameserver.games.fair.money import format_multiplier
from gameserver.protocols.invoker.activity import Activity, Batch, mask
from gameserver.protocols.invoker.play import blackjack, dice, keno, mines
from gameserver.protocols.invoker.play.table import bet_id, provably_fair
from gameserver.protocols.invoker.subscriptions import BET_ACTIVITY, BET_ACTIVITY_BATCH
from gameserver.sessions.session import Encoders
from gameserver.wallet.offer import DICE, KENO, MINES, NAMES, Currency
from gameserver.wallet.rows import RoundRow, SeedRow

#: A frame out of id, type and payload.
EncodeMessage = Callable[[object, str, Mapping[str, Any]], bytes]

_numbers = count(1)


def push_id() -> str:
    """Return a new id of a push; it never ends up looking like a client's own."""
    return f"server_msg_{next(_numbers):03d}"


def push_encoders(encode: EncodeMessage) -> Encoders:
    """Return what many are told, as the frames that ``encode`` makes."""
    return {
        Activity: lambda event: encode(push_id(), BET_ACTIVITY, pushed_activity(event)),
        Batch: lambda event: encode(push_id(), BET_ACTIVITY_BATCH, pushed_batch(event)),
    }


def listed_activity(activity: Activity) -> dict[str, Any]:
    """Return an activity as GET_BET_ACTIVITIES lists it (2.7)."""
    bet = activity.bet
    return {
        "betId": bet_id(bet.number),
        "playerId": activity.player_id,
        "playerName": activity.name,
        "gameId": bet.game,
        "betAmount": activity.stake,
        "winAmount": activity.win,
        "currency": bet.currency,
        "multiplier": format_multiplier(bet.multiplier),
        "isWin": bet.is_win,
        "timestamp": bet.at_ms,
        "gameOutcome": bet.outcome,
    }


def pushed_activity(activity: Activity) -> dict[str, Any]:
    """Return an activity as BET_ACTIVITY pushes it (6.3)."""
    bet = activity.bet
    return {
        "playerId": activity.player_id,
        "playerName": activity.name,
        "gameId": bet.game,
        "gameName": NAMES[bet.game],
        "betAmount": activity.stake,
        "winAmount": activity.win,
        "multiplier": format_multiplier(bet.multiplier),
        "isWin": bet.is_win,
        "currency": bet.currency,
        "timestamp": bet.at_ms,
    }


def pushed_batch(batch: Batch, activities: tuple[Activity, ...] | None = None) -> dict[str, Any]:
    """Return a batch as BET_ACTIVITY_BATCH pushes it, perhaps with fewer activities than it has."""
    chosen = batch.activities if activities is None else activities
    return {
        "activities": [
            {
                "maskedPlayerId": mask(activity.player_id),
                "maskedUsername": activity.name,
                "gameId": activity.bet.game,
                "betAmount": activity.stake,
                "currency": activity.bet.currency,
                "potentialWin": activity.potential,
                "multiplier": format_multiplier(activity.bet.multiplier),
                "isWin": activity.bet.is_win,
                "winAmount": activity.win,
                "timestamp": activity.bet.at_ms,
                "countryCode": "",
            }
            for activity in chosen
        ],
        "totalCount": batch.total,
        "sampledCount": len(chosen),
        "periodStart": batch.begin_ms,
        "periodEnd": batch.end_ms,
        "sequence": batch.sequence,
    }


def history_entry(currency: Currency, row: RoundRow, seed: SeedRow) -> dict[str, Any]:
    """Return a bet that is over as GET_BET_HISTORY lists it (3.2), with its outcome and what it can be verified with.

    ``serverSeed`` is empty as long as the seed is in use.
    """
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
