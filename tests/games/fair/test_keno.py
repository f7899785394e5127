"""Keno: the draw, every pay table, every refusal."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.fair import keno
from gameserver.games.fair.keno_tables import DIFFICULTIES, TABLES
from gameserver.games.fair.money import UNITS, Stake, format_multiplier
from gameserver.games.fair.seeds import Seeds
from tests.games.fair.data_files import PAYTABLES, VECTORS, seeds
from tests.games.fair.refusals import refused

STAKE = Stake(10 * UNITS, 2, 100_000 * UNITS)


class DrawTests(SynchronousTestCase):
    def test_the_vectors(self) -> None:
        for vector in VECTORS:
            self.assertEqual(list(keno.drawing(seeds(vector))), vector["keno"])

    @settings(deadline=None)
    @given(st.sets(st.integers(1, 40), min_size=1, max_size=10), st.integers(0, 10**6))
    def test_ten_different_numbers_are_drawn_and_hits_are_paid(self, numbers: set[int], nonce: int) -> None:
        outcome = keno.play(keno.keno_bet(list(numbers)), Seeds("server", "client", nonce))
        self.assertEqual(len(set(outcome.drawn)), 10)
        self.assertTrue(set(outcome.drawn) <= set(range(1, 41)))
        self.assertEqual(list(outcome.drawn), sorted(outcome.order))
        self.assertEqual(set(outcome.matched), numbers & set(outcome.drawn))
        row = TABLES["seed"][len(numbers) - 1]
        self.assertEqual(outcome.payout(STAKE), 10 * UNITS * row[len(outcome.matched)] // 10_000)
        self.assertEqual(outcome.is_win, outcome.payout(STAKE) > 0)


class TableTests(SynchronousTestCase):
    def test_every_figure_of_the_four_tables(self) -> None:
        self.assertEqual(tuple(PAYTABLES["keno"]), DIFFICULTIES)
        for name, rows in PAYTABLES["keno"].items():
            for picks, row in rows.items():
                self.assertEqual(TABLES[name][int(picks) - 1], tuple(int(Fraction(text) * 10_000) for text in row))
                self.assertEqual(len(row), int(picks) + 1)

    def test_without_a_difficulty_five_numbers_pay_the_documents_row(self) -> None:
        shown = [format_multiplier(parts) for parts in keno.keno_bet([1, 2, 3, 4, 5]).row]
        self.assertEqual(shown, ["0.00", "0.00", "0.00", "1.00", "2.50", "10.00"])
        named = [format_multiplier(parts) for parts in keno.keno_bet([1, 2, 3, 4, 5], "classic").row]
        self.assertEqual(named, ["0.00", "0.25", "1.40", "4.10", "16.50", "36.00"])
        for picks in (1, 2, 3, 4, 6, 7, 8, 9, 10):
            self.assertEqual(TABLES["seed"][picks - 1], TABLES["classic"][picks - 1])

    def test_the_documents_example_pays_twice_and_a_half(self) -> None:
        bet = keno.keno_bet([3, 7, 15, 22, 28])
        outcome = keno.KenoOutcome(bet, (35, 3, 7, 9, 12, 31, 15, 18, 22, 25))
        self.assertEqual(outcome.matched, (3, 7, 15, 22))
        self.assertEqual(outcome.payout(STAKE), 25 * UNITS)

    def test_the_best_of_a_bet_is_paid_in_full(self) -> None:
        bet = keno.keno_bet(list(range(1, 11)), "high")
        outcome = keno.KenoOutcome(bet, tuple(range(1, 11)))
        self.assertEqual(outcome.payout(Stake(1000 * UNITS, 2, 0)), 1_000_000 * UNITS)
        for name, table in TABLES.items():
            for picks, row in enumerate(table, 1):
                best = keno.KenoBet(tuple(range(1, picks + 1)), name).best
                self.assertTrue(all(parts <= best for parts in row) and best in row, (name, picks))


class RefusalTests(SynchronousTestCase):
    def test_numbers_that_cannot_be_picked(self) -> None:
        for numbers, code in (
            ([], Code.BAD_NUMBER_COUNT),
            (list(range(1, 12)), Code.BAD_NUMBER_COUNT),
            ([0], Code.BAD_NUMBER_RANGE),
            ([41], Code.BAD_NUMBER_RANGE),
            ([-3, 5], Code.BAD_NUMBER_RANGE),
            ([1, 10**40], Code.BAD_NUMBER_RANGE),
            ([3, 3], Code.DUPLICATE_NUMBERS),
        ):
            refused(self, code, keno.keno_bet, numbers)

    def test_numbers_that_are_none_and_difficulties_that_do_not_exist(self) -> None:
        for numbers in (None, "1,2", {"1": 2}, [1.0], ["1"], [True], [None], 7):
            refused(self, Code.BAD_NUMBERS, keno.keno_bet, numbers)
        for difficulty in ("seed", "Classic", "", 1, ["low"]):
            refused(self, Code.BAD_DIFFICULTY, keno.keno_bet, [1], difficulty)
