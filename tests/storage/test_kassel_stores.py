"""One suite for every store of the Kassel protocols: SQLite, PostgreSQL, memory."""

from __future__ import annotations

import time

import attrs
import sqlalchemy as sa
from twisted.trial.unittest import TestCase

from gameserver.errors import Code, GameError
from gameserver.games.api import Options
from gameserver.matches.command_log import Header
from gameserver.matches.store import Achievement, AchievementStore, LogLine, MapStore, MatchStore, StoredMap
from gameserver.storage.database import Database
from gameserver.storage.kassel import DatabaseAchievements, DatabaseMaps
from gameserver.storage.matches import DatabaseMatches
from gameserver.storage.nodes import DatabaseNodes, every_node
from gameserver.storage.schema.kassel import matches
from gameserver.storage.schema.nodes import nodes
from gameserver.testing.kassel import MemoryAchievements, MemoryMaps, MemoryMatches
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin, the


class Suite(TestMixin):
    matches: MatchStore
    maps: MapStore
    achievements: AchievementStore

    async def test_matches(self) -> None:
        store = self.matches
        header = Header(0, "catan", Options("g ü", 3, True, "map_x", "1;DESERT;0;\n"), (1 << 62) - 1, "anne", 5)
        other = attrs.evolve(header, options=attrs.evolve(header.options, name="h"))
        first, second = await store.create(header, 50), await store.create(other, 50)
        self.assertNotEqual(first, second)
        ours = [attrs.evolve(header, id=first), attrs.evolve(other, id=second)]
        lines = [LogLine(first, number, 10 + number, f'["time",{number}]') for number in range(1, 4)]
        self.assertEqual(await store.append([*lines[:2], LogLine(second, 1, 0, "other")]), frozenset())
        self.assertEqual(await store.append([LogLine(first, 2, 99, "again"), lines[2]]), frozenset())
        self.assertEqual(await store.lines(first), lines)
        await store.finish(ours[0], 100, "anne", ["anne", "bob"])
        ours[1:] = await store.take_own()
        self.assertEqual(ours[1:], [attrs.evolve(other, id=second, epoch=1)])
        summary = the(await store.summary(first))
        self.assertEqual((summary.finished_ms, summary.winner, summary.players), (100, "anne", ("anne", "bob")))
        self.assertEqual(await store.recent("catan", 5), [summary])
        self.assertEqual(await store.recent("carcassonne", 5), [])
        await store.finish(ours[1], 200, "", [])
        self.assertEqual([found.header.id for found in await store.recent("catan", 5)], [second, first])
        self.assertEqual(len(await store.recent("catan", 1)), 1)
        self.assertEqual(await store.prune(150), 1)
        self.assertEqual(await store.lines(first), [])
        self.assertIsNone(await store.summary(first))
        await store.discard(ours[1])
        self.assertEqual(await store.recent("catan", 5), [])

    async def test_operators_find_matches_and_see_who_has_them(self) -> None:
        store = self.matches
        numbers = []
        for name in ("Table_1", "table%2", "other"):
            numbers.append(await store.create(Header(0, "catan", Options(name, 2), 1, "anne", 5), 50))
        await store.append([LogLine(numbers[0], number, 10 + number, "x") for number in (1, 2)])
        await store.finish(Header(numbers[1], "catan", Options("table%2", 2), 1, "anne", 5), 9, "bob", ["bob"])
        for text, found in (("TABLE", numbers[1::-1]), ("_1", numbers[:1]), ("e%2", numbers[1:2]), ("nobody", [])):
            self.assertEqual([one.header.id for one in await store.search(text, 5)], found, text)
        self.assertEqual([one.header.id for one in await store.search("table", 1)], [numbers[1]])
        self.assertIn(numbers[2], [one.header.id for one in await store.search(str(numbers[2]), 5)])
        self.assertEqual(await store.search("9" * 30, 5), [])
        held = the(await store.holding(numbers[0]))
        self.assertEqual((held.summary.header.options.name, held.lines, held.last_ms), ("Table_1", 2, 12))
        self.assertTrue(held.owner)
        self.assertEqual((the(await store.holding(numbers[2])).lines, await store.holding(999)), (0, None))

    async def test_a_name_is_one_open_game(self) -> None:
        store = self.matches
        header = Header(0, "catan", Options("g", 3, True, "map_x", ""), 1, "anne", 5)
        first = attrs.evolve(header, id=await store.create(header, 50))
        with self.assertRaises(GameError) as caught:
            await store.create(header, 50)
        self.assertEqual(caught.exception.code, Code.GAME_EXISTS)
        await store.create(attrs.evolve(header, kind="carcassonne"), 50)
        await store.finish(first, 100, "", [])
        await store.create(header, 50)

    async def test_open_games_of_one_creator_are_counted(self) -> None:
        store = self.matches
        header = Header(0, "catan", Options("g", 3), 1, "anne", 5)
        first = attrs.evolve(header, id=await store.create(header, 2))
        await store.create(attrs.evolve(header, kind="carcassonne"), 2)
        another = attrs.evolve(header, options=Options("h", 3))
        with self.assertRaises(GameError) as caught:
            await store.create(another, 2)
        self.assertEqual(caught.exception.code, Code.TOO_MANY_GAMES)
        await store.create(attrs.evolve(another, creator="bob"), 2)
        await store.finish(first, 100, "", [])
        await store.create(attrs.evolve(another, options=Options("i", 3)), 2)

    async def test_an_older_epoch_changes_nothing(self) -> None:
        store = self.matches
        header = Header(0, "catan", Options("g", 3, True, "map_x", ""), 1, "anne", 5)
        old = attrs.evolve(header, id=await store.create(header, 50))
        await store.append([LogLine(old.id, 1, 10, "x")])
        [new] = await store.take_own()
        other = await store.create(attrs.evolve(header, options=Options("h", 3)), 50)
        lines = [LogLine(old.id, 2, 11, "late"), LogLine(other, 1, 11, "in time")]
        self.assertEqual(await store.append(lines), {old.id})
        self.assertEqual(await store.append([LogLine(new.id, 2, 12, "y", new.epoch)]), frozenset())
        await store.finish(old, 100, "anne", ["anne"])
        await store.discard(old)
        self.assertEqual([line.text for line in await store.lines(old.id)], ["x", "y"])
        self.assertEqual(await store.lines(other), lines[1:])
        self.assertIsNone(the(await store.summary(old.id)).finished_ms)

    async def test_lines_of_a_match_that_is_not_kept_any_more_do_not_keep_those_of_others_away(self) -> None:
        store = self.matches
        header = Header(0, "catan", Options("g", 3, True, "map_x", ""), 1, "anne", 5)
        gone = await store.create(header, 50)
        await store.discard(attrs.evolve(header, id=gone))
        there = await store.create(header, 50)
        line = LogLine(there, 1, 10, "x")
        await store.append([LogLine(gone, 1, 10, "lost"), line])
        self.assertEqual((await store.lines(gone), await store.lines(there)), ([], [line]))

    async def test_maps(self) -> None:
        store = self.maps
        self.assertEqual(await store.all(), [])
        stored = StoredMap("creepsmash", "map_x", "SE", 1, "8;0\n", b"\xff\xd8\x00")
        await store.put(stored, "anne", 1)
        await store.put(StoredMap("catan", "map_x", "Red", 3, "x"), "anne", 1)
        await store.put(attrs.evolve(stored, version=2), "bob", 2)
        found = await store.all()
        self.assertEqual(
            [(one.kind, one.version, one.picture, one.picture_bytes, one.size) for one in found],
            [("catan", 3, b"", 0, 1), ("creepsmash", 2, b"", 3, 7)],
        )
        self.assertEqual(await store.picture("creepsmash", "map_x"), b"\xff\xd8\x00")
        self.assertEqual(await store.picture("catan", "map_x"), b"")
        self.assertEqual(await store.picture("catan", "map_y"), b"")
        self.assertEqual(await store.names(), {("catan", "map_x"), ("creepsmash", "map_x")})
        self.assertFalse(await store.remove("catan", "map_y"))
        self.assertTrue(await store.remove("catan", "map_x"))
        self.assertEqual(await store.names(), {("creepsmash", "map_x")})

    async def test_achievements(self) -> None:
        store = self.achievements
        one, two = Achievement("A", "c", "anne", "SE"), Achievement("B", "d", "bob", "Red")
        await store.put(one, 1)
        await store.put(two, 2)
        self.assertEqual(await store.all(), [one, two])
        self.assertFalse(await store.reach("C", "anne", 1, 3))
        self.assertTrue(await store.reach("A", "anne", 1, 3))
        self.assertFalse(await store.reach("A", "anne", 2, 4))
        self.assertEqual(await store.reached("anne"), {"A"})
        await store.put(attrs.evolve(one, condition="e"), 5)
        self.assertEqual(await store.reached("anne"), set())
        self.assertTrue(await store.remove("A"))
        self.assertFalse(await store.remove("A"))


