"""Money and multipliers as integers, exact in every step.

An amount is a number of units of 1e-8 of the currency. A multiplier is a number of ten-thousandths. What leaves is
a decimal string; whatever has to be cut is cut towards zero, never rounded up.
"""

from __future__ import annotations

import re
from fractions import Fraction

import attrs

from gameserver.errors import Code, GameError

#: Decimals of an amount inside, and units in one of the currency.
DECIMALS = 8
UNITS = 100_000_000

#: Decimals of a multiplier inside, and parts in the multiplier 1.
MULTIPLIER_DECIMALS = 4
PARTS = 10_000

#: A multiplier is shown with at least so many decimals.
SHOWN_DECIMALS = 2

#: What is read at most: the stored DECIMAL(18,8) has ten digits before the point.
_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,8})?", re.ASCII)


def _step(decimals: int) -> int:
    """Return the units of the last decimal of a currency."""
    return int(10 ** (DECIMALS - decimals))


def parse_amount(text: object, decimals: int) -> int:
    """Return the units of a positive amount in a currency with ``decimals`` decimals.

    ``GameError`` ``bad_amount`` for anything but an ASCII decimal string greater
    than 0 without sign, exponent or blanks, with at most ten digits before and ``decimals`` behind the point.
    """
    if not isinstance(text, str) or _AMOUNT.fullmatch(text) is None:
        raise GameError(Code.BAD_AMOUNT, 'An amount is a string of decimal digits such as "10.50".')
    whole, _, behind = text.partition(".")
    if len(behind) > decimals:
        raise GameError(Code.BAD_AMOUNT, f"An amount of this currency has at most {decimals} decimals.")
    units = int(whole) * UNITS + int(behind.ljust(DECIMALS, "0") or "0")
    if units == 0:
        raise GameError(Code.BAD_AMOUNT, "The amount must be greater than 0.")
    return units


def format_amount(units: int, decimals: int) -> str:
    """Return ``units`` with exactly ``decimals`` decimals, ``"-0.10"`` below zero. ``ValueError`` if that cuts."""
    step = _step(decimals)
    if units % step:
        raise ValueError(f"{units} units have more than {decimals} decimals")
    whole, behind = divmod(abs(units) // step, UNITS // step)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{behind:0{decimals}d}" if decimals else f"{sign}{whole}"


def cut(units: int, decimals: int) -> int:
    """Return an amount (not negative) cut to the decimals of its currency."""
    return units - units % _step(decimals)


def cut_multiplier(exact: Fraction) -> int:
    """Return the ten-thousandths of a multiplier, cut to four decimals."""
    return exact.numerator * PARTS // exact.denominator


def format_multiplier(parts: int) -> str:
    """Return a multiplier with two to four decimals: ``"2.00"``, ``"1.9804"``, ``"1.237"``."""
    whole, behind = divmod(parts, PARTS)
    digits = f"{behind:0{MULTIPLIER_DECIMALS}d}".rstrip("0").ljust(SHOWN_DECIMALS, "0")
    return f"{whole}.{digits}"


def greatest_stake(multiplier: int, decimals: int, max_profit: int) -> int:
    """Return the most units that can be bet where a multiplier above 1 may be won, cut to the decimals."""
    return cut(max_profit * PARTS // (multiplier - PARTS), decimals)


@attrs.frozen
class Stake:
    """What a bet is placed under: the amount and the currency's rules, all in units of 1e-8.

    A win is always paid in full: a bet that could win more than ``max_profit`` beyond its stake is refused before it.
    """

    amount: int
    decimals: int
    max_profit: int

    def payout(self, multiplier: int) -> int:
        """Return what a multiplier (ten-thousandths) pays, the stake included, cut to the currency's decimals."""
        return cut(self.amount * multiplier // PARTS, self.decimals)

    def can_win(self, multiplier: int) -> bool:
        """Whether a multiplier's profit is within the greatest."""
        return self.amount * (multiplier - PARTS) <= self.max_profit * PARTS

    def check_win(self, multiplier: int) -> None:
        """Raise ``GameError`` ``bet_too_high`` if the greatest multiplier of a bet could not be paid in full."""
        if not self.can_win(multiplier):
            most = format_amount(greatest_stake(multiplier, self.decimals, self.max_profit), self.decimals)
            profit = format_amount(cut(self.max_profit, self.decimals), self.decimals)
            text = f"This bet could win more than {profit} beyond its stake: at most {most} can be bet on it."
            raise GameError(Code.BET_TOO_HIGH, text, {"maxBet": most, "maxProfit": profit})
