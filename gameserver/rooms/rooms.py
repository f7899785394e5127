"""All rooms of a process, and the ways of talking that need no room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.rooms.room import PUBLIC, Room
from gameserver.sessions.events import DirectMessage, RoomMessage, TeamMessage
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.players import Player
from gameserver.sessions.session import Session


async def told(shown: bool | Awaitable[bool]) -> bool:
    """Return what ``Rooms.tell`` returns, when it is known."""
    return shown if isinstance(shown, bool) else await shown


class Rooms:
    """Rooms by namespace and name, direct messages, team messages.

    ``muted`` answers whether a player may not speak now; moderation puts it in.
    """

    def __init__(self, sessions: SessionManager, clock: IReactorTime) -> None:
        self._sessions = sessions
        self._clock = clock
        self._rooms: dict[tuple[str, str], Room] = {}
        self.muted: Callable[[Player], bool] = lambda _: False

    def room(self, namespace: str, name: str = PUBLIC, capacity: int = 0) -> Room:
        """Return a room, made when it is asked for the first time."""
        found = self._rooms.get((namespace, name))
        if found is None:
            topic = f"{namespace}/room/{name}"
            found = Room(name, topic, self._sessions.topics, self._clock, capacity)
            self._rooms[namespace, name] = found
        return found

    def say(
        self, namespace: str, speaker: Player, text: str, room: str = PUBLIC, *, unheard_by: Session | None = None
    ) -> None:
        """Say something in a room. Raises ``GameError`` ``muted``.

        ``unheard_by`` is for protocols whose clients show by themselves what they have said.
        """
        self._check(speaker)
        self.room(namespace, room).say(speaker, text, unheard_by)

    def tell(self, namespace: str, sender: Player, recipient: str, text: str) -> bool | Awaitable[bool]:
        """Tell one player something at every protocol they are at, wherever; return whether any of them showed it.

        At once, unless another process has to say so; see ``told``. Raises ``GameError`` ``muted``.
        """
        self._check(sender)
        player, peers = self._sessions.player(recipient, namespace), self._sessions.peers
        if player is None:
            return False if peers.alone else self._tell_newcomer(namespace, sender, recipient, text)
        message = DirectMessage(sender, player.name, text)
        shown = self.hear(namespace, message) > 0
        if peers.find(namespace, player.key) is None:
            return shown
        return self._tell_elsewhere(namespace, message, shown)

    async def _tell_newcomer(self, namespace: str, sender: Player, recipient: str, text: str) -> bool:
        """Tell somebody who may have come to another process a moment ago."""
        await self._sessions.peers.settled()
        player = self._sessions.player(recipient, namespace)
        return player is not None and await told(self.tell(namespace, sender, player.name, text))

    async def _tell_elsewhere(self, namespace: str, message: DirectMessage, shown: bool) -> bool:
        return await self._sessions.peers.deliver(namespace, message) or shown

    def tell_team(self, namespace: str, speaker: Player, team: str, text: str) -> int:
        """Tell everybody online of a team; return how many sessions heard it here. Raises ``GameError`` ``muted``."""
        self._check(speaker)
        message = TeamMessage(team, speaker, text)
        self._sessions.peers.pass_on(namespace, message)
        return self.hear(namespace, message)

    def hear(self, namespace: str, message: RoomMessage | DirectMessage | TeamMessage) -> int:
        """Show a message that is settled already to those in this process it is for; return to how many sessions.

        For a room it is the room's members, who are not counted.
        """
        if isinstance(message, RoomMessage):
            self.room(namespace, message.room).hear(message)
            return 0
        if isinstance(message, DirectMessage):
            return sum(session.emit(message) for session in self._sessions.find(message.recipient, namespace))
        return sum(session.emit(message) for session in self._team(namespace, message.team))

    def _team(self, namespace: str, team: str) -> list[Session]:
        wanted = team.casefold()
        return [
            session
            for player in self._sessions.online(namespace)
            if player.team.casefold() == wanted
            for session in self._sessions.find(player.name, namespace)
        ]

    def _check(self, speaker: Player) -> None:
        if self.muted(speaker):
            raise GameError(Code.MUTED, "You may not speak at the moment.")
