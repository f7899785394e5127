"""Connected features: cities, roads, abbeys and meadows that grow while tiles are laid.

Every place of a laid tile is a piece with a number; a union-find structure says which pieces have grown together,
and each connected region keeps its own sums, so that laying a tile costs the same late in a game as at its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from gameserver.games.carcassonne.tiles import Terrain


@attrs.define(eq=False)
class Region:
    """A connected feature.

    ``tiles`` are the numbers of the tiles it lies on (for an abbey: of itself and its laid neighbours), ``open``
    counts the sides (for an abbey: the neighbour cells) where a tile is still missing, ``cities`` are the pieces
    of the cities that border a meadow, ``followers`` maps each follower to its owner.
    """

    terrain: Terrain
    tiles: set[int]
    open: int = 0
    pennants: int = 0
    cities: set[int] = attrs.field(factory=set)
    followers: dict[str, str] = attrs.field(factory=dict)

    @property
    def complete(self) -> bool:
        """Whether it can be scored during the game; meadows never are."""
        return self.open == 0 and self.terrain is not Terrain.MEADOW

    def absorb(self, other: Region) -> None:
        """Take over everything of a region that has met this one."""
        self.tiles |= other.tiles
        self.open += other.open
        self.pennants += other.pennants
        self.cities |= other.cities
        self.followers.update(other.followers)


def leaders(owners: Iterable[str]) -> list[str]:
    """Return who has most followers among ``owners`` (one entry a follower): all of them when they tie."""
    counts: dict[str, int] = {}
    for owner in owners:
        counts[owner] = counts.get(owner, 0) + 1
    most = max(counts.values(), default=0)
    return [owner for owner, count in counts.items() if count == most]


class Regions:
    """Which pieces belong together."""

    def __init__(self) -> None:
        self._parents: list[int] = []
        self._regions: dict[int, Region] = {}

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def add(self, region: Region) -> int:
        """Add a region of one piece and return the number of the piece."""
        piece = len(self._parents)
        self._parents.append(piece)
        self._regions[piece] = region
        return piece

    def root(self, piece: int) -> int:
        """Return the piece that stands for the whole region of ``piece``."""
        parents = self._parents
        while parents[piece] != piece:
            parents[piece] = parents[parents[piece]]
            piece = parents[piece]
        return piece

    def of(self, piece: int) -> Region:
        """Return the region of a piece."""
        return self._regions[self.root(piece)]

    def unite(self, one: int, other: int) -> Region:
        """Join the regions of two pieces, the smaller into the larger, and return the whole."""
        keep, drop = self.root(one), self.root(other)
        if keep == drop:
            return self._regions[keep]
        if len(self._regions[keep].tiles) < len(self._regions[drop].tiles):
            keep, drop = drop, keep
        self._parents[drop] = keep
        whole = self._regions[keep]
        whole.absorb(self._regions.pop(drop))
        return whole

    def farm_cities(self, meadow: Region) -> int:
        """Count the completed cities that border a meadow, each once."""
        return sum(self._regions[root].complete for root in {self.root(city) for city in meadow.cities})

    def points(self, region: Region) -> int:
        """Return what a region is worth as it lies now: completed, or open at the end of the game.

        Rule book, current scoring: road 1 a tile; city 2 a tile and pennant, 1 while open (a completed city of
        two tiles is no exception); abbey 1 for itself and each neighbour; meadow 3 a completed city.
        """
        if region.terrain is Terrain.MEADOW:
            return 3 * self.farm_cities(region)
        if region.terrain is Terrain.CITY:
            return (2 if region.complete else 1) * (len(region.tiles) + region.pennants)
        return len(region.tiles)
