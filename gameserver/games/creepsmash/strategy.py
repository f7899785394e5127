"""A computer player's judgement: what to do next, by what every player can see.

It works on the objects of a game, be they those of the rules or a client's mirror. The plan: money is split
between towers and creeps by what has been spent on each; whoever has creeps on his board that his towers cannot
stop builds first; the best buy is the one with the most damage over the way for its price.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gameserver.games.api import Command
from gameserver.games.creepsmash.game import CreepSmash
from gameserver.games.creepsmash.model import (
    Cell,
    Creep,
    CreepDescription,
    CreepSmashGame,
    Map,
    Tower,
    TowerDescription,
    UserAssets,
)
from gameserver.games.creepsmash.tables import CELL_PIXELS, START_INCOME
from gameserver.games.rng import Chance

#: Credits for the first towers, and for more of them for every 100 credits that went into creeps. Small enough
#: that matches end: towers are cheap compared with what they stop.
FIRST_TOWERS = 150
TOWER_SHARE = 20
#: Ticks an ordinary creep spends in a cell.
CELL_TICKS = 14

Path = frozenset[tuple[int, int]]


def choose(game: CreepSmash, seat: int, chance: Chance) -> Command | None:
    """Return the next command of a seat, ``None`` to wait. Starting the game is left to somebody else."""
    assets = game.assets(seat)
    if assets is None or game.over or not isinstance(game.root, CreepSmashGame):
        return None
    return decide(game.root, assets, chance)


def decide(game: CreepSmashGame, assets: UserAssets, chance: Chance) -> Command | None:
    """Return the next command of the player these assets belong to, ``None`` to wait."""
    if assets.visitor or game.winner is not None:
        return None
    tile = assets.tile
    if tile is None:
        free = [tile for tile in game.tiles if tile.user_assets is None]
        return Command("CHOOSE_TILE", {"tile": chance.choice(free).id}) if free else None
    if not game.running or assets.lives <= 0 or tile.map is None or game.guide is None:
        return None
    judgement = _Judgement(game, assets, tile.map, chance)
    if judgement.wants_towers():
        tower = judgement.best_tower()
        # A full board with every tower at its best leaves money for nothing but creeps.
        if tower is not None or judgement.can_grow():
            return tower
    return judgement.best_creep()


class _Judgement:
    """One look at one's own board and purse."""

    def __init__(self, game: CreepSmashGame, assets: UserAssets, board: Map, chance: Chance) -> None:
        assert game.guide is not None
        self._assets = assets
        self._chance = chance
        self._cells = list(board.cells)
        self._path: Path = frozenset((cell.x, cell.y) for cell in self._cells if cell.type == "PATH")
        self._towers = {
            mapping.key: sorted(mapping.value, key=lambda level: level.level)
            for mapping in game.guide.tower_descriptions
        }
        self._creeps: dict[str, CreepDescription] = {
            mapping.key: description for mapping in game.guide.creep_descriptions for description in mapping.value
        }

    def wants_towers(self) -> bool:
        """Whether the next credits belong to towers: in danger, or when creeps have had their share."""
        built = sum(
            level.price for tower in self._assets.towers for level in self._towers[tower.type][: max(tower.level, 1)]
        )
        # A creep of 100 credits raises the income by 9 or 10: all that is left to see of what was sent.
        sent = (self._assets.income - START_INCOME) * 11
        return built * 100 < sent * TOWER_SHARE + FIRST_TOWERS * 100 or self._danger()

    def _danger(self) -> bool:
        """Whether what walks on the board has more health than the towers can take from it on the way."""
        health = sum(
            element.health
            for cell in self._cells
            if cell.type == "PATH"
            for element in cell.elements
            if isinstance(element, Creep)
        )
        if not health:
            return False
        power = 0
        for tower in self._assets.towers:
            level = self._level(tower)
            if tower.cell is not None and not tower.building:
                power += int(self._worth(level, tower.cell) * CELL_TICKS)
        return health > power

    def _level(self, tower: Tower) -> TowerDescription:
        return self._towers[tower.type][max(tower.level, 1) - 1]

    def _worth(self, level: TowerDescription, cell: Cell) -> float:
        """Damage a tick, over all cells of the way that the tower reaches from there."""
        crowd = 2.0 if level.splash_radius else 1.0
        slowing = 1.0 + 2.0 * level.slow_rate
        reach = cells_in_reach(self._path, cell.x, cell.y, int(level.range))
        return reach * level.damage * crowd * slowing / level.cool_down_max

    def best_tower(self) -> Command | None:
        """Return the build or upgrade with the most worth for its price, ``None`` if none can be paid."""
        best: tuple[float, Command] | None = None
        for gain, price, command in self._purchases():
            if price <= self._assets.balance and (best is None or gain / price > best[0]):
                best = gain / price, command
        return best[1] if best is not None else None

    def can_grow(self) -> bool:
        """Whether there is anything left to build or to upgrade, for whatever price."""
        return any(cell.type == "FREE" and not len(cell.elements) for cell in self._cells) or any(
            tower.level < len(self._towers[tower.type]) for tower in self._assets.towers
        )

    def _purchases(self) -> Iterator[tuple[float, int, Command]]:
        for tower in self._assets.towers:
            levels = self._towers[tower.type]
            busy = tower.building or tower.upgrading or tower.selling
            if not busy and tower.cell is not None and tower.level < len(levels):
                level = levels[tower.level]
                gain = self._worth(level, tower.cell) - self._worth(self._level(tower), tower.cell)
                yield (
                    gain,
                    level.price,
                    Command("UPGRADE_TOWER", {"tower": tower.id, "level": str(level.level)}),
                )
        free = [cell for cell in self._cells if cell.type == "FREE" and not len(cell.elements)]
        for family, levels in self._towers.items():
            level = levels[0]
            if free and level.price <= self._assets.balance:
                cell = max(free, key=lambda cell: (self._worth(level, cell), cell.x, cell.y))
                yield (
                    self._worth(level, cell),
                    level.price,
                    Command("CREATE_TOWER", {"towertype": family, "cell": cell.id}),
                )

    def best_creep(self) -> Command | None:
        """Return a creep to send: mostly the strongest that can be paid, at times the one below it."""
        affordable = sorted(
            (creep for creep in self._creeps.values() if creep.price <= self._assets.balance),
            key=lambda creep: creep.price,
        )
        if not affordable:
            return None
        creep = self._chance.choice(affordable[-2:])
        return Command("CREATE_CREEP", {"creeptype": creep.type})


@lru_cache(maxsize=16384)
def cells_in_reach(path: Path, x: int, y: int, pixels: int) -> int:
    """Return how many cells of the way have their centre within a range, given in pixels, of a cell's."""
    return sum(
        ((x - at_x) ** 2 + (y - at_y) ** 2) * CELL_PIXELS * CELL_PIXELS < pixels * pixels for at_x, at_y in path
    )
