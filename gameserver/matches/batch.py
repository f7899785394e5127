"""What a match tells its people: everything one call changed, encoded once for all who see the same of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from gameserver.games.entity import Audience, Change, Message


@attrs.frozen
class Chat:
    """Something a participant said: the kind as the protocol names it, his nickname, the text."""

    kind: str
    speaker: str
    text: str


Item = Change | Message | Chat


class Batch:
    """The items of one moment, in order. ``at_ms`` is that moment, in milliseconds since 1970.

    ``cache`` belongs to the protocols: there they keep what they have encoded, by protocol and view.
    """

    __slots__ = ("_private", "at_ms", "cache", "items", "lossy")

    def __init__(self, at_ms: int, items: Sequence[Item]) -> None:
        self.at_ms = at_ms
        self.items = items
        self.cache: dict[Any, bytes] = {}
        self._private = {audience for item in items if (audience := _audience(item)) is not None}
        #: Whether a slow reader may be spared some of it.
        self.lossy = any(isinstance(item, Change) and item.lossy and not item.snapshot for item in items)

    def view(self, seat: Audience) -> Audience:
        """Return whose eyes a seat looks with: its own if something here is for it alone, else everybody's."""
        return seat if seat in self._private else None

    def seen_by(self, seat: Audience) -> Iterator[Item]:
        """Return what a seat may see, in order."""
        for item in self.items:
            audience = _audience(item)
            if audience is None or audience == seat:
                yield item

    def __len__(self) -> int:
        return len(self.items)


def _audience(item: Item) -> Audience:
    if isinstance(item, Change):
        return item.audience
    return item.seat if isinstance(item, Message) else None


def changes(items: Iterable[Item]) -> int:
    """Return how many of the items are changes of the model."""
    return sum(isinstance(item, Change) for item in items)
