"""The objects of a CreepSmash game as clients see them; the order of the properties is the order of a dump.

What only follows where creeps walk or which of them a tower fires on is ``lossy``: a slow reader may be spared what
lies between. Lives, money, health, levels and states are not.
"""

from __future__ import annotations

from gameserver.games.entity import Attribute, Entity, ToMany, ToOne
from gameserver.games.hosted import Assets, GameRoot


class CreepSmashGame(GameRoot["UserAssets"]):
    """The root. ``next_income`` is in seconds; ``speed`` comes last, clients take it for the end of the dump."""

    guide = ToOne["Guide"]()
    users = ToMany["UserAssets"]("game")
    tiles = ToMany["Tile"]("game")
    winner = GameRoot.winner
    name = GameRoot.name
    num_players = GameRoot.num_players
    running = GameRoot.running
    test_game = GameRoot.test_game
    next_income = Attribute[float](15.0, lossy=True)
    speed = Attribute[float](1.0)


class UserAssets(Assets):
    """Somebody in the game: a player with lives, credits, an income and towers, or a visitor with none of these."""

    game = Assets.game
    tile = ToOne["Tile"]("user_assets")
    user = Assets.user
    color = Assets.color
    lives = Attribute[int](0)
    visitor = Assets.visitor
    balance = Attribute[int](0)
    income = Attribute[int](0)
    towers = ToMany["Tower"]("user_assets")


class Tile(Entity):
    """A start place. ``position`` is TOPLEFT, TOPRIGHT, BOTTOMRIGHT or BOTTOMLEFT."""

    game = ToOne[CreepSmashGame]("tiles")
    user_assets = ToOne[UserAssets]("tile")
    map = ToOne["Map"]("tile")
    position = Attribute[str]("")


class Map(Entity):
    """The board of one tile, already rotated for its place."""

    tile = ToOne[Tile]("map")
    cells = ToMany["Cell"]("map")
    waypoints = ToMany["Waypoint"]()
    enter_waypoint = ToOne["Waypoint"]()
    exit_waypoint = ToOne["Waypoint"]()
    background = Attribute[str]("")
    name = Attribute[str]("")
    create_by = Attribute[str]("")
    version = Attribute[str]("")


class Cell(Entity):
    """A cell, 0..15 each way. ``type`` is FREE, PATH (creeps walk there) or HOLY (no tower may stand there)."""

    map = ToOne[Map]("cells")
    type = Attribute[str]("FREE")
    x = Attribute[int](0)
    y = Attribute[int](0)
    elements = ToMany["Tower | Creep"]("cell", lossy=True)


class Waypoint(Entity):
    """A point of the creeps' way; between two of them it is straight."""

    cell = ToOne[Cell]()
    next = ToOne["Waypoint"]("previous")
    previous = ToOne["Waypoint"]("next")


class Tower(Entity):
    """A tower. It fires while upgrading or selling, but not while building."""

    cell = ToOne[Cell]("elements")
    user_assets = ToOne[UserAssets]("towers")
    type = Attribute[str]("")
    level = Attribute[int](0)
    strategy = Attribute[str]("")
    building = Attribute[bool](False)
    upgrading = Attribute[bool](False)
    selling = Attribute[bool](False)
    build_progress = Attribute[float](0.0, lossy=True)
    fire_on = ToOne["Creep"](lossy=True)
    color = Attribute[str]("")


class Creep(Entity):
    """A creep. ``user_assets`` is who sent it, ``current_waypoint`` the last one passed, ``slow_time`` in ticks."""

    cell = ToOne[Cell]("elements", lossy=True)
    current_waypoint = ToOne[Waypoint](lossy=True)
    health = Attribute[int](0)
    speed = Attribute[float](0.0)
    slowed = Attribute[bool](False)
    slow_time = Attribute[float](0.0)
    type = Attribute[str]("")
    user_assets = ToOne[UserAssets]()


class Guide(Entity):
    """The price lists."""

    creep_descriptions = ToMany["CreepTypeToCreepMapping"]()
    tower_descriptions = ToMany["TowerTypeToTowerMapping"]()


class CreepTypeToCreepMapping(Entity):
    """A kind of creep and its description."""

    key = Attribute[str]("")
    value = ToMany["CreepDescription"]()


class TowerTypeToTowerMapping(Entity):
    """A family of towers and a description for every level, in order."""

    key = Attribute[str]("")
    value = ToMany["TowerDescription"]()


class CreepDescription(Entity):
    """The figures of a kind of creep; ``speed_max`` in thousandths of a cell a tick."""

    description = Attribute[str]("")
    name = Attribute[str]("")
    price = Attribute[int](0)
    bounty = Attribute[int](0)
    slow_immune = Attribute[bool](False)
    speed_max = Attribute[float](0.0)
    type = Attribute[str]("")
    health_max = Attribute[int](0)
    income = Attribute[int](0)


class TowerDescription(Entity):
    """The figures of one level of a tower: distances in pixels (20 a cell), times in ticks of 50 ms."""

    description = Attribute[str]("")
    name = Attribute[str]("")
    price = Attribute[int](0)
    cool_down_max = Attribute[int](0)
    damage = Attribute[int](0)
    range = Attribute[float](0.0)
    sell_time = Attribute[int](0)
    sell_value = Attribute[int](0)
    slow_rate = Attribute[float](0.0)
    slow_time = Attribute[int](0)
    upgradeable = Attribute[bool](False)
    upgrade_time = Attribute[int](0)
    level = Attribute[int](0)
    type = Attribute[str]("")
    color = Attribute[str]("")
    splash_radius = Attribute[float](0.0)
    splash_damage_reduction = Attribute[float](0.0)
