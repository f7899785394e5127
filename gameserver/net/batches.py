"""What one turn of the reactor reads from all connections, as one: a batch.

Twisted sets up a logging context for each event, looks for the reader's socket in three tables, and asks for a timer
for what is to be done when all have been read. Together that is more than many a message costs. So the connections
that are only read wait in a poll of their own, which stands in the reactor's as a single reader; what is to be done
behind all of them is called behind the last one.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from twisted.internet import error
from twisted.internet.interfaces import IHalfCloseableDescriptor, IReadDescriptor
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

#: Whether the system has a poll that can stand in another one.
NESTED = hasattr(select, "epoll")

_log = Logger()


@implementer(IReadDescriptor)
class Batches:
    """The connections of a reactor that are read together, and what is done behind a batch of them."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._readers: dict[int, Any] = {}
        self._poll: Any = None
        #: Whether a batch is being read now.
        self.reading = False
        self._behind: list[Callable[[], None]] = []

    # What connections call.

    def add(self, reader: Any) -> None:
        """Read from a descriptor of Twisted's with every batch; a second time changes nothing."""
        number = reader.fileno()
        if number in self._readers:
            return
        if self._poll is None:
            self._poll = select.epoll()
        self._poll.register(number, select.EPOLLIN)
        if not self._readers:
            self._reactor.addReader(self)
        self._readers[number] = reader

    def remove(self, reader: Any) -> None:
        """Read from it no more; one that is not read changes nothing."""
        number = reader.fileno()
        if self._readers.get(number) is not reader:
            return
        del self._readers[number]
        self._poll.unregister(number)
        if not self._readers:
            self._reactor.removeReader(self)
            self._poll.close()
            self._poll = None

    def behind(self, work: Callable[[], None]) -> None:
        """Call ``work`` when the batch that is being read has been read; in the next turn if none is."""
        if self.reading:
            self._behind.append(work)
        else:
            self._reactor.callLater(0, work)

    def behind_this(self, work: Callable[[], None]) -> None:
        """Call ``work`` when the batch that is being read has been read; at once if none is."""
        if self.reading:
            self._behind.append(work)
        else:
            work()

    # What the reactor calls.

    def fileno(self) -> int:
        """Return the number of the poll, -1 when nobody is read."""
        return -1 if self._poll is None else int(self._poll.fileno())

    def logPrefix(self) -> str:
        """Return by what the log names this."""
        return "connections"

    def doRead(self) -> None:
        """Read a batch."""
        readers = self._readers
        self.reading = True
        try:
            for number, _ in self._poll.poll(0, len(readers)):
                reader = readers.get(number)
                if reader is None:
                    # One before it has ended it.
                    continue
                try:
                    why = reader.doRead()
                except Exception as mistake:
                    _log.failure("while a connection was read")
                    why = mistake
                if why is not None:
                    self._lost(reader, why)
        finally:
            self.reading = False
            self._finish()

    def _finish(self) -> None:
        behind, self._behind = self._behind, []
        for work in behind:
            try:
                work()
            except Exception:
                _log.failure("behind what was read")

    def _lost(self, reader: Any, why: Exception) -> None:
        """Tell a descriptor that it has ended, or that nothing more will come, as the reactor does."""
        self.remove(reader)
        reason = Failure(why)
        if isinstance(why, error.ConnectionDone) and IHalfCloseableDescriptor.providedBy(reader):
            reader.readConnectionLost(reason)
        else:
            reader.connectionLost(reason)

    def connectionLost(self, reason: Failure) -> None:
        """End all connections; called by the reactor when it stops."""
        for reader in list(self._readers.values()):
            self.remove(reader)
            try:
                reader.connectionLost(reason)
            except Exception:
                _log.failure("while a connection was ended")


_batches: WeakKeyDictionary[Any, Batches] = WeakKeyDictionary()


def batches_of(reactor: Any) -> Batches:
    """Return the batches of a reactor, the same ones to whoever asks. A ``Clock`` has none to read."""
    found = _batches.get(reactor)
    if found is None:
        found = _batches[reactor] = Batches(reactor)
    return found
