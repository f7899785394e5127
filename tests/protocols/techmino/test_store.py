"""Kept rounds: one contract over memory, SQLite and PostgreSQL."""

from __future__ import annotations

import zlib

import attrs
from twisted.trial.unittest import TestCase

from gameserver.accounts import Account
from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord, RoundStore
from gameserver.matches.techmino_saves import SaveStore
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.database import Database
from gameserver.storage.techmino import DatabaseRounds
from gameserver.storage.techmino_saves import DatabaseSaves
from gameserver.testing.techmino_rounds import MemoryRounds, MemorySaves
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin

STREAM = zlib.compress(b'["EgA=","DAYAJg=="]')


def played(*uids: int, ended_ms: int = 2000) -> RoundRecord:
    """Return a round in which these players have these places, told in another order."""
    players = [
        PlayerRecord(uid, f"p{uid}", place, 10**14 - place, 10**14, STREAM, place > 1)
        for place, uid in enumerate(uids, 1)
    ]
    named, rules = ("AB", "alice's room", "normal"), '{"hurry":1e+99}'
    return RoundRecord(0, *named, 99_999_999, 1000, ended_ms, tuple(players[::-1]), version="ver A-2", rules=rules)


class StoreContract(TestMixin):
    store: RoundStore

    def make_store(self) -> RoundStore:
        raise NotImplementedError

    def setUp(self) -> None:
        self.store = self.make_store()

    async def test_a_round_comes_back_as_it_was_in_the_order_of_places(self) -> None:
        record = played(3, 1, 2)
        number = await self.store.keep_round(record)
        expected = attrs.evolve(record, id=number, players=record.players[::-1])
        self.assertEqual(await self.store.get(number, 1), expected)
        self.assertIsNone(await self.store.get(number, 4), "only for those who were in it")
        self.assertIsNone(await self.store.get(number + 1, 1))

    async def test_a_players_rounds_come_newest_first_without_streams(self) -> None:
        numbers = [await self.store.keep_round(played(*uids)) for uids in ((1, 2), (2, 3), (3, 1), (1,))]
        found = await self.store.rounds_of(1, 0, 10)
        self.assertEqual([record.id for record in found], [numbers[3], numbers[2], numbers[0]])
        self.assertEqual([record.id for record in await self.store.rounds_of(1, 1, 1)], [numbers[2]])
        self.assertEqual({player.stream for record in found for player in record.players}, {b""})
        self.assertEqual([player.username for player in found[1].players], ["p3", "p1"])
        self.assertEqual(await self.store.rounds_of(9, 0, 10), [])

    async def test_old_rounds_are_deleted_with_their_players(self) -> None:
        old, new = [await self.store.keep_round(played(1, ended_ms=at)) for at in (1999, 2000)]
        self.assertEqual(await self.store.delete_before(2000), 1)
        self.assertIsNone(await self.store.get(old, 1))
        self.assertIsNotNone(await self.store.get(new, 1))
        self.assertEqual(await self.store.delete_before(2000), 0)

    async def test_strange_names_and_no_players(self) -> None:
        number = await self.store.keep_round(attrs.evolve(played(1), room="a\0b 𝄞"))
        found = await self.store.get(number, 1)
        assert found is not None
        self.assertIn(found.room, ("a\0b 𝄞", "a b 𝄞"))
        await self.store.keep_round(attrs.evolve(played(), players=()))


class SavesContract(TestMixin):
    """What players keep; ``uid`` is an account's."""

    async def make_saves(self) -> tuple[SaveStore, int]:
        raise NotImplementedError

    async def test_sections_come_back_and_are_replaced_one_by_one(self) -> None:
        saves, uid = await self.make_saves()
        self.assertEqual(await saves.sections_of(uid), {})
        await saves.keep_sections(uid, {number: f"data {number}" for number in range(1, 8)})
        await saves.keep_sections(uid, {3: "x" * 65536})
        await saves.keep_sections(uid, {})
        found = await saves.sections_of(uid)
        self.assertEqual(list(found), [1, 2, 3, 4, 5, 6, 7])
        self.assertEqual((found[2], len(found[3])), ("data 2", 65536))
        self.assertEqual(await saves.sections_of(uid + 1), {})


class MemorySavesTests(SavesContract, TestCase):
    async def make_saves(self) -> tuple[SaveStore, int]:
        return MemorySaves(), 1


class SqliteSavesTests(SavesContract, TestCase):
    async def make_saves(self) -> tuple[SaveStore, int]:
        return await database_saves(open_sqlite(self))


class PostgresqlSavesTests(SavesContract, TestCase):
    async def make_saves(self) -> tuple[SaveStore, int]:
        return await database_saves(open_postgresql(self))


async def database_saves(database: Database) -> tuple[SaveStore, int]:
    account = await DatabaseAccounts(database).insert(Account(0, "anna", None, "player", "SE"), "hash", 1)
    return DatabaseSaves(database), account.id


class MemoryTests(StoreContract, TestCase):
    def make_store(self) -> RoundStore:
        return MemoryRounds()


class SqliteTests(StoreContract, TestCase):
    def make_store(self) -> RoundStore:
        return DatabaseRounds(open_sqlite(self))


class PostgresqlTests(StoreContract, TestCase):
    def make_store(self) -> RoundStore:
        return DatabaseRounds(open_postgresql(self))
