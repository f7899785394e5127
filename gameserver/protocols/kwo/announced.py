"""What the nodes tell each other of their consoles."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from gameserver.accounts import Account
from gameserver.consoles.console import Console
from gameserver.edge.directory import Directory

#: What the directory has: consoles by their name.
CONSOLE = "console"


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What a node shows the others of a console."""

    state: str
    players: list[str]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shown).decode


def announce(directory: Directory, console: Console) -> None:
    """Let the other nodes know how a console is now."""
    if directory.shared:
        directory.put(CONSOLE, console.name, _encode(Shown(console.state, list(console.players))))


class ElsewhereServer:
    """A console of another node as the site shows it; who wants to do something there does it there."""

    def __init__(self, name: str, node: str, value: bytes) -> None:
        self.name = name
        self._node = node
        self._shown = _decode(value)

    def shown(self) -> dict[str, object]:
        """Return its state, its players and the node that has it."""
        state = self._shown.state
        return {
            "state": state,
            "ready": state == "running",
            "ending": "",
            "players": self._shown.players,
            "tail": [],
            "node": self._node,
        }

    def actions(self, _account: Account) -> tuple[str, ...]:
        """Return what somebody may do here: nothing."""
        return ()


def consoles_elsewhere(directory: Directory) -> Callable[[], list[ElsewhereServer]]:
    """Return what lists the consoles of other nodes."""
    return lambda: [ElsewhereServer(*found) for found in directory.elsewhere(CONSOLE)]
