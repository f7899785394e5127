"""A room as lists show it, at every node the same."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Listing(msgspec.Struct, frozen=True, array_like=True):
    """One room. ``kind`` is its type by its creator's word, ``generation`` the name of that of its clients.

    ``full``: nobody else can come in to play. ``counting_down``: all are ready and a round begins in a moment.
    ``seed`` is that of the round that is being played, ``opened_ms`` is in milliseconds since 1970.
    """

    rid: str
    name: str
    kind: str
    version: str
    description: str
    generation: str
    capacity: int
    private: bool
    full: bool
    counting_down: bool
    playing: int
    watching: int
    seed: int | None
    opened_ms: int

    @property
    def count(self) -> int:
        """How many are in."""
        return self.playing + self.watching

    @property
    def started(self) -> bool:
        """Whether a round is being played."""
        return self.seed is not None


def joinable_first(newest_first: Iterable[Listing]) -> list[Listing]:
    """Return rooms in the order of the lists, because a client asks for few.

    First those somebody can join, then those with a password, then the full and started; the newest first in each.
    """
    kinds: tuple[list[Listing], list[Listing], list[Listing]] = ([], [], [])
    for room in newest_first:
        kinds[2 if room.started or room.full else 1 if room.private else 0].append(room)
    return [*kinds[0], *kinds[1], *kinds[2]]
