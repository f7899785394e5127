"""What the nodes tell each other of their rooms: which there are, who sits there, how many are connected."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from gameserver.edge.directory import Directory
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.rooms.listing import Listing
from gameserver.protocols.techmino.rooms.lobby import Lobby
from gameserver.protocols.techmino.rooms.room import Member, Room

T = TypeVar("T")

#: What the directory has: rooms by number, seats by uid, and by node how many are there.
ROOM, SEAT, NODE = "techmino room", "techmino seat", "techmino"

#: Seconds between two looks for a seat, and how many: a client is told sooner that it has one than all nodes are.
LOOKS_EVERY, LOOKS = 0.05, 25

#: Rooms, and seats, of other nodes that are kept as they were read.
READ = 1 << 14


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A player's seat: the number of the room, and theirs there.

    ``kept`` for a player whose connection is lost; else it goes with their connection.
    """

    rid: str
    sid: int
    kept: bool


class Counts(msgspec.Struct, frozen=True, array_like=True):
    """How many are connected at a node, by endpoint, and how many are in a chat room there, by its name."""

    connected: dict[str, int]
    chatting: dict[str, int]


_encode = msgspec.msgpack.Encoder().encode


def _reader(kind: type[T], kept: int) -> Callable[[bytes], T | None]:
    """Return what reads values, of which so many are kept; ``None`` for one of another version of this program."""
    decode = msgspec.msgpack.Decoder(kind).decode

    @lru_cache(kept)
    def read(value: bytes) -> T | None:
        try:
            return decode(value)
        except msgspec.DecodeError:
            return None

    return read


_listing = _reader(Listing, READ)
_counts = _reader(Counts, 64)
_place = _reader(Place, READ)


class RoomsElsewhere:
    """The rooms of other nodes. What is in the lobby here is told to them; what a dead node had is soon forgotten."""

    def __init__(
        self, clock: IReactorTime, directory: Directory, node: str, lobby: Lobby, standing: Mapping[str, int]
    ) -> None:
        self._clock = clock
        self._directory = directory
        self._node = node
        self._lobby = lobby
        self._standing = standing
        self._changed: dict[str, Room] = {}
        self._told: dict[str, Listing] = {}
        lobby.entered.append(self._entered)
        lobby.left.append(self._left)
        lobby.changed.append(self._room_changed)

    # What the others have.

    def listed(self) -> list[Listing]:
        """Return their rooms, the newest first."""
        there = (_listing(value) for rid, _, value in self._directory.elsewhere(ROOM) if rid not in self._lobby.rooms)
        found = [room for room in there if room is not None]
        return sorted(found, key=lambda room: -room.opened_ms)

    def room(self, rid: str) -> str | None:
        """Return the node that has a room; ``None`` for one that is here or nowhere."""
        if rid in self._lobby.rooms:
            return None
        found = self._directory.find(ROOM, rid)
        return None if found is None else found[0]

    def room_to_enter(self, rid: str) -> str | None:
        """Return the node that has a room, or is to make it if it is a standing one."""
        if rid in self._standing and rid not in self._lobby.rooms:
            return self.room(rid) or self._maker(rid)
        return self.room(rid)

    def _maker(self, rid: str) -> str | None:
        """Return which node makes a standing room, so that two who ask for it at once come into one."""
        nodes = [self._node, *(node for _, node, _ in self._directory.elsewhere(NODE))]
        made_by = max(nodes, key=lambda node: hashlib.sha256(f"{rid}/{node}".encode()).digest())
        return None if made_by == self._node else made_by

    def check_free(self, uid: int, *, kept: bool) -> None:
        """Raise ``GameError`` ``seated`` for who sits elsewhere with a client whose seats are of the other sort."""
        found = self._seat(uid)
        if found is not None and found[1].kept != kept:
            raise GameError(Code.SEATED, "Can only subscribe one room")

    def _seat(self, uid: int) -> tuple[str, Place] | None:
        found = self._directory.find(SEAT, str(uid))
        place = None if found is None else _place(found[1])
        return None if found is None or place is None else (found[0], place)

    def seat(self, uid: int) -> tuple[str, Place] | None:
        """Return where else a place is kept for a player."""
        found = self._seat(uid)
        return found if found is not None and found[1].kept else None

    async def find_seat(self, uid: int) -> str | None:
        """Return the node where a player sits, who may have been told of it just now."""
        for _ in range(LOOKS if self._directory.shared else 0):
            found = self.seat(uid)
            if found is not None:
                return found[0]
            await deferLater(self._clock, LOOKS_EVERY)
        return None

    def connected(self, endpoint: str) -> int:
        """Return how many are connected to an endpoint there."""
        return sum(counts.connected.get(endpoint, 0) for counts in self._all_counts())

    def chatting(self, room: str) -> int:
        """Return how many are in a chat room there."""
        return sum(counts.chatting.get(room, 0) for counts in self._all_counts())

    def _all_counts(self) -> list[Counts]:
        found = (_counts(value) for _, _, value in self._directory.elsewhere(NODE))
        return [counts for counts in found if counts is not None]

    # What is told to them.

    def tell_counts(self, counts: Counts | None) -> None:
        """Tell how many are here; ``None``: nobody is to make a standing room here any more."""
        directory = self._directory
        if counts is None:
            directory.remove(NODE, self._node)
        elif directory.shared and directory.here.get(NODE, {}).get(self._node) != (told := _encode(counts)):
            directory.put(NODE, self._node, told)

    def withdraw(self) -> None:
        """Tell that nothing is here any more."""
        self.tell_counts(None)
        for kind in (ROOM, SEAT):
            for key in tuple(self._directory.here.get(kind, ())):
                self._directory.remove(kind, key)
        self._told.clear()

    def _entered(self, member: Member) -> None:
        if self._directory.shared:
            room = member.room
            place = Place(room.rid, member.sid, kept=room.generation.stream.apart)
            self._directory.put(SEAT, str(member.uid), _encode(place))

    def _left(self, member: Member) -> None:
        self._directory.remove(SEAT, str(member.uid))

    def _room_changed(self, room: Room) -> None:
        if not self._directory.shared:
            return
        if not self._changed:
            self._clock.callLater(0, self._tell_rooms)
        self._changed[room.rid] = room

    def _tell_rooms(self) -> None:
        changed, self._changed = self._changed, {}
        for rid, room in changed.items():
            if self._lobby.rooms.get(rid) is not room:
                if rid not in self._lobby.rooms:
                    self._told.pop(rid, None)
                    self._directory.remove(ROOM, rid)
            elif self._told.get(rid) != room.listing:
                self._told[rid] = room.listing
                self._directory.put(ROOM, rid, _encode(room.listing))
