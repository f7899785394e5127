"""BUILD, TRADE and UPGRADE_PROGRESS: costs, places, stocks, rates, levels, the metropolises."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan import building
from gameserver.games.catan.goods import Terrain, Track
from gameserver.games.catan.model import City, Intersection, Phase, Settlement
from tests.games.catan.playing import (
    bare,
    border,
    build,
    choose,
    desert,
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
)
from tests.typed import the


class BoardCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = bare(3)
        self.c = ring(self.game, desert(self.game))
        self.out = [outside(self.game, desert(self.game), corner) for corner in self.c]


class TestRoads(BoardCase):
    def test_at_ones_own_building_and_on(self) -> None:
        game, c = self.game, self.c
        settle(game, 0, c[0])
        give(game, 0, brick=2, lumber=2)
        game.apply(0, build("Road", border(game, c[0], c[1])))
        game.apply(0, build("Road", border(game, c[1], c[2])))
        self.assertEqual((len(game.assets(0).roads), hand(game, 0)), (2, {}))

    def test_not_elsewhere(self) -> None:
        game, c = self.game, self.c
        settle(game, 0, c[0])
        pave(game, 0, c[0], c[1])
        give(game, 0, brick=1, lumber=1)
        self.assertIn("must continue your own roads", refusal(game, 0, build("Road", border(game, c[3], c[4]))))
        self.assertEqual(refusal(game, 0, build("Road", border(game, c[0], c[1]))), "build - there is a road already")
        self.assertEqual(refusal(game, 0, build("Road", c[1])), "build - a Road is built on a Border")
        self.assertIn("on an Intersection", refusal(game, 0, build("Knight", border(game, c[1], c[2]))))

    def test_foreign_pieces_cut_the_way(self) -> None:
        for piece in (lambda game, spot: settle(game, 1, spot), lambda game, spot: knight(game, 1, spot)):
            game = bare(2)
            c = ring(game, desert(game))
            pave(game, 0, c[0], c[1])
            give(game, 0, brick=1, lumber=1)
            piece(game, c[1])
            self.assertIn("foreign pieces cut the way", refusal(game, 0, build("Road", border(game, c[1], c[2]))))
            self.assertNotIn(border(game, c[1], c[2]).id, str(game.legal(0)))

    def test_ones_own_knight_does_not(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, c[0], c[1])
        knight(game, 0, c[1])
        give(game, 0, brick=1, lumber=1)
        game.apply(0, build("Road", border(game, c[1], c[2])))

    def test_cost(self) -> None:
        game, c = self.game, self.c
        settle(game, 0, c[0])
        give(game, 0, brick=1)
        text = refusal(game, 0, build("Road", border(game, c[0], c[1])))
        self.assertEqual(text, "build - a Road costs 1 BRICK, 1 LUMBER, which you do not have")


class TestSettlements(BoardCase):
    def setUp(self) -> None:
        super().setUp()
        give(self.game, 0, brick=1, lumber=1, wool=1, grain=1)

    def test_at_ones_own_road(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, c[0], c[1])
        game.apply(0, build("Settlement", c[1]))
        self.assertIsInstance(c[1].building, Settlement)
        self.assertEqual((hand(game, 0), game.assets(0).victory_points), ({}, 1))

    def test_where_not(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, c[0], c[1], c[2], c[3])
        settle(game, 1, c[0])
        knight(game, 1, c[3])
        self.assertIn("must be at your own road", refusal(game, 0, build("Settlement", c[4])))
        self.assertIn("one free between", refusal(game, 0, build("Settlement", c[1])))
        for spot in (c[0], c[3]):
            self.assertEqual(refusal(game, 0, build("Settlement", spot)), "build - the intersection is taken")

    def test_five_of_them(self) -> None:
        game, c = self.game, self.c
        pave(game, 0, c[0], c[1])
        far = []
        for spot in game.state.board.intersections:
            if spot not in c and spot not in self.out and not any(o in far for _, o in game.state.board.steps[spot]):
                far.append(spot)
        for spot in far[:5]:
            settle(game, 0, spot)
        text = refusal(game, 0, build("Settlement", c[0]))
        self.assertEqual(text, "build - you have no Settlement left, there are 5")


class TestCitiesAndWalls(BoardCase):
    def test_a_settlement_becomes_a_city(self) -> None:
        game, c = self.game, self.c
        old = settle(game, 0, c[0])
        give(game, 0, grain=2, ore=3)
        game.apply(0, build("City", c[0]))
        self.assertIsInstance(c[0].building, City)
        self.assertEqual((old.user_assets, game.assets(0).victory_points, hand(game, 0)), (None, 2, {}))
        self.assertEqual(refusal(game, 0, build("City", c[0])), "build - there is a city already")

    def test_only_on_ones_own_settlement(self) -> None:
        game, c = self.game, self.c
        settle(game, 1, c[0])
        for spot in (c[0], c[2]):
            self.assertIn("needs a settlement of your own", refusal(game, 0, build("City", spot)))

    def test_four_of_them(self) -> None:
        game, c = self.game, self.c
        for index in (0, 2, 4):
            found_city(game, 0, c[index])
        far = [s for s in game.state.board.intersections if s not in c and s not in self.out]
        found_city(game, 0, far[0])
        settle(game, 0, self.out[1])
        text = refusal(game, 0, build("City", self.out[1]))
        self.assertEqual(text, "build - you have no City left, there are 4")

    def test_walls(self) -> None:
        game, c = self.game, self.c
        settle(game, 0, c[4])
        for index in (0, 2):
            found_city(game, 0, c[index])
        give(game, 0, brick=8)
        game.apply(0, build("CityWall", c[0]))
        self.assertEqual(hand(game, 0), {"brick": 6})
        self.assertEqual(refusal(game, 0, build("CityWall", c[0])), "build - this city has a wall already")
        self.assertEqual(refusal(game, 0, build("CityWall", c[4])), "build - only a city can have a wall")
        self.assertIn("needs a city of your own", refusal(game, 0, build("CityWall", c[1])))
        far = [s for s in game.state.board.intersections if s not in c and s not in self.out]
        found_city(game, 0, far[0], wall=True)
        game.apply(0, build("CityWall", c[2]))
        found_city(game, 0, far[4])
        self.assertEqual(
            refusal(game, 0, build("CityWall", far[4])), "build - you have no CityWall left, there are 3"
        )

    def test_what_build_does_not_know(self) -> None:
        game, c = self.game, self.c
        kinds = "type must be one of Settlement, City, Road, Knight, CityWall"
        self.assertEqual(refusal(game, 0, build("Castle", c[0])), f"build - {kinds}")
        text = refusal(game, 0, Command("BUILD", {"type": "Road", "destination": desert(game).id}))
        self.assertIn("destination must be an Intersection or, for a Road, a Border", text)
        self.assertEqual(refusal(game, 0, Command("BUILD")), "build - The key type is missing.")


class TestTrade(BoardCase):
    def trade(self, give_type: str, take_type: str) -> Command:
        return Command("TRADE", {"give": give_type, "take": take_type})

    def test_four_to_one_of_anything_for_anything(self) -> None:
        game = self.game
        give(game, 0, ore=4, coin=4)
        game.apply(0, self.trade("ORE", "CLOTH"))
        game.apply(0, self.trade("COIN", "BRICK"))
        self.assertEqual(hand(game, 0), {"brick": 1, "cloth": 1})

    def harbor(self, terrain: Terrain) -> Intersection:
        place = next(place for place in self.game.state.board.fields if place.type is terrain)
        return the(place.harbor).intersections[0]

    def test_three_to_one_at_a_harbor_commodities_too(self) -> None:
        game = self.game
        settle(game, 0, self.harbor(Terrain.PORT_3TO1))
        give(game, 0, ore=3, cloth=3)
        game.apply(0, self.trade("ORE", "WOOL"))
        game.apply(0, self.trade("CLOTH", "PAPER"))
        self.assertEqual(hand(game, 0), {"paper": 1, "wool": 1})

    def test_two_to_one_for_the_harbors_resource_only(self) -> None:
        for terrain, good in (("PORT_ORE", "ORE"), ("PORT_WOOL", "WOOL"), ("PORT_GRAIN", "GRAIN")):
            self.setUp()
            game = self.game
            settle(game, 0, self.harbor(Terrain(terrain)))
            give(game, 0, **{good.lower(): 2, "brick": 2})
            game.apply(0, self.trade(good, "LUMBER"))
            self.assertEqual(hand(game, 0), {"brick": 2, "lumber": 1})
            self.assertIn("your rate for BRICK is 4 to 1", refusal(game, 0, self.trade("BRICK", "ORE")))

    def test_somebody_elses_harbor(self) -> None:
        game = self.game
        settle(game, 1, self.harbor(Terrain.PORT_3TO1))
        give(game, 0, ore=3)
        self.assertIn("4 to 1", refusal(game, 0, self.trade("ORE", "WOOL")))

    def test_the_best_rate_counts(self) -> None:
        game = self.game
        settle(game, 0, self.harbor(Terrain.PORT_3TO1))
        settle(game, 0, self.harbor(Terrain.PORT_ORE))
        give(game, 0, ore=4)
        game.apply(0, self.trade("ORE", "WOOL"))
        self.assertEqual(hand(game, 0), {"ore": 2, "wool": 1})

    def test_commodities_two_to_one_with_the_trading_house(self) -> None:
        game = self.game
        game.assets(0).trade = 3
        give(game, 0, cloth=2, ore=3)
        game.apply(0, self.trade("CLOTH", "COIN"))
        self.assertEqual(hand(game, 0), {"coin": 1, "ore": 3})
        self.assertIn("4 to 1", refusal(game, 0, self.trade("ORE", "COIN")))

    def test_what_is_refused(self) -> None:
        game = self.game
        give(game, 0, ore=8)
        self.assertEqual(refusal(game, 0, self.trade("ORE", "ORE")), "trade - give and take must differ")
        self.assertIn("must each be one of BRICK", refusal(game, 0, self.trade("ORE", "GOLD")))
        self.assertIn("must each be one of BRICK", refusal(game, 0, self.trade("ore", "WOOL")))
        self.assertEqual(refusal(game, 0, Command("TRADE", {"give": "ORE"})), "trade - The key take is missing.")
        give(game, 1, cloth=12)
        self.assertEqual(refusal(game, 0, self.trade("ORE", "CLOTH")), "trade - the bank has no CLOTH left")


class TestImprovements(BoardCase):
    def up(self, track: str) -> Command:
        return Command("UPGRADE_PROGRESS", {"type": track})

    def test_each_level_costs_its_number(self) -> None:
        game = self.game
        found_city(game, 0, self.c[0])
        for track, good in (("TRADE", "cloth"), ("POLITICS", "coin"), ("SCIENCE", "paper")):
            give(game, 0, **{good: 6})
            for level in (1, 2, 3):
                game.apply(0, self.up(track))
                self.assertEqual(getattr(game.assets(0), track.lower()), level)
            self.assertEqual(hand(game, 0), {})
            self.assertIn(f"level 4 of {track} costs 4 {good.upper()}", refusal(game, 0, self.up(track)))

    def test_needs_a_city(self) -> None:
        game = self.game
        settle(game, 0, self.c[0])
        give(game, 0, cloth=1)
        self.assertIn("need a city on the board", refusal(game, 0, self.up("TRADE")))

    def test_the_top(self) -> None:
        game = self.game
        found_city(game, 0, self.c[0])
        game.assets(0).trade = 5
        self.assertIn("built to its top, level 5", refusal(game, 0, self.up("TRADE")))
        self.assertIn("type must be one of POLITICS, SCIENCE, TRADE", refusal(game, 0, self.up("WAR")))

    def test_levels_stay_when_the_city_is_lost(self) -> None:
        game = self.game
        city = found_city(game, 0, self.c[0])
        game.assets(0).trade = 2
        building.remove_building(game.state, city)
        self.assertEqual(game.assets(0).trade, 2)


class TestMetropolises(BoardCase):
    def up(self, seat: int, track: str = "TRADE", goods: str = "cloth") -> None:
        game = self.game
        give(game, seat, **{goods: getattr(game.assets(seat), track.lower()) + 1})
        game.apply(seat, Command("UPGRADE_PROGRESS", {"type": track}))

    def test_the_first_on_level_four(self) -> None:
        game, c = self.game, self.c
        one, two = found_city(game, 0, c[0]), found_city(game, 0, c[2])
        game.assets(0).trade = 3
        self.up(0)
        self.assertEqual(options(game, 0), [one.id, two.id])
        self.assertIn("metropolis of TRADE", game.prompts(0)[0])
        game.apply(0, choose(two))
        metropolis = game.state.metropolises[Track.TRADE]
        self.assertEqual((metropolis.city, metropolis.user_assets), (two, game.assets(0)))
        self.assertEqual(game.assets(0).victory_points, 6)

    def test_level_five_takes_it_from_level_four(self) -> None:
        game, c = self.game, self.c
        one, two = found_city(game, 0, c[0]), found_city(game, 1, c[2])
        game.assets(0).trade = 3
        self.up(0)
        game.assets(1).trade = 3
        game.state.start_turn(game.assets(1))
        game.root.phase = Phase.ACTING
        self.up(1)
        # Level four is not enough, the first one keeps it.
        self.assertIs(one.metropolis, game.state.metropolises[Track.TRADE])
        self.up(1)
        self.assertEqual((one.metropolis, two.metropolis), (None, game.state.metropolises[Track.TRADE]))
        self.assertEqual([game.assets(s).victory_points for s in (0, 1)], [2, 4])
        game.state.start_turn(game.assets(0))
        game.root.phase = Phase.ACTING
        self.up(0)
        # Nobody takes it from level five.
        self.assertEqual((one.metropolis, two.metropolis), (None, game.state.metropolises[Track.TRADE]))

    def test_a_city_carries_one(self) -> None:
        game, c = self.game, self.c
        one = found_city(game, 0, c[0])
        game.assets(0).trade = game.assets(0).science = 3
        self.up(0)
        self.assertIsNotNone(one.metropolis)
        give(game, 0, paper=4)
        text = refusal(game, 0, Command("UPGRADE_PROGRESS", {"type": "SCIENCE"}))
        self.assertIn("needs a city of yours without one", text)
        two = found_city(game, 0, c[2])
        game.apply(0, Command("UPGRADE_PROGRESS", {"type": "SCIENCE"}))
        self.assertEqual(the(two.metropolis).type, Track.SCIENCE)
        self.assertEqual(game.assets(0).victory_points, 8)

    def test_three_of_them(self) -> None:
        self.assertEqual(set(self.game.state.metropolises), set(Track))

    def test_a_leaver_s_metropolis_is_free_again(self) -> None:
        game, c = self.game, self.c
        found_city(game, 0, c[0])
        two = found_city(game, 1, c[2])
        game.assets(0).trade = game.assets(1).trade = 3
        self.up(0)
        game.leave(0)
        metropolis = game.state.metropolises[Track.TRADE]
        self.assertEqual((metropolis.city, metropolis.user_assets), (None, None))
        game.root.phase = Phase.ACTING
        self.up(1)
        self.assertIs(metropolis.city, two)
