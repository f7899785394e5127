"""The names of guests: each has one holder among all nodes. An account's name needs none, for it has its owner."""

from __future__ import annotations

from collections.abc import Callable, Container

from twisted.internet.interfaces import IReactorTime

from gameserver.cluster.bus import Bus
from gameserver.cluster.nodes import Slot

#: Seconds between a name's being taken and its guest's login, which takes no more than a turn.
UNUSED = 10.0


class GuestNames:
    """What this node holds. ``lost`` is called with each name that turns out to be another node's.

    A node that stood still, or was cut off, for longer than its lease has none of its names for sure: it asks for
    each again.
    """

    def __init__(self, clock: IReactorTime, bus: Bus, node: str, lost: Callable[[Slot], None]) -> None:
        self._clock = clock
        self._bus = bus
        self._node = node
        self._lost = lost
        self._held: set[Slot] = set()
        #: Those whose guest has not logged in yet, and when each was taken.
        self._unused: dict[Slot, float] = {}

    async def hold(self, slot: Slot) -> bool:
        """Take a name for a login that follows; return whether it is ours. Raises ``Unavailable``."""
        held = await self._ask(slot)
        if held:
            self._unused[slot] = self._clock.seconds()
        return held

    async def _ask(self, slot: Slot) -> bool:
        held = await self._bus.hold(_name(slot), self._node)
        if held:
            self._held.add(slot)
        return held

    def used(self, slot: Slot) -> None:
        """Note that the guest of a name has logged in."""
        self._unused.pop(slot, None)

    async def let_go(self, slot: Slot) -> None:
        """Give a name back."""
        self._unused.pop(slot, None)
        if slot in self._held:
            self._held.discard(slot)
            await self._bus.let_go(_name(slot), self._node)

    async def renew(self, seconds: float) -> None:
        """Stay the holder for some seconds more. Raises ``Unavailable``."""
        if not await self._bus.lease(self._node, seconds):
            for slot in list(self._held):
                await self.check(slot)

    async def check(self, slot: Slot) -> None:
        """Find out whether a name is still ours, or has become ours. Raises ``Unavailable``."""
        if not await self._ask(slot):
            self._held.discard(slot)
            self._lost(slot)

    async def tidy(self, used: Container[Slot]) -> None:
        """Give back what was taken for a login that never came; ``used`` says who is here."""
        since = self._clock.seconds() - UNUSED
        for slot in [slot for slot, at in self._unused.items() if at < since]:
            if slot in used:
                self.used(slot)
            else:
                await self.let_go(slot)


def _name(slot: Slot) -> str:
    return "/".join(slot)
