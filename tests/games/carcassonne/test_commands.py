from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.carcassonne.strategy import random_legal
from gameserver.games.carcassonne.tiles import ROTATIONS, SIDES
from gameserver.games.entity import Audience
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, said
from tests.games.carcassonne.playing import DRAW, END, START, follow, place, seated, started
from tests.typed import the


class CommandCase(SynchronousTestCase):
    """``self.game`` is a game of two whose pile begins with V (a curve), U (a straight road), E (a city side)."""

    def setUp(self) -> None:
        self.game = started(2, letters="VUEBBBB")

    def apply(self, seat: int, *commands: Command) -> None:
        for command in commands:
            self.game.apply(seat, command)

    def refused(self, seat: int, command: Command, action: str, *words: str) -> None:
        """The command is refused with a sentence that has these words, and nothing at all changes."""
        before, prompts = dumped(self.game.root), [self.game.prompts(s) for s in range(2)]
        self.game.model.take()
        refusal = self.assertRaises(Illegal, self.game.apply, seat, command)
        self.assertEqual(refusal.action, action)
        for word in words:
            self.assertIn(word, refusal.sentence)
        self.assertEqual(self.game.model.take(), [])
        self.assertEqual(dumped(self.game.root), before)
        self.assertEqual([self.game.prompts(s) for s in range(2)], prompts)

    def prompts(self) -> list[tuple[Audience, str]]:
        return said(self.game.model.take())


