"""What a room says on /play."""

from __future__ import annotations

from collections.abc import Sequence

from gameserver.protocols.techmino.rooms.room import Member, Room
from gameserver.protocols.techmino.rooms.round import Round
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.rooms.settings import Said
from gameserver.protocols.techmino.sockets.encoders import broadcast, moment, reply, server


def listed(room: Room) -> dict[str, object]:
    """Return a room as an entry of the list (/play 0)."""
    settings = room.settings
    return {
        "rid": room.rid,
        "name": settings.name,
        "type": settings.kind,
        "private": bool(room.password),
        "start": room.round is not None,
        "count": len(room.members),
        "capacity": settings.capacity,
    }


def _shown(member: Member) -> dict[str, object]:
    """Return a member as others see them (/play 2)."""
    return {
        "sid": member.sid,
        "uid": member.uid,
        "username": member.username,
        "config": member.config,
        "ready": member.ready,
    }


def _line(said: Said) -> dict[str, object]:
    return {"uid": said.uid, "username": said.username, "time": moment(said.at_ms), "message": said.text}


class SocketRoomEncoders:
    """See ``RoomEncoders``. These clients have no hosts, no teams, and nobody is put out of a room."""

    def welcome(self, room: Room, member: Member) -> bytes:
        """Return what a member is told on coming in (/play 2).

        ``players`` must have the newcomer too. ``rid``, ``start`` and ``srid`` (the stream of the round that is
        being played, to watch it) are additions.
        """
        data: dict[str, object] = {
            "sid": member.sid,
            "ready": member.ready,
            "histories": [_line(said) for said in room.history],
            "players": [_shown(other) for other in room.members.values()],
            "rid": room.rid,
            "start": room.round is not None,
        }
        if room.round is not None:
            data["srid"] = room.round.rid
        return reply(2, data=data)

    def entered(self, member: Member) -> bytes:
        """/play broadcast 2."""
        return broadcast(2, _shown(member))

    def left(self, member: Member) -> bytes:
        """/play broadcast 3; the client finds the leaver by ``sid`` only."""
        return broadcast(3, {"sid": member.sid, "uid": member.uid, "username": member.username})

    def said(self, said: Said) -> bytes:
        """/play broadcast 4."""
        return broadcast(4, _line(said))

    def configured(self, member: Member) -> bytes:
        """/play broadcast 5."""
        return broadcast(5, {"uid": member.uid, "config": member.config})

    def ready_changed(self, member: Member) -> bytes:
        """/play broadcast 6."""
        return broadcast(6, {"uid": member.uid, "ready": member.ready})

    def watching_changed(self, member: Member) -> bytes:
        """/play broadcast 6 as well."""
        return self.ready_changed(member)

    def group_changed(self, member: Member) -> None:
        """Nothing."""

    def host_changed(self, host: Member, former: Member | None) -> None:
        """Nothing."""

    def kicked(self, member: Member, by: Member) -> None:
        """Nothing."""

    def password_changed(self, member: Member) -> None:
        """Nothing."""

    def dissolved(self) -> None:
        """Nothing."""

    def all_ready(self) -> bytes:
        """/play 7."""
        return server(7)

    def round_begins(self, begun: Round) -> bytes:
        """/play 8."""
        return server(8, {"rid": begun.rid})

    def round_ended(self, result: Sequence[Seat]) -> bytes:
        """/play 9."""
        places = [
            {"uid": seat.uid, "place": seat.place, "score": seat.score, "survivalTime": seat.survival_time}
            for seat in result
        ]
        return server(9, {"start": False, "result": places})
