"""A room of 49 over TCP, each sending as fast as a real client does: nothing is late, lost or out of order."""

from __future__ import annotations

import os
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.task import LoopingCall, deferLater
from twisted.trial.unittest import TestCase

from gameserver.config.techmino import Techmino
from gameserver.testing.techmino import TechminoClient, request
from tests.protocols.techmino.house import CONFIG, House

PLAYERS = 49

#: Messages a second of one player, and how long they play.
RATE = 7
SECONDS = 60 if os.environ.get("GAMESERVER_LONG") == "1" else 4

#: Seconds after which a message is late; the client itself gathers nine frames, 150 ms.
LATE = 0.5


class Player:
    """One simulated client."""

    def __init__(self, uid: int, access: str, port: int) -> None:
        self.uid = uid
        self.access = access
        self.port = port
        self.sent = 0
        self.heard: dict[int, int] = {}
        self.worst = 0.0
        self.wrong: list[Any] = []

    async def open(self, endpoint: str, **more: str) -> TechminoClient:
        client = TechminoClient(reactor)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), client)
        client.write(request(endpoint, {"uid": self.uid, "accessToken": self.access, **more}))
        assert (await client.next())["type"] == "Connect"
        return client

    def send(self) -> None:
        self.stream.send(5, stream=f"{self.sent}:{reactor.seconds():.6f}")  # type: ignore[attr-defined]
        self.sent += 1

    def hear(self, message: dict[str, Any]) -> None:
        if message.get("action") != 5:
            return
        uid = message["data"]["uid"]
        number, _, at = message["data"]["stream"].partition(":")
        if int(number) != self.heard.get(uid, 0):
            self.wrong.append(message)
        self.heard[uid] = int(number) + 1
        self.worst = max(self.worst, reactor.seconds() - float(at))  # type: ignore[attr-defined]

    async def enter(self) -> None:
        rid = (await self.play.until("Server", 8))["data"]["rid"]
        self.stream = await self.open("stream", rid=rid)
        await self.stream.until("Server", 0)
        self.stream.heard = self.hear


class LoadTests(TestCase):
    timeout = 200

    async def test_a_room_of_49_plays_without_a_late_or_lost_message(self) -> None:
        house = House(reactor, Techmino(watch_delay=0.1, start_delay=0.2, end_delay=0.2))
        port: Any = reactor.listenTCP(0, house.factory, interface="127.0.0.1")
        players = []
        for number in range(PLAYERS):
            account = await house.accounts.register(f"player{number}", "pw")
            token = await house.techmino.door.logins.new_token(account.id, "techmino-access")
            players.append(Player(account.id, token, port.getHost().port))
        rid = ""
        for player in players:
            player.play = await player.open("play")
            if rid:
                player.play.send(2, rid=rid, config=CONFIG)
            else:
                player.play.send(1, type="r49", config=CONFIG)
            rid = (await player.play.until("Self", 2))["data"]["rid"]
        for player in players:
            player.play.send(6, ready=True)
        await gatherResults([ensureDeferred(player.enter()) for player in players])
        loops = []
        for player in players:
            loop = LoopingCall(player.send)
            await deferLater(reactor, 1 / RATE / PLAYERS)
            loop.start(1 / RATE)
            loops.append(loop)
        await deferLater(reactor, SECONDS)
        for loop in loops:
            loop.stop()
        for player in players[1:]:
            player.stream.send(4, score=1, survivalTime=SECONDS)
        result = (await players[0].play.until("Server", 9))["data"]["result"]
        self.assertEqual([line["place"] for line in result], list(range(1, PLAYERS + 1)))
        self.assertEqual(result[0]["uid"], players[0].uid)
        for player in players:
            self.assertEqual(player.wrong, [], "lost or out of order")
            expected = {other.uid: other.sent for other in players if other is not player}
            self.assertEqual(player.heard, expected)
            self.assertGreaterEqual(player.sent, SECONDS * RATE - RATE)
        worst = max(player.worst for player in players)
        self.assertLess(worst, LATE)
        for player in players:
            for client in (player.stream, player.play):
                client.drop()
                await client.ended()
        await port.stopListening()
        await house.techmino.stop()
