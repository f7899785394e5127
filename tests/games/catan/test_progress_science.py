"""The green cards, one scenario or more each."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan import building
from gameserver.games.catan.decks import COUNTS
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import Terrain, Track
from gameserver.games.catan.model import Phase, ProgressCard
from tests.games.catan.playing import (
    END_PLAY,
    ROLL,
    bare,
    border,
    build,
    choose,
    deal,
    desert,
    field,
    found_city,
    give,
    hand,
    heard,
    knight,
    load,
    options,
    pave,
    play,
    refusal,
    ring,
    roll,
    settle,
    stack,
)


def refused(game: Catan, name: str, seat: int = 0) -> str:
    return refusal(game, seat, Command("PLAY", {"id": deal(game, seat, name).id}))


class TestAlchemist(SynchronousTestCase):
    def test_both_dice_are_chosen_and_the_event_is_rolled(self) -> None:
        game = bare(2)
        land = field(game, Terrain.FOREST, 11)
        settle(game, 0, ring(game, land)[0])
        game.root.phase = Phase.ROLLING
        play(game, 0, "ALCHEMIST")
        self.assertEqual(options(game, 0), ["1", "2", "3", "4", "5", "6"])
        game.apply(0, choose("6"))
        self.assertIn("id must be one of 1, 2", refusal(game, 0, choose("7")))
        game.apply(0, choose("5"))
        self.assertEqual((game.root.yellow_die, game.root.red_die), (6, 5))
        self.assertEqual(list(game.prompts(0)), ["OK - rollDies"])
        self.assertIn("chosen already", refused(game, "ALCHEMIST"))
        load(game, 0)
        game.apply(0, ROLL)
        self.assertEqual((game.root.yellow_die, game.root.red_die, game.root.event_die), (6, 5, "SHIP"))
        self.assertEqual(hand(game, 0)["lumber"], 1)

    def test_before_the_roll_and_nothing_else_is(self) -> None:
        game = bare(2)
        self.assertEqual(refused(game, "ALCHEMIST"), "play - ALCHEMIST is played before the dice are rolled")
        game.root.phase = Phase.ROLLING
        self.assertEqual(refused(game, "MINING"), "play - MINING is played after the dice are rolled")


class TestCrane(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        found_city(self.game, 0, ring(self.game, desert(self.game))[0])

    def test_one_commodity_less(self) -> None:
        game = self.game
        game.assets(0).trade = 2
        give(game, 0, cloth=2)
        play(game, 0, "CRANE")
        # The first level of the other tracks is free.
        self.assertEqual(options(game, 0), ["POLITICS", "SCIENCE", "TRADE"])
        self.assertEqual(game.prompts(0)[1], "OK - upgradeProgress(type)")
        game.apply(0, Command("UPGRADE_PROGRESS", {"type": "TRADE"}))
        self.assertEqual((game.assets(0).trade, hand(game, 0)), (3, {}))

    def test_by_choose_as_well_and_only_what_can_be_paid(self) -> None:
        game = self.game
        game.assets(0).politics = 1
        play(game, 0, "CRANE")
        self.assertEqual(options(game, 0), ["SCIENCE", "TRADE"])
        text = refusal(game, 0, Command("UPGRADE_PROGRESS", {"type": "POLITICS"}))
        self.assertEqual(text, "upgradeProgress - type must be one of SCIENCE, TRADE")
        game.apply(0, choose("SCIENCE"))
        self.assertEqual(game.assets(0).science, 1)

    def test_may_be_ended(self) -> None:
        game = self.game
        play(game, 0, "CRANE")
        self.assertTrue(game.prompts(0)[0].endswith("or END_PLAY"))
        game.apply(0, END_PLAY)
        self.assertEqual((game.assets(0).trade, len(game.assets(0).progress_cards)), (0, 0))

    def test_without_a_city(self) -> None:
        self.assertIn("cannot pay for any improvement", refused(bare(2), "CRANE"))


class TestEngineer(SynchronousTestCase):
    def test_a_free_wall(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        one, two = found_city(game, 0, c[0]), found_city(game, 0, c[2])
        found_city(game, 0, c[4], wall=True)
        play(game, 0, "ENGINEER")
        self.assertEqual(options(game, 0), [one.id, two.id])
        game.apply(0, choose(two))
        self.assertIsNotNone(two.city_wall)
        self.assertEqual(len(game.assets(0).city_walls), 2)

    def test_no_city(self) -> None:
        self.assertIn("no city without a wall", refused(bare(2), "ENGINEER"))

    def test_no_wall_left(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        for spot in (c[0], c[2], c[4]):
            found_city(game, 0, spot, wall=True)
        land = next(land for land in game.state.board.land if not any(s.building for s in ring(game, land)))
        found_city(game, 0, ring(game, land)[0])
        self.assertIn("no wall left", refused(game, "ENGINEER"))


class TestInventor(SynchronousTestCase):
    def test_two_tokens_change_places(self) -> None:
        game = bare(2)
        play(game, 0, "INVENTOR")
        movable = [land for land in game.state.board.land if land.number not in (None, 2, 6, 8, 12)]
        self.assertEqual(options(game, 0), [land.id for land in movable])
        one = movable[0]
        two = next(land for land in movable if land.number != one.number)
        numbers = one.number, two.number
        game.apply(0, choose(one))
        self.assertNotIn(one.id, options(game, 0))
        game.apply(0, choose(two))
        self.assertEqual((two.number, one.number), numbers)

    def test_nothing_to_swap(self) -> None:
        game = bare(2)
        for land in game.state.board.land:
            land.number = 6 if land.resource else None
        self.assertIn("no two number tokens", refused(game, "INVENTOR"))


class TestHarvests(SynchronousTestCase):
    def test_irrigation(self) -> None:
        game = bare(2)
        c = ring(game, field(game, Terrain.FIELD))
        settle(game, 0, c[0])
        found_city(game, 0, c[2])
        fields = {land for spot in (c[0], c[2]) for land in game.state.board.lands_at[spot]}
        count = sum(land.type is Terrain.FIELD for land in fields)
        play(game, 0, "IRRIGATION")
        self.assertEqual(hand(game, 0), {"grain": 2 * count})
        self.assertIn("no building at a FIELD", refused(bare(2), "IRRIGATION"))

    def test_mining(self) -> None:
        game = bare(2)
        settle(game, 0, ring(game, field(game, Terrain.MOUNTAIN))[1])
        play(game, 0, "MINING")
        self.assertEqual(hand(game, 0), {"ore": 2})
        self.assertIn("no building at a MOUNTAIN", refused(bare(2), "MINING"))

    def test_as_far_as_the_bank_goes(self) -> None:
        game = bare(2)
        settle(game, 0, ring(game, field(game, Terrain.MOUNTAIN))[1])
        give(game, 1, ore=18)
        play(game, 0, "MINING")
        self.assertEqual(hand(game, 0), {"ore": 1})


class TestMedicine(SynchronousTestCase):
    def test_a_city_for_two_ore_and_a_grain(self) -> None:
        game = bare(2)
        c = ring(game, desert(game))
        settle(game, 0, c[0])
        other = settle(game, 0, c[2])
        give(game, 0, ore=2, grain=1)
        play(game, 0, "MEDICINE")
        game.apply(0, choose(other))
        self.assertEqual(hand(game, 0), {})
        self.assertEqual([type(c[i].building).__name__ for i in (0, 2)], ["Settlement", "City"])

    def test_what_it_needs(self) -> None:
        game = bare(2)
        self.assertIn("no settlement, or no city left", refused(game, "MEDICINE"))
        settle(game, 0, ring(game, desert(game))[0])
        self.assertIn("costs 1 GRAIN, 2 ORE", refused(game, "MEDICINE"))


class TestPrinter(SynchronousTestCase):
    def test_a_point_at_once_and_not_in_the_hand(self) -> None:
        game = bare(2)
        game.assets(1).science = 1
        stack(game, Track.SCIENCE, "PRINTER")
        roll(game, 1, 2, "SCIENCE")
        shown = list(game.assets(1).victory_cards)
        self.assertEqual([(c.name, c.category, c.seat) for c in shown], [("PRINTER", "SCIENCE", None)])
        self.assertEqual((game.assets(1).victory_points, game.assets(1).progress_card_count), (1, 0))


class TestRoadBuilding(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        settle(self.game, 0, self.c[0])

    def test_two_free_roads(self) -> None:
        game, c = self.game, self.c
        play(game, 0, "ROAD_BUILDING")
        self.assertEqual(game.prompts(0)[1], "OK - build(Road)")
        self.assertEqual(len(options(game, 0)), 3)
        game.apply(0, build("Road", border(game, c[0], c[1])))
        self.assertEqual(len(options(game, 0)), 4)
        game.apply(0, choose(border(game, c[1], c[2])))
        self.assertEqual((len(game.assets(0).roads), list(game.prompts(0))), (2, ["OK - endTurn"]))

    def test_one_and_end_play(self) -> None:
        game, c = self.game, self.c
        play(game, 0, "ROAD_BUILDING")
        text = refusal(game, 0, build("Road", border(game, c[2], c[3])))
        self.assertIn("destination must be one of", text)
        self.assertIn("type must be Road now", refusal(game, 0, build("Settlement", c[2])))
        self.assertEqual(refusal(game, 0, Command("END_TURN")), "endTurn - first answer build(Road), or END_PLAY")
        game.apply(0, build("Road", border(game, c[0], c[1])))
        game.apply(0, END_PLAY)
        self.assertEqual(len(game.assets(0).roads), 1)

    def test_only_one_road_left(self) -> None:
        game = self.game
        lay_anywhere(game, 0, 14)
        play(game, 0, "ROAD_BUILDING")
        game.apply(0, choose(options(game, 0)[0]))
        self.assertEqual((len(game.assets(0).roads), list(game.prompts(0))), (15, ["OK - endTurn"]))
        self.assertIn("no road left", refused(game, "ROAD_BUILDING"))


def lay_anywhere(game: Catan, seat: int, count: int) -> None:
    """Put down roads that nothing starts from, far from the desert."""
    far = [b for b in game.state.board.borders if not any(b in c.borders for c in ring(game, desert(game)))]
    for place in far[:count]:
        building.build(game.state, game.assets(seat), "Road", place)


class TestSmith(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        pave(self.game, 0, *self.c)
        self.one, self.two = knight(self.game, 0, self.c[0]), knight(self.game, 0, self.c[1], active=False)

    def test_two_knights(self) -> None:
        game = self.game
        play(game, 0, "SMITH")
        self.assertEqual(game.prompts(0)[1], "OK - upgradeKnight(id)")
        game.apply(0, Command("UPGRADE_KNIGHT", {"id": self.one.id}))
        self.assertEqual(options(game, 0), [self.two.id])
        game.apply(0, choose(self.two))
        self.assertEqual([(k.level, k.active) for k in (self.one, self.two)], [(2, True), (2, False)])
        self.assertEqual(hand(game, 0), {})

    def test_one_is_enough(self) -> None:
        game = self.game
        play(game, 0, "SMITH")
        game.apply(0, choose(self.one))
        game.apply(0, END_PLAY)
        self.assertEqual([self.one.level, self.two.level], [2, 1])

    def test_nobody_can_be_promoted(self) -> None:
        game = self.game
        self.one.level = self.two.level = 2
        # Mighty knights need the Fortress, here too.
        self.assertIn("no knight that can be promoted", refused(game, "SMITH"))
        game.assets(0).politics = 3
        play(game, 0, "SMITH")
        game.apply(0, choose(self.one))
        self.assertEqual(self.one.level, 3)


class TestDrawing(SynchronousTestCase):
    def test_red_die_against_the_level(self) -> None:
        for level in range(6):
            for red in range(1, 7):
                game = bare(2)
                game.assets(1).trade = level
                stack(game, Track.TRADE, "MERCHANT")
                yellow = 1 if red != 6 else 2
                roll(game, yellow, red, "TRADE")
                drawn = level >= 1 and red <= level + 1
                self.assertEqual(game.assets(1).progress_card_count, int(drawn), (level, red))

    def test_other_tracks_draw_nothing(self) -> None:
        game = bare(2)
        game.assets(0).science = game.assets(0).politics = 5
        roll(game, 1, 1, "TRADE")
        self.assertEqual(game.assets(0).progress_card_count, 0)

    def test_the_player_on_turn_draws_first_and_also_on_a_seven(self) -> None:
        game = bare(3)
        for seat in range(3):
            game.assets(seat).trade = 1
        game.state.start_turn(game.assets(1))
        game.root.phase = Phase.ROLLING
        top = list(game.state.decks[Track.TRADE])[:3]
        roll(game, 6, 1, "TRADE")
        self.assertEqual([game.assets(s).progress_cards[0].name for s in (1, 2, 0)], top)

    def test_an_empty_deck(self) -> None:
        game = bare(2)
        game.assets(0).trade = 5
        game.state.decks[Track.TRADE].clear()
        roll(game, 1, 1, "TRADE")
        self.assertEqual(game.assets(0).progress_card_count, 0)

    def test_decks(self) -> None:
        self.assertEqual({track: sum(names.values()) for track, names in COUNTS.items()}, dict.fromkeys(Track, 18))
        self.assertEqual(sum(len(names) for names in COUNTS.values()), 25)

    def test_a_played_card_goes_under_its_deck(self) -> None:
        game = bare(2)
        give(game, 1, coin=1)
        play(game, 0, "TRADE_MONOPOLY")
        self.assertEqual(game.state.decks[Track.TRADE][-1], "TRADE_MONOPOLY")
        self.assertEqual(game.root.played_card, "TRADE_MONOPOLY")
        game.apply(0, choose("COIN"))
        self.assertIsNone(game.root.played_card)


class TestHandLimit(SynchronousTestCase):
    def full(self, game: Catan, seat: int) -> list[ProgressCard]:
        return [deal(game, seat, name) for name in ("SPY", "SPY", "WARLORD", "WEDDING")]

    def test_a_fifth_card_on_another_turn_goes_back_at_once(self) -> None:
        game = bare(3)
        game.assets(1).trade = game.assets(2).trade = 1
        held = self.full(game, 1)
        stack(game, Track.TRADE, "MERCHANT_FLEET")
        roll(game, 1, 2, "TRADE")
        # The others wait; the third player has not drawn yet.
        self.assertEqual(game.waiting(), [1])
        self.assertEqual(game.assets(2).progress_card_count, 0)
        self.assertIn("you may keep 4 progress cards", game.prompts(1)[0])
        self.assertIn("first answer choose(ProgressCard", refusal(game, 1, Command("PLAY", {"id": held[0].id})))
        game.apply(1, choose(held[3]))
        self.assertEqual(game.assets(1).progress_card_count, 4)
        self.assertEqual(game.state.decks[Track.POLITICS][-1], "WEDDING")
        self.assertEqual(game.assets(2).progress_card_count, 1)
        self.assertEqual(list(game.prompts(0)), ["OK - endTurn"])

    def test_on_ones_own_turn_one_may_play_instead(self) -> None:
        game = bare(2)
        game.assets(0).trade = 1
        c = ring(game, desert(game))
        pave(game, 0, c[0], c[1])
        sleeper = knight(game, 0, c[0], active=False)
        held = self.full(game, 0)
        stack(game, Track.TRADE, "MERCHANT_FLEET")
        roll(game, 1, 2, "TRADE")
        self.assertEqual(game.assets(0).progress_card_count, 5)
        self.assertIn("or one to play", heard(game, 0)[-2])
        self.assertIn("nobody with more", refusal(game, 0, Command("PLAY", {"id": held[3].id})))
        self.assertIn("progress card of your own", refusal(game, 0, Command("PLAY", {"id": "ProgressCard@1"})))
        self.assertIn("first answer", refusal(game, 0, Command("END_TURN")))
        self.assertIn(Command("PLAY", {"id": held[2].id}), game.legal(0))
        game.apply(0, Command("PLAY", {"id": held[2].id}))
        self.assertTrue(sleeper.active)
        self.assertEqual((game.assets(0).progress_card_count, list(game.prompts(0))), (4, ["OK - endTurn"]))

    def test_on_ones_own_turn_one_may_put_one_back(self) -> None:
        game = bare(2)
        game.assets(0).trade = 1
        held = self.full(game, 0)
        roll(game, 1, 2, "TRADE")
        game.apply(0, choose(held[0]))
        self.assertEqual((game.assets(0).progress_card_count, list(game.prompts(0))), (4, ["OK - endTurn"]))

    def test_victory_points_do_not_count(self) -> None:
        game = bare(2)
        game.assets(1).science = 1
        self.full(game, 1)
        stack(game, Track.SCIENCE, "PRINTER")
        roll(game, 1, 2, "SCIENCE")
        self.assertEqual(game.waiting(), [0])
