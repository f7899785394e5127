"""A client's messages, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from twisted.internet.interfaces import IPushProducer

from gameserver.net.guard import Guard

T = TypeVar("T")


class Inbox(Generic[T]):
    """Hands messages to a handler strictly in order.

    The handler may be asynchronous: while one message waits for the database the next waits too. When ``limit``
    messages wait, the transport stops reading until half of them are done.
    """

    __slots__ = ("_busy", "_closed", "_guard", "_handler", "_limit", "_paused", "_transport", "_waiting")

    def __init__(
        self,
        handler: Callable[[T], Awaitable[Any] | None],
        guard: Guard,
        transport: IPushProducer,
        limit: int = 64,
    ) -> None:
        self._handler = handler
        self._guard = guard
        self._transport = transport
        self._limit = limit
        self._waiting: deque[T] = deque()
        self._busy = False
        self._paused = False
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether nothing is being handled and nothing waits."""
        return not self._busy and not self._waiting

    def put(self, message: T) -> None:
        """Handle a message now, or when those before it are done."""
        if self._closed:
            return
        self._waiting.append(message)
        if not self._busy:
            self._run()
        if len(self._waiting) >= self._limit and not self._paused and not self._closed:
            self._paused = True
            self._transport.pauseProducing()

    def close(self) -> None:
        """Forget what waits; what is being handled runs to its end."""
        self._closed = True
        self._waiting.clear()

    def _run(self) -> None:
        self._busy = True
        while self._waiting:
            running = self._guard.run(self._handler, self._waiting.popleft())
            if running is not None and not running.called:
                running.addCallback(self._next)
                return
        self._busy = False
        self._resume()

    def _next(self, _result: object) -> None:
        self._run()

    def _resume(self) -> None:
        if self._paused and not self._closed and len(self._waiting) <= self._limit // 2:
            self._paused = False
            self._transport.resumeProducing()
