"""Creeps: appearing, walking, recovering, being passed on; lives, elimination, the winner."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.mapfile import read_map
from gameserver.games.creepsmash.model import Cell, Creep
from gameserver.games.creepsmash.route import rotate
from gameserver.games.creepsmash.tables import CREEPS
from gameserver.testing.game_events import lines
from tests.games.creepsmash.stage import (
    NAMES,
    STRAIGHT,
    arrivals,
    assets,
    build,
    creeps,
    map_of,
    map_text,
    rich,
    root,
    send,
    started,
    targets,
    ticks,
    tile_under,
)
from tests.typed import the


def board_of(creep: Creep) -> str:
    """The nickname of whose tile a creep walks on."""
    return the(the(tile_under(creep).user_assets).user).nickname


def visited(game: CreepSmash, creep: Creep, count: int) -> list[str]:
    """Whose tiles a creep walks over in turn, in that many ticks."""
    found = [board_of(creep)]
    for _ in range(count):
        ticks(game, 1)
        if creep.cell is None:
            break
        if board_of(creep) != found[-1]:
            found.append(board_of(creep))
    return found


class TestAppearing(SynchronousTestCase):
    def test_two_and_a_half_seconds_after_it_was_sent(self) -> None:
        game = started()
        send(game, 0, "MERCURY")
        ticks(game, 49)
        self.assertEqual(creeps(game), [])
        ticks(game, 1)
        (creep,) = creeps(game)
        self.assertEqual((creep.type, creep.health, creep.speed), ("MERCURY", 300, 70.0))
        self.assertEqual((creep.slowed, creep.slow_time), (False, 0.0))
        self.assertIs(creep.user_assets, assets(game, 0))
        board = map_of(game, 1)
        self.assertEqual((creep.cell, creep.current_waypoint), (the(board.enter_waypoint).cell, board.enter_waypoint))

    def test_one_after_another(self) -> None:
        game = started()
        for _ in range(4):
            send(game, 0, "MERCURY")
        counts = []
        ticks(game, 49)
        for _ in range(10):
            ticks(game, 1)
            counts.append(len(creeps(game)))
        self.assertEqual(counts, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4])

    def test_each_sender_has_a_queue_of_his_own(self) -> None:
        game = started()
        for seat in (0, 1):
            send(game, seat, "MERCURY")
        ticks(game, 50)
        self.assertEqual([len(creeps(game, seat)) for seat in (0, 1)], [1, 1])


class TestWalking(SynchronousTestCase):
    def test_every_kind_at_its_speed(self) -> None:
        for kind in CREEPS.values():
            game = started()
            rich(game, 0)
            send(game, 0, kind.type)
            ticks(game, 50)
            # 15 cells of 1000 steps; the life is lost in the tick in which the last step is done.
            needed = -(-15_000 // kind.speed)
            ticks(game, needed - 1)
            self.assertEqual(assets(game, 1).lives, 20, kind.type)
            ticks(game, 1)
            self.assertEqual(assets(game, 1).lives, 19, kind.type)

    def test_cell_by_cell_along_the_way_on_every_board(self) -> None:
        drawing = read_map(map_text("map_zigzag"))
        game = started(players=4, text=map_text("map_zigzag"))
        send(game, 0, "MERCURY")
        ticks(game, 50)
        (creep,) = creeps(game)
        way: list[Cell] = []
        while assets(game, 1).lives == 20:
            if not way or way[-1] is not creep.cell:
                way.append(the(creep.cell))
            ticks(game, 1)
        self.assertEqual([(cell.x, cell.y) for cell in way], [rotate("TOPRIGHT", x, y) for x, y in drawing.cells])
        self.assertEqual(board_of(creep), "carol")

    def test_a_cell_is_told_with_both_ends(self) -> None:
        game = started()
        send(game, 0, "MERCURY")
        ticks(game, 50)
        (creep,) = creeps(game)
        first = the(creep.cell)
        game.model.take()
        ticks(game, 8)
        second = the(creep.cell)
        self.assertEqual(
            lines(game.model.take()),
            [
                (creep.id, "cell", first.id, None),
                (first.id, "elements", creep.id, None),
                (creep.id, "cell", None, second.id),
                (second.id, "elements", None, creep.id),
            ],
        )

    def test_the_waypoint_is_the_one_passed_last(self) -> None:
        game = started(text="0,8\n4,8\n4,12\n")
        send(game, 0, "MERCURY")
        ticks(game, 50)
        (creep,) = creeps(game)
        start, corner, _ = map_of(game, 1).waypoints
        self.assertIs(creep.current_waypoint, start)
        while creep.cell is not corner.cell:
            self.assertIs(creep.current_waypoint, start)
            ticks(game, 1)
        self.assertIs(creep.current_waypoint, corner)

    def test_ways_that_cross_themselves(self) -> None:
        text = "0,5\n10,5\n5,0\n5,10\n"
        game = started(text=text)
        send(game, 0, "MERCURY")
        ticks(game, 50)
        (creep,) = creeps(game)
        seen = [the(creep.cell)]
        while assets(game, 1).lives == 20:
            ticks(game, 1)
            if creep.cell is not seen[-1]:
                seen.append(the(creep.cell))
        # The last is the entry again.
        self.assertEqual(
            [(cell.x, cell.y) for cell in seen[:-1]],
            [rotate("TOPRIGHT", x, y) for x, y in read_map(text).cells],
        )

    def test_a_tower_at_a_crossing_fires_both_times(self) -> None:
        game = started(text="0,5\n10,5\n10,10\n5,10\n5,0\n")
        rich(game, 0, 1)
        build(game, 1, "BASIC", 4, 4)
        ticks(game, 50)
        send(game, 0, "FAT_COLOSSUS")
        ticks(game, 50)
        game.model.take()
        ticks(game, 380)
        self.assertEqual(len(targets(game)), 2)


class TestAbilities(SynchronousTestCase):
    def test_zeus_recovers_every_tick_up_to_his_health(self) -> None:
        game = started()
        rich(game, 0, 1)
        build(game, 1, "BASIC", 8, 7)
        build(game, 1, "ROCKET", 8, 6)
        ticks(game, 50)
        send(game, 0, "ZEUS")
        ticks(game, 50)
        (zeus,) = creeps(game, 1)
        health = []
        for _ in range(230):
            ticks(game, 1)
            health.append(zeus.health)
        self.assertEqual(max(health), 1_500_000)
        self.assertEqual(health[-1], 1_500_000)
        hit = health.index(min(health))
        self.assertLess(min(health), 1_500_000 - 900)
        self.assertEqual(health[hit + 1], min(1_500_000, health[hit] + 500))

    def test_nobody_else_does(self) -> None:
        for kind in CREEPS.values():
            if kind.regeneration:
                continue
            game = started()
            rich(game, 0, 1)
            build(game, 1, "BASIC", 2, 7)
            ticks(game, 50)
            send(game, 0, kind.type)
            ticks(game, 50)
            (creep,) = creeps(game, 1)
            ticks(game, -(-15_000 // kind.speed) - 1)
            told = [int(the(new)) for source, prop, old, new in lines(game.model.take()) if prop == "health" and old]
            self.assertEqual(told, sorted(told, reverse=True), kind.type)
            self.assertLess(creep.health, kind.health)


class TestPassingOn(SynchronousTestCase):
    def test_clockwise_and_never_to_the_sender(self) -> None:
        for sender in range(4):
            game = started(players=4)
            send(game, sender, "MERCURY")
            ticks(game, 50)
            (creep,) = creeps(game)
            others = [NAMES[(sender + turn) % 4] for turn in (1, 2, 3)]
            self.assertEqual(visited(game, creep, 3 * 215 + 100), [*others, others[0]])
            self.assertEqual(sum(assets(game, seat).lives for seat in range(4)), 77)
            self.assertEqual(assets(game, sender).lives, 20)

    def test_places_without_a_player_are_passed_over(self) -> None:
        game = started(players=2)
        send(game, 1, "MERCURY")
        ticks(game, 50)
        self.assertEqual(board_of(creeps(game)[0]), "alice")

    def test_with_two_it_starts_again_at_the_opponent_s(self) -> None:
        game = started()
        send(game, 0, "MERCURY")
        ticks(game, 50)
        (creep,) = creeps(game)
        self.assertEqual(visited(game, creep, 3 * 215), ["bob"])
        self.assertEqual((assets(game, 0).lives, assets(game, 1).lives), (20, 17))

    def test_the_dead_are_passed_over_but_who_is_on_their_board_walks_on(self) -> None:
        game = started(players=3)
        rich(game, 0)
        assets(game, 1).lives = 1
        for kind in ("MAKO", "MERCURY", "MERCURY"):
            send(game, 0, kind)
        mako, first, second = arrivals(game, 1, 3)
        while assets(game, 1).lives:
            ticks(game, 1)
        self.assertEqual([board_of(creep) for creep in (mako, first, second)], ["bob", "carol", "bob"])
        ticks(game, 30)
        self.assertEqual([board_of(creep) for creep in (mako, first, second)], ["carol"] * 3)
        self.assertEqual((assets(game, 1).lives, assets(game, 2).lives), (0, 20))
        send(game, 0, "MERCURY")
        ticks(game, 60)
        self.assertEqual({board_of(creep) for creep in creeps(game)}, {"carol"})

    def test_wounds_and_steps_over_the_end_are_kept(self) -> None:
        game = started(players=3)
        build(game, 1, "BASIC", 3, 7)
        ticks(game, 50)
        send(game, 0, "MAKO")
        ticks(game, 50)
        (creep,) = creeps(game)
        while board_of(creep) == "bob":
            ticks(game, 1)
        wounded = creep.health
        self.assertLess(wounded, 700)
        # 231 ticks of 65 steps are 15015: it is 15 steps on the next board, so 485 from its second cell.
        ticks(game, 7)
        self.assertIs(creep.cell, the(map_of(game, 2).enter_waypoint).cell)
        ticks(game, 1)
        self.assertIsNot(creep.cell, the(map_of(game, 2).enter_waypoint).cell)
        self.assertEqual(creep.health, wounded)

    def test_whoever_fired_on_it_lets_go(self) -> None:
        game = started()
        rich(game, 0, 1)
        tower = build(game, 1, "SPEED", 14, 7)
        ticks(game, 50)
        send(game, 0, "FAT_COLOSSUS")
        ticks(game, 50 + 214)
        (creep,) = creeps(game)
        self.assertIs(tower.fire_on, creep)
        ticks(game, 1)
        self.assertIsNone(tower.fire_on)


class TestElimination(SynchronousTestCase):
    def test_a_life_for_each_creep(self) -> None:
        game = started()
        for _ in range(4):
            send(game, 0, "MERCURY")
        ticks(game, 50 + 215 + 9)
        self.assertEqual((assets(game, 1).lives, assets(game, 0).lives), (16, 20))

    def fallen(self) -> CreepSmash:
        """Three players, of whom the second has just lost his last life."""
        game = started(players=3)
        rich(game, 0, 2)
        assets(game, 1).lives = 1
        build(game, 1, "BASIC", 3, 7)
        build(game, 1, "BASIC", 8, 1)
        send(game, 1, "MERCURY")
        send(game, 0, "EXPRESS_RAPTOR")
        while assets(game, 1).lives:
            ticks(game, 1)
        return game

    def test_the_fight_goes_on_without_him(self) -> None:
        game = self.fallen()
        self.assertTrue(game.running)
        self.assertEqual(root(game).winner, None)

    def test_money_is_frozen(self) -> None:
        game = self.fallen()
        balance, income = assets(game, 1).balance, assets(game, 1).income
        ticks(game, 900)
        self.assertEqual((assets(game, 1).balance, assets(game, 1).income), (balance, income))

    def test_towers_stand_silent(self) -> None:
        game = self.fallen()
        towers = list(assets(game, 1).towers)
        self.assertEqual(len(towers), 2)
        self.assertEqual([tower.fire_on for tower in towers], [None, None])
        send(game, 0, "EXPRESS_RAPTOR")
        game.model.take()
        ticks(game, 400)
        self.assertEqual(targets(game), [])

    def test_his_creeps_fight_on(self) -> None:
        game = self.fallen()
        mercury = next(creep for creep in creeps(game) if creep.type == "MERCURY")
        self.assertIs(mercury.user_assets, assets(game, 1))
        self.assertEqual(visited(game, mercury, 500), ["carol", "alice", "carol"])

    def test_the_last_one_wins_at_once(self) -> None:
        game = self.fallen()
        assets(game, 2).lives = 1
        game.model.take()
        while game.running:
            ticks(game, 1)
        shown, carol, alice = root(game), assets(game, 2), assets(game, 0)
        happened = [line for line in lines(game.model.take()) if line[0] == shown.id or line[1] == "lives"]
        self.assertEqual(
            happened[-3:],
            [
                (carol.id, "lives", "1", "0"),
                (shown.id, "winner", None, the(alice.user).id),
                (shown.id, "running", "true", "false"),
            ],
        )
        self.assertTrue(game.over)

    def test_two_in_one_tick_leave_a_winner(self) -> None:
        """Both could lose their last life in the same tick: whose creep is older wins, and nobody is left without."""
        game = started()
        for seat in (0, 1):
            assets(game, seat).lives = 1
            send(game, seat, "MERCURY")
        ticks(game, 400)
        self.assertTrue(game.over)
        self.assertEqual(the(root(game).winner).nickname, "alice")
        self.assertEqual((assets(game, 0).lives, assets(game, 1).lives), (1, 0))


class TestMemory(SynchronousTestCase):
    def test_dead_objects_are_forgotten(self) -> None:
        game = started(test_game=True)
        build(game, 1, "SPEED", 3, 7)
        ticks(game, 50)
        send(game, 0, "MERCURY")
        (creep,) = arrivals(game, 1, 1)
        self.assertIs(game.model.find(creep.id, Creep), creep)
        ticks(game, 100)
        self.assertEqual(creep.health, 0)
        self.assertIsNone(game.model.find(creep.id, Creep))

    def test_a_long_fight_keeps_nothing_of_the_past(self) -> None:
        game = started(test_game=True, text=STRAIGHT)
        for x in range(2, 8):
            build(game, 1, "SPEED", x, 7)
        ticks(game, 50)
        sizes = []
        for _ in range(3):
            for _ in range(50):
                send(game, 0, "MERCURY")
            ticks(game, 600)
            game.model.take()
            self.assertEqual(creeps(game), [])
            sizes.append(len(game.model._objects))
        self.assertEqual(len(set(sizes)), 1)
