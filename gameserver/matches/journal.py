"""Writes the command logs of all matches, many lines in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger

from gameserver.errors import Unavailable
from gameserver.matches.store import LogLine, MatchStore

#: Seconds until a failed write is tried again.
RETRY = 1.0


class Journal:
    """Gathers lines while the transaction before is under way; no timer delays the first.

    ``done`` of a line is called when it is on disk. A write that fails is tried until it succeeds: nothing that waits
    for it is confirmed before. ``taken`` is told of each match that somebody else has taken over meanwhile: of its
    lines none is kept any more, and what waits for them is never confirmed.
    """

    _log = Logger()

    def __init__(self, store: MatchStore, clock: IReactorTime, taken: Callable[[int], None]) -> None:
        self._store = store
        self._clock = clock
        self._taken = taken
        self._waiting: list[tuple[LogLine, Callable[[], None]]] = []
        self._writing = False
        #: Those who wait for the transaction under way, and for the next one.
        self._current: list[Deferred[None]] = []
        self._next: list[Deferred[None]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def append(self, line: LogLine, done: Callable[[], None]) -> None:
        """Write a line soon."""
        self._waiting.append((line, done))
        if not self._writing:
            self._writing = True
            ensureDeferred(self._write())

    async def flushed(self) -> None:
        """Wait until everything that has been appended is on disk and told; what others append later counts not."""
        if self._writing:
            done: Deferred[None] = Deferred()
            (self._next if self._waiting else self._current).append(done)
            await done

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            self._current, self._next = self._next, []
            refused = await self._keep([line for line, _ in batch])
            for line, done in batch:
                if line.match not in refused:
                    self._tell(line.match, done)
            for match in refused:
                self._tell(match, partial(self._taken, match))
            while self._current:
                self._current.pop().callback(None)
        self._writing = False

    def _tell(self, match: int, news: Callable[[], None]) -> None:
        try:
            news()
        except Exception:
            # One match whose news cannot be told must not keep the others from theirs.
            self._log.failure("match {match}: an entry was written but not told", match=match)

    async def _keep(self, lines: list[LogLine]) -> frozenset[int]:
        told = False
        while True:
            try:
                return await self._store.append(lines)
            except Unavailable:
                # Why is in the log already.
                if not told:
                    self._log.error("{count} lines of command logs wait for the database", count=len(lines))
                told = True
                await deferLater(self._clock, RETRY)
            except Exception:
                self._log.failure("{count} lines of command logs were not written; trying again", count=len(lines))
                await deferLater(self._clock, RETRY)
