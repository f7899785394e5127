"""What the games of several processes tell each other: what came of a request, and who has been replaced.

A player may have connections at any of them, and everybody is told of everybody's bets.
"""

from __future__ import annotations

from typing import Protocol

import msgspec
from twisted.logger import Logger

from gameserver.protocols.invoker.play.table import Bet
from gameserver.wallet.books import Change

#: The subject on which the processes publish it.
TOPIC = "invoker"

_log = Logger()


class Settled(msgspec.Struct, frozen=True, tag="settled"):
    """What came of a player's request: changes of their balance, and the bet if it is over.

    ``placed``: it was a new bet, which counts in the player's rate. ``name`` is the player's, not masked.
    """

    player: int
    game: str
    name: str
    placed: bool
    changes: tuple[Change, ...]
    bet: Bet | None


class Replaced(msgspec.Struct, frozen=True, tag="replaced"):
    """The connections of a player that came in with the tokens of some sessions are to end."""

    player: int
    sessions: tuple[str, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Settled | Replaced).decode


class Hearer(Protocol):
    """Takes in what the others tell."""

    def settled_elsewhere(self, settled: Settled) -> None:
        """A request has been done at another process."""

    def end_sessions_here(self, player: int, sessions: tuple[str, ...]) -> None:
        """Another process has opened a session that replaces some."""


def encoded(message: Settled | Replaced) -> bytes:
    """Return a message as it is published."""
    return _encode(message)


def heard(hearer: Hearer, payload: bytes) -> None:
    """Take in what another process has published."""
    try:
        message = _decode(payload)
    except msgspec.DecodeError:
        _log.warn("a message about the games of another version of this program; it is passed over")
        return
    if isinstance(message, Settled):
        hearer.settled_elsewhere(message)
    else:
        hearer.end_sessions_here(message.player, message.sessions)
