"""Who comes from one address waits in one line: some of them have their turn at a time, the others after them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from twisted.internet.defer import DeferredSemaphore

T = TypeVar("T")


class AddressLines:
    """A line for each address, in which ``at_once`` have their turn at the same time. Nobody there costs nothing."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lines: dict[str, DeferredSemaphore] = {}

    def __len__(self) -> int:
        return len(self._lines)

    async def run(self, address: str, work: Callable[[], Awaitable[T]]) -> T:
        """Await ``work`` when its turn has come, and return what it returns. No address waits for nobody."""
        if not address:
            return await work()
        line = self._lines.get(address)
        if line is None:
            line = self._lines[address] = DeferredSemaphore(self._at_once)
        await line.acquire()
        try:
            return await work()
        finally:
            line.release()
            if line.tokens == self._at_once:
                self._lines.pop(address, None)
