"""A city that barbarians take while all settlements are on the board is turned on its side."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.catan import barbarians, building
from gameserver.games.catan.bank import hand as held
from gameserver.games.catan.editions import FIRST
from gameserver.games.catan.model import City, Settlement
from gameserver.testing.game_events import dumped
from tests.games.catan import recount
from tests.games.catan.playing import (
    apart,
    attacked,
    bare,
    build,
    choose,
    desert,
    field,
    found_city,
    give,
    hand,
    options,
    pave,
    play,
    refusal,
    ring,
    roll,
    settle,
    turn_of,
)
from tests.typed import the


class TestACityOnItsSide(SynchronousTestCase):
    """Player 0 has all five settlements on the board, and a city with a wall at ``c[0]``."""

    def setUp(self) -> None:
        self.game = bare(2)
        self.c = ring(self.game, desert(self.game))
        self.city = found_city(self.game, 0, self.c[0], wall=True)
        self.five = [settle(self.game, 0, spot) for spot in apart(self.game, 5)]
        self.me = self.game.assets(0)

    def lying(self) -> Settlement:
        attacked(self.game)
        piece = self.c[0].building
        assert isinstance(piece, Settlement)
        return piece

    def test_it_stays_and_is_a_settlement(self) -> None:
        piece = self.lying()
        self.assertEqual((piece.on_its_side, piece.user_assets), (True, self.me))
        self.assertEqual((len(self.me.settlements), len(self.me.cities), len(self.me.city_walls)), (6, 0, 0))
        self.assertEqual((self.me.victory_points, recount.points(self.me)), (6, 6))
        self.assertEqual(recount.problems(self.game), [])

    def test_clients_are_told_of_a_settlement(self) -> None:
        self.game.model.take()
        piece = self.lying()
        mine = [line[1:] for line in dumped(self.game.root) if line[0] == piece.id]
        self.assertEqual(
            mine,
            [
                ("userAssets", None, self.me.id),
                ("intersection", None, self.c[0].id),
                ("onItsSide", None, "true"),
            ],
        )

    def test_it_yields_what_a_settlement_yields(self) -> None:
        self.lying()
        land = next(land for land in self.game.state.board.lands_at[self.c[0]] if land.resource is not None)
        field(self.game, land.type).number = None
        for other in self.game.state.board.land:
            other.number = 4 if other is land else None
        before = held(self.me).total()
        roll(self.game, 2, 2)
        own = sum(spot.building is not None for spot in ring(self.game, land))
        self.assertEqual(held(self.me).total() - before, own)

    def test_barbarians_neither_count_nor_take_it(self) -> None:
        self.lying()
        self.assertEqual(barbarians.open_cities(self.me), [])
        turn_of(self.game, 0)
        attacked(self.game)
        self.assertEqual(len(self.me.settlements), 6)

    def test_no_settlement_and_no_improvement_from_it(self) -> None:
        self.lying()
        spot = apart(self.game, 1)[0]
        pave(self.game, 0, spot, self.game.state.board.steps[spot][0][1])
        give(self.game, 0, brick=3, lumber=1, wool=1, grain=1, coin=1)
        self.assertIn("no Settlement left", refusal(self.game, 0, build("Settlement", spot)))
        self.assertIn("only a city can have a wall", refusal(self.game, 0, build("CityWall", self.c[0])))
        upgrade = Command("UPGRADE_PROGRESS", {"type": "POLITICS"})
        self.assertIn("need a city on the board", refusal(self.game, 0, upgrade))

    def test_it_stands_up_for_the_price_of_a_city_and_before_any_other(self) -> None:
        self.lying()
        give(self.game, 0, ore=6, grain=4)
        other = the(self.five[0].intersection)
        self.assertIn("lies on its side", refusal(self.game, 0, build("City", other)))
        self.assertEqual(building.places(self.game.state, self.me, "City"), [self.c[0]])
        self.game.apply(0, build("City", self.c[0]))
        self.assertIsInstance(self.c[0].building, City)
        self.assertEqual((hand(self.game, 0), self.me.victory_points), ({"grain": 2, "ore": 3}, 7))
        # Nothing lies any more: the next city gives its settlement back to the stock.
        self.game.apply(0, build("City", other))
        self.assertIsNone(building.stock_objection(self.me, "Settlement"))
        self.assertEqual(recount.problems(self.game), [])

    def test_medicine_raises_it_and_no_other(self) -> None:
        piece = self.lying()
        give(self.game, 0, ore=2, grain=1)
        play(self.game, 0, "MEDICINE")
        self.assertEqual(options(self.game, 0), [piece.id])
        self.game.apply(0, choose(piece))
        self.assertIsInstance(self.c[0].building, City)
        self.assertEqual(hand(self.game, 0), {})

    def test_the_last_of_four_stands_up_and_wins(self) -> None:
        spots = apart(self.game, 3)
        for spot in spots:
            found_city(self.game, 0, spot)
        attacked(self.game)
        self.game.apply(0, choose(self.city))
        give(self.game, 0, ore=6, grain=4)
        turn_of(self.game, 0)
        self.game.apply(0, build("City", self.c[0]))
        self.assertEqual((len(self.me.cities), self.me.victory_points, self.game.over), (4, 13, True))

    def test_two_of_them(self) -> None:
        spot = apart(self.game, 1)[0]
        second = found_city(self.game, 0, spot)
        attacked(self.game)
        self.game.apply(0, choose(self.city))
        turn_of(self.game, 0)
        attacked(self.game)
        self.assertEqual([s.on_its_side for s in self.me.settlements], [False] * 5 + [True] * 2)
        self.assertIsNone(second.user_assets)
        self.assertEqual(building.places(self.game.state, self.me, "City"), [self.c[0], spot])

    def test_it_goes_with_its_owner(self) -> None:
        game = bare(3)
        c = ring(game, desert(game))
        found_city(game, 0, c[0])
        for spot in apart(game, 5):
            settle(game, 0, spot)
        attacked(game)
        game.leave(0)
        self.assertIsNone(c[0].building)

    def test_in_the_first_edition_the_place_was_lost(self) -> None:
        self.game.state.edition = FIRST
        attacked(self.game)
        self.assertIsNone(self.c[0].building)
        self.assertEqual(len(self.me.settlements), 5)
