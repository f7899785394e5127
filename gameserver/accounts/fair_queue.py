"""Work that waits for one of a few places: addresses take turns, so that nobody's storm is everybody's."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.defer import Deferred

from gameserver.errors import Code, GameError


@attrs.define(eq=False)
class _Asked:
    start: Callable[[], Deferred[Any]]
    answer: Deferred[Any]


class FairQueue:
    """At most ``places`` run at a time and ``longest`` run or wait.

    The address that has waited longest for its turn is next, with one of its own. When the queue is full somebody
    from an address with little in it takes the last place of the address with the most, which is told ``busy``.
    Whoever cancels has not been served and costs nothing.
    """

    def __init__(self, places: int, longest: int) -> None:
        self._places = places
        self._longest = longest
        self._running = 0
        self._lines: OrderedDict[str, deque[_Asked]] = OrderedDict()
        self._waiting = 0

    def __len__(self) -> int:
        """How many run or wait."""
        return self._running + self._waiting

    def add(self, address: str, start: Callable[[], Deferred[Any]]) -> Deferred[Any]:
        """Begin ``start`` when its turn comes; fires with what it fires with. Raises ``GameError`` ``busy``."""
        if len(self) >= self._longest and not self._make_room(address):
            raise _busy()
        asked: _Asked
        answer: Deferred[Any] = Deferred(lambda _: self._give_up(address, asked))
        asked = _Asked(start, answer)
        self._lines.setdefault(address, deque()).append(asked)
        self._waiting += 1
        self._serve()
        return answer

    def _make_room(self, address: str) -> bool:
        most = max(self._lines, key=lambda one: len(self._lines[one]), default=address)
        line = self._lines.get(most, ())
        if len(line) <= len(self._lines.get(address, ())) + 1:
            return False
        last = self._lines[most][-1]
        self._give_up(most, last)
        last.answer.errback(_busy())
        return True

    def _give_up(self, address: str, asked: _Asked) -> None:
        line = self._lines.get(address)
        if line is None or asked not in line:
            # It runs already: its result is for nobody.
            return
        line.remove(asked)
        self._waiting -= 1
        if not line:
            del self._lines[address]

    def _serve(self) -> None:
        while self._running < self._places and self._lines:
            address, line = next(iter(self._lines.items()))
            asked = line.popleft()
            self._waiting -= 1
            if line:
                self._lines.move_to_end(address)
            else:
                del self._lines[address]
            self._running += 1
            asked.start().addBoth(self._done, asked.answer)

    def _done(self, result: Any, answer: Deferred[Any]) -> None:
        self._running -= 1
        if not answer.called:
            answer.callback(result)
        self._serve()


def _busy() -> GameError:
    return GameError(Code.BUSY, "Too many logins at the moment; please try again.")
