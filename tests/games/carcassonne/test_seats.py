from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.model import Field
from gameserver.games.carcassonne.strategy import greedy
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, lines, said
from tests.games.carcassonne.playing import DRAW, END, START, follow, place, play_out, seated, started
from tests.typed import the


class TestJoining(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = Carcassonne(Options("match", 2), 1)

    def test_a_player_gets_seven_followers_and_a_colour_of_his_own(self) -> None:
        self.game.join(0, Participant("anna", "SE"))
        self.game.join(1, Participant("berta", "SE"))
        anna, berta = self.game.assets(0), self.game.assets(1)
        self.assertEqual((len(anna.meeples), len(anna.supply()), anna.visitor), (7, 7, False))
        self.assertNotEqual(anna.color, berta.color)

    def test_a_colour_chosen_before_is_kept(self) -> None:
        self.game.join(0, Participant("anna", "SE", color="abcdef"))
        self.assertEqual(self.game.assets(0).color, "abcdef")

    def test_a_visitor_has_none_and_takes_no_seat(self) -> None:
        for seat in range(3):
            self.game.join(seat, Participant(f"guest{seat}", "SE", visitor=True))
        self.assertEqual((len(self.game.assets(0).meeples), self.game.assets(0).visitor), (0, True))
        self.assertEqual(self.game.open_seats, 2)

    def test_a_full_game_takes_visitors_only(self) -> None:
        for seat in range(2):
            self.game.join(seat, Participant(f"player{seat}", "SE"))
        before = dumped(self.game.root)
        self.assertRaises(Illegal, self.game.join, 2, Participant("late", "SE"))
        self.assertEqual(dumped(self.game.root), before)
        self.game.join(2, Participant("late", "SE", visitor=True))

    def test_a_running_game_too(self) -> None:
        game = started(2)
        self.assertRaises(Illegal, game.join, 7, Participant("late", "SE"))
        game.join(7, Participant("late", "SE", visitor=True))
        self.assertEqual(len(game.root.users), 3)

    def test_a_seat_is_taken_once(self) -> None:
        self.game.join(0, Participant("anna", "SE"))
        self.assertRaises(Illegal, self.game.join, 0, Participant("berta", "SE"))

    def test_no_more_than_five_play(self) -> None:
        game = Carcassonne(Options("match", 99), 1)
        self.assertEqual((game.open_seats, game.root.num_players), (5, 5))


class TestStarting(SynchronousTestCase):
    def test_two_are_needed(self) -> None:
        game = seated(2)
        game.leave(1)
        game.model.take()
        refusal = self.assertRaises(Illegal, game.apply, 0, START)
        self.assertEqual(str(refusal), "startGame - There must at least 2 players participate to start the game.")
        self.assertEqual((game.running, game.legal(0)), (False, []))

    def test_a_test_game_starts_with_one(self) -> None:
        game = seated(1, test_game=True)
        self.assertEqual(game.legal(0), [START])
        game.apply(0, START)
        self.assertEqual(said(game.model.take()), [(0, "OK - drawCard")])
        play_out(game, [greedy], Chance(1))
        self.assertEqual(the(game.root.winner).nickname, "player0")

    def test_open_seats_of_a_test_game_are_for_computers(self) -> None:
        game = Carcassonne(Options("match", 4, test_game=True), 1)
        game.join(0, Participant("anna", "SE"))
        for seat in range(1, 1 + game.open_seats):
            game.join(seat, Participant(f"computer{seat}", "computers", computer=True))
        game.apply(0, START)
        self.assertEqual((game.open_seats, len(game.root.users)), (0, 4))
        play_out(game, [greedy] * 4, Chance(1))
        self.assertTrue(game.over)

    def test_visitors_do_not_start_and_do_not_count(self) -> None:
        game = seated(2)
        game.leave(1)
        game.model.take()
        game.join(5, Participant("guest", "SE", visitor=True))
        self.assertRaises(Illegal, game.apply, 5, START)
        self.assertRaises(Illegal, game.apply, 0, START)
        self.assertEqual(game.legal(5), [])

    def test_start_is_legal_for_players_only(self) -> None:
        game = seated(2)
        game.join(5, Participant("guest", "SE", visitor=True))
        self.assertEqual((game.legal(0), game.legal(1), game.legal(5)), ([START], [START], []))

    def test_a_running_game_has_no_open_seats(self) -> None:
        game = Carcassonne(Options("match", 4), 1)
        for seat in range(2):
            game.join(seat, Participant(f"player{seat}", "SE"))
        self.assertEqual(game.open_seats, 2)
        game.apply(0, START)
        self.assertEqual(game.open_seats, 0)

    def test_the_seed_shuffles_the_pile(self) -> None:
        first = []
        for seed in (*range(20), *range(20)):
            game = started(2, seed=seed)
            game.apply(0, DRAW)
            first.append(the(game.root.current_field).name)
        self.assertEqual(first[:20], first[20:])
        self.assertGreater(len(set(first)), 5)

    def test_turns_go_in_the_order_of_joining(self) -> None:
        game = Carcassonne(Options("match", 3), 1)
        for seat in (4, 2, 9):
            game.join(seat, Participant(f"player{seat}", "SE"))
        game.apply(9, START)
        order: list[int] = []
        while len(order) < 6:
            seat = the(game.turn)
            order.append(seat)
            game.apply(seat, DRAW)
            game.apply(seat, game.legal(seat)[0])
            game.apply(seat, END)
        self.assertEqual(order, [4, 2, 9, 4, 2, 9])


class TestColours(SynchronousTestCase):
    def test_everybody_may_change_his_colour_at_any_time(self) -> None:
        game = seated(2)
        game.join(5, Participant("guest", "SE", visitor=True))
        game.model.take()
        for seat in (0, 5):
            game.apply(seat, Command("CHANGE_USER_COLOR", {"color": "FFFF00"}))
            change = lines(game.model.take())
            self.assertEqual([line[1:] for line in change], [("color", change[0][2], "FFFF00")])

    def test_a_colour_has_six_digits(self) -> None:
        game = seated(2)
        for arguments in ({}, {"color": "yellow"}, {"color": "#FFFF0"}):
            before = dumped(game.root)
            refusal = self.assertRaises(Illegal, game.apply, 0, Command("CHANGE_USER_COLOR", arguments))
            self.assertEqual(refusal.action, "changeUserColor")
            self.assertEqual(dumped(game.root), before)


class TestLeaving(SynchronousTestCase):
    def setUp(self) -> None:
        self.game = started(3, letters="VUEBBBB")

    def apply(self, seat: int, *commands: Command) -> None:
        for command in commands:
            self.game.apply(seat, command)

    def test_both_ends_are_told_once_and_dumps_lack_the_leaver(self) -> None:
        gone, root = self.game.assets(1), self.game.root
        self.game.leave(1)
        happened = lines(self.game.model.take())
        self.assertEqual(happened, [(root.id, "users", gone.id, None), (gone.id, "game", root.id, None)])
        self.assertNotIn(gone.id, str(dumped(root)))

    def test_leaving_twice_changes_nothing(self) -> None:
        self.game.leave(1)
        self.game.model.take()
        self.game.leave(1)
        self.assertEqual(self.game.model.take(), [])

    def test_the_turn_passes_on(self) -> None:
        self.game.leave(0)
        self.assertEqual(said(self.game.model.take()), [(1, "OK - drawCard")])
        self.assertEqual(self.game.turn, 1)

    def test_somebody_elses_turn_goes_on(self) -> None:
        self.apply(0, DRAW)
        self.game.model.take()
        self.game.leave(2)
        self.assertEqual((said(self.game.model.take()), self.game.step), ([], "placeCard"))
        self.apply(0, place(self.game, 0, "EAST"), END)
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"), END)
        self.assertEqual(self.game.turn, 0)

    def test_a_drawn_tile_goes_back_into_the_pile(self) -> None:
        self.apply(0, DRAW)
        drawn = the(self.game.root.current_field).id
        self.game.leave(0)
        root = self.game.root
        self.assertIsNone(self.game.model.find(drawn, Field))
        self.assertEqual((root.current_field, root.remaining_cards, self.game.step), (None, 7, "drawCard"))
        self.assertEqual(len(root.fields), 1)

    def test_a_drawn_tile_goes_back_even_when_the_game_ends_with_it(self) -> None:
        game = started(2, letters="VUE")
        game.apply(0, DRAW)
        game.leave(0)
        self.assertEqual((game.over, game.root.current_field, game.root.remaining_cards), (True, None, 3))

    def test_no_tile_is_current_when_a_game_ends_in_the_middle_of_a_turn(self) -> None:
        game = started(2, letters="VUE")
        game.apply(0, DRAW)
        game.apply(0, place(game, 0, "EAST"))
        game.leave(0)
        self.assertEqual((game.over, game.root.current_field, len(game.root.fields)), (True, None, 2))

    def test_a_laid_tile_is_scored(self) -> None:
        self.game = started(3, letters="UEBB")
        self.apply(0, DRAW, place(self.game, 0, "EAST", "R90"), END)
        self.apply(1, DRAW, place(self.game, 0, "NORTH", "R180"))
        self.game.leave(1)
        self.assertEqual((self.game.turn, self.game.step), (2, "drawCard"))
        self.assertEqual(len(self.game.root.fields), 3)

    def test_followers_of_a_leaver_free_their_features(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"), follow(self.game, 0, "1"))
        field = self.game.root.fields[1]
        self.game.leave(0)
        self.assertIsNone(field.meeple_positions[0].meeple)
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"), follow(self.game, 1, "1"))
        self.assertEqual([terrain for terrain, _ in self.game.standing(1)], ["road"])

    def test_who_remains_alone_wins(self) -> None:
        self.game.leave(0)
        self.game.leave(2)
        happened = lines(self.game.model.take())
        root, winner = self.game.root, the(self.game.assets(1).user)
        self.assertEqual(
            [line[1:] for line in happened[-2:]], [("winner", None, winner.id), ("running", "true", "false")]
        )
        self.assertEqual((self.game.over, root.current_player, root.current_field), (True, None, None))

    def test_visitors_come_and_go_without_touching_the_game(self) -> None:
        self.game.join(8, Participant("guest", "SE", visitor=True))
        self.game.leave(8)
        self.assertEqual((self.game.turn, self.game.running), (0, True))

    def test_before_the_start_a_seat_becomes_free_again(self) -> None:
        game = seated(2)
        game.leave(0)
        self.assertEqual((game.open_seats, game.over), (1, False))
        game.join(7, Participant("player7", "SE"))
        game.apply(7, START)
        self.assertEqual(game.turn, 1)

    def test_a_test_game_that_everybody_left_is_over_without_a_winner(self) -> None:
        game = seated(1, test_game=True)
        game.apply(0, START)
        game.leave(0)
        self.assertEqual((game.over, game.running, game.root.winner), (True, False, None))

    def test_leaving_after_the_end_keeps_the_result(self) -> None:
        game = started(2, letters="B")
        game.apply(0, DRAW)
        game.apply(0, place(game, 0, "SOUTH"))
        game.apply(0, follow(game, 0, "1"))
        game.leave(0)
        self.assertEqual((game.over, the(game.root.winner).nickname), (True, "player0"))
