"""The laid tiles: what fits where, and the regions they form.

Cells are (x, y); x grows to the east, y to the south. The start tile lies on (0, 0).
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from gameserver.games.carcassonne.regions import Region, Regions, leaders
from gameserver.games.carcassonne.tiles import Terrain, Tile

Cell = tuple[int, int]

#: The way to the neighbour at each side: north, east, south, west.
STEPS: tuple[Cell, ...] = ((0, -1), (1, 0), (0, 1), (-1, 0))
_AROUND = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)
_NOTHING_AROUND: tuple[Terrain | None, ...] = (None, None, None, None)


@attrs.frozen
class Spot:
    """A cell and a rotation (0-3 quarter turns clockwise)."""

    cell: Cell
    rotation: int


@attrs.frozen(eq=False)
class Laid:
    """A laid tile: its number in the order of laying and the number of its first piece."""

    number: int
    tile: Tile
    spot: Spot
    first_piece: int

    def piece(self, index: int) -> int:
        """Return the number of the piece that is the tile's place ``index``."""
        return self.first_piece + index


@attrs.frozen
class Outlook:
    """What a region would be after a tile was laid: see ``Board.preview``."""

    terrain: Terrain
    tiles: int
    open: int
    pennants: int
    owners: tuple[str, ...]

    @property
    def leaders(self) -> list[str]:
        """Who would score it."""
        return leaders(self.owners)


def neighbor(cell: Cell, side: int) -> Cell:
    """Return the cell beyond a side."""
    return cell[0] + STEPS[side][0], cell[1] + STEPS[side][1]


def _around(cell: Cell) -> list[Cell]:
    return [(cell[0] + dx, cell[1] + dy) for dx, dy in _AROUND]


def opposite_half(half: int) -> int:
    """Return the half-side of the neighbour that touches a half-side: left meets right."""
    side, right = divmod(half, 2)
    return 2 * ((side + 2) % 4) + 1 - right


