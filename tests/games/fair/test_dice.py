"""Dice: the rule, the pay table, a hundred thousand bets against a rule written here from the description."""

from __future__ import annotations

import hashlib
import hmac
import math
import random
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code
from gameserver.games.fair import dice
from gameserver.games.fair.money import UNITS, Stake, format_amount, format_multiplier, parse_amount
from gameserver.games.fair.seeds import Seeds, new_server_seed
from tests.games.fair.data_files import PAYTABLES, VECTORS, seeds
from tests.games.fair.refusals import refused

CENT = Decimal("0.01")


def described(server: str, client: str, nonce: int, target: int, over: bool, amount: str) -> tuple[float, str]:
    """Roll and payout as the documents describe them, with floats and decimals and nothing of the package."""
    digest = hmac.new(server.encode(), f"{client}:{nonce}:0".encode(), hashlib.sha256).digest()
    fraction = digest[0] / 256 + digest[1] / 256**2 + digest[2] / 256**3 + digest[3] / 256**4
    rolled = math.floor(fraction * 10000) / 100
    if not (rolled > target if over else rolled < target):
        return rolled, "0.00"
    exact = Decimal(99) / (Decimal("99.99") - target) if over else Decimal(99) / target
    multiplier = exact.quantize(Decimal("0.0001"), ROUND_DOWN)
    return rolled, str((Decimal(amount) * multiplier).quantize(CENT, ROUND_DOWN))


class RollTests(SynchronousTestCase):
    def test_the_vectors(self) -> None:
        for vector in VECTORS:
            self.assertEqual(f"{dice.roll(seeds(vector)) / 100:.2f}", vector["roll"])

    def test_a_hundred_thousand_bets_verify_against_the_described_rule(self) -> None:
        chance = random.Random(20240101)
        wins = 0
        for number in range(100_000):
            if number % 1000 == 0:
                server, client = new_server_seed(chance.randbytes(32)), f"client seed {number}"
            target, over = chance.randint(4, 96), chance.random() < 0.5
            amount = f"{chance.randint(10, 1_000_000) / 100:.2f}"
            outcome = dice.play(
                dice.dice_bet(target, "OVER" if over else "UNDER"), Seeds(server, client, number % 1000)
            )
            paid = outcome.payout(Stake(parse_amount(amount, 2), 2, 10**6 * UNITS))
            found = (outcome.rolled_number, format_amount(paid, 2))
            self.assertEqual(found, described(server, client, number % 1000, target, over, amount))
            wins += outcome.is_win
        self.assertTrue(48_000 < wins < 52_000, wins)

    def test_a_win_is_paid_in_full(self) -> None:
        bet = dice.dice_bet(4, "UNDER")
        outcome = dice.DiceOutcome(bet, 399, bet.wins(399))
        for profit in (0, 100_000 * UNITS):
            self.assertEqual(outcome.payout(Stake(10_000 * UNITS, 2, profit)), 247_500 * UNITS)


class BetTests(SynchronousTestCase):
    def test_every_multiplier_of_the_pay_table(self) -> None:
        self.assertEqual(list(PAYTABLES["dice"]), [str(target) for target in range(4, 97)])
        for target, (over, under) in PAYTABLES["dice"].items():
            for condition, exact in (("OVER", Fraction(over)), ("UNDER", Fraction(under))):
                bet = dice.dice_bet(int(target), condition)
                self.assertEqual(bet.exact_multiplier, exact)
                self.assertEqual(bet.multiplier, math.floor(exact * 10_000))
                self.assertGreater(bet.multiplier, 10_000)

    def test_multipliers_are_cut_never_rounded_up(self) -> None:
        shown = {(50, "OVER"): "1.9803", (50, "UNDER"): "1.98", (95, "OVER"): "19.8396", (4, "OVER"): "1.0313"}
        shown[10, "UNDER"] = "9.90"
        for (target, condition), text in shown.items():
            self.assertEqual(format_multiplier(dice.dice_bet(target, condition).multiplier), text)

    def test_the_target_itself_loses_and_every_side_wins_as_often_as_it_says(self) -> None:
        for target in range(4, 97):
            for condition in ("OVER", "UNDER"):
                bet = dice.dice_bet(target, condition)
                self.assertFalse(bet.wins(100 * target))
                self.assertEqual(sum(map(bet.wins, range(10_000))), bet.winning_rolls)

    def test_other_bets_are_refused(self) -> None:
        for target in (3, 97, 0, -50, 50.0, 50.5, "50", None, True, [50], 10**30):
            refused(self, Code.BAD_TARGET, dice.dice_bet, target, "OVER")
        for condition in ("over", "BETWEEN", "", None, 1, ["OVER"]):
            refused(self, Code.BAD_SIDE, dice.dice_bet, 50, condition)
