from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.carcassonne.tiles import START, TILES, Terrain, pile

LETTERS = "AABBBBCDDDDEEEEEFFGHHHIIJJJKKKLLLMMNNNOOPPPQRRRSSTUUUUUUUUVVVVVVVVVWWWWX"
COUNTS = Counter(LETTERS)


class TestTheSet(SynchronousTestCase):
    def test_letters_and_counts(self) -> None:
        self.assertEqual({letter: tile.count for letter, tile in TILES.items()}, COUNTS)
        self.assertEqual(sum(COUNTS.values()), 72)

    def test_sums_over_all_tiles(self) -> None:
        sides, places, pennants = Counter[Terrain](), Counter[Terrain](), 0
        for tile in TILES.values():
            for side in tile.turned[0].sides:
                sides[side] += tile.count
            for spot in tile.places:
                places[spot.terrain] += tile.count
                pennants += tile.count * spot.pennants
        self.assertEqual(sides, {Terrain.MEADOW: 115, Terrain.ROAD: 94, Terrain.CITY: 79})
        self.assertEqual(places, {Terrain.CITY: 49, Terrain.ROAD: 62, Terrain.ABBEY: 6, Terrain.MEADOW: 126})
        self.assertEqual(pennants, 10)

    def test_the_pile_is_everything_but_the_start_tile(self) -> None:
        drawn = Counter(tile.letter for tile in pile())
        self.assertEqual(drawn, {**COUNTS, "D": 3})
        self.assertEqual(START.letter, "D")

    def test_a_has_three_places(self) -> None:
        self.assertEqual(
            [place.terrain for place in TILES["A"].places], [Terrain.ROAD, Terrain.ABBEY, Terrain.MEADOW]
        )


class TestEveryTile(SynchronousTestCase):
    def test_every_half_side_belongs_to_one_place(self) -> None:
        for tile in TILES.values():
            with self.subTest(letter=tile.letter):
                sides = [side for place in tile.places for side in place.sides]
                halves = [half for place in tile.places for half in place.halves]
                self.assertEqual(len(sides), len(set(sides)))
                self.assertEqual(len(halves), len(set(halves)))
                cities = {s for p in tile.places if p.terrain is Terrain.CITY for s in p.sides}
                self.assertEqual(set(halves), {h for h in range(8) if h // 2 not in cities})

    def test_a_side_without_a_road_has_one_meadow(self) -> None:
        for tile in TILES.values():
            for side, terrain in enumerate(tile.turned[0].sides):
                left, right = tile.turned[0].half_places[2 * side : 2 * side + 2]
                with self.subTest(letter=tile.letter, side=side):
                    if terrain is Terrain.MEADOW:
                        self.assertEqual(left, right)
                    elif terrain is Terrain.CITY:
                        self.assertEqual((left, right), (None, None))

    def test_places_come_as_cities_roads_abbey_meadows(self) -> None:
        order = [Terrain.CITY, Terrain.ROAD, Terrain.ABBEY, Terrain.MEADOW]
        for tile in TILES.values():
            ranks = [order.index(place.terrain) for place in tile.places]
            self.assertEqual(ranks, sorted(ranks), tile.letter)

    def test_meadows_border_cities_of_their_tile(self) -> None:
        for tile in TILES.values():
            for place in tile.places:
                for index in place.cities:
                    self.assertIs(tile.places[index].terrain, Terrain.CITY)
                    self.assertIs(place.terrain, Terrain.MEADOW)

    def test_meadows_cut_off_by_a_road_touch_no_city(self) -> None:
        cut_off = {"D": (3,), "J": (3,), "K": (3,), "L": (5, 6), "O": (3,), "P": (3,)}
        for letter, indices in cut_off.items():
            for index, place in enumerate(TILES[letter].places):
                if place.terrain is Terrain.MEADOW:
                    self.assertEqual(bool(place.cities), index not in indices, (letter, index))


class TestTurning(SynchronousTestCase):
    def test_r90_is_clockwise(self) -> None:
        # V has its road south and west: a quarter turn clockwise brings it west and north.
        road = [t is Terrain.ROAD for t in TILES["V"].turned[1].sides]
        self.assertEqual(road, [True, False, False, True])

    def test_half_sides_keep_left_and_right(self) -> None:
        # D's upper meadow reaches EL and WR; turned once clockwise SL and NR.
        halves = [half for half, index in enumerate(TILES["D"].turned[1].half_places) if index == 2]
        self.assertEqual(halves, [1, 4])

    def test_four_turns_come_home(self) -> None:
        for tile in TILES.values():
            for rotation in range(4):
                here, there = tile.turned[rotation], tile.turned[(rotation + 1) % 4]
                self.assertEqual((here.sides[3], *here.sides[:3]), there.sides)
                self.assertEqual((*here.half_places[6:], *here.half_places[:6]), there.half_places)
