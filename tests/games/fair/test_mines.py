"""Mines: positions, multipliers, the life of a round, its ends and its limits."""

from __future__ import annotations

import math
from fractions import Fraction
from math import comb

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.fair.mines import (
    GRIDS,
    MinesBet,
    MinesRound,
    Status,
    mine_positions,
    mines_bet,
    rebuild,
    start,
)
from gameserver.games.fair.money import UNITS, Stake, format_multiplier
from gameserver.games.fair.seeds import Seeds
from tests.games.fair.data_files import PAYTABLES, VECTORS, seeds
from tests.games.fair.refusals import refused

STAKE = Stake(10 * UNITS, 2, 100_000 * UNITS)
SEEDS = Seeds("server seed", "client seed", 1)
BETS = st.sampled_from(sorted(GRIDS)).flatmap(
    lambda grid: st.integers(1, GRIDS[grid] - 1).map(lambda mines: mines_bet(mines, grid))
)


def safe_tiles(game: MinesRound) -> list[int]:
    return [tile for tile in range(game.bet.tiles) if tile not in game.mines]


class PositionTests(SynchronousTestCase):
    def test_the_vectors(self) -> None:
        for vector in VECTORS:
            for count in (1, 3, 5, 10, 24):
                found = mine_positions(mines_bet(count, "5x5"), seeds(vector))
                self.assertEqual(list(found), vector["mines5x5"][:count])
            self.assertEqual(list(mine_positions(mines_bet(2, "3x3"), seeds(vector))), vector["mines3x3"])
            self.assertEqual(list(mine_positions(mines_bet(8, "7x7"), seeds(vector))), vector["mines7x7"])

    def test_no_tile_and_no_neighbourhood_is_safer_than_another(self) -> None:
        boards, bet = 12_000, mines_bet(5, "5x5")
        hits = [0] * 25
        runs = [0] * 25
        for nonce in range(boards):
            mines = set(mine_positions(bet, Seeds("server", "client", nonce)))
            for tile in mines:
                hits[tile] += 1
            for first in range(25):
                runs[first] += not mines & {(first + step) % 25 for step in range(5)}
        for found, chance in ((hits, 5 / 25), (runs, comb(20, 5) / comb(25, 5))):
            spread = math.sqrt(boards * chance * (1 - chance))
            for tile, number in enumerate(found):
                self.assertLess(abs(number - boards * chance), 4.5 * spread, tile)


class MultiplierTests(SynchronousTestCase):
    def test_every_cell_of_the_pay_tables(self) -> None:
        cells = 0
        for grid, rows in PAYTABLES["mines"].items():
            self.assertEqual(len(rows), GRIDS[grid] - 1)
            for count, row in rows.items():
                bet = mines_bet(int(count), grid)
                self.assertEqual(len(row), bet.safe_tiles)
                for safe, exact in enumerate(map(Fraction, row), 1):
                    self.assertEqual(bet.exact_multiplier(safe), exact)
                    self.assertEqual(bet.multiplier(safe), math.floor(exact * 10_000))
                cells += len(row)
        self.assertEqual(cells, 36 + 300 + 1176)

    def test_multipliers_never_fall_while_tiles_are_opened(self) -> None:
        for grid, tiles in GRIDS.items():
            for count in range(1, tiles):
                bet = mines_bet(count, grid)
                steps = [bet.multiplier(safe) for safe in range(bet.safe_tiles + 1)]
                self.assertEqual(steps, sorted(steps))
                self.assertGreater(steps[1], steps[0])


