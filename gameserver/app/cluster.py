"""The other processes of the cluster, joined to the services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gameserver.app.parts import Parts
from gameserver.app.services import Services, StartError
from gameserver.cluster.address import redis_address
from gameserver.cluster.bus import Bus
from gameserver.cluster.community import Community
from gameserver.cluster.local import LocalBus
from gameserver.cluster.redis import RedisBus

#: Seconds between two looks for temporary players and tokens whose time is over.
SWEEP = 600

PeriodicTask = Callable[[], Awaitable[object]]


def parts(services: Services) -> Parts:
    """Return what joins this process to the others; without ``cluster.redis`` there are none.

    Raises ``StartError``.
    """
    settings = services.config.cluster
    if not settings.redis:
        return Parts(
            periodic=[(SWEEP, by_one(LocalBus(services.reactor), "", "sweep", SWEEP, services.accounts.sweep))]
        )
    try:
        address = redis_address(settings.redis)
    except ValueError as error:
        raise StartError(f"cluster.redis: {error}") from None
    bus = RedisBus(services.reactor, address, settings.name)
    community = Community(services.reactor, bus, services.sessions, services.rooms, settings.silence)
    services.metrics.gauge("cluster_nodes", "Other processes of the cluster", lambda: community.size)
    services.metrics.gauge("cluster_connected", "Whether they can be reached", lambda: bus.connected)
    services.metrics.gauge("cluster_lost", "Messages to them that could not be sent", lambda: bus.lost)
    sweep = by_one(bus, community.node, "sweep", SWEEP, services.accounts.sweep)
    return Parts(protocols=[community], periodic=[(SWEEP, sweep)])


def by_one(bus: Bus, node: str, name: str, seconds: float, task: PeriodicTask) -> PeriodicTask:
    """Return a task that one process does for all; it comes up every ``seconds``."""

    async def run() -> object:
        # The right lasts until just before the next time, and passes on if its holder is not there any more.
        return await task() if await bus.claim(name, node, seconds * 0.9) else None

    return run
