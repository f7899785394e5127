"""What people may be called."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.names import check_name
from gameserver.errors import GameError
from gameserver.sessions.names import RESERVED, skeleton

WELCOME = (
    *("anne", "Bob4", "max-power", "b", "x" * 64, "M\u00fcller", "stra\u00dfe", "Jos\u00e9_1"),
    *("\u674e\u96f7", "\u0416\u043e\u0440\u0430", "\u540d\u524d\u305f\u308d\u3046"),
    *("\uae40\ucca0\uc218", "\uae40abc", "\u0395\u03bb\u03bb\u03b7"),
)
UNSEEN = (
    *("ad\u200bmin", "ad\u00admin", "anna\u202e", "\u3164", "\u200d", "a\u0300\u0300\u200e", "\U0001f44d", "\ufdfa"),
    *("\uff41\uff44\uff4d\uff49\uff4e", "a b", "", "x" * 65, "a=b", "a:b", "a\n", "\ud800"),
)
ALIKE = (
    *(("bob", "b0b"), ("BILL", "B1LL"), ("Ilse", "lIse"), ("modem", "modern"), ("anne", "ANNE")),
    *(("scope", "\u0455\u0441\u043e\u0440\u0435"), ("\u00e9", "e\u0301")),
)


def reason(name: str) -> str:
    """Return why somebody may not be called that, an empty text if they may."""
    try:
        check_name(name)
    except GameError as error:
        return error.text
    return ""


class NameTests(SynchronousTestCase):
    def test_people_of_the_world_are_welcome(self) -> None:
        for name in WELCOME:
            self.assertEqual(reason(name), "", name)

    def test_nothing_invisible_nothing_that_turns_around_nothing_wide(self) -> None:
        for name in UNSEEN:
            self.assertNotEqual(reason(name), "", name)
        self.assertIn("write this name as anna", reason("\uff41nna"))

    def test_one_script_a_name(self) -> None:
        for name in ("\u0430nna", "ann\u0430", "\u03a9mega", "A\u043b\u0451\u043d\u0430", "\u0416\u03a9"):
            self.assertEqual(reason(name), "A name is written in one script.", name)

    def test_nobody_has_a_name_of_the_servers_or_one_that_looks_like_it(self) -> None:
        for word in RESERVED:
            for name in (word, word.upper(), word.capitalize()):
                self.assertEqual(reason(name), "This name is reserved.", name)
        for name in (
            "adm1n",
            "ADM1N",
            "Adm\u0131n",
            "tab1e",
            "c0nsole",
            "tempUser0",
            "TEMPUSER17",
            "tempuser",
            "SERVER_",
            "admin__",
        ):
            self.assertNotEqual(reason(name), "", name)

    def test_what_looks_alike(self) -> None:
        for one, other in ALIKE:
            self.assertEqual(skeleton(one), skeleton(other), one)
        for one, other in (("bob", "bop"), ("muller", "m\u00fcller"), ("anna1", "anna2"), ("\u0416", "K")):
            self.assertNotEqual(skeleton(one), skeleton(other), one)
