"""The registry: names, limits, games nobody joins, logs that cannot be played again."""

from __future__ import annotations

import attrs
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.errors import GameError, Unavailable
from gameserver.games.api import Options
from gameserver.games.carcassonne.game import Carcassonne
from gameserver.matches.command_log import Header
from gameserver.matches.journal import RETRY
from gameserver.matches.match import Match
from gameserver.matches.matches import RESUMING, Matches
from gameserver.matches.store import LogLine
from gameserver.testing.kassel import MemoryMatches


class Registry(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        self.store = MemoryMatches()
        self.kind = installed_kinds()["carcassonne"]
        self.matches = Matches(self.clock, self.store, installed_kinds(), most=3, unused=60)

    def create(self, name: str, kind: str = "carcassonne", creator: str = "anne") -> Match:
        return self.successResultOf(ensureDeferred(self.matches.create(kind, Options(name, 2), creator)))

    def refused(self, kind: str, options: Options, creator: str) -> str:
        work = ensureDeferred(self.matches.create(kind, options, creator))
        return str(self.failureResultOf(work, GameError).value.code)

    def find(self, name: str) -> Deferred[Match]:
        return ensureDeferred(self.matches.find("carcassonne", name))

    def test_names_are_taken_while_a_game_is_being_made(self) -> None:
        gate: Deferred[None] = Deferred()
        keep = self.store.create

        async def slowly(header: Header, most: int) -> int:
            await gate
            return await keep(header, most)

        self.patch(self.store, "create", slowly)
        work = ensureDeferred(self.matches.create("carcassonne", Options("g", 2), "anne"))
        self.assertEqual(self.refused("carcassonne", Options("g", 2), "bob"), "game_exists")
        gate.callback(None)
        self.assertEqual(self.successResultOf(work).name, "g")
        self.assertEqual(self.refused("carcassonne", Options("g", 2), "bob"), "game_exists")

    def test_limits_and_options(self) -> None:
        for name in "abc":
            self.create(name)
        self.assertEqual(self.refused("carcassonne", Options("d", 2), "anne"), "too_many_games")
        self.assertEqual(self.refused("catan", Options("d", 2, map_text="x"), "bob"), "bad_options")
        self.assertEqual(self.refused("creepsmash", Options("d", 99), "bob"), "bad_options")
        self.assertEqual(len(self.matches), 3)

    def test_games_that_nobody_joins_are_closed(self) -> None:
        self.create("g")
        self.clock.advance(59)
        self.successResultOf(ensureDeferred(self.matches.sweep()))
        self.assertEqual(len(self.matches), 1)
        self.clock.advance(2)
        self.successResultOf(ensureDeferred(self.matches.sweep()))
        self.assertEqual(len(self.matches), 0)
        self.assertEqual(self.failureResultOf(self.find("g"), GameError).value.code, "no_game")
        self.assertEqual(self.successResultOf(ensureDeferred(self.store.take_own())), [])

    def test_a_log_that_cannot_be_played_again_is_closed(self) -> None:
        for number, name in enumerate(("broken", "whole"), 1):
            self.create(name)
            text = '["command",0,"DRAW_CARD",{}]' if name == "broken" else '["time",50]'
            self.successResultOf(ensureDeferred(self.store.append([LogLine(number, 1, 0, text)])))
        self.matches = Matches(self.clock, self.store, installed_kinds())
        work = ensureDeferred(self.matches.resume())
        waiting = self.find("whole")
        self.assertNoResult(waiting)
        while not work.called:
            self.clock.advance(0.001)
        self.assertEqual([match.name for match in self.matches.every()], ["whole"])
        self.assertEqual(self.successResultOf(waiting).name, "whole")
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.assertEqual(
            [header.options.name for header in self.successResultOf(ensureDeferred(self.store.take_own()))],
            ["whole"],
        )

    def test_a_match_keeps_the_edition_of_the_rules_it_began_with(self) -> None:
        old = attrs.evolve(self.kind, rules=6)
        self.matches = Matches(self.clock, self.store, {"carcassonne": old})
        self.assertEqual(self.create("g").header.options.rules, 6)
        made = []

        def make(options: Options, seed: int) -> Carcassonne:
            made.append(options.rules)
            return Carcassonne(options, seed)

        self.matches = Matches(self.clock, self.store, {"carcassonne": attrs.evolve(self.kind, rules=7, make=make)})
        work = ensureDeferred(self.matches.resume())
        while not work.called:
            self.clock.advance(0.001)
        self.create("h")
        self.assertEqual(made, [6, 7])

    def test_the_start_does_not_wait_for_ever(self) -> None:
        self.create("g")
        never: Deferred[list[LogLine]] = Deferred()

        async def lines(_match: int) -> list[LogLine]:
            return await never

        self.patch(self.store, "lines", lines)
        self.matches = Matches(self.clock, self.store, installed_kinds())
        work = ensureDeferred(self.matches.resume())
        self.clock.advance(RESUMING - 1)
        self.assertNoResult(work)
        self.clock.advance(2)
        self.successResultOf(work)
        waiting = self.find("g")
        self.assertNoResult(waiting)
        never.callback([])
        self.clock.pump([0.001] * 5)
        self.assertEqual(self.successResultOf(waiting).name, "g")

    def orphan(self, name: str) -> Header:
        """Return a match that is kept, and open here no more."""
        header = attrs.evolve(self.create(name).header, epoch=1)
        self.matches = Matches(self.clock, self.store, installed_kinds())
        return header

    def test_what_nobody_has_is_adopted_and_who_asks_for_it_meanwhile_waits(self) -> None:
        header = self.orphan("g")
        gate: Deferred[list[Header]] = Deferred()

        async def orphans() -> list[Header]:
            return await gate

        self.patch(self.store, "take_orphans", orphans)
        adopting = ensureDeferred(self.matches.adopt())
        waiting = [self.find("g"), self.find("g")]
        gate.callback([header])
        while not adopting.called:
            self.clock.advance(0.001)
        self.assertEqual(self.successResultOf(adopting), 1)
        (match,) = self.matches.every()
        for found in waiting:
            self.assertIs(self.successResultOf(found), match)

    def test_while_its_log_cannot_be_read_a_match_is_waited_for_and_not_closed(self) -> None:
        header = self.orphan("g")
        failures = [Unavailable("away"), Unavailable("away")]

        async def lines(_match: int) -> list[LogLine]:
            if failures:
                raise failures.pop()
            return []

        async def orphans() -> list[Header]:
            return [header]

        self.patch(self.store, "lines", lines)
        self.patch(self.store, "take_orphans", orphans)
        adopting = ensureDeferred(self.matches.adopt())
        for _ in range(2):
            self.assertEqual(self.matches.every(), [])
            self.clock.advance(RETRY)
        while not adopting.called:
            self.clock.advance(0.001)
        self.assertEqual([match.name for match in self.matches.every()], ["g"])

    def test_who_stops_adopts_nothing(self) -> None:
        header = self.orphan("g")

        async def orphans() -> list[Header]:
            return [header]

        self.patch(self.store, "take_orphans", orphans)
        self.successResultOf(ensureDeferred(self.matches.stop()))
        self.assertEqual(self.successResultOf(ensureDeferred(self.matches.adopt())), 0)
