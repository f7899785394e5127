"""The small parts of hosting: the log's lines, the journal, thinning, the clock, conditions, map files."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from typing import cast

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.errors import GameError
from gameserver.games.api import Command, Options, Participant
from gameserver.games.conditions import Standing, parse
from gameserver.games.entity import Attribute, Change, Entity, Model, ToMany, ToOne
from gameserver.matches.clock import TICK_MS, TickClock
from gameserver.matches.command_log import Commanded, Joined, Left, Passed, read, write
from gameserver.matches.journal import RETRY, Journal
from gameserver.matches.map_files import packed, unpacked
from gameserver.matches.maps import MapLibrary
from gameserver.matches.match import Match
from gameserver.matches.seat import Grace, Receiver, Seat
from gameserver.matches.store import LogLine
from gameserver.matches.thinning import Thinner
from gameserver.testing.game_events import changes
from gameserver.testing.kassel import MemoryMaps, MemoryMatches
from tests.games.catan.playing import map_text


class Log(SynchronousTestCase):
    def test_every_entry_comes_back(self) -> None:
        for entry in (
            Joined(0, Participant("anne", "SE", ("anne", "bob"), "FF6600", visitor=True)),
            Joined(1, Participant("computer1", "computers", computer=True)),
            Left(3),
            Commanded(2, Command("PLACE_CARD", {"neighbor": "Field@1", "rotation": "R90", "ü": '"'})),
            Passed(50),
        ):
            self.assertEqual(read(write(entry)), entry)
            self.assertNotIn("\n", write(entry))

    def test_damage_is_told(self) -> None:
        for line in ("", "[]", "{}", '["dance",1]', '["leave"]', '["join",1,{}]', '["command",1]'):
            with self.assertRaises(ValueError):
                read(line)


class Writing(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.gates: list[Deferred[None]] = []
        self.written: list[list[int]] = []
        self.done: list[int] = []
        self.fails = 0

        class Slow(MemoryMatches):
            async def append(store, lines: Sequence[LogLine]) -> frozenset[int]:
                gate: Deferred[None] = Deferred()
                self.gates.append(gate)
                await gate
                if self.fails:
                    self.fails -= 1
                    raise RuntimeError("no disk")
                self.written.append([line.number for line in lines])
                return frozenset(self.refused)

        self.refused: set[int] = set()
        self.taken: list[int] = []
        self.journal = Journal(Slow(), self.clock, self.taken.append)

    def append(self, number: int) -> None:
        self.journal.append(LogLine(1, number, 0, "x"), lambda: self.done.append(number))

    def test_what_comes_while_it_writes_is_one_transaction(self) -> None:
        for number in range(1, 6):
            self.append(number)
        flushed = ensureDeferred(self.journal.flushed())
        self.gates.pop().callback(None)
        self.assertEqual((self.written, self.done), ([[1]], [1]))
        self.assertFalse(flushed.called)
        self.gates.pop().callback(None)
        self.assertEqual((self.written, self.done), ([[1], [2, 3, 4, 5]], [1, 2, 3, 4, 5]))
        self.assertTrue(flushed.called)

    def test_waiting_ends_though_others_write_on(self) -> None:
        order: list[str] = []

        async def wait(name: str) -> None:
            await self.journal.flushed()
            order.append(name)

        self.append(1)
        ensureDeferred(wait("one"))
        self.append(2)
        ensureDeferred(wait("two"))
        for number in range(3, 6):
            self.gates.pop().callback(None)
            self.append(number)
        self.assertEqual(order, ["one", "two"])
        self.gates.pop().callback(None)
        self.gates.pop().callback(None)
        self.assertEqual(self.done, [1, 2, 3, 4, 5])

    def test_who_waits_again_when_told_is_told_again(self) -> None:
        order: list[int] = []

        async def wait() -> None:
            for number in range(3):
                await self.journal.flushed()
                order.append(number)

        self.append(1)
        waiting = ensureDeferred(wait())
        self.gates.pop().callback(None)
        self.assertEqual(order, [0, 1, 2])
        self.assertTrue(waiting.called)

    def test_a_failed_write_is_tried_again_and_nothing_is_confirmed_before(self) -> None:
        self.fails = 2
        self.append(1)
        for _ in range(2):
            self.gates.pop().callback(None)
            self.assertEqual(self.done, [])
            self.clock.advance(RETRY)
        self.gates.pop().callback(None)
        self.assertEqual(self.done, [1])
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 2)

    def test_what_another_node_has_taken_over_is_never_confirmed(self) -> None:
        self.refused = {1}
        self.append(1)
        self.append(2)
        self.journal.append(LogLine(2, 1, 0, "y"), lambda: self.done.append(-1))
        while self.gates:
            self.gates.pop().callback(None)
        self.assertEqual((self.done, self.taken), ([-1], [1, 1]))

    def test_one_listener_that_fails_does_not_stop_the_others(self) -> None:
        def fails() -> None:
            raise ZeroDivisionError

        self.journal.append(LogLine(1, 1, 0, "x"), fails)
        self.append(2)
        while self.gates:
            self.gates.pop().callback(None)
        self.assertEqual(self.done, [2])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class Spot(Entity):
    things = ToMany["Thing"]("spot", lossy=True)


class Thing(Entity):
    spot = ToOne[Spot]("things", lossy=True)
    health = Attribute(10, lossy=True)
    name = Attribute[str]("")


class Thinning(SynchronousTestCase):
    def test_what_was_and_what_is_nothing_in_between(self) -> None:
        model = Model()
        spots = [Spot(model) for _ in range(4)]
        thing, ghost = Thing(model, spot=spots[0]), Thing(model, spot=spots[3])
        for entity in (*spots, thing, ghost):
            entity.announce()
        model.take()
        thinner = Thinner()
        self.assertFalse(thinner)
        for spot in spots[1:]:
            thing.spot = spot
            thing.health -= 1
        thing.name = "told"
        ghost.health = 9
        ghost.health = 10
        told = thinner.thin(model.take())
        self.assertEqual([item.prop for item in told if isinstance(item, Change)], ["name"])
        settled = changes(thinner.settle())
        self.assertEqual(
            {(c.source, c.prop, c.old, c.new) for c in settled},
            {
                (thing, "spot", spots[0], None),
                (spots[0], "things", thing, None),
                (thing, "spot", None, spots[3]),
                (spots[3], "things", None, thing),
                (thing, "health", 10, 7),
            },
        )
        self.assertTrue(all(change.new is None for change in settled[:2]))
        self.assertFalse(thinner)

    def test_snapshots_are_never_thinned(self) -> None:
        model = Model()
        Thing(model).announce()
        items = model.take()
        self.assertEqual(Thinner().thin(items), items)


class FakeMatch:
    def __init__(self, number: int, fails: bool = False) -> None:
        self.header = type("Header", (), {"id": number})
        self.attended = True
        self.fails = fails
        self.passed: list[int] = []

    @property
    def hosted(self) -> Match:
        """It has all that a clock asks of a match."""
        return cast(Match, self)

    def advance(self, milliseconds: int) -> None:
        self.passed.append(milliseconds)
        if self.fails:
            raise RuntimeError("broken")


class Ticking(SynchronousTestCase):
    def test_one_timer_for_all_and_none_for_nobody(self) -> None:
        clock = Clock()
        ticks = TickClock(clock)
        self.assertEqual(clock.getDelayedCalls(), [])
        matches = [FakeMatch(1), FakeMatch(2, fails=True), FakeMatch(3)]
        for match in matches:
            ticks.add(match.hosted)
        self.assertEqual(len(clock.getDelayedCalls()), 1)
        matches[2].attended = False
        for _ in range(4):
            clock.advance(TICK_MS / 1000)
        self.assertEqual([match.passed for match in matches], [[50] * 4, [50] * 4, []])
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 4)
        for match in matches:
            ticks.discard(match.hosted)
        self.assertEqual(clock.getDelayedCalls(), [])

    def test_a_stall_is_made_up_for_but_not_for_ever(self) -> None:
        clock = Clock()
        ticks = TickClock(clock)
        match = FakeMatch(1)
        ticks.add(match.hosted)
        clock.advance(0.05)
        clock.advance(0.2)
        self.assertEqual(sum(match.passed), 250)
        clock.advance(60)
        # Ten ticks of 50 ms are made up for, the rest of the minute is left out.
        self.assertEqual(sum(match.passed), 250 + 10 * 50)
        self.assertEqual(ticks.missed, 60_000 // 50 - 10)
        ticks.stop()


class Conditions(SynchronousTestCase):
    def test_the_three_kinds(self) -> None:
        standing = Standing([("abbey", 1), ("abbey", 2), ("city", 3), ("city", 3)], [("abbey", 9), ("road", 4)])
        only_cities = Standing([("city", 1), ("city", 2), ("city", 3)], [])
        for sentence, expected in (
            ("You have 2 of your meeples in more than 1 abbey", True),
            ("You have 3 of your meeples in more than 1 abbey", False),
            ("you  have 2 of your meeples in exactly 1 City.", True),
            ("You have 2 of your meeples in less than 1 city", False),
            ("You have all played meeples in more than 2 city", False),
            ("You have received abbey with less than 20 points", True),
            ("You have received abbey with exactly 9 points", True),
            ("You have received road with more than 4 points", False),
            ("You have received meadow with more than 1 points", False),
        ):
            self.assertEqual(parse(sentence).holds(standing), expected, sentence)
        everyone = parse("You have all played meeples in more than 2 city")
        self.assertTrue(everyone.holds(only_cities))
        self.assertFalse(everyone.holds(Standing([], [])))

    def test_what_is_no_condition(self) -> None:
        for sentence in (
            "",
            "You have 0 of your meeples in more than 1 abbey",
            "You have 5 of your meeples in about 1 abbey",
            "You have 5 of your meeples in more than 1 castle",
            "You have received abbey",
        ):
            with self.assertRaises(GameError):
                parse(sentence)


class MapFiles(SynchronousTestCase):
    def test_there_and_back(self) -> None:
        data = packed("map_x", "8;0\n", b"\xff\xd8\xff...")
        self.assertEqual(unpacked("map_x", data, 1000), ("8;0\n", b"\xff\xd8\xff..."))
        self.assertEqual(packed("map_x", "8;0\n", b"\xff\xd8\xff..."), data)
        self.assertEqual(unpacked("map_x", b"\xef\xbb\xbf8;0\n", 1000), ("8;0\n", b""))

    def test_what_is_refused(self) -> None:
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("map_x.map", b"\0" * 1_000_000)
        strange = io.BytesIO()
        with zipfile.ZipFile(strange, "w") as archive:
            archive.writestr("map_x.map", "8;0\n")
            archive.writestr("../evil", "x")
        twice = io.BytesIO()
        with zipfile.ZipFile(twice, "w") as archive, warnings.catch_warnings(action="ignore"):
            archive.writestr("map_x.map", "8;0\n")
            archive.writestr("map_x.map", "9;0\n")
        for data in (
            twice.getvalue(),
            b"PK\x03\x04 broken",
            bomb.getvalue(),
            strange.getvalue(),
            packed("map_y", "8;0\n", b""),
            packed("map_x", "8;0\n", b"no jpeg"),
            b"\xff\xfe",
            b"a\0b",
        ):
            with self.assertRaises(GameError):
                unpacked("map_x", data, 1000)


class Uploads(SynchronousTestCase):
    def test_while_a_map_is_written_nobody_else_uploads_it(self) -> None:
        store = MemoryMaps()
        library = MapLibrary(store, Clock(), installed_kinds(), 10)
        text = map_text("map_balanced")
        written: list[Deferred[None]] = []

        async def put(*_: object) -> None:
            written.append(Deferred())
            await written[-1]

        self.patch(store, "put", put)
        first = ensureDeferred(library.put("catan", "map_x", text, b"", "Red", "anne"))
        second = ensureDeferred(library.put("catan", "map_x", text, b"", "Blue", "eve"))
        self.assertEqual(self.failureResultOf(second, GameError).value.code, "bad_map")
        self.assertEqual(len(written), 1)
        written[0].callback(None)
        self.assertEqual(self.successResultOf(first).owner, "Red")
        again = ensureDeferred(library.put("catan", "map_x", text, b"", "Red", "anne"))
        self.assertIn("VERSION", str(self.failureResultOf(again, GameError).value))


class Waiting(SynchronousTestCase):
    """Grace: a seat waits for its player, from when he was lost last."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.left: list[Seat] = []
        self.grace = Grace(self.clock, 10)
        self.seat = Seat(1, Participant("anne", "SE"))

    def test_who_does_not_come_back_in_time_is_out(self) -> None:
        self.grace.start(self.seat, self.left.append)
        self.clock.advance(9)
        self.assertEqual((self.left, len(self.grace)), ([], 1))
        self.clock.advance(1)
        self.assertEqual((self.left, len(self.grace)), ([self.seat], 0))

    def test_who_is_lost_again_has_all_his_time_again(self) -> None:
        self.grace.start(self.seat, self.left.append)
        self.clock.advance(9)
        self.grace.start(self.seat, self.left.append)
        self.clock.advance(9)
        self.assertEqual(self.left, [])
        self.clock.advance(1)
        self.assertEqual(self.left, [self.seat])

    def test_who_is_back_is_not_put_out_and_a_stop_waits_for_nobody(self) -> None:
        self.grace.start(self.seat, self.left.append)
        self.grace.end(self.seat)
        self.grace.start(self.seat, self.left.append)
        self.seat.receiver = cast(Receiver, object())
        self.clock.advance(10)
        self.grace.start(self.seat, self.left.append)
        self.grace.stop()
        self.assertEqual((self.left, self.clock.getDelayedCalls(), len(self.grace)), ([], [], 0))


class Naming(SynchronousTestCase):
    def test_options_travel_through_the_store(self) -> None:
        options = Options("g", 2, True, "map_x", "8;0\n")
        self.assertEqual(options.map_text, "8;0\n")
