"""Chat rooms: who is in, what was said last, and telling it to everybody."""

from __future__ import annotations

from collections import deque

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.reactor import wall
from gameserver.sessions.events import RoomMessage
from gameserver.sessions.players import Player
from gameserver.sessions.session import Session
from gameserver.sessions.topics import Topics

#: The room that every protocol of a community shares.
PUBLIC = "global"

#: How many messages a room remembers for those who come later.
HISTORY = 10


class Room:
    """One room: a topic with a capacity and a short memory."""

    def __init__(self, name: str, topic: str, topics: Topics, clock: IReactorTime, capacity: int = 0) -> None:
        self.name = name
        self.topic = topic
        self.capacity = capacity
        self.history: deque[RoomMessage] = deque(maxlen=HISTORY)
        self._topics = topics
        self._clock = clock

    def enter(self, session: Session) -> None:
        """Let a session in. Raises ``GameError`` ``room_full`` when the capacity (0: none) is reached."""
        if self.capacity and self.count >= self.capacity and self.topic not in session.topics:
            raise GameError(Code.ROOM_FULL, "Room is full")
        self._topics.subscribe(session, self.topic)

    def leave(self, session: Session) -> None:
        """Let a session out."""
        self._topics.unsubscribe(session, self.topic)

    @property
    def count(self) -> int:
        """How many players are in, each counted once."""
        return len({session.player.key for session in self._topics.members(self.topic) if session.player})

    def say(self, speaker: Player, text: str, unheard_by: Session | None = None) -> RoomMessage:
        """Tell everybody in the room, the speaker included, except for one session, and remember it."""
        message = RoomMessage(self.name, speaker, text, int(wall(self._clock) * 1000))
        self.history.append(message)
        self._topics.publish(self.topic, message, (lambda session: session is unheard_by) if unheard_by else None)
        return message

    def hear(self, message: RoomMessage) -> None:
        """Tell everybody in the room here what was said in it at a peer, and remember it."""
        self.history.append(message)
        self._topics.publish_here(self.topic, message)
