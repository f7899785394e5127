"""How long one address may keep the reactor busy before everybody else has their turn.

Limits say how much people may do in the long run; what they may do at once is let through at once. From very many
connections together that would be seconds in which nobody else is heard. So each address has a share of every turn of
the reactor: once that is used up, its connections are not read and its waiting messages wait, until the next turn.
Nothing is refused for that, and where nobody else wants anything an address has the reactor to itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from twisted.internet.interfaces import IPushProducer, IReactorTime
from twisted.logger import Logger
from zope.interface import implementer

from gameserver.net.batches import batches_of

T = TypeVar("T")

#: Seconds of a turn that are one address's. What it does last is not interrupted, and so comes on top.
SHARE = 0.005

#: The part of a share that what waits from earlier turns may have. The rest is for what comes now: behind one address
#: are many people, and who has sent little must not wait until whoever has sent very much is heard.
OLD = 0.5

#: Seconds after which a connection lets others of its address go on, if any wait.
STRETCH = 0.00025

_log = Logger()


class Turns:
    """The shares of all addresses. Time is the reactor's, so that a ``Clock`` that stands still divides nothing.

    ``share`` is in seconds.
    """

    def __init__(self, clock: IReactorTime, share: float = SHARE) -> None:
        self._clock = clock
        self._batches = batches_of(clock)
        self._share = self._limit = share
        #: What each address has used of this turn, in seconds.
        self._used: dict[str, float] = {}
        #: On whose share something is being done, and since when.
        self._whose: str | None = None
        self._since = 0.0
        self._waiting: dict[str, deque[Callable[[], None]]] = {}
        #: Who was not read in this turn, and who is read before everybody else of their address because of the last.
        self._skipped: dict[str, set[object]] = {}
        self._first: dict[str, set[object]] = {}
        self._ending = False

    def run(self, address: str, work: Callable[..., T], *arguments: Any) -> T:
        """Call ``work``, which does something for an address, count the time it takes, and return what it returns."""
        if self._whose is not None:
            return work(*arguments)
        self._whose, self._since = address, self._clock.seconds()
        try:
            return work(*arguments)
        finally:
            self._whose = None
            took = self._clock.seconds() - self._since
            if took > 0:
                self._used[address] = self._used.get(address, 0.0) + took
                self._end_turn()

    def over(self, address: str) -> bool:
        """Say whether an address has used up its share of this turn, or who is heard now lets others of it go on.

        What is being done now counts as its own: a proxy's bytes may be the messages of others.
        """
        used = self._used.get(address, 0.0)
        if self._whose is not None:
            stretch = self._clock.seconds() - self._since
            if stretch >= STRETCH and self._others_wait(address):
                return True
            used += stretch
        return used >= self._limit

    def _others_wait(self, address: str) -> bool:
        return bool(self._waiting.get(address) or self._skipped.get(address) or self._first.get(address))

    def may_read(self, address: str, reader: object) -> bool:
        """Say whether a connection is to be read now; who is not comes first in the next turn.

        The kernel names sockets in the same order each time, as long as there is more to read from all of them: the
        last ones would never have a share.
        """
        first = self._first.get(address)
        if not self.over(address) and (first is None or reader in first):
            if first is not None:
                first.discard(reader)
                if not first:
                    del self._first[address]
            return True
        self._skipped.setdefault(address, set()).add(reader)
        self._end_turn()
        return False

    def later(self, address: str, work: Callable[[], None]) -> None:
        """Call ``work`` in one of the next turns, behind what waits already, as far as the address's share goes."""
        self._waiting.setdefault(address, deque()).append(work)
        self._end_turn()

    def _end_turn(self) -> None:
        if not self._ending:
            self._ending = True
            if self._batches.reading:
                self._batches.behind(self._batch_is_over)
            else:
                self._clock.callLater(0, self._next_turn)

    def _batch_is_over(self) -> None:
        """Begin the next turn at once where nobody was held up in this one."""
        if self._waiting or self._skipped:
            self._clock.callLater(0, self._next_turn)
        else:
            self._ending = False
            self._used.clear()
            self._first.clear()

    def _next_turn(self) -> None:
        self._ending = False
        self._used.clear()
        self._first, self._skipped = self._skipped, {}
        self._limit = self._share * OLD
        for address, waiting in list(self._waiting.items()):
            # What is put off again while this runs waits for the turn after it.
            for _ in range(len(waiting)):
                if self.over(address):
                    break
                self.run(address, self._try, waiting.popleft())
            if not waiting:
                del self._waiting[address]
        self._limit = self._share
        if self._waiting:
            self._end_turn()

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            # The others that wait are to have their turn all the same.
            _log.failure("what waited for its turn")


class Share:
    """What one connection knows of the turns: its own address's share."""

    __slots__ = ("_address", "_turns")

    def __init__(self, turns: Turns, address: str) -> None:
        self._turns = turns
        self._address = address

    @property
    def over(self) -> bool:
        """Whether the share of this turn is used up."""
        return self._turns.over(self._address)

    def run(self, work: Callable[..., object], *arguments: Any) -> None:
        """Do something on the share."""
        self._turns.run(self._address, work, *arguments)

    def later(self, work: Callable[[], None]) -> None:
        """Do something on the share of a later turn."""
        self._turns.later(self._address, work)


@implementer(IPushProducer)
class Reading:
    """Whether a transport is read: who handles its messages may stop that, and so may who holds back its bytes."""

    __slots__ = ("_held", "_paused", "_transport")

    def __init__(self, transport: IPushProducer) -> None:
        self._transport = transport
        self._held = False
        self._paused = False

    def hold(self) -> None:
        """Stop reading until ``release``."""
        self._held = True
        self._transport.pauseProducing()

    def release(self) -> None:
        """Go on, unless it is paused."""
        self._held = False
        if not self._paused:
            self._transport.resumeProducing()

    def pauseProducing(self) -> None:
        """Stop reading until ``resumeProducing``."""
        self._paused = True
        self._transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Go on, unless something is held back."""
        self._paused = False
        if not self._held:
            self._transport.resumeProducing()

    def stopProducing(self) -> None:
        """See ``IPushProducer``."""
        self._transport.stopProducing()


_turns: WeakKeyDictionary[Any, Turns] = WeakKeyDictionary()


def turns_of(clock: IReactorTime) -> Turns:
    """Return the turns of a reactor, the same ones to whoever asks."""
    found = _turns.get(clock)
    if found is None:
        found = _turns[clock] = Turns(clock)
    return found
