"""Print what every bet returns: the page docs/returns.md, for the limits that are configured."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from gameserver.edge.part import Installation
from gameserver.games.fair.returns import Returns, returns
from gameserver.games.fair.rtp import Range, percent
from gameserver.protocols.invoker.books import currencies
from gameserver.protocols.invoker.config import Invoker
from gameserver.wallet.offer import Currency

NAME = "returns"
ABOUT = "print what every bet of the fair games returns, as Markdown"

_HEAD = """# Returns

What every bet of the provably fair games returns, in percent, as [fairness](fairness.md) explains it. This page is
what `gameserver returns` prints with the default configuration; with another one it prints what holds there.

A row is a game, a grid of mines, or a table of keno with the numbers picked. It stands for every way to bet on it:
the targets of dice, the numbers of mines and of safe tiles before the player leaves. Two numbers are the lowest and
the highest of them. The greatest bet of each way is the currency's, or the most that the greatest profit allows.
`any` is the lowest at all stakes that are accepted. All are exact and cut to four decimals.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""


def run(_parsed: argparse.Namespace, installation: Installation) -> int:
    """Print the page."""
    print(page(currencies(installation.config.section(Invoker)).values()), end="")
    return 0


def page(offered: Iterable[Currency]) -> str:
    """Return the page about some currencies."""
    return "\n".join([_HEAD, *map(_table, offered)])


def _table(currency: Currency) -> str:
    bounds = f"{currency.shown(currency.min_bet)} to {currency.shown(currency.max_bet)}"
    lines = [
        f"## {currency.code}",
        "",
        f"Bets of {bounds}, a profit of {currency.shown(currency.max_profit)} at most.",
        "",
        "| game | at the least bet | at the greatest | any |",
        "|---|---|---|---|",
        *map(_line, returns(currency.limits)),
    ]
    return "\n".join(lines) + "\n"


def _line(found: Returns) -> str:
    row = found.row
    words = dict.fromkeys((row.game, row.name, *([str(row.picks)] if row.picks is not None else [])))
    return f"| {' '.join(words)} | {span(found.at_least)} | {span(found.at_greatest)} | {percent(found.lowest)} |"


def span(found: Range) -> str:
    """Return a range in percent, one number where both ends are the same."""
    lowest, highest = percent(found.lowest), percent(found.highest)
    return lowest if lowest == highest else f"{lowest} to {highest}"
