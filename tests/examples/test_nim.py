"""Nim as a package of its own: the contract of games, whole games at its lobby, a kill, the list of lobbies."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any

from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.app.games import installed_kinds
from gameserver.bots.table import Order, play
from gameserver.config.tree import Limits
from gameserver.games.api import Command, Options, Participant
from gameserver.games.entity import dump
from gameserver.games.hosted import Game
from gameserver.games.kind import Kind
from gameserver.games.rng import Chance
from gameserver.matches.command_log import read, replay
from gameserver.matches.match import Match
from gameserver.matches.wire import change_line
from gameserver.protocols.kassel.config import with_seasons
from gameserver.testing import game_contract
from gameserver_nim.game import Nim
from gameserver_nim.kind import KIND, perfect, random_legal
from tests.examples.registered import registered
from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE, Server, free_port
from tests.integration.test_kassel_process import picture
from tests.protocols.kassel.services import Services
from tests.reactor import listen, reactor

KINDS: dict[str, Kind[Any]] = {**installed_kinds(), "nim": KIND}


class Contract(game_contract.KindContract):
    kind = KIND
    seeds = tuple(range(1, 21))


class Playing(SynchronousTestCase):
    def started(self, seed: int) -> Nim:
        game = Nim(Options("table", 2), seed)
        for seat in range(2):
            game.join(seat, Participant(f"player{seat}", "SE"))
        game.apply(0, Command("START_GAME"))
        return game

    def play(self, seed: int, *strategies: Any) -> int:
        """Play a game and return who has won."""
        game, chance, seat = self.started(seed), Chance(seed), 0
        while game.running:
            seat = next(seat for seat in range(2) if game.prompts(seat))
            game.apply(seat, strategies[seat](game.root, chance))
        return seat

    def test_who_takes_the_last_one_wins(self) -> None:
        game = self.started(1)
        seat = 0
        while game.running:
            seat = next(seat for seat in range(2) if game.prompts(seat))
            heap = next(heap for heap in game.root.heaps if heap.size)
            game.apply(seat, heap.take(heap.size))
        winner = game.root.winner
        assert winner is not None
        self.assertEqual(
            (winner.nickname, [heap.size for heap in game.root.heaps if heap.size]), (f"player{seat}", [])
        )

    def test_the_strategy_wins_whatever_can_be_won(self) -> None:
        for seed in range(200):
            total = 0
            for heap in self.started(seed).root.heaps:
                total ^= heap.size
            # The first player wins unless the exclusive or is 0, if they know how; then the second does.
            self.assertEqual(self.play(seed, perfect, perfect), 0 if total else 1, seed)
            if total:
                self.assertEqual(self.play(seed, perfect, random_legal), 0, seed)
            else:
                self.assertEqual(self.play(seed, random_legal, perfect), 1, seed)


class Lobby(TestCase):
    """Whole games over TCP."""

    timeout = 60

    async def asyncSetUp(self) -> int:
        section = with_seasons(KINDS)
        self.services = Services(
            reactor,
            section(computer_pause=0, nim=("tcp:0:interface=127.0.0.1",)),  # type: ignore[call-arg]
            Limits(messages_per_second=100_000, burst=100_000),
            kinds=KINDS,
        )
        self.seen: list[Match] = []
        self.services.matches.watchers.append(self.see)
        await self.services.kassel.start()
        return listen(self, self.services.factories["nim"])

    def see(self, match: Match) -> None:
        if match not in self.seen:
            self.seen.append(match)

    def picture(self, game: Game) -> list[bytes]:
        return [change_line(0, change) for change in dump(game.root, None)]

    async def test_games_of_bots_and_of_computer_players(self) -> None:
        port = await self.asyncSetUp()
        for number, test_game in enumerate((False, True)):
            result = await play(reactor, Order(KIND, "127.0.0.1", port, test_game=test_game), f"nim {number}")
            match = self.seen[number]
            self.assertEqual((result.refused, result.winner), (0, match.winner))
            self.assertTrue(match.winner)
            await self.services.matches.journal.flushed()
            lines = await self.services.store.lines(match.header.id)
            again = KIND.make(match.header.options, match.header.seed)
            for _ in replay(again, (read(line.text) for line in lines)):
                again.model.take()
            self.assertEqual(self.picture(again), self.picture(match.game))
        await self.services.kassel.stop()


class Installed(SynchronousTestCase):
    """A process that has found the package by its entry point."""

    def setUp(self) -> None:
        self.patch(os, "environ", {**os.environ, "PYTHONPATH": registered("nim")})
        self.port = free_port()
        self.settings = (f'kassel.nim=["tcp:{self.port}:interface=127.0.0.1"]',)

    def started(self, server: Server) -> Server:
        self.addCleanup(server.kill)
        return server.start()

    def test_a_game_goes_on_after_a_kill(self) -> None:
        server = self.started(Server(("web.endpoints",), self.settings))
        anne, bob = Player(self.port), Player(self.port)
        secrets = []
        for player in (anne, bob):
            words = player.ask("CREATE TESTPLAYER")[0].split()
            secrets.append(f"{words[2][5:]} {words[3][9:]}")
            self.assertEqual(player.ask(f"LOGIN {secrets[-1]}")[-1], "OK")
        self.assertIn("Nim is for 2 players", anne.ask("CREATE GAME g -maxPlayers 3")[0])
        self.assertEqual(anne.ask("CREATE GAME g -maxPlayers 2"), ["OK"])
        anne.join("g")
        heap = next(event["@nv"] for event in bob.join("g") if event["@prop"] == "heaps")
        anne.order("START_GAME")
        anne.until("USER_MESSAGE", "OK - take")
        anne.order("TAKE", heap=heap, count="1")
        left = bob.until("USER_MESSAGE", "OK - take")
        size = next(event["@nv"] for event in left if event["@prop"] == "size")
        server.kill()
        for player in (anne, bob):
            player.close()

        server = self.started(Server(("web.endpoints",), self.settings, data=server.data))
        anne, bob = Player(self.port), Player(self.port)
        for player, secret in zip((anne, bob), secrets, strict=True):
            self.addCleanup(player.close)
            self.assertEqual(player.ask(f"LOGIN {secret}")[-1], "OK")
        dump = bob.join("g")
        self.assertEqual(bob.line().partition("@nv")[2], '":"OK - take"}')
        self.assertIn((heap, "size", size), picture(dump))
        self.assertEqual(sorted(picture(anne.join("g")), key=str), sorted(picture(dump), key=str))

        bots = server.run("bot", "nim", "--port", str(self.port), "--seed", "1")
        self.assertEqual(bots.returncode, 0, bots.stdout + bots.stderr)
        self.assertIn(" 0 refused, ", bots.stdout)
        site = f"http://127.0.0.1:{server.ports['web.endpoints']}/api/seasons"
        with urllib.request.urlopen(site, timeout=PATIENCE) as answer:
            *ours, nim = json.load(answer)["seasons"]
        self.assertEqual([season["name"] for season in ours], ["ss14", "ss13", "ss12"])
        self.assertEqual(
            (nim["game"], nim["path"], nim["board"], nim["players"]), ("nim", "/kassel/nim", False, [2, 2])
        )
        self.assertEqual(nim["collections"], ["heaps", "users"])
        self.assertIn({"action": "TAKE", "arguments": ["heap", "count"]}, nim["actions"])
        self.assertEqual(server.stop(), 0)

    def test_its_season_has_a_key_but_no_port_of_its_own(self) -> None:
        server = Server(())
        checked = server.run("check-config")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("# where the season of Nim listens\nnim = []\n", checked.stdout)
        refused = server.run("bot", "nim")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("set kassel.nim, or use --port", refused.stderr)
        refused = server.run("bot", "nim", "--port", "1", "--strategy", "cunning")
        self.assertIn("Nim has no strategy cunning: it has greedy, random.", refused.stderr)
