"""What waits to be sent to one client: gathered for a reactor turn, bounded, and dropped with a slow reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from twisted.internet.interfaces import IPushProducer, IReactorTime
from zope.interface import implementer

from gameserver.net.batches import batches_of
from gameserver.net.nobody import nobody

#: Seconds a client gets to read what is left after we have said goodbye.
LINGER = 5.0

#: Bytes that the transport gets at once: as many as its buffer holds before it says that it is full, so that its
#: asking for more shows that the client reads, however much waits here.
HANDED_OVER = 65536

#: Bytes that may be unsent before nothing more is asked of who does not read; less where ``limit`` is small.
MARK = 65536

_NOTHING = memoryview(b"")


class _Turn:
    """Flushes every outbox that was written to during one reactor turn, once for all of them.

    What is answered while connections are read leaves behind the last of them, and not each answer at once: their
    readers would wake one by one, and come back one by one.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self._batches = batches_of(clock)
        self._dirty: list[Outbox] = []

    def add(self, outbox: Outbox) -> None:
        if not self._dirty:
            self._batches.behind(self._flush)
        self._dirty.append(outbox)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        for outbox in dirty:
            outbox.flush()


_turns: WeakKeyDictionary[Any, _Turn] = WeakKeyDictionary()


def _turn_of(clock: IReactorTime) -> _Turn:
    turn = _turns.get(clock)
    if turn is None:
        turn = _turns[clock] = _Turn(clock)
    return turn


@implementer(IPushProducer)
class Outbox:
    """Everything for one transport goes through here.

    What one reactor turn produces leaves in one write. While the transport's buffer is full (the peer does not
    read) bytes wait here; when more than ``limit`` bytes wait, or the buffer has not been emptied within ``timeout``
    seconds, ``overflow`` is called once and the connection is aborted. Works on TCP, TLS and whatever else has
    ``registerProducer``. It is ``full`` before that, and says when it is so no more: whoever answers a client stops
    while it is, so that only what nobody has asked for can pass the limit.
    """

    __slots__ = (
        "__weakref__",
        "_chunks",
        "_clock",
        "_closing",
        "_dead",
        "_drained",
        "_giving_up",
        "_limit",
        "_mark",
        "_overflow",
        "_paused",
        "_rest",
        "_scheduled",
        "_stalled",
        "_timeout",
        "_transport",
        "_turn",
        "waiting",
    )

    def __init__(
        self,
        transport: Any,
        clock: IReactorTime,
        limit: int,
        overflow: Callable[[], None],
        timeout: float = 30.0,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._turn = _turn_of(clock)
        self._limit = limit
        self._mark = min(MARK, limit // 2)
        self._overflow = overflow
        self._timeout = timeout
        #: Runs while the transport is full.
        self._stalled: Any = None
        self._chunks: list[bytes] = []
        self._paused = False
        self._scheduled = False
        self._closing = False
        self._dead = False
        self._giving_up: Any = None
        #: Of a large write what the transport has had no room for yet.
        self._rest = _NOTHING
        #: Told once, when it is full no more.
        self._drained: Callable[[], None] | None = None
        #: Bytes that have come since the transport was full.
        self.waiting = 0
        transport.registerProducer(self, True)

    @property
    def full(self) -> bool:
        """Whether more is unsent than the mark, be it only until the end of this turn."""
        return self.waiting + len(self._rest) > self._mark

    def when_drained(self, drained: Callable[[], None]) -> None:
        """Call ``drained`` once, when it is full no more; never if the connection ends before."""
        self._drained = drained

    def write(self, data: bytes) -> None:
        """Send bytes at the end of this turn. After the end of the connection this does nothing."""
        if self._dead or self._closing:
            return
        self._chunks.append(data)
        self.waiting += len(data)
        if self._paused:
            if self.waiting > self._limit:
                self.give_up()
        elif not self._scheduled:
            self._scheduled = True
            self._turn.add(self)

    def flush(self) -> None:
        """Hand over what waits, unless the transport has enough already."""
        self._scheduled = False
        if self._rest:
            self._hand_over_pieces()
        if self._chunks and not self._paused and not self._dead:
            data = self._gathered()
            if len(data) <= HANDED_OVER:
                self._transport.write(data)
            else:
                self._rest = memoryview(data)
                self._hand_over_pieces()
        if self._drained is not None and not self.full:
            drained, self._drained = self._drained, None
            drained()

    def _gathered(self) -> bytes:
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self.waiting = 0
        return data

    def _hand_over_pieces(self) -> None:
        while self._rest and not self._paused and not self._dead:
            piece, self._rest = self._rest[:HANDED_OVER], self._rest[HANDED_OVER:]
            self._transport.write(bytes(piece))

    def hand_over(self) -> None:
        """Give everything that waits to the transport, however full it is: a goodbye goes another way behind it."""
        if self._dead:
            return
        rest, self._rest = bytes(self._rest), _NOTHING
        data = rest + self._gathered()
        if data:
            self._transport.write(data)

    def close(self) -> None:
        """Send what waits, then end the connection; a peer that does not read is given up after some seconds."""
        if self._dead or self._closing:
            return
        self.hand_over()
        self._closing = True
        self._stop_waiting()
        self._transport.unregisterProducer()
        self._transport.loseConnection()
        self._giving_up = self._clock.callLater(LINGER, self._abort_if_open)

    def abort(self) -> None:
        """End the connection at once; what waits is lost."""
        if not self._dead:
            self._dead = True
            self._forget()
            self._transport.abortConnection()

    def connection_lost(self) -> None:
        """Must be called when the transport has ended; nothing is written or aborted after it."""
        self._dead = True
        self._overflow = nobody
        self._forget()
        if self._giving_up is not None and self._giving_up.active():
            self._giving_up.cancel()
        self._giving_up = None

    def _forget(self) -> None:
        self._chunks.clear()
        self._rest = _NOTHING
        self._drained = None
        self.waiting = 0
        self._stop_waiting()

    def give_up(self) -> None:
        """End the connection of who does not read, and tell whose it is."""
        overflow = self._overflow
        self.abort()
        overflow()

    def _abort_if_open(self) -> None:
        if not self._dead:
            self.abort()

    def pauseProducing(self) -> None:
        """Stop handing over: the transport's buffer is full."""
        self._paused = True
        if self._stalled is None and not self._dead:
            self._stalled = self._clock.callLater(self._timeout, self._has_stalled)

    def resumeProducing(self) -> None:
        """Go on handing over: the peer has read."""
        self._paused = False
        self._stop_waiting()
        self.flush()

    def _has_stalled(self) -> None:
        self._stalled = None
        self.give_up()

    def _stop_waiting(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def stopProducing(self) -> None:
        """Forget everything: the connection has ended."""
        self.connection_lost()
