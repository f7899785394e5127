"""Return to player, counted a second time from every outcome there is."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.fair import rtp
from gameserver.games.fair.dice import dice_bet
from gameserver.games.fair.keno_tables import TABLES
from gameserver.games.fair.mines import mines_bet

NOMINAL = Fraction(99, 100)


class ReturnTests(SynchronousTestCase):
    def test_dice_by_counting_all_rolls(self) -> None:
        for target in (4, 50, 96):
            for condition in ("OVER", "UNDER"):
                bet = dice_bet(target, condition)
                paid = sum(bet.multiplier for rolled in range(10_000) if bet.wins(rolled))
                self.assertEqual(rtp.dice_return(bet), Fraction(paid, 10_000 * 10_000))

    def test_dice_and_mines_return_99_percent_less_what_is_cut(self) -> None:
        for found in (rtp.dice_range(), *map(rtp.mines_range, ("3x3", "5x5", "7x7"))):
            self.assertEqual(found.highest, NOMINAL)
            self.assertTrue(Fraction("0.9899") < found.lowest < NOMINAL, found)
        self.assertEqual(rtp.percent(rtp.dice_range().lowest), "98.9914")
        self.assertEqual(rtp.percent(rtp.mines_range("5x5").lowest), "98.9920")

    def test_mines_by_counting_all_boards(self) -> None:
        bet = mines_bet(3, "3x3")
        boards = [set(mines) for mines in combinations(range(9), 3)]
        for safe in range(1, 7):
            won = sum(not mines & set(range(safe)) for mines in boards)
            expected = Fraction(won, len(boards)) * Fraction(bet.multiplier(safe), 10_000)
            self.assertEqual(rtp.mines_return(bet, safe), expected)

    def test_keno_chances_are_those_of_drawing_ten_of_forty(self) -> None:
        for picks in range(1, 11):
            self.assertEqual(sum(rtp.keno_chance(picks, hits) for hits in range(picks + 1)), 1)
        self.assertEqual(rtp.keno_chance(1, 1), Fraction(1, 4))
        self.assertEqual(rtp.keno_chance(2, 2), Fraction(10 * 9, 40 * 39))
        all_ten = Fraction(1)
        for drawn in range(10):
            all_ten *= Fraction(10 - drawn, 40 - drawn)
        self.assertEqual(rtp.keno_chance(10, 10), all_ten)

    def test_keno_rows(self) -> None:
        for table in TABLES:
            for picks in range(1, 11):
                found = rtp.keno_return(table, picks)
                if (table, picks) == ("seed", 5):
                    self.assertEqual(rtp.percent(found), "10.7095")
                else:
                    self.assertTrue(Fraction("0.986") < found < Fraction("0.991"), (table, picks))
        self.assertEqual(rtp.keno_return("seed", 1), Fraction(99, 100))
        self.assertEqual(rtp.percent(rtp.keno_return("low", 1)), "98.7500")
        self.assertEqual(rtp.keno_range("seed").lowest, rtp.keno_return("seed", 5))
        for table in TABLES:
            every = [rtp.keno_return(table, picks) for picks in range(1, 11)]
            self.assertEqual(rtp.keno_range(table), rtp.Range(min(every), max(every)), table)
        self.assertEqual(rtp.percent(Fraction(1)), "100.0000")
