"""Before the fight: joining, leaving, choosing a tile, starting."""

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.hosted import Game
from gameserver.testing.game_events import dumped, lines
from tests.games.creepsmash.stage import (
    STRAIGHT,
    assets,
    build,
    creeps,
    new_game,
    root,
    send,
    started,
    state,
    ticks,
)
from tests.typed import the

START = Command("START_GAME")


def choose(number: int, game: CreepSmash) -> Command:
    return Command("CHOOSE_TILE", {"tile": list(root(game).tiles)[number].id})


class TestCreating(SynchronousTestCase):
    def refused(self, options: Options, sentence: str) -> None:
        refusal = self.assertRaises(Illegal, CreepSmash, options, 1)
        self.assertEqual(str(refusal), f"createGame - {sentence}")

    def test_it_is_a_game(self) -> None:
        game: Game = new_game()
        self.assertEqual((game.running, game.over, game.prompts(0)), (False, False, ()))

    def test_a_map_is_needed(self) -> None:
        self.refused(Options("game", 2), "CreepSmash is played on a map.")

    def test_a_broken_map_is_refused_with_the_line(self) -> None:
        broken = Options("game", 2, map_text="0,0\n0,99\n")
        self.refused(broken, "The map cannot be played: line 2: cell 0,99 is outside 0..15.")

    def test_up_to_four_play(self) -> None:
        self.refused(Options("game", 5, map_text=STRAIGHT), "CreepSmash is for 4 players at most.")
        for players in (1, 0, -1):
            sentence = f"A game for {players} can never start: it takes 2 players, or -testgame."
            self.refused(Options("game", players, map_text=STRAIGHT), sentence)
        for players in (0, -1):
            options = Options("game", players, True, map_text=STRAIGHT)
            self.assertRaises(Illegal, CreepSmash, options, 1)

    def test_what_the_game_shows(self) -> None:
        for test_game in (False, True):
            shown = root(new_game(players=3, test_game=test_game))
            self.assertEqual((shown.name, shown.num_players, shown.test_game), ("game", 3, test_game))
            self.assertEqual((shown.running, shown.winner), (False, None))
            self.assertEqual((shown.next_income, shown.speed), (15.0, 1.0))
            self.assertEqual((len(shown.tiles), len(shown.users)), (4, 3))


class TestJoining(SynchronousTestCase):
    def test_start_values(self) -> None:
        for test_game, lives, balance in ((False, 20, 200), (True, 100, 100_000)):
            game = new_game(test_game=test_game)
            for seat in (0, 1):
                player = assets(game, seat)
                self.assertEqual((player.lives, player.balance, player.income), (lives, balance, 200))
                self.assertEqual((player.visitor, player.tile, len(player.towers)), (False, None, 0))
        self.assertNotEqual(assets(game, 0).color, assets(game, 1).color)

    def test_a_visitor_has_nothing_and_takes_no_place(self) -> None:
        game = new_game(players=2)
        game.join(9, Participant("guest", "SE", visitor=True))
        guest = game.assets(9)
        self.assertEqual((guest.visitor, guest.lives, guest.balance, guest.income), (True, 0, 0, 0))
        self.assertEqual(game.open_seats, 0)

    def refused(self, game: CreepSmash, seat: int, sentence: str, *, visitor: bool = False) -> None:
        game.model.take()
        before = state(game)
        refusal = self.assertRaises(Illegal, game.join, seat, Participant("late", "SE", visitor=visitor))
        self.assertEqual(str(refusal), f"joinGame - {sentence}")
        self.assertEqual((state(game), game.model.take()), (before, []))

    def test_refusals(self) -> None:
        self.refused(new_game(), 0, "Seat 0 is taken.")
        self.refused(new_game(), 2, "All seats are taken: join with -visitor true.")
        self.refused(started(), 2, "The game has already started: join it with -visitor true.")
        over = started()
        over.leave(0)
        self.refused(over, 2, "The game is over.", visitor=True)

    def test_visitors_may_come_any_time(self) -> None:
        for game in (new_game(), started()):
            game.join(7, Participant("guest", "SE", visitor=True))
            self.assertEqual(len(root(game).users), 3)

    def test_open_seats(self) -> None:
        game = CreepSmash(Options("game", 3, map_text=STRAIGHT), 1)
        self.assertEqual(game.open_seats, 3)
        game.join(4, Participant("alice", "SE"))
        self.assertEqual(game.open_seats, 2)
        self.assertEqual(started(players=2).open_seats, 0)


