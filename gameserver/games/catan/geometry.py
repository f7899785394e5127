"""Flat-top hexagons: directions, axial coordinates, and names for corners and edges.

A hexagon has the axial coordinates ``(q, r)``; its neighbour to the north is ``(q, r - 1)``. A corner is named by
the sum of the coordinates of the three hexagons that meet there, an edge by the sum of its two, whether those
hexagons are on the map or not: both names are whole numbers and the same from every side.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

Point = tuple[int, int]


class Direction(StrEnum):
    """The six edges of a hexagon, clockwise."""

    N = "N"
    NE = "NE"
    SE = "SE"
    S = "S"
    SW = "SW"
    NW = "NW"


AROUND = tuple(Direction)

OFFSET: Mapping[Direction, Point] = {
    Direction.N: (0, -1),
    Direction.NE: (1, -1),
    Direction.SE: (1, 0),
    Direction.S: (0, 1),
    Direction.SW: (-1, 1),
    Direction.NW: (-1, 0),
}


def step(point: Point, direction: Direction) -> Point:
    """Return the hexagon that lies in that direction."""
    q, r = OFFSET[direction]
    return point[0] + q, point[1] + r


def opposite(direction: Direction) -> Direction:
    """Return the direction that leads back."""
    return AROUND[(AROUND.index(direction) + 3) % 6]


def turned(direction: Direction, degrees: int) -> Direction:
    """Return the direction after a clockwise turn by a multiple of 60 degrees."""
    return AROUND[(AROUND.index(direction) + degrees // 60) % 6]


def corners(point: Point) -> list[Point]:
    """Return the six corners of a hexagon, clockwise; the first lies between the edges N and NE."""
    q, r = point
    found = []
    for index in range(6):
        one, two = OFFSET[AROUND[index]], OFFSET[AROUND[(index + 1) % 6]]
        found.append((3 * q + one[0] + two[0], 3 * r + one[1] + two[1]))
    return found


def edge(point: Point, direction: Direction) -> Point:
    """Return the name of one edge of a hexagon."""
    q, r = OFFSET[direction]
    return 2 * point[0] + q, 2 * point[1] + r


def ends(point: Point, direction: Direction) -> tuple[Point, Point]:
    """Return the two corners of one edge of a hexagon."""
    around = corners(point)
    index = AROUND.index(direction)
    return around[index - 1], around[index]