class TestTurn(CommandCase):
    def test_a_turn_that_ends_with_a_follower(self) -> None:
        self.apply(0, DRAW)
        self.assertEqual(self.prompts(), [(0, "OK - placeCard")])
        self.apply(0, place(self.game, 0, "EAST"))
        self.assertEqual(self.prompts(), [(0, "OK - placeMeeple")])
        self.apply(0, follow(self.game, 0, "1"))
        self.assertEqual(self.prompts(), [(1, "OK - drawCard")])
        self.assertEqual((self.game.turn, self.game.step), (1, "drawCard"))

    def test_a_turn_that_ends_without_one(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"), END)
        self.assertEqual(self.prompts()[-1], (1, "OK - drawCard"))
        self.assertEqual(len(self.game.assets(0).supply()), 7)

    def test_orientation_is_by_the_board_whatever_the_neighbours_rotation(self) -> None:
        # V turned by 90 degrees has its road north and west. North of it means north on the board.
        self.apply(0, DRAW, place(self.game, 0, "EAST", "R90"), END)
        self.apply(1, DRAW, place(self.game, 1, "NORTH"), END)
        curve, straight = self.game.root.fields[1], self.game.root.fields[2]
        self.assertIs(curve.north, straight)
        self.assertIs(straight.south, curve)

    def test_the_piece_may_be_named_by_id(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"))
        meeple = self.game.assets(0).meeples[6]
        self.apply(0, Command("PLACE_MEEPLE", {"id": meeple.id, "position": "2"}))
        self.assertEqual(the(meeple.position).name, "2")

    def test_end_turn_after_ones_own_follower_does_no_harm(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"), follow(self.game, 0, "1"))
        before = dumped(self.game.root)
        self.game.model.take()
        self.apply(0, END)
        self.assertEqual((dumped(self.game.root), self.game.model.take()), (before, []))
        self.refused(0, END, "endTurn", "player1")

    def test_it_may_even_arrive_when_the_others_have_played(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"), follow(self.game, 0, "1"))
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"), END)
        self.apply(0, END, DRAW)
        self.assertEqual(self.game.step, "placeCard")

    def test_it_never_ends_a_later_turn(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"), follow(self.game, 0, "1"))
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"), END)
        self.apply(0, DRAW)
        self.refused(0, END, "endTurn", "PLACE_CARD")

    def test_followers_score_and_come_home(self) -> None:
        self.game = started(2, letters="EB")
        self.apply(0, DRAW, place(self.game, 0, "NORTH", "R180"), follow(self.game, 0, "1"))
        self.assertEqual((self.game.assets(0).score, len(self.game.assets(0).supply())), (4, 7))
        award = self.game.awards[0]
        self.assertEqual((award.player, award.terrain.value, award.points), (self.game.assets(0), "city", 4))

    def test_terrains_of_placed_followers(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"), follow(self.game, 0, "1"))
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"), follow(self.game, 1, "3"))
        self.assertEqual(
            [[terrain for terrain, _ in self.game.standing(seat)] for seat in (0, 1)], [["road"], ["meadow"]]
        )


class TestWrongStep(CommandCase):
    def test_before_drawing(self) -> None:
        self.refused(0, place(self.game, 0, "EAST"), "placeCard", "DRAW_CARD")
        self.refused(0, follow(self.game, 0, "1"), "placeMeeple", "DRAW_CARD")
        self.refused(0, END, "endTurn", "DRAW_CARD")
        self.refused(0, START, "startGame", "running")

    def test_before_laying(self) -> None:
        self.apply(0, DRAW)
        self.refused(0, DRAW, "drawCard", "PLACE_CARD")
        self.refused(0, follow(self.game, 0, "1"), "placeMeeple", "PLACE_CARD")
        self.refused(0, END, "endTurn", "PLACE_CARD")

    def test_after_laying(self) -> None:
        self.apply(0, DRAW, place(self.game, 0, "EAST"))
        self.refused(0, DRAW, "drawCard", "PLACE_MEEPLE", "END_TURN")
        self.refused(0, place(self.game, 0, "WEST", "R180"), "placeCard", "PLACE_MEEPLE", "END_TURN")

    def test_nothing_is_legal_and_nothing_asked_out_of_turn(self) -> None:
        self.assertEqual((self.game.legal(0), self.game.legal(1)), ([DRAW], []))
        self.assertEqual((self.game.prompts(0), self.game.prompts(1)), (["OK - drawCard"], []))
        self.apply(0, DRAW)
        self.assertEqual((self.game.prompts(0), self.game.prompts(1)), (["OK - placeCard"], []))
        self.assertEqual({command.action for command in self.game.legal(0)}, {"PLACE_CARD"})
        self.assertEqual(self.game.legal(1), [])
        self.apply(0, place(self.game, 0, "EAST"))
        self.assertEqual({command.action for command in self.game.legal(0)}, {"PLACE_MEEPLE", "END_TURN"})
        self.assertEqual(self.game.legal(1), [])

    def test_out_of_turn(self) -> None:
        for command, action in ((DRAW, "drawCard"), (END, "endTurn"), (place(self.game, 0, "EAST"), "placeCard")):
            self.refused(1, command, action, "player0")

    def test_before_the_start_and_after_the_end(self) -> None:
        self.game = seated(2, letters="B")
        self.refused(0, DRAW, "drawCard", "START_GAME")
        self.apply(0, START, DRAW, place(self.game, 0, "SOUTH"), END)
        self.assertTrue(self.game.over)
        for command, action in ((DRAW, "drawCard"), (START, "startGame"), (END, "endTurn")):
            self.refused(1, command, action, "over")

    def test_unknown_commands_and_seats(self) -> None:
        self.refused(0, Command("ROLL_DIES"), "rollDies", "DRAW_CARD", "PLACE_MEEPLE")
        for odd in ("", "draw_card", "A" * 500, "X\r\nY", "É"):
            self.refused(0, Command(odd), "command", "DRAW_CARD")
        self.refused(9, DRAW, "drawCard", "join")

    def test_visitors_only_watch(self) -> None:
        self.game.join(5, Participant("guest", "SE", visitor=True))
        self.refused(5, DRAW, "drawCard", "Visitors")
        self.refused(5, END, "endTurn", "Visitors")


class TestWrongPlace(CommandCase):
    def setUp(self) -> None:
        super().setUp()
        self.apply(0, DRAW)

    def laid(self, **changes: str) -> Command:
        return Command("PLACE_CARD", {**place(self.game, 0, "EAST").arguments, **changes})

    def test_missing_keys(self) -> None:
        for key in ("neighbor", "orientation", "rotation"):
            arguments = {k: v for k, v in self.laid().arguments.items() if k != key}
            self.refused(0, Command("PLACE_CARD", arguments), "placeCard", key)

    def test_values_that_mean_nothing(self) -> None:
        drawn, own = the(self.game.root.current_field).id, self.game.assets(0).id
        for name in ("", "Field@0", "Field", drawn, own):
            self.refused(0, self.laid(neighbor=name), "placeCard", "laid Field", "fits for example")
        for orientation in ("", "north", "UP", "NORTH "):
            self.refused(0, self.laid(orientation=orientation), "placeCard", "NORTH, EAST, SOUTH, WEST")
        for rotation in ("", "90", "r90", "R360", "R45"):
            self.refused(0, self.laid(rotation=rotation), "placeCard", "R0, R90, R180, R270")

    def test_sides_that_do_not_match(self) -> None:
        self.refused(0, self.laid(rotation="R180"), "placeCard", "WEST side is meadow", "shows road")
        self.refused(0, self.laid(orientation="NORTH"), "placeCard", "SOUTH side is road", "shows city")

    def test_a_taken_cell(self) -> None:
        self.apply(0, self.laid(), END)
        self.apply(1, DRAW)
        self.refused(1, place(self.game, 0, "EAST"), "placeCard", "already a card EAST")

    def test_the_example_of_the_error_is_right(self) -> None:
        refusal = self.assertRaises(Illegal, self.game.apply, 0, self.laid(rotation="R180"))
        words = refusal.sentence.rstrip(".").split("example at ")[1].split(", ")
        self.apply(0, Command("PLACE_CARD", dict(word.split(" ") for word in words)))
        self.assertEqual(self.game.step, "placeMeeple")

    def test_legal_is_all_that_is_accepted(self) -> None:
        accepted = []
        for orientation in SIDES:
            for rotation in ROTATIONS:
                self.game = started(2, letters="VUEBBBB")
                self.apply(0, DRAW)
                legal = self.game.legal(0)
                command = self.laid(orientation=orientation, rotation=rotation)
                try:
                    self.apply(0, command)
                except Illegal:
                    self.assertNotIn(command, legal)
                else:
                    accepted.append(command)
                    self.assertIn(command, legal)
        # East and west two each (the curve has two road sides), south two (two meadow sides).
        self.assertEqual(len(accepted), 6)


class TestWrongFollower(CommandCase):
    def setUp(self) -> None:
        super().setUp()
        self.apply(0, DRAW, place(self.game, 0, "EAST"))

    def test_missing_keys(self) -> None:
        self.refused(0, Command("PLACE_MEEPLE", {"position": "1"}), "placeMeeple", "meeple")
        meeple = self.game.assets(0).meeples[0].id
        self.refused(0, Command("PLACE_MEEPLE", {"meeple": meeple}), "placeMeeple", "position")

    def test_foreign_and_unknown_pieces(self) -> None:
        theirs = self.game.assets(1).meeples[0].id
        for name, word in ((theirs, "not yours"), ("Meeple@0", "your own"), ("", "your own")):
            command = Command("PLACE_MEEPLE", {"meeple": name, "position": "1"})
            self.refused(0, command, "placeMeeple", word, "1 (road)", self.game.assets(0).meeples[0].id)

    def test_used_pieces(self) -> None:
        used = follow(self.game, 0, "1")
        self.apply(0, used)
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"), END)
        self.apply(0, DRAW, place(self.game, 0, "NORTH", "R180"))
        self.refused(0, used, "placeMeeple", "already stands", self.game.assets(0).meeples[1].id)

    def test_positions_the_card_does_not_have(self) -> None:
        for position in ("", "0", "4", "-1", "road", "1 ", "١"):
            self.refused(0, follow(self.game, 0, position), "placeMeeple", "positions 1, 2, 3")

    def test_occupied_features(self) -> None:
        self.apply(0, follow(self.game, 0, "1"))
        self.apply(1, DRAW, place(self.game, 1, "SOUTH"))
        self.refused(1, follow(self.game, 1, "1"), "placeMeeple", "road on which a meeple stands", "2 (meadow)")

    def test_no_piece_left(self) -> None:
        # Seven followers of one player on a chain of abbeys; the eighth turn has to do without.
        self.game = started(2, letters="B" * 16)
        for number in range(7):
            self.apply(0, DRAW, place(self.game, 2 * number, "SOUTH"), follow(self.game, 0, "1"))
            self.apply(1, DRAW, place(self.game, 2 * number + 1, "SOUTH"), END)
        self.apply(0, DRAW, place(self.game, 14, "SOUTH"))
        self.assertEqual(self.game.legal(0), [END])
        used = Command("PLACE_MEEPLE", {"meeple": self.game.assets(0).meeples[0].id, "position": "1"})
        self.refused(0, used, "placeMeeple", "no meeple left", "END_TURN")

    def test_every_error_of_random_commands_changes_nothing(self) -> None:
        """Random commands with plausible and odd arguments, at every step of half a game."""
        chance = Chance("fuzz")
        self.game = started(2, seed=11)
        values = ["", "1", "2", "NORTH", "EAST", "R0", "R90", "Field@1", "Meeple@1"]
        actions = ["DRAW_CARD", "PLACE_CARD", "PLACE_MEEPLE", "START_GAME", "END_TURN", "CHANGE_USER_COLOR", "X"]
        refused = 0
        while refused < 250:
            names = [self.game.root.fields[chance.below(len(self.game.root.fields))].id]
            names.append(self.game.assets(chance.below(2)).meeples[chance.below(7)].id)
            keys = ["neighbor", "orientation", "rotation", "meeple", "id", "position", "color"]
            arguments = {key: chance.choice(values + names) for key in keys if chance.below(4)}
            command = Command(chance.choice(actions), arguments)
            before = dumped(self.game.root)
            try:
                self.game.apply(chance.below(2), command)
            except Illegal as refusal:
                refused += 1
                self.assertRegex(refusal.sentence, r"^[^\r\n]{10,}$")
                self.assertEqual(dumped(self.game.root), before)
                self.assertEqual(self.game.model.take(), [])
            self.game.model.take()
            if refused % 5 == 0 and self.game.turn is not None:
                self.game.apply(self.game.turn, random_legal(self.game.view(self.game.turn), chance))
                self.game.model.take()
        self.assertGreater(len(self.game.root.fields), 10)


class TestPile(CommandCase):
    def test_tiles_that_fit_nowhere_are_set_aside(self) -> None:
        # C is city all over and fits only north of the start tile; when E has closed that side, it fits nowhere.
        self.game = started(2, letters="ECU")
        self.apply(0, DRAW, place(self.game, 0, "NORTH", "R180"), END)
        self.apply(1, DRAW)
        self.assertEqual(the(self.game.root.current_field).name, "U")
        self.assertEqual((self.game.root.set_aside, self.game.root.remaining_cards), ("C", 0))

    def test_the_game_ends_when_nothing_fits_any_more(self) -> None:
        self.game = started(2, letters="EC")
        self.apply(0, DRAW, place(self.game, 0, "NORTH", "R180"), follow(self.game, 0, "1"))
        self.game.model.take()
        self.apply(1, DRAW)
        self.assertEqual((self.game.over, the(self.game.root.winner).nickname), (True, "player0"))
        self.assertEqual((self.game.root.set_aside, self.prompts()), ("C", []))

    def test_it_ends_after_the_turn_of_the_last_tile(self) -> None:
        self.game = started(2, letters="B")
        self.apply(0, DRAW, place(self.game, 0, "SOUTH"))
        self.assertFalse(self.game.over)
        self.apply(0, follow(self.game, 0, "1"))
        self.assertTrue(self.game.over)
        # The abbey and its one neighbour.
        self.assertEqual([self.game.assets(seat).score for seat in range(2)], [2, 0])
        self.apply(0, END)

    def test_of_equals_the_latest_in_turn_order_wins(self) -> None:
        self.game = started(3, letters="B")
        self.apply(0, DRAW, place(self.game, 0, "SOUTH"), END)
        self.assertEqual(the(self.game.root.winner).nickname, "player2")
