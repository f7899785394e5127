"""Computer players: functions from what a player sees and a source of chance to his next command, or to waiting.

They know nothing that a client does not know, so they play over the public protocol; starting the game is left to
whoever seats them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gameserver.games.api import Command
from gameserver.games.creepsmash.game import CreepSmash
from gameserver.games.creepsmash.model import Cell, CreepDescription, Tower, TowerDescription
from gameserver.games.creepsmash.tables import START_INCOME, STRATEGIES
from gameserver.games.creepsmash.view import Ground, Vantage, View
from gameserver.games.rng import Chance

#: Credits for the first towers, and for more of them for every 100 credits that went into creeps. Small enough
#: that matches end: towers are cheap compared with what they stop.
FIRST_TOWERS = 150
TOWER_SHARE = 20
#: Ticks an ordinary creep spends in a cell.
CELL_TICKS = 14

Strategy = Callable[[View, Chance], Command | None]


def choose(game: CreepSmash, seat: int, chance: Chance) -> Command | None:
    """Return the next command of a computer player on a seat, ``None`` to wait or when nobody plays there."""
    assets = game.assets(seat)
    return sensible(Vantage().view(game.root, assets), chance) if assets is not None else None


def random_legal(view: View, chance: Chance) -> Command | None:
    """Return any command the rules accept, each kind as likely as another; ``None`` when there is none."""
    if view.me.tile is None:
        return _tile(view, chance)
    prices = _Prices(view)
    if not view.fighting or view.ground is None:
        return None
    kinds = [
        list(_creeps(prices)),
        list(_builds(prices, view.ground.vacant())),
        list(_upgrades(prices)),
        [Command("SELL_TOWER", {"tower": tower.id}) for tower in prices.idle],
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
    judgement = _Judgement(view, view.ground)
    if judgement.wants_towers():
        tower = judgement.best_tower()
        # A full board with every tower at its best leaves money for nothing but creeps.
        if tower is not None or judgement.can_grow():
            return tower
    # Mostly the strongest that can be paid, at times the one below it.
    best = list(_creeps(judgement.prices))[-2:]
    return chance.choice(best) if best else None


def _tile(view: View, chance: Chance) -> Command | None:
    if view.me.visitor or view.game.running or view.game.winner is not None:
        return None
    free = [tile for tile in view.game.tiles if tile.user_assets is None]
    return Command("CHOOSE_TILE", {"tile": chance.choice(free).id}) if free else None


class _Prices:
    """The guide's lists and what a player can do with his credits."""

    def __init__(self, view: View) -> None:
        self.me = view.me
        self.credits = view.me.balance
        guide = view.game.guide
        self.towers: dict[str, list[TowerDescription]] = {}
        self.creeps: list[CreepDescription] = []
        if guide is not None:
            for family in guide.tower_descriptions:
                self.towers[family.key] = sorted(family.value, key=lambda level: level.level)
            for kind in guide.creep_descriptions:
                self.creeps.extend(kind.value)
            self.creeps.sort(key=lambda creep: creep.price)
        #: One's own towers that are not being built, upgraded or sold.
        self.idle = [tower for tower in self.me.towers if not (tower.building or tower.upgrading or tower.selling)]

    def level(self, tower: Tower) -> TowerDescription:
        """The figures of a tower as it is."""
        return self.towers[tower.type][max(tower.level, 1) - 1]

    def next_level(self, tower: Tower) -> TowerDescription | None:
        """The figures of a tower after its next upgrade."""
        levels = self.towers[tower.type]
        return levels[tower.level] if tower.level < len(levels) else None


def _creeps(prices: _Prices) -> Iterator[Command]:
    """Every creep that can be paid, the cheapest first."""
    for creep in prices.creeps:
        if creep.price <= prices.credits:
            yield Command("CREATE_CREEP", {"creeptype": creep.type})


def _build(level: TowerDescription, cell: Cell) -> Command:
    return Command("CREATE_TOWER", {"towertype": level.type, "cell": cell.id})


def _builds(prices: _Prices, cells: list[Cell]) -> Iterator[Command]:
    for levels in prices.towers.values():
        if levels[0].price <= prices.credits:
            for cell in cells:
                yield _build(levels[0], cell)


def _upgrade(tower: Tower, level: TowerDescription) -> Command:
    return Command("UPGRADE_TOWER", {"tower": tower.id, "level": str(level.level)})


def _upgrades(prices: _Prices) -> Iterator[Command]:
    for tower in prices.idle:
        level = prices.next_level(tower)
        if level is not None and level.price <= prices.credits:
            yield _upgrade(tower, level)


class _Judgement:
    """One look at one's own board and purse."""

    def __init__(self, view: View, ground: Ground) -> None:
        self._ground = ground
        self._me = view.me
        self.prices = _Prices(view)

    def wants_towers(self) -> bool:
        """Whether the next credits belong to towers: in danger, or when creeps have had their share."""
        prices = self.prices
        built = sum(
            level.price for tower in self._me.towers for level in prices.towers[tower.type][: max(tower.level, 1)]
        )
        # A creep of 100 credits raises the income by 9 or 10: all that is left to see of what was sent.
        sent = (self._me.income - START_INCOME) * 11
        return built * 100 < sent * TOWER_SHARE + FIRST_TOWERS * 100 or self._danger()

    def _danger(self) -> bool:
        """Whether what walks on the board has more health than the towers can take from it on the way."""
        health = sum(creep.health for creep in self._ground.enemies())
        if not health:
            return False
        power = sum(
            self._worth(self.prices.level(tower), tower.cell)
            for tower in self._me.towers
            if tower.cell is not None and not tower.building
        )
        return health > power * CELL_TICKS

    def _worth(self, level: TowerDescription, cell: Cell) -> float:
        """Damage a tick, over all cells of the way that the tower reaches from there."""
        crowd = 2.0 if level.splash_radius else 1.0
        slowing = 1.0 + 2.0 * level.slow_rate
        reach = self._ground.reach(cell, int(level.range))
        return reach * level.damage * crowd * slowing / level.cool_down_max

    def best_tower(self) -> Command | None:
        """Return the build or upgrade with the most worth for its price, ``None`` if none can be paid."""
        best: tuple[float, Command] | None = None
        for gain, price, command in self._purchases():
            if price <= self.prices.credits and (best is None or gain / price > best[0]):
                best = gain / price, command
        return best[1] if best is not None else None

    def can_grow(self) -> bool:
        """Whether there is anything left to build or to upgrade, for whatever price."""
        return self._ground.best_vacant(0) is not None or any(
            self.prices.next_level(tower) is not None for tower in self._me.towers
        )

    def _purchases(self) -> Iterator[tuple[float, int, Command]]:
        for tower in self.prices.idle:
            level = self.prices.next_level(tower)
            if level is not None and tower.cell is not None:
                gain = self._worth(level, tower.cell) - self._worth(self.prices.level(tower), tower.cell)
                yield gain, level.price, _upgrade(tower, level)
        for levels in self.prices.towers.values():
            cell = self._ground.best_vacant(int(levels[0].range))
            if cell is not None:
                yield self._worth(levels[0], cell), levels[0].price, _build(levels[0], cell)
