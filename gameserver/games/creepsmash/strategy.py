"""Computer players: functions from what a player sees and a source of chance to his next command, or to waiting.

They know nothing that a client does not know, so they play over the public protocol; starting the game is left to
whoever seats them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gameserver.games.api import Command
from gameserver.games.creepsmash.game import CreepSmash
from gameserver.games.creepsmash.model import Cell, Tower
from gameserver.games.creepsmash.prices import TowerPrice
from gameserver.games.creepsmash.tables import START_INCOME, STRATEGIES
from gameserver.games.creepsmash.view import Ground, View
from gameserver.games.rng import Chance

#: Credits for the first towers, and for more of them for every 100 credits that went into creeps. Small enough
#: that matches end: towers are cheap compared with what they stop.
FIRST_TOWERS = 150
TOWER_SHARE = 20
#: Ticks an ordinary creep spends in a cell.
CELL_TICKS = 14

Strategy = Callable[[View, Chance], Command | None]


def choose(game: CreepSmash, seat: int, chance: Chance) -> Command | None:
    """Return the next command of a computer player; ``None`` to wait."""
    return sensible(game.view(seat), chance)


def random_legal(view: View, chance: Chance) -> Command | None:
    """Return any command the rules accept, each kind as likely as another; ``None`` when there is none."""
    if view.me.tile is None:
        return _tile(view, chance)
    if not view.fighting or view.ground is None:
        return None
    kinds = [
        list(_creeps(view)),
        list(_builds(view, view.ground)),
        list(_upgrades(view)),
        [Command("SELL_TOWER", {"tower": tower.id}) for tower in _idle(view)],
        [
            Command("CHANGE_TOWER_STRATEGY", {"tower": tower.id, "strategy": strategy})
            for tower in view.me.towers
            for strategy in STRATEGIES
            if strategy != tower.strategy
        ],
    ]
    kinds = [commands for commands in kinds if commands]
    return chance.choice(chance.choice(kinds)) if kinds else None


def sensible(view: View, chance: Chance) -> Command | None:
    """Return the command of a player with a plan, ``None`` to wait.

    Money is split between towers and creeps by what has been spent on each; whoever has creeps on his board that his
    towers cannot stop builds first; the best buy is the one with the most damage over the way for its price.
    """
    if view.me.tile is None:
        return _tile(view, chance)
    if not view.fighting or view.ground is None:
        return None
    if _wants_towers(view, view.ground):
        tower = _best_tower(view, view.ground)
        # A full board with every tower at its best leaves money for nothing but creeps.
        if tower is not None or _can_grow(view, view.ground):
            return tower
    # Mostly the strongest that can be paid, at times the one below it.
    best = list(_creeps(view))[-2:]
    return chance.choice(best) if best else None


def _tile(view: View, chance: Chance) -> Command | None:
    if view.me.visitor or view.game.running or view.game.winner is not None:
        return None
    free = [tile for tile in view.game.tiles if tile.user_assets is None]
    return Command("CHOOSE_TILE", {"tile": chance.choice(free).id}) if free else None


def _idle(view: View) -> list[Tower]:
    """One's own towers that are not being built, upgraded or sold."""
    return [tower for tower in view.me.towers if not (tower.building or tower.upgrading or tower.selling)]


def _creeps(view: View) -> Iterator[Command]:
    """Every creep that can be paid, the cheapest first."""
    credits = view.me.balance
    for creep in view.prices.creeps:
        if creep.price <= credits:
            yield Command("CREATE_CREEP", {"creeptype": creep.type})


def _build(level: TowerPrice, cell: Cell) -> Command:
    return Command("CREATE_TOWER", {"towertype": level.family, "cell": cell.id})


def _builds(view: View, ground: Ground) -> Iterator[Command]:
    credits, cells = view.me.balance, ground.vacant()
    for levels in view.prices.towers.values():
        if levels[0].price <= credits:
            for cell in cells:
                yield _build(levels[0], cell)


def _upgrade(tower: Tower, level: TowerPrice) -> Command:
    return Command("UPGRADE_TOWER", {"tower": tower.id, "level": str(level.level)})


def _upgrades(view: View) -> Iterator[Command]:
    credits = view.me.balance
    for tower in _idle(view):
        level = view.prices.after(tower)
        if level is not None and level.price <= credits:
            yield _upgrade(tower, level)


def _wants_towers(view: View, ground: Ground) -> bool:
    """Whether the next credits belong to towers: in danger, or when creeps have had their share."""
    built = sum(view.prices.paid(tower) for tower in view.me.towers)
    # A creep of 100 credits raises the income by 9 or 10: all that is left to see of what was sent.
    sent = (view.me.income - START_INCOME) * 11
    return built * 100 < sent * TOWER_SHARE + FIRST_TOWERS * 100 or _in_danger(view, ground)


def _in_danger(view: View, ground: Ground) -> bool:
    """Whether what walks on the board has more health than the towers can take from it on the way."""
    health = sum(creep.health for creep in ground.enemies())
    if not health:
        return False
    power = sum(
        _worth(ground, view.prices.now(tower), tower.cell)
        for tower in view.me.towers
        if tower.cell is not None and not tower.building
    )
    return health > power * CELL_TICKS


def _worth(ground: Ground, level: TowerPrice, cell: Cell) -> float:
    """Damage a tick, over all cells of the way that the tower reaches from there."""
    return ground.reach(cell, level.range) * level.power


def _best_tower(view: View, ground: Ground) -> Command | None:
    """Return the build or upgrade with the most worth for its price, ``None`` if none can be paid."""
    credits = view.me.balance
    best: tuple[float, Command] | None = None
    for gain, price, command in _purchases(view, ground):
        if price <= credits and (best is None or gain / price > best[0]):
            best = gain / price, command
    return best[1] if best is not None else None


def _can_grow(view: View, ground: Ground) -> bool:
    """Whether there is anything left to build or to upgrade, for whatever price."""
    return ground.best_vacant(0) is not None or any(view.prices.after(tower) for tower in view.me.towers)


def _purchases(view: View, ground: Ground) -> Iterator[tuple[float, int, Command]]:
    for tower in _idle(view):
        level, cell = view.prices.after(tower), tower.cell
        if level is not None and cell is not None:
            gain = _worth(ground, level, cell) - _worth(ground, view.prices.now(tower), cell)
            yield gain, level.price, _upgrade(tower, level)
    for levels in view.prices.towers.values():
        vacant = ground.best_vacant(levels[0].range)
        if vacant is not None:
            yield _worth(ground, levels[0], vacant), levels[0].price, _build(levels[0], vacant)
