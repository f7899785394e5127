"""The other processes of the cluster, joined to the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import attrs
from twisted.internet.defer import ensureDeferred
from twisted.python.failure import Failure

from gameserver.cluster.address import redis_address
from gameserver.cluster.bus import Bus
from gameserver.cluster.community import SIGNS, Community
from gameserver.cluster.directory_news import DirectoryNews
from gameserver.cluster.limit_news import LimitNews
from gameserver.cluster.local import LocalBus
from gameserver.cluster.node_channel import NodeChannel
from gameserver.cluster.redis import RedisBus
from gameserver.config import Config
from gameserver.edge.context import Context
from gameserver.edge.directory import NODE
from gameserver.edge.part import PeriodicTask, RunningPart
from gameserver.edge.relay.relays import Relays
from gameserver.errors import Unavailable
from gameserver.sessions.manager import RIGHTS
from gameserver.storage.nodes import DatabaseNodes
from gameserver.web.status import announce

#: Seconds between two looks for temporary players and tokens whose time is over.
SWEEP = 600

Task = Callable[[], Awaitable[object]]


def cluster_part(
    config: Config,
    context: Context,
    nodes: DatabaseNodes,
    drain: Callable[[], None] = lambda: None,
    ready: Callable[[str, Callable[[], bool]], None] = lambda _name, _look: None,
) -> RunningPart:
    """Return what joins this process to the others; without ``cluster.redis`` there are none.

    ``drain`` is called when an operator has asked for the end of this one, ``ready`` is told how to see whether Redis
    is there.
    """
    settings = config.cluster

    async def sweep_accounts() -> None:
        await context.stores.personal.forget_former()
        await context.accounts.sweep()

    if not settings.redis:
        alone = by_one(LocalBus(context.reactor), "", "sweep", SWEEP, sweep_accounts)
        return RunningPart(periodic=[PeriodicTask(SWEEP, alone)])
    bus = RedisBus(context.reactor, redis_address(settings.redis), settings.name)
    member = join(context, bus, settings.silence)
    ready("redis", lambda: bus.connected)
    sweep = by_one(bus, member.community.node, "sweep", SWEEP, sweep_accounts)

    async def beat() -> None:
        if await nodes.beat(context.sessions.draining):
            drain()

    async def stop() -> None:
        await member.stop()
        with suppress(Unavailable):
            await nodes.beat(draining=True)

    sign = settings.silence / SIGNS
    return RunningPart(
        start=member.start,
        stop=stop,
        periodic=[PeriodicTask(SWEEP, sweep), PeriodicTask(sign, beat), PeriodicTask(sign, member.beat)],
    )


@attrs.frozen
class Member:
    """A process that has joined the others."""

    community: Community
    relays: Relays
    news: DirectoryNews
    limits: LimitNews

    async def start(self) -> None:
        """Find the others; who comes in after this is known to them."""
        self.limits.start()
        await self.community.start()

    async def beat(self) -> None:
        """Give a sign of life, and look for those of the others."""
        await self.relays.beat()
        await self.news.beat()

    async def stop(self) -> None:
        """Take leave of the others."""
        await self.relays.stop()
        await self.news.stop()
        self.limits.stop()
        await self.community.stop()


def join(context: Context, bus: Bus, silence: float) -> Member:
    """Join this process to those on the same bus; ``silence`` is the seconds after which one is taken for dead."""
    community = Community(context.reactor, bus, context.sessions, context.rooms, silence)
    context.sessions.peers = community
    context.sessions.topics.listeners.append(community.published)

    def look(_told: bytes) -> None:
        ensureDeferred(context.moderation.refresh()).addErrback(_not_now)

    community.subscribe(RIGHTS, look)
    relays = context.relays
    relays.nodes = NodeChannel(bus, relays.node, relays.received, relays.gap)
    news = DirectoryNews(context.reactor, bus, relays.node, context.directory, silence)
    context.shared_limits.add("messages", context.messages)
    context.shared_limits.add("requests", context.http_requests)
    if context.sessions.logins is not None:
        context.shared_limits.add("logins", context.sessions.logins)
    for name, limit in context.accounts.limits().items():
        context.shared_limits.add(name, limit)
    limits = LimitNews(context.reactor, bus, relays.node, context.shared_limits)
    context.directory.put(NODE, relays.node)
    context.sessions.here = partial(announce, context.directory)
    context.metrics.gauge("relays", "Clients of others served here, and of ours elsewhere", lambda: len(relays))
    context.metrics.gauge("cluster_nodes", "Other processes of the cluster", lambda: community.size)
    context.metrics.gauge("cluster_connected", "Whether they can be reached", lambda: bus.connected)
    context.metrics.counter("cluster_lost", "Messages to them that could not be sent", lambda: bus.lost)
    return Member(community, relays, news, limits)


def _not_now(failure: Failure) -> None:
    # The next periodic look finds what this one could not.
    failure.trap(Unavailable)


def by_one(bus: Bus, node: str, name: str, seconds: float, task: Task) -> Task:
    """Return a task that one process does for all; it comes up every ``seconds``."""

    async def run() -> object:
        # The right lasts until just before the next time, and passes on if its holder is not there any more.
        return await task() if await bus.claim(name, node, seconds * 0.9) else None

    return run
