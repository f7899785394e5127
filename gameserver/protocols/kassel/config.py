"""The section of the Kassel lobby. An empty list of endpoints closes the protocol."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import listeners, on_port, pages
from gameserver.config.option import option


@attrs.frozen
class Kassel:
    """The Kassel lobby; a listener is a season."""

    ss14: tuple[str, ...] = listeners(on_port(5000), "where the Carcassonne season listens")
    ss13: tuple[str, ...] = listeners(on_port(5013), "where the Settlers season listens")
    ss12: tuple[str, ...] = listeners(on_port(5012), "where the CreepSmash season listens")
    origins: tuple[str, ...] = pages()
    community: bool = option(True, "whether the seasons share players and public room with the other protocols")
    grace: float = option(120.0, "seconds a seat is kept after a lost connection", minimum=0)
    computer_pause: float = option(0.3, "seconds a computer player of a test game thinks", minimum=0, maximum=60)
    games_per_player: int = option(50, "open games that one player may have created", minimum=1)
    unused_game: float = option(3600.0, "seconds after which a game that nobody has joined is closed", minimum=1)
    history_days: int = option(30, "days that the logs of matches are kept after their end; 0: for ever", minimum=0)
    map_bytes: int = option(1 << 20, "largest upload of a map in bytes, picture included", minimum=1024)
    maps_per_team: int = option(100, "maps that one team may have uploaded", minimum=0)