class Board:
    """Laid tiles, the regions they form, and the followers on them."""

    def __init__(self) -> None:
        self.regions = Regions()
        self.laid: list[Laid] = []
        self._cells: dict[Cell, Laid] = {}
        self._abbeys: dict[Cell, int] = {}
        #: Every free cell beside a laid tile, with the terrain its four sides must show (None: anything).
        self._wanted: dict[Cell, tuple[Terrain | None, ...]] = {}

    def at(self, cell: Cell) -> Laid | None:
        """Return the tile laid on a cell."""
        return self._cells.get(cell)

    def wanted(self, cell: Cell) -> tuple[Terrain | None, ...]:
        """Return what the four sides of a free cell must show; ``None`` stands for anything."""
        return self._wanted.get(cell, _NOTHING_AROUND)

    def fits(self, tile: Tile, spot: Spot) -> bool:
        """Say whether a tile may be laid: the cell is free, beside a laid tile, and every touching side matches."""
        wanted = self._wanted.get(spot.cell)
        return wanted is not None and _matches(wanted, tile.turned[spot.rotation].sides)

    def spots(self, tile: Tile) -> Iterator[Spot]:
        """Yield every spot where a tile may be laid, in a fixed order."""
        turned = [(rotation, tile.turned[rotation].sides) for rotation in range(4)]
        for cell, wanted in self._wanted.items():
            for rotation, sides in turned:
                if _matches(wanted, sides):
                    yield Spot(cell, rotation)

    def lay(self, tile: Tile, spot: Spot) -> Laid:
        """Lay a tile, the first anywhere, and let its places grow together with what is there.

        ``ValueError`` when it does not fit.
        """
        if self.laid and not self.fits(tile, spot):
            raise ValueError(f"tile {tile.letter} does not fit at {spot.cell}")
        number = len(self.laid)
        laid = Laid(number, tile, spot, self._add_pieces(tile, number))
        self.laid.append(laid)
        self._cells[spot.cell] = laid
        self._update_wanted(spot.cell, tile.turned[spot.rotation].sides)
        for side in range(4):
            other = self._cells.get(neighbor(spot.cell, side))
            if other is not None:
                self._join(laid, side, other)
        self._count_abbeys(laid)
        return laid

    def completed(self, laid: Laid) -> list[Region]:
        """Return the regions that the tile laid last has completed, each once."""
        pieces = [laid.piece(index) for index in range(len(laid.tile.places))]
        pieces += [self._abbeys[cell] for cell in _around(laid.spot.cell) if cell in self._abbeys]
        found = {id(region): region for region in map(self.regions.of, pieces) if region.complete}
        return list(found.values())

    def free_places(self, laid: Laid) -> list[int]:
        """Return the indices of the places of a tile on whose whole region nobody stands."""
        return [i for i in range(len(laid.tile.places)) if not self.regions.of(laid.piece(i)).followers]

    def claim(self, piece: int, follower: str, owner: str) -> None:
        """Put a follower on a region."""
        self.regions.of(piece).followers[follower] = owner

    def withdraw(self, owner: str) -> None:
        """Take all followers of one owner off the board."""
        for region in self.regions:
            region.followers = {f: o for f, o in region.followers.items() if o != owner}

    def preview(self, tile: Tile, spot: Spot) -> list[Outlook]:
        """Return what each region that a tile would touch would become, without laying it."""
        turned = tile.turned[spot.rotation]
        groups = [_Group({index}) for index in range(len(tile.places))]
        joints: list[tuple[int | None, int, int | None]] = [
            *((index, side, None) for side, index in enumerate(turned.side_places)),
            *((index, half // 2, half) for half, index in enumerate(turned.half_places)),
        ]
        for index, side, half in joints:
            if index is None:
                continue
            group = next(group for group in groups if index in group.places)
            other = self._cells.get(neighbor(spot.cell, side))
            if other is None:
                group.open += half is None
                continue
            group.open -= half is None
            root = self.regions.root(_piece_at(other, (side + 2) % 4, half))
            met = next((g for g in groups if g is not group and root in g.roots), None)
            group.roots.add(root)
            if met is not None:
                group.take(met)
                groups.remove(met)
        return [*self._outlooks(tile, groups, spot.cell), *self._abbey_outlooks(spot.cell)]

    def _outlooks(self, tile: Tile, groups: list[_Group], cell: Cell) -> Iterator[Outlook]:
        for group in groups:
            places = [tile.places[index] for index in sorted(group.places)]
            if places[0].terrain is Terrain.ABBEY:
                around = sum(beside in self._cells for beside in _around(cell))
                yield Outlook(Terrain.ABBEY, 1 + around, len(_AROUND) - around, 0, ())
                continue
            met = [self.regions.of(root) for root in sorted(group.roots)]
            yield Outlook(
                places[0].terrain,
                len(set().union(*(region.tiles for region in met))) + 1,
                sum(region.open for region in met) + group.open,
                sum(region.pennants for region in met) + sum(place.pennants for place in places),
                tuple(owner for region in met for owner in region.followers.values()),
            )

    def _abbey_outlooks(self, cell: Cell) -> Iterator[Outlook]:
        for beside in _around(cell):
            piece = self._abbeys.get(beside)
            if piece is not None:
                region = self.regions.of(piece)
                owners = tuple(region.followers.values())
                yield Outlook(Terrain.ABBEY, len(region.tiles) + 1, region.open - 1, 0, owners)

    def _add_pieces(self, tile: Tile, number: int) -> int:
        pieces: list[int] = []
        for place in tile.places:
            region = Region(place.terrain, {number}, len(place.sides), place.pennants)
            if place.terrain is Terrain.ABBEY:
                region.open = len(_AROUND)
            # Cities come before meadows in every tile's places, so their pieces are numbered already.
            region.cities = {pieces[index] for index in place.cities}
            pieces.append(self.regions.add(region))
        return pieces[0]

    def _update_wanted(self, cell: Cell, sides: tuple[Terrain, ...]) -> None:
        self._wanted.pop(cell, None)
        for side in range(4):
            beside = neighbor(cell, side)
            if beside not in self._cells:
                wanted = list(self._wanted.get(beside, _NOTHING_AROUND))
                wanted[(side + 2) % 4] = sides[side]
                self._wanted[beside] = tuple(wanted)

    def _join(self, laid: Laid, side: int, other: Laid) -> None:
        turned = laid.tile.turned[laid.spot.rotation]
        index = turned.side_places[side]
        if index is not None:
            whole = self.regions.unite(laid.piece(index), _piece_at(other, (side + 2) % 4, None))
            whole.open -= 2
        for half in (2 * side, 2 * side + 1):
            index = turned.half_places[half]
            if index is not None:
                self.regions.unite(laid.piece(index), _piece_at(other, (side + 2) % 4, half))

    def _count_abbeys(self, laid: Laid) -> None:
        around = _around(laid.spot.cell)
        for cell in around:
            if cell in self._abbeys:
                self._neighbor_of_abbey(self._abbeys[cell], laid.number)
        for index, place in enumerate(laid.tile.places):
            if place.terrain is Terrain.ABBEY:
                self._abbeys[laid.spot.cell] = laid.piece(index)
                for cell in around:
                    if cell in self._cells:
                        self._neighbor_of_abbey(laid.piece(index), self._cells[cell].number)

    def _neighbor_of_abbey(self, piece: int, number: int) -> None:
        region = self.regions.of(piece)
        region.tiles.add(number)
        region.open -= 1


@attrs.define(eq=False)
class _Group:
    """Places of a tile not laid yet that would be one region, and the regions they would join."""

    places: set[int]
    roots: set[int] = attrs.field(factory=set)
    open: int = 0

    def take(self, other: _Group) -> None:
        self.places |= other.places
        self.roots |= other.roots
        self.open += other.open


def _matches(wanted: tuple[Terrain | None, ...], sides: tuple[Terrain, ...]) -> bool:
    return all(want is None or want is side for want, side in zip(wanted, sides, strict=True))


def _piece_at(other: Laid, side: int, half: int | None) -> int:
    """Return the piece of a laid tile at a side, or at the half-side that touches ``half`` of its neighbour."""
    turned = other.tile.turned[other.spot.rotation]
    index = turned.side_places[side] if half is None else turned.half_places[opposite_half(half)]
    if index is None:
        raise ValueError(f"tile {other.number} does not match beyond side {side}")
    return other.piece(index)
