"""What all connections of the chat share."""

from __future__ import annotations

from typing import Any, Protocol

from gameserver.edge.context import Context
from gameserver.edge.shared import Shared
from gameserver.net.deadlines import Deadlines
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.encoders import ENCODERS, Heartbeat
from gameserver.protocols.chat.pacing import PacedOutbox

#: The name of the protocol, and of its community when it stays alone.
CHAT = "chat"

#: The topic of everybody who gets heartbeats.
HEARTBEATS = "chat/heartbeats"


class HalfHeard(Protocol):
    """One connection, as far as half an object of it is concerned."""

    def half_object_is_late(self) -> None:
        """The rest of an object has not come."""


class ChatShared(Shared):
    """The times of the chat's own, and its heart."""

    def __init__(self, context: Context, config: Chat) -> None:
        super().__init__(context, CHAT, ENCODERS, community=config.community, login_timeout=config.login_timeout)
        self.config = config
        #: Who waits until the gap after their last object is over.
        self.gaps: Deadlines[PacedOutbox] = self.deadlines(config.pace_ms / 1000, PacedOutbox.gap_over)
        self.halves: Deadlines[HalfHeard] = self.deadlines(
            config.partial_timeout, lambda connection: connection.half_object_is_late()
        )
        self._heartbeat: Any = None

    async def start(self) -> None:
        """Let the heart beat."""
        if self.config.heartbeat:
            self._heartbeat = self.reactor.callLater(self.config.heartbeat, self._beat)

    def _beat(self) -> None:
        # One timer and one buffer for everybody; the topic serves thousands in slices.
        self._heartbeat = self.reactor.callLater(self.config.heartbeat, self._beat)
        self.sessions.topics.publish_here(HEARTBEATS, Heartbeat())

    async def stop(self) -> None:
        """See ``Shared``."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
            self._heartbeat = None
        await super().stop()
