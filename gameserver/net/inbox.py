"""A client's messages, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

from twisted.internet.interfaces import IPushProducer

from gameserver.net.guard import Guard
from gameserver.net.nobody import nobody
from gameserver.net.turns import Share

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Source(Protocol[T_co]):
    """Where messages come from. They are taken one by one, because one may say how the bytes behind it are read."""

    def next(self) -> T_co | None:
        """Return the next whole message, ``None`` if there is none yet."""

    def __len__(self) -> int:
        """How much waits: bytes of a stream, or messages."""


class Answers(Protocol):
    """Where the answers go: an outbox, or what stands before one."""

    @property
    def full(self) -> bool:
        """Whether so much is unsent that nothing more should be asked."""

    def when_drained(self, drained: Callable[[], None]) -> None:
        """Call ``drained`` once, when it is full no more; never if the connection ends before."""


class Queue(Generic[T]):
    """A source that holds whole messages."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: deque[T] = deque()

    def put(self, message: T) -> None:
        """Add a message at the end."""
        self._waiting.append(message)

    def forget(self) -> None:
        """Throw everything away."""
        self._waiting.clear()

    def next(self) -> T | None:
        """See ``Source``."""
        return self._waiting.popleft() if self._waiting else None

    def __len__(self) -> int:
        return len(self._waiting)


class Inbox(Generic[T]):
    """Takes messages out of a source and hands them to a handler strictly in order.

    The handler may be asynchronous: while one message waits for the database the next waits too. When ``limit`` or
    more waits behind it (in the source's own unit), the transport stops reading until half of that is done.
    While ``answers`` is full the next message waits as well: who does not read what they are answered is not
    answered more. Where there is a ``share``, what goes beyond it waits for the next turn of the reactor.
    """

    __slots__ = (
        "_busy",
        "_closed",
        "_guard",
        "_handler",
        "_limit",
        "_over",
        "_paused",
        "_share",
        "_source",
        "_transport",
        "answers",
    )

    def __init__(
        self,
        handler: Callable[[T], Awaitable[Any] | None],
        guard: Guard,
        transport: IPushProducer,
        source: Source[T],
        answers: Answers,
        limit: int = 64,
        share: Share | None = None,
    ) -> None:
        self._handler = handler
        self._guard = guard
        self._transport = transport
        self._source = source
        #: May be exchanged: something else may stand before the transport for a while.
        self.answers = answers
        self._limit = limit
        self._share = share
        self._busy = False
        self._paused = False
        self._closed = False
        self._over: Callable[[], None] | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is being handled and nothing waits."""
        return not self._busy and not len(self._source)

    @property
    def busy(self) -> bool:
        """Whether a message is being handled, or waits because the client does not read."""
        return self._busy

    def run(self) -> None:
        """Handle what the source has, now or when the message in hand is done."""
        if self._closed:
            return
        if not self._busy:
            self._go_on()
        if self._busy and not self._paused and not self._closed and len(self._source) >= self._limit:
            self._paused = True
            self._transport.pauseProducing()

    def end(self, over: Callable[[], None]) -> None:
        """Call ``over`` when everything that the source holds has been handled: nothing more will come."""
        self._over = over
        self.run()

    def close(self) -> None:
        """Take nothing out of the source any more; what is being handled runs to its end."""
        self._closed = True
        self._handler = nobody
        self._over = None

    def _go_on(self) -> None:
        self._busy = True
        while not self._closed:
            if len(self._source):
                if self.answers.full:
                    self.answers.when_drained(self._next)
                    return
                if self._share is not None and self._share.over:
                    self._share.later(self._again)
                    return
            message = self._source.next()
            if message is None:
                break
            running = self._guard.run(self._handler, message)
            # One that has fired and is paused waits for another that a callback has returned.
            if running is not None and (not running.called or running.paused):
                if self._paused and len(self._source) <= self._limit // 2:
                    self._resume()
                running.addCallback(self._next)
                return
        self._busy = False
        if self._paused and not self._closed:
            self._resume()
        if self._over is not None and not self._closed:
            self._over()

    def _next(self, _result: object = None) -> None:
        if self._share is None:
            self._again()
        else:
            self._share.run(self._again)

    def _again(self) -> None:
        self._guard.run(self._go_on)

    def _resume(self) -> None:
        self._paused = False
        self._transport.resumeProducing()
