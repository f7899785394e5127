"""A request that moves money is done once: the same again gets the first reply, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import attrs
import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.invoker.messages import Message
from gameserver.protocols.invoker.play.table import Bet, Played, Seat
from gameserver.wallet.books import Books, Change, Key
from gameserver.wallet.rows import RequestRow, owner_of

_json = msgspec.json.Encoder()


@attrs.frozen
class Done:
    """A reply as JSON, and what others are to be told: nothing when the reply had been given before."""

    reply: bytes
    changes: tuple[Change, ...] = ()
    bet: Bet | None = None


def encoded_reply(i: str, played: Played) -> bytes:
    """Return a reply as JSON."""
    return _json.encode({"i": i, "t": played.t, "p": played.payload})


def digest(seat: Seat, message: Message) -> bytes:
    """Return what two requests must share to be the same: game, currency, type and payload."""
    text = b"\0".join((seat.game.encode(), seat.currency.code.encode(), message.t.encode(), _json.encode(message.p)))
    return hashlib.sha256(text).digest()


@attrs.frozen
class Once:
    """The operation of a request that moves money.

    Its reply is kept with the change; after ``remembered_ms`` the same id is a new request. Doing it raises
    ``GameError`` ``repeated_id`` for an id that has been used for something else, and whatever ``play`` raises:
    a refused request leaves nothing behind and may be repeated.
    """

    seat: Seat
    message: Message
    play: Callable[[Books, Seat, Any], Played]
    remembered_ms: int

    @property
    def needs(self) -> tuple[Key, ...]:
        """The rows that are read in any case."""
        player = self.seat.player
        account = ("account", owner_of(player), self.seat.currency.code)
        return ("request", player, self.message.i), account, ("active", player, self.seat.game)

    def __call__(self, books: Books) -> Done:
        """Do it, or find the reply it has got before."""
        seat, message = self.seat, self.message
        body = digest(seat, message)
        known = books.request(seat.player, message.i)
        if known is not None and known.at_ms > books.now_ms - self.remembered_ms:
            if known.body != body:
                raise GameError(Code.REPEATED_ID, "This id has been used for another request.")
            return Done(known.reply)
        played = self.play(books, seat, message.p)
        answer = encoded_reply(message.i, played)
        books.keep_request(RequestRow(seat.player, message.i, body, answer, books.now_ms))
        return Done(answer, tuple(books.changes), played.bet)


def looked_up(seat: Seat, message: Message, look: Callable[[Books, Seat, Any], Played]) -> Callable[[Books], Done]:
    """Return the operation of a request that only looks."""
    return lambda books: Done(encoded_reply(message.i, look(books, seat, message.p)))
