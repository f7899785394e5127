"""What a generation must be able to say of a round to those who play or watch it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gameserver.protocols.techmino.rooms.seat import Seat


class StreamEncoders(Protocol):
    """One function an event; each returns a frame, or ``None`` where the generation has no message for it.

    ``apart``: a round is played over connections of its own, which come after its beginning and are closed behind it.
    Otherwise everybody in the room is there at once. ``echo``: who dies is told of it like the others.
    """

    apart: bool
    echo: bool

    def connected(
        self, own: Seat, others: Sequence[Seat], seed: int | None, played: Sequence[Seat] | None
    ) -> bytes | None:
        """Tell a newcomer who is there; ``seed`` once the round has begun.

        ``played`` are the players with all they have sent so far, ``None`` when that is too much to be sent.
        """

    def came(self, seat: Seat) -> bytes | None:
        """Tell the others of a newcomer."""

    def prepared(self, own: Seat, others: Sequence[Seat], seed: int) -> bytes | None:
        """Tell one connection, just before the start, who was there already when it came, and the seed."""

    def started(self, seed: int) -> bytes | None:
        """Tell everybody to play."""

    def cut_off(self, seat: Seat) -> bytes | None:
        """Tell everybody that a connection is lost."""

    def died(self, seat: Seat) -> bytes | None:
        """Tell of a death."""

    def piece_head(self, uid: int) -> bytes:
        """Return the part of a piece's frame that is the same for everything a player sends."""

    def piece(self, head: bytes, text: bytes) -> bytes:
        """Return the frame of a piece; ``text`` is what the player has sent, as a JSON text."""

    def over(self) -> bytes | None:
        """Tell everybody that the round is over."""
