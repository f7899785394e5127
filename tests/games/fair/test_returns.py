"""What bets return at the stakes that are accepted, counted again by playing every outcome."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.games.fair import rtp
from gameserver.games.fair.dice import DiceOutcome, dice_bet
from gameserver.games.fair.keno import KenoBet, KenoOutcome
from gameserver.games.fair.mines import MinesRound, mines_bet
from gameserver.games.fair.money import UNITS
from gameserver.games.fair.returns import DECLARED, Limits, Returns, Way, least_bet, returns, rows
from gameserver.protocols.invoker.books import currencies
from gameserver.protocols.invoker.config import Invoker

CENT = UNITS // 100
#: The limits that the document prints, and those of a currency with eight decimals at its smallest.
DOCUMENT = Limits(2, 10 * CENT, 10_000 * UNITS, 100_000 * UNITS)
SATOSHI = Limits(8, 1, UNITS, 10 * UNITS)
DOLLARS = Limits(2, UNITS, 10_000 * UNITS, 100_000 * UNITS)

#: Some stakes, even and odd ones.
STAKES = (10 * CENT, UNITS, 107 * CENT, 1_234_567 * CENT)


def found(limits: Limits, name: str, picks: int | None = None) -> Returns:
    return next(one for one in returns(limits) if (one.row.name, one.row.picks) == (name, picks))


def ways(name: str, picks: int | None = None) -> tuple[Way, ...]:
    return next(row.ways for row in rows() if (row.name, row.picks) == (name, picks))


class CountedTests(SynchronousTestCase):
    def test_dice_by_every_roll(self) -> None:
        bets = [(target, side) for target in range(4, 97) for side in ("OVER", "UNDER")]
        for (target, side), way in zip(bets, ways("dice"), strict=True):
            if target not in (4, 50, 89, 96):
                continue
            bet = dice_bet(target, side)
            for amount in STAKES:
                stake = DOLLARS.stake(amount)
                paid = sum(DiceOutcome(bet, rolled, bet.wins(rolled)).payout(stake) for rolled in range(10_000))
                self.assertEqual(way.at(stake), Fraction(paid, 10_000 * amount), (target, side, amount))

    def test_mines_by_every_board(self) -> None:
        bets = [(count, safe) for count in range(1, 9) for safe in range(1, 10 - count)]
        for (count, safe), way in zip(bets, ways("3x3"), strict=True):
            boards = [frozenset(mines) for mines in combinations(range(9), count)]
            for amount in STAKES:
                stake = Limits(2, 1, 10**18, 10**18).stake(amount)
                paid = 0
                for mines in boards:
                    game = MinesRound(mines_bet(count, "3x3"), stake, mines)
                    for tile in range(safe):
                        if game.goes_on:
                            game = game.reveal(tile)
                    paid += (game.cash_out() if game.goes_on else game).payout
                self.assertEqual(way.at(stake), Fraction(paid, len(boards) * amount), (count, safe, amount))

    def test_keno_by_every_number_of_hits(self) -> None:
        for name, picks in (("seed", 5), ("low", 1), ("medium", 10), ("high", 3), ("classic", 7)):
            bet = KenoBet(tuple(range(1, picks + 1)), name)
            (way,) = ways(name, picks)
            for amount in STAKES:
                stake = DOLLARS.stake(amount)
                expected = Fraction(0)
                for hits in range(picks + 1):
                    outcome = KenoOutcome(bet, (*range(1, hits + 1), *range(40, 30 + hits, -1)))
                    expected += rtp.keno_chance(picks, hits) * Fraction(outcome.payout(stake), amount)
                self.assertEqual(way.at(stake), expected, (name, picks, amount))

    def test_the_worst_stake_is_the_worst_of_all(self) -> None:
        every = [*ways("dice")[::23], *ways("5x5")[::41], *ways("low", 1), *ways("high", 2), *ways("optimal play")]
        for limits in (DOCUMENT, DOLLARS):
            for way in every:
                most = way.greatest(limits)
                if most is None:
                    continue
                # What is cut off is less than a cent: of a larger stake it would be less than is found below.
                bound = min(most, limits.min_bet + 30 * UNITS)
                plain = min(way.at(limits.stake(amount)) for amount in range(limits.min_bet, bound + 1, CENT))
                worst = way.at(limits.stake(way.worst(limits, most)))
                self.assertTrue(plain <= worst < plain + Fraction(2, 10**7), (worst, plain))


class LimitTests(SynchronousTestCase):
    def test_what_the_documents_least_bets_returned(self) -> None:
        """The fault: wins cut to two decimals at 0.10, and to nothing at a hundred-millionth."""
        self.assertEqual(rtp.percent(found(DOCUMENT, "dice").at_least.lowest), "90.9900")
        self.assertEqual(rtp.percent(found(SATOSHI, "dice").at_least.lowest), "49.9900")
        self.assertEqual(rtp.percent(found(SATOSHI, "low", 1).at_least.lowest), "25.0000")

    def test_the_least_bet_follows_from_decimals_and_declared_return(self) -> None:
        self.assertEqual((least_bet(2), least_bet(8), least_bet(0)), (UNITS, 100, 100 * UNITS))
        for declared, cents in ((Fraction(98, 100), 50), (Fraction(995, 1000), 200), (Fraction(97, 100), 34)):
            self.assertEqual(least_bet(2, declared), cents * CENT)

    def test_the_default_limits_keep_to_it_and_no_bet_loses_more(self) -> None:
        nominal = Limits(8, 10**12, 10**17, 10**30)
        for code, currency in currencies(Invoker()).items():
            self.assertGreaterEqual(currency.min_bet, least_bet(currency.decimals), code)
            for one, whole in zip(returns(currency.limits), returns(nominal), strict=True):
                self.assertEqual(one.row, whole.row)
                self.assertLess(whole.at_least.lowest - one.lowest, 1 - DECLARED, (code, one.row.name, one.row.picks))
                if (one.row.name, one.row.picks) != ("seed", 5):
                    self.assertGreater(one.lowest, Fraction(978, 1000), (code, one.row.name, one.row.picks))
        found_least = {code: currency.min_bet for code, currency in currencies(Invoker()).items()}
        self.assertEqual((found_least["USD"], found_least["BTC"]), (least_bet(2), least_bet(8)))

    def test_the_greatest_bet_of_a_way_is_the_last_that_is_accepted(self) -> None:
        for limits in (DOLLARS, SATOSHI, Limits(2, UNITS, 50 * UNITS, 30 * UNITS)):
            for way in self.every():
                most = way.greatest(limits)
                if most is not None:
                    limits.stake(most).check_win(way.best)
                above = (most or 0) + (CENT if limits.decimals == 2 else 1)
                if most is not None and above <= limits.max_bet:
                    self.assertRaises(GameError, limits.stake(above).check_win, way.best)

    def test_what_cannot_be_bet_on_is_left_out(self) -> None:
        tight = Limits(2, UNITS, 50 * UNITS, 30 * UNITS)
        left = {(one.row.name, one.row.picks) for one in returns(tight)}
        self.assertIn(("high", 2), left)
        # A hundred times the stake is more than 30.00 beyond the least bet.
        self.assertNotIn(("low", 10), left)
        self.assertIn(("optimal play", None), left)

    def every(self) -> Iterator[Way]:
        for row in rows():
            yield from row.ways[::7]
