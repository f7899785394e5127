"""What passes between the processes of a cluster, as the rest of the server sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

#: Is given what somebody has published.
Receive = Callable[[bytes], None]


class Bus(Protocol):
    """Messages to everybody who listens, at most once and in each sender's order, and claims on what only one may do.

    A message may be lost, when the connection to the others is; whoever needs to know it subscribes with ``gap``.
    """

    @property
    def connected(self) -> bool:
        """Whether the others can be reached now."""

    @property
    def lost(self) -> int:
        """Messages that could not be sent."""

    def start(self) -> None:
        """Begin; the connection may come later."""

    async def stop(self) -> None:
        """Send what was published before and end."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Tell all subscribers of a topic, those in this process too. Never waits and never raises."""

    def send(self, topic: str, payload: bytes) -> None:
        """Do the same at once, without waiting for what else this turn has to say: the payload is all of it."""

    def subscribe(self, topic: str, receive: Receive, gap: Callable[[], None]) -> None:
        """Be told what is published; before ``start``.

        ``gap`` is called when the connection stands (again): what was published before may not have come.
        """

    async def claim(self, name: str, owner: str, seconds: float) -> bool:
        """Take, or keep, the sole right to something for a time; return whether ``owner`` has it now.

        False too when the others cannot be asked.
        """

    async def release(self, name: str, owner: str) -> None:
        """Give a right back before its time; changes nothing if another has it."""

    async def lease(self, owner: str, seconds: float) -> bool:
        """Say that an owner is there for a time; return whether it had been all along.

        If not, another may hold what it held. Raises ``Unavailable`` if the others cannot be asked.
        """

    async def hold(self, name: str, owner: str) -> bool:
        """Take something for as long as the owner's lease is renewed; return whether ``owner`` has it now.

        Raises ``Unavailable`` if the others cannot be asked.
        """

    async def let_go(self, name: str, owner: str) -> None:
        """Give something back that was held; changes nothing if another has it."""
