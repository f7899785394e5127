"""Whether everything is there that the server stands on. Nobody who asks makes anything be asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gameserver.errors import Unavailable


class Readiness:
    """The state of what the server stands on, by its name: whether it could be used when that was last seen."""

    def __init__(self) -> None:
        self._looks: dict[str, Callable[[], bool]] = {}

    def add(self, name: str, look: Callable[[], bool]) -> None:
        """Tell of something; ``look`` costs nothing."""
        self._looks[name] = look

    def seen_by(self, name: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """Return work that needs something and is done again and again; what is told is whether it could be done."""
        there = True

        async def seen() -> object:
            nonlocal there
            try:
                result = await work()
            except Unavailable:
                there = False
                raise
            there = True
            return result

        self.add(name, lambda: there)
        return seen

    def states(self) -> dict[str, bool]:
        """Return what is there and what is not."""
        return {name: look() for name, look in self._looks.items()}
