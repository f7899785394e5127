"""The edge's contract over the transports of a Kassel season; all seasons are the same connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from gameserver.app.games import installed_kinds
from gameserver.edge.connection import Connection
from gameserver.protocols.kassel import part
from gameserver.protocols.kassel.channel import KasselChannel
from gameserver.protocols.kassel.config import Kassel, with_seasons
from gameserver.protocols.kassel.telnet_connection import TelnetConnection
from gameserver.sessions.manager import DuplicateLogin
from gameserver.testing import context, contract
from gameserver.testing.clients import Client
from gameserver.testing.transports import Memory, Tcp, WebSocket

#: Seconds of silence that the seasons of a test allow, in place of an hour.
SILENCE = 0.5


class TelnetDriver(contract.Driver):
    part = part.PART
    connection: type[Connection[Any, Any]] = TelnetConnection
    request = b"NOOP"
    endless = b"MSG ALL "

    #: A half-dead connection blocks nobody anyway: a seat goes to whoever joins last.
    duplicate = DuplicateLogin.KEEP

    def section(self, login_timeout: float) -> Kassel:
        return with_seasons(installed_kinds())()

    async def enter(self, suite: contract.EdgeContract, name: str, host: str) -> Client:
        client = await suite.connect(host)
        client.send(f"LOGIN {name} {contract.PASSWORD}".encode())
        last = await client.until(lambda line: line == b"OK" or line.startswith(b"ERROR"))
        if last[-1] != b"OK":
            raise contract.NotAdmitted
        return client

    def answered(self, message: bytes) -> bool:
        return message == b"OK"

    def too_fast(self, message: bytes) -> bool:
        return message == b"ERROR: FLOOD DETECTED! Too many commands; wait a moment."

    def crashed(self, message: bytes) -> bool:
        return message == b"ERROR: Internal error."

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return f'MSG FROM SERVER TO YOU: "{text}"'.encode() in last


class FrameDriver(TelnetDriver):
    connection = KasselChannel

    #: A WebSocket is closed with code 1009.
    survives_endless = False


if TYPE_CHECKING:
    #: What the mixin is mixed into.
    Suite = contract.PlayerContract
else:
    Suite = object


class Silence(Suite):
    """A season has no time to log in, but one of silence, of which its greeting tells."""

    async def test_who_does_not_log_in_is_let_go_when_the_time_for_it_is_over(self) -> None:
        await self.finish()
        kinds = {
            name: attrs.evolve(kind, season=attrs.evolve(kind.season, timeout_ms=int(SILENCE * 1000)))
            for name, kind in installed_kinds().items()
        }
        self.patch(context, "installed_kinds", lambda: kinds)
        await self.begin()
        silent, player = await self.connect(), await self.enter("anne1")
        for _ in range(4):
            await self.turn(SILENCE / 2)
            await self.round_trip(player)
        self.assertTrue(silent.over)
        self.assertIn(b"Timeout set to 500ms", (await silent.rest())[0])


class TelnetTests(Silence, contract.PlayerContract):
    driver = TelnetDriver()
    transport = Tcp("kassel.ss14")


class MemoryTests(Silence, contract.PlayerContract):
    driver = TelnetDriver()
    transport = Memory("kassel.ss14")


class WebSocketTests(Silence, contract.PlayerContract):
    driver = FrameDriver()
    transport = WebSocket("kassel/ss14")
