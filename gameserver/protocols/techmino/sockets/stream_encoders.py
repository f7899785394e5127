"""What a round says on /stream."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gameserver.net.websocket import frame
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.sockets.encoders import broadcast, message, server


def _pieces(played: Sequence[Seat]) -> msgspec.Raw:
    """Return everything players have sent, an entry a piece.

    Put together from texts: a round of many has a hundred thousand pieces, and everybody else waits.
    """
    entries = []
    for seat in played:
        begin = b'{"uid":%d,"stream":' % seat.uid
        entries += [b"%b%b}" % (begin, piece) for piece in seat.pieces()]
    return msgspec.Raw(b"[%b]" % b",".join(entries))


class SocketStreamEncoders:
    """See ``StreamEncoders``."""

    apart: bool = True
    echo: bool = False

    def connected(self, own: Seat, others: Sequence[Seat], seed: int | None, played: Sequence[Seat] | None) -> bytes:
        """/stream Connect."""
        data: dict[str, object] = {"connected": [seat.uid for seat in others], "watch": own.watch}
        if seed is not None:
            data["seed"] = seed
            if played is None:
                data |= {"histories": [], "truncated": True}
            else:
                data["histories"] = _pieces(played)
        return message("Connect", data=data)

    def came(self, seat: Seat) -> bytes:
        """/stream broadcast 2."""
        return broadcast(2, {"uid": seat.uid, "watch": seat.watch})

    def prepared(self, own: Seat, others: Sequence[Seat], seed: int) -> None:
        """Nothing."""

    def started(self, seed: int) -> bytes:
        """/stream 0."""
        return server(0, {"seed": seed})

    def cut_off(self, seat: Seat) -> bytes:
        """/stream 3."""
        return server(3, {"uid": seat.uid})

    def died(self, seat: Seat) -> bytes:
        """/stream broadcast 4."""
        return broadcast(4, {"uid": seat.uid, "score": seat.score, "survivalTime": seat.survival_time})

    def piece_head(self, uid: int) -> bytes:
        """Return the beginning of a /stream broadcast 5."""
        return b'{"type":"Broadcast","action":5,"data":{"uid":%d,"stream":' % uid

    def piece(self, head: bytes, text: bytes) -> bytes:
        """/stream broadcast 5."""
        return frame(b"%b%b}}" % (head, text))

    def over(self) -> bytes:
        """/stream 1."""
        return server(1)
