"""The 72 tiles of the base game by the letters A-X of the printed rule book, and what a turn does to them.

Sides are N, E, S, W, numbered 0-3 clockwise. Meadows reach half-sides: looking from the middle of the tile over a
side, L is its left and R its right half, so clockwise round the tile they run NL NR EL ER SL SR WL WR, numbered
0-7. R90 turns clockwise: what lies on N at R0 lies on E.

The places of a tile are where a follower may stand. They are numbered from 1 in the order of the table (cities,
roads, abbey, meadows); that number is ``MeeplePosition.name`` on the wire.
"""

from __future__ import annotations

from enum import Enum

import attrs

SIDES = ("NORTH", "EAST", "SOUTH", "WEST")
ROTATIONS = ("R0", "R90", "R180", "R270")
_HALVES = ("NL", "NR", "EL", "ER", "SL", "SR", "WL", "WR")


class Terrain(Enum):
    """What a place or a side is, in the words of the server's achievements."""

    CITY = "city"
    ROAD = "road"
    ABBEY = "abbey"
    MEADOW = "meadow"


@attrs.frozen
class Place:
    """One feature of one tile at R0.

    ``sides`` are the sides a city or road reaches, ``halves`` the half-sides of a meadow, ``cities`` the indices
    of the places of the same tile whose city wall borders the meadow.
    """

    terrain: Terrain
    sides: tuple[int, ...] = ()
    halves: tuple[int, ...] = ()
    pennants: int = 0
    cities: tuple[int, ...] = ()


@attrs.frozen
class Turned:
    """A tile at one rotation, seen by the board's sides.

    ``sides`` is the terrain of each side, ``side_places`` the index of the city or road there (``None`` on a
    meadow side), ``half_places`` the index of the meadow at each half-side (``None`` on a city side).
    """

    sides: tuple[Terrain, ...]
    side_places: tuple[int | None, ...]
    half_places: tuple[int | None, ...]


@attrs.frozen(eq=False)
class Tile:
    """A kind of tile: its letter, how many the set has, its places, and its four rotations."""

    letter: str
    count: int
    places: tuple[Place, ...]
    turned: tuple[Turned, ...]


def _turn(places: tuple[Place, ...], rotation: int) -> Turned:
    sides = [Terrain.MEADOW] * 4
    side_places: list[int | None] = [None] * 4
    half_places: list[int | None] = [None] * 8
    for index, place in enumerate(places):
        for side in place.sides:
            turned = (side + rotation) % 4
            sides[turned] = place.terrain
            side_places[turned] = index
        for half in place.halves:
            half_places[(half + 2 * rotation) % 8] = index
    return Turned(tuple(sides), tuple(side_places), tuple(half_places))


def _tile(letter: str, count: int, *places: Place) -> Tile:
    return Tile(letter, count, places, tuple(_turn(places, rotation) for rotation in range(4)))


def _city(sides: str, pennants: int = 0) -> Place:
    return Place(Terrain.CITY, sides=tuple("NESW".index(side) for side in sides), pennants=pennants)


def _road(sides: str) -> Place:
    return Place(Terrain.ROAD, sides=tuple("NESW".index(side) for side in sides))


def _abbey() -> Place:
    return Place(Terrain.ABBEY)


def _meadow(halves: str, *cities: int) -> Place:
    return Place(Terrain.MEADOW, halves=tuple(_HALVES.index(half) for half in halves.split()), cities=cities)


#: Every kind of tile by its letter, with its count in the set; the numbers of a meadow are the cities it borders.
TILES = {
    tile.letter: tile
    for tile in (
        _tile("A", 2, _road("S"), _abbey(), _meadow("NL NR EL ER SL SR WL WR")),
        _tile("B", 4, _abbey(), _meadow("NL NR EL ER SL SR WL WR")),
        _tile("C", 1, _city("NESW", pennants=1)),
        _tile("D", 4, _city("N"), _road("EW"), _meadow("EL WR", 0), _meadow("ER SL SR WL")),
        _tile("E", 5, _city("N"), _meadow("EL ER SL SR WL WR", 0)),
        _tile("F", 2, _city("EW", pennants=1), _meadow("NL NR", 0), _meadow("SL SR", 0)),
        _tile("G", 1, _city("EW"), _meadow("NL NR", 0), _meadow("SL SR", 0)),
        _tile("H", 3, _city("N"), _city("S"), _meadow("EL ER WL WR", 0, 1)),
        _tile("I", 2, _city("N"), _city("W"), _meadow("EL ER SL SR", 0, 1)),
        _tile("J", 3, _city("N"), _road("ES"), _meadow("EL SR WL WR", 0), _meadow("ER SL")),
        _tile("K", 3, _city("N"), _road("SW"), _meadow("EL ER SL WR", 0), _meadow("SR WL")),
        _tile(
            "L",
            3,
            *(_city("N"), _road("E"), _road("S"), _road("W")),
            *(_meadow("EL WR", 0), _meadow("ER SL"), _meadow("SR WL")),
        ),
        _tile("M", 2, _city("NE", pennants=1), _meadow("SL SR WL WR", 0)),
        _tile("N", 3, _city("NE"), _meadow("SL SR WL WR", 0)),
        _tile("O", 2, _city("NW", pennants=1), _road("ES"), _meadow("EL SR", 0), _meadow("ER SL")),
        _tile("P", 3, _city("NW"), _road("ES"), _meadow("EL SR", 0), _meadow("ER SL")),
        _tile("Q", 1, _city("NEW", pennants=1), _meadow("SL SR", 0)),
        _tile("R", 3, _city("NEW"), _meadow("SL SR", 0)),
        _tile("S", 2, _city("NEW", pennants=1), _road("S"), _meadow("SL", 0), _meadow("SR", 0)),
        _tile("T", 1, _city("NEW"), _road("S"), _meadow("SL", 0), _meadow("SR", 0)),
        _tile("U", 8, _road("NS"), _meadow("NR EL ER SL"), _meadow("NL SR WL WR")),
        _tile("V", 9, _road("SW"), _meadow("NL NR EL ER SL WR"), _meadow("SR WL")),
        _tile(
            "W",
            4,
            *(_road("E"), _road("S"), _road("W")),
            *(_meadow("NL NR EL WR"), _meadow("ER SL"), _meadow("SR WL")),
        ),
        _tile(
            "X",
            1,
            *(_road("N"), _road("E"), _road("S"), _road("W")),
            *(_meadow("NR EL"), _meadow("ER SL"), _meadow("SR WL"), _meadow("NL WR")),
        ),
    )
}

#: The tile every game starts from; the other tiles of its kind are drawn.
START = TILES["D"]


def pile() -> list[Tile]:
    """Return the 71 tiles that are drawn, unshuffled."""
    tiles = [tile for tile in TILES.values() for _ in range(tile.count)]
    tiles.remove(START)
    return tiles
