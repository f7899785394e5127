"""The section of the Kassel lobby, with a key for every season. An empty list of endpoints closes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from gameserver.config.endpoints import listeners, on_port, pages
from gameserver.config.option import option
from gameserver.errors import StartError
from gameserver.games.kind import Kind


@attrs.frozen
class Kassel:
    """The Kassel lobby; a listener is a season, and every installed game has one."""

    origins: tuple[str, ...] = pages()
    community: bool = option(True, "whether the seasons share players and public room with the other protocols")
    login_timeout: float = option(
        600.0, "seconds a connection may stay without a login, whatever it sends; 0: no limit", minimum=0
    )
    grace: float = option(120.0, "seconds a seat is kept after a lost connection", minimum=0)
    computer_pause: float = option(0.3, "seconds a computer player of a test game thinks", minimum=0, maximum=60)
    games_per_player: int = option(50, "open games that one player may have created", minimum=1)
    unused_game: float = option(3600.0, "seconds after which a game that nobody has joined is closed", minimum=1)
    history_days: int = option(30, "days that the logs of matches are kept after their end; 0: for ever", minimum=0)
    map_bytes: int = option(1 << 20, "largest upload of a map in bytes, picture included", minimum=1024)
    maps_per_team: int = option(100, "maps that one team may have uploaded in a season", minimum=0)
    map_bytes_per_team: int = option(16 << 20, "bytes that they may have, pictures included", minimum=0)
    uploads_per_day: int = option(
        200,
        "uploads of maps that a player may begin at once, and then evenly within a day; limits.address_factor times "
        "as many from one address",
        minimum=1,
    )

    def endpoints(self, season: str) -> tuple[str, ...]:
        """Return where a season listens."""
        found: tuple[str, ...] = getattr(self, season)
        return found


def with_seasons(kinds: Mapping[str, Kind[Any]]) -> type[Kassel]:
    """Return the section with a key for the season of each game, named like it.

    Raises ``StartError`` for a season that is called like another key.
    """
    keys: dict[str, Any] = {}
    for kind in kinds.values():
        season = kind.season
        if season.name in attrs.fields_dict(Kassel) or hasattr(Kassel, season.name):
            raise StartError(f"the game {kind.name} cannot have the season {season.name}: kassel has such a key")
        default = () if season.port is None else on_port(season.port)
        keys[season.name] = listeners(default, f"where the season of {kind.title} listens")
    made = attrs.make_class("Kassel", keys, bases=(Kassel,), frozen=True)
    made.__annotations__ = dict.fromkeys(keys, tuple[str, ...])
    made.__doc__ = Kassel.__doc__
    return made
