"""Mines: a round over many requests, kept after each of them (document, chapter 4).

What is kept are the bet and the tiles opened; the mines come out of the seed whenever they are needed. When the
round ends its server seed is revealed and another takes its place.
"""

from __future__ import annotations

from typing import Any

import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair import mines
from gameserver.games.fair.mines import MinesRound, Status
from gameserver.games.fair.money import format_multiplier
from gameserver.games.fair.seeds import checked_client_seed
from gameserver.protocols.invoker.parameters import BetParams, Params, ResumeParams, RoundParams, TileParams
from gameserver.protocols.invoker.play.table import (
    Bet,
    Played,
    Seat,
    amount,
    begin_round,
    bet_id,
    finish_round,
    multiplier,
    no_second_round,
    own_round,
    provably_fair,
    seeds_of,
)
from gameserver.wallet.books import Books
from gameserver.wallet.offer import MINES, Currency
from gameserver.wallet.rows import RoundRow, SeedRow

#: What the document's ids of rounds begin with.
PREFIX = "game_"


class MinesState(msgspec.Struct, frozen=True):
    """What is kept of a round."""

    mines_count: int
    grid_type: str
    revealed: tuple[int, ...] = ()
    status: str = Status.IN_PROGRESS.value


def place(books: Books, seat: Seat, asked: BetParams) -> Played:
    """4.1: begin a round.

    Raises ``GameError`` ``round_open``, or what the rules of the game or the books refuse.
    """
    given = asked.game_params.mines_params
    if given is None:
        raise GameError(Code.NO_BET_PARAMETERS, "gameParams.minesParams is missing.")
    bet = mines.mines_bet(given.mines_count, given.grid_type)
    client_seed = checked_client_seed(asked.client_seed)
    stake = seat.currency.stake(asked.amount)
    no_second_round(books, seat, PREFIX)
    # The first tile must be payable; a round is settled before a step that is not.
    row, seed = begin_round(books, seat, stake, client_seed, bet.multiplier(1))
    row = msgspec.structs.replace(row, state=msgspec.json.encode(MinesState(bet.mines_count, bet.grid_type)))
    books.keep_round(row)
    game = mines.start(bet, stake, seeds_of(row, seed))
    payload = {
        "betId": bet_id(row.id),
        "gameResult": {
            "gameId": MINES,
            "betAmount": seat.currency.shown(stake.amount),
            "winAmount": "0",
            "isWin": False,
            "minesOutcome": {
                "gameId": f"{PREFIX}{row.id}",
                "status": game.status.value,
                "minesCount": bet.mines_count,
                "gridType": bet.grid_type,
                "revealedTiles": [],
                "safeTilesRevealed": 0,
                **_multipliers(game),
            },
            "timestamp": books.now_ms,
        },
        "balance": seat.currency.shown(books.balance(seat.player, seat.currency.code)),
    }
    return Played("PLACE_BET", payload)


def reveal(books: Books, seat: Seat, asked: TileParams) -> Played:
    """4.2: open a tile."""
    currency, row, game = _going_on(books, seat, asked.game_id)
    game = game.reveal(asked.tile_index)
    is_mine = game.status is Status.LOST
    row, told = _keep(books, currency, row, game)
    payload: dict[str, Any] = {"isMine": is_mine, "gameState": _state(currency, row, game)}
    if not is_mine:
        payload |= _multipliers(game)
    if told is not None:
        payload["result"] = _result(books, currency, row, game)
        if not is_mine:
            payload["balance"] = currency.shown(books.balance(seat.player, currency.code))
    return Played("MINES_REVEAL_TILE", payload, told)


def cash_out(books: Books, seat: Seat, asked: RoundParams) -> Played:
    """4.3: take the money."""
    currency, row, game = _going_on(books, seat, asked.game_id)
    game = game.cash_out()
    row, told = _keep(books, currency, row, game)
    payload = {
        "payout": amount(currency, game.payout),
        "gameState": _state(currency, row, game),
        "result": _result(books, currency, row, game),
        "balance": currency.shown(books.balance(seat.player, currency.code)),
    }
    return Played("MINES_CASH_OUT", payload, told)


def abandon(books: Books, seat: Seat, asked: RoundParams) -> Played:
    """4.7: give up."""
    currency, row, game = _going_on(books, seat, asked.game_id)
    game = game.abandon()
    row, told = _keep(books, currency, row, game)
    payload = {
        "success": True,
        "message": "The round has been abandoned.",
        "result": _result(books, currency, row, game),
    }
    return Played("MINES_ABANDON_GAME", payload, told)


def get_state(books: Books, seat: Seat, asked: RoundParams) -> Played:
    """4.4: look at a round, an ended one too."""
    row = own_round(books, seat, asked.game_id, PREFIX)
    currency, game = _game(books, row)
    return Played("MINES_GET_STATE", {"gameState": _state(currency, row, game), **_multipliers(game)})