class TestChoosing(SynchronousTestCase):
    def test_both_ends_are_told(self) -> None:
        game = new_game()
        game.model.take()
        chosen = list(root(game).tiles)[2]
        game.apply(0, choose(2, game))
        self.assertEqual(
            lines(game.model.take()),
            [
                (chosen.id, "userAssets", None, assets(game, 0).id),
                (assets(game, 0).id, "tile", None, chosen.id),
            ],
        )

    def test_one_may_change_one_s_mind(self) -> None:
        game = new_game()
        game.apply(0, choose(2, game))
        game.apply(0, choose(1, game))
        game.apply(0, choose(1, game))
        game.apply(1, choose(2, game))
        self.assertEqual([the(assets(game, seat).tile).position for seat in (0, 1)], ["TOPRIGHT", "BOTTOMRIGHT"])

    def refused(self, game: CreepSmash, command: Command, sentence: str) -> None:
        game.model.take()
        before = state(game)
        refusal = self.assertRaises(Illegal, game.apply, 0, command)
        self.assertEqual(str(refusal), f"chooseTile - {sentence}")
        self.assertEqual((state(game), game.model.take()), (before, []))

    def test_refusals(self) -> None:
        game = new_game()
        game.apply(1, choose(3, game))
        self.refused(game, choose(3, game), "That tile has been chosen already: choose a free one.")
        self.refused(game, Command("CHOOSE_TILE", {"tile": "Tile@1"}), "There is no such tile.")
        self.refused(game, Command("CHOOSE_TILE", {"tile": root(game).id}), "There is no such tile.")
        self.refused(game, Command("CHOOSE_TILE"), "The key tile is missing.")
        game = started()
        self.refused(game, choose(3, game), "The game is running already.")

    def test_legal_lists_the_free_tiles(self) -> None:
        game = new_game()
        game.apply(1, choose(3, game))
        self.assertEqual(list(game.legal(0)), [choose(number, game) for number in range(3)])
        game.apply(0, choose(0, game))
        self.assertEqual(list(game.legal(0)), [choose(1, game), choose(2, game), START])


class TestStarting(SynchronousTestCase):
    def refused(self, game: CreepSmash, seat: int, sentence: str) -> None:
        game.model.take()
        before = state(game)
        refusal = self.assertRaises(Illegal, game.apply, seat, START)
        self.assertEqual(str(refusal), f"startGame - {sentence}")
        self.assertEqual((state(game), game.model.take()), (before, []))

    def test_refusals(self) -> None:
        alone = CreepSmash(Options("game", 2, map_text=STRAIGHT), 1)
        alone.join(0, Participant("alice", "SE"))
        self.refused(alone, 0, "There must at least 2 players participate to start the game.")
        alone.join(5, Participant("guest", "SE", visitor=True))
        self.refused(alone, 0, "There must at least 2 players participate to start the game.")
        self.refused(alone, 5, "Visitors only watch.")
        self.refused(alone, 8, "You have no seat in this game: join it first.")
        game = new_game()
        game.apply(0, choose(0, game))
        self.refused(game, 0, "Not all players have chosen a start tile.")
        self.refused(started(), 0, "The game is running already.")

    def test_the_first_event_is_running(self) -> None:
        game = new_game()
        for seat in (0, 1):
            game.apply(seat, choose(seat, game))
        game.model.take()
        game.apply(1, START)
        self.assertEqual(lines(game.model.take()), [(game.root.id, "running", "false", "true")])
        self.assertEqual((game.running, game.over), (True, False))

    def test_it_may_start_before_all_places_are_taken(self) -> None:
        game = CreepSmash(Options("game", 4, map_text=STRAIGHT), 1)
        for seat in (0, 1):
            game.join(seat, Participant(f"player{seat}", "SE"))
            game.apply(seat, choose(seat, game))
        game.apply(0, START)
        self.assertTrue(game.running)

    def test_before_the_start_no_time_passes(self) -> None:
        game = new_game()
        game.model.take()
        ticks(game, 1000)
        self.assertEqual(game.model.take(), [])
        for command in (
            Command("CREATE_CREEP", {"creeptype": "MERCURY"}),
            Command("CREATE_TOWER", {"towertype": "BASIC", "cell": "Cell@1"}),
        ):
            refusal = self.assertRaises(Illegal, game.apply, 0, command)
            self.assertEqual(refusal.sentence, "The game has not started: send START_GAME.")

    def test_a_test_game_may_be_played_alone_against_oneself(self) -> None:
        game = started(players=1, test_game=True)
        send(game, 0, "MERCURY")
        ticks(game, 60)
        self.assertEqual(len(creeps(game, 0)), 1)
        ticks(game, 300)
        self.assertEqual((assets(game, 0).lives, game.running), (99, True))
        game.leave(0)
        self.assertEqual((game.over, root(game).winner), (True, None))


