from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.entity import Entity, Model, ToMany
from gameserver.games.participants import COLORS, Roster, User, parse_color
from gameserver.testing.game_events import dumped, lines
from tests.typed import the


class Club(Entity):
    users = ToMany[User]()


class TestRoster(SynchronousTestCase):
    def setUp(self) -> None:
        self.model = Model(1)
        self.roster = Roster(self.model)
        self.club = Club(self.model)
        self.club.announce()
        self.model.take()

    def test_a_user_comes_with_the_whole_team_once(self) -> None:
        anna = self.roster.user(Participant("anna", "SE", ("anna", "berta")))
        self.assertEqual([user.nickname for user in the(anna.team).users], ["anna", "berta"])
        self.assertIs(self.roster.user(Participant("anna", "SE")), anna)
        berta = self.roster.user(Participant("berta", "SE"))
        self.assertIs(berta.team, anna.team)

    def test_the_team_comes_before_the_nickname(self) -> None:
        anna = self.roster.user(Participant("anna", "SE"))
        self.assertEqual([prop for source, prop, *_ in dumped(anna) if source == anna.id], ["team", "nickname"])

    def test_who_comes_back_is_introduced_to_those_who_came_meanwhile(self) -> None:
        anna = self.roster.user(Participant("anna", "SE"))
        self.club.users.add(anna)
        self.club.users.remove(anna)
        self.roster.reintroduce(self.club)
        self.model.take()
        self.club.users.add(self.roster.user(Participant("anna", "SE")))
        happened = lines(self.model.take())
        self.assertIn((anna.id, "nickname", None, "anna"), happened)
        self.assertIn((the(anna.team).id, "name", None, "SE"), happened)

    def test_who_is_still_shown_is_not_introduced_again(self) -> None:
        anna = self.roster.user(Participant("anna", "SE", ("berta",)))
        self.club.users.add(anna)
        self.roster.reintroduce(self.club)
        self.model.take()
        self.club.users.add(self.roster.user(Participant("berta", "SE")))
        self.assertEqual([prop for _, prop, *_ in lines(self.model.take())], ["users"])


class TestColors(SynchronousTestCase):
    def test_own_choice_comes_first(self) -> None:
        self.assertEqual(Roster.color("abcdef", ["abcdef"]), "abcdef")

    def test_otherwise_one_that_nobody_has(self) -> None:
        taken: list[str] = []
        for _ in range(300):
            color = Roster.color(None, taken)
            self.assertNotIn(color, taken)
            self.assertRegex(color, "^[0-9A-F]{6}$")
            self.assertFalse(color.isdigit(), "a client would take it for a number")
            taken.append(color)
        self.assertEqual(tuple(taken[: len(COLORS)]), COLORS)

    def test_letters_of_any_size_are_the_same_colour(self) -> None:
        self.assertEqual(Roster.color(None, [COLORS[0].lower()]), COLORS[1])

    def test_only_six_hex_digits_are_a_colour(self) -> None:
        self.assertEqual(parse_color(Command("CHANGE_USER_COLOR", {"color": "FFff00"})), "FFff00")
        for wrong in ("", "FFFF0", "FFFF000", "#FFFF00", "GGGGGG", "FFFF0\n", "١٢٣٤٥٦"):
            with self.subTest(wrong=wrong):
                self.assertRaises(Illegal, parse_color, Command("CHANGE_USER_COLOR", {"color": wrong}))
        self.assertRaises(Illegal, parse_color, Command("CHANGE_USER_COLOR"))
