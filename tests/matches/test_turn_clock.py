"""Turn clocks: whose time is over has a move made for them, and nobody else notices anything."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import Code, GameError
from gameserver.matches.match import Match
from gameserver.protocols.kassel.lobby.arguments import Creation
from gameserver.protocols.kassel.lobby.creating import make_game
from tests.protocols.kassel.services import Browser, ClockServices, Telnet
from tests.typed import deferred


class TurnClockTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()

    def make(self, seconds: int, season: str = "ss14") -> Deferred[None]:
        """Make a game of two whose turns have so many seconds."""
        self.services.register("maker")
        found: list[Any] = []
        deferred(self.services.accounts.by_name("maker")).addCallback(found.append)
        shared = self.services.seasons[season]
        return deferred(make_game(shared, Creation("table", 2, None, False), found[0].player, seconds))

    def page(self, name: str) -> Browser:
        """Return somebody at a page of the site, in the game."""
        client = self.services.logged_in(self.services.browser(beating=True), name)
        client.join("table")
        return client

    def client(self, name: str) -> Telnet:
        """Return somebody at a client of their own, in the game."""
        client = self.services.user(name)
        client.join("table")
        return client

    @property
    def match(self) -> Match:
        return self.services.matches.every()[0]

    @property
    def root(self) -> Any:
        """The game's own root object."""
        return self.match.game.root

    def turn(self) -> str:
        """Return whose turn it is."""
        return next(
            seat.participant.nickname for seat in self.match.playing() if self.match.game.prompts(seat.number)
        )

    def wait(self, seconds: float, *present: Browser) -> None:
        """Let time pass for pages that take part in the heartbeat."""
        for _ in range(int(seconds / 2)):
            self.services.clock.advance(2)
            for page in present:
                page.say("")

    def test_at_zero_the_turn_is_played_and_the_next_one_has_its_own_time(self) -> None:
        self.successResultOf(self.make(30))
        anne, bob = self.page("anne"), self.page("bob")
        anne.order("START_GAME")
        self.assertEqual(self.turn(), "anne")
        anne.order("DRAW_CARD")
        self.wait(28, anne, bob)
        self.assertEqual((self.turn(), self.root.remaining_cards), ("anne", 70))
        self.wait(4, anne, bob)
        self.assertEqual(self.turn(), "bob")
        self.assertEqual(len(self.root.fields), 2)
        self.wait(26, anne, bob)
        self.assertEqual(self.turn(), "bob")
        self.wait(12, anne, bob)
        self.assertEqual(self.turn(), "anne")

    def test_a_move_of_ones_own_stops_the_clock(self) -> None:
        self.successResultOf(self.make(30))
        anne, bob = self.page("anne"), self.page("bob")
        anne.order("START_GAME")
        (seat, other) = self.match.playing()
        clocks = self.services.matches.turn_clocks
        self.wait(10, anne, bob)
        self.assertEqual((clocks.left(self.match, seat), clocks.left(self.match, other)), (20.0, None))
        anne.order("LEAVE_GAME")
        self.assertIsNone(clocks.left(self.match, seat) if self.services.matches.every() else None)

    def test_a_client_that_shows_no_clock_is_not_counted(self) -> None:
        self.successResultOf(self.make(30))
        anne, bob = self.client("anne"), self.page("bob")
        anne.order("START_GAME")
        self.wait(300, bob)
        self.assertEqual((self.turn(), self.root.remaining_cards), ("anne", 71))
        self.assertEqual([event for event in anne.events() if event["@src"] == "SERVER"][1:], [])

    def test_who_is_away_is_played_for_until_their_seat_is_free(self) -> None:
        self.successResultOf(self.make(30))
        anne, bob = self.page("anne"), self.page("bob")
        anne.order("START_GAME")
        anne.hang_up()
        self.wait(34, bob)
        self.assertEqual(self.turn(), "bob")

    def test_nothing_is_played_while_nobody_is_there(self) -> None:
        self.successResultOf(self.make(30))
        anne, bob = self.page("anne"), self.page("bob")
        anne.order("START_GAME")
        anne.hang_up()
        bob.hang_up()
        self.services.clock.advance(60)
        self.assertEqual((self.turn(), len(self.root.fields)), ("anne", 1))

    def test_a_match_without_a_clock_has_none(self) -> None:
        self.successResultOf(self.make(0))
        anne, bob = self.page("anne"), self.page("bob")
        anne.order("START_GAME")
        self.wait(120, anne, bob)
        self.assertEqual(self.turn(), "anne")

    def test_what_cannot_be_had(self) -> None:
        for seconds, season in ((5, "ss14"), (100_000, "ss14"), (60, "ss12")):
            error = self.failureResultOf(self.make(seconds, season), GameError).value
            self.assertEqual(error.code, Code.BAD_OPTIONS)
            self.services = ClockServices()

    def test_a_match_that_is_resumed_counts_again_when_its_people_are_back(self) -> None:
        self.successResultOf(self.make(30))
        anne, bob = self.page("anne"), self.page("bob")
        anne.order("START_GAME")
        # The process before has ended without a word.
        self.services = ClockServices(store=self.services.store, accounts=self.services.account_store)
        anne, bob = self.page("anne"), self.page("bob")
        self.wait(28, anne, bob)
        self.assertEqual(self.turn(), "anne")
        self.wait(6, anne, bob)
        self.assertEqual(self.turn(), "bob")
