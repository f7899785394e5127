"""Whole evenings over TCP: clients whose bytes have the captured form, in every segmentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase

from gameserver.protocols.techmino.config import Techmino
from gameserver.testing.techmino import TechminoClient, request
from tests.protocols.techmino.services import Services

#: As the real client sends it: JSON text, about 500 bytes, so that its frame has the longer length.
CONFIG = f'{{"dascut":0,"ihs":true,"irs":true,"RS":"TRS","das":10,"arr":2,"face":[{",".join("0" * 220)}]}}'

#: Short where nothing depends on how fast the machine is.
QUICK = Techmino(watch_delay=0.05, connect_timeout=60, start_delay=0.05, end_delay=0.1, grace=0.2)

Cut = Callable[[list[bytes]], list[bytes]]


def as_captured(pieces: list[bytes]) -> list[bytes]:
    return pieces


def in_one(pieces: list[bytes]) -> list[bytes]:
    return [b"".join(pieces)]


def by_bytes(pieces: list[bytes]) -> list[bytes]:
    return [bytes((byte,)) for byte in b"".join(pieces)]


def first_byte_alone(pieces: list[bytes]) -> list[bytes]:
    return [part for piece in pieces for part in (piece[:1], piece[1:])]


class Game:
    """One copy of the game on one computer."""

    def __init__(self, port: int, cut: Cut) -> None:
        self.port = port
        self.cut = cut
        self.clients: list[TechminoClient] = []
        self.play: TechminoClient
        self.stream: TechminoClient

    async def open(self, endpoint: str, body: dict[str, Any] | None = None) -> TechminoClient:
        client = TechminoClient(reactor, self.cut)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), client)
        self.clients.append(client)
        client.write(request(endpoint, body))
        return client

    async def log_in(self, name: str) -> None:
        """Start the game, register, log in and go online, in the order of the captures."""
        app = await self.open("app")
        assert (await app.next())["lowest"] <= 1405
        app.send(2, username=name, email=f"{name}@x.org", password="pw")
        assert (await app.next())["type"] == "Self"
        user = await self.open("user", {"password": "pw", "email": f"{name}@x.org"})
        connect = await user.next()
        self.uid = connect["uid"]
        user.send(1, uid=self.uid, hash="")
        info = await user.next()
        assert info["data"]["username"] == name
        user.send(0)
        self.access = (await user.next())["accessToken"]
        self.play = await self.open("play", {"uid": self.uid, "accessToken": self.access})
        assert (await self.play.next())["type"] == "Connect"
        self.play.send(0, begin=0, count=10)
        assert isinstance((await self.play.next())["roomList"], list)

    async def enter(self) -> None:
        """Open the stream of the round that begins."""
        begin = await self.play.until("Server", 8)
        rid = begin["data"]["rid"]
        self.stream = await self.open("stream", {"accessToken": self.access, "rid": rid, "uid": self.uid})
        assert (await self.stream.next())["type"] == "Connect"

    async def seed(self) -> int:
        return int((await self.stream.until("Server", 0))["data"]["seed"])

    async def place(self) -> int:
        """Wait for the end; close the stream as the real client does."""
        await self.stream.until("Server", 1)
        result = (await self.play.until("Server", 9))["data"]["result"]
        self.stream.close()
        return int(next(line["place"] for line in result if line["uid"] == self.uid))

    def kill(self) -> None:
        """End the process: every connection breaks off."""
        for client in self.clients:
            if not client.gone:
                client.drop()


class EveningTests(TestCase):
    def setUp(self) -> None:
        self.services = Services(reactor, QUICK)
        self.port: Any = reactor.listenTCP(0, self.services.factory, interface="127.0.0.1")
        self.games: list[Game] = []
        self.addCleanup(self.end)

    async def end(self) -> None:
        await self.port.stopListening()
        for game in self.games:
            game.kill()
            for client in game.clients:
                await client.ended()
        await self.services.techmino.stop()

    async def start(self, cut: Cut, *names: str) -> list[Game]:
        """Log in, make a room by the first, let the others join it."""
        games = [Game(self.port.getHost().port, cut) for _ in names]
        self.games += games
        for game, name in zip(games, names, strict=True):
            await game.log_in(name)
        host, *guests = games
        host.play.send(1, type="classic", name=f"{names[0]}'s room", config=CONFIG)
        rid = (await host.play.until("Self", 2))["data"]["rid"]
        for guest in guests:
            guest.play.send(2, rid=rid, config=CONFIG)
            players = (await guest.play.until("Self", 2))["data"]["players"]
            assert {player["config"] for player in players} == {CONFIG}
        return games

    async def begin(self, games: list[Game]) -> None:
        for game in games:
            game.play.send(6, ready=True)
        for game in games:
            await game.enter()
        seeds = [await game.seed() for game in games]
        self.assertEqual(len(set(seeds)), 1)

    async def two_rounds(self, cut: Cut) -> None:
        games = alice, bob = await self.start(cut, "alice", "bob")
        for loser, winner in ((alice, bob), (bob, alice)):
            await self.begin(games)
            pieces = [f"EgACBgA{number}" for number in range(20)]
            for piece in pieces:
                loser.stream.send(5, stream=piece)
                winner.stream.send(5, stream="DAYAJg==")
            loser.stream.send(4, score=0, survivalTime=0)
            loser.stream.send(5, stream="DAYAJgEA")
            heard = [(await winner.stream.until("Broadcast", 5))["data"]["stream"] for _ in pieces]
            self.assertEqual(heard, pieces)
            death = await winner.stream.next()
            self.assertEqual((death["action"], death["data"]["uid"]), (4, loser.uid))
            self.assertEqual((await winner.stream.next())["data"]["stream"], "DAYAJgEA")
            self.assertEqual([await loser.place(), await winner.place()], [2, 1])
        bob.play.send(3)
        left = await alice.play.until("Broadcast", 3)
        self.assertEqual(left["data"], {"uid": bob.uid, "username": "bob", "sid": 1})
        alice.play.send(3)
        self.assertEqual(await alice.play.until("Self", 3), {"type": "Self", "action": 3, "data": {}})
        alice.play.send(0, begin=0, count=10)
        self.assertEqual((await alice.play.next())["roomList"], [])
        alice.play.close()
        await alice.play.ended()
        self.assertEqual(len(await self.services.store.rounds_of(alice.uid, 0, 9)), 2)

    async def test_two_rounds_as_captured(self) -> None:
        await self.two_rounds(as_captured)

    async def test_two_rounds_with_everything_in_one_segment(self) -> None:
        await self.two_rounds(in_one)

    async def test_two_rounds_byte_by_byte(self) -> None:
        await self.two_rounds(by_bytes)

    async def test_two_rounds_with_the_first_byte_alone(self) -> None:
        await self.two_rounds(first_byte_alone)

    async def test_one_of_three_is_killed_in_mid_round(self) -> None:
        games = alice, bob, carl = await self.start(as_captured, "alice", "bob", "carl")
        await self.begin(games)
        for game in games:
            game.stream.send(5, stream="EgA=")
        await alice.stream.until("Broadcast", 5)
        bob.kill()
        self.assertEqual((await alice.stream.until("Server", 3))["data"], {"uid": bob.uid})
        self.assertEqual((await alice.play.until("Broadcast", 3))["data"]["sid"], 1)
        carl.stream.send(5, stream="DAYAJg==")
        while (await alice.stream.until("Broadcast", 5))["data"]["stream"] != "DAYAJg==":
            pass
        carl.stream.send(4, score=0, survivalTime=0)
        self.assertEqual([await carl.place(), await alice.place()], [2, 1])
        (record,) = await self.services.store.rounds_of(alice.uid, 0, 9)
        self.assertEqual([player.username for player in record.players], ["alice", "carl", "bob"])
        await self.begin([alice, carl])
        alice.stream.send(4, score=0, survivalTime=0)
        self.assertEqual([await carl.place(), await alice.place()], [1, 2])
