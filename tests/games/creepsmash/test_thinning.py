"""A slow reader who is spared what lies between comes to know the same as everybody else."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.model import Cell, Creep, CreepSmashGame
from gameserver.games.creepsmash.reading import Mirror
from gameserver.games.creepsmash.strategy import random_legal
from gameserver.games.entity import Change
from gameserver.matches.thinning import Thinner
from gameserver.testing.game_events import changes, dumped, feed, knowledge, lines, replica_of
from tests.games.creepsmash.playing import Match, tell
from tests.games.creepsmash.stage import build, creeps, examples, rich, root, send, started, ticks
from tests.games.creepsmash.test_whole_matches import COLLECTIONS
from tests.typed import the


class TestThinning(SynchronousTestCase):
    @examples(4)
    @given(st.integers(0, 2**32), st.integers(1, 200))
    def test_the_end_is_the_same_whenever_he_reads(self, seed: int, rest: int) -> None:
        match = Match("map_zigzag", [random_legal] * 3, seed)
        game = match.game
        slow, mirror = replica_of(game.root, COLLECTIONS), Mirror()
        tell(mirror, dumped(game.root))
        thinner = Thinner()
        told = everything = 0
        for tick in range(1, 801):
            match.step()
            everything += len(match.happened)
            now = lines(thinner.thin(match.happened))
            if tick % rest == 0:
                now += lines(thinner.settle())
            told += len(now)
            feed(slow, now)
            tell(mirror, now)
        last = lines(thinner.settle())
        feed(slow, last)
        tell(mirror, last)
        fresh = replica_of(game.root, COLLECTIONS)
        self.assertEqual(knowledge(slow, fresh.objects, COLLECTIONS), knowledge(fresh, fresh.objects, COLLECTIONS))
        self.assertEqual(
            sorted(element.id for cell in cells(the(mirror.game)) for element in cell.elements),
            sorted(element.id for cell in cells(root(game)) for element in cell.elements),
        )
        self.assertLessEqual(told, everything)

    def test_he_is_spared_the_walk_and_nothing_else(self) -> None:
        game = started()
        rich(game, 0, 1)
        build(game, 1, "BASIC", 8, 7)
        for _ in range(40):
            send(game, 0, "MAKO")
        thinner = Thinner()
        happened: list[Change] = []
        now: list[Change] = []
        for _ in range(260):
            ticks(game, 1)
            told = changes(game.model.take())
            happened += told
            now += changes(thinner.thin(told))
        owed = changes(thinner.settle())
        self.assertEqual(now, [change for change in happened if change.snapshot or not change.lossy])
        self.assertLess(len(now) + len(owed), len(happened) // 3)
        self.assertEqual(
            len({change.source for change in owed if isinstance(change.source, Creep)}), len(creeps(game))
        )
        self.assertTrue(all(change.lossy for change in owed))


def cells(game: CreepSmashGame) -> list[Cell]:
    return [cell for tile in game.tiles for cell in the(tile.map).cells]