class TestColours(SynchronousTestCase):
    def test_players_and_visitors_at_any_time(self) -> None:
        game = new_game()
        game.join(5, Participant("guest", "SE", visitor=True))
        for seat in (0, 5):
            game.apply(seat, Command("CHANGE_USER_COLOR", {"color": "FFFF00"}))
            self.assertEqual(game.assets(seat).color, "FFFF00")
        refusal = self.assertRaises(Illegal, game.apply, 0, Command("CHANGE_USER_COLOR", {"color": "yellow"}))
        self.assertEqual(refusal.action, "changeUserColor")


class TestUnknown(SynchronousTestCase):
    def test_commands_of_other_games(self) -> None:
        refusal = self.assertRaises(Illegal, started().apply, 0, Command("DRAW_CARD"))
        self.assertEqual(refusal.action, "drawCard")
        self.assertIn("CREATE_TOWER", refusal.sentence)

    def test_what_is_no_command_is_not_echoed(self) -> None:
        for action in ("", "x", "CREATE TOWER", "A" * 1000, "CREATE__TOWER", "\n"):
            refusal = self.assertRaises(Illegal, started().apply, 0, Command(action))
            self.assertEqual(refusal.action, "command")


class TestLeaving(SynchronousTestCase):
    def test_before_the_start_the_place_and_the_tile_are_free_again(self) -> None:
        game = new_game()
        game.apply(0, choose(0, game))
        gone = game.assets(0)
        game.model.take()
        game.leave(0)
        happened = lines(game.model.take())
        self.assertEqual(happened.count((root(game).id, "users", gone.id, None)), 1)
        self.assertEqual(happened.count((gone.id, "game", root(game).id, None)), 1)
        self.assertNotIn(gone.id, str(dumped(game.root)))
        game.join(4, Participant("alice", "SE"))
        game.apply(4, choose(0, game))

    def test_twice_or_by_nobody_changes_nothing(self) -> None:
        game = new_game()
        game.leave(0)
        game.model.take()
        game.leave(0)
        game.leave(77)
        self.assertEqual(game.model.take(), [])

    def test_towers_go_creeps_become_nobodys_and_the_fight_goes_on(self) -> None:
        game = started(players=3, test_game=True)
        tower = build(game, 0, "BASIC", 3, 6)
        send(game, 0, "MERCURY")
        ticks(game, 60)
        send(game, 0, "MAKO")
        (creep,) = creeps(game, 1)
        self.assertIs(creep.user_assets, assets(game, 0))
        gone = assets(game, 0)
        game.model.take()
        game.leave(0)
        happened = lines(game.model.take())
        self.assertIn((gone.id, "towers", tower.id, None), happened)
        self.assertIn((creep.id, "userAssets", gone.id, None), happened)
        self.assertNotIn(gone.id, str(dumped(game.root)))
        self.assertNotIn(tower.id, str(dumped(game.root)))
        self.assertTrue(game.running)
        ticks(game, 60)
        # The creep that was on its way comes all the same.
        self.assertEqual([found.type for found in creeps(game)], ["MAKO", "MERCURY"])
        self.assertEqual({found.user_assets for found in creeps(game)}, {None})
        ticks(game, 800)
        self.assertEqual(creeps(game, 1) + creeps(game, 2), creeps(game))

    def test_who_remains_alone_wins(self) -> None:
        game = started(players=3)
        game.leave(1)
        game.model.take()
        game.leave(2)
        shown, alice = root(game), assets(game, 0).user
        happened = lines(game.model.take())
        self.assertLess(
            happened.index((shown.id, "winner", None, the(alice).id)),
            happened.index((shown.id, "running", "true", "false")),
        )
        self.assertEqual((game.over, shown.winner), (True, alice))

    def test_a_winner_who_leaves_is_still_the_winner(self) -> None:
        game = started()
        game.leave(1)
        game.leave(0)
        self.assertEqual((game.over, the(root(game).winner).nickname), (True, "alice"))

    def test_a_loser_may_leave_without_changing_the_result(self) -> None:
        game = started(players=3)
        assets(game, 2).lives = 1
        send(game, 1, "MERCURY")
        ticks(game, 400)
        self.assertEqual(assets(game, 2).lives, 0)
        game.leave(2)
        self.assertTrue(game.running)

    def test_visitors_come_and_go_without_touching_the_fight(self) -> None:
        game = started()
        game.join(8, Participant("guest", "SE", visitor=True))
        game.leave(8)
        self.assertTrue(game.running)

    def test_who_comes_back_is_introduced_anew(self) -> None:
        """A leaver's user is told again to those who came in between and have never heard of him."""
        game = new_game(players=3)
        game.leave(0)
        stranger = Participant("erin", "Others", visitor=True)
        game.join(10, stranger)
        game.leave(10)
        game.model.take()
        game.join(11, stranger)
        happened = lines(game.model.take())
        user = the(game.assets(11).user)
        self.assertIn((user.id, "nickname", None, "erin"), happened)
