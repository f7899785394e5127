"""Every protocol joined to the server, and the whole as one Twisted service."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

from autobahn.websocket import USES_NVX
from twisted.internet.task import deferLater

from gameserver.app.checking import check
from gameserver.app.cluster import cluster_part
from gameserver.app.draining import Draining
from gameserver.app.lifecycle import GameServer
from gameserver.app.lifeline import Lifeline
from gameserver.app.logs import RecentLines, Written
from gameserver.app.memory import memory_tasks
from gameserver.app.parts import build_parts
from gameserver.app.periodic import PeriodicTasks
from gameserver.app.readiness import Readiness
from gameserver.app.reload import Read, Reload, reload_certificates
from gameserver.app.services import build_services, lock_directory
from gameserver.app.site import site_part
from gameserver.config import Config
from gameserver.config.writing import InForce
from gameserver.edge.context import OpenMatch
from gameserver.edge.part import PeriodicTask, RunningPart
from gameserver.errors import StartError
from gameserver.net.tls import Certificates
from gameserver.reactor import IGameReactor
from gameserver.web.health import MetricsPage

#: Seconds between two looks for sanctions that the command line has changed.
SANCTIONS = 5


def build(
    config: Config,
    reactor: IGameReactor,
    log_file: str | None = None,
    worker: int = 0,
    read: Read | None = None,
) -> GameServer:
    """Return the whole server, not started yet. Raises ``StartError``.

    ``worker`` is its number among those of one data directory, 0 if it is the only one. ``read`` reads the
    configuration again; without it a reload is one of the certificates alone.
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
    metrics_page = MetricsPage(services.context, map(ip_network, config.web.metrics))
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
            metrics_page,
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

    log = Written(log_file, recent, config.log)
    in_force = InForce(config)

    def reload(endpoints: Sequence[Certificates]) -> None:
        if read is not None:
            Reload(services, draining, log, metrics_page, in_force, GameServer.log).reload(read)
        reload_certificates([services.certificates, *endpoints], GameServer.log)

    def under_way() -> bool:
        return any(part.under_way() for part in parts)

    draining = Draining(reactor, services.context.sessions, services.context.rooms, config.drain.seconds, under_way)
    server = GameServer(
        config,
        reactor,
        log,
        parts,
        open_stores,
        close_stores,
        reload,
        draining,
        services.context.proxies,
        Lifeline(worker) if worker else None,
    )
    return server
