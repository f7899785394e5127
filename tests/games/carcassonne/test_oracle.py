"""Whole games against the oracle, which knows what a visitor is told and the page about the cards."""

from __future__ import annotations

import os

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.carcassonne.strategy import greedy, random_legal
from gameserver.games.carcassonne.tiles import TILES
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, lines
from tests.games.carcassonne.oracle import CARDS, Board, Oracle
from tests.games.carcassonne.playing import started
from tests.games.snapshot import Snapshot

#: GAMESERVER_LONG=1 plays the full number of games.
GAMES = 200 if os.environ.get("GAMESERVER_LONG") == "1" else 4


class TestOracle(SynchronousTestCase):
    def test_the_page_has_every_card(self) -> None:
        self.assertEqual(set(CARDS), set(TILES))

    def check(self, oracle: Oracle, snapshot: Snapshot) -> None:
        """Compare scores and followers with what everybody is told."""
        users = [name for name in snapshot.named("UserAssets") if snapshot.one(name, "visitor") == "false"]
        scores = {name: int(snapshot.one(name, "score") or 0) for name in users}
        self.assertEqual(scores, {name: oracle.scores[name] for name in users})
        standing = {
            place: snapshot.one(meeple, "userAssets")
            for place in snapshot.named("MeeplePosition")
            if (meeple := snapshot.one(place, "meeple")) is not None
        }
        self.assertEqual(standing, oracle.standing)

    def play(self, number: int) -> None:
        players, chance = 2 + number % 4, Chance(f"oracle {number}")
        strategies = [greedy if chance.below(2) else random_legal for _ in range(players)]
        game, oracle = started(players, seed=1000 + number), Oracle()
        owners = {m.id: game.assets(seat).id for seat in range(players) for m in game.assets(seat).meeples}
        put: tuple[str, str] | None = None
        while (seat := game.turn) is not None:
            game.apply(seat, strategies[seat](game.view(seat), chance))
            for source, prop, _, new in lines(game.model.take()):
                if prop == "meeple" and new is not None and source.startswith("MeeplePosition@"):
                    put = source, owners[new]
            if game.over or game.step == "drawCard":
                snapshot = Snapshot(dumped(game.root))
                board = Board(snapshot)
                oracle.turn(board, *(put or (None, None)))
                put = None
                if game.over:
                    oracle.end(board)
                self.check(oracle, snapshot)
        self.assertTrue(game.over)

    def test_whole_games(self) -> None:
        for number in range(GAMES):
            with self.subTest(game=number):
                self.play(number)
