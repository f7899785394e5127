"""The other processes of the cluster, joined to the house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gameserver.cluster.address import redis_address
from gameserver.cluster.bus import Bus
from gameserver.cluster.community import Community
from gameserver.cluster.local import LocalBus
from gameserver.cluster.redis import RedisBus
from gameserver.service.house import House, StartError
from gameserver.service.parts import Parts

#: Seconds between two looks for temporary players and tokens whose time is over.
SWEEP = 600

Chore = Callable[[], Awaitable[object]]


def parts(house: House) -> Parts:
    """Return what joins this process to the others; without ``cluster.redis`` there are none.

    Raises ``StartError``.
    """
    settings = house.config.cluster
    if not settings.redis:
        return Parts(chores=[(SWEEP, by_one(LocalBus(house.reactor), "", "sweep", SWEEP, house.accounts.sweep))])
    try:
        address = redis_address(settings.redis)
    except ValueError as error:
        raise StartError(f"cluster.redis: {error}") from None
    bus = RedisBus(house.reactor, address, settings.name)
    community = Community(house.reactor, bus, house.sessions, house.rooms, settings.silence)
    house.metrics.gauge("cluster_nodes", "Other processes of the cluster", lambda: community.size)
    house.metrics.gauge("cluster_connected", "Whether they can be reached", lambda: bus.connected)
    house.metrics.gauge("cluster_lost", "Messages to them that could not be sent", lambda: bus.lost)
    sweep = by_one(bus, community.node, "sweep", SWEEP, house.accounts.sweep)
    return Parts(doors=[community], chores=[(SWEEP, sweep)])


def by_one(bus: Bus, node: str, name: str, seconds: float, chore: Chore) -> Chore:
    """Return a chore that one process does for all; it comes up every ``seconds``."""

    async def run() -> object:
        # The right lasts until just before the next time, and passes on if its holder is not there any more.
        return await chore() if await bus.claim(name, node, seconds * 0.9) else None

    return run
