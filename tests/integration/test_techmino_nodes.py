"""Techmino on two servers of one community: whole rounds whatever server each connection leads to, and a dead one."""

from __future__ import annotations

import random

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from gameserver.edge.relay.relays import UNREACHABLE
from gameserver.testing.techmino import TechminoClient
from gameserver.testing.techmino_player import RELEASES, Player, Release
from tests.integration.two_servers import two_servers

QUICK = (
    "techmino.watch_delay=0.05",
    "techmino.start_delay=0.05",
    "techmino.end_delay=0.05",
    "techmino.grace=0.5",
)

#: Rounds of two players of one release.
ROUNDS = 4

BY_NAME = {release.name: release for release in RELEASES}


class TechminoNodes(TestCase):
    timeout = 600

    def setUp(self) -> None:
        self.url, self.servers = two_servers(self, ("techmino.endpoints",), 2, QUICK)
        self.players: list[Player] = []
        self.addCleanup(self.end)
        #: Which server the next connections lead to.
        self.chance = random.Random(14)
        self.leads_to = lambda: self.chance.choice(self.servers)

    async def end(self) -> None:
        for player in self.players:
            await player.quit()

    async def connect(self) -> TechminoClient:
        client, port = TechminoClient(reactor), self.leads_to().ports["techmino.endpoints"]
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        return client

    async def player(self, name: str, release: Release) -> Player:
        made = ("user", "add", name, "--email", f"{name}@x.org", "--password", "mino-pw")
        await deferToThread(self.servers[0].run, f"--set=storage.url={self.url}", *made)
        player = Player(self.connect, release)
        self.players.append(player)
        await player.log_in(f"{name}@x.org", "mino-pw")
        return player

    async def test_rounds_are_played_whatever_server_a_connection_leads_to(self) -> None:
        for number, release in enumerate(("0.14.6", "0.14.8", "0.17.0")):
            anna, bert = [await self.player(f"{name}{number}", BY_NAME[release]) for name in ("anna", "bert")]
            for _ in range(ROUNDS):
                await bert.join(await self.shown(bert, await anna.create()))
                for player in (anna, bert):
                    player.ready()
                for player in (anna, bert):
                    await player.enter(await player.begun())
                self.assertEqual(len({await player.start() for player in (anna, bert)}), 1)
                for piece in range(20):
                    anna.piece(str(piece))
                assert bert.stream is not None
                heard = [(await bert.stream.until("Broadcast", 5))["data"]["stream"] for _ in range(20)]
                self.assertEqual(heard, [str(piece) for piece in range(20)])
                anna.die()
                expected = {bert.uid: 1, anna.uid: 2}
                self.assertEqual([await anna.result(), await bert.result()], [expected] * 2)
                for player in (anna, bert):
                    await player.leave()
                    player.cut()
                    await player.go_online()

    async def rooms(self, player: Player) -> list[str]:
        """Return the numbers of the rooms in somebody's list, a little later than now."""
        await deferLater(reactor, 0.2)
        player.play.send(0)
        return [room["rid"] for room in (await player.play.until("Self", 0))["roomList"]]

    async def shown(self, player: Player, rid: str) -> str:
        """Return the number of a room when it is in somebody's list; people ask again and again."""
        while rid not in await self.rooms(player):
            self.assertFalse(player.play.gone)
        return rid

    async def test_a_server_that_dies_puts_those_of_the_other_out_of_its_rooms(self) -> None:
        first, second = self.servers
        self.leads_to = lambda: first
        anna = await self.player("anna", BY_NAME["0.17.0"])
        self.leads_to = lambda: second
        bert = await self.player("bert", BY_NAME["0.17.0"])
        room = await self.shown(bert, await anna.create())
        await bert.join(room)
        for player in (anna, bert):
            player.ready()
        for player in (anna, bert):
            await player.enter(await player.begun())
        for player in (anna, bert):
            await player.start()
        first.kill()
        self.assertEqual((await bert.play.until("Self", 3))["data"], {})
        self.assertEqual((await bert.play.next())["reason"], UNREACHABLE)
        assert bert.stream is not None
        await bert.stream.ended()
        bert.stream = None
        while await self.rooms(bert):
            self.assertFalse(bert.play.gone)
        await bert.create()
        await bert.leave()
