"""The roll: who earns what, the bank's limits, the Aqueduct; the 7, discarding, the robber."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan.goods import Terrain
from gameserver.games.catan.model import Phase
from tests.games.catan.playing import (
    END,
    ROLL,
    bare,
    choose,
    desert,
    field,
    found_city,
    give,
    hand,
    load,
    options,
    refusal,
    ring,
    roll,
    settle,
)
from tests.typed import the


class TestProduction(SynchronousTestCase):
    def test_settlements_and_cities_on_every_terrain(self) -> None:
        earned = {
            Terrain.FOREST: ({"lumber": 1}, {"lumber": 1, "paper": 1}),
            Terrain.PASTURE: ({"wool": 1}, {"cloth": 1, "wool": 1}),
            Terrain.MOUNTAIN: ({"ore": 1}, {"coin": 1, "ore": 1}),
            Terrain.HILL: ({"brick": 1}, {"brick": 2}),
            Terrain.FIELD: ({"grain": 1}, {"grain": 2}),
        }
        for terrain, (one, two) in earned.items():
            game = bare(2)
            c = ring(game, field(game, terrain, 11))
            settle(game, 0, c[0])
            found_city(game, 1, c[3])
            roll(game, 5, 6)
            self.assertEqual((hand(game, 0), hand(game, 1)), (one, two), terrain)
            self.assertEqual(game.assets(1).card_count, 2)

    def test_each_building_and_each_field(self) -> None:
        game = bare(2)
        c = ring(game, field(game, Terrain.FOREST, 11))
        for spot in (c[0], c[2], c[4]):
            settle(game, 0, spot)
        roll(game, 6, 5)
        self.assertEqual(hand(game, 0), {"lumber": 3})

    def test_not_under_the_robber(self) -> None:
        game = bare(2)
        land = field(game, Terrain.FOREST, 11)
        settle(game, 0, ring(game, land)[0])
        the(game.root.robber).field = land
        roll(game, 6, 5)
        self.assertEqual(hand(game, 0), {})

    def test_the_bank_cannot_pay_several(self) -> None:
        game = bare(3)
        c = ring(game, field(game, Terrain.FOREST, 11))
        found_city(game, 0, c[0])
        settle(game, 1, c[2])
        give(game, 2, lumber=18)
        roll(game, 6, 5)
        # One lumber for two claims: nobody gets lumber, the paper is paid.
        self.assertEqual((hand(game, 0), hand(game, 1)), ({"paper": 1}, {}))

    def test_the_bank_pays_the_rest_to_one(self) -> None:
        game = bare(3)
        c = ring(game, field(game, Terrain.HILL, 11))
        found_city(game, 0, c[0])
        give(game, 2, brick=18)
        roll(game, 6, 5)
        self.assertEqual(hand(game, 0), {"brick": 1})

    def test_the_bank_has_nothing(self) -> None:
        game = bare(2)
        settle(game, 0, ring(game, field(game, Terrain.HILL, 11))[0])
        give(game, 1, brick=19)
        roll(game, 6, 5)
        self.assertEqual(hand(game, 0), {})


class TestAqueduct(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        self.game.assets(1).science = 3

    def test_a_roll_that_brings_nothing(self) -> None:
        game = self.game
        roll(game, 1, 1)
        self.assertEqual(options(game, 1), ["BRICK", "GRAIN", "LUMBER", "ORE", "WOOL"])
        game.apply(1, choose("ORE"))
        self.assertEqual((hand(game, 1), hand(game, 0)), ({"ore": 1}, {}))

    def test_not_when_it_brings_something(self) -> None:
        game = self.game
        settle(game, 1, ring(game, field(game, Terrain.HILL, 11))[0])
        roll(game, 6, 5)
        self.assertEqual((hand(game, 1), game.waiting()), ({"brick": 1}, [0]))

    def test_not_on_a_seven_nor_below_the_level(self) -> None:
        game = self.game
        roll(game, 3, 4)
        self.assertEqual(game.waiting(), [0])
        game.assets(1).science = 2
        roll(game, 1, 1)
        self.assertEqual(game.waiting(), [0])

    def test_what_the_bank_lacks_is_not_offered(self) -> None:
        game = self.game
        give(game, 0, ore=19)
        roll(game, 1, 1)
        self.assertEqual(options(game, 1), ["BRICK", "GRAIN", "LUMBER", "WOOL"])


class TestSeven(SynchronousTestCase):
    def test_half_from_eight_cards_on(self) -> None:
        game = bare(3)
        give(game, 0, ore=7)
        give(game, 1, ore=5, coin=4)
        roll(game, 3, 4)
        self.assertEqual(game.waiting(), [1])
        self.assertIn("discard - cards to give back: 4", game.prompts(1)[0])
        for _ in range(4):
            coin = next(held.id for held in game.assets(1).cards if held.type == "COIN")
            game.apply(1, choose(coin))
        self.assertEqual((hand(game, 0), hand(game, 1)), ({"ore": 7}, {"ore": 5}))
        # Before the first attack that is all.
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_walls_protect_two_cards_each(self) -> None:
        for walls, held, asked in ((1, 9, False), (1, 10, True), (3, 13, False), (3, 14, True)):
            game = bare(2)
            c = ring(game, desert(game))
            for index in range(3):
                found_city(game, 1, c[2 * index], wall=index < walls)
            give(game, 1, ore=held)
            roll(game, 3, 4)
            self.assertEqual(1 in game.waiting(), asked, (walls, held))

    def test_progress_cards_do_not_count_and_several_discard_at_once(self) -> None:
        game = bare(3)
        for seat in range(3):
            give(game, seat, wool=5, coin=3)
        roll(game, 3, 4)
        self.assertEqual(sorted(game.waiting()), [0, 1, 2])
        for _ in range(4):
            for seat in range(3):
                game.apply(seat, choose(options(game, seat)[0]))
        self.assertEqual([game.assets(seat).card_count for seat in range(3)], [4, 4, 4])

    def test_one_discards_ones_own_cards_only(self) -> None:
        game = bare(2)
        give(game, 0, ore=8)
        give(game, 1, ore=8)
        roll(game, 3, 4)
        foreign = game.assets(0).cards[0]
        text = refusal(game, 1, choose(foreign))
        self.assertIn("id must be one of", text)
        self.assertNotIn(foreign.id, text)


class TestRobber(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(3)
        self.game.state.barbarian.attacks = 1
        self.hills = field(self.game, Terrain.HILL)
        self.c = ring(self.game, self.hills)

    def test_moved_by_the_player_on_turn(self) -> None:
        game = self.game
        roll(game, 3, 4)
        self.assertEqual(len(options(game, 0)), 18)
        self.assertNotIn(desert(game).id, options(game, 0))
        sea = next(place for place in game.state.board.fields if not place.land)
        self.assertIn("id must be one of", refusal(game, 0, choose(sea)))
        game.apply(0, choose(self.hills))
        self.assertIs(the(game.root.robber).field, self.hills)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_after_everybody_has_discarded(self) -> None:
        game = self.game
        give(game, 2, ore=8)
        roll(game, 3, 4)
        self.assertEqual(game.waiting(), [2])
        for _ in range(4):
            game.apply(2, choose(options(game, 2)[0]))
        self.assertIn("moveRobber", game.prompts(0)[0])

    def test_steals_one_card_by_chance(self) -> None:
        game = self.game
        settle(game, 1, self.c[0])
        give(game, 1, ore=1, coin=1, wool=1)
        roll(game, 3, 4)
        load(game, 1)
        game.apply(0, choose(self.hills))
        stolen = game.assets(0).cards[0].type
        self.assertEqual((game.assets(0).card_count, game.assets(1).card_count), (1, 2))
        self.assertNotIn(stolen, [held.type for held in game.assets(1).cards])

    def test_only_from_opponents_there_who_hold_cards(self) -> None:
        game = self.game
        settle(game, 0, self.c[4])
        settle(game, 1, self.c[0])
        settle(game, 2, self.c[2])
        give(game, 0, ore=1)
        give(game, 2, wool=1)
        roll(game, 3, 4)
        game.apply(0, choose(self.hills))
        # Player 1 has no card: there is nobody to choose from but player 2.
        self.assertEqual(hand(game, 0), {"ore": 1, "wool": 1})

    def test_the_victim_leaves_while_being_chosen(self) -> None:
        game = self.game
        settle(game, 1, self.c[0])
        settle(game, 2, self.c[2])
        give(game, 1, ore=1)
        give(game, 2, wool=1)
        roll(game, 3, 4)
        game.apply(0, choose(self.hills))
        self.assertEqual(len(options(game, 0)), 2)
        game.leave(2)
        self.assertEqual(options(game, 0), [game.assets(1).id])
        game.apply(0, choose(game.assets(1)))
        self.assertEqual(hand(game, 0), {"ore": 1})


class TestOrderOfATurn(SynchronousTestCase):
    def test_dice_first_and_once(self) -> None:
        game = bare(2)
        self.assertEqual(refusal(game, 0, ROLL), "rollDies - the dice are rolled once a turn")
        game.apply(0, END)
        self.assertEqual((game.turn, game.root.phase), (1, Phase.ROLLING))
        self.assertEqual(refusal(game, 1, END), "endTurn - roll the dice first, with ROLL_DIES")
        self.assertEqual(refusal(game, 0, ROLL), "rollDies - It is the turn of player1.")

    def test_dice_show_nothing_until_rolled(self) -> None:
        game = bare(2)
        roll(game, 2, 3, "SCIENCE")
        self.assertEqual((game.root.yellow_die, game.root.red_die, game.root.event_die), (2, 3, "SCIENCE"))
        game.apply(0, END)
        self.assertEqual((game.root.yellow_die, game.root.red_die, game.root.event_die), (0, 0, None))

    def test_rounds(self) -> None:
        game = bare(3)
        rounds = []
        for _ in range(6):
            rounds.append((game.root.round, game.turn))
            game.apply(the(game.turn), END)
            game.root.phase = Phase.ACTING
        self.assertEqual(rounds, [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)])

    def test_every_face_of_every_die_comes_up(self) -> None:
        game = bare(2)
        seen = set()
        for _ in range(300):
            game.root.phase = Phase.ROLLING
            game.root.yellow_die = game.root.red_die = 0
            the(game.root.barbarian).position = the(game.root.barbarian).attacks = 0
            game.apply(0, ROLL)
            seen.update({("y", game.root.yellow_die), ("r", game.root.red_die), ("e", game.root.event_die)})
        self.assertEqual(len(seen), 6 + 6 + 4)

    def test_answers_nobody_asked_for(self) -> None:
        game = bare(2)
        self.assertEqual(refusal(game, 0, choose("x")), "choose - nothing is to be chosen now")
        self.assertEqual(refusal(game, 0, Command("END_PLAY")), "endPlay - no card is being played")
