"""The longest road against the oracle, which knows what a visitor is told."""

from __future__ import annotations

import os

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.catan import building, points
from gameserver.games.catan.model import Border
from gameserver.games.catan.strategy import random_legal, sensible
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped
from tests.games.catan.oracle import due, holder, lengths, longest_trail
from tests.games.catan.playing import START, bare, knight, seated
from tests.games.snapshot import Snapshot

LONG = os.environ.get("GAMESERVER_LONG") == "1"
#: GAMESERVER_LONG=1 lays and plays the full number.
NETS, GAMES = (2000, 40) if LONG else (60, 2)


class TestTrails(SynchronousTestCase):
    def test_by_hand(self) -> None:
        ring = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")]
        for edges, barred, length in (
            ([], "", 0),
            ([("a", "b")], "ab", 1),
            (ring, "", 4),
            # A foreign piece ends a way and does not forbid to end at it: round the ring to it again.
            (ring, "a", 4),
            (ring, "ac", 2),
            ([*ring, ("a", "e"), ("c", "f")], "", 5),
            ([*ring, ("b", "d")], "", 5),
            ([("a", "b"), ("b", "c"), ("b", "d")], "", 2),
            ([("a", "b"), ("b", "c")], "b", 1),
            ([("a", "b"), ("c", "d")], "", 1),
        ):
            self.assertEqual(longest_trail(edges, frozenset(barred)), length, (edges, barred))


class TestLongestRoad(SynchronousTestCase):
    def test_random_nets(self) -> None:
        """Up to fifteen roads that hang together and some knights of an opponent, laid by chance."""
        chance = Chance("nets of the oracle")
        for number in range(NETS):
            game = bare(2)
            board = game.state.board
            start = chance.choice(list(board.intersections))
            net: dict[Border, None] = {}
            spots = [start]
            for _ in range(1 + chance.below(15)):
                ways = [(border, to) for spot in spots for border, to in board.steps[spot] if border not in net]
                border, to = chance.choice(ways)
                net[border] = None
                spots.append(to)
            for border in net:
                building.build(game.state, game.assets(0), "Road", border)
            for spot in {chance.choice(spots) for _ in range(chance.below(4))}:
                knight(game, 1, spot)
            points.update(game.state)
            snapshot = Snapshot(dumped(game.root))
            found = lengths(snapshot)
            self.assertEqual(found[game.assets(0).id], points.length(board, game.assets(0)), number)
            self.assertEqual(holder(snapshot), due(found, None), number)

    def test_whole_games(self) -> None:
        changes = 0
        for number in range(GAMES):
            players = 2 + number % 4
            game, chance = seated(players, seed=300 + number), Chance(f"oracle {number}")
            game.apply(0, START)
            had: str | None = None
            while not game.over:
                seat = chance.choice(game.waiting())
                strategy = sensible if seat % 2 else random_legal
                game.apply(seat, strategy(game.view(seat), chance))
                happened = game.model.take()
                if game._flows.active or not happened:
                    continue
                snapshot = Snapshot(dumped(game.root))
                now = due(lengths(snapshot), had)
                self.assertEqual(holder(snapshot), now, (number, game.state.turn))
                changes += now != had
                had = now
        self.assertGreater(changes, GAMES // 2)
