"""The figures of CreepSmash: start values, the six tower families, the sixteen creeps.

Start values are those of the SS12 rules page (20 lives and 200 credits, in a test game 100 and 100000; income every
15 seconds; 75 % back for a sold tower). Towers and creeps carry the figures of the published CreepSmash game of
2010, level colours those of its successor CreepTD. Distances are pixels (20 a cell), times ticks of 50 ms, speeds
thousandths of a cell a tick; rates are whole percents, so that the rules count in integers only.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

#: Length of a tick in milliseconds.
TICK_MS = 50
#: Ticks from one income to the next: 15 seconds.
INCOME_TICKS = 300
#: Ticks a second has.
SECOND_TICKS = 20
#: Ticks a build, an upgrade, a sale takes, and a creep from being sent to its first step: 2.5 seconds.
ACTION_TICKS = 50
#: Least ticks between two creeps of one sender (the published client waits 130 ms).
SEND_TICKS = 3
#: Most creeps of one sender that may be on their way to their first step.
SEND_QUEUE = 200
#: Percent of all that was paid for a tower that its sale brings back.
SALE_PERCENT = 75
#: Income of a player at the start.
START_INCOME = 200
#: Most credits, and most income, a player can have: clients read both as 32 bit numbers.
MOST_CREDITS = 2**31 - 1
#: Pixels across a cell, in which ranges and splash radii are given.
CELL_PIXELS = 20

STRATEGIES = ("CLOSEST", "FASTEST", "STRONGEST", "FARTHEST", "WEAKEST")


@attrs.frozen
class StartValues:
    """What every player begins with."""

    lives: int
    balance: int


NORMAL = StartValues(lives=20, balance=200)
TEST_GAME = StartValues(lives=100, balance=100_000)


@attrs.frozen
class TowerLevel:
    """One level of a tower family. ``price`` is that of this level alone.

    ``splash_loss`` is the percentage of the damage lost at the rim of the splash, ``slow_percent`` the part of its
    speed a hit creep loses for ``slow_ticks``. A ``rocket`` flies to its target, everything else hits at once.
    """

    family: str
    level: int
    price: int
    range: int
    cool_down: int
    damage: int
    splash_radius: int
    splash_loss: int
    slow_percent: int
    slow_ticks: int
    rocket: bool
    description: str

    @property
    def name(self) -> str:
        """The name shown to players, for example ``Rockettower lvl 1``."""
        return f"{self.family.capitalize()}tower lvl {self.level}"

    @property
    def color(self) -> str:
        """The colour of the level, six hex digits: green, blue, red, white; the last level of all is white."""
        if self.family == "ULTIMATE" and self.level == 2:
            return LEVEL_COLORS[-1]
        return LEVEL_COLORS[self.level - 1]


LEVEL_COLORS = ("00FF00", "0000FF", "FF0000", "FFFFFF")

_SLOWS = "slows target"
_SLOWS_MANY = "slows multiple targets"
_MANY = "attacks multiple targets"

# fmt: off
_TOWER_ROWS = (
    #  family, level,  price, range, cool, damage, splash, loss, slow%, slow ticks, rocket, description
    ("BASIC",    1,       50,    35,   13,     25,      0,    0,     0,          0, False, ""),
    ("BASIC",    2,      100,    40,   13,     50,      0,    0,     0,          0, False, ""),
    ("BASIC",    3,      750,    45,   13,    200,      0,    0,     0,          0, False, ""),
    ("BASIC",    4,     2000,    50,   13,    750,      0,    0,     0,          0, False, ""),
    ("SLOW",     1,      100,    35,   15,     25,      0,    0,    30,         40, False, _SLOWS),
    ("SLOW",     2,      200,    45,   16,     50,      0,    0,    35,         40, False, _SLOWS),
    ("SLOW",     3,      400,    50,   17,     75,      0,    0,    45,         50, False, _SLOWS),
    ("SLOW",     4,     3000,    55,   18,    100,     25,   70,    50,         50, False, _SLOWS_MANY),
    ("SPLASH",   1,      250,    40,   15,     50,     35,   70,     0,          0, False, _MANY),
    ("SPLASH",   2,      750,    45,   12,    200,     35,   70,     0,          0, False, _MANY),
    ("SPLASH",   3,     3000,    55,   10,    400,     35,   60,     0,          0, False, _MANY),
    ("SPLASH",   4,     7500,    60,   10,   1100,     35,   50,     0,          0, False, _MANY),
    ("ROCKET",   1,     1000,    50,   75,   1000,     25,   80,     0,          0, True,  _MANY),
    ("ROCKET",   2,     3000,    60,   75,   2500,     25,   80,     0,          0, True,  _MANY),
    ("ROCKET",   3,     7500,    70,   65,   7500,     30,   70,     0,          0, True,  _MANY),
    ("ROCKET",   4,    15000,    80,   60,  15000,     35,   60,     0,          0, True,  _MANY),
    ("SPEED",    1,     1000,    50,    9,    225,      0,    0,     0,          0, False, ""),
    ("SPEED",    2,     3000,    55,    7,    450,      0,    0,     0,          0, False, ""),
    ("SPEED",    3,     7500,    60,    5,   1100,      0,    0,     0,          0, False, ""),
    ("SPEED",    4,    15000,    65,    3,   1800,      0,    0,     0,          0, False, ""),
    ("ULTIMATE", 1,    20000,   100,  100,  25000,      0,    0,     0,          0, False, ""),
    ("ULTIMATE", 2,    50000,   150,   50,  40000,      0,    0,     0,          0, False, ""),
)
# fmt: on

#: The strategy a tower starts with, by family.
DEFAULT_STRATEGY = {
    "BASIC": "CLOSEST",
    "SLOW": "FASTEST",
    "SPLASH": "CLOSEST",
    "ROCKET": "STRONGEST",
    "SPEED": "STRONGEST",
    "ULTIMATE": "STRONGEST",
}


def _families() -> Mapping[str, tuple[TowerLevel, ...]]:
    families: dict[str, tuple[TowerLevel, ...]] = {}
    for row in _TOWER_ROWS:
        level = TowerLevel(*row)
        families[level.family] = (*families.get(level.family, ()), level)
    return families


#: Every tower family by its wire name, its levels in order.
TOWERS: Mapping[str, tuple[TowerLevel, ...]] = _families()


def sale_value(family: str, level: int) -> int:
    """Return what the sale of a tower of that level brings: 75 % of all paid for it, in whole credits."""
    return sum(row.price for row in TOWERS[family][:level]) * SALE_PERCENT // 100


@attrs.frozen
class CreepKind:
    """One kind of creep. ``income`` is what one sent creep adds to its sender's income for good."""

    type: str
    price: int
    income: int
    health: int
    speed: int
    bounty: int
    slow_immune: bool
    regeneration: int
    description: str

    @property
    def name(self) -> str:
        """The name shown to players, for example ``Racing Mamba``."""
        return self.type.replace("_", " ").title()


