"""Commands of a running fight: what each refuses, with its sentence, and that a refusal changes nothing."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.tables import CREEPS, SEND_QUEUE, STRATEGIES, TOWERS
from tests.games.creepsmash.stage import (
    STRAIGHT,
    aim,
    assets,
    build,
    cell,
    creeps,
    refused,
    rich,
    root,
    sell,
    send,
    started,
    ticks,
    upgrade,
)
from tests.typed import the


class OrderCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = started(text=STRAIGHT + "2;2\n")

    def refused(self, action: str, sentence: str, seat: int = 0, **arguments: str) -> None:
        self.assertEqual(refused(self, self.game, seat, Command(action, arguments)), sentence)


class TestCreateTower(OrderCase):
    def build(self, sentence: str, **arguments: str) -> None:
        self.refused("CREATE_TOWER", f"createTower - {sentence}", 0, **arguments)

    def test_refusals(self) -> None:
        mine, theirs = cell(self.game, 0, 3, 3), cell(self.game, 1, 3, 3)
        self.build("The key towertype is missing.", cell=mine.id)
        self.build("The key cell is missing.", towertype="BASIC")
        self.build(f"The towertype must be one of {', '.join(TOWERS)}.", towertype="basic", cell=mine.id)
        self.build("There is no such cell.", towertype="BASIC", cell="Cell@0")
        self.build("There is no such cell.", towertype="BASIC", cell=the(assets(self.game, 0).tile).id)
        self.build("That cell is not on your own tile.", towertype="BASIC", cell=theirs.id)
        way, holy = cell(self.game, 0, 5, 8), cell(self.game, 0, 2, 2)
        self.build("No tower may be built on the way of the creeps.", towertype="BASIC", cell=way.id)
        self.build("No tower may be built on that cell.", towertype="BASIC", cell=holy.id)
        self.build("Not enough credits: it costs 250, you have 200.", towertype="SPLASH", cell=mine.id)
        build(self.game, 0, "BASIC", 3, 3)
        self.build("There is a tower on that cell already.", towertype="BASIC", cell=mine.id)

    def test_the_price_is_paid_at_once(self) -> None:
        build(self.game, 0, "BASIC", 3, 3)
        self.assertEqual(assets(self.game, 0).balance, 150)

    def test_the_last_credit_may_be_spent(self) -> None:
        for x in range(4):
            build(self.game, 0, "BASIC", x, 3)
        self.assertEqual(assets(self.game, 0).balance, 0)

    def test_a_cell_is_free_again_after_the_sale(self) -> None:
        tower = build(self.game, 0, "BASIC", 3, 3)
        ticks(self.game, 50)
        sell(self.game, 0, tower)
        self.build("There is a tower on that cell already.", towertype="BASIC", cell=cell(self.game, 0, 3, 3).id)
        ticks(self.game, 50)
        build(self.game, 0, "BASIC", 3, 3)


class TestUpgradeTower(OrderCase):
    def raised(self, sentence: str, seat: int = 0, **arguments: str) -> None:
        self.refused("UPGRADE_TOWER", f"upgradeTower - {sentence}", seat, **arguments)

    def test_refusals(self) -> None:
        tower = build(self.game, 0, "BASIC", 3, 3)
        self.raised("The tower is being built.", tower=tower.id, level="2")
        ticks(self.game, 50)
        self.raised("The key tower is missing.", level="2")
        self.raised("The key level is missing.", tower=tower.id)
        self.raised("There is no such tower.", tower="Tower@0", level="2")
        self.raised("That tower is not yours.", 1, tower=tower.id, level="2")
        for level in ("1", "3", "0", "-2", "two", "2.0", " 2", "", "\u0662"):
            self.raised("The next level of this tower is 2.", tower=tower.id, level=level)
        upgrade(self.game, 0, tower, 2)
        self.raised("The tower is being upgraded.", tower=tower.id, level="2")
        ticks(self.game, 50)
        self.raised("Not enough credits: it costs 750, you have 50.", tower=tower.id, level="3")
        rich(self.game, 0)
        for higher in (3, 4):
            upgrade(self.game, 0, tower, higher)
            ticks(self.game, 50)
        self.raised("The tower has its highest level already.", tower=tower.id, level="5")
        sell(self.game, 0, tower)
        self.raised("The tower has its highest level already.", tower=tower.id, level="5")
        ticks(self.game, 50)
        self.raised("There is no such tower.", tower=tower.id, level="2")

    def test_the_price_of_the_next_level_is_paid_at_once(self) -> None:
        tower = build(self.game, 0, "BASIC", 3, 3)
        ticks(self.game, 50)
        upgrade(self.game, 0, tower, 2)
        self.assertEqual(assets(self.game, 0).balance, 50)


class TestSellTower(OrderCase):
    def test_refusals(self) -> None:
        tower = build(self.game, 0, "BASIC", 3, 3)
        self.refused("SELL_TOWER", "sellTower - The tower is being built.", tower=tower.id)
        ticks(self.game, 50)
        self.refused("SELL_TOWER", "sellTower - The key tower is missing.")
        self.refused("SELL_TOWER", "sellTower - That tower is not yours.", 1, tower=tower.id)
        self.refused("SELL_TOWER", "sellTower - There is no such tower.", tower=root(self.game).id)
        upgrade(self.game, 0, tower, 2)
        self.refused("SELL_TOWER", "sellTower - The tower is being upgraded.", tower=tower.id)
        ticks(self.game, 50)
        sell(self.game, 0, tower)
        self.refused("SELL_TOWER", "sellTower - The tower is being sold.", tower=tower.id)


class TestChangeTowerStrategy(OrderCase):
    def changed(self, sentence: str, seat: int = 0, **arguments: str) -> None:
        self.refused("CHANGE_TOWER_STRATEGY", f"changeTowerStrategy - {sentence}", seat, **arguments)

    def test_refusals(self) -> None:
        tower = build(self.game, 0, "BASIC", 3, 3)
        expected = f"The strategy must be one of {', '.join(STRATEGIES)}."
        for strategy in ("closest", "NEAREST", ""):
            self.changed(expected, tower=tower.id, strategy=strategy)
        self.changed("The key strategy is missing.", tower=tower.id)
        self.changed("The key tower is missing.", strategy="CLOSEST")
        self.changed("There is no such tower.", tower="Tower@0", strategy="CLOSEST")
        self.changed("That tower is not yours.", 1, tower=tower.id, strategy="CLOSEST")

    def test_all_five_at_any_time(self) -> None:
        tower = build(self.game, 0, "BASIC", 3, 3)
        for strategy in reversed(STRATEGIES):
            aim(self.game, 0, tower, strategy)
            self.assertEqual(tower.strategy, strategy)


class TestCreateCreep(OrderCase):
    def sent(self, sentence: str, **arguments: str) -> None:
        self.refused("CREATE_CREEP", f"createCreep - {sentence}", 0, **arguments)

    def test_refusals(self) -> None:
        self.sent("The key creeptype is missing.")
        for kind in ("", "mercury", "DRAGON"):
            self.sent(f"The creeptype must be one of {', '.join(CREEPS)}.", creeptype=kind)
        self.sent("Not enough credits: it costs 250, you have 200.", creeptype="FAST_NOVA")

    def test_every_kind_can_be_sent(self) -> None:
        rich(self.game, 0)
        for kind in CREEPS:
            send(self.game, 0, kind)
        ticks(self.game, 50 + 3 * len(CREEPS))
        self.assertEqual({creep.type for creep in creeps(self.game, 1)}, set(CREEPS))

    def test_a_limited_number_waits(self) -> None:
        rich(self.game, 0)
        for _ in range(SEND_QUEUE):
            send(self.game, 0, "MERCURY")
        self.sent(f"{SEND_QUEUE} of your creeps are waiting already.", creeptype="MERCURY")
        ticks(self.game, 50)
        send(self.game, 0, "MERCURY")


class TestWhoMay(OrderCase):
    def test_visitors_and_strangers_may_not(self) -> None:
        self.game.join(6, Participant("guest", "SE", visitor=True))
        for action in ("CREATE_TOWER", "UPGRADE_TOWER", "SELL_TOWER", "CHANGE_TOWER_STRATEGY", "CREATE_CREEP"):
            for seat, sentence in ((6, "Visitors only watch."), (9, "You have no seat in this game: join it first.")):
                name = action.title().replace("_", "")
                self.refused(action, f"{name[0].lower()}{name[1:]} - {sentence}", seat)

    def test_nobody_may_after_the_end(self) -> None:
        self.game.leave(1)
        self.refused("CREATE_CREEP", "createCreep - The game is over.", creeptype="MERCURY")
        self.assertEqual(self.game.legal(0), [])

    def test_the_dead_may_not(self) -> None:
        self.game = started(players=3)
        assets(self.game, 1).lives = 1
        send(self.game, 0, "MERCURY")
        ticks(self.game, 300)
        self.refused("CREATE_CREEP", "createCreep - You have lost all your lives.", 1, creeptype="MERCURY")
        self.assertEqual(self.game.legal(1), [])


class TestLegal(OrderCase):
    def test_all_that_is_listed_is_accepted(self) -> None:
        def prepared() -> CreepSmash:
            game = started(test_game=True)
            old = build(game, 0, "BASIC", 3, 3)
            ticks(game, 50)
            build(game, 0, "SLOW", 4, 3)
            upgrade(game, 0, old, 2)
            build(game, 0, "ROCKET", 5, 3)
            ticks(game, 50)
            sell(game, 0, list(assets(game, 0).towers)[2])
            return game

        listed = prepared().legal(0)
        actions = {command.action for command in listed}
        self.assertEqual(
            actions, {"CREATE_TOWER", "UPGRADE_TOWER", "SELL_TOWER", "CHANGE_TOWER_STRATEGY", "CREATE_CREEP"}
        )
        for command in [*(command for command in listed if command.action != "CREATE_TOWER"), *listed[-12:]]:
            prepared().apply(0, command)

    def test_nothing_that_is_too_dear(self) -> None:
        kinds = {
            command.arguments.get("creeptype") or command.arguments["towertype"] for command in self.game.legal(0)
        }
        self.assertEqual(kinds, {"MERCURY", "MAKO", "BASIC", "SLOW"})
