"""One player or watcher of a round, the places at its end, and what is kept of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord
from gameserver.sessions.session import Sink

#: Bytes of a record that are compressed within one reactor turn: some milliseconds.
SLICE = 1 << 17

#: Faster than the default by three, for a twentieth of the size.
LEVEL = 1


@attrs.define(eq=False, slots=True)
class Seat:
    """Somebody on a round's stream.

    ``out`` counts in which order players went out, ``None`` while they play. A player who was only cut off may come
    back until the round ends; one who is dead or has left the room is out for good (``final``), and ``why`` says of
    the dead how, in their client's word where it has one. ``group`` is their team, 0 for nobody's. ``first`` and
    ``came`` count in which order seats and connections came. ``survival_time`` is in seconds. ``record`` holds the
    pieces as JSON texts, a newline behind each: none is inside such a text. ``head`` is what every frame of a piece
    begins with.
    """

    uid: int
    username: str
    watch: bool
    group: int = 0
    line: Sink | None = None
    first: int = 0
    came: int = 0
    out: int | None = None
    final: bool = False
    place: int = 0
    score: int = 0
    why: str = ""
    survival_time: int = 0
    record: bytearray = attrs.field(factory=bytearray)
    whole: bool = True
    head: bytes = b""

    def keep(self, stream: bytes, limit: int) -> None:
        """Record a piece (a JSON text); from the first that does not fit nothing more is recorded."""
        if not self.whole:
            return
        if len(self.record) + len(stream) >= limit:
            self.whole = False
            return
        self.record += stream
        self.record += b"\n"

    def recorded(self) -> bytes:
        """Return everything recorded as a JSON list."""
        return b"[%b]" % bytes(self.record[:-1].replace(b"\n", b","))

    def pieces(self) -> list[bytes]:
        """Return everything recorded, each piece as a JSON text."""
        return bytes(self.record[:-1]).split(b"\n") if self.record else []

    def joined(self) -> bytes:
        """Return everything recorded as the inside of one JSON text, made at once however many pieces there are."""
        # Within a JSON text there is neither a newline nor a quote without a backslash.
        return bytes(self.record[1:-2].replace(b'"\n"', b""))


def rank(players: Iterable[Seat], seconds: int) -> list[Seat]:
    """Give everybody their place and return them, the first first.

    Those who still play are before all others; of those who went out, the last one is best. ``seconds`` is how long
    the round has lasted; those who still play have survived that long, and share the first place if they are several
    (when the server stops).
    """
    seats = list(players)
    alive = [seat for seat in seats if seat.out is None]
    for seat in alive:
        seat.place, seat.survival_time = 1, seconds
    gone = sorted((seat for seat in seats if seat.out is not None), key=lambda seat: -(seat.out or 0))
    for place, seat in enumerate(gone, len(alive) + 1):
        seat.place = place
    return alive + gone


async def recorded(clock: IReactorTime, head: RoundRecord, result: list[Seat]) -> RoundRecord:
    """Return a round's record with everything its players have sent; a long round takes many reactor turns."""
    players = []
    for seat in result:
        packer, text, packed = zlib.compressobj(LEVEL), seat.recorded(), []
        for start in range(0, len(text), SLICE):
            packed.append(packer.compress(text[start : start + SLICE]))
            await deferLater(clock, 0)
        stream = b"".join([*packed, packer.flush()])
        line = (seat.uid, seat.username, seat.place, seat.score, seat.survival_time)
        players.append(PlayerRecord(*line, stream=stream, whole=seat.whole))
    return attrs.evolve(head, players=tuple(players))
