"""The command log of one match, and the news that wait until it is on disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime

from gameserver.matches.batch import Batch
from gameserver.matches.command_log import Entry, Header, Passed, write
from gameserver.matches.journal import Journal
from gameserver.matches.store import LogLine
from gameserver.reactor import wall

#: Milliseconds of a real-time game that are at most lost in a crash.
REMEMBERED_EVERY = 1000


class Gate:
    """Numbers and writes the entries of a match; lets news through when what they follow from is durable.

    News keep their order: while an entry waits for the disk, everything that is sent after it waits too.
    """

    def __init__(self, header: Header, clock: IReactorTime, journal: Journal) -> None:
        self._header = header
        self._clock = clock
        self._journal = journal
        #: Numbers of entries: given to the journal, needed before news may go out, on disk.
        self._logged = self._required = self._durable = 0
        self._held: deque[tuple[int, Callable[[Batch], None], Batch]] = deque()
        self._passed_ms = 0

    @property
    def now_ms(self) -> int:
        """The time in milliseconds since 1970."""
        return int(wall(self._clock) * 1000)

    def resume(self, entries: int) -> None:
        """Go on behind a log of so many entries."""
        self._logged = self._required = self._durable = entries

    def write(self, entry: Entry) -> None:
        """Write an entry; what is sent from now on waits for it."""
        self.remember()
        self._append(entry)
        self._required = self._logged

    def pass_time(self, milliseconds: int) -> None:
        """Note that time has passed in a real-time game. It confirms nothing, so that nothing waits for it."""
        self._passed_ms += milliseconds
        if self._passed_ms >= REMEMBERED_EVERY:
            self.remember()

    def remember(self) -> None:
        """Write down the time that has passed since the last entry."""
        if self._passed_ms:
            entry, self._passed_ms = Passed(self._passed_ms), 0
            self._append(entry)

    def send(self, deliver: Callable[[Batch], None], batch: Batch) -> None:
        """Hand news over, now if nothing is on its way to the disk."""
        if self._durable >= self._required:
            deliver(batch)
        else:
            self._held.append((self._required, deliver, batch))

    def _append(self, entry: Entry) -> None:
        self._logged += 1
        number = self._logged
        line = LogLine(self._header.id, number, self.now_ms, write(entry), self._header.epoch)
        self._journal.append(line, lambda: self._written(number))

    def _written(self, number: int) -> None:
        self._durable = number
        while self._held and self._held[0][0] <= number:
            _, deliver, batch = self._held.popleft()
            deliver(batch)
