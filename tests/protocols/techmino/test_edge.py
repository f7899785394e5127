"""The edge's contract over Techmino's endpoints. /stream is for a seat in a round, and the same connection."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from gameserver.errors import GameError
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.generation3.channel import Generation3Channel
from gameserver.protocols.techmino.generation3.pages import SOCKET
from gameserver.protocols.techmino.identities import TICKET
from gameserver.protocols.techmino.part import PART, PATH
from gameserver.protocols.techmino.sockets.channel import TechminoChannel
from gameserver.testing import contract
from gameserver.testing.clients import Client
from gameserver.testing.driver import PASSWORD, Driver, NotAdmitted, Suite
from gameserver.testing.transports import WebSocket


def connected(message: bytes) -> bool:
    return b'"type":"Connect"' in message


class TechminoDriver(Driver):
    part = PART
    connection = TechminoChannel

    #: The rooms, at both /chat and /play.
    request = b'{"action":0}'
    endless = b'{"action":3,"data":{"message":"'

    #: A WebSocket is closed with code 1009.
    survives_endless = False

    #: A failure of ours is told, and ends the connection, after which the real client connects again.
    survives_crash = False

    #: One session at each endpoint.
    replaced = "You have connected again from somewhere else."

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def section(self, login_timeout: float) -> Techmino:
        return Techmino(login_timeout=login_timeout or 4.0)

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        told = await self.told(suite, host, "user", email=name, password=PASSWORD)
        if self.endpoint == "play":
            told |= await self.told(suite, host, "chat", **told)
        client = await suite.connect(host, path=f"{PATH}/{self.endpoint}?{urlencode(told)}")
        await client.until(connected)
        return client

    async def told(self, suite: Suite, host: str, endpoint: str, **asked: str) -> dict[str, str]:
        """Return uid and token, as an endpoint gives them to who connects."""
        client = await suite.connect(host, path=f"{PATH}/{endpoint}?{urlencode(asked)}")
        found: dict[str, str] = json.loads((await client.until(connected))[-1])
        client.close_write()
        await client.rest()
        return {key: found[key] for key in ("uid", "authToken", "accessToken") if key in found}

    def answered(self, message: bytes) -> bool:
        return b'"type":"Self","action":0' in message

    def too_fast(self, message: bytes) -> bool:
        return b"Too many messages; wait a moment" in message

    def crashed(self, message: bytes) -> bool:
        return b"Internal server error" in message

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return client.code == 1001 or any(text.encode() in message for message in last)


class UserDriver(TechminoDriver):
    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        query = urlencode({"email": name, "password": PASSWORD})
        client = await suite.connect(host, path=f"{PATH}/user?{query}")
        await client.until(connected)
        return client


class AppDriver(TechminoDriver):
    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        client = await suite.connect(host)
        await client.until(connected)
        return client


class ChatTests(contract.PlayerContract):
    driver = TechminoDriver("chat")
    transport = WebSocket(f"{PATH}/chat", binary=True)


class PlayTests(contract.PlayerContract):
    driver = TechminoDriver("play")
    transport = WebSocket(f"{PATH}/play", binary=True)


class UserTests(contract.PlayerContract):
    driver = UserDriver("user")
    transport = WebSocket(f"{PATH}/user", binary=True)


class AppTests(contract.EdgeContract):
    driver = AppDriver("app")
    transport = WebSocket(f"{PATH}/app", binary=True)


class Generation3Driver(Driver):
    part = PART
    connection = Generation3Channel

    #: The rooms.
    request = b'{"action":1309,"data":{"pageIndex":0,"pageSize":26}}'
    endless = b'{"action":1300,"data":{"message":"'

    #: A WebSocket is closed with code 1009.
    survives_endless = False

    replaced = "You have connected again from somewhere else."

    def section(self, login_timeout: float) -> Techmino:
        return Techmino(login_timeout=login_timeout or 4.0)

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        account = await suite.context.accounts.by_name(name)
        assert account is not None
        try:
            token = await suite.context.accounts.tokens.issue(account, TICKET, 100.0, 5)
        except GameError as error:
            raise NotAdmitted from error
        client = await suite.connect(host, headers={"x-access-token": token.upper()})
        # Nobody is greeted. Who may not come in is told so in a Close frame.
        if not suite.context.sessions.find(name):
            raise NotAdmitted
        return client

    def answered(self, message: bytes) -> bool:
        return message == b'{"action":1309,"errno":0,"data":[]}'

    def too_fast(self, message: bytes) -> bool:
        return message == b'{"errno":1,"action":0,"message":"Techrater.HandlerManager.tooFrequent"}'

    def crashed(self, message: bytes) -> bool:
        return message == b'{"errno":1,"action":1309,"message":"Techrater.RoomList.internalError"}'

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return client.code in (1001, 1008) and json.loads(client.reason) == {"message": text, "errno": -1}


class Generation3Tests(contract.PlayerContract):
    driver = Generation3Driver()
    transport = WebSocket(SOCKET, binary=True)
