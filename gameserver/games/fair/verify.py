"""Verification: seeds and nonce in, the outcome out with every step on the way to it.

The structures are what ``POST /v1/fairness/…/verify`` answers and ``gameserver verify --json`` prints. All
functions raise ``GameError`` ``bad_server_seed``, ``bad_client_seed`` or ``bad_nonce``, or what the game says about
its parameters.
"""

from __future__ import annotations

import msgspec

from gameserver.games.fair import dice, keno, mines, steps
from gameserver.games.fair.money import format_multiplier
from gameserver.games.fair.rng import words
from gameserver.games.fair.seeds import (
    Seeds,
    checked_client_seed,
    checked_nonce,
    checked_server_seed,
    commitment,
)


class Verification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every answer has: the seeds, the commitment to hold against the one shown before, the hashes."""

    algorithm: str = steps.ALGORITHM
    server_seed: str
    hashed_server_seed: str
    client_seed: str
    nonce: int
    rounds: list[steps.Round]


class DiceVerification(Verification, frozen=True, kw_only=True, rename="camel"):
    """A roll, 0.00 to 99.99; the last three only when a bet was named."""

    roll: float
    floats: list[steps.Float]
    target: int | None = None
    condition: str | None = None
    is_win: bool | None = None
    multiplier: str | None = None


class MinesVerification(Verification, frozen=True, kw_only=True, rename="camel"):
    """The mines, ascending, counted from 0; ``draws`` has them in the order drawn."""

    mines_count: int
    grid_type: str
    mine_positions: list[int]
    draws: list[steps.Draw]


class KenoVerification(Verification, frozen=True, kw_only=True, rename="camel"):
    """The drawn numbers, ascending, and what they pay; ``draws`` has them in the order drawn."""

    drawn_numbers: list[int]
    selected_numbers: list[int]
    matched_numbers: list[int]
    match_count: int
    difficulty: str | None
    multiplier: str
    draws: list[steps.Draw]


def checked_seeds(server_seed: object, client_seed: object, nonce: object) -> Seeds:
    """Return the seeds of an outcome to verify."""
    return Seeds(checked_server_seed(server_seed), checked_client_seed(client_seed), checked_nonce(nonce))


def verify_dice(
    server_seed: object, client_seed: object, nonce: object, target: object = None, condition: object = None
) -> DiceVerification:
    """Return a roll, and whether a bet on it won if target and condition are given."""
    seeds = checked_seeds(server_seed, client_seed, nonce)
    rolled = dice.roll(seeds)
    found = DiceVerification(
        server_seed=seeds.server_seed,
        hashed_server_seed=commitment(seeds.server_seed),
        client_seed=seeds.client_seed,
        nonce=seeds.nonce,
        rounds=steps.rounds(seeds, 1),
        roll=rolled / 100,
        floats=[steps.scaled(next(words(seeds)), dice.ROLLS)],
    )
    if target is None and condition is None:
        return found
    bet = dice.dice_bet(target, condition)
    return msgspec.structs.replace(
        found,
        target=bet.target,
        condition=bet.condition.value,
        is_win=bet.wins(rolled),
        multiplier=format_multiplier(bet.multiplier),
    )


def verify_mines(
    server_seed: object, client_seed: object, nonce: object, mines_count: object, grid_type: object = "5x5"
) -> MinesVerification:
    """Return where the mines of a round are."""
    seeds = checked_seeds(server_seed, client_seed, nonce)
    bet = mines.mines_bet(mines_count, grid_type)
    return MinesVerification(
        server_seed=seeds.server_seed,
        hashed_server_seed=commitment(seeds.server_seed),
        client_seed=seeds.client_seed,
        nonce=seeds.nonce,
        rounds=steps.rounds(seeds, bet.mines_count),
        mines_count=bet.mines_count,
        grid_type=bet.grid_type,
        mine_positions=sorted(mines.mine_positions(bet, seeds)),
        draws=steps.draws(seeds, range(bet.tiles), bet.mines_count),
    )


def verify_keno(
    server_seed: object,
    client_seed: object,
    nonce: object,
    selected_numbers: object,
    difficulty: object = None,
) -> KenoVerification:
    """Return the numbers drawn and what a bet on them pays; the document's own table without ``difficulty``."""
    seeds = checked_seeds(server_seed, client_seed, nonce)
    outcome = keno.play(keno.keno_bet(selected_numbers, difficulty), seeds)
    return KenoVerification(
        server_seed=seeds.server_seed,
        hashed_server_seed=commitment(seeds.server_seed),
        client_seed=seeds.client_seed,
        nonce=seeds.nonce,
        rounds=steps.rounds(seeds, keno.DRAWN),
        drawn_numbers=list(outcome.drawn),
        selected_numbers=list(outcome.bet.numbers),
        matched_numbers=list(outcome.matched),
        match_count=len(outcome.matched),
        difficulty=None if difficulty is None else outcome.bet.table,
        multiplier=format_multiplier(outcome.multiplier),
        draws=steps.draws(seeds, range(1, keno.NUMBERS + 1), keno.DRAWN),
    )
