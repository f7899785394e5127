"""Knights: building, activating, promoting, moving, displacing, chasing the robber."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan.goods import Terrain
from gameserver.games.catan.model import Knight
from tests.games.catan.playing import (
    bare,
    build,
    choose,
    desert,
    field,
    found_city,
    give,
    hand,
    knight,
    options,
    outside,
    pave,
    refusal,
    ring,
    settle,
    turn_of,
    use,
)
from tests.typed import the


class KnightCase(SynchronousTestCase):
    """Player 0 has roads along the desert from corner 0 to corner 3."""

    def setUp(self) -> None:
        self.game = bare(3)
        self.c = ring(self.game, desert(self.game))
        pave(self.game, 0, *self.c[:4])


class TestBuilding(KnightCase):
    def test_basic_and_inactive_for_wool_and_ore(self) -> None:
        game, c = self.game, self.c
        give(game, 0, wool=1, ore=1)
        game.apply(0, build("Knight", c[1]))
        placed = the(c[1].knight)
        self.assertEqual((placed.level, placed.active, placed.user_assets), (1, False, game.assets(0)))
        self.assertEqual(hand(game, 0), {})

    def test_no_distance_rule(self) -> None:
        game, c = self.game, self.c
        settle(game, 1, c[2])
        give(game, 0, wool=1, ore=1)
        game.apply(0, build("Knight", c[1]))
        self.assertIsNotNone(c[1].knight)

    def test_where_not(self) -> None:
        game, c = self.game, self.c
        give(game, 0, wool=2, ore=2)
        settle(game, 1, c[2])
        knight(game, 1, c[1])
        for spot in (c[1], c[2]):
            self.assertEqual(refusal(game, 0, build("Knight", spot)), "build - a knight needs a free intersection")
        self.assertIn("at your own road", refusal(game, 0, build("Knight", c[4])))

    def test_two_of_a_level(self) -> None:
        game, c = self.game, self.c
        give(game, 0, wool=3, ore=3)
        game.apply(0, build("Knight", c[0]))
        game.apply(0, build("Knight", c[1]))
        self.assertIn("no basic knight left", refusal(game, 0, build("Knight", c[2])))
        the(c[0].knight).level = 2
        game.apply(0, build("Knight", c[2]))
        self.assertEqual(len(game.assets(0).knights), 3)

    def test_it_must_be_paid(self) -> None:
        text = refusal(self.game, 0, build("Knight", self.c[0]))
        self.assertEqual(text, "build - a Knight costs 1 WOOL, 1 ORE, which you do not have")


class TestActivating(KnightCase):
    def test_for_a_grain(self) -> None:
        game = self.game
        sleeper = knight(game, 0, self.c[0], active=False)
        order = Command("ACTIVATE_KNIGHT", {"id": sleeper.id})
        self.assertIn("costs 1 GRAIN", refusal(game, 0, order))
        give(game, 0, grain=2)
        game.apply(0, order)
        self.assertEqual((sleeper.active, hand(game, 0)), (True, {"grain": 1}))
        self.assertEqual(refusal(game, 0, order), "activateKnight - the knight is active already")

    def test_it_does_not_act_in_that_turn_but_in_the_next(self) -> None:
        game, c = self.game, self.c
        sleeper = knight(game, 0, c[0], active=False)
        give(game, 0, grain=1)
        game.apply(0, Command("ACTIVATE_KNIGHT", {"id": sleeper.id}))
        text = refusal(game, 0, use(sleeper, c[1]))
        self.assertEqual(text, "useKnight - a knight cannot act in the turn of its activation")
        turn_of(game, 0)
        game.apply(0, use(sleeper, c[1]))
        self.assertIs(c[1].knight, sleeper)

    def test_only_ones_own(self) -> None:
        game = self.game
        foreign = knight(game, 1, self.c[4], active=False)
        for name in (foreign.id, "Knight@0", self.c[0].id):
            text = refusal(game, 0, Command("ACTIVATE_KNIGHT", {"id": name}))
            self.assertEqual(text, "activateKnight - id must be a knight of your own")
        self.assertIn("The key id is missing.", refusal(game, 0, Command("ACTIVATE_KNIGHT")))


class TestPromoting(KnightCase):
    def promote(self, piece: Knight) -> Command:
        return Command("UPGRADE_KNIGHT", {"id": piece.id})

    def test_a_level_for_wool_and_ore_once_a_turn(self) -> None:
        game = self.game
        one = knight(game, 0, self.c[0], active=False)
        self.assertIn("costs 1 WOOL, 1 ORE", refusal(game, 0, self.promote(one)))
        give(game, 0, wool=2, ore=2)
        game.apply(0, self.promote(one))
        self.assertEqual((one.level, one.active, hand(game, 0)), (2, False, {"ore": 1, "wool": 1}))
        game.assets(0).politics = 3
        self.assertIn("at most once a turn", refusal(game, 0, self.promote(one)))
        turn_of(game, 0)
        game.apply(0, self.promote(one))
        self.assertEqual(one.level, 3)
        turn_of(game, 0)
        self.assertIn("mighty knight cannot be promoted", refusal(game, 0, self.promote(one)))

    def test_mighty_ones_need_the_fortress(self) -> None:
        game = self.game
        one = knight(game, 0, self.c[0], 2)
        give(game, 0, wool=1, ore=1)
        game.assets(0).politics = 2
        self.assertIn("need the Fortress, level 3 of POLITICS", refusal(game, 0, self.promote(one)))
        game.assets(0).politics = 3
        game.apply(0, self.promote(one))
        self.assertEqual((one.level, one.active), (3, True))

    def test_two_of_a_level(self) -> None:
        game, c = self.game, self.c
        knight(game, 0, c[1], 2)
        knight(game, 0, c[2], 2)
        one = knight(game, 0, c[0])
        give(game, 0, wool=1, ore=1)
        self.assertIn("no knight of level 2 left", refusal(game, 0, self.promote(one)))


class TestMoving(KnightCase):
    def test_along_ones_roads_and_then_inactive(self) -> None:
        game, c = self.game, self.c
        one = knight(game, 0, c[0], 2)
        game.apply(0, use(one, c[3]))
        self.assertEqual((one.intersection, one.active, one.level, c[0].knight), (c[3], False, 2, None))
        self.assertEqual(refusal(game, 0, use(one, c[2])), "useKnight - only an active knight can act")

    def test_reactivated_it_cannot_act_again(self) -> None:
        game, c = self.game, self.c
        one = knight(game, 0, c[0])
        game.apply(0, use(one, c[1]))
        give(game, 0, grain=1)
        game.apply(0, Command("ACTIVATE_KNIGHT", {"id": one.id}))
        self.assertIn("turn of its activation", refusal(game, 0, use(one, c[2])))

    def test_past_ones_own_pieces(self) -> None:
        game, c = self.game, self.c
        one = knight(game, 0, c[0])
        settle(game, 0, c[1])
        knight(game, 0, c[2])
        game.apply(0, use(one, c[3]))
        self.assertIs(one.intersection, c[3])

    def test_not_past_foreign_ones(self) -> None:
        game, c = self.game, self.c
        one = knight(game, 0, c[0])
        settle(game, 1, c[2])
        self.assertIn("foreign pieces bar the way", refusal(game, 0, use(one, c[3])))
        self.assertEqual(refusal(game, 0, use(one, c[2])), "useKnight - a building stands there")
        game.apply(0, use(one, c[1]))

    def test_not_where_no_road_leads_nor_on_ones_own(self) -> None:
        game, c = self.game, self.c
        one, _ = knight(game, 0, c[0]), knight(game, 0, c[1])
        self.assertIn("along your own roads", refusal(game, 0, use(one, c[4])))
        self.assertIn("along your own roads", refusal(game, 0, use(one, c[0])))
        self.assertEqual(refusal(game, 0, use(one, c[1])), "useKnight - a knight of your own stands there")

    def test_targets_are_the_robber_or_an_intersection(self) -> None:
        game = self.game
        one = knight(game, 0, self.c[0])
        text = refusal(game, 0, use(one, desert(game)))
        self.assertEqual(text, "useKnight - target must be the Robber or an Intersection")

    def test_a_moved_knight_opens_and_cuts_roads(self) -> None:
        game, c = self.game, self.c
        pave(game, 1, c[3], c[4], c[5])
        d = outside(game, desert(game), c[5])
        pave(game, 1, c[5], d)
        more = [other for _, other in game.state.board.steps[d] if other is not c[5]]
        pave(game, 1, d, more[0])
        far = [other for _, other in game.state.board.steps[more[0]] if other is not d]
        pave(game, 1, more[0], far[0])
        self.assertTrue(game.assets(1).longest_road)
        pave(game, 0, c[3], outside(game, desert(game), c[3]))
        pave(game, 0, c[5], c[0])
        one = knight(game, 0, c[0])
        # Corner 5 lies in the middle of the other's road.
        game.apply(0, use(one, c[5]))
        self.assertFalse(game.assets(1).longest_road)


class TestDisplacing(KnightCase):
    def test_a_weaker_knight_goes_where_its_owner_says(self) -> None:
        game, c = self.game, self.c
        mine, theirs = knight(game, 0, c[0], 2), knight(game, 1, c[2], 1)
        pave(game, 1, c[2], outside(game, desert(game), c[2]))
        d = outside(game, desert(game), c[2])
        more = [other for _, other in game.state.board.steps[d] if other is not c[2]]
        pave(game, 1, d, more[0])
        game.apply(0, use(mine, c[2]))
        self.assertIs(c[2].knight, mine)
        self.assertEqual(game.waiting(), [1])
        self.assertEqual(set(options(game, 1)), {d.id, more[0].id})
        self.assertIn("displaced", game.prompts(1)[0])
        game.apply(1, choose(more[0]))
        self.assertEqual((theirs.intersection, theirs.level, theirs.active), (more[0], 1, True))
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_with_one_place_it_is_not_asked(self) -> None:
        game, c = self.game, self.c
        mine, theirs = knight(game, 0, c[0], 2), knight(game, 1, c[2], 1, active=False)
        d = outside(game, desert(game), c[2])
        pave(game, 1, c[2], d)
        game.apply(0, use(mine, c[2]))
        self.assertEqual((theirs.intersection, theirs.active), (d, False))

    def test_without_a_place_it_goes_back_to_the_stock(self) -> None:
        game, c = self.game, self.c
        mine, theirs = knight(game, 0, c[0], 3), knight(game, 1, c[2], 2)
        game.apply(0, use(mine, c[2]))
        self.assertEqual((len(game.assets(1).knights), theirs.user_assets), (0, None))
        self.assertIs(c[2].knight, mine)

    def test_only_weaker_ones(self) -> None:
        game, c = self.game, self.c
        mine = knight(game, 0, c[0], 2)
        for level in (2, 3):
            theirs = knight(game, 1, c[2], level)
            text = refusal(game, 0, use(mine, c[2]))
            self.assertEqual(text, "useKnight - only a weaker knight can be displaced")
            theirs.intersection = None
            theirs.user_assets = None

    def test_an_inactive_foreign_knight_counts_by_its_level(self) -> None:
        game, c = self.game, self.c
        mine, _ = knight(game, 0, c[0], 1), knight(game, 1, c[2], 2, active=False)
        self.assertIn("only a weaker", refusal(game, 0, use(mine, c[2])))

    def test_its_owner_leaves_when_asked(self) -> None:
        game, c = self.game, self.c
        mine = knight(game, 0, c[0], 2)
        knight(game, 1, c[2], 1)
        d = outside(game, desert(game), c[2])
        pave(game, 1, c[2], d)
        pave(game, 1, d, next(other for _, other in game.state.board.steps[d] if other is not c[2]))
        game.apply(0, use(mine, c[2]))
        game.leave(1)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])


class TestChasing(KnightCase):
    def setUp(self) -> None:
        super().setUp()
        self.game.state.barbarian.attacks = 1

    def test_the_robber_goes_and_a_card_is_stolen(self) -> None:
        game, c = self.game, self.c
        one = knight(game, 0, c[0])
        hills = field(game, Terrain.HILL)
        spot = next(spot for spot in ring(game, hills) if spot not in c)
        settle(game, 1, spot)
        give(game, 1, ore=1)
        game.apply(0, use(one, the(game.root.robber)))
        self.assertNotIn(desert(game).id, options(game, 0))
        self.assertEqual(len(options(game, 0)), 18)
        self.assertFalse(one.active)
        game.apply(0, choose(hills))
        self.assertIs(the(game.root.robber).field, hills)
        self.assertEqual((hand(game, 0), hand(game, 1)), ({"ore": 1}, {}))

    def test_not_before_the_first_attack(self) -> None:
        game = self.game
        one = knight(game, 0, self.c[0])
        game.state.barbarian.attacks = 0
        self.assertIn("before the barbarians' first attack", refusal(game, 0, use(one, the(game.root.robber))))

    def test_not_from_elsewhere_nor_inactive(self) -> None:
        game, c = self.game, self.c
        d = outside(game, desert(game), c[0])
        pave(game, 0, c[0], d)
        far, asleep = knight(game, 0, d), knight(game, 0, c[0], active=False)
        self.assertIn("must stand at the robber's field", refusal(game, 0, use(far, the(game.root.robber))))
        self.assertIn("only an active knight", refusal(game, 0, use(asleep, the(game.root.robber))))

    def test_from_whom_is_asked_when_there_are_several(self) -> None:
        game, c = self.game, self.c
        one = knight(game, 0, c[0])
        hills = field(game, Terrain.HILL)
        spots = [spot for spot in ring(game, hills) if spot not in c]
        settle(game, 1, spots[0])
        found_city(game, 2, spots[2])
        give(game, 1, ore=1)
        give(game, 2, coin=1)
        game.apply(0, use(one, the(game.root.robber)))
        game.apply(0, choose(hills))
        self.assertEqual(options(game, 0), [game.assets(1).id, game.assets(2).id])
        game.apply(0, choose(game.assets(2)))
        self.assertEqual(hand(game, 0), {"coin": 1})
