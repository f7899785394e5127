"""One player or watcher of a round, and the places at its end."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from gameserver.protocols.techmino import encoders
from gameserver.sessions.session import Sink


@attrs.define(eq=False, slots=True)
class Seat:
    """Somebody on a round's stream.

    ``out`` counts in which order players went out, ``None`` while they play. Who was only cut off may come back
    until the round ends; who is dead or has left the room is out for good (``final``). ``survival_time`` is in
    seconds. ``record`` holds the pieces as JSON texts, a newline behind each: none is inside such a text.
    """

    uid: int
    username: str
    watch: bool
    line: Sink | None = None
    out: int | None = None
    final: bool = False
    place: int = 0
    score: int = 0
    survival_time: int = 0
    record: bytearray = attrs.field(factory=bytearray)
    whole: bool = True
    head: bytes = b""

    def __attrs_post_init__(self) -> None:
        self.head = encoders.chunk_head(self.uid)

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

    def histories(self) -> bytes:
        """Return everything recorded as entries of the ``histories`` of /stream Connect, commas between them."""
        if not self.record:
            return b""
        begin = b'{"uid":%d,"stream":' % self.uid
        return b"%b%b}" % (begin, bytes(self.record[:-1].replace(b"\n", b"}," + begin)))

    def shown(self) -> dict[str, int]:
        """Return a line of the result as /play 9 has it."""
        return {"uid": self.uid, "place": self.place, "score": self.score, "survivalTime": self.survival_time}


def rank(players: Iterable[Seat], seconds: int) -> list[Seat]:
    """Give everybody his place and return them, the first first: who went out last is best, who still plays better.

    ``seconds`` is how long the round has lasted; those who still play have survived that long, and share the first
    place if they are several (when the server stops).
    """
    seats = list(players)
    alive = [seat for seat in seats if seat.out is None]
    for seat in alive:
        seat.place, seat.survival_time = 1, seconds
    gone = sorted((seat for seat in seats if seat.out is not None), key=lambda seat: -(seat.out or 0))
    for place, seat in enumerate(gone, len(alive) + 1):
        seat.place = place
    return alive + gone
