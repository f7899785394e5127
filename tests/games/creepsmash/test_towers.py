"""Towers: building, upgrading and selling take their time; what each family and level does to creeps."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.model import Creep, Tower
from gameserver.games.creepsmash.tables import TOWERS, TowerLevel
from gameserver.testing.game_events import lines
from tests.games.creepsmash.stage import (
    aim,
    arrivals,
    assets,
    build,
    cell,
    creeps,
    rich,
    sell,
    send,
    started,
    ticks,
    upgrade,
)
from tests.typed import the


def defended(
    *towers: tuple[str, int, int, int], kinds: Sequence[str] = ("FAT_COLOSSUS",), text: str | None = None
) -> tuple[CreepSmash, list[Tower]]:
    """The second player's towers (family, level, x, y) stand ready; the first one's creeps are on their way."""
    game = started() if text is None else started(text=text)
    rich(game, 0, 1)
    built = [build(game, 1, family, x, y) for family, _, x, y in towers]
    ticks(game, 50)
    for level in (2, 3, 4):
        for tower, (_, wanted, _, _) in zip(built, towers, strict=True):
            if level <= wanted:
                upgrade(game, 1, tower, level)
        ticks(game, 50)
    for kind in kinds:
        send(game, 0, kind)
    ticks(game, 50)
    return game, built


def await_fire(game: CreepSmash, tower: Tower) -> None:
    """Let time pass until a tower fires on somebody."""
    for _ in range(1_000):
        if tower.fire_on is not None:
            return
        ticks(game, 1)
    raise AssertionError("the tower never fires")


def losses(game: CreepSmash, creep: Creep, count: int) -> list[tuple[int, int]]:
    """What a creep loses: (tick, health lost), tick by tick."""
    found, health = [], creep.health
    for tick in range(1, count + 1):
        ticks(game, 1)
        if creep.health != health:
            found.append((tick, health - creep.health))
            health = creep.health
    return found


class TestWorks(SynchronousTestCase):
    def test_a_build(self) -> None:
        game = started()
        tower = build(game, 0, "SLOW", 3, 7)
        self.assertEqual((tower.type, tower.level, tower.strategy, tower.color), ("SLOW", 1, "FASTEST", "00FF00"))
        self.assertEqual((tower.building, tower.upgrading, tower.selling), (True, False, False))
        self.assertEqual((tower.cell, tower.user_assets), (cell(game, 0, 3, 7), assets(game, 0)))
        game.model.take()
        ticks(game, 49)
        self.assertTrue(tower.building)
        ticks(game, 1)
        self.assertEqual((tower.building, tower.build_progress), (False, 1.0))
        told = [new for source, prop, _, new in lines(game.model.take()) if prop == "buildProgress"]
        self.assertEqual(told, [f"{tenth / 10}" for tenth in range(1, 11)])

    def test_an_upgrade(self) -> None:
        game = started(test_game=True)
        tower = build(game, 0, "SLOW", 3, 7)
        ticks(game, 50)
        upgrade(game, 0, tower, 2)
        ticks(game, 49)
        self.assertEqual((tower.upgrading, tower.level, tower.color), (True, 1, "00FF00"))
        ticks(game, 1)
        self.assertEqual((tower.upgrading, tower.level, tower.color), (False, 2, "0000FF"))

    def test_a_sale(self) -> None:
        game = started()
        tower = build(game, 0, "BASIC", 3, 7)
        place = the(tower.cell)
        ticks(game, 50)
        sell(game, 0, tower)
        self.assertTrue(tower.selling)
        ticks(game, 49)
        self.assertEqual(list(place.elements), [tower])
        game.model.take()
        ticks(game, 1)
        happened = lines(game.model.take())
        mine = assets(game, 0)
        self.assertEqual(
            happened[:5],
            [
                (place.id, "elements", tower.id, None),
                (tower.id, "cell", place.id, None),
                (mine.id, "towers", tower.id, None),
                (tower.id, "userAssets", mine.id, None),
                (mine.id, "balance", "150", "187"),
            ],
        )

    def test_it_fires_while_upgraded_or_sold_but_not_while_built(self) -> None:
        game = started(test_game=True)
        rich(game, 0)
        send(game, 0, "FAT_COLOSSUS")
        ticks(game, 60)
        (creep,) = creeps(game, 1)
        tower = build(game, 1, "SPEED", 6, 7)
        self.assertEqual(losses(game, creep, 49), [])
        self.assertEqual(losses(game, creep, 1), [(1, 225)])
        upgrade(game, 1, tower, 2)
        self.assertEqual(losses(game, creep, 49), [(tick, 225) for tick in (9, 18, 27, 36, 45)])
        ticks(game, 1)
        sell(game, 1, tower)
        self.assertEqual(losses(game, creep, 8), [(4, 450)])

    def test_a_tower_that_is_sold_falls_silent(self) -> None:
        game, (tower,) = defended(("SPEED", 4, 8, 7))
        (creep,) = creeps(game, 1)
        await_fire(game, tower)
        sell(game, 1, tower)
        self.assertEqual(len(losses(game, creep, 60)), 16)
        self.assertIsNone(tower.fire_on)

    def test_an_upgrade_gives_the_new_reach_at_once(self) -> None:
        """A creep out of the old reach and in the new one is fired on in the tick in which the work is done."""
        game, (tower,) = defended(("ULTIMATE", 1, 12, 7))
        (creep,) = creeps(game, 1)
        upgrade(game, 1, tower, 2)
        # Range 150 of level 2 is 7.5 cells: at tick 50 the creep has walked 3.5 cells of 12.
        self.assertEqual(losses(game, creep, 100)[0][1], 40_000)


class TestShots(SynchronousTestCase):
    def levels(self, wanted: Callable[[TowerLevel], bool]) -> list[tuple[str, TowerLevel]]:
        return [(family, level) for family, levels in TOWERS.items() for level in levels if wanted(level)]

    def test_lasers_hit_at_once_for_their_damage_as_often_as_they_may(self) -> None:
        for family, level in self.levels(lambda level: not level.rocket):
            game, _ = defended((family, level.level, 8, 7))
            (creep,) = creeps(game, 1)
            found = losses(game, creep, 220)
            with self.subTest(tower=level.name):
                self.assertEqual({lost for _, lost in found}, {level.damage})
                apart = {later[0] - earlier[0] for earlier, later in pairwise(found)}
                self.assertEqual(apart, {level.cool_down})

    def test_the_first_shot_is_when_the_creep_comes_in_reach(self) -> None:
        for family, level in self.levels(lambda level: not level.rocket and level.range < 140):
            game, _ = defended((family, level.level, 8, 7))
            (creep,) = creeps(game, 1)
            reach = level.range * 50
            first = next(tick for tick in range(1, 300) if (tick * 70 - 8_000) ** 2 + 1_000**2 < reach**2)
            self.assertEqual(losses(game, creep, 220)[0][0], first, level.name)

    def test_rockets_fly_and_then_hit_for_their_damage(self) -> None:
        for family, level in self.levels(lambda level: level.rocket):
            game, (tower,) = defended((family, level.level, 8, 6))
            (creep,) = creeps(game, 1)
            await_fire(game, tower)
            found = losses(game, creep, 60)
            with self.subTest(tower=level.name):
                self.assertEqual([lost for _, lost in found], [level.damage])
                self.assertGreater(found[0][0], 5)

    def test_rockets_are_accelerated(self) -> None:
        """From the edge of its range, two cells and a half, a rocket needs less than the time at its first pace."""
        game, (tower,) = defended(("ROCKET", 1, 8, 6))
        (creep,) = creeps(game, 1)
        await_fire(game, tower)
        self.assertLess(losses(game, creep, 60)[0][0], 2_500 // 100)


class TestSplash(SynchronousTestCase):
    def test_the_less_the_farther_from_the_target(self) -> None:
        game, (tower,) = defended(("SPLASH", 1, 8, 7), kinds=("FAT_COLOSSUS",) * 3)
        walking = creeps(game, 1) + arrivals(game, 1, 3)[1:]
        await_fire(game, tower)
        self.assertIs(tower.fire_on, walking[0])
        # Each is 3 ticks of 70 steps behind the one before: 4.2 and 8.4 pixels. 50 - int(50 * 0.7 / 35 * pixels).
        self.assertEqual([15_000_000 - creep.health for creep in walking], [50, 46, 42])

    def test_strictly_within_the_radius(self) -> None:
        """Radius 25 pixels are 1250 steps: six creeps apart by 210 are 1050 and 1260 away."""
        game, (tower,) = defended(("SLOW", 4, 8, 7), kinds=("FAT_COLOSSUS",) * 7)
        walking = arrivals(game, 1, 7)
        await_fire(game, tower)
        hurt = [creep for creep in walking if creep.health < 15_000_000]
        self.assertEqual(len(hurt), 6)
        self.assertTrue(all(creep.slowed for creep in hurt))
        self.assertEqual(hurt, walking[:6])
        self.assertFalse(walking[6].slowed)

    def test_it_kills_many_and_pays_for_each(self) -> None:
        game, _ = defended(("SPLASH", 4, 8, 7), kinds=("MERCURY",) * 5)
        before = assets(game, 1).balance
        ticks(game, 200)
        # 25 bounty for five, and an income of 200 on the way.
        self.assertEqual((creeps(game), assets(game, 1).balance), ([], before + 25 + 200))


class TestSlowing(SynchronousTestCase):
    def slowed(self, kind: str, level: int) -> tuple[CreepSmash, Creep]:
        game, (tower,) = defended(("SLOW", level, 8, 7), kinds=(kind,))
        (creep,) = creeps(game, 1)
        await_fire(game, tower)
        return game, creep

    def test_by_how_much_and_how_long(self) -> None:
        for level in TOWERS["SLOW"]:
            game, creep = self.slowed("FAT_COLOSSUS", level.level)
            self.assertEqual((creep.slowed, creep.slow_time), (True, float(level.slow_ticks)))
            self.assertEqual(creep.speed, float(70 * (100 - level.slow_percent) // 100))
            # Another hit of the same tower makes it no slower and so does not prolong it.
            ticks(game, level.slow_ticks - 1)
            self.assertTrue(creep.slowed)
            ticks(game, 1)
            self.assertEqual((creep.slowed, creep.slow_time, creep.speed), (False, 0.0, 70.0))

    def test_the_immune_are_hurt_only(self) -> None:
        _, creep = self.slowed("PHOENIX", 4)
        self.assertEqual((creep.health, creep.slowed, creep.speed), (2_499_900, False, 80.0))

    def test_a_stronger_one_replaces_a_weaker_one(self) -> None:
        game, (weak, strong) = defended(("SLOW", 1, 8, 7), ("SLOW", 3, 8, 9))
        (creep,) = creeps(game, 1)
        await_fire(game, strong)
        self.assertEqual((creep.speed, creep.slow_time), (38.0, 50.0))
        await_fire(game, weak)
        self.assertEqual((creep.speed, creep.slow_time), (38.0, 50.0))

    def test_a_slow_creep_takes_longer(self) -> None:
        times = []
        for towers in ((), (("SLOW", 1, 8, 7),)):
            game, _ = defended(*towers)
            elapsed = 0
            while assets(game, 1).lives == 20:
                ticks(game, 1)
                elapsed += 1
            times.append(elapsed)
        self.assertEqual(times[0], 215)
        # A reach of 2872 steps: of 41 ticks' walk at full speed about 40 ticks are at 49 instead of 70 steps.
        self.assertTrue(215 + 10 <= times[1] <= 215 + 24, times)


class TestRockets(SynchronousTestCase):
    def test_one_whose_target_dies_looks_for_another(self) -> None:
        game, (rocket, helper) = defended(("ROCKET", 1, 8, 6), ("SPEED", 2, 9, 6), kinds=("MERCURY", "FAT_COLOSSUS"))
        for tower in (rocket, helper):
            aim(game, 1, tower, "WEAKEST")
        weak, strong = arrivals(game, 1, 2)
        game.model.take()
        await_fire(game, rocket)
        self.assertIs(rocket.fire_on, weak)
        hurt = losses(game, strong, 60)
        self.assertEqual(weak.health, 0)
        self.assertIn(1_000, [lost for _, lost in hurt])

    def test_one_without_any_target_left_bursts_where_it_is(self) -> None:
        """Its victim dies beyond the rocket's reach of anybody; a creep far behind is not hit."""
        game, (rocket, _) = defended(("ROCKET", 1, 8, 6), ("SPEED", 2, 9, 6), kinds=("MERCURY",))
        await_fire(game, rocket)
        ticks(game, 30)
        self.assertEqual(creeps(game), [])
        send(game, 0, "FAT_COLOSSUS")
        (creep,) = arrivals(game, 1, 1)
        self.assertEqual(losses(game, creep, 60), [])

    def test_those_of_somebody_who_is_out_vanish(self) -> None:
        game = started(players=3)
        rich(game, 0, 1)
        tower = build(game, 1, "ROCKET", 13, 6)
        send(game, 0, "FAT_COLOSSUS")
        ticks(game, 50)
        (creep,) = creeps(game, 1)
        await_fire(game, tower)
        game.leave(1)
        self.assertEqual(losses(game, creep, 60), [])


class TestIdle(SynchronousTestCase):
    def test_a_tower_that_reaches_no_way_never_fires(self) -> None:
        game, _ = defended(("BASIC", 1, 8, 1))
        (creep,) = creeps(game, 1)
        self.assertEqual(losses(game, creep, 200), [])

    def test_towers_do_not_fire_on_other_tiles(self) -> None:
        game = started(players=3)
        rich(game, 0, 2)
        tower = build(game, 2, "ULTIMATE", 8, 7)
        ticks(game, 50)
        send(game, 0, "FAT_COLOSSUS")
        ticks(game, 50 + 200)
        self.assertEqual((creeps(game, 2), tower.fire_on), ([], None))
        self.assertEqual(creeps(game, 1)[0].health, 15_000_000)

    def test_firing_is_told_with_both_beginning_and_end(self) -> None:
        game, (tower,) = defended(("BASIC", 1, 8, 7))
        (creep,) = creeps(game, 1)
        game.model.take()
        ticks(game, 220)
        told = [line for line in lines(game.model.take()) if line[:2] == (tower.id, "fireOn")]
        self.assertEqual(told, [(tower.id, "fireOn", None, creep.id), (tower.id, "fireOn", creep.id, None)])
