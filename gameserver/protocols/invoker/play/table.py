"""What the games have in common: who plays, what came of it, how numbers are shown."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from gameserver.errors import Code, GameError
from gameserver.games.fair.money import PARTS, Stake, format_multiplier
from gameserver.games.fair.seeds import Seeds
from gameserver.wallet.books import Books
from gameserver.wallet.offer import Currency
from gameserver.wallet.rows import RoundRow, SeedRow

#: What a balance changes for.
BET = "BET"
WIN = "WIN"


@attrs.frozen
class Seat:
    """A player at a game, with the currency of their token."""

    player: int
    game: str
    currency: Currency


class Bet(msgspec.Struct, frozen=True, gc=False):
    """A bet that is over, as others are told of it. Amounts in units, ``multiplier`` in ten-thousandths.

    ``potential`` is what a win would have paid; ``outcome`` the game's part of an activity.
    """

    number: int
    player: int
    game: str
    currency: str
    stake: int
    win: int
    potential: int
    multiplier: int
    outcome: dict[str, Any]
    at_ms: int

    @property
    def is_win(self) -> bool:
        """Whether anything came back."""
        return self.win > 0


@attrs.frozen
class Played:
    """What came of a request: type and payload of the reply, and the bet if it is over."""

    t: str
    payload: dict[str, Any]
    bet: Bet | None = None


def bet_id(number: int) -> str:
    """Return the name of a bet."""
    return f"bet_{number}"


def amount(currency: Currency, units: int) -> str:
    """Return an amount where the document writes a bare ``0`` for nothing (chapter 4)."""
    return currency.shown(units) if units else "0"


def multiplier(parts: int) -> str:
    """Return a multiplier where the document writes a bare ``0`` for nothing (chapter 4)."""
    return format_multiplier(parts) if parts else "0"


def ratio(win: int, stake: int) -> int:
    """Return what a bet has paid for its stake, in ten-thousandths, cut."""
    return win * PARTS // stake if stake else 0


def seeds_of(round_: RoundRow, seed: SeedRow) -> Seeds:
    """Return what a round's outcome depends on."""
    return Seeds(seed.value, round_.client_seed, round_.nonce)


def begin_round(books: Books, seat: Seat, stake: Stake, client_seed: str, best: int) -> tuple[RoundRow, SeedRow]:
    """Take a stake and a nonce; return the new round, not kept yet, and its seed.

    ``best`` is the greatest multiplier that the bet asks for, in ten-thousandths. Raises ``GameError``
    ``bet_too_high`` if it could not be paid in full, and what the books refuse.
    """
    stake.check_win(best)
    number = books.new_id()
    books.take(seat.player, seat.currency.code, stake.amount, BET, str(number))
    seed = books.use_seed(seat.player, seat.game)
    now = books.now_ms
    round_ = RoundRow(
        number,
        seat.player,
        seat.game,
        seat.currency.code,
        stake.amount,
        0,
        client_seed,
        seed.id,
        seed.nonce,
        b"",
        now,
        now,
    )
    return round_, seed


def finish_round(books: Books, round_: RoundRow, win: int, state: bytes) -> RoundRow:
    """Pay what a round has won and keep it as over."""
    if win:
        books.pay(round_.player, round_.currency, win, WIN, str(round_.id))
    now = books.now_ms
    ended = msgspec.structs.replace(round_, win=win, state=state, updated_ms=now, ended_ms=now)
    books.keep_round(ended)
    return ended


def provably_fair(round_: RoundRow, seed: SeedRow) -> dict[str, Any]:
    """Return what a round can be verified with; the server seed is empty while it is in use."""
    return {
        "clientSeed": round_.client_seed,
        "serverSeed": seed.value if seed.revealed_ms is not None else "",
        "hashedServerSeed": seed.hash,
        "nonce": round_.nonce,
    }


def no_second_round(books: Books, seat: Seat, prefix: str) -> None:
    """Raise ``GameError`` ``round_open`` if the player has an open round of the game."""
    open_round = books.open_round(seat.player, seat.game)
    if open_round is not None:
        details = {"gameId": f"{prefix}{open_round.id}"}
        raise GameError(Code.ROUND_OPEN, "Finish or resume the round that is open.", details)


def own_round(books: Books, seat: Seat, name: str, prefix: str) -> RoundRow:
    """Return a player's round by its name. Raises ``GameError`` ``no_round``.

    It may have been begun with a token for another currency than the seat's, and keeps that.
    """
    digits = name.removeprefix(prefix)
    found = None
    if name.startswith(prefix) and digits.isascii() and digits.isdecimal() and len(digits) <= 18:
        found = books.round(int(digits))
    if found is None or (found.player, found.game) != (seat.player, seat.game):
        raise GameError(Code.NO_ROUND, "You have no such round.")
    return found
