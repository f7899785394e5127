"""What the nodes tell each other of their consoles."""

from __future__ import annotations

import msgspec

from gameserver.consoles.console import Console
from gameserver.edge.directory import Directory

#: What the directory has: consoles by their name.
CONSOLE = "console"


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What a node shows the others of a console."""

    state: str
    players: list[str]


_encode = msgspec.msgpack.Encoder().encode
decode_shown = msgspec.msgpack.Decoder(Shown).decode


def announce(directory: Directory, console: Console) -> None:
    """Let the other nodes know how a console is now."""
    if directory.shared:
        directory.put(CONSOLE, console.name, _encode(Shown(console.state, list(console.players))))
