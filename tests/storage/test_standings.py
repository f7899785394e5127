"""Standings on SQLite and PostgreSQL: old matches too, each counted once, and what others may see of them."""

from __future__ import annotations

import sqlalchemy as sa
from twisted.trial.unittest import TestCase

from gameserver.accounts.account import Account
from gameserver.errors import Code, GameError
from gameserver.games.api import Options, Participant
from gameserver.games.glicko import Rating, rated, rested
from gameserver.matches import standings as domain
from gameserver.matches.command_log import Header, Joined, write
from gameserver.matches.standings import count_all
from gameserver.matches.store import Achievement, LogLine
from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord
from gameserver.storage import standings as storage
from gameserver.storage.accounts import DatabaseAccounts
from gameserver.storage.database import Database
from gameserver.storage.kassel import DatabaseAchievements
from gameserver.storage.matches import DatabaseMatches
from gameserver.storage.standings import DatabaseStandings
from gameserver.storage.techmino import DatabaseRounds
from tests.databases import open_postgresql, open_sqlite
from tests.typed import TestMixin, the

DAY = 86_400_000


class Suite(TestMixin):
    database: Database

    def make(self) -> None:
        self.store = DatabaseStandings(self.database)
        self.matches = DatabaseMatches(self.database, "here")
        self.rounds = DatabaseRounds(self.database)
        self.accounts = DatabaseAccounts(self.database)

    async def account(self, name: str, expires_ms: int | None = None) -> int:
        made = await self.accounts.insert(Account(0, name, None, "player", "Red", expires_ms=expires_ms), "x", 1)
        return made.id

    async def match(self, kind: str, at_ms: int, winner: str, *players: str) -> int:
        """Keep a match that is over; who is called computer… is one."""
        header = Header(0, kind, Options(f"g{at_ms}", 5), 1, "anne", 1)
        number = await self.matches.create(header, 50)
        lines = [
            LogLine(number, seat + 1, 1, write(Joined(seat, Participant(name, "t", computer=name[:8] == "computer"))))
            for seat, name in enumerate(players)
        ]
        await self.matches.append(lines)
        await self.matches.finish(Header(number, kind, header.options, 1, "anne", 1), at_ms, winner, players)
        return number

    async def round(self, at_ms: int, *names: str) -> None:
        players = tuple(PlayerRecord(place, name, place, 0, 9) for place, name in enumerate(names, 1))
        await self.rounds.keep_round(RoundRecord(0, "r", "room", "classic", 1, at_ms - 9, at_ms, players))

    async def test_everything_that_is_over_is_counted_once_in_its_order(self) -> None:
        for name in ("Anne", "bob", "carl"):
            await self.account(name)
        first = await self.match("carcassonne", 1000, "anne", "anne", "bob")
        # Another match ended later although it was made earlier.
        open_match = await self.matches.create(Header(0, "carcassonne", Options("open", 2), 1, "anne", 1), 50)
        await self.match("carcassonne", 1000 + DAY, "bob", "anne", "bob", "carl")
        await self.match("carcassonne", 2000 + DAY, "computer1", "anne", "computer1")
        await self.match("catan", 3000, "", "bob", "anne")
        await self.round(500, "carl", "bob", "anne")
        self.patch(domain, "SLICE", 2)
        self.assertEqual(await count_all(self.store), 5)
        self.assertEqual(await count_all(self.store), 0)
        anne = the(await self.store.profile("ANNE"))
        self.assertEqual((anne.name, anne.team, anne.hidden), ("Anne", "Red", False))
        told = [(one.game, one.played, one.won, one.rated) for one in anne.standings]
        self.assertEqual(told, [("carcassonne", 3, 1, 2), ("catan", 1, 0, 0), ("techmino", 1, 0, 1)])
        # By hand: a win over somebody new, a day of rest, a defeat by the same, who has rested as well.
        one, other = rated(Rating(), [(Rating(), 1.0)]), rated(Rating(), [(Rating(), 0.0)])
        expected = rated(rested(one, 1), [(rested(other, 1), 0.0)])
        found = anne.standings[0].rating
        self.assertTrue(
            abs(found.rating - expected.rating) < 1e-6 and abs(found.deviation - expected.deviation) < 1e-6
        )
        self.assertEqual(anne.standings[1].rating, Rating())
        results = await self.store.results("anne", 10, 0)
        shown = [(one.game, one.place, one.against, one.rating is None) for one in results]
        self.assertEqual(
            shown,
            [
                ("carcassonne", 2, ("anne", "computer1"), True),
                ("carcassonne", 2, ("anne", "bob", "carl"), False),
                ("catan", 0, ("bob", "anne"), True),
                ("carcassonne", 1, ("anne", "bob"), False),
                ("techmino", 3, ("carl", "bob", "anne"), False),
            ],
        )
        self.assertEqual([one.kept for one in results], [True, True, True, True, False])
        self.assertEqual(await self.store.results("anne", 1, 3), results[3:4])
        self.assertEqual(await self.store.games(), ["carcassonne", "techmino"])
        self.assertNotIn(open_match, [one.number for one in results])
        # A match that is pruned leaves the result.
        await self.matches.prune(1001)
        after = await self.store.results("anne", 10, 0)
        self.assertEqual(len(after), len(results))
        (pruned,) = [one for one in after if (one.source, one.number) == ("match", first)]
        self.assertFalse(pruned.kept)

    async def test_leaders_are_sure_and_neither_hidden_nor_test_players(self) -> None:
        accounts = {name: await self.account(name) for name in ("anne", "bob", "carl")}
        await self.account("tempUser0", expires_ms=10**15)
        for at_ms, (winner, loser) in enumerate(
            [("anne", "bob"), ("bob", "carl"), ("tempUser0", "anne"), ("anne", "carl")], 1
        ):
            await self.match("catan", at_ms, winner, winner, loser)
        await count_all(self.store)
        leaders = await self.store.leaders("catan", 10)
        self.assertEqual([one.name for one in leaders], ["anne", "bob", "carl"])
        self.assertEqual(
            [one.rating.surely for one in leaders], sorted((one.rating.surely for one in leaders), reverse=True)
        )
        self.assertEqual(len(await self.store.leaders("catan", 1)), 1)
        await self.store.hide(accounts["anne"], True)
        self.assertEqual([one.name for one in await self.store.leaders("catan", 10)], ["bob", "carl"])
        self.assertTrue(the(await self.store.profile("anne")).hidden)
        await self.store.hide(accounts["anne"], False)
        self.assertFalse(the(await self.store.profile("anne")).hidden)
        self.assertEqual(await self.store.leaders("chess", 10), [])
        self.assertIsNone(await self.store.profile("nobody"))

    async def test_achievements_are_in_the_profile(self) -> None:
        await self.account("anne")
        store = DatabaseAchievements(self.database)
        await store.put(Achievement("rich", "at least 3 points", "bob", "Red"), 1)
        await store.reach("rich", "anne", 1, 77)
        (reached,) = the(await self.store.profile("anne")).reached
        self.assertEqual((reached.name, reached.condition, reached.at_ms), ("rich", "at least 3 points", 77))

    async def test_friends(self) -> None:
        anne, bob, carl = [await self.account(name) for name in ("anne", "Bob", "carl")]
        for friend in (carl, bob, carl):
            await self.store.befriend(anne, friend, True)
        self.assertEqual((await self.store.friends(anne), await self.store.friends(bob)), (["Bob", "carl"], []))
        await self.store.befriend(anne, carl, False)
        self.assertEqual(await self.store.friends(anne), ["Bob"])
        self.patch(storage, "MOST_FRIENDS", 1)
        with self.assertRaises(GameError) as caught:
            await self.store.befriend(anne, carl, True)
        self.assertEqual(caught.exception.code, Code.TOO_MANY_FRIENDS)
        self.assertEqual(await self.store.friends(anne), ["Bob"])

    async def test_what_waits_is_found_by_an_index(self) -> None:
        def plan(connection: sa.Connection) -> str:
            query = (
                "SELECT id FROM matches WHERE counted = 0 AND finished_ms IS NOT NULL ORDER BY finished_ms LIMIT 5"
            )
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
                return str(connection.exec_driver_sql(f"EXPLAIN {query}").all())
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all())

        self.assertIn("ix_matches_uncounted", await self.database.run("plan", plan))


class SqliteTests(Suite, TestCase):
    def setUp(self) -> None:
        self.database = open_sqlite(self)
        self.make()


class PostgresqlTests(Suite, TestCase):
    def setUp(self) -> None:
        self.database = open_postgresql(self)
        self.make()
