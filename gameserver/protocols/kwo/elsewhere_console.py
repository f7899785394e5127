"""Consoles of other nodes, driven from the site of this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, ensureDeferred

from gameserver.consoles.console import Console
from gameserver.edge.context import Context
from gameserver.edge.relay.asking import answering, ask
from gameserver.errors import Code, GameError

#: What answers other nodes.
SERVICE = "console"

#: Seconds for what a program is to do: to start or stop it takes 20 at most.
DONE_WITHIN = 25.0


class Wanted(msgspec.Struct, frozen=True):
    """What is to be done at a console: ``show``, ``start``, ``stop`` or ``command``. Who asks may do it."""

    server: str
    action: str
    command: str = ""


_encode = msgspec.json.Encoder().encode
_decode_wanted = msgspec.json.Decoder(Wanted).decode


def state_of(console: Console) -> dict[str, object]:
    """Return how a console is, for the site."""
    return {
        "state": console.state,
        "ready": console.ready,
        "ending": console.ending,
        "players": console.players,
        "tail": list(console.tail),
    }


def serve_consoles(context: Context, consoles: Mapping[str, Console]) -> None:
    """Let other nodes drive the consoles here."""

    async def answer(question: bytes) -> bytes:
        wanted = _decode_wanted(question)
        console = consoles.get(wanted.server)
        if console is None:
            raise GameError(Code.NOT_FOUND, "There is no such server.")
        if wanted.action == "show":
            return _encode(state_of(console))
        if wanted.action == "command":
            return _encode(await console.run_command(wanted.command))
        return _encode(await (console.start_program() if wanted.action == "start" else console.stop_program()))

    context.relays.serve(SERVICE, answering(answer))


class ElsewhereConsole:
    """A console of another node. Raises what the console raises, and ``busy`` if its node does not answer."""

    def __init__(self, context: Context, node: str, name: str) -> None:
        self._context = context
        self._node = node
        self._name = name

    async def shown(self) -> dict[str, object]:
        """Return how it is, see ``state_of``."""
        found: dict[str, object] = await self._ask("show")
        return found

    async def start_program(self) -> str:
        """See ``Target``."""
        return str(await self._ask("start", seconds=DONE_WITHIN))

    async def stop_program(self) -> str:
        """See ``Target``."""
        return str(await self._ask("stop", seconds=DONE_WITHIN))

    def run_command(self, command: str) -> Deferred[str]:
        """See ``Target``."""
        return ensureDeferred(self._ask("command", command, seconds=DONE_WITHIN))

    async def _ask(self, action: str, command: str = "", seconds: float = 2.0) -> Any:
        question = _encode(Wanted(self._name, action, command))
        relays, clock = self._context.relays, self._context.reactor
        return msgspec.json.decode(await ask(relays, clock, self._node, SERVICE, question, seconds))
