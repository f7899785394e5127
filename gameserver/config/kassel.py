"""The section of the Kassel lobby. An empty list of endpoints closes the door."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import on_port
from gameserver.config.option import option


@attrs.frozen
class Kassel:
    """The Kassel lobby; a listener is a season."""

    ss14: tuple[str, ...] = option(on_port(5000), "where the Carcassonne season listens")
    ss13: tuple[str, ...] = option(on_port(5013), "where the Settlers season listens")
    ss12: tuple[str, ...] = option(on_port(5012), "where the CreepSmash season listens")
    community: bool = option(True, "whether the door shares players and public room with the other doors")
    grace: float = option(120.0, "seconds a seat is kept after a lost connection", minimum=0)