class DatabaseSuite(Suite):
    database: Database

    async def test_a_header_from_before_editions_were_counted_is_of_the_first(self) -> None:
        options = Options("g", 3, True, "map_x", "", 2)
        number = await self.matches.create(Header(0, "catan", options, 1, "anne", 5), 50)
        self.assertEqual([found.options for found in await self.matches.take_own()], [options])
        old = '{"name":"g","max_players":3,"test_game":true,"map_name":"map_x","map_text":""}'
        update = matches.update().where(matches.c.id == number).values(options=old)
        await self.database.run("test", lambda connection: connection.execute(update).rowcount)
        self.assertEqual([found.options for found in await self.matches.take_own()], [attrs.evolve(options, rules=1)])


class Memory(Suite, TestCase):
    def setUp(self) -> None:
        self.matches, self.maps, self.achievements = MemoryMatches(), MemoryMaps(), MemoryAchievements()


class Shared(DatabaseSuite):
    """What several nodes owe each other on one database."""

    def node(self, name: str) -> DatabaseNodes:
        return DatabaseNodes(self.database, name, "1.0", lambda: 7)

    async def test_every_process_resumes_its_own(self) -> None:
        other = DatabaseMatches(self.database, "there")
        number = await other.create(Header(0, "catan", Options("g", 2), 1, "anne", 5), 50)
        self.assertEqual(await self.matches.take_own(), [])
        self.assertEqual([found.id for found in await other.take_own()], [number])
        summary = the(await self.matches.summary(number))
        self.assertEqual(summary.header.options.name, "g")

    async def test_a_match_is_taken_over_when_its_node_is_gone(self) -> None:
        here, there = DatabaseMatches(self.database, "here", 30), DatabaseMatches(self.database, "there", 30)
        number = await there.create(Header(0, "catan", Options("g", 2), 1, "anne", 5), 50)
        await self.node("there").beat()
        with self.assertRaises(GameError) as caught:
            await here.take_over("catan", "g")
        self.assertEqual(caught.exception.code, Code.ELSEWHERE)
        self.assertIsNone(await here.take_over("catan", "other"))
        self.assertIsNone(await here.take_over("carcassonne", "g"))
        # Who is alone takes nothing.
        self.assertIsNone(await DatabaseMatches(self.database, "here").take_over("catan", "g"))
        await self.silent("there")
        taken = the(await here.take_over("catan", "g"))
        self.assertEqual((taken.id, taken.options.name, taken.epoch), (number, "g", 1))
        self.assertIsNone(await here.take_over("catan", "g"))
        self.assertEqual(await there.append([LogLine(number, 1, 0, "late")]), {number})
        self.assertEqual(await there.take_own(), [])
        # A node that was never heard of is gone, too.
        self.assertEqual(the(await there.take_over("catan", "g")).epoch, 2)
        self.assertEqual([found.epoch for found in await there.take_own()], [3])

    async def silent(self, name: str) -> None:
        """Let a node not have been heard of for 31 seconds."""
        heard = nodes.update().where(nodes.c.name == name).values(heard_ms=nodes.c.heard_ms - 31000)
        await self.database.run("test", lambda connection: connection.execute(heard).rowcount)

    async def test_the_matches_of_a_dead_node_are_shared_out(self) -> None:
        stores = {name: DatabaseMatches(self.database, name, 30) for name in ("dead", "one", "two")}
        for name in stores:
            await self.node(name).beat()
        made = [
            await stores["dead"].create(Header(0, "catan", Options(f"g{number}", 2), 1, "anne", 5), 50)
            for number in range(7)
        ]
        await stores["dead"].finish(Header(made[6], "catan", Options("g6", 2), 1, "anne", 5), 9, "", [])
        own = await stores["one"].create(Header(0, "catan", Options("own", 2), 1, "anne", 5), 50)
        self.assertEqual(await stores["one"].take_orphans(), [])
        await self.silent("dead")
        one, two = await stores["one"].take_orphans(), await stores["two"].take_orphans()
        self.assertEqual(sorted(header.id for header in one + two), made[:6])
        self.assertEqual({header.epoch for header in one + two}, {1})
        self.assertEqual((len(one), len(two)), (3, 3))
        for store in stores.values():
            self.assertEqual(await store.take_orphans(), [])
        self.assertEqual(await stores["dead"].append([LogLine(made[0], 1, 0, "late")]), {made[0]})
        self.assertNotIn(own, [header.id for header in one + two])
        # Who is alone takes nothing.
        self.assertEqual(await DatabaseMatches(self.database, "alone").take_orphans(), [])

    async def test_what_is_given_up_goes_to_the_others(self) -> None:
        here, there = DatabaseMatches(self.database, "here", 30), DatabaseMatches(self.database, "there", 30)
        await self.node("here").beat()
        await self.node("there").beat()
        number = await here.create(Header(0, "catan", Options("g", 2), 1, "anne", 5), 50)
        await there.create(Header(0, "catan", Options("h", 2), 1, "anne", 5), 50)
        draining = nodes.update().where(nodes.c.name == "here").values(draining=1)
        await self.database.run("test", lambda connection: connection.execute(draining).rowcount)
        self.assertEqual(await there.take_orphans(), [])
        self.assertEqual(await here.give_up(), 1)
        # Until somebody goes on with it, what is written late is a part of it.
        self.assertEqual(await here.append([LogLine(number, 1, 0, "late")]), frozenset())
        [taken] = await there.take_orphans()
        self.assertEqual((taken.id, taken.epoch, len(await there.lines(number))), (number, 1, 1))
        self.assertEqual(await here.append([LogLine(number, 2, 0, "later")]), {number})
        self.assertEqual(await DatabaseMatches(self.database, "here").give_up(), 0)

    async def test_a_beat_is_by_the_clock_of_the_database(self) -> None:
        beating = self.node("here")
        for _ in range(2):
            await beating.beat()
        rows = await self.database.run("test", lambda connection: connection.execute(sa.select(nodes)).all())
        [row] = rows
        self.assertEqual(row.name, "here")
        self.assertLess(abs(row.heard_ms - time.time() * 1000), 60000)
        await self.node("there").beat()
        number = await self.matches.create(Header(0, "catan", Options("g", 2), 1, "anne", 5), 50)
        found = await self.database.run("test", every_node)
        self.assertEqual(
            {(node.name, node.version, node.sessions, node.matches) for node in found},
            {("here", "1.0", 7, 1), ("there", "1.0", 7, 0)},
            number,
        )
        self.assertTrue(all(0 <= node.silent < 60 and 0 <= node.age < 60 for node in found))


class Sqlite(Shared, TestCase):
    def setUp(self) -> None:
        database = self.database = open_sqlite(self)
        self.matches, self.maps = DatabaseMatches(database, "here"), DatabaseMaps(database)
        self.achievements = DatabaseAchievements(database)


class Postgresql(Shared, TestCase):
    def setUp(self) -> None:
        database = self.database = open_postgresql(self)
        self.matches, self.maps = DatabaseMatches(database, "here"), DatabaseMaps(database)
        self.achievements = DatabaseAchievements(database)
