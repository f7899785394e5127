"""What the seats of a game did, one after the other, and how it is done again."""

from __future__ import annotations

from typing import Any

from gameserver.games.api import Command, Participant
from gameserver.games.hosted import HostedGame

#: What a seat did: it was taken by somebody, gave a command, or was left (``None``).
Entry = tuple[int, Participant | Command | None]


def perform(game: HostedGame[Any, Any], entry: Entry) -> None:
    """Do in a game what a seat did."""
    seat, subject = entry
    if isinstance(subject, Participant):
        game.join(seat, subject)
    elif subject is None:
        game.leave(seat)
    else:
        game.apply(seat, subject)
