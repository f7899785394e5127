"""Rosters and directories that are larger than a message: told in pages, while people and things come and go."""

from __future__ import annotations

import msgspec
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.cluster import community, pages
from gameserver.cluster.directory_news import DirectoryNews, Listed
from gameserver.cluster.messages import Roster
from gameserver.edge.directory import Directory
from gameserver.sessions.players import Player
from tests.cluster.test_community import ALIVE, DEAD, LossyBus, Node
from tests.typed import deferred


class PagesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.patch(pages, "SIZE", 3)
        self.clock = Clock()
        self.clock.advance(1000)
        self.bus = LossyBus(self.clock)

    def finish(self) -> None:
        """Let all pages come."""
        self.clock.pump([pages.EVERY, 0.0] * 10)


def roster_page(payload: bytes) -> int | None:
    """Return the number of a page of a roster."""
    message = community._decoder.decode(payload)
    return message.page if isinstance(message, Roster) else None


class RosterTests(PagesTests):
    def setUp(self) -> None:
        super().setUp()
        self.a = Node(self.clock, self.bus, "a")
        self.a.start()
        self.sessions = [self.a.come(Player(f"p{number}", number + 1))[0] for number in range(10)]
        self.names = [f"p{number}" for number in range(10)]
        self.b = Node(self.clock, self.bus, "b")

    def begin(self) -> None:
        """Let the other node hear a part of the first one's roster."""
        self.b.start()
        self.assertIn(len(self.b.online()), range(1, 10))

    def test_who_comes_and_goes_meanwhile_is_there_and_is_not(self) -> None:
        self.begin()
        self.a.sessions.close(self.sessions[0])
        self.a.sessions.close(self.sessions[9])
        self.a.come(Player("new", 100))
        self.finish()
        self.assertEqual(sorted(self.b.online()), ["new", *self.names[1:9]])

    def test_who_has_gone_unnoticed_is_gone_with_the_last_page(self) -> None:
        self.begin()
        self.finish()
        self.assertEqual(sorted(self.b.online()), self.names)
        self.bus.loses = lambda payload: b"went" in payload
        self.a.sessions.close(self.sessions[5])
        self.clock.pump([ALIVE, 0.0, 0.0])
        self.finish()
        self.assertEqual(sorted(self.b.online()), [*self.names[:5], *self.names[6:]])

    def test_what_is_lost_meanwhile_is_asked_for_again(self) -> None:
        for lost in range(4):
            self.bus.loses = lambda payload, lost=lost: roster_page(payload) == lost  # type: ignore[misc]
            self.b = Node(self.clock, self.bus, f"b{lost}")
            self.b.start()
            self.finish()
            self.bus.loses = lambda payload: b"came" in payload
            self.names.append(f"new{lost}")
            self.a.come(Player(f"new{lost}", 100 + lost))
            self.bus.loses = lambda _: False
            for _ in range(3):
                self.clock.pump([ALIVE, 0.0, 0.0])
                self.finish()
            self.assertEqual(sorted(self.b.online()), sorted(self.names), lost)


class DirectoryTests(PagesTests):
    def setUp(self) -> None:
        super().setUp()
        self.here, self.there = Directory(), Directory()
        self.news = [
            DirectoryNews(self.clock, self.bus, name, directory, DEAD)
            for name, directory in (("a", self.here), ("b", self.there))
        ]
        for number in range(10):
            self.here.put("match", f"m{number}", b"x")

    def keys(self) -> list[str]:
        return sorted(key for key, _, _ in self.there.elsewhere("match"))

    def beat(self) -> None:
        """Let the first node give a sign of life, and everything come that it leads to."""
        self.clock.advance(ALIVE)
        deferred(self.news[0].beat())
        self.clock.pump([0.0, 0.0])
        self.finish()

    def test_everything_comes_in_pages_with_what_changes_meanwhile(self) -> None:
        self.bus.loses = lambda payload: True
        self.clock.pump([0.0, 0.0])
        self.bus.loses = lambda _: False
        self.bus.start()
        self.clock.pump([0.0, 0.0])
        self.assertIn(len(self.keys()), range(1, 10))
        self.here.remove("match", "m0")
        self.here.remove("match", "m9")
        self.here.put("match", "new")
        self.finish()
        self.assertEqual(self.keys(), [*(f"m{number}" for number in range(1, 9)), "new"])

    def test_a_lost_page_is_asked_for_again_and_what_is_gone_goes(self) -> None:
        self.clock.pump([0.0, 0.0])
        self.assertEqual(len(self.keys()), 10)
        for lost in range(4):
            self.bus.loses = lambda _: True
            self.here.remove("match", f"m{lost}")
            self.here.put("match", f"n{lost}")
            self.clock.pump([0.0, 0.0])

            def is_lost(payload: bytes, lost: int = lost) -> bool:
                message = msgspec.msgpack.decode(payload)
                return bool(message[0] == Listed.__struct_config__.tag and message[3] and message[5] == lost)

            self.bus.loses = is_lost
            self.beat()
            self.bus.loses = lambda _: False
            self.beat()
            self.beat()
            self.assertEqual(self.keys(), sorted(self.here.here["match"]), lost)
