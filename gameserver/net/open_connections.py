"""Who is connected to a protocol, and the moment when nobody is any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from twisted.internet.defer import Deferred

T = TypeVar("T")


class OpenConnections(Generic[T]):
    """The connections of a protocol, each once."""

    def __init__(self) -> None:
        self._open: set[T] = set()
        self._waiting: list[Deferred[None]] = []

    def add(self, connection: T) -> None:
        """Note a new connection."""
        self._open.add(connection)

    def discard(self, connection: T) -> None:
        """Forget a connection that has ended; a second time changes nothing."""
        self._open.discard(connection)
        if not self._open:
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                one.callback(None)

    async def all_gone(self) -> None:
        """Wait until no connection is open."""
        if self._open:
            gone: Deferred[None] = Deferred()
            self._waiting.append(gone)
            await gone

    def __contains__(self, connection: object) -> bool:
        return connection in self._open

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._open))

    def __len__(self) -> int:
        return len(self._open)
