"""Positions reckoned by hand from the scoring rules; every laying is legal and stays within the set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.carcassonne.board import Spot
from gameserver.games.carcassonne.model import CarcassonneGame, Meeple, UserAssets
from gameserver.games.carcassonne.table import Award, Table
from gameserver.games.carcassonne.tiles import TILES
from gameserver.games.entity import Model
from gameserver.games.rng import Chance
from tests.typed import the


@attrs.frozen
class Turn:
    """A tile laid at (x, y), turned by degrees, and the place a player (``who``) then claims."""

    letter: str
    x: int
    y: int
    degrees: int = 0
    place: str | None = None
    who: int = 0


@attrs.frozen
class Points:
    """What is expected: a feature on these tiles (0 is the start tile) gives points to these players."""

    terrain: str
    tiles: set[int]
    points: int
    players: tuple[int, ...]


#: What a feature paid to one player: its terrain, its tiles, the points, and the player's number.
Paid = tuple[str, frozenset[int], int, int]


class PositionCase(SynchronousTestCase):
    def play(
        self, players: int, turns: list[Turn]
    ) -> tuple[Counter[Paid], tuple[list[int], list[int]], Counter[Paid]]:
        """Lay the turns on a table, and keep scores and supplies of the moment before the final scoring."""
        model = Model(1)
        self.root = CarcassonneGame(model)
        self.root.announce()
        self.table = Table(self.root, Chance(1), [TILES[turn.letter] for turn in turns])
        self.players = [UserAssets(model, game=self.root) for _ in range(players)]
        for player in self.players:
            for _ in range(7):
                Meeple(model, user_assets=player)
        for turn in turns:
            self.lay(turn)
        self.assertTrue(self.table.exhausted)
        during = len(self.table.awards)
        before = [player.score for player in self.players], [len(player.supply()) for player in self.players]
        self.table.finish_game()
        return self.points(self.table.awards[:during]), before, self.points(self.table.awards[during:])

    def lay(self, turn: Turn) -> None:
        spot = Spot((turn.x, turn.y), turn.degrees // 90)
        self.assertTrue(self.table.draw())
        self.assertTrue(self.table.board.fits(TILES[turn.letter], spot), turn)
        self.table.lay(spot)
        if turn.place is not None:
            index = int(turn.place) - 1
            self.assertIn(index, self.table.board.free_places(the(self.table.last)), turn)
            self.table.place(self.players[turn.who].supply()[0], index)
        self.table.finish_turn()

    def points(self, awards: Iterable[Award]) -> Counter[Paid]:
        return Counter(
            (award.terrain.value, award.tiles, award.points, self.players.index(award.player)) for award in awards
        )

    def check(
        self,
        players: int,
        turns: list[Turn],
        *,
        during: list[Points],
        before: list[int],
        supply: list[int],
        at_end: list[Points],
        score: list[int],
    ) -> None:
        happened, (scores, supplies), final = self.play(players, turns)
        self.assertEqual(happened, self.expected(during))
        self.assertEqual((scores, supplies), (before, supply))
        self.assertEqual(final, self.expected(at_end))
        self.assertEqual([player.score for player in self.players], score)

    def expected(self, entries: list[Points]) -> Counter[Paid]:
        return Counter(
            (entry.terrain, frozenset(entry.tiles), entry.points, who) for entry in entries for who in entry.players
        )


class TestPositions(PositionCase):
    def test_road_between_abbey_and_crossing(self) -> None:
        # Abbey, start tile, crossing: 3. The north arm is a road of its own, two tiles and open: 2.
        self.check(
            2,
            [Turn("A", -1, 0, 270, "1", 0), Turn("X", 1, 0, 0, "1", 1), Turn("U", 1, -1)],
            during=[Points("road", {0, 1, 2}, 3, (0,))],
            before=[3, 0],
            supply=[7, 6],
            at_end=[Points("road", {2, 3}, 2, (1,))],
            score=[3, 2],
        )

    def test_city_with_pennant_pays_two_farms(self) -> None:
        # Three tiles and a pennant: 8. The field behind tile 2, and the one of tiles 1 and 3, both touch it.
        self.check(
            2,
            [Turn("M", 0, -1, 180, "1", 0), Turn("E", -1, -1, 90, "2", 1), Turn("U", 1, -1, 0, "3", 0)],
            during=[Points("city", {0, 1, 2}, 8, (0,))],
            before=[8, 0],
            supply=[6, 6],
            at_end=[Points("meadow", {2}, 3, (1,)), Points("meadow", {1, 3}, 3, (0,))],
            score=[11, 3],
        )

    def test_two_knights_meet_and_both_get_everything(self) -> None:
        # Tile 5 joins and closes the parts of two knights: four tiles, 8 each. Its own field touches that city.
        self.check(
            3,
            [
                Turn("V", 1, 0, 0),
                Turn("E", 1, -1, 270, "1", 0),
                Turn("V", -1, 0, 270),
                Turn("E", -1, -1, 90, "1", 1),
                Turn("R", 0, -1, 180, "2", 2),
            ],
            during=[Points("city", {0, 2, 4, 5}, 8, (0, 1))],
            before=[8, 8, 0],
            supply=[7, 7, 6],
            at_end=[Points("meadow", {5}, 3, (2,))],
            score=[8, 8, 3],
        )

    def test_ring_road_has_no_end_and_is_complete(self) -> None:
        # Four curves: 4. Inside lies a field without a city: 0. Outside the field reaches the city of tiles 5, 6,
        # which has two tiles and gives 4.
        self.check(
            3,
            [
                Turn("V", 0, 1, 270, "1", 0),
                Turn("V", 1, 1, 0, "3", 1),
                Turn("V", 1, 2, 90),
                Turn("V", 0, 2, 180),
                Turn("E", 2, 1, 0, "2", 2),
                Turn("E", 2, 0, 180, "1", 0),
            ],
            during=[Points("road", {1, 2, 3, 4}, 4, (0,)), Points("city", {5, 6}, 4, (0,))],
            before=[8, 0, 0],
            supply=[7, 6, 6],
            at_end=[
                Points("meadow", {1, 2, 3, 4}, 0, (1,)),
                Points("meadow", {0, 1, 2, 3, 4, 5}, 3, (2,)),
            ],
            score=[8, 0, 3],
        )

    def test_farms_that_meet_share_and_open_cities_count_nothing(self) -> None:
        # Tile 5 joins two farms of one farmer each: two closed cities, 6 for both; the city of tile 6 is open.
        self.check(
            3,
            [
                Turn("E", 0, -1, 180, "1", 0),
                Turn("K", 1, 0, 0, "3", 0),
                Turn("E", 1, -1, 180, "2", 1),
                Turn("B", 2, -1),
                Turn("V", 2, 0, 270, "1", 2),
                Turn("J", -1, 0, 0, "1", 2),
            ],
            during=[Points("city", {0, 1}, 4, (0,))],
            before=[4, 0, 0],
            supply=[6, 6, 5],
            at_end=[
                Points("meadow", {0, 1, 2, 3, 4, 5, 6}, 6, (0, 1)),
                Points("road", {5}, 1, (2,)),
                Points("city", {6}, 1, (2,)),
            ],
            score=[10, 6, 2],
        )

    def test_open_features_at_the_end(self) -> None:
        # City gate to abbey: 2 at once. Open city of four tiles and three pennants: 7. Roads of three and of one
        # tile. Both farms touch only the open city.
        self.check(
            3,
            [
                Turn("S", 0, -1, 180, "1", 0),
                Turn("F", 1, -1, 0, "2", 1),
                Turn("Q", -1, -1, 0, "2", 2),
                Turn("A", 0, -2, 0, "1", 1),
                Turn("V", 1, 0, 0, "1", 2),
                Turn("W", -1, 0, 0, "2", 1),
            ],
            during=[Points("road", {1, 4}, 2, (1,))],
            before=[0, 2, 0],
            supply=[6, 5, 5],
            at_end=[
                Points("city", {0, 1, 2, 3}, 7, (0,)),
                Points("meadow", {2}, 0, (1,)),
                Points("meadow", {0, 2, 3, 5, 6}, 0, (2,)),
                Points("road", {0, 5, 6}, 3, (2,)),
                Points("road", {6}, 1, (1,)),
            ],
            score=[7, 3, 3],
        )

    def test_abbey_closed_by_its_eighth_neighbour(self) -> None:
        # Nine tiles: 9, and the monk comes home. The road of tiles 7, 0, 8 stays open: 3 at the end.
        self.check(
            2,
            [
                Turn("B", 0, 1, 0, "1", 0),
                *(Turn("B", 0, 2), Turn("B", 1, 2), Turn("B", 1, 1), Turn("E", -1, 2, 180)),
                *(Turn("E", -1, 1, 270), Turn("V", -1, 0, 180, "1", 1), Turn("V", 1, 0, 90)),
            ],
            during=[Points("abbey", {0, 1, 2, 3, 4, 5, 6, 7, 8}, 9, (0,))],
            before=[9, 0],
            supply=[7, 6],
            at_end=[Points("road", {0, 7, 8}, 3, (1,))],
            score=[9, 3],
        )

    def test_two_followers_beat_one(self) -> None:
        # Tile 7 is city all over and joins three arms and the start tile: five tiles and a pennant, 12. Player 0 has
        # two knights in it, player 1 one: he gets nothing and his knight comes home.
        self.check(
            2,
            [
                Turn("V", 1, 0, 0),
                Turn("E", 1, -1, 270, "1", 1),
                Turn("V", -1, 0, 270),
                Turn("E", -1, -1, 90, "1", 0),
                Turn("B", -1, -2),
                Turn("E", 0, -2, 180, "1", 0),
                Turn("C", 0, -1),
            ],
            during=[Points("city", {0, 2, 4, 6, 7}, 12, (0,))],
            before=[12, 0],
            supply=[7, 7],
            at_end=[],
            score=[12, 0],
        )
