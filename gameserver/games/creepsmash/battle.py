"""The running match: ticks, income, lives, who is out and who has won."""

from __future__ import annotations

from collections.abc import Sequence

from gameserver.games.creepsmash.gunnery import Gunnery
from gameserver.games.creepsmash.march import March
from gameserver.games.creepsmash.model import CreepSmashGame
from gameserver.games.creepsmash.tables import INCOME_TICKS, SECOND_TICKS
from gameserver.games.creepsmash.units import Arena, Player
from gameserver.games.creepsmash.works import Works


class Battle:
    """The fight of the players that took part at its start.

    A tick is: builds, upgrades and sales done; creeps recovering, walking, passed on, appearing; rockets flying,
    towers firing; income. The match is over in the instant at which one player is left.
    """

    def __init__(self, game: CreepSmashGame, arena: Arena, players: Sequence[Player]) -> None:
        self._game = game
        self._players = list(players)
        self.arena = arena
        self.gunnery = Gunnery(arena)
        self.march = March(game.model, arena, self.gunnery.alert, self._lose_life)
        self.works = Works(game.model, arena, self.gunnery)
        arena.solo = len(self._players) == 1

    def tick(self) -> None:
        """Let 50 ms pass. Does nothing once the match is over."""
        if not self._game.running:
            return
        arena = self.arena
        arena.now += 1
        self.works.tick()
        if not self.march.tick():
            return
        self.gunnery.tick(self.march)
        if arena.now % SECOND_TICKS == 0:
            rest = -arena.now % INCOME_TICKS
            self._game.next_income = float((rest or INCOME_TICKS) // SECOND_TICKS)
            if not rest:
                self._pay()

    def leave(self, player: Player) -> None:
        """Take a player out for good, with his towers; his creeps walk on as nobody's."""
        was_alive, player.alive = player.alive, False
        self.gunnery.ground(player)
        self.works.clear(player)
        self.march.disown(player)
        if was_alive:
            self._look_for_winner()

    def _pay(self) -> None:
        for player in self._players:
            if player.alive:
                player.earn(player.assets.income)

    def _lose_life(self, player: Player) -> bool:
        player.assets.lives -= 1
        if player.assets.lives == 0:
            player.alive = False
            self.gunnery.ground(player)
            self.works.halt(player)
            self._look_for_winner()
        return self._game.running

    def _look_for_winner(self) -> None:
        alive = [player for player in self._players if player.alive]
        if len(alive) > (0 if self.arena.solo else 1):
            return
        if alive:
            # Clients close the game when it stops running, so the winner must be known by then.
            self._game.winner = alive[0].assets.user
        self._game.running = False
