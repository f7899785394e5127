"""Every protocol joined to the server, and the whole as one Twisted service."""

from __future__ import annotations

from collections.abc import Sequence

from autobahn.websocket import USES_NVX
from twisted.internet.task import deferLater

from gameserver.app.checking import check
from gameserver.app.cluster import cluster_part
from gameserver.app.draining import Draining
from gameserver.app.lifecycle import GameServer
from gameserver.app.lifeline import Lifeline
from gameserver.app.logs import RecentLines, observer
from gameserver.app.memory import memory_tasks
from gameserver.app.parts import build_parts
from gameserver.app.periodic import PeriodicTasks
from gameserver.app.readiness import Readiness
from gameserver.app.services import build_services, lock_directory
from gameserver.app.site import site_part
from gameserver.config import Config
from gameserver.edge.context import OpenMatch
from gameserver.edge.part import PeriodicTask, RunningPart
from gameserver.errors import StartError
from gameserver.net.tls import CertificateError, Certificates
from gameserver.reactor import IGameReactor

#: Seconds between two looks for sanctions that the command line has changed.
SANCTIONS = 5


def build(config: Config, reactor: IGameReactor, log_file: str | None = None, worker: int = 0) -> GameServer:
    """Return the whole server, not started yet. Raises ``StartError``.

    ``worker`` is its number among those of one data directory, 0 if it is the only one.
    """
    if not USES_NVX:
        raise StartError("Autobahn's native WebSocket code (NVX) is missing; reinstall autobahn from a wheel.")
    check(config)
    server: GameServer
    parts: list[RunningPart] = []

    def open_matches() -> list[OpenMatch]:
        return [match for part in parts for match in part.open_matches()]

    lock = lock_directory(config, worker)
    services = build_services(config, reactor, open_matches, lambda: server.drain(), worker)
    moderation = services.context.moderation
    recent = RecentLines()
    readiness = Readiness()
    parts.append(cluster_part(config, services.context, services.nodes, lambda: server.drain(), readiness.add))
    parts += build_parts(config, services.context)
    parts.append(
        site_part(
            config,
            services.context,
            services.standings,
            parts,
            lambda: server.listeners,
            lambda: server.state,
            recent.lines,
            readiness.states,
        )
    )
    periodic = [PeriodicTask(SANCTIONS, readiness.seen_by("database", moderation.refresh)), *memory_tasks(reactor)]
    periodic += [task for part in parts for task in part.periodic]
    tasks = PeriodicTasks(reactor, periodic)

    def open_stores() -> None:
        services.database.start()
        services.passwords.start()
        tasks.start()

    async def close_stores() -> None:
        tasks.stop()
        while services.database.waiting:
            await deferLater(reactor, 0.01)
        services.passwords.stop()
        services.database.stop()
        lock.close()

    log = observer(config.log.format, config.log.level, log_file, recent)

    def reload(endpoints: Sequence[Certificates]) -> None:
        reload_certificates([services.certificates, *endpoints])

    def under_way() -> bool:
        return any(part.under_way() for part in parts)

    draining = Draining(reactor, services.context.sessions, services.context.rooms, config.drain.seconds, under_way)
    server = GameServer(
        config, reactor, log, parts, open_stores, close_stores, reload, draining, Lifeline(worker) if worker else None
    )
    return server


def reload_certificates(certificates: Sequence[Certificates]) -> None:
    """Load renewed certificates; of those that are no good the old ones stay in force."""
    good = True
    for each in certificates:
        try:
            each.reload()
        except CertificateError as error:
            good = False
            GameServer.log.error("certificates not reloaded: {error}", error=error)
    if good:
        GameServer.log.info("certificates reloaded")
