"""Who comes from one address waits in one line: some of them have their turn at a time, the others after them."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeVar

from twisted.internet.defer import Deferred

from gameserver.errors import Code, GameError

T = TypeVar("T")

#: Whether anybody still waits for the answer.
Wanted = Callable[[], bool]


class AddressLines:
    """A line for each address, in which ``at_once`` have their turn at the same time. Nobody there costs nothing."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lines: dict[str, _Line] = {}

    def __len__(self) -> int:
        return len(self._lines)

    async def run(self, address: str, wanted: Wanted, work: Callable[[], Awaitable[T]]) -> T:
        """Await ``work`` when its turn has come, and return what it returns. No address waits for nobody.

        Raises ``GameError`` ``closed`` for who is not ``wanted`` any more when the turn comes.
        """
        if not address:
            return await work()
        line = self._lines.get(address)
        if line is None:
            line = self._lines[address] = _Line(self._at_once)
        await line.turn(wanted)
        try:
            return await work()
        finally:
            line.over()
            if line.empty:
                self._lines.pop(address, None)


class _Line:
    def __init__(self, places: int) -> None:
        self._places = self._free = places
        self._waiting: deque[tuple[Deferred[None], Wanted]] = deque()
        self._calling = False

    @property
    def empty(self) -> bool:
        return self._free == self._places and not self._waiting

    async def turn(self, wanted: Wanted) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            return
        called: Deferred[None] = Deferred()
        self._waiting.append((called, wanted))
        await called

    def over(self) -> None:
        """Call those who are next. Whose turn is over at once calls nobody: a thousand of them are no recursion."""
        self._free += 1
        if self._calling:
            return
        self._calling = True
        while self._free and self._waiting:
            called, wanted = self._waiting.popleft()
            if wanted():
                self._free -= 1
                called.callback(None)
            else:
                called.errback(GameError(Code.CLOSED, "The connection has ended."))
        self._calling = False
