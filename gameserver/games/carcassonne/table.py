"""The table of one game: the pile, the tiles as objects, followers on them, and who gets the points."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from gameserver.games.carcassonne.board import Board, Laid, Spot, neighbor
from gameserver.games.carcassonne.model import CarcassonneGame, Field, Meeple, UserAssets
from gameserver.games.carcassonne.regions import Region, leaders
from gameserver.games.carcassonne.tiles import ROTATIONS, START, TILES, Terrain, Tile, pile
from gameserver.games.rng import Chance


@attrs.frozen
class Award:
    """Points that a feature gave a player; ``tiles`` are the numbers of its tiles in the order of laying."""

    player: UserAssets
    terrain: Terrain
    points: int
    tiles: frozenset[int]


class Table:
    """Keeps the board of the rules and the objects that clients see in step.

    ``tiles`` are drawn in their order; without them the pile is the shuffled set.
    """

    def __init__(self, root: CarcassonneGame, chance: Chance, tiles: Sequence[Tile] | None = None) -> None:
        self._root = root
        self._model = root.model
        self._chance = chance
        if tiles is None:
            self._pile = pile()
            chance.shuffle(self._pile)
        else:
            self._pile = list(reversed(tiles))
        self._fields: list[Field] = []
        self._laid: dict[Field, Laid] = {}
        self.board = Board()
        #: What has been scored so far, in order.
        self.awards: list[Award] = []
        start = Field.with_positions(self._model, START.letter, len(START.places))
        self._put(start, Spot((0, 0), 0))
        root.remaining_cards = len(self._pile)

    @property
    def exhausted(self) -> bool:
        """Whether no tile is left to draw."""
        return not self._pile

    @property
    def drawn(self) -> Tile | None:
        """The tile that is drawn and not laid."""
        field = self._root.current_field
        return TILES[field.name] if field is not None and field.game is None else None

    @property
    def last(self) -> Laid | None:
        """The tile laid in this turn."""
        field = self._root.current_field
        return self._laid[field] if field is not None and field.game is not None else None

    def name(self, laid: Laid) -> str:
        """Return the object name of a laid tile."""
        return self._fields[laid.number].id

    def laid(self, name: str) -> Laid | None:
        """Return the laid tile of that object name."""
        field = self._model.find(name, Field)
        return self._laid.get(field) if field is not None else None

    def draw(self) -> bool:
        """Reveal the next tile that fits somewhere, setting aside those that do not; ``False`` if there is none."""
        found = None
        while found is None and self._pile:
            tile = self._pile.pop()
            if any(self.board.spots(tile)):
                found = tile
            else:
                self._root.set_aside += tile.letter
        if found is not None:
            self._root.current_field = Field.with_positions(self._model, found.letter, len(found.places))
        self._root.remaining_cards = len(self._pile)
        return found is not None

    def put_back(self) -> None:
        """Return a drawn tile to a random place of the pile, because who drew it has left."""
        tile, field = self.drawn, self._root.current_field
        if tile is None or field is None:
            return
        self._root.current_field = None
        self._forget_field(field)
        self._pile.insert(self._chance.below(len(self._pile) + 1), tile)
        self._root.remaining_cards = len(self._pile)

    def lay(self, spot: Spot) -> None:
        """Lay the drawn tile. Raises ``ValueError`` when none is drawn. The caller has checked that it fits."""
        field = self._root.current_field
        if field is None:
            raise ValueError("no tile is drawn")
        self._put(field, spot)

    def place(self, meeple: Meeple, index: int) -> None:
        """Put a follower on a place of the tile just laid, from 0. Raises ``ValueError`` when none was laid."""
        laid, owner = self.last, meeple.user_assets
        if laid is None or owner is None:
            raise ValueError("no tile was laid in this turn")
        self.board.claim(laid.piece(index), meeple.id, owner.id)
        meeple.position = self._fields[laid.number].meeple_positions[index]

    def finish_turn(self) -> None:
        """Score what the tile of this turn completed and give those followers back."""
        laid = self.last
        if laid is None:
            return
        for region in self.board.completed(laid):
            self._score(region)
            for name in region.followers:
                meeple = self._model.find(name, Meeple)
                if meeple is not None:
                    meeple.position = None
            region.followers.clear()
        self._root.current_field = None

    def finish_game(self) -> None:
        """Score everything that followers still stand on; they stay where they are."""
        for region in self.board.regions:
            self._score(region)

    def withdraw(self, player: UserAssets) -> None:
        """Take all followers of a player off the board."""
        self.board.withdraw(player.id)
        for meeple in player.meeples:
            meeple.position = None

    def _score(self, region: Region) -> None:
        if not region.followers:
            return
        points = self.board.regions.points(region)
        for owner in leaders(region.followers.values()):
            player = self._model.find(owner, UserAssets)
            if player is not None:
                self.awards.append(Award(player, region.terrain, points, frozenset(region.tiles)))
                player.score += points

    def _put(self, field: Field, spot: Spot) -> None:
        laid = self.board.lay(TILES[field.name], spot)
        self._fields.append(field)
        self._laid[field] = laid
        field.rotation = ROTATIONS[spot.rotation]
        for side in range(4):
            beside = self.board.at(neighbor(spot.cell, side))
            if beside is not None:
                field.set_neighbor(side, self._fields[beside.number])
        self._root.fields.add(field)

    def _forget_field(self, field: Field) -> None:
        for position in field.meeple_positions:
            self._model.forget(position)
        self._model.forget(field)
