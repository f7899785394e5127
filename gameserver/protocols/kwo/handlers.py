"""What each pack does. A ``GameError`` is answered with ``decodefailed``, but for ``start`` and ``stop``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from gameserver.errors import Code, GameError
from gameserver.protocols.kwo.bridged import KWO, BridgedServer
from gameserver.protocols.kwo.encoders import Form
from gameserver.protocols.kwo.messages import RunCommand, SendText, Start, Stop
from gameserver.protocols.kwo.shared import KwoShared

#: Commands of one client that may wait for their output.
COMMANDS = 64


class Client(Protocol):
    """A connection as the handlers see it. ``commands`` counts those of its commands that wait for their output."""

    shared: KwoShared
    server: BridgedServer
    form: Form
    commands: int
    deliver: Callable[[bytes], None]

    def beside(self, function: Callable[..., Awaitable[None] | None], *arguments: Any) -> None:
        """Do something that the client's next packs do not wait for."""


def run_command(client: Client, pack: RunCommand) -> None:
    """``runcmdrequest``: answered with ``runcmdfeedback`` when the output is there. No pack waits for it."""
    if client.commands >= COMMANDS:
        raise GameError(Code.BUSY, "Too many of your commands are waiting; try again in a moment.")
    output = client.server.target.run_command(pack.command)
    client.commands += 1
    client.beside(_feed_back, client, pack.id, output)


async def _feed_back(client: Client, number: bytes, output: Deferred[str]) -> None:
    try:
        client.deliver(client.form.feedback(number, await output))
    finally:
        client.commands -= 1


def send_text(client: Client, pack: SendText) -> None:
    """``sendtext``: show a text to the players; no answer."""
    client.server.target.say(pack.text)


async def start(client: Client, _pack: Start) -> None:
    """``start``: answered with ``debug``, whatever comes of it."""
    await _debug(client, client.server.target.start_program())


async def stop(client: Client, _pack: Stop) -> None:
    """``stop``: answered with ``debug``, whatever comes of it."""
    await _debug(client, client.server.target.stop_program())


async def _debug(client: Client, work: Awaitable[str]) -> None:
    try:
        text = await work
    except GameError as error:
        client.shared.metrics.error(KWO, error.code)
        text = error.text
    client.deliver(client.form.debug(text))


#: What the metrics call each pack, and the function that serves it.
HANDLERS: dict[type, tuple[str, Callable[[Client, Any], Awaitable[None] | None]]] = {
    RunCommand: ("runcommand", run_command),
    SendText: ("sendtext", send_text),
    Start: ("start", start),
    Stop: ("stop", stop),
}
