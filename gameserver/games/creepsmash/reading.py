"""CreepSmash from a client's side: one's own situation, rebuilt from the event stream alone."""

from __future__ import annotations

from gameserver.games.creepsmash.mirror import Mirror
from gameserver.games.creepsmash.model import CreepSmashGame, UserAssets
from gameserver.games.creepsmash.view import Vantage, View


class Reading:
    """What the player ``nickname`` knows of a game. Feed it every event with ``replica.apply``, then ask ``view``."""

    def __init__(self, nickname: str) -> None:
        self._nickname = nickname
        self._vantage = Vantage()
        self.replica = Mirror()

    @property
    def game(self) -> CreepSmashGame | None:
        """The game object, once it is known."""
        return self.replica.game

    @property
    def me(self) -> UserAssets | None:
        """One's own UserAssets as a player, once it is known."""
        if self.game is None:
            return None
        for assets in self.game.users:
            if assets.user is not None and assets.user.nickname == self._nickname and not assets.visitor:
                return assets
        return None

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
