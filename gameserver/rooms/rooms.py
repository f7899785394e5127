"""All rooms of a process, and the ways of talking that need no room."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import GameError
from gameserver.rooms.room import PUBLIC, Room
from gameserver.sessions.events import DirectMessage, RoomMessage, TeamMessage
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.players import Player
from gameserver.sessions.session import Session


class Rooms:
    """Rooms by realm and name, direct messages, team messages.

    ``muted`` answers whether a player may not speak now; moderation puts it in.
    """

    def __init__(self, sessions: SessionManager, clock: IReactorTime) -> None:
        self._sessions = sessions
        self._clock = clock
        self._rooms: dict[tuple[str, str], Room] = {}
        self.muted: Callable[[Player], bool] = lambda _: False

    def room(self, realm: str, name: str = PUBLIC, capacity: int = 0) -> Room:
        """Return a room, made when it is asked for the first time."""
        found = self._rooms.get((realm, name))
        if found is None:
            topic = f"{realm}/room/{name}"
            found = Room(name, topic, self._sessions.topics, self._clock, capacity)
            self._rooms[realm, name] = found
        return found

    def say(self, realm: str, speaker: Player, text: str, room: str = PUBLIC) -> None:
        """Say something in a room. Raises ``GameError`` ``muted``."""
        self._check(speaker)
        self.room(realm, room).say(speaker, text)

    def tell(self, realm: str, sender: Player, recipient: str, text: str) -> bool:
        """Tell one player something at every door he is at; return whether any of them could show it.

        One at a neighbour is taken for one that could. Raises ``GameError`` ``muted``.
        """
        self._check(sender)
        player = self._sessions.player(recipient, realm)
        if player is None:
            return False
        message = DirectMessage(sender, player.name, text)
        delivered = self.hear(realm, message) > 0
        if self._sessions.neighbours.find(realm, player.key) is not None:
            self._sessions.neighbours.pass_on(realm, message)
            return True
        return delivered

    def tell_team(self, realm: str, speaker: Player, team: str, text: str) -> int:
        """Tell everybody online of a team; return how many sessions heard it here. Raises ``GameError`` ``muted``."""
        self._check(speaker)
        message = TeamMessage(team, speaker, text)
        self._sessions.neighbours.pass_on(realm, message)
        return self.hear(realm, message)

    def hear(self, realm: str, message: RoomMessage | DirectMessage | TeamMessage) -> int:
        """Show a message that is settled already to those in this process it is for; return to how many sessions.

        For a room it is the room's members, who are not counted.
        """
        if isinstance(message, RoomMessage):
            self.room(realm, message.room).hear(message)
            return 0
        if isinstance(message, DirectMessage):
            return sum(session.emit(message) for session in self._sessions.find(message.recipient, realm))
        return sum(session.emit(message) for session in self._team(realm, message.team))

    def _team(self, realm: str, team: str) -> list[Session]:
        wanted = team.casefold()
        return [
            session
            for player in self._sessions.online(realm)
            if player.team.casefold() == wanted
            for session in self._sessions.find(player.name, realm)
        ]

    def _check(self, speaker: Player) -> None:
        if self.muted(speaker):
            raise GameError("muted", "You may not speak at the moment.")
