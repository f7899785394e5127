"""What a room says on /play, to each of the two generations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from gameserver.protocols.techmino.rooms.room import Member, Room
from gameserver.protocols.techmino.rooms.round import Round
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.rooms.settings import Said
from gameserver.protocols.techmino.sockets.encoders import broadcast, moment, reply, server
from gameserver.protocols.techmino.sockets.room_list import info


def _shown(member: Member) -> dict[str, object]:
    """Return a member as others see them (/play 2)."""
    return {
        "sid": member.sid,
        "uid": member.uid,
        "username": member.username,
        "config": member.config,
        "ready": member.ready,
    }


def _shown_with_mode(member: Member) -> dict[str, object]:
    return {**_shown(member), "mode": _mode(member)}


def _mode(member: Member) -> int:
    """Return 0 for who is not ready, 1 for who is ready to play, 2 for who watches."""
    return 2 if member.watching else int(member.ready)


def _line(said: Said) -> dict[str, object]:
    return {"uid": said.uid, "username": said.username, "time": moment(said.at_ms), "message": said.text}


def _welcome(room: Room, member: Member, shown: Callable[[Member], dict[str, object]]) -> dict[str, object]:
    """Return ``data`` of what a member is told on coming in (/play 2).

    ``players`` must have the newcomer too. ``rid``, ``start`` and ``srid`` (the stream of the round that is being
    played, to watch it) are additions to the document.
    """
    data: dict[str, object] = {
        "sid": member.sid,
        "ready": member.ready,
        "histories": [_line(said) for said in room.history],
        "players": [shown(other) for other in room.members.values()],
        "rid": room.rid,
        "start": room.round is not None,
    }
    if room.round is not None:
        data["srid"] = room.round.rid
    return data


class RoomEncoders1:
    """See ``RoomEncoders``. These clients have no hosts, no teams, and nobody is put out of a room."""

    def welcome(self, room: Room, member: Member) -> bytes:
        """/play 2."""
        return reply(2, data=_welcome(room, member, _shown))

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


class RoomEncoders2(RoomEncoders1):
    """The same with what clients from 0.15 on read besides; who does not know these keys passes over them."""

    def welcome(self, room: Room, member: Member) -> bytes:
        """/play 2, with the rules of the room."""
        more: dict[str, object] = {
            "roomInfo": info(room.listing),
            "roomData": msgspec.Raw(room.settings.data),
            "count": len(room.members),
            "capacity": room.settings.capacity,
            "private": bool(room.password),
        }
        return reply(2, data=_welcome(room, member, _shown_with_mode) | more)

    def entered(self, member: Member) -> bytes:
        """/play broadcast 2."""
        return broadcast(2, _shown_with_mode(member))

    def ready_changed(self, member: Member) -> bytes:
        """/play broadcast 6."""
        return broadcast(6, {"uid": member.uid, "ready": member.ready, "mode": _mode(member)})

    def round_begins(self, begun: Round) -> bytes:
        """/play 8."""
        return server(8, {"rid": begun.rid, "srid": begun.rid})
