"""Dice: one request, one roll (document, chapter 3)."""

from __future__ import annotations

import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair import dice
from gameserver.games.fair.money import format_multiplier
from gameserver.games.fair.seeds import checked_client_seed
from gameserver.protocols.invoker.parameters import BetParams
from gameserver.protocols.invoker.play.table import Bet, Played, Seat, begin_round, bet_id, finish_round, seeds_of
from gameserver.wallet.books import Books
from gameserver.wallet.offer import DICE


class DiceState(msgspec.Struct, frozen=True):
    """What is kept of a roll."""

    target: int
    condition: str
    rolled: int


def place(books: Books, seat: Seat, asked: BetParams) -> Played:
    """Roll the dice for a bet.

    Raises ``GameError``: what the rules of the game or the books refuse.
    """
    given = asked.game_params.dice_params
    if given is None:
        raise GameError(Code.NO_BET_PARAMETERS, "gameParams.diceParams is missing.")
    bet = dice.dice_bet(given.target, given.condition)
    client_seed = checked_client_seed(asked.client_seed)
    stake = seat.currency.stake(asked.amount)
    round_, seed = begin_round(books, seat, stake, client_seed, bet.multiplier)
    outcome = dice.play(bet, seeds_of(round_, seed))
    win = outcome.payout(stake)
    state = DiceState(bet.target, bet.condition.value, outcome.rolled)
    round_ = finish_round(books, round_, win, msgspec.json.encode(state))
    shown = seat.currency.shown
    multiplier = outcome.multiplier
    paid = multiplier if outcome.is_win else 0
    payload = {
        "betId": bet_id(round_.id),
        "gameResult": {
            "gameId": DICE,
            "betAmount": shown(stake.amount),
            "winAmount": shown(win),
            "isWin": outcome.is_win,
            "diceOutcome": {
                "rolledNumber": outcome.rolled_number,
                "target": bet.target,
                "condition": bet.condition.value,
                "multiplier": format_multiplier(multiplier),
            },
            "multiplier": format_multiplier(paid),
            "timestamp": books.now_ms,
        },
        "balance": shown(books.balance(seat.player, seat.currency.code)),
    }
    told = Bet(
        round_.id,
        seat.player,
        DICE,
        seat.currency.code,
        stake.amount,
        win,
        stake.payout(multiplier),
        paid,
        activity(state),
        books.now_ms,
    )
    return Played("PLACE_BET", payload, told)


def activity(state: DiceState) -> dict[str, object]:
    """Return the outcome as an activity shows it (2.7)."""
    outcome = {"target": state.target, "result": state.rolled / 100, "rollType": state.condition}
    return {"diceOutcome": outcome}


def outcome_of(state: bytes) -> tuple[int, dict[str, object]]:
    """Return what a kept roll has paid, in ten-thousandths, and its outcome as a bet's reply shows it."""
    kept = msgspec.json.decode(state, type=DiceState)
    bet = dice.dice_bet(kept.target, kept.condition)
    outcome = {
        "rolledNumber": kept.rolled / 100,
        "target": kept.target,
        "condition": kept.condition,
        "multiplier": format_multiplier(bet.multiplier),
    }
    return bet.multiplier if bet.wins(kept.rolled) else 0, {"diceOutcome": outcome}
