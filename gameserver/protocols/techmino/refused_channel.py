"""A WebSocket that is opened to say why its request was refused."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from gameserver.net.websocket import Wire


@attrs.frozen
class RefusedChannel:
    """It is told ``frames`` and closed with a code and a reason; no connection of ours."""

    frames: bytes
    code: int
    reason: str

    def opened(self, wire: Wire) -> None:
        """Say why."""
        if self.frames:
            wire.write(self.frames)
        wire.close(self.code, self.reason)

    def received(self, payload: bytes, binary: bool) -> None:
        """Hear nothing."""

    def counted(self) -> bool:
        """Answer no Pings: the connection is about to end."""
        return False

    def heard_all(self, answered: Callable[[], None]) -> None:
        """Nothing waits for an answer."""
        answered()

    def too_slow(self) -> None:
        """One sentence waits for nobody long."""

    def ended(self) -> None:
        """There is nothing to forget."""
