"""The longest road, the victory points, and the end of the game."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan import building, points
from gameserver.games.catan.goods import Track
from gameserver.games.catan.model import Intersection, Phase
from gameserver.games.catan.points import length
from gameserver.games.catan.progress_cards import reveal
from gameserver.games.entity import Change
from gameserver.games.rng import Chance
from tests.games.catan import recount
from tests.games.catan.playing import (
    END,
    bare,
    border,
    build,
    desert,
    found_city,
    give,
    heard,
    knight,
    outside,
    pave,
    refusal,
    ring,
    roll,
    settle,
    stack,
)
from tests.typed import the


class RoadCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(3)
        self.c = ring(self.game, desert(self.game))
        self.out = [outside(self.game, desert(self.game), corner) for corner in self.c]

    def far_ring(self) -> list[Intersection]:
        """Six corners of a field that touches the desert in nothing."""
        game = self.game
        near = {*self.c, *self.out}
        land = next(land for land in game.state.board.land if not near & set(ring(game, land)))
        return ring(game, land)

    def holders(self) -> list[int]:
        return [seat for seat in range(3) if seat in self.game._seats and self.game.assets(seat).longest_road]


class TestLength(RoadCase):
    def length(self, seat: int = 0) -> int:
        return length(self.game.state.board, self.game.assets(seat))

    def test_ways_forks_and_rings(self) -> None:
        game, c, out = self.game, self.c, self.out
        self.assertEqual(self.length(), 0)
        pave(game, 0, c[0], c[1], c[2])
        self.assertEqual(self.length(), 2)
        pave(game, 0, c[1], out[1])
        self.assertEqual(self.length(), 2)
        pave(game, 0, c[2], c[3], c[4], c[5], c[0])
        # The whole ring and the branch.
        self.assertEqual(self.length(), 7)

    def test_a_way_that_was_no_good_does_not_block_a_better_one(self) -> None:
        # A ring with two tails of two roads at neighbouring corners: the tails and the long way round, whatever way
        # is tried first.
        for corner in range(6):
            self.setUp()
            game, c, out = self.game, self.c, self.out
            pave(game, 0, *c, c[0])
            for at in (corner, (corner + 1) % 6):
                end = next(spot for _, spot in game.state.board.steps[out[at]] if spot is not c[at])
                pave(game, 0, c[at], out[at], end)
            self.assertEqual(self.length(), 2 + 5 + 2, corner)

    def test_two_ways_do_not_add_up(self) -> None:
        game, c, far = self.game, self.c, self.far_ring()
        pave(game, 0, c[0], c[1], c[2])
        pave(game, 0, far[0], far[1], far[2], far[3])
        self.assertEqual(self.length(), 3)

    def test_foreign_pieces_cut_in_the_middle_but_not_at_the_end(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, *c)
        self.assertEqual(self.length(), 5)
        settle(game, 1, c[5])
        self.assertEqual(self.length(), 5)
        knight(game, 1, c[2])
        self.assertEqual(self.length(), 3)
        settle(game, 0, c[3])
        knight(game, 0, c[4])
        self.assertEqual(self.length(), 3)

    def test_against_the_second_count_on_random_nets(self) -> None:
        chance = Chance("nets")
        for _ in range(25):
            game = bare(2)
            borders = list(game.state.board.borders)
            chance.shuffle(borders)
            for place in borders[:14]:
                building.build(game.state, game.assets(0), "Road", place)
            for spot in game.state.board.intersections:
                if chance.below(8) == 0:
                    knight(game, chance.below(2), spot)
            self.assertEqual(length(game.state.board, game.assets(0)), recount.road_length(game, game.assets(0)))


class TestLongestRoad(RoadCase):
    def test_from_five_on(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, *c[:5])
        self.assertEqual(self.holders(), [])
        pave(game, 0, c[4], c[5])
        self.assertEqual((self.holders(), game.assets(0).victory_points), ([0], 2))

    def test_longer_takes_it_equal_does_not(self) -> None:
        game, c, far = self.game, self.c, self.far_ring()
        pave(game, 0, *c)
        pave(game, 1, *far)
        self.assertEqual(self.holders(), [0])
        pave(game, 1, far[5], far[0])
        self.assertEqual((self.holders(), game.assets(0).victory_points), ([1], 0))

    def test_by_a_command(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, *c[:5])
        give(game, 0, brick=1, lumber=1)
        game.apply(0, build("Road", border(game, c[4], c[5])))
        self.assertEqual(self.holders(), [0])

    def test_a_settlement_breaks_it_and_the_next_gets_it(self) -> None:
        game, c, far = self.game, self.c, self.far_ring()
        pave(game, 0, *c, c[0])
        pave(game, 1, *far)
        pave(game, 1, c[1], self.out[1])
        self.assertEqual(self.holders(), [0])
        for good in ("brick", "lumber", "wool", "grain"):
            give(game, 1, **{good: 1})
        game.state.start_turn(game.assets(1))
        game.root.phase = Phase.ACTING
        game.apply(1, build("Settlement", c[1]))
        # The ring is still six long from the settlement around to it.
        self.assertEqual(self.holders(), [0])
        knight(game, 1, c[4])
        points.update(game.state)
        self.assertEqual(self.holders(), [1])

    def test_a_knight_breaks_it_and_nobody_has_it(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, *c)
        give(game, 1, wool=1, ore=1)
        pave(game, 1, c[2], self.out[2])
        game.state.start_turn(game.assets(1))
        game.root.phase = Phase.ACTING
        game.apply(1, build("Knight", c[2]))
        self.assertEqual((self.holders(), game.assets(0).victory_points), ([], 0))

    def test_a_tie_of_two_others_leaves_it_with_nobody(self) -> None:
        game, c = self.game, self.c
        far = self.far_ring()
        land = [land for land in game.state.board.land if not ({*c, *self.out, *far} & set(ring(game, land)))]
        third = ring(game, land[0])
        pave(game, 1, *far)
        game.assets(1).longest_road = False
        pave(game, 2, *third)
        game.assets(2).longest_road = False
        pave(game, 0, *c, c[0])
        self.assertEqual(self.holders(), [0])
        knight(game, 1, c[1])
        knight(game, 1, c[4])
        self.assertEqual(self.holders(), [])
        pave(game, 2, third[5], third[0])
        self.assertEqual(self.holders(), [2])

    def test_a_leaver_loses_it_to_the_next(self) -> None:
        game, c, far = self.game, self.c, self.far_ring()
        pave(game, 0, *c, c[0])
        pave(game, 1, *far)
        game.leave(0)
        self.assertEqual(self.holders(), [1])


class TestPoints(RoadCase):
    def test_everything_counts(self) -> None:
        game, c = self.game, self.c
        user = game.assets(0)
        settle(game, 0, self.out[1])
        city = found_city(game, 0, c[0])
        user.trade = 4
        game.state.metropolises[Track.TRADE].city = city
        game.state.metropolises[Track.TRADE].user_assets = user
        user.defender_points = 2
        reveal(user, "PRINTER", Track.SCIENCE)
        game.state.merchant.field = desert(game)
        game.state.merchant.user_assets = user
        pave(game, 0, *c)
        points.update(game.state)
        self.assertEqual(user.victory_points, 1 + 2 + 2 + 2 + 1 + 1 + 2)
        self.assertEqual(recount.points(user), 11)


class TestWinning(RoadCase):
    def near(self, seat: int, count: int) -> None:
        self.game.assets(seat).defender_points = count
        points.update(self.game.state)

    def test_thirteen_on_ones_own_turn(self) -> None:
        game, c = self.game, self.c
        self.near(0, 12)
        pave(game, 0, c[0], c[1])
        give(game, 0, brick=1, lumber=1, wool=1, grain=1)
        game.model.take()
        game.apply(0, build("Settlement", c[0]))
        happened = [(entry.prop, entry.new) for entry in game.model.take() if isinstance(entry, Change)]
        self.assertEqual(happened[-4:-2], [("currentUser", None), ("winner", game.root.winner)])
        self.assertEqual(happened[-1], ("running", False))
        self.assertEqual((game.over, game.running, the(game.root.winner).nickname), (True, False, "player0"))
        self.assertEqual(refusal(game, 0, END), "endTurn - The game is over.")
        self.assertEqual((list(game.prompts(0)), list(game.legal(0)), game.waiting()), ([], [], []))

    def test_twelve_are_not_enough(self) -> None:
        game, c = self.game, self.c
        self.near(0, 11)
        pave(game, 0, c[0], c[1])
        give(game, 0, brick=1, lumber=1, wool=1, grain=1)
        game.apply(0, build("Settlement", c[0]))
        self.assertFalse(game.over)

    def test_on_anothers_turn_one_has_to_wait(self) -> None:
        game = self.game
        self.near(1, 12)
        game.assets(1).science = 1
        stack(game, Track.SCIENCE, "PRINTER")
        roll(game, 1, 2, "SCIENCE")
        self.assertEqual((game.assets(1).victory_points, game.over), (13, False))
        game.apply(0, END)
        self.assertEqual((game.over, the(game.root.winner).nickname), (True, "player1"))

    def test_points_lost_again_do_not_win(self) -> None:
        game, c = self.game, self.c
        self.near(1, 11)
        found_city(game, 1, c[0])
        self.assertEqual(game.assets(1).victory_points, 13)
        game.state.barbarian.position = 6
        roll(game, 1, 1, "SHIP")
        self.assertEqual(game.assets(1).victory_points, 12)
        game.apply(0, END)
        self.assertFalse(game.over)

    def test_by_a_card_in_the_own_roll(self) -> None:
        game = self.game
        self.near(0, 12)
        game.assets(0).politics = 1
        stack(game, Track.POLITICS, "CONSTITUTION")
        roll(game, 1, 1, "POLITICS")
        self.assertTrue(game.over)

    def test_when_a_foreign_road_falls_by_leaving(self) -> None:
        game, c, far = self.game, self.c, self.far_ring()
        self.near(0, 11)
        pave(game, 1, *c, c[0])
        pave(game, 0, *far)
        game.leave(1)
        self.assertEqual((game.over, the(game.root.winner).nickname), (True, "player0"))

    def test_no_prompt_after_the_end(self) -> None:
        game = self.game
        self.near(0, 13)
        give(game, 0, ore=4)
        game.model.take()
        game.apply(0, Command("TRADE", {"give": "ORE", "take": "WOOL"}))
        self.assertEqual(heard(game, 0), [])
