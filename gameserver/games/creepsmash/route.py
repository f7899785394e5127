"""Geometry of a segment: rotation, the way of the creeps, and what a tower reaches of it.

The four boards are rotations of one drawing, and distances do not care for rotation, so all geometry is done once,
in the drawing's own cells. Positions are integers: 1000 steps a cell, a creep's place on its way is the number of
steps it has walked. A tower's reach is then a handful of intervals of that number.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import isqrt

from gameserver.games.creepsmash.mapfile import SIZE, MapFile, Point, read_map
from gameserver.games.creepsmash.tables import CELL_PIXELS

#: Steps from the centre of a cell to that of its neighbour, along diagonals too.
STEPS = 1000
#: Places of the segments, clockwise; creeps are passed on in this order.
POSITIONS = ("TOPLEFT", "TOPRIGHT", "BOTTOMRIGHT", "BOTTOMLEFT")

#: A part of the way that is in reach: index of the cell, first and last step count within that cell.
Span = tuple[int, int, int]


def rotate(position: str, x: int, y: int) -> Point:
    """Return where a cell of the drawing lies in the segment at that position."""
    last = SIZE - 1
    if position == "TOPRIGHT":
        return last - y, x
    if position == "BOTTOMRIGHT":
        return last - x, last - y
    if position == "BOTTOMLEFT":
        return y, last - x
    return x, y


def steps(pixels: int) -> int:
    """Return a distance given in pixels in steps."""
    return pixels * STEPS // CELL_PIXELS


class Route:
    """The way of the creeps over one segment, in the cells of the drawing."""

    def __init__(self, drawing: MapFile) -> None:
        self.drawing = drawing
        self.cells = drawing.cells
        #: Steps from the entry to the exit; who has walked them leaves the board.
        self.length = STEPS * (len(self.cells) - 1)
        self._legs = tuple(
            (x * STEPS, y * STEPS, next_x - x, next_y - y) for (x, y), (next_x, next_y) in pairwise(self.cells)
        )
        self._covers: dict[tuple[int, int, int], tuple[Span, ...]] = {}
        self._nearby: dict[tuple[int, int, int], tuple[int, ...]] = {}

    def place(self, walked: int) -> Point:
        """Return where somebody is who has walked that many steps (0 .. length - 1)."""
        leg, step = divmod(walked, STEPS)
        x, y, across, down = self._legs[leg]
        return x + across * step, y + down * step

    def cover(self, x: int, y: int, reach: int) -> tuple[Span, ...]:
        """Return the parts of the way nearer than ``reach`` steps to the centre of a cell, in walking order."""
        key = (x, y, reach)
        found = self._covers.get(key)
        if found is None:
            found = self._covers[key] = self._cover(x * STEPS, y * STEPS, reach)
        return found

    def _cover(self, x: int, y: int, reach: int) -> tuple[Span, ...]:
        merged: list[list[int]] = []
        for leg in range(len(self._legs)):
            part = self._reached(leg, x, y, reach)
            if part is None:
                continue
            first, last = leg * STEPS + part[0], leg * STEPS + part[1]
            if merged and merged[-1][1] + 1 == first:
                merged[-1][1] = last
            else:
                merged.append([first, last])
        spans: list[Span] = []
        for first, last in merged:
            while first <= last:
                cell = cell_index(first)
                end = min(last, cell * STEPS + STEPS // 2 - 1)
                spans.append((cell, first, end))
                first = end + 1
        return tuple(spans)

    def _reached(self, leg: int, x: int, y: int, reach: int) -> tuple[int, int] | None:
        """First and last step of a leg within reach: the whole numbers between the roots of a parabola."""
        from_x, from_y, across, down = self._legs[leg]
        away_x, away_y = from_x - x, from_y - y
        a = across * across + down * down
        b = 2 * (away_x * across + away_y * down)
        c = away_x * away_x + away_y * away_y - reach * reach
        discriminant = b * b - 4 * a * c
        if discriminant <= 0:
            return None
        root = isqrt(discriminant)
        first = max(0, (-b - root) // (2 * a) - 1)
        last = min(STEPS - 1, (-b + root) // (2 * a) + 1)
        while first <= last and a * first * first + b * first + c >= 0:
            first += 1
        while last >= first and a * last * last + b * last + c >= 0:
            last -= 1
        return (first, last) if first <= last else None

    def nearby(self, x: int, y: int, radius: int) -> tuple[int, ...]:
        """Return the cells of the way that may hold somebody within ``radius`` of a point (given in steps).

        Never too few; a few too many are possible, so distances have to be looked at.
        """
        key = ((x + STEPS // 2) // STEPS, (y + STEPS // 2) // STEPS, radius)
        found = self._nearby.get(key)
        if found is None:
            # Both the point and the creep may be half a diagonal away from the centre of their cells.
            limit = radius + 2 * isqrt(STEPS * STEPS // 2) + 2
            found = self._nearby[key] = tuple(
                index
                for index, (cell_x, cell_y) in enumerate(self.cells)
                if ((cell_x - key[0]) ** 2 + (cell_y - key[1]) ** 2) * STEPS * STEPS < limit * limit
            )
        return found


def cell_index(walked: int) -> int:
    """Return the index of the cell of the way in which somebody is who has walked that many steps."""
    return (walked + STEPS // 2) // STEPS


@lru_cache(maxsize=64)
def route_of(text: str) -> Route:
    """Return the route of a map text, one for all matches on that map. Raises ``BadMap``."""
    return Route(read_map(text))
