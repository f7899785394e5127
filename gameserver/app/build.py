"""Every protocol joined to the services, and the whole as one Twisted service."""

from __future__ import annotations

from typing import Any

from autobahn.websocket import USES_NVX
from twisted.internet.task import deferLater

from gameserver.app import chat, cluster, invoker, kassel, techmino
from gameserver.app.kwo import add_bridge
from gameserver.app.lifecycle import GameServer
from gameserver.app.logs import RecentLines, observer
from gameserver.app.parts import Parts
from gameserver.app.periodic import PeriodicTasks
from gameserver.app.services import Services, StartError, build_services
from gameserver.app.web import add_site
from gameserver.config import Config
from gameserver.net.tls import CertificateError

#: Seconds between two looks for sanctions that the command line has changed.
SANCTIONS = 5


def build(config: Config, reactor: Any, log_file: str | None = None) -> GameServer:
    """Return the whole server, not started yet. Raises ``StartError``."""
    if not USES_NVX:
        raise StartError("Autobahn's native WebSocket code (NVX) is missing; reinstall autobahn from a wheel.")
    services = build_services(config, reactor)
    server: GameServer
    parts = Parts(periodic=[(SANCTIONS, services.moderation.refresh)])
    for protocol in (cluster, chat, kassel, techmino, invoker):
        parts.add(protocol.parts(services))
    add_bridge(services, parts)
    recent = RecentLines()
    add_site(services, parts, lambda: server.state, recent.lines)
    periodic = PeriodicTasks(reactor, parts.periodic)

    def open_stores() -> None:
        services.database.start()
        services.passwords.start()
        periodic.start()

    async def close_stores() -> None:
        periodic.stop()
        while services.database.waiting:
            await deferLater(reactor, 0.01)
        services.passwords.stop()
        services.database.stop()

    log = observer(config.log.format, config.log.level, log_file, recent)
    server = GameServer(
        config,
        reactor,
        log,
        parts.protocols,
        parts.listeners,
        open_stores,
        close_stores,
        lambda: reload_certificates(services),
    )
    return server


def reload_certificates(services: Services) -> None:
    """Load renewed certificates; the old ones stay in force if the new ones are no good."""
    try:
        services.certificates.reload()
    except CertificateError as error:
        GameServer.log.error("certificates not reloaded: {error}", error=error)
    else:
        GameServer.log.info("certificates reloaded")
