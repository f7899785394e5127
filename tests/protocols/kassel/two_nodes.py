"""Two nodes in one process: telnet at the first, browsers at the other."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from twisted.internet.task import Clock

from gameserver.app.cluster import Member, join
from gameserver.cluster.community import SIGNS
from gameserver.cluster.local import LocalBus
from gameserver.config.tree import Limits
from gameserver.edge.relay.messages import Frame
from gameserver.protocols.kassel.config import Kassel
from gameserver.testing.accounts import MemoryAccounts
from gameserver.testing.kassel import MemoryMatches
from tests.protocols.kassel.services import SILENCE, Browser, ClockServices
from tests.typed import deferred


class Bus(LocalBus):
    """Keeps what was published by topic, and loses what ``loses`` says."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.published: list[tuple[str, bytes]] = []
        self.loses: Callable[[str], bool] = lambda _: False

    def publish(self, topic: str, payload: bytes) -> None:
        self.published.append((topic, payload))
        if not self.loses(topic):
            super().publish(topic, payload)

    def frames(self, topic: str) -> list[Frame]:
        """Return the frames on a topic since the last time that say something."""
        found = [msgspec.msgpack.decode(payload, type=Frame) for to, payload in self.published if to == topic]
        self.published.clear()
        return [frame for frame in found if frame.entries]


class TwoNodes(ClockServices):
    """The first node; ``other`` is the second one."""

    def __init__(
        self,
        config: Kassel | None = None,
        limits: Limits | None = None,
        store: MemoryMatches | None = None,
        accounts: MemoryAccounts | None = None,
    ) -> None:
        super().__init__(config, limits, store, accounts)
        self.other = ClockServices(config, limits, MemoryMatches("b", self.store), self.account_store, self.clock)
        self.bus = Bus(self.clock)
        self.members: dict[ClockServices, Member] = {}
        for node in (self, self.other):
            member = self.members[node] = join(node.context, self.bus, SILENCE)
            starting = deferred(member.start())
            self.clock.pump([0.0, 0.6])
            assert starting.called

    def browser(self, season: str = "ss14", *, beating: bool = False) -> Browser:
        return self.other.browser(season, beating=beating)

    def beat(self, *nodes: ClockServices) -> None:
        """Let so much time pass that a sign of life is due, and these nodes give it."""
        self.clock.advance(SILENCE / SIGNS)
        for node in nodes:
            deferred(self.members[node].beat())
        self.clock.advance(0)
