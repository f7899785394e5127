"""A slow second reckoning of a whole game, by another way than the rules package.

Tiles are drawn as points in the plane: every place of a tile has points on the tile's border, places of two tiles
are connected where they share a point, and features are found by flooding from tile to tile, anew after every
turn. Only the table of the tiles is shared with the package, and that is checked by tests of its own.
"""

from __future__ import annotations

from collections import Counter

import attrs

from gameserver.games.carcassonne.tiles import TILES, Terrain

Point = tuple[int, int]
Node = tuple[int, int]

#: Border points of a tile around its middle, four units to the side, y downwards: middles of sides, half-sides.
SIDE_POINTS = ((0, -2), (2, 0), (0, 2), (-2, 0))
HALF_POINTS = ((-1, -2), (1, -2), (2, -1), (2, 1), (1, 2), (-1, 2), (-2, 1), (-2, -1))


@attrs.frozen
class Step:
    """One turn: the tile, its cell and quarter turns, and who put a follower on which place of it."""

    letter: str
    cell: Point
    turns: int
    place: int | None = None
    player: int | None = None


@attrs.frozen
class Found:
    """A flooded feature: its places as (tile number, place index), and whether nothing is missing."""

    terrain: Terrain
    nodes: frozenset[Node]
    complete: bool


class Recount:
    """Reads a game turn by turn; ``problems`` names everything that is against the rules of laying."""

    def __init__(self, players: int) -> None:
        self.scores = [0] * players
        self.standing: dict[Node, int] = {}
        self.problems: list[str] = []
        self._laid: list[Step] = []

    def take(self, step: Step) -> None:
        """Lay the tile of a turn, put the follower, and score what is complete now and holds followers."""
        self._check(step)
        self._laid.append(step)
        if step.place is not None and step.player is not None:
            node = (len(self._laid) - 1, step.place)
            crowd = next(found for found in self.features() if node in found.nodes)
            if any(other in self.standing for other in crowd.nodes):
                self.problems.append(f"follower on a taken feature in turn {node[0]}")
            self.standing[node] = step.player
        for found in self.features():
            if found.complete and found.terrain is not Terrain.MEADOW:
                self._pay(found)
                self.standing = {n: p for n, p in self.standing.items() if n not in found.nodes}

    def finish(self) -> None:
        """Add the final scoring."""
        for found in self.features():
            self._pay(found)

    def features(self) -> list[Found]:
        """Flood the whole board."""
        at: dict[Point, list[Node]] = {}
        for number, step in enumerate(self._laid):
            for index in range(len(TILES[step.letter].places)):
                for point in self._points(step, index):
                    at.setdefault(point, []).append((number, index))
        everything = {(n, i) for n, step in enumerate(self._laid) for i in range(len(TILES[step.letter].places))}
        found = []
        while everything:
            flood, edge = set(), [everything.pop()]
            open_ends = 0
            while edge:
                node = edge.pop()
                flood.add(node)
                for point in self._points(self._laid[node[0]], node[1]):
                    beyond = [other for other in at[point] if other[0] != node[0]]
                    open_ends += not beyond
                    edge += [other for other in beyond if other not in flood]
            everything -= flood
            number, index = next(iter(flood))
            terrain = TILES[self._laid[number].letter].places[index].terrain
            complete = len(self._around(number)) == 9 if terrain is Terrain.ABBEY else open_ends == 0
            found.append(Found(terrain, frozenset(flood), complete))
        return found

    def _points(self, step: Step, index: int) -> list[Point]:
        place = TILES[step.letter].places[index]
        points = [SIDE_POINTS[side] for side in place.sides] + [HALF_POINTS[half] for half in place.halves]
        for _ in range(step.turns):
            points = [(-y, x) for x, y in points]
        return [(4 * step.cell[0] + x, 4 * step.cell[1] + y) for x, y in points]

    def _around(self, number: int) -> set[int]:
        x, y = self._laid[number].cell
        return {
            other
            for other, step in enumerate(self._laid)
            if abs(step.cell[0] - x) <= 1 and abs(step.cell[1] - y) <= 1
        }

    def _worth(self, found: Found) -> int:
        tiles = {number for number, _ in found.nodes}
        if found.terrain is Terrain.ABBEY:
            return len(self._around(min(tiles)))
        if found.terrain is Terrain.ROAD:
            return len(tiles)
        if found.terrain is Terrain.CITY:
            shields = sum(TILES[self._laid[number].letter].places[index].pennants for number, index in found.nodes)
            return (len(tiles) + shields) * (2 if found.complete else 1)
        beside = {
            (number, city)
            for number, index in found.nodes
            for city in TILES[self._laid[number].letter].places[index].cities
        }
        cities = [other for other in self.features() if other.terrain is Terrain.CITY and other.complete]
        return 3 * sum(bool(city.nodes & beside) for city in cities)

    def _pay(self, found: Found) -> None:
        crowd = Counter(player for node, player in self.standing.items() if node in found.nodes)
        if crowd:
            worth = self._worth(found)
            for player, count in crowd.items():
                if count == max(crowd.values()):
                    self.scores[player] += worth

    def _check(self, step: Step) -> None:
        cells = {other.cell: other for other in self._laid}
        x, y = step.cell
        if step.cell in cells:
            self.problems.append(f"cell {step.cell} taken twice")
        beside = [cells[c] for c in ((x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)) if c in cells]
        if self._laid and not beside:
            self.problems.append(f"tile at {step.cell} touches nothing")
        shown = self._border(step)
        for other in beside:
            for point, terrain in self._border(other).items():
                if shown.get(point, terrain) is not terrain:
                    self.problems.append(f"tile at {step.cell} does not match {other.cell}")

    def _border(self, step: Step) -> dict[Point, Terrain]:
        """What shows at the middle of each side: a side without city or road is meadow."""
        middles = {(4 * step.cell[0] + x, 4 * step.cell[1] + y): Terrain.MEADOW for x, y in SIDE_POINTS}
        for index, place in enumerate(TILES[step.letter].places):
            if place.sides:
                middles.update(dict.fromkeys(self._points(step, index), place.terrain))
        return middles