def check_active(books: Books, seat: Seat, _asked: Params) -> Played:
    """4.5: say whether a round is open."""
    row = books.open_round(seat.player, seat.game)
    payload: dict[str, Any] = {"hasActiveGame": row is not None}
    if row is not None:
        currency, game = _game(books, row)
        payload |= {"gameId": f"{PREFIX}{row.id}", "gameState": _state(currency, row, game)}
    return Played("MINES_CHECK_ACTIVE", payload)


def resume(books: Books, seat: Seat, asked: ResumeParams) -> Played:
    """4.6: go on with an open round; the only one there is when none is named."""
    name = asked.game_id
    if name is None:
        row = books.open_round(seat.player, seat.game)
        if row is None:
            raise GameError(Code.NO_ROUND, "You have no open round.")
        name = f"{PREFIX}{row.id}"
    currency, row, game = _going_on(books, seat, name)
    payload = {"success": True, "gameState": _state(currency, row, game), **_multipliers(game)}
    return Played("MINES_RESUME_GAME", payload)


def expire(books: Books, row: RoundRow) -> Bet | None:
    """Settle a round that has been left alone."""
    currency, game = _game(books, row)
    return _keep(books, currency, row, game.expire())[1]


def _game(books: Books, row: RoundRow) -> tuple[Currency, MinesRound]:
    currency = books.currency(row.currency)
    return currency, game_of(currency, row, books.seed_of(row))


def game_of(currency: Currency, row: RoundRow, seed: SeedRow) -> MinesRound:
    """Return a kept round."""
    kept = msgspec.json.decode(row.state, type=MinesState)
    bet = mines.mines_bet(kept.mines_count, kept.grid_type)
    hidden = frozenset(mines.mine_positions(bet, seeds_of(row, seed)))
    return MinesRound(bet, currency.stake_of(row.stake), hidden, kept.revealed, Status(kept.status))


def _going_on(books: Books, seat: Seat, name: str) -> tuple[Currency, RoundRow, MinesRound]:
    row = own_round(books, seat, name, PREFIX)
    if row.ended_ms is not None:
        raise GameError(Code.ROUND_OVER, "This round is over.")
    currency, game = _game(books, row)
    return currency, row, game


def _keep(books: Books, currency: Currency, row: RoundRow, game: MinesRound) -> tuple[RoundRow, Bet | None]:
    """Keep a round; pay it and reveal its seed if it is over."""
    bet = game.bet
    state = msgspec.json.encode(MinesState(bet.mines_count, bet.grid_type, game.revealed, game.status.value))
    if game.status is Status.IN_PROGRESS:
        row = msgspec.structs.replace(row, state=state, updated_ms=books.now_ms)
        books.keep_round(row)
        return row, None
    row = finish_round(books, row, game.payout, state)
    books.rotate(row.player, row.game)
    potential = game.stake.payout(game.current_multiplier)
    outcome = {
        "minesCount": bet.mines_count,
        "gridType": bet.grid_type,
        "safeTilesRevealed": game.safe,
        "status": game.status.value,
    }
    told = Bet(
        row.id,
        row.player,
        MINES,
        currency.code,
        row.stake,
        row.win,
        potential,
        game.final_multiplier,
        {"minesOutcome": outcome},
        books.now_ms,
    )
    return row, told


def _multipliers(game: MinesRound) -> dict[str, str]:
    """Return what a cash-out pays now and one tile later; both are the same where no tile follows that could pay."""
    current = game.current_multiplier
    following = game.next_multiplier if game.goes_on else None
    return {
        "currentMultiplier": format_multiplier(current),
        "nextMultiplier": format_multiplier(current if following is None else following),
    }


def _state(currency: Currency, row: RoundRow, game: MinesRound) -> dict[str, Any]:
    return {
        "gameId": f"{PREFIX}{row.id}",
        "status": game.status.value,
        "betAmount": currency.shown(row.stake),
        "minesCount": game.bet.mines_count,
        "gridType": game.bet.grid_type,
        "revealedTiles": list(game.revealed),
        "safeTilesRevealed": game.safe,
        "createdAt": row.created_ms,
        "updatedAt": row.updated_ms,
    }


def _result(books: Books, currency: Currency, row: RoundRow, game: MinesRound) -> dict[str, Any]:
    return {
        "minePositions": list(game.mine_positions),
        "safeTilesRevealed": game.safe,
        "finalMultiplier": multiplier(game.final_multiplier),
        "payout": amount(currency, game.payout),
        "provablyFair": provably_fair(row, books.seed_of(row)),
    }


def outcome_of(currency: Currency, row: RoundRow, seed: SeedRow) -> tuple[int, dict[str, Any]]:
    """Return what a round has paid, in ten-thousandths, and its outcome, for the history."""
    game = game_of(currency, row, seed)
    outcome = _state(currency, row, game) | {
        "minePositions": list(game.mine_positions),
        "finalMultiplier": multiplier(game.final_multiplier),
    }
    return game.final_multiplier, {"minesOutcome": outcome}
