"""Computer players: what they choose, and that their reading of the stream is the game itself."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Options, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.reading import Mirror, Reading
from gameserver.games.creepsmash.strategy import random_legal, sensible
from gameserver.games.creepsmash.view import Ground, Vantage, View
from gameserver.games.entity import dump
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, lines
from tests.games.creepsmash.playing import Match, tell
from tests.games.creepsmash.stage import (
    STRAIGHT,
    assets,
    build,
    cell,
    map_of,
    map_text,
    new_game,
    rich,
    root,
    send,
    started,
    ticks,
)
from tests.typed import the


def view(game: CreepSmash, seat: int) -> View:
    return Vantage().view(game.root, game.assets(seat))


class TestReading(SynchronousTestCase):
    def test_a_mirror_dumps_what_the_game_dumps(self) -> None:
        """Fed with the dump and with all that follows, the mirror is line for line the game."""
        match = Match("map_ladder", [random_legal] * 3, 5)
        for _ in range(600):
            match.step()
        for bot in match.bots:
            mirrored = lines(dump(the(bot.reading.game), None))
            self.assertEqual(set(mirrored), set(dumped(match.game.root)))

    def test_before_the_dump_nothing_is_known(self) -> None:
        reading = Reading("alice")
        self.assertEqual((reading.game, reading.me, reading.running, reading.view()), (None, None, False, None))

    def test_one_s_own_assets_are_those_of_the_player(self) -> None:
        game = new_game()
        game.join(5, Participant("guest", "SE", visitor=True))
        for name, expected in (("bob", assets(game, 1).id), ("guest", None), ("nobody", None)):
            reading = Reading(name)
            tell(reading.replica, dumped(game.root))
            self.assertEqual(reading.me.id if reading.me else None, expected)

    def test_what_is_not_of_the_game_is_passed_over(self) -> None:
        mirror = Mirror()
        for line in (
            ("SERVER", "USER_MESSAGE", None, "ERROR: createTower - x"),
            ("alice", "PUBLIC_MESSAGE", None, "hello"),
            ("Message@12", "text", None, "x"),
            ("Tower@1", "colour", None, "x"),
            ("Dragon@1", "type", None, "x"),
            ("Tower@1", "cell", "Cell@2", None),
            ("Cell@1", "elements", "Creep@3", None),
        ):
            mirror.apply(*line)
        self.assertIsNone(mirror.game)

    def test_the_dead_are_forgotten(self) -> None:
        game = started()
        rich(game, 0, 1)
        mirror = Mirror()
        tell(mirror, dumped(game.root))
        build(game, 1, "ULTIMATE", 3, 7)
        ticks(game, 50)
        for _ in range(3):
            tell(mirror, lines(game.model.take()))
            before = len(mirror.model._objects)
            send(game, 0, "MERCURY")
            ticks(game, 200)
            tell(mirror, lines(game.model.take()))
            self.assertEqual(len(mirror.model._objects), before)


class TestChoosing(SynchronousTestCase):
    def test_a_free_tile(self) -> None:
        game = new_game()
        game.apply(0, the(sensible(view(game, 0), Chance(1))))
        for seed in range(8):
            command = the(sensible(view(game, 1), Chance(seed)))
            self.assertEqual(command.action, "CHOOSE_TILE")
            self.assertNotEqual(command.arguments["tile"], the(assets(game, 0).tile).id)

    def test_then_waiting_for_the_start(self) -> None:
        game = new_game()
        game.apply(0, the(sensible(view(game, 0), Chance(1))))
        for strategy in (sensible, random_legal):
            self.assertIsNone(strategy(view(game, 0), Chance(1)))

    def test_visitors_and_the_dead_do_nothing(self) -> None:
        game = started(players=3)
        game.join(5, Participant("guest", "SE", visitor=True))
        assets(game, 1).lives = 1
        send(game, 0, "MERCURY")
        ticks(game, 300)
        for strategy in (sensible, random_legal):
            self.assertIsNone(strategy(view(game, 5), Chance(1)))
            self.assertIsNone(strategy(view(game, 1), Chance(1)))

    def test_nothing_after_the_end(self) -> None:
        game = started()
        game.leave(1)
        for strategy in (sensible, random_legal):
            self.assertIsNone(strategy(view(game, 0), Chance(1)))

    def test_without_a_credit_there_is_nothing_to_do(self) -> None:
        game = started()
        rich(game, 0, credits=0)
        for strategy in (sensible, random_legal):
            self.assertIsNone(strategy(view(game, 0), Chance(1)))


class TestSensible(SynchronousTestCase):
    def test_the_first_credits_go_into_towers_on_the_way(self) -> None:
        game = started()
        bought = []
        for _ in range(3):
            command = the(sensible(view(game, 0), Chance(1)))
            bought.append(command.action)
            game.apply(0, command)
        self.assertEqual(bought, ["CREATE_TOWER"] * 3)
        for tower in assets(game, 0).towers:
            self.assertIn(the(tower.cell).y, (7, 9))

    def test_then_creeps_are_sent(self) -> None:
        game = started()
        for _ in range(4):
            game.apply(0, the(sensible(view(game, 0), Chance(1))))
        self.assertEqual(assets(game, 0).income, 205)

    def test_in_danger_towers_come_first(self) -> None:
        game = started()
        rich(game, 0, 1, credits=2_000)
        for _ in range(3):
            build(game, 0, "BASIC", 2 + len(assets(game, 0).towers), 7)
        self.assertEqual(the(sensible(view(game, 0), Chance(1))).action, "CREATE_CREEP")
        send(game, 1, "DEMETER")
        ticks(game, 60)
        self.assertIn(the(sensible(view(game, 0), Chance(1))).action, ("CREATE_TOWER", "UPGRADE_TOWER"))

    def test_a_full_board_leaves_money_for_creeps(self) -> None:
        text = STRAIGHT + "".join(f"{x};{y}\n" for x in range(16) for y in range(16) if (x, y) != (8, 7))
        game = started(text=text)
        rich(game, 0)
        game.apply(0, Command("CREATE_TOWER", {"towertype": "ULTIMATE", "cell": cell(game, 0, 8, 7).id}))
        ticks(game, 50)
        game.apply(0, Command("UPGRADE_TOWER", {"tower": assets(game, 0).towers[0].id, "level": "2"}))
        ticks(game, 50)
        self.assertEqual(the(sensible(view(game, 0), Chance(1))).action, "CREATE_CREEP")


class TestRandom(SynchronousTestCase):
    def test_every_kind_of_command_comes_and_each_is_accepted(self) -> None:
        game = started(test_game=True)
        chance, actions = Chance(3), set()
        for _ in range(300):
            command = random_legal(view(game, 0), chance)
            if command is not None:
                actions.add(command.action)
                game.apply(0, command)
            ticks(game, 10)
        self.assertEqual(
            actions, {"CREATE_CREEP", "CREATE_TOWER", "UPGRADE_TOWER", "SELL_TOWER", "CHANGE_TOWER_STRATEGY"}
        )

    def test_it_finds_what_the_rules_list(self) -> None:
        game = started(test_game=True)
        build(game, 0, "BASIC", 3, 3)
        ticks(game, 50)
        listed = set(map(repr, game.legal(0)))
        chance = Chance(1)
        for _ in range(300):
            self.assertIn(repr(random_legal(view(game, 0), chance)), listed)


class TestGround(SynchronousTestCase):
    def test_reach_is_counted_in_cells_of_the_way(self) -> None:
        game = started()
        ground = Ground(map_of(game, 0))
        self.assertEqual((len(ground.path), len(ground.buildable)), (16, 240))
        self.assertEqual(ground.reach(cell(game, 0, 8, 7), 35), 3)
        self.assertEqual(ground.reach(cell(game, 0, 8, 7), 20), 0)
        self.assertEqual(ground.reach(cell(game, 0, 0, 7), 35), 2)

    def test_the_best_cell_is_the_vacant_one_with_most_of_the_way(self) -> None:
        game = started(text=map_text("map_meadow"))
        ground = Ground(map_of(game, 0))
        rich(game, 0)
        best = the(ground.best_vacant(50))
        most = max(ground.reach(at, 50) for at in ground.vacant())
        self.assertEqual(ground.reach(best, 50), most)
        game.apply(0, Command("CREATE_TOWER", {"towertype": "BASIC", "cell": best.id}))
        self.assertIsNot(ground.best_vacant(50), best)

    def test_a_changed_tile_is_another_ground(self) -> None:
        game = CreepSmash(Options("game", 2, map_text=STRAIGHT), 1)
        game.join(0, Participant("alice", "SE"))
        vantage = Vantage()
        grounds = []
        for tile in list(root(game).tiles)[:2]:
            game.apply(0, Command("CHOOSE_TILE", {"tile": tile.id}))
            grounds.append(vantage.view(game.root, game.assets(0)).ground)
        self.assertIsNot(grounds[0], grounds[1])
