"""The Kassel protocols as the composition root sees them: three seasons, one service."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IProtocolFactory
from twisted.web.resource import IResource

from gameserver.accounts import Accounts
from gameserver.config.tree import Limits
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.metrics import Metrics
from gameserver.net.websocket import websocket_resource
from gameserver.protocols.kassel.allowance import Allowance
from gameserver.protocols.kassel.channel import accept
from gameserver.protocols.kassel.config import Kassel
from gameserver.protocols.kassel.seasons import SEASONS
from gameserver.protocols.kassel.shared import Playing, SeasonShared
from gameserver.protocols.kassel.telnet_connection import LONGEST_LINE, TelnetFactory
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.manager import SessionManager


class KasselService:
    """All seasons on one registry of matches."""

    def __init__(
        self,
        reactor: Any,
        config: Kassel,
        limits: Limits,
        sessions: SessionManager,
        accounts: Accounts,
        rooms: Rooms,
        metrics: Metrics,
        matches: Matches,
        maps: MapLibrary,
        achievements: Achievements,
    ) -> None:
        self._reactor = reactor
        self._config = config
        self._limits = limits
        self._sessions = sessions
        self._metrics = metrics
        self.matches = matches
        self._maps = maps
        self._achievements = achievements
        playing, testplayers = Playing(), Allowance(reactor)
        self.seasons = {
            name: SeasonShared(
                season,
                reactor,
                config,
                limits,
                sessions,
                accounts,
                rooms,
                metrics,
                matches,
                maps,
                achievements,
                playing,
                testplayers,
            )
            for name, season in SEASONS.items()
        }
        matches.watchers.append(achievements.look)

    def factory(self, season: str) -> IProtocolFactory:
        """Return what answers on the ports of a season."""
        return TelnetFactory(self.seasons[season])

    def page(self, season: str) -> IResource:
        """Return the lobby of a season for browsers."""
        shared = self.seasons[season]
        return websocket_resource(
            self._reactor,
            lambda upgrade: accept(shared, upgrade),
            greeting=f"{shared.season.greeting}: this is a WebSocket, one line a message (subprotocol kassel).",
            message_limit=max(self._config.map_bytes, LONGEST_LINE),
            outbox_bytes=self._limits.outbox_bytes,
            dropped=self._metrics.dropped.labels(shared.name).inc,
        )

    async def start(self) -> None:
        """Read maps and achievements, and resume the matches of the process before."""
        await self._maps.load()
        await self._achievements.load()
        await self.matches.resume()

    async def stop(self) -> None:
        """Let the matches stand still, say goodbye, and wait until everything is written."""
        await self.matches.stop()
        names = {shared.name for shared in self.seasons.values()}
        ours = [session for session in self._sessions if session.protocol in names]
        for session in ours:
            # Those who go together are not told of each other's going.
            self._sessions.topics.leave_all(session)
        self._sessions.disconnect(ours, "shutdown", "The server is stopping.")
        for shared in self.seasons.values():
            await shared.all_gone()
        await self.matches.journal.flushed()
