"""A room of 49 over TCP, each sending as fast as a real client does: nothing is late, lost or out of order."""

from __future__ import annotations

import os
import re
import time
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.task import LoopingCall
from twisted.trial.unittest import TestCase

from gameserver.protocols.techmino.config import Techmino
from gameserver.testing.techmino import TechminoClient, request
from tests.protocols.techmino.services import CONFIG, Services

PLAYERS = 49

#: Messages a second of one player, and how long they play.
RATE = 7
SECONDS = 60 if os.environ.get("GAMESERVER_LONG") == "1" else 4

#: Seconds after which a message is late; the client itself gathers nine frames, 150 ms.
LATE = 0.5

#: Seconds that anything else may take at most: much more than it needs, for machines that do other things too.
PATIENCE = 60

PIECE = re.compile(rb'"action":5,"data":\{"uid":(\d+),"stream":"(\d+):([\d.]+)"\}\}')
END = b'{"type":"Server","action":1}'


class OwnTime:
    """Time in which this process, server and clients, has computed or had nothing to do.

    It stands still while the machine lets others run. What the server holds back, and what it computes while others
    wait, counts in full.
    """

    PULSE = 0.02

    def __init__(self) -> None:
        self._before = 0.0
        self._wall, self._cpu = time.monotonic(), time.process_time()
        self._loop = LoopingCall(self._pulse)

    def start(self) -> None:
        self._loop.start(self.PULSE)

    def stop(self) -> None:
        self._loop.stop()

    def now(self) -> float:
        """Return seconds since the beginning."""
        computed = time.process_time() - self._cpu
        return self._before + min(time.monotonic() - self._wall, self.PULSE + computed)

    def _pulse(self) -> None:
        self._before = self.now()
        self._wall, self._cpu = time.monotonic(), time.process_time()


class Player:
    """One simulated client. What comes in a round is looked at in bulk: the clients share the server's processor."""

    def __init__(self, uid: int, access: str, port: int, clock: OwnTime) -> None:
        self.uid = uid
        self.access = access
        self.port = port
        self.clock = clock
        self.sent = 0
        self.heard: dict[int, int] = {}
        self.worst = 0.0
        self.wrong: list[bytes] = []
        self.done: Deferred[None] = Deferred()
        self.over: Deferred[None] = Deferred()
        self.play: TechminoClient
        self._data = b""

    async def open(self, endpoint: str, **more: str) -> TechminoClient:
        client = TechminoClient(reactor)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), client)
        client.write(request(endpoint, {"uid": self.uid, "accessToken": self.access, **more}))
        assert (await client.next())["type"] == "Connect"
        return client

    async def enter(self) -> None:
        rid = (await self.play.until("Server", 8))["data"]["rid"]
        self.stream = await self.open("stream", rid=rid)
        await self.stream.until("Server", 0)
        self.stream.dataReceived = self.hear  # type: ignore[method-assign]

    def begin(self, later: float) -> None:
        self._loop = LoopingCall.withCount(self._send)
        reactor.callLater(later, self._loop.start, 1 / RATE)

    def _send(self, due: int) -> None:
        """Send what is due; after a moment without processor that is more than one."""
        for _ in range(min(due, SECONDS * RATE - self.sent)):
            self.stream.send(5, stream=f"{self.sent}:{self.clock.now():.6f}")
            self.sent += 1
        if self.sent == SECONDS * RATE:
            self._loop.stop()
            self.done.callback(None)

    def hear(self, data: bytes) -> None:
        data, now, end = self._data + data, self.clock.now(), 0
        for piece in PIECE.finditer(data):
            uid, number, end = int(piece[1]), int(piece[2]), piece.end()
            if number != self.heard.get(uid, 0):
                self.wrong.append(piece[0])
            self.heard[uid] = number + 1
            self.worst = max(self.worst, now - float(piece[3]))
        self._data = data[end:]
        if END in self._data and not self.over.called:
            self.over.callback(None)


class LoadTests(TestCase):
    timeout = 600

    async def test_a_room_of_49_plays_without_a_late_or_lost_message(self) -> None:
        clock = OwnTime()
        services = Services(
            reactor, Techmino(watch_delay=0.1, connect_timeout=PATIENCE, start_delay=0.2, end_delay=0.2)
        )
        port: Any = reactor.listenTCP(0, services.factory, interface="127.0.0.1")
        players = []
        for number in range(PLAYERS):
            account = await services.accounts.register(f"player{number}", "pw")
            token = await services.shared.identities.new_token(account, "techmino-access")
            players.append(Player(account.id, token, port.getHost().port, clock))
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
        clock.start()
        self.addCleanup(clock.stop)
        for number, player in enumerate(players):
            player.begin(number / RATE / PLAYERS)
        await gatherResults([player.done for player in players]).addTimeout(SECONDS + PATIENCE, reactor)
        for player in players[1:]:
            player.stream.send(4, score=1, survivalTime=SECONDS)
        await gatherResults([player.over for player in players]).addTimeout(PATIENCE, reactor)
        result = (await players[0].play.until("Server", 9))["data"]["result"]
        self.assertEqual([line["place"] for line in result], list(range(1, PLAYERS + 1)))
        self.assertEqual(result[0]["uid"], players[0].uid)
        for player in players:
            self.assertEqual(player.wrong, [], "lost or out of order")
            expected = {other.uid: SECONDS * RATE for other in players if other is not player}
            self.assertEqual(player.heard, expected)
        self.assertLess(max(player.worst for player in players), LATE)
        for player in players:
            for client in (player.stream, player.play):
                client.drop()
                await client.ended()
        await port.stopListening()
        await services.techmino.stop()
