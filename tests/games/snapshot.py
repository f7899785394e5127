"""A public snapshot as a client has it: objects by name, and nothing of the classes behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gameserver.testing.game_events import Line


class Snapshot:
    """The lines of a dump, looked up by object and property."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._values: dict[str, dict[str, list[str]]] = {}
        for source, prop, _, new in lines:
            values = self._values.setdefault(source, {}).setdefault(prop, [])
            if new is not None and new not in values:
                values.append(new)

    def named(self, kind: str) -> Iterator[str]:
        """Return the objects of a class, in the order of the dump."""
        return (name for name in self._values if name.partition("@")[0] == kind)

    def many(self, name: str, prop: str) -> list[str]:
        """Return the values of a collection."""
        return self._values.get(name, {}).get(prop, [])

    def one(self, name: str, prop: str) -> str | None:
        """Return the value of a property, ``None`` if it has none."""
        return next(iter(self.many(name, prop)), None)
