"""CreepSmash from a client's side: one's own situation, rebuilt from the event stream alone."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.games import mirror
from gameserver.games.api import Command
from gameserver.games.creepsmash import model
from gameserver.games.creepsmash.model import Creep, CreepSmashGame, UserAssets
from gameserver.games.creepsmash.view import Vantage, View
from gameserver.games.entity import Entity
from gameserver.games.rng import Chance

#: The classes of this game's objects.
ENTITIES = mirror.entity_classes(model)


class Mirror(mirror.Mirror[CreepSmashGame]):
    """The objects as far as the game's events have told."""

    def __init__(self) -> None:
        super().__init__(ENTITIES)

    def _told(self, entity: Entity, prop: str, old: str | None, new: str | None) -> None:
        """Forget the dead: nothing more comes of them, and a long match has many."""
        if isinstance(entity, Creep) and prop == "cell" and old is not None and new is None and entity.health == 0:
            self.model.forget(entity)


class Reading:
    """What the player ``nickname`` knows of a game. A ``Reader`` of its kind."""

    def __init__(self, nickname: str) -> None:
        self._nickname = nickname
        self._vantage = Vantage()
        self.replica = Mirror()

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event."""
        self.replica.apply(source, prop, old, new)

    def decide(self, strategy: Callable[[View, Chance], Command | None], chance: Chance) -> Command | None:
        """Return what to send now, ``None`` for nothing."""
        view = self.view()
        return strategy(view, chance) if view is not None else None

    @property
    def ready(self) -> bool:
        """Whether a tile has been chosen."""
        return self.me is not None and self.me.tile is not None

    @property
    def game(self) -> CreepSmashGame | None:
        """The game object, once it is known."""
        return self.replica.game

    @property
    def me(self) -> UserAssets | None:
        """One's own UserAssets as a player, once it is known."""
        found: UserAssets | None = self.replica.player(self._nickname)
        return found

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""
        return self.game is not None and self.game.running

    def view(self) -> View | None:
        """Return one's own situation as strategies see it; ``None`` before one is known as a player."""
        game, me = self.game, self.me
        if game is None or me is None:
            return None
        return self._vantage.view(game, me)
