"""The figures in the package against a frozen copy of the season's tables (creeps.csv, towers.csv)."""

import csv
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash.tables import (
    ACTION_TICKS,
    CREEPS,
    DEFAULT_STRATEGY,
    INCOME_TICKS,
    NORMAL,
    SALE_PERCENT,
    START_INCOME,
    STRATEGIES,
    TEST_GAME,
    TICK_MS,
    TOWERS,
    sale_value,
)
from tests.games.creepsmash.stage import new_game, root
from tests.typed import the


def rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).with_name(name)).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hundredths(value: str | float) -> int:
    return round(float(value) * 100)


class TestCreeps(SynchronousTestCase):
    def test_all_figures(self) -> None:
        frozen = rows("creeps.csv")
        self.assertEqual([row["type"] for row in frozen], list(CREEPS))
        for row in frozen:
            kind = CREEPS[row["type"]]
            for figure in ("price", "income", "health", "speed", "bounty", "regeneration"):
                self.assertEqual(getattr(kind, figure), int(row[figure]), (kind.type, figure))
            self.assertEqual(kind.slow_immune, row["slow_immune"] == "true")
            self.assertEqual((kind.name, kind.description), (row["name"], row["description"]))

    def test_sixteen(self) -> None:
        self.assertEqual(len(CREEPS), 16)

    def test_the_bounty_is_the_income(self) -> None:
        self.assertEqual([kind.bounty for kind in CREEPS.values()], [kind.income for kind in CREEPS.values()])


class TestTowers(SynchronousTestCase):
    def test_all_figures(self) -> None:
        frozen = rows("towers.csv")
        self.assertEqual(
            [(row["family"], int(row["level"])) for row in frozen],
            [(family, level.level) for family, levels in TOWERS.items() for level in levels],
        )
        for row in frozen:
            level = TOWERS[row["family"]][int(row["level"]) - 1]
            for figure in ("price", "range", "cool_down", "damage", "splash_radius", "slow_ticks"):
                self.assertEqual(getattr(level, figure), int(row[figure]), (level.name, figure))
            self.assertEqual(level.splash_loss, hundredths(row["splash_loss"]))
            self.assertEqual(level.slow_percent, hundredths(row["slow_rate"]))
            self.assertEqual(level.rocket, row["weapon"] == "projectile")
            self.assertEqual(
                bool(level.splash_radius), row["weapon"] in ("splashlaser", "slowersplash", "projectile")
            )
            self.assertEqual(bool(level.slow_ticks), row["weapon"].startswith("slower"))
            self.assertEqual((level.name, level.description), (row["name"], row["description"]))

    def test_six_families(self) -> None:
        self.assertEqual({family: len(levels) for family, levels in TOWERS.items()}, FAMILIES)
        self.assertEqual(set(DEFAULT_STRATEGY), set(FAMILIES))
        self.assertLessEqual(set(DEFAULT_STRATEGY.values()), set(STRATEGIES))

    def test_a_sale_brings_three_quarters_of_all_that_was_paid(self) -> None:
        self.assertEqual(sale_value("BASIC", 1), 37)
        self.assertEqual(sale_value("BASIC", 3), 675)
        self.assertEqual(sale_value("ULTIMATE", 2), 52_500)

    def test_level_colours(self) -> None:
        self.assertEqual([level.color for level in TOWERS["SLOW"]], ["00FF00", "0000FF", "FF0000", "FFFFFF"])
        self.assertEqual([level.color for level in TOWERS["ULTIMATE"]], ["00FF00", "FFFFFF"])


FAMILIES = {"BASIC": 4, "SLOW": 4, "SPLASH": 4, "ROCKET": 4, "SPEED": 4, "ULTIMATE": 2}


class TestStartValues(SynchronousTestCase):
    def test_of_the_rules_page(self) -> None:
        self.assertEqual((NORMAL.lives, NORMAL.balance), (20, 200))
        self.assertEqual((TEST_GAME.lives, TEST_GAME.balance), (100, 100_000))
        self.assertEqual((TICK_MS * INCOME_TICKS, SALE_PERCENT, START_INCOME), (15_000, 75, 200))
        self.assertEqual(TICK_MS * ACTION_TICKS, 2_500)


class TestGuide(SynchronousTestCase):
    """Clients read the same figures from the guide."""

    def setUp(self) -> None:
        self.guide = root(new_game()).guide

    def test_creeps(self) -> None:
        described = {mapping.key: list(mapping.value) for mapping in the(self.guide).creep_descriptions}
        self.assertEqual(list(described), list(CREEPS))
        for kind in CREEPS.values():
            (found,) = described[kind.type]
            self.assertEqual(
                (found.type, found.name, found.description, found.price, found.bounty, found.slow_immune),
                (kind.type, kind.name, kind.description, kind.price, kind.bounty, kind.slow_immune),
            )
            self.assertEqual(
                (found.speed_max, found.health_max, found.income), (float(kind.speed), kind.health, kind.income)
            )

    def test_towers(self) -> None:
        described = {mapping.key: list(mapping.value) for mapping in the(self.guide).tower_descriptions}
        self.assertEqual(list(described), list(TOWERS))
        for family, levels in TOWERS.items():
            self.assertEqual([found.level for found in described[family]], [level.level for level in levels])
            for found, level in zip(described[family], levels, strict=True):
                self.assertEqual(
                    (found.type, found.name, found.description, found.price, found.damage, found.color),
                    (family, level.name, level.description, level.price, level.damage, level.color),
                )
                self.assertEqual(
                    (found.cool_down_max, found.range, found.splash_radius, found.slow_time),
                    (level.cool_down, float(level.range), float(level.splash_radius), level.slow_ticks),
                )
                self.assertEqual(
                    (hundredths(found.slow_rate), hundredths(found.splash_damage_reduction)),
                    (level.slow_percent, level.splash_loss),
                )
                self.assertEqual((found.sell_time, found.upgrade_time), (50, 50))
                self.assertEqual(found.sell_value, sale_value(family, level.level))
                self.assertEqual(found.upgradeable, level is not levels[-1])
