"""Carcassonne from a client's side: the board and one's own turn, rebuilt from the event stream alone."""

from __future__ import annotations

from gameserver.games.carcassonne import model
from gameserver.games.carcassonne.board import Board, Laid, Spot, neighbor
from gameserver.games.carcassonne.moves import DRAW_CARD, END_TURN, View, claims, layings
from gameserver.games.carcassonne.tiles import ROTATIONS, SIDES, TILES
from gameserver.games.mirror import collections, entity_classes
from gameserver.games.replica import Replica

#: The classes of this game's objects, and their to-many properties.
ENTITIES = entity_classes(model)
COLLECTIONS = collections(ENTITIES)


class Reading:
    """What the player ``nickname`` knows of a game. Feed it every event with ``replica.apply``, then ask ``view``."""

    def __init__(self, nickname: str) -> None:
        self._nickname = nickname
        self.replica = Replica(COLLECTIONS)
        self._board = Board()
        self._fields: list[str] = []
        self._laid: dict[str, Laid] = {}

    @property
    def game(self) -> str | None:
        """The id of the game object, once it is known."""
        return next(iter(self.replica.of_class("CarcassonneGame")), None)

    @property
    def me(self) -> str | None:
        """The id of one's own UserAssets as a player, once it is known."""
        for assets in self.replica.many(self.game, "users"):
            user = self.replica.one(assets, "user")
            if (
                self.replica.one(user, "nickname") == self._nickname
                and self.replica.one(assets, "visitor") == "false"
            ):
                return assets
        return None

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""
        return self.replica.one(self.game, "running") == "true"

    def choice(self) -> View | None:
        """Return one's own turn if there is something to choose."""
        view = self.view()
        return view if view.commands() else None

    def view(self) -> View:
        """Return one's own turn as strategies see it; without choices when it is not one's turn."""
        game, me = self.game, self.me
        self._lay_new_tiles()
        self._place_followers()
        own = self.replica.many(me, "meeples")
        supply = [meeple for meeple in own if self.replica.one(meeple, "position") is None]
        left = int(self.replica.one(game, "remainingCards") or 0)
        if me is None or not self.running or self.replica.one(game, "currentPlayer") != me:
            return View(self._board, me or "", len(supply), left)
        current = self.replica.one(game, "currentField")
        if current is None:
            return View(self._board, me, len(supply), left, others=[DRAW_CARD])
        laid = self._laid.get(current)
        if laid is not None:
            claimed = dict(claims(self._board, laid, supply[0])) if supply else {}
            return View(self._board, me, len(supply), left, laid=laid, claims=claimed, others=[END_TURN])
        tile = TILES[self.replica.one(current, "name") or ""]
        spots = dict(layings(self._board, tile, lambda laid: self._fields[laid.number]))
        return View(self._board, me, len(supply), left, tile=tile, spots=spots)

    def _lay_new_tiles(self) -> None:
        # The collection is in the order of laying, so every tile has a neighbour among those before it.
        for field in self.replica.many(self.game, "fields")[len(self._fields) :]:
            letter = self.replica.one(field, "name") or ""
            rotation = ROTATIONS.index(self.replica.one(field, "rotation") or "R0")
            self._laid[field] = self._board.lay(TILES[letter], Spot(self._cell(field), rotation))
            self._fields.append(field)

    def _cell(self, field: str) -> tuple[int, int]:
        for side, orientation in enumerate(SIDES):
            laid = self._laid.get(self.replica.one(field, orientation.lower()) or "")
            if laid is not None:
                return neighbor(laid.spot.cell, (side + 2) % 4)
        return (0, 0)

    def _place_followers(self) -> None:
        for region in self._board.regions:
            region.followers.clear()
        for assets in self.replica.many(self.game, "users"):
            for meeple in self.replica.many(assets, "meeples"):
                position = self.replica.one(meeple, "position")
                laid = self._laid.get(self.replica.one(position, "field") or "")
                if laid is not None:
                    index = int(self.replica.one(position, "name") or 1) - 1
                    self._board.claim(laid.piece(index), meeple, assets)
