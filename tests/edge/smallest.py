"""A protocol that does nothing but what the edge does for it, over a stream and over a WebSocket."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import attrs

from gameserver.config.option import option
from gameserver.edge.channel import Channel, websocket_page
from gameserver.edge.connection import Connection
from gameserver.edge.context import Context
from gameserver.edge.part import Part, RunningPart
from gameserver.edge.shared import Shared
from gameserver.edge.stream import StreamConnection, StreamFactory
from gameserver.errors import Code, GameError
from gameserver.net.endpoints import Listener
from gameserver.net.lines import Damage, Lines
from gameserver.net.websocket import frame
from gameserver.net.websocket.upgrade import Accepted, Upgrade
from gameserver.testing.clients import Client
from gameserver.testing.driver import PASSWORD, Driver, NotAdmitted, Suite

#: Longest message in bytes.
LONGEST = 1000


@attrs.frozen
class Section:
    """Nothing but the time to log in."""

    login_timeout: float = option(0.0, "seconds a connection may stay without a login; 0: no limit", minimum=0)


class _Spoken(Connection[str | Damage, Shared]):
    """``login NAME [PASSWORD]``, and ``ask``, which is answered with ``yes``."""

    def handle(self, item: str | Damage) -> Awaitable[None] | None:
        words = item.split() if isinstance(item, str) else [item.value]
        if words[0] == "login":
            return self.measured("login", self.log_in, *words[1:])
        return self.measured("ask", self.answer, words[0])

    async def log_in(self, name: str, password: str = "") -> None:
        self.login(await self.identified(name, password))
        self.say("in")

    def answer(self, word: str) -> None:
        if word != "ask":
            raise GameError(Code.UNKNOWN_COMMAND, f"What is {word}?")
        self.say("yes")

    def say(self, text: str) -> None:
        """Send a message."""
        raise NotImplementedError

    def refused(self, error: GameError) -> None:
        self.say(f"no: {error.text}")

    def goodbye(self, code: str, text: str) -> None:
        self.say(f"bye: {text}")


class SmallestConnection(StreamConnection[str | Damage, Shared], _Spoken):
    def __init__(self, shared: Shared) -> None:
        super().__init__(shared, Lines(LONGEST))

    def say(self, text: str) -> None:
        self.deliver(f"{text}\r\n".encode())


class SmallestChannel(Channel[str | Damage, Shared], _Spoken):
    def received(self, payload: bytes, binary: bool) -> None:
        self.take(payload.decode())

    def say(self, text: str) -> None:
        self.deliver(frame(text.encode()))


def build(context: Context, section: Section) -> RunningPart:
    """Join the protocol to the server, twice, because stream and WebSocket are two listeners of it."""
    shared = Shared(context, "smallest", {}, login_timeout=section.login_timeout)
    factory = StreamFactory(lambda: SmallestConnection(shared))

    def connect(upgrade: Upgrade) -> Accepted:
        return Accepted(SmallestChannel(shared, upgrade.address))

    return RunningPart(
        listeners=[
            Listener("smallest.tcp", "tcp:0", factory),
            Listener("smallest.tls", "tcp:0", context.over_tls(factory)),
        ],
        pages={"smallest": websocket_page(shared, connect, greeting="A WebSocket.", message_limit=LONGEST)},
        stop=shared.stop,
    )


PART = Part("smallest", Section, build)


class SmallestDriver(Driver):
    part = PART
    connection: type[Connection[Any, Any]] = SmallestConnection
    request = b"ask"

    def section(self, login_timeout: float) -> Section:
        return Section(login_timeout)

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        client = await suite.connect(host)
        client.send(f"login {name} {PASSWORD}".encode())
        if await client.next() != b"in":
            raise NotAdmitted
        return client

    def answered(self, message: bytes) -> bool:
        return message == b"yes"

    def too_fast(self, message: bytes) -> bool:
        return message == b"no: Too many messages; wait a moment."

    def crashed(self, message: bytes) -> bool:
        return message == b"no: Internal error."

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return f"bye: {text}".encode() in last
