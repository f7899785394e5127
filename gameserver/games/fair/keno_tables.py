"""Pay tables of keno: multipliers by numbers picked (1 to 10) and hits (0 on), as decimal strings.

``seed`` is the classic table with the five-number row that the Invoker document prints.
"""

from __future__ import annotations

from fractions import Fraction

from gameserver.games.fair.money import cut_multiplier

_CLASSIC = """
0 3.96
0 1.9 4.5
0 1 3.1 10.4
0 .8 1.8 5 22.5
0 .25 1.4 4.1 16.5 36
0 0 1 3.68 7 16.5 40
0 0 .47 3 4.5 14 31 60
0 0 0 2.2 4 13 22 55 70
0 0 0 1.55 3 8 15 44 60 85
0 0 0 1.4 2.25 4.5 8 17 50 80 100
"""

_LOW = """
0.7 1.85
0 2 3.8
0 1.1 1.38 26
0 0 2.2 7.9 90
0 0 1.5 4.2 13 300
0 0 1.1 2 6.2 100 700
0 0 1.1 1.6 3.5 15 225 700
0 0 1.1 1.5 2 5.5 39 100 800
0 0 1.1 1.3 1.7 2.5 7.5 50 250 1000
0 0 1.1 1.2 1.3 1.8 3.5 13 50 250 1000
"""

_MEDIUM = """
0.4 2.75
0 1.8 5.1
0 0 2.8 50
0 0 1.7 10 100
0 0 1.4 4 14 390
0 0 0 3 9 180 710
0 0 0 2 7 30 400 800
0 0 0 2 4 11 67 400 900
0 0 0 2 2.5 5 15 100 500 1000
0 0 0 1.6 2 4 7 26 100 500 1000
"""

_HIGH = """
0 3.96
0 0 17.1
0 0 0 81.5
0 0 0 10 259
0 0 0 4.5 48 450
0 0 0 0 11 350 710
0 0 0 0 7 90 400 800
0 0 0 0 5 20 270 600 900
0 0 0 0 4 11 56 500 800 1000
0 0 0 0 3.5 8 13 63 500 800 1000
"""

_SEED_FIVE = "0 0 0 1 2.5 10"

#: One row a number of picks; a row has ten-thousandths for 0, 1, 2 … hits.
Table = tuple[tuple[int, ...], ...]


def _row(text: str) -> tuple[int, ...]:
    return tuple(cut_multiplier(Fraction(word)) for word in text.split())


def _table(text: str) -> Table:
    return tuple(_row(line) for line in text.strip().splitlines())


def _with_seed_row(table: Table) -> Table:
    return (*table[:4], _row(_SEED_FIVE), *table[5:])


#: The table that is paid when a bet names no difficulty.
DEFAULT = "seed"

TABLES: dict[str, Table] = {
    DEFAULT: _with_seed_row(_table(_CLASSIC)),
    "classic": _table(_CLASSIC),
    "low": _table(_LOW),
    "medium": _table(_MEDIUM),
    "high": _table(_HIGH),
}

#: What a bet may name.
DIFFICULTIES = ("classic", "low", "medium", "high")
