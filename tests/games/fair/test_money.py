"""Amounts and multipliers: exact in, exact out, always cut."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code, GameError
from gameserver.games.fair.money import (
    UNITS,
    Stake,
    cut,
    cut_multiplier,
    format_amount,
    format_multiplier,
    parse_amount,
)
from tests.games.fair.refusals import refused

AMOUNTS = st.integers(1, 10**18 - 1)
DECIMALS = st.sampled_from([0, 2, 8])


class AmountTests(SynchronousTestCase):
    def test_amounts_are_read_to_the_unit(self) -> None:
        for text, decimals, units in (
            ("10.00", 2, 10 * UNITS),
            ("10", 2, 10 * UNITS),
            ("0.1", 2, UNITS // 10),
            ("0010.50", 2, 1_050_000_000),
            ("0.00000001", 8, 1),
            ("9999999999.99999999", 8, 10**18 - 1),
        ):
            self.assertEqual(parse_amount(text, decimals), units, text)

    def test_everything_else_is_refused(self) -> None:
        strange = ["", "0", "0.00", "-1", "+1", "1e2", "1E2", " 1", "1 ", "1\n", ".5", "1.", "1,5", "1.2.3", "NaN"]
        strange += ["Infinity", "0x10", "1_000", "１０", "٣", "10.001", "1" * 11, "1" * 400, "1." + "0" * 400]
        for value in (*strange, 10, 10.0, True, None, ["1"], {"a": 1}, b"10"):
            refused(self, Code.BAD_AMOUNT, parse_amount, value, 2)
        refused(self, Code.BAD_AMOUNT, parse_amount, "1.0", 0)
        refused(self, Code.BAD_AMOUNT, parse_amount, "0.000000001", 8)

    def test_amounts_are_shown_with_all_decimals(self) -> None:
        self.assertEqual(format_amount(1_050_000_000, 2), "10.50")
        self.assertEqual(format_amount(-1_000_000_000, 2), "-10.00")
        self.assertEqual(format_amount(-10_000_000, 2), "-0.10")
        self.assertEqual(format_amount(1, 8), "0.00000001")
        self.assertEqual(format_amount(5 * UNITS, 0), "5")
        self.assertEqual(format_amount(0, 2), "0.00")
        self.assertRaises(ValueError, format_amount, 1, 2)

    @settings(deadline=None)
    @given(AMOUNTS, DECIMALS)
    def test_what_is_shown_reads_back(self, units: int, decimals: int) -> None:
        whole = cut(units, decimals)
        self.assertTrue(0 <= units - whole < 10 ** (8 - decimals))
        if whole:
            self.assertEqual(parse_amount(format_amount(whole, decimals), decimals), whole)


class MultiplierTests(SynchronousTestCase):
    def test_multipliers_are_cut_to_four_decimals_and_shown_with_two_at_least(self) -> None:
        for exact, shown in (
            (Fraction(2), "2.00"),
            (Fraction(5, 2), "2.50"),
            (Fraction(99 * 100, 4999), "1.9803"),
            (Fraction(99, 8), "12.375"),
            (Fraction(0), "0.00"),
            (Fraction("1.99736842"), "1.9973"),
            (Fraction("5148297.9"), "5148297.90"),
            (Fraction(1, 10001), "0.00"),
        ):
            self.assertEqual(format_multiplier(cut_multiplier(exact)), shown)

    @settings(deadline=None)
    @given(st.integers(1, 10**15), st.integers(0, 10**11), DECIMALS, st.integers(0, 10**16))
    def test_a_win_is_stake_times_shown_multiplier_cut_and_within_the_profit_or_refused(
        self, amount: int, parts: int, decimals: int, profit: int
    ) -> None:
        stake = Stake(cut(amount, decimals), decimals, profit)
        product = Decimal(stake.amount).scaleb(-8) * Decimal(format_multiplier(parts))
        exact = product.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)
        self.assertEqual(Decimal(format_amount(stake.payout(parts), decimals)), exact)
        if stake.can_win(parts):
            stake.check_win(parts)
            self.assertLessEqual(stake.payout(parts) - stake.amount, profit)
            return
        error = self.assertRaises(GameError, stake.check_win, parts)
        most = parse_amount(error.details["maxBet"], decimals) if Decimal(error.details["maxBet"]) else 0
        self.assertLess(most, stake.amount)
        self.assertTrue(Stake(most, decimals, profit).can_win(parts))
        self.assertFalse(Stake(most + 10 ** (8 - decimals), decimals, profit).can_win(parts))

    def test_the_profit_that_the_documents_limits_allow(self) -> None:
        limit = 100_000 * UNITS
        Stake(10_000 * UNITS, 2, limit).check_win(11 * 10_000)
        error = self.assertRaises(GameError, Stake(10_000 * UNITS, 2, limit).check_win, 11 * 10_000 + 1)
        self.assertEqual(error.code, Code.BET_TOO_HIGH)
        self.assertEqual(error.details, {"maxBet": "9999.90", "maxProfit": "100000.00"})
        # A multiplier of 1 or less wins nothing beyond the stake.
        Stake(10**18, 2, 0).check_win(10_000)
