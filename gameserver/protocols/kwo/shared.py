"""What all connections of the protocol share, and how the protocol stops."""

from __future__ import annotations

from gameserver.consoles.events import Stopped
from gameserver.edge.context import Context
from gameserver.edge.shared import Shared
from gameserver.protocols.kwo.bridged import HUB, KWO, topic_of
from gameserver.protocols.kwo.programs import Programs

#: The part of the protocols' time to stop that the programs get; the clients' goodbye has the rest.
PROGRAMS_SHARE = 0.6


class KwoShared(Shared):
    """The bridge. Its clients are not players: each has the encoders of the form it speaks, and none logs in."""

    def __init__(self, context: Context, programs: Programs, *, community: bool) -> None:
        super().__init__(context, KWO, {}, community=community)
        self._programs = programs

    async def stop(self) -> None:
        """End every program, tell those who watch the hub that it stops too, then see ``Shared``."""
        await self._programs.end_all(self.context.stop_seconds * PROGRAMS_SHARE)
        # The hub is this process, and it ends now.
        self.sessions.topics.publish_here(topic_of(HUB), Stopped())
        await super().stop()
