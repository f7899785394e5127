"""Scripted players of every release with five sockets play whole rounds over TCP; every round ends."""

from __future__ import annotations

import random
from typing import Any

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase

from gameserver.protocols.techmino.config import Techmino
from gameserver.testing.techmino import TechminoClient
from gameserver.testing.techmino_player import RELEASES, Player, Release
from tests.protocols.techmino.services import Services

#: Short where nothing depends on how fast the machine is.
QUICK = Techmino(watch_delay=0.05, connect_timeout=2, start_delay=0.05, end_delay=0.1, grace=0.2)

BY_NAME = {release.name: release for release in RELEASES}


class PlayersCase(TestCase):
    def setUp(self) -> None:
        self.chance = random.Random(7)
        self.nodes = self.start()
        self.services = self.nodes[0]
        self.ports: list[Any] = [reactor.listenTCP(0, node.factory, interface="127.0.0.1") for node in self.nodes]
        self.players: list[Player] = []
        self.addCleanup(self.end)

    def start(self) -> list[Services]:
        """Return the nodes; a connection leads to any of them."""
        return [Services(reactor, QUICK)]

    async def end(self) -> None:
        for port in self.ports:
            await port.stopListening()
        for player in self.players:
            await player.quit()
        for node in self.nodes:
            await node.techmino.stop()
            self.assertEqual((node.lobby.rooms, node.lobby.rounds), ({}, {}))

    async def connect(self) -> TechminoClient:
        client, port = TechminoClient(reactor), self.chance.choice(self.ports).getHost().port
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        return client

    async def player(self, name: str, release: Release) -> Player:
        if await self.services.accounts.by_name(name) is None:
            # No limit on registrations counts here.
            await self.services.accounts.create(name, "pw", f"{name}@x.org")
        player = Player(self.connect, release)
        self.players.append(player)
        await player.log_in(f"{name}@x.org", "pw")
        return player

    async def begin(self, players: list[Player]) -> None:
        """Let people be ready, open their streams and start."""
        for player in players:
            player.ready()
        for player in players:
            await player.enter(await player.begun())
        seeds = {await player.start() for player in players}
        self.assertEqual(len(seeds), 1)


class ReleaseTests(PlayersCase):
    async def test_two_of_each_release_play_a_round(self) -> None:
        for release in RELEASES:
            with self.subTest(release.name):
                anna, bert = [await self.player(name, release) for name in ("anna", "bert")]
                await bert.join(await anna.create())
                bert.say("hello")
                kind, action = ("Warn", None) if release.broken_chat else ("Broadcast", 4)
                self.assertEqual((await bert.play.until(kind, action))["type"], kind)
                await self.begin([anna, bert])
                anna.piece("CAYAJgAA")
                assert bert.stream is not None
                heard = await bert.stream.until("Broadcast", 5)
                self.assertEqual(heard["data"], {"uid": anna.uid, "stream": "CAYAJgAA"})
                anna.die()
                expected = {bert.uid: 1, anna.uid: 2}
                self.assertEqual([await anna.result(), await bert.result()], [expected] * 2)
                await bert.leave()
                await anna.leave()
                await anna.quit()
                await bert.quit()

    async def test_a_room_of_others_is_seen_and_entered_by_nobody_by_mistake(self) -> None:
        old, new = await self.player("anna", BY_NAME["0.14.7"]), await self.player("bert", BY_NAME["0.17.0"])
        room = await old.create()
        await new.create()
        await new.leave()
        new.play.send(2, rid=room, config="{}", password="")
        refused = await new.play.until("Warn", None)
        self.assertIn("This room is for Techmino 0.14", refused["reason"])


class TenRoundsTests(PlayersCase):
    """Two players and a spectator, who leave, die, are cut off and come back as chance will have it."""

    async def ten_rounds(self, release: Release, chance: random.Random) -> None:
        anna, bert, carl = [await self.player(name, release) for name in ("anna", "bert", "carl")]
        room = await anna.create()
        await bert.join(room)
        for _ in range(10):
            await self.begin([anna, bert])
            watched = await carl.join(room)
            connect = await carl.enter(watched)
            assert carl.stream is not None
            self.assertTrue(connect["data"]["watch"])
            for player in (anna, bert):
                for _ in range(chance.randrange(4)):
                    player.piece()
            loser, winner = chance.sample([anna, bert], 2)
            what = chance.choice(("die", "leave", "cut", "both", "spectator"))
            if what in ("die", "spectator"):
                loser.die()
            elif what == "leave":
                await loser.leave()
            else:
                loser.cut()
            if what == "both":
                winner.cut()
            if what == "spectator":
                carl.cut()
                await carl.go_online()
                await carl.join(room)
            told = await carl.result()
            self.assertEqual(set(told), {anna.uid, bert.uid})
            self.assertEqual(sorted(told.values()), [1, 2])
            if what in ("die", "leave", "cut", "spectator"):
                self.assertEqual(told[winner.uid], 1)
            # Everybody comes back to a room, the old one or a new one, and the next round begins.
            for player in (anna, bert):
                if player.play.gone:
                    await player.go_online()
                elif player is not loser or what != "leave":
                    await player.result()
                    await player.leave()
            await carl.leave()
            room = await anna.create()
            await bert.join(room)
        self.assertEqual(len(await self.services.store.rounds_of(anna.uid, 0, 99)), 10)

    async def test_generation_1(self) -> None:
        await self.ten_rounds(BY_NAME["0.14.7"], random.Random(1))

    async def test_generation_2(self) -> None:
        await self.ten_rounds(BY_NAME["0.17.0"], random.Random(2))
