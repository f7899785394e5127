"""The public story of a match: what a visitor would have been told, played again from the command log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gameserver.games.entity import dump
from gameserver.matches.batch import Batch
from gameserver.matches.event_lines import item_line
from gameserver.matches.kinds import GameKind
from gameserver.matches.log import Header, read, replay
from gameserver.matches.store import LogLine


def public_events(header: Header, kind: GameKind, lines: Iterable[LogLine]) -> Iterator[list[bytes]]:
    """Yield the events as JSON objects, a list for each line of the log; the first one is the dump of the beginning.

    What only one seat may see is left out. Raises ``ValueError`` when the log belongs to other rules.
    """
    game = kind.make(header.options, header.seed)
    yield _encoded(Batch(header.created_ms, dump(game.root, None)))
    kept = list(lines)
    played = replay(game, (read(line.text) for line in kept))
    for line, _ in zip(kept, played, strict=True):
        yield _encoded(Batch(line.at_ms, game.model.take()))


def _encoded(batch: Batch) -> list[bytes]:
    return [item_line(batch.at_ms, item) for item in batch.seen_by(None)]
