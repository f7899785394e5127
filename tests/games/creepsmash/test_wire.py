"""What clients see: the order of dumps, the events of what happens, and what a slow reader may be spared."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.model import Creep, Tower
from gameserver.games.entity import dump
from gameserver.testing.game_events import changes, dumped, lines
from tests.games.creepsmash.stage import (
    arrivals,
    assets,
    build,
    cell,
    creeps,
    map_of,
    new_game,
    rich,
    root,
    send,
    started,
    ticks,
    upgrade,
)
from tests.typed import the

PROPERTIES = {
    "CreepSmashGame": [
        *("guide", "users", "tiles", "winner", "name", "numPlayers", "running", "testGame", "nextIncome", "speed"),
    ],
    "UserAssets": ["game", "tile", "user", "color", "lives", "visitor", "balance", "income", "towers"],
    "User": ["team", "nickname"],
    "Team": ["name", "users"],
    "Tile": ["game", "userAssets", "map", "position"],
    "Map": [
        *("tile", "cells", "waypoints", "enterWaypoint", "exitWaypoint"),
        *("background", "name", "createBy", "version"),
    ],
    "Cell": ["map", "type", "x", "y", "elements"],
    "Waypoint": ["cell", "next", "previous"],
    "Tower": [
        *("cell", "userAssets", "type", "level", "strategy", "building", "upgrading", "selling"),
        *("buildProgress", "fireOn", "color"),
    ],
    "Creep": ["cell", "currentWaypoint", "health", "speed", "slowed", "slowTime", "type", "userAssets"],
    "Guide": ["creepDescriptions", "towerDescriptions"],
    "CreepTypeToCreepMapping": ["key", "value"],
    "TowerTypeToTowerMapping": ["key", "value"],
    "CreepDescription": [
        *("description", "name", "price", "bounty", "slowImmune", "speedMax", "type", "healthMax", "income"),
    ],
    "TowerDescription": [
        *("description", "name", "price", "coolDownMax", "damage", "range", "sellTime", "sellValue", "slowRate"),
        *("slowTime", "upgradeable", "upgradeTime", "level", "type", "color", "splashRadius"),
        "splashDamageReduction",
    ],
}


def fighting() -> tuple[CreepSmash, Tower, Creep]:
    """A tower of the second player has a creep before it and fires."""
    game = started()
    rich(game, 0, 1)
    tower = build(game, 1, "BASIC", 3, 7)
    send(game, 0, "MAKO")
    ticks(game, 90)
    return game, tower, creeps(game)[0]


class TestDumps(SynchronousTestCase):
    def test_every_class_with_all_its_properties_in_order(self) -> None:
        game, _, _ = fighting()
        found: dict[str, dict[str, None]] = {}
        for source, prop, *_ in dumped(game.root):
            found.setdefault(source.split("@")[0], {})[prop] = None
        self.assertEqual({kind: list(props) for kind, props in found.items()}, PROPERTIES)

    def test_the_guide_comes_first_and_speed_last(self) -> None:
        game = new_game()
        shown = dumped(game.root)
        self.assertEqual(shown[0], (game.root.id, "guide", None, the(root(game).guide).id))
        self.assertEqual(shown[-1], (game.root.id, "speed", None, "1.0"))
        first = [prop for source, prop, *_ in shown if source == the(root(game).guide).id]
        self.assertEqual(first, ["creepDescriptions"] * 16 + ["towerDescriptions"] * 6)

    def test_every_object_once_and_whole(self) -> None:
        game, _, _ = fighting()
        single = {(source, prop) for source, prop, *_ in dumped(game.root)}
        for source, prop, _, new in dumped(game.root):
            if new is not None and "@" in new:
                kind = new.split("@")[0]
                self.assertTrue(any((new, name) in single for name in PROPERTIES[kind]), (source, prop, new))

    def test_a_value_that_is_not_there_is_told_as_none(self) -> None:
        shown = dumped(new_game().root)
        self.assertIn((shown[0][0], "winner", None, None), shown)

    def test_numbers_as_clients_parse_them(self) -> None:
        shown = {(source.split("@")[0], prop): new for source, prop, _, new in dumped(fighting()[0].root)}
        for key in (
            ("Creep", "speed"),
            ("Creep", "slowTime"),
            ("Tower", "buildProgress"),
            ("TowerDescription", "range"),
        ):
            self.assertIn(".", shown[key])
        for key in (("UserAssets", "lives"), ("Creep", "health"), ("TowerDescription", "damage"), ("Cell", "x")):
            self.assertNotIn(".", shown[key])
        self.assertEqual(shown["CreepSmashGame", "nextIncome"], "11.0")
        self.assertEqual(shown["CreepSmashGame", "running"], "true")

    def test_everybody_sees_everything(self) -> None:
        game, _, _ = fighting()
        game.join(5, Participant("guest", "SE", visitor=True))
        self.assertEqual(dumped(game.root, 0), dumped(game.root, 5))
        self.assertEqual({change.audience for change in dump(game.root, None)}, {None})

    def test_members_of_the_team_outside_the_game_are_shown(self) -> None:
        game = new_game()
        game.join(5, Participant("guest", "T", ("guest", "absent"), visitor=True))
        names = [new for source, prop, _, new in dumped(game.root) if prop == "nickname"]
        self.assertEqual(names, ["bob", "alice", "absent", "guest"])


class TestEvents(SynchronousTestCase):
    def test_a_newcomer_is_introduced_before_he_is_hung_in(self) -> None:
        game = new_game()
        game.model.take()
        game.join(5, Participant("guest", "Guests", visitor=True))
        happened = lines(game.model.take())
        guest = game.assets(5)
        self.assertEqual(happened[0], (guest.id, "game", None, game.root.id))
        self.assertEqual(happened[-1], (game.root.id, "users", None, guest.id))
        self.assertIn((the(guest.user).id, "nickname", None, "guest"), happened)

    def test_a_tower_is_built(self) -> None:
        game = started()
        mine, place = assets(game, 0), cell(game, 0, 3, 3)
        tower = build(game, 0, "BASIC", 3, 3)
        self.assertEqual(
            lines(game.model.take()),
            [
                (tower.id, "cell", None, None),
                (tower.id, "userAssets", None, mine.id),
                (tower.id, "type", None, "BASIC"),
                (tower.id, "level", None, "0"),
                (tower.id, "strategy", None, "CLOSEST"),
                (tower.id, "building", None, "true"),
                (tower.id, "upgrading", None, "false"),
                (tower.id, "selling", None, "false"),
                (tower.id, "buildProgress", None, "0.0"),
                (tower.id, "fireOn", None, None),
                (tower.id, "color", None, "00FF00"),
                (mine.id, "towers", None, tower.id),
                (tower.id, "cell", None, place.id),
                (place.id, "elements", None, tower.id),
                (tower.id, "level", "0", "1"),
                (mine.id, "balance", "200", "150"),
            ],
        )
        ticks(game, 50)
        self.assertEqual(
            [line for line in lines(game.model.take()) if line[0] == tower.id][-2:],
            [(tower.id, "buildProgress", "0.9", "1.0"), (tower.id, "building", "true", "false")],
        )

    def test_a_tower_is_upgraded(self) -> None:
        game = started()
        tower = build(game, 0, "BASIC", 3, 3)
        ticks(game, 50)
        game.model.take()
        upgrade(game, 0, tower, 2)
        mine = assets(game, 0)
        self.assertEqual(
            lines(game.model.take()),
            [(mine.id, "balance", "150", "50"), (tower.id, "upgrading", "false", "true")],
        )
        ticks(game, 50)
        self.assertEqual(
            [line for line in lines(game.model.take()) if line[0] == tower.id],
            [
                (tower.id, "level", "1", "2"),
                (tower.id, "color", "00FF00", "0000FF"),
                (tower.id, "upgrading", "true", "false"),
            ],
        )

    def test_a_creep_is_paid_for_and_appears(self) -> None:
        game = started()
        sender, entry = assets(game, 0), the(map_of(game, 1).enter_waypoint)
        send(game, 0, "MAKO")
        self.assertEqual(
            lines(game.model.take()),
            [(sender.id, "balance", "200", "100"), (sender.id, "income", "200", "210")],
        )
        ticks(game, 49)
        game.model.take()
        (creep,) = arrivals(game, 1, 1)
        self.assertEqual(
            lines(game.model.take()),
            [
                (creep.id, "cell", None, the(entry.cell).id),
                (creep.id, "currentWaypoint", None, entry.id),
                (creep.id, "health", None, "700"),
                (creep.id, "speed", None, "65.0"),
                (creep.id, "slowed", None, "false"),
                (creep.id, "slowTime", None, "0.0"),
                (creep.id, "type", None, "MAKO"),
                (creep.id, "userAssets", None, sender.id),
                (the(entry.cell).id, "elements", None, creep.id),
            ],
        )

    def test_a_creep_dies(self) -> None:
        game = started()
        rich(game, 0, 1)
        tower = build(game, 1, "ULTIMATE", 3, 7)
        ticks(game, 50)
        send(game, 0, "MAKO")
        ticks(game, 49)
        game.model.take()
        ticks(game, 60)
        owner = assets(game, 1)
        happened = lines(game.model.take())
        (creep,) = {source for source, *_ in happened if source.startswith("Creep@")}
        shot = happened.index((tower.id, "fireOn", None, creep))
        place = happened[shot + 2][0]
        self.assertEqual(
            happened[shot:],
            [
                (tower.id, "fireOn", None, creep),
                (creep, "health", "700", "0"),
                (place, "elements", creep, None),
                (creep, "cell", place, None),
                (tower.id, "fireOn", creep, None),
                (owner.id, "balance", str(owner.balance - 10), str(owner.balance)),
                *[line for line in happened[shot:] if line[1] == "nextIncome"],
            ],
        )

    def test_a_hit_and_slowed_creep(self) -> None:
        game = started()
        rich(game, 0, 1)
        tower = build(game, 1, "SLOW", 3, 7)
        ticks(game, 50)
        send(game, 0, "MAKO")
        while tower.fire_on is None:
            game.model.take()
            ticks(game, 1)
        (creep,) = creeps(game, 1)
        happened = lines(game.model.take())
        self.assertEqual(
            happened[-5:],
            [
                (tower.id, "fireOn", None, creep.id),
                (creep.id, "health", "700", "675"),
                (creep.id, "speed", "65.0", "45.0"),
                (creep.id, "slowed", "false", "true"),
                (creep.id, "slowTime", "0.0", "40.0"),
            ],
        )

    def test_links_are_never_changed_in_one_event(self) -> None:
        game, _, _ = fighting()
        ticks(game, 400)
        for change in changes(game.model.take()):
            if hasattr(change.new, "id"):
                self.assertIsNone(change.old)


class TestSparing(SynchronousTestCase):
    """``lossy`` is what follows only where creeps are, whom towers fire on, and how far clocks have run."""

    LOSSY = frozenset(
        {
            *(("Creep", "cell"), ("Creep", "currentWaypoint"), ("Cell", "elements")),
            *(("Tower", "fireOn"), ("Tower", "buildProgress"), ("CreepSmashGame", "nextIncome")),
        }
    )

    def test_these_and_no_others(self) -> None:
        game, tower, _ = fighting()
        upgrade(game, 1, tower, 2)
        ticks(game, 700)
        seen = set()
        for change in changes(game.model.take()):
            key = (type(change.source).__name__, change.prop)
            self.assertEqual(change.lossy, key in self.LOSSY, key)
            seen.add(key)
        self.assertLessEqual(self.LOSSY, seen)
        self.assertLessEqual(
            {("Creep", "health"), ("UserAssets", "lives"), ("UserAssets", "balance"), ("Tower", "level")}, seen
        )
