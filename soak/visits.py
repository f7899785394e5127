"""What people do who come, at every protocol, with real clients over TCP: each visit begins with a connection and
ends without one."""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import attrs
from twisted.internet.defer import DeferredList, ensureDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from gameserver.bots.table import Order, play
from gameserver.games.kind import Kind
from gameserver.testing import kwo
from gameserver.testing.chat import ChatClient
from gameserver.testing.clients import TIMEOUT
from gameserver.testing.techmino import TechminoClient, request
from gameserver.testing.transports import connect_frames

#: Objects that one visitor of the chat says, pages that one of the site asks for, bets of one of the games.
SAID, PAGES, BETS = 20, ("", "static/app.js", "api/status", "api/seasons", "healthz", "metrics"), 20

#: Pieces of play that each of two sends in a round of Techmino, and seconds between two.
PIECES, PIECE_TIME = 20, 0.1

BET = {
    "amount": "1.00",
    "gameParams": {"diceParams": {"target": 50, "condition": "OVER"}},
    "clientSeed": "soak soak soak",
}


@attrs.define
class World:
    """The server and those who visit it. ``accounts`` have the password ``PASSWORD``; ``kinds`` are the games."""

    reactor: Any
    ports: dict[str, int]
    kinds: list[Kind[Any]]
    tokens: list[str]
    accounts: list[str]
    numbers: itertools.count[int] = attrs.field(factory=itertools.count)

    PASSWORD = "soak-Fjord-42"

    #: Names of guests in use one after the other. As in life most who come have been here before.
    GUESTS = 400

    def guest(self) -> str:
        """Return a name that nobody has at the moment."""
        return f"soaker{next(self.numbers) % self.GUESTS}"

    async def connected(self, key: str, client: Any) -> Any:
        """Return a client that has connected to a port."""
        endpoint = TCP4ClientEndpoint(self.reactor, "127.0.0.1", self.ports[key])
        return await connectProtocol(endpoint, client)

    async def pause(self, seconds: float) -> None:
        """Wait."""
        await deferLater(self.reactor, seconds)


async def chat(world: World) -> None:
    """Come as a guest, talk to everybody and to oneself, read it all, and go; each second one without a goodbye."""
    client = await world.connected("chat.tcp", ChatClient(world.reactor))
    try:
        name = world.guest()
        answer = await client.log_in(name)
        assert answer.get("Flag") == 1, answer
        for number in range(SAID):
            client.send(Command="05", Message=f"number {number} of {name}")
            await world.pause(0.05)
        client.send(Command="04", FriendName=name, Message="the last")
        while "the last" not in str(await client.next()):
            pass
    finally:
        client.drop() if next(world.numbers) % 2 else client.transport.loseConnection()
        await client.ended()


async def kassel(world: World) -> None:
    """Play a whole game of the next kind with bots against each other or against the server's computer players."""
    number = next(world.numbers)
    kind = world.kinds[number % len(world.kinds)]
    key = f"kassel.{kind.season.name}"
    order = Order(kind, "127.0.0.1", world.ports[key], test_game=bool(number % 2))
    await play(world.reactor, order)


async def techmino(world: World, first: str, second: str) -> None:
    """Play a round of two from the room to the result, and go."""
    clients: list[TechminoClient] = []

    async def opened(endpoint: str, body: dict[str, Any]) -> TechminoClient:
        client: TechminoClient = await world.connected("techmino.endpoints", TechminoClient(world.reactor))
        clients.append(client)
        client.write(request(endpoint, body))
        return client

    try:
        players, streams, rid = [], [], ""
        for name in (first, second):
            user = await opened("user", {"email": name, "password": World.PASSWORD})
            uid = (await user.next())["uid"]
            user.send(0)
            known = {"uid": uid, "accessToken": (await user.next())["accessToken"]}
            player = await opened("play", known)
            if rid:
                player.send(2, rid=rid, config="{}")
            else:
                player.send(1, type="solo", name="soak", config="{}")
            rid = (await player.until("Self", 2))["data"]["rid"]
            players.append((known, player))
        for _, player in players:
            player.send(6, ready=True)
        for known, player in players:
            started = (await player.until("Server", 8))["data"]["rid"]
            streams.append(await opened("stream", {**known, "rid": started}))
        for stream in streams:
            await stream.until("Server", 0)
        for _ in range(PIECES):
            for stream in streams:
                stream.send(5, stream="EgACBgAm")
            await world.pause(PIECE_TIME)
        streams[0].send(4, score=100, survivalTime=2)
        for _, player in players:
            await player.until("Server", 9)
    finally:
        for client in clients:
            client.drop()
        await DeferredList([ensureDeferred(client.ended()) for client in clients], consumeErrors=True)


async def invoker(world: World) -> None:
    """Bet with a token, each bet after the answer to the one before, and look back."""
    number = next(world.numbers)
    token = world.tokens[number % len(world.tokens)]
    port = world.ports["invoker.endpoints"]
    endpoint = TCP4ClientEndpoint(world.reactor, "127.0.0.1", port)
    client = await connect_frames(world.reactor, endpoint, f"ws://127.0.0.1:{port}/v1/ws?token={token}")

    async def ask(i: str, kind: str, params: object) -> None:
        client.send(json.dumps({"i": i, "t": kind, "p": params}).encode())
        answer = json.loads((await client.until(lambda message: json.loads(message)["i"] == i))[-1])
        assert answer["t"] == kind, answer

    try:
        for bet in range(BETS):
            await ask(f"{number}-{bet}", "PLACE_BET", BET)
        await ask("history", "GET_BET_HISTORY", {"limit": 10})
    finally:
        client.drop()
        await client.rest()


async def console(world: World) -> None:
    """Watch the hub and a console program, and have commands carried out at both."""
    for path, command in (("/kwo/hub", "list"), ("/kwo/game", "echo hello")):
        bot = await kwo.connect(world.reactor, world.ports["web.endpoints"], path)
        try:
            for number in range(3):
                await bot.run(command, str(number))
        finally:
            await bot.hang_up()


async def pages(world: World) -> None:
    """Ask for pages over one connection, as a browser does."""
    await deferToThread(_read, world.ports["web.endpoints"])


def _read(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        for path in PAGES:
            connection.request("GET", f"/{path}")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
    finally:
        connection.close()


def visits(world: World) -> dict[str, list[Callable[[], Awaitable[None]]]]:
    """Return what goes on at the same time, by protocol; each is done again and again."""
    pairs = zip(world.accounts[::2], world.accounts[1::2], strict=True)
    return {
        "chat": [lambda: chat(world)] * 8,
        "kassel": [lambda: kassel(world)] * 2,
        "techmino": [partial(techmino, world, *pair) for pair in pairs],
        "invoker": [lambda: invoker(world)] * 2,
        "kwo": [lambda: console(world)],
        "pages": [lambda: pages(world)] * 2,
    }