class RoundTests(SynchronousTestCase):
    def test_a_round_from_the_bet_to_the_cash_out(self) -> None:
        game = start(mines_bet(5, "5x5"), STAKE, SEEDS)
        self.assertEqual((game.status, game.safe, game.payout), (Status.IN_PROGRESS, 0, 0))
        shown = [format_multiplier(game.current_multiplier), format_multiplier(game.next_multiplier or 0)]
        self.assertEqual(shown, ["1.00", "1.2375"])
        refused(self, Code.NO_TILE_OPEN, game.cash_out)
        first, second, *_ = safe_tiles(game)
        game = game.reveal(second).reveal(first)
        self.assertEqual((game.revealed, game.safe, game.status), ((second, first), 2, Status.IN_PROGRESS))
        self.assertEqual((game.final_multiplier, game.payout), (0, 0))
        done = game.cash_out()
        self.assertEqual((done.status, done.final_multiplier), (Status.CASHED_OUT, 15_631))
        self.assertEqual(done.payout, 1_563_000_000)
        self.assertEqual(game.status, Status.IN_PROGRESS)

    def test_a_mine_ends_it_and_pays_nothing(self) -> None:
        game = start(mines_bet(5, "5x5"), STAKE, SEEDS)
        lost = game.reveal(safe_tiles(game)[0]).reveal(game.mine_positions[0])
        self.assertEqual((lost.status, lost.safe, len(lost.revealed)), (Status.LOST, 1, 2))
        self.assertEqual((lost.payout, lost.final_multiplier), (0, 0))
        self.assertEqual(lost.mine_positions, tuple(sorted(game.mines)))
        for call in (lost.cash_out, lost.abandon, lost.expire, lambda: lost.reveal(0)):
            refused(self, Code.ROUND_OVER, call)

    def test_abandoning_loses_the_stake(self) -> None:
        game = start(mines_bet(3, "5x5"), STAKE, SEEDS)
        gone = game.reveal(safe_tiles(game)[0]).abandon()
        self.assertEqual((gone.status, gone.safe, gone.payout), (Status.LOST, 1, 0))

    def test_a_round_left_alone_is_cashed_out_only_with_a_safe_tile(self) -> None:
        game = start(mines_bet(3, "5x5"), STAKE, SEEDS)
        self.assertEqual((game.expire().status, game.expire().payout), (Status.LOST, 0))
        opened = game.reveal(safe_tiles(game)[0])
        self.assertEqual(opened.expire(), opened.cash_out())

    def test_wrong_tiles_change_nothing(self) -> None:
        game = start(mines_bet(5, "5x5"), STAKE, SEEDS)
        game = game.reveal(safe_tiles(game)[0])
        for tile in (-1, 25, 10**30, 1.0, "1", None, True, [1]):
            refused(self, Code.BAD_TILE, game.reveal, tile)
        refused(self, Code.TILE_OPEN, game.reveal, game.revealed[0])
        refused(self, Code.BAD_TILE, start(mines_bet(1, "3x3"), STAKE, SEEDS).reveal, 9)

    def test_the_last_step_below_the_greatest_profit_settles(self) -> None:
        game = start(mines_bet(5, "5x5"), Stake(10 * UNITS, 2, 10 * UNITS), SEEDS)
        steps = safe_tiles(game)
        for tile in steps[:2]:
            game = game.reveal(tile)
            self.assertEqual(game.status, Status.IN_PROGRESS)
        # Three tiles pay 19.97, four would pay 25.85: more than the stake and 10.00.
        game = game.reveal(steps[2])
        self.assertEqual((game.status, game.payout), (Status.CASHED_OUT, 1_997_000_000))

    def test_what_a_round_has_reached_is_paid_in_full_whatever_the_greatest_profit_is_now(self) -> None:
        game = start(mines_bet(24, "5x5"), Stake(10_000 * UNITS, 2, 100_000 * UNITS), SEEDS)
        game = game.reveal(safe_tiles(game)[0])
        self.assertEqual((game.status, game.payout), (Status.CASHED_OUT, 247_500 * UNITS))
        self.assertIsNone(game.next_multiplier)

    def test_other_bets_are_refused(self) -> None:
        for grid in ("4x4", "5X5", "", None, 5, ["5x5"]):
            refused(self, Code.BAD_GRID_TYPE, mines_bet, 3, grid)
        for count, grid in (
            (0, "5x5"),
            (25, "5x5"),
            (9, "3x3"),
            (49, "7x7"),
            (-1, "3x3"),
            (1.0, "5x5"),
            ("3", "5x5"),
        ):
            refused(self, Code.BAD_MINES_COUNT, mines_bet, count, grid)
        for value in (None, True, [3]):
            refused(self, Code.BAD_MINES_COUNT, mines_bet, value, "5x5")
        self.assertEqual([mines_bet(tiles - 1, grid).safe_tiles for grid, tiles in GRIDS.items()], [1, 1, 1])


class PropertyTests(SynchronousTestCase):
    @settings(deadline=None)
    @given(BETS, st.integers(0, 10**6), st.data())
    def test_the_order_of_opening_moves_no_mine_and_changes_no_payout(
        self, bet: MinesBet, nonce: int, data: st.DataObject
    ) -> None:
        source = Seeds("server", "client", nonce)
        stake = Stake(UNITS, 8, 10**30)
        game = start(bet, stake, source)
        self.assertEqual(len(game.mines), bet.mines_count)
        self.assertTrue(game.mines <= set(range(bet.tiles)))
        tiles = data.draw(st.permutations(safe_tiles(game)))
        stop = data.draw(st.integers(1, len(tiles)))
        ahead, back = (rebuild(bet, stake, source, order) for order in (tiles[:stop], tiles[:stop][::-1]))
        self.assertEqual(ahead.mines, game.mines)
        self.assertEqual((ahead.safe, ahead.status), (back.safe, back.status))
        self.assertEqual(ahead.status is Status.CASHED_OUT, stop == len(tiles))
        ended = ahead if stop == len(tiles) else ahead.cash_out()
        self.assertEqual(ended.payout, UNITS * bet.multiplier(stop) // 10_000)

    @settings(deadline=None)
    @given(BETS, st.integers(0, 10**6), st.data(), st.integers(1, 10**12), st.integers(0, 10**13))
    def test_a_rebuilt_round_is_the_same_and_no_profit_is_above_the_greatest(
        self, bet: MinesBet, nonce: int, data: st.DataObject, amount: int, profit: int
    ) -> None:
        source = Seeds("server", "client", nonce)
        stake = Stake(amount * 10**6, 2, profit)
        game = start(bet, stake, source)
        for tile in data.draw(st.permutations(range(bet.tiles))):
            game = game.reveal(tile)
            self.assertEqual(rebuild(bet, stake, source, game.revealed), game)
            if game.status is not Status.IN_PROGRESS:
                break
            self.assertTrue(stake.can_win(game.bet.multiplier(game.safe + 1)))
        # The first step is what a bet is refused for.
        if stake.can_win(bet.multiplier(1)):
            self.assertLessEqual(game.payout - stake.amount, profit)
        self.assertEqual(game.payout, stake.payout(game.final_multiplier))
        self.assertEqual(game.payout > 0, game.status is Status.CASHED_OUT)
