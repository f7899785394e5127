"""Every door joined to the house, and the whole as one Twisted service."""

from __future__ import annotations

from typing import Any

from autobahn.websocket import USES_NVX
from twisted.internet.task import deferLater

from gameserver.chores import Chores
from gameserver.config import Config
from gameserver.lifecycle import GameServer
from gameserver.logs import RecentLines, observer
from gameserver.net.tls import CertificateError
from gameserver.service import chat, cluster, invoker, kassel, techmino
from gameserver.service.house import House, StartError, build_house
from gameserver.service.kwo import add_bridge
from gameserver.service.parts import Parts
from gameserver.service.web import add_site

#: Seconds between two looks for sanctions that the command line has changed.
SANCTIONS = 5


def build(config: Config, reactor: Any, log_file: str | None = None) -> GameServer:
    """Return the whole server, not started yet. Raises ``StartError``."""
    if not USES_NVX:
        raise StartError("Autobahn's native WebSocket code (NVX) is missing; reinstall autobahn from a wheel.")
    house = build_house(config, reactor)
    server: GameServer
    parts = Parts(chores=[(SANCTIONS, house.moderation.refresh)])
    for door in (cluster, chat, kassel, techmino, invoker):
        parts.add(door.parts(house))
    add_bridge(house, parts)
    recent = RecentLines()
    add_site(house, parts, lambda: server.state, recent.lines)
    chores = Chores(reactor, parts.chores)

    def open_stores() -> None:
        house.database.start()
        house.passwords.start()
        chores.start()

    async def close_stores() -> None:
        chores.stop()
        while house.database.waiting:
            await deferLater(reactor, 0.01)
        house.passwords.stop()
        house.database.stop()

    log = observer(config.log.format, config.log.level, log_file, recent)
    server = GameServer(
        config,
        reactor,
        log,
        parts.doors,
        parts.listeners,
        open_stores,
        close_stores,
        lambda: reload_certificates(house),
    )
    return server


def reload_certificates(house: House) -> None:
    """Load renewed certificates; the old ones stay in force if the new ones are no good."""
    try:
        house.certificates.reload()
    except CertificateError as error:
        GameServer.log.error("certificates not reloaded: {error}", error=error)
    else:
        GameServer.log.info("certificates reloaded")
