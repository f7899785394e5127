"""Whole fights of busy players, counted a second time: both counts agree in every tick."""

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.games.creepsmash.model import Cell
from gameserver.games.creepsmash.route import rotate
from gameserver.games.creepsmash.strategy import random_legal, sensible
from gameserver.games.creepsmash.view import Vantage
from gameserver.games.rng import Chance
from tests.games.creepsmash.recount import Recount, Side
from tests.games.creepsmash.stage import LONG, creeps, map_text, rich, root, started, ticks, tile_under
from tests.typed import the

FIGHTS, TICKS = (36, 2_500) if LONG else (6, 900)

MAPS = ("map_crossing", "map_zigzag", "map_meadow", "map_ladder", "map_spiral", "map_sprint")


#: A creep: the number of its board, its cell, type, health and speed.
Walking = tuple[int, int, int, str, int, float]

#: Lives, balance and income of each player; type, level, strategy and work of each tower; the creeps.
Picture = tuple[list[tuple[int, int, int]], dict[str, tuple[str, int, str, bool, bool, bool]], Counter[Walking]]


class Both:
    """A game and its second count, given the same commands."""

    def __init__(self, number: int) -> None:
        self.players = 2 + number % 3
        text = map_text(MAPS[number % len(MAPS)])
        self.game = started(players=self.players, text=text, seed=number)
        # Money for everything there is, at times little, and lives enough for a long fight.
        rich(self.game, *range(self.players), credits=(200_000, 3_000_000, 60_000)[number % 3])
        self.assets = [self.game.assets(seat) for seat in range(self.players)]
        for player in self.assets:
            player.lives = 60
        sides = [Side(seat, 60, player.balance) for seat, player in enumerate(self.assets)]
        self.sides = list(sides)
        self.count = Recount(text, [*sides, *[None] * (4 - self.players)])

    def apply(self, seat: int, command: Command) -> None:
        self.game.apply(seat, command)
        arguments = command.arguments
        if command.action == "CREATE_TOWER":
            cell = the(self.game.model.find(arguments["cell"], Cell))
            at = next(
                (x, y)
                for x in range(16)
                for y in range(16)
                if rotate(the(the(cell.map).tile).position, x, y) == (cell.x, cell.y)
            )
            tower = list(self.game.assets(seat).towers)[-1]
            self.count.build(tower.id, seat, arguments["towertype"], *at)
        elif command.action == "UPGRADE_TOWER":
            self.count.upgrade(arguments["tower"])
        elif command.action == "SELL_TOWER":
            self.count.sell(arguments["tower"])
        elif command.action == "CHANGE_TOWER_STRATEGY":
            self.count.guns[arguments["tower"]].strategy = arguments["strategy"]
        else:
            self.count.send(seat, arguments["creeptype"])

    def leave(self, seat: int) -> None:
        self.game.leave(seat)
        self.count.leave(seat)

    def tick(self) -> None:
        ticks(self.game, 1)
        self.count.tick()

    def shown(self) -> Picture:
        """What the game's objects say: players, towers, creeps."""
        tiles = list(root(self.game).tiles)
        return (
            [(player.lives, player.balance, player.income) for player in self.assets],
            {
                tower.id: (tower.type, tower.level, tower.strategy, tower.building, tower.upgrading, tower.selling)
                for player in self.assets
                for tower in player.towers
            },
            Counter(
                (
                    tiles.index(tile_under(creep)),
                    the(creep.cell).x,
                    the(creep.cell).y,
                    creep.type,
                    creep.health,
                    creep.speed,
                )
                for creep in creeps(self.game)
            ),
        )

    def counted(self) -> Picture:
        """The same by the second count."""
        found = Counter[Walking]()
        for walker in self.count.walkers:
            # Half way between two centres it is in the next cell.
            x, y = self.count.cells[(walker.walked + 500) // 1000]
            place = root(self.game).tiles[walker.board].position
            at = rotate(place, x, y)
            found[walker.board, *at, walker.kind, walker.health, float(walker.speed)] += 1
        return (
            [(side.lives, side.balance, side.income) for side in self.sides],
            {
                name: (
                    gun.family,
                    gun.level,
                    gun.strategy,
                    gun.work == "build",
                    gun.work == "upgrade",
                    gun.work == "sell",
                )
                for name, gun in self.count.guns.items()
            },
            found,
        )


class TestSecondCount(SynchronousTestCase):
    def fight(self, number: int) -> None:
        both = Both(number)
        chance = Chance(f"second count {number}")
        views = [Vantage() for _ in range(both.players)]
        for tick in range(TICKS):
            for seat in range(both.players):
                player = both.game._seats.get(seat)
                if player is not None and chance.below(8) == 0 and both.game.running:
                    strategy = sensible if chance.below(3) == 0 else random_legal
                    view = views[seat].view(both.game.root, player)
                    command = strategy(view, chance)
                    if command is not None:
                        both.apply(seat, command)
            if tick == TICKS // 2 and both.players == 4:
                both.leave(1)
            both.tick()
            if tick % 12 == 0 or not both.game.running:
                self.assertEqual(both.shown(), both.counted(), f"fight {number}, tick {tick}")
            if not both.game.running:
                self.assertFalse(both.count.running)
                return
        self.assertTrue(both.count.running)

    def test_fights(self) -> None:
        for number in range(FIGHTS):
            with self.subTest(fight=number):
                self.fight(number)
