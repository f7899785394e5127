"""Kept rounds: one contract over memory, SQLite and PostgreSQL."""

from __future__ import annotations

import zlib

import attrs
from twisted.trial.unittest import TestCase

from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord, RoundStore
from gameserver.storage.techmino import DatabaseRounds
from gameserver.testing.techmino_rounds import MemoryRounds
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin

STREAM = zlib.compress(b'["EgA=","DAYAJg=="]')


def played(*uids: int, ended_ms: int = 2000) -> RoundRecord:
    """Return a round in which these players have these places, told in another order."""
    players = [
        PlayerRecord(uid, f"p{uid}", place, 10**14 - place, 10**14, STREAM, place > 1)
        for place, uid in enumerate(uids, 1)
    ]
    return RoundRecord(0, "AB", "alice's room", "classic", 99_999_999, 1000, ended_ms, tuple(players[::-1]))


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


class MemoryTests(StoreContract, TestCase):
    def make_store(self) -> RoundStore:
        return MemoryRounds()


class SqliteTests(StoreContract, TestCase):
    def make_store(self) -> RoundStore:
        return DatabaseRounds(open_sqlite(self))


class PostgresqlTests(StoreContract, TestCase):
    def make_store(self) -> RoundStore:
        return DatabaseRounds(open_postgresql(self))
