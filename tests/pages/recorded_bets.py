"""Bets as GET_BET_HISTORY lists them when their seeds are revealed, for the tests of the pages' verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from gameserver.games.fair import blackjack, dice, keno, mines
from gameserver.games.fair.keno_tables import DIFFICULTIES
from gameserver.games.fair.money import UNITS, Stake
from gameserver.games.fair.seeds import Seeds, commitment
from gameserver.games.rng import Chance
from gameserver.protocols.invoker.catalogue import catalogue
from gameserver.protocols.invoker.encoders import history_entry
from gameserver.protocols.invoker.play.blackjack import BlackjackState
from gameserver.protocols.invoker.play.dice import DiceState
from gameserver.protocols.invoker.play.keno import KenoState
from gameserver.protocols.invoker.play.mines import MinesState
from gameserver.testing.wallet import CURRENCIES
from gameserver.wallet.offer import BLACKJACK, DICE, KENO, MINES
from gameserver.wallet.rows import RoundRow, SeedRow

#: Bets of each game but blackjack, and rounds of that.
BETS, ROUNDS = 12, 60

#: Stakes in units; the odd one is cut when it is halved or paid 3:2.
STAKES = (10 * UNITS, 333 * UNITS // 100)

#: What a game has kept of a bet: its state, what was staked in all, and what it won.
_Kept = tuple[msgspec.Struct, int, int]


def bets() -> dict[str, Any]:
    """Return the entries, and the pay tables of keno."""
    tables = catalogue(CURRENCIES)[KENO]["payoutTables"]
    return {"tables": tables, "entries": list(_entries())}


def _entries() -> Iterator[dict[str, Any]]:
    usd, chance = CURRENCIES["USD"], Chance(11)
    games = {DICE: (_dice, BETS), KENO: (_keno, BETS), MINES: (_mines, BETS), BLACKJACK: (_blackjack, ROUNDS)}
    number = 0
    for game, (play, many) in games.items():
        for nonce in range(many):
            number += 1
            value = f"{number:064x}"
            stake = usd.stake_of(STAKES[nonce % len(STAKES)])
            state, staked, win = play(stake, Seeds(value, "a client seed", nonce), chance)
            seed = SeedRow(number, 1, game, value, commitment(value), nonce + 1, 1, 0, 1000)
            row = RoundRow(
                id=number,
                player=1,
                game=game,
                currency="USD",
                seed=number,
                nonce=nonce,
                client_seed="a client seed",
                stake=staked,
                win=win,
                state=msgspec.json.encode(state),
                created_ms=0,
                updated_ms=1000,
                ended_ms=1000,
            )
            yield history_entry(usd, row, seed)


def _dice(stake: Stake, seeds: Seeds, chance: Chance) -> _Kept:
    bet = dice.dice_bet(4 + chance.below(93), chance.choice(["OVER", "UNDER"]))
    outcome = dice.play(bet, seeds)
    return DiceState(bet.target, bet.condition.value, outcome.rolled), stake.amount, outcome.payout(stake)


def _keno(stake: Stake, seeds: Seeds, chance: Chance) -> _Kept:
    numbers = [1 + 3 * index for index in range(1 + chance.below(10))]
    bet = keno.keno_bet(numbers, chance.choice([None, *DIFFICULTIES]))
    outcome = keno.play(bet, seeds)
    return KenoState(numbers, bet.table, list(outcome.order)), stake.amount, outcome.payout(stake)


def _mines(stake: Stake, seeds: Seeds, chance: Chance) -> _Kept:
    bet = mines.mines_bet(1 + chance.below(6), chance.choice(list(mines.GRIDS)))
    game = mines.start(bet, stake, seeds)
    for tile in range(1 + chance.below(4)):
        if game.goes_on:
            game = game.reveal(tile)
    if game.goes_on:
        game = game.cash_out() if chance.below(4) else game.abandon()
    state = MinesState(bet.mines_count, bet.grid_type, game.revealed, game.status.value)
    return state, stake.amount, game.payout


def _blackjack(stake: Stake, seeds: Seeds, chance: Chance) -> _Kept:
    game = blackjack.start(stake, seeds)
    while not game.is_finished:
        allowed = game.legal_actions()
        pairs = [one for one in allowed if one.move is blackjack.Move.SPLIT]
        game = game.apply(chance.choice(pairs or allowed))
    state = BlackjackState(stake.amount, [str(action) for action in game.actions])
    return state, game.total_bet, game.total_payout
