"""Objects one at a time, for clients that take whatever one ``recv`` returns for one object."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from gameserver.net.deadlines import Deadlines
from gameserver.net.outbox import MARK, Outbox


class PacedOutbox:
    """Stands before an ``Outbox`` and leaves a gap after every object.

    ``gaps`` times the gaps of all connections; its ``expired`` must call ``gap_over``. When more than ``limit``
    bytes wait, the outbox gives the connection up.
    """

    __slots__ = ("_drained", "_dropped", "_gaps", "_limit", "_outbox", "_queue", "_waiting")

    def __init__(self, outbox: Outbox, gaps: Deadlines[PacedOutbox], limit: int) -> None:
        self._outbox = outbox
        self._gaps = gaps
        self._limit = limit
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._dropped = False
        self._drained: Callable[[], None] | None = None

    @property
    def full(self) -> bool:
        """Whether so much is unsent, here or behind, that nothing more should be asked."""
        return self._waiting > min(MARK, self._limit // 2) or self._outbox.full

    def when_drained(self, drained: Callable[[], None]) -> None:
        """Call ``drained`` once, when it is full no more; never if the connection ends before."""
        self._drained = drained
        self._tell()

    def _tell(self) -> None:
        if self._drained is None:
            return
        if self._outbox.full:
            self._outbox.when_drained(self._tell)
        elif not self.full:
            drained, self._drained = self._drained, None
            drained()

    def write(self, payload: bytes) -> None:
        """Send an object now, or when those before it have had their gap."""
        if self._dropped:
            return
        if self not in self._gaps:
            self._outbox.write(payload)
            self._gaps.start(self)
            return
        self._queue.append(payload)
        self._waiting += len(payload)
        if self._waiting > self._limit:
            self._dropped = True
            self.forget()
            self._outbox.give_up()

    def gap_over(self) -> None:
        """Send the next object if there is one."""
        if self._queue:
            payload = self._queue.popleft()
            self._waiting -= len(payload)
            self._outbox.write(payload)
            self._gaps.start(self)
            self._tell()

    def release(self) -> None:
        """Send everything that waits at once: the client has turned out to read lines, or this is the end."""
        for payload in self._queue:
            self._outbox.write(payload)
        drained = self._drained
        self.forget()
        if drained is not None:
            self._outbox.when_drained(drained)

    def forget(self) -> None:
        """Throw away what waits."""
        self._queue.clear()
        self._waiting = 0
        self._drained = None
        self._gaps.stop(self)
