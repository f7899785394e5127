from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.carcassonne.board import Board, Laid, Spot, opposite_half
from gameserver.games.carcassonne.regions import leaders
from gameserver.games.carcassonne.tiles import START, TILES, Terrain, Tile, pile
from gameserver.games.rng import Chance


def board_of(*tiles: tuple[str, int, int, int]) -> Board:
    """A board of (letter, x, y, rotation in degrees)."""
    board = Board()
    for letter, x, y, degrees in tiles:
        board.lay(TILES[letter], Spot((x, y), degrees // 90))
    return board


class TestFitting(SynchronousTestCase):
    def setUp(self) -> None:
        self.board = board_of(("D", 0, 0, 0))

    def fits(self, letter: str, x: int, y: int, degrees: int = 0) -> bool:
        return self.board.fits(TILES[letter], Spot((x, y), degrees // 90))

    def test_touching_sides_must_match(self) -> None:
        self.assertTrue(self.fits("E", 0, -1, 180))
        self.assertFalse(self.fits("E", 0, -1, 0))
        self.assertTrue(self.fits("V", 1, 0))
        self.assertFalse(self.fits("V", 1, 0, 180))

    def test_corner_contact_and_distance_are_not_enough(self) -> None:
        self.assertFalse(self.fits("B", 1, 1))
        self.assertFalse(self.fits("B", 0, 5))
        self.assertTrue(self.fits("B", 0, 1))

    def test_a_taken_cell_is_no_place(self) -> None:
        self.assertFalse(self.fits("D", 0, 0))

    def test_all_neighbours_count(self) -> None:
        self.board.lay(TILES["V"], Spot((1, 0), 0))
        # Beside V (road south) and nothing else, then between it and the tile below the start.
        self.assertTrue(self.fits("U", 1, 1))
        self.board.lay(TILES["B"], Spot((0, 1), 0))
        self.assertTrue(self.fits("U", 1, 1))
        self.assertFalse(self.fits("X", 1, 1))

    def test_spots_are_exactly_what_fits(self) -> None:
        chance = Chance("spots")
        tiles = pile()
        chance.shuffle(tiles)
        for tile in tiles[:30]:
            spots = list(self.board.spots(tile))
            everything = [
                Spot((x, y), rotation)
                for x in range(-16, 17)
                for y in range(-16, 17)
                for rotation in range(4)
                if self.board.fits(tile, Spot((x, y), rotation))
            ]
            self.assertEqual(sorted(spots, key=repr), sorted(everything, key=repr))
            if spots:
                self.board.lay(tile, chance.choice(spots))

    def test_left_meets_right(self) -> None:
        names = ("NL", "NR", "EL", "ER", "SL", "SR", "WL", "WR")
        pairs = {names[half]: names[opposite_half(half)] for half in range(8)}
        self.assertEqual(
            pairs,
            {"NL": "SR", "NR": "SL", "EL": "WR", "ER": "WL", "SL": "NR", "SR": "NL", "WL": "ER", "WR": "EL"},
        )

    def test_laying_what_does_not_match_is_a_mistake_of_the_caller(self) -> None:
        for spot in (Spot((1, 0), 0), Spot((0, 0), 0), Spot((3, 3), 0)):
            self.assertRaises(ValueError, self.board.lay, TILES["B"], spot)
        self.assertEqual(len(self.board.laid), 1)


class TestRegions(SynchronousTestCase):
    def test_two_arms_of_a_road_that_meet_count_the_tile_once(self) -> None:
        # Two arms of a crossing that are joined by three curves: four tiles, both ends closed.
        board = board_of(("X", 0, 0, 0), ("V", 1, 0, 0), ("V", 1, 1, 90), ("V", 0, 1, 180))
        road = board.regions.of(board.laid[0].piece(1))
        self.assertIs(road, board.regions.of(board.laid[0].piece(2)))
        self.assertEqual((road.tiles, road.open, road.complete), ({0, 1, 2, 3}, 0, True))
        self.assertEqual(board.regions.points(road), 4)

    def test_a_two_tile_city_gives_four(self) -> None:
        board = board_of(("D", 0, 0, 0), ("E", 0, -1, 180))
        city = board.regions.of(0)
        self.assertTrue(city.complete)
        self.assertEqual(board.regions.points(city), 4)

    def test_an_abbey_counts_its_neighbours(self) -> None:
        board = board_of(("B", 0, 0, 0))
        abbey = board.regions.of(0)
        around = [(0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1)]
        for count, (x, y) in enumerate(around, start=1):
            self.assertFalse(abbey.complete)
            self.assertEqual(board.regions.points(abbey), count)
            laid = board.lay(TILES["B"], Spot((x, y), 0))
        self.assertTrue(abbey.complete)
        self.assertEqual(board.regions.points(abbey), 9)
        self.assertEqual(board.completed(laid), [abbey])

    def test_an_abbey_counts_neighbours_that_lay_there_before(self) -> None:
        board = board_of(("U", 0, 0, 0), ("U", 0, 1, 0), ("U", 0, 2, 0), ("B", 1, 1, 0))
        self.assertEqual(board.regions.points(board.regions.of(board.laid[3].piece(0))), 4)

    def test_one_tile_may_complete_several_features(self) -> None:
        # The crossing ends the start tile's road in the east and an abbey's road in the south.
        board = board_of(("D", 0, 0, 0), ("A", -1, 0, 270), ("B", 0, 1, 0), ("A", 1, 1, 180))
        laid = board.lay(TILES["X"], Spot((1, 0), 0))
        completed = board.completed(laid)
        self.assertEqual([region.terrain for region in completed], [Terrain.ROAD] * 2)
        self.assertEqual(sorted(map(board.regions.points, completed)), [2, 3])

    def test_a_meadow_is_never_complete_and_counts_each_city_once(self) -> None:
        # H's meadow lies between two cities; both are closed by E tiles.
        board = board_of(("H", 0, 0, 0), ("E", 0, -1, 180))
        meadow = board.regions.of(2)
        self.assertEqual(board.regions.points(meadow), 3)
        board.lay(TILES["E"], Spot((0, 1), 0))
        self.assertEqual(board.regions.points(meadow), 6)
        self.assertFalse(meadow.complete)

    def test_a_meadow_that_touches_one_city_twice_counts_it_once(self) -> None:
        # The two city pieces of I are one city in the end: three corners join them all the way round.
        board = board_of(
            *(("I", 0, 0, 0), ("N", -1, 0, 0), ("N", 0, -1, 180)),
            *(("N", -1, -1, 90),),
        )
        city = board.regions.of(0)
        self.assertIs(city, board.regions.of(1))
        self.assertTrue(city.complete)
        self.assertEqual(board.regions.points(city), 8)
        self.assertEqual(board.regions.points(board.regions.of(2)), 3)


class TestFollowers(SynchronousTestCase):
    def test_a_claimed_region_is_free_nowhere(self) -> None:
        board = board_of(("D", 0, 0, 0), ("U", 1, 0, 90))
        self.assertEqual(board.free_places(board.laid[1]), [0, 1, 2])
        board.claim(board.laid[0].piece(1), "Meeple@1", "anna")
        self.assertEqual(board.free_places(board.laid[1]), [1, 2])

    def test_withdrawing_frees_what_one_owner_held(self) -> None:
        board = board_of(("D", 0, 0, 0))
        board.claim(0, "Meeple@1", "anna")
        board.claim(1, "Meeple@2", "berta")
        board.withdraw("anna")
        self.assertEqual(board.free_places(board.laid[0]), [0, 2, 3])

    def test_most_followers_lead_and_ties_share(self) -> None:
        self.assertEqual(leaders(["a", "b", "a"]), ["a"])
        self.assertEqual(leaders(["a", "b", "b", "a", "c"]), ["a", "b"])
        self.assertEqual(leaders([]), [])


class TestPreview(SynchronousTestCase):
    def test_a_preview_is_what_laying_brings(self) -> None:
        """For every spot of random boards: terrain, tiles, open ends, pennants, owners as after laying."""
        for seed in range(6):
            chance, board, tiles = Chance(f"preview {seed}"), Board(), pile()
            chance.shuffle(tiles)
            history: list[tuple[Tile, Spot, int | None]] = [(START, Spot((0, 0), 0), None)]
            board.lay(START, Spot((0, 0), 0))
            for number, tile in enumerate(tiles[:40]):
                spots = list(board.spots(tile))
                if not spots:
                    continue
                spot = chance.choice(spots)
                before = sorted(
                    (o.terrain.value, o.tiles, o.open, o.pennants, sorted(o.owners))
                    for o in board.preview(tile, spot)
                )
                laid = board.lay(tile, spot)
                self.assertEqual(before, self.touched(board, laid))
                index = chance.choice(board.free_places(laid) or [None])
                if index is not None:
                    board.claim(laid.piece(index), f"Meeple@{number}", f"player{number % 3}")
                history.append((tile, spot, index))
            self.assertGreater(len(history), 25)

    def touched(self, board: Board, laid: Laid) -> list[tuple[str, int, int, int, list[str]]]:
        """Return what has become of the regions a tile has touched."""
        pieces = [laid.piece(index) for index in range(len(laid.tile.places))]
        x, y = laid.spot.cell
        for other in board.laid:
            ox, oy = other.spot.cell
            if other is not laid and max(abs(ox - x), abs(oy - y)) == 1:
                places = enumerate(other.tile.places)
                pieces += [other.piece(i) for i, place in places if place.terrain is Terrain.ABBEY]
        regions = {id(region): region for region in map(board.regions.of, pieces)}.values()
        return sorted(
            (r.terrain.value, len(r.tiles), r.open, r.pennants, sorted(r.followers.values())) for r in regions
        )
