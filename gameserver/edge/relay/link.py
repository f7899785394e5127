"""A link between two nodes: everything that passes for the clients of the one whom the other serves.

Frames are numbered, link by link and not client by client, so that one number in a sign of life shows what has been
lost of thousands of idle clients. A gap ends the link as a lost connection ends a client: nobody goes on with a part
of what they were told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec
from twisted.internet.interfaces import IReactorTime

from gameserver.edge.relay.messages import Entry, Frame, Told

#: Bytes that the other node may not have confirmed. One that is slower is dropped, as a client is that does not read.
LIMIT = 8 << 20

#: Bytes on their way beyond which nobody new is served: what they are told first is large, and many may come at once.
MARK = 1 << 20

#: How many may be about to be told it.
ENTERING = 16

#: Bytes after which they are confirmed, if nothing is to be said anyway.
CONFIRMED_EVERY = 1 << 18

_encode = msgspec.msgpack.Encoder().encode


class Nodes(Protocol):
    """The way to other nodes: at most once, in each sender's order."""

    @property
    def connected(self) -> bool:
        """Whether they can be reached now."""

    def send(self, node: str, payload: bytes) -> None:
        """Tell a node something. Never waits and never raises; what cannot be sent is lost."""


class Link:
    """One side. ``take`` is given each entry that comes; ``broken`` is told once why the link can't go on.

    ``confirmed`` is called when the other side has confirmed something.

    What one turn of the reactor tells the other side is one frame.
    """

    def __init__(
        self,
        clock: IReactorTime,
        nodes: Nodes,
        name: str,
        node: str,
        own: str,
        take: Callable[[Link, Entry], None],
        broken: Callable[[Link, str], None],
        confirmed: Callable[[Link], None],
    ) -> None:
        self.name = name
        #: The node at the other end.
        self.node = node
        self._clock = clock
        self._nodes = nodes
        self._own = own
        self._take = take
        self._broken = broken
        self._when_confirmed = confirmed
        self._open = True
        self._entries: list[Entry] = []
        #: Where in them bytes are that may get more receivers, and each client's last entry.
        self._shared: dict[int, int] = {}
        self._last: dict[int, int] = {}
        self._sent = self._seen = 0
        self._unconfirmed: deque[int] = deque()
        self._unconfirmed_bytes = self._to_confirm = self._waiting_bytes = 0
        self._scheduled = False
        #: Those served here who have not been told yet what they are told first.
        self.entering: set[int] = set()
        self.heard = clock.seconds()

    @property
    def full(self) -> bool:
        """Whether so much is on its way that nobody new should be served."""
        return self._unconfirmed_bytes + self._waiting_bytes > MARK or len(self.entering) >= ENTERING

    def send(self, relay: int, entry: Entry) -> None:
        """Say something about one client."""
        self._last[relay] = len(self._entries)
        self._entries.append(entry)
        self._flush_soon()

    def tell(self, relay: int, payload: bytes) -> None:
        """Send bytes to a client; those that others got in this turn are sent once for all of them."""
        at = self._shared.get(id(payload))
        if at is not None and self._last.get(relay, -1) < at:
            entry = self._entries[at]
            assert isinstance(entry, Told)
            entry.relays.append(relay)
            self._last[relay] = at
            return
        # The entry keeps the bytes, so that no others get their number in this turn.
        self._shared[id(payload)] = len(self._entries)
        self._waiting_bytes += len(payload)
        self.send(relay, Told([relay], payload))

    def _flush_soon(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._clock.callLater(0, self.flush)

    def flush(self) -> None:
        """Send what waits."""
        self._scheduled = False
        if not self._entries or not self._open:
            return
        entries, self._entries = self._entries, []
        self._waiting_bytes = 0
        self._shared.clear()
        self._last.clear()
        self._sent += 1
        payload = self._send(entries)
        self._unconfirmed.append(len(payload))
        self._unconfirmed_bytes += len(payload)
        if self._unconfirmed_bytes > LIMIT:
            self._break("does not keep up")

    def _send(self, entries: list[Entry]) -> bytes:
        self._to_confirm = 0
        payload = _encode(Frame(self.name, self._own, self._sent, self._seen, entries))
        self._nodes.send(self.node, payload)
        return payload

    def beat(self, silence: float) -> None:
        """Give a sign of life, and look for one of the last so many seconds."""
        if self._clock.seconds() - self.heard > silence:
            self._break("is silent")
        elif not self._nodes.connected:
            self._break("cannot be reached")
        elif not self._entries:
            self._send([])

    def received(self, frame: Frame, size: int) -> None:
        """Take in a frame of so many bytes."""
        self.heard = self._clock.seconds()
        if frame.number != self._seen + bool(frame.entries):
            self._break("has said something that was lost")
            return
        self._seen = frame.number
        self._confirmed(frame.seen)
        for entry in frame.entries:
            self._take(self, entry)
        self._to_confirm += size
        if self._to_confirm > CONFIRMED_EVERY and self._open and not self._entries:
            self._send([])

    def _confirmed(self, number: int) -> None:
        while self._unconfirmed and self._sent - len(self._unconfirmed) < number:
            self._unconfirmed_bytes -= self._unconfirmed.popleft()
        self._when_confirmed(self)

    def close(self) -> None:
        """Say nothing more."""
        self._open = False
        self._entries.clear()

    def _break(self, why: str) -> None:
        if self._open:
            self._broken(self, why)
