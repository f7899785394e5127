"""The chat protocol as the composition root sees it."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.protocol import Factory

from gameserver.accounts import Accounts
from gameserver.config.chat import Chat
from gameserver.config.tree import Limits
from gameserver.metrics import Metrics
from gameserver.protocols.chat.connection import ChatProtocol
from gameserver.protocols.chat.encoders import Heartbeat
from gameserver.protocols.chat.shared import CHAT, HEARTBEATS, ChatShared
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.manager import SessionManager


class ChatFactory(Factory):
    """Makes a protocol for each connection."""

    noisy = False

    def __init__(self, shared: ChatShared) -> None:
        self._shared = shared

    def buildProtocol(self, addr: Any) -> ChatProtocol:
        """Return the protocol of a new connection."""
        return ChatProtocol(self._shared)


class ChatService:
    """The JSON chat: one factory, for TCP and, behind TLS, for the encrypted port."""

    def __init__(
        self,
        reactor: Any,
        config: Chat,
        limits: Limits,
        sessions: SessionManager,
        accounts: Accounts,
        rooms: Rooms,
        metrics: Metrics,
    ) -> None:
        self._reactor = reactor
        self._config = config
        self._sessions = sessions
        self._shared = ChatShared(reactor, config, limits, sessions, accounts, rooms, metrics)
        self._heartbeat: Any = None

    def factory(self) -> IProtocolFactory:
        """Return what answers on the protocol's ports; plain, the caller puts TLS in front of it."""
        return ChatFactory(self._shared)

    async def start(self) -> None:
        """Let the heart beat."""
        if self._config.heartbeat:
            self._heartbeat = self._reactor.callLater(self._config.heartbeat, self._beat)

    def _beat(self) -> None:
        # One timer and one buffer for everybody; the topic serves thousands in slices.
        self._heartbeat = self._reactor.callLater(self._config.heartbeat, self._beat)
        self._sessions.topics.publish_here(HEARTBEATS, Heartbeat())

    async def stop(self) -> None:
        """Say goodbye to every client and wait until all connections have ended."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
            self._heartbeat = None
        ours = [session for session in self._sessions if session.protocol == CHAT]
        for session in ours:
            # Those who go together are not told of each other's going.
            self._sessions.topics.leave_all(session)
        self._sessions.disconnect(ours, "shutdown", "The server is stopping.")
        await self._shared.all_gone()
