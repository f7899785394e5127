"""Whole games over TCP: two people at their telnets and a bot, computer players, every season."""

from __future__ import annotations

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase

from gameserver.app.games import installed_kinds
from gameserver.bots.client import KasselClient, Refused
from gameserver.bots.player import BotPlayer
from gameserver.bots.table import Order, play
from gameserver.config.tree import Limits
from gameserver.games.entity import dump
from gameserver.games.hosted import Game
from gameserver.games.rng import Chance
from gameserver.matches.command_log import read, replay
from gameserver.matches.match import Match
from gameserver.matches.wire import change_line
from tests.protocols.kassel.services import Services, section
from tests.reactor import listen, reactor

KINDS = installed_kinds()


def picture(game: Game) -> list[bytes]:
    return [change_line(0, change) for change in dump(game.root, None)]


class WholeGames(TestCase):
    timeout = 300

    async def asyncSetUpServices(self, season: str) -> int:
        self.services = Services(
            reactor, section(computer_pause=0), Limits(messages_per_second=100_000, burst=100_000)
        )
        await self.services.kassel.start()
        self.seen: list[Match] = []
        self.services.matches.watchers.append(self.see)
        return listen(self, self.services.factories[season])

    def see(self, match: Match) -> None:
        if match not in self.seen:
            self.seen.append(match)

    async def tearDownServices(self) -> None:
        await self.services.kassel.stop()

    async def connected(self, port: int) -> KasselClient:
        client = KasselClient()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        self.assertTrue((await client.greeting).startswith("SE1"))
        await client.log_in("", "")
        return client

    async def assertReplays(self, match: Match) -> None:
        """The log on its own gives the same final state."""
        await self.services.matches.journal.flushed()
        lines = await self.services.store.lines(match.header.id)
        game = KINDS[match.header.kind].make(match.header.options, match.header.seed)
        for _ in replay(game, (read(line.text) for line in lines)):
            game.model.take()
        self.assertEqual(picture(game), picture(match.game))

    async def test_two_people_and_a_bot_finish_a_game(self) -> None:
        port = await self.asyncSetUpServices("ss14")
        clients = [await self.connected(port) for _ in range(3)]
        await clients[0].ask("CREATE GAME g -maxPlayers 3")
        strategies = ("random", "random", "greedy")
        players = [
            BotPlayer(reactor, client, KINDS["carcassonne"], strategy, Chance(f"whole {number}"))
            for number, (client, strategy) in enumerate(zip(clients, strategies, strict=True))
        ]
        ends: list[Deferred[str]] = [player.over for player in players]
        for player in players:
            await player.join("g")
        players[0].start_game()
        winners = [await end for end in ends]
        self.assertEqual(len(set(winners)), 1)
        self.assertIn(winners[0], [client.nickname for client in clients])
        self.assertEqual(sum(player.refused for player in players), 0)
        match = self.seen[0]
        self.assertTrue(match.game.over)
        for client in clients:
            client.hang_up()
        await DeferredList([client.lost for client in clients])
        await self.assertReplays(match)
        found = await self.services.store.recent("carcassonne", 1)
        self.assertEqual((found[0].winner, len(found[0].players)), (winners[0], 3))
        await self.tearDownServices()

    async def test_one_bot_against_computer_players(self) -> None:
        for season, game, strategy in (("ss14", "carcassonne", "greedy"), ("ss13", "catan", "random")):
            port = await self.asyncSetUpServices(season)
            order = Order(KINDS[game], "127.0.0.1", port, strategy=strategy, test_game=True, players=3)
            result = await play(reactor, order, "test")
            self.assertTrue(result.winner)
            await self.assertReplays(self.seen[0])
            await self.tearDownServices()

    async def test_bots_among_themselves_play_catan(self) -> None:
        port = await self.asyncSetUpServices("ss13")
        result = await play(reactor, Order(KINDS["catan"], "127.0.0.1", port), "settlers")
        self.assertIn(result.winner, result.players)
        await self.assertReplays(self.seen[0])
        await self.tearDownServices()

    async def test_a_bot_that_is_refused_says_so(self) -> None:
        port = await self.asyncSetUpServices("ss14")
        with self.assertRaises(Refused):
            await play(reactor, Order(KINDS["carcassonne"], "127.0.0.1", port, join="nowhere"))
        with self.assertRaises(Refused):
            await play(reactor, Order(KINDS["carcassonne"], "127.0.0.1", port, name="nobody", password="x"))
        await self.tearDownServices()
