"""What a round says on /stream, to each of the two generations."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gameserver.net.websocket import frame
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.sockets.encoders import broadcast, message, reply, server


def _pieces(played: Sequence[Seat]) -> msgspec.Raw:
    """Return everything players have sent, an entry a piece.

    Put together from texts: a round of many has a hundred thousand pieces, and everybody else waits.
    """
    entries = []
    for seat in played:
        begin = b'{"uid":%d,"stream":' % seat.uid
        entries += [b"%b%b}" % (begin, piece) for piece in seat.pieces()]
    return msgspec.Raw(b"[%b]" % b",".join(entries))


class StreamEncoders1:
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

    def prepared(self, own: Seat, others: Sequence[Seat], seed: int) -> bytes | None:
        """Nothing."""
        return None

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


def _spectate(seat: Seat) -> dict[str, object]:
    return {"uid": seat.uid, "spectate": seat.watch}


def _only_looks(own: Seat) -> bool:
    """Say whether somebody watches; so does a player who comes back and is dead."""
    return own.watch or own.final


class StreamEncoders2(StreamEncoders1):
    """The same for clients from 0.15 on. They take the seed and who plays from an own message (/stream Self 2)."""

    def connected(self, own: Seat, others: Sequence[Seat], seed: int | None, played: Sequence[Seat] | None) -> bytes:
        """/stream Connect, and in the middle of a round everything that was played before.

        Who only looks on is told with it who is dead already: nothing in the pieces shows that to the client.
        """
        connect = message("Connect", data={"connected": self._there(others), "watch": own.watch})
        if seed is None:
            return connect
        data = self._own(own, others, seed) | {"start": _only_looks(own), "history": _pieces(played or ())}
        dead = [seat for seat in others if seat.final] if _only_looks(own) else []
        dead.sort(key=lambda seat: seat.out or 0)
        return b"".join([connect, reply(2, data=data), *map(self.died, dead)])

    def _there(self, others: Sequence[Seat]) -> list[object]:
        return [seat.uid for seat in others]

    def came(self, seat: Seat) -> bytes:
        """/stream broadcast 2."""
        return broadcast(2, {"uid": seat.uid, "watch": seat.watch, "spectate": seat.watch})

    def prepared(self, own: Seat, others: Sequence[Seat], seed: int) -> bytes:
        """/stream Self 2."""
        return reply(2, data=self._own(own, others, seed) | {"start": False})

    def _own(self, own: Seat, others: Sequence[Seat], seed: int) -> dict[str, object]:
        """Return who is there; ``uid`` gets a board, so a spectator is told a player's instead of their own."""
        players = [seat.uid for seat in others if not seat.watch]
        uid = players[0] if _only_looks(own) and players else own.uid
        return {
            "uid": uid,
            "seed": seed,
            "spectate": _only_looks(own),
            "connected": [_spectate(seat) for seat in others],
        }


class StreamEncoders0148(StreamEncoders2):
    """The same for 0.14.8, which alone reads ``connected`` of Connect, and wants objects there."""

    def _there(self, others: Sequence[Seat]) -> list[object]:
        return [_spectate(seat) | {"watch": seat.watch} for seat in others]
