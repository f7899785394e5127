"""The section of the bridge to console game servers. An empty list of endpoints closes the door."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import on_port
from gameserver.config.option import option, tables


@attrs.frozen
class KwoServer:
    """One supervised console program."""

    command: tuple[str, ...] = option((), "the program and its arguments")


@attrs.frozen
class Kwo:
    """The WebSocket bridge to console game servers."""

    endpoints: tuple[str, ...] = option(on_port(8123), "where the first server listens on any path")
    community: bool = option(True, "whether the hub shares players and public room with the other doors")
    servers: dict[str, KwoServer] = tables(KwoServer, "the supervised programs by name")
