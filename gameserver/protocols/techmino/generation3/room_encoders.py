"""What a room of generation 3 says, and how a room and those in it are written."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gameserver.net.websocket import frame
from gameserver.protocols.techmino.generation3.encoders import message
from gameserver.protocols.techmino.rooms.listing import Listing
from gameserver.protocols.techmino.rooms.room import Member, Room
from gameserver.protocols.techmino.rooms.round import HISTORIES, Round
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.rooms.settings import Said


def listed(room: Listing) -> dict[str, object]:
    """Return a room as an entry of the list. One of another generation has that for its version."""
    info: dict[str, object] = {
        "name": room.name,
        "type": room.kind,
        "version": room.version or room.generation,
        "description": room.description,
    }
    entry: dict[str, object] = {
        "roomId": room.rid,
        "capacity": min(room.capacity, 2**31 - 1),
        "count": {"Gamer": room.playing, "Spectator": room.watching},
        "state": "Playing" if room.started else "Ready" if room.counting_down else "Standby",
        "private": room.private,
        "info": info,
    }
    if room.seed is not None:
        entry["seed"] = room.seed
    return entry


def _state(member: Member, seat: Seat | None) -> str:
    if seat is not None and not seat.watch:
        return "Playing" if seat.out is None else "Finished"
    return "Ready" if member.ready else "Standby"


def _player(member: Member, history: bytes = b"") -> dict[str, object]:
    """Return a member; ``history`` is the inside of a JSON text."""
    return {
        "playerId": member.uid,
        "group": member.group,
        "role": "Admin" if member is member.room.host else "Normal",
        "type": "Spectator" if member.watching else "Gamer",
        "state": _state(member, member.seat),
        "config": member.config,
        "history": msgspec.Raw(b'"%b"' % history),
    }


def _histories(room: Room) -> dict[int, bytes]:
    """Return what each player has sent so far, put together: the client's pieces can be joined as they are.

    None of it when it is too much to be sent.
    """
    if room.round is None:
        return {}
    seats = [seat for member in room.members.values() if (seat := member.seat) is not None]
    if sum(len(seat.record) for seat in seats) > HISTORIES:
        return {}
    return {seat.uid: seat.joined() for seat in seats}


def _full(room: Room) -> dict[str, object]:
    """Return a room as its newcomer is told, who is one of its players already."""
    histories = _histories(room)
    players = [_player(member, histories.get(member.uid, b"")) for member in room.members.values()]
    return listed(room.listing) | {
        "data": msgspec.Raw(room.settings.data),
        "players": players,
        "chats": [{"playerId": said.uid, "message": said.text} for said in room.history],
    }


class Generation3RoomEncoders:
    """See ``RoomEncoders``."""

    def welcome(self, room: Room, member: Member) -> bytes:
        """1301 for who has made the room, 1306 for who has joined it."""
        return message(1301 if len(room.members) == 1 else 1306, _full(room))

    def entered(self, member: Member) -> bytes:
        """1306 with a player and not a room."""
        return message(1306, _player(member))

    def left(self, member: Member) -> bytes:
        """1308."""
        return message(1308, {"playerId": member.uid})

    def said(self, said: Said) -> bytes:
        """1300."""
        return message(1300, {"playerId": said.uid, "message": said.text})

    def configured(self, member: Member) -> bytes:
        """1200."""
        return message(1200, {"playerId": member.uid, "config": member.config})

    def ready_changed(self, member: Member) -> bytes:
        """1203."""
        return message(1203, {"playerId": member.uid, "isReady": member.ready})

    def watching_changed(self, member: Member) -> bytes:
        """1207."""
        return message(1207, {"playerId": member.uid, "type": "Spectator" if member.watching else "Gamer"})

    def group_changed(self, member: Member) -> bytes:
        """1202."""
        return message(1202, {"playerId": member.uid, "group": member.group})

    def host_changed(self, host: Member, former: Member | None) -> bytes:
        """1204 for each whose role has changed, in two frames."""
        told = message(1204, {"playerId": host.uid, "role": "Admin"})
        if former is None:
            return told
        return told + message(1204, {"playerId": former.uid, "role": "Normal"})

    def kicked(self, member: Member, by: Member) -> bytes:
        """1307."""
        return message(1307, {"executorId": by.uid, "playerId": member.uid})

    def password_changed(self, member: Member) -> bytes:
        """1310, without the password."""
        return message(1310, {"playerId": member.uid})

    def dissolved(self) -> bytes:
        """1311."""
        return message(1311)

    def all_ready(self) -> bytes:
        """1101."""
        return message(1101)

    def round_begins(self, begun: Round) -> None:
        """Nothing: the round itself says it."""

    def round_ended(self, result: Sequence[Seat]) -> bytes:
        """1100; the clients count the places themselves."""
        return message(1100)


class Generation3StreamEncoders:
    """See ``StreamEncoders``. Everybody in the room is there; who comes later has heard all from the room."""

    apart: bool = False
    echo: bool = True

    def connected(self, own: Seat, others: Sequence[Seat], seed: int | None, played: Sequence[Seat] | None) -> None:
        """Nothing."""

    def came(self, seat: Seat) -> None:
        """Nothing."""

    def prepared(self, own: Seat, others: Sequence[Seat], seed: int) -> None:
        """Nothing."""

    def started(self, seed: int) -> bytes:
        """1102."""
        return message(1102, {"seed": seed})

    def cut_off(self, seat: Seat) -> None:
        """Nothing: whoever is cut off has left the room."""

    def died(self, seat: Seat) -> bytes:
        """1201."""
        return message(1201, {"playerId": seat.uid, "data": {"reason": seat.why}})

    def piece_head(self, uid: int) -> bytes:
        """Return the beginning of 1206."""
        return b'{"action":1206,"errno":0,"data":{"playerId":%d,"data":' % uid

    def piece(self, head: bytes, text: bytes) -> bytes:
        """1206."""
        return frame(b"%b%b}}" % (head, text))

    def over(self) -> None:
        """Nothing: the room says it when the round is kept."""
