"""Which addresses the game's own clients are connected from, or were a moment ago."""

from __future__ import annotations

import attrs
from twisted.internet.interfaces import IReactorTime

#: Seconds after which a client that is not connected any more counts as not seen.
MOMENT = 60.0

#: Addresses that are remembered; the one that was quiet longest goes first.
ADDRESSES = 4096


@attrs.define
class _Address:
    where: str
    at: float
    open: int = 0


class SeenClients:
    """By address; bounded, and without a timer."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._addresses: dict[str, _Address] = {}

    def came(self, address: str, where: str) -> None:
        """Note a client that has connected, at an endpoint."""
        found = self._addresses.pop(address, None) or _Address(where, 0.0)
        found.where, found.at, found.open = where, self._clock.seconds(), found.open + 1
        self._addresses[address] = found
        if len(self._addresses) > ADDRESSES:
            del self._addresses[next(iter(self._addresses))]

    def went(self, address: str) -> None:
        """Note that one of them has gone."""
        found = self._addresses.get(address)
        if found is not None:
            found.open, found.at = max(0, found.open - 1), self._clock.seconds()

    def last(self, address: str) -> str | None:
        """Return where a client from an address has connected last; ``None`` if it was longer ago than a moment."""
        found = self._addresses.get(address)
        if found is None or (not found.open and self._clock.seconds() - found.at > MOMENT):
            return None
        return found.where