# fmt: off
_CREEP_ROWS = (
    #  type,              price, income,   health, speed, bounty, immune, regeneration, description
    ("MERCURY",              50,      5,      300,    70,      5, False,   0, ""),
    ("MAKO",                100,     10,      700,    65,     10, False,   0, ""),
    ("FAST_NOVA",           250,     25,     1400,    80,     25, False,   0, ""),
    ("LARGE_MANTA",         500,     50,     3500,    50,     50, False,   0, ""),
    ("DEMETER",            1000,     90,     7000,    60,     90, False,   0, ""),
    ("RAY",                2000,    180,    14000,    65,    180, True,    0, "Slow immunity"),
    ("SPEEDY_RAIDER",      4000,    360,    30000,    90,    360, False,   0, "fast"),
    ("BIG_TOUCAN",         8000,    720,    80000,    60,    720, False,   0, ""),
    ("VULTURE",           15000,   1200,   140000,    70,   1200, False,   0, ""),
    ("SHARK",             25000,   2000,   250000,    75,   2000, True,    0, "Slow immunity"),
    ("RACING_MAMBA",      40000,   3200,   500000,   100,   3200, False,   0, "fast"),
    ("HUGE_TITAN",        60000,   4800,  1200000,    65,   4800, False,   0, ""),
    ("ZEUS",             100000,   7000,  1500000,    65,   7000, False, 500, "Regenerates"),
    ("PHOENIX",          200000,  14000,  2500000,    80,  14000, True,    0, "Slow immunity"),
    ("EXPRESS_RAPTOR",   400000,  28000,  6000000,   140,  28000, False,   0, "Super fast"),
    ("FAT_COLOSSUS",    1000000,  56000, 15000000,    70,  56000, False,   0, ""),
)
# fmt: on

#: Every creep by its wire name, cheapest first.
CREEPS: Mapping[str, CreepKind] = {row[0]: CreepKind(*row) for row in _CREEP_ROWS}
