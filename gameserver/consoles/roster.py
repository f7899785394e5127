"""Who is in a program's game, as far as its output tells."""

from __future__ import annotations

from collections.abc import Iterator

from gameserver.consoles.events import Joined, Left, Printed, Said

#: Names that are remembered at most.
MOST = 1000


class Roster:
    """The players in the order they came. ``paired``: the program tells each coming and going more than once."""

    def __init__(self, paired: bool = False) -> None:
        self._paired = paired
        self._names: dict[str, None] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __len__(self) -> int:
        return len(self._names)

    def note(self, event: Joined | Left | Said | Printed) -> bool:
        """Take an event into account; return whether it is news."""
        if isinstance(event, Joined):
            known = event.sender in self._names
            if len(self._names) < MOST:
                self._names[event.sender] = None
            return not (known and self._paired)
        if isinstance(event, Left):
            known = event.sender in self._names
            self._names.pop(event.sender, None)
            return known or not self._paired
        return True

    def rename(self, old: str, new: str) -> None:
        """Note that somebody has taken another name."""
        if old in self._names:
            del self._names[old]
            self._names[new] = None
