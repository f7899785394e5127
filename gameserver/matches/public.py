"""The public story of a match: what a visitor would have been told, played again from the command log.

It ends with the game: who leaves after that takes nothing away from the last picture.

Of a real-time game it is a summary: what changes all the time is folded, the more the longer the match was, so that
the story of an hour is not sixty times that of a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from gameserver.games.entity import dump
from gameserver.games.kind import Kind
from gameserver.matches.batch import Batch, Item
from gameserver.matches.command_log import Header, read, replay
from gameserver.matches.store import LogLine
from gameserver.matches.thinning import Thinner
from gameserver.matches.wire import item_line

#: Milliseconds between two pictures of a real-time game at first; they double after every so many events.
PICTURE_MS, EVENTS = 1000, 20_000


def public_events(header: Header, kind: Kind[Any], lines: Iterable[LogLine]) -> Iterator[list[bytes]]:
    """Yield the events as JSON objects, a list for each line up to the end; the first is the dump of the beginning.

    What only one seat may see is left out. Raises ``ValueError`` when the log belongs to other rules.
    """
    game = kind.make(header.options, header.seed)
    yield _encoded(header.created_ms, dump(game.root, None))
    kept = list(lines)
    played = replay(game, (read(line.text) for line in kept))
    summary = _Summary(Thinner(frozenset({game.root})) if kind.real_time else None)
    ended = False
    for line, _ in zip(kept, played, strict=True):
        batch = Batch(line.at_ms, game.model.take())
        if not ended:
            yield _encoded(line.at_ms, summary.told(line.at_ms, batch.seen_by(None), game.over))
        ended = game.over
    if kept:
        yield _encoded(kept[-1].at_ms, summary.rest())


class _Summary:
    """Decides what is told when."""

    def __init__(self, thinner: Thinner | None) -> None:
        self._thinner = thinner
        self._events = 0
        self._due_ms = 0

    def told(self, at_ms: int, items: Iterable[Item], over: bool) -> list[Item]:
        """Return what to tell of a moment. Before the end is told, everything else is."""
        if self._thinner is None:
            return list(items)
        found = self._thinner.thin(items)
        if over:
            found = [*self._thinner.settle(), *found]
        elif at_ms >= self._due_ms:
            found += self._thinner.settle()
            self._due_ms = at_ms + (PICTURE_MS << self._events // EVENTS)
        self._events += len(found)
        return found

    def rest(self) -> list[Item]:
        """Return what has not been told yet."""
        return self._thinner.settle() if self._thinner is not None else []


def _encoded(at_ms: int, items: Iterable[Item]) -> list[bytes]:
    return [item_line(at_ms, item) for item in items]
