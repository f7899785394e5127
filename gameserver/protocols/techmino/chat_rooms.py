"""The chat rooms of the configuration, at all nodes together. What is said in them goes the way of all chat rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from twisted.logger import Logger

from gameserver.errors import Code, GameError
from gameserver.rooms.room import Room
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.players import Player
from gameserver.sessions.session import Session

#: The subject on which the nodes tell each other who comes and goes.
TOPIC = "techmino-chat"


class ChatRoomChange(msgspec.Struct, frozen=True):
    """Somebody has entered (1) or left (2) a chat room through this protocol."""

    action: int
    room: str
    player: Player


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(ChatRoomChange).decode


class ChatRooms:
    """``capacities`` are their sizes by name, ``elsewhere`` returns how many are in one at the other nodes."""

    _log = Logger()

    def __init__(
        self,
        sessions: SessionManager,
        rooms: Rooms,
        namespace: str,
        capacities: Mapping[str, int],
        elsewhere: Callable[[str], int],
    ) -> None:
        self.capacities = capacities
        self._sessions = sessions
        self._rooms = rooms
        self._namespace = namespace
        self._elsewhere = elsewhere
        sessions.peers.subscribe(TOPIC, self._changed_elsewhere)

    def room(self, name: str) -> Room:
        """Return a room as it is here. Raises ``GameError`` ``no_room``."""
        capacity = self.capacities.get(name)
        if capacity is None:
            raise GameError(Code.NO_ROOM, "Room not found")
        return self._rooms.room(self._namespace, name, capacity)

    def count(self, name: str) -> int:
        """Return how many are in, by whatever protocol. Who is in at several nodes is counted at each."""
        return self.room(name).count + self._elsewhere(name)

    def counts_here(self) -> dict[str, int]:
        """Return how many are in at this node, by room."""
        return {name: self.room(name).count for name in self.capacities}

    def changed(self, change: ChatRoomChange, but: Session) -> None:
        """Tell everybody in the room, except for one session, who has come or gone."""
        self._tell_here(change, but)
        self._sessions.peers.publish(TOPIC, _encode(change))

    def _tell_here(self, change: ChatRoomChange, but: Session | None = None) -> None:
        self._sessions.topics.publish_here(self.room(change.room).topic, change, lambda other: other is but)

    def _changed_elsewhere(self, payload: bytes) -> None:
        try:
            change = _decode(payload)
        except msgspec.DecodeError:
            self._log.warn("a message of another version of this program; it is passed over")
            return
        if change.room in self.capacities:
            self._tell_here(change)
