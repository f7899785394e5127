"""Telling everybody on a round's stream.

What a player does comes in small pieces, up to 99 players with seven a second each. In a large round the pieces of a
few milliseconds leave together, the same bytes for everybody who has sent none of them: that is one write where
there would be ten. Nothing overtakes anything.
"""

from __future__ import annotations

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gameserver.sessions.session import Sink

#: Rounds with at most this many connections are served at once.
FEW = 8

#: Seconds that pieces wait for others in a large round; the client shows 60 pictures a second.
WINDOW = 0.01

#: Bytes that leave at the latest: the client can stumble over a frame's head that arrives in two TCP segments.
SEGMENT = 1200


class Fanout:
    """The connections of one round."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._lines: dict[Sink, None] = {}
        self._waiting: list[tuple[bytes, Sink]] = []
        self._bytes = 0
        self._timer: IDelayedCall | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def lines(self) -> list[Sink]:
        """Return who is there."""
        return list(self._lines)

    def add(self, line: Sink) -> None:
        """Let somebody hear everything from now on."""
        self.flush()
        self._lines[line] = None

    def remove(self, line: Sink) -> None:
        """Tell somebody nothing any more."""
        self.flush()
        self._lines.pop(line, None)

    def tell(self, frame: bytes, but: Sink | None = None) -> None:
        """Tell everybody but one, after everything that was gathered before."""
        self.flush()
        for line in self._lines:
            if line is not but:
                line.deliver(frame)

    def gather(self, frame: bytes, sender: Sink) -> None:
        """Tell everybody but the sender, now or within the window."""
        if len(self._lines) <= FEW:
            for line in self._lines:
                if line is not sender:
                    line.deliver(frame)
            return
        self._waiting.append((frame, sender))
        self._bytes += len(frame)
        if self._bytes >= SEGMENT:
            self.flush()
        elif self._timer is None:
            self._timer = self._clock.callLater(WINDOW, self._due)

    def _due(self) -> None:
        self._timer = None
        self.flush()

    def flush(self) -> None:
        """Tell everybody what was gathered."""
        if not self._waiting:
            return
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        shared = b"".join([frame for frame, _ in waiting])
        senders = {sender for _, sender in waiting}
        for line in self._lines:
            if line not in senders:
                line.deliver(shared)
                continue
            others = [frame for frame, sender in waiting if sender is not line]
            if others:
                line.deliver(b"".join(others))
