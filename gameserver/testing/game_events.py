"""Events and dumps as texts, the way a client gets them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from gameserver.games.entity import Audience, Change, Entity, Message, dump
from gameserver.games.replica import Replica

Line = tuple[str, str, str | None, str | None]


def text(value: Any) -> str | None:
    """A value as the wire shows it; ``None`` is left out there."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.id if isinstance(value, Entity) else str(value)


def lines(happened: Iterable[object], viewer: Audience = None) -> list[Line]:
    """The changes among what happened that ``viewer`` may see, as (source, property, old, new)."""
    return [
        (change.source.id, change.prop, text(change.old), text(change.new))
        for change in happened
        if isinstance(change, Change) and change.audience in (None, viewer)
    ]


def changes(happened: Iterable[object]) -> list[Change]:
    """What happened, all of which must be changes."""
    found = list(happened)
    if strange := [entry for entry in found if not isinstance(entry, Change)]:
        raise AssertionError(f"no changes: {strange}")
    return [entry for entry in found if isinstance(entry, Change)]


def said(happened: Iterable[Change | Message]) -> list[tuple[Audience, str]]:
    """The sentences among what happened, with the seat they are for."""
    return [(entry.seat, entry.text) for entry in happened if isinstance(entry, Message)]


def dumped(root: Entity, viewer: Audience = None) -> list[Line]:
    """A dump as texts."""
    return lines(dump(root, viewer), viewer)


def feed(replica: Replica, stream: Iterable[Line]) -> Replica:
    """Give a replica a stream of lines."""
    for line in stream:
        replica.apply(*line)
    return replica


def replica_of(root: Entity, collections: Collection[str], viewer: Audience = None) -> Replica:
    """What somebody knows who has just received a dump."""
    return feed(Replica(collections), dumped(root, viewer))


def knowledge(replica: Replica, objects: Iterable[str], collections: Collection[str]) -> dict[str, Any]:
    """Everything a replica knows of some objects, collections without their order."""
    return {
        source: (
            dict(replica.objects.get(source, {})),
            {prop: set(replica.many(source, prop)) for prop in collections},
        )
        for source in objects
    }
