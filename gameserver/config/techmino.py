"""The section of the Techmino endpoints. An empty list of endpoints closes the door."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import on_port
from gameserver.config.option import option


@attrs.frozen
class Techmino:
    """The five WebSocket endpoints of Techmino."""

    endpoints: tuple[str, ...] = option(on_port(10026), "where the client looks for its server")
    community: bool = option(True, "whether the door shares players and public room with the other doors")
