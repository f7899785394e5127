"""An open match as lists show it, at whatever node it is."""

from __future__ import annotations

import msgspec

from gameserver.matches.match import Match


class Listing(msgspec.Struct, frozen=True, array_like=True):
    """What there is to see of a match without joining it; see ``Match``. ``seated`` are the players it has now."""

    id: int
    kind: str
    name: str
    map_name: str | None
    test_game: bool
    running: bool
    events: int
    seated: list[str]
    capacity: int
    players: list[str]
    created_ms: int


def listing(match: Match) -> Listing:
    """Return how a match is listed now."""
    options = match.header.options
    return Listing(
        match.header.id,
        match.kind.name,
        options.name,
        options.map_name,
        options.test_game,
        match.game.running,
        match.events,
        [seat.participant.nickname for seat in match.playing()],
        match.capacity,
        list(match.players),
        match.header.created_ms,
    )
