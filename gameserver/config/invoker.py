"""The section of the provably fair mini-games. An empty list of endpoints closes the door."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import on_port
from gameserver.config.option import option


@attrs.frozen
class Invoker:
    """The provably fair mini-games."""

    endpoints: tuple[str, ...] = option(on_port(8001), "where the games listen besides the site")
    community: bool = option(True, "whether the door shares players with the other doors")
