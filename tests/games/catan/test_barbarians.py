"""The barbarians: their way, every outcome of an attack, and its ties."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.catan.goods import Track
from gameserver.games.catan.model import City, Settlement
from tests.games.catan.playing import (
    bare,
    choose,
    deal,
    desert,
    found_city,
    give,
    heard,
    knight,
    options,
    outside,
    pave,
    ring,
    roll,
    settle,
    stack,
)
from tests.typed import the


class BarbarianCase(SynchronousTestCase):
    """The ship is one step from its goal; three players."""

    def setUp(self) -> None:
        self.game = bare(4)
        self.c = ring(self.game, desert(self.game))
        self.out = [outside(self.game, desert(self.game), corner) for corner in self.c]
        self.game.state.barbarian.position = 6

    def attack(self) -> None:
        """Roll a ship and an 8 that brings nothing."""
        for land in self.game.state.board.land:
            if land.number == 8:
                land.number = None
        roll(self.game, 4, 4, "SHIP")


class TestTheWay(BarbarianCase):
    def test_seven_ships_to_an_attack(self) -> None:
        game = self.game
        game.state.barbarian.position = 0
        for step in range(1, 7):
            roll(game, 1, 1, "SHIP")
            self.assertEqual((the(game.root.barbarian).position, the(game.root.barbarian).attacks), (step, 0))
        roll(game, 1, 1, "POLITICS")
        self.assertEqual(the(game.root.barbarian).position, 6)
        roll(game, 1, 1, "SHIP")
        self.assertEqual((the(game.root.barbarian).position, the(game.root.barbarian).attacks), (0, 1))

    def test_knights_sleep_afterwards_everybodys(self) -> None:
        game, c = self.game, self.c
        mine, theirs = knight(game, 0, c[0]), knight(game, 1, c[2], 3)
        self.attack()
        self.assertEqual([mine.active, theirs.active], [False, False])

    def test_strength_is_told_to_all(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        knight(game, 1, c[2], 3)
        self.attack()
        line = "barbarians - they attack with strength 1, the knights stand with strength 3"
        self.assertIn(line, heard(game, 3))

    def test_the_robber_moves_on_the_same_seven(self) -> None:
        game = self.game
        roll(game, 3, 4, "SHIP")
        self.assertIn("moveRobber", game.prompts(0)[0])


class TestDefeat(BarbarianCase):
    def test_the_weakest_loses_a_city(self) -> None:
        game, c = self.game, self.c
        mine, theirs = found_city(game, 0, c[0]), found_city(game, 1, c[2])
        found_city(game, 1, c[4])
        knight(game, 1, self.out[1], 1)
        self.attack()
        left = c[0].building
        assert isinstance(left, Settlement)
        self.assertIs(left.user_assets, game.assets(0))
        self.assertIsNone(mine.user_assets)
        self.assertIs(c[2].building, theirs)
        self.assertEqual(game.assets(0).victory_points, 1)

    def test_a_choice_of_cities_and_the_wall_is_lost(self) -> None:
        game, c = self.game, self.c
        one, two = found_city(game, 0, c[0], wall=True), found_city(game, 0, c[2], wall=True)
        self.attack()
        self.assertEqual(options(game, 0), [one.id, two.id])
        game.apply(0, choose(two))
        self.assertIsInstance(c[2].building, Settlement)
        self.assertEqual((len(game.assets(0).city_walls), one.city_wall is not None), (1, True))

    def test_everybody_who_ties_for_the_least(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        found_city(game, 1, c[2])
        found_city(game, 2, c[4])
        knight(game, 2, self.out[1], 1)
        self.attack()
        self.assertEqual([type(c[i].building) for i in (0, 2, 4)], [Settlement, Settlement, City])

    def test_two_are_asked_at_once(self) -> None:
        game, c = self.game, self.c
        for seat, spots in ((0, (c[0], c[2])), (1, (self.out[1], self.out[3]))):
            for spot in spots:
                found_city(game, seat, spot)
        self.attack()
        self.assertEqual(sorted(game.waiting()), [0, 1])
        game.apply(1, choose(the(self.out[1].building)))
        self.assertEqual(game.waiting(), [0])
        game.apply(0, choose(the(c[0].building)))
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_who_has_no_city_is_not_counted(self) -> None:
        # Player 3 has no city and no knight; the least among those with a city is player 1 with strength 1.
        game, c = self.game, self.c
        settle(game, 3, self.out[5])
        found_city(game, 0, c[0])
        found_city(game, 1, c[2])
        found_city(game, 1, c[4])
        found_city(game, 0, self.out[3])
        knight(game, 0, self.out[1], 2)
        knight(game, 1, self.out[0], 1)
        self.attack()
        self.assertEqual([len(game.assets(seat).cities) for seat in (0, 1)], [2, 2])
        game.apply(1, choose(the(c[2].building)))
        self.assertEqual([len(game.assets(seat).cities) for seat in (0, 1)], [2, 1])

    def test_a_metropolis_is_safe_but_draws_them(self) -> None:
        game, c = self.game, self.c
        one = found_city(game, 0, c[0])
        game.assets(0).trade = 4
        game.state.metropolises[Track.TRADE].city = one
        game.state.metropolises[Track.TRADE].user_assets = game.assets(0)
        found_city(game, 1, c[2])
        knight(game, 1, self.out[1], 1)
        # Two cities against strength 1; player 0 contributed nothing but has only a metropolis.
        self.attack()
        self.assertIs(c[0].building, one)
        self.assertIsInstance(c[2].building, Settlement)

    def test_only_metropolises_nobody_loses(self) -> None:
        game, c = self.game, self.c
        one = found_city(game, 0, c[0])
        game.state.metropolises[Track.TRADE].city = one
        game.state.metropolises[Track.TRADE].user_assets = game.assets(0)
        self.attack()
        self.assertEqual((len(game.assets(0).cities), the(game.root.barbarian).attacks), (1, 1))

    def test_inactive_knights_do_not_help(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        knight(game, 0, self.out[1], 3, active=False)
        self.attack()
        self.assertEqual(len(game.assets(0).cities), 0)

    def test_the_loser_leaves_when_asked(self) -> None:
        game, c = self.game, self.c
        found_city(game, 1, c[0])
        found_city(game, 1, c[2])
        self.attack()
        game.leave(1)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])
        self.assertEqual((c[0].building, c[2].building), (None, None))


class TestVictory(BarbarianCase):
    def test_the_single_strongest_is_defender_of_catan(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        knight(game, 1, c[2], 2)
        knight(game, 2, c[4], 1)
        self.attack()
        self.assertEqual([game.assets(s).defender_points for s in range(4)], [0, 1, 0, 0])
        self.assertEqual(game.assets(1).victory_points, 1)

    def test_equal_strength_holds(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        found_city(game, 0, c[2])
        knight(game, 1, c[4], 2)
        self.attack()
        self.assertEqual((len(game.assets(0).cities), game.assets(1).defender_points), (2, 1))

    def test_strength_is_the_sum_of_a_players_knights(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        knight(game, 1, c[2], 1)
        knight(game, 1, c[3], 2)
        knight(game, 2, c[4], 2)
        self.attack()
        self.assertEqual([game.assets(s).defender_points for s in (1, 2)], [1, 0])

    def test_a_tie_draws_a_card_of_choice_each(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        knight(game, 2, c[2], 1)
        knight(game, 1, c[4], 1)
        stack(game, Track.SCIENCE, "SMITH")
        stack(game, Track.POLITICS, "CONSTITUTION")
        self.attack()
        # One after the other, beginning with the player on turn.
        self.assertEqual(game.waiting(), [1])
        self.assertEqual(options(game, 1), ["POLITICS", "SCIENCE", "TRADE"])
        game.apply(1, choose("SCIENCE"))
        game.apply(2, choose("POLITICS"))
        self.assertEqual([card.name for card in game.assets(1).progress_cards], ["SMITH"])
        self.assertEqual(game.assets(2).victory_points, 1)
        self.assertEqual([game.assets(s).defender_points for s in range(4)], [0] * 4)

    def test_a_tie_with_a_full_hand(self) -> None:
        game, c = self.game, self.c
        knight(game, 1, c[2], 1)
        knight(game, 2, c[4], 1)
        for name in ("SPY", "SPY", "WARLORD", "WEDDING"):
            deal(game, 1, name)
        stack(game, Track.SCIENCE, "SMITH")
        self.attack()
        game.apply(1, choose("SCIENCE"))
        self.assertIn("progressLimit", game.prompts(1)[0])
        game.apply(1, choose(game.assets(1).progress_cards[0]))
        self.assertEqual(game.waiting(), [2])

    def test_empty_decks_are_not_offered(self) -> None:
        game, c = self.game, self.c
        knight(game, 1, c[2], 1)
        knight(game, 2, c[4], 1)
        game.state.decks[Track.SCIENCE].clear()
        self.attack()
        self.assertEqual(options(game, 1), ["POLITICS", "TRADE"])

    def test_nobody_defended_nothing(self) -> None:
        game = self.game
        self.attack()
        self.assertEqual([game.assets(s).defender_points for s in range(4)], [0] * 4)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_one_who_ties_leaves_when_asked(self) -> None:
        game, c = self.game, self.c
        pave(game, 1, c[2], c[3])
        knight(game, 1, c[2], 1)
        knight(game, 2, c[4], 1)
        give(game, 1, ore=1)
        self.attack()
        game.leave(1)
        self.assertEqual(game.waiting(), [2])
        game.apply(2, choose("TRADE"))
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])
