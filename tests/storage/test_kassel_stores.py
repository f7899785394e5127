"""One suite for every store of the Kassel protocols: SQLite, PostgreSQL, memory."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import TestCase

from gameserver.games.api import Options
from gameserver.matches.command_log import Header
from gameserver.matches.store import Achievement, AchievementStore, LogLine, MapStore, MatchStore, StoredMap
from gameserver.storage.database import Database
from gameserver.storage.kassel import DatabaseAchievements, DatabaseMaps, DatabaseMatches
from gameserver.storage.schema.kassel import matches
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
        first, second = await store.create(header), await store.create(header)
        self.assertNotEqual(first, second)
        self.assertEqual(await store.unfinished(), [attrs.evolve(header, id=number) for number in (first, second)])
        lines = [LogLine(first, number, 10 + number, f'["time",{number}]') for number in range(1, 4)]
        await store.append([*lines[:2], LogLine(second, 1, 0, "other")])
        await store.append([LogLine(first, 2, 99, "again"), lines[2]])
        self.assertEqual(await store.lines(first), lines)
        await store.finish(first, 100, "anne", ["anne", "bob"])
        self.assertEqual([found.id for found in await store.unfinished()], [second])
        summary = the(await store.summary(first))
        self.assertEqual((summary.finished_ms, summary.winner, summary.players), (100, "anne", ("anne", "bob")))
        self.assertEqual(await store.recent("catan", 5), [summary])
        self.assertEqual(await store.recent("carcassonne", 5), [])
        await store.finish(second, 200, "", [])
        self.assertEqual([found.header.id for found in await store.recent("catan", 5)], [second, first])
        self.assertEqual(len(await store.recent("catan", 1)), 1)
        self.assertEqual(await store.prune(150), 1)
        self.assertEqual(await store.lines(first), [])
        self.assertIsNone(await store.summary(first))
        await store.discard(second)
        self.assertEqual(await store.recent("catan", 5), [])

    async def test_lines_of_a_match_that_is_not_kept_any_more_do_not_keep_those_of_others_away(self) -> None:
        store = self.matches
        header = Header(0, "catan", Options("g", 3, True, "map_x", ""), 1, "anne", 5)
        gone, there = await store.create(header), await store.create(header)
        await store.discard(gone)
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
        number = await self.matches.create(Header(0, "catan", options, 1, "anne", 5))
        self.assertEqual([found.options for found in await self.matches.unfinished()], [options])
        old = '{"name":"g","max_players":3,"test_game":true,"map_name":"map_x","map_text":""}'
        update = matches.update().where(matches.c.id == number).values(options=old)
        await self.database.run("test", lambda connection: connection.execute(update).rowcount)
        self.assertEqual(
            [found.options for found in await self.matches.unfinished()], [attrs.evolve(options, rules=1)]
        )


class Memory(Suite, TestCase):
    def setUp(self) -> None:
        self.matches, self.maps, self.achievements = MemoryMatches(), MemoryMaps(), MemoryAchievements()


class Sqlite(DatabaseSuite, TestCase):
    async def test_every_process_resumes_its_own(self) -> None:
        other = DatabaseMatches(self.database, "there")
        number = await other.create(Header(0, "catan", Options("g", 2), 1, "anne", 5))
        self.assertEqual(await self.matches.unfinished(), [])
        self.assertEqual([found.id for found in await other.unfinished()], [number])
        summary = the(await self.matches.summary(number))
        self.assertEqual(summary.header.options.name, "g")

    def setUp(self) -> None:
        database = self.database = open_sqlite(self)
        self.matches, self.maps = DatabaseMatches(database, "here"), DatabaseMaps(database)
        self.achievements = DatabaseAchievements(database)


class Postgresql(DatabaseSuite, TestCase):
    def setUp(self) -> None:
        database = self.database = open_postgresql(self)
        self.matches, self.maps = DatabaseMatches(database, "here"), DatabaseMaps(database)
        self.achievements = DatabaseAchievements(database)
