"""The board made from a map: its net, harbours and number tokens."""

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.catan.layout import TOKENS
from tests.games.catan.playing import created, desert
from tests.games.catan.test_maps import MAPS
from tests.typed import the

SIDES = {
    "north": "south",
    "north_east": "south_west",
    "south_east": "north_west",
    "south": "north",
    "south_west": "north_east",
    "north_west": "south_east",
}


class TestClassicBoard(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = created(4)
        self.board = self.game.state.board

    def test_counts(self) -> None:
        board = self.board
        self.assertEqual((len(board.land), len(board.intersections), len(board.borders)), (19, 54, 72))
        harbors = [field.harbor for field in board.fields if field.harbor is not None]
        self.assertEqual(
            Counter((harbor.type, harbor.rate) for harbor in harbors),
            {("ANY", 3): 4, **{(good, 2): 1 for good in ("BRICK", "GRAIN", "LUMBER", "ORE", "WOOL")}},
        )

    def test_the_robber_starts_on_the_desert_and_the_rest_nowhere(self) -> None:
        root = self.game.root
        self.assertIs(the(root.robber).field, desert(self.game))
        self.assertEqual(
            (the(root.merchant).field, the(root.merchant).user_assets, the(root.barbarian).position), (None, None, 0)
        )
        self.assertEqual([m.type for m in root.metropolises], ["POLITICS", "SCIENCE", "TRADE"])

    def test_neighbours_are_mutual(self) -> None:
        for field in self.board.fields:
            for side, back in SIDES.items():
                other = getattr(field, side)
                if other is not None:
                    self.assertIs(getattr(other, back), field)

    def test_the_net(self) -> None:
        board = self.board
        for field in board.land:
            around = board.corners[field]
            self.assertEqual((len(around), len(field.borders)), (6, 6))
            for one, two in zip(around, around[1:] + around[:1], strict=True):
                self.assertIn(two, [other for _, other in board.steps[one]])
        for border in board.borders:
            self.assertEqual(len(border.intersections), 2)
            # A field of land on one side at least, and never more than two fields.
            self.assertIn(len(border.fields), (1, 2))
        for spot in board.intersections:
            self.assertIn(len(board.steps[spot]), (2, 3))
            self.assertIn(len(board.lands_at[spot]), (1, 2, 3))
        self.assertEqual(Counter(len(board.lands_at[spot]) for spot in board.intersections), {1: 18, 2: 12, 3: 24})

    def test_harbors_serve_the_two_intersections_of_their_edge(self) -> None:
        served = []
        for field in self.board.fields:
            if field.harbor is None:
                continue
            one, two = field.harbor.intersections
            self.assertIn(two, [other for _, other in self.board.steps[one]])
            for spot in (one, two):
                self.assertIn(field, spot.fields)
                self.assertIs(spot.harbor, field.harbor)
            served += [one, two]
        self.assertEqual(len(set(served)), 18)

    def test_a_harbor_opens_to_the_side_its_rotation_says(self) -> None:
        # Field 31 of the map: PORT_WOOL;180, so its northern edge; north of it lies field 15, a FIELD.
        port = next(field for field in self.board.fields if field.type == "PORT_WOOL")
        self.assertEqual((port.rotation, the(port.north).type), (180, "FIELD"))
        shared = set(port.intersections) & set(the(port.north).intersections)
        self.assertEqual(set(the(port.harbor).intersections), shared)


class TestTokens(SynchronousTestCase):
    def test_eighteen_tokens_on_the_fields_that_bring_something(self) -> None:
        for seed in range(20):
            board = created(2, seed=seed).state.board
            self.assertEqual(sorted(field.number for field in board.land if field.resource), sorted(TOKENS))
            self.assertIsNone(next(field for field in board.land if field.type == "DESERT").number)
            self.assertEqual({field.number for field in board.fields if not field.land}, {None})

    def test_red_ones_never_side_by_side(self) -> None:
        for name in MAPS:
            for seed in range(20):
                for field in created(2, seed=seed, board=name).state.board.land:
                    if field.number in (6, 8):
                        beside = [other.number for other in field.neighbours]
                        self.assertFalse({6, 8} & set(beside), (name, seed))

    def test_larger_boards_go_round_again(self) -> None:
        for name in MAPS:
            board = created(2, board=name).state.board
            numbers = [field.number for field in board.land if field.resource]
            self.assertNotIn(None, numbers)
            self.assertNotIn(7, numbers)
            self.assertGreaterEqual(len(numbers), 18)
