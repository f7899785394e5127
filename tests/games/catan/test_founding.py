"""The founding: its order, what may be placed where, and the first cards."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan import building
from gameserver.games.catan.goods import RESOURCES
from gameserver.games.catan.model import City, Phase, Settlement
from tests.games.catan.playing import START, build, choose, founded, hand, heard, options, refusal, seated
from tests.typed import the


class TestFounding(SynchronousTestCase):
    def test_in_order_and_back(self) -> None:
        game = seated(3)
        game.apply(0, START)
        order = []
        while game.root.phase is Phase.FOUNDING:
            seat = game.waiting()[0]
            self.assertEqual((game.turn, game.waiting()), (seat, [seat]))
            order.append((seat, game.prompts(seat)[0]))
            game.apply(seat, choose(options(game, seat)[-1]))
        pieces = [("OK - build(Settlement)", "OK - build(Road)"), ("OK - build(City)", "OK - build(Road)")]
        expected = [(s, line) for s in (0, 1, 2) for line in pieces[0]]
        expected += [(s, line) for s in (2, 1, 0) for line in pieces[1]]
        self.assertEqual(order, expected)
        self.assertEqual((game.root.round, game.turn, game.root.phase), (1, 0, Phase.ROLLING))
        self.assertEqual(list(game.prompts(0)), ["OK - rollDies"])

    def test_three_points_and_one_resource_a_field_at_the_city(self) -> None:
        for seed in range(3):
            game = founded(4, seed=seed)
            for seat in range(4):
                user = game.assets(seat)
                self.assertEqual((user.victory_points, len(user.roads)), (3, 2))
                self.assertEqual((len(user.settlements), len(user.cities)), (1, 1))
                lands = game.state.board.lands_at[the(user.cities[0].intersection)]
                resources = sorted(land.resource for land in lands if land.resource)
                self.assertEqual(sorted(held.type for held in user.cards), resources)
                self.assertTrue(set(hand(game, seat)) <= {good.lower() for good in RESOURCES})

    def test_build_and_choose_are_both_answers(self) -> None:
        game = seated(2)
        game.apply(0, START)
        told = heard(game, 0)
        self.assertEqual(told[0], "OK - build(Settlement)")
        self.assertRegex(
            told[1], r"\AOK - choose\(Intersection:Intersection@[0-9a-f]+(,Intersection@[0-9a-f]+){53}\)\Z"
        )
        spot = game.state.board.intersections[20]
        game.apply(0, build("Settlement", spot))
        self.assertIsInstance(spot.building, Settlement)
        roads = options(game, 0)
        self.assertEqual(set(roads), {border.id for border in spot.borders})
        game.apply(0, choose(roads[0]))
        self.assertEqual(len(game.assets(0).roads), 1)

    def test_distance(self) -> None:
        game = seated(2)
        game.apply(0, START)
        spot = game.state.board.intersections[20]
        game.apply(0, build("Settlement", spot))
        game.apply(0, choose(options(game, 0)[0]))
        offered = options(game, 1)
        near = [other.id for _, other in game.state.board.steps[spot]]
        self.assertEqual(len(offered), 54 - 1 - len(near))
        for name in (spot.id, *near):
            self.assertNotIn(name, offered)
            text = refusal(game, 1, Command("BUILD", {"type": "Settlement", "destination": name}))
            self.assertTrue(text.startswith("build - destination must be one of"))

    def test_the_road_starts_at_the_piece_just_placed(self) -> None:
        game = seated(2)
        game.apply(0, START)
        spots = game.state.board.intersections
        game.apply(0, build("Settlement", spots[0]))
        far = next(b for b in game.state.board.borders if b not in spots[0].borders)
        self.assertIn("destination must be one of", refusal(game, 0, build("Road", far)))
        self.assertEqual(refusal(game, 0, build("City", spots[0])), "build - type must be Road now")

    def test_wrong_answers(self) -> None:
        game = seated(2)
        game.apply(0, START)
        spot = game.state.board.intersections[0]
        self.assertEqual(refusal(game, 0, build("City", spot)), "build - type must be Settlement now")
        self.assertEqual(refusal(game, 0, Command("ROLL_DIES")), "rollDies - first answer build(Settlement)")
        self.assertEqual(refusal(game, 0, Command("END_PLAY")), "endPlay - first answer build(Settlement)")
        self.assertEqual(refusal(game, 1, build("Settlement", spot)), "build - wait for player0")
        self.assertEqual(
            refusal(game, 0, Command("BUILD", {"type": "Settlement"})), "build - The key destination is missing."
        )
        self.assertEqual(refusal(game, 0, Command("CHOOSE")), "choose - The key id is missing.")

    def test_the_second_is_a_city(self) -> None:
        game = founded(2)
        self.assertIsInstance(the(game.assets(0).cities[0].intersection).building, City)

    def test_somebody_leaves_during_the_founding(self) -> None:
        game = seated(4)
        game.apply(0, START)
        for _ in range(5):
            seat = game.waiting()[0]
            game.apply(seat, game.legal(seat)[0])
        # Player 2 has placed his settlement and owes its road; player 1 is done with the first half.
        self.assertEqual(game.waiting(), [2])
        game.leave(2)
        self.assertEqual(game.waiting(), [3])
        game.leave(1)
        while game.root.phase is Phase.FOUNDING:
            seat = game.waiting()[0]
            game.apply(seat, game.legal(seat)[0])
        self.assertEqual(len(game.state.board.intersections), 54)
        standing = [spot.building for spot in game.state.board.intersections if spot.building is not None]
        self.assertEqual(len(standing), 4)
        self.assertEqual({the(piece.user_assets).seat for piece in standing}, {0, 3})

    def test_six_players_on_every_map(self) -> None:
        for board in ("map_balanced", "map_highlands", "map_lake", "map_long_island"):
            for seed in range(2):
                game = founded(6, board=board, seed=seed)
                self.assertEqual([game.assets(seat).victory_points for seat in range(6)], [3] * 6)

    def test_a_piece_with_all_borders_taken_gets_no_road(self) -> None:
        game = seated(2)
        game.apply(0, START)
        spot = game.state.board.intersections[20]
        for place in spot.borders:
            building.build(game.state, game.assets(1), "Road", place)
        game.apply(0, build("Settlement", spot))
        self.assertEqual(game.waiting(), [1])
