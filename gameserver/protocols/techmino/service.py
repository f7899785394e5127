"""The Techmino protocol as the composition root sees it."""

from __future__ import annotations

from typing import Any

from twisted.web.resource import IResource

from gameserver.accounts import Accounts
from gameserver.config.tree import Limits
from gameserver.matches.techmino_rounds import RoundStore
from gameserver.metrics import Metrics
from gameserver.net.websocket import websocket_resource
from gameserver.protocols.techmino.app import APP
from gameserver.protocols.techmino.chat import CHAT
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.connecting import Connecting
from gameserver.protocols.techmino.play import PLAY
from gameserver.protocols.techmino.shared import TECHMINO, TechminoShared
from gameserver.protocols.techmino.stream import STREAM
from gameserver.protocols.techmino.user import USER
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.manager import SessionManager

#: Where the client looks for the endpoints.
PATH = "tech/socket/v1"

ENDPOINTS = {endpoint.name: endpoint for endpoint in (APP, USER, CHAT, PLAY, STREAM)}

_DAY = 86_400_000


class TechminoService:
    """The five endpoints under one path."""

    def __init__(
        self,
        reactor: Any,
        config: Techmino,
        limits: Limits,
        sessions: SessionManager,
        accounts: Accounts,
        rooms: Rooms,
        metrics: Metrics,
        store: RoundStore,
    ) -> None:
        self._config = config
        self._sessions = sessions
        self._store = store
        self._reactor = reactor
        self.shared = TechminoShared(reactor, config, limits, sessions, accounts, rooms, metrics, store)
        lobby = self.shared.lobby
        metrics.gauge("techmino_rooms", "Open Techmino rooms", lambda: len(lobby.rooms))
        metrics.gauge("techmino_rounds", "Techmino rounds being played", lambda: len(lobby.rounds))

    def page(self) -> IResource:
        """Return the resource of the path."""
        shared = self.shared
        resource: IResource = websocket_resource(
            self._reactor,
            Connecting(shared, ENDPOINTS).connect,
            greeting="Techmino clients connect here with a WebSocket: app, user, chat, play, stream.",
            utf8=False,
            outbox_bytes=shared.limits.outbox_bytes,
            dropped=shared.metrics.dropped.labels(TECHMINO).inc,
        )
        return resource

    def matches(self) -> list[dict[str, Any]]:
        """Return the open rooms, for operators."""
        return [
            {"door": TECHMINO, **room.listed, "players": [member.username for member in room.members.values()]}
            for room in self.shared.lobby.rooms.values()
        ]

    async def forget_old_rounds(self) -> int:
        """Delete the rounds whose time is over; return how many."""
        if not self._config.replay_days:
            return 0
        now_ms = int(self._reactor.seconds() * 1000)
        return await self._store.delete_before(now_ms - self._config.replay_days * _DAY)

    async def start(self) -> None:
        """Let people in."""
        self.shared.stopping = False

    async def stop(self) -> None:
        """End every round with its result, say goodbye to every client and wait until all connections have ended."""
        self.shared.stopping = True
        await self.shared.lobby.stop()
        ours = [session for session in self._sessions if session.protocol == TECHMINO]
        for session in ours:
            # Those who go together are not told of each other's going.
            self._sessions.topics.leave_all(session)
        self._sessions.disconnect(ours, "shutdown", "The server is stopping.")
        await self.shared.all_gone()
