"""What a console program is seen to do, and who is in its game by that."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

#: Names that are remembered at most.
MOST_PLAYERS = 1000


@attrs.frozen
class Joined:
    """A player has come into the game."""

    sender: str


@attrs.frozen
class Left:
    """A player has left the game."""

    sender: str


@attrs.frozen
class Said:
    """A player has said something to all."""

    sender: str
    text: str


@attrs.frozen
class Printed:
    """A line that a rule of the configuration shows as it is."""

    text: str


@attrs.frozen
class Started:
    """The process runs."""


@attrs.frozen
class Stopped:
    """The process has ended, in whatever way."""


Event = Joined | Left | Said | Printed | Started | Stopped


class Roster:
    """The players in the order they came. ``paired``: the program tells each coming and going more than once."""

    def __init__(self, *, paired: bool = False) -> None:
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
            if len(self._names) < MOST_PLAYERS:
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
