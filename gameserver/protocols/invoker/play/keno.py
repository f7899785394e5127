"""Keno: one request, one drawing (document, chapter 5)."""

from __future__ import annotations

from typing import Any

import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair import keno
from gameserver.games.fair.money import format_multiplier
from gameserver.games.fair.seeds import checked_client_seed
from gameserver.protocols.invoker.parameters import BetParams
from gameserver.protocols.invoker.play.table import Bet, Played, Seat, begin_round, bet_id, finish_round, seeds_of
from gameserver.wallet.books import Books
from gameserver.wallet.offer import KENO


class KenoState(msgspec.Struct, frozen=True):
    """What is kept of a drawing."""

    numbers: list[int]
    table: str
    order: list[int]


def place(books: Books, seat: Seat, asked: BetParams) -> Played:
    """Draw the numbers for a bet.

    Raises ``GameError``: what the rules of the game or the books refuse.
    """
    given = asked.game_params.keno_params
    if given is None:
        raise GameError(Code.NO_BET_PARAMETERS, "gameParams.kenoParams is missing.")
    bet = keno.keno_bet(given.selected_numbers, given.difficulty)
    client_seed = checked_client_seed(asked.client_seed)
    stake = seat.currency.stake(asked.amount)
    round_, seed = begin_round(books, seat, stake, client_seed, bet.best)
    outcome = keno.play(bet, seeds_of(round_, seed))
    win = outcome.payout(stake)
    state = KenoState(list(bet.numbers), bet.table, list(outcome.order))
    round_ = finish_round(books, round_, win, msgspec.json.encode(state))
    shown = seat.currency.shown
    payload = {
        "betId": bet_id(round_.id),
        "gameResult": {
            "gameId": KENO,
            "betAmount": shown(stake.amount),
            "winAmount": shown(win),
            "isWin": win > 0,
            "multiplier": format_multiplier(outcome.multiplier),
            "timestamp": books.now_ms,
            "kenoOutcome": _outcome(outcome),
        },
        "balance": shown(books.balance(seat.player, seat.currency.code)),
    }
    told = Bet(
        round_.id,
        seat.player,
        KENO,
        seat.currency.code,
        stake.amount,
        win,
        stake.payout(bet.best),
        outcome.multiplier,
        {"kenoOutcome": _outcome(outcome)},
        books.now_ms,
    )
    return Played("PLACE_BET_RESPONSE", payload, told)


def _outcome(outcome: keno.KenoOutcome) -> dict[str, Any]:
    matched = outcome.matched
    return {
        "selectedNumbers": list(outcome.bet.numbers),
        "drawnNumbers": list(outcome.drawn),
        "matchedNumbers": list(matched),
        "selectedCount": len(outcome.bet.numbers),
        "matchedCount": len(matched),
        "payout": format_multiplier(outcome.multiplier),
    }


def outcome_of(state: bytes) -> tuple[int, dict[str, Any]]:
    """Return what a kept drawing has paid, in ten-thousandths, and its outcome, for the history.

    That is as a bet's reply shows it, and beside it the name of the pay table, without which nobody could tell
    whether what was paid is right.
    """
    kept = msgspec.json.decode(state, type=KenoState)
    bet = keno.KenoBet(tuple(kept.numbers), kept.table)
    outcome = keno.KenoOutcome(bet, tuple(kept.order))
    return outcome.multiplier, {"kenoOutcome": _outcome(outcome) | {"difficulty": bet.table}}
