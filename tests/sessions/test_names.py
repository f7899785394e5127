"""How a name is shown that could be taken for the server's own voice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.sessions.names import RESERVED, meant, shown
from gameserver.sessions.players import Player

LIKE_THE_SERVER = (
    *("SERVER", "server", "Server", "admin", "ADMIN", "adm1n", "console", "hub", "ME"),
    *("SERVER_", "admin___", "ad\u200bmin", "ad\u00admin", "admin\u202e", "\uff41\uff44\uff4d\uff49\uff4e"),
    *("\u0430dmin", "adm\u0131n", "admin\u0336", "\u3164admin", " admin", "\u3164", "\u200d", "___"),
)


class ShownTests(SynchronousTestCase):
    def test_what_looks_like_the_server_is_marked(self) -> None:
        for name in LIKE_THE_SERVER:
            self.assertEqual(shown(name), name + "_", name)
            self.assertEqual(Player(name, 1).shown, name + "_", name)
        self.assertEqual(Player("admin", role="admin", voice=True).shown, "admin")

    def test_others_are_shown_as_they_are(self) -> None:
        for name in (
            "anne",
            "servers",
            "serverus",
            "admin2",
            "anne_",
            "_a_",
            "\u674e\u96f7",
            "\u0416\u043e\u0440\u0430",
            "tempUser7",
        ):
            self.assertEqual((shown(name), meant(name)), (name, name))

    def test_who_is_meant_by_what_is_shown(self) -> None:
        for name in LIKE_THE_SERVER:
            self.assertEqual(meant(shown(name)), name)

    @given(st.text(max_size=5) | st.sampled_from(sorted(RESERVED)), st.text(alphabet="_\u200b.", max_size=3))
    def test_nobody_is_shown_by_a_word_of_the_servers_and_no_two_by_the_same(self, name: str, more: str) -> None:
        called = shown(name + more)
        self.assertNotIn(called.casefold(), RESERVED)
        self.assertEqual(meant(called), name + more)
