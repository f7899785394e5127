"""The bus of a process that is alone, and of tests in which several nodes live in one process."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime

from gameserver.cluster.bus import Receive


class LocalBus:
    """A ``Bus`` inside the process; messages arrive in the next reactor turn."""

    connected = True
    lost = 0

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._subscribers: dict[str, list[Receive]] = {}
        self._gaps: list[Callable[[], None]] = []
        self._waiting: list[tuple[str, bytes]] = []
        self._claims: dict[str, tuple[str, float]] = {}
        self._leases: dict[str, float] = {}
        self._holders: dict[str, str] = {}

    def start(self) -> None:
        """See ``Bus``: the connection is there at once."""
        gaps, self._gaps = self._gaps, []
        for gap in gaps:
            gap()

    async def stop(self) -> None:
        """See ``Bus``."""
        self._flush()

    def publish(self, topic: str, payload: bytes) -> None:
        """See ``Bus``."""
        if not self._waiting:
            self._clock.callLater(0, self._flush)
        self._waiting.append((topic, payload))

    def send(self, topic: str, payload: bytes) -> None:
        """See ``Bus``."""
        self.publish(topic, payload)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for topic, payload in waiting:
            for receive in self._subscribers.get(topic, ()):
                receive(payload)

    def subscribe(self, topic: str, receive: Receive, gap: Callable[[], None]) -> None:
        """See ``Bus``."""
        self._subscribers.setdefault(topic, []).append(receive)
        self._gaps.append(gap)

    async def claim(self, name: str, owner: str, seconds: float) -> bool:
        """See ``Bus``."""
        holder, until = self._claims.get(name, (owner, 0.0))
        now = self._clock.seconds()
        if holder != owner and until > now:
            return False
        self._claims[name] = (owner, now + seconds)
        return True

    async def release(self, name: str, owner: str) -> None:
        """See ``Bus``."""
        if self._claims.get(name, ("", 0.0))[0] == owner:
            del self._claims[name]

    async def lease(self, owner: str, seconds: float) -> bool:
        """See ``Bus``."""
        there = self._there(owner)
        self._leases[owner] = self._clock.seconds() + seconds
        return there

    def _there(self, owner: str) -> bool:
        return self._leases.get(owner, 0.0) > self._clock.seconds()

    async def hold(self, name: str, owner: str) -> bool:
        """See ``Bus``."""
        holder = self._holders.get(name, owner)
        if holder != owner and self._there(holder):
            return False
        self._holders[name] = owner
        return True

    async def let_go(self, name: str, owner: str) -> None:
        """See ``Bus``."""
        if self._holders.get(name) == owner:
            del self._holders[name]
