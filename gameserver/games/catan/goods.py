"""Resources, commodities, the three tracks, what a building earns from a field and what things cost."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Good(StrEnum):
    """What a hand card can be; the names are those of the TRADE command."""

    BRICK = "BRICK"
    CLOTH = "CLOTH"
    COIN = "COIN"
    GRAIN = "GRAIN"
    LUMBER = "LUMBER"
    ORE = "ORE"
    PAPER = "PAPER"
    WOOL = "WOOL"


class Track(StrEnum):
    """The three kinds of city improvement; each has its deck of progress cards and its metropolis."""

    POLITICS = "POLITICS"
    SCIENCE = "SCIENCE"
    TRADE = "TRADE"


class Terrain(StrEnum):
    """What a field of a map can be."""

    FIELD = "FIELD"
    PASTURE = "PASTURE"
    FOREST = "FOREST"
    HILL = "HILL"
    MOUNTAIN = "MOUNTAIN"
    DESERT = "DESERT"
    WATER = "WATER"
    PORT_3TO1 = "PORT_3TO1"
    PORT_WOOL = "PORT_WOOL"
    PORT_ORE = "PORT_ORE"
    PORT_BRICK = "PORT_BRICK"
    PORT_GRAIN = "PORT_GRAIN"
    PORT_LUMBER = "PORT_LUMBER"
    BARBARIAN_START = "BARBARIAN_START"
    BARBARIAN_END = "BARBARIAN_END"


RESOURCES = (Good.BRICK, Good.GRAIN, Good.LUMBER, Good.ORE, Good.WOOL)
COMMODITIES = (Good.CLOTH, Good.COIN, Good.PAPER)

#: The resource a field brings.
RESOURCE_OF: Mapping[Terrain, Good] = {
    Terrain.FIELD: Good.GRAIN,
    Terrain.PASTURE: Good.WOOL,
    Terrain.FOREST: Good.LUMBER,
    Terrain.HILL: Good.BRICK,
    Terrain.MOUNTAIN: Good.ORE,
}

#: What a city takes as its second card; the other fields bring their resource twice.
COMMODITY_OF: Mapping[Terrain, Good] = {
    Terrain.PASTURE: Good.CLOTH,
    Terrain.MOUNTAIN: Good.COIN,
    Terrain.FOREST: Good.PAPER,
}

#: The commodity that pays for a track.
PRICE_OF: Mapping[Track, Good] = {Track.POLITICS: Good.COIN, Track.SCIENCE: Good.PAPER, Track.TRADE: Good.CLOTH}

LAND = frozenset({*RESOURCE_OF, Terrain.DESERT})

#: The good a harbour trades two to one; ``None`` for the one that takes anything three to one.
HARBORS: Mapping[Terrain, Good | None] = {
    Terrain.PORT_3TO1: None,
    Terrain.PORT_WOOL: Good.WOOL,
    Terrain.PORT_ORE: Good.ORE,
    Terrain.PORT_BRICK: Good.BRICK,
    Terrain.PORT_GRAIN: Good.GRAIN,
    Terrain.PORT_LUMBER: Good.LUMBER,
}

#: The event die has three ships and one face for each track.
SHIP = "SHIP"
EVENT_DIE = (SHIP, SHIP, SHIP, Track.POLITICS.value, Track.SCIENCE.value, Track.TRADE.value)


def earned(terrain: Terrain, city: bool) -> tuple[Good, ...]:
    """Return what one building earns from a field of that terrain when its number is rolled."""
    resource = RESOURCE_OF.get(terrain)
    if resource is None:
        return ()
    return (resource, COMMODITY_OF.get(terrain, resource)) if city else (resource,)


#: What something costs.
Cost = Mapping[Good, int]

ROAD: Cost = {Good.BRICK: 1, Good.LUMBER: 1}
SETTLEMENT: Cost = {Good.BRICK: 1, Good.LUMBER: 1, Good.WOOL: 1, Good.GRAIN: 1}
CITY: Cost = {Good.GRAIN: 2, Good.ORE: 3}
MEDICINE_CITY: Cost = {Good.GRAIN: 1, Good.ORE: 2}
CITY_WALL: Cost = {Good.BRICK: 2}
KNIGHT: Cost = {Good.WOOL: 1, Good.ORE: 1}
PROMOTION: Cost = {Good.WOOL: 1, Good.ORE: 1}
ACTIVATION: Cost = {Good.GRAIN: 1}


def worded(cost: Cost) -> str:
    """Return a cost as text: ``2 GRAIN, 3 ORE``."""
    return ", ".join(f"{count} {good}" for good, count in cost.items())
