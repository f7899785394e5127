"""The blue cards, one scenario or more each."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import Terrain, Track
from gameserver.games.catan.model import Knight
from tests.games.catan.playing import (
    END_PLAY,
    bare,
    border,
    build,
    card,
    choose,
    deal,
    desert,
    field,
    found_city,
    give,
    hand,
    knight,
    options,
    outside,
    pave,
    play,
    refusal,
    ring,
    roll,
    settle,
    stack,
)
from tests.typed import the


def refused(game: Catan, name: str) -> str:
    return refusal(game, 0, Command("PLAY", {"id": deal(game, 0, name).id}))


class TestBishop(SynchronousTestCase):
    def test_a_card_from_everybody_at_the_new_field(self) -> None:
        game = bare(4)
        game.state.barbarian.attacks = 1
        land = field(game, Terrain.HILL)
        c = ring(game, land)
        settle(game, 0, c[0])
        settle(game, 1, c[2])
        found_city(game, 2, c[4])
        give(game, 1, ore=1)
        give(game, 2, wool=1)
        give(game, 3, coin=1)
        play(game, 0, "BISHOP")
        self.assertNotIn(desert(game).id, options(game, 0))
        game.apply(0, choose(land))
        self.assertIs(the(game.root.robber).field, land)
        self.assertEqual(hand(game, 0), {"ore": 1, "wool": 1})
        self.assertEqual(hand(game, 3), {"coin": 1})

    def test_not_before_the_first_attack(self) -> None:
        self.assertIn("before the barbarians' first attack", refused(bare(2), "BISHOP"))


class TestConstitution(SynchronousTestCase):
    def test_a_point_at_once(self) -> None:
        game = bare(2)
        game.assets(0).politics = 2
        stack(game, Track.POLITICS, "CONSTITUTION")
        roll(game, 1, 3, "POLITICS")
        self.assertEqual([c.name for c in game.assets(0).victory_cards], ["CONSTITUTION"])
        self.assertEqual((game.assets(0).victory_points, game.assets(0).progress_card_count), (1, 0))


class TestDeserter(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(3)
        self.c = ring(self.game, desert(self.game))
        pave(self.game, 1, self.c[0], self.c[1], self.c[2])
        pave(self.game, 0, self.c[3], self.c[4])
        self.strong = knight(self.game, 1, self.c[0], 3)
        self.weak = knight(self.game, 1, self.c[1], 1, active=False)

    def desert_to(self, piece: Knight) -> None:
        game = self.game
        play(game, 0, "DESERTER")
        # Only one opponent has knights, so he is not asked for.
        self.assertEqual(options(game, 1), [self.strong.id, self.weak.id])
        game.apply(1, choose(piece))

    def test_the_owner_chooses_and_the_player_places_its_like(self) -> None:
        game, c = self.game, self.c
        self.desert_to(self.strong)
        self.assertIsNone(c[0].knight)
        self.assertEqual(set(options(game, 0)), {c[3].id, c[4].id})
        game.apply(0, choose(c[4]))
        placed = the(c[4].knight)
        # A mighty one without the Fortress, and as active as it was.
        self.assertEqual((placed.user_assets, placed.level, placed.active), (game.assets(0), 3, True))
        self.assertEqual(list(game.assets(1).knights), [self.weak])

    def test_inactive_stays_inactive(self) -> None:
        self.desert_to(self.weak)
        self.game.apply(0, choose(self.c[3]))
        self.assertEqual((the(self.c[3].knight).level, the(self.c[3].knight).active), (1, False))

    def test_a_weaker_one_when_none_of_the_level_is_left(self) -> None:
        game = self.game
        far = [spot for spot in game.state.board.intersections if spot not in self.c]
        knight(game, 0, far[0], 3)
        knight(game, 0, far[1], 3)
        self.desert_to(self.strong)
        self.assertIn("your knight of level 2", game.prompts(0)[0])
        game.apply(0, choose(self.c[3]))
        self.assertEqual(the(self.c[3].knight).level, 2)

    def test_it_need_not_be_placed(self) -> None:
        self.desert_to(self.weak)
        self.game.apply(0, END_PLAY)
        self.assertEqual(len(self.game.assets(0).knights), 0)
        self.assertEqual(list(self.game.prompts(0)), ["OK - endTurn"])

    def test_without_a_place_it_only_goes(self) -> None:
        game = self.game
        for road in game.assets(0).roads:
            road.border = None
            road.user_assets = None
        self.desert_to(self.weak)
        self.assertEqual((len(game.assets(0).knights), list(game.prompts(0))), (0, ["OK - endTurn"]))

    def test_no_stock_at_all(self) -> None:
        game = self.game
        far = [spot for spot in game.state.board.intersections if spot not in self.c]
        knight(game, 0, far[0])
        knight(game, 0, far[1])
        self.desert_to(self.weak)
        self.assertEqual((len(game.assets(0).knights), list(game.prompts(0))), (2, ["OK - endTurn"]))

    def test_several_opponents_have_knights(self) -> None:
        game = self.game
        knight(game, 2, self.c[5])
        play(game, 0, "DESERTER")
        self.assertEqual(options(game, 0), [game.assets(1).id, game.assets(2).id])
        game.apply(0, choose(game.assets(2)))
        self.assertEqual(len(game.assets(2).knights), 0)

    def test_nobody_has_a_knight(self) -> None:
        self.assertIn("no opponent has a knight", refused(bare(2), "DESERTER"))

    def test_the_victim_leaves_when_asked(self) -> None:
        game = self.game
        play(game, 0, "DESERTER")
        game.leave(1)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])
        self.assertIsNone(self.c[0].knight)

    def test_the_player_leaves_meanwhile(self) -> None:
        game = self.game
        play(game, 0, "DESERTER")
        game.leave(0)
        self.assertEqual(list(game.prompts(1)), ["OK - rollDies"])
        self.assertEqual(len(game.assets(1).knights), 2)


class TestDiplomat(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        settle(self.game, 0, self.c[0])
        settle(self.game, 1, self.c[3])
        self.mine = pave(self.game, 0, self.c[0], self.c[1], self.c[2])
        self.theirs = pave(self.game, 1, self.c[3], self.c[4])

    def test_a_foreign_open_road_goes(self) -> None:
        game = self.game
        play(game, 0, "DIPLOMAT")
        # The last road of a way is open, the first one is held by the settlement.
        self.assertEqual(options(game, 0), [self.mine[1].id, self.theirs[0].id])
        game.apply(0, choose(self.theirs[0]))
        self.assertEqual((len(game.assets(1).roads), list(game.prompts(0))), (0, ["OK - endTurn"]))

    def test_ones_own_may_be_built_anew(self) -> None:
        game, c = self.game, self.c
        play(game, 0, "DIPLOMAT")
        game.apply(0, choose(self.mine[1]))
        self.assertEqual(len(game.assets(0).roads), 1)
        game.apply(0, build("Road", border(game, c[0], c[5])))
        self.assertEqual((len(game.assets(0).roads), hand(game, 0)), (2, {}))

    def test_or_not(self) -> None:
        game = self.game
        play(game, 0, "DIPLOMAT")
        game.apply(0, choose(self.mine[1]))
        game.apply(0, END_PLAY)
        self.assertEqual(len(game.assets(0).roads), 1)

    def test_a_knight_holds_a_road(self) -> None:
        game = self.game
        knight(game, 1, self.c[4])
        knight(game, 0, self.c[2])
        self.assertIn("no open road", refused(game, "DIPLOMAT"))

    def test_the_longest_road_is_looked_for_afterwards_only(self) -> None:
        game, c = self.game, self.c
        d = [outside(game, desert(game), corner) for corner in c]
        pave(game, 0, c[2], d[2])
        pave(game, 0, c[0], d[0])
        pave(game, 0, d[2], next(o for _, o in game.state.board.steps[d[2]] if o not in c))
        self.assertTrue(game.assets(0).longest_road)
        last = game.assets(0).roads[-1]
        play(game, 0, "DIPLOMAT")
        game.apply(0, choose(last))
        # The road is in the air: it may come back.
        self.assertTrue(game.assets(0).longest_road)
        game.apply(0, END_PLAY)
        self.assertFalse(game.assets(0).longest_road)


class TestIntrigue(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        pave(self.game, 0, self.c[0], self.c[1])
        self.driven = knight(self.game, 1, self.c[1], 3)

    def test_its_owner_moves_it(self) -> None:
        game, c = self.game, self.c
        pave(game, 1, c[1], c[2], c[3])
        play(game, 0, "INTRIGUE")
        game.apply(0, choose(self.driven))
        self.assertEqual(set(options(game, 1)), {c[2].id, c[3].id})
        self.assertIn("wait for player1", refusal(game, 0, Command("END_TURN")))
        game.apply(1, choose(c[3]))
        self.assertEqual((self.driven.intersection, self.driven.level, self.driven.active), (c[3], 3, True))

    def test_without_a_place_it_is_lost(self) -> None:
        play(self.game, 0, "INTRIGUE")
        self.game.apply(0, choose(self.driven))
        self.assertEqual((len(self.game.assets(1).knights), self.c[1].knight), (0, None))

    def test_only_knights_at_ones_own_roads(self) -> None:
        game = self.game
        other = knight(game, 1, self.c[4])
        one = knight(game, 1, self.c[0])
        play(game, 0, "INTRIGUE")
        self.assertEqual(set(options(game, 0)), {self.driven.id, one.id})
        self.assertIn("id must be one of", refusal(game, 0, choose(other)))

    def test_no_knight_there(self) -> None:
        self.assertIn("no opponent's knight stands at a road", refused(bare(2), "INTRIGUE"))


class TestSaboteur(SynchronousTestCase):
    def test_half_of_who_has_as_many_points(self) -> None:
        game = bare(4)
        c = ring(game, desert(game))
        settle(game, 0, c[0])
        settle(game, 1, c[2])
        found_city(game, 2, c[4])
        give(game, 1, ore=5)
        give(game, 2, wool=3, coin=1)
        give(game, 3, brick=9)
        play(game, 0, "SABOTEUR")
        self.assertEqual(sorted(game.waiting()), [1, 2])
        for seat in (1, 2, 2, 1):
            game.apply(seat, choose(options(game, seat)[0]))
        self.assertEqual([game.assets(seat).card_count for seat in range(4)], [0, 3, 2, 9])
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_nobody_to_sabotage(self) -> None:
        game = bare(2)
        settle(game, 0, ring(game, desert(game))[0])
        give(game, 1, ore=9)
        self.assertIn("nobody with as many victory points", refused(game, "SABOTEUR"))


class TestSpy(SynchronousTestCase):
    def test_one_card_by_sight(self) -> None:
        game = bare(3)
        deal(game, 1, "SMITH")
        deal(game, 1, "BISHOP")
        deal(game, 2, "CRANE")
        play(game, 0, "SPY")
        self.assertEqual(options(game, 0), [game.assets(1).id, game.assets(2).id])
        game.apply(0, choose(game.assets(1)))
        shown = {copy.name: copy for copy in game.assets(0).revealed_progress_cards}
        self.assertEqual(set(shown), {"SMITH", "BISHOP"})
        game.apply(0, choose(shown["SMITH"]))
        self.assertEqual([c.name for c in game.assets(0).progress_cards], ["SMITH"])
        self.assertEqual([c.name for c in game.assets(1).progress_cards], ["BISHOP"])
        self.assertEqual(len(game.assets(0).revealed_progress_cards), 0)

    def test_even_a_single_card_is_asked_for(self) -> None:
        game = bare(2)
        deal(game, 1, "CRANE")
        play(game, 0, "SPY")
        self.assertEqual(len(options(game, 0)), 1)

    def test_the_hand_limit_holds(self) -> None:
        game = bare(2)
        for name in ("SMITH", "CRANE", "MINING", "INVENTOR"):
            deal(game, 0, name)
        deal(game, 1, "MERCHANT")
        play(game, 0, "SPY")
        game.apply(0, choose(options(game, 0)[0]))
        self.assertIn("you may keep 4", game.prompts(0)[0])
        game.apply(0, choose(options(game, 0)[0]))
        self.assertEqual(game.assets(0).progress_card_count, 4)

    def test_nobody_has_a_card(self) -> None:
        self.assertIn("no opponent holds a progress card", refused(bare(2), "SPY"))

    def test_the_victim_leaves(self) -> None:
        game = bare(3)
        deal(game, 1, "SMITH")
        play(game, 0, "SPY")
        game.leave(1)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])
        self.assertEqual(len(game.assets(0).revealed_progress_cards), 0)
        self.assertEqual(game.state.decks[Track.SCIENCE][-1], "SMITH")


class TestWarlord(SynchronousTestCase):
    def test_all_knights_wake_for_nothing(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        pave(game, 0, c[0], c[1], c[2])
        one, two = knight(game, 0, c[0], active=False), knight(game, 0, c[1], 2, active=False)
        play(game, 0, "WARLORD")
        self.assertEqual([one.active, two.active], [True, True])
        # They act from the next turn on.
        move = Command("USE_KNIGHT", {"id": two.id, "target": c[2].id})
        self.assertIn("turn of its activation", refusal(game, 0, move))
        self.assertIn("no inactive knight", refused(game, "WARLORD"))


class TestWedding(SynchronousTestCase):
    def test_two_cards_from_everybody_with_more_points(self) -> None:
        game = bare(4)
        c = ring(game, desert(game))
        settle(game, 0, c[0])
        found_city(game, 1, c[2])
        found_city(game, 2, c[4])
        give(game, 1, ore=2, coin=1)
        give(game, 2, wool=1)
        give(game, 3, brick=5)
        play(game, 0, "WEDDING")
        self.assertEqual(sorted(game.waiting()), [1, 2])
        self.assertIn("cards to give to player0: 2", game.prompts(1)[0])
        game.apply(1, choose(card(game, 1, "coin")))
        game.apply(2, choose(card(game, 2, "wool")))
        game.apply(1, choose(card(game, 1, "ore")))
        self.assertEqual(hand(game, 0), {"coin": 1, "ore": 1, "wool": 1})
        self.assertEqual((hand(game, 1), hand(game, 3)), ({"ore": 1}, {"brick": 5}))

    def test_no_guests(self) -> None:
        self.assertIn("nobody with more victory points", refused(bare(2), "WEDDING"))

    def test_without_the_couple_nothing_is_given(self) -> None:
        game = bare(3)
        found_city(game, 1, ring(game, desert(game))[0])
        give(game, 1, ore=2)
        play(game, 0, "WEDDING")
        game.leave(0)
        self.assertEqual((hand(game, 1), list(game.prompts(1))), ({"ore": 2}, ["OK - rollDies"]))
