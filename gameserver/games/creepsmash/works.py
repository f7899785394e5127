"""Building, upgrading and selling towers: each takes its time and is done between two ticks' shots."""

from __future__ import annotations

from collections import defaultdict

from gameserver.games.creepsmash.gunnery import Gunnery
from gameserver.games.creepsmash.mapfile import Point
from gameserver.games.creepsmash.model import Tower
from gameserver.games.creepsmash.route import steps
from gameserver.games.creepsmash.tables import (
    ACTION_TICKS,
    DEFAULT_STRATEGY,
    TOWERS,
    TowerLevel,
    sale_value,
)
from gameserver.games.creepsmash.units import NEVER, Arena, Board, Player, Turret
from gameserver.games.entity import Model

#: How often the progress of a build is told: in tenths.
_PROGRESS_TICKS = ACTION_TICKS // 10


class Works:
    """All towers of a match, as far as they are built, raised or taken down."""

    def __init__(self, model: Model, arena: Arena, gunnery: Gunnery) -> None:
        self._model = model
        self._arena = arena
        self._gunnery = gunnery
        self._due: defaultdict[int, list[Turret]] = defaultdict(list)
        self._by_tower: dict[Tower, Turret] = {}

    def turret(self, tower: Tower) -> Turret | None:
        """Return the working state of a tower that stands, ``None`` once it is gone."""
        return self._by_tower.get(tower)

    def build(self, player: Player, board: Board, at: Point, family: str) -> None:
        """Start a tower on a free cell; its price is taken at once."""
        level = TOWERS[family][0]
        tower = Tower(
            self._model,
            type=family,
            strategy=DEFAULT_STRATEGY[family],
            building=True,
            color=level.color,
        )
        player.assets.towers.add(tower)
        tower.cell = board.cells[at]
        tower.level = level.level
        player.assets.balance -= level.price
        turret = Turret(
            serial=self._arena.serial(),
            tower=tower,
            player=player,
            board=board,
            at=at,
            level=level,
            cover=self._arena.route.cover(*at, steps(level.range)),
        )
        board.turrets[at] = turret
        self._by_tower[tower] = turret
        self._begin(turret, _PROGRESS_TICKS)

    def upgrade(self, turret: Turret, level: TowerLevel) -> None:
        """Start raising a tower to its next level; the price is taken at once."""
        turret.player.assets.balance -= level.price
        turret.tower.upgrading = True
        self._begin(turret, ACTION_TICKS)

    def sell(self, turret: Turret) -> None:
        """Start taking a tower down; the money comes when it is gone."""
        turret.tower.selling = True
        self._begin(turret, ACTION_TICKS)

    def tick(self) -> None:
        """Finish what is due."""
        now = self._arena.now
        for turret in self._due.pop(now, ()):
            if turret.work_done == now:
                self._finish(turret)
            elif turret.working:
                turret.tower.build_progress = (now - turret.work_begun) / ACTION_TICKS
                self._due[now + _PROGRESS_TICKS].append(turret)

    def halt(self, player: Player) -> None:
        """Leave the towers of a player who is out standing, silent and as they are."""
        for turret in self._of(player):
            turret.work_begun = turret.work_done = NEVER
            turret.tower.building = turret.tower.upgrading = turret.tower.selling = False
            self._gunnery.disarm(turret)

    def clear(self, player: Player) -> None:
        """Take every tower of somebody who has left off the board, for nothing."""
        for turret in self._of(player):
            self._remove(turret)

    def _of(self, player: Player) -> list[Turret]:
        return [turret for turret in self._by_tower.values() if turret.player is player]

    def _begin(self, turret: Turret, first_look: int) -> None:
        turret.work_begun = self._arena.now
        turret.work_done = self._arena.now + ACTION_TICKS
        self._due[self._arena.now + first_look].append(turret)

    def _finish(self, turret: Turret) -> None:
        turret.work_begun = turret.work_done = NEVER
        tower = turret.tower
        if tower.selling:
            self._remove(turret)
            turret.player.earn(sale_value(tower.type, tower.level))
        elif tower.upgrading:
            turret.level = level = TOWERS[tower.type][tower.level]
            tower.level = level.level
            tower.color = level.color
            tower.upgrading = False
            cover = self._arena.route.cover(*turret.at, steps(level.range))
            self._gunnery.extend(turret, cover)
        else:
            tower.build_progress = 1.0
            tower.building = False
            self._gunnery.arm(turret)

    def _remove(self, turret: Turret) -> None:
        turret.work_begun = turret.work_done = NEVER
        tower = turret.tower
        self._gunnery.disarm(turret)
        del turret.board.turrets[turret.at]
        del self._by_tower[tower]
        turret.board.cells[turret.at].elements.remove(tower)
        turret.player.assets.towers.remove(tower)
        self._model.forget(tower)
