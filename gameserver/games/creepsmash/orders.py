"""The commands of a running match: each is checked completely before anything changes, and raises ``Illegal`` if not.

Objects are named by their ids; credits are whole numbers.
"""

from __future__ import annotations

from gameserver.games.api import Command, Illegal, argument
from gameserver.games.creepsmash.battle import Battle
from gameserver.games.creepsmash.model import Cell, Tower
from gameserver.games.creepsmash.tables import CREEPS, MOST_CREDITS, SEND_QUEUE, STRATEGIES, TOWERS
from gameserver.games.creepsmash.units import Board, Player, Turret
from gameserver.games.entity import Model


class Orders:
    """What a living player may do. Every method raises ``Illegal`` and then nothing has changed."""

    def __init__(self, model: Model, battle: Battle) -> None:
        self._model = model
        self._battle = battle

    def create_tower(self, player: Player, board: Board, command: Command) -> None:
        """CREATE_TOWER towertype, cell: on a free cell of one's own tile that is neither way nor holy."""
        action = "createTower"
        levels = TOWERS.get(argument(command, "towertype"))
        if levels is None:
            raise Illegal(action, f"The towertype must be one of {', '.join(TOWERS)}.")
        cell = self._model.find(argument(command, "cell"), Cell)
        if cell is None:
            raise Illegal(action, "There is no such cell.")
        at = board.places.get(cell)
        if at is None:
            raise Illegal(action, "That cell is not on your own tile.")
        if cell.type == "PATH":
            raise Illegal(action, "No tower may be built on the way of the creeps.")
        if cell.type == "HOLY":
            raise Illegal(action, "No tower may be built on that cell.")
        if at in board.turrets:
            raise Illegal(action, "There is a tower on that cell already.")
        _afford(action, player, levels[0].price)
        self._battle.works.build(player, board, at, levels[0].family)

    def upgrade_tower(self, player: Player, command: Command) -> None:
        """UPGRADE_TOWER tower, level: to the next level, which is the only one possible."""
        action = "upgradeTower"
        turret = self._own(action, player, command)
        wanted = argument(command, "level")
        levels = TOWERS[turret.tower.type]
        if turret.tower.level == len(levels):
            raise Illegal(action, "The tower has its highest level already.")
        level = levels[turret.tower.level]
        if wanted != str(level.level):
            raise Illegal(action, f"The next level of this tower is {level.level}.")
        _ready(action, turret)
        _afford(action, player, level.price)
        self._battle.works.upgrade(turret, level)

    def sell_tower(self, player: Player, command: Command) -> None:
        """SELL_TOWER tower: brings 75 % of all that was paid for it."""
        turret = self._own("sellTower", player, command)
        _ready("sellTower", turret)
        self._battle.works.sell(turret)

    def change_tower_strategy(self, player: Player, command: Command) -> None:
        """CHANGE_TOWER_STRATEGY tower, strategy: from the next shot on."""
        action = "changeTowerStrategy"
        turret = self._own(action, player, command)
        strategy = argument(command, "strategy")
        if strategy not in STRATEGIES:
            raise Illegal(action, f"The strategy must be one of {', '.join(STRATEGIES)}.")
        turret.tower.strategy = strategy

    def create_creep(self, player: Player, board: Board, command: Command) -> None:
        """CREATE_CREEP creeptype: sends a creep to the next player and raises one's own income."""
        action = "createCreep"
        kind = CREEPS.get(argument(command, "creeptype"))
        if kind is None:
            raise Illegal(action, f"The creeptype must be one of {', '.join(CREEPS)}.")
        if player.waiting >= SEND_QUEUE:
            raise Illegal(action, f"{SEND_QUEUE} of your creeps are waiting already.")
        _afford(action, player, kind.price)
        player.assets.balance -= kind.price
        player.assets.income = min(player.assets.income + kind.income, MOST_CREDITS)
        self._battle.march.send(player, board.index, kind)

    def legal(self, player: Player, board: Board) -> list[Command]:
        """Return every command that would be accepted, colours aside."""
        balance = player.assets.balance
        found: list[Command] = []
        if player.waiting < SEND_QUEUE:
            found.extend(
                Command("CREATE_CREEP", {"creeptype": kind.type}) for kind in CREEPS.values() if kind.price <= balance
            )
        for turret in board.turrets.values():
            found.extend(_possible(turret, balance))
        families = [family for family, levels in TOWERS.items() if levels[0].price <= balance]
        for at, cell in board.cells.items():
            if cell.type == "FREE" and at not in board.turrets:
                found.extend(Command("CREATE_TOWER", {"towertype": family, "cell": cell.id}) for family in families)
        return found

    def _own(self, action: str, player: Player, command: Command) -> Turret:
        tower = self._model.find(argument(command, "tower"), Tower)
        turret = self._battle.works.turret(tower) if tower is not None else None
        if turret is None:
            raise Illegal(action, "There is no such tower.")
        if turret.player is not player:
            raise Illegal(action, "That tower is not yours.")
        return turret


def _afford(action: str, player: Player, price: int) -> None:
    if player.assets.balance < price:
        raise Illegal(action, f"Not enough credits: it costs {price}, you have {player.assets.balance}.")


def _ready(action: str, turret: Turret) -> None:
    if turret.working:
        doing = "built" if turret.tower.building else "upgraded" if turret.tower.upgrading else "sold"
        raise Illegal(action, f"The tower is being {doing}.")


def _possible(turret: Turret, balance: int) -> list[Command]:
    tower = turret.tower
    found = [
        Command("CHANGE_TOWER_STRATEGY", {"tower": tower.id, "strategy": strategy})
        for strategy in STRATEGIES
        if strategy != tower.strategy
    ]
    if not turret.working:
        found.append(Command("SELL_TOWER", {"tower": tower.id}))
        further = TOWERS[tower.type][tower.level :]
        if further and further[0].price <= balance:
            found.append(Command("UPGRADE_TOWER", {"tower": tower.id, "level": str(further[0].level)}))
    return found
