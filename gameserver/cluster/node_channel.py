"""The channel of one node: what only it is told."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.cluster.bus import Bus, Receive


class NodeChannel:
    """The ``Nodes`` of ``edge.relay`` on a bus.

    ``receive`` is given what comes for ``node``, ``gap`` is called as in ``Bus``.
    """

    def __init__(self, bus: Bus, node: str, receive: Receive, gap: Callable[[], None]) -> None:
        self._bus = bus
        bus.subscribe(_topic(node), receive, gap)

    @property
    def connected(self) -> bool:
        """See ``Nodes``."""
        return self._bus.connected

    def send(self, node: str, payload: bytes) -> None:
        """See ``Nodes``."""
        self._bus.send(_topic(node), payload)


def _topic(node: str) -> str:
    return f"node/{node}"
